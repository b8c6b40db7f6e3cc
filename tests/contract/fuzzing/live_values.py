"""Lets the fuzzer's requests mean something: names that exist and prices near the market, in a share of them.

Chance alone never names a symbol or an open position, so without this every trading request would end at
the first rule of the broker. What always holds: a valid request stays valid, and the same request in the
same market becomes the same request, so that a failure can be repeated.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, MutableMapping
from random import Random
from typing import Any, Final

from contract.fuzzing.surroundings import Surroundings
from contract.served import WEBHOOK_URL
from tradyn.wire import cursor

__all__ = ["LiveValues"]

Json = MutableMapping[str, Any]

_SYMBOLS: Final = ("EURUSD", "EURUSD", "GBPUSD", "USDJPY", "XAUUSD")
_VOLUMES: Final = (0.01, 0.02, 0.1, 0.3)
_DAY_MS: Final = 86_400_000
_MOST_QUOTES: Final = 20


class LiveValues:
    """Values of one server, as they are at the time of each request."""

    def __init__(self, there: Surroundings, scope: str) -> None:
        self._there = there
        self._scope = scope

    def chosen(self, *content: object) -> Random | None:
        """The dice for a request that shall be made meaningful, two of three; None for the third."""
        number = zlib.crc32(repr(content).encode("utf-8", "backslashreplace"))
        return Random(number) if number % 3 else None

    def receiver(self, dice: Random) -> str:
        """A URL that leads to nobody, and needs no name server."""
        return dice.choice((WEBHOOK_URL, f"{WEBHOOK_URL}?of=fuzz", "https://localhost:8443"))

    def spare_key_id(self, dice: Random) -> str:
        """A key that may be revoked."""
        # The youngest are the likeliest to be valid still.
        return dice.choice(self._there.spare_keys[-3:])

    def path(self, operation_id: str, values: Json, dice: Random) -> None:
        """Name what exists."""
        if "ticket" in values:
            values["ticket"] = self._ticket(operation_id, dice)
        if "symbol" in values:
            values["symbol"] = dice.choice(_SYMBOLS)
        if "login" in values:
            values["login"] = dice.choice((self._there.past.login, self._there.past.stranger))
        if "key_id" in values:
            values["key_id"] = self.spare_key_id(dice)
        if "webhook_id" in values:
            self._webhook(operation_id, values, dice)

    def query(self, operation_id: str, values: Json, dice: Random) -> None:
        """The same for filters."""
        makers: Mapping[str, Callable[[], object]] = {
            "symbol": lambda: dice.choice(_SYMBOLS),
            "volume": lambda: dice.choice(_VOLUMES),
            "cursor": lambda: cursor(self._listing(operation_id, values), dice.randrange(20)),
            "client_order_id": lambda: f"fuzz-{dice.randrange(10**9)}",
        }
        for name, make in makers.items():
            if name in values:
                values[name] = make()
        if "login" in values:
            self._drop_or_set(values, "login", self._there.past.login, dice)

    def body(self, operation_id: str, body: Json, dice: Random) -> None:
        """Orders near the market, times near the present."""
        change: Callable[[Json, Random], None] | None = {
            "trade": self._trade,
            "placeOrder": self._order,
            "previewTrade": self._preview,
            "modifyPosition": self._stops,
            "modifyOrder": self._modification,
            "closeAll": self._selection,
            "closeBy": self._opposite,
            "createKey": self._key,
            "changeBalance": self._amount,
            "updateClock": self._clock,
            "advanceClock": self._advance,
            "pushQuotes": self._quotes,
            "setFaults": self._faults,
        }.get(operation_id)
        if change is not None:
            change(body, dice)
        if "client_order_id" in body and dice.random() < 0.8:
            body["client_order_id"] = f"fuzz-{dice.randrange(10**9)}"

    # ------------------------------------------------------------------ the parts

    def _listing(self, operation_id: str, query: Json) -> str:
        """The list, and its order, that the server's cursors name."""
        match operation_id:
            case "getAccountHistory":
                return f"deals {query.get('order', 'asc')}"
            case "listOrders":
                return f"orders {query.get('state', 'placed')}"
            case "listDeliveries":
                return f"deliveries {self._there.past.webhook_id}"
        return "accounts"

    def _webhook(self, operation_id: str, values: Json, dice: Random) -> None:
        there = self._there
        if operation_id in ("redeliver", "listDeliveries"):
            values["webhook_id"] = there.past.webhook_id
        else:
            # The youngest may go.
            spare = there.spare_webhooks
            values["webhook_id"] = spare[-1] if operation_id == "deleteWebhook" else dice.choice(spare[:3])
        if "delivery_id" in values:
            values["delivery_id"] = there.past.delivery_id

    def _ticket(self, operation_id: str, dice: Random) -> int:
        there, past = self._there, self._there.past
        if operation_id == "closeBy" and self._has_opposites():
            return dice.choice(there.one_way("buy")[-3:])
        if operation_id == "explain":
            # Orders, positions and deals of the past too: the first tickets of an account are all of it.
            tickets: list[int] = [*there.positions, *there.orders, *range(1, 40), past.foreign_position]
            return dice.choice(tickets)
        if "Position" in operation_id or operation_id == "closeBy":
            known, gone, foreign = there.positions, past.closed_position, past.foreign_position
        else:
            known, gone, foreign = there.orders, past.canceled_order, past.foreign_order
        return dice.choice([*known[:4], *known[-4:], gone, foreign])

    def _has_opposites(self) -> bool:
        return bool(self._there.one_way("buy") and self._there.one_way("sell"))

    def _near(self, symbol: str, dice: Random, *factors: float) -> float:
        return self._there.near(symbol, dice.choice(factors))

    def _moment(self, dice: Random, within_ms: int = _DAY_MS) -> str:
        return self._there.moment(dice.randrange(1000, within_ms))

    def _preview(self, body: Json, dice: Random) -> None:
        (self._trade if "action" in body else self._order)(body, dice)

    def _trade(self, body: Json, dice: Random) -> None:
        symbol = body["symbol"] = dice.choice(_SYMBOLS)
        body["volume"] = dice.choice(_VOLUMES)
        below, above = self._near(symbol, dice, 0.97, 0.99), self._near(symbol, dice, 1.01, 1.03)
        if body["action"] == "sell":
            below, above = above, below
        self._drop_or_set(body, "sl", below, dice)
        self._drop_or_set(body, "tp", above, dice)

    def _order(self, body: Json, dice: Random) -> None:
        symbol = body["symbol"] = dice.choice(_SYMBOLS)
        body["volume"] = dice.choice(_VOLUMES)
        is_below = body["type"] in (2, 5, 7)
        body["price"] = self._near(symbol, dice, *((0.95, 0.98) if is_below else (1.02, 1.05)))
        body.pop("price_stop_limit", None)
        if body["type"] in (6, 7):
            body["price_stop_limit"] = self._near(symbol, dice, 0.99 if is_below else 1.01)
        for name in ("sl", "tp"):
            self._drop_or_set(body, name, None, dice)
        self._drop_or_set(body, "expiration", self._moment(dice), dice)

    def _stops(self, body: Json, dice: Random) -> None:
        for name in ("sl", "tp"):
            if body.get(name) is not None:
                body[name] = self._near("EURUSD", dice, 0.9, 0.98, 1.02, 1.1)

    def _modification(self, body: Json, dice: Random) -> None:
        if "price" in body:
            body["price"] = self._near("EURUSD", dice, 0.8, 0.85, 0.9)
        for name, factors in (("sl", (0.6, 0.7)), ("tp", (1.2, 1.3))):
            if body.get(name) is not None:
                body[name] = self._near("EURUSD", dice, *factors)
        if body.get("expiration") is not None:
            body["expiration"] = self._moment(dice)

    def _opposite(self, body: Json, dice: Random) -> None:
        if self._has_opposites():
            body["opposite"] = dice.choice(self._there.one_way("sell")[-3:])

    def _selection(self, body: Json, dice: Random) -> None:
        if "symbol" in body:
            body["symbol"] = dice.choice(_SYMBOLS)

    def _key(self, body: Json, dice: Random) -> None:
        if self._scope == "admin" and body["scope"] != "admin":
            body["login"] = self._there.past.login
        else:
            body.pop("login", None)
        if body.get("expires_at") is not None:
            body["expires_at"] = "2999-01-01T00:00:00Z"

    def _amount(self, body: Json, dice: Random) -> None:
        body["amount"] = dice.choice((-100, -0.5, 0.01, 250.25, 5000))

    def _clock(self, body: Json, dice: Random) -> None:
        if "now" in body:
            body["now"] = self._moment(dice)

    def _advance(self, body: Json, dice: Random) -> None:
        if "to" in body:
            body["to"] = self._moment(dice)
        else:
            body["seconds"] = dice.choice((0.001, 1, 90, 86_400))

    def _quotes(self, body: Json, dice: Random) -> None:
        del body["quotes"][_MOST_QUOTES:]
        for index, quote in enumerate(body["quotes"]):
            symbol = quote["symbol"] = dice.choice(_SYMBOLS)
            quote["bid"] = self._near(symbol, dice, 0.999, 1.0, 1.001)
            quote["ask"] = quote["bid"] + self._there.bid(symbol) / 8000
            if "time" in quote:
                quote["time"] = self._there.moment(1000 * index)

    def _faults(self, body: Json, dice: Random) -> None:
        for each in body.get("disconnects", ()):
            each["from"], each["to"] = sorted((self._moment(dice), self._moment(dice, 9 * _DAY_MS)))

    @staticmethod
    def _drop_or_set(values: Json, name: str, value: object, dice: Random) -> None:
        if name in values:
            if dice.random() < 0.5:
                del values[name]
            else:
                values[name] = value
