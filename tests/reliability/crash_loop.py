"""`make crash`: kill -9 while many clients trade, start again, compare; as often as wanted.

Each cycle starts the server as a process of its own on the same data folder, has a checker compare its
history with the book of acknowledged replies, lets the clients trade, and kills it: at a random moment under
load, while it starts and recovers, while it copies its write-ahead log into the file, or while it ends. The
seed that is printed first repeats all choices and moments; how the system schedules the processes, it cannot
repeat.
"""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

import click
import httpx
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from reliability.book import AccountBook, Request
from reliability.history_check import AccountHistory, Rule, Violation
from reliability.history_reader import HistoryReader, read
from reliability.owner_check import check_owner
from reliability.server_process import ServerProcess
from reliability.stream_check import check_stream
from reliability.traders import Connection, Gone, Market, Owner, Trader, send

__all__ = ["CrashLoop", "Kill", "Plan", "Tally"]

_POLL_SECONDS: Final = 0.01
_LONGEST_LOAD_SECONDS: Final = 5
_OPTIONS: Final = (
    *("--feed", "synthetic", "--clock", "manual", "--start", "2026-03-02T09:30:00Z"),
    *("--rate-limit", "10000000", "--allow-local-webhooks"),
)


class Kill(StrEnum):
    """When the process is killed."""

    LOAD = "under load"
    START = "while starting"
    CHECKPOINT = "in a checkpoint"
    STOP = "while ending"


# The first cycles have one of each.
_FIRST: Final = (Kill.LOAD, Kill.START, Kill.CHECKPOINT, Kill.LOAD, Kill.STOP)
_LATER: Final = {Kill.LOAD: 60, Kill.START: 15, Kill.CHECKPOINT: 15, Kill.STOP: 10}


@dataclass(frozen=True)
class Plan:
    """How much is done.

    Attributes:
        accounts, traders: so many accounts, and so many clients on each; two more clients move the market and
            manage keys, webhooks and accounts.
        check_all_every: cycles between full comparisons from the first deal on; one is made at the end.
    """

    cycles: int
    seed: int
    accounts: int = 4
    traders: int = 5
    check_all_every: int = 100

    @property
    def clients(self) -> int:
        """How many ask at the same time."""
        return self.accounts * self.traders + 2


@dataclass
class Tally:
    """What was done so far."""

    cycles: int = 0
    kills: Counter[Kill] = field(default_factory=Counter)
    requests: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    repeats: int = 0
    misuses: int = 0
    in_doubt: int = 0
    in_doubt_done: int = 0
    deals: int = 0
    orders: int = 0
    keys: int = 0
    webhooks: int = 0
    start_seconds: list[float] = field(default_factory=list)
    check_seconds: list[float] = field(default_factory=list)
    full_checks: int = 0
    journal_bytes: int = 0
    seconds: float = 0.0
    violations: list[Violation] = field(default_factory=list)


class CrashLoop:
    """The whole of it; `run` once."""

    def __init__(self, plan: Plan, folder: Path, on_cycle: Callable[[Tally], None] = lambda _: None) -> None:
        self.plan, self.tally = plan, Tally()
        self._on_cycle = on_cycle
        self._dice = random.Random(f"{plan.seed}/kills")
        self._process = ServerProcess(folder, _OPTIONS)
        self._admin_key = ""
        self._books: dict[str, AccountBook] = {}
        self._histories: dict[str, AccountHistory] = {}
        self._readers: dict[str, HistoryReader] = {}
        self._traders: list[Trader] = []
        self._market: Market
        self._owner: Owner
        self._latest_time = ""
        self._counted: set[str] = set()

    async def run(self) -> Tally:
        """All cycles, or up to the first violation, which stands in the tally."""
        begun = time.monotonic()
        for cycle in range(self.plan.cycles):
            kill = self._choose(cycle)
            await self._cycle(cycle, kill)
            self.tally.seconds = time.monotonic() - begun
            if self.tally.violations:
                return self.tally
            self.tally.cycles += 1
            self._on_cycle(self.tally)
        async with self._client() as client:
            if await self._start(client):
                await self._compare(client, in_full=True)
            self._process.kill()
        self._count()
        self.tally.seconds = time.monotonic() - begun
        return self.tally

    def close(self) -> None:
        """End the server process, however things stand."""
        self._process.close()

    def _choose(self, cycle: int) -> Kill:
        if cycle < len(_FIRST):
            return _FIRST[cycle]
        return self._dice.choices(list(_LATER), list(_LATER.values()))[0]

    def _client(self) -> httpx.AsyncClient:
        limits = httpx.Limits(max_connections=100)
        return httpx.AsyncClient(base_url=self._process.base_url, timeout=30, limits=limits, verify=False)

    # ------------------------------------------------------------------ one cycle

    async def _cycle(self, cycle: int, kill: Kill) -> None:
        if kill is Kill.START:
            await self._kill_starts()
        async with self._client() as client:
            if not await self._start(client):
                return
            if not self._books:
                await self._open_accounts(client)
            await self._compare(client, in_full=cycle > 0 and cycle % self.plan.check_all_every == 0)
            if self.tally.violations:
                return
            await self._trade(client, kill)
        self._count()

    async def _kill_starts(self) -> None:
        """Kill it once or more before it is ready: in its imports, in recovery, just before it listens."""
        usual = self.tally.start_seconds[-1] if self.tally.start_seconds else 1.0
        for _ in range(self._dice.randint(1, 2)):
            self._process.start()
            await asyncio.sleep(usual * self._dice.uniform(0.4, 1.05))
            if (code := self._process.kill()) != -signal.SIGKILL:
                self._fail(f"the server ended with {code} at its start")
            self.tally.kills[Kill.START] += 1

    async def _start(self, client: httpx.AsyncClient) -> bool:
        begun = time.monotonic()
        self._process.start()
        is_ready = await self._ready(client)
        self.tally.start_seconds.append(time.monotonic() - begun)
        if not is_ready:
            self._fail("the server ended instead of becoming ready")
        return is_ready

    async def _ready(self, client: httpx.AsyncClient) -> bool:
        """Whether it became ready; False if it ended before."""
        while self._process.is_running():
            try:
                if (await client.get("/health/ready")).status_code == 200:
                    return True
            except httpx.TransportError:
                pass
            await asyncio.sleep(_POLL_SECONDS)
        return False

    async def _trade(self, client: httpx.AsyncClient, kill: Kill) -> None:
        connection = Connection(client)
        await self._market.quote(connection)
        clients = [*(each.run for each in self._traders), self._market.run, self._owner.run]
        running = [asyncio.create_task(run(connection)) for run in clients]
        done = await self._kill(kill, connection)
        await asyncio.gather(*running)
        self.tally.kills[done] += 1
        self._latest_time = max(self._latest_time, connection.latest_time)
        self.tally.requests += connection.requests
        if self._process.has_logged_an_error():
            self._fail("the server logged an error")

    async def _kill(self, kill: Kill, connection: Connection) -> Kill:
        """Kill it in its time; what it was in the end."""
        # Also a busy machine is to have done something until then.
        wanted, until = self._dice.randint(20, 250), time.monotonic() + _LONGEST_LOAD_SECONDS
        await asyncio.sleep(self._dice.uniform(0.05, 0.7))
        while connection.requests < wanted and time.monotonic() < until:
            await asyncio.sleep(_POLL_SECONDS)
        grace = self._dice.uniform(0.0, 0.06)
        if kill is Kill.CHECKPOINT:
            # A thread, because the event loop is busy.
            return await asyncio.to_thread(self._kill_in_checkpoint, grace / 10)
        if kill is Kill.STOP:
            self._process.terminate()
            await asyncio.sleep(grace)
        code = self._process.kill()
        if code != -signal.SIGKILL and not (kill is Kill.STOP and code == 0):
            self._fail(f"the server ended by itself with {code}")
        return Kill.LOAD if kill is Kill.START else kill

    def _kill_in_checkpoint(self, grace: float) -> Kill:
        """Only a checkpoint writes to the file itself. There is one now and then, and at the end."""
        written = self._process.journal.stat().st_mtime_ns

        def wait(until: float) -> bool:
            while time.monotonic() < until and self._process.is_running():
                if self._process.journal.stat().st_mtime_ns != written:
                    time.sleep(grace)
                    return True
                time.sleep(0.0005)
            return False

        is_writing = wait(time.monotonic() + 0.5)
        if not is_writing:
            self._process.terminate()
            is_writing = wait(time.monotonic() + 30)
        code = self._process.kill()
        if code not in (-signal.SIGKILL, 0):
            self._fail(f"the server ended by itself with {code}")
        return Kill.CHECKPOINT if is_writing and code != 0 else Kill.STOP

    # ------------------------------------------------------------------ the beginning

    async def _open_accounts(self, client: httpx.AsyncClient) -> None:
        credentials = json.loads((self._process.data_dir / "credentials.json").read_text())
        self._admin_key = credentials["admin_key"]
        seed = self.plan.seed
        for number in range(self.plan.accounts):
            body = {"name": f"Crash {number}", "balance": 10_000_000}
            request = Request("createAccount", "POST", "/api/accounts", body=body)
            made = (await send(Connection(client), request, self._admin_key)).data
            book = AccountBook(made["login"])
            key = made["api_key"]
            self._books[key], self._histories[key] = book, AccountHistory(book)
            self._readers[key] = HistoryReader(key)
            names = [f"{number}{chr(ord('a') + each)}" for each in range(self.plan.traders)]
            self._traders += [Trader(each, book, key, self._admin_key, f"{seed}/{each}") for each in names]
        self._market = Market(self._admin_key, next(iter(self._books)), f"{seed}/market")
        self._owner = Owner(self._admin_key, self._books, f"{seed}/owner")

    # ------------------------------------------------------------------ the checker

    async def _compare(self, client: httpx.AsyncClient, *, in_full: bool) -> None:
        try:
            await self._check(client)
            if in_full:
                await self._check_all(client)
        except httpx.HTTPError as error:
            self._fail(f"the server could not be asked: {error}")

    async def _check(self, client: httpx.AsyncClient) -> None:
        begun = time.monotonic()
        clock = await read(client, self._admin, "/api/simulation/clock")
        if clock["now"] < self._latest_time:
            found = f"{self._latest_time} was acknowledged, now it is {clock['now']}"
            self.tally.violations.append(Violation(Rule.TIME, "the server", found))
        self._latest_time = clock["now"]
        for key, history in self._histories.items():
            book = history.book
            self._count_replies(book)
            newest = book.news[-4:]
            self.tally.violations += history.check(await self._readers[key].observe(client))
            for name in book.in_doubt - self._counted:
                self._counted.add(name)
                self.tally.in_doubt += 1
                self.tally.in_doubt_done += history.was_done(name)
            await self._ask_again(client, key, history, newest)
        self.tally.violations += await check_owner(self._owner, client, self._admin_key, self._books)
        self.tally.check_seconds.append(time.monotonic() - begun)

    async def _ask_again(
        self, client: httpx.AsyncClient, key: str, history: AccountHistory, newest: list[str]
    ) -> None:
        """The last that were acknowledged before the kill, and some of all time."""
        book = history.book
        for name in {*newest, *self._dice.choices(book.answered or [""], k=6)} - {""}:
            request = book.entries[name].request
            token = self._admin_key if request.operation == "changeBalance" else key
            try:
                book.answer(request, await send(Connection(client), request, token))
            except Gone:
                self._fail(f"no answer to {request}")
        self.tally.repeats += len(book.repeats)
        self.tally.violations += history.check_replies()

    async def _check_all(self, client: httpx.AsyncClient) -> None:
        """Everything from the first deal on, by a fold of its own."""
        for key, history in self._histories.items():
            fresh = AccountHistory(history.book)
            self.tally.violations += fresh.check_all(await HistoryReader(key).observe(client))
            self.tally.violations += history.compare(fresh)
            self.tally.violations += await check_stream(fresh, self._process.base_url, key)
        self.tally.full_checks += 1

    # ------------------------------------------------------------------ figures

    @property
    def _admin(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._admin_key}"}

    def _count_replies(self, book: AccountBook) -> None:
        self.tally.repeats += len(book.repeats)
        self.tally.misuses += len(book.misuses)
        for name in book.news:
            reply = book.entries[name].first
            self.tally.outcomes["done" if reply is None or reply.code is None else reply.code] += 1

    def _count(self) -> None:
        histories = self._histories.values()
        self.tally.deals = sum(len(each.deals) for each in histories)
        self.tally.orders = sum(len(each.ended) for each in histories)
        self.tally.keys = len(self._owner.keys) if self._books else 0
        self.tally.webhooks = (
            len(self._owner.webhooks) + len(self._owner.deleted_webhooks) if self._books else 0
        )
        log = self._process.journal.with_name(self._process.journal.name + "-wal")
        self.tally.journal_bytes = sum(
            each.stat().st_size for each in (self._process.journal, log) if each.exists()
        )

    def _fail(self, found: str) -> None:
        said = f"{found}\n{self._process.log_end()}"
        self.tally.violations.append(Violation(Rule.PROCESS, "the server", said))


# ---------------------------------------------------------------------- the command


@click.command()
@click.option("--cycles", type=click.IntRange(1), default=1000, show_default=True, help="Kills and restarts.")
@click.option("--seed", type=int, help="The one a failing run printed.  [default: a new one]")
@click.option("--check-all-every", type=click.IntRange(1), default=100, show_default=True)
def main(cycles: int, seed: int | None, check_all_every: int) -> None:
    """Kill the server again and again under load, and compare what it kept with what it acknowledged."""
    plan = Plan(
        cycles,
        random.SystemRandom().randrange(2**32) if seed is None else seed,
        check_all_every=check_all_every,
    )
    console = Console()
    console.print(f"seed {plan.seed}, {plan.clients} clients, {cycles} cycles")
    folder = Path(tempfile.mkdtemp(prefix="tradyn-crash-"))
    with _progress(console, cycles) as advance:
        loop = CrashLoop(plan, folder, advance)
        try:
            tally = asyncio.run(loop.run())
        finally:
            loop.close()
    console.print(_table(plan, tally))
    if tally.violations:
        for each in tally.violations[:20]:
            console.print(str(each), markup=False, highlight=False, soft_wrap=True)
        again = f"make crash CYCLES={cycles} SEED={plan.seed}"
        console.print(f"{len(tally.violations)} violations in cycle {tally.cycles + 1}. Again: {again}")
        console.print(f"The data folder and the server's log are in {folder}")
        sys.exit(1)
    shutil.rmtree(folder)


@contextmanager
def _progress(console: Console, cycles: int) -> Iterator[Callable[[Tally], None]]:
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console, refresh_per_second=2) as progress:
        task = progress.add_task("", total=cycles)

        def advance(tally: Tally) -> None:
            answered = sum(tally.outcomes.values())
            said = (
                f"{answered:,} acknowledged, {tally.in_doubt:,} in doubt, {tally.deals:,} deals, 0 violations"
            )
            progress.update(task, completed=tally.cycles, description=said)
            # What is no terminal gets a line now and then.
            if not console.is_terminal and tally.cycles % 25 == 0:
                console.print(
                    f"{tally.cycles}/{cycles} cycles, {tally.seconds:,.0f} s: {said}", soft_wrap=True
                )

        yield advance


def _table(plan: Plan, tally: Tally) -> Table:
    starts, checks = sorted(tally.start_seconds), sorted(tally.check_seconds)
    answered = sum(tally.outcomes.values())
    found = Counter(each.rule for each in tally.violations)
    rows: dict[str, object] = {
        "cycles": tally.cycles,
        **{f"kills {kind}": count for kind, count in sorted(tally.kills.items())},
        "clients at the same time": plan.clients,
        "requests": tally.requests,
        "named requests acknowledged": answered,
        "… of them done": tally.outcomes["done"],
        "… of them refused": answered - tally.outcomes["done"],
        "in doubt at a kill": tally.in_doubt,
        "… of those done": tally.in_doubt_done,
        "repetitions compared": tally.repeats,
        "used names tried for another request": tally.misuses,
        "deals": tally.deals,
        "ended orders": tally.orders,
        "API keys, webhooks": f"{tally.keys}, {tally.webhooks}",
        "acknowledged and lost": found[Rule.LOST],
        "done twice": found[Rule.TWICE],
        "replies that differ from the first": found[Rule.REPLY],
        "other violations": len(tally.violations) - found[Rule.LOST] - found[Rule.TWICE] - found[Rule.REPLY],
        "full comparisons": tally.full_checks,
        "start, median / longest": _seconds(starts),
        "check, median / longest": _seconds(checks),
        "journal": f"{tally.journal_bytes / 1e6:,.0f} MB",
        "time": f"{tally.seconds:,.0f} s",
    }
    table = Table("", "", show_header=False)
    for name, value in rows.items():
        table.add_row(name.rstrip("."), f"{value:,}" if isinstance(value, int) else str(value))
    return table


def _seconds(values: list[float]) -> str:
    return f"{values[len(values) // 2]:.2f} / {values[-1]:.2f} s" if values else "-"


if __name__ == "__main__":
    # So that the server goes, too.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    main()
