# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .stream_channel import StreamChannel


@define(kw_only=True)
class SubscribedEvent:
    """A subscription that was asked for.

    Attributes:
        event: `subscribed`.
        id: The id of the request, if it had one.
        channel: `ticks`: quotes. `candles`: the candle that is forming, and each that has closed.
            `account`: balance, equity and margin. `positions`, `orders`, `deals`: every change,
            numbered. `notifications`: what a person would want to hear of.
        version: Of an account's channel: later transactions than this follow. Null for ticks,
            candles and account.
    """

    event: str
    id: str | None
    channel: StreamChannel
    version: int | None

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            event=source["event"],
            id=source["id"],
            channel=StreamChannel(source["channel"]),
            version=source["version"],
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "event": self.event,
            "id": self.id,
            "channel": self.channel,
            "version": self.version,
        }
