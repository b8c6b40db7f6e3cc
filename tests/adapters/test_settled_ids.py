"""Of a client_order_id that was settled it is never said that it is new, whatever is forgotten."""

from __future__ import annotations

import random

from tradyn.adapters.settled_ids import SettledIds


def test_a_settled_id_is_never_new_and_a_new_one_mostly_is() -> None:
    chance = random.Random(1)
    disk: dict[int, set[str]] = {}
    waiting: list[tuple[int, str]] = []
    loads = 0

    def load(account: int, limit: int) -> list[str]:
        nonlocal loads
        loads += 1
        return sorted(disk.get(account, ()))[:limit]

    ids = SettledIds(load, most=40, most_loaded=12)
    appended: set[tuple[int, str]] = set()
    found_new = asked = 0
    for step in range(20_000):
        account, name = chance.randrange(8), f"id-{chance.randrange(40)}"
        is_new = ids.is_new(account, name)
        if (account, name) in appended:
            assert not is_new
        else:
            asked += 1
            found_new += is_new
            if step % 3 == 0 and len([each for each in appended if each[0] == account]) < 5 * account:
                ids.add(account, name)
                appended.add((account, name))
                waiting.append((account, name))
        if chance.random() < 0.1:
            for on_disk, each in waiting:
                disk.setdefault(on_disk, set()).add(each)
            waiting.clear()
    assert found_new > asked / 20
    assert loads <= 8


def test_an_account_is_loaded_once_and_given_up_where_there_is_no_room() -> None:
    loaded: list[int] = []

    def load(account: int, limit: int) -> list[str]:
        loaded.append(account)
        return [f"{account}-{number}" for number in range(min(account, limit))]

    ids = SettledIds(load, most=30, most_loaded=20)
    assert not ids.is_new(10, "10-9")
    assert ids.is_new(10, "10-10")
    assert loaded == [10]
    # Too many to be known, which is asked once too.
    assert not ids.is_new(21, "new") and not ids.is_new(21, "new")
    assert loaded == [10, 21]
    assert ids.is_new(15, "new") and ids.is_new(10, "new")
    # There is room for 30, so 15 goes, which was not asked for the longest.
    assert ids.is_new(20, "new") and ids.is_new(10, "new")
    assert not ids.is_new(15, "new")
    assert loaded == [10, 21, 15, 20]


def test_what_was_appended_to_an_unknown_account_is_not_missed() -> None:
    ids = SettledIds(lambda account, limit: [])
    ids.add(1, "on its way")
    assert not ids.is_new(1, "on its way")
