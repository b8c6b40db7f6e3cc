"""Webhooks on their own: what URL may be one, whose they are, and which secrets sign."""

from __future__ import annotations

import base64
from dataclasses import asdict
from typing import Any

import pytest

from tradyn.adapters.journal_records import decode, encode
from tradyn.errors import ApiError
from tradyn.webhooks import (
    MOST_WEBHOOKS,
    EventType,
    Target,
    Webhook,
    WebhookDeleted,
    Webhooks,
    read_url,
)

LOGIN = 10001
URL = "https://bots.example.com/tradyn"
DEALS = (EventType.DEAL_CREATED,)


class Kept:
    """Webhooks, the events they made, and a wall clock that a test moves, in milliseconds."""

    def __init__(self) -> None:
        self.now = 1_700_000_000_000
        self.events: list[Any] = []
        self.more: list[dict[str, Any]] = []
        self.changed: list[str] = []
        self.webhooks = Webhooks(self._record, lambda: self.now)
        self.webhooks.on_change = self.changed.append

    async def _record(self, *events: Any, **more: Any) -> None:
        self.events.extend(events)
        self.more.append(more)

    async def create(self, login: int = LOGIN, url: str = URL) -> Webhook:
        return await self.webhooks.create(login, url, DEALS, "", 7)

    def again(self) -> list[Webhook]:
        """What a restart makes of the events, as the journal gives them back."""
        webhooks = Webhooks(self._record, lambda: self.now)
        for event in self.events:
            webhooks.apply(decode(type(event).__name__, encode(event)))
        return webhooks.all()


@pytest.fixture
def kept() -> Kept:
    return Kept()


# ---------------------------------------------------------------------- URLs


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://a.test", Target(True, "a.test", 443, "a.test", "/")),
        ("https://A.Test:8443/x/y?z=1&y=%20", Target(True, "a.test", 8443, "a.test:8443", "/x/y?z=1&y=%20")),
        ("https://a.test?z", Target(True, "a.test", 443, "a.test", "/?z")),
        (
            "https://xn--bcher-kva.test./",
            Target(True, "xn--bcher-kva.test.", 443, "xn--bcher-kva.test.", "/"),
        ),
        ("https://1.1.1.1/", Target(True, "1.1.1.1", 443, "1.1.1.1", "/")),
        (
            "https://[2606:4700::1111]:444/",
            Target(True, "2606:4700::1111", 444, "[2606:4700::1111]:444", "/"),
        ),
    ],
)
def test_a_url_in_its_parts(url: str, target: Target) -> None:
    assert read_url(url, allow_local=False) == target
    assert read_url(url, allow_local=True) == target


LOCAL = [
    "http://a.test/",
    "https://127.0.0.1/",
    "https://[::1]:8443/",
    "http://127.0.0.1:8000/x",
    "http://[::1]/",
]
WRONG = [
    "", "a.test", "//a.test/", "ftp://a.test/", "file:///etc/passwd", "https:/a.test", "https://",
    "https:///x", "https://user@a.test/", "https://user:word@a.test/", "https://@a.test/",
    "https://a.test/#part", "https://a.test#", "https://a.test:0/", "https://a.test:65536/",
    "https://a.test:x/", "https://a.test:-1/", "https://a b.test/", "https://b\u00fccher.test/",
    "https://a.test/\u00fc", "https://a.test/ b", "https://a.test\\@b.test/", "https://a..test/",
    "https://.a.test/", "https://a.test%2f/", "https://[a.test]/", "https://[1.1.1.1]/", "https://[::1",
    "https://a.test/\n", f"https://{'a' * 64}.test/", f"https://{'a.' * 127}test/", "https://10.0.0.1/",
    "https://169.254.169.254/latest/meta-data", "https://[::ffff:127.0.0.1]/", "https://0.0.0.0/",
    "https://[fe80::1]/", "https://[fe80::1%25eth0]/", "https://[64:ff9b::7f00:1]/", "https://224.0.0.1/",
    "https://[::]/",
]  # fmt: skip


@pytest.mark.parametrize("url", WRONG + LOCAL)
def test_a_url_that_is_not_called(url: str) -> None:
    with pytest.raises(ApiError) as failure:
        read_url(url, allow_local=False)
    assert failure.value.code.name == "INVALID_URL"


@pytest.mark.parametrize("url", WRONG)
def test_nor_where_local_ones_are(url: str) -> None:
    with pytest.raises(ApiError) as failure:
        read_url(url, allow_local=True)
    assert failure.value.code.name == "INVALID_URL"


@pytest.mark.parametrize("url", LOCAL)
def test_local_ones_can_be_allowed(url: str) -> None:
    assert read_url(url, allow_local=True).is_secure is url.startswith("https")


# ---------------------------------------------------------------------- webhooks


async def test_a_restart_knows_what_there_was(kept: Kept) -> None:
    first, second, third = [await kept.create() for _ in range(3)]
    await kept.webhooks.change(first, url="https://b.test/", description="moved", is_enabled=False)
    await kept.webhooks.rotate(second, 60)
    await kept.webhooks.delete(third)
    assert kept.again() == kept.webhooks.all()
    assert [each.is_enabled for each in kept.again()] == [False, True]


async def test_an_account_sees_its_own(kept: Kept) -> None:
    own, other = await kept.create(), await kept.create(LOGIN + 1)
    assert kept.webhooks.all(LOGIN) == [own]
    assert kept.webhooks.get(own.webhook_id, LOGIN) == own
    for webhook_id in (other.webhook_id, "nothing"):
        with pytest.raises(ApiError) as failure:
            kept.webhooks.get(webhook_id, LOGIN)
        assert failure.value.code.status == 404


async def test_an_account_has_no_more_than_so_many(kept: Kept) -> None:
    made = [await kept.create() for _ in range(MOST_WEBHOOKS)]
    with pytest.raises(ApiError) as failure:
        await kept.create()
    assert failure.value.code.name == "LIMIT_WEBHOOKS"
    await kept.create(LOGIN + 1)
    await kept.webhooks.delete(made[3])
    await kept.create()


async def test_nothing_is_made_of_what_is_refused(kept: Kept) -> None:
    webhook = await kept.create()
    for work in (kept.create(url="http://a.test/"), kept.webhooks.change(webhook, url="http://a.test/")):
        with pytest.raises(ApiError):
            await work
    assert kept.webhooks.all() == kept.again() == [webhook]


async def test_what_is_as_it_should_be_changes_nothing(kept: Kept) -> None:
    webhook = await kept.create()
    before = list(kept.events)
    same = await kept.webhooks.change(webhook, url=URL, events=DEALS, description="", is_enabled=True)
    assert (same, kept.events) == (webhook, before)
    disabled = await kept.webhooks.change(webhook, is_enabled=False)
    kept.now += 1000
    assert await kept.webhooks.change(disabled, is_enabled=False, reason="another") == disabled
    assert (disabled.disabled_at, disabled.disabled_reason) == (kept.now - 1000, "Disabled by request")
    assert await kept.webhooks.change(disabled, is_enabled=True) == webhook


async def test_a_deletion_takes_the_deliveries_with_it(kept: Kept) -> None:
    webhook = await kept.create()
    await kept.webhooks.delete(webhook)
    assert kept.events[-1] == WebhookDeleted(webhook_id=webhook.webhook_id)
    assert kept.more[-1] == {
        "marks": {f"webhook.{webhook.webhook_id}": None},
        "forgotten": (webhook.webhook_id,),
    }
    assert kept.changed == [webhook.webhook_id] * 2


# ---------------------------------------------------------------------- secrets


async def test_secrets_are_of_192_bits_at_least_and_never_the_same(kept: Kept) -> None:
    made = {(await kept.create(login)).secret for login in range(50)}
    assert len(made) == 50
    for each in made:
        assert each.startswith("whsec_")
        assert len(base64.b64decode(each.removeprefix("whsec_"), validate=True)) >= 24


async def test_two_secrets_sign_for_the_overlap(kept: Kept) -> None:
    webhook = await kept.create()
    rotated = await kept.webhooks.rotate(webhook, 60)
    assert rotated.secrets(kept.now) == [rotated.secret, webhook.secret]
    assert rotated.former_until(kept.now) == kept.now + 60_000
    assert rotated.secrets(kept.now + 59_999) == [rotated.secret, webhook.secret]
    assert rotated.secrets(kept.now + 60_000) == [rotated.secret]
    assert rotated.former_until(kept.now + 60_000) is None
    again = await kept.webhooks.rotate(rotated, 60)
    assert again.secrets(kept.now) == [again.secret, rotated.secret]


async def test_without_an_overlap_the_former_secret_is_forgotten(kept: Kept) -> None:
    webhook = await kept.create()
    rotated = await kept.webhooks.rotate(webhook)
    assert rotated.secrets(kept.now) == [rotated.secret]
    assert webhook.secret not in map(str, asdict(rotated).values())
