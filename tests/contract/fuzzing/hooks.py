"""What is done around every request of schemathesis, whoever started it: the tests, or `make fuzz`."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any, Final

import schemathesis
from schemathesis.core.failures import Failure
from schemathesis.generation.meta import TestPhase
from schemathesis.openapi.checks import RejectedPositiveData
from schemathesis.specs.openapi.schemas import OpenApiSchema

from contract.fuzzing.declared import is_declared, operations_of, refusal_of
from contract.fuzzing.live_values import LiveValues
from contract.fuzzing.surroundings import Surroundings

__all__ = ["Hooks", "forget_own_names"]

# A full key that names another account in them is answered 403.
NAME_ACCOUNTS: Final = frozenset({"createKey", "listKeys"})
# The fuzzer asks for other paths and methods too, in the name of an operation that it has mangled.
_ELSEWHERE: Final = (404, 405)


class Hooks:
    """The hooks of one run with one key.

    Attributes:
        refusals: code → how often the broker refused what was well-formed.
    """

    def __init__(self, there: Surroundings, scope: str) -> None:
        self._there = there
        self._scope = scope
        self._key = there.past.keys.get(scope)
        self._own = frozenset(operations_of(scope, own=True))
        self._foreign = frozenset(operations_of(scope, own=False))
        self._protected = frozenset(there.past.protected)
        self._values = LiveValues(there, scope)
        self.refusals: Counter[str] = Counter()

    def before_call(
        self, _context: schemathesis.HookContext, case: schemathesis.Case[Any], _kwargs: dict[str, Any]
    ) -> None:
        """Give the request live values, and keep it from revoking the key it comes with."""
        operation_id, past = _operation_id(case), self._there.past
        meta = case.meta
        dice = None
        if meta is not None and meta.generation.mode.is_positive and operation_id in self._own:
            dice = self._values.chosen(operation_id, case.path_parameters, case.query, case.body)
        if dice is not None and meta is not None:
            # In the stateful phase the document's links say what path and query name.
            if meta.phase.name != TestPhase.STATEFUL:
                self._values.path(operation_id, case.path_parameters, dice)
                self._values.query(operation_id, case.query, dice)
            if isinstance(case.body, dict):
                self._values.body(operation_id, case.body, dice)
        if case.path_parameters.get("key_id") in self._protected:
            case.path_parameters["key_id"] = self._values.spare_key_id(Random(0))
        if operation_id == "deleteWebhook" and case.path_parameters.get("webhook_id") == past.webhook_id:
            case.path_parameters["webhook_id"] = self._there.spare_webhooks[-1]
        if isinstance(case.body, dict) and str(case.body.get("url", "")).startswith("http"):
            # Whatever the fuzzer thinks of, or the document shows: nobody out there is to be called.
            case.body["url"] = self._values.receiver(Random(str(case.body["url"])))

    def after_call(
        self,
        _context: schemathesis.HookContext,
        case: schemathesis.Case[Any],
        response: schemathesis.Response,
    ) -> None:
        """Undo what would spoil other requests."""
        if response.status_code == 200 and response.request.method not in ("GET", "HEAD"):
            self._there.notice(_operation_id(case), response.json())

    def filter_failure(
        self,
        _context: schemathesis.HookContext,
        failure: Failure,
        case: schemathesis.Case[Any],
        response: schemathesis.Response,
    ) -> bool:
        """Drop what is declared."""
        answer = response.json()
        dropped = is_declared(failure, _operation_id(case), answer, scope=self._scope)
        if dropped and isinstance(failure, RejectedPositiveData):
            self.refusals[answer["code"]] += 1
        return not dropped

    def complaint(self, case: schemathesis.Case[Any], response: schemathesis.Response) -> str | None:
        """What is wrong about who was let in, if anything is."""
        expected = f"Bearer {self._key}" if self._key is not None else None
        operation_id, status = _operation_id(case), response.status_code
        if response.request.headers.get("Authorization") != expected:
            return None
        if operation_id in self._own - NAME_ACCOUNTS and status in (401, 403):
            return f"{operation_id} refuses a key of scope {self._scope}: {response.text}"
        if operation_id in self._foreign and status not in (refusal_of(self._scope), *_ELSEWHERE):
            return f"{operation_id} does not refuse a key of scope {self._scope}: {response.text}"
        return None


def forget_own_names(schema: OpenApiSchema) -> None:
    """Tell schemathesis that a `client_order_id` names nothing that was made before.

    By its ending it takes it for the number of a thing that no operation makes, and so never begins a walk
    along the links with a trade.
    """
    for node in schema.analysis.dependency_graph.operations.values():
        node.inputs[:] = [slot for slot in node.inputs if slot.parameter_name != "client_order_id"]


def _operation_id(case: schemathesis.Case[Any]) -> str:
    return str(case.operation.definition.raw["operationId"])
