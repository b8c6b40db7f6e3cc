"""The faults that `make mutants` puts into the server, each with the tests that must find it.

They are what people fear of a broker: an acknowledged order lost or done twice, money that is wrong, a key
that works longer than it may, an event left out. Each is one small change to one place of the source.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["MUTANTS", "Mutant"]

_JOURNAL: Final = "server/tradyn/adapters/journal_sqlite.py"
_DESK: Final = "server/tradyn/desk.py"
_ACCESS: Final = "server/tradyn/access.py"
_GATE: Final = "server/tradyn/gate.py"
_ORIGINS: Final = "server/tradyn/origins.py"
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
    # ── what was acknowledged ──────────────────────────────────────────────────────────────────────────────
    Mutant(
        "reply-before-commit",
        "a trade is acknowledged before it is on disk",
        _DESK,
        "            await self._until(self._append(Batch(transactions), (login,)))\n",
        "            self._append(Batch(transactions), (login,))\n",
        ("tests/test_desk.py::test_nothing_is_shown_before_it_is_durable",),
    ),
    Mutant(
        "reply-before-commit-in-the-journal",
        "a trade is acknowledged when its writing begins, and lost if the power goes meanwhile",
        _JOURNAL,
        "        error = self.failed or self._attempt(lambda: self._write(group))\n",
        "        _resolve([each.future for each in group if isinstance(each, _Write)], self.failed)\n"
        "        error = self.failed or self._attempt(lambda: self._write(group))\n",
        ("tests/reliability/test_power_cuts.py::test_a_power_cut_loses_nothing_acknowledged",),
    ),
    Mutant(
        "no-sync",
        "trades that were acknowledged are gone after a power cut",
        _JOURNAL,
        '        connection.pragma("synchronous", synchronous)\n',
        '        connection.pragma("synchronous", "NORMAL")\n',
        ("tests/reliability/test_power_cuts.py::test_a_power_cut_loses_nothing_acknowledged",),
    ),
    Mutant(
        "no-sync-unless-asked",
        "the same, because the server does not ask for it",
        _JOURNAL,
        'synchronous: str = "FULL"',
        'synchronous: str = "NORMAL"',
        ("tests/adapters/test_journal_sqlite.py::test_every_commit_syncs_the_log",),
    ),
    Mutant(
        "no-version-check",
        "of two writers who both think they are next, one fails the journal for everybody, or leaves a gap",
        _JOURNAL,
        "            if each.version != head + 1:\n",
        "            if each.version < 0:\n",
        ("tests/adapters/test_journal_sqlite.py::test_a_conflict_is_not_a_failed_journal",),
    ),
    Mutant(
        "no-checksum",
        "a trade that the disk has changed is shown as if it had been made so",
        _JOURNAL,
        "        if found != checksum(account, version, kind, time, payload):\n",
        "        if found is None:\n",
        (
            "tests/reliability/test_damaged_files.py"
            "::test_in_a_file_too_large_to_check_at_start_damage_shows_when_it_is_read",
        ),
    ),
    # ── once, and nothing left out ─────────────────────────────────────────────────────────────────────────
    Mutant(
        "idempotency-forgotten-at-restart",
        "a client that asks again after a restart trades twice",
        _JOURNAL,
        "        rows = self._rows(sql, (account, client_order_id))\n",
        "        rows = self._rows(sql, (account, client_order_id)) if account in self._heads else []\n",
        ("tests/test_desk.py::test_outcomes_outlive_a_restart_and_a_reset",),
    ),
    Mutant(
        "twins-in-flight",
        "a request that is sent twice at once is done twice",
        _DESK,
        "        while key in self._in_flight:\n",
        "        while (login, operation) in self._in_flight:\n",
        ("tests/test_desk.py::test_twins_in_flight_do_it_once",),
    ),
    Mutant(
        "skipped-row-in-history",
        "whoever reads the history page by page misses a deal at each turn of the page",
        _JOURNAL,
        "(first, min(end, after)) if descending else (max(first, after + 1), end)",
        "(first, min(end, after - 1)) if descending else (max(first, after + 2), end)",
        ("tests/test_desk.py::test_balance_is_the_sum_of_the_deals",),
    ),
    Mutant(
        "skipped-row-in-the-stream",
        "whoever resumes the stream after a break misses an event",
        _HUB,
        "            for transaction in await self._desk.journal.read(login, after, _PAGE):\n",
        "            for transaction in await self._desk.journal.read(login, after and after + 1, _PAGE):\n",
        ("tests/delivery/test_hub.py::test_numbered_messages_wait_for_a_slow_reader_in_the_journal",),
    ),
    Mutant(
        "cursor-before-answer",
        "an event for a webhook is ticked off before it was taken, and never comes after a restart",
        _COURIER,
        "            while True:\n                await self._until_due()\n",
        "            while True:\n"
        "                await courier.move(self._webhook, Cursor(event.version or 0), delivery)\n"
        "                await self._until_due()\n",
        ("tests/delivery/test_courier.py::test_what_was_not_taken_is_not_ticked_off",),
    ),
    # ── money ──────────────────────────────────────────────────────────────────────────────────────────────
    Mutant(
        "stops-swapped",
        "the stop loss is taken for the take profit",
        f"{_BROKER}/decisions/market_orders.py",
        "        sl=sl,\n        tp=tp,\n",
        "        sl=tp,\n        tp=sl,\n",
        ("tests/broker/test_triggers.py::test_stops_of_positions",),
    ),
    Mutant(
        "stop-as-take-profit",
        "a stop loss is filled at its own price, as if the market never jumped",
        f"{_BROKER}/triggers.py",
        "Trigger(position.sl, login, position.ticket, _SL)",
        "Trigger(position.sl, login, position.ticket, _TP)",
        ("tests/broker/test_triggers.py::test_stops_of_positions",),
    ),
    Mutant(
        "margin-off-by-a-cent",
        "margin is rounded down instead of half away from zero",
        f"{_BROKER}/margin.py",
        "    return divide(numerator, denominator)\n\n\ndef position_margin(",
        "    return numerator // denominator\n\n\ndef position_margin(",
        ("tests/broker/test_margin.py::test_half_a_cent_of_margin_is_a_cent",),
    ),
    Mutant(
        "profit-of-the-wrong-side",
        "a long position is valued at the ask",
        f"{_BROKER}/profit.py",
        "    return quote.bid if position.side.is_buy else quote.ask\n",
        "    return quote.ask if position.side.is_buy else quote.bid\n",
        ("tests/broker/test_triggers.py::test_stops_of_positions",),
    ),
    Mutant(
        "commission-not-booked",
        "a commission is shown with the deal and not taken from the balance",
        f"{_BROKER}/accounts.py",
        "    account.balance += deal.amount\n",
        "    account.balance += deal.amount - deal.commission\n",
        ("tests/broker/test_charges.py::test_money_for_each_lot_in_and_out",),
    ),
    Mutant(
        "swap-twice",
        "a restart charges the swap of a day again",
        _DESK,
        "            marks[ROLLED] = str(self.broker.rolled)\n",
        "            marks[ROLLED] = str(rolled)\n",
        ("tests/test_market_driver.py::test_a_restart_charges_no_swap_again",),
    ),
    # ── who may come in ────────────────────────────────────────────────────────────────────────────────────
    Mutant(
        "revocation-cached",
        "a key that was revoked goes on working, because the server remembers it as it was",
        _ACCESS,
        "        key = self._keys[key_id]\n        return key if hmac",
        '        seen = self.__dict__.setdefault("_seen", {})\n'
        "        key = seen.setdefault(key_id, self._keys[key_id])\n        return key if hmac",
        ("tests/test_access.py::test_revoked_from_the_next_request_on",),
    ),
    Mutant(
        "revocation-not-rechecked",
        "a request that was on its way as its key was revoked trades after that was acknowledged",
        _DESK,
        "        if recheck is not None:\n            recheck()\n",
        "",
        ("tests/reliability/test_revocation.py::test_what_is_on_its_way_is_refused_when_it_arrives",),
    ),
    Mutant(
        "expiry-ignored",
        "a key works for ever, whatever its expiry says",
        _ACCESS,
        "and self._is_valid(key) else None\n\n    def valid(",
        "and key.revoked_at is None else None\n\n    def valid(",
        ("tests/test_access.py::test_expiry_to_the_millisecond",),
    ),
    Mutant(
        "others-keys",
        "a key can be revoked by whoever knows its id",
        _ACCESS,
        "        if key is None or (login is not None and key.login != login):\n",
        "        if key is None:\n",
        ("tests/test_access.py::test_an_account_sees_its_own_keys_only",),
    ),
    Mutant(
        "scope-of-one-operation",
        "a key that may only read closes all positions",
        _GATE,
        "            if key.scope not in scopes:\n",
        '            if key.scope not in scopes and operation_id != "closeAll":\n',
        ("tests/reliability/test_access_matrix.py::test_every_operation_with_every_key",),
    ),
    Mutant(
        "failed-attempts-not-counted",
        "keys can be guessed as fast as the network allows",
        _GATE,
        "            self._failures.count(address, is_mistyped=not is_wellformed(token))\n",
        "",
        (
            "tests/reliability/test_failed_attempts.py"
            "::test_beyond_the_limit_invalid_keys_are_429_and_valid_ones_work",
        ),
    ),
    Mutant(
        "host-not-checked",
        "a web page that gives its own name this machine's address trades",
        _ORIGINS,
        "        if host and host not in hosts and not self._is_own(host, hosts):\n",
        '        if host and b" " in host:\n',
        ("tests/reliability/test_localhost.py::test_a_foreign_name_trades_nothing_even_with_a_key",),
    ),
)
