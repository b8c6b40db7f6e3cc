"""Bits that flip and files that are cut off: refused with a sentence, or everything that is read is right."""

from __future__ import annotations

import asyncio
import os
import random
import re
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from adapters.journal_suite import (
    START,
    a_bar,
    a_delivery,
    a_life,
    a_quote,
    account_opened,
    deposit,
    numbered,
    settled,
)
from tradyn.adapters import journal_checks
from tradyn.adapters.journal_backup import back_up
from tradyn.adapters.journal_sqlite import SqliteJournal
from tradyn.adapters.journal_verify import verify
from tradyn.broker.accounts import Account, evolve
from tradyn.broker.transactions import Transaction
from tradyn.ports import Batch, Journal, JournalFailed

DAMAGES = 1000 if os.environ.get("TRADYN_TEST_SOAK") else 40
BATCHES = 40
LOGINS = (1, 2, 3)
CLEAR = re.compile(
    "damaged: |is damaged|database of another program|Cannot (open|read|prepare) the journal"
    "|use the newer tradyn|log beside it that is not its own|file is read-only|is missing, but"
)

Content = dict[str, Any]
Damage = Callable[[bytes, random.Random], bytes]


def flip(content: bytes, dice: random.Random) -> bytes:
    """One bit."""
    at = dice.randrange(len(content))
    return content[:at] + bytes([content[at] ^ 1 << dice.randrange(8)]) + content[at + 1 :]


def flip_in_the_head(content: bytes, dice: random.Random) -> bytes:
    return flip(content[:200], dice) + content[200:]


def overwrite(content: bytes, dice: random.Random) -> bytes:
    """A sector of something else."""
    at = dice.randrange(len(content)) // 512 * 512
    return (content[:at] + dice.randbytes(512) + content[at + 512 :])[: len(content)]


def cut_off(content: bytes, dice: random.Random) -> bytes:
    return content[: dice.randrange(1, len(content))]


async def write(path: Path, *, is_crashed: bool) -> None:
    """A journal with something in every table; as a crash leaves it, with its second half in the log."""
    place = path.with_name("at work.db") if is_crashed else path
    journal = SqliteJournal.open(place)
    await journal.append(
        Batch(
            numbered(a_life(), account=9, time=START),
            {"number": "0"},
            quotes=[a_quote()],
            bars=[a_bar()],
            deliveries=[a_delivery(number) for number in range(1, 6)],
        )
    )
    heads = dict.fromkeys(LOGINS, 0)
    for number in range(1, BATCHES + 1):
        login = LOGINS[number % len(LOGINS)]
        first = heads[login] + 1
        events: list[Any] = [account_opened(login)] if first == 1 else []
        events += [deposit(first + len(events), amount=number), settled(f"{login}-{number}")]
        heads[login] += len(events)
        await journal.append(Batch(numbered(events, login, first, START), {"number": str(number)}))
        if number == BATCHES // 2:
            journal.snapshot([_folded(await journal.read(login)) for login in LOGINS])
            journal.close()
            journal = SqliteJournal.open(place)
    if is_crashed:
        for name in ("", "-wal"):
            shutil.copy(f"{place}{name}", f"{path}{name}")
    journal.close()


def _folded(transactions: list[Transaction]) -> Account:
    account = Account(login=transactions[0].account)
    for each in transactions:
        evolve(account, each)
    return account


async def content(journal: Journal) -> Content:
    """Everything that can be read."""
    return {
        "number": int(journal.marks()["number"]),
        "transactions": {login: await journal.read(login, limit=10_000) for login in (*LOGINS, 9)},
        "accounts": [each for each in journal.accounts() if each.login in LOGINS],
        "orders": [await journal.order(9, ticket) for ticket in range(15)],
        "stories": [await journal.story(9, ticket) for ticket in range(15)],
        "settled": [
            await journal.settled(LOGINS[number % len(LOGINS)], f"{LOGINS[number % len(LOGINS)]}-{number}")
            for number in range(1, BATCHES + 1)
        ],
        "deals": [
            await journal.deals(
                login, symbol=None, since=START, until=None, after=None, limit=1000, descending=login == 2
            )
            for login in (*LOGINS, 9)
        ],
        "quotes": journal.quotes(),
        "bars": await journal.bars("EURUSD", 0, 2 * START),
        "deliveries": await journal.deliveries("one", None, 10),
    }


async def opened(path: Path) -> Content:
    with closing(SqliteJournal.open(path)) as journal:
        return await content(journal)


@pytest.fixture(scope="module")
def at_rest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal after a clean end; it is only copied."""
    path = tmp_path_factory.mktemp("rest") / "journal.db"
    asyncio.run(write(path, is_crashed=False))
    return path


@pytest.fixture(scope="module")
def crashed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal after a crash; it is only copied."""
    path = tmp_path_factory.mktemp("crash") / "journal.db"
    asyncio.run(write(path, is_crashed=True))
    return path


def copied(sound: Path, folder: Path) -> Path:
    folder.mkdir()
    for name in ("", "-wal"):
        if Path(f"{sound}{name}").exists():
            shutil.copy(f"{sound}{name}", folder / f"journal.db{name}")
    return folder / "journal.db"


@pytest.mark.parametrize("damage", [flip, flip_in_the_head, overwrite, cut_off])
@pytest.mark.parametrize("is_crashed", [False, True])
async def test_a_damaged_file_is_refused_or_right(
    at_rest: Path, crashed: Path, tmp_path: Path, is_crashed: bool, damage: Damage
) -> None:
    sound = crashed if is_crashed else at_rest
    truth = await opened(copied(sound, tmp_path / "whole"))
    assert truth["number"] == BATCHES
    refused = 0
    for seed in range(DAMAGES):
        path = copied(sound, tmp_path / str(seed))
        path.write_bytes(damaged := damage(path.read_bytes(), random.Random(seed)))
        try:
            found = await opened(path)
        except JournalFailed as refusal:
            refused += 1
            assert CLEAR.search(str(refusal)), (seed, refusal)
            assert path.read_bytes() == damaged, seed
        else:
            assert found == truth, seed
        shutil.rmtree(path.parent)
    # A page that stands in the log too, and is not used before it is copied, may be damaged.
    assert refused > DAMAGES / 20


@pytest.mark.parametrize("damage", [flip, flip_in_the_head, overwrite])
async def test_a_damaged_log_is_refused_or_lacks_its_very_end(
    crashed: Path, tmp_path: Path, damage: Damage
) -> None:
    """What is in the last commits of a log cannot be told from what a power cut interrupted."""
    truth = await opened(copied(crashed, tmp_path / "whole"))
    refused = 0
    for seed in range(DAMAGES):
        path = copied(crashed, tmp_path / str(seed))
        log = Path(f"{path}-wal")
        log.write_bytes(damage(log.read_bytes(), random.Random(seed)))
        try:
            found = await opened(path)
        except JournalFailed as refusal:
            refused += 1
            assert CLEAR.search(str(refusal)), (seed, refusal)
        else:
            assert found["number"] >= BATCHES - 2, seed
            if found["number"] == BATCHES:
                assert found == truth, seed
            for login, transactions in found["transactions"].items():
                assert transactions == truth["transactions"][login][: len(transactions)], seed
        shutil.rmtree(path.parent)
    assert refused > DAMAGES / 2


async def test_a_log_that_is_cut_off_leaves_what_came_before(crashed: Path, tmp_path: Path) -> None:
    truth = await opened(copied(crashed, tmp_path / "whole"))
    numbers = set()
    for seed in range(30):
        path = copied(crashed, tmp_path / str(seed))
        log = Path(f"{path}-wal")
        log.write_bytes(cut_off(log.read_bytes(), random.Random(seed)))
        with closing(SqliteJournal.open(path)) as journal:
            numbers.add(int(journal.marks().get("number", -1)))
            for login in LOGINS:
                transactions = await journal.read(login)
                assert transactions == truth["transactions"][login][: len(transactions)], seed
        assert verify(path).findings == [], seed
    assert len(numbers) > 5


@pytest.mark.parametrize("damage", [flip, overwrite])
async def test_in_a_file_too_large_to_check_at_start_damage_shows_when_it_is_read(
    at_rest: Path, tmp_path: Path, damage: Damage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read is right or refused; `verify` finds all damage."""
    truth = await opened(copied(at_rest, tmp_path / "whole"))
    monkeypatch.setattr(journal_checks, "FULL_CHECK_LIMIT", 0)
    monkeypatch.setattr(journal_checks, "QUICK_CHECK_LIMIT", 0)
    late = 0
    for seed in range(DAMAGES):
        path = copied(at_rest, tmp_path / str(seed))
        path.write_bytes(damage(path.read_bytes(), random.Random(seed)))
        is_found = _is_found(path)
        try:
            journal = SqliteJournal.open(path)
        except JournalFailed as refusal:
            assert CLEAR.search(str(refusal)), (seed, refusal)
        else:
            with closing(journal):
                try:
                    found = await content(journal)
                except JournalFailed as failure:
                    assert CLEAR.search(str(failure)), (seed, failure)
                    assert journal.failed is not None
                    assert is_found, seed
                    late += 1
                else:
                    assert found == truth or is_found, seed
                    for login, transactions in found["transactions"].items():
                        assert all(each in truth["transactions"][login] for each in transactions), seed
        shutil.rmtree(path.parent)
    assert late > DAMAGES / 20


def _is_found(path: Path) -> bool:
    try:
        return bool(verify(path).findings)
    except JournalFailed:
        return True


async def test_a_restored_backup_does_not_meet_the_log_of_another(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    path = tmp_path / "one" / "journal.db"
    await write(path, is_crashed=True)
    backup = tmp_path / "backup.db"
    back_up(path, backup)
    shutil.copy(backup, path)
    with pytest.raises(JournalFailed, match=r"not its own.*move journal.db-wal away"):
        SqliteJournal.open(path)
    Path(f"{path}-wal").unlink()
    assert (await opened(path))["number"] == BATCHES
