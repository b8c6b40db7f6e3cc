# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .stream_channel import StreamChannel


@define(kw_only=True)
class UnsubscribedEvent:
    """A subscription that has ended.

    Attributes:
        event: `unsubscribed`.
        id: The id of the request, if it had one.
        channel: `ticks`: quotes. `candles`: the candle that is forming, and each that has closed.
            `account`: balance, equity and margin. `positions`, `orders`, `deals`: every change,
            numbered. `notifications`: what a person would want to hear of.
    """

    event: str
    id: str | None
    channel: StreamChannel

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            event=source["event"],
            id=source["id"],
            channel=StreamChannel(source["channel"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "event": self.event,
            "id": self.id,
            "channel": self.channel,
        }
