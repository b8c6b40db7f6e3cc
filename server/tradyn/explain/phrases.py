"""How an explanation says things: prices with all their digits, amounts with their currency, conditions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tradyn.broker.accounts import Account
from tradyn.broker.deals import Deal
from tradyn.broker.instruments import Instrument
from tradyn.broker.market import Market, Quote
from tradyn.broker.money import format_amount
from tradyn.broker.orders import Order, OrderType, Side
from tradyn.explain.explanation import Condition, PriceSide, Relation, Rule

__all__ = [
    "Phrases",
    "closing_side",
    "deals",
    "is_reached",
    "jumped_by",
    "listed",
    "lowered",
    "opened_beyond",
    "opening_price",
    "opening_side",
    "plain",
    "points_away",
    "position_word",
    "relation_of",
    "rule_of",
    "slipped_by",
    "words_of",
]


@dataclass(slots=True)
class Phrases:
    """Numbers and half-sentences about one symbol in one account. Prices are points, volumes steps."""

    market: Market
    account: Account
    symbol: str | None = None

    @property
    def instrument(self) -> Instrument:
        """The symbol's specification."""
        return self.market.instruments[self.symbol or ""]

    def order_name(self, order: Order) -> str:
        """`Buy limit of 0.5 lots of EURUSD at 1.08000`."""
        instrument = self.instrument
        limit = "" if order.price_stop_limit is None else f", limit {self.price(order.price_stop_limit)}"
        return (
            f"{words_of(order.type).capitalize()} of {self.volume(order.volume)} of "
            f"{instrument.symbol} at {self.price(order.price)}{limit}"
        )

    def waits(self, order: Order) -> str:
        """What the order waits for."""
        relation = relation_of(order.type)
        does = "Becomes a limit order" if order.type.is_stop_limit else "Fills"
        return f"{does} when {opening_side(order)} {relation.sign} {self.price(order.price)}"

    def reached(self, kind: OrderType, price: int, quote: Quote, name: str) -> Condition:
        """The price of a pending order, compared with the quote."""
        side = PriceSide.ASK if kind.side is Side.BUY else PriceSide.BID
        value = quote.ask if kind.side is Side.BUY else quote.bid
        return self.condition(side, value, relation_of(kind), name, price)

    def condition(
        self, side: PriceSide, value: int, relation: Relation, limit_name: str, limit: int
    ) -> Condition:
        """A price of a quote, compared with a limit."""
        return Condition(
            name=side.value,
            value=self.decimal(value),
            relation=relation,
            limit_name=limit_name,
            limit=self.decimal(limit),
        )

    def said(self, condition: Condition) -> str:
        """`bid 1.07995 ≤ sl 1.08000`."""
        digits = self.instrument.digits
        return (
            f"{condition.name} {condition.value:.{digits}f} {condition.relation.sign} "
            f"{condition.limit_name} {condition.limit:.{digits}f}"
        )

    def stop_out(self, level: Decimal) -> Condition:
        """The margin level that led to a stop-out, in percent, compared with the stop-out level."""
        return Condition(
            name="margin_level",
            value=level,
            relation=Relation.BELOW,
            limit_name="stop_out_level",
            limit=self.account.stop_out_level,
        )

    def because(self, equity: int, margin: int, stop_out: Condition) -> str:
        """Why there was a stop-out."""
        return (
            f": the margin level is equity {self.money(equity)} / margin {self.money(margin)} = "
            f"{stop_out.value:f} %, less than the stop-out level of {plain(stop_out.limit)} %"
        )

    def change(self, name: str, before: int | None, after: int | None) -> Iterable[str]:
        """`the sl from none to 1.08000`; nothing where nothing changed."""
        if before == after:
            return ()
        shown = ["none" if each is None else self.price(each) for each in (before, after)]
        return (f"the {name} from {shown[0]} to {shown[1]}",)

    def stops(self, sl: int | None, tp: int | None) -> str:
        """`; sl 1.08000, tp 1.09500`, as far as there are any."""
        set_ = [f"{name} {self.price(each)}" for name, each in (("sl", sl), ("tp", tp)) if each is not None]
        return f"; {', '.join(set_)}" if set_ else ""

    def costs(self, *, swap: int = 0, commission: int = 0) -> str:
        """`, swap -1.20 USD, commission -3.50 USD`, as far as there are any."""
        parts = [
            f"{name} {self.money(each)}"
            for name, each in (("swap", swap), ("commission", commission))
            if each
        ]
        return f", {', '.join(parts)}" if parts else ""

    def money(self, amount: int) -> str:
        """An amount of minor units with its currency."""
        return f"{format_amount(amount, self.account.digits)} {self.account.currency}"

    def amount(self, amount: int) -> Decimal:
        """An amount of minor units."""
        return Decimal(amount).scaleb(-self.account.digits)

    def price(self, points: int | None) -> str:
        """A price with all its digits; `none` where there is none."""
        return "none" if points is None else self.instrument.price(points)

    def decimal(self, points: int) -> Decimal:
        """A price."""
        return Decimal(points).scaleb(-self.instrument.digits)

    def volume(self, steps: int) -> str:
        """`0.5 lots`, `1 lot`."""
        lots = self.instrument.lots(steps)
        return f"{lots} {'lot' if lots == '1' else 'lots'}"

    def lots(self, steps: int) -> Decimal:
        """A volume in lots."""
        return self.instrument.volume_step * steps

    def quoted(self, quote: Quote | None, side: PriceSide | None) -> dict[str, Any]:
        """The fields of a step that say which quote decided it, and which side of it."""
        return {"quote": quote, "side": None if quote is None else side}

    def booked(self, deal: Deal) -> dict[str, Any]:
        """The fields of a step that say what a deal booked."""
        return {
            "profit": self.amount(deal.profit),
            "swap": self.amount(deal.swap),
            "commission": self.amount(deal.commission),
        }


def rule_of(kind: OrderType) -> Rule:
    """The rule that a pending order follows."""
    return Rule[kind.name]


def relation_of(kind: OrderType) -> Relation:
    """How the market reaches a pending order's price."""
    falls = kind.is_limit is (kind.side is Side.BUY)
    return Relation.AT_OR_BELOW if falls else Relation.AT_OR_ABOVE


def is_reached(side: Side, market_price: int, level: int, *, rises: bool) -> bool:
    """Whether a price stands at or beyond a level on the profitable (`rises`) side of a position."""
    return side.sign * (market_price - level) >= 0 if rises else side.sign * (market_price - level) <= 0


def opening_side(order: Order) -> PriceSide:
    """Buys are filled at the ask, sells at the bid."""
    return PriceSide.ASK if order.type.side is Side.BUY else PriceSide.BID


def opening_price(order: Order, quote: Quote) -> int:
    """That side of a quote."""
    return quote.ask if order.type.side is Side.BUY else quote.bid


def closing_side(side: Side) -> PriceSide:
    """Longs close at the bid, shorts at the ask."""
    return PriceSide.BID if side is Side.BUY else PriceSide.ASK


def position_word(side: Side) -> str:
    """`long` or `short`."""
    return "long" if side is Side.BUY else "short"


def deals(side: Side) -> str:
    """`buys` or `sells`."""
    return "buys" if side is Side.BUY else "sells"


def words_of(kind: OrderType) -> str:
    """`buy stop limit`."""
    return kind.name.lower().replace("_", " ")


def lowered(text: str) -> str:
    """A sentence that goes on, so its first letter is small."""
    return text[:1].lower() + text[1:]


def plain(value: Decimal) -> str:
    """A number without needless zeros."""
    return f"{value.normalize():f}"


def listed(changes: Sequence[str]) -> str:
    """Changes, joined."""
    return " and ".join(changes) if changes else "what is not told here"


def jumped_by(points: int, where: str) -> str:
    """How far beyond its stop a tick was."""
    if not points:
        return ""
    return f", {_points(points)} {where} the stop because the market jumped"


def opened_beyond(points: int, where: str) -> str:
    """How far beyond its stop a tick was, where the position was never on the right side of it."""
    if not points:
        return ""
    return f", {_points(points)} {where} the stop, which the price had passed when the position was opened"


def slipped_by(points: int) -> str:
    """How far the fill was moved from the tick."""
    if not points:
        return ""
    return f", with {_points(points)} of slippage" if points > 0 else ""


def points_away(price: int, level: int) -> str:
    """`75 points away`."""
    return f"{_points(abs(price - level))} away"


def _points(count: int) -> str:
    return f"{count} {'point' if count == 1 else 'points'}"
