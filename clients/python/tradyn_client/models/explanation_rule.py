# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class ExplanationRule(StrEnum):
    """The rule that fired.

    | Rule | Fires when |
    |---|---|
    | `client_request` | the client placed, changed, deleted or closed it |
    | `market_order` | at once: a buy at the ask, a sell at the bid |
    | `buy_limit`, `sell_limit` | ask ≤ price, bid ≥ price |
    | `buy_stop`, `sell_stop` | ask ≥ price, bid ≤ price |
    | `buy_stop_limit`, `sell_stop_limit` | ask ≥ stop, bid ≤ stop: it becomes a limit order |
    | `stop_loss` | long: bid ≤ sl; short: ask ≥ sl; before the take profit of the same tick |
    | `take_profit` | long: bid ≥ tp; short: ask ≤ tp |
    | `trailing_stop` | the price moved further into profit than the distance of the stop |
    | `stop_out` | equity < margin × stop-out level: pending orders first, then the largest loss |
    | `close_by` | the client closed it by an opposite position |
    | `expiration` | its time came |
    | `insufficient_margin` | it was reached, and there was no margin for it |
    | `not_executable` | it was reached, and could not be filled for another reason |
    | `reset` | the account was reset |
    | `rollover` | a trading day ended |
    | `deposit`, `withdrawal`, `negative_balance_compensation` | money came or went |
    | `waiting` | nothing did yet |
    """

    CLIENT_REQUEST = "client_request"
    MARKET_ORDER = "market_order"
    BUY_LIMIT = "buy_limit"
    SELL_LIMIT = "sell_limit"
    BUY_STOP = "buy_stop"
    SELL_STOP = "sell_stop"
    BUY_STOP_LIMIT = "buy_stop_limit"
    SELL_STOP_LIMIT = "sell_stop_limit"
    STOP_LOSS = "stop_loss"
    TAKE_PROFIT = "take_profit"
    TRAILING_STOP = "trailing_stop"
    STOP_OUT = "stop_out"
    CLOSE_BY = "close_by"
    EXPIRATION = "expiration"
    INSUFFICIENT_MARGIN = "insufficient_margin"
    NOT_EXECUTABLE = "not_executable"
    RESET = "reset"
    ROLLOVER = "rollover"
    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"
    NEGATIVE_BALANCE_COMPENSATION = "negative_balance_compensation"
    WAITING = "waiting"
