# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .calc_mode import CalcMode
from .day_of_week import DayOfWeek
from .session import Session
from .swap_mode import SwapMode
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
        swap_mode: `disabled`: there is no swap. `points`: `swap_long` and `swap_short` are in
            points.
        swap_long: Swap of a long position of one lot a night, in points; negative when paid.
        swap_short: Swap of a short position of one lot a night, in points; negative when paid.
        swap_rollover3days: Day of the week. As `swap_rollover3days`, the day at whose end swap is
            charged for three nights.
        margin_initial: Futures: margin of one lot, in the margin currency. Others: takes the place
            of `contract_size` in the margin unless 0.
        margin_hedged: Takes the place of `contract_size` in the margin of volume that is both long
            and short.
        margin_rate_buy: Factor of the margin of long positions.
        margin_rate_sell: Factor of the margin of short positions.
        sessions: When it is traded, in UTC. A day may have several sessions or none.
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
        }
