"""Explanation → JSON, as the contract has it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tradyn.broker.instruments import Instrument
from tradyn.explain import Explanation
from tradyn.explain.explanation import Calculation, Condition, ConversionLeg, Step
from tradyn.wire import decimal_number, number, time_json

__all__ = ["explanation_json"]

Json = dict[str, Any]


def explanation_json(instruments: Mapping[str, Instrument], explanation: Explanation) -> Json:
    """Explanation."""
    now = explanation.now
    return {
        "ticket": explanation.ticket,
        "subject": explanation.subject.value,
        "state": explanation.state.value,
        "order": explanation.order,
        "position": explanation.position,
        "symbol": explanation.symbol,
        "summary": explanation.summary,
        "steps": [_step_json(instruments, each) for each in explanation.steps],
        "steps_omitted": explanation.steps_omitted,
        "now": [] if now is None else [_step_json(instruments, now)],
    }


def _step_json(instruments: Mapping[str, Instrument], step: Step) -> Json:
    quote = step.quote
    return {
        "time": time_json(step.time),
        "event": step.event.value,
        "rule": step.rule.value,
        "fill": None if step.fill is None else step.fill.value,
        "text": step.text,
        "order": step.order,
        "deal": step.deal,
        "opposite": step.opposite,
        "is_asked": step.is_asked,
        "bid": None if quote is None else number(quote.bid, instruments[quote.symbol].digits),
        "ask": None if quote is None else number(quote.ask, instruments[quote.symbol].digits),
        "quote_time": None if quote is None else time_json(quote.time),
        "side": None if step.side is None else step.side.value,
        "price": _optional(step.price),
        "slippage": step.slippage,
        "gap": step.gap,
        "volume": _optional(step.volume),
        "volume_remaining": _optional(step.volume_remaining),
        "profit": _optional(step.profit),
        "swap": _optional(step.swap),
        "commission": _optional(step.commission),
        "conditions": [_condition_json(each) for each in step.conditions],
        "calculations": [_calculation_json(each) for each in step.calculations],
        "notes": list(step.notes),
    }


def _condition_json(condition: Condition) -> Json:
    return {
        "name": condition.name,
        "value": decimal_number(condition.value),
        "relation": condition.relation.value,
        "limit_name": condition.limit_name,
        "limit": decimal_number(condition.limit),
        "holds": condition.holds,
    }


def _calculation_json(calculation: Calculation) -> Json:
    return {
        "name": calculation.name.value,
        "formula": calculation.formula,
        "expression": calculation.expression,
        "inputs": [{"name": each.name, "value": each.value} for each in calculation.inputs],
        "result": decimal_number(calculation.result),
        "currency": calculation.currency,
        "path": [_leg_json(each) for each in calculation.path],
    }


def _leg_json(leg: ConversionLeg) -> Json:
    return {
        "symbol": leg.symbol,
        "side": leg.side.value,
        "inverse": leg.inverse,
        "price": decimal_number(leg.price),
        "rate": leg.rate,
    }


def _optional(value: Decimal | None) -> int | float | None:
    return None if value is None else decimal_number(value)
