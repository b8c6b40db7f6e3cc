"""Guessing at keys is slowed down by address, and never keeps a valid key out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed, InvalidStatus

from contract.served import BASE_URL, Served, World, open_world, served
from contract.test_matrix import missing, valid
from delivery.listening import listening
from reliability.access_matrix import DOCUMENT, INVALID, NO_AUTHORIZATION, SECURED, ask, keys
from tradyn import gate
from tradyn.access import TEST_PREFIX, generate_key
from tradyn.errors import ApiError
from tradyn.gate import FailedAttempts, neighbourhood

LIMIT = 3
BUY = {"symbol": "EURUSD", "action": "buy", "volume": 0.01}


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What whoever runs the server is told."""
    told: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(gate, "log_note", lambda sentence, **facts: told.append((sentence, facts)))
    return told


async def _try(world: World, token: str | None, address: str = "192.0.2.7") -> httpx.Response:
    transport = httpx.ASGITransport(world.app, client=(address, 1))
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=headers) as client:
        return await client.post("/api/trade", json=BUY)


async def test_beyond_the_limit_invalid_keys_are_429_and_valid_ones_work() -> None:
    async with open_world(failed_auth_limit=LIMIT) as world:
        wrong = generate_key(TEST_PREFIX)
        for _ in range(LIMIT):
            assert (await _try(world, wrong)).status_code == 403
        for token in (wrong, generate_key(TEST_PREFIX), wrong[:-1], "x"):
            limited = await _try(world, token)
            assert (limited.status_code, limited.json()["code"]) == (429, "RATE_LIMITED")
            assert 1 <= int(limited.headers["Retry-After"]) <= 60
            assert "RateLimit" not in limited.headers
        # A bot with a mistyped key on the same machine does not lock the good one out, new to it or not.
        assert (await _try(world, world.keys["trade"])).status_code == 200
        _, fresh = await world.issue("trade", world.login)
        assert (await _try(world, fresh)).status_code == 200
        # Nor does it get a second chance by that.
        assert (await _try(world, wrong)).status_code == 429
        assert (await _try(world, wrong, "192.0.2.8")).status_code == 403


async def test_every_invalid_key_counts_and_no_key_is_no_guess() -> None:
    async with keys(failed_auth_limit=len(INVALID)) as (world, headers):
        request = await valid(world, "trade")

        async def statuses(names: tuple[str, ...]) -> list[int]:
            return [(await ask(world, "trade", request, headers[name])).status for name in names]

        for _ in range(2):
            assert await statuses(NO_AUTHORIZATION) == [401] * len(NO_AUTHORIZATION)
        assert await statuses(INVALID) == [403] * len(INVALID)
        assert await statuses(INVALID) == [429] * len(INVALID)
        assert await statuses(NO_AUTHORIZATION) == [401] * len(NO_AUTHORIZATION)
        # A valid key of too small a scope is no guess either.
        assert await statuses(("read", "admin", "trade")) == [403, 403, 200]


async def test_every_operation_may_answer_429() -> None:
    async with open_world(failed_auth_limit=1) as world:
        wrong = [("Authorization", f"Bearer {generate_key(TEST_PREFIX)}")]
        answers = [await ask(world, name, missing(name), wrong) for name in ("getAccount", *SECURED)]
        # What the document does not promise would be answered 500.
        assert [each.status for each in answers] == [403, *[429] * len(SECURED)]
    assert len(SECURED) == sum(bool(each.node["security"]) for each in DOCUMENT.operations)


@pytest.fixture
def clock() -> list[float]:
    """Seconds that a test moves."""
    return [1_800_000_000.0]


def _fails(attempts: FailedAttempts, address: str | None) -> int:
    """403, or 429 with the seconds to wait after it."""
    try:
        attempts.count(address)
    except ApiError as error:
        assert error.code.name == "RATE_LIMITED"
        return 429_00 + int(error.headers["Retry-After"])
    return 403


def test_after_a_minute_it_begins_anew(clock: list[float], notes: list[tuple[str, dict[str, Any]]]) -> None:
    attempts = FailedAttempts(2, lambda: clock[0])
    begun = clock[0]
    assert [_fails(attempts, "192.0.2.7") for _ in range(4)] == [403, 403, 429_60, 429_60]
    clock[0] = begun + 59.5
    # To go on trying does not make it longer.
    assert _fails(attempts, "192.0.2.7") == 429_01
    clock[0] = begun + 60.0
    assert [_fails(attempts, "192.0.2.7") for _ in range(3)] == [403, 403, 429_60]


VOID = "not valid, or not any more"


def test_the_log_tells_a_typo_from_a_key_that_is_void(notes: list[tuple[str, dict[str, Any]]]) -> None:
    attempts = FailedAttempts(2)
    for number, is_mistyped in enumerate((True, False)):
        attempts.count(f"192.0.2.{number}", is_mistyped=is_mistyped)
    assert [note["key"] for _, note in notes] == ["mistyped or cut off: its checksum is wrong", VOID]


def test_the_log_names_the_address_twice_a_minute_at_most(
    clock: list[float], notes: list[tuple[str, dict[str, Any]]]
) -> None:
    attempts = FailedAttempts(2, lambda: clock[0])
    for _ in range(50):
        _fails(attempts, "192.0.2.7")
    _fails(attempts, "2001:db8::1")
    assert notes == [
        ("A request with an invalid API key", {"address": "192.0.2.7", "key": VOID}),
        (
            "More than 2 requests a minute with invalid API keys: further ones are answered 429",
            {"address": "192.0.2.7"},
        ),
        (
            "A request with an invalid API key",
            {"address": "2001:db8::/64", "key": VOID},
        ),
    ]


def test_memory_is_bounded_and_the_rest_is_counted_together(
    clock: list[float], monkeypatch: pytest.MonkeyPatch, notes: list[tuple[str, dict[str, Any]]]
) -> None:
    monkeypatch.setattr(gate, "MOST_ADDRESSES", 64)
    attempts = FailedAttempts(2, lambda: clock[0])
    assert _fails(attempts, "192.0.2.7") == 403
    answers = [_fails(attempts, f"10.0.{index // 256}.{index % 256}") for index in range(1000)]
    assert len(attempts) == 64
    # One for itself each, while there is room; then two, and then no more, for all others together.
    assert answers == [403] * 64 + [429_60] * (1000 - 64)
    assert len(notes) == 64 + 1
    # Whoever was there before is not pushed out.
    assert [_fails(attempts, "192.0.2.7") for _ in range(2)] == [403, 429_60]
    clock[0] += 60
    assert _fails(attempts, "10.0.3.0") == 403


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("", "unknown"),
        (None, "unknown"),
        ("a proxy's\n word", "unknown"),
    ],
)
def test_what_counts_as_one_address(address: str | None, counts_as: str) -> None:
    assert neighbourhood(address) == counts_as


@given(st.text())
def test_whatever_is_given_as_an_address_is_counted(text: str) -> None:
    assert set(neighbourhood(text)) <= set("0123456789abcdef:./unknow")


# ── the stream ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def broker() -> Iterator[Served]:
    with served(failed_auth_limit=LIMIT) as broker:
        yield broker


def test_the_stream_counts_too(broker: Served) -> None:
    wrong = generate_key(TEST_PREFIX)
    # In turns by the header and by the first message: it is one count, and that of the API as well.
    codes = [_handshake(broker, wrong), _auth(broker, wrong), _handshake(broker, wrong)]
    assert codes == [403, "INVALID_API_KEY", 403]
    assert _handshake(broker, wrong) == 429
    assert _auth(broker, wrong) == "RATE_LIMITED"
    headers = {"Authorization": f"Bearer {wrong}"}
    assert httpx.get(f"{broker.base_url}/api/account", headers=headers).status_code == 429
    with listening(broker.base_url, broker.world.keys["read"]):
        pass
    with listening(broker.base_url, None) as reader:
        reader.say(op="auth", key=broker.world.keys["read"])
        assert reader.hear()["event"] == "welcome"


def _handshake(broker: Served, key: str) -> int:
    """The status with which a handshake with this key is refused."""
    with pytest.raises(InvalidStatus) as refused, listening(broker.base_url, key):
        pass
    response = refused.value.response
    assert ("Retry-After" in response.headers) == (response.status_code == 429)
    return response.status_code


def _auth(broker: Served, key: str) -> str:
    """The code with which a socket is closed whose first message has this key."""
    with listening(broker.base_url, None) as reader:
        reader.say(op="auth", key=key)
        closing = reader.hear()
        with pytest.raises(ConnectionClosed):
            reader.hear()
    assert closing["event"] == "closing"
    return str(closing["code"])
