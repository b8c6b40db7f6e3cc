"""schemathesis over every operation with keys of every scope, against the real application on a real port.

What is proven, for each scope and for requests without a key:

* Operations the scope may call: all checks and all four phases (examples, coverage, fuzzing, stateful along
  the document's links). Every answer fits the document, invalid data is refused, valid data is accepted.
* Operations it may not call: 403 (without a key 401), whatever else may be wrong with the request.

What is declared to be no failure stands in `fuzzing/declared.py`. A share of the valid requests is given live
values (`fuzzing/live_values.py`), so that successes and refusals of the broker are both seen; a run in which
an operation never succeeded fails, and one that has not walked every link its key can walk. What was sent and
answered is recorded, and redocly has to count and judge it as we do. `TRADYN_TEST_SOAK=1` goes deeper,
`TRADYN_TEST_SEED` takes another seed; `make fuzz` is the same from outside.
"""

from __future__ import annotations

import copy
import functools
import itertools
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema
from schemathesis.engine.run import PhaseName
from schemathesis.specs.openapi.extra_data_source import OpenApiExtraDataSource
from schemathesis.specs.openapi.schemas import OpenApiSchema

from contract.fuzzing.declared import NO_KEY, operations_of, refusal_of
from contract.fuzzing.hooks import Hooks, forget_own_names
from contract.fuzzing.links import Link, link_of, links_of, neighbours_of
from contract.fuzzing.surroundings import Surroundings, prepare
from contract.redocly import drift
from contract.review_tools import IS_INSTALLED, MISSING
from contract.served import DOCUMENT, ROOT_URL, SCOPES, SEEN, Served, Sightings, served, unpromised
from contract.traffic import Recording, recording

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

SOAK: Final = os.environ.get("TRADYN_TEST_SOAK") == "1"
SEED: Final = int(os.environ.get("TRADYN_TEST_SEED", "20260302"))
_DEPTH, _FOREIGN_DEPTH, _STEPS = (1500, 75, 12_000) if SOAK else (60, 3, 500)
_CONFIG: Final = Path(__file__).parents[2] / "schemathesis.toml"

_SINGLE: Final = frozenset({PhaseName.EXAMPLES, PhaseName.COVERAGE, PhaseName.FUZZING})
_STATEFUL: Final = frozenset({PhaseName.STATEFUL_TESTING})
# Hypothesis ends a state machine that does not repeat itself, and a broker that remembers does not: so it is
# begun again with other seeds, until it has taken enough steps.
_MOST_BEGINNINGS: Final = 2000
_MOST_WALKS, _WALK_DEPTH = 40, 10


class Run(Hooks):
    """One run of schemathesis with one key against one broker; its hooks see every request and answer.

    Attributes:
        links: each (operation, status, name of the link) of the document that was walked.
    """

    def __init__(self, there: Surroundings, scope: str) -> None:
        super().__init__(there, scope)
        self.failures: list[str] = []
        self.cases: Counter[str] = Counter()
        self.phases: dict[PhaseName, set[Status]] = {}
        self.links: set[Link] = set()

    def after_call(
        self,
        context: schemathesis.HookContext,
        case: schemathesis.Case[Any],
        response: schemathesis.Response,
    ) -> None:
        """Judge who was let in as well."""
        if (complaint := self.complaint(case, response)) is not None:
            self.failures.append(complaint)
        super().after_call(context, case, response)

    def execute(self, schema: OpenApiSchema) -> None:
        """Run all phases; what went wrong is in `failures`."""
        with _hooked(self):
            for event in from_schema(schema).execute():
                self._take(event)

    def _take(self, event: events.EngineEvent) -> None:
        match event:
            case events.PhaseFinished(phase=phase, status=status) if phase.is_enabled:
                self.phases.setdefault(phase.name, set()).add(status)
            case events.ScenarioFinished(recorder=recorder, phase=phase):
                self.cases[phase.value] += len(recorder.cases)
                self.links.update(
                    link_of(node.transition.id)
                    for node in recorder.cases.values()
                    if node.transition is not None and node.is_transition_applied
                )
                for case_id, checks in recorder.checks.items():
                    answer = recorder.interactions[case_id].response
                    said = b"" if answer is None else answer.content[:1000]
                    self.failures.extend(
                        f"{check.name}: {info.failure.title}\n{info.failure.message}\n"
                        f"{info.code_sample}\n{said.decode(errors='replace')}"
                        for check in checks
                        if (info := check.failure_info) is not None
                    )
            case events.NonFatalError(value=error, label=label):
                self.failures.append(f"{label}: {error!r}")
            case events.FatalError(exception=error):
                self.failures.append(repr(error))
            case events.EngineFinished(failures=failures):
                self.failures.extend(f"{each.title}\n{each.message}" for each in failures)


def _walk_what_is_left(run: Run, there: Surroundings, scope: str, operations: list[str]) -> None:
    """Chance leaves some links out: their beginnings once more, beside what leads there and on alone."""
    for seed in range(SEED, SEED + _MOST_WALKS):
        for link in sorted(links_of(operations) - run.links):
            if run.failures:
                return
            near = [each for each in operations if each in neighbours_of(link)]
            run.execute(_schema(there, scope, near, _STATEFUL, depth=_WALK_DEPTH, seed=seed))


@contextmanager
def _hooked(run: Run) -> Iterator[None]:
    """For a time the run sees every request: schemathesis has `before_call` for the whole process only."""
    # schemathesis hangs its own things on a hook, and a method has no room for them.
    hooks = [_as_function(each) for each in (run.before_call, run.after_call, run.filter_failure)]
    for each in hooks:
        schemathesis.hook(each)
    try:
        yield
    finally:
        for each in hooks:
            schemathesis.hooks.unregister(each)


def _as_function(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def hook(*arguments: Any) -> Any:
        return method(*arguments)

    return hook


def _schema(
    there: Surroundings,
    scope: str,
    operations: list[str],
    phases: frozenset[PhaseName],
    *,
    depth: int = _DEPTH,
    seed: int = SEED,
    is_told: bool = True,
) -> OpenApiSchema:
    """The document as schemathesis takes it, for some operations with one key."""
    config = SchemathesisConfig.from_path(_CONFIG)
    schema = schemathesis.openapi.from_dict(copy.deepcopy(dict(DOCUMENT.root)), config=config)
    headers = {} if scope == NO_KEY else {"Authorization": f"Bearer {there.past.keys[scope]}"}
    schema.config.update(base_url=there.past.base_url, headers=headers)
    schema.config.seed = seed
    schema.config.generation.update(max_examples=depth)
    for phase in _SINGLE | _STATEFUL:
        schema.config.phases.get_by_name(name=phase.value).enabled = phase in phases
    chosen = schema.include(operation_id=operations)
    assert isinstance(chosen, OpenApiSchema)
    if is_told:
        forget_own_names(chosen)
    return chosen


def _verdict(run: Run, seen: Sightings, phases: frozenset[PhaseName]) -> None:
    print(f"\nseed {SEED}; cases: {dict(run.cases)}; {seen.total()} answers of the operations asked for")
    print(f"refused: {dict(run.refusals.most_common())}")
    if run.failures:
        told = "\n\n".join(run.failures[:10]).encode("utf-8", "backslashreplace").decode()
        pytest.fail(f"{len(run.failures)} failures, seed {SEED}\n\n{told}", pytrace=False)
    tested = {phase: status for phase, status in run.phases.items() if phase in _SINGLE | _STATEFUL}
    assert tested == {phase: {Status.SUCCESS} for phase in phases}
    assert unpromised(seen) == []


def test_every_link_can_be_walked_with_one_key() -> None:
    every = links_of([operation.id for operation in DOCUMENT.operations])
    assert every == set().union(*(links_of(operations_of(scope, own=True)) for scope in SCOPES))


@contextmanager
def _surroundings(broker: Served, scope: str) -> Iterator[Surroundings]:
    with closing(Surroundings(prepare(broker.base_url, broker.world.keys["admin"]), scope)) as there:
        yield there


@pytest.mark.parametrize("scope", [*SCOPES, NO_KEY])
def test_own_operations_keep_the_contract(scope: str, tmp_path: Path) -> None:
    seen: Sightings = Counter()
    operations = operations_of(scope, own=True)
    with (
        recording(tmp_path / "fuzz.har", ROOT_URL) as tape,
        served(seen, SEEN["fuzz"], recording=tape) as broker,
        _surroundings(broker, scope) as there,
    ):
        run = Run(there, scope)
        run.execute(_schema(there, scope, operations, _SINGLE))
        # No link leads from one health check to the other.
        seeds = itertools.count(SEED) if scope != NO_KEY else ()
        for seed in itertools.islice(seeds, _MOST_BEGINNINGS):
            run.execute(_schema(there, scope, operations, _STATEFUL, seed=seed))
            if run.failures or run.cases["stateful"] >= _STEPS:
                break
        _walk_what_is_left(run, there, scope, operations)
    _verdict(run, seen, _SINGLE | _STATEFUL if scope != NO_KEY else _SINGLE)
    assert scope == NO_KEY or run.cases["stateful"] >= _STEPS
    assert links_of(operations) - run.links == set(), "links of the document that were not walked"
    assert [each for each in operations if not seen[each, 200]] == []
    if not IS_INSTALLED:
        pytest.skip(f"all of it was right, and not judged by redocly: {MISSING}")
    _second_opinion(tmp_path / "fuzz.har", tape, seen)


def _second_opinion(traffic: Path, tape: Recording, seen: Sightings) -> None:
    """redocly has seen the same cells, no wrong answer, and no wrong request that was accepted."""
    judged = drift(traffic, DOCUMENT)
    print(f"redocly: {judged.exchanges} exchanges, {judged.totals}")
    assert judged.exchanges == tape.entries
    assert judged.cells == frozenset(seen)
    assert judged.answers == ()
    assert judged.accepted == ()


@pytest.mark.parametrize("scope", [*SCOPES, NO_KEY])
def test_foreign_operations_are_refused(scope: str) -> None:
    seen: Sightings = Counter()
    operations = operations_of(scope, own=False)
    with served(seen, SEEN["fuzz"]) as broker, _surroundings(broker, scope) as there:
        run = Run(there, scope)
        run.execute(_schema(there, scope, operations, _SINGLE, depth=_FOREIGN_DEPTH))
    _verdict(run, seen, _SINGLE)
    assert {status for _, status in seen} == {refusal_of(scope)}
    assert [each for each in operations if not seen[each, refusal_of(scope)]] == []


def test_what_was_seen_in_answers_is_not_sent_as_an_example() -> None:
    order = {"ticket": 1, "client_order_id": None}
    with served() as broker, _surroundings(broker, "full") as there:
        run = Run(there, "full")
        schema = _schema(there, "full", ["placeOrder"], frozenset({PhaseName.EXAMPLES}), is_told=False)
        source = schema.create_extra_data_source()
        assert isinstance(source, OpenApiExtraDataSource)
        source.repository.record_response(
            operation="POST /api/orders", status_code=200, payload={"success": True, "data": order}
        )
        assert source.repository.iter_instances("Order")[-1].data == order
        run.execute(schema)
    assert run.failures == []
    assert run.cases["examples"] > 0
