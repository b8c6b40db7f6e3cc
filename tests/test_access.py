"""Keys on their own: what is a key, how long it is one, and what is kept of it."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradyn.access import (
    LIVE_PREFIX,
    TEST_PREFIX,
    Access,
    ApiKey,
    KeyExpirySet,
    KeyIssued,
    Scope,
    generate_key,
    is_wellformed,
)
from tradyn.errors import ApiError

LOGIN = 10001


class Wall:
    """A wall clock that a test moves, in milliseconds."""

    def __init__(self) -> None:
        self.now = 1_700_000_000_000

    def __call__(self) -> int:
        return self.now


class Keys:
    """An Access, and the events it made."""

    def __init__(self, prefix: str = LIVE_PREFIX) -> None:
        self.wall = Wall()
        self.events: list[Any] = []
        self.access = Access(self._record, self.wall, prefix)

    async def _record(self, *events: Any) -> None:
        self.events.extend(events)

    def works(self, token: str) -> bool:
        try:
            self.access.verify(token)
        except ApiError as error:
            assert (error.code.name, error.code.status) == ("INVALID_API_KEY", 403)
            assert error.message == "Invalid API key"
            return False
        return True


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.mark.parametrize("prefix", [LIVE_PREFIX, TEST_PREFIX])
def test_keys_are_wellformed_and_differ(prefix: str) -> None:
    made = {generate_key(prefix) for _ in range(200)}
    assert len(made) == 200
    assert all(is_wellformed(each) and each.startswith(prefix) and len(each) == 47 for each in made)


@given(st.integers(0, 46), st.characters(codec="utf-8"))
def test_a_typo_is_found_by_the_checksum(place: int, character: str) -> None:
    key = generate_key(LIVE_PREFIX)
    typo = key[:place] + character + key[place + 1 :]
    # The two prefixes differ in more than one place, so one typo never leads from one to the other.
    assert is_wellformed(typo) == (typo == key)


@given(st.integers(8, 45))
def test_two_letters_swapped_are_found(place: int) -> None:
    key = generate_key(LIVE_PREFIX)
    swapped = key[:place] + key[place + 1] + key[place] + key[place + 2 :]
    assert is_wellformed(swapped) == (swapped == key)


@given(st.text())
def test_no_text_breaks_the_check(text: str) -> None:
    assert not is_wellformed(text)
    assert not is_wellformed(LIVE_PREFIX + text)


async def test_only_hashes_are_kept(keys: Keys) -> None:
    key, token = await keys.access.issue(LOGIN, Scope.FULL, "bot")
    assert keys.events == [KeyIssued(key=key)]
    kept = repr(asdict(key))
    assert token not in kept
    assert token[len(key.prefix) :] not in kept
    assert token.startswith(key.prefix)
    assert len(key.prefix) == len(LIVE_PREFIX) + 4


async def test_a_key_works_and_its_use_is_noted(keys: Keys) -> None:
    key, token = await keys.access.issue(LOGIN, Scope.READ)
    assert keys.access.last_used == {}
    keys.wall.now += 5
    assert keys.access.verify(token) == key
    assert keys.access.last_used == {key.key_id: keys.wall.now}


async def test_finding_a_key_is_no_use_of_it(keys: Keys) -> None:
    key, token = await keys.access.issue(LOGIN, Scope.READ)
    assert keys.access.find(token) == key
    assert keys.access.find(generate_key(LIVE_PREFIX)) is None
    assert keys.access.last_used == {}


async def test_unknown_keys_do_not_work(keys: Keys) -> None:
    _, token = await keys.access.issue(LOGIN, Scope.FULL)
    for wrong in ("", "tk_live_", token[:-1], token + "0", token.lower(), generate_key(LIVE_PREFIX)):
        assert not keys.works(wrong)


async def test_expiry_to_the_millisecond(keys: Keys) -> None:
    ends = keys.wall.now + 1000
    _, token = await keys.access.issue(LOGIN, Scope.FULL, expires_at=ends)
    keys.wall.now = ends - 1
    assert keys.works(token)
    keys.wall.now = ends
    assert not keys.works(token)


@pytest.mark.parametrize("early", [0, 1])
async def test_expiry_in_the_past_is_refused(keys: Keys, early: int) -> None:
    with pytest.raises(ApiError) as refused:
        await keys.access.issue(LOGIN, Scope.FULL, expires_at=keys.wall.now - early)
    assert refused.value.code.name == "INVALID_EXPIRATION"
    assert keys.events == []
    assert keys.access.keys() == []


async def test_revoked_from_the_next_request_on(keys: Keys) -> None:
    key, token = await keys.access.issue(LOGIN, Scope.FULL)
    assert keys.works(token)
    revoked = await keys.access.revoke(key)
    assert revoked.revoked_at == keys.wall.now
    assert not keys.works(token)
    events = len(keys.events)
    assert await keys.access.revoke(revoked) == revoked
    assert len(keys.events) == events


async def test_rotation_without_overlap(keys: Keys) -> None:
    key, old = await keys.access.issue(LOGIN, Scope.TRADE, "bot", keys.wall.now + 10_000)
    fresh, new = await keys.access.rotate(key)
    assert (fresh.login, fresh.scope, fresh.label, fresh.expires_at) == (
        LOGIN,
        Scope.TRADE,
        "bot",
        key.expires_at,
    )
    assert fresh.key_id != key.key_id
    assert keys.works(new)
    assert not keys.works(old)


async def test_rotation_with_overlap(keys: Keys) -> None:
    key, old = await keys.access.issue(LOGIN, Scope.FULL)
    _, new = await keys.access.rotate(key, 60)
    keys.wall.now += 59_999
    assert keys.works(old)
    keys.wall.now += 1
    assert not keys.works(old)
    assert keys.works(new)


async def test_an_overlap_never_lengthens_a_life(keys: Keys) -> None:
    key, old = await keys.access.issue(LOGIN, Scope.FULL, expires_at=keys.wall.now + 1000)
    await keys.access.rotate(key, 60)
    keys.wall.now += 1000
    assert not keys.works(old)


async def test_a_dead_key_cannot_be_rotated(keys: Keys) -> None:
    key, _ = await keys.access.issue(LOGIN, Scope.FULL)
    with pytest.raises(ApiError, match="cannot be rotated"):
        await keys.access.rotate(await keys.access.revoke(key))


@pytest.mark.parametrize("overlap", [0, 60])
async def test_a_key_in_its_overlap_cannot_be_rotated_again(keys: Keys, overlap: int) -> None:
    key, old = await keys.access.issue(LOGIN, Scope.FULL)
    fresh, new = await keys.access.rotate(key, 60)
    events = list(keys.events)
    with pytest.raises(
        ApiError, match=r"was rotated already.*revoke the successor and create a key"
    ) as refused:
        await keys.access.rotate(keys.access.get(key.key_id, LOGIN), overlap)
    assert refused.value.code.name == "REJECTED"
    assert keys.events == events
    assert keys.works(old) and keys.works(new)
    # What the sentence says can be done with the old key.
    await keys.access.revoke(fresh)
    _, another = await keys.access.issue(LOGIN, Scope.FULL)
    keys.wall.now += 60_000
    assert [keys.works(each) for each in (old, new, another)] == [False, False, True]


async def test_a_successor_can_be_rotated(keys: Keys) -> None:
    key, _ = await keys.access.issue(LOGIN, Scope.FULL)
    second, _ = await keys.access.rotate(key, 60)
    third, token = await keys.access.rotate(second, 60)
    keys.wall.now += 60_000
    assert keys.works(token) and third.expires_at is None


async def test_a_rotation_is_remembered_over_a_restart(keys: Keys) -> None:
    key, _ = await keys.access.issue(LOGIN, Scope.FULL)
    await keys.access.rotate(key, 60)
    again = Keys()
    for event in keys.events:
        again.access.apply(event)
    with pytest.raises(ApiError, match="was rotated already"):
        await again.access.rotate(again.access.get(key.key_id, LOGIN), 60)


async def test_a_journal_in_which_a_key_was_rotated_twice_is_read(keys: Keys) -> None:
    first, old = await keys.access.issue(LOGIN, Scope.FULL)
    second, new = await keys.access.rotate(first, 60)
    ends = keys.wall.now + 60_000
    # As a server wrote them that let a key be rotated again: the second successor dies with the overlap.
    third = replace(second, key_id="0123456789abcdef", digest="-", expires_at=ends)
    again = Keys()
    for event in (
        *keys.events,
        KeyIssued(key=third),
        KeyExpirySet(key_id=first.key_id, expires_at=ends - 30_000),
    ):
        again.access.apply(event)
    kept = again.access.keys(LOGIN)
    assert [each.expires_at for each in kept] == [ends - 30_000, None, ends]
    assert again.works(old) and again.works(new)


async def test_an_account_sees_its_own_keys_only(keys: Keys) -> None:
    own, _ = await keys.access.issue(LOGIN, Scope.FULL)
    other, _ = await keys.access.issue(LOGIN + 1, Scope.FULL)
    admin, _ = await keys.access.issue(None, Scope.ADMIN)
    assert keys.access.keys(LOGIN) == [own]
    assert keys.access.keys() == [own, other, admin]
    assert keys.access.get(other.key_id, None) == other
    for hidden in (other, admin):
        with pytest.raises(ApiError) as refused:
            keys.access.get(hidden.key_id, LOGIN)
        assert refused.value.code.name == "NOT_FOUND"


async def test_the_same_events_give_the_same_keys(keys: Keys) -> None:
    first, first_token = await keys.access.issue(LOGIN, Scope.FULL)
    second, second_token = await keys.access.issue(LOGIN, Scope.READ)
    _, third_token = await keys.access.rotate(first, 60)
    await keys.access.revoke(second)
    again = Keys()
    for event in keys.events:
        again.access.apply(event)
    assert again.access.keys() == keys.access.keys()
    assert [again.works(each) for each in (first_token, second_token, third_token)] == [True, False, True]


def test_no_key_is_in_a_representation() -> None:
    assert "token" not in ApiKey.__dataclass_fields__
    assert "api_key" not in ApiKey.__dataclass_fields__
