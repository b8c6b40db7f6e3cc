# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .calc_mode import CalcMode
from .commission_mode import CommissionMode
from .day_of_week import DayOfWeek
from .expiration_mode import ExpirationMode
from .order_kind import OrderKind
from .session import Session
from .swap_mode import SwapMode
from .swap_multipliers import SwapMultipliers
from .trade_mode import TradeMode


@define(kw_only=True)
class Symbol:
    """What can be traded under this name, and on what terms.

    Attributes:
        symbol: Name of the symbol.
        description: What it is.
        currency_base: Currency that is bought and sold, ISO 4217.
        currency_profit: Currency of prices and profit, ISO 4217.
        currency_margin: Currency in which margin is calculated, ISO 4217.
        digits: Decimal places of a price.
        point: Smallest price step, in the profit currency.
        contract_size: Units in one lot, of the base currency or of the underlying.
        volume_min: Smallest volume of an order, in lots.
        volume_max: Largest volume of an order, in lots.
        volume_step: Step between volumes, in lots.
        volume_limit: Largest total of positions and orders in one direction, in lots; 0 for no
            limit.
        stops_level: Least distance of stops and pending orders from the market, in points.
        freeze_level: Distance from the market within which nothing may be changed, in points.
        spread: Typical spread, in points.
        calc_mode: How margin is calculated. `forex`: lots × contract size / leverage.
            `forex_no_leverage`: lots × contract size. `cfd`: lots × contract size × price.
            `cfd_leverage`: the same / leverage. `futures`: lots × `margin_initial`.
        trade_mode: What may be done. `disabled`: nothing. `long_only`: no short positions.
            `short_only`: no long positions. `close_only`: nothing new. `full`: everything.
        swap_mode: What `swap_long` and `swap_short` are. `disabled`: there is no swap. `points`:
            points of price. `currency_symbol`, `currency_margin`, `currency_deposit`,
            `currency_profit`: money for each lot, in the base, margin, account's or profit currency.
            `interest_current`, `interest_open`: percent a year (of 360 days) of the position's value,
            at the current price or at the one it was opened at.
        swap_long: Swap of a long position of one lot a night, in what `swap_mode` says (points,
            money or percent); negative when paid.
        swap_short: Swap of a short position of one lot a night, in what `swap_mode` says (points,
            money or percent); negative when paid.
        swap_rollover3days: Day of the week. As `swap_rollover3days`, the day at whose end swap is
            charged for three nights, unless `swap_multipliers` says otherwise, which is what counts.
        margin_initial: Futures: margin of one lot, in the margin currency. Others: takes the place
            of `contract_size` in the margin unless 0.
        margin_hedged: Takes the place of `contract_size` in the margin of volume that is both long
            and short.
        margin_rate_buy: Factor of the margin of long positions.
        margin_rate_sell: Factor of the margin of short positions.
        sessions: When it is traded, in UTC. A day may have several sessions or none.
        holidays: Days (UTC) that do not follow their weekday's sessions: `12-25` every year,
            `2026-04-03` once. They have no session, or the one that is named: `2026-12-24 00:00-18:00`.
            The swap of a day without a session is charged on the trading day before.
        swap_multipliers: For how many nights swap is charged at the end (00:00 UTC) of each day of
            the week. A holiday charges nothing, and what is named for it here is added to the trading
            day before.
        commission_mode: How `commission` is charged, on each deal that opens or closes, but not on
            a close-by. `disabled`: not at all. `money`: for each lot, in `commission_currency`.
            `percent`: of the deal's value (lots × contract size × price).
        commission: Commission of each deal, in what `commission_mode` says: money for each lot, or
            percent.
        commission_currency: Currency of a commission in money, ISO 4217. Null for the account's.
        order_kinds: What may be done with it.
        expiration_modes: Which expirations its pending orders may have.
    """

    symbol: str
    description: str
    currency_base: str
    currency_profit: str
    currency_margin: str
    digits: int
    point: float
    contract_size: float
    volume_min: float
    volume_max: float
    volume_step: float
    volume_limit: float
    stops_level: int
    freeze_level: int
    spread: int
    calc_mode: CalcMode
    trade_mode: TradeMode
    swap_mode: SwapMode
    swap_long: float
    swap_short: float
    swap_rollover3days: DayOfWeek
    margin_initial: float
    margin_hedged: float
    margin_rate_buy: float
    margin_rate_sell: float
    sessions: list[Session]
    holidays: list[str]
    swap_multipliers: SwapMultipliers
    commission_mode: CommissionMode
    commission: float
    commission_currency: str | None
    order_kinds: list[OrderKind]
    expiration_modes: list[ExpirationMode]

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            symbol=source["symbol"],
            description=source["description"],
            currency_base=source["currency_base"],
            currency_profit=source["currency_profit"],
            currency_margin=source["currency_margin"],
            digits=source["digits"],
            point=source["point"],
            contract_size=source["contract_size"],
            volume_min=source["volume_min"],
            volume_max=source["volume_max"],
            volume_step=source["volume_step"],
            volume_limit=source["volume_limit"],
            stops_level=source["stops_level"],
            freeze_level=source["freeze_level"],
            spread=source["spread"],
            calc_mode=CalcMode(source["calc_mode"]),
            trade_mode=TradeMode(source["trade_mode"]),
            swap_mode=SwapMode(source["swap_mode"]),
            swap_long=source["swap_long"],
            swap_short=source["swap_short"],
            swap_rollover3days=DayOfWeek(source["swap_rollover3days"]),
            margin_initial=source["margin_initial"],
            margin_hedged=source["margin_hedged"],
            margin_rate_buy=source["margin_rate_buy"],
            margin_rate_sell=source["margin_rate_sell"],
            sessions=[Session.from_dict(each) for each in source["sessions"]],
            holidays=list(source["holidays"]),
            swap_multipliers=SwapMultipliers.from_dict(source["swap_multipliers"]),
            commission_mode=CommissionMode(source["commission_mode"]),
            commission=source["commission"],
            commission_currency=source["commission_currency"],
            order_kinds=[OrderKind(each) for each in source["order_kinds"]],
            expiration_modes=[ExpirationMode(each) for each in source["expiration_modes"]],
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "symbol": self.symbol,
            "description": self.description,
            "currency_base": self.currency_base,
            "currency_profit": self.currency_profit,
            "currency_margin": self.currency_margin,
            "digits": self.digits,
            "point": self.point,
            "contract_size": self.contract_size,
            "volume_min": self.volume_min,
            "volume_max": self.volume_max,
            "volume_step": self.volume_step,
            "volume_limit": self.volume_limit,
            "stops_level": self.stops_level,
            "freeze_level": self.freeze_level,
            "spread": self.spread,
            "calc_mode": self.calc_mode,
            "trade_mode": self.trade_mode,
            "swap_mode": self.swap_mode,
            "swap_long": self.swap_long,
            "swap_short": self.swap_short,
            "swap_rollover3days": self.swap_rollover3days,
            "margin_initial": self.margin_initial,
            "margin_hedged": self.margin_hedged,
            "margin_rate_buy": self.margin_rate_buy,
            "margin_rate_sell": self.margin_rate_sell,
            "sessions": [each.to_dict() for each in self.sessions],
            "holidays": list(self.holidays),
            "swap_multipliers": self.swap_multipliers.to_dict(),
            "commission_mode": self.commission_mode,
            "commission": self.commission,
            "commission_currency": self.commission_currency,
            "order_kinds": list(self.order_kinds),
            "expiration_modes": list(self.expiration_modes),
        }
