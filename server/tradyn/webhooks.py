"""Webhooks: where an account's events are sent. They are events of the server's own account, as keys are.

What always holds: a URL that is kept has been checked, and says in one way only which host is meant. Times
here are wall time in milliseconds since 1970.

A secret is kept as it is, not as a hash: whoever signs needs it. It is worth no more than the journal
beside it, which has everything that it could vouch for.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Protocol
from urllib.parse import urlsplit

from tradyn.addresses import is_address, may_call
from tradyn.broker.transactions import recorded
from tradyn.errors import ApiError

__all__ = [
    "CURSOR",
    "Delivery",
    "DeliveryState",
    "EventType",
    "Outcome",
    "Sender",
    "Target",
    "Webhook",
    "WebhookChanged",
    "WebhookCreated",
    "WebhookDeleted",
    "WebhookSecretRotated",
    "Webhooks",
    "read_url",
]

CURSOR: Final = "webhook."
"""How the mark begins that says how far a webhook has come; its id follows."""

MOST_WEBHOOKS: Final = 20
_SECRET_BYTES: Final = 32
_HOST_NAME: Final = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?")
_PRINTABLE: Final = re.compile(r"[!-~]+")


class EventType(StrEnum):
    """What can be sent."""

    ORDER_PLACED = "order.placed"
    ORDER_MODIFIED = "order.modified"
    ORDER_TRIGGERED = "order.triggered"
    ORDER_FILLED = "order.filled"
    ORDER_CANCELED = "order.canceled"
    ORDER_EXPIRED = "order.expired"
    ORDER_REJECTED = "order.rejected"
    POSITION_OPENED = "position.opened"
    POSITION_MODIFIED = "position.modified"
    POSITION_REDUCED = "position.reduced"
    POSITION_CLOSED = "position.closed"
    POSITION_SWAP = "position.swap"
    DEAL_CREATED = "deal.created"
    NOTIFICATION_ORDER_FILLED = "notification.order_filled"
    NOTIFICATION_ORDER_EXPIRED = "notification.order_expired"
    NOTIFICATION_ORDER_REJECTED = "notification.order_rejected"
    NOTIFICATION_STOP_LOSS = "notification.stop_loss"
    NOTIFICATION_TAKE_PROFIT = "notification.take_profit"
    NOTIFICATION_STOP_OUT = "notification.stop_out"
    WEBHOOK_TEST = "webhook.test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A webhook.

    Attributes:
        after: the account's version when it was made: it is sent what comes later.
        former_secret: signs too until `former_secret_until`.
        disabled_at, disabled_reason: None while it is enabled.
    """

    webhook_id: str
    login: int
    url: str
    events: tuple[EventType, ...]
    description: str
    after: int
    created_at: int
    secret: str
    former_secret: str | None = None
    former_secret_until: int | None = None
    disabled_at: int | None = None
    disabled_reason: str | None = None

    @property
    def is_enabled(self) -> bool:
        """Whether it is sent anything."""
        return self.disabled_at is None

    def secrets(self, now: int) -> list[str]:
        """Those that sign now, the newest first."""
        if self.former_secret is None or not self._has_former(now):
            return [self.secret]
        return [self.secret, self.former_secret]

    def former_until(self, now: int) -> int | None:
        """Until when the former secret signs too; None if it does not."""
        return self.former_secret_until if self._has_former(now) else None

    def _has_former(self, now: int) -> bool:
        return self.former_secret_until is not None and now < self.former_secret_until


@recorded
@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookCreated:
    """A webhook exists from here on."""

    webhook: Webhook


@recorded
@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookChanged:
    """What can be changed of a webhook, as it is from here on."""

    webhook_id: str
    url: str
    events: tuple[EventType, ...]
    description: str
    disabled_at: int | None
    disabled_reason: str | None


@recorded
@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSecretRotated:
    """A webhook has a new secret; the former one signs too until `former_secret_until`."""

    webhook_id: str
    secret: str
    former_secret_until: int | None


@recorded
@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDeleted:
    """A webhook is no more."""

    webhook_id: str


class DeliveryState(StrEnum):
    """What has become of a delivery."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An event on its way to a webhook.

    Attributes:
        number: counts the deliveries of a webhook, from 1.
        delivery_id: the same for the same event of the same webhook, whenever it is sent.
        version: of the account's transaction; None of a test.
        last_error: None of one that was taken.
        failures, failing_since: attempts in vain since the webhook was enabled, and the first of them.
    """

    webhook_id: str
    number: int
    delivery_id: str
    type: EventType
    version: int | None
    created_at: int
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    last_attempt_at: int | None = None
    last_status: int | None = None
    last_error: str | None = None
    next_attempt_at: int | None = None
    failures: int = 0
    failing_since: int | None = None


class Sender(Protocol):
    """Sends to a webhook out of turn."""

    async def test(self, webhook: Webhook) -> Delivery:
        """Send a test event, now and once."""

    async def redeliver(self, webhook: Webhook, delivery_id: str) -> Delivery:
        """Send a delivery again, now and once; 404 if there is none."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt.

    Attributes:
        status: of the answer; None where there was none.
        error: a sentence for people; None of one that was taken.
    """

    status: int | None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A URL in its parts.

    Attributes:
        host: a name, or an address without brackets.
        authority: host and port as the Host header has them.
        path: with the query.
    """

    is_secure: bool
    host: str
    port: int
    authority: str
    path: str


def read_url(url: str, *, allow_local: bool) -> Target:
    """A URL in its parts.

    Args:
        allow_local: http and loopback addresses are right too.

    Raises:
        ApiError: 400 `INVALID_URL`: the server would not send there.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _wrong("is no URL; right would be https://bots.example.com/tradyn") from error
    if parts.scheme != "https" and not (parts.scheme == "http" and allow_local):
        raise _wrong("must begin with https://")
    if "@" in parts.netloc or "#" in url or not _PRINTABLE.fullmatch(url):
        raise _wrong("must have no user name, no fragment, and nothing but ASCII")
    _check_host(host, is_literal="[" in parts.netloc, allow_local=allow_local)
    if port == 0:
        raise _wrong("must have a port from 1 to 65535, or none")
    shown = f"[{host}]" if ":" in host else host
    return Target(
        is_secure=parts.scheme == "https",
        host=host,
        port=port or (443 if parts.scheme == "https" else 80),
        authority=shown if port is None else f"{shown}:{port}",
        path=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
    )


def _check_host(host: str, *, is_literal: bool, allow_local: bool) -> None:
    if not is_address(host):
        # What a name leads to is looked at whenever it is called.
        if is_literal or not _HOST_NAME.fullmatch(host):
            raise _wrong("must have a host name or an address; names in ASCII")
        return
    if not may_call(host, allow_loopback=allow_local):
        raise _wrong("must not have a private, local or reserved address")


def _wrong(what: str) -> ApiError:
    return ApiError("INVALID_URL", f"url {what}")


class Webhooks:
    """All webhooks.

    Args:
        record: makes events of the server's own account durable, with marks; and forgets deliveries.
        wall: wall time in milliseconds since 1970.
        allow_local: http and loopback addresses are right too.

    Attributes:
        on_change: called with the id of a webhook that has changed, durably, or is about to be deleted.
    """

    def __init__(
        self, record: Callable[..., Awaitable[None]], wall: Callable[[], int], *, allow_local: bool = False
    ) -> None:
        self._record = record
        self._wall = wall
        self._allow_local = allow_local
        self._webhooks: dict[str, Webhook] = {}
        self.on_change: Callable[[str], None] = lambda _: None

    def apply(self, event: WebhookCreated | WebhookChanged | WebhookSecretRotated | WebhookDeleted) -> None:
        """Change the webhooks by what happened: the same at work and at start."""
        match event:
            case WebhookCreated(webhook=webhook):
                self._webhooks[webhook.webhook_id] = webhook
            case WebhookChanged():
                self._webhooks[event.webhook_id] = replace(
                    self._webhooks[event.webhook_id],
                    url=event.url,
                    events=event.events,
                    description=event.description,
                    disabled_at=event.disabled_at,
                    disabled_reason=event.disabled_reason,
                )
            case WebhookSecretRotated():
                webhook = self._webhooks[event.webhook_id]
                self._webhooks[event.webhook_id] = replace(
                    webhook,
                    secret=event.secret,
                    former_secret=None if event.former_secret_until is None else webhook.secret,
                    former_secret_until=event.former_secret_until,
                )
            case WebhookDeleted():
                del self._webhooks[event.webhook_id]

    # ------------------------------------------------------------------ reading

    def now(self) -> int:
        """Wall time, in milliseconds since 1970."""
        return self._wall()

    def all(self, login: int | None = None) -> list[Webhook]:
        """Those of an account, or (login None) all, oldest first."""
        return [each for each in self._webhooks.values() if login in (None, each.login)]

    def find(self, webhook_id: str) -> Webhook | None:
        """The webhook of this id."""
        return self._webhooks.get(webhook_id)

    def get(self, webhook_id: str, login: int) -> Webhook:
        """A webhook of this account; else 404."""
        webhook = self._webhooks.get(webhook_id)
        if webhook is None or webhook.login != login:
            raise ApiError("NOT_FOUND", f"There is no webhook {webhook_id}")
        return webhook

    def target(self, webhook: Webhook) -> Target:
        """Where it is sent to; 400 `INVALID_URL` if that is right no longer, by another `allow_local`."""
        return read_url(webhook.url, allow_local=self._allow_local)

    # ------------------------------------------------------------------ changing

    async def create(
        self, login: int, url: str, events: Iterable[EventType], description: str, after: int
    ) -> Webhook:
        """A new webhook, for what comes after this version of the account."""
        read_url(url, allow_local=self._allow_local)
        if len(self.all(login)) >= MOST_WEBHOOKS:
            raise ApiError(
                "LIMIT_WEBHOOKS", f"The account has {MOST_WEBHOOKS} webhooks already; delete one before"
            )
        webhook = Webhook(
            webhook_id=secrets.token_hex(8),
            login=login,
            url=url,
            events=tuple(events),
            description=description,
            after=after,
            created_at=self._wall(),
            secret=_generate_secret(),
        )
        await self._do(WebhookCreated(webhook=webhook), webhook.webhook_id)
        return webhook

    async def change(
        self,
        webhook: Webhook,
        *,
        url: str | None = None,
        events: Iterable[EventType] | None = None,
        description: str | None = None,
        is_enabled: bool | None = None,
        reason: str = "Disabled by request",
    ) -> Webhook:
        """Change what is not None; what is as it should be already changes nothing.

        Args:
            reason: of a webhook that this disables.
        """
        if url is not None:
            read_url(url, allow_local=self._allow_local)
        changed = replace(
            webhook,
            url=webhook.url if url is None else url,
            events=webhook.events if events is None else tuple(events),
            description=webhook.description if description is None else description,
        )
        if is_enabled is True:
            changed = replace(changed, disabled_at=None, disabled_reason=None)
        elif is_enabled is False and webhook.is_enabled:
            changed = replace(changed, disabled_at=self._wall(), disabled_reason=reason)
        if changed != webhook:
            event = WebhookChanged(
                webhook_id=webhook.webhook_id,
                url=changed.url,
                events=changed.events,
                description=changed.description,
                disabled_at=changed.disabled_at,
                disabled_reason=changed.disabled_reason,
            )
            await self._do(event, webhook.webhook_id)
        return changed

    async def rotate(self, webhook: Webhook, overlap_seconds: int = 0) -> Webhook:
        """A new secret; the former one signs too for the overlap, and no longer."""
        event = WebhookSecretRotated(
            webhook_id=webhook.webhook_id,
            secret=_generate_secret(),
            former_secret_until=self._wall() + overlap_seconds * 1000 if overlap_seconds else None,
        )
        await self._do(event, webhook.webhook_id)
        return self.get(webhook.webhook_id, webhook.login)

    async def delete(self, webhook: Webhook) -> None:
        """It is no more, nor are its deliveries."""
        event = WebhookDeleted(webhook_id=webhook.webhook_id)
        self.apply(event)
        # Before the deliveries go, so that nobody can write another one.
        self.on_change(webhook.webhook_id)
        await self._record(
            event, marks={f"{CURSOR}{webhook.webhook_id}": None}, forgotten=(webhook.webhook_id,)
        )

    async def _do(
        self, event: WebhookCreated | WebhookChanged | WebhookSecretRotated, webhook_id: str
    ) -> None:
        self.apply(event)
        await self._record(event)
        self.on_change(webhook_id)


def _generate_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode("ascii")
