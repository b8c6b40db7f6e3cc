"""What every journal must do, whatever it is kept in: subclass `JournalSuite` for each store."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradyn.adapters.journal_records import encode_account
from tradyn.broker.accounts import Account, evolve
from tradyn.broker.commands import (
    CancelOrder,
    ChangeBalance,
    CloseAll,
    ClosePosition,
    Command,
    ModifyPosition,
    PlaceMarketOrder,
    PlaceOrder,
    ResetAccount,
)
from tradyn.broker.deals import Deal, DealEntry, DealReason, DealType
from tradyn.broker.engine import Broker
from tradyn.broker.instruments import CalcMode, Instrument, SwapMode, TradeMode
from tradyn.broker.market import Quote
from tradyn.broker.money import UNITY
from tradyn.broker.orders import Order, OrderState, OrderType, Side
from tradyn.broker.positions import Position
from tradyn.broker.transactions import (
    AccountOpened,
    BalanceChanged,
    OrderClosed,
    OrderModified,
    OrderPlaced,
    OrderTriggered,
    PositionModified,
    PositionOpened,
    PositionReduced,
    RequestSettled,
    SwapCharged,
    Transaction,
)
from tradyn.ports import Bar, Batch, Journal
from tradyn.webhooks import Delivery, DeliveryState, EventType

START = 1_700_000_000_000
LOGIN = 1001

# ---------------------------------------------------------------------- things to write


def an_order(ticket: int, symbol: str = "EURUSD", state: OrderState = OrderState.FILLED) -> Order:
    return Order(
        ticket=ticket,
        symbol=symbol,
        type=OrderType.BUY_LIMIT,
        state=state,
        volume=10,
        price=108750,
        sl=None,
        tp=None,
        expiration=None,
        time_setup=START,
        time_done=None if state is OrderState.PLACED else START,
        position=None,
        magic=0,
        comment="",
        client_order_id=None,
    )


def a_deal(ticket: int, symbol: str | None = "EURUSD", amount: int = 0, time: int = START) -> Deal:
    return Deal(
        ticket=ticket,
        order=None,
        position=None,
        symbol=symbol,
        type=DealType.BALANCE if symbol is None else DealType.BUY,
        entry=None if symbol is None else DealEntry.IN,
        volume=None,
        price=None,
        profit=amount,
        swap=0,
        commission=0,
        reason=DealReason.CLIENT,
        time=time,
        magic=0,
        comment="",
        client_order_id=None,
    )


def a_quote(symbol: str = "EURUSD", time: int = START) -> Quote:
    return Quote(symbol, 108745, 108750, time)


def account_opened(login: int = LOGIN) -> AccountOpened:
    return AccountOpened(
        login=login,
        name="suite",
        currency="USD",
        leverage=100,
        margin_call_level=Decimal(100),
        stop_out_level=Decimal(50),
        initial_balance=1_000_000,
    )


def deposit(ticket: int, amount: int = 100, time: int = START) -> BalanceChanged:
    return BalanceChanged(deal=a_deal(ticket, None, amount, time))


def opened(ticket: int, symbol: str = "EURUSD") -> PositionOpened:
    return PositionOpened(
        deal=a_deal(ticket + 1, symbol),
        order=an_order(ticket, symbol),
        sl=None,
        tp=None,
        margin=0,
        margin_rate=UNITY,
        quote=a_quote(symbol),
    )


def reduced(ticket: int, symbol: str = "EURUSD") -> PositionReduced:
    return PositionReduced(
        deal=a_deal(ticket + 1, symbol),
        order=an_order(ticket, symbol),
        volume_remaining=1,
        profit_rate=UNITY,
        quote=a_quote(symbol),
    )


def placed(ticket: int, symbol: str = "EURUSD") -> OrderPlaced:
    return OrderPlaced(order=an_order(ticket, symbol, OrderState.PLACED), quote=a_quote(symbol))


def ended(ticket: int, symbol: str = "EURUSD", state: OrderState = OrderState.CANCELED) -> OrderClosed:
    return OrderClosed(order=an_order(ticket, symbol, state), cause="client", quote=None)


def a_position(ticket: int) -> Position:
    return Position(
        ticket=ticket,
        symbol="EURUSD",
        side=Side.BUY,
        volume=10,
        price_open=108750,
        sl=None,
        tp=None,
        margin_rate=UNITY,
        swap=0,
        commission=0,
        time_open=START,
        time_update=START,
        magic=0,
        comment="",
        client_order_id=None,
    )


def closed(ticket: int, order: int, deal: int) -> PositionReduced:
    """Position `ticket` is closed by `order` and `deal`."""
    event = reduced(order)
    return replace(event, deal=replace(event.deal, ticket=deal, order=order, position=ticket))


def a_life() -> list[Any]:
    """Every kind of event, about orders and positions that take turns; see `STORIES`."""
    order, limit = placed(1), placed(3)
    return [
        account_opened(),
        order,
        limit,
        opened(4),
        settled("mine"),
        OrderModified(order=order.order, quote=order.quote),
        OrderTriggered(order=order.order, stop=1, quote=order.quote),
        deposit(6),
        # A pending order is filled: the deal's ticket is any later one.
        replace(opened(3), deal=a_deal(7)),
        PositionModified(position=a_position(3), quote=a_quote()),
        SwapCharged(
            position=3,
            symbol="EURUSD",
            amount=-5,
            mode=SwapMode.POINTS,
            swap=Decimal("-7.2"),
            multiplier=Decimal(1),
            volume=10,
            price=None,
            rate=UNITY,
            path=(),
            quote=a_quote(),
        ),
        closed(3, 8, 9),
        ended(1),
        # Closed by another: one order, two deals.
        closed(3, 10, 11),
        closed(4, 10, 12),
    ]


STORIES: tuple[tuple[tuple[int, ...], list[int]], ...] = (
    ((1,), [2, 6, 7, 13]),
    ((3, 7, 8, 9, 10, 11), [3, 9, 10, 11, 12, 14]),
    ((4, 5, 12), [4, 15]),
    ((6,), [8]),
    ((0, 2, 13, 1000), []),
)
"""Tickets of `a_life`, and the versions of the story that each of them names."""


def settled(client_order_id: str) -> RequestSettled:
    return RequestSettled(
        client_order_id=client_order_id, operation="trade", fingerprint="f", first_version=1
    )


def numbered(
    events: Sequence[Any], account: int = LOGIN, first: int = 1, time: int = START, step: int = 0
) -> list[Transaction]:
    """Events as an account's transactions, `step` milliseconds apart."""
    return [
        Transaction(account, version, time + index * step, event)
        for index, (version, event) in enumerate(enumerate(events, first))
    ]


def a_bar(symbol: str = "EURUSD", time: int = START, close: int = 5) -> Bar:
    return Bar(
        symbol=symbol,
        time=time,
        first_time=time + 1,
        last_time=time + 2,
        open=1,
        high=9,
        low=1,
        close=close,
        tick_volume=7,
        spread=2,
    )


# ---------------------------------------------------------------------- a broker to write about


def a_delivery(number: int, webhook_id: str = "one") -> Delivery:
    return Delivery(
        webhook_id=webhook_id,
        number=number,
        delivery_id=f"msg_{webhook_id}_{number}_deal_created",
        type=EventType.DEAL_CREATED,
        version=number,
        created_at=START,
        last_error="nobody there",
    )


def instrument(symbol: str, digits: int, base: str, profit: str) -> Instrument:
    return Instrument(
        symbol=symbol,
        description=symbol,
        currency_base=base,
        currency_profit=profit,
        currency_margin=base,
        digits=digits,
        contract_size=Decimal(100_000),
        volume_min=1,
        volume_max=10_000,
        volume_step=Decimal("0.01"),
        volume_limit=0,
        stops_level=0,
        freeze_level=0,
        spread=0,
        calc_mode=CalcMode.FOREX,
        trade_mode=TradeMode.FULL,
        swap_mode=SwapMode.DISABLED,
        swap_long=Decimal(0),
        swap_short=Decimal(0),
        swap_rollover3days="wednesday",
        margin_initial=Decimal(0),
        margin_hedged=Decimal(0),
        margin_rate_buy=Decimal(1),
        margin_rate_sell=Decimal(1),
        sessions=(),
    )


INSTRUMENTS = {
    "EURUSD": instrument("EURUSD", 5, "EUR", "USD"),
    "USDJPY": instrument("USDJPY", 3, "USD", "JPY"),
}
MIDDLE = {"EURUSD": 108_750, "USDJPY": 150_000}

Step = tuple[str, int, int]
"""What happens, to which account (or symbol), and how much."""

steps = st.lists(
    st.tuples(
        st.sampled_from(
            ["quote", "quote", "buy", "sell", "limit", "close", "cancel", "stops", "money", "all", "reset"]
        ),
        st.integers(0, 2),
        st.integers(-400, 400),
    ),
    max_size=40,
)


class Story:
    """A broker to whom random things happen, and the batches of transactions they make."""

    def __init__(self) -> None:
        self.broker = Broker(INSTRUMENTS)
        self.now = START
        for symbol, middle in MIDDLE.items():
            self.broker.on_quote(Quote(symbol, middle, middle + 5, self.now))

    def begin(self) -> Iterator[Sequence[Transaction]]:
        for login in range(1, 4):
            yield self.broker.open_account(account_opened(login), self.now).transactions

    def take(self, step: Step) -> Sequence[Transaction]:
        kind, who, number = step
        self.now += 250
        symbol = ("EURUSD", "USDJPY")[number % 2]
        if kind == "quote":
            middle = MIDDLE[symbol] + number * 10
            return self.broker.on_quote(Quote(symbol, middle, middle + 5, self.now))
        account = self.broker.accounts[who + 1]
        command = self._command(kind, account, symbol, number)
        if command is None:
            return ()
        return self.broker.execute(account.login, command, self.now).transactions

    def _command(self, kind: str, account: Account, symbol: str, number: int) -> Command | None:
        lots = Decimal(abs(number) % 50 + 1) / 100
        price = Decimal(MIDDLE[symbol] - abs(number) * 5).scaleb(-INSTRUMENTS[symbol].digits)
        position = next(iter(account.positions), None)
        order = next(iter(account.orders), None)
        match kind:
            case "buy" | "sell":
                return PlaceMarketOrder(symbol=symbol, side=Side(kind), volume=lots, comment=f"№{number}")
            case "limit":
                return PlaceOrder(symbol=symbol, type=OrderType.BUY_LIMIT, volume=lots, price=price)
            case "close" if position is not None:
                return ClosePosition(ticket=position, volume=lots if number > 0 else None)
            case "cancel" if order is not None:
                return CancelOrder(ticket=order)
            case "stops" if position is not None:
                return ModifyPosition(ticket=position, tp=price)
            case "money":
                return ChangeBalance(amount=Decimal(number))
            case "all":
                return CloseAll()
            case "reset":
                return ResetAccount()
        return None


# ---------------------------------------------------------------------- the suite


class JournalSuite:
    """The port's promises. A subclass says how its store is opened."""

    survives = True
    """Whether what was written is there after the journal is closed and opened again."""

    def open(self, place: Path) -> Journal:
        """Open the journal that is kept in the folder `place`, or make it."""
        raise NotImplementedError

    def reopen(self, journal: Journal, place: Path) -> Journal:
        """Close it and open it again."""
        journal.close()
        if not self.survives:
            pytest.skip("does not survive being closed")
        return self.open(place)

    @pytest.fixture
    def journal(self, tmp_path: Path) -> Iterator[Journal]:
        journal = self.open(tmp_path)
        yield journal
        journal.close()

    # ------------------------------------------------------------------ append and read

    async def test_an_empty_journal_has_nothing(self, journal: Journal) -> None:
        assert await journal.read(LOGIN) == []
        assert await journal.settled(LOGIN, "a") is None
        assert await journal.order(LOGIN, 1) is None
        assert await self.deals(journal, since=START, until=START + 1) == []
        assert journal.accounts() == []
        assert journal.marks() == {}
        assert journal.quotes() == []

    async def test_what_is_appended_is_read(self, journal: Journal) -> None:
        transactions = numbered([account_opened(), deposit(1), opened(2), reduced(4), settled("a")], step=5)
        await journal.append(Batch(transactions))
        assert await journal.read(LOGIN) == transactions

    async def test_the_symbols_of_the_history(self, journal: Journal) -> None:
        assert journal.symbols() == set()
        await journal.append(Batch(numbered([account_opened(), deposit(1), opened(2)])))
        assert journal.symbols() == {"EURUSD"}

    async def test_reading_begins_after_a_version_and_stops_at_a_limit(self, journal: Journal) -> None:
        transactions = numbered([deposit(ticket) for ticket in range(1, 11)])
        await journal.append(Batch(transactions))
        assert await journal.read(LOGIN, after=3) == transactions[3:]
        assert await journal.read(LOGIN, after=3, limit=2) == transactions[3:5]
        assert await journal.read(LOGIN, after=10) == []

    async def test_an_empty_batch_is_durable_too(self, journal: Journal) -> None:
        await journal.append(Batch())

    async def test_what_is_acknowledged_survives(self, journal: Journal, tmp_path: Path) -> None:
        transactions = numbered([account_opened(), deposit(1)])
        await journal.append(Batch(transactions, {"clock": "7"}, [a_quote()], [a_bar()]))
        again = self.reopen(journal, tmp_path)
        try:
            assert await again.read(LOGIN) == transactions
            assert again.marks() == {"clock": "7"}
            assert again.quotes() == [a_quote()]
            assert await again.bars("EURUSD", START, START + 1) == [a_bar()]
            await again.append(Batch(numbered([deposit(2)], first=3)))
            assert [each.version for each in await again.read(LOGIN)] == [1, 2, 3]
        finally:
            again.close()

    async def test_closing_writes_what_is_queued(self, journal: Journal, tmp_path: Path) -> None:
        future = journal.append(Batch(numbered([deposit(1)])))
        again = self.reopen(journal, tmp_path)
        try:
            assert len(await again.read(LOGIN)) == 1
            await future
        finally:
            again.close()

    async def test_closing_twice_is_closing_once(self, journal: Journal) -> None:
        journal.close()
        journal.close()

    async def test_one_batch_may_hold_many_accounts(self, journal: Journal) -> None:
        mixed = [
            transaction
            for pair in zip(
                numbered([deposit(1), deposit(2)], 1), numbered([deposit(1), deposit(2)], 2), strict=True
            )
            for transaction in pair
        ]
        await journal.append(Batch(mixed))
        assert await journal.read(1) == [each for each in mixed if each.account == 1]
        assert await journal.read(2) == [each for each in mixed if each.account == 2]

    async def test_a_batch_of_a_thousand(self, journal: Journal) -> None:
        transactions = numbered([deposit(ticket) for ticket in range(1, 1001)])
        await journal.append(Batch(transactions))
        assert await journal.read(LOGIN) == transactions

    # ------------------------------------------------------------------ versions

    @pytest.mark.parametrize("first", [0, 2, 4])
    async def test_a_version_that_is_not_next_is_refused(self, journal: Journal, first: int) -> None:
        await journal.append(Batch(numbered([deposit(1), deposit(2)])))
        with pytest.raises(Exception, match=rf"{LOGIN} is at version 2 .* {first}"):
            await journal.append(Batch(numbered([deposit(3)], first=first), {"mark": "left over"}))
        assert len(await journal.read(LOGIN)) == 2
        assert journal.marks() == {}

    async def test_a_gap_within_a_batch_is_refused(self, journal: Journal) -> None:
        first, second = numbered([deposit(1), deposit(2)])
        with pytest.raises(Exception, match="1, 3"):
            await journal.append(Batch([first, replace(second, version=3)]))
        assert await journal.read(LOGIN) == []

    async def test_a_refused_batch_harms_no_other(self, journal: Journal) -> None:
        good = journal.append(Batch(numbered([deposit(1)])))
        bad = journal.append(Batch([*numbered([deposit(1)], 2), *numbered([deposit(1)])]))
        after = journal.append(Batch(numbered([deposit(2)], first=2)))
        results = await asyncio.gather(good, bad, after, return_exceptions=True)
        assert [type(each) is type(None) for each in results] == [True, False, True]
        assert [each.version for each in await journal.read(LOGIN)] == [1, 2]
        assert await journal.read(2) == []

    async def test_versions_go_on_after_a_restart(self, journal: Journal, tmp_path: Path) -> None:
        await journal.append(Batch(numbered([deposit(1)])))
        again = self.reopen(journal, tmp_path)
        try:
            with pytest.raises(Exception, match=f"{LOGIN} is at version 1"):
                await again.append(Batch(numbered([deposit(1)])))
            await again.append(Batch(numbered([deposit(2)], first=2)))
        finally:
            again.close()

    # ------------------------------------------------------------------ many at a time

    async def test_two_hundred_appenders(self, journal: Journal) -> None:
        async def appender(login: int) -> None:
            for version in range(1, 6):
                await journal.append(Batch(numbered([deposit(version)], login, version)))

        await asyncio.gather(*[appender(login) for login in range(1, 201)])
        for login in range(1, 201):
            assert [each.version for each in await journal.read(login)] == [1, 2, 3, 4, 5]

    async def test_batches_become_durable_in_their_order(self, journal: Journal) -> None:
        done: list[int] = []
        futures = []
        for version in range(1, 301):
            future = journal.append(Batch(numbered([deposit(version)], first=version)))
            future.add_done_callback(lambda _, version=version: done.append(version))  # type: ignore[misc]
            futures.append(future)
        await asyncio.gather(*futures)
        await asyncio.sleep(0)
        assert done == list(range(1, 301))

    async def test_whoever_stopped_waiting_is_no_obstacle(self, journal: Journal) -> None:
        journal.append(Batch(numbered([deposit(1)]))).cancel()
        await journal.append(Batch(numbered([deposit(2)], first=2)))
        assert len(await journal.read(LOGIN)) == 2

    # ------------------------------------------------------------------ settled requests and orders

    async def test_a_settled_request_is_found_in_its_account(self, journal: Journal) -> None:
        transactions = numbered([opened(1), settled("mine")])
        await journal.append(Batch(transactions))
        await journal.append(Batch(numbered([settled("mine")], account=7)))
        assert await journal.settled(LOGIN, "mine") == transactions[1]
        assert await journal.settled(7, "mine") == numbered([settled("mine")], account=7)[0]
        assert await journal.settled(LOGIN, "yours") is None
        assert await journal.settled(8, "mine") is None

    async def test_a_request_that_the_last_transaction_of_its_outcome_settles_is_found(
        self, journal: Journal
    ) -> None:
        """And is read with it; whatever the event is, and whatever its texts look like."""
        events = [deposit(1), opened(2), reduced(4), placed(6), ended(6)]
        plain = numbered(events, first=1)
        settling = [
            replace(each, settles=settled(f'{each.version},"settles":{{}}'))
            for each in numbered(events, first=len(events) + 1)
        ]
        await journal.append(Batch(plain))
        await journal.append(Batch(settling))
        assert await journal.read(LOGIN) == [*plain, *settling]
        for each in settling:
            assert each.settles is not None
            assert await journal.settled(LOGIN, each.settles.client_order_id) == each
        assert await journal.settled(LOGIN, "yours") is None

    async def test_only_ended_orders_are_found(self, journal: Journal) -> None:
        await journal.append(Batch(numbered([placed(1), placed(2), ended(1), opened(3), reduced(5)])))
        assert await journal.order(LOGIN, 1) == ended(1).order
        assert await journal.order(LOGIN, 2) is None
        assert await journal.order(LOGIN, 3) == opened(3).order
        assert await journal.order(LOGIN, 5) == reduced(5).order
        assert await journal.order(LOGIN, 4) is None
        assert await journal.order(7, 1) is None

    async def orders(
        self,
        journal: Journal,
        *states: OrderState,
        symbol: str | None = None,
        after: int = 0,
        limit: int = 100,
    ) -> list[tuple[int, int]]:
        """Versions and tickets of the orders that `orders` gives."""
        found = await journal.orders(LOGIN, states, symbol=symbol, after=after, limit=limit)
        return [(version, order.ticket) for version, order in found]

    async def test_ended_orders_by_state_symbol_and_page(self, journal: Journal) -> None:
        await journal.append(
            Batch(
                numbered(
                    [
                        placed(1),
                        ended(1),
                        opened(2),
                        deposit(4),
                        ended(5, "USDJPY", OrderState.EXPIRED),
                        reduced(6, "USDJPY"),
                        ended(8, state=OrderState.REJECTED),
                    ]
                )
            )
        )
        every = [each for each in OrderState if each is not OrderState.PLACED]
        assert await self.orders(journal, *every) == [(2, 1), (3, 2), (5, 5), (6, 6), (7, 8)]
        assert await self.orders(journal, OrderState.FILLED) == [(3, 2), (6, 6)]
        assert await self.orders(journal, OrderState.CANCELED, OrderState.EXPIRED) == [(2, 1), (5, 5)]
        assert await self.orders(journal, *every, symbol="USDJPY") == [(5, 5), (6, 6)]
        assert await self.orders(journal, *every, symbol="GBPUSD") == []
        assert await self.orders(journal, *every, after=2, limit=2) == [(3, 2), (5, 5)]
        assert await self.orders(journal, *every, after=5, limit=2) == [(6, 6), (7, 8)]
        assert await self.orders(journal, OrderState.PLACED) == []
        assert await self.orders(journal) == []

    # ------------------------------------------------------------------ stories

    @pytest.mark.parametrize(("tickets", "versions"), STORIES)
    async def test_a_ticket_names_its_story(
        self, journal: Journal, tickets: tuple[int, ...], versions: list[int]
    ) -> None:
        life = numbered(a_life())
        await journal.append(Batch(life))
        await journal.append(Batch(numbered(a_life()[:4], account=LOGIN + 1)))
        for ticket in tickets:
            assert await journal.story(LOGIN, ticket) == [life[each - 1] for each in versions]

    async def test_a_story_belongs_to_its_account(self, journal: Journal) -> None:
        await journal.append(Batch(numbered(a_life())))
        await journal.append(Batch(numbered([account_opened(7), deposit(1)], account=7)))
        assert [each.version for each in await journal.story(7, 1)] == [2]
        assert await journal.story(7, 3) == []
        assert await journal.story(8, 1) == []

    # ------------------------------------------------------------------ deals

    async def deals(
        self,
        journal: Journal,
        *,
        symbol: str | None = None,
        since: int | None = None,
        until: int | None = None,
        after: int | None = None,
        limit: int = 100,
        descending: bool = False,
    ) -> list[int]:
        """Versions of the deals that `deals` gives."""
        found = await journal.deals(
            LOGIN,
            symbol=symbol,
            since=since,
            until=until,
            after=after,
            limit=limit,
            descending=descending,
        )
        return [version for version, _ in found]

    async def write_history(self, journal: Journal) -> None:
        """Deals at versions 2, 3, 5, 6 and 8; versions 3 to 5 at the same time, the others 10 ms apart."""
        events = [
            account_opened(),
            deposit(1),
            opened(2),
            placed(4),
            opened(5, "USDJPY"),
            reduced(7),
            ended(4),
            reduced(9, "USDJPY"),
        ]
        times = [0, 10, 20, 20, 20, 30, 40, 50]
        transactions = [
            replace(each, time=START + time) for each, time in zip(numbered(events), times, strict=True)
        ]
        await journal.append(Batch(transactions))
        await journal.append(Batch(numbered([opened(1)], account=LOGIN + 1)))

    async def test_deals_in_either_direction(self, journal: Journal) -> None:
        await self.write_history(journal)
        assert await self.deals(journal) == [2, 3, 5, 6, 8]
        assert await self.deals(journal, descending=True) == [8, 6, 5, 3, 2]
        found = await journal.deals(
            LOGIN, symbol=None, since=None, until=None, after=None, limit=2, descending=False
        )
        assert found == [(2, deposit(1).deal), (3, opened(2).deal)]

    async def test_deals_of_a_symbol(self, journal: Journal) -> None:
        await self.write_history(journal)
        assert await self.deals(journal, symbol="USDJPY") == [5, 8]
        assert await self.deals(journal, symbol="EURUSD", descending=True) == [6, 3]
        assert await self.deals(journal, symbol="GBPUSD") == []

    @pytest.mark.parametrize(
        ("since", "until", "versions"),
        [
            (None, 10, []),
            (None, 11, [2]),
            (10, 20, [2]),
            (11, 20, []),
            (20, 21, [3, 5]),
            (20, None, [3, 5, 6, 8]),
            (21, 50, [6]),
            (50, None, [8]),
            (51, None, []),
            (-1000, 1000, [2, 3, 5, 6, 8]),
            (30, 20, []),
        ],
    )
    async def test_deals_of_a_time(
        self, journal: Journal, since: int | None, until: int | None, versions: list[int]
    ) -> None:
        await self.write_history(journal)
        since = None if since is None else START + since
        until = None if until is None else START + until
        assert await self.deals(journal, since=since, until=until) == versions
        assert await self.deals(journal, since=since, until=until, descending=True) == versions[::-1]

    @pytest.mark.parametrize("descending", [False, True])
    @pytest.mark.parametrize("limit", [1, 2, 3])
    async def test_deals_page_by_page(self, journal: Journal, descending: bool, limit: int) -> None:
        await self.write_history(journal)
        every = await self.deals(journal, since=START + 20, descending=descending)
        collected: list[int] = []
        after = None
        while page := await self.deals(
            journal, since=START + 20, after=after, limit=limit, descending=descending
        ):
            assert len(page) <= limit
            collected += page
            after = page[-1]
        assert collected == every

    # ------------------------------------------------------------------ marks, quotes, bars

    async def test_marks_and_quotes_replace_their_predecessors(self, journal: Journal) -> None:
        await journal.append(Batch(marks={"clock": "1", "seed": "s"}, quotes=[a_quote(), a_quote("USDJPY")]))
        later = a_quote(time=START + 1)
        await asyncio.gather(
            journal.append(Batch(marks={"clock": "2"})),
            journal.append(Batch(marks={"clock": "3"}, quotes=[a_quote(time=START + 5), later])),
        )
        assert journal.marks() == {"clock": "3", "seed": "s"}
        assert sorted(journal.quotes()) == [later, a_quote("USDJPY")]

    async def test_bars_replace_their_predecessors(self, journal: Journal) -> None:
        minute = 60_000
        await journal.append(Batch(bars=[a_bar(), a_bar(time=START + minute), a_bar("USDJPY")]))
        await journal.append(Batch(bars=[a_bar(close=8)]))
        assert await journal.bars("EURUSD", START, START + minute) == [a_bar(close=8)]
        assert await journal.bars("EURUSD", START + 1, START + 2 * minute) == [a_bar(time=START + minute)]
        assert await journal.bars("GBPUSD", START, START + minute) == []

    async def test_the_last_bar_is_the_one_that_opens_at_or_before(self, journal: Journal) -> None:
        minute = 60_000
        later = a_bar(time=START + 5 * minute)
        await journal.append(Batch(bars=[later, a_bar(), a_bar("USDJPY", time=START + minute)]))
        assert await journal.last_bar("EURUSD", START - 1) is None
        for at in (START, START + 5 * minute - 1):
            assert await journal.last_bar("EURUSD", at) == a_bar()
        for at in (START + 5 * minute, START + 99 * minute):
            assert await journal.last_bar("EURUSD", at) == later
        assert await journal.last_bar("GBPUSD", START) is None

    async def test_a_bar_is_written_as_it_was_when_it_was_appended(self, journal: Journal) -> None:
        bar = a_bar()
        marks = {"a": "1"}
        future = journal.append(Batch(bars=[bar], marks=marks))
        bar.close = 999
        marks["a"] = "2"
        await future
        assert await journal.bars("EURUSD", START, START + 1) == [a_bar()]
        assert journal.marks() == {"a": "1"}

    async def test_a_mark_can_be_removed(self, journal: Journal) -> None:
        await journal.append(Batch(marks={"a": "1", "b": "1", "c": "1"}))
        await asyncio.gather(
            journal.append(Batch(marks={"a": None, "b": None, "never": None})),
            journal.append(Batch(marks={"b": "2", "d": "1"})),
            journal.append(Batch(marks={"d": None})),
        )
        assert journal.marks() == {"b": "2", "c": "1"}

    # ------------------------------------------------------------------ deliveries

    async def test_deliveries_of_a_webhook_the_newest_first(self, journal: Journal, tmp_path: Path) -> None:
        made = [a_delivery(number) for number in range(1, 8)]
        await journal.append(Batch(deliveries=[*made[:4], a_delivery(1, "other")]))
        await journal.append(Batch(deliveries=made[4:], marks={"webhook.one": "[7, []]"}))
        journal = self.reopen(journal, tmp_path)
        try:
            assert await journal.deliveries("one", None, 100) == made[::-1]
            assert await journal.deliveries("one", None, 3) == made[:3:-1]
            assert await journal.deliveries("one", 4, 2) == [made[2], made[1]]
            assert await journal.deliveries("one", 1, 2) == []
            assert await journal.deliveries("other", None, 100) == [a_delivery(1, "other")]
            assert await journal.deliveries("nothing", None, 100) == []
        finally:
            journal.close()

    async def test_a_delivery_replaces_its_predecessor(self, journal: Journal) -> None:
        await journal.append(Batch(deliveries=[a_delivery(1), a_delivery(2)]))
        later = replace(a_delivery(1), state=DeliveryState.DELIVERED, attempts=2, last_status=204)
        await journal.append(Batch(deliveries=[later]))
        assert await journal.deliveries("one", None, 100) == [a_delivery(2), later]
        assert await journal.delivery("one", later.delivery_id) == later
        assert await journal.delivery("one", "nothing") is None
        assert await journal.delivery("other", later.delivery_id) is None

    async def test_the_last_thousand_deliveries_are_kept(self, journal: Journal) -> None:
        await journal.append(Batch(deliveries=[a_delivery(1, "other")]))
        await journal.append(Batch(deliveries=[a_delivery(number) for number in range(1, 1_101)]))
        await journal.append(Batch(deliveries=[a_delivery(1_101)]))
        kept = await journal.deliveries("one", None, 2_000)
        assert [each.number for each in kept] == list(range(1_101, 101, -1))
        assert len(await journal.deliveries("other", None, 10)) == 1

    async def test_a_webhook_is_forgotten_with_what_came_in_the_same_batch(self, journal: Journal) -> None:
        await journal.append(Batch(deliveries=[a_delivery(1), a_delivery(1, "other")]))
        await journal.append(Batch(deliveries=[a_delivery(2)], forgotten=("one", "never")))
        assert await journal.deliveries("one", None, 10) == []
        assert await journal.deliveries("other", None, 10) == [a_delivery(1, "other")]

    # ------------------------------------------------------------------ accounts and snapshots

    async def test_the_servers_own_account_is_no_account(self, journal: Journal) -> None:
        await journal.append(Batch(numbered([settled("server")], account=0)))
        assert journal.accounts() == []
        assert len(await journal.read(0)) == 1

    async def test_a_snapshot_is_taken_at_once(self, journal: Journal) -> None:
        await journal.append(Batch(numbered([account_opened(), deposit(1, 500)])))
        (account,) = journal.accounts()
        journal.snapshot([account])
        account.balance = 0
        await journal.append(Batch(numbered([deposit(2, 7)], first=3)))
        assert [each.balance for each in journal.accounts()] == [507]

    async def test_a_snapshot_ahead_of_the_journal_is_refused(self, journal: Journal) -> None:
        with pytest.raises(Exception, match="version 3"):
            journal.snapshot([Account(login=LOGIN, version=3)])

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
    @given(steps=steps, chosen=st.sets(st.integers(0, 39), max_size=4))
    def test_snapshots_and_tail_are_the_whole_fold(self, steps: list[Step], chosen: set[int]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(self._check_the_fold(Path(folder), steps, chosen))

    async def _check_the_fold(self, place: Path, steps: list[Step], chosen: set[int]) -> None:
        story = Story()
        journal = self.open(place)
        try:
            for transactions in story.begin():
                await journal.append(Batch(transactions))
            for index, step in enumerate(steps):
                waiting = journal.append(Batch(story.take(step)))
                if index in chosen:
                    journal.snapshot(list(story.broker.accounts.values())[index % 3 :])
                await waiting
            if self.survives:
                journal = self.reopen(journal, place)
            whole = [await self._fold(journal, login) for login in story.broker.accounts]
            hot = list(story.broker.accounts.values())
            assert journal.accounts() == whole == hot
            # To the byte: what is done to all positions or orders is done in the order of their dicts.
            assert [encode_account(each) for each in journal.accounts()] == [
                encode_account(each) for each in hot
            ]
        finally:
            journal.close()

    async def _fold(self, journal: Journal, login: int) -> Account:
        account = Account(login=login)
        for transaction in await journal.read(login, limit=1_000_000):
            evolve(account, transaction)
        return account
