"""Positions: what an account holds. A partial close keeps the ticket and the stops."""

from __future__ import annotations

from tradyn.broker.money import Rate
from tradyn.broker.orders import Side
from tradyn.broker.records import record

__all__ = ["Position"]


@record(frozen=True, slots=True, kw_only=True)
class Position:
    """One open position. Prices in points, volume in steps, amounts in minor units.

    `margin_rate` is the conversion from margin to account currency, frozen when the
    position was opened. `commission` has been charged already; `swap` is booked at close.
    `trailing_stop` is the distance in points at which `sl` follows the market.
    """

    ticket: int
    symbol: str
    side: Side
    volume: int
    price_open: int
    sl: int | None
    tp: int | None
    margin_rate: Rate
    swap: int
    commission: int
    time_open: int
    time_update: int
    magic: int
    comment: str
    client_order_id: str | None
    trailing_stop: int | None = None

    @property
    def trail_price(self) -> int | None:
        """The bid of a long (the ask of a short) from which on the trailing stop moves `sl`."""
        if self.trailing_stop is None:
            return None
        sign = self.side.sign
        begins = self.price_open + sign * self.trailing_stop
        if self.sl is None:
            return begins
        # One point further than where it stands now.
        moves = self.sl + sign * (self.trailing_stop + 1)
        return max(begins, moves) if sign > 0 else min(begins, moves)
