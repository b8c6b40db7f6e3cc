"""The stream of the document (`x-streams`), compiled: what a client may say, what it may hear, and who.

What always holds: every message, in either direction, has a schema in the document and fits it. What the
document does not name cannot be said.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from tradyn.contract.bodies import parse
from tradyn.contract.document import ContractError
from tradyn.contract.failures import malformed
from tradyn.contract.schemas import Shape, translate
from tradyn.errors import ApiError, Problem

__all__ = ["STREAM_PATH", "StreamContract", "compile_stream", "whole"]

STREAM_PATH = "/api/stream"


class StreamContract:
    """The messages of the stream.

    Attributes:
        path: where it is, below the server's base path.
        scopes: channel → the scopes that may subscribe to it.
    """

    def __init__(
        self,
        requests: Mapping[str, Shape],
        events: Mapping[str, Shape],
        scopes: Mapping[str, frozenset[str]],
    ) -> None:
        self.path = STREAM_PATH
        self.scopes = scopes
        self._requests = requests
        self._events = events

    def read(self, text: str) -> dict[str, Any]:
        """A client's message; 400 `INVALID_REQUEST` with each problem for one that does not fit."""
        try:
            message = parse(text.encode("utf-8", "surrogatepass"))
        except ValueError as error:
            raise malformed([Problem("message", str(error))]) from None
        op = message.get("op") if isinstance(message, dict) else None
        shape = self._requests.get(op) if isinstance(op, str) else None
        if shape is None:
            known = ", ".join(sorted(self._requests))
            raise malformed([Problem("message.op", f"must be one of {known}")])
        if not shape.is_valid(message):
            raise malformed(shape.problems(message, "message"))
        return dict(message)

    def write(self, message: Mapping[str, Any]) -> bytes:
        """A message of the server as JSON, once it is seen to fit.

        Raises:
            ApiError: it does not; a fault of this program, which must not go out.
        """
        shape = self._events.get(message["event"])
        if shape is None or not shape.is_valid(message):
            told = "it is not in the document" if shape is None else str(shape.problems(message, "message"))
            raise ApiError("INTERNAL_ERROR", f"The event {message['event']} was not sent: {told}")
        return orjson.dumps(message)


def compile_stream(document: Mapping[str, Any]) -> StreamContract:
    """Compile the document's stream.

    Raises:
        ContractError: the block is not complete, or names what is not there.
    """
    place = f"x-streams.{STREAM_PATH}"
    block = document.get("x-streams", {}).get(STREAM_PATH)
    if block is None:
        raise ContractError(f"{place}: is missing")
    events = _shapes(document, block, "events", place, strict_times=False)
    scopes = {}
    for name, channel in block["channels"].items():
        scopes[name] = frozenset(channel["x-scopes"])
        for event in channel["events"]:
            if event not in events:
                raise ContractError(f"{place}.channels.{name}: there is no event {event}")
    return StreamContract(_shapes(document, block, "requests", place, strict_times=True), events, scopes)


def _shapes(
    document: Mapping[str, Any], block: Mapping[str, Any], kind: str, place: str, *, strict_times: bool
) -> dict[str, Shape]:
    return {
        name: Shape(
            translate(whole(document, node, f"{place}.{kind}.{name}"), f"{place}.{kind}.{name}"),
            f"{place}.{kind}.{name}",
            strict_times=strict_times,
        )
        for name, node in block[kind].items()
    }


def whole(document: Mapping[str, Any], node: Any, place: str) -> Any:
    """The schema with what its references lead to put in their places."""
    if isinstance(node, list):
        return [whole(document, each, place) for each in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref")
    if isinstance(reference, str):
        name = reference.removeprefix("#/components/schemas/")
        found = document["components"]["schemas"].get(name)
        if found is None:
            raise ContractError(f"{place}: {reference} leads nowhere")
        return whole(document, found, place)
    return {key: whole(document, value, place) for key, value in node.items()}
