"""The seams: small protocols at the verbs of the domain. Their implementations are in `adapters`.

A port exists because it has more than one implementation: the journal is SQLite in a file or
in memory, the feed is synthetic, replayed or empty (quotes pushed through the API).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from tradyn.broker.accounts import Account
from tradyn.broker.deals import Deal
from tradyn.broker.market import Quote
from tradyn.broker.orders import Order, OrderState
from tradyn.broker.transactions import Transaction
from tradyn.webhooks import Delivery

__all__ = ["Bar", "Bars", "Batch", "Commit", "Feed", "Journal", "JournalFailed", "Quotes"]

Column = NDArray[np.int64]


class Quotes(NamedTuple):
    """Quotes of one symbol as columns in time order: milliseconds since 1970, points, points."""

    time: Column
    bid: Column
    ask: Column


class Bars(NamedTuple):
    """One-minute bars of bids as columns in time order; minutes without a quote have no bar.

    `time` is the opening minute in milliseconds since 1970, prices and `spread` are points,
    `spread` is that of the bar's last quote.
    """

    time: Column
    open: Column
    high: Column
    low: Column
    close: Column
    tick_volume: Column
    spread: Column


class Feed(Protocol):
    """A source of quotes as a function of market time: asking twice gives the same answer."""

    @property
    def start(self) -> int | None:
        """The time of the first recorded quote; None where the feed can start at any time."""

    @property
    def end(self) -> int | None:
        """The time of the last recorded quote; None where the feed never ends."""

    def quotes(self, after: int, until: int) -> Mapping[str, Quotes]:
        """Every quote with `after < time <= until`, by symbol; symbols without one are absent."""

    def columns(self, symbol: str, after: int, until: int) -> Quotes:
        """The quotes of one symbol with `after < time <= until`."""

    def last(self, symbol: str, at: int) -> Quote | None:
        """The latest quote of `symbol` with `time <= at`."""

    def bars(self, symbol: str, since: int, until: int) -> Bars:
        """One-minute bars of the feed's quotes with `since <= time < until`, history included.

        `since` must be the beginning of a minute; the last bar may be partial.
        """


@dataclass(slots=True)
class Bar:
    """What pushed quotes did to one minute of one symbol; it is laid over the feed's own bar."""

    symbol: str
    time: int
    first_time: int
    last_time: int
    open: int
    high: int
    low: int
    close: int
    tick_volume: int
    spread: int


class Commit(asyncio.Future[None]):
    """Done once a batch is durable; fails with `JournalFailed`.

    It cannot be cancelled, because nothing stops what is on its way to the disk, and others may wait for it
    too: a task that is cancelled while it waits ends once this is done.
    """

    _steps: Sequence[Callable[[Commit], None]] = ()

    def cancel(self, msg: Any | None = None) -> bool:
        """Cancel nothing."""
        return False

    def then(self, step: Callable[[Commit], None]) -> None:
        """Have `step` called as soon as this is done, before any task that waits for it goes on.

        Steps are called one after another, in the order in which they were given; what a callback of a future
        costs, a turn of the loop, is saved. A task that waits for an earlier commit may thus go on later than
        a step of this one: what must happen in the order of the journal happens before the wait.
        """
        if self.done():
            self.get_loop().call_soon(step, self)
        else:
            self._steps = (*self._steps, step)

    def end(self, error: BaseException | None) -> None:
        """It is durable, or has failed."""
        if error is None:
            self.set_result(None)
        else:
            self.set_exception(error)
        steps, self._steps = self._steps, ()
        for step in steps:
            try:
                step(self)
            except Exception as failure:
                # The others have not failed.
                context = {"message": f"{step} failed after a commit", "exception": failure, "future": self}
                self.get_loop().call_exception_handler(context)


@dataclass(slots=True)
class Batch:
    """What becomes durable together or not at all.

    Attributes:
        transactions: in the order of their versions, for any number of accounts.
        marks: small named values, each replacing its predecessor (the clock's position …); None removes it.
        quotes: the last quote of each symbol that a restart needs.
        bars: minutes that pushed quotes took part in, each replacing its predecessor.
        deliveries: to webhooks, each replacing its predecessor of the same number; of each webhook the last
            1,000 numbers are kept.
        forgotten: ids of webhooks whose deliveries go, these ones included.
    """

    transactions: Sequence[Transaction] = ()
    marks: Mapping[str, str | None] = field(default_factory=dict)
    quotes: Sequence[Quote] = ()
    bars: Sequence[Bar] = ()
    deliveries: Sequence[Delivery] = ()
    forgotten: Sequence[str] = ()


class JournalFailed(Exception):
    """The journal cannot write: memory is ahead of it, so the process must stop and start again."""


class Journal(Protocol):
    """The numbered transactions of all accounts, durable once `append`'s future is done.

    Account 0 is the server's own. `(account, version)` is unique, and a version that is not
    the next of its account fails the batch: with one process that is a bug.

    Attributes:
        failed: why the journal writes no more; None while all is well.
    """

    failed: JournalFailed | None

    def append(self, batch: Batch) -> Commit:
        """Queue a batch. Commits are done in the order of the batches."""

    async def read(self, account: int, after: int = 0, limit: int = 1000) -> list[Transaction]:
        """Transactions of one account with `version > after`, in order."""

    def is_new(self, account: int, client_order_id: str) -> bool:
        """Whether it is certain that no request of this `client_order_id` was settled."""

    async def settled(self, account: int, client_order_id: str) -> Transaction | None:
        """The transaction that settled a request: by the way, or as its event."""

    async def order(self, account: int, ticket: int) -> Order | None:
        """An order that is no longer placed, as it ended."""

    async def orders(
        self, account: int, states: Iterable[OrderState], *, symbol: str | None, after: int, limit: int
    ) -> list[tuple[int, Order]]:
        """Ended orders with the version of the transaction that ended them, from `after` on."""

    async def deals(
        self,
        account: int,
        *,
        symbol: str | None,
        since: int | None,
        until: int | None,
        after: int | None,
        limit: int,
        descending: bool,
    ) -> list[tuple[int, Deal]]:
        """Deals with their versions, `since <= time < until`, beyond version `after` in that direction."""

    async def story(self, account: int, ticket: int) -> list[Transaction]:
        """Every transaction about what `ticket` names, in order; empty where it names nothing.

        Of an order or a position that is all that happened to either; of a closing order or of a
        deal the same story of its position; of a balance deal its own transaction.
        """

    async def bars(self, symbol: str, since: int, until: int) -> list[Bar]:
        """The bars of pushed quotes with `since <= time < until`."""

    async def last_bar(self, symbol: str, at: int) -> Bar | None:
        """The latest bar of pushed quotes that opens at or before `at`."""

    async def deliveries(self, webhook_id: str, before: int | None, limit: int) -> list[Delivery]:
        """The deliveries of a webhook, the newest first, with `number < before`."""

    async def delivery(self, webhook_id: str, delivery_id: str) -> Delivery | None:
        """One delivery of a webhook."""

    def accounts(self) -> list[Account]:
        """Every account but 0 as the fold of its transactions, with the help of snapshots."""

    def snapshot(self, accounts: Iterable[Account]) -> None:
        """Queue snapshots of accounts, so that the next start reads less."""

    def symbols(self) -> set[str]:
        """Every symbol that has a deal or an order that ended; reads the whole history."""

    def marks(self) -> dict[str, str]:
        """All marks."""

    def quotes(self) -> list[Quote]:
        """The saved last quotes."""

    def close(self) -> None:
        """Write what is queued, and let go of the file."""
