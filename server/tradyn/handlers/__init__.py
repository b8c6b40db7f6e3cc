"""Handlers: JSON in, command out, JSON out. One module for each tag, one function for each operationId.

They are ordinary connexion handlers: keyword arguments by parameter name, `body`,
`token_info`. In front of those stand the services a handler works with, by the names
in `bind`'s mapping. A rule about money in here would stand in the wrong room.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from types import ModuleType
from typing import Any

from tradyn.handlers import (
    account,
    accounts,
    analysis,
    api_keys,
    market_data,
    orders,
    positions,
    service,
    simulation,
    trading,
    webhooks,
)

__all__ = ["Handler", "bind"]

Handler = Callable[..., Awaitable[dict[str, Any]]]

_MODULES = (
    account,
    positions,
    orders,
    trading,
    market_data,
    analysis,
    api_keys,
    webhooks,
    accounts,
    simulation,
    service,
)


def bind(services: Mapping[str, object]) -> dict[str, Handler]:
    """operationId → handler, with the services it asks for by the names of its first parameters."""
    return {
        _operation_id(name): _with_services(function, services)
        for module in _MODULES
        for name, function in _functions(module)
    }


def _functions(module: ModuleType) -> list[tuple[str, Handler]]:
    return [
        (name, function)
        for name, function in vars(module).items()
        if inspect.iscoroutinefunction(function)
        and function.__module__ == module.__name__
        and not name.startswith("_")
    ]


def _operation_id(name: str) -> str:
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name)


def _with_services(function: Handler, services: Mapping[str, object]) -> Handler:
    wanted = []
    for name in inspect.signature(function).parameters:
        if name not in services:
            break
        wanted.append(services[name])
    return partial(function, *wanted)
