# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time
from .notification_kind import NotificationKind


@define(kw_only=True)
class Notification:
    """Something that a person would want to hear of.

    Attributes:
        kind: `order_filled`, `order_expired`, `order_rejected`: what became of a pending order.
            `stop_loss`, `take_profit`: a position was closed by it. `margin_call`: the margin level has
            fallen below the account's `margin_call_level`. `stop_out`: a position was closed or an
            order deleted for want of margin. `connection_lost`, `connection_restored`: to the trading
            server. `key_expiring`: the key of this socket expires within a day. `webhook_disabled`: a
            webhook of the account has taken nothing for a day, or answered 410, and is sent nothing
            more.
        text: A sentence for people; its wording may change.
        ticket: Ticket of the order or position it is about.
        time: Market time; of `key_expiring` and `webhook_disabled` wall time.
    """

    kind: NotificationKind
    text: str
    ticket: int | None
    time: datetime.datetime

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            kind=NotificationKind(source["kind"]),
            text=source["text"],
            ticket=source["ticket"],
            time=datetime.datetime.fromisoformat(source["time"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "kind": self.kind,
            "text": self.text,
            "ticket": self.ticket,
            "time": format_time(self.time),
        }
