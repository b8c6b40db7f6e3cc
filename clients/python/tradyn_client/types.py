"""What the models have in common: `UNSET`, and how times and numbers are written."""

import datetime
from decimal import Decimal
from enum import Enum
from typing import Final, Literal, TypeVar

T = TypeVar("T")


class Unset(Enum):
    """The type of `UNSET`: not given at all, where None says something else."""

    UNSET = "UNSET"

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET


def format_time(moment: datetime.datetime) -> str:
    """A time as the API takes it: RFC 3339 in UTC, `2026-03-02T09:30:00Z`.

    Raises:
        ValueError: It has no time zone, so that it could be any of many moments.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone; give it one, such as tzinfo=datetime.UTC")
    return moment.astimezone(datetime.UTC).replace(tzinfo=None).isoformat() + "Z"


def number(value: Decimal | T) -> float | T:
    """A decimal as the API takes it; whatever else, as it is. The shortest notation of the float is the decimal's."""
    return float(value) if isinstance(value, Decimal) else value


__all__ = ["UNSET", "Unset", "format_time", "number"]
