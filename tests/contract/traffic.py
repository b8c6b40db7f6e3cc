"""Real traffic, written down as an HTTP Archive (HAR), for tools that are not ours to read.

What always holds: an entry is what went through the application, byte for byte as far as a text can say it,
and is written when its answer is complete. A connection that is closed without an answer leaves no entry.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator, MutableMapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl

import harfile

__all__ = ["Recording", "recording"]

_NO_TIMES: Final = harfile.Timings(send=0, wait=0, receive=0)
Headers = list[tuple[bytes, bytes]]


class Recording:
    """A HAR file that exchanges are added to.

    Args:
        root: what stands before the path in the addresses written, whatever host was really asked, so that
            the traffic of many servers is traffic of one.
    """

    def __init__(self, archive: harfile.HarFile, root: str) -> None:
        self._archive = archive
        self._root = root
        self.entries = 0

    async def pass_on(self, app: Any, scope: Any, receive: Any, send: Any) -> None:
        """One request to an ASGI application, written down."""
        started, clock = datetime.now(UTC), time.perf_counter()
        # Read first: the application may answer without having looked at the body.
        messages = [message async for message in _all_of(receive)]
        asked, said = b"".join(each.get("body", b"") for each in messages), bytearray()
        head: dict[str, Any] = {}
        is_complete = False

        async def listen() -> Any:
            return messages.pop(0) if messages else await receive()

        async def speak(message: MutableMapping[str, Any]) -> None:
            nonlocal is_complete
            if message["type"] == "http.response.start":
                head.update(message)
            else:
                said.extend(message.get("body", b""))
                is_complete = not message.get("more_body", False)
            await send(message)

        await app(scope, listen, speak)
        if not is_complete:
            return
        took = (time.perf_counter() - clock) * 1000
        self._archive.add_entry(
            startedDateTime=started,
            time=took,
            request=self._request(scope, asked),
            response=_response(head, bytes(said)),
            timings=_NO_TIMES,
        )
        self.entries += 1

    def _request(self, scope: Any, body: bytes) -> harfile.Request:
        query = scope["query_string"].decode("latin-1")
        kind = _header(scope["headers"], b"content-type")
        return harfile.Request(
            method=scope["method"],
            url=self._root + scope["raw_path"].decode("latin-1") + (f"?{query}" if query else ""),
            httpVersion=f"HTTP/{scope['http_version']}",
            headers=_records(scope["headers"]),
            queryString=[
                harfile.Record(*pair)
                for pair in parse_qsl(query, keep_blank_values=True, errors="backslashreplace")
            ],
            postData=harfile.PostData(kind, text=_text(body)) if body else None,
            bodySize=len(body),
        )


async def _all_of(receive: Any) -> AsyncIterator[Any]:
    """The messages that a request's body comes in."""
    while True:
        message = await receive()
        yield message
        if message["type"] != "http.request" or not message.get("more_body", False):
            return


def _response(head: dict[str, Any], body: bytes) -> harfile.Response:
    kind = _header(head["headers"], b"content-type")
    return harfile.Response(
        status=head["status"],
        statusText="",
        httpVersion="HTTP/1.1",
        headers=_records(head["headers"]),
        content=harfile.Content(size=len(body), mimeType=kind, text=_text(body)),
        redirectURL="",
        bodySize=len(body),
    )


def _records(headers: Headers) -> list[harfile.Record]:
    return [harfile.Record(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def _header(headers: Headers, wanted: bytes) -> str:
    return next((value.decode("latin-1") for name, value in headers if name.lower() == wanted), "")


def _text(body: bytes) -> str:
    return body.decode("utf-8", "backslashreplace")


@contextmanager
def recording(file: Path, root: str) -> Iterator[Recording]:
    """Write a HAR file for as long as the block lasts; all of it by one thread at a time."""
    with harfile.HarFile.open(file) as archive:
        yield Recording(archive, root)
