"""Does a server's history agree with the book of what it acknowledged? Recomputed from the answers alone.

The rules know the HTTP API's JSON and the clients' book, nothing of the server. Deals and ended orders are
taken once, as they were listed; what is open, and the balance, must follow from them. Every finding names a
rule, the account, and what was found where what was expected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, NamedTuple

from reliability.book import AccountBook, Entry, Json

__all__ = ["AccountHistory", "Deal", "Observation", "Order", "Rule", "Violation", "pick"]


class Rule(StrEnum):
    """What a server must never do."""

    LOST = "acknowledged and lost"
    TWICE = "done twice"
    REPLY = "another reply to the same request"
    REUSED = "a used client_order_id was taken for another request"
    REFUSED = "refused, but done"
    UNASKED = "done without being asked"
    OTHERWISE = "done otherwise than asked or answered"
    TICKET = "a ticket names two things, or nothing"
    ORDER = "the orders do not follow from the history"
    POSITION = "the positions do not follow from the deals"
    BALANCE = "the balance is not the sum of the deals"
    PROFIT = "the profit does not follow from the prices"
    CHANGED = "history was rewritten"
    TIME = "time went backwards"
    KEY = "an API key is not as it was acknowledged"
    WEBHOOK = "a webhook is not as it was acknowledged"
    ACCOUNT = "an account is not as it was acknowledged"
    PROCESS = "the server process failed"


@dataclass(frozen=True)
class Violation:
    """A broken promise."""

    rule: Rule
    where: str
    found: str

    def __str__(self) -> str:
        return f"{self.where}: {self.rule}: {self.found}"


class Deal(NamedTuple):
    """What is kept of a deal."""

    ticket: int
    order: int | None
    position: int | None
    symbol: str | None
    type: str
    entry: str | None
    volume: Decimal | None
    price: Decimal | None
    profit: Decimal
    swap: Decimal
    commission: Decimal
    reason: str
    time: str
    client_order_id: str | None


class Order(NamedTuple):
    """What is kept of an order."""

    ticket: int
    symbol: str
    type: int
    state: str
    volume: Decimal
    price: Decimal
    sl: Decimal | None
    tp: Decimal | None
    time_setup: str
    time_done: str | None
    position: int | None
    client_order_id: str | None


@dataclass
class Holding:
    """An open position as the fold of its deals."""

    opened: Deal
    volume: Decimal


@dataclass(frozen=True)
class Observation:
    """What a server showed of an account while nothing moved.

    Attributes:
        deals, ended: those that were not shown before, as they were listed.
        shown_before: pairs of what was shown before and is now, where they differ.
    """

    account: Json
    positions: list[Json]
    placed: list[Json]
    deals: list[Json]
    ended: list[Json]
    shown_before: list[tuple[Json | None, Json | None]] = field(default_factory=list)


# Quoted in the accounts' currency, so that profit needs no rate.
CONTRACT_SIZE: Final = {"EURUSD": 100_000, "GBPUSD": 100_000}
_OPPOSITE: Final = {"buy": "sell", "sell": "buy"}
_MOST_DEALS: Final = {"trade": 1, "placeOrder": 1, "closePosition": 1, "closeBy": 2, "changeBalance": 1}


class AccountHistory:
    """The fold of one account's history, compared with its book.

    Args:
        book: of the account; what is new in it is consumed by `check`.
    """

    def __init__(self, book: AccountBook) -> None:
        self.book = book
        self.deals: dict[int, Deal] = {}
        self.ended: dict[int, Order] = {}
        self._placed: dict[int, Order] = {}
        self._deals_of: dict[str, list[Deal]] = {}
        self._orders_of: dict[str, int] = {}
        self._holdings: dict[int, Holding] = {}
        self._balance = Decimal(0)
        self._last_time = ""
        # Orders and deals that wait for their counterparts.
        self._filled_without_deal: set[int] = set()
        self._deals_without_order: set[int] = set()

    def check(self, seen: Observation) -> list[Violation]:
        """Everything that is new since the last check, and all that is open.

        Returns:
            what was found wrong; empty if all is well.
        """
        book = self.book
        names, book.news = book.news, []
        return [
            *self._take(seen),
            *(found for name in names for found in self._match(name, book.entries[name])),
            *self.check_replies(),
            *self._notes(),
            *self._conclude(seen),
        ]

    def check_all(self, seen: Observation) -> list[Violation]:
        """The same, of a history that was read from its beginning, with every entry of the book."""
        entries = self.book.entries.items()
        return [
            *self._take(seen),
            *(found for name, entry in entries if entry.first for found in self._match(name, entry)),
            *self._conclude(seen),
        ]

    @property
    def volumes(self) -> dict[int, Decimal]:
        """What the deals leave open of each position."""
        return {ticket: each.volume for ticket, each in self._holdings.items()}

    def was_done(self, name: str) -> bool:
        """Whether the history has anything under this `client_order_id`."""
        return name in self._deals_of or name in self._orders_of

    def compare(self, later: AccountHistory) -> list[Violation]:
        """That what is known here is the same in a history read later from its beginning."""
        return [
            self._violation(Rule.CHANGED, f"{known}, now {there.get(ticket)}")
            for here, there in ((self.deals, later.deals), (self.ended, later.ended))
            for ticket, known in here.items()
            if there.get(ticket) != known
        ]

    # ------------------------------------------------------------------ the fold

    def _take(self, seen: Observation) -> Iterator[Violation]:
        for before, now in seen.shown_before:
            yield self._violation(Rule.CHANGED, f"{before}, now {now}")
        for each in seen.deals:
            yield from self._take_deal(pick(Deal, each))
        for each in seen.ended:
            yield from self._take_ended(pick(Order, each))
        for each in seen.placed:
            self._placed[each["ticket"]] = order = pick(Order, each)
            yield from self._name_order(order)

    def _take_deal(self, deal: Deal) -> Iterator[Violation]:
        if deal.ticket in self.deals or deal.ticket in self.ended:
            yield self._violation(Rule.TICKET, f"deal {deal.ticket} has the ticket of another: {deal}")
            return
        is_first = not self.deals
        self.deals[deal.ticket] = deal
        self._balance += deal.profit + deal.swap + deal.commission
        if deal.time < self._last_time:
            yield self._violation(Rule.TIME, f"deal {deal.ticket} of {deal.time} after {self._last_time}")
        self._last_time = max(self._last_time, deal.time)
        if deal.order is not None:
            _pair(deal.order, self._filled_without_deal, self._deals_without_order)
        if deal.client_order_id is not None:
            yield from self._name_deal(deal.client_order_id, deal)
        elif deal.reason == "client" and not is_first:
            yield self._violation(Rule.UNASKED, f"deal {deal.ticket} has no client_order_id: {deal}")
        yield from self._hold(deal)

    def _hold(self, deal: Deal) -> Iterator[Violation]:
        if deal.position is None or deal.volume is None:
            return
        holding = self._holdings.get(deal.position)
        if deal.entry == "in":
            if holding is not None:
                yield self._violation(Rule.TWICE, f"position {deal.position} is opened twice: {deal}")
            self._holdings[deal.position] = Holding(deal, deal.volume)
            return
        if holding is None:
            found = f"deal {deal.ticket} closes {deal.position}, which is not open: {deal}"
            yield self._violation(Rule.POSITION, found)
            return
        holding.volume -= deal.volume
        if holding.volume < 0 or deal.type != _OPPOSITE[holding.opened.type]:
            found = f"deal {deal.ticket} cannot close position {deal.position} of {holding.opened}: {deal}"
            yield self._violation(Rule.POSITION, found)
        if holding.volume <= 0:
            del self._holdings[deal.position]
            self.book.forget(deal.position)
        yield from self._profit(deal, holding.opened)

    def _profit(self, deal: Deal, opened: Deal) -> Iterator[Violation]:
        size = CONTRACT_SIZE.get(deal.symbol or "")
        if deal.entry != "out" or size is None:
            return
        assert deal.price is not None and opened.price is not None and deal.volume is not None
        gain = deal.price - opened.price if opened.type == "buy" else opened.price - deal.price
        expected = gain * deal.volume * size
        if deal.profit != expected:
            found = f"deal {deal.ticket} has profit {deal.profit}, its prices give {expected}"
            yield self._violation(Rule.PROFIT, found)

    def _take_ended(self, order: Order) -> Iterator[Violation]:
        if order.ticket in self.ended or order.ticket in self.deals:
            yield self._violation(Rule.TICKET, f"order {order.ticket} has the ticket of another: {order}")
            return
        self.ended[order.ticket] = order
        placed = self._placed.pop(order.ticket, None)
        if placed is not None:
            kept = ("symbol", "volume", "time_setup", "client_order_id")
            if any(getattr(placed, name) != getattr(order, name) for name in kept):
                yield self._violation(Rule.CHANGED, f"{placed} ended as {order}")
        if order.state == "filled":
            _pair(order.ticket, self._deals_without_order, self._filled_without_deal)
        else:
            self.book.forget(order.ticket)
        yield from self._name_order(order)

    # ------------------------------------------------------------------ what was asked

    def _name_deal(self, name: str, deal: Deal) -> Iterator[Violation]:
        done = self._deals_of.setdefault(name, [])
        done.append(deal)
        entry = self.book.entries.get(name)
        if entry is None:
            yield self._violation(Rule.UNASKED, f"nobody used client_order_id {name}: {deal}")
            return
        request = entry.request
        most = _MOST_DEALS.get(request.operation)
        is_repeated = deal.position is not None and any(each.position == deal.position for each in done[:-1])
        if (most is not None and len(done) > most) or (request.operation == "closeAll" and is_repeated):
            found = f"{request.operation} {name} made {len(done)} deals: {[each.ticket for each in done]}"
            yield self._violation(Rule.TWICE, found)
        if not _is_asked(entry, deal):
            yield self._violation(Rule.OTHERWISE, f"{name} asked {request}, done was {deal}")

    def _name_order(self, order: Order) -> Iterator[Violation]:
        name = order.client_order_id
        if name is None:
            return
        entry = self.book.entries.get(name)
        if entry is None:
            yield self._violation(Rule.UNASKED, f"nobody used client_order_id {name}: {order}")
        elif entry.request.operation == "placeOrder":
            if self._orders_of.setdefault(name, order.ticket) != order.ticket:
                found = f"placeOrder {name} placed orders {self._orders_of[name]} and {order.ticket}"
                yield self._violation(Rule.TWICE, found)
            request = entry.request
            asked = (request.given("symbol"), request.given("type"), request.given("volume"))
            if (order.symbol, order.type, order.volume) != asked:
                yield self._violation(Rule.OTHERWISE, f"{name} asked {request}, placed was {order}")

    # ------------------------------------------------------------------ what was acknowledged

    def _match(self, name: str, entry: Entry) -> Iterator[Violation]:
        """A first reply against what the history has under its name."""
        reply, operation = entry.first, entry.request.operation
        assert reply is not None
        deals = self._deals_of.get(name, [])
        if not reply.is_success:
            if deals or name in self._orders_of:
                found = f"{operation} {name} was answered {reply.code}, and made {deals or 'an order'}"
                yield self._violation(Rule.REFUSED, found)
            return
        if operation == "placeOrder":
            yield from self._match_order(name, reply.data, deals)
            return
        told = _TOLD[operation](reply.data)
        tickets = [each["ticket"] for each in told]
        missing = [each for each in tickets if each not in self.deals]
        if missing:
            found = f"{operation} {name} was answered with deals {missing}, which are not in the history"
            yield self._violation(Rule.LOST, found)
        if len(deals) > len(tickets):
            found = f"{operation} {name} was answered with deals {tickets}, the history has {deals}"
            yield self._violation(Rule.TWICE, found)
        for each in told:
            deal = self.deals.get(each["ticket"])
            if deal is not None and (wrong := _differences(deal, each)):
                yield self._violation(Rule.OTHERWISE, f"{operation} {name}: {wrong} in {deal}")
            if deal is not None and deal.client_order_id != name:
                yield self._violation(Rule.OTHERWISE, f"{operation} {name} was answered with {deal}")

    def _match_order(self, name: str, told: Json, deals: list[Deal]) -> Iterator[Violation]:
        ticket = told["ticket"]
        order = self.ended.get(ticket) or self._placed.get(ticket)
        if order is None:
            yield self._violation(
                Rule.LOST, f"placeOrder {name} was answered with order {ticket}; it is gone"
            )
            return
        constant = ("ticket", "symbol", "type", "volume", "time_setup", "client_order_id")
        if wrong := _differences(order, {each: told[each] for each in constant}):
            yield self._violation(Rule.OTHERWISE, f"placeOrder {name}: {wrong} in {order}")
        if len(deals) != (order.state == "filled"):
            yield self._violation(Rule.ORDER, f"order {ticket} is {order.state} and has deals {deals}")

    def check_replies(self) -> Iterator[Violation]:
        """Repetitions got the first reply again, and used names were refused to others."""
        book = self.book
        repeats, book.repeats = book.repeats, []
        for name, reply in repeats:
            first = book.entries[name].first
            if first != reply:
                yield self._violation(Rule.REPLY, f"{name} was first answered {first}, then {reply}")
        misuses, book.misuses = book.misuses, []
        for name, reply in misuses:
            if (reply.status, reply.code) != (400, "CLIENT_ORDER_ID_REUSED"):
                yield self._violation(Rule.REUSED, f"{name} was answered {reply} for another request")

    def _notes(self) -> Iterator[Violation]:
        book = self.book
        cancellations, book.cancellations = book.cancellations, []
        for each in cancellations:
            known = self.ended.get(each["ticket"])
            if known is None:
                yield self._violation(Rule.LOST, f"order {each['ticket']} was cancelled, and is not any more")
            elif known != pick(Order, each):
                yield self._violation(Rule.OTHERWISE, f"cancelled as {each}, listed as {known}")
        shown, book.shown = book.shown, []
        for each in shown:
            if self.deals.get(each["ticket"]) != pick(Deal, each):
                found = f"{each} was shown, now {self.deals.get(each['ticket'])}"
                yield self._violation(Rule.LOST, found)

    # ------------------------------------------------------------------ what is open

    def _conclude(self, seen: Observation) -> Iterator[Violation]:
        yield from self._check_tickets()
        yield from self._check_orders(seen)
        yield from self._check_positions(seen)
        yield from self._check_money(seen)

    def _check_tickets(self) -> Iterator[Violation]:
        orders = self.ended.keys() | self._placed.keys()
        for both in self.deals.keys() & orders:
            yield self._violation(Rule.TICKET, f"{both} is an order and a deal")
        # One counter gives them all, so a hole is something that was, and is no more.
        last = max(self.deals.keys() | orders, default=0)
        if len(self.deals) + len(orders) != last:
            holes = sorted(set(range(1, last + 1)) - self.deals.keys() - orders)[:10]
            yield self._violation(Rule.TICKET, f"of the tickets up to {last} these name nothing: {holes}")

    def _check_orders(self, seen: Observation) -> Iterator[Violation]:
        listed = {each["ticket"]: each for each in seen.placed}
        for ticket, order in list(self._placed.items()):
            if ticket not in listed:
                found = f"order {ticket} was placed, has not ended, and is not listed: {order}"
                yield self._violation(Rule.LOST, found)
                del self._placed[ticket]
        for ticket, each in listed.items():
            if ticket in self.ended:
                found = f"order {ticket} is placed and has ended as {self.ended[ticket]}"
                yield self._violation(Rule.ORDER, found)
            if each["client_order_id"] is None:
                yield self._violation(Rule.UNASKED, f"nobody placed {each}")
            yield from self._check_levels(each, ("price", "sl", "tp"), Rule.ORDER)
        # Swept away, so that the next check tells only of what is new.
        if self._deals_without_order or self._filled_without_deal:
            found = (
                f"deals without a filled order: {sorted(self._deals_without_order)}, "
                f"filled orders without a deal: {sorted(self._filled_without_deal)}"
            )
            yield self._violation(Rule.ORDER, found)
            self._deals_without_order.clear()
            self._filled_without_deal.clear()

    def _check_positions(self, seen: Observation) -> Iterator[Violation]:
        listed = {each["ticket"]: each for each in seen.positions}
        for ticket in self._holdings.keys() - listed.keys():
            found = f"position {ticket} is not listed, its deals leave {self._holdings[ticket]}"
            yield self._violation(Rule.POSITION, found)
        for ticket, each in listed.items():
            holding = self._holdings.get(ticket)
            if holding is None:
                yield self._violation(Rule.POSITION, f"position {ticket} has no deals: {each}")
                continue
            opened = holding.opened
            expected = {
                "symbol": opened.symbol,
                "type": opened.type,
                "volume": holding.volume,
                "price_open": opened.price,
                "time_open": opened.time,
                "client_order_id": opened.client_order_id,
            }
            if wrong := _differing(each, expected):
                yield self._violation(Rule.POSITION, f"position {ticket}: {wrong}; deals leave {holding}")
            names: Sequence[str] = ("sl", "tp", "trailing_stop")
            if ticket in self.book.trailed:
                names = names[1:]
            yield from self._check_levels(each, names, Rule.POSITION)

    def _check_levels(self, listed: Json, names: Sequence[str], rule: Rule) -> Iterator[Violation]:
        ticket, name = listed["ticket"], listed["client_order_id"]
        possible = self.book.levels(ticket, name)
        found = {each: listed[each] for each in names}
        fitting = [each for each in possible if all(each[one] == found[one] for one in names)]
        if not fitting:
            asked = self.book.notes(ticket)
            said = f"{ticket} has {found}, acknowledged or in doubt were {possible}; it was asked {asked}"
            yield self._violation(rule, said)
        self.book.settle(ticket, name, found)

    def _check_money(self, seen: Observation) -> Iterator[Violation]:
        account = seen.account
        if account["balance"] != self._balance:
            found = f"the balance is {account['balance']}, the deals' sum {self._balance}"
            yield self._violation(Rule.BALANCE, found)
        open_profit = sum((each["profit"] + each["swap"] for each in seen.positions), start=Decimal(0))
        if account["equity"] != self._balance + account["credit"] + open_profit:
            found = (
                f"the equity is {account['equity']}, balance and positions give {self._balance + open_profit}"
            )
            yield self._violation(Rule.BALANCE, found)

    def _violation(self, rule: Rule, found: str) -> Violation:
        return Violation(rule, f"account {self.book.login}", found)


def pick(kind: Any, given: Json) -> Any:
    """A deal or an order, of the JSON that the API shows of it."""
    return kind(*(given[name] for name in kind._fields))


def _pair(ticket: int, waiting: set[int], others: set[int]) -> None:
    """Take `ticket` off those that wait for it, or have it wait itself."""
    if ticket in waiting:
        waiting.remove(ticket)
    else:
        others.add(ticket)


def _is_asked(entry: Entry, deal: Deal) -> bool:
    """Whether a deal is what its request asked for."""
    request, given = entry.request, entry.request.given
    match request.operation:
        case "trade":
            asked: object = ("in", given("symbol"), given("action"), given("volume"))
            return (deal.entry, deal.symbol, deal.type, deal.volume) == asked
        case "placeOrder":
            side = "buy" if given("type") % 2 == 0 else "sell"
            asked = ("in", given("symbol"), side, given("volume"))
            return (deal.entry, deal.symbol, deal.type, deal.volume) == asked
        case "closePosition":
            ticket = int(request.path.rpartition("/")[2])
            volume = given("volume")
            return (deal.entry, deal.position) == ("out", ticket) and volume in (None, deal.volume)
        case "closeBy":
            both = (int(request.path.split("/")[-2]), given("opposite"))
            return deal.entry == "out_by" and deal.position in both
        case "closeAll":
            return deal.entry == "out" and given("symbol") in (None, deal.symbol)
    return deal.type == "balance" and deal.profit == given("amount")


def _told_of_trade(data: Json) -> list[Json]:
    names = ("order", "symbol", "volume", "price", "commission", "time")
    told = {name: data[name] for name in names}
    return [
        {**told, "ticket": data["deal"], "position": data["ticket"], "type": data["action"], "entry": "in"}
    ]


def _told_of_close(data: Json) -> list[Json]:
    names = ("symbol", "volume", "price", "profit", "swap", "commission", "time")
    told = {name: data[name] for name in names}
    return [{**told, "ticket": data["deal"], "position": data["ticket"], "entry": "out"}]


# What a success says of the deals it made, in the properties of a deal.
_TOLD: Final[Mapping[str, Callable[[Any], list[Json]]]] = {
    "trade": _told_of_trade,
    "closePosition": _told_of_close,
    "closeAll": lambda data: [told for each in data["closed"] for told in _told_of_close(each)],
    "closeBy": lambda data: [{name: each[name] for name in Deal._fields} for each in data["deals"]],
    "changeBalance": lambda data: [{name: data[name] for name in Deal._fields}],
}


def _differences(known: Deal | Order, told: Json) -> str:
    return _differing(known._asdict(), told)


def _differing(known: Mapping[str, Any], expected: Mapping[str, Any]) -> str:
    wrong: Iterable[str] = (
        f"{name} is {known[name]!r}, expected {value!r}"
        for name, value in expected.items()
        if known[name] != value
    )
    return "; ".join(wrong)
