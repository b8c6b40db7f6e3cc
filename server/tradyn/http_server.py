"""The HTTP server: uvicorn with a protocol that answers in the envelope even where the parser gives up."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import orjson
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tradyn.delivery.stream import HEARTBEAT_SECONDS, LONGEST_REQUEST
from tradyn.errors import ApiError

__all__ = ["EnvelopeProtocol", "bind_socket", "serve"]

_FORCE_AFTER_SECONDS = 4.0
_KEEP_ALIVE_SECONDS = 75


class EnvelopeProtocol(HttpToolsProtocol):
    """uvicorn's protocol with two differences.

    What is no HTTP is answered 400 in the envelope, and the application may drop the
    connection without an answer through `scope["extensions"]["tradyn.abort"]`.
    """

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self.scope["extensions"] = {"tradyn.abort": self.abort}  # type: ignore[dict-item]

    def _should_upgrade_to_ws(self) -> bool:
        return True

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over to the stream's protocol, which is loaded when it is first needed."""
        from tradyn.websocket import StreamProtocol

        self.ws_protocol_class = StreamProtocol
        super().handle_websocket_upgrade()

    def abort(self) -> None:
        """Close the connection at once; whatever was not sent is lost."""
        if self.cycle is not None:
            self.cycle.disconnected = True
        self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """Answer what the parser could not read."""
        request_id = secrets.token_hex(12)
        error = ApiError("INVALID_REQUEST", "The request is not valid HTTP/1.1")
        body = orjson.dumps(error.envelope(request_id))
        head = (
            "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\nx-request-id: {request_id}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()


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
            scope["extensions"]["tradyn.abort"]()

    config = uvicorn.Config(
        until_stopped,
        http=EnvelopeProtocol,
        ws="none",  # EnvelopeProtocol sees to it
        ws_max_size=LONGEST_REQUEST,
        ws_ping_interval=HEARTBEAT_SECONDS,
        ws_ping_timeout=HEARTBEAT_SECONDS,
        ws_per_message_deflate=False,
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
