"""A server as the fuzzer finds it: made ready, looked at and tidied up through its API alone.

So the same hands serve a broker in the tests' own process and one that runs by itself. Their requests are
marked with `HANDS`, and whoever counts answers leaves them out.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from contract.served import HANDS, SCOPES, WEBHOOK_URL
from tradyn.wire import read_time, time_json

__all__ = ["Past", "Surroundings", "prepare"]

_BALANCE: Final = 100_000
_TICKETS_APART: Final = 40
_SPARE: Final = 3
_MOST_WEBHOOKS: Final = 12


@dataclass(frozen=True, kw_only=True)
class Past:
    """What was done before the first request, as plain values, so that another process can be told.

    Attributes:
        keys: scope → a key that the run sends; those but admin's belong to `login`.
        protected: ids of the keys that may not be revoked.
        spare: ids of keys that nobody sends.
        closed_position, canceled_order: tickets of `login`.
        foreign_position, foreign_order: tickets of `stranger`, and of nobody else for long.
        webhook_id, delivery_id: a webhook of `login` that may not be deleted, and one of its two deliveries.
    """

    base_url: str
    login: int
    stranger: int
    keys: Mapping[str, str]
    protected: tuple[str, ...]
    spare: tuple[str, ...]
    closed_position: int
    canceled_order: int
    foreign_position: int
    foreign_order: int
    webhook_id: str
    delivery_id: str


def _client(base_url: str, token: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {token}", "User-Agent": HANDS}
    return httpx.Client(base_url=base_url, headers=headers, timeout=60)


def _data(answer: httpx.Response) -> Any:
    answer.raise_for_status()
    return answer.json()["data"]


def _trade(client: httpx.Client, action: str, symbol: str = "EURUSD") -> httpx.Response:
    return client.post("/api/trade", json={"symbol": symbol, "action": action, "volume": 0.5})


def _order(client: httpx.Client) -> httpx.Response:
    body = {"symbol": "EURUSD", "type": 2, "volume": 0.1, "price": 0.9}
    return client.post("/api/orders", json=body)


def _webhook(client: httpx.Client) -> str:
    body = {"url": WEBHOOK_URL, "events": ["notification.stop_out"]}
    return str(_data(client.post("/api/webhooks", json=body))["webhook_id"])


def prepare(base_url: str, admin_key: str) -> Past:
    """Give a server two accounts with a past, and a key of every scope.

    Raises:
        httpx.HTTPStatusError: the server refuses something of it.
    """
    with _client(base_url, admin_key) as admin:
        own, stranger = (
            _data(admin.post("/api/accounts", json={"name": name, "balance": balance}))
            for name, balance in (("Under test", _BALANCE), ("Stranger", 100_000_000))
        )
        login = own["login"]

        def issue(scope: str, owner: int | None) -> dict[str, str]:
            issued: dict[str, str] = _data(
                admin.post("/api/keys", json={"scope": scope, "label": "Of a test", "login": owner})
            )
            return issued

        spare = [issue("read", owner)["key_id"] for owner in (stranger["login"], *[login] * _SPARE)]
        keys = {scope: issue(scope, None if scope == "admin" else login)["api_key"] for scope in SCOPES}
        known = {each["key_id"] for each in _data(admin.get("/api/keys"))}
    with _client(base_url, own["api_key"]) as client, _client(base_url, stranger["api_key"]) as other:
        closed = _data(_trade(client, "buy"))["ticket"]
        _data(client.delete(f"/api/positions/{closed}"))
        canceled = _data(_order(client))["ticket"]
        _data(client.delete(f"/api/orders/{canceled}"))
        _data(_trade(client, "buy"))
        _data(_trade(client, "sell", "GBPUSD"))
        _webhook(client)
        webhook_id = _webhook(client)
        tests = [_data(client.post(f"/api/webhooks/{webhook_id}/test")) for _ in range(2)]
        apart = _data(_order(client))["ticket"] + _TICKETS_APART
        foreign_position = foreign_order = 0
        while foreign_position <= apart:
            foreign_position = _data(_trade(other, "buy"))["ticket"]
        while foreign_order <= apart:
            foreign_order = _data(_order(other))["ticket"]
    return Past(
        base_url=base_url,
        login=login,
        stranger=stranger["login"],
        keys=keys,
        protected=tuple(sorted(known.difference(spare))),
        spare=tuple(spare),
        closed_position=closed,
        canceled_order=canceled,
        foreign_position=foreign_position,
        foreign_order=foreign_order,
        webhook_id=webhook_id,
        delivery_id=tests[0]["delivery_id"],
    )


class Surroundings:
    """What is there now. Each thing is asked for once, until something has changed it.

    Args:
        scope: of the key that the run sends; an admin's names the keys of any account.
    """

    def __init__(self, past: Past, scope: str) -> None:
        self.past = past
        self._client = _client(past.base_url, past.keys["full"])
        self._admin = _client(past.base_url, past.keys["admin"])
        self._spare = [*past.spare] if scope == "admin" else [*past.spare[1:]]
        self._seen: dict[str, Any] = {}
        self._digits: dict[str, int] = {
            each["symbol"]: each["digits"] for each in _data(self._client.get("/api/symbols"))
        }

    def close(self) -> None:
        self._client.close()
        self._admin.close()

    # ------------------------------------------------------------------ looking

    def _ask(self, path: str, **parameters: Any) -> Any:
        if path not in self._seen:
            self._seen[path] = _data(self._client.get(path, params=parameters))
        return self._seen[path]

    @property
    def positions(self) -> list[int]:
        """Tickets of the open positions, oldest first."""
        return [each["ticket"] for each in self._ask("/api/positions")]

    @property
    def orders(self) -> list[int]:
        """Tickets of the pending orders, oldest first."""
        return [each["ticket"] for each in self._ask("/api/orders", limit=1000)]

    def one_way(self, side: str) -> list[int]:
        """Tickets of the positions in EURUSD that are a `buy`, or a `sell`."""
        positions = self._ask("/api/positions")
        return [each["ticket"] for each in positions if (each["symbol"], each["type"]) == ("EURUSD", side)]

    @property
    def spare_keys(self) -> list[str]:
        """Ids of keys that may be revoked, the youngest last."""
        return self._spare

    @property
    def spare_webhooks(self) -> list[str]:
        """Ids of webhooks that may be deleted, the youngest last."""
        known = [each["webhook_id"] for each in self._ask("/api/webhooks")]
        return [each for each in known if each != self.past.webhook_id]

    def bid(self, symbol: str) -> float:
        """The price of the latest quote."""
        return float(self._ask(f"/api/quotes/{symbol}")["bid"])

    def near(self, symbol: str, factor: float) -> float:
        """A price at a multiple of the market's."""
        return round(self.bid(symbol) * factor, self._digits[symbol])

    def moment(self, milliseconds: int) -> str:
        """A market time that is to come."""
        if "now" not in self._seen:
            self._seen["now"] = _data(self._admin.get("/api/simulation/clock"))["now"]
        return time_json(read_time(self._seen["now"]) + milliseconds)

    # ------------------------------------------------------------------ tidying up

    def notice(self, operation_id: str, answer: Any) -> None:
        """Something was changed: forget what was seen, and mend what would spoil other requests."""
        self._seen.clear()
        if operation_id in ("createKey", "rotateKey"):
            self._spare.append(answer["data"]["key_id"])
        elif operation_id == "setFaults":
            _data(self._admin.put("/api/simulation/faults", json={}))
        elif operation_id == "updateClock":
            _data(self._admin.patch("/api/simulation/clock", json={"mode": "manual"}))
        self._refill()

    def _refill(self) -> None:
        """Nobody may be left with nothing to name, or without money; what is refused is tried again later."""
        orders = [functools.partial(_order, self._client)] * (2 - len(self.orders))
        trades = [
            functools.partial(_trade, self._client, side)
            for side in ("buy", "sell")
            if not self.one_way(side) or len(self.positions) < 2
        ]
        if self._ask("/api/account")["balance"] < _BALANCE:
            path = f"/api/accounts/{self.past.login}/balance"
            _data(self._admin.post(path, json={"amount": _BALANCE}))
        surplus = self.spare_webhooks[2:-3] if len(self.spare_webhooks) > _MOST_WEBHOOKS else []
        webhooks = [] if self.spare_webhooks else [functools.partial(_webhook, self._client)]
        for each in surplus:
            _data(self._client.delete(f"/api/webhooks/{each}"))
        for make in (*orders, *trades):
            make()
        for add in webhooks:
            add()
        if orders or trades or webhooks or surplus:
            self._seen.clear()
