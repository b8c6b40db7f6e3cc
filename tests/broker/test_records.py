"""Records compare and hash by what they hold, and what makes them is told that they are frozen."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, cast

import pytest

from tradyn.broker.records import record
from tradyn.broker.refusals import Refusal
from tradyn.broker.transactions import CloseFailure, Transaction


@record(frozen=True, slots=True, kw_only=True)
class Pair:
    left: int
    right: int = 2


def test_equal_fields_make_equal_records_with_equal_hashes() -> None:
    assert Pair(left=1) == Pair(left=1, right=2)
    assert hash(Pair(left=1)) == hash(Pair(left=1, right=2))
    assert Pair(left=1) != Pair(left=2)
    assert len({Pair(left=1), Pair(left=1), Pair(left=2)}) == 2


def test_they_are_dataclasses_with_slots() -> None:
    assert [each.name for each in fields(Pair)] == ["left", "right"]
    assert replace(Pair(left=1), right=3) == Pair(left=1, right=3)
    assert not hasattr(Pair(left=1), "__dict__")
    with pytest.raises(TypeError):
        cast("Any", Pair)(1, 2)


def test_records_of_different_classes_differ() -> None:
    failure = CloseFailure(1, "A", "b")
    assert cast("Any", failure) != Refusal("A", "b")
    assert hash(Transaction(1, 1, 0, failure)) == hash(Transaction(1, 1, 0, CloseFailure(1, "A", "b")))


def test_whoever_asks_for_a_record_says_that_it_is_frozen() -> None:
    with pytest.raises(TypeError, match="frozen=True"):
        cast("Any", record)(frozen=False, slots=True)
