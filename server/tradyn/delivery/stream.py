"""The stream: a WebSocket on which a client says what it wants to hear, and hears it.

What always holds: each message of a client is answered, in order, with what it asked for or with an error; no
message of either side is outside the document.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import orjson

from tradyn import wire
from tradyn.access import ApiKey
from tradyn.candles import Timeframe
from tradyn.contract import StreamContract, client_address
from tradyn.delivery.hub import MOST_PAIRS, Hub
from tradyn.delivery.reader import Reader, Socket
from tradyn.desk import Desk, not_connected
from tradyn.errors import ApiError
from tradyn.fixed_windows import FixedWindows
from tradyn.ports import JournalFailed
from tradyn.refusals import request_id_of, send_refusal

__all__ = ["HEARTBEAT_SECONDS", "LONGEST_REQUEST", "SOCKET_EXTENSION", "Stream"]

SOCKET_EXTENSION = "tradyn.socket"
"""The extension of the ASGI scope in which the HTTP server hands over the `Socket`."""

MOST_SOCKETS = 20
MOST_REQUESTS = 200
LONGEST_REQUEST = 16_384
HEARTBEAT_SECONDS = 20
_AUTH_SECONDS = 10.0
_POLICY_VIOLATION = 1008

Json = dict[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Stream:
    """The ASGI application of the stream's WebSockets.

    Args:
        path: with the server's base path.
        admit: the key that a token from an address is, or the ApiError that answers it.
        version: of the server.
    """

    def __init__(
        self,
        path: str,
        contract: StreamContract,
        hub: Hub,
        desk: Desk,
        admit: Callable[[str, str | None], ApiKey],
        version: str,
    ) -> None:
        self.path = path
        self._contract = contract
        self._hub = hub
        self._desk = desk
        self._admit = admit
        self._version = version
        self._requests = FixedWindows(1)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """One WebSocket, from handshake to end."""
        if scope["type"] == "http":
            await send_refusal(
                _plain(scope), request_id_of(scope["headers"]), send, has_body=scope["method"] != "HEAD"
            )
            return
        await receive()
        try:
            key = self._key_of(scope)
        except ApiError as error:
            await send_refusal(error, request_id_of(scope["headers"]), send, kind="websocket.http.response")
            return
        await send({"type": "websocket.accept"})
        socket: Socket = scope["extensions"][SOCKET_EXTENSION]
        if key is None:
            key = await self._first_message(socket, receive, client_address(scope))
        if key is not None:
            await self._serve(socket, key, receive)

    def _key_of(self, scope: Any) -> ApiKey | None:
        """The key of the Authorization header; None without one."""
        if scope["path"] != self.path:
            raise ApiError("NOT_FOUND", f"There is no {scope['path']}; the stream is {self.path}")
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        if not given:
            return None
        scheme, _, token = given[0].decode("latin-1").partition(" ")
        if len(given) > 1 or scheme.lower() != "bearer" or not token or " " in token:
            raise ApiError(
                "UNAUTHORIZED",
                "Authorization must be given once, as Bearer <key>",
                headers={"WWW-Authenticate": "Bearer"},
            )
        return self._admitted(token, client_address(scope))

    def _admitted(self, token: str, address: str | None) -> ApiKey:
        key = self._admit(token, address)
        if self._hub.count(key.key_id) >= MOST_SOCKETS:
            raise ApiError(
                "RATE_LIMITED",
                f"This key has {MOST_SOCKETS} sockets already; close one, or send this again later",
                headers={"Retry-After": "1"},
            )
        return key

    async def _first_message(self, socket: Socket, receive: Receive, address: str | None) -> ApiKey | None:
        """The key of an `auth` message; None once the socket is closed for want of one."""
        try:
            async with asyncio.timeout(_AUTH_SECONDS):
                message = await receive()
        except TimeoutError:
            message = {}
        if message.get("type") == "websocket.disconnect":
            return None
        try:
            request = self._contract.read(_text(message)) if message else {}
            if request.get("op") != "auth":
                raise ApiError(
                    "UNAUTHORIZED", f"The first message must be auth, within {_AUTH_SECONDS:g} seconds"
                )
            return self._admitted(request["key"], address)
        except ApiError as error:
            closing = {"event": "closing", "code": error.code.name, "error": error.message}
            socket.write(socket.frame(self._contract.write(closing)))
            socket.close(_POLICY_VIOLATION, error.message, 1.0)
            return None

    async def _serve(self, socket: Socket, key: ApiKey, receive: Receive) -> None:
        reader = Reader(socket, key, self._hub.schedule, self._hub.farewell)
        self._hub.add(socket, reader)
        try:
            self._tell(
                reader,
                event="welcome",
                id=None,
                time=wire.time_json(self._desk.now),
                server_version=self._version,
                heartbeat_seconds=HEARTBEAT_SECONDS,
            )
            # Whoever does not take the answers is not read any more.
            while await reader.keeps_up() and (message := await receive())["type"] == "websocket.receive":
                await self._answer(reader, message)
        finally:
            self._hub.remove(reader)

    async def _answer(self, reader: Reader, message: MutableMapping[str, Any]) -> None:
        # The hub looks at all keys from time to time; nothing may be read in between.
        if self._hub.check_key(reader) is None:
            return
        text = _text(message)
        identity = None
        try:
            if self._requests.count(reader.key.key_id) > MOST_REQUESTS:
                raise ApiError(
                    "RATE_LIMITED", f"More than {MOST_REQUESTS} requests a second; send this one again"
                )
            request = self._contract.read(text)
            identity = request.get("id")
            match request["op"]:
                case "subscribe":
                    await self._subscribe(reader, request)
                case "unsubscribe":
                    self._unsubscribe(reader, request)
                case "ping":
                    self._tell(reader, event="pong", id=identity, time=wire.time_json(self._desk.now))
                case _:
                    raise ApiError("INVALID_REQUEST", "The socket has its key already")
        except JournalFailed:
            self._refuse(reader, identity, not_connected())
        except ApiError as error:
            self._refuse(reader, identity or _identity(text), error)

    # ------------------------------------------------------------------ requests

    async def _subscribe(self, reader: Reader, request: Json) -> None:
        channel = request["channel"]
        self._check_scope(reader, channel)
        self._check_fields(channel, request)
        if channel != "notifications":
            self._hub.check_connection()
        confirmed = {"event": "subscribed", "id": request.get("id"), "channel": channel, "version": None}
        match channel:
            case "ticks":
                symbols = self._symbols(request)
                self._tell(reader, **confirmed)
                self._hub.hear_ticks(reader, symbols)
            case "candles":
                pairs = self._pairs(request)
                if len(reader.candles | set(pairs)) > MOST_PAIRS:
                    raise ApiError(
                        "INVALID_REQUEST", f"message: a socket takes at most {MOST_PAIRS} kinds of candles"
                    )
                self._tell(reader, **confirmed)
                self._hub.hear_candles(reader, pairs)
            case "account":
                self._tell(reader, **confirmed)
                await self._hub.hear_account(reader)
            case _:
                version, snapshot = await self._hub.hear_numbered(reader, channel, request.get("after"))
                # A second subscription to the same channel takes the place of the first.
                self._hub.end(reader, channel)
                self._tell(reader, **{**confirmed, "version": version})
                if snapshot is not None:
                    self._tell(reader, **snapshot)
                self._hub.bring_up(reader, channel, version)

    def _unsubscribe(self, reader: Reader, request: Json) -> None:
        channel = request["channel"]
        self._check_fields(channel, request)
        symbols = self._symbols(request)
        match channel:
            case "ticks":
                if symbols is not None and reader.has_all_ticks:
                    raise ApiError(
                        "INVALID_REQUEST",
                        "message.symbols: the ticks of all symbols end together; leave it out",
                    )
                self._hub.end_ticks(reader, symbols)
            case "candles":
                timeframe = request.get("timeframe")
                reader.candles -= {
                    pair
                    for pair in reader.candles
                    if (symbols is None or pair[0] in symbols) and timeframe in (None, pair[1].value)
                }
            case _:
                self._hub.end(reader, channel)
        self._tell(reader, event="unsubscribed", id=request.get("id"), channel=channel)

    def _check_scope(self, reader: Reader, channel: str) -> None:
        scopes = self._contract.scopes[channel]
        if reader.key.scope not in scopes:
            needed = " or ".join(sorted(scopes))
            raise ApiError(
                "INSUFFICIENT_SCOPE",
                f"The channel {channel} needs a key of scope {needed}; this one has scope {reader.key.scope}",
            )

    @staticmethod
    def _check_fields(channel: str, request: Json) -> None:
        taken = {"ticks": {"symbols"}, "candles": {"symbols", "timeframe"}, "account": set()}
        for name in ("symbols", "timeframe", "after"):
            if name in request and name not in taken.get(channel, {"after"}):
                raise ApiError("INVALID_REQUEST", f"message.{name}: the channel {channel} takes none")
        is_asking = request["op"] == "subscribe"
        if is_asking and channel == "candles" and not {"symbols", "timeframe"} <= request.keys():
            raise ApiError("INVALID_REQUEST", "message: candles need symbols and timeframe")

    def _symbols(self, request: Json) -> list[str] | None:
        symbols: list[str] | None = request.get("symbols")
        for each in symbols or ():
            self._desk.instrument(each)
        return symbols

    def _pairs(self, request: Json) -> list[tuple[str, Timeframe]]:
        timeframe = Timeframe(request["timeframe"])
        return [(symbol, timeframe) for symbol in self._symbols(request) or ()]

    def _refuse(self, reader: Reader, identity: str | None, error: ApiError) -> None:
        self._tell(
            reader,
            event="error",
            id=identity,
            code=error.code.name,
            error=error.message,
            retcode=error.code.retcode,
        )

    def _tell(self, reader: Reader, **message: Any) -> None:
        reader.tell(self._hub.frame(message))


def _text(message: MutableMapping[str, Any]) -> str:
    text = message.get("text")
    # Not JSON, so that the contract refuses it as such.
    return text if isinstance(text, str) else ""


def _identity(text: str) -> str | None:
    """The id of a request that was not well-formed, if it can be told."""
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    identity = message.get("id") if isinstance(message, dict) else None
    return identity if isinstance(identity, str) and len(identity) <= 64 else None


def _plain(scope: Any) -> ApiError:
    if scope["method"] not in ("GET", "HEAD"):
        return ApiError(
            "METHOD_NOT_ALLOWED",
            f"{scope['path']} takes GET, not {scope['method']}",
            headers={"Allow": "GET"},
        )
    return ApiError("INVALID_REQUEST", f"{scope['path']} is a WebSocket: connect to it as ws://")
