"""The hooks as `schemathesis run` finds them (SCHEMATHESIS_HOOKS), for the run that `TRADYN_FUZZ` tells of.

`TRADYN_FUZZ` names a JSON file with the scope and the past of the server, written by `__main__.py`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis.core.failures import Failure
from schemathesis.specs.openapi.schemas import OpenApiSchema

from contract.fuzzing.hooks import Hooks, forget_own_names
from contract.fuzzing.surroundings import Past, Surroundings

_order = json.loads(Path(os.environ["TRADYN_FUZZ"]).read_text("utf-8"))
_hooks = Hooks(Surroundings(Past(**_order["past"]), _order["scope"]), _order["scope"])


@schemathesis.hook
def after_load_schema(_context: schemathesis.HookContext, schema: OpenApiSchema) -> None:
    forget_own_names(schema)


@schemathesis.hook
def before_call(
    context: schemathesis.HookContext, case: schemathesis.Case[Any], kwargs: dict[str, Any]
) -> None:
    _hooks.before_call(context, case, kwargs)


@schemathesis.hook
def after_call(
    context: schemathesis.HookContext, case: schemathesis.Case[Any], response: schemathesis.Response
) -> None:
    _hooks.after_call(context, case, response)


@schemathesis.hook
def filter_failure(
    context: schemathesis.HookContext,
    failure: Failure,
    case: schemathesis.Case[Any],
    response: schemathesis.Response,
) -> bool:
    return _hooks.filter_failure(context, failure, case, response)


@schemathesis.check
def scopes_are_kept(_ctx: Any, response: schemathesis.Response, case: schemathesis.Case[Any]) -> None:
    complaint = _hooks.complaint(case, response)
    assert complaint is None, complaint
