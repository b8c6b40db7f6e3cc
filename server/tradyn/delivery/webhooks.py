"""The courier: brings events to webhooks, each webhook at its own pace.

What always holds:

* Nothing is sent that is not durable. A webhook is sent the events of its account in their order, the next
  when the one before was taken, and none is left out: how far it has come is in the journal, and moves on
  only afterwards.
* So an event may be sent twice (a process that ends between an answer and the journal), always under the
  same id.
* A slow receiver holds up its own webhook alone: an attempt has one of `PLACES`, but keeps it for a second
  only, and those at receivers that were slow the last time have `SLOW_PLACES` of their own, which they keep.
  So there are at most some 550 connections. An attempt for which somebody waits takes no place; there is at
  most one for each webhook. In memory each has one page of transactions at most.
* Wall time drives all of it; it is looked at now and then, so that a clock which is put on or back, or a
  machine that slept, is noticed.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Final, Protocol

from standardwebhooks import Webhook as Signer

from tradyn import wire
from tradyn.broker.market import Quote
from tradyn.broker.transactions import Transaction
from tradyn.contract import CallbackContract
from tradyn.delivery.webhook_events import Event, events_of, test_event
from tradyn.desk import Desk, is_of_journal
from tradyn.errors import ApiError
from tradyn.logs import log_error, log_note
from tradyn.webhooks import CURSOR, Delivery, DeliveryState, Outcome, Target, Webhook, Webhooks

if TYPE_CHECKING:
    from tradyn.delivery.guarded_http import GuardedHttp, Resolve

__all__ = ["PLACES", "SLOW_PLACES", "Courier", "Cursor", "delay_ms", "signatures"]

PLACES: Final = 50
SLOW_PLACES: Final = 50
DAY_MS: Final = 86_400_000
FIRST_DELAY_MS: Final = 5_000
LONGEST_DELAY_MS: Final = 3_600_000
_JITTER: Final = 0.2
_LONGEST_WAIT_MS: Final = int(LONGEST_DELAY_MS * (1 + _JITTER))
_SLOW_SECONDS: Final = 1.0
# Whose server stood still for most of the day has not been tried for a day.
_LEAST_ATTEMPTS: Final = 10
_PAGE: Final = 50
_SAVE_EVERY: Final = 1_000
_LOOK_SECONDS: Final = 5.0
_MEND_SECONDS: Final = 60.0
_GONE: Final = 410


def delay_ms(attempts: int, dice: Random) -> int:
    """How long to wait after so many attempts in vain: each time twice as long, more or less."""
    # An exponent beyond this would only be a large number that is cut down again.
    delay = min(FIRST_DELAY_MS * 2 ** min(attempts - 1, 16), LONGEST_DELAY_MS)
    return int(delay * dice.uniform(1 - _JITTER, 1 + _JITTER))


def signatures(keys: Sequence[str], message_id: str, seconds: int, body: bytes) -> str:
    """The `webhook-signature` header.

    Args:
        keys: secrets as they are shown, `whsec_…`.
        seconds: the `webhook-timestamp`, since 1970.
    """
    moment, text = datetime.fromtimestamp(seconds, UTC), body.decode("utf-8")
    return " ".join(Signer(each).sign(message_id, moment, text) for each in keys)


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a webhook has come: all up to `version`, and of the next one the events of these types."""

    version: int
    done: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> Cursor:
        """The cursor that `write` has written."""
        version, done = json.loads(text)
        return cls(version, tuple(done))

    def write(self) -> str:
        """As a mark of the journal."""
        return json.dumps([self.version, self.done])


class Notify(Protocol):
    """Tells an account something."""

    def __call__(self, login: int, kind: str, text: str) -> None: ...


class Courier:
    """All webhooks at work.

    Args:
        marks: the journal's, at start.
        notify: tells an account that a webhook of its was disabled.
        allow_local: this machine itself may be called.
        version: of the server.
        find: how names are resolved; default is the system's way.
    """

    def __init__(
        self,
        webhooks: Webhooks,
        desk: Desk,
        contract: CallbackContract,
        *,
        marks: Mapping[str, str],
        notify: Notify,
        allow_local: bool,
        version: str,
        find: Resolve | None = None,
    ) -> None:
        self.webhooks = webhooks
        self.desk = desk
        self._contract = contract
        self._notify = notify
        self._allow_local = allow_local
        self._agent = f"Tradyn/{version}"
        self._find = find
        self._dice = Random()
        self._http: GuardedHttp | None = None
        self._slow: set[str] = set()
        self._places = asyncio.Semaphore(PLACES)
        self._slow_places = asyncio.Semaphore(SLOW_PLACES)
        self._cursors = {
            name.removeprefix(CURSOR): Cursor.read(value)
            for name, value in marks.items()
            if name.startswith(CURSOR)
        }
        self._saved = dict(self._cursors)
        self._numbers: dict[str, int] = {}
        self._lines: dict[str, _Line] = {}
        self._by_login: dict[int, set[_Line]] = {}
        self._is_running = False
        self._busy: set[str] = set()
        webhooks.on_change = self._changed

    async def run(self) -> None:
        """Send, for ever."""
        try:
            for each in self.webhooks.all():
                if each.is_enabled:
                    self._begin_line(each, is_enabled_anew=False)
            self._is_running = True
            await asyncio.Event().wait()
        finally:
            await self._close()

    async def _close(self) -> None:
        self._is_running = False
        lines = list(self._lines.values())
        for each in lines:
            self._stop(each)
        await asyncio.gather(*(each.task for each in lines), return_exceptions=True)
        moved = {
            name: cursor
            for name, cursor in self._cursors.items()
            if cursor != self._saved.get(name) and self.webhooks.find(name) is not None
        }
        if moved and not self.desk.failed:
            with contextlib.suppress(ApiError):
                await self.desk.save(marks={f"{CURSOR}{name}": each.write() for name, each in moved.items()})
        if self._http is not None:
            await self._http.close()

    # ------------------------------------------------------------------ what is heard

    def heard(self, transactions: Sequence[Transaction]) -> None:
        """These are durable."""
        if not self._by_login:
            return
        for login in {each.account for each in transactions}:
            for line in self._by_login.get(login, ()):
                line.stirred.set()

    def quoted(self, quote: Quote) -> None:
        """Nothing to a webhook."""

    def _changed(self, webhook_id: str) -> None:
        webhook, line = self.webhooks.find(webhook_id), self._lines.get(webhook_id)
        if webhook is None or not webhook.is_enabled:
            if line is not None:
                self._stop(line)
            if webhook is None:
                for each in (self._cursors, self._saved, self._numbers):
                    each.pop(webhook_id, None)
                self._slow.discard(webhook_id)
        elif line is not None:
            line.look(webhook)
        elif self._is_running:
            self._begin_line(webhook, is_enabled_anew=True)

    def _begin_line(self, webhook: Webhook, *, is_enabled_anew: bool) -> None:
        line = _Line(self, webhook, is_enabled_anew=is_enabled_anew)
        self._lines[webhook.webhook_id] = line
        self._by_login.setdefault(webhook.login, set()).add(line)

    def ended(self, line: _Line) -> None:
        """A line has disabled its webhook; if that was enabled again meanwhile, another one goes on."""
        if self._lines.get(line.webhook_id) is line:
            self._stop(line)
            self._changed(line.webhook_id)

    def _stop(self, line: _Line) -> None:
        del self._lines[line.webhook_id]
        self._by_login[line.login].discard(line)
        line.stop()

    # ------------------------------------------------------------------ out of turn

    async def test(self, webhook: Webhook) -> Delivery:
        """Send a test event, now and once."""
        with self._alone(webhook):
            now = self.webhooks.now()
            event = test_event(webhook, now)
            delivery_id = f"msg_{webhook.webhook_id}_test_{secrets.token_hex(8)}"
            delivery = await self.begin(webhook, event, delivery_id)
            return await self._once(webhook, delivery, self.write(event))

    async def redeliver(self, webhook: Webhook, delivery_id: str) -> Delivery:
        """Send a delivery again, now and once; 404 if there is none."""
        with self._alone(webhook):
            delivery = await self.desk.journal.delivery(webhook.webhook_id, delivery_id)
            if delivery is None:
                raise ApiError("NOT_FOUND", f"The webhook has no delivery {delivery_id}")
            line = self._lines.get(webhook.webhook_id)
            if line is not None and line.waits_with(delivery_id):
                return await line.try_now()
            return await self._once(webhook, delivery, self.write(await self._event(webhook, delivery)))

    @contextlib.contextmanager
    def _alone(self, webhook: Webhook) -> Iterator[None]:
        if webhook.webhook_id in self._busy:
            raise ApiError(
                "REJECTED", "Another test or redelivery of this webhook is under way; send this again later"
            )
        self._busy.add(webhook.webhook_id)
        try:
            yield
        finally:
            self._busy.discard(webhook.webhook_id)

    async def _event(self, webhook: Webhook, delivery: Delivery) -> Event:
        if delivery.version is None:
            return test_event(webhook, delivery.created_at)
        account = self.desk.account(webhook.login)
        (transaction,) = await self.desk.journal.read(webhook.login, delivery.version - 1, 1)
        found = events_of(self.desk.broker.market, account, transaction)
        return next(each for each in found if each.type == delivery.type)

    async def _once(self, webhook: Webhook, delivery: Delivery, body: bytes) -> Delivery:
        # Deadlines belong to tasks, and a request need not have one yet.
        outcome = await asyncio.create_task(self._attempt(webhook, delivery, body))
        delivery = after(delivery, outcome, self.webhooks.now())
        if self.webhooks.find(webhook.webhook_id) is None:
            raise ApiError("NOT_FOUND", f"There is no webhook {webhook.webhook_id} any more")
        await self.desk.save(deliveries=[delivery])
        return delivery

    # ------------------------------------------------------------------ what lines are made of

    def cursor(self, webhook: Webhook) -> Cursor:
        """How far a webhook has come."""
        return self._cursors.get(webhook.webhook_id) or Cursor(webhook.after)

    async def move(self, webhook: Webhook, cursor: Cursor, delivery: Delivery | None = None) -> None:
        """A webhook has come so far; durable with the delivery, and without one now and then."""
        if self.webhooks.find(webhook.webhook_id) is None:
            return
        self._cursors[webhook.webhook_id] = cursor
        saved = self._saved.get(webhook.webhook_id) or Cursor(webhook.after)
        if delivery is None and cursor.version - saved.version < _SAVE_EVERY:
            return
        self._saved[webhook.webhook_id] = cursor
        marks = {f"{CURSOR}{webhook.webhook_id}": cursor.write()}
        await self.desk.save(marks=marks, deliveries=[] if delivery is None else [delivery])

    async def begin(self, webhook: Webhook, event: Event, delivery_id: str) -> Delivery:
        """A delivery that has not been tried yet."""
        name = webhook.webhook_id
        if name not in self._numbers:
            newest = await self.desk.journal.deliveries(name, None, 1)
            self._numbers.setdefault(name, newest[0].number if newest else 0)
        self._numbers[name] += 1
        return Delivery(
            webhook_id=name,
            number=self._numbers[name],
            delivery_id=delivery_id,
            type=event.type,
            version=event.version,
            created_at=self.webhooks.now(),
        )

    def write(self, event: Event) -> bytes:
        """An event as it is sent."""
        return self._contract.write(event.payload)

    def delay(self, attempts: int) -> int:
        """How long to wait after so many attempts in vain, in milliseconds."""
        return delay_ms(attempts, self._dice)

    async def attempt(self, webhook: Webhook, delivery: Delivery, body: bytes) -> Outcome:
        """Send a delivery once, when it is its turn."""
        if webhook.webhook_id in self._slow:
            async with self._slow_places:
                return await self._attempt(webhook, delivery, body)
        await self._places.acquire()
        has_place = True

        def leave() -> None:
            nonlocal has_place
            if has_place:
                has_place = False
                self._places.release()

        timer = asyncio.get_running_loop().call_later(_SLOW_SECONDS, leave)
        try:
            return await self._attempt(webhook, delivery, body)
        finally:
            timer.cancel()
            leave()

    async def _attempt(self, webhook: Webhook, delivery: Delivery, body: bytes) -> Outcome:
        # It may have waited, and a secret that has ended must not sign.
        webhook = self.webhooks.find(webhook.webhook_id) or webhook
        try:
            target = self.webhooks.target(webhook)
        except ApiError as error:
            return Outcome(None, error.message)
        http, clock = await self._open(), asyncio.get_running_loop()
        begun = clock.time()
        outcome = await self._post(http, target, webhook, delivery.delivery_id, body)
        if clock.time() - begun > _SLOW_SECONDS:
            self._slow.add(webhook.webhook_id)
        else:
            self._slow.discard(webhook.webhook_id)
        return outcome

    async def _post(
        self, http: GuardedHttp, target: Target, webhook: Webhook, message_id: str, body: bytes
    ) -> Outcome:
        now = self.webhooks.now()
        seconds = now // 1000
        headers = {
            "User-Agent": self._agent,
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": signatures(webhook.secrets(now), message_id, seconds, body),
        }
        return await http.post(target, headers, body)

    async def _open(self) -> GuardedHttp:
        if self._http is None:
            # Its import and its certificates take the time of many requests.
            made = await asyncio.to_thread(self._make_http)
            # Of two that were made at the same time the first is taken.
            self._http = self._http or made
        return self._http

    def _make_http(self) -> GuardedHttp:
        from tradyn.delivery.guarded_http import GuardedHttp, SystemResolver

        return GuardedHttp(allow_loopback=self._allow_local, find=self._find or SystemResolver())

    async def give_up(self, webhook_id: str, url: str, why: str) -> bool:
        """Disable a webhook for what came of its URL, and tell its account; False if it has another."""
        webhook = self.webhooks.find(webhook_id)
        if webhook is None or webhook.url != url:
            return False
        await self.webhooks.change(webhook, is_enabled=False, reason=why)
        self._notify(webhook.login, "webhook_disabled", f"Webhook {webhook_id} is disabled. {why}")
        log_note("A webhook was disabled", webhook_id=webhook_id, login=webhook.login, reason=why)
        return True


def after(delivery: Delivery, outcome: Outcome, now: int) -> Delivery:
    """A delivery after an attempt that no other follows by itself."""
    return replace(
        delivery,
        state=DeliveryState.DELIVERED if outcome.error is None else DeliveryState.FAILED,
        attempts=delivery.attempts + 1,
        last_attempt_at=now,
        last_status=outcome.status,
        last_error=outcome.error,
        next_attempt_at=None,
    )


class _Disabled(Exception):
    """The webhook was disabled for what this delivery came to."""


class _Line:
    """One webhook's events, one after the other.

    Args:
        is_enabled_anew: whatever was in vain before counts no more.
    """

    def __init__(self, courier: Courier, webhook: Webhook, *, is_enabled_anew: bool) -> None:
        self.webhook_id = webhook.webhook_id
        self.login = webhook.login
        self.stirred = asyncio.Event()
        self._courier = courier
        self._webhook = webhook
        self._is_enabled_anew = is_enabled_anew
        self._called = webhook.url
        self._pending: Delivery | None = None
        self._pushed = asyncio.Event()
        self._due = 0
        self._waiting: list[asyncio.Future[Delivery]] = []
        self._told: list[asyncio.Future[Delivery]] = []
        # What an earlier run has left: of later ones everything is known.
        self._is_fresh = True
        self.task = asyncio.create_task(self._run())

    def look(self, webhook: Webhook) -> None:
        """The webhook is another; if it is called elsewhere, that is tried at once."""
        if webhook.url != self._webhook.url:
            self._push()
        self._webhook = webhook

    def stop(self) -> None:
        """Send nothing more."""
        if self.task is not asyncio.current_task():
            self.task.cancel()
        self._let_down(ApiError("REJECTED", "The webhook has changed meanwhile; send this again"))

    def _let_down(self, error: ApiError) -> None:
        for each in (*self._waiting, *self._told):
            if not each.done():
                each.set_exception(error)
        self._waiting, self._told = [], []

    def waits_with(self, delivery_id: str) -> bool:
        """Whether this delivery is the one that is to be sent next."""
        return self._pending is not None and self._pending.delivery_id == delivery_id

    async def try_now(self) -> Delivery:
        """What comes of the next attempt, which is made at once."""
        waiting: asyncio.Future[Delivery] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        self._push()
        return await waiting

    def _push(self) -> None:
        self._due = 0
        self._pushed.set()

    async def _run(self) -> None:
        while True:
            try:
                await self._work()
            except _Disabled:
                self._courier.ended(self)
                return
            except Exception as error:
                unknown = ApiError("INTERNAL_ERROR", "What came of it is not known")
                self._let_down(error if isinstance(error, ApiError) else unknown)
                if self._courier.desk.failed or is_of_journal(error):
                    return
                log_error("A webhook's events are held up", error)
            self._is_fresh = True
            await asyncio.sleep(_MEND_SECONDS)

    async def _work(self) -> None:
        desk = self._courier.desk
        while True:
            self.stirred.clear()
            cursor = self._courier.cursor(self._webhook)
            page = await desk.journal.read(self.login, cursor.version, _PAGE)
            for transaction in page:
                await self._pass_on(transaction)
                # A long way with nothing to send must not hold up the loop.
                await asyncio.sleep(0)
            if not page:
                await self.stirred.wait()

    async def _pass_on(self, transaction: Transaction) -> None:
        courier = self._courier
        account = courier.desk.account(self.login)
        for event in events_of(courier.desk.broker.market, account, transaction):
            cursor = courier.cursor(self._webhook)
            if event.type in self._webhook.events and event.type not in cursor.done:
                delivery = await self._deliver(event)
                await courier.move(
                    self._webhook, replace(cursor, done=(*cursor.done, event.type.value)), delivery
                )
                self._answer(delivery)
        await courier.move(self._webhook, Cursor(transaction.version))

    async def _deliver(self, event: Event) -> Delivery:
        """The delivery, once it was taken.

        Raises:
            _Disabled: it never was.
        """
        courier = self._courier
        delivery = await self._known(event)
        if delivery.state is DeliveryState.DELIVERED:
            return delivery
        try:
            body = courier.write(event)
        except ApiError as error:
            # A fault of this program, which must not hold up what comes after it.
            log_error("An event was left out", error)
            return after(delivery, Outcome(None, "The event could not be written"), courier.webhooks.now())
        self._pending, self._due = delivery, delivery.next_attempt_at or 0
        try:
            while True:
                await self._until_due()
                delivery = await self._try(delivery, body)
                if delivery.state is DeliveryState.DELIVERED:
                    return delivery
                self._pending, self._due = delivery, delivery.next_attempt_at or 0
                await courier.move(self._webhook, courier.cursor(self._webhook), delivery)
                self._answer(delivery)
                if delivery.state is DeliveryState.FAILED:
                    if await courier.give_up(self.webhook_id, self._called, _why(delivery)):
                        raise _Disabled
                    self._due = 0
        finally:
            self._pending = None

    async def _known(self, event: Event) -> Delivery:
        """The delivery as an earlier run has left it, or a new one."""
        delivery_id = event.delivery_id(self._webhook)
        known, is_enabled_anew = None, self._is_enabled_anew
        self._is_enabled_anew = False
        if self._is_fresh:
            self._is_fresh = False
            known = await self._courier.desk.journal.delivery(self.webhook_id, delivery_id)
        if known is None:
            return await self._courier.begin(self._webhook, event, delivery_id)
        is_pending = known.state is DeliveryState.PENDING
        if known.state is DeliveryState.FAILED or (is_pending and is_enabled_anew):
            return replace(
                known,
                state=DeliveryState.PENDING,
                failures=0,
                failing_since=None,
                # Whoever enables it does so because it is right now.
                next_attempt_at=None,
            )
        return known

    async def _until_due(self) -> None:
        # A wait longer than any that was meant is that of a clock which was put back.
        while 0 < (rest := self._due - self._courier.webhooks.now()) <= _LONGEST_WAIT_MS:
            self._pushed.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(rest / 1000, _LOOK_SECONDS)):
                    await self._pushed.wait()

    async def _try(self, delivery: Delivery, body: bytes) -> Delivery:
        courier = self._courier
        self._webhook = courier.webhooks.find(self.webhook_id) or self._webhook
        self._called = self._webhook.url
        outcome = await courier.attempt(self._webhook, delivery, body)
        # Whoever asks from now on asks for another attempt.
        self._told, self._waiting = self._waiting, []
        now = courier.webhooks.now()
        tried = after(delivery, outcome, now)
        if outcome.error is None:
            return tried
        if self._webhook.url != self._called:
            # That was said of another receiver than is to be called now.
            return replace(tried, state=DeliveryState.PENDING, next_attempt_at=now)
        failing_since = min(now, now if delivery.failing_since is None else delivery.failing_since)
        tried = replace(tried, failing_since=failing_since, failures=delivery.failures + 1)
        has_lasted = now - failing_since >= DAY_MS and tried.failures >= _LEAST_ATTEMPTS
        if has_lasted or outcome.status == _GONE:
            return tried
        wait = courier.delay(tried.failures)
        return replace(tried, state=DeliveryState.PENDING, next_attempt_at=now + wait)

    def _answer(self, delivery: Delivery) -> None:
        for each in self._told:
            if not each.done():
                each.set_result(delivery)


def _why(delivery: Delivery) -> str:
    if delivery.last_status == _GONE:
        return f"The receiver answered {_GONE}: there is nobody here any more"
    assert delivery.failing_since is not None
    since = wire.time_json(delivery.failing_since)
    return f"Nothing was taken since {since}; the last attempt: {delivery.last_error}"
