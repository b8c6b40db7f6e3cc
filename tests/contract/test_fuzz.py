"""schemathesis over every operation with keys of every scope, against the real application on a real port.

What is proven, for each scope and for requests without a key:

* Operations the scope may call: all checks and all four phases (examples, coverage, fuzzing, stateful along
  the document's links). Every answer fits the document, invalid data is refused, valid data is accepted.
* Operations it may not call: 403 (without a key 401), whatever else may be wrong with the request.

Two exceptions are declared, and `_is_declared` is all of them. A share of the valid requests is given live
values (`live_values.py`), so that successes and refusals of the broker are both seen; a run in which an
operation never succeeded fails. `TRADYN_TEST_SOAK=1` goes deeper, `TRADYN_TEST_SEED` takes another seed.
"""

from __future__ import annotations

import copy
import functools
import itertools
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.engine import Status, events, from_schema
from schemathesis.engine.run import PhaseName
from schemathesis.generation.meta import TestPhase
from schemathesis.openapi.checks import RejectedPositiveData, UseAfterFree
from schemathesis.specs.openapi.extra_data_source import OpenApiExtraDataSource
from schemathesis.specs.openapi.schemas import OpenApiSchema

from contract.live_values import LiveValues
from contract.served import DOCUMENT, SCOPES, SEEN, Served, Sightings, scopes_of, served, unpromised
from tradyn.broker.commands import ChangeBalance
from tradyn.broker.orders import Side
from tradyn.clock import ClockMode
from tradyn.errors import ApiError
from tradyn.faults import FaultSettings

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

SOAK: Final = os.environ.get("TRADYN_TEST_SOAK") == "1"
SEED: Final = int(os.environ.get("TRADYN_TEST_SEED", "20260302"))
_DEPTH, _FOREIGN_DEPTH, _STEPS = (1500, 75, 12_000) if SOAK else (60, 3, 500)
_CONFIG: Final = Path(__file__).parents[2] / "schemathesis.toml"
_NO_KEY: Final = "none"

# Where the broker may refuse what is well-formed: trading, and whatever a request names beside its path.
MAY_REFUSE: Final = frozenset(
    {
        "getAccountHistory",
        "getStatistics",
        "listPositions",
        "modifyPosition",
        "closePosition",
        "listOrders",
        "placeOrder",
        "modifyOrder",
        "cancelOrder",
        "trade",
        "closeAll",
        "closeBy",
        "createKey",
        "rotateKey",
        "listAccounts",
        "changeBalance",
        "updateClock",
        "advanceClock",
        "pushQuotes",
        "setFaults",
    }
)
# A full key that names another account in them is answered 403.
NAME_ACCOUNTS: Final = frozenset({"createKey", "listKeys"})
# What these free can be read afterwards: an order as it ended, a position of which a part was closed.
READABLE_AFTERWARDS: Final = ("DELETE /api/orders/{ticket}", "DELETE /api/positions/{ticket}")

_SINGLE: Final = frozenset({PhaseName.EXAMPLES, PhaseName.COVERAGE, PhaseName.FUZZING})
_STATEFUL: Final = frozenset({PhaseName.STATEFUL_TESTING})
# Hypothesis ends a state machine that does not repeat itself, and a broker that remembers does not: so it is
# begun again with other seeds, until it has taken enough steps.
_MOST_BEGINNINGS: Final = 2000


def _is_declared(failure: Failure, operation_id: str | None, answer: Any) -> bool:
    """The declared exceptions: a refusal of valid data by the broker, and what is freed but readable."""
    if isinstance(failure, RejectedPositiveData):
        return (
            failure.status_code == 400
            and operation_id in MAY_REFUSE
            and answer.get("code") not in (None, "INVALID_REQUEST")
        )
    return isinstance(failure, UseAfterFree) and failure.operation in READABLE_AFTERWARDS


class Run:
    """One run of schemathesis with one key against one broker; its hooks see every request and answer."""

    def __init__(self, broker: Served, scope: str) -> None:
        self._broker = broker
        self._world = broker.world
        self._scope = scope
        self._key = self._world.keys.get(scope)
        self._own = frozenset(_operations(scope, own=True))
        keys = self._world.server.access.keys(None)
        self._protected = frozenset(each.key_id for each in keys) - self._spare()
        self._values = LiveValues(self._world, scope, self._protected)
        self.failures: list[str] = []
        self.refusals: Counter[str] = Counter()
        self.cases: Counter[str] = Counter()
        self.phases: dict[PhaseName, set[Status]] = {}

    def _spare(self) -> frozenset[str]:
        return frozenset((*self._world.spare_key_ids.values(), self._world.foreign_key_id))

    # ------------------------------------------------------------------ hooks

    def before_call(
        self, _context: schemathesis.HookContext, case: schemathesis.Case[Any], _kwargs: dict[str, Any]
    ) -> None:
        """Give the request live values, and keep it from revoking the key it comes with."""
        operation_id = case.operation.definition.raw["operationId"]
        meta = case.meta
        dice = None
        if meta is not None and meta.generation.mode.is_positive:
            dice = self._values.chosen(operation_id, case.path_parameters, case.query, case.body)
        if dice is not None and meta is not None:
            # In the stateful phase the document's links say what path and query name.
            if meta.phase.name != TestPhase.STATEFUL:
                self._values.path(operation_id, case.path_parameters, dice)
                self._values.query(case.query, dice)
            if isinstance(case.body, dict):
                self._values.body(operation_id, case.body, dice)
        if case.path_parameters.get("key_id") in self._protected:
            case.path_parameters["key_id"] = self._values.spare_key_id(Random(0))

    def after_call(
        self,
        _context: schemathesis.HookContext,
        case: schemathesis.Case[Any],
        response: schemathesis.Response,
    ) -> None:
        """Notice an own key that is refused, and undo what would spoil other requests."""
        operation_id = case.operation.definition.raw["operationId"]
        is_ours = response.request.headers.get("Authorization") == f"Bearer {self._key}"
        if is_ours and response.status_code == 403 and operation_id in self._own - NAME_ACCOUNTS:
            self.failures.append(f"{operation_id} refuses a key of scope {self._scope}: {response.text}")
        self._tidy_up()

    def _tidy_up(self) -> None:
        """Nothing that is left may spoil other requests: faults, a running clock, an empty account."""
        server = self._world.server
        account = server.desk.broker.accounts[self._world.login]
        is_spoilt = (
            server.desk.faults.settings != FaultSettings()
            or server.market.clock.mode is not ClockMode.MANUAL
            or len(account.positions) < 2
            or len(account.orders) < 2
            or not self._values.has_opposites()
            or account.balance < 100_000
            or len(server.access.keys(self._world.login)) < 2
        )
        if is_spoilt:
            self._broker.run(self._mend())

    async def _mend(self) -> None:
        world, server = self._world, self._world.server
        server.desk.faults.set(FaultSettings())
        if server.market.clock.mode is not ClockMode.MANUAL:
            await server.market.set_clock(ClockMode.MANUAL, Decimal(1), None)
        account = server.desk.broker.accounts[world.login]
        if account.balance < 100_000:
            deposit = ChangeBalance(amount=Decimal(10_000), comment="", client_order_id=None)
            await server.desk.execute(world.login, deposit, "test")
        try:
            if len(account.positions) < 2:
                await world.open_position(world.login)
            if not self._values.has_opposites():
                await world.open_position(world.login, side=Side.BUY)
                await world.open_position(world.login, side=Side.SELL)
            if len(account.orders) < 2:
                await world.place_order(world.login)
        except ApiError:
            # Pushed prices can be such that the broker refuses even this; the next answer tries again.
            return

    def filter_failure(
        self,
        _context: schemathesis.HookContext,
        failure: Failure,
        case: schemathesis.Case[Any],
        response: schemathesis.Response,
    ) -> bool:
        """Drop what is declared."""
        operation_id = case.operation.definition.raw["operationId"]
        answer = response.json()
        is_declared = _is_declared(failure, operation_id, answer)
        if is_declared and isinstance(failure, RejectedPositiveData):
            self.refusals[answer["code"]] += 1
        return not is_declared

    # ------------------------------------------------------------------ the run

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
    broker: Served,
    scope: str,
    operations: list[str],
    phases: frozenset[PhaseName],
    *,
    depth: int = _DEPTH,
    seed: int = SEED,
) -> OpenApiSchema:
    """The document as schemathesis takes it, for some operations with one key."""
    config = SchemathesisConfig.from_path(_CONFIG)
    schema = schemathesis.openapi.from_dict(copy.deepcopy(dict(DOCUMENT.root)), config=config)
    headers = {} if scope == _NO_KEY else {"Authorization": f"Bearer {broker.world.keys[scope]}"}
    schema.config.update(base_url=broker.base_url, headers=headers)
    schema.config.seed = seed
    schema.config.generation.update(max_examples=depth)
    for phase in _SINGLE | _STATEFUL:
        schema.config.phases.get_by_name(name=phase.value).enabled = phase in phases
    chosen = schema.include(operation_id=operations)
    assert isinstance(chosen, OpenApiSchema)
    return chosen


def _operations(scope: str, *, own: bool) -> list[str]:
    """Those that a key of this scope may call, or those it may not; the rest needs no key."""
    wanted = []
    for operation in DOCUMENT.operations:
        scopes = scopes_of(operation.node)
        if (not scopes and own and scope == _NO_KEY) or (scopes and (scope in scopes) is own):
            wanted.append(operation.id)
    return wanted


def _verdict(run: Run, seen: Sightings, phases: frozenset[PhaseName]) -> None:
    print(f"\nseed {SEED}; cases: {dict(run.cases)}; {seen.total()} answers of the operations asked for")
    print(f"refused: {dict(run.refusals.most_common())}")
    if run.failures:
        told = "\n\n".join(run.failures[:10]).encode("utf-8", "backslashreplace").decode()
        pytest.fail(f"{len(run.failures)} failures, seed {SEED}\n\n{told}", pytrace=False)
    tested = {phase: status for phase, status in run.phases.items() if phase in _SINGLE | _STATEFUL}
    assert tested == {phase: {Status.SUCCESS} for phase in phases}
    assert unpromised(seen) == []


@pytest.mark.parametrize("scope", [*SCOPES, _NO_KEY])
def test_own_operations_keep_the_contract(scope: str) -> None:
    seen: Sightings = Counter()
    operations = _operations(scope, own=True)
    with served(seen, SEEN["fuzz"]) as broker:
        run = Run(broker, scope)
        run.execute(_schema(broker, scope, operations, _SINGLE))
        # No link leads from one health check to the other.
        seeds = itertools.count(SEED) if scope != _NO_KEY else ()
        for seed in itertools.islice(seeds, _MOST_BEGINNINGS):
            run.execute(_schema(broker, scope, operations, _STATEFUL, seed=seed))
            if run.failures or run.cases["stateful"] >= _STEPS:
                break
    _verdict(run, seen, _SINGLE | _STATEFUL if scope != _NO_KEY else _SINGLE)
    assert scope == _NO_KEY or run.cases["stateful"] >= _STEPS
    assert [each for each in operations if not seen[each, 200]] == []


@pytest.mark.parametrize("scope", [*SCOPES, _NO_KEY])
def test_foreign_operations_are_refused(scope: str) -> None:
    seen: Sightings = Counter()
    expected = 401 if scope == _NO_KEY else 403
    operations = _operations(scope, own=False)
    with served(seen, SEEN["fuzz"]) as broker:
        run = Run(broker, scope)
        schema = _schema(broker, scope, operations, _SINGLE, depth=_FOREIGN_DEPTH)
        checks = schema.config.checks
        checks.positive_data_acceptance.expected_statuses = [str(expected)]
        checks.negative_data_rejection.expected_statuses = [str(expected), "404", "405"]
        run.execute(schema)
    _verdict(run, seen, _SINGLE)
    assert {status for _, status in seen} == {expected}
    assert [each for each in operations if not seen[each, expected]] == []


def test_what_was_seen_in_answers_is_not_sent_as_an_example() -> None:
    order = {"ticket": 1, "client_order_id": None}
    with served() as broker:
        run = Run(broker, "full")
        schema = _schema(broker, "full", ["placeOrder"], frozenset({PhaseName.EXAMPLES}))
        source = schema.create_extra_data_source()
        assert isinstance(source, OpenApiExtraDataSource)
        source.repository.record_response(
            operation="POST /api/orders", status_code=200, payload={"success": True, "data": order}
        )
        assert source.repository.iter_instances("Order")[-1].data == order
        run.execute(schema)
    assert run.failures == []
    assert run.cases["examples"] > 0
