# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .disconnect import Disconnect


@define(kw_only=True)
class Faults:
    """What goes wrong on purpose.

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

    connected: bool
    latency_ms: int
    reject_rate: float
    error_rate: float
    lost_reply_rate: float
    slippage_points: int
    disconnects: list[Disconnect]
    seed: int

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            connected=source["connected"],
            latency_ms=source["latency_ms"],
            reject_rate=source["reject_rate"],
            error_rate=source["error_rate"],
            lost_reply_rate=source["lost_reply_rate"],
            slippage_points=source["slippage_points"],
            disconnects=[Disconnect.from_dict(each) for each in source["disconnects"]],
            seed=source["seed"],
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "connected": self.connected,
            "latency_ms": self.latency_ms,
            "reject_rate": self.reject_rate,
            "error_rate": self.error_rate,
            "lost_reply_rate": self.lost_reply_rate,
            "slippage_points": self.slippage_points,
            "disconnects": [each.to_dict() for each in self.disconnects],
            "seed": self.seed,
        }
