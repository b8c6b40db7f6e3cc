"""Domain ↔ JSON: how every object of the contract is written, and how its inputs are read.

Numbers leave as the shortest JSON number that reads back as the exact decimal: a whole
amount as an integer, any other as the float nearest to it, whose shortest form has at most 15
digits. Inputs arrive as the parser's int or float and become the decimal that was written.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tradyn.access import ApiKey
from tradyn.broker.accounts import Account
from tradyn.broker.calendar import weekday_multiplier
from tradyn.broker.deals import Deal
from tradyn.broker.engine import Preview
from tradyn.broker.instruments import WEEK, ExpirationMode, Holiday, Instrument, OrderKind, Session
from tradyn.broker.margin import position_margin
from tradyn.broker.market import Market, Quote
from tradyn.broker.orders import Order, Side
from tradyn.broker.positions import Position
from tradyn.broker.profit import Figures, closing_price
from tradyn.broker.transactions import CloseFailure, PositionOpened, PositionReduced
from tradyn.clock import MarketClock
from tradyn.equity import EquityPoint
from tradyn.errors import CODES, ApiError
from tradyn.faults import Disconnect, FaultSettings
from tradyn.ports import Bars
from tradyn.statistics import AMOUNTS, Statistics
from tradyn.webhooks import Delivery, Webhook

__all__ = [
    "account_json",
    "clock_json",
    "close_by_result_json",
    "close_failure_json",
    "close_result_json",
    "cursor",
    "deal_json",
    "decimal",
    "decimal_number",
    "delivery_json",
    "equity_json",
    "faults_json",
    "key_json",
    "number",
    "ok",
    "optional_decimal",
    "optional_read_time",
    "optional_time",
    "order_json",
    "page",
    "position_json",
    "quote_json",
    "read_cursor",
    "read_faults",
    "read_time",
    "statistics_json",
    "symbol_json",
    "time_json",
    "trade_result_json",
    "webhook_json",
]

Json = dict[str, Any]

SERVER_NAME = "Tradyn-Simulated"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def ok(data: object) -> Json:
    """The envelope of a success."""
    return {"success": True, "data": data}


def page(data: list[Json], next_cursor: str | None) -> Json:
    """The envelope of one page of a list."""
    return {"success": True, "data": data, "next_cursor": next_cursor}


# ---------------------------------------------------------------------- numbers and times


_SCALES: Final = tuple(10**digits for digits in range(32))


def number(value: int, digits: int) -> int | float:
    """`value` × 10^-digits as the shortest JSON number that reads back as that decimal."""
    if not digits:
        return value
    scale = _SCALES[digits]
    whole, rest = divmod(value, scale)
    return float(value / scale) if rest else whole


def decimal_number(value: Decimal) -> int | float:
    """A decimal as the shortest JSON number that reads back as it."""
    return int(value) if value == value.to_integral_value() else float(value)


def decimal(value: float | int) -> Decimal:
    """The decimal that a client wrote, from the number that the parser made of it."""
    # 100 and 100.0 are the same number, and must be the same request.
    return Decimal(repr(value)).normalize()


def optional_decimal(value: float | int | None) -> Decimal | None:
    """`decimal`, or None."""
    return None if value is None else decimal(value)


@lru_cache(maxsize=4096)
def _second(second: int) -> str:
    return (_EPOCH + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%S")


def time_json(milliseconds: int) -> str:
    """Milliseconds since 1970 as RFC 3339 in UTC: `2026-03-02T09:30:00.000Z`."""
    second, rest = divmod(milliseconds, 1000)
    return f"{_second(second)}.{rest:03d}Z"


def optional_time(milliseconds: int | None) -> str | None:
    """`time_json`, or None."""
    return None if milliseconds is None else time_json(milliseconds)


def read_time(text: str) -> int:
    """RFC 3339 (its shape already checked by the contract) as milliseconds since 1970, rounded down."""
    return (datetime.fromisoformat(text.upper()) - _EPOCH) // _MILLISECOND


def optional_read_time(text: str | None) -> int | None:
    """`read_time`, or None."""
    return None if text is None else read_time(text)


_CURSOR = re.compile(r"[0-9]{1,18}")


def cursor(listing: str, position: int) -> str:
    """An opaque cursor for a position in a list; `listing` names the list and its order."""
    return base64.urlsafe_b64encode(f"{listing}:{position}".encode()).decode().rstrip("=")


def read_cursor(listing: str, text: str | None) -> int | None:
    """The position of a cursor; 400 `INVALID_CURSOR` for what `cursor` did not make of this list."""
    if text is None:
        return None
    try:
        named, _, position = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().rpartition(":")
    except ValueError:
        named = position = ""
    if named != listing or not _CURSOR.fullmatch(position):
        raise ApiError(
            "INVALID_CURSOR", "The cursor is not one that this list gave; leave it out to begin anew"
        )
    return int(position)


# ---------------------------------------------------------------------- trading objects


def account_json(account: Account, figures: Figures, now: int) -> Json:
    """Account."""
    digits = account.digits
    level = figures.margin_level
    return {
        "login": account.login,
        "name": account.name,
        "server": SERVER_NAME,
        "currency": account.currency,
        "currency_digits": digits,
        "leverage": account.leverage,
        "margin_mode": "hedging",
        "balance": number(account.balance, digits),
        "credit": number(account.credit, digits),
        "profit": number(figures.profit, digits),
        "equity": number(figures.equity, digits),
        "margin": number(figures.margin, digits),
        "margin_free": number(figures.margin_free, digits),
        "margin_level": None if level is None else decimal_number(level),
        "margin_call_level": decimal_number(account.margin_call_level),
        "stop_out_level": decimal_number(account.stop_out_level),
        "trade_allowed": True,
        "time": time_json(now),
    }


def _price(instrument: Instrument, points: int | None) -> int | float | None:
    return None if points is None else number(points, instrument.digits)


def _lots(instrument: Instrument, steps: int) -> int | float:
    return decimal_number(instrument.volume_step * steps)


def position_json(
    market: Market,
    account: Account,
    position: Position,
    profit: int,
    margin: int,
    quote: Quote | None = None,
) -> Json:
    """Position, at the present quote unless another is given."""
    quote = quote or market.quotes[position.symbol]
    instrument = market.instruments[position.symbol]
    digits = account.digits
    return {
        "ticket": position.ticket,
        "symbol": position.symbol,
        "type": position.side.value,
        "volume": _lots(instrument, position.volume),
        "price_open": number(position.price_open, instrument.digits),
        "price_current": number(closing_price(position, quote), instrument.digits),
        "sl": _price(instrument, position.sl),
        "tp": _price(instrument, position.tp),
        "trailing_stop": position.trailing_stop,
        "profit": number(profit, digits),
        "swap": number(position.swap, digits),
        "commission": number(position.commission, digits),
        "margin": number(margin, digits),
        "time_open": time_json(position.time_open),
        "time_update": time_json(position.time_update),
        "magic": position.magic,
        "comment": position.comment,
        "client_order_id": position.client_order_id,
    }


def order_json(instrument: Instrument, order: Order, quote: Quote | None) -> Json:
    """Order; `quote` is the one that `price_current` is taken from."""
    current = None
    if quote is not None:
        current = quote.ask if order.type.side is Side.BUY else quote.bid
    return {
        "ticket": order.ticket,
        "symbol": order.symbol,
        "type": int(order.type),
        "state": order.state.value,
        "volume": _lots(instrument, order.volume),
        "price": number(order.price, instrument.digits),
        "price_stop_limit": _price(instrument, order.price_stop_limit),
        "sl": _price(instrument, order.sl),
        "tp": _price(instrument, order.tp),
        "expiration": optional_time(order.expiration),
        "price_current": _price(instrument, current),
        "time_setup": time_json(order.time_setup),
        "time_done": optional_time(order.time_done),
        "position": order.position,
        "magic": order.magic,
        "comment": order.comment,
        "client_order_id": order.client_order_id,
    }


def deal_json(market: Market, account: Account, deal: Deal) -> Json:
    """Deal."""
    instrument = None if deal.symbol is None else market.instruments[deal.symbol]
    digits = account.digits
    return {
        "ticket": deal.ticket,
        "order": deal.order,
        "position": deal.position,
        "symbol": deal.symbol,
        "type": deal.type.value,
        "entry": None if deal.entry is None else deal.entry.value,
        "volume": None if instrument is None or deal.volume is None else _lots(instrument, deal.volume),
        "price": None if instrument is None else _price(instrument, deal.price),
        "profit": number(deal.profit, digits),
        "swap": number(deal.swap, digits),
        "commission": number(deal.commission, digits),
        "reason": deal.reason.value,
        "time": time_json(deal.time),
        "magic": deal.magic,
        "comment": deal.comment,
        "client_order_id": deal.client_order_id,
    }


def trade_result_json(market: Market, account: Account, event: PositionOpened) -> Json:
    """TradeResult."""
    deal, order = event.deal, event.order
    instrument = market.instruments[order.symbol]
    return {
        "ticket": order.ticket,
        "order": order.ticket,
        "deal": deal.ticket,
        "symbol": order.symbol,
        "action": order.type.side.value,
        "volume": _lots(instrument, order.volume),
        "price": _price(instrument, deal.price),
        "sl": _price(instrument, event.sl),
        "tp": _price(instrument, event.tp),
        "commission": number(deal.commission, account.digits),
        "margin": number(event.margin, account.digits),
        "time": time_json(deal.time),
    }


def close_result_json(market: Market, account: Account, event: PositionReduced) -> Json:
    """CloseResult."""
    deal, order = event.deal, event.order
    instrument = market.instruments[order.symbol]
    digits = account.digits
    return {
        "ticket": deal.position,
        "deal": deal.ticket,
        "symbol": order.symbol,
        "volume": _lots(instrument, order.volume),
        "price": _price(instrument, deal.price),
        "profit": number(deal.profit, digits),
        "swap": number(deal.swap, digits),
        "commission": number(deal.commission, digits),
        "volume_remaining": _lots(instrument, event.volume_remaining),
        "time": time_json(deal.time),
    }


def close_by_result_json(market: Market, account: Account, events: Sequence[PositionReduced]) -> Json:
    """CloseByResult, of the two closings."""
    rest = next((each for each in events if each.remaining is not None), None)
    position = None
    if rest is not None and rest.remaining is not None:
        instrument = market.instruments[rest.remaining.symbol]
        margin = position_margin(instrument, account, rest.remaining)
        profit = rest.remaining_profit or 0
        position = position_json(market, account, rest.remaining, profit, margin, rest.quote)
    return {"deals": [deal_json(market, account, each.deal) for each in events], "position": position}


def close_failure_json(failure: CloseFailure) -> Json:
    """CloseFailure."""
    return {"ticket": failure.ticket, "code": failure.code, "error": failure.error}


# ---------------------------------------------------------------------- market data


def symbol_json(instrument: Instrument) -> Json:
    """Symbol."""
    return {
        "symbol": instrument.symbol,
        "description": instrument.description,
        "currency_base": instrument.currency_base,
        "currency_profit": instrument.currency_profit,
        "currency_margin": instrument.currency_margin,
        "digits": instrument.digits,
        "point": decimal_number(instrument.point),
        "contract_size": decimal_number(instrument.contract_size),
        "volume_min": _lots(instrument, instrument.volume_min),
        "volume_max": _lots(instrument, instrument.volume_max),
        "volume_step": decimal_number(instrument.volume_step),
        "volume_limit": _lots(instrument, instrument.volume_limit),
        "stops_level": instrument.stops_level,
        "freeze_level": instrument.freeze_level,
        "spread": instrument.spread,
        "calc_mode": instrument.calc_mode.value,
        "trade_mode": instrument.trade_mode.value,
        "swap_mode": instrument.swap_mode.value,
        "swap_long": decimal_number(instrument.swap_long),
        "swap_short": decimal_number(instrument.swap_short),
        "swap_rollover3days": instrument.swap_rollover3days,
        "margin_initial": decimal_number(instrument.margin_initial),
        "margin_hedged": decimal_number(instrument.margin_hedged),
        "margin_rate_buy": decimal_number(instrument.margin_rate_buy),
        "margin_rate_sell": decimal_number(instrument.margin_rate_sell),
        "sessions": [_session_json(each) for each in instrument.sessions],
        "holidays": [_holiday_json(each) for each in instrument.holidays],
        "swap_multipliers": {
            day: decimal_number(weekday_multiplier(instrument, place)) for place, day in enumerate(WEEK)
        },
        "commission_mode": instrument.commission_mode.value,
        "commission": decimal_number(instrument.commission),
        "commission_currency": instrument.commission_currency or None,
        "order_kinds": [each.value for each in OrderKind if each in instrument.order_kinds],
        "expiration_modes": [each.value for each in ExpirationMode if each in instrument.expiration_modes],
    }


def _session_json(session: Session) -> Json:
    return {"day": session.day, "open": _minute(session.open), "close": _minute(session.close)}


def _holiday_json(holiday: Holiday) -> str:
    """As the catalogue has it: `12-25`, `2026-12-24 00:00-18:00`."""
    year = "" if holiday.year is None else f"{holiday.year:04d}-"
    hours = f" {_minute(holiday.open)}-{_minute(holiday.close)}" if holiday.open < holiday.close else ""
    return f"{year}{holiday.month:02d}-{holiday.day:02d}{hours}"


def _minute(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def quote_json(instrument: Instrument, quote: Quote) -> Json:
    """Quote."""
    return {
        "symbol": quote.symbol,
        "bid": number(quote.bid, instrument.digits),
        "ask": number(quote.ask, instrument.digits),
        "spread": quote.ask - quote.bid,
        "time": time_json(quote.time),
    }


def candles_json(instrument: Instrument, bars: Bars) -> list[Json]:
    """Candles, all of one symbol."""
    digits = instrument.digits
    columns = (
        np.datetime_as_string(bars.time.astype("datetime64[ms]"), timezone="UTC").tolist(),
        *(_numbers(column, digits) for column in (bars.open, bars.high, bars.low, bars.close)),
        bars.tick_volume.tolist(),
        bars.spread.tolist(),
    )
    return [
        {
            "time": time,
            "open": opened,
            "high": high,
            "low": low,
            "close": close,
            "tick_volume": volume,
            "spread": spread,
        }
        for time, opened, high, low, close, volume, spread in zip(*columns, strict=True)
    ]


def _numbers(column: NDArray[np.int64], digits: int) -> list[int | float]:
    """`number` of each."""
    scale = 10**digits
    values: list[int | float] = (column / scale).tolist()
    for place in np.flatnonzero(column % scale == 0).tolist():
        values[place] = int(values[place])
    return values


def preview_json(market: Market, account: Account, symbol: str, preview: Preview) -> Json:
    """Preview."""
    refusal = preview.refusal
    instrument = market.instruments.get(symbol)
    digits = account.digits
    return {
        "accepted": refusal is None,
        "price": None if instrument is None else _price(instrument, preview.price),
        "margin": None if preview.margin is None else number(preview.margin, digits),
        "margin_free_after": (
            None if preview.margin_free_after is None else number(preview.margin_free_after, digits)
        ),
        "code": None if refusal is None else refusal.code,
        "error": None if refusal is None else refusal.message,
        "retcode": None if refusal is None else CODES[refusal.code].retcode,
    }


# ---------------------------------------------------------------------- statistics and equity


def statistics_json(account: Account, statistics: Statistics) -> Json:
    """Statistics."""
    figures = {each.name: getattr(statistics, each.name) for each in fields(statistics)}
    return {name: _figure(account, name, value) for name, value in figures.items()}


def _figure(account: Account, name: str, value: int | Decimal | None) -> int | float | None:
    if value is None or isinstance(value, Decimal):
        return None if value is None else decimal_number(value)
    return number(value, account.digits if name in AMOUNTS else 0)


def equity_json(account: Account, points: Iterable[EquityPoint]) -> list[Json]:
    """EquityPoints, all of one account."""
    digits = account.digits
    return [
        {
            "time": time_json(each.time),
            "balance": number(each.balance, digits),
            "equity": number(each.equity, digits),
            "profit": number(each.profit, digits),
        }
        for each in points
    ]


# ---------------------------------------------------------------------- keys, webhooks and simulation


def key_json(key: ApiKey, last_used_at: int | None) -> Json:
    """ApiKey."""
    return {
        "key_id": key.key_id,
        "login": key.login,
        "label": key.label,
        "scope": key.scope.value,
        "prefix": key.prefix,
        "created_at": time_json(key.created_at),
        "expires_at": optional_time(key.expires_at),
        "last_used_at": optional_time(last_used_at),
        "revoked_at": optional_time(key.revoked_at),
    }


def webhook_json(webhook: Webhook, now: int) -> Json:
    """Webhook; `now` is wall time in milliseconds since 1970."""
    return {
        "webhook_id": webhook.webhook_id,
        "login": webhook.login,
        "url": webhook.url,
        "events": [each.value for each in webhook.events],
        "description": webhook.description,
        "enabled": webhook.is_enabled,
        "created_at": time_json(webhook.created_at),
        "disabled_at": optional_time(webhook.disabled_at),
        "disabled_reason": webhook.disabled_reason,
        "former_secret_until": optional_time(webhook.former_until(now)),
    }


def delivery_json(delivery: Delivery) -> Json:
    """WebhookDelivery."""
    return {
        "delivery_id": delivery.delivery_id,
        "webhook_id": delivery.webhook_id,
        "type": delivery.type.value,
        "version": delivery.version,
        "state": delivery.state.value,
        "attempts": delivery.attempts,
        "created_at": time_json(delivery.created_at),
        "last_attempt_at": time_json(delivery.last_attempt_at or delivery.created_at),
        "last_status": delivery.last_status,
        "last_error": delivery.last_error,
        "next_attempt_at": optional_time(delivery.next_attempt_at),
    }


def clock_json(clock: MarketClock, now: int) -> Json:
    """Clock."""
    return {"mode": clock.mode.value, "speed": decimal_number(clock.speed), "now": time_json(now)}


def faults_json(settings: FaultSettings) -> Json:
    """Faults."""
    return {
        "connected": settings.connected,
        "latency_ms": settings.latency_ms,
        "reject_rate": decimal_number(settings.reject_rate),
        "error_rate": decimal_number(settings.error_rate),
        "lost_reply_rate": decimal_number(settings.lost_reply_rate),
        "slippage_points": settings.slippage_points,
        "disconnects": [
            {"from": time_json(each.since), "to": time_json(each.until)} for each in settings.disconnects
        ],
        "seed": settings.seed,
    }


def read_faults(body: Mapping[str, Any]) -> FaultSettings:
    """FaultsRequest: what is absent has its default."""
    values = dict(body)
    for name in ("reject_rate", "error_rate", "lost_reply_rate"):
        if name in values:
            values[name] = decimal(values[name])
    stretches = []
    for index, each in enumerate(values.pop("disconnects", ())):
        stretch = Disconnect(read_time(each["from"]), read_time(each["to"]))
        if stretch.since >= stretch.until:
            raise ApiError("INVALID_TIME", f"disconnects[{index}]: `from` must be earlier than `to`")
        stretches.append(stretch)
    return FaultSettings(disconnects=tuple(stretches), **values)
