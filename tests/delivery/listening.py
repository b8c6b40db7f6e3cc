"""A reader of the stream for tests; every message is held against the document by another validator."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from openapi_schema_validator import OAS30Validator
from websockets.sync.client import ClientConnection, connect

from contract.served import DOCUMENT

__all__ = ["Listening", "listening"]

STREAM: Final = DOCUMENT.root["x-streams"]["/api/stream"]
PATIENCE: Final = 10.0

Json = dict[str, Any]


def _whole(node: Any) -> Any:
    if isinstance(node, list):
        return [_whole(each) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _whole(DOCUMENT.root["components"]["schemas"][node["$ref"].rpartition("/")[2]])
    return {key: _whole(value) for key, value in node.items()}


_EVENTS: Final = {name: OAS30Validator(_whole(node)) for name, node in STREAM["events"].items()}


class Listening:
    """An open socket."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    def say(self, **message: Any) -> None:
        self.socket.send(json.dumps(message))

    def hear(self, timeout: float = PATIENCE) -> Json:
        """The next message."""
        message: Json = json.loads(self.socket.recv(timeout))
        errors = list(_EVENTS[message["event"]].iter_errors(message))
        assert errors == [], (message, errors)
        return message

    def hear_until(self, event: str, **fields: Any) -> list[Json]:
        """All messages up to the one with this event and these fields."""
        heard = []
        while True:
            message = self.hear()
            heard.append(message)
            if message["event"] == event and fields.items() <= message.items():
                return heard

    def all_so_far(self) -> list[Json]:
        """All that was sent before the answer to a ping that is sent now."""
        self.say(op="ping", id="so-far")
        return self.hear_until("pong", id="so-far")[:-1]

    def ask(self, **message: Any) -> Json:
        """The answer to a request, with what came before it thrown away."""
        self.say(**message, id="asked")
        while True:
            heard = self.hear()
            if heard.get("id") == "asked":
                return heard


@contextmanager
def listening(base_url: str, key: str | None, *, welcome: bool = True) -> Iterator[Listening]:
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    url = base_url.replace("http://", "ws://") + "/api/stream"
    with connect(url, additional_headers=headers, compression=None, proxy=None, max_queue=None) as socket:
        listening = Listening(socket)
        if welcome and key is not None:
            assert listening.hear()["event"] == "welcome"
        yield listening
