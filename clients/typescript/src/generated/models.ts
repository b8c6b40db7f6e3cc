// Generated from openapi/tradyn.yaml by scripts/generate.ts. Do not edit.

import type { components } from "./schema.ts";

type Schemas = components["schemas"];

/** A trading account at the present quotes. Money is in the account's `currency`. */
export type Account = Schemas["Account"];

/** `hedging`: each trade is a position of its own, also opposite ones on one symbol. */
export type MarginMode = Schemas["MarginMode"];

/**
 * Something that changed the balance, by `profit` + `swap` + `commission`. Of a deal of type `balance` or
 * `correction`, the `profit` is the amount, and `order`, `position`, `symbol`, `entry`, `volume` and `price` are
 * null.
 */
export type Deal = Schemas["Deal"];

/** `in`: opened a position. `out`: closed one, or part of it. `out_by`: the same, by an opposite position. */
export type DealEntry = Schemas["DealEntry"];

/**
 * `buy` and `sell`: a trade. `balance`: a deposit, a withdrawal, the initial balance or a reset. `correction`: the
 * broker made up for a balance below zero.
 */
export type DealType = Schemas["DealType"];

/**
 * `client`: asked for through the API, also a deposit or a reset by an admin; `GET /api/explain/{ticket}` tells them
 * apart. `sl`: stop loss. `tp`: take profit. `so`: stop-out.
 */
export type DealReason = Schemas["DealReason"];

/** `asc`, the default: oldest first. `desc`: newest first. */
export type SortOrder = Schemas["SortOrder"];

/** An open position at the present quote. Prices are in the symbol's profit currency, money in the account's currency. */
export type Position = Schemas["Position"];

/** `buy`: long, profits when the price rises. `sell`: short, profits when it falls. */
export type Side = Schemas["Side"];

/** New stops. What is absent stays as it is. */
export type ModifyPositionRequest = Schemas["ModifyPositionRequest"];

/** A position that was closed, or part of it. Money is in the account's currency. */
export type CloseResult = Schemas["CloseResult"];

/** An order, pending or done. Prices are in the symbol's profit currency. */
export type Order = Schemas["Order"];

/**
 * Kind of order, numbered as in MetaTrader 5: 0 buy and 1 sell at the market; 2 buy limit, 3 sell limit,
 * 4 buy stop, 5 sell stop; as an extension 6 buy stop-limit, 7 sell stop-limit.
 */
export type OrderType = Schemas["OrderType"];
/**
 * Kind of order, numbered as in MetaTrader 5: 0 buy and 1 sell at the market; 2 buy limit, 3 sell limit,
 * 4 buy stop, 5 sell stop; as an extension 6 buy stop-limit, 7 sell stop-limit.
 */
export const OrderType = {
  BUY: 0,
  SELL: 1,
  BUY_LIMIT: 2,
  SELL_LIMIT: 3,
  BUY_STOP: 4,
  SELL_STOP: 5,
  BUY_STOP_LIMIT: 6,
  SELL_STOP_LIMIT: 7,
} as const;

/**
 * `placed`: waits. `filled`: opened or closed a position. `canceled`: taken back by you or by a stop-out.
 * `expired`: its time ran out. `rejected`: it triggered and could not be filled, mostly for want of margin. A
 * stop-limit order whose stop was reached is `placed` until the limit order that it has become is done.
 */
export type OrderState = Schemas["OrderState"];

/** A pending order. */
export type OrderRequest = Schemas["OrderRequest"];

/** Changes to a pending order. What is absent stays as it is. */
export type ModifyOrderRequest = Schemas["ModifyOrderRequest"];

/** A market order. */
export type TradeRequest = Schemas["TradeRequest"];

/** A market order that was filled, and the position it opened. */
export type TradeResult = Schemas["TradeResult"];

/** Which positions to close: by symbol, long (`buy`) or short (`sell`), by result. What is absent does not narrow the choice. */
export type CloseAllRequest = Schemas["CloseAllRequest"];

/** `winning`: profit and swap together are above zero. `losing`: they are below zero. `all`: whatever they are. */
export type PositionResult = Schemas["PositionResult"];

/** What was closed, and what was not. */
export type CloseAllResult = Schemas["CloseAllResult"];

/** A position that could not be closed, and why. */
export type CloseFailure = Schemas["CloseFailure"];

/** What can be traded under this name, and on what terms. */
export type Symbol = Schemas["Symbol"];

/**
 * How margin is calculated. `forex`: lots × contract size / leverage. `forex_no_leverage`: lots × contract size.
 * `cfd`: lots × contract size × price. `cfd_leverage`: the same / leverage. `futures`: lots × `margin_initial`.
 */
export type CalcMode = Schemas["CalcMode"];

/**
 * What may be done. `disabled`: nothing. `long_only`: no short positions. `short_only`: no long positions.
 * `close_only`: nothing new. `full`: everything.
 */
export type TradeMode = Schemas["TradeMode"];

/**
 * What `swap_long` and `swap_short` are. `disabled`: there is no swap. `points`: points of price.
 * `currency_symbol`, `currency_margin`, `currency_deposit`, `currency_profit`: money for each lot, in the base,
 * margin, account's or profit currency. `interest_current`, `interest_open`: percent a year (of 360 days) of the
 * position's value, at the current price or at the one it was opened at.
 */
export type SwapMode = Schemas["SwapMode"];

/**
 * For how many nights swap is charged at the end (00:00 UTC) of each day of the week. A holiday charges nothing,
 * and what is named for it here is added to the trading day before.
 */
export type SwapMultipliers = Schemas["SwapMultipliers"];

/**
 * How `commission` is charged, on each deal that opens or closes, but not on a close-by. `disabled`: not at all.
 * `money`: for each lot, in `commission_currency`. `percent`: of the deal's value (lots × contract size × price).
 */
export type CommissionMode = Schemas["CommissionMode"];

/**
 * A thing that may be done with a symbol: market orders, pending orders of a kind, a stop loss, a take profit,
 * closing a position by its opposite.
 */
export type OrderKind = Schemas["OrderKind"];

/** `gtc`: good till cancelled. `specified`: until a time. */
export type ExpirationMode = Schemas["ExpirationMode"];

/**
 * Day of the week. As `swap_rollover3days`, the day at whose end swap is charged for three nights, unless
 * `swap_multipliers` says otherwise, which is what counts.
 */
export type DayOfWeek = Schemas["DayOfWeek"];

/** A time of a day in which the symbol is traded. */
export type Session = Schemas["Session"];

/** The last prices of a symbol, in its profit currency. */
export type Quote = Schemas["Quote"];

/** Length of a candle: minutes (M), hours (H), a day from 00:00 UTC (D1), a week (W1), a calendar month (MN1). */
export type Timeframe = Schemas["Timeframe"];

/** The bid prices of a period, in the symbol's profit currency. */
export type Candle = Schemas["Candle"];

/** Which position to close by. */
export type CloseByRequest = Schemas["CloseByRequest"];

/** Two positions that were closed against each other. */
export type CloseByResult = Schemas["CloseByResult"];

/** Null, where there is no object. */
export type Nothing = Schemas["Nothing"];

/** The body of a trade or of an order. */
export type PreviewRequest = Schemas["PreviewRequest"];

/** What would come of a trade or an order now. When it is refused before price or margin are known, these are null. */
export type Preview = Schemas["Preview"];

/**
 * The statistics of a period. Money is in the account's currency; losses and costs are negative. Percentages
 * have two decimal places, ratios four.
 */
export type Statistics = Schemas["Statistics"];

/** The account at a moment. Money is in the account's currency. */
export type EquityPoint = Schemas["EquityPoint"];

/** The story of an order, a position or a deal. */
export type Explanation = Schemas["Explanation"];

/** What the ticket names. An order that opened a position shares its ticket with it, and is called `position`. */
export type ExplanationSubject = Schemas["ExplanationSubject"];

/**
 * How the story stands. `placed`, `canceled`, `expired`, `rejected`: the order, which became no position. `open`,
 * `closed`: the position. `booked`: a balance deal.
 */
export type ExplanationState = Schemas["ExplanationState"];

/** One thing that happened, or how things stand now. What does not apply is null. */
export type ExplanationStep = Schemas["ExplanationStep"];

/**
 * What happened. `order_triggered`: the stop of a stop-limit order was reached, and it became a limit order.
 * `position_reduced`: a part was closed. `order_now`, `position_now`: nothing did, that is how it stands.
 */
export type ExplanationEvent = Schemas["ExplanationEvent"];

/**
 * The rule that fired.
 *
 * | Rule | Fires when |
 * |---|---|
 * | `client_request` | the client placed, changed, deleted or closed it |
 * | `market_order` | at once: a buy at the ask, a sell at the bid |
 * | `buy_limit`, `sell_limit` | ask ≤ price, bid ≥ price |
 * | `buy_stop`, `sell_stop` | ask ≥ price, bid ≤ price |
 * | `buy_stop_limit`, `sell_stop_limit` | ask ≥ stop, bid ≤ stop: it becomes a limit order |
 * | `stop_loss` | long: bid ≤ sl; short: ask ≥ sl; before the take profit of the same tick |
 * | `take_profit` | long: bid ≥ tp; short: ask ≤ tp |
 * | `trailing_stop` | the price moved further into profit than the distance of the stop |
 * | `stop_out` | equity < margin × stop-out level: pending orders first, then the largest loss |
 * | `close_by` | the client closed it by an opposite position |
 * | `expiration` | its time came |
 * | `insufficient_margin` | it was reached, and there was no margin for it |
 * | `not_executable` | it was reached, and could not be filled for another reason |
 * | `reset` | the account was reset |
 * | `rollover` | a trading day ended |
 * | `deposit`, `withdrawal`, `negative_balance_compensation` | money came or went |
 * | `waiting` | nothing did yet |
 */
export type ExplanationRule = Schemas["ExplanationRule"];

/** Which price counted. `deal`: that of the deal itself, where its own pair converts. */
export type PriceSide = Schemas["PriceSide"];

/** How two values are compared: ≤, ≥ or <. */
export type Relation = Schemas["Relation"];

/** Two values that were compared. */
export type ExplanationCondition = Schemas["ExplanationCondition"];

/** An amount as it was recorded, and how it comes about. */
export type Calculation = Schemas["Calculation"];

/**
 * What is calculated. Of a deal that closes, `swap` adds the charges that the story has (`swap_1`, `swap_2` …) and
 * takes off what earlier deals booked of them (`booked_1` …). `margin_level`: the one that led to a stop-out.
 */
export type CalculationName = Schemas["CalculationName"];

/** A name of a formula, and its value. */
export type CalculationInput = Schemas["CalculationInput"];

/** A pair that an amount was converted through. */
export type ConversionLeg = Schemas["ConversionLeg"];

/** An API key, without its secret. Times are wall time. */
export type ApiKey = Schemas["ApiKey"];

/** An API key with its secret, as shown once. Times are wall time. */
export type IssuedApiKey = Schemas["IssuedApiKey"];

/**
 * `read`: account and market data. `trade`: trading and market data. `full`: both, and the account's own keys.
 * `admin`: the server, and nothing of an account.
 */
export type KeyScope = Schemas["KeyScope"];

/** A key to be made. */
export type CreateKeyRequest = Schemas["CreateKeyRequest"];

/** How to change over. */
export type RotateKeyRequest = Schemas["RotateKeyRequest"];

/** A webhook, without its secret. Times are wall time. */
export type Webhook = Schemas["Webhook"];

/** A webhook with its secret, as shown once. Times are wall time. */
export type IssuedWebhook = Schemas["IssuedWebhook"];

/**
 * `order.…`: what became of an order; `order.filled` also of a market order. `position.…`: how a position has
 * changed; `position.swap`: swap was charged or paid. `deal.created`: something was booked. `notification.…`: what
 * a person would want to hear of, of which nothing was asked for just then. `webhook.test`: sent by `POST …/test`
 * alone, to any webhook; to ask for it changes nothing.
 *
 * One transaction can be several events. Then they come in the order of order, deal, position and notification.
 */
export type WebhookEventType = Schemas["WebhookEventType"];
/**
 * `order.…`: what became of an order; `order.filled` also of a market order. `position.…`: how a position has
 * changed; `position.swap`: swap was charged or paid. `deal.created`: something was booked. `notification.…`: what
 * a person would want to hear of, of which nothing was asked for just then. `webhook.test`: sent by `POST …/test`
 * alone, to any webhook; to ask for it changes nothing.
 *
 * One transaction can be several events. Then they come in the order of order, deal, position and notification.
 */
export const WebhookEventType = {
  ORDER_PLACED: "order.placed",
  ORDER_MODIFIED: "order.modified",
  ORDER_TRIGGERED: "order.triggered",
  ORDER_FILLED: "order.filled",
  ORDER_CANCELED: "order.canceled",
  ORDER_EXPIRED: "order.expired",
  ORDER_REJECTED: "order.rejected",
  POSITION_OPENED: "position.opened",
  POSITION_MODIFIED: "position.modified",
  POSITION_REDUCED: "position.reduced",
  POSITION_CLOSED: "position.closed",
  POSITION_SWAP: "position.swap",
  DEAL_CREATED: "deal.created",
  NOTIFICATION_ORDER_FILLED: "notification.order_filled",
  NOTIFICATION_ORDER_EXPIRED: "notification.order_expired",
  NOTIFICATION_ORDER_REJECTED: "notification.order_rejected",
  NOTIFICATION_STOP_LOSS: "notification.stop_loss",
  NOTIFICATION_TAKE_PROFIT: "notification.take_profit",
  NOTIFICATION_STOP_OUT: "notification.stop_out",
  WEBHOOK_TEST: "webhook.test",
} as const;

/** A webhook to be made. */
export type CreateWebhookRequest = Schemas["CreateWebhookRequest"];

/** What shall be different; what is absent stays. */
export type UpdateWebhookRequest = Schemas["UpdateWebhookRequest"];

/** How to change over. */
export type RotateSecretRequest = Schemas["RotateSecretRequest"];

/** An event on its way to a webhook. Times are wall time. */
export type WebhookDelivery = Schemas["WebhookDelivery"];

/**
 * `pending`: it is sent again. `delivered`: the last attempt was taken. `failed`: the last attempt was not, and no
 * other follows by itself.
 */
export type WebhookDeliveryState = Schemas["WebhookDeliveryState"];

/** Id of a message. */
export type WebhookMessageId = Schemas["WebhookMessageId"];

/** Seconds since 1970. */
export type WebhookTimestamp = Schemas["WebhookTimestamp"];

/**
 * Of each secret `v1,` and the base64 of the HMAC-SHA256 of webhook-id, webhook-timestamp and body, with a dot
 * between them.
 */
export type WebhookSignature = Schemas["WebhookSignature"];

/** What is sent to a webhook. */
export type WebhookEvent = Schemas["WebhookEvent"];

/** An order was placed or has changed. */
export type WebhookOrderEvent = Schemas["WebhookOrderEvent"];

/** What became of an order. */
export type WebhookOrderEventType = Schemas["WebhookOrderEventType"];
/** What became of an order. */
export const WebhookOrderEventType = {
  ORDER_PLACED: "order.placed",
  ORDER_MODIFIED: "order.modified",
  ORDER_TRIGGERED: "order.triggered",
  ORDER_FILLED: "order.filled",
  ORDER_CANCELED: "order.canceled",
  ORDER_EXPIRED: "order.expired",
  ORDER_REJECTED: "order.rejected",
} as const;

/** The order, as it stood after it. */
export type WebhookOrderData = Schemas["WebhookOrderData"];

/** A deal was done. */
export type WebhookDealEvent = Schemas["WebhookDealEvent"];

/** Something was booked. */
export type WebhookDealEventType = Schemas["WebhookDealEventType"];
/** Something was booked. */
export const WebhookDealEventType = {
  DEAL_CREATED: "deal.created",
} as const;

/** The deal. */
export type WebhookDealData = Schemas["WebhookDealData"];

/** A position has changed. */
export type WebhookPositionEvent = Schemas["WebhookPositionEvent"];

/** How a position has changed. */
export type WebhookPositionEventType = Schemas["WebhookPositionEventType"];
/** How a position has changed. */
export const WebhookPositionEventType = {
  POSITION_OPENED: "position.opened",
  POSITION_MODIFIED: "position.modified",
  POSITION_REDUCED: "position.reduced",
  POSITION_CLOSED: "position.closed",
  POSITION_SWAP: "position.swap",
} as const;

/** How the position has changed. */
export type WebhookPositionData = Schemas["WebhookPositionData"];

/** Something that a person would want to hear of. */
export type WebhookNotificationEvent = Schemas["WebhookNotificationEvent"];

/** What a person would want to hear of. */
export type WebhookNotificationEventType = Schemas["WebhookNotificationEventType"];
/** What a person would want to hear of. */
export const WebhookNotificationEventType = {
  NOTIFICATION_ORDER_FILLED: "notification.order_filled",
  NOTIFICATION_ORDER_EXPIRED: "notification.order_expired",
  NOTIFICATION_ORDER_REJECTED: "notification.order_rejected",
  NOTIFICATION_STOP_LOSS: "notification.stop_loss",
  NOTIFICATION_TAKE_PROFIT: "notification.take_profit",
  NOTIFICATION_STOP_OUT: "notification.stop_out",
} as const;

/** What a person would want to hear of. */
export type WebhookNotificationData = Schemas["WebhookNotificationData"];

/** A trial: nothing has happened. */
export type WebhookTestEvent = Schemas["WebhookTestEvent"];

/** Nothing has happened. */
export type WebhookTestEventType = Schemas["WebhookTestEventType"];
/** Nothing has happened. */
export const WebhookTestEventType = {
  WEBHOOK_TEST: "webhook.test",
} as const;

/** Where the trial comes from. */
export type WebhookTestData = Schemas["WebhookTestData"];

/** An account to be opened. */
export type CreateAccountRequest = Schemas["CreateAccountRequest"];

/** Currency of an account, ISO 4217. */
export type AccountCurrency = Schemas["AccountCurrency"];

/** A new account and its first key. */
export type CreatedAccount = Schemas["CreatedAccount"];

/** A deposit or a withdrawal. */
export type BalanceRequest = Schemas["BalanceRequest"];

/** The market's clock. */
export type Clock = Schemas["Clock"];

/**
 * `realtime`: as fast as the wall clock. `accelerated`: `speed` times as fast. `manual`: it stands still, and
 * moves only when it is advanced, set, or quotes are pushed.
 */
export type ClockMode = Schemas["ClockMode"];

/** Changes to the clock. What is absent stays as it is. */
export type ClockUpdate = Schemas["ClockUpdate"];

/** How far market time shall move on: either `seconds` or `to`. */
export type AdvanceRequest = Schemas["AdvanceRequest"];

/** Quotes to be taken in this order. */
export type PushQuotesRequest = Schemas["PushQuotesRequest"];

/** New prices of a symbol, in its profit currency. */
export type PushedQuote = Schemas["PushedQuote"];

/** What became of pushed quotes. */
export type PushedQuotes = Schemas["PushedQuotes"];

/** What goes wrong on purpose. */
export type Faults = Schemas["Faults"];

/** What shall go wrong on purpose. What is absent takes its default. */
export type FaultsRequest = Schemas["FaultsRequest"];

/** A time in which the trading server is not connected. */
export type Disconnect = Schemas["Disconnect"];

/** State of the server. */
export type Health = Schemas["Health"];

/** `ok`; otherwise the answer is an error. */
export type HealthStatus = Schemas["HealthStatus"];

/** The API key, as the first message of a socket that was opened without one. */
export type StreamAuth = Schemas["StreamAuth"];

/**
 * `ticks`: quotes. `candles`: the candle that is forming, and each that has closed. `account`: balance, equity
 * and margin. `positions`, `orders`, `deals`: every change, numbered. `notifications`: what a person would want
 * to hear of.
 */
export type StreamChannel = Schemas["StreamChannel"];

/** Begin to hear of something, or widen what is heard. */
export type StreamSubscribe = Schemas["StreamSubscribe"];

/** Hear no more of something. */
export type StreamUnsubscribe = Schemas["StreamUnsubscribe"];

/** Ask for a `pong`. */
export type StreamPing = Schemas["StreamPing"];

/** The key opens the stream. */
export type WelcomeEvent = Schemas["WelcomeEvent"];

/** A subscription that was asked for. */
export type SubscribedEvent = Schemas["SubscribedEvent"];

/** A subscription that has ended. */
export type UnsubscribedEvent = Schemas["UnsubscribedEvent"];

/** The server is there. */
export type PongEvent = Schemas["PongEvent"];

/** A request that was not carried out; the fields are those of an error over HTTP. */
export type ErrorEvent = Schemas["ErrorEvent"];

/** The server closes the socket, and why. */
export type ClosingEvent = Schemas["ClosingEvent"];

/** A quote. */
export type TickEvent = Schemas["TickEvent"];

/** A candle that is forming, or has closed. */
export type CandleEvent = Schemas["CandleEvent"];

/** The account at the present quotes. */
export type AccountEvent = Schemas["AccountEvent"];

/** Snapshot: the open positions. */
export type PositionsEvent = Schemas["PositionsEvent"];

/** A position has changed. */
export type PositionEvent = Schemas["PositionEvent"];

/** Snapshot: the orders that wait. */
export type OrdersEvent = Schemas["OrdersEvent"];

/** An order was placed or has changed; market orders come as filled. */
export type OrderEvent = Schemas["OrderEvent"];

/** Snapshot: the last deals. */
export type DealsEvent = Schemas["DealsEvent"];

/** A deal was done. */
export type DealEvent = Schemas["DealEvent"];

/** Something that a person would want to hear of. */
export type NotificationEvent = Schemas["NotificationEvent"];

/**
 * How a position has changed. `volume` is what is open now. `sl`, `tp` and `trailing_stop` are told of `opened`
 * and `modified`, and null otherwise; `price`, `deal` and `profit` of what a deal did.
 */
export type PositionChange = Schemas["PositionChange"];

/**
 * `opened`: by a deal. `modified`: its stops have moved. `reduced`: a part was closed. `closed`: all of it.
 * `swap`: swap was charged or paid.
 */
export type PositionChangeKind = Schemas["PositionChangeKind"];

/** Something that a person would want to hear of. */
export type Notification = Schemas["Notification"];

/**
 * `order_filled`, `order_expired`, `order_rejected`: what became of a pending order. `stop_loss`, `take_profit`:
 * a position was closed by it. `margin_call`: the margin level has fallen below the account's
 * `margin_call_level`. `stop_out`: a position was closed or an order deleted for want of margin.
 * `connection_lost`, `connection_restored`: to the trading server. `key_expiring`: the key of this socket
 * expires within a day. `webhook_disabled`: a webhook of the account has taken nothing for a day, or answered 410,
 * and is sent nothing more.
 */
export type NotificationKind = Schemas["NotificationKind"];

/** One thing that is wrong with the shape of a request. */
export type ErrorDetail = Schemas["ErrorDetail"];

/**
 * What was wrong, for programs. More codes may be added as the rules need them.
 *
 * | Code | Status | Retcode | Meaning |
 * |---|---|---|---|
 * | `INVALID_REQUEST` | 400 | 10013 | the request is malformed, or asks for the impossible |
 * | `UNAUTHORIZED` | 401 | | no API key, or not in the form `Bearer <key>` |
 * | `INVALID_API_KEY` | 403 | | the key is unknown, expired or revoked |
 * | `INSUFFICIENT_SCOPE` | 403 | | the key's scope does not allow it |
 * | `NOT_FOUND` | 404 | | what the path names does not exist |
 * | `METHOD_NOT_ALLOWED` | 405 | | the path exists, but not with this method |
 * | `RATE_LIMITED` | 429 | 10024 | too many requests with this key, or more than the server can serve |
 * | `INTERNAL_ERROR` | 500 | 10011 | the server failed |
 * | `NOT_CONNECTED` | 503 | 10031 | not connected to the trading server |
 * | `CLIENT_ORDER_ID_REUSED` | 400 | | this `client_order_id` belongs to another request |
 * | `UNKNOWN_SYMBOL` | 400 | | there is no such symbol |
 * | `UNKNOWN_ACCOUNT` | 400 | | there is no account with this `login`, or it is missing or superfluous |
 * | `INVALID_CURSOR` | 400 | | the cursor did not come from this list, with this `order` or `state` |
 * | `INVALID_TIME` | 400 | | a market time that is past, too far ahead, or ends before it begins |
 * | `INVALID_URL` | 400 | | not a URL that the server would send to |
 * | `LIMIT_WEBHOOKS` | 400 | | too many webhooks |
 * | `REQUOTE` | 400 | 10004 | the price moved by more than `deviation` |
 * | `REJECTED` | 400 | 10006 | rejected by a fault that was asked for; or a key that is dead or was rotated already |
 * | `INVALID_VOLUME` | 400 | 10014 | too small, too large, or not a multiple of the step |
 * | `INVALID_PRICE` | 400 | 10015 | on the wrong side, or too near; `price_stop_limit` missing or superfluous |
 * | `INVALID_STOPS` | 400 | 10016 | stop loss or take profit on the wrong side, or too near |
 * | `TRADE_DISABLED` | 400 | 10017 | account or symbol may not be traded |
 * | `MARKET_CLOSED` | 400 | 10018 | the symbol is out of session |
 * | `INSUFFICIENT_MARGIN` | 400 | 10019 | there is not enough free margin |
 * | `NO_QUOTES` | 400 | 10021 | there is no quote, or only an old one |
 * | `INVALID_EXPIRATION` | 400 | 10022 | the expiration is not in the future, or not of a kind that is allowed |
 * | `NO_CHANGES` | 400 | 10025 | everything already is as asked |
 * | `FROZEN` | 400 | 10029 | the market is within the freeze level |
 * | `LIMIT_ORDERS` | 400 | 10033 | too many pending orders |
 * | `LIMIT_VOLUME` | 400 | 10034 | too much volume in one direction of the symbol |
 * | `INVALID_ORDER` | 400 | 10035 | not a kind of order for this, or it no longer waits |
 * | `POSITION_CLOSED` | 400 | 10036 | the position is closed already |
 * | `INVALID_CLOSE_VOLUME` | 400 | 10038 | more than is open, or not a multiple of the step |
 * | `LONG_ONLY` | 400 | 10042 | only long positions are allowed |
 * | `SHORT_ONLY` | 400 | 10043 | only short positions are allowed |
 * | `CLOSE_ONLY` | 400 | 10044 | only closing is allowed |
 */
export type ErrorCode = Schemas["ErrorCode"];
