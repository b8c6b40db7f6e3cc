# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .calculation_input import CalculationInput
from .calculation_name import CalculationName
from .conversion_leg import ConversionLeg


@define(kw_only=True)
class Calculation:
    """An amount as it was recorded, and how it comes about.

    Attributes:
        name: What is calculated. Of a deal that closes, `swap` adds the charges that the story has
            (`swap_1`, `swap_2` …) and takes off what earlier deals booked of them (`booked_1` …).
            `margin_level`: the one that led to a stop-out.
        formula: The formula with names. Null where today's specification leads elsewhere.
        expression: The formula with numbers; it evaluates to exactly `result`. Null when `formula`
            is.
        inputs: The names of the formula.
        result: What was recorded, in `currency`; of a `conversion` the rounded rate.
        currency: Currency of the result, ISO 4217; `%` of a `margin_level`.
        path: The pairs of the conversion to the account's currency, in order. Empty where there is
            none.
    """

    name: CalculationName
    formula: str | None
    expression: str | None
    inputs: list[CalculationInput]
    result: float
    currency: str
    path: list[ConversionLeg]

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            name=CalculationName(source["name"]),
            formula=source["formula"],
            expression=source["expression"],
            inputs=[CalculationInput.from_dict(each) for each in source["inputs"]],
            result=source["result"],
            currency=source["currency"],
            path=[ConversionLeg.from_dict(each) for each in source["path"]],
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "name": self.name,
            "formula": self.formula,
            "expression": self.expression,
            "inputs": [each.to_dict() for each in self.inputs],
            "result": self.result,
            "currency": self.currency,
            "path": [each.to_dict() for each in self.path],
        }
