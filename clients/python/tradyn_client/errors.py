# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""What is raised when a server does not do as asked: one class for each `code` of the contract.

TradynError
├── InvalidRequest
├── NotFound
├── MethodNotAllowed
├── Denied
│   ├── Unauthorized
│   ├── InvalidApiKey
│   └── InsufficientScope
├── Refused
│   ├── ClientOrderIdReused
│   ├── UnknownSymbol
│   ├── UnknownAccount
│   ├── InvalidCursor
│   ├── InvalidTime
│   ├── InvalidUrl
│   ├── LimitWebhooks
│   ├── Requote
│   ├── Rejected
│   ├── InvalidVolume
│   ├── InvalidPrice
│   ├── InvalidStops
│   ├── TradeDisabled
│   ├── MarketClosed
│   ├── InsufficientMargin
│   ├── NoQuotes
│   ├── InvalidExpiration
│   ├── NoChanges
│   ├── Frozen
│   ├── LimitOrders
│   ├── LimitVolume
│   ├── InvalidOrder
│   ├── PositionClosed
│   ├── InvalidCloseVolume
│   ├── LongOnly
│   ├── ShortOnly
│   └── CloseOnly
├── Temporary (it may work later)
│   ├── NoAnswer
│   ├── RateLimited
│   └── Failed
│       ├── InternalError
│       └── NotConnected
└── UnexpectedAnswer
"""

from collections.abc import Sequence
from typing import Final

from .models.error_detail import ErrorDetail


class TradynError(Exception):
    """What was asked for was not done, or nobody knows.

    Attributes:
        message: The reason, a sentence for people. Its wording may change.
        code: The reason, for programs.
        retcode: MetaTrader 5's return code, where there is one.
        status: HTTP status of the answer.
        request_id: Finds the request in the server's log.
        details: Of a malformed request, each problem and its place.
        client_order_id: The name under which it was asked for; None where a request has no name. Send exactly the
            same with the same name, and it is done once: if it was done or refused before, that outcome is given
            again.
        may_be_done: Whether the request may have been carried out all the same: it could change something, and an
            attempt got no answer that tells.
        retry_after: Seconds to wait before the next request, if the server said so.
        attempts: How often the request was sent.
    """

    may_be_done: bool = False
    retry_after: float | None = None
    attempts: int = 1

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        retcode: int | None = None,
        status: int = 0,
        request_id: str | None = None,
        details: Sequence[ErrorDetail] = (),
        client_order_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.retcode = retcode
        self.status = status
        self.request_id = request_id
        self.details = tuple(details)
        self.client_order_id = client_order_id

    def __str__(self) -> str:
        known = (
            self.code,
            self.retcode and f"retcode {self.retcode}",
            self.request_id and f"request {self.request_id}",
        )
        told = ", ".join(each for each in known if each)
        return (f"{self.message} ({told})" if told else self.message) + self._doubt()

    def _doubt(self) -> str:
        if not self.may_be_done:
            return ""
        doubt = "; whether it was done is not known"
        return (
            doubt
            if self.client_order_id is None
            else f"{doubt}: ask again with client_order_id={self.client_order_id!r}"
        )


class UnexpectedAnswer(TradynError):
    """An answer that the contract does not know: another program's, or a newer server's."""


class Denied(TradynError):
    """The key does not open this door (401, 403)."""


class Refused(TradynError):
    """The request is well-formed, and the broker does not do it (400)."""


class Temporary(TradynError):
    """The trouble is the network's or the server's, and may pass: ask for the same again later, under the same name.

    The client has done so already, as often as its `retries` say and where it was safe.
    """


class NoAnswer(Temporary):
    """There was no connection, or it broke, or it took too long; the cause is the exception of httpx."""

    def _doubt(self) -> str:
        return super()._doubt() or "; nothing was done"


class Failed(Temporary):
    """The server could not do it (500, 503), or a gateway before it (502, 504)."""


class InvalidRequest(TradynError):
    """The request is malformed, or asks for the impossible (`INVALID_REQUEST`, 400, retcode 10013)."""


class Unauthorized(Denied):
    """No API key, or not in the form `Bearer <key>` (`UNAUTHORIZED`, 401)."""


class InvalidApiKey(Denied):
    """The key is unknown, expired or revoked (`INVALID_API_KEY`, 403)."""


class InsufficientScope(Denied):
    """The key's scope does not allow it (`INSUFFICIENT_SCOPE`, 403)."""


class NotFound(TradynError):
    """What the path names does not exist (`NOT_FOUND`, 404)."""


class MethodNotAllowed(TradynError):
    """The path exists, but not with this method (`METHOD_NOT_ALLOWED`, 405)."""


class RateLimited(Temporary):
    """Too many requests with this key, or more than the server can serve (`RATE_LIMITED`, 429, retcode 10024)."""


class InternalError(Failed):
    """The server failed (`INTERNAL_ERROR`, 500, retcode 10011)."""


class NotConnected(Failed):
    """Not connected to the trading server (`NOT_CONNECTED`, 503, retcode 10031)."""


class ClientOrderIdReused(Refused):
    """This `client_order_id` belongs to another request (`CLIENT_ORDER_ID_REUSED`, 400)."""


class UnknownSymbol(Refused):
    """There is no such symbol (`UNKNOWN_SYMBOL`, 400)."""


class UnknownAccount(Refused):
    """There is no account with this `login`, or it is missing or superfluous (`UNKNOWN_ACCOUNT`, 400)."""


class InvalidCursor(Refused):
    """The cursor did not come from this list, with this `order` or `state` (`INVALID_CURSOR`, 400)."""


class InvalidTime(Refused):
    """A market time that is past, too far ahead, or ends before it begins (`INVALID_TIME`, 400)."""


class InvalidUrl(Refused):
    """Not a URL that the server would send to (`INVALID_URL`, 400)."""


class LimitWebhooks(Refused):
    """Too many webhooks (`LIMIT_WEBHOOKS`, 400)."""


class Requote(Refused):
    """The price moved by more than `deviation` (`REQUOTE`, 400, retcode 10004)."""


class Rejected(Refused):
    """Rejected by a fault that was asked for; or a key that is dead or was rotated already (`REJECTED`, 400, retcode 10006)."""


class InvalidVolume(Refused):
    """Too small, too large, or not a multiple of the step (`INVALID_VOLUME`, 400, retcode 10014)."""


class InvalidPrice(Refused):
    """On the wrong side, or too near; `price_stop_limit` missing or superfluous (`INVALID_PRICE`, 400, retcode 10015)."""


class InvalidStops(Refused):
    """Stop loss or take profit on the wrong side, or too near (`INVALID_STOPS`, 400, retcode 10016)."""


class TradeDisabled(Refused):
    """Account or symbol may not be traded (`TRADE_DISABLED`, 400, retcode 10017)."""


class MarketClosed(Refused):
    """The symbol is out of session (`MARKET_CLOSED`, 400, retcode 10018)."""


class InsufficientMargin(Refused):
    """There is not enough free margin (`INSUFFICIENT_MARGIN`, 400, retcode 10019)."""


class NoQuotes(Refused):
    """There is no quote, or only an old one (`NO_QUOTES`, 400, retcode 10021)."""


class InvalidExpiration(Refused):
    """The expiration is not in the future, or not of a kind that is allowed (`INVALID_EXPIRATION`, 400, retcode 10022)."""


class NoChanges(Refused):
    """Everything already is as asked (`NO_CHANGES`, 400, retcode 10025)."""


class Frozen(Refused):
    """The market is within the freeze level (`FROZEN`, 400, retcode 10029)."""


class LimitOrders(Refused):
    """Too many pending orders (`LIMIT_ORDERS`, 400, retcode 10033)."""


class LimitVolume(Refused):
    """Too much volume in one direction of the symbol (`LIMIT_VOLUME`, 400, retcode 10034)."""


class InvalidOrder(Refused):
    """Not a kind of order for this, or it no longer waits (`INVALID_ORDER`, 400, retcode 10035)."""


class PositionClosed(Refused):
    """The position is closed already (`POSITION_CLOSED`, 400, retcode 10036)."""


class InvalidCloseVolume(Refused):
    """More than is open, or not a multiple of the step (`INVALID_CLOSE_VOLUME`, 400, retcode 10038)."""


class LongOnly(Refused):
    """Only long positions are allowed (`LONG_ONLY`, 400, retcode 10042)."""


class ShortOnly(Refused):
    """Only short positions are allowed (`SHORT_ONLY`, 400, retcode 10043)."""


class CloseOnly(Refused):
    """Only closing is allowed (`CLOSE_ONLY`, 400, retcode 10044)."""


BY_CODE: Final[dict[str, type[TradynError]]] = {
    "INVALID_REQUEST": InvalidRequest,
    "UNAUTHORIZED": Unauthorized,
    "INVALID_API_KEY": InvalidApiKey,
    "INSUFFICIENT_SCOPE": InsufficientScope,
    "NOT_FOUND": NotFound,
    "METHOD_NOT_ALLOWED": MethodNotAllowed,
    "RATE_LIMITED": RateLimited,
    "INTERNAL_ERROR": InternalError,
    "NOT_CONNECTED": NotConnected,
    "CLIENT_ORDER_ID_REUSED": ClientOrderIdReused,
    "UNKNOWN_SYMBOL": UnknownSymbol,
    "UNKNOWN_ACCOUNT": UnknownAccount,
    "INVALID_CURSOR": InvalidCursor,
    "INVALID_TIME": InvalidTime,
    "INVALID_URL": InvalidUrl,
    "LIMIT_WEBHOOKS": LimitWebhooks,
    "REQUOTE": Requote,
    "REJECTED": Rejected,
    "INVALID_VOLUME": InvalidVolume,
    "INVALID_PRICE": InvalidPrice,
    "INVALID_STOPS": InvalidStops,
    "TRADE_DISABLED": TradeDisabled,
    "MARKET_CLOSED": MarketClosed,
    "INSUFFICIENT_MARGIN": InsufficientMargin,
    "NO_QUOTES": NoQuotes,
    "INVALID_EXPIRATION": InvalidExpiration,
    "NO_CHANGES": NoChanges,
    "FROZEN": Frozen,
    "LIMIT_ORDERS": LimitOrders,
    "LIMIT_VOLUME": LimitVolume,
    "INVALID_ORDER": InvalidOrder,
    "POSITION_CLOSED": PositionClosed,
    "INVALID_CLOSE_VOLUME": InvalidCloseVolume,
    "LONG_ONLY": LongOnly,
    "SHORT_ONLY": ShortOnly,
    "CLOSE_ONLY": CloseOnly,
}


__all__ = [
    "ClientOrderIdReused",
    "CloseOnly",
    "Denied",
    "Failed",
    "Frozen",
    "InsufficientMargin",
    "InsufficientScope",
    "InternalError",
    "InvalidApiKey",
    "InvalidCloseVolume",
    "InvalidCursor",
    "InvalidExpiration",
    "InvalidOrder",
    "InvalidPrice",
    "InvalidRequest",
    "InvalidStops",
    "InvalidTime",
    "InvalidUrl",
    "InvalidVolume",
    "LimitOrders",
    "LimitVolume",
    "LimitWebhooks",
    "LongOnly",
    "MarketClosed",
    "MethodNotAllowed",
    "NoAnswer",
    "NoChanges",
    "NoQuotes",
    "NotConnected",
    "NotFound",
    "PositionClosed",
    "RateLimited",
    "Refused",
    "Rejected",
    "Requote",
    "ShortOnly",
    "Temporary",
    "TradeDisabled",
    "TradynError",
    "Unauthorized",
    "UnexpectedAnswer",
    "UnknownAccount",
    "UnknownSymbol",
    "BY_CODE",
]
