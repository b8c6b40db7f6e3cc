# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .stream_channel import StreamChannel
from .timeframe import Timeframe


@define(kw_only=True)
class StreamUnsubscribe:
    """Hear no more of something.

    Attributes:
        op: `unsubscribe`.
        channel: `ticks`: quotes. `candles`: the candle that is forming, and each that has closed.
            `account`: balance, equity and margin. `positions`, `orders`, `deals`: every change,
            numbered. `notifications`: what a person would want to hear of.
        id: Your own name for this request; its answer repeats it. Printable ASCII without spaces.
        symbols: Of `ticks` and `candles`: the symbols. Absent, all.
        timeframe: Length of a candle: minutes (M), hours (H), a day from 00:00 UTC (D1), a week
            (W1), a calendar month (MN1).
    """

    op: str
    channel: StreamChannel
    id: str | None = None
    symbols: list[str] | None = None
    timeframe: Timeframe = Timeframe.H1

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            op=source["op"],
            channel=StreamChannel(source["channel"]),
            id=source.get("id"),
            symbols=list(source["symbols"]) if "symbols" in source else None,
            timeframe=Timeframe(source["timeframe"]) if "timeframe" in source else Timeframe.H1,
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        fields: dict[str, Any] = {
            "op": self.op,
            "channel": self.channel,
            "timeframe": self.timeframe,
        }
        if self.id is not None:
            fields["id"] = self.id
        if self.symbols is not None:
            fields["symbols"] = list(self.symbols)
        return fields
