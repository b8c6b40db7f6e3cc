# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .disconnect import Disconnect


@define(kw_only=True)
class FaultsRequest:
    """What shall go wrong on purpose. What is absent takes its default.

    Attributes:
        connected: Whether the trading server is connected. If not, requests are answered 503.
        latency_ms: How long a request to trade is on its way, in milliseconds of market time; it is
            done at the quote of its arrival. While the clock is manual, the request waits until the
            clock is moved.
        reject_rate: Share of well-formed requests to trade, close, place, change or cancel that are
            refused with 400 `REJECTED`, 0 to 1; a preview is not.
        error_rate: Share of requests that are answered 500, before anything is done; 0 to 1.
        lost_reply_rate: Share of well-formed requests, also reading and refused ones, that are done
            and then not answered: the connection is closed; 0 to 1. At 1 a repetition is lost, too.
        slippage_points: How far market and stop fills move against the client at most, in points.
        disconnects: Times in which the trading server is not connected.
        seed: Seed of all this chance: the same seed and requests give the same faults. Whenever
            faults are set, it begins anew.
    """

    connected: bool = True
    latency_ms: int = 0
    reject_rate: float = 0.0
    error_rate: float = 0.0
    lost_reply_rate: float = 0.0
    slippage_points: int = 0
    disconnects: list[Disconnect] | None = None
    seed: int = 0

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            connected=source.get("connected", True),
            latency_ms=source.get("latency_ms", 0),
            reject_rate=source.get("reject_rate", 0.0),
            error_rate=source.get("error_rate", 0.0),
            lost_reply_rate=source.get("lost_reply_rate", 0.0),
            slippage_points=source.get("slippage_points", 0),
            disconnects=[Disconnect.from_dict(each) for each in source["disconnects"]]
            if "disconnects" in source
            else None,
            seed=source.get("seed", 0),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        fields: dict[str, Any] = {
            "connected": self.connected,
            "latency_ms": self.latency_ms,
            "reject_rate": self.reject_rate,
            "error_rate": self.error_rate,
            "lost_reply_rate": self.lost_reply_rate,
            "slippage_points": self.slippage_points,
            "seed": self.seed,
        }
        if self.disconnects is not None:
            fields["disconnects"] = [each.to_dict() for each in self.disconnects]
        return fields
