"""A request that breaks two rules gets the code of the first, for every pair of rules."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest

from broker.scenery import LOGIN, NOW, Desk, buy, close, instrument, pending
from tradyn.broker.commands import CancelOrder, ClosePosition, Command, ModifyOrder, ModifyPosition
from tradyn.broker.instruments import TradeMode
from tradyn.broker.market import Quote
from tradyn.broker.options import Options
from tradyn.broker.orders import OrderType

# Each rule by its code, in the order of the checks.
PLACING = (
    "UNKNOWN_SYMBOL",
    "TRADE_DISABLED",
    "NO_QUOTES",
    "INVALID_ORDER",
    "INVALID_EXPIRATION",
    "INVALID_VOLUME",
    "LIMIT_VOLUME",
    "INVALID_PRICE",
    "INVALID_STOPS",
    "LIMIT_ORDERS",
    "INSUFFICIENT_MARGIN",
)
TRADING = (
    "UNKNOWN_SYMBOL",
    "TRADE_DISABLED",
    "NO_QUOTES",
    "INVALID_VOLUME",
    "LIMIT_VOLUME",
    "REQUOTE",
    "INVALID_STOPS",
    "INSUFFICIENT_MARGIN",
)
MODIFYING_AN_ORDER = (
    "NOT_FOUND",
    "TRADE_DISABLED",
    "INVALID_EXPIRATION",
    "INVALID_PRICE",
    "INVALID_STOPS",
    "FROZEN",
)
MODIFYING_A_POSITION = ("NOT_FOUND", "TRADE_DISABLED", "INVALID_STOPS", "FROZEN")
CLOSING = ("NOT_FOUND", "TRADE_DISABLED", "INVALID_CLOSE_VOLUME", "REQUOTE", "FROZEN")


def one_or_two(rules: tuple[str, ...]) -> Callable[[Any], Any]:
    broken = [*((each,) for each in rules), *combinations(rules, 2)]
    return pytest.mark.parametrize("broken", broken, ids=" ".join)


def desk_for(broken: tuple[str, ...]) -> Desk:
    """A desk at which a request for 1 lot EURUSD breaks these rules, as far as they are the desk's."""
    desk = Desk(
        instrument(
            "EURUSD",
            trade_mode=TradeMode.DISABLED if "TRADE_DISABLED" in broken else TradeMode.FULL,
            volume_limit="0.5" if "LIMIT_VOLUME" in broken else "0",
        ),
        instrument("GBPUSD"),
        balance=2_000 if "INSUFFICIENT_MARGIN" in broken else 1_000_000,
        options=Options(max_orders=1 if "LIMIT_ORDERS" in broken else 0),
    )
    desk.quote("GBPUSD", "1.30000", "1.30010")
    desk.done(pending("GBPUSD", OrderType.BUY_LIMIT, "0.01", "1.2"))
    if "NO_QUOTES" not in broken:
        desk.quote("EURUSD", "1.10000", "1.10010")
    return desk


@one_or_two(PLACING)
def test_placing_an_order(broken: tuple[str, ...]) -> None:
    desk = desk_for(broken)
    command = pending(
        "NOSUCH" if "UNKNOWN_SYMBOL" in broken else "EURUSD",
        OrderType.BUY if "INVALID_ORDER" in broken else OrderType.BUY_LIMIT,
        "1.001" if "INVALID_VOLUME" in broken else "1",
        "1.2" if "INVALID_PRICE" in broken else "1.09",
        sl="1.5" if "INVALID_STOPS" in broken else None,
        expiration=NOW if "INVALID_EXPIRATION" in broken else None,
    )
    assert desk.refused(command) == broken[0]


@one_or_two(TRADING)
def test_trading_at_the_market(broken: tuple[str, ...]) -> None:
    desk = desk_for(broken)
    command = buy(
        "NOSUCH" if "UNKNOWN_SYMBOL" in broken else "EURUSD",
        "1.001" if "INVALID_VOLUME" in broken else "1",
        sl="1.5" if "INVALID_STOPS" in broken else None,
        deviation=1,
    )
    moved = 2 if "REQUOTE" in broken else 1
    arrival = Quote("EURUSD", 110_000 - moved, 110_010 - moved, desk.now)
    outcome = desk.broker.execute(LOGIN, command, desk.now, arrival=arrival)
    assert outcome.refusal is not None
    assert outcome.refusal.code == broken[0]


@one_or_two(MODIFYING_AN_ORDER)
def test_modifying_an_order(broken: tuple[str, ...]) -> None:
    desk = desk_for(())
    order = desk.done(pending("EURUSD", OrderType.BUY_LIMIT, "1", "1.09900")).order
    desk.tick(109_910, 109_920)
    desk.change(
        "EURUSD",
        freeze_level=20 if "FROZEN" in broken else 19,
        trade_mode=TradeMode.DISABLED if "TRADE_DISABLED" in broken else TradeMode.FULL,
    )
    command = ModifyOrder(
        ticket=99 if "NOT_FOUND" in broken else order.ticket,
        price=Decimal("1.2" if "INVALID_PRICE" in broken else "1.09"),
        sl=Decimal("1.5") if "INVALID_STOPS" in broken else None,
        expiration=NOW if "INVALID_EXPIRATION" in broken else None,
    )
    assert desk.refused(command) == broken[0]


@one_or_two(MODIFYING_A_POSITION)
def test_modifying_a_position(broken: tuple[str, ...]) -> None:
    desk = desk_for(())
    ticket = desk.done(buy("EURUSD", "1", sl="1.09980")).order.ticket
    desk.change(
        "EURUSD",
        freeze_level=20 if "FROZEN" in broken else 19,
        trade_mode=TradeMode.DISABLED if "TRADE_DISABLED" in broken else TradeMode.FULL,
    )
    command = ModifyPosition(
        ticket=99 if "NOT_FOUND" in broken else ticket,
        sl=Decimal("1.5" if "INVALID_STOPS" in broken else "1.09"),
    )
    assert desk.refused(command) == broken[0]


@one_or_two(CLOSING)
def test_closing_a_position(broken: tuple[str, ...]) -> None:
    desk = desk_for(())
    ticket = desk.done(buy("EURUSD", "1", sl="1.09980")).order.ticket
    desk.change(
        "EURUSD",
        freeze_level=20 if "FROZEN" in broken else 19,
        trade_mode=TradeMode.DISABLED if "TRADE_DISABLED" in broken else TradeMode.FULL,
    )
    moved = 2 if "REQUOTE" in broken else 1
    arrival = Quote("EURUSD", 110_000 + moved, 110_010 + moved, desk.now)
    command = close(
        99 if "NOT_FOUND" in broken else ticket,
        "1.01" if "INVALID_CLOSE_VOLUME" in broken else "1",
        deviation=1,
    )
    outcome = desk.broker.execute(LOGIN, command, desk.now, arrival=arrival)
    assert outcome.refusal is not None
    assert outcome.refusal.code == broken[0]


@pytest.mark.parametrize(
    ("mode", "opening_long", "opening_short", "closing"),
    [
        (TradeMode.FULL, None, None, None),
        (TradeMode.LONG_ONLY, None, "LONG_ONLY", None),
        (TradeMode.SHORT_ONLY, "SHORT_ONLY", None, None),
        (TradeMode.CLOSE_ONLY, "CLOSE_ONLY", "CLOSE_ONLY", None),
        (TradeMode.DISABLED, "TRADE_DISABLED", "TRADE_DISABLED", "TRADE_DISABLED"),
    ],
)
def test_trade_modes(
    mode: TradeMode, opening_long: str | None, opening_short: str | None, closing: str | None
) -> None:
    desk = desk_for(())
    ticket = desk.done(buy("EURUSD", "0.1")).order.ticket
    desk.change("EURUSD", trade_mode=mode)

    def code(command: Command) -> str | None:
        refusal = desk.do(command).refusal
        return refusal.code if refusal else None

    assert code(buy("EURUSD", "0.1")) == opening_long
    assert code(pending("EURUSD", OrderType.SELL_LIMIT, "0.1", "1.2")) == opening_short
    assert code(ClosePosition(ticket=ticket)) == closing


def test_a_missing_conversion_rate_is_no_quotes() -> None:
    desk = Desk(instrument("EURGBP"), instrument("EURUSD"), instrument("GBPUSD"))
    desk.quote("EURGBP", "0.85000", "0.85010")
    for _ in range(2):
        assert desk.refused(buy("EURGBP", "0.1")) == "NO_QUOTES"
        desk.quote("EURUSD", "1.10000")  # the margin's rate, but not yet the profit's
    desk.quote("GBPUSD", "1.30000")
    desk.done(buy("EURGBP", "0.1"))


def test_tickets_that_are_not_there() -> None:
    desk = desk_for(())
    for command in (CancelOrder(ticket=99), ClosePosition(ticket=99), ModifyPosition(ticket=99)):
        assert desk.refused(command) == "NOT_FOUND"
