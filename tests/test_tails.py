"""Tails: however accounts trade, a start after a crash has little to fold, and snapshots stay rare."""

from __future__ import annotations

from random import Random

import pytest

from tradyn.broker.accounts import Account
from tradyn.broker.orders import Order, OrderState, OrderType
from tradyn.tails import LONGEST, MOST, Tails


def resting(ticket: int) -> Order:
    return Order(
        ticket=ticket,
        symbol="EURUSD",
        type=OrderType.BUY_LIMIT,
        state=OrderState.PLACED,
        volume=1,
        price=1,
        sl=None,
        tp=None,
        expiration=None,
        time_setup=0,
        time_done=None,
        position=None,
        magic=0,
        comment="",
        client_order_id=None,
    )


def broker(count: int, orders: int = 0) -> dict[int, Account]:
    held = {ticket: resting(ticket) for ticket in range(orders)}
    return {login: Account(login=login, orders=dict(held)) for login in range(1, count + 1)}


@pytest.mark.parametrize(
    ("accounts", "most_snapshots"), [(1, 0.0011), (10, 0.0011), (300, 0.02), (50_000, 1.0)]
)
def test_tails_stay_short_and_snapshots_rare(accounts: int, most_snapshots: float) -> None:
    all_of_them, chance = broker(accounts), Random(1)
    tails = Tails(all_of_them.values())
    kept = dict.fromkeys(all_of_them, 0)
    total = snapshots = 0
    moves = 100_000
    for _ in range(moves):
        account = all_of_them[chance.randrange(accounts) + 1]
        account.version += 1
        total += 1
        for each in tails.grow(account, all_of_them):
            total -= each.version - kept[each.login]
            kept[each.login] = each.version
            snapshots += 1
        assert total <= MOST and account.version - kept[account.login] < LONGEST
    assert snapshots <= moves * most_snapshots


def test_who_holds_much_waits_until_a_snapshot_is_worth_it() -> None:
    all_of_them = broker(1_000, orders=200)
    tails = Tails(all_of_them.values())
    begun = dict.fromkeys(all_of_them, 0)
    written = moves = 0
    for turn in range(400):
        for account in all_of_them.values():
            account.version += 1
            moves += 1
            for each in tails.grow(account, all_of_them):
                assert each.version - begun[each.login] >= len(each.orders)
                begun[each.login] = each.version
                written += len(each.orders)
        # Beyond what the accounts hold, which a start reads in any case, it is no more than without orders.
        assert sum(turn + 1 - each for each in begun.values()) <= MOST + 200 * len(all_of_them)
    assert written <= moves


def test_at_the_end_whoever_moved_gets_a_snapshot_once() -> None:
    all_of_them = broker(5)
    tails = Tails(all_of_them.values())
    for login in (4, 2):
        all_of_them[login].version += 1
        assert tails.grow(all_of_them[login], all_of_them) == []
    assert [each.login for each in tails.moved(all_of_them)] == [4, 2]
    assert tails.moved(all_of_them) == []
