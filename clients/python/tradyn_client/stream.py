"""The stream: what happens, as it happens, over a WebSocket that is opened again whenever it breaks.

What always holds: of deals, orders, positions and numbered notifications each comes once and in order, also over a
break and over a restart of the server; of ticks, candles and the account's summary a slow program gets the latest.
"""

import asyncio
import json
import logging
import random
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from attrs import define, field
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus, WebSocketException

from . import models
from .errors import BY_CODE, Failed, Temporary, TradynError, UnexpectedAnswer
from .models import (
    AccountEvent,
    CandleEvent,
    DealEvent,
    DealsEvent,
    NotificationEvent,
    OrderEvent,
    OrdersEvent,
    PositionEvent,
    PositionsEvent,
    TickEvent,
)

Event: TypeAlias = (
    TickEvent
    | CandleEvent
    | AccountEvent
    | PositionsEvent
    | PositionEvent
    | OrdersEvent
    | OrderEvent
    | DealsEvent
    | DealEvent
    | NotificationEvent
)
"""What a stream gives: a change, or (in the plural) a snapshot to begin with."""

_NUMBERED: Final = ("positions", "orders", "deals", "notifications")
_CHANNELS: Final = {
    "positions": "positions",
    "position": "positions",
    "orders": "orders",
    "order": "orders",
    "deals": "deals",
    "deal": "deals",
    "notification": "notifications",
}
# No new try can mend these; after all others the stream is opened again.
_FINAL: Final = frozenset(
    {
        "UNAUTHORIZED",
        "INVALID_API_KEY",
        "INSUFFICIENT_SCOPE",
        "INVALID_REQUEST",
        "UNKNOWN_SYMBOL",
        "INVALID_CURSOR",
        "NOT_FOUND",
    }
)
_FIRST_WAIT: Final = 0.1
_LONGEST_WAIT: Final = 10.0
_LOG: Final = logging.getLogger("tradyn_client")


@define(kw_only=True)
class Subscription:
    """What to hear of.

    Attributes:
        ticks: Symbols whose quotes are wanted; True for those of every symbol.
        candles: Symbols whose candles are wanted, by timeframe: `{"M1": ["EURUSD"]}`.
        account: The account's summary, at most ten times a second.
        positions: Every change of a position, after a snapshot; a number is the last version you have seen, and
            everything later is given instead of the snapshot. So with the others:
        orders: Every change of an order.
        deals: Every deal.
        notifications: What a person would want to hear of.
    """

    ticks: Sequence[str] | bool = ()
    candles: Mapping[str, Sequence[str]] = field(factory=dict)
    account: bool = False
    positions: bool | int = False
    orders: bool | int = False
    deals: bool | int = False
    notifications: bool | int = False


class Stream:
    """An endless iterator of events; it ends when it is closed, or with the error that no new try can mend.

    Example:
        ```
        async with AsyncClient() as client:
            async for event in client.stream(ticks=["EURUSD"], deals=True):
                match event:
                    case TickEvent(data=quote):
                        print(quote.bid, quote.ask)
                    case DealEvent(data=deal):
                        print(deal.profit)
        ```

    Attributes:
        versions: Of each numbered channel the last version that was given, to go on from in another run.
    """

    def __init__(self, base_url: str, token: str | None, subscription: Subscription) -> None:
        self.versions: dict[str, int] = {}
        self._url = (
            urlsplit(base_url)._replace(scheme="wss" if base_url.startswith("https") else "ws").geturl()
        )
        if token is not None and not (token.isascii() and token.isprintable()):
            raise ValueError("The token is no API key: it has characters that no key has")
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        # A snapshot may be long; nothing is compressed, so that the server need not do it for each reader.
        self._options: dict[str, Any] = {
            "additional_headers": headers,
            "compression": None,
            "max_size": None,
            "proxy": None,
        }
        self._wanted = subscription
        for channel in _NUMBERED:
            asked = getattr(subscription, channel)
            if asked is not True and asked is not False:
                self.versions[channel] = asked

    async def __aiter__(self) -> AsyncGenerator[Event, None]:
        failures = 0
        while True:
            try:
                async with connect(f"{self._url}/api/stream", **self._options) as socket:
                    for request in self._requests():
                        await socket.send(json.dumps(request))
                    async for event in self._events(socket):
                        # Not before: a server that takes connections and ends them is none to hurry to.
                        failures = 0
                        yield event
                reason = "it was closed"
            except InvalidStatus as refusal:
                error = _refusal_of(refusal)
                if error.code in _FINAL or not isinstance(error, Temporary):
                    raise error from refusal
                reason = str(error)
            except (WebSocketException, OSError, EOFError, Temporary) as error:
                reason = f"{type(error).__name__} {error}"
            wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2**failures) * (0.5 + random.random() / 2)
            failures += 1
            _LOG.warning("The stream of %s broke: %s; connecting again in %.1f s", self._url, reason, wait)
            await asyncio.sleep(wait)

    def _requests(self) -> list[dict[str, Any]]:
        wanted = self._wanted
        requests: list[dict[str, Any]] = []
        if wanted.ticks is True:
            requests.append({"channel": "ticks"})
        elif wanted.ticks:
            requests.append({"channel": "ticks", "symbols": list(wanted.ticks)})
        for timeframe, symbols in wanted.candles.items():
            requests.append({"channel": "candles", "timeframe": timeframe, "symbols": list(symbols)})
        if wanted.account:
            requests.append({"channel": "account"})
        for channel in _NUMBERED:
            if getattr(wanted, channel) is not False:
                after = {"after": self.versions[channel]} if channel in self.versions else {}
                requests.append({"channel": channel, **after})
        return [{"op": "subscribe", **each} for each in requests]

    async def _events(self, socket: ClientConnection) -> AsyncIterator[Event]:
        async for text in socket:
            message: dict[str, Any] = json.loads(text)
            name = message["event"]
            if name in ("error", "closing"):
                kind_of_error = BY_CODE.get(message["code"], UnexpectedAnswer)
                error = kind_of_error(message["error"], code=message["code"])
                raise error if message["code"] in _FINAL else Failed(str(error), code=message["code"])
            if name == "subscribed":
                # Of the others the snapshot has it; without that there is nothing to go on from.
                if message["channel"] == "notifications":
                    self.versions.setdefault("notifications", message["version"])
            elif (kind := getattr(models, f"{name.title()}Event", None)) is not None and name not in _ANSWERS:
                channel = _CHANNELS.get(name)
                if channel is not None and message["version"] is not None:
                    self.versions[channel] = message["version"]
                event: Event = kind.from_dict(message)
                yield event


_ANSWERS: Final = ("welcome", "subscribed", "unsubscribed", "pong")


def _refusal_of(refusal: InvalidStatus) -> TradynError:
    """The error that a refused handshake stands for."""
    response = refusal.response
    try:
        envelope = json.loads(bytes(response.body or b""))
        kind, told = BY_CODE.get(envelope["code"], UnexpectedAnswer), envelope["error"]
        more = {name: envelope[name] for name in ("code", "retcode", "request_id")}
    except (KeyError, TypeError, ValueError):
        kind = Failed if response.status_code >= 500 or response.status_code == 429 else UnexpectedAnswer
        told, more = f"The stream was answered {response.status_code}", {}
    return kind(told, status=response.status_code, **more)


__all__ = ["Event", "Stream", "Subscription"]
