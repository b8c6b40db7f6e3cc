"""The HTTP server: uvicorn with a protocol that answers in the envelope even where the parser gives up."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import secrets
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Any, Final

import httptools
import orjson
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from tradyn.contract import STREAM_PATH
from tradyn.errors import ApiError

__all__ = ["LONGEST_HEAD", "EnvelopeProtocol", "bind_socket", "serve"]

logger = logging.getLogger("tradyn.http")

LONGEST_HEAD: Final = 65_536
"""Bytes of request line and headers together that are read at most."""
_FORCE_AFTER_SECONDS = 4.0
_KEEP_ALIVE_SECONDS = 75
_LINGER_SECONDS = 2.0
_ABSOLUTE: Final = re.compile(rb"https?://[^/?#@]+(/[^#]*|\?[^#]*|)", re.IGNORECASE)
_HOST: Final = re.compile(rb"(?:[A-Za-z0-9._~!$&'()*+,;=%-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?")


class _UnreadableError(Exception):
    """What HTTP/1.1 does not allow in a request, though the parser does: the end of a sentence."""


_TOO_LONG: Final = _UnreadableError(f"its head is longer than {LONGEST_HEAD} bytes")


class EnvelopeProtocol(HttpToolsProtocol):
    """uvicorn's protocol, as strict about HTTP/1.1 (RFC 9112) as the contract is about JSON.

    What always holds:

    * Requests are answered in the order they came in, each once, and only if they can be read to their end.
      The first that cannot is answered 400 in the envelope; what follows it is not read any more.
    * A connection that is closed before the client has sent all is closed so that the answer still arrives.
    * Head and trailers take at most about `LONGEST_HEAD` bytes of memory; trailers are no headers.
    * An offer of another protocol (`Upgrade`) is passed over, and the request answered as if it stood alone;
      unless it is a WebSocket where the stream is.

    The application may drop the connection without an answer through `scope["extensions"]["tradyn.abort"]`.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin a connection."""
        super().connection_made(transport)
        self._in_body = False
        self._head_bytes = 0
        self._bytes_without_event = 0
        self._has_event = False
        self._head_without_upgrade = b""
        self._is_refused = False
        self._lingering: asyncio.TimerHandle | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        """End a connection."""
        super().connection_lost(exc)
        if self._lingering is not None:
            self._lingering.cancel()

    def data_received(self, data: bytes) -> None:
        """Read on."""
        self._unset_keepalive_if_required()
        if self._is_refused or self._lingering is not None:
            return
        self._has_event = False
        try:
            self._feed(data)
            # What the parser is still collecting, it has told nobody of.
            self._bytes_without_event = 0 if self._has_event else self._bytes_without_event + len(data)
            if self._bytes_without_event > LONGEST_HEAD:
                raise _TOO_LONG
        except _UnreadableError as error:
            self.send_400_response(str(error))
        except httptools.HttpParserError as error:
            cause = error.__context__
            reason = str(cause) if isinstance(cause, _UnreadableError) else str(error)
            self.send_400_response(reason)

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
        self._has_event = True
        self._head_bytes = 0

    def on_url(self, url: bytes) -> None:
        """Take a piece of the request target."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; a trailer is read, so that what follows is found, and dropped."""
        self._count(len(name) + len(value))
        if not self._in_body:
            super().on_header(name, value.rstrip(b" \t"))

    def _count(self, size: int) -> None:
        self._has_event = True
        self._head_bytes += size
        if self._head_bytes > LONGEST_HEAD:
            raise _TOO_LONG

    def on_headers_complete(self) -> None:
        """Begin the answer, once the head is found to be what HTTP/1.1 allows."""
        self._check_head()
        if self.parser.should_upgrade() and not self._should_upgrade():
            self._head_without_upgrade = self._rebuild_head()
            return
        super().on_headers_complete()
        if self.parser.should_upgrade():
            return
        cycle = self.cycle
        cycle.transport = _Closing(self)  # type: ignore[assignment]
        self.scope["extensions"] = {"tradyn.abort": partial(self._abort, cycle)}  # type: ignore[dict-item]
        self._in_body = True

    def _should_upgrade(self) -> bool:
        """Whether the stream is asked for, as a WebSocket, and no other answer is still to come."""
        return (
            self._get_upgrade() == b"websocket"
            and self.url.partition(b"?")[0].endswith(STREAM_PATH.encode())
            and self.parser.get_method() == b"GET"
            and (self.cycle is None or self.cycle.response_complete)
        )

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over to the stream's protocol, which is loaded when it is first needed."""
        from tradyn.websocket import StreamProtocol

        self.ws_protocol_class = StreamProtocol
        super().handle_websocket_upgrade()

    def _check_head(self) -> None:
        version = self.parser.get_http_version()
        if version not in ("1.1", "1.0"):
            raise _UnreadableError(f"its version is {version}")
        if self.parser.get_method() == b"CONNECT":
            raise _UnreadableError("CONNECT is for proxies, and this is none")
        self.url = _origin_form(self.url)
        hosts = 0
        for name, value in self.headers:
            if name == b"host":
                hosts += 1
                if not _HOST.fullmatch(value):
                    raise _UnreadableError("Host must be a name or an address, and a port")
            elif name == b"transfer-encoding" and (value.lower() != b"chunked" or version == "1.0"):
                raise _UnreadableError("Transfer-Encoding must be chunked, and only in HTTP/1.1")
        if hosts > 1 or (not hosts and version == "1.1"):
            raise _UnreadableError(f"it has {hosts or 'no'} Host headers and must have one")
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
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request."""
        self._has_event = True
        if not self._head_without_upgrade:
            self._in_body = False
            super().on_message_complete()

    def _abort(self, cycle: RequestResponseCycle) -> None:
        """Close the connection at once; whatever was not sent is lost."""
        cycle.disconnected = True
        self.transport.abort()

    def shutdown(self) -> None:
        """Close the connection as soon as what is being answered is answered."""
        if self._lingering is not None:
            self.transport.abort()
        else:
            super().shutdown()

    def send_400_response(self, msg: str) -> None:
        """Answer what could not be read, after all that could, and close."""
        self._is_refused = True
        is_first = self.cycle is None or self.cycle.response_complete
        if self._in_body:
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
        error = ApiError("INVALID_REQUEST", f"The request is not valid HTTP/1.1: {msg}")
        self.cycle = RequestResponseCycle(
            scope={"method": self._method_begun()},  # type: ignore[typeddict-item]
            transport=_Closing(self),  # type: ignore[arg-type]
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=False,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=False,
            keep_alive=False,
            on_response=self.on_response_complete,
        )
        if is_first:
            self._start_asgi_task(self.cycle, partial(_answer_unreadable, error))
        else:
            self.pipeline.appendleft((self.cycle, partial(_answer_unreadable, error)))

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
            self._lingering = self.loop.call_later(_LINGER_SECONDS, self.transport.abort)


def _origin_form(target: bytes) -> bytes:
    """Path and query of a request target, or the asterisk."""
    if (target.startswith(b"/") and b"#" not in target) or target == b"*":
        return target
    # Of the absolute form the authority takes the place of Host; here every authority is right.
    found = _ABSOLUTE.fullmatch(target)
    if found is None:
        raise _UnreadableError("the target must be a path, with no fragment and no user name")
    return found[1] if found[1].startswith(b"/") else b"/" + found[1]


class _Closing:
    """The transport as one answer sees it: to close it is to hang up."""

    __slots__ = ("_protocol", "is_closing", "write")

    def __init__(self, protocol: EnvelopeProtocol) -> None:
        self._protocol = protocol
        self.write = protocol.transport.write
        self.is_closing = protocol.transport.is_closing

    def close(self) -> None:
        self._protocol.hang_up()


async def _answer_unreadable(error: ApiError, scope: Any, receive: Any, send: Any) -> None:
    request_id = secrets.token_hex(12)
    logger.warning("Refused what cannot be read, request %s: %s", request_id, error.message)
    body = orjson.dumps(error.envelope(request_id))
    headers = (
        (b"content-type", b"application/json"),
        (b"cache-control", b"no-store"),
        (b"content-length", str(len(body)).encode("ascii")),
        (b"x-request-id", request_id.encode("ascii")),
    )
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": body})


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
) -> None:
    """Serve until SIGINT, SIGTERM or `failed`, then finish within 5 seconds whatever clients do."""

    async def until_stopped(scope: Any, receive: Any, send: Any) -> None:
        try:
            await app(scope, receive, send)
        except asyncio.CancelledError:
            # A request that would outlast the stop: nobody gets an answer, and nothing has gone wrong.
            abort = scope["extensions"].get("tradyn.abort")
            if abort is not None:  # a WebSocket has been told already
                abort()

    config = uvicorn.Config(
        until_stopped,
        http=EnvelopeProtocol,
        ws="none",  # EnvelopeProtocol sees to it
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=2,
    )
    server = _Server(config)
    loop = asyncio.get_running_loop()
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
    """uvicorn's server without its own signal handlers: the process has one place for them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield
