"""What to do, and how much of it: arithmetic alone, without a network, a file or a clock.

All of it is in decimals; prices and volumes become floats only where the order is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tradyn_client.models import Account, Side, Symbol, TradeRequest

PERCENT: Final = Decimal("0.01")


class CannotSize(Exception):
    """No volume keeps to the risk; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How the bot trades.

    Attributes:
        fast: Closes in the fast average.
        slow: Closes in the slow one; more than in the fast one.
        volume: Lots of each position. None where `risk` says it.
        risk: Percent of the equity that is lost when the stop loss is hit.
        sl: Distance of the stop loss from the last close, in points.
        tp: Distance of the take profit from the last close, in points.
        deviation: How many points worse than the quote a price may be; None for any price.
        magic: The number that the bot's positions carry.
    """

    fast: int
    slow: int
    volume: Decimal | None
    risk: Decimal | None = None
    sl: int
    tp: int
    deviation: int | None = None
    magic: int = 0


def exact(number: float) -> Decimal:
    """The decimal that is meant by a float from the API: its shortest notation."""
    return Decimal(str(number))


def average(closes: Sequence[Decimal], length: int) -> Decimal | None:
    """The mean of the last `length` closes; None if there are fewer."""
    return sum(closes[-length:], Decimal(0)) / length if len(closes) >= length else None


def cross(closes: Sequence[Decimal], fast: int, slow: int) -> Side | None:
    """The side to be on from now on; None when the averages do not cross at the last close.

    Args:
        closes: Of closed candles, oldest first.
        fast: Closes in the fast average.
        slow: Closes in the slow one.
    """
    before, now = _lead(closes[:-1], fast, slow), _lead(closes, fast, slow)
    if before is None or now is None:
        return None
    if before <= 0 < now:
        return Side.BUY
    if before >= 0 > now:
        return Side.SELL
    return None


def _lead(closes: Sequence[Decimal], fast: int, slow: int) -> Decimal | None:
    quick, steady = average(closes, fast), average(closes, slow)
    return None if quick is None or steady is None else quick - steady


def market_order(side: Side, close: Decimal, rules: Rules, symbol: Symbol, account: Account) -> TradeRequest:
    """The order that takes this side.

    Args:
        side: Which.
        close: Of the last closed candle; the stops are measured from it.
        rules: How the bot trades.
        symbol: What is traded.
        account: Whose money it is.

    Raises:
        CannotSize: No volume keeps to the risk.
    """
    volume = _volume_at_risk(close, rules, symbol, account) if rules.volume is None else rules.volume
    upwards = exact(symbol.point) * (1 if side is Side.BUY else -1)
    return TradeRequest(
        symbol=symbol.symbol,
        action=side,
        volume=float(volume),
        sl=float(close - rules.sl * upwards),
        tp=float(close + rules.tp * upwards),
        deviation=rules.deviation,
        magic=rules.magic,
        comment="moving average cross",
    )


def _volume_at_risk(close: Decimal, rules: Rules, symbol: Symbol, account: Account) -> Decimal:
    """Lots, rounded down to the step, of which the stop loss costs at most the risk."""
    assert rules.risk is not None
    loss_of_a_lot = rules.sl * exact(symbol.point) * exact(symbol.contract_size)
    if symbol.currency_base == account.currency != symbol.currency_profit:
        loss_of_a_lot /= close
    elif symbol.currency_profit != account.currency:
        raise CannotSize(f"a loss in {symbol.currency_profit} has no known worth in {account.currency}")
    step, most = exact(symbol.volume_step), exact(symbol.volume_max)
    lots = min(exact(account.equity) * rules.risk * PERCENT / loss_of_a_lot, most)
    volume = lots // step * step
    if volume < exact(symbol.volume_min):
        raise CannotSize(f"even {symbol.volume_min} lots would risk more than {rules.risk} % of the equity")
    return volume
