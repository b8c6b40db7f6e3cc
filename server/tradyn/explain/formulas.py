"""Formulas: a tiny language for amounts, so that a program can check what a person reads.

    formula = [ "-" ] term { ( "+" | "-" ) term }
    term    = factor { ( "*" | "/" ) factor }
    factor  = number | name | "(" formula ")" | "round(" formula ", " digits ")"
    number  = digits [ "." digits ]

Arithmetic is exact, on rational numbers; only `round` rounds, to so many decimal places, half away
from zero. A formula without names is an expression, and evaluates to the one value it has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Final

from tradyn.broker.money import divide

__all__ = ["evaluate", "expand", "names"]

_TOKEN: Final = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([a-z][a-z0-9_]*)|([-+*/(),]))")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_PLAIN: Final = re.compile(r"\d+(\.\d+)?")

Values = Mapping[str, Fraction]
_Node = Callable[[Values], Fraction]


def names(formula: str) -> set[str]:
    """The names that a formula needs values for."""
    return set(_NAME.findall(formula)) - {"round"}


def expand(formula: str, inputs: Mapping[str, str]) -> str:
    """The formula with its inputs in the place of their names; what is more than a number in parentheses."""

    def value(match: re.Match[str]) -> str:
        name = match[0]
        if name == "round":
            return name
        text = inputs[name]
        return text if _PLAIN.fullmatch(text) else f"({text})"

    return _NAME.sub(value, formula)


def evaluate(formula: str, values: Values | None = None) -> Fraction:
    """The exact value of a formula.

    Raises:
        ValueError: it is none.
        KeyError: it has a name without a value.
        ZeroDivisionError: it divides by zero.
    """
    return _parsed(formula)(values or {})


@lru_cache(maxsize=1024)
def _parsed(formula: str) -> _Node:
    return _Parser(formula).parse()


class _Parser:
    """Recursive descent: one method for each line of the grammar."""

    def __init__(self, formula: str) -> None:
        self._formula = formula
        self._tokens: list[str] = []
        at = 0
        while at < len(formula.rstrip()):
            match = _TOKEN.match(formula, at)
            if match is None:
                raise ValueError(f"{formula!r} is no formula: {formula[at:]!r} has no meaning")
            self._tokens.append(match[match.lastindex or 0])
            at = match.end()
        self._tokens.reverse()

    def parse(self) -> _Node:
        node = self._sum()
        if self._tokens:
            raise ValueError(f"{self._formula!r} is no formula: there is {self._tokens[-1]!r} too much")
        return node

    def _sum(self) -> _Node:
        node = _negative(self._product()) if self._skip("-") else self._product()
        while self._tokens and self._tokens[-1] in "+-":
            sign = 1 if self._take() == "+" else -1
            node = _add(node, self._product(), sign)
        return node

    def _product(self) -> _Node:
        node = self._factor()
        while self._tokens and self._tokens[-1] in "*/":
            node = _multiply(node, self._factor()) if self._take() == "*" else _divide(node, self._factor())
        return node

    def _factor(self) -> _Node:
        token = self._take()
        if token == "(":
            node = self._sum()
            self._expect(")")
        elif token == "round":
            self._expect("(")
            rounded = self._sum()
            self._expect(",")
            node = _round(rounded, int(self._take()))
            self._expect(")")
        elif token[0].isdigit():
            node = _number(Fraction(token))
        elif token[0].isalpha():
            node = _named(token)
        else:
            raise ValueError(f"{self._formula!r} is no formula: {token!r} stands in the place of a value")
        return node

    def _skip(self, token: str) -> bool:
        if not self._tokens or self._tokens[-1] != token:
            return False
        self._tokens.pop()
        return True

    def _take(self) -> str:
        if not self._tokens:
            raise ValueError(f"{self._formula!r} is no formula: it ends too early")
        return self._tokens.pop()

    def _expect(self, token: str) -> None:
        if (found := self._take()) != token:
            raise ValueError(f"{self._formula!r} is no formula: {found!r} in the place of {token!r}")


def _number(value: Fraction) -> _Node:
    return lambda _: value


def _named(name: str) -> _Node:
    return lambda values: values[name]


def _negative(node: _Node) -> _Node:
    return lambda values: -node(values)


def _add(left: _Node, right: _Node, sign: int) -> _Node:
    return lambda values: left(values) + sign * right(values)


def _multiply(left: _Node, right: _Node) -> _Node:
    return lambda values: left(values) * right(values)


def _divide(left: _Node, right: _Node) -> _Node:
    return lambda values: left(values) / right(values)


def _round(node: _Node, digits: int) -> _Node:
    scale = 10**digits

    def rounded(values: Values) -> Fraction:
        value = node(values)
        return Fraction(divide(value.numerator * scale, value.denominator), scale)

    return rounded
