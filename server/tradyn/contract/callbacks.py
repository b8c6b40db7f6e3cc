"""What the server sends unasked to an address of its client's, compiled from a `callbacks` of the document.

What always holds: nothing is sent that does not fit the document.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from tradyn.contract.document import ContractError, path_item_operations
from tradyn.contract.schemas import Shape, translate
from tradyn.contract.streams import whole
from tradyn.errors import ApiError

__all__ = ["CallbackContract", "compile_callback"]


class CallbackContract:
    """The messages of one callback."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape

    def write(self, message: Mapping[str, Any]) -> bytes:
        """A message as JSON, once it is seen to fit.

        Raises:
            ApiError: it does not; a fault of this program, which must not go out.
        """
        if not self._shape.is_valid(message):
            told = self._shape.problems(message, "message")
            raise ApiError(
                "INTERNAL_ERROR", f"A message was not sent, because it is not in the document: {told}"
            )
        return orjson.dumps(message)


def compile_callback(document: Mapping[str, Any], operation_id: str, name: str) -> CallbackContract:
    """Compile the callback `name` of an operation; the document has been through `refuse_unsupported`.

    Raises:
        ContractError: the operation has no such callback.
    """
    for path, method, operation in path_item_operations(document):
        if operation["operationId"] == operation_id and name in operation.get("callbacks", {}):
            place = f"paths.{path}.{method}.callbacks.{name}"
            ((_, item),) = operation["callbacks"][name].items()
            schema = item["post"]["requestBody"]["content"]["application/json"]["schema"]
            return CallbackContract(
                Shape(translate(whole(document, schema, place), place), place, strict_times=False)
            )
    raise ContractError(f"{operation_id} has no callback {name}")
