"""The faults that `make mutants` puts into the server, each with the tests that must find it.

They are what people fear of a broker: an acknowledged order lost or done twice, money that is wrong, a key that
works longer than it may, an event left out. Each is one small change to one place of the source.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["MUTANTS", "Mutant"]

_JOURNAL: Final = "server/tradyn/adapters/journal_sqlite.py"
_DESK: Final = "server/tradyn/desk.py"
_ACCESS: Final = "server/tradyn/access.py"
_COURIER: Final = "server/tradyn/delivery/webhooks.py"
_HUB: Final = "server/tradyn/delivery/hub.py"
_BROKER: Final = "server/tradyn/broker"


@dataclass(frozen=True)
class Mutant:
    """One fault.

    Attributes:
        what: what a user would suffer from it.
        file: from the root of the checkout.
        sound: a text that is in the file once; `spoilt` takes its place.
        tests: pytest's names of the tests that must find it; one is enough.
    """

    name: str
    what: str
    file: str
    sound: str
    spoilt: str
    tests: tuple[str, ...]

    def applied_to(self, source: str) -> str:
        """The source with the fault in it.

        Raises:
            ValueError: the text is not there, or in more places than one.
        """
        found = source.count(self.sound)
        if found != 1:
            raise ValueError(f"{self.name}: {self.sound!r} is {found} times in {self.file}, and must be once")
        return source.replace(self.sound, self.spoilt)


MUTANTS: Final = (
    Mutant(
        "reply-before-commit",
        "a trade is acknowledged before it is on disk",
        _DESK,
        "        self._track(login, future)\n        await self._until(future)\n",
        "        self._track(login, future)\n",
        ("tests/test_desk.py::test_nothing_is_shown_before_it_is_durable",),
    ),
    Mutant(
        "reply-before-commit-in-the-journal",
        "the journal says that it is durable when it has only begun to write",
        _JOURNAL,
        "        error = known or self._attempt(lambda: self._write(group))\n",
        "        _resolve([each.future for each in group if isinstance(each, _Write)], known)\n"
        "        error = known or self._attempt(lambda: self._write(group))\n",
        ("tests/reliability/test_power_cuts.py",),
    ),
    Mutant(
        "no-sync",
        "what was acknowledged is in the memory of the machine, not on disk",
        _JOURNAL,
        'synchronous: str = "FULL"',
        'synchronous: str = "NORMAL"',
        ("tests/reliability/test_power_cuts.py",),
    ),
    Mutant(
        "no-version-check",
        "two writers can write over each other's transactions",
        _JOURNAL,
        "            if each.version != head + 1:\n",
        "            if each.version < head:\n",
        ("tests/adapters/test_journal_sqlite.py", "-k", "conflict or version"),
    ),
    Mutant(
        "stops-swapped",
        "the stop loss is taken for the take profit",
        f"{_BROKER}/decisions/market_orders.py",
        "        sl=sl,\n        tp=tp,\n",
        "        sl=tp,\n        tp=sl,\n",
        ("tests/broker/test_known_answers.py", "tests/broker/test_triggers.py"),
    ),
    Mutant(
        "stop-as-take-profit",
        "a stop loss is filled at its own price, as if the market never jumped",
        f"{_BROKER}/triggers.py",
        "Trigger(position.sl, login, position.ticket, TriggerKind.SL)",
        "Trigger(position.sl, login, position.ticket, TriggerKind.TP)",
        ("tests/broker/test_triggers.py",),
    ),
    Mutant(
        "margin-off-by-a-cent",
        "margin is rounded down instead of half away from zero",
        f"{_BROKER}/margin.py",
        "    return divide(numerator, denominator)\n",
        "    return numerator // denominator\n",
        ("tests/broker/test_margin.py::test_margin_to_the_cent",),
    ),
    Mutant(
        "profit-of-the-wrong-side",
        "a long position is closed at the ask",
        f"{_BROKER}/profit.py",
        "quote.bid if position.side is Side.BUY else quote.ask",
        "quote.ask if position.side is Side.BUY else quote.bid",
        ("tests/broker/test_known_answers.py",),
    ),
    Mutant(
        "idempotency-forgotten-at-restart",
        "a client that asks again after a restart trades twice",
        _JOURNAL,
        "            WHERE account = ? AND client_order_id = ?\n        \"\"\"\n"
        "        rows = self._rows(sql, (account, client_order_id))\n",
        "            WHERE account = ? AND client_order_id = ?\n        \"\"\"\n"
        "        rows = self._rows(sql, (account, client_order_id)) if account in self._heads else []\n",
        ("tests/test_desk.py::test_outcomes_outlive_a_restart_and_a_reset",),
    ),
    Mutant(
        "twins-in-flight",
        "the same request sent twice at once is done twice",
        _DESK,
        "        while (twin := self._in_flight.get(key)) is not None:\n",
        "        while (twin := self._in_flight.get((login, operation))) is not None:\n",
        ("tests/test_desk.py::test_twins_in_flight_do_it_once",),
    ),
    Mutant(
        "skipped-row",
        "a reader of the stream who goes on after a break misses one event in a page",
        _HUB,
        "            for transaction in await self._desk.journal.read(login, after, _PAGE):\n",
        "            for transaction in await self._desk.journal.read(login, after and after + 1, _PAGE):\n",
        ("tests/delivery/test_resuming_stream.py",),
    ),
    Mutant(
        "cursor-before-answer",
        "an event for a webhook is ticked off before the receiver has taken it",
        _COURIER,
        "            while True:\n                await self._until_due()\n",
        "            while True:\n"
        "                await courier.move(self._webhook, Cursor(event.version or 0), delivery)\n"
        "                await self._until_due()\n",
        ("tests/delivery/test_courier.py::test_a_restart_goes_on_where_it_stopped",),
    ),
    Mutant(
        "revocation-cached",
        "a revoked key goes on working",
        _ACCESS,
        "        return key if self._is_valid(key, self._wall()) else None\n\n    def valid(",
        "        return key if self._is_valid(key, key.created_at) else None\n\n    def valid(",
        ("tests/test_access.py::test_revoked_from_the_next_request_on", "tests/test_access.py::test_expiry_to_the_millisecond"),
    ),
    Mutant(
        "others-keys",
        "a key can be revoked by whoever knows its id",
        _ACCESS,
        "        if key is None or (login is not None and key.login != login):\n",
        "        if key is None:\n",
        ("tests/reliability/test_access_matrix.py",),
    ),
    Mutant(
        "swap-twice",
        "a restart charges the swap of a day again",
        _DESK,
        "            marks[ROLLED] = str(self.broker.rolled)\n",
        "            marks[ROLLED] = str(rolled)\n",
        ("tests/journeys/test_determinism.py", "tests/broker/test_charges.py"),
    ),
    Mutant(
        "balance-by-hand",
        "a commission is shown in the deal and not booked",
        f"{_BROKER}/accounts.py",
        "",
        "",
        ("tests/test_desk.py::test_balance_is_the_sum_of_the_deals",),
    ),
)
