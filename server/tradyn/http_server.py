"""The HTTP server: uvicorn with a protocol that answers in the envelope even where the parser gives up."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import secrets
import signal
import socket
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterator, Sequence
from functools import cache, partial
from typing import Any, Final
from urllib.parse import unquote
from weakref import ref

import httptools
import uvicorn
from uvicorn._types import HTTPScope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from tradyn.contract import ABORT, ANSWER, STREAM_PATH
from tradyn.door import Door, Limits, with_files
from tradyn.errors import ApiError
from tradyn.ports import Commit
from tradyn.refusals import FIRST_HEADERS, refusal_bytes, request_id_of, send_refusal

__all__ = ["EnvelopeProtocol", "bind_socket", "serve"]

logger = logging.getLogger("tradyn.http")

_FORCE_AFTER_SECONDS = 4.0
_TICK_SECONDS = 0.1
"""How often uvicorn's server looks around."""
_ABSOLUTE: Final = re.compile(rb"https?://[^/?#@]+(/[^#]*|\?[^#]*|)", re.IGNORECASE)
_TEXT: Final = bytes(byte for byte in range(256) if byte in b"\t" or 31 < byte != 127)
"""What may stand in a header."""
_FRAMING: Final = frozenset((b"connection", b"transfer-encoding"))
"""Headers of an answer that say how it ends."""
_COPIED_BYTES: Final = 16_384
"""A body up to that is copied to its head, which takes less than to write them one by one."""
_HOST: Final = re.compile(rb"(?:[A-Za-z0-9._~!$&'()*+,;=%-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?")


class _UnreadableError(Exception):
    """What HTTP/1.1 does not allow in a request, though the parser does: the end of a sentence."""


class EnvelopeProtocol(HttpToolsProtocol):
    """uvicorn's protocol, as strict about HTTP/1.1 (RFC 9112) as the contract is about JSON.

    What always holds:

    * Requests are answered in the order they came in, each once, and only if they can be read to their end.
      The first that cannot is answered 400 in the envelope; what follows it is not read any more.
    * A connection that is closed before the client has sent all is closed so that the answer still arrives.
    * Head and trailers take at most about `Limits.head_bytes` of memory; trailers are no headers.
    * Nothing that a client does, or fails to do, keeps a connection open past the deadlines of `Limits`: what
      is too slow to be read is answered 400 like what cannot be read. `check` sees to it.
    * A request that would have to wait behind too many others is answered 429 before anything is done for it,
      and nothing more is read from its connection for a while; on a connection too many the first request is
      answered 503. Questions about the server's health are always answered; who asks too many waits.
    * What has been received of requests that are not whole takes at most `Limits.unfinished_bytes` of memory.
    * An offer of another protocol (`Upgrade`) is passed over, and the request answered as if it stood alone;
      unless it is a WebSocket where the stream is.

    The application may drop the connection without an answer, and answer without messages, through the
    extensions of `tradyn.contract`.

    Args:
        door: of the server; all its connections share it.
        health_paths: of the questions about the server's health.
        prompt: how the paths begin whose requests are carried out as they come, up to where they wait for
            something else than a commit, or give way for the second time. Until then they are in no task.
    """

    def __init__(
        self,
        *arguments: Any,
        door: Door,
        health_paths: frozenset[bytes] = frozenset(),
        prompt: tuple[bytes, ...] = (),
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self._prompt = prompt
        self._door = door
        self._limits = door.limits
        self._health_paths = health_paths
        self._address: str | None = None
        self._turned_away: str | None = None
        self._last_chance: asyncio.TimerHandle | None = None
        self._answering: RequestResponseCycle | None = None
        self._task: asyncio.Task[None] | None = None
        self._next: tuple[RequestResponseCycle, Any] | None = None
        self._is_to_wait = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin a connection."""
        super().connection_made(transport)
        self._since = self.loop.time()
        self._written = 0
        self._taken = 0
        self._unsent_since: float | None = None
        self._unfinished_bytes = 0
        self._in_head = False
        self._in_body = False
        self._body_bytes = 0
        self._head_bytes = 0
        self._headers_read = 0
        self._bytes_without_event = 0
        self._has_event = False
        self._head_without_upgrade = b""
        self._known_host: bytes | None = None
        self._is_refused = False
        self._lingering: asyncio.TimerHandle | None = None
        address = self.client[0] if self.client else ""
        told = self._door.enter(address)
        if told is None:
            self._address = address
        else:
            self._turn_away(told)

    def _turn_away(self, told: str) -> None:
        """There are too many connections: its first request is told so, unless too many are told already."""
        if self._door.turned_away >= self._limits.turned_away:
            self._is_refused = True
            self.transport.abort()
            return
        self._door.turned_away += 1
        self._turned_away = told
        self._last_chance = self.loop.call_later(self._limits.linger_seconds, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """End a connection: nobody waits for any of its answers, not just for the last one's."""
        for cycle in (self._answering, *(cycle for cycle, _ in self.pipeline)):
            if cycle is not None and not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()
        self.pipeline.clear()
        super().connection_lost(exc)
        for timer in (self._lingering, self._last_chance):
            if timer is not None:
                timer.cancel()
        self._leave()

    def _leave(self) -> None:
        self._account_for(0)
        if self._address is not None:
            self._door.leave(self._address)
            self._address = None
        elif self._turned_away is not None:
            self._door.turned_away -= 1
            self._turned_away = None

    def data_received(self, data: bytes) -> None:
        """Read on."""
        if self._is_refused or self._lingering is not None:
            return
        self._has_event = False
        try:
            self._feed(data)
            # What the parser is still collecting, it has told nobody of.
            self._bytes_without_event = 0 if self._has_event else self._bytes_without_event + len(data)
            if self._bytes_without_event > self._limits.head_bytes:
                raise self._too_long()
            # If its body is still to come, it may yet be one to refuse by its head.
            self._begin()
            if self._in_head or self._in_body:
                self._bound_unfinished(len(data))
        except _UnreadableError as error:
            self.send_400_response(str(error))
        except httptools.HttpParserError as error:
            cause = error.__context__
            reason = str(cause) if isinstance(cause, _UnreadableError) else str(error)
            self.send_400_response(reason)

    def _bound_unfinished(self, more: int) -> None:
        if self._is_refused:
            return
        self._account_for(self._unfinished_bytes + more)
        if self._door.unfinished_bytes > self._limits.unfinished_bytes:
            self._door.shed += 1
            self._refuse(_SHED)

    def _account_for(self, unfinished: int) -> None:
        self._door.unfinished_bytes += unfinished - self._unfinished_bytes
        self._unfinished_bytes = unfinished

    def _feed(self, data: bytes) -> None:
        rest: bytes | memoryview = data
        while True:
            try:
                self.parser.feed_data(rest)
            except httptools.HttpParserUpgrade as offer:
                if self._should_upgrade():
                    self.handle_websocket_upgrade()
                    return
                # To httptools all that follows is of the other protocol, even the body of this request.
                self.parser = httptools.HttpRequestParser(self)
                # As uvicorn has it: what follows a request that closes the connection is no error.
                self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
                head, self._head_without_upgrade = self._head_without_upgrade, b""
                self.parser.feed_data(head)
                rest = memoryview(rest)[offer.args[0] :]
            else:
                return

    def eof_received(self) -> bool:  # type: ignore[override]
        """The client has sent all; whether the connection stays open for answers that are still to come."""
        is_cut = self._in_body and not self._is_refused
        if is_cut or self.cycle is None or self.cycle.response_complete:
            return False
        self.cycle.keep_alive = False
        return True

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self._since = self.loop.time()
        self._in_head = True
        self._has_event = True
        self._head_bytes = 0
        self._headers_read = 0
        self._hosts = 0
        self._transfer_encoding: bytes | None = None

    def on_url(self, url: bytes) -> None:
        """Take a piece of the request target."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; a trailer is read, so that what follows is found, and dropped."""
        # As in `_count`, which would be called too often.
        self._has_event = True
        self._head_bytes += len(name) + len(value)
        if self._head_bytes > self._limits.head_bytes:
            raise self._too_long()
        self._headers_read += 1
        if self._headers_read > self._limits.headers:
            raise _UnreadableError(f"it has more than {self._limits.headers} headers")
        if self._in_body:
            return
        name, value = name.lower(), value.rstrip(b" \t")
        if name == b"host":
            self._hosts += 1
            # Mostly the same again on a connection.
            if value != self._known_host:
                if not _HOST.fullmatch(value):
                    raise _UnreadableError("Host must be a name or an address, and a port")
                self._known_host = value
        elif name == b"transfer-encoding":
            self._transfer_encoding = value if self._transfer_encoding is None else b"twice"
        elif name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self.headers.append((name, value))

    def _count(self, size: int) -> None:
        self._has_event = True
        self._head_bytes += size
        if self._head_bytes > self._limits.head_bytes:
            raise self._too_long()

    def _too_long(self) -> _UnreadableError:
        return _UnreadableError(f"its head is longer than {self._limits.head_bytes} bytes")

    def on_headers_complete(self) -> None:
        """Begin the answer, once the head is found to be what HTTP/1.1 allows."""
        self._in_head = False
        version, method = self.parser.get_http_version(), self.parser.get_method()
        self._check_head(version, method)
        if len(self.pipeline) >= self._limits.pipelined:
            raise _UnreadableError(
                f"more than {self._limits.pipelined} requests were sent without waiting for an answer"
            )
        if self.parser.should_upgrade():
            if self._should_upgrade():
                self.scope["method"] = method.decode("ascii")
            else:
                self._head_without_upgrade = self._rebuild_head()
            return
        self._since = self.loop.time()
        self._in_body = True
        self._body_bytes = 0
        cycle = _Cycle(self, self._whole_scope(version, method))
        before, self.cycle = self.cycle, cycle
        # The cycle has the scope: were the scope to hold the cycle, each request would be left to the garbage
        # collector, which halts all others for a tenth of a second when it finds thousands of them.
        weak: ref[RequestResponseCycle] = ref(cycle)
        self.scope["extensions"] = {
            ABORT: partial(self._abort, weak),  # type: ignore[dict-item]
            ANSWER: partial(self._answer, weak),  # type: ignore[dict-item]
        }
        if before is None or before.response_complete:
            # Not before its body is there, if that has come with the head: then it need not wait for it.
            self._next = cycle, self.app
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((cycle, self.app))

    def _begin(self) -> None:
        if self._next is not None:
            (cycle, app), self._next = self._next, None
            self._start_asgi_task(cycle, app)

    def _whole_scope(self, version: str, method: bytes) -> HTTPScope:
        """The request's scope with what is known at the end of its head."""
        target = httptools.parse_url(self.url)
        path = target.path.decode("ascii")
        scope = self.scope
        scope["http_version"] = version
        scope["method"] = method.decode("ascii")
        scope["path"] = unquote(path) if "%" in path else path
        scope["raw_path"] = target.path
        scope["query_string"] = target.query or b""
        return scope

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Begin to answer a request; or answer at once that there are too many."""
        self._answering = cycle
        is_about_health = app is self.app and cycle.scope["raw_path"] in self._health_paths
        if self._turned_away is not None:
            cycle.keep_alive = False
        if is_about_health:
            self._is_to_wait = self._door.is_full_of_health
        elif app is self.app:
            refusal = self._refusal()
            if refusal is not None:
                if not self.flow.write_paused:
                    self._refuse_at_once(cycle, refusal)
                    return
                app = partial(_refusing, refusal)
        if app is self.app and cycle.scope["raw_path"].startswith(self._prompt):
            self._door.begin_soon(partial(self._go_on_with, cycle.run_asgi(app)))
        else:
            self._begin_task(cycle.run_asgi(app), is_about_health=is_about_health)

    def _go_on_with(self, work: Coroutine[Any, Any, None], gave_way: bool = False) -> None:
        # What waits for nothing needs no task.
        try:
            awaited = work.send(None)
        except StopIteration:
            return
        if awaited is None and not gave_way:  # it lets the others go first
            self._door.go_on_soon(partial(self._go_on_with, work, True))
            return
        if awaited is not None:
            # A mark that a coroutine leaves for its task. Until there is one, others may wait for the same.
            awaited._asyncio_future_blocking = False
        if type(awaited) is Commit:
            # What most of those wait for that change something, and nothing can cancel it.
            self._door.begin(work)
            awaited.then(partial(self._go_on_after, work))
            return
        # Who gives way again and again has much to do, which the end of the server must be able to cancel.
        self._begin_task(_Rest(work, awaited))

    def _go_on_after(self, work: Coroutine[Any, Any, None], _: Commit) -> None:
        self._door.end(work)
        self._go_on_with(work, True)

    def _begin_task(self, work: Coroutine[Any, Any, None], *, is_about_health: bool = False) -> None:
        task = self._task = self.loop.create_task(work)
        task.add_done_callback(self._end_task)
        self.tasks.add(task)
        self._door.begin(task, is_about_health=is_about_health)

    def _refusal(self) -> ApiError | None:
        if self._turned_away is not None:
            return ApiError(
                "NOT_CONNECTED",
                f"Not connected to the trading server: {self._turned_away}; close some, or try later",
                headers=_RETRY,
            )
        if self._door.is_full:
            self._door.shed += 1
            return _SHED
        return None

    def _end_task(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        self._door.end(task)

    def _refuse_at_once(self, cycle: RequestResponseCycle, refusal: ApiError) -> None:
        # Without a task, because what is refused must cost far less than what is served.
        answer = refusal_bytes(
            refusal,
            request_id_of(cycle.scope["headers"]),
            closes=not cycle.keep_alive,
            has_body=cycle.scope["method"] != "HEAD",
        )
        cycle.response_started = cycle.response_complete = True
        self._write(answer)
        if not cycle.keep_alive:
            self.hang_up()
        # Else to refuse those who do not wait would take all the time that there is.
        self._is_to_wait = True
        self.on_response_complete()

    def _write(self, data: bytes) -> None:
        self._written += len(data)
        self.transport.write(data)

    def on_response_complete(self) -> None:
        """Go on with the next request, if it has come already.

        As uvicorn's, without its timer for each request: `check` finds whoever is idle.
        """
        self.server_state.total_requests += 1
        if self._task is not None:
            # It has a few steps to go, but the client may already send its next request.
            self._door.end(self._task)
            self._task = None
        if self._is_to_wait and self._lingering is None:
            self._is_to_wait = False
            self.flow.pause_reading()
            self._door.hold(self._go_on)
        else:
            self._go_on()

    def _go_on(self) -> None:
        if self.transport.is_closing():
            return
        self._since = self.loop.time()
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())

    def _should_upgrade(self) -> bool:
        """Whether the stream is asked for, as a WebSocket, and no other answer is still to come."""
        return (
            self._get_upgrade() == b"websocket"
            and self.url.partition(b"?")[0].endswith(STREAM_PATH.encode())
            and self.parser.get_method() == b"GET"
            and (self.cycle is None or self.cycle.response_complete)
            and self._turned_away is None
        )

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over to the stream's protocol, which is loaded when it is first needed."""
        from tradyn.websocket import StreamProtocol

        self.ws_protocol_class = partial(StreamProtocol, ended=self._leave)  # type: ignore[assignment]
        super().handle_websocket_upgrade()

    def _check_head(self, version: str, method: bytes) -> None:
        if version not in ("1.1", "1.0"):
            raise _UnreadableError(f"its version is {version}")
        if method == b"CONNECT":
            raise _UnreadableError("CONNECT is for proxies, and this is none")
        self.url = _origin_form(self.url)
        coding = self._transfer_encoding
        if coding is not None and (coding.lower() != b"chunked" or version == "1.0"):
            raise _UnreadableError("Transfer-Encoding must be chunked, and only in HTTP/1.1")
        if self._hosts > 1 or (not self._hosts and version == "1.1"):
            raise _UnreadableError(f"it has {self._hosts or 'no'} Host headers and must have one")
        if version == "1.0":
            # There an interim answer would be taken for the answer.
            self.expect_100_continue = False

    def _rebuild_head(self) -> bytes:
        version = self.parser.get_http_version().encode()
        lines = [b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, version)]
        lines += [b"%s: %s" % header for header in self.headers if header[0] != b"upgrade"]
        return b"\r\n".join((*lines, b"", b""))

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        self._has_event = True
        self._body_bytes += len(body)
        if self._body_bytes > self._limits.body_bytes:
            raise _UnreadableError(f"its body is longer than {self._limits.body_bytes} bytes")
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request."""
        self._has_event = True
        if not self._head_without_upgrade:
            self._in_body = False
            if self._unfinished_bytes:
                self._account_for(0)
            super().on_message_complete()
            self._begin()

    def check(self, now: float) -> None:
        """Let go of the client, if it takes longer than it may; called once a second or so.

        Args:
            now: the loop's time.
        """
        limits = self._limits
        unsent = self.transport.get_write_buffer_size()
        taken = self._written - unsent
        if not unsent or taken > self._taken or self._unsent_since is None:
            self._taken = taken
            self._unsent_since = now
        elif now - self._unsent_since > limits.unsent_seconds:
            self.transport.abort()
            return
        if self._lingering is not None or self._is_refused or self.transport.is_closing():
            return
        if self.flow.read_paused:
            # It is the client that has to wait.
            self._since = now
            return
        seconds = now - self._since
        if self._in_head:
            if seconds > limits.head_seconds:
                self._refuse(_slow("head", limits.head_seconds))
        elif self._in_body:
            if seconds > limits.body_seconds + self._body_bytes / limits.body_bytes_a_second:
                self._refuse(_slow("body", limits.body_seconds))
        elif seconds > limits.idle_seconds and (self.cycle is None or self.cycle.response_complete):
            self.transport.close()

    def _abort(self, cycle: ref[RequestResponseCycle]) -> None:
        """Close the connection at once; whatever was not sent is lost."""
        answering = cycle()
        if answering is not None:
            answering.disconnected = True
        self.transport.abort()

    def _answer(
        self,
        cycle: ref[RequestResponseCycle],
        status: int,
        headers: list[tuple[bytes, bytes]],
        payload: bytes,
    ) -> bool:
        """Answer with these headers after those that all answers have; whether that was possible."""
        answering = cycle()
        if answering is None or self.flow.write_paused or answering.response_started:
            return False
        if answering.disconnected:
            return True
        own = _header_lines(headers)
        end = b"\r\n" if answering.keep_alive else b"connection: close\r\n\r\n"
        body = b"" if answering.scope["method"] == "HEAD" else payload
        self._write(b"%bcontent-length: %d\r\n%b%b%b" % (_first_lines(status), len(payload), own, end, body))
        answering.response_started = answering.response_complete = True
        answering.message_event.set()
        if not answering.keep_alive:
            self.hang_up()
        answering.on_response()
        return True

    def shutdown(self) -> None:
        """Close the connection as soon as what is being answered is answered."""
        if self._lingering is not None:
            self.transport.abort()
        else:
            super().shutdown()

    def send_400_response(self, msg: str) -> None:
        """Answer what could not be read, after all that could, and close."""
        self._refuse(ApiError("INVALID_REQUEST", f"The request is not valid HTTP/1.1: {msg}"))

    def _refuse(self, error: ApiError) -> None:
        self._is_refused = True
        self._account_for(0)
        is_first = self.cycle is None or self.cycle.response_complete
        if self._in_body:
            self._next = None
            if self.cycle.response_started:
                # It was answered by its head; nobody waits for a second answer.
                self.hang_up()
                return
            # The request in whose body it is: the application shall not answer it.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
            if self.pipeline and self.pipeline[0][0] is self.cycle:
                self.pipeline.popleft()
                is_first = False
            else:
                is_first = True
        self.expect_100_continue = False
        self.cycle = _Cycle(self, {"method": self._method_begun()}, is_last=True)  # type: ignore[typeddict-item]
        if is_first:
            self._start_asgi_task(self.cycle, partial(_refusing, error))
        else:
            self.pipeline.appendleft((self.cycle, partial(_refusing, error)))

    def _method_begun(self) -> str:
        # The parser keeps the method of the request before; a target says that this one had its own.
        is_head = self.scope is not None and self.url and self.parser.get_method() == b"HEAD"
        return "HEAD" if is_head else "GET"

    def hang_up(self) -> None:
        """Close the connection, but let the client send for a while what it is sending.

        A socket that is closed with bytes unread resets the connection, and the answer is lost with it.
        """
        if not (self._in_body or self._is_refused):
            self.transport.close()
        elif self._lingering is None and not self.transport.is_closing():
            self.pipeline.clear()
            self.transport.write_eof()
            self.flow.resume_reading()
            self._lingering = self.loop.call_later(self._limits.linger_seconds, self.transport.abort)


def _origin_form(target: bytes) -> bytes:
    """Path and query of a request target, or the asterisk."""
    if (target.startswith(b"/") and b"#" not in target) or target == b"*":
        return target
    # Of the absolute form the authority takes the place of Host; here every authority is right.
    found = _ABSOLUTE.fullmatch(target)
    if found is None:
        raise _UnreadableError("the target must be a path, with no fragment and no user name")
    return found[1] if found[1].startswith(b"/") else b"/" + found[1]


class _Cycle(RequestResponseCycle):
    """uvicorn's cycle of one request and its answer, with an answer of known length written in one piece.

    Args:
        is_last: nothing more is read from the connection.
    """

    def __init__(self, protocol: EnvelopeProtocol, scope: HTTPScope, *, is_last: bool = False) -> None:
        super().__init__(
            scope=scope,
            transport=protocol.transport,
            flow=protocol.flow,
            logger=protocol.logger,
            access_logger=protocol.access_logger,
            access_log=False,
            default_headers=[],
            message_event=asyncio.Event(),
            expect_100_continue=protocol.expect_100_continue,
            keep_alive=not is_last and scope["http_version"] != "1.0" and protocol.parser.should_keep_alive(),
            on_response=protocol.on_response_complete,
        )
        self.transport = _Closing(protocol)  # type: ignore[assignment]
        self._head = b""
        self._is_given = False

    async def receive(self) -> Any:
        """Give the application the next message of the client."""
        if self.more_body or self._is_given or self.disconnected or self.response_complete:
            return await super().receive()
        # All is there, so there is nothing to wait for.
        self._is_given = True
        self.message_event.clear()
        body, self.body = self.body, bytearray()
        return {"type": "http.request", "body": bytes(body), "more_body": False}

    async def send(self, message: Any) -> None:
        """Take a message of the application; the head waits for the beginning of the body."""
        if message["type"] == "http.response.start" and not self.response_started:
            head, length = _head(message, keep_alive=self.keep_alive)
            if length is None:
                await super().send(message)
                return
            self._head = head
            self.response_started = True
            self.waiting_for_100_continue = self.chunked_encoding = False
            self.expected_content_length = length
            return
        head, self._head = self._head, b""
        body = message.get("body", b"")
        if not head or message.get("more_body", False) or self.flow.write_paused or len(body) > _COPIED_BYTES:
            if head and not self.disconnected:
                self.transport.write(head)
            await super().send(message)
            return
        if self.disconnected:
            return
        if self.scope["method"] == "HEAD":
            body = b""
        elif len(body) != self.expected_content_length:
            raise RuntimeError(f"{len(body)} bytes of an answer of {self.expected_content_length}")
        self.transport.write(head + body)
        self.response_complete = True
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()


@cache
def _first_lines(status: int) -> bytes:
    return b"".join((STATUS_LINE[status], *(b"%b: %b\r\n" % header for header in FIRST_HEADERS)))


def _head(message: Any, *, keep_alive: bool) -> tuple[bytes, int | None]:
    """The head of an answer as bytes, and the length of its body; None where another way ends it.

    Raises:
        RuntimeError: the application would have put something into a header that ends it.
    """
    length = None
    for name, value in message["headers"]:
        if name == b"content-length":
            length = int(value)
        elif name in _FRAMING:
            return b"", None
    end = b"\r\n" if keep_alive else b"connection: close\r\n\r\n"
    return b"".join((STATUS_LINE[message["status"]], _header_lines(message["headers"]), end)), length


def _header_lines(headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    lines = b"".join([b"%b: %b\r\n" % header for header in headers])
    if lines.translate(None, _TEXT) != b"\r\n" * len(headers):
        raise RuntimeError("a header of the answer has a control character")
    return lines


class _Rest(Coroutine[Any, Any, None]):
    """What is left of `work`, which has come to wait for `awaited` (or given way: None) outside of any task.

    No generator, because a task that is cancelled before its first step throws into it: a generator that has
    not begun would end there, and `work` would never hear of it.
    """

    __slots__ = ("_awaited", "_work")

    def __init__(self, work: Coroutine[Any, Any, None], awaited: Any) -> None:
        self._work = work
        self._awaited = awaited

    def send(self, value: Any) -> Any:
        """Go on, or at first tell the task what to wait for."""
        if self._awaited is not None:
            awaited, self._awaited = self._awaited, None
            awaited._asyncio_future_blocking = True
            return awaited
        return self._work.send(value)

    def throw(self, *error: Any) -> Any:
        """Go on with an error; if it comes before the first step, what was awaited is cancelled."""
        if self._awaited is not None:
            awaited, self._awaited = self._awaited, None
            awaited.cancel()
        return self._work.throw(*error)

    def close(self) -> None:
        """End it."""
        self._work.close()

    def __await__(self) -> Generator[Any, Any, None]:
        """Tasks need none, but it is part of being a coroutine."""
        return self._work.__await__()


class _Closing:
    """The transport as one answer sees it: to close it is to hang up."""

    __slots__ = ("_protocol", "is_closing", "write")

    def __init__(self, protocol: EnvelopeProtocol) -> None:
        self._protocol = protocol
        self.write = protocol._write
        self.is_closing = protocol.transport.is_closing

    def close(self) -> None:
        self._protocol.hang_up()


def _slow(part: str, seconds: float) -> ApiError:
    return ApiError(
        "INVALID_REQUEST", f"The request is too slow: its {part} must be there within {seconds:g} seconds"
    )


_RETRY: Final = {"Retry-After": "1"}
_SHED: Final = ApiError(
    "RATE_LIMITED",
    "The server has as many requests in hand as it can serve; send this one again after a second",
    headers=_RETRY,
)


async def _refusing(error: ApiError, scope: Any, receive: Any, send: Any) -> None:
    """The application that answers with an error, whatever it is asked."""
    request_id = secrets.token_hex(12)
    logger.warning("Refused request %s: %s", request_id, error.message)
    await send_refusal(error, request_id, send)


def bind_socket(host: str, port: int) -> socket.socket:
    """Take the port, before anything else is changed.

    Raises:
        OSError: the port is in use, or the host is not one of this machine.
    """
    families = [found[0] for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    # `localhost` is both, and 127.0.0.1 is what people type.
    family = socket.AF_INET if socket.AF_INET in families else socket.AF_INET6
    # Named, because asyncio sends small answers at once (TCP_NODELAY) only where it sees that it is TCP.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(2048)
        bound.setblocking(False)
    except OSError:
        bound.close()
        raise
    return bound


async def serve(
    app: Callable[..., Awaitable[Any]],
    listening: socket.socket,
    *,
    ready: Callable[[], None],
    failed: asyncio.Event,
    limits: Limits | None = None,
    health_paths: frozenset[bytes] = frozenset(),
    prompt: tuple[bytes, ...] = (),
    watch: Callable[[Door], None] = lambda _: None,
) -> None:
    """Serve until SIGINT, SIGTERM or `failed`, then finish within 5 seconds whatever clients do.

    Args:
        limits: of what clients may take.
        health_paths: of the requests that are answered even when all others are sent away.
        prompt: how the paths begin whose requests need no task until they wait for more than a commit.
        watch: gets the door, for its counts.
    """
    loop = asyncio.get_running_loop()
    door = Door(with_files(limits or Limits()), loop.time)
    watch(door)

    async def until_stopped(scope: Any, receive: Any, send: Any) -> None:
        try:
            await app(scope, receive, send)
        except asyncio.CancelledError:
            # A request that would outlast the stop: nobody gets an answer, and nothing has gone wrong.
            abort = scope["extensions"].get(ABORT)
            if abort is not None:  # a WebSocket has been told already
                abort()

    config = uvicorn.Config(
        until_stopped,
        http=partial(EnvelopeProtocol, door=door, health_paths=health_paths, prompt=prompt),  # type: ignore[arg-type]
        ws="none",  # EnvelopeProtocol sees to it
        lifespan="off",
        log_config=None,
        access_log=False,
        # A client is who connects: anybody on this machine can send a header that says otherwise.
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=2,
    )
    server = _Server(config, door)
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    serving = asyncio.create_task(server.serve([listening]))
    try:
        while not server.started and not serving.done():
            await asyncio.sleep(0.005)
        ready()
        ends = [asyncio.create_task(event.wait()) for event in (told, failed)]
        await asyncio.wait((serving, *ends), return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()
        server.should_exit = True
        await asyncio.wait((serving,), timeout=_FORCE_AFTER_SECONDS)
        server.force_exit = True
        await serving
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


class _Server(uvicorn.Server):
    """uvicorn's server that looks after its connections, without its own signal handlers.

    The process has one place for signals.
    """

    def __init__(self, config: uvicorn.Config, door: Door) -> None:
        super().__init__(config)
        self._door = door
        self._every = max(round(door.limits.sweep_seconds / _TICK_SECONDS), 1)
        self._told = (0, 0)

    async def on_tick(self, counter: int) -> bool:
        """Look around, ten times a second; whether to end."""
        self._door.let_go()
        if counter % self._every == 0:
            now = asyncio.get_running_loop().time()
            for each in list(self.server_state.connections):
                if isinstance(each, EnvelopeProtocol):
                    each.check(now)
            self._tell()
        return await super().on_tick(counter)

    def _tell(self) -> None:
        """One line for all that were sent away since the last: a line for each would make matters worse."""
        door = self._door
        shed, refused = door.shed - self._told[0], door.refused - self._told[1]
        if shed or refused:
            self._told = (door.shed, door.refused)
            logger.warning(
                "Too much at once: %d requests were answered 429, %d connections were turned away",
                shed,
                refused,
            )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield
