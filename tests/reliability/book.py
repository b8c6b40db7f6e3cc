"""What the clients of a server asked, and what they were answered: all that a checker may believe.

The book is written by the clients as replies come in and outlives every server process. A request without a
reply is in doubt: it may have been done or not, but not twice, and never otherwise than it was asked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

__all__ = ["LEVELS", "NAMED_OPERATIONS", "AccountBook", "Entry", "Json", "Reply", "Request", "read_json"]

Json = dict[str, Any]

NAMED_OPERATIONS: Final = ("trade", "placeOrder", "closePosition", "closeBy", "closeAll", "changeBalance")
"""The operations that take a `client_order_id`."""

LEVELS: Final = ("price", "sl", "tp", "trailing_stop")
"""What a modification changes: of an order all but the last, of a position all but the first."""


def read_json(content: bytes | str) -> Any:
    """JSON with every number exact: int or Decimal."""
    return json.loads(content, parse_float=Decimal)


@dataclass(frozen=True, slots=True)
class Request:
    """One request, as it is sent each time."""

    operation: str
    method: str
    path: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None

    @property
    def client_order_id(self) -> str | None:
        """Its own name, in the body or in the query."""
        return (self.body or {}).get("client_order_id") or self.parameters.get("client_order_id")

    def given(self, name: str) -> Any:
        """A property of the body or a parameter of the query; None if absent."""
        return self.parameters.get(name) if self.body is None else self.body.get(name)


@dataclass(frozen=True, slots=True)
class Reply:
    """Status and envelope, but for the `request_id`, which is new each time."""

    status: int
    content: Json

    @classmethod
    def read(cls, status: int, content: bytes | str) -> Reply:
        """A reply from the bytes of its body."""
        envelope = read_json(content)
        envelope.pop("request_id", None)
        return cls(status, envelope)

    @property
    def code(self) -> str | None:
        """The code of a refusal; None of a success."""
        return self.content.get("code")

    @property
    def data(self) -> Any:
        """The data of a success."""
        return self.content["data"]

    @property
    def is_success(self) -> bool:
        """Whether what was asked was done."""
        return self.status == 200

    @property
    def is_outcome(self) -> bool:
        """Whether the same request must get it again: done, or refused by the broker."""
        return self.is_success or (self.status == 400 and self.code != "INVALID_REQUEST")


@dataclass(slots=True)
class Entry:
    """A named request, and the first reply to it; None while it is in doubt."""

    request: Request
    first: Reply | None = None


class AccountBook:
    """One account's book.

    Attributes:
        entries: every named request by its `client_order_id`.
        in_doubt: names of requests that were never answered.
        answered: names of those that were, in the order of their first replies.
        news: names whose first reply came since the checker last looked.
        repeats: name and reply of each repetition since then.
        misuses: name, reply to another request under that name, since then.
        cancellations: orders that were answered as cancelled since then.
        shown: deals that a reader was shown since then.
        trailed: positions whose stop loss the server may have moved by itself.
    """

    def __init__(self, login: int) -> None:
        self.login = login
        self.entries: dict[str, Entry] = {}
        self.in_doubt: set[str] = set()
        self.answered: list[str] = []
        self.news: list[str] = []
        self.repeats: list[tuple[str, Reply]] = []
        self.misuses: list[tuple[str, Reply]] = []
        self.cancellations: list[Json] = []
        self.shown: list[Json] = []
        self.trailed: set[int] = set()
        self._levels: dict[int, list[Json]] = {}
        self._notes: dict[int, list[str]] = {}

    def ask(self, request: Request) -> None:
        """A named request is about to be sent, perhaps again."""
        assert request.client_order_id is not None
        if request.client_order_id not in self.entries:
            self.entries[request.client_order_id] = Entry(request)
            self.in_doubt.add(request.client_order_id)

    def answer(self, request: Request, reply: Reply) -> None:
        """An outcome came back for a named request."""
        name = request.client_order_id
        assert name is not None
        entry = self.entries[name]
        if entry.first is None:
            entry.first = reply
            self.in_doubt.discard(name)
            self.answered.append(name)
            self.news.append(name)
        else:
            self.repeats.append((name, reply))

    # ------------------------------------------------------------------ levels

    def levels(self, ticket: int, name: str | None) -> list[Json]:
        """What price, stops and trailing stop of an order or position may be.

        Args:
            name: the `client_order_id` of the request that made it.
        """
        if ticket in self._levels:
            return self._levels[ticket]
        request = self.entries[name].request if name in self.entries else None
        return [{each: None if request is None else request.given(each) for each in LEVELS}]

    def intend(self, ticket: int, name: str | None, changes: Mapping[str, Any]) -> None:
        """A modification is about to be sent: from now on either may be true."""
        known = self.levels(ticket, name)
        intended = [{**each, **changes} for each in known]
        self._levels[ticket] = known + [each for each in intended if each not in known]
        if changes.get("trailing_stop"):
            self.trailed.add(ticket)

    def retract(self, ticket: int, levels: list[Json]) -> None:
        """A modification was refused: it is as before."""
        self._levels[ticket] = levels

    def settle(self, ticket: int, name: str | None, levels: Mapping[str, Any]) -> None:
        """These levels are now known: a modification was answered, or a checker has found which it is.

        Of what was possible, all that agrees with them stays; what they do not tell stays open.
        """
        known = self.levels(ticket, name)
        told = {each: levels[each] for each in LEVELS if each in levels}
        agreeing = [each for each in known if told.items() <= each.items()]
        settled: list[Json] = []
        for each in agreeing or known:
            if (now := {**each, **told}) not in settled:
                settled.append(now)
        self._levels[ticket] = settled

    def note(self, ticket: int, what: str) -> None:
        """Remember how a modification ended, for whoever has to find out what went wrong."""
        self._notes.setdefault(ticket, []).append(what)

    def notes(self, ticket: int) -> list[str]:
        """How the modifications of an order or position ended."""
        return self._notes.get(ticket, [])

    def forget(self, ticket: int) -> None:
        """An order or position is no more, so its levels are of no account."""
        self._levels.pop(ticket, None)
        self._notes.pop(ticket, None)
        self.trailed.discard(ticket)
