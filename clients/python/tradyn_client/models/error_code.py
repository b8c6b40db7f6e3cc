# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class ErrorCode(StrEnum):
    """What was wrong, for programs. More codes may be added as the rules need them.

    | Code | Status | Retcode | Meaning |
    |---|---|---|---|
    | `INVALID_REQUEST` | 400 | 10013 | the request is malformed, or asks for the impossible |
    | `UNAUTHORIZED` | 401 | | no API key, or not in the form `Bearer <key>` |
    | `INVALID_API_KEY` | 403 | | the key is unknown, expired or revoked |
    | `INSUFFICIENT_SCOPE` | 403 | | the key's scope does not allow it |
    | `NOT_FOUND` | 404 | | what the path names does not exist |
    | `METHOD_NOT_ALLOWED` | 405 | | the path exists, but not with this method |
    | `RATE_LIMITED` | 429 | 10024 | too many requests with this key, or more than the server can serve
    |
    | `INTERNAL_ERROR` | 500 | 10011 | the server failed |
    | `NOT_CONNECTED` | 503 | 10031 | not connected to the trading server |
    | `CLIENT_ORDER_ID_REUSED` | 400 | | this `client_order_id` belongs to another request |
    | `UNKNOWN_SYMBOL` | 400 | | there is no such symbol |
    | `UNKNOWN_ACCOUNT` | 400 | | there is no account with this `login`, or it is missing or superfluous
    |
    | `INVALID_CURSOR` | 400 | | the cursor did not come from this list, with this `order` or `state` |
    | `INVALID_TIME` | 400 | | a market time that is past, too far ahead, or ends before it begins |
    | `INVALID_URL` | 400 | | not a URL that the server would send to |
    | `LIMIT_WEBHOOKS` | 400 | | too many webhooks |
    | `REQUOTE` | 400 | 10004 | the price moved by more than `deviation` |
    | `REJECTED` | 400 | 10006 | rejected by a fault that was asked for; or a key that is dead or was
    rotated already |
    | `INVALID_VOLUME` | 400 | 10014 | too small, too large, or not a multiple of the step |
    | `INVALID_PRICE` | 400 | 10015 | on the wrong side, or too near; `price_stop_limit` missing or
    superfluous |
    | `INVALID_STOPS` | 400 | 10016 | stop loss or take profit on the wrong side, or too near |
    | `TRADE_DISABLED` | 400 | 10017 | account or symbol may not be traded |
    | `MARKET_CLOSED` | 400 | 10018 | the symbol is out of session |
    | `INSUFFICIENT_MARGIN` | 400 | 10019 | there is not enough free margin |
    | `NO_QUOTES` | 400 | 10021 | there is no quote, or only an old one |
    | `INVALID_EXPIRATION` | 400 | 10022 | the expiration is not in the future, or not of a kind that is
    allowed |
    | `NO_CHANGES` | 400 | 10025 | everything already is as asked |
    | `FROZEN` | 400 | 10029 | the market is within the freeze level |
    | `LIMIT_ORDERS` | 400 | 10033 | too many pending orders |
    | `LIMIT_VOLUME` | 400 | 10034 | too much volume in one direction of the symbol |
    | `INVALID_ORDER` | 400 | 10035 | not a kind of order for this, or it no longer waits |
    | `POSITION_CLOSED` | 400 | 10036 | the position is closed already |
    | `INVALID_CLOSE_VOLUME` | 400 | 10038 | more than is open, or not a multiple of the step |
    | `LONG_ONLY` | 400 | 10042 | only long positions are allowed |
    | `SHORT_ONLY` | 400 | 10043 | only short positions are allowed |
    | `CLOSE_ONLY` | 400 | 10044 | only closing is allowed |
    """

    INVALID_REQUEST = "INVALID_REQUEST"
    UNAUTHORIZED = "UNAUTHORIZED"
    INVALID_API_KEY = "INVALID_API_KEY"
    INSUFFICIENT_SCOPE = "INSUFFICIENT_SCOPE"
    NOT_FOUND = "NOT_FOUND"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    RATE_LIMITED = "RATE_LIMITED"
    INTERNAL_ERROR = "INTERNAL_ERROR"
    NOT_CONNECTED = "NOT_CONNECTED"
    CLIENT_ORDER_ID_REUSED = "CLIENT_ORDER_ID_REUSED"
    UNKNOWN_SYMBOL = "UNKNOWN_SYMBOL"
    UNKNOWN_ACCOUNT = "UNKNOWN_ACCOUNT"
    INVALID_CURSOR = "INVALID_CURSOR"
    INVALID_TIME = "INVALID_TIME"
    INVALID_URL = "INVALID_URL"
    LIMIT_WEBHOOKS = "LIMIT_WEBHOOKS"
    REQUOTE = "REQUOTE"
    REJECTED = "REJECTED"
    INVALID_VOLUME = "INVALID_VOLUME"
    INVALID_PRICE = "INVALID_PRICE"
    INVALID_STOPS = "INVALID_STOPS"
    TRADE_DISABLED = "TRADE_DISABLED"
    MARKET_CLOSED = "MARKET_CLOSED"
    INSUFFICIENT_MARGIN = "INSUFFICIENT_MARGIN"
    NO_QUOTES = "NO_QUOTES"
    INVALID_EXPIRATION = "INVALID_EXPIRATION"
    NO_CHANGES = "NO_CHANGES"
    FROZEN = "FROZEN"
    LIMIT_ORDERS = "LIMIT_ORDERS"
    LIMIT_VOLUME = "LIMIT_VOLUME"
    INVALID_ORDER = "INVALID_ORDER"
    POSITION_CLOSED = "POSITION_CLOSED"
    INVALID_CLOSE_VOLUME = "INVALID_CLOSE_VOLUME"
    LONG_ONLY = "LONG_ONLY"
    SHORT_ONLY = "SHORT_ONLY"
    CLOSE_ONLY = "CLOSE_ONLY"
