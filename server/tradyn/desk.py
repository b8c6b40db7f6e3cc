"""The desk: decide → evolve → journal → answer, one writer for every account.

What always holds: a command's transactions are in the journal before its answer is given; a
read waits for the commit of what it saw; the same `client_order_id` never does a thing twice.
State is applied in memory at once, so commands of the same account queue only for the disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from functools import cache, partial
from hashlib import sha256
from typing import Any, Protocol

import orjson

from tradyn.broker import checks
from tradyn.broker.accounts import Account
from tradyn.broker.commands import (
    CancelOrder,
    ChangeBalance,
    CloseBy,
    ClosePosition,
    Command,
    ModifyOrder,
    ModifyPosition,
    ResetAccount,
)
from tradyn.broker.engine import Broker, Outcome
from tradyn.broker.instruments import Instrument
from tradyn.broker.market import Quote
from tradyn.broker.orders import Order
from tradyn.broker.refusals import Refusal
from tradyn.broker.transactions import AccountOpened, RequestSettled, Transaction
from tradyn.errors import ApiError
from tradyn.faults import Faults
from tradyn.masking import masked
from tradyn.ports import Bar, Batch, Commit, Journal, JournalFailed
from tradyn.tails import Tails
from tradyn.webhooks import Delivery

__all__ = [
    "ROLLED",
    "SERVER",
    "Desk",
    "Listener",
    "Recheck",
    "is_of_journal",
    "journal_refusal",
    "not_connected",
]

ROLLED = "clock.rolled"
"""The mark that says up to which end of a day swap has been charged."""

SERVER = 0
"""The account number of the server's own transactions: its keys, clock and faults."""

Recheck = Callable[[], None]
"""Raises the `ApiError` that answers a request whose key was taken away while it waited."""


class Listener(Protocol):
    """Hears of what has become durable, in the order of an account's versions, and of quotes."""

    def heard(self, transactions: Sequence[Transaction]) -> None:
        """These are durable."""

    def quoted(self, quote: Quote) -> None:
        """A symbol has a new quote."""


class Desk:
    """All accounts at work.

    Args:
        server_version: the version of the last transaction of account 0.
        now: market time in milliseconds since 1970.

    Attributes:
        quotes_taken: how many since the start; while it and `now` stand, so do all prices.
    """

    def __init__(
        self, broker: Broker, journal: Journal, faults: Faults, *, server_version: int, now: int
    ) -> None:
        self.broker = broker
        self.journal = journal
        self.faults = faults
        self.now = now
        self.quotes_taken = 0
        self.server_version = server_version
        self._commits: dict[int, Commit] = {}
        # Requests by their ids, and what those wait for that came a second time meanwhile.
        self._in_flight: dict[tuple[int, str], asyncio.Future[None] | None] = {}
        self._tails = Tails(broker.accounts.values())
        self._last_login = max(broker.accounts, default=10_000)
        self._time_passed = asyncio.Event()
        self.listeners: list[Listener] = []
        # When each request that is on its way arrives.
        self._arrivals: list[int] = []
        self._stands_still = False

    # ------------------------------------------------------------------ commands

    async def execute(
        self, login: int, command: Command, operation: str, recheck: Recheck | None = None
    ) -> Outcome:
        """Carry out a command, durably; a refusal is raised as `ApiError`.

        `recheck` is called when the command is about to be carried out, after whatever it has waited for.

        With a `client_order_id` the first outcome is given again to the same request; another
        request under the same id is 400 `CLIENT_ORDER_ID_REUSED`.
        """
        client_order_id: str | None = getattr(command, "client_order_id", None)
        if client_order_id is None:
            return _raise_refusal(await self._carry_out(login, command, None, recheck))
        key = (login, client_order_id)
        while key in self._in_flight:
            await self._end_of(key)
        self._in_flight[key] = None
        try:
            fingerprint = _fingerprint(operation, command)
            is_new = self.journal.is_new(login, client_order_id)
            settled = None if is_new else await self.journal.settled(login, client_order_id)
            if settled is not None:
                outcome = await self._again(settled, command, fingerprint)
            else:
                settlement = (client_order_id, operation, fingerprint)
                outcome = await self._carry_out(login, command, settlement, recheck)
        finally:
            ended = self._in_flight.pop(key)
            if ended is not None:
                ended.set_result(None)
        return _raise_refusal(outcome)

    async def _end_of(self, key: tuple[int, str]) -> None:
        ended = self._in_flight[key]
        if ended is None:
            ended = self._in_flight[key] = asyncio.get_running_loop().create_future()
        # Who goes away must not wake the others.
        await asyncio.shield(ended)

    async def _again(self, settled: Transaction, command: Command, fingerprint: str) -> Outcome:
        """The first outcome of a request, read from the journal."""
        event: RequestSettled = settled.settles or settled.event
        if event.fingerprint != fingerprint:
            # An object that never was is answered before anything else that is wrong with the request.
            if isinstance(command, ClosePosition | CloseBy) and not await self._was_position(
                settled.account, command
            ):
                raise ApiError("NOT_FOUND", f"There is no position {command.ticket}")
            raise ApiError(
                "CLIENT_ORDER_ID_REUSED",
                f"client_order_id {event.client_order_id} was used for another request ({event.operation}); "
                "use a new one, or send exactly the first request to see its outcome",
            )
        if event.code is not None:
            return Outcome(refusal=Refusal(event.code, event.error or "", event.facts or {}))
        count = settled.version - event.first_version + (event is settled.settles)
        transactions = (
            await self.journal.read(settled.account, event.first_version - 1, count) if count else []
        )
        return Outcome(tuple(transactions), failures=event.failures)

    async def _carry_out(
        self,
        login: int,
        command: Command,
        settlement: tuple[str, str, str] | None,
        recheck: Recheck | None,
    ) -> Outcome:
        arrival = await self._latency(login, command) if self.faults.settings.latency_ms else None
        if recheck is not None:
            recheck()
        account = self.broker.accounts[login]
        first_version = account.version + 1
        outcome = self._decide(login, command, arrival)
        refusal = outcome.refusal
        if refusal is not None and refusal.code == "NOT_FOUND":
            refusal = await self._ended(login, command)
            if refusal is None:
                raise ApiError("NOT_FOUND", outcome.refusal.message if outcome.refusal else "")
            outcome = Outcome(refusal=refusal)
            first_version = account.version + 1
        transactions: Sequence[Transaction] = outcome.transactions
        if settlement is not None:
            transactions = self._settle(login, settlement, first_version, outcome)
        if transactions:
            await self._until(self._append(Batch(transactions), (login,)))
        else:
            # A refusal may rest on what another request has just done.
            await self.durable(login)
        return outcome

    def _decide(self, login: int, command: Command, arrival: Quote | None) -> Outcome:
        account, ticket = self.broker.accounts[login], getattr(command, "ticket", None)
        if not self.faults.is_quiet and not isinstance(command, ChangeBalance | ResetAccount):
            is_there = ticket is None or ticket in account.positions or ticket in account.orders
            if is_there and self.faults.rejection():
                reason = "Request rejected (by the reject_rate of the faults)"
                return Outcome(refusal=Refusal("REJECTED", reason))
        return self.broker.execute(login, command, self.now, slippage=self.faults.slippage, arrival=arrival)

    def _settle(
        self, login: int, settlement: tuple[str, str, str], first_version: int, outcome: Outcome
    ) -> Sequence[Transaction]:
        """The transactions of an outcome, which from now on is that of its request."""
        client_order_id, operation, fingerprint = settlement
        refusal = outcome.refusal
        settled = RequestSettled(
            client_order_id=client_order_id,
            operation=operation,
            fingerprint=fingerprint,
            first_version=first_version,
            code=refusal.code if refusal else None,
            # As it is answered: what a client takes for a symbol may be its key.
            error=masked(refusal.message) if refusal else None,
            facts={name: masked(fact) for name, fact in refusal.facts.items()} if refusal else None,
            failures=outcome.failures,
        )
        *before, last = outcome.transactions or (None,)
        if last is None:
            return (self.broker.record(login, settled, self.now),)
        return (*before, Transaction(last.account, last.version, last.time, last.event, settled))

    async def _latency(self, login: int, command: Command) -> Quote | None:
        """Wait out the latency in market time; the quote at arrival, if there was a wait."""
        if isinstance(command, ChangeBalance | ResetAccount):
            return None
        symbol = getattr(command, "symbol", None)
        if isinstance(command, ClosePosition):
            position = self.broker.accounts[login].positions.get(command.ticket)
            symbol = None if position is None else position.symbol
        arrival = self.broker.market.quotes.get(symbol) if symbol else None
        sent, announced = self.now, None
        # The latency is read anew each time, so that clearing the faults lets all arrive.
        try:
            while self.now < (due := sent + self.faults.settings.latency_ms) and not self._stands_still:
                if announced is not None:
                    self._arrivals.remove(announced)
                self._arrivals.append(due)
                announced = due
                await self._time_passed.wait()
        finally:
            if announced is not None:
                self._arrivals.remove(announced)
        return arrival

    def next_arrival(self) -> int | None:
        """When the next request that is on its way arrives, in milliseconds since 1970."""
        return min((each for each in self._arrivals if each > self.now), default=None)

    async def let_arrive(self) -> None:
        """Have every request carried out whose time has come."""
        while any(each <= self.now for each in self._arrivals):
            self.wake_arrivals()
            await asyncio.sleep(0)

    def wake_arrivals(self) -> None:
        """Have every request on its way look again whether it has arrived."""
        self._time_passed.set()
        self._time_passed = asyncio.Event()

    def stand_still(self) -> None:
        """The market has come to its end: whatever is on its way arrives now."""
        if not self._stands_still:
            self._stands_still = True
            self.wake_arrivals()

    async def _was_position(self, login: int, command: ClosePosition | CloseBy) -> bool:
        is_open = command.ticket in self.broker.accounts[login].positions
        return is_open or await self._ended(login, command) is not None

    async def _ended(self, login: int, command: Command) -> Refusal | None:
        """The refusal for a ticket that once was; None if it never was."""
        ticket = getattr(command, "ticket", 0)
        await self.durable(login)
        order = await self.journal.order(login, ticket)
        if order is None:
            return None
        if isinstance(command, ClosePosition | CloseBy | ModifyPosition):
            if order.position != ticket:
                return None
            return Refusal("POSITION_CLOSED", f"Position {ticket} is closed")
        if isinstance(command, ModifyOrder | CancelOrder):
            return Refusal("INVALID_ORDER", f"Order {ticket} is {order.state} and can no longer be changed")
        return None

    # ------------------------------------------------------------------ accounts

    async def open_account(
        self,
        *,
        name: str,
        currency: str,
        leverage: int,
        balance: int,
        margin_call_level: Decimal,
        stop_out_level: Decimal,
    ) -> Account:
        """A new account under the next login, with its first deposit (minor units)."""
        login = self._last_login = self._last_login + 1
        event = AccountOpened(
            login=login,
            name=name,
            currency=currency,
            leverage=leverage,
            margin_call_level=margin_call_level,
            stop_out_level=stop_out_level,
            initial_balance=balance,
        )
        opened = self.broker.open_account(event, self.now)
        await self._until(self._append(Batch(opened.transactions), (login,)))
        return self.broker.accounts[login]

    def account(self, login: int) -> Account:
        """An account's state in memory, which may be ahead of the journal; else 404."""
        account = self.broker.accounts.get(login)
        if account is None:
            raise ApiError("NOT_FOUND", f"There is no account {login}")
        return account

    def instrument(self, symbol: str) -> Instrument:
        """The symbol that a request names beside its path; 400 `UNKNOWN_SYMBOL` if there is none."""
        instrument = checks.find_instrument(self.broker.market, symbol)
        if isinstance(instrument, Refusal):
            raise ApiError(instrument.code, instrument.message)
        return instrument

    async def durable(self, login: int) -> None:
        """Wait until everything is durable that a reader of this account can have seen by now."""
        commit = self._commits.get(login)
        if commit is not None:
            await self._until(commit)

    async def order(self, login: int, ticket: int) -> Order | None:
        """An order in whatever state."""
        placed = self.account(login).orders.get(ticket)
        if placed is not None:
            return placed
        await self.durable(login)
        return await self.journal.order(login, ticket)

    # ------------------------------------------------------------------ market

    def take_quote(self, quote: Quote, *, is_kept: bool = True) -> None:
        """One quote, and all that follows from it; on its way to the journal when this returns.

        Args:
            is_kept: whether a restart would give the same quote again, so that it may be shown; False of one
                that is yet to be saved.
        """
        self.now = max(self.now, quote.time)
        self.quotes_taken += 1
        rolled = self.broker.rolled
        self._pass_on(self.broker.on_quote(quote, self.faults.slippage), rolled)
        if is_kept:
            self.show(quote)

    def show(self, quote: Quote) -> None:
        """Have the listeners hear of a quote."""
        for each in self.listeners:
            each.quoted(quote)

    def take_time(self, now: int, marks: Mapping[str, str] | None = None) -> None:
        """Market time has come to `now` without a quote.

        Args:
            marks: become durable with what happens, all or nothing.
        """
        rolled = self.broker.rolled
        self._pass_on(self.broker.on_time(now), rolled, marks)
        self.now = now
        self.wake_arrivals()

    async def save(
        self,
        *,
        marks: dict[str, str] | None = None,
        quotes: Iterable[Quote] = (),
        bars: Iterable[Bar] = (),
        deliveries: Iterable[Delivery] = (),
    ) -> None:
        """Make all this durable, and with it all that was passed on before."""
        batch = Batch((), marks or {}, tuple(quotes), tuple(bars), tuple(deliveries))
        await self._until(self.journal.append(batch))

    # ------------------------------------------------------------------ journal

    @property
    def failed(self) -> bool:
        """Whether the journal writes no more, so that nothing can be acknowledged."""
        return self.journal.failed is not None

    async def record(
        self, *events: Any, marks: Mapping[str, str | None] | None = None, forgotten: Iterable[str] = ()
    ) -> None:
        """Make events of the server's own account durable, all or none.

        Args:
            marks, forgotten: as in a `Batch`, durable together with the events.
        """
        first = self.server_version + 1
        self.server_version += len(events)
        transactions = [
            Transaction(SERVER, first + index, self.now, each) for index, each in enumerate(events)
        ]
        batch = Batch(transactions, marks or {}, forgotten=tuple(forgotten))
        await self._until(self.journal.append(batch))

    def snapshot_all(self) -> None:
        """Snapshots of all accounts that moved since their last, for a fast next start."""
        self.journal.snapshot(self._tails.moved(self.broker.accounts))

    def _pass_on(
        self,
        transactions: list[Transaction],
        rolled: int | None,
        more: Mapping[str, str] | None = None,
    ) -> None:
        """To the journal in one batch; whoever reads one of the accounts waits for it.

        The end of a day is kept with what it charged, so that no restart charges twice or not at all.
        """
        marks = dict(more or {})
        if self.broker.rolled != rolled:
            marks[ROLLED] = str(self.broker.rolled)
        if not transactions and not marks:
            return
        self._append(Batch(transactions, marks), {each.account for each in transactions})

    def _append(self, batch: Batch, logins: Collection[int]) -> Commit:
        """To the journal; whoever reads one of these accounts waits for it."""
        commit = self.journal.append(batch)
        accounts = self.broker.accounts
        for login in logins:
            self._commits[login] = commit
            if due := self._tails.grow(accounts[login], accounts):
                self.journal.snapshot(due)
        commit.then(partial(self._end, batch.transactions, logins))
        return commit

    def _end(self, transactions: Sequence[Transaction], logins: Collection[int], commit: Commit) -> None:
        """The listeners hear of it, if it is durable. Commits are done in the order of the batches."""
        for login in logins:
            if self._commits.get(login) is commit:
                del self._commits[login]
        # Nobody may be waiting: a failure of the disk reaches the process by another way.
        if commit.exception() is None and transactions:
            for each in self.listeners:
                each.heard(transactions)

    @staticmethod
    async def _until(commit: Commit) -> None:
        try:
            await commit
        except JournalFailed as failure:
            raise not_connected() from failure


def not_connected() -> ApiError:
    """What clients are told when the journal fails.

    Without the failure itself, which names the file: that is for who runs the server, and the process tells
    them as it ends.
    """
    return ApiError(
        "NOT_CONNECTED",
        "Not connected to the trading server: it cannot use its journal, and stops. Send this again when it "
        "runs again",
    )


def is_of_journal(error: BaseException) -> bool:
    """Whether it comes of a failure of the journal: no bug, and told by the process as it ends."""
    return isinstance(error, JournalFailed) or isinstance(error.__cause__, JournalFailed)


def journal_refusal(error: BaseException) -> ApiError | None:
    """What clients are told where an error comes of a failure of the journal; None for any other."""
    return not_connected() if is_of_journal(error) else None


def _raise_refusal(outcome: Outcome) -> Outcome:
    if outcome.refusal is not None:
        raise ApiError(outcome.refusal.code, outcome.refusal.message)
    return outcome


def _fingerprint(operation: str, command: Command) -> str:
    """What must be equal for two requests to be the same, after parsing and defaults.

    What has its default is left out, so that a field that a later version adds changes nothing.
    """
    kind: Any = type(command)
    given = {
        name: value
        for name, default in _defaults(kind)
        if (value := getattr(command, name)) is not default and value != default
    }
    content = orjson.dumps([operation, given], default=str)
    return sha256(content).hexdigest()[:32]


@cache
def _defaults(command: type[Any]) -> tuple[tuple[str, Any], ...]:
    return tuple((each.name, each.default) for each in fields(command))
