"""Refusals: an outcome with a reason. An exception, by contrast, is a bug.

A refusal carries its code, a sentence for a person, and the numbers behind it for a
program. Its code is one of `tradyn.errors.CODES` with HTTP status 400.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from tradyn.broker.records import record

__all__ = ["Refusal"]


@record(frozen=True, slots=True)
class Refusal:
    """Why the broker did not do what was asked."""

    code: str
    message: str
    facts: Mapping[str, str] = field(default_factory=dict)
