"""Open positions: their stops moved, by the client or by the market, and their closing in every way."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from tradyn.broker import checks
from tradyn.broker.accounts import remaining_position
from tradyn.broker.commands import UNCHANGED, CloseBy, ClosePosition, ModifyPosition
from tradyn.broker.deals import TRADE_TYPES, Deal, DealEntry, DealReason
from tradyn.broker.decisions.charges import NO_COMMISSION, commission
from tradyn.broker.decisions.scene import Scene, no_such
from tradyn.broker.instruments import Instrument, OrderKind
from tradyn.broker.market import Quote
from tradyn.broker.money import convert, divide
from tradyn.broker.positions import Position
from tradyn.broker.profit import Figures, closing_price, position_profit, profit_path, raw_profit
from tradyn.broker.refusals import Refusal
from tradyn.broker.transactions import PositionModified, PositionReduced

__all__ = [
    "CloseByPair",
    "close_by_first",
    "close_by_second",
    "close_position",
    "find_close_by_pair",
    "fire_stop",
    "modify_position",
    "reduce",
    "stop_out_position",
    "trail_stop",
]


# A member's name on its class costs more than a name of this module.
_CLIENT, _SO, _TP = DealReason.CLIENT, DealReason.SO, DealReason.TP
_OUT, _OUT_BY = DealEntry.OUT, DealEntry.OUT_BY


class _Found(NamedTuple):
    """A position, its symbol and the quote to trade on."""

    position: Position
    instrument: Instrument
    quote: Quote


def _find(scene: Scene, ticket: int) -> _Found | Refusal:
    """An open position, if its symbol may be traded now."""
    position = scene.account.positions.get(ticket)
    if position is None:
        return no_such("position", ticket)
    instrument = scene.market.instruments[position.symbol]
    quote = scene.tradable(instrument, None)
    return quote if isinstance(quote, Refusal) else _Found(position, instrument, quote)


def modify_position(scene: Scene, command: ModifyPosition) -> PositionModified | Refusal:
    """A position gets other stops."""
    found = _find(scene, command.ticket)
    if isinstance(found, Refusal):
        return found
    position, instrument, quote = found
    sl = position.sl if command.sl is UNCHANGED else checks.to_stop(instrument, command.sl)
    tp = position.tp if command.tp is UNCHANGED else checks.to_stop(instrument, command.tp)
    trailing_stop = (
        position.trailing_stop if command.trailing_stop is UNCHANGED else command.trailing_stop or None
    )
    # A stop that stays as it is was valid when it was set, however near the market is by now.
    new_sl = sl if sl != position.sl else None
    new_tp = tp if tp != position.tp else None
    new_distance = trailing_stop if trailing_stop != position.trailing_stop else None
    if refusal := checks.check_kinds(instrument, None, new_sl or new_distance, new_tp):
        return refusal
    if (sl, tp, trailing_stop) == (position.sl, position.tp, position.trailing_stop):
        return Refusal("NO_CHANGES", f"Position {position.ticket} has these stops already")
    price = closing_price(position, quote)
    if refusal := checks.check_stops(instrument, position.side, new_sl, new_tp, price, price):
        return refusal
    if refusal := checks.check_trailing_stop(instrument, new_distance):
        return refusal
    if refusal := checks.check_position_freeze(instrument, position, price):
        return refusal
    changed = replace(position, sl=sl, tp=tp, trailing_stop=trailing_stop, time_update=scene.now)
    return PositionModified(position=changed, quote=quote)


def trail_stop(scene: Scene, position: Position, quote: Quote) -> PositionModified | None:
    """The stop follows the market at its distance, once the profit has reached that; it never goes back."""
    distance = position.trailing_stop
    if distance is None:
        return None
    sign, price = position.side.sign, closing_price(position, quote)
    sl = price - sign * distance
    in_profit = sign * (price - position.price_open) >= distance
    if not in_profit or sl <= 0 or (position.sl is not None and sign * (sl - position.sl) <= 0):
        return None
    return PositionModified(
        position=replace(position, sl=sl, time_update=scene.now), quote=quote, cause="trailing_stop"
    )


def close_position(scene: Scene, command: ClosePosition) -> PositionReduced | Refusal:
    """A long closes at the bid, a short at the ask; a part of it keeps the rest as it is."""
    found = _find(scene, command.ticket)
    if isinstance(found, Refusal):
        return found
    position, instrument, quote = found
    volume = position.volume
    if command.volume is not None:
        steps = checks.to_steps(instrument, command.volume)
        if steps is None or not 0 < steps <= position.volume:
            open_lots = instrument.lots(position.volume)
            return Refusal(
                "INVALID_CLOSE_VOLUME",
                f"Invalid close volume {checks.shown(command.volume)}: position {position.ticket} has "
                f"{open_lots} lots, in steps of {instrument.volume_step.normalize():f}",
                {"volume": open_lots},
            )
        volume = steps
    market_price, side = closing_price(position, quote), position.side.opposite
    price = scene.slipped(market_price, side)
    if command.deviation is not None and (
        refusal := scene.check_deviation(instrument, command.deviation, side, quote, price)
    ):
        return refusal
    if refusal := checks.check_position_freeze(instrument, position, market_price):
        return refusal
    return reduce(
        scene,
        position,
        volume,
        price,
        quote,
        _CLIENT,
        client_order_id=command.client_order_id,
    )


def stop_out_position(scene: Scene, position: Position, quote: Quote, figures: Figures) -> PositionReduced:
    """The broker closes a position at the market because margin ran out, as `figures` say."""
    closed = reduce(scene, position, position.volume, closing_price(position, quote), quote, _SO)
    return replace(closed, equity=figures.equity, margin=figures.margin)


def fire_stop(scene: Scene, position: Position, reason: DealReason, quote: Quote) -> PositionReduced:
    """SL fills at the tick (gaps slip), TP at its own price."""
    if reason is _TP and position.tp is not None:
        price = position.tp
    else:
        price = scene.slipped(closing_price(position, quote), position.side.opposite)
    return reduce(scene, position, position.volume, price, quote, reason)


# ---------------------------------------------------------------------- close-by


class CloseByPair(NamedTuple):
    """Two opposite positions, and how much of both can be closed against each other."""

    position: Position
    opposite: Position
    volume: int
    quote: Quote


def find_close_by_pair(scene: Scene, command: CloseBy) -> CloseByPair | Refusal:
    """The positions of a close-by, if it is allowed; the smaller volume governs."""
    found = _find(scene, command.ticket)
    if isinstance(found, Refusal):
        return found
    position, instrument, quote = found
    if refusal := checks.check_kinds(instrument, OrderKind.CLOSE_BY, None, None):
        return refusal
    opposite = scene.account.positions.get(command.opposite)
    if opposite is None:
        return Refusal(
            "POSITION_CLOSED", f"There is no open position {command.opposite} to close {position.ticket} by"
        )
    if (opposite.symbol, opposite.side) != (position.symbol, position.side.opposite):
        return Refusal(
            "INVALID_ORDER",
            f"Position {opposite.ticket} is a {opposite.side} of {opposite.symbol}; to close "
            f"{position.ticket} by it, it must be a {position.side.opposite} of {position.symbol}",
        )
    for each in (position, opposite):
        price = closing_price(each, quote)
        if refusal := checks.check_position_freeze(instrument, each, price):
            return refusal
    return CloseByPair(position, opposite, min(position.volume, opposite.volume), quote)


def close_by_first(scene: Scene, pair: CloseByPair, client_order_id: str | None) -> PositionReduced:
    """The first deal: at the other's opening price, with the whole profit."""
    return _reduce_by(scene, pair.position, pair.opposite, pair, client_order_id, has_profit=True)


def close_by_second(scene: Scene, pair: CloseByPair, client_order_id: str | None) -> PositionReduced:
    """The second deal, decided once the first is done."""
    return _reduce_by(scene, pair.opposite, pair.position, pair, client_order_id, has_profit=False)


def _reduce_by(
    scene: Scene,
    position: Position,
    other: Position,
    pair: CloseByPair,
    client_order_id: str | None,
    *,
    has_profit: bool,
) -> PositionReduced:
    closed = reduce(
        scene,
        position,
        pair.volume,
        other.price_open,
        pair.quote,
        _CLIENT,
        entry=_OUT_BY,
        client_order_id=client_order_id,
    )
    deal = closed.deal if has_profit else replace(closed.deal, profit=0)
    closed = replace(closed, deal=deal, opposite=other.ticket, is_second=not has_profit)
    if not closed.volume_remaining:
        return closed
    remaining = remaining_position(position, deal, closed.volume_remaining)
    profit = position_profit(scene.market, scene.account, remaining)
    return replace(closed, remaining=remaining, remaining_profit=profit)


# ---------------------------------------------------------------------- the closing deal


def reduce(
    scene: Scene,
    position: Position,
    volume: int,
    price: int,
    quote: Quote,
    reason: DealReason,
    *,
    entry: DealEntry = _OUT,
    client_order_id: str | None = None,
) -> PositionReduced:
    """The deal that closes `volume` steps of `position` at `price`."""
    account = scene.account
    instrument = scene.market.instruments[position.symbol]
    profit = raw_profit(instrument, position.side, volume, position.price_open, price)
    traded = (instrument.symbol, price)
    path = profit_path(scene.market, instrument, account, position.side, profit, traded=traded)
    if path is None:
        raise AssertionError(f"position {position.ticket} lost the conversion rate it was opened with")
    rate = scene.market.rate_of(path)
    # A close-by is no deal with the market: nobody asks commission for it.
    charged = NO_COMMISSION if entry is _OUT_BY else commission(scene, instrument, volume, price)
    if isinstance(charged, Refusal):
        # The catalogue has come to name a currency that nothing converts: closing goes before charging.
        charged = NO_COMMISSION
    side = position.side.opposite
    ticket = account.next_ticket
    order = scene.market_order(
        instrument,
        side,
        volume,
        price,
        position.ticket,
        magic=position.magic,
        comment=position.comment,
        client_order_id=client_order_id,
    )
    return PositionReduced(
        deal=Deal(
            ticket=ticket + 1,
            order=ticket,
            position=position.ticket,
            symbol=instrument.symbol,
            type=TRADE_TYPES[side],
            entry=entry,
            volume=volume,
            price=price,
            profit=convert(profit, rate, instrument.profit_digits, account.digits),
            swap=divide(position.swap * volume, position.volume),
            commission=charged.amount,
            reason=reason,
            time=scene.now,
            magic=position.magic,
            comment=position.comment,
            client_order_id=client_order_id,
        ),
        order=order,
        volume_remaining=position.volume - volume,
        profit_rate=rate,
        quote=quote,
        price_open=position.price_open,
        profit_path=path,
        commission_rate=charged.rate,
        commission_path=charged.path,
    )
