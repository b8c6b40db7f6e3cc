"""A broker for the tests: `tradyn` as a process, and a market that moves only when a test moves it."""

from __future__ import annotations

import json
import os
import shlex
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from tradyn_client import Client, Retries
from tradyn_client.models import Deal, Position, PushedQuote, Timeframe

from moving_average_bot.bot import Bot
from moving_average_bot.journal import Journal
from moving_average_bot.strategy import Rules

TRADYN: Final = shlex.split(os.environ.get("TRADYN", "tradyn"))
MONDAY: Final = datetime.fromisoformat("2026-03-02T10:00:00Z")
SYMBOL: Final = "EURUSD"
SPREAD: Final = 0.0001
AT_ONCE: Final = Retries(attempts=100, timeout=60, wait_initial=0.001, wait_max=0.002)


class Broker:
    """A running server."""

    def __init__(self, data_dir: Path, process: subprocess.Popen[bytes], start: datetime) -> None:
        known = json.loads((data_dir / "credentials.json").read_text())
        self.base_url: str = known["base_url"]
        self.admin = Client(base_url=self.base_url, token=known["admin_key"])
        self.process = process
        self.now = start

    def tick(self, *bids: float) -> None:
        """A quote at the beginning of each of the next minutes, so that each bid is a candle's close."""
        quotes = []
        for bid in bids:
            self.now = self.now.replace(second=0) + timedelta(minutes=1)
            quotes.append(_quote(bid, self.now))
        self.admin.push_quotes(quotes=quotes)

    def move(self, bid: float) -> None:
        """Another quote inside the candle of the present."""
        self.admin.push_quotes(quotes=[_quote(bid, self.now)])

    def wait(self, seconds: int) -> None:
        """Market time passes without a quote."""
        self.now = self.admin.advance_clock(seconds=seconds).now

    def faults(self, **faults: Any) -> None:
        """Let things go wrong from now on; without an argument they no longer do."""
        self.admin.set_faults(**faults)

    def open_account(self, folder: Path) -> Trader:
        """An account with 10,000 USD, and a bot's folder."""
        created = self.admin.create_account(balance=10_000)
        folder.mkdir(parents=True, exist_ok=True)
        return Trader(self.base_url, created.api_key, folder / "journal.jsonl")


class Trader:
    """An account, and the bot that trades on it."""

    def __init__(self, base_url: str, api_key: str, journal: Path) -> None:
        self.client = Client(base_url=base_url, token=api_key, retries=AT_ONCE)
        self.journal = journal

    def step(self, client: Client | None = None, **rules: Any) -> None:
        """One look of a bot that is started for it."""
        with Journal(self.journal) as journal:
            Bot(client or self.client, journal, SYMBOL, Timeframe.M1, rules_of(**rules)).step()

    @property
    def entries(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.journal.read_text().split("\n")[:-1]]

    def events(self, *kinds: str) -> list[dict[str, Any]]:
        return [each for each in self.entries if each["event"] in kinds]

    @property
    def positions(self) -> Sequence[Position]:
        return self.client.list_positions()

    @property
    def deals(self) -> list[Deal]:
        """All but the first deposit."""
        first, *others = self.client.iterate_account_history(limit=7)
        assert first.type_ == "balance"
        return others


def rules_of(**others: Any) -> Rules:
    """Averages of 2 and 4 closes, a tenth of a lot, stops 500 and 300 points away."""
    return Rules(**{"fast": 2, "slow": 4, "volume": 0.1, "sl": 500, "tp": 300, "magic": 7} | others)


def arguments(trader: Trader) -> list[str]:
    """The same for the command."""
    options = {"symbol": SYMBOL, "timeframe": "M1", "fast": 2, "slow": 4, "volume": 0.1, "sl": 500, "tp": 300}
    options |= {"magic": 7, "journal": trader.journal}
    return [f"--{name}={value}" for name, value in options.items()]


@contextmanager
def serving(
    data_dir: Path, *options: str, start: datetime = MONDAY, port: int | None = None
) -> Iterator[Broker]:
    """`tradyn serve` with a market of pushed quotes, until the end of the block."""
    port = port or _free_port()
    command = [*TRADYN, "serve", "--feed", "push", "--clock", "manual", "--start", start.isoformat()]
    # Some tests put a program between, which has a port of its own.
    command += ["--data-dir", str(data_dir), "--port", str(port), "--allowed-host", "127.0.0.1:*"]
    command += ["--rate-limit", "100000", *options]
    own = {name: value for name, value in os.environ.items() if not name.startswith("TRADYN")}
    with Path(f"{data_dir}.log").open("ab") as log:
        process = subprocess.Popen(command, env=own, stdout=log, stderr=log)
    try:
        patience = Retries(attempts=10_000, timeout=60, wait_max=0.1)
        Client(base_url=f"http://127.0.0.1:{port}/v1", retries=patience).get_readiness()
        yield Broker(data_dir, process, start)
    finally:
        process.terminate()
        process.wait()


def _quote(bid: float, time: datetime) -> PushedQuote:
    return PushedQuote(symbol=SYMBOL, bid=bid, ask=round(bid + SPREAD, 5), time=time)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
