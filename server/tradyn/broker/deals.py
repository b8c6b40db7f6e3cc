"""Deals: the only things that change a balance. `balance == Σ deal.amount`, always."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from tradyn.broker.orders import Side
from tradyn.broker.records import record

__all__ = ["TRADE_TYPES", "Deal", "DealEntry", "DealReason", "DealType"]


class DealType(StrEnum):
    """What kind of deal (MetaTrader: `ENUM_DEAL_TYPE`)."""

    BUY = "buy"
    SELL = "sell"
    BALANCE = "balance"
    CORRECTION = "correction"


TRADE_TYPES: Final = {Side.BUY: DealType.BUY, Side.SELL: DealType.SELL}
"""The kind of deal that buys or sells."""


class DealEntry(StrEnum):
    """Whether the deal opened or closed a position (MetaTrader: `ENUM_DEAL_ENTRY`)."""

    IN = "in"
    OUT = "out"
    OUT_BY = "out_by"


class DealReason(StrEnum):
    """Why the deal was done (MetaTrader: `ENUM_DEAL_REASON`)."""

    CLIENT = "client"
    SL = "sl"
    TP = "tp"
    SO = "so"


@record(frozen=True, slots=True, kw_only=True)
class Deal:
    """One deal. Price in points, volume in steps, amounts in minor units of the account's currency."""

    ticket: int
    order: int | None
    position: int | None
    symbol: str | None
    type: DealType
    entry: DealEntry | None
    volume: int | None
    price: int | None
    profit: int
    swap: int
    commission: int
    reason: DealReason
    time: int
    magic: int
    comment: str
    client_order_id: str | None

    @property
    def amount(self) -> int:
        """By how much the deal changed the balance."""
        return self.profit + self.swap + self.commission
