"""The faults of `make mutants` fit the source and name tests that are there; judging them is not blind.

With `TRADYN_TEST_SOAK=1` all of them are judged.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner

from reliability.mutants import ROOT, Unsound, copied_tree, judge, main, prove_sound
from reliability.seeded_faults import MUTANTS, Mutant

SOAK: Final = os.environ.get("TRADYN_TEST_SOAK") == "1"
BY_NAME: Final = {each.name: each for each in MUTANTS}
QUICK: Final = BY_NAME["margin-off-by-a-cent"]
HARMLESS: Final = replace(
    QUICK,
    name="harmless",
    spoilt=QUICK.sound.replace("return ", "return 0 + "),
)


@pytest.fixture(scope="module")
def tree() -> Iterator[Path]:
    with copied_tree() as found:
        yield found


# ---------------------------------------------------------------------- the mutants


@pytest.mark.parametrize("mutant", MUTANTS, ids=BY_NAME)
def test_a_mutant_fits_the_source(mutant: Mutant) -> None:
    source = (ROOT / mutant.file).read_text()
    # A fault of the syntax would be found by any test.
    assert ast.dump(ast.parse(mutant.applied_to(source))) != ast.dump(ast.parse(source))


@pytest.mark.parametrize("times", [0, 2])
def test_a_text_that_is_not_there_once_is_refused(times: int) -> None:
    with pytest.raises(ValueError, match=rf"margin-off-by-a-cent: .* is {times} times in .*margin\.py"):
        QUICK.applied_to(QUICK.sound * times)


def test_names_are_given_once() -> None:
    assert len(BY_NAME) == len(MUTANTS)


@pytest.mark.parametrize("mutant", MUTANTS, ids=BY_NAME)
def test_its_tests_are_there(mutant: Mutant) -> None:
    assert mutant.tests
    for test in mutant.tests:
        file, name = test.split("::")
        content = ast.parse((ROOT / file).read_text()).body
        functions = [each for each in content if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
        assert [each.name for each in functions].count(name) == 1


# ---------------------------------------------------------------------- the judge


def test_a_fault_is_caught_and_taken_out_again(tree: Path) -> None:
    verdict = judge(QUICK, tree)
    (test,) = QUICK.tests
    assert verdict.caught_by == f"{test}[110050-1101]", verdict.output
    assert (tree / QUICK.file).read_bytes() == (ROOT / QUICK.file).read_bytes()


def test_what_is_no_fault_lives(tree: Path) -> None:
    verdict = judge(HARMLESS, tree)
    assert verdict.caught_by is None
    assert "3 passed" in verdict.output


def test_a_test_that_cannot_be_run_catches_nothing(tree: Path) -> None:
    test = "tests/test_unrunnable.py"
    (tree / test).write_text("def test_unrunnable(what_nobody_has: int) -> None:\n    pass\n")
    verdict = judge(replace(QUICK, tests=(test,)), tree)
    assert verdict.caught_by is None
    assert "1 error" in verdict.output


def test_tests_that_fail_without_a_fault_cannot_judge(tree: Path) -> None:
    test = "tests/test_moody.py"
    (tree / test).write_text("def test_moody() -> None:\n    assert False\n")
    with pytest.raises(Unsound, match=r"must pass before anything is spoilt(.|\n)*test_moody"):
        prove_sound([test], tree)


def test_a_name_that_no_mutant_has() -> None:
    done = CliRunner().invoke(main, ["--only", "nonsense"])
    assert done.exit_code == 1
    assert "No mutant's name contains 'nonsense'; there are: reply-before-commit, " in done.output


@pytest.mark.skipif(not SOAK, reason="takes minutes; TRADYN_TEST_SOAK=1 or make mutants")
def test_all_are_caught() -> None:
    done = CliRunner().invoke(main, [])
    assert done.exit_code == 0, done.output
    assert f"{len(MUTANTS)} of {len(MUTANTS)} caught" in done.output
