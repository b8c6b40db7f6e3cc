// Generated from openapi/tradyn.yaml by scripts/generate.ts. Do not edit.

import { Denied, Failed, Refused, Temporary, TradynError } from "../tradyn-error.ts";
import type { ErrorCode } from "./models.ts";

/** The request is malformed, or asks for the impossible (`INVALID_REQUEST`, 400, retcode 10013). */
export class InvalidRequest extends TradynError {
  static {
    this.prototype.name = "InvalidRequest";
  }
}

/** No API key, or not in the form `Bearer <key>` (`UNAUTHORIZED`, 401). */
export class Unauthorized extends Denied {
  static {
    this.prototype.name = "Unauthorized";
  }
}

/** The key is unknown, expired or revoked (`INVALID_API_KEY`, 403). */
export class InvalidApiKey extends Denied {
  static {
    this.prototype.name = "InvalidApiKey";
  }
}

/** The key's scope does not allow it (`INSUFFICIENT_SCOPE`, 403). */
export class InsufficientScope extends Denied {
  static {
    this.prototype.name = "InsufficientScope";
  }
}

/** What the path names does not exist (`NOT_FOUND`, 404). */
export class NotFound extends TradynError {
  static {
    this.prototype.name = "NotFound";
  }
}

/** The path exists, but not with this method (`METHOD_NOT_ALLOWED`, 405). */
export class MethodNotAllowed extends TradynError {
  static {
    this.prototype.name = "MethodNotAllowed";
  }
}

/** Too many requests with this key, or more than the server can serve (`RATE_LIMITED`, 429, retcode 10024). */
export class RateLimited extends Temporary {
  static {
    this.prototype.name = "RateLimited";
  }
}

/** The server failed (`INTERNAL_ERROR`, 500, retcode 10011). */
export class InternalError extends Failed {
  static {
    this.prototype.name = "InternalError";
  }
}

/** Not connected to the trading server (`NOT_CONNECTED`, 503, retcode 10031). */
export class NotConnected extends Failed {
  static {
    this.prototype.name = "NotConnected";
  }
}

/** This `client_order_id` belongs to another request (`CLIENT_ORDER_ID_REUSED`, 400). */
export class ClientOrderIdReused extends Refused {
  static {
    this.prototype.name = "ClientOrderIdReused";
  }
}

/** There is no such symbol (`UNKNOWN_SYMBOL`, 400). */
export class UnknownSymbol extends Refused {
  static {
    this.prototype.name = "UnknownSymbol";
  }
}

/** There is no account with this `login`, or it is missing or superfluous (`UNKNOWN_ACCOUNT`, 400). */
export class UnknownAccount extends Refused {
  static {
    this.prototype.name = "UnknownAccount";
  }
}

/** The cursor did not come from this list, with this `order` or `state` (`INVALID_CURSOR`, 400). */
export class InvalidCursor extends Refused {
  static {
    this.prototype.name = "InvalidCursor";
  }
}

/** A market time that is past, too far ahead, or ends before it begins (`INVALID_TIME`, 400). */
export class InvalidTime extends Refused {
  static {
    this.prototype.name = "InvalidTime";
  }
}

/** Not a URL that the server would send to (`INVALID_URL`, 400). */
export class InvalidUrl extends Refused {
  static {
    this.prototype.name = "InvalidUrl";
  }
}

/** Too many webhooks (`LIMIT_WEBHOOKS`, 400). */
export class LimitWebhooks extends Refused {
  static {
    this.prototype.name = "LimitWebhooks";
  }
}

/** The price moved by more than `deviation` (`REQUOTE`, 400, retcode 10004). */
export class Requote extends Refused {
  static {
    this.prototype.name = "Requote";
  }
}

/** Rejected by a fault that was asked for; or a key that is dead or was rotated already (`REJECTED`, 400, retcode 10006). */
export class Rejected extends Refused {
  static {
    this.prototype.name = "Rejected";
  }
}

/** Too small, too large, or not a multiple of the step (`INVALID_VOLUME`, 400, retcode 10014). */
export class InvalidVolume extends Refused {
  static {
    this.prototype.name = "InvalidVolume";
  }
}

/** On the wrong side, or too near; `price_stop_limit` missing or superfluous (`INVALID_PRICE`, 400, retcode 10015). */
export class InvalidPrice extends Refused {
  static {
    this.prototype.name = "InvalidPrice";
  }
}

/** Stop loss or take profit on the wrong side, or too near (`INVALID_STOPS`, 400, retcode 10016). */
export class InvalidStops extends Refused {
  static {
    this.prototype.name = "InvalidStops";
  }
}

/** Account or symbol may not be traded (`TRADE_DISABLED`, 400, retcode 10017). */
export class TradeDisabled extends Refused {
  static {
    this.prototype.name = "TradeDisabled";
  }
}

/** The symbol is out of session (`MARKET_CLOSED`, 400, retcode 10018). */
export class MarketClosed extends Refused {
  static {
    this.prototype.name = "MarketClosed";
  }
}

/** There is not enough free margin (`INSUFFICIENT_MARGIN`, 400, retcode 10019). */
export class InsufficientMargin extends Refused {
  static {
    this.prototype.name = "InsufficientMargin";
  }
}

/** There is no quote, or only an old one (`NO_QUOTES`, 400, retcode 10021). */
export class NoQuotes extends Refused {
  static {
    this.prototype.name = "NoQuotes";
  }
}

/** The expiration is not in the future, or not of a kind that is allowed (`INVALID_EXPIRATION`, 400, retcode 10022). */
export class InvalidExpiration extends Refused {
  static {
    this.prototype.name = "InvalidExpiration";
  }
}

/** Everything already is as asked (`NO_CHANGES`, 400, retcode 10025). */
export class NoChanges extends Refused {
  static {
    this.prototype.name = "NoChanges";
  }
}

/** The market is within the freeze level (`FROZEN`, 400, retcode 10029). */
export class Frozen extends Refused {
  static {
    this.prototype.name = "Frozen";
  }
}

/** Too many pending orders (`LIMIT_ORDERS`, 400, retcode 10033). */
export class LimitOrders extends Refused {
  static {
    this.prototype.name = "LimitOrders";
  }
}

/** Too much volume in one direction of the symbol (`LIMIT_VOLUME`, 400, retcode 10034). */
export class LimitVolume extends Refused {
  static {
    this.prototype.name = "LimitVolume";
  }
}

/** Not a kind of order for this, or it no longer waits (`INVALID_ORDER`, 400, retcode 10035). */
export class InvalidOrder extends Refused {
  static {
    this.prototype.name = "InvalidOrder";
  }
}

/** The position is closed already (`POSITION_CLOSED`, 400, retcode 10036). */
export class PositionClosed extends Refused {
  static {
    this.prototype.name = "PositionClosed";
  }
}

/** More than is open, or not a multiple of the step (`INVALID_CLOSE_VOLUME`, 400, retcode 10038). */
export class InvalidCloseVolume extends Refused {
  static {
    this.prototype.name = "InvalidCloseVolume";
  }
}

/** Only long positions are allowed (`LONG_ONLY`, 400, retcode 10042). */
export class LongOnly extends Refused {
  static {
    this.prototype.name = "LongOnly";
  }
}

/** Only short positions are allowed (`SHORT_ONLY`, 400, retcode 10043). */
export class ShortOnly extends Refused {
  static {
    this.prototype.name = "ShortOnly";
  }
}

/** Only closing is allowed (`CLOSE_ONLY`, 400, retcode 10044). */
export class CloseOnly extends Refused {
  static {
    this.prototype.name = "CloseOnly";
  }
}

/** The class of each code. */
export const ERROR_CLASSES: Readonly<Record<ErrorCode, typeof TradynError>> = {
  INVALID_REQUEST: InvalidRequest,
  UNAUTHORIZED: Unauthorized,
  INVALID_API_KEY: InvalidApiKey,
  INSUFFICIENT_SCOPE: InsufficientScope,
  NOT_FOUND: NotFound,
  METHOD_NOT_ALLOWED: MethodNotAllowed,
  RATE_LIMITED: RateLimited,
  INTERNAL_ERROR: InternalError,
  NOT_CONNECTED: NotConnected,
  CLIENT_ORDER_ID_REUSED: ClientOrderIdReused,
  UNKNOWN_SYMBOL: UnknownSymbol,
  UNKNOWN_ACCOUNT: UnknownAccount,
  INVALID_CURSOR: InvalidCursor,
  INVALID_TIME: InvalidTime,
  INVALID_URL: InvalidUrl,
  LIMIT_WEBHOOKS: LimitWebhooks,
  REQUOTE: Requote,
  REJECTED: Rejected,
  INVALID_VOLUME: InvalidVolume,
  INVALID_PRICE: InvalidPrice,
  INVALID_STOPS: InvalidStops,
  TRADE_DISABLED: TradeDisabled,
  MARKET_CLOSED: MarketClosed,
  INSUFFICIENT_MARGIN: InsufficientMargin,
  NO_QUOTES: NoQuotes,
  INVALID_EXPIRATION: InvalidExpiration,
  NO_CHANGES: NoChanges,
  FROZEN: Frozen,
  LIMIT_ORDERS: LimitOrders,
  LIMIT_VOLUME: LimitVolume,
  INVALID_ORDER: InvalidOrder,
  POSITION_CLOSED: PositionClosed,
  INVALID_CLOSE_VOLUME: InvalidCloseVolume,
  LONG_ONLY: LongOnly,
  SHORT_ONLY: ShortOnly,
  CLOSE_ONLY: CloseOnly,
};
