"""HTTP to addresses that strangers name: nothing but a POST, and to nowhere that is not public.

What always holds: a name is resolved once for a connection, its addresses are looked at, and the connection
is made to one of those very addresses, so that no name can lead elsewhere between the look and the call.
Certificate, SNI and the Host header are those of the name. Nothing is followed, and of an answer little is
read, in small pieces: whatever a receiver floods this process with, others have their turn in between.

This module takes its time to import, and is not needed before there is something to send.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from threading import Thread
from typing import Any, Final

import httpcore

from tradyn.addresses import is_address, may_call
from tradyn.webhooks import Outcome, Target

__all__ = ["SECONDS", "GuardedHttp", "Resolve", "SystemResolver"]

SECONDS: Final = 10.0
"""For all of a request: name, connection, TLS, answer."""

_CONNECT_SECONDS: Final = 3.0
_MOST_ADDRESSES: Final = 4
# Of one answer as it comes over the wire: interim answers, heads and the framing of chunks too.
_MOST_READ: Final = 32_768
_PIECE: Final = 4_096
_LAST_STATUS: Final = 599
_IDLE_CONNECTIONS: Final = 20
_IDLE_SECONDS: Final = 15.0
_MOST_LOOKUPS: Final = 64

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Host name and port → IP addresses, the best first; OSError for a name that nobody knows."""


class _Refused(Exception):
    """A connection that is not made, with a sentence for people."""


class SystemResolver:
    """Names as the system resolves them.

    Each in a thread of its own, which nothing waits for at the end: a name that takes long to resolve must
    hold up neither another name nor the process's stop.
    """

    def __init__(self) -> None:
        self._running = 0

    async def __call__(self, host: str, port: int) -> list[str]:
        """The addresses of a host name."""
        if self._running >= _MOST_LOOKUPS:
            raise _Refused("Too many host names are being looked up")
        loop = asyncio.get_running_loop()
        found: asyncio.Future[list[str]] = loop.create_future()

        def finish(addresses: list[str], error: Exception | None) -> None:
            self._running -= 1
            if not found.done():
                found.set_result(addresses) if error is None else found.set_exception(error)

        def look() -> None:
            addresses: list[str] = []
            failure = None
            try:
                entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
                addresses = list(dict.fromkeys(str(each[4][0]) for each in entries))
            except (OSError, UnicodeError) as error:
                failure = error
            # Nobody waits any more once the loop has ended.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(finish, addresses, failure)

        self._running += 1
        Thread(target=look, name="webhook name", daemon=True).start()
        return await found


class _BoundedStream(httpcore.AsyncNetworkStream):
    """A connection on which little is read of each answer."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._left = _MOST_READ

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """A piece of an answer."""
        if self._left <= 0:
            raise httpcore.RemoteProtocolError("The answer is too long")
        piece = await self._stream.read(min(max_bytes, _PIECE, self._left), timeout)
        self._left -= len(piece)
        return piece

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Something is asked, so what is read from here on is another answer."""
        self._left = _MOST_READ
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        """The same with TLS."""
        # A name's last dot is for the resolver alone; certificates and SNI have none.
        name = None if server_hostname is None else server_hostname.rstrip(".")
        return _BoundedStream(await self._stream.start_tls(ssl_context, name, timeout))

    def get_extra_info(self, info: str) -> Any:
        """What is known of the connection."""
        return self._stream.get_extra_info(info)


class _GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects, but only where it may."""

    def __init__(self, find: Resolve, *, allow_loopback: bool) -> None:
        self._find = find
        self._allow_loopback = allow_loopback
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to one of the host's addresses."""
        try:
            found = [host] if is_address(host) else await self._find(host, port)
        except (OSError, UnicodeError) as error:
            raise _Refused(f"There is no host {host}") from error
        allowed = [each for each in found if self._may_call(each)]
        if not allowed:
            raise _Refused(f"{host} does not lead to a public address")
        last: Exception | None = None
        for address in allowed[:_MOST_ADDRESSES]:
            try:
                stream = await self._backend.connect_tcp(
                    address, port, timeout=_CONNECT_SECONDS, socket_options=socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
                continue
            # Once more, of the other end that there really is.
            if not self._may_call(str(stream.get_extra_info("server_addr")[0])):
                await stream.aclose()
                raise _Refused(f"{host} does not lead to a public address")
            return _BoundedStream(stream)
        raise _Refused(f"No connection to {host}") from last

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        """Never."""
        raise _Refused("A socket in the file system is no address")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    def _may_call(self, address: str) -> bool:
        return may_call(address, allow_loopback=self._allow_loopback)


class GuardedHttp:
    """Connections to whoever may be called; those that are idle are kept for a while.

    Args:
        allow_loopback: this machine itself may be called.
        find: how names are resolved.
        ssl_context: by whose certificates others are known; default is the common ones.
    """

    def __init__(
        self, *, allow_loopback: bool, find: Resolve, ssl_context: ssl.SSLContext | None = None
    ) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl_context or httpcore.default_ssl_context(),
            # Whoever calls says how many there may be.
            max_connections=None,
            max_keepalive_connections=_IDLE_CONNECTIONS,
            keepalive_expiry=_IDLE_SECONDS,
            network_backend=_GuardedBackend(find, allow_loopback=allow_loopback),
        )

    async def post(self, target: Target, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Send, and say what came of it; nothing is raised for what others do."""
        url = httpcore.URL(
            scheme=b"https" if target.is_secure else b"http",
            host=target.host.encode("ascii"),
            port=target.port,
            target=target.path.encode("ascii"),
        )
        fields = {"Host": target.authority, **headers, "Content-Length": str(len(body))}
        encoded = [(name.encode("ascii"), value.encode("latin-1")) for name, value in fields.items()]
        status = None
        try:
            async with asyncio.timeout(SECONDS):
                async with self._pool.stream("POST", url, headers=encoded, content=body) as response:
                    status = response.status
                    await _read(response)
        except TimeoutError:
            # Whoever has said what they think of it may be slow about the rest.
            if status is None:
                return Outcome(None, f"No answer within {SECONDS:g} seconds")
        except _Refused as refused:
            return Outcome(None, str(refused))
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as error:
            if status is None:
                return Outcome(None, _told(error))
        return _judged(status)

    async def close(self) -> None:
        """Close all connections."""
        with suppress(Exception):
            await self._pool.aclose()


async def _read(response: httpcore.Response) -> None:
    """Read the answer, so that its connection can be used again; its end may never come."""
    async for _ in response.aiter_stream():
        # Thousands of chunks can be in one piece.
        await asyncio.sleep(0)


def _judged(status: int | None) -> Outcome:
    assert status is not None
    if 200 <= status < 300:
        return Outcome(status)
    if 300 <= status < 400:
        return Outcome(status, f"The receiver answered {status}; redirects are not followed")
    if status > _LAST_STATUS:
        return Outcome(None, f"The receiver answered {status}, which HTTP does not have")
    return Outcome(status, f"The receiver answered {status}")


def _told(error: Exception) -> str:
    """Of an error of the network only its kind: its text may name what is none of the reader's business."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "The receiver's certificate is not valid"
        if isinstance(cause, ssl.SSLError):
            return "The receiver does not speak TLS as it should"
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpcore.ProtocolError):
        return "The receiver's answer is no HTTP, or was cut off"
    return "The receiver closed the connection without an answer"
