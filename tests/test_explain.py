"""Explanations: the rule, the side of the quote and the words of every kind of step, and amounts that a
program can check. The evaluator here is what a user would write, and knows nothing of the server's own.
"""

from __future__ import annotations

import ast
import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.scenery import LOGIN, NOW, Desk, buy, close, examples, instrument, pending, sell
from broker.stories import INSTRUMENTS, START, Story
from contract.document_rules import load
from in_process import Terminal, terminal
from tradyn.adapters.journal_sqlite import SqliteJournal
from tradyn.broker.accounts import Account
from tradyn.broker.calendar import DAY_MS
from tradyn.broker.commands import (
    CancelOrder,
    ChangeBalance,
    CloseBy,
    Command,
    ModifyOrder,
    ModifyPosition,
    PlaceOrder,
    ResetAccount,
)
from tradyn.broker.engine import Broker
from tradyn.broker.instruments import CalcMode, CommissionMode, SwapMode
from tradyn.broker.market import Quote
from tradyn.broker.money import Rate
from tradyn.broker.options import LimitFill, Options
from tradyn.broker.orders import OrderType, Side
from tradyn.broker.transactions import PositionOpened, PositionReduced, SwapCharged, Transaction
from tradyn.explain import Explanation, explain
from tradyn.explain.calculations import MOST_CHARGES, Calculations
from tradyn.explain.explanation import Calculation, Step
from tradyn.explain.formulas import evaluate as own_evaluate
from tradyn.ports import Batch

MIDNIGHT = NOW - NOW % DAY_MS + DAY_MS


# ---------------------------------------------------------------------- the user's program


def evaluate(expression: str) -> Fraction:
    """The exact value of an expression: numbers, + - * / ( ), and round, half away from zero."""

    def value(node: Any) -> Fraction:
        match node:
            case ast.Constant():
                return Fraction(ast.get_source_segment(expression, node) or "")
            case ast.UnaryOp(op=ast.USub()):
                return -value(node.operand)
            case ast.BinOp(op=ast.Add()):
                return value(node.left) + value(node.right)
            case ast.BinOp(op=ast.Sub()):
                return value(node.left) - value(node.right)
            case ast.BinOp(op=ast.Mult()):
                return value(node.left) * value(node.right)
            case ast.BinOp(op=ast.Div()):
                return value(node.left) / value(node.right)
            case ast.Call(func=ast.Name(id="round"), args=[inner, ast.Constant(value=int(digits))]):
                shifted = value(inner) * 10**digits
                whole = int(abs(shifted) + Fraction(1, 2))
                return Fraction(whole if shifted > 0 else -whole, 10**digits)
        raise AssertionError(f"{expression}: {ast.dump(node)}")

    return value(ast.parse(expression, mode="eval").body)


def decimal(value: Decimal | float | None) -> Fraction:
    return Fraction(value) if isinstance(value, Decimal) else Fraction(repr(value))


def check_calculation(name: str, formula: str, expression: str, inputs: dict[str, str], result: Any) -> None:
    """The expression is the formula with its inputs, and its value is the result, to the last digit."""
    assert evaluate(expression) == decimal(result), (name, expression, result)
    named = set(re.findall(r"[a-z_][a-z0-9_]*", formula)) - {"round"}
    assert named == set(inputs), formula
    values = {each: evaluate(text) for each, text in inputs.items()}
    spelled = re.sub(r"[a-z_][a-z0-9_]*", lambda m: m[0] if m[0] == "round" else f"({inputs[m[0]]})", formula)
    assert evaluate(spelled) == own_evaluate(formula, values) == evaluate(expression)


def checked(explanation: Explanation) -> Explanation:
    """What must hold of any explanation without notes about a changed specification."""
    now = () if explanation.now is None else (explanation.now,)
    for step in (*explanation.steps, *now):
        assert step.text.endswith("."), step.text
        assert all(condition.holds for condition in step.conditions) or step is explanation.now, step
        amounts = [each for each in step.calculations if each.name != "conversion"]
        results = {each.name: each.result for each in amounts}
        assert len(results) == len(amounts)
        for each in step.calculations:
            assert each.formula is not None and each.expression is not None
            inputs = {one.name: one.value for one in each.inputs}
            check_calculation(each.name, each.formula, each.expression, inputs, each.result)
        for leg in (leg for each in step.calculations for leg in each.path):
            assert evaluate(leg.rate) == (1 / decimal(leg.price) if leg.inverse else decimal(leg.price))
        # What was booked is what was calculated; what has no calculation is nothing.
        for name in ("swap", "commission", "profit"):
            booked = getattr(step, name)
            if name in results:
                assert results[name] == booked, (name, step)
            elif step.deal is not None and step.event != "balance_changed":
                assert not booked, (name, step)
    return explanation


# ---------------------------------------------------------------------- stories through a journal


async def stories(transactions: list[Transaction], *asked: tuple[int, int]) -> list[list[Transaction]]:
    journal = SqliteJournal.open(None)
    try:
        await journal.append(Batch(transactions))
        return [await journal.story(account, ticket) for account, ticket in asked]
    finally:
        journal.close()


def told(desk: Desk, ticket: int) -> Explanation:
    """The explanation of a ticket, by way of a journal."""
    (story,) = asyncio.run(stories(desk.journal, (LOGIN, ticket)))
    assert story, f"no story of {ticket}"
    return checked(explain(desk.broker.market, desk.account, story, ticket, desk.now))


def last(desk: Desk, ticket: int) -> Step:
    return told(desk, ticket).steps[-1]


def only(step: Step, name: str) -> Calculation:
    (found,) = [each for each in step.calculations if each.name == name]
    return found


def eurusd(**changes: Any) -> Desk:
    """EURUSD at 1.08742 / 1.08750, for 10,000 USD."""
    desk = Desk(instrument("EURUSD", **changes))
    desk.quote("EURUSD", "1.08742", "1.08750")
    return desk


# ---------------------------------------------------------------------- opening and closing


def test_a_market_order_and_its_stop_loss_after_a_gap() -> None:
    desk = eurusd()
    ticket = desk.done(buy("EURUSD", "0.5", sl="1.08000", tp="1.09500")).order.ticket
    desk.quote("EURUSD", "1.07995", "1.08003")
    explanation = told(desk, ticket)
    opened, closed = explanation.steps
    assert (explanation.subject, explanation.state) == ("position", "closed")
    assert (opened.event, opened.rule, opened.fill, opened.side) == (
        "position_opened",
        "market_order",
        "side_of_quote",
        "ask",
    )
    assert (opened.price, opened.slippage, opened.gap) == (Decimal("1.08750"), 0, None)
    margin = only(opened, "margin")
    assert margin.expression == "round(0.5 * 100000 / 100 * 1.08750, 2)"
    assert [(each.symbol, each.side) for each in margin.path] == [("EURUSD", "deal")]
    assert (closed.event, closed.rule, closed.fill, closed.side) == (
        "position_closed",
        "stop_loss",
        "gap",
        "bid",
    )
    assert (closed.price, closed.slippage, closed.gap) == (Decimal("1.07995"), 0, 5)
    assert closed.text.startswith(
        "Stop loss of the long reached: bid 1.07995 ≤ sl 1.08000; filled at the tick's bid 1.07995, "
        "5 points below the stop because the market jumped."
    )
    profit = only(closed, "profit")
    assert profit.expression == "round(1.07995 * 100000 * 0.5, 2) - round(1.08750 * 100000 * 0.5, 2)"
    assert profit.result == closed.profit == Decimal("-377.50")
    assert "closed by its stop loss: -377.50 USD in all" in explanation.summary
    assert explanation.now is None


def test_a_stop_loss_that_is_met_exactly_has_no_gap() -> None:
    desk = eurusd()
    ticket = desk.done(sell("EURUSD", "0.5", sl="1.09000")).order.ticket
    desk.quote("EURUSD", "1.08990", "1.09000")
    step = last(desk, ticket)
    assert (step.rule, step.fill, step.side, step.gap) == ("stop_loss", "side_of_quote", "ask", 0)
    assert "ask 1.09000 ≥ sl 1.09000; filled at the tick's ask 1.09000." in step.text


def test_a_take_profit_is_filled_at_its_own_price() -> None:
    desk = eurusd()
    ticket = desk.done(buy("EURUSD", "0.5", tp="1.09000")).order.ticket
    desk.quote("EURUSD", "1.09100", "1.09108")
    step = last(desk, ticket)
    assert (step.rule, step.fill, step.price) == ("take_profit", "own_price", Decimal("1.09"))
    assert (step.slippage, step.gap) == (100, 0)


def test_slippage_is_told_apart_from_the_gap() -> None:
    desk = eurusd()
    ticket = desk.done(buy("EURUSD", "0.5", sl="1.08000")).order.ticket
    done = desk.broker.on_quote(desk.broker.market.quotes["EURUSD"]._replace(bid=107_995), lambda: 3)
    desk.journal += done
    step = last(desk, ticket)
    assert (step.price, step.slippage, step.gap) == (Decimal("1.07992"), 3, 8)
    assert "5 points below the stop because the market jumped, with 3 points of slippage" in step.text


def test_a_partial_close_and_the_tickets_of_its_order_and_deal() -> None:
    desk = eurusd()
    ticket = desk.done(buy("EURUSD", "0.5")).order.ticket
    part = desk.done(close(ticket, "0.2"))
    desk.quote("EURUSD", "1.09000", "1.09008")
    for asked, subject in ((part.order.ticket, "order"), (part.deal.ticket, "deal"), (ticket, "position")):
        explanation = told(desk, asked)
        assert (explanation.subject, explanation.position, explanation.ticket) == (subject, ticket, asked)
        assert [each.is_asked for each in explanation.steps] == [asked == ticket, asked != ticket]
    step = explanation.steps[-1]
    assert (step.event, step.rule) == ("position_reduced", "client_request")
    assert (step.volume, step.volume_remaining) == (Decimal("0.2"), Decimal("0.3"))
    assert "Closed 0.2 of 0.5 lots, 0.3 remain" in step.text
    now = explanation.now
    assert now is not None and (now.event, now.volume) == ("position_now", Decimal("0.3"))
    position = desk.account.positions[ticket]
    assert only(now, "profit").result == Decimal(desk.broker.profit(desk.account, position)).scaleb(-2)
    assert only(now, "margin").result == Decimal(desk.broker.margin(desk.account, position)).scaleb(-2)
    assert explanation.state == "open" and "profit now 75.00 USD" in explanation.summary


def test_a_summary_says_what_is_left_and_what_was_booked() -> None:
    desk = eurusd()
    ticket = desk.done(sell("EURUSD", "0.3")).order.ticket
    assert told(desk, ticket).summary == (
        "Short 0.3 lots of EURUSD from 1.08742, open; profit now -2.40 USD."
    )
    desk.quote("EURUSD", "1.09101", "1.09109")
    desk.done(close(ticket, "0.2"))
    desk.quote("EURUSD", "1.09486", "1.09494")
    assert told(desk, ticket).summary == (
        "Short 0.1 of 0.3 lots of EURUSD from 1.08742, open; 73.40 USD lost on what was closed; "
        "profit now -75.20 USD."
    )
    desk.done(ModifyPosition(ticket=ticket, sl=Decimal("1.09600")))
    desk.quote("EURUSD", "1.09592", "1.09600")
    assert told(desk, ticket).summary == (
        "Short 0.3 lots of EURUSD from 1.08742, closed in 2 parts by the client and by its stop loss: "
        "-159.20 USD in all."
    )


def test_parts_of_one_reason_name_it_once_and_one_lot_is_singular() -> None:
    desk = eurusd()
    ticket = desk.done(buy("EURUSD", "2")).order.ticket
    desk.quote("EURUSD", "1.08751", "1.08759")
    desk.done(close(ticket, "1"))
    explanation = told(desk, ticket)
    assert explanation.summary == (
        "Long 1 of 2 lots of EURUSD from 1.08750, open; 1.00 USD earned on what was closed; "
        "profit now 1.00 USD."
    )
    assert "Closed 1 of 2 lots, 1 remains: profit" in explanation.steps[-1].text
    desk.done(close(ticket))
    explanation = told(desk, ticket)
    assert explanation.summary == (
        "Long 2 lots of EURUSD from 1.08750, closed in 2 parts by the client: 2.00 USD in all."
    )
    assert "Closed 1 lot: profit" in explanation.steps[-1].text
    single = last(desk, desk.done(buy("EURUSD", "1")).order.ticket)
    assert single.text.startswith("Bought 1 lot of EURUSD at 1.08759")


def test_an_open_position_says_what_it_waits_for() -> None:
    desk = eurusd()
    ticket = desk.done(sell("EURUSD", "0.5", sl="1.09000", tp="1.08000")).order.ticket
    desk.done(ModifyPosition(ticket=ticket, trailing_stop=100))
    now = told(desk, ticket).now
    assert now is not None
    assert [(each.name, each.relation.sign, each.limit_name, each.holds) for each in now.conditions] == [
        ("ask", "≥", "sl", False),
        ("ask", "≤", "tp", False),
        ("ask", "≤", "trail_price", False),
    ]
    assert "closes when ask ≥ sl 1.09000 (250 points away) or ask ≤ tp 1.08000 (750 points away)" in now.text


# ---------------------------------------------------------------------- pending orders


@pytest.mark.parametrize(
    ("kind", "price", "bid", "ask", "side", "fill", "filled"),
    [
        (OrderType.BUY_LIMIT, "1.08000", "1.07980", "1.07990", "ask", "own_price", "1.08000"),
        (OrderType.SELL_LIMIT, "1.09000", "1.09020", "1.09028", "bid", "own_price", "1.09000"),
        (OrderType.BUY_STOP, "1.09000", "1.09012", "1.09020", "ask", "gap", "1.09020"),
        (OrderType.SELL_STOP, "1.08000", "1.07975", "1.07983", "bid", "gap", "1.07975"),
        (OrderType.SELL_STOP, "1.08000", "1.08000", "1.08008", "bid", "side_of_quote", "1.08000"),
    ],
)
def test_a_pending_order(
    kind: OrderType, price: str, bid: str, ask: str, side: str, fill: str, filled: str
) -> None:
    desk = eurusd()
    ticket = desk.done(pending("EURUSD", kind, "0.5", price, sl=None)).order.ticket
    waiting = told(desk, ticket)
    assert (waiting.subject, waiting.state, waiting.position) == ("order", "placed", None)
    assert waiting.now is not None
    (condition,) = waiting.now.conditions
    assert (condition.name, condition.limit_name, condition.holds) == (side, "price", False)
    assert waiting.now.text.startswith(f"Fills when {side} {condition.relation.sign} {price}; the {side} is")
    desk.quote("EURUSD", bid, ask)
    explanation = told(desk, ticket)
    placed, opened = explanation.steps
    assert (placed.event, placed.rule, placed.order) == ("order_placed", "client_request", ticket)
    assert (opened.event, opened.rule, opened.side, opened.fill) == (
        "position_opened",
        kind.name.lower(),
        side,
        fill,
    )
    assert opened.price == Decimal(filled)
    assert opened.gap == abs(desk.points("EURUSD", filled) - desk.points("EURUSD", price))
    assert explanation.subject == "position"


def test_a_limit_order_at_a_better_price() -> None:
    desk = Desk(instrument("EURUSD"), options=Options(limit_fill=LimitFill.BETTER))
    desk.quote("EURUSD", "1.08742", "1.08750")
    ticket = desk.done(pending("EURUSD", OrderType.BUY_LIMIT, "0.5", "1.08000")).order.ticket
    desk.quote("EURUSD", "1.07980", "1.07990")
    step = last(desk, ticket)
    assert (step.fill, step.price, step.slippage, step.gap) == ("better_price", Decimal("1.0799"), 0, -10)


def test_a_stop_limit_order() -> None:
    desk = eurusd()
    command = pending(
        "EURUSD", OrderType.BUY_STOP_LIMIT, "0.5", "1.09000", price_stop_limit=Decimal("1.08900")
    )
    ticket = desk.done(command).order.ticket
    now = told(desk, ticket).now
    assert now is not None and now.text.startswith("Becomes a limit order when ask ≥ 1.09000")
    assert now.conditions[0].limit_name == "stop"
    desk.quote("EURUSD", "1.09005", "1.09013")
    step = last(desk, ticket)
    assert (step.event, step.rule, step.side) == ("order_triggered", "buy_stop_limit", "ask")
    assert "ask 1.09013 ≥ stop 1.09000. From here on it is a buy limit at 1.08900" in step.text
    desk.quote("EURUSD", "1.08880", "1.08888")
    assert (last(desk, ticket).rule, last(desk, ticket).fill) == ("buy_limit", "own_price")


def test_changes_of_an_order_and_its_end() -> None:
    desk = eurusd()
    order = replace(
        pending("EURUSD", OrderType.BUY_LIMIT, "0.5", "1.08000", sl="1.07000"), expiration=desk.now + 60_000
    )
    canceled, expired = desk.done(order).order.ticket, desk.done(order).order.ticket
    desk.done(ModifyOrder(ticket=canceled, price=Decimal("1.08100"), sl=None, expiration=None))
    desk.done(CancelOrder(ticket=canceled))
    desk.journal += desk.broker.on_time(desk.now + 90_000)
    _, changed, ended = told(desk, canceled).steps
    assert "the price from 1.08000 to 1.08100 and the sl from 1.07000 to none and the expir" in changed.text
    assert (ended.event, ended.rule) == ("order_canceled", "client_request")
    step = last(desk, expired)
    assert (step.event, step.rule, step.time) == ("order_expired", "expiration", desk.now + 60_000)
    assert told(desk, expired).state == "expired"


def test_an_order_without_margin_is_rejected_and_says_why() -> None:
    desk = eurusd()
    ticket = desk.done(pending("EURUSD", OrderType.BUY_LIMIT, "8", "1.08000")).order.ticket
    desk.done(buy("EURUSD", "5"))
    desk.quote("EURUSD", "1.07980", "1.07990")
    step = last(desk, ticket)
    assert (step.event, step.rule, step.side) == ("order_rejected", "insufficient_margin", "ask")
    assert "ask 1.07990 ≤ price 1.08000; but it was not filled. Insufficient margin: needs" in step.text
    assert told(desk, ticket).state == "rejected"


# ---------------------------------------------------------------------- the life of a position


def test_a_trailing_stop_moves_and_closes() -> None:
    desk = eurusd()
    ticket = desk.done(buy("EURUSD", "0.5")).order.ticket
    desk.done(ModifyPosition(ticket=ticket, trailing_stop=100))
    desk.quote("EURUSD", "1.08900", "1.08908")
    desk.quote("EURUSD", "1.08790", "1.08798")
    _, changed, moved, closed = told(desk, ticket).steps
    assert "the trailing stop from none to 100 points" in changed.text
    assert (moved.event, moved.rule, moved.side) == ("position_modified", "trailing_stop", "bid")
    assert moved.text == (
        "The trailing stop moved the stop loss from none to 1.08800: 100 points behind the bid 1.08900."
    )
    (condition,) = moved.conditions
    assert (condition.limit_name, condition.limit) == ("trail_price", Decimal("1.0885"))
    assert (closed.rule, closed.gap) == ("stop_loss", 10)
    assert closed.notes == ("The trailing stop had moved the stop loss there.",)


@pytest.mark.parametrize(
    ("mode", "expression"),
    [
        (SwapMode.POINTS, "round(round(0.24 * 100000 * 0.00001, 2) * (-8.34) * 1, 2)"),
        (SwapMode.CURRENCY_DEPOSIT, "round(0.24 * (-8.34) * 1, 2)"),
        (SwapMode.CURRENCY_SYMBOL, "round(0.24 * (-8.34) * 1 * 1.08760, 2)"),
        (SwapMode.INTEREST_OPEN, "round(0.24 * 100000 * 1.08750 * (-8.34) / 100 / 360 * 1, 2)"),
        (SwapMode.INTEREST_CURRENT, "round(0.24 * 100000 * 1.08752 * (-8.34) / 100 / 360 * 1, 2)"),
    ],
)
def test_swap_is_charged_and_shared(mode: SwapMode, expression: str) -> None:
    desk = eurusd(swap_mode=mode, swap_long=Decimal("-8.34"), swap_rollover3days="friday")
    ticket = desk.done(buy("EURUSD", "0.24")).order.ticket
    desk.quote("EURUSD", "1.08752", "1.08760")
    desk.journal += desk.broker.on_time(MIDNIGHT)
    charged = last(desk, ticket)
    assert (charged.event, charged.rule, charged.time) == ("swap_charged", "rollover", MIDNIGHT)
    assert only(charged, "swap").expression == expression
    swap = desk.account.positions[ticket].swap
    desk.now = MIDNIGHT
    desk.done(close(ticket, "0.10"))
    share = only(last(desk, ticket), "swap")
    total = f"({Decimal(swap).scaleb(-2)})"
    assert share.expression == f"round({total} * 0.1 / 0.24, 2)"
    desk.done(close(ticket))
    rest = only(last(desk, ticket), "swap")
    assert rest.expression == f"{total} - ({share.result:.2f})"
    assert rest.formula == "swap_1 - booked_1"
    assert rest.result + share.result == Decimal(swap).scaleb(-2)


def charged_daily(count: int, swap: str) -> tuple[Desk, int]:
    """A position that was held until it had so many charges of swap, one for each night of trading."""
    desk = eurusd(swap_mode=SwapMode.CURRENCY_DEPOSIT, swap_long=Decimal(swap), swap_rollover3days="friday")
    ticket = desk.done(buy("EURUSD", "0.3")).order.ticket
    desk.now = MIDNIGHT
    while sum(isinstance(each.event, SwapCharged) for each in desk.journal) < count:
        desk.journal += desk.broker.on_time(desk.now)
        desk.now += DAY_MS
    return desk, ticket


def test_swap_at_a_close_is_the_sum_of_the_charges_less_what_was_booked() -> None:
    desk, ticket = charged_daily(3, "-1.25")
    charges = [each for each in told(desk, ticket).steps if each.event == "swap_charged"]
    gathered = sum(Decimal(each.swap or 0) for each in charges)
    terms = " + ".join(f"({each.swap:.2f})" for each in charges)
    assert len(charges) == 3 and "; charged 0.38 USD." in charges[0].text
    desk.done(close(ticket, "0.1"))
    first = only(last(desk, ticket), "swap")
    assert first.formula == "round((swap_1 + swap_2 + swap_3) * lots_closed / lots, 2)"
    assert first.expression == f"round(({terms}) * 0.1 / 0.3, 2)"
    desk.done(close(ticket, "0.1"))
    second = only(last(desk, ticket), "swap")
    assert second.formula == "round((swap_1 + swap_2 + swap_3 - booked_1) * lots_closed / lots, 2)"
    desk.done(close(ticket))
    third = only(last(desk, ticket), "swap")
    assert third.expression == f"{terms} - ({first.result:.2f}) - ({second.result:.2f})"
    assert first.result + second.result + third.result == gathered


def test_a_credit_of_swap_is_earned() -> None:
    desk, ticket = charged_daily(1, "2")
    assert "; earned 0.60 USD. It is kept on the position" in last(desk, ticket).text
    assert told(desk, ticket).summary.endswith("profit now -2.40 USD, swap 0.60 USD.")


@pytest.mark.parametrize("more", [0, 1])
def test_of_very_many_charges_the_sum_is_told(more: int) -> None:
    desk, ticket = charged_daily(MOST_CHARGES + more, "-1")
    gathered = Decimal(desk.account.positions[ticket].swap).scaleb(-2)
    desk.done(close(ticket))
    step = last(desk, ticket)
    share = only(step, "swap")
    assert share.result == gathered
    if more:
        assert (share.formula, share.expression) == ("swap", f"({gathered})")
        assert step.notes[0].startswith(f"The swap of {gathered} USD is what the position had gathered")
        assert f"({MOST_CHARGES + more} charges, " in step.notes[0]
    else:
        assert len(share.inputs) == MOST_CHARGES and step.notes == ()


def test_commission_in_money_of_another_currency_and_in_percent() -> None:
    pair = instrument(
        "USDJPY", commission_mode=CommissionMode.MONEY, commission=Decimal(4), commission_currency="EUR"
    )
    index = instrument(
        "DE40",
        calc_mode=CalcMode.CFD,
        digits=1,
        contract_size=Decimal(1),
        currency_profit="EUR",
        currency_margin="EUR",
        commission_mode=CommissionMode.PERCENT,
        commission=Decimal("0.05"),
    )
    desk = Desk(pair, index, instrument("EURUSD"), balance=100_000_000)
    desk.quote("EURUSD", "1.08742", "1.08750")
    desk.quote("USDJPY", "150.000", "150.010")
    desk.quote("DE40", "18000.0", "18001.5")
    first = last(desk, desk.done(buy("USDJPY", "0.3")).order.ticket)
    charge = only(first, "commission")
    assert charge.expression == "-round(0.3 * 4 * 1.08750, 2)"
    # 1.2 EUR at 1.08750 are 1.305 USD, rounded away from zero.
    assert charge.result == first.commission == Decimal("-1.31")
    assert [(each.symbol, each.side) for each in charge.path] == [("EURUSD", "ask")]
    second = last(desk, desk.done(buy("DE40", "2")).order.ticket)
    charge = only(second, "commission")
    assert charge.expression == "-round(2 * 1 * 18001.5 * 0.05 / 100 * 1.08750, 2)"


def test_a_close_by() -> None:
    desk = eurusd(commission_mode=CommissionMode.MONEY, commission=Decimal(3))
    long = desk.done(buy("EURUSD", "0.5")).order.ticket
    desk.quote("EURUSD", "1.09000", "1.09008")
    short = desk.done(sell("EURUSD", "0.2")).order.ticket
    outcome = desk.do(CloseBy(ticket=long, opposite=short))
    first, second = [each.event.deal for each in outcome.transactions]
    for ticket, deal, opposite in ((long, first, short), (short, second, long)):
        explanation = told(desk, deal.ticket)
        step = explanation.steps[-1]
        assert (explanation.subject, explanation.position) == ("deal", ticket)
        assert (step.rule, step.fill, step.opposite) == ("close_by", "opposite_price", opposite)
        assert (step.slippage, step.gap) == (None, None)
        assert step.side is None
        assert step.commission == 0
    assert only(last(desk, long), "profit").result == Decimal(first.profit).scaleb(-2) == Decimal("50.00")
    assert [each.name for each in last(desk, short).calculations] == []
    assert f"The whole profit of both stands in the deal of position {long}." in last(desk, short).notes


def test_a_stop_out_deletes_orders_first_and_tells_the_level() -> None:
    desk = Desk(instrument("EURUSD"), balance=150_000)
    desk.quote("EURUSD", "1.08742", "1.08750")
    ticket = desk.done(buy("EURUSD", "1")).order.ticket
    order = desk.done(pending("EURUSD", OrderType.BUY_LIMIT, "0.1", "0.90000")).order.ticket
    desk.quote("EURUSD", "1.07700", "1.07708")
    deleted, closed = last(desk, order), last(desk, ticket)
    assert (deleted.event, deleted.rule) == ("order_canceled", "stop_out")
    assert (closed.event, closed.rule, closed.side) == ("position_closed", "stop_out", "bid")
    for step in (deleted, closed):
        (condition,) = step.conditions
        assert (condition.name, condition.value, condition.relation.sign, condition.limit_name) == (
            "margin_level",
            Decimal("41.38"),
            "<",
            "stop_out_level",
        )
        assert condition.limit == 50
        level = only(step, "margin_level")
        assert level.expression == "round(450.00 / 1087.50 * 100, 2)"
        assert (level.result, level.currency) == (condition.value, "%")
        assert step.notes[0].startswith("Equity is balance + credit + profit and swap of all positions")
    assert "the margin level is equity 450.00 USD / margin 1,087.50 USD = 41.38 %, less than" in closed.text


def test_a_margin_level_is_not_rounded_up_to_the_stop_out_level() -> None:
    """The least loss that is too much: one cent below half of the margin of 100,000.00."""
    level = Calculations(eurusd().broker.market, Account(login=1)).margin_level(4_999_999, 10_000_000)
    assert level.expression == "round(49999.99 / 100000.00 * 100, 5)"
    assert level.result == Decimal("49.99999")


def test_money_in_and_out_and_a_reset() -> None:
    desk = eurusd()
    order = desk.done(pending("EURUSD", OrderType.BUY_LIMIT, "0.5", "1.08000")).order.ticket
    paid = desk.done(ChangeBalance(amount=Decimal("-250.50"), comment="rent")).deal.ticket
    desk.do(ResetAccount())
    explanation = told(desk, paid)
    (step,) = explanation.steps
    assert (explanation.subject, explanation.state, explanation.order) == ("deal", "booked", None)
    assert (step.event, step.rule, step.profit) == ("balance_changed", "withdrawal", Decimal("-250.50"))
    assert explanation.summary == "Withdrawal of 250.50 USD (rent)."
    assert last(desk, order).rule == "reset"
    first = told(desk, 1)
    assert (first.steps[0].rule, first.steps[0].is_asked) == ("deposit", True)


def test_a_balance_below_zero_that_is_made_up_for() -> None:
    desk = Desk(instrument("EURUSD"), balance=150_000, options=Options(negative_balance_compensation=True))
    desk.quote("EURUSD", "1.08742", "1.08750")
    desk.done(buy("EURUSD", "1"))
    done = desk.quote("EURUSD", "1.05000", "1.05008")
    step = last(desk, done[-1].event.deal.ticket)
    assert (step.rule, step.profit) == ("negative_balance_compensation", Decimal("2250.00"))
    assert step.text == (
        "The balance was -2,250.00 USD with nothing open, and the broker made up for it with 2,250.00 USD: "
        "it is 0.00 USD now."
    )


# ---------------------------------------------------------------------- other symbols, other currencies


def test_a_cross_is_converted_through_the_dollar() -> None:
    desk = Desk(instrument("EURJPY"), instrument("USDJPY"), instrument("EURUSD"), balance=10_000_000)
    desk.quote("EURJPY", "131.560", "131.570")
    desk.quote("USDJPY", "107.190", "107.240")
    desk.quote("EURUSD", "1.22700", "1.22710")
    ticket = desk.done(buy("EURJPY", "4")).order.ticket
    desk.quote("EURJPY", "132.160", "132.170")
    desk.done(close(ticket))
    opened, closed = told(desk, ticket).steps
    margin = only(opened, "margin")
    assert margin.expression == "round(4 * 100000 / 100 * 1.22710, 2)"
    assert [(each.symbol, each.side, each.inverse) for each in margin.path] == [("EURUSD", "ask", False)]
    profit = only(closed, "profit")
    # Known answer: 4 lots from 131.57 to 132.16, USDJPY 107.19 / 107.24.
    assert profit.result == Decimal("2201.70")
    assert profit.expression == (
        "round((round(132.160 * 100000 * 4, 0) - round(131.570 * 100000 * 4, 0)) * (1 / 107.190), 2)"
    )
    assert [(each.symbol, each.side, each.inverse, each.rate) for each in profit.path] == [
        ("USDJPY", "bid", True, "1 / 107.190")
    ]
    assert only(closed, "conversion").expression == "round(1 / 107.190, 11)"


def test_two_legs_of_a_conversion_and_the_price_of_the_deal() -> None:
    desk = Desk(instrument("GBPUSD"), instrument("USDJPY"), currency="JPY", balance=100_000_000)
    desk.quote("GBPUSD", "1.30000", "1.30010")
    desk.quote("USDJPY", "149.900", "149.911")
    opened = last(desk, desk.done(buy("GBPUSD", "0.1")).order.ticket)
    margin = only(opened, "margin")
    assert margin.expression == "round(0.1 * 100000 / 100 * (1.30010 * 149.911), 0)"
    assert [(each.symbol, each.side) for each in margin.path] == [("GBPUSD", "deal"), ("USDJPY", "ask")]


def test_the_pair_itself_converts_at_the_deal() -> None:
    desk = Desk(instrument("USDJPY"), balance=100_000_000)
    desk.quote("USDJPY", "144.990", "145.000")
    ticket = desk.done(buy("USDJPY", "1")).order.ticket
    desk.quote("USDJPY", "145.500", "145.510")
    desk.done(close(ticket))
    profit = only(last(desk, ticket), "profit")
    assert profit.result == Decimal("343.64")
    assert [(each.symbol, each.side, each.rate) for each in profit.path] == [
        ("USDJPY", "deal", "1 / 145.500")
    ]


@pytest.mark.parametrize(
    ("changes", "margin", "profit"),
    [
        (
            {"calc_mode": CalcMode.CFD, "margin_rate_buy": Decimal("0.05")},
            "round(2 * 100 * 80.00 * 0.05, 2)",
            "round((81.25 - 80.00) * 100 * 2, 2)",
        ),
        (
            {"calc_mode": CalcMode.CFD_LEVERAGE},
            "round(2 * 100 * 80.00 / 100, 2)",
            "round((81.25 - 80.00) * 100 * 2, 2)",
        ),
        (
            {"calc_mode": CalcMode.FUTURES, "margin_initial": Decimal(900)},
            "round(2 * 900, 2)",
            "round((81.25 - 80.00) * 100 * 2, 2)",
        ),
        (
            {"calc_mode": CalcMode.FOREX_NO_LEVERAGE},
            "round(2 * 100, 2)",
            "round(81.25 * 100 * 2, 2) - round(80.00 * 100 * 2, 2)",
        ),
        (
            {"calc_mode": CalcMode.FOREX, "margin_initial": Decimal(5000)},
            "round(2 * 5000 / 100, 2)",
            "round(81.25 * 100 * 2, 2) - round(80.00 * 100 * 2, 2)",
        ),
    ],
)
def test_every_calc_mode(changes: dict[str, Any], margin: str, profit: str) -> None:
    oil = instrument("OIL", digits=2, contract_size=Decimal(100), currency_margin="USD", **changes)
    desk = Desk(oil, balance=100_000_000)
    desk.quote("OIL", "79.98", "80.00")
    ticket = desk.done(buy("OIL", "2")).order.ticket
    desk.quote("OIL", "81.25", "81.27")
    desk.done(close(ticket))
    opened, closed = told(desk, ticket).steps
    assert only(opened, "margin").expression == margin
    assert only(closed, "profit").expression == profit


# ---------------------------------------------------------------------- what the journal does not say


def test_a_changed_specification_is_said_instead_of_a_false_formula() -> None:
    desk = eurusd()
    ticket = desk.done(buy("EURUSD", "0.5")).order.ticket
    desk.change("EURUSD", margin_initial=Decimal(50_000))
    (story,) = asyncio.run(stories(desk.journal, (LOGIN, ticket)))
    step = explain(desk.broker.market, desk.account, story, ticket, desk.now).steps[0]
    margin = only(step, "margin")
    assert (margin.formula, margin.expression, margin.inputs) == (None, None, ())
    assert margin.result == Decimal(story[0].event.margin).scaleb(-2)
    (note,) = step.notes
    assert "The margin was recorded as 543.75 USD." in note
    assert "as it is today would give 271.88, so it was changed since" in note


def without_paths(transaction: Transaction) -> Transaction:
    """A transaction as it was written before events told their paths."""
    event = transaction.event
    names = {"margin_path": (), "profit_path": (), "commission_path": (), "price_open": None}
    if isinstance(event, SwapCharged):
        names = {"path": ()}
    known = {name: value for name, value in names.items() if hasattr(event, name)}
    return replace(transaction, event=replace(event, **known)) if known else transaction


def test_without_a_path_the_rate_alone_is_told() -> None:
    desk = Desk(instrument("USDJPY"), balance=100_000_000)
    desk.quote("USDJPY", "144.990", "145.000")
    ticket = desk.done(buy("USDJPY", "1")).order.ticket
    desk.quote("USDJPY", "145.500", "145.510")
    desk.done(close(ticket))
    story = [without_paths(each) for each in asyncio.run(stories(desk.journal, (LOGIN, ticket)))[0]]
    closed = checked(explain(desk.broker.market, desk.account, story, ticket, desk.now)).steps[-1]
    profit = only(closed, "profit")
    assert profit.result == Decimal("343.64") and profit.path == ()
    assert dict((each.name, each.value) for each in profit.inputs)["rate"] == "1000 / 145500"
    assert story[1].event.profit_rate == Rate(1000, 145_500)


def test_of_a_very_long_story_changes_in_the_middle_are_left_out() -> None:
    desk = eurusd()
    ticket = desk.done(buy("EURUSD", "0.5")).order.ticket
    for number in range(1_100):
        desk.done(ModifyPosition(ticket=ticket, sl=Decimal(100_000 + number).scaleb(-5)))
        if number == 600:
            desk.done(close(ticket, "0.1"))
    desk.done(close(ticket))
    explanation = told(desk, ticket)
    events = Counter(each.event for each in explanation.steps)
    assert events == {
        "position_opened": 1,
        "position_modified": 998,
        "position_reduced": 1,
        "position_closed": 1,
    }
    assert explanation.steps_omitted == 102


# ---------------------------------------------------------------------- random lives

MODES = tuple(SwapMode)


def charging(seed: Random) -> dict[str, Any]:
    """The instruments of the random lives, with charges that no two have alike."""
    made = {}
    for symbol, each in INSTRUMENTS.items():
        mode = seed.choice((SwapMode.DISABLED, *MODES))
        commission = seed.choice(tuple(CommissionMode))
        made[symbol] = replace(
            each,
            swap_mode=mode,
            swap_long=Decimal(seed.randint(-900, 300)) / 100,
            swap_short=Decimal(seed.randint(-900, 300)) / 100,
            commission_mode=commission,
            commission=Decimal(seed.randint(0, 500))
            / (100 if commission is CommissionMode.MONEY else 10_000),
            commission_currency=seed.choice(("", "USD", "EUR")),
        )
    return made


class Life(Story):
    """A random life with everything a broker charges, stop-limits, trailing stops, close-bys and slippage."""

    def __post_init__(self) -> None:
        super().__post_init__()
        broker = Broker(charging(self.random), Options(limit_fill=self.random.choice(tuple(LimitFill))))
        for quote in self.broker.market.quotes.values():
            broker.on_quote(quote)
        for transaction in self.journal:
            broker.apply(transaction)
        self.broker = broker

    def command(self, account: Account) -> Command:
        dice = self.random
        if account.positions and dice.random() < 0.3:
            position = account.positions[self._ticket(account.positions)]
            other = [
                each.ticket
                for each in account.positions.values()
                if each.symbol == position.symbol and each.side is not position.side
            ]
            if other and dice.random() < 0.8:
                return CloseBy(ticket=position.ticket, opposite=dice.choice(other))
            distance = max(START[position.symbol] // dice.choice((300, 1_000, 5_000)), 1)
            return ModifyPosition(ticket=position.ticket, trailing_stop=distance)
        if dice.random() < 0.2:
            return self._stop_limit(account)
        return super().command(account)

    def _stop_limit(self, account: Account) -> PlaceOrder:
        side = self.random.choice(tuple(Side))
        kind = OrderType.BUY_STOP_LIMIT if side is Side.BUY else OrderType.SELL_STOP_LIMIT
        symbol = self.random.choice(tuple(START))
        quote = self.broker.market.quotes[symbol]
        digits, reach = INSTRUMENTS[symbol].digits, max(quote.bid // 2_000, 1)
        price = (quote.ask if side is Side.BUY else quote.bid) + side.sign * reach
        return PlaceOrder(
            symbol=symbol,
            type=kind,
            volume=Decimal("0.02"),
            price=Decimal(price).scaleb(-digits),
            price_stop_limit=Decimal(price - side.sign * 2 * reach).scaleb(-digits),
        )

    def step(self) -> None:
        if self.random.random() < self.trades:
            account = self.account()
            self.do(account, self.command(account))
        else:
            self.now += self.random.choice((0, 0, 0, DAY_MS // 5))
            slippage = self.random.choice((0, 0, 3))
            self.journal += self.broker.on_quote(self.quote(), lambda: slippage)


def every_ticket(life: Story) -> Iterator[tuple[int, int]]:
    for login, account in life.broker.accounts.items():
        yield from ((login, ticket) for ticket in range(1, account.next_ticket))


Quoted = dict[str, Quote]
Seen = dict[tuple[int, int], Quoted]
"""Account and deal → the quotes of all symbols at that moment."""


def live(seed: int, kind: type[Story], steps: int) -> tuple[Story, Seen, list[tuple[int, Explanation]]]:
    """A life, what was quoted at its deals, and the explanation of every ticket it gave, with its account."""
    life, seen = kind(Random(seed)), Seen()
    for _ in range(steps):
        known = len(life.journal)
        life.step()
        for each in life.journal[known:]:
            if isinstance(each.event, PositionOpened | PositionReduced):
                seen[each.account, each.event.deal.ticket] = dict(life.broker.market.quotes)
    asked = list(every_ticket(life))
    found = asyncio.run(stories(life.journal, *asked))
    return (
        life,
        seen,
        [
            (login, explain(life.broker.market, life.broker.accounts[login], story, ticket, life.now))
            for (login, ticket), story in zip(asked, found, strict=True)
        ],
    )


def check_sides(broker: Broker, quoted: Quoted, step: Step) -> None:
    """Every price of a deal stands where the explanation says: in the quote it names, on that side."""
    instruments = broker.market.instruments
    assert step.quote is not None and step.quote == quoted[step.quote.symbol]
    for leg in (leg for each in step.calculations for leg in each.path):
        quote = quoted[leg.symbol]
        points = {"bid": quote.bid, "ask": quote.ask}.get(leg.side)
        if points is None:
            assert (leg.symbol, leg.price) == (step.quote.symbol, step.price)
        else:
            assert leg.price == Decimal(points).scaleb(-instruments[leg.symbol].digits), (leg, quote)
    if step.side is not None and step.fill in ("side_of_quote", "gap"):
        quote = step.quote
        price = quote.bid if step.side == "bid" else quote.ask
        worse = 1 if step.side == "ask" else -1
        digits = instruments[quote.symbol].digits
        assert step.price == Decimal(price + worse * (step.slippage or 0)).scaleb(-digits)


@pytest.mark.parametrize("kind", [Story, Life])
@examples(12)
@given(seed=st.integers(0, 2**48))
def test_every_expression_is_exactly_what_was_recorded(kind: type[Story], seed: int) -> None:
    life, seen, explanations = live(seed, kind, 250)
    margins, deals, swaps = Counter[Any](), Counter[Any](), Counter[Any]()
    for login, explanation in explanations:
        checked(explanation)
        if explanation.ticket not in (explanation.position, explanation.order):
            continue
        digits = life.broker.accounts[login].digits
        for step in explanation.steps:
            booked = (step.profit, step.swap, step.commission)
            if step.event == "swap_charged":
                swaps[login, step.swap] += 1
            elif step.deal is not None:
                deals[login, step.deal, *booked] += 1
                check_sides(life.broker, seen[login, step.deal], step)
            if step.event == "position_opened":
                margins[
                    login, step.deal, only(step, "margin").result.quantize(Decimal(1).scaleb(-digits))
                ] += 1
    # And nothing is missing: the same amounts, read from the transactions themselves.
    wanted_margins, wanted_deals, wanted_swaps = Counter[Any](), Counter[Any](), Counter[Any]()
    for each in life.journal:
        event, digits = each.event, life.broker.accounts[each.account].digits
        if isinstance(event, SwapCharged):
            wanted_swaps[each.account, Decimal(event.amount).scaleb(-digits)] += 1
        if isinstance(event, PositionOpened):
            wanted_margins[each.account, event.deal.ticket, Decimal(event.margin).scaleb(-digits)] += 1
        if isinstance(event, PositionOpened | PositionReduced):
            deal = event.deal
            amounts = [Decimal(each).scaleb(-digits) for each in (deal.profit, deal.swap, deal.commission)]
            wanted_deals[each.account, deal.ticket, *amounts] += 1
    assert (margins, deals, swaps) == (wanted_margins, wanted_deals, wanted_swaps)


def test_random_lives_meet_every_rule() -> None:
    """The property above is worth something only if it sees what there is to see."""
    met = {
        each.rule.value
        for seed in range(12)
        for _, explanation in live(seed, Life, 400)[2]
        for each in explanation.steps
    }
    assert met >= {
        "market_order",
        "buy_limit",
        "sell_limit",
        "buy_stop",
        "sell_stop",
        "buy_stop_limit",
        "sell_stop_limit",
        "stop_loss",
        "take_profit",
        "trailing_stop",
        "stop_out",
        "close_by",
        "expiration",
        "rollover",
        "deposit",
        "withdrawal",
        "client_request",
    }


# ---------------------------------------------------------------------- formulas


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("1 + 2 * 3", "7"),
        ("-2 * 3 - 4 / 8", "-13/2"),
        ("1 / 2 / 4", "1/8"),
        ("(1 - 0.5) * 2.50", "5/4"),
        ("round(0.125, 2)", "13/100"),
        ("-round(0.125, 2)", "-13/100"),
        ("round(-0.125, 2)", "-13/100"),
        ("round(-2.5, 0) + round(2.5, 0)", "0"),
        ("round(1 / 3, 4)", "3333/10000"),
    ],
)
def test_the_server_and_the_user_calculate_alike(formula: str, value: str) -> None:
    assert own_evaluate(formula) == evaluate(formula) == Fraction(value)


@pytest.mark.parametrize(
    "text", ["", "1 +", "(1", "1)", "1 2", "round(1)", "1 $ 2", "* 2", "round(1, 2", "1e5", ", 1"]
)
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no formula"):
        own_evaluate(text)


def test_examples_of_the_document_calculate_right() -> None:
    document = load()
    count = 0
    for name in ("ExplainedGap", "ExplainedOrder"):
        data = document.components["examples"][name]["value"]["data"]
        for step in (*data["steps"], *data["now"]):
            for each in step["calculations"]:
                inputs = {one["name"]: one["value"] for one in each["inputs"]}
                check_calculation(each["name"], each["formula"], each["expression"], inputs, each["result"])
                count += 1
    assert count == 3
    order = document.components["examples"]["OrderPlaced"]["value"]["data"]
    explained = document.components["examples"]["ExplainedOrder"]["value"]["data"]
    assert (explained["order"], explained["steps"][0]["time"]) == (order["ticket"], order["time_setup"])


# ---------------------------------------------------------------------- over HTTP


async def test_every_ticket_of_an_account_is_explained_over_http() -> None:
    async with terminal() as desk:
        await desk.push("EURUSD", 1.08742, 1.0875)
        await desk.push("USDJPY", 150.0, 150.01)
        await live_over_http(desk)
        explained = {}
        for ticket in range(1, 40):
            envelope = await desk.envelope("GET", f"/api/explain/{ticket}")
            if not envelope["success"]:
                assert envelope["code"] == "NOT_FOUND"
                break
            explained[ticket] = envelope["data"]
        history = (await desk.envelope("GET", "/api/account/history", limit=1000))["data"]
        assert len(explained) >= len(history) + 3
        for data in explained.values():
            for step in (*data["steps"], *data["now"]):
                for each in step["calculations"]:
                    inputs = {one["name"]: one["value"] for one in each["inputs"]}
                    check_calculation(
                        each["name"], each["formula"], each["expression"], inputs, each["result"]
                    )
        for deal in history:
            (step,) = [each for each in explained[deal["ticket"]]["steps"] if each["deal"] == deal["ticket"]]
            assert step["is_asked"]
            assert {name: step[name] for name in ("profit", "swap", "commission", "price", "volume")} == {
                name: deal[name] for name in ("profit", "swap", "commission", "price", "volume")
            }


async def live_over_http(desk: Terminal) -> None:
    stopped = await desk.buy(0.1, sl=1.08)
    await desk.ok("PATCH", f"/api/positions/{stopped['ticket']}", {"tp": 1.12})
    await desk.push("EURUSD", 1.0795, 1.0796)
    other = await desk.buy(0.2, "USDJPY")
    await desk.ok("DELETE", f"/api/positions/{other['ticket']}", volume=0.1)
    body = {"symbol": "EURUSD", "type": 2, "volume": 0.1, "price": 1.05}
    order = await desk.ok("POST", "/api/orders", body)
    await desk.ok("POST", "/api/orders", {**body, "price": 1.04})
    await desk.ok("DELETE", f"/api/orders/{order['ticket']}")


async def test_the_state_now_is_that_of_the_position() -> None:
    async with terminal() as desk:
        await desk.push("EURUSD", 1.08742, 1.0875)
        bought = await desk.buy(0.1, sl=1.08)
        await desk.push("EURUSD", 1.0885, 1.0886)
        position = await desk.ok("GET", f"/api/positions/{bought['ticket']}")
        (now,) = (await desk.ok("GET", f"/api/explain/{bought['ticket']}"))["now"]
        results = {each["name"]: each["result"] for each in now["calculations"]}
        assert (results["profit"], results["margin"]) == (position["profit"], position["margin"])
        assert (now["price"], now["bid"], now["side"]) == (position["price_current"], 1.0885, "bid")


async def test_tickets_of_others_and_of_nobody_are_404() -> None:
    async with terminal() as desk:
        await desk.push("EURUSD", 1.08742, 1.0875)
        ticket = (await desk.buy(0.1))["ticket"]
        other = await desk.ok("POST", "/api/accounts", {"balance": 1000})
        key = {"Authorization": f"Bearer {other['api_key']}"}
        assert (await desk.client.get(f"/api/explain/{ticket}", headers=key)).status_code == 404
        own = (await desk.client.get("/api/explain/1", headers=key)).json()["data"]
        assert own["summary"] == "Deposit of 1,000.00 USD (Initial deposit)."
        assert await desk.code("GET", "/api/explain/1000") == "NOT_FOUND"
        assert await desk.code("GET", "/api/explain/0") == "INVALID_REQUEST"
