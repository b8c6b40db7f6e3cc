// Generated from openapi/tradyn.yaml by scripts/generate.ts. Do not edit.

export interface paths {
    "/api/account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the account
         * @description Balance, equity, margin and settings of the account that the key belongs to, at the present quotes.
         */
        get: operations["getAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/account/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the account's deals
         * @description Everything that changed the balance, one deal each: a position opened (`in`), closed or partly closed (`out`, or
         *     `out_by` by an opposite one), a deposit, withdrawal or reset (`balance`), a balance below zero made good
         *     (`correction`). In the order in which it happened, or the reverse.
         *
         *     In pages: as long as `next_cursor` is not `null`, send the same request with it as `cursor`.
         */
        get: operations["getAccountHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/positions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the open positions
         * @description All open positions at the present quotes, in the order of their tickets. The list is never paged.
         */
        get: operations["listPositions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/positions/{ticket}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Ticket of the position.
                 * @example 2
                 */
                ticket: components["parameters"]["PositionTicket"];
            };
            cookie?: never;
        };
        /**
         * Get a position
         * @description One open position at the present quote. A closed one answers 404; look for its deals in the history.
         */
        get: operations["getPosition"];
        put?: never;
        post?: never;
        /**
         * Close a position
         * @description Closes the position at the market: a long one at the bid, a short one at the ask. With `volume` only that part
         *     is closed; the rest keeps ticket and stops. Profit and swap of the closed part are booked to the balance.
         *
         *     Half of 0.1 lots is `?volume=0.05&client_order_id=half-of-2`. After a timeout, send it again with the same
         *     `client_order_id`; without one, the repetition would close the other half, too.
         *
         *     Refused with `POSITION_CLOSED` when it already is, `INVALID_CLOSE_VOLUME` when `volume` is more than is open or
         *     not a multiple of the volume step, `REQUOTE` beyond `deviation`, `FROZEN` inside the freeze level,
         *     `TRADE_DISABLED`, `MARKET_CLOSED` or `NO_QUOTES` when the symbol cannot be traded now, `REJECTED` by a fault that
         *     was asked for.
         */
        delete: operations["closePosition"];
        options?: never;
        head?: never;
        /**
         * Move a position's stops
         * @description Sets, moves or clears stop loss, take profit and trailing stop. What is absent stays as it is; `null` or 0
         *     clears it.
         *
         *     With a `trailing_stop` of so many points the stop loss follows the market: it waits until the profit has reached
         *     that distance, then keeps it behind the price (long: bid, short: ask), and never moves back.
         *
         *     Refused with `POSITION_CLOSED` when the position is no longer open, `TRADE_DISABLED`, `MARKET_CLOSED` and
         *     `NO_QUOTES` when the symbol cannot be traded now, `INVALID_ORDER` when it takes no such stops, `NO_CHANGES`
         *     when everything already is as asked, `INVALID_STOPS` when a level is on the wrong side of the market or nearer
         *     than `stops_level`, `FROZEN` inside the freeze level, `REJECTED` by a fault that was asked for.
         */
        patch: operations["modifyPosition"];
        trace?: never;
    };
    "/api/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List pending orders
         * @description Orders in one state: those still waiting, in the order of their tickets, unless `state` says otherwise; orders that
         *     have ended come in the order in which they did. Market orders, to open or to close, are filled at once and are
         *     found among the `filled`.
         */
        get: operations["listOrders"];
        put?: never;
        /**
         * Place a pending order
         * @description Places a limit, stop or stop-limit order (`type` 2 to 7). It waits until the market reaches its price, until it
         *     expires, or until you cancel it. With an `expiration` it ends as `expired` at that market time, unless it has
         *     been filled by then; without one it is good till cancelled. After a timeout, send it again with the same
         *     `client_order_id`.
         *
         *     Refused with `UNKNOWN_SYMBOL`, `TRADE_DISABLED`, `LONG_ONLY`, `SHORT_ONLY`, `CLOSE_ONLY`, `MARKET_CLOSED`,
         *     `NO_QUOTES`, `INVALID_ORDER` for the types 0 and 1 (market orders go to `POST /api/trade`) and for what the symbol
         *     does not take, `INVALID_EXPIRATION`, `INVALID_VOLUME`, `LIMIT_VOLUME`, `INVALID_PRICE`, `INVALID_STOPS`,
         *     `LIMIT_ORDERS`, `INSUFFICIENT_MARGIN` or, by a fault that was asked for, `REJECTED`.
         */
        post: operations["placeOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orders/{ticket}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Ticket of the order.
                 * @example 4
                 */
                ticket: components["parameters"]["OrderTicket"];
            };
            cookie?: never;
        };
        /**
         * Get an order
         * @description One order, also one that was filled, cancelled, rejected or has expired.
         */
        get: operations["getOrder"];
        put?: never;
        post?: never;
        /**
         * Cancel a pending order
         * @description Takes back an order that still waits. It can be read afterwards, as `canceled`.
         *
         *     Refused with `INVALID_ORDER` when the order no longer waits, `TRADE_DISABLED` and `MARKET_CLOSED` when the symbol
         *     cannot be traded now, `FROZEN` inside the freeze level, `REJECTED` by a fault that was asked for.
         */
        delete: operations["cancelOrder"];
        options?: never;
        head?: never;
        /**
         * Change a pending order
         * @description Changes prices, stops or expiration of an order that still waits. What is absent stays as it is; `null` clears
         *     `sl`, `tp` and `expiration` (then the order is good till cancelled). Volume and type cannot change;
         *     `price_stop_limit` is for stop-limit orders whose stop has not been reached.
         *
         *     Refused with `INVALID_ORDER` when the order no longer waits or the symbol takes no such stops, `TRADE_DISABLED`,
         *     `MARKET_CLOSED` and `NO_QUOTES` when the symbol cannot be traded now, `INVALID_EXPIRATION`, `NO_CHANGES`,
         *     `INVALID_PRICE`, `INVALID_STOPS`, `FROZEN` inside the freeze level, `REJECTED` by a fault that was asked for.
         */
        patch: operations["modifyOrder"];
        trace?: never;
    };
    "/api/trade": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Buy or sell at the market
         * @description Opens a position at once: a purchase at the ask, a sale at the bid. `ticket` in the answer is the position's.
         *     After a timeout, send it again with the same `client_order_id`: it is done once.
         *
         *     Refused with `UNKNOWN_SYMBOL`, `TRADE_DISABLED`, `LONG_ONLY`, `SHORT_ONLY`, `CLOSE_ONLY`, `MARKET_CLOSED`,
         *     `NO_QUOTES`, `INVALID_ORDER`, `INVALID_VOLUME`, `LIMIT_VOLUME`, `REQUOTE`, `INVALID_STOPS`,
         *     `INSUFFICIENT_MARGIN` or, by a fault that was asked for, `REJECTED`.
         */
        post: operations["trade"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/trade/close-all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close many positions
         * @description Closes every open position that fits all of `symbol`, `type` and `result`; without a body, every one. Each
         *     position is closed by itself, in the order of tickets, and one that cannot be closed does not stop the others:
         *     the answer is 200 and lists it under `failed`. Pending orders are not touched.
         *
         *     Refused as a whole, with nothing closed, are an `UNKNOWN_SYMBOL` and, by a fault that was asked for, `REJECTED`.
         */
        post: operations["closeAll"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/symbols": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the symbols
         * @description Every symbol of the server with its specification, in the order of their names. The list is never paged.
         */
        get: operations["listSymbols"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/symbols/{symbol}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Name of the symbol, in its exact spelling.
                 * @example EURUSD
                 */
                symbol: components["parameters"]["SymbolPath"];
            };
            cookie?: never;
        };
        /**
         * Get a symbol
         * @description The specification of one symbol: digits, contract, volumes, margin, swap and sessions.
         */
        get: operations["getSymbol"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/quotes/{symbol}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Name of the symbol, in its exact spelling.
                 * @example EURUSD
                 */
                symbol: components["parameters"]["SymbolPath"];
            };
            cookie?: never;
        };
        /**
         * Get a quote
         * @description The last bid and ask of a symbol. Out of session it stands still. Refused with 400 `NO_QUOTES` when the symbol
         *     has had no quote yet.
         */
        get: operations["getQuote"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/candles/{symbol}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Name of the symbol, in its exact spelling.
                 * @example EURUSD
                 */
                symbol: components["parameters"]["SymbolPath"];
            };
            cookie?: never;
        };
        /**
         * Get candles
         * @description Candles of bid prices, oldest first, at most `count`. With `from` they are the first ones that open at or after
         *     it; without, the last ones before `to` or up to now. The candle of the present is still forming. Periods
         *     without a quote have no candle.
         */
        get: operations["getCandles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/trade/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview a trade or an order
         * @description Takes the body of `POST /api/trade` or `POST /api/orders` and says what would come of it now: the price, the
         *     margin, and the refusal it would get. Nothing is done, and the answer is 200 either way. A `client_order_id` in
         *     the body is not used up.
         */
        post: operations["previewTrade"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/account/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get trading statistics
         * @description The figures of MetaTrader 5's report, from the account's deals. A *trade* is a deal that closes a position or
         *     a part of it (`out`, `out_by`); its result is profit + swap + commission of that deal, and a result of zero
         *     counts as a profit. The commission of an opening deal is part of `gross_loss`, but of no trade. Deposits,
         *     withdrawals and corrections are neither profit nor drawdown.
         *
         *     With `from` and `to` only that period counts, beginning with the balance it found. With `symbol` only its
         *     deals count; what other deals did to the balance is passed over. A figure that is not defined, such as a profit
         *     factor without a loss, is null.
         */
        get: operations["getStatistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/account/equity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the equity curve
         * @description Balance and equity at `points` moments at even distances, the first and the last of which are `from` and `to`.
         *     What is open at a moment is valued with the quotes of that moment; the last point, up to now, is the account as
         *     it stands. There are no points before the account was opened and none in the future. Of quotes that were
         *     pushed, past ones are known to the minute.
         */
        get: operations["getEquity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/positions/{ticket}/close-by": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Ticket of the position.
                 * @example 2
                 */
                ticket: components["parameters"]["PositionTicket"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close a position by an opposite one
         * @description Closes two opposite positions of one symbol against each other, without paying the spread: each at the opening
         *     price of the other. The smaller volume governs; what is left of the larger keeps its ticket. Two deals come of
         *     it, both with the entry `out_by`; the first has the whole profit.
         *
         *     Refused with `POSITION_CLOSED` when either position is no longer open, `INVALID_ORDER` when they are not
         *     opposite positions of one symbol, `FROZEN` inside the freeze level of either, `TRADE_DISABLED`, `MARKET_CLOSED`
         *     or `NO_QUOTES` when the symbol cannot be traded now, `REJECTED` by a fault that was asked for.
         */
        post: operations["closeBy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/explain/{ticket}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Ticket of an order, a position or a deal.
                 * @example 12
                 */
                ticket: components["parameters"]["AnyTicket"];
            };
            cookie?: never;
        };
        /**
         * Explain an order, a position or a deal
         * @description The story of what the ticket names, from the journal: which rule fired, on which quote, on which side of it, and
         *     every amount with its formula, its numbers and the path of its conversion. The ticket of a closing order or of
         *     a deal tells the story of its position, with `is_asked` at the steps that the ticket names.
         *
         *     **For a program.** A calculation's `expression` evaluates to exactly its `result`, which is what was recorded.
         *     `formula` is the same with names in the place of `inputs`. Their language:
         *
         *     ```
         *     formula = [ "-" ] term { ( "+" | "-" ) term }
         *     term    = factor { ( "*" | "/" ) factor }
         *     factor  = number | name | "(" formula ")" | "round(" formula ", " digits ")"
         *     number  = digits [ "." digits ]
         *     ```
         *
         *     Calculate with exact fractions; only `round` rounds, to so many decimal places, half away from zero. A
         *     calculation named `conversion` shows a rate rounded for the eye; the amount after it uses the exact one.
         *
         *     What was recorded is the truth. Where the specification of the symbol has changed since, so that a formula would
         *     lead elsewhere, `formula` and `expression` are null and a note says so.
         */
        get: operations["explain"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the keys
         * @description The keys of the caller's account, oldest first, also expired and revoked ones. An admin key sees all
         *     keys of the server, or with `login` those of one account.
         */
        get: operations["listKeys"];
        put?: never;
        /**
         * Create a key
         * @description Makes a key. The answer carries it in `api_key`, this once.
         *
         *     A `full` key makes keys of its own account: it names no other `login` and does not ask for the scope `admin`
         *     (403 `INSUFFICIENT_SCOPE`). An `admin` key names the account in `login`, or asks for the scope `admin` without
         *     one; a `login` that is missing, unknown, or given for an admin key is 400 `UNKNOWN_ACCOUNT`. An `expires_at` that
         *     has passed is 400 `INVALID_EXPIRATION`.
         */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the key (not the key itself).
                 * @example 3f9a1c0b7d2e4856
                 */
                key_id: components["parameters"]["KeyId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a key
         * @description From now on the key is refused with 403. It stays in the list, with `revoked_at`. A `full` or `admin` key may
         *     revoke itself. Revoking one that is revoked already changes nothing.
         */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/{key_id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the key (not the key itself).
                 * @example 3f9a1c0b7d2e4856
                 */
                key_id: components["parameters"]["KeyId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace a key
         * @description Makes a new key with the scope, account, label and expiry of the old one; the answer carries it in `api_key`,
         *     this once. The old key ends at once, or after `overlap_seconds`, so that a running bot can change over. Its
         *     `key_id` stands in `GET /api/keys`, beside the `prefix` with which the key begins. A `full` or `admin` key may
         *     rotate itself; a `read` or `trade` key is rotated by one of those.
         *
         *     A key is rotated once: one that was rotated already, or is expired or revoked, is 400 `REJECTED`. If the answer
         *     was lost, revoke the successor, which is in the list, and create a key. Without an overlap, a key that rotates
         *     itself and loses the answer locks itself out.
         */
        post: operations["rotateKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the webhooks
         * @description All webhooks of the account, oldest first. The list is never paged.
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Create a webhook
         * @description Has the events you name sent to `url`, from now on. The answer carries the `secret` that signs them, this once.
         *
         *     A `url` that the server would not call is 400 `INVALID_URL`. An account has at most 20 webhooks (400
         *     `LIMIT_WEBHOOKS`).
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{webhook_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the webhook.
                 * @example 5c1d9e2a7b40f836
                 */
                webhook_id: components["parameters"]["WebhookId"];
            };
            cookie?: never;
        };
        /**
         * Get a webhook
         * @description One webhook, without its secret.
         */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook
         * @description Nothing more is sent, and its deliveries are forgotten.
         */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /**
         * Change a webhook
         * @description What is absent stays as it is. `enabled: false` stops the sending; `enabled: true` goes on where it stopped,
         *     also where the server has disabled the webhook, and then begins with the event that could not be delivered.
         *     Other `events` count from the next event that is sent. After a change of `url` the next attempt is made at once.
         */
        patch: operations["updateWebhook"];
        trace?: never;
    };
    "/api/webhooks/{webhook_id}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the webhook.
                 * @example 5c1d9e2a7b40f836
                 */
                webhook_id: components["parameters"]["WebhookId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace the secret of a webhook
         * @description Makes a new secret; the answer carries it, this once. The former secret ends at once, or signs beside the new
         *     one for `overlap_seconds`, so that a receiver can change over. A secret that was still signing beside the former
         *     one ends.
         */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{webhook_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the webhook.
                 * @example 5c1d9e2a7b40f836
                 */
                webhook_id: components["parameters"]["WebhookId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test event
         * @description Sends an event of type `webhook.test`, now and once, whatever `events` the webhook has and also if it is
         *     disabled. The answer comes after the receiver's, or after 10 seconds, and says what came of it. While another
         *     test or redelivery of the webhook is under way, it is 400 `REJECTED`.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{webhook_id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the webhook.
                 * @example 5c1d9e2a7b40f836
                 */
                webhook_id: components["parameters"]["WebhookId"];
            };
            cookie?: never;
        };
        /**
         * List the deliveries of a webhook
         * @description What was sent, or is to be sent again; the newest first. The last 1000 are kept. What waits behind a delivery
         *     that is `pending` is not listed yet.
         */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the webhook.
                 * @example 5c1d9e2a7b40f836
                 */
                webhook_id: components["parameters"]["WebhookId"];
                /**
                 * @description Id of the delivery: the `webhook-id` it was sent with.
                 * @example msg_5c1d9e2a7b40f836_2_deal_created
                 */
                delivery_id: components["parameters"]["DeliveryId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a delivery again
         * @description Sends it now and once, with the same `webhook-id`, also if it was delivered or the webhook is disabled. Of a
         *     `pending` one this is the next attempt. The answer comes after the receiver's, or after 10 seconds, and says
         *     what came of it. While another test or redelivery of the webhook is under way, it is 400 `REJECTED`.
         */
        post: operations["redeliver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the accounts
         * @description All accounts of the server at the present quotes, in the order of their logins.
         */
        get: operations["listAccounts"];
        put?: never;
        /**
         * Open an account
         * @description Opens an account and books its initial balance as its first deal. The answer carries a first `full` key in
         *     `api_key`, this once; its `key_id` stands in `GET /api/keys?login=…`. An empty object opens an account
         *     with the defaults.
         */
        post: operations["createAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{login}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Login of the account.
                 * @example 10001
                 */
                login: components["parameters"]["Login"];
            };
            cookie?: never;
        };
        /**
         * Get any account
         * @description What the owner of the account sees with `GET /api/account`.
         */
        get: operations["getAccountByLogin"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{login}/balance": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Login of the account.
                 * @example 10001
                 */
                login: components["parameters"]["Login"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deposit or withdraw
         * @description Books a positive `amount` as a deposit, a negative one as a withdrawal. A withdrawal of more than the free
         *     margin is refused with `INSUFFICIENT_MARGIN`, an amount of 0, or one that rounds to 0, with `NO_CHANGES`.
         */
        post: operations["changeBalance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{login}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Login of the account.
                 * @example 10001
                 */
                login: components["parameters"]["Login"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset an account
         * @description Closes all positions, cancels all orders and brings the balance back to the initial one with a single balance
         *     deal. The history stays, tickets go on counting, and used `client_order_id`s stay used.
         */
        post: operations["resetAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/simulation/clock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the market's clock
         * @description How market time passes, and what time it is in the market.
         */
        get: operations["getClock"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the market's clock
         * @description Stops, starts or speeds up market time, or sets it. What is absent stays as it is.
         *
         *     Setting `now` jumps: orders whose time has come expire and swaps are charged, but no quotes are made on the way
         *     (`POST /api/simulation/clock/advance` makes them). Setting it back, or more than 366 days ahead, is refused with
         *     `INVALID_TIME`.
         */
        patch: operations["updateClock"];
        trace?: never;
    };
    "/api/simulation/clock/advance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let market time pass
         * @description Moves market time on by `seconds` or `to` a moment, at most seven days, with everything that happens on the way:
         *     the feed's quotes, stops and orders that trigger, expirations, swaps. The answer comes when it is done. A `to`
         *     that lies in the past or more than seven days ahead is refused with `INVALID_TIME`, more `seconds` than that
         *     with `INVALID_REQUEST`.
         */
        post: operations["advanceClock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/simulation/quotes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Push quotes into the market
         * @description Puts quotes into the market, one after the other; after each one everything that it triggers is done. In
         *     manual mode the clock moves to each quote's `time`. The feed goes on afterwards: its next quote takes the place of
         *     yours. In manual mode it makes quotes only when the clock is moved.
         *
         *     All or none: when one of them is refused, none is taken. Refused are an unknown symbol (`UNKNOWN_SYMBOL`), a bid
         *     above the ask (`INVALID_PRICE`), a time that goes backwards (`INVALID_TIME`), and a time at which the symbol is
         *     out of session (`MARKET_CLOSED`): there quotes stand still, whoever has them. The body may have 2 MiB.
         */
        post: operations["pushQuotes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/simulation/faults": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the faults
         * @description What goes wrong on purpose at present.
         */
        get: operations["getFaults"];
        /**
         * Set the faults
         * @description Replaces all faults. What is absent takes its default, so an empty object `{}` clears them all. Faults touch the
         *     operations of the Tradyn Terminal and Analysis, never API Keys, Accounts, Simulation and Service.
         *
         *     To have one request fail and no other, set a rate of 1, send it, and clear the faults before you send it again.
         */
        put: operations["setFaults"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the server alive?
         * @description Answers as long as the process does its work. If it does not answer, start the server again.
         */
        get: operations["getLiveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the server ready?
         * @description Answers 200 when requests can be served, and 503 while the server is starting, stopping, or cannot write
         *     its journal.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A trading account at the present quotes. Money is in the account's `currency`. */
        Account: {
            /** @description Number of the account. */
            login: number;
            /** @description Name given to the account. */
            name: string;
            /** @description Name of the trading server. */
            server: string;
            /** @description Currency of the account, ISO 4217. */
            currency: string;
            /** @description Decimal places of amounts in that currency. */
            currency_digits: number;
            /** @description Leverage: 100 stands for 1:100. */
            leverage: number;
            margin_mode: components["schemas"]["MarginMode"];
            /** @description Sum of all deals, in the account's currency. */
            balance: number;
            /** @description Credit granted by the broker, in the account's currency. */
            credit: number;
            /** @description Profit of the open positions without swap, in the account's currency. */
            profit: number;
            /** @description Balance, credit, and profit and swap of the open positions, in the account's currency. */
            equity: number;
            /** @description Margin in use, in the account's currency. */
            margin: number;
            /** @description Equity minus margin, in the account's currency. */
            margin_free: number;
            /** @description Equity / margin, in percent. Null when no margin is in use. */
            margin_level: number | null;
            /** @description Margin level below which the account is in margin call, in percent. */
            margin_call_level: number;
            /** @description Margin level below which the broker closes positions, in percent. */
            stop_out_level: number;
            /** @description Whether the account may trade. */
            trade_allowed: boolean;
            /**
             * Format: date-time
             * @description Market time of these figures.
             */
            time: string;
        };
        /**
         * @description `hedging`: each trade is a position of its own, also opposite ones on one symbol.
         * @enum {string}
         */
        MarginMode: "hedging";
        /** @description An account, in the envelope. */
        AccountResponse: {
            /** @description Always true. */
            success: boolean;
            data: components["schemas"]["Account"];
        };
        /**
         * @description Something that changed the balance, by `profit` + `swap` + `commission`. Of a deal of type `balance` or
         *     `correction`, the `profit` is the amount, and `order`, `position`, `symbol`, `entry`, `volume` and `price` are
         *     null.
         */
        Deal: {
            /** @description Number of the deal. */
            ticket: number;
            /** @description Ticket of the order that made the deal. */
            order: number | null;
            /** @description Ticket of the position that the deal opened or closed. */
            position: number | null;
            /** @description Name of the symbol. */
            symbol: string | null;
            type: components["schemas"]["DealType"];
            /** @description What the deal did to its position. Null for a balance deal. */
            entry: components["schemas"]["DealEntry"] | components["schemas"]["Nothing"];
            /** @description Volume, in lots. */
            volume: number | null;
            /** @description Price, in the symbol's profit currency. */
            price: number | null;
            /** @description Profit or amount, in the account's currency; negative for a loss or a withdrawal. */
            profit: number;
            /** @description Swap booked with the deal, in the account's currency; negative when paid. */
            swap: number;
            /** @description Commission booked with the deal, in the account's currency; negative when paid. */
            commission: number;
            reason: components["schemas"]["DealReason"];
            /**
             * Format: date-time
             * @description Market time of the deal.
             */
            time: string;
            /** @description Number of the strategy that asked for it; 0 for none. */
            magic: number;
            /** @description Comment of the request, or the broker's. */
            comment: string;
            /** @description Your own name for the request, if it had one. */
            client_order_id: string | null;
        };
        /**
         * @description `in`: opened a position. `out`: closed one, or part of it. `out_by`: the same, by an opposite position.
         * @enum {string}
         */
        DealEntry: "in" | "out" | "out_by";
        /**
         * @description `buy` and `sell`: a trade. `balance`: a deposit, a withdrawal, the initial balance or a reset. `correction`: the
         *     broker made up for a balance below zero.
         * @enum {string}
         */
        DealType: "buy" | "sell" | "balance" | "correction";
        /**
         * @description `client`: asked for through the API, also a deposit or a reset by an admin; `GET /api/explain/{ticket}` tells them
         *     apart. `sl`: stop loss. `tp`: take profit. `so`: stop-out.
         * @enum {string}
         */
        DealReason: "client" | "sl" | "tp" | "so";
        /**
         * @description `asc`, the default: oldest first. `desc`: newest first.
         * @default asc
         * @enum {string}
         */
        SortOrder: "asc" | "desc";
        /** @description A deal, in the envelope. */
        DealResponse: {
            /** @description Always true. */
            success: boolean;
            data: components["schemas"]["Deal"];
        };
        /** @description A page of deals, in the envelope. */
        DealPage: {
            /** @description Always true. */
            success: boolean;
            /** @description The deals. */
            data: components["schemas"]["Deal"][];
            /** @description The `cursor` of the next page; null on the last one. */
            next_cursor: string | null;
        };
        /** @description An open position at the present quote. Prices are in the symbol's profit currency, money in the account's currency. */
        Position: {
            /** @description Number of the position: the ticket of the order that opened it. */
            ticket: number;
            /** @description Name of the symbol. */
            symbol: string;
            type: components["schemas"]["Side"];
            /** @description Open volume, in lots. */
            volume: number;
            /** @description Price at which it was opened, in the symbol's profit currency. */
            price_open: number;
            /** @description Price at which it would be closed now (long: bid, short: ask), in the symbol's profit currency. */
            price_current: number;
            /** @description Stop loss, a price in the symbol's profit currency. Null for none. */
            sl: number | null;
            /** @description Take profit, a price in the symbol's profit currency. Null for none. */
            tp: number | null;
            /** @description Distance in points at which the stop loss follows the market. Null for none. */
            trailing_stop: number | null;
            /** @description Profit at `price_current` without swap, in the account's currency; negative for a loss. */
            profit: number;
            /** @description Swap gathered so far, in the account's currency; negative when paid. */
            swap: number;
            /** @description Commission booked when it was opened, of the volume still open; in the account's currency, negative when paid. */
            commission: number;
            /** @description Margin it would need alone, in the account's currency. */
            margin: number;
            /**
             * Format: date-time
             * @description Market time of the opening.
             */
            time_open: string;
            /**
             * Format: date-time
             * @description Market time of the last change of stops or volume, at first of the opening.
             */
            time_update: string;
            /** @description Number of the strategy that opened it; 0 for none. */
            magic: number;
            /** @description Comment of the request that opened it. */
            comment: string;
            /** @description Your own name for the request that opened it, if it had one. */
            client_order_id: string | null;
        };
        /**
         * @description `buy`: long, profits when the price rises. `sell`: short, profits when it falls.
         * @enum {string}
         */
        Side: "buy" | "sell";
        /** @description New stops. What is absent stays as it is. */
        ModifyPositionRequest: {
            /** @description Stop loss, a price in the symbol's profit currency. Null or 0 clears it. */
            sl?: number | null;
            /** @description Take profit, a price in the symbol's profit currency. Null or 0 clears it. */
            tp?: number | null;
            /** @description Distance in points at which the stop loss follows the market. Null or 0 ends it. */
            trailing_stop?: number | null;
        };
        /** @description A position that was closed, or part of it. Money is in the account's currency. */
        CloseResult: {
            /** @description Ticket of the position. */
            ticket: number;
            /** @description Ticket of the closing deal. */
            deal: number;
            /** @description Name of the symbol. */
            symbol: string;
            /** @description Volume that was closed, in lots. */
            volume: number;
            /** @description Price of the closing deal, in the symbol's profit currency. */
            price: number;
            /** @description Profit booked, in the account's currency; negative for a loss. */
            profit: number;
            /** @description Swap booked, in the account's currency; negative when paid. */
            swap: number;
            /** @description Commission of the closing deal, in the account's currency; negative when paid. */
            commission: number;
            /** @description Volume still open, in lots; 0 when the position is closed. */
            volume_remaining: number;
            /**
             * Format: date-time
             * @description Market time of the closing deal.
             */
            time: string;
        };
        /** @description A position, in the envelope. */
        PositionResponse: {
            /** @description Always true. */
            success: boolean;
            data: components["schemas"]["Position"];
        };
        /** @description Open positions, in the envelope. */
        PositionListResponse: {
            /** @description Always true. */
            success: boolean;
            /** @description The open positions. */
            data: components["schemas"]["Position"][];
        };
        /** @description What was closed, in the envelope. */
        CloseResponse: {
            /** @description Always true. */
            success: boolean;
            data: components["schemas"]["CloseResult"];
        };
        /** @description An order, pending or done. Prices are in the symbol's profit currency. */
        Order: {
            /** @description Number of the order. */
            ticket: number;
            /** @description Name of the symbol. */
            symbol: string;
            type: components["schemas"]["OrderType"];
            state: components["schemas"]["OrderState"];
            /** @description Volume, in lots. */
            volume: number;
            /** @description Limit or stop price, of a market order the price it was filled at; in the symbol's profit currency. */
            price: number;
            /** @description Of a stop-limit order, the price of the limit order that it becomes; in the symbol's profit currency. Null for other orders. */
            price_stop_limit: number | null;
            /** @description Stop loss of the position to be, a price in the symbol's profit currency. Null for none. */
            sl: number | null;
            /** @description Take profit of the position to be, a price in the symbol's profit currency. Null for none. */
            tp: number | null;
            /**
             * Format: date-time
             * @description Market time at which it expires. Null is good till cancelled.
             */
            expiration: string | null;
            /** @description Present price of the side it would fill at (buy: ask, sell: bid), also once it is done; in the symbol's profit currency. */
            price_current: number;
            /**
             * Format: date-time
             * @description Market time at which it was placed.
             */
            time_setup: string;
            /**
             * Format: date-time
             * @description Market time at which it was filled, cancelled, rejected or expired. Null while it waits.
             */
            time_done: string | null;
            /** @description Ticket of the position it opened or closed. Null unless filled. */
            position: number | null;
            /** @description Number of the strategy that placed it; 0 for none. */
            magic: number;
            /** @description Comment of the request that placed it. */
            comment: string;
            /** @description Your own name for the request that placed it, if it had one. */
            client_order_id: string | null;
        };
        /**
         * @description Kind of order, numbered as in MetaTrader 5: 0 buy and 1 sell at the market; 2 buy limit, 3 sell limit,
         *     4 buy stop, 5 sell stop; as an extension 6 buy stop-limit, 7 sell stop-limit.
         * @enum {integer}
         */
        OrderType: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;
        /**
         * @description `placed`: waits. `filled`: opened or closed a position. `canceled`: taken back by you or by a stop-out.
         *     `expired`: its time ran out. `rejected`: it triggered and could not be filled, mostly for want of margin. A
         *     stop-limit order whose stop was reached is `placed` until the limit order that it has become is done.
         * @enum {string}
         */
        OrderState: "placed" | "filled" | "canceled" | "expired" | "rejected";
        /** @description A pending order. */
        OrderRequest: {
            /** @description Name of the symbol, in its exact spelling. */
            symbol: string;
            type: components["schemas"]["OrderType"];
            /** @description Volume, in lots; a multiple of the symbol's `volume_step`. */
            volume: number;
            /** @description Limit or stop price, in the symbol's profit currency. */
            price: number;
            /** @description Of the types 6 and 7, the price of the limit order to be, in the symbol's profit currency. Null or absent for the others. */
            price_stop_limit?: number | null;
            /** @description Stop loss of the position to be, a price in the symbol's profit currency. Null or 0 for none. */
            sl?: number | null;
            /** @description Take profit of the position to be, a price in the symbol's profit currency. Null or 0 for none. */
            tp?: number | null;
            /**
             * Format: date-time
             * @description Market time at which it expires. Null or absent is good till cancelled.
             */
            expiration?: string | null;
            /**
             * @description A number for your strategy.
             * @default 0
             */
            magic?: number;
            /**
             * @description A comment, at most 31 characters.
             * @default
             */
            comment?: string;
            /** @description Your own name for this request, so that it is done once: printable ASCII without spaces. */
            client_order_id?: string;
        };
        /** @description Changes to a pending order. What is absent stays as it is. */
        ModifyOrderRequest: {
            /** @description Limit or stop price, in the symbol's profit currency. */
            price?: number;
            /** @description Of a stop-limit order, the price of the limit order to be, in the symbol's profit currency. */
            price_stop_limit?: number;
            /** @description Stop loss of the position to be, a price in the symbol's profit currency. Null or 0 clears it. */
            sl?: number | null;
            /** @description Take profit of the position to be, a price in the symbol's profit currency. Null or 0 clears it. */
            tp?: number | null;
            /**
             * Format: date-time
             * @description Market time at which it expires. Null makes it good till cancelled.
             */
            expiration?: string | null;
        };
        /** @description An order, in the envelope. */
        OrderResponse: {
            /** @description Always true. */
            success: boolean;
            data: components["schemas"]["Order"];
        };
        /** @description A page of orders, in the envelope. */
        OrderPage: {
            /** @description Always true. */
            success: boolean;
            /** @description The orders. */
            data: components["schemas"]["Order"][];
            /** @description The `cursor` of the next page; null on the last one. */
            next_cursor: string | null;
        };
        /** @description A market order. */
        TradeRequest: {
            /** @description Name of the symbol, in its exact spelling. */
            symbol: string;
            action: components["schemas"]["Side"];
            /** @description Volume, in lots; a multiple of the symbol's `volume_step`. */
            volume: number;
            /** @description Stop loss, a price in the symbol's profit currency. Null or 0 for none. */
            sl?: number | null;
            /** @description Take profit, a price in the symbol's profit currency. Null or 0 for none. */
            tp?: number | null;
            /** @description How many points worse than the quote at arrival the price may be. Absent, any price. */
            deviation?: number;
            /**
             * @description A number for your strategy.
             * @default 0
             */
            magic?: number;
            /**
             * @description A comment, at most 31 characters.
             * @default
             */
            comment?: string;
            /** @description Your own name for this request, so that it is done once: printable ASCII without spaces. */
            client_order_id?: string;
        };
        /** @description A market order that was filled, and the position it opened. */
        TradeResult: {
            /** @description Ticket of the position. */
            ticket: number;
            /** @description Ticket of the order, the same as the position's. */
            order: number;
            /** @description Ticket of the deal. */
            deal: number;
            /** @description Name of the symbol. */
            symbol: string;
            action: components["schemas"]["Side"];
            /** @description Volume that was filled, in lots. */
            volume: number;
            /** @description Price of the deal, in the symbol's profit currency. */
            price: number;
            /** @description Stop loss, a price in the symbol's profit currency. Null for none. */
            sl: number | null;
            /** @description Take profit, a price in the symbol's profit currency. Null for none. */
            tp: number | null;
            /** @description Commission booked, in the account's currency; negative when paid. */
            commission: number;
            /** @description Margin the position needs alone, in the account's currency. */
            margin: number;
            /**
             * Format: date-time
             * @description Market time of the deal.
             */
            time: string;
        };
        /** @description Which positions to close: by symbol, long (`buy`) or short (`sell`), by result. What is absent does not narrow the choice. */
        CloseAllRequest: {
            /** @description Only positions in this symbol. */
            symbol?: string;
            type?: components["schemas"]["Side"];
            result?: components["schemas"]["PositionResult"];
            /** @description Your own name for this request, so that it is done once: printable ASCII without spaces. */
            client_order_id?: string;
        };
        /**
         * @description `winning`: profit and swap together are above zero. `losing`: they are below zero. `all`: whatever they are.
         * @default all
         * @enum {string}
         */
        PositionResult: "all" | "winning" | "losing";
        /** @description What was closed, and what was not. */
        CloseAllResult: {
            /** @description The positions that were closed. */
            closed: components["schemas"]["CloseResult"][];
            /** @description The positions that could not be closed. */
            failed: components["schemas"]["CloseFailure"][];
        };
        /** @description A position that could not be closed, and why. */
        CloseFailure: {
            /** @description Ticket of the position. */
            ticket: number;
            code: components["schemas"]["ErrorCode"];
            /** @description The reason, a sentence for people. */
            error: string;
        };
        /** @description A filled market order, in the envelope. */
        TradeResponse: {
            /** @description Always true. */
            success: boolean;
            data: components["schemas"]["TradeResult"];
        };
        /** @description What was closed and what was not, in the envelope. */
        CloseAllResponse: {
            /** @description Always true. */
            success: boolean;
            data: components["schemas"]["CloseAllResult"];
        };
        /** @description What can be traded under this name, and on what terms. */
        Symbol: {
            /** @description Name of the symbol. */
            symbol: string;
            /** @description What it is. */
            description: string;
            /** @description Currency that is bought and sold, ISO 4217. */
            currency_base: string;
            /** @description Currency of prices and profit, ISO 4217. */
            currency_profit: string;
            /** @description Currency in which margin is calculated, ISO 4217. */
            currency_margin: string;
            /** @description Decimal places of a price. */
            digits: number;
            /** @description Smallest price step, in the profit currency. */
            point: number;
            /** @description Units in one lot, of the base currency or of the underlying. */
            contract_size: number;
            /** @description Smallest volume of an order, in lots. */
            volume_min: number;
            /** @description Largest volume of an order, in lots. */
            volume_max: number;
            /** @description Step between volumes, in lots. */
            volume_step: number;
            /** @description Largest total of positions and orders in one direction, in lots; 0 for no limit. */
            volume_limit: number;
            /** @description Least distance of stops and pending orders from the market, in points. */
            stops_level: number;
            /** @description Distance from the market within which nothing may be changed, in points. */
            freeze_level: number;
            /** @description Typical spread, in points. */
            spread: number;
            calc_mode: components["schemas"]["CalcMode"];
            trade_mode: components["schemas"]["TradeMode"];
            swap_mode: components["schemas"]["SwapMode"];
            /** @description Swap of a long position of one lot a night, in what `swap_mode` says (points, money or percent); negative when paid. */
            swap_long: number;
            /** @description Swap of a short position of one lot a night, in what `swap_mode` says (points, money or percent); negative when paid. */
            swap_short: number;
            swap_rollover3days: components["schemas"]["DayOfWeek"];
            /** @description Futures: margin of one lot, in the margin currency. Others: takes the place of `contract_size` in the margin unless 0. */
            margin_initial: number;
            /** @description Takes the place of `contract_size` in the margin of volume that is both long and short. */
            margin_hedged: number;
            /** @description Factor of the margin of long positions. */
            margin_rate_buy: number;
            /** @description Factor of the margin of short positions. */
            margin_rate_sell: number;
            /** @description When it is traded, in UTC. A day may have several sessions or none. */
            sessions: components["schemas"]["Session"][];
            /** @description Days (UTC) that do not follow their weekday's sessions: `12-25` every year, `2026-04-03` once. They have no session, or the one that is named: `2026-12-24 00:00-18:00`. The swap of a day without a session is charged on the trading day before. */
            holidays: string[];
            swap_multipliers: components["schemas"]["SwapMultipliers"];
            commission_mode: components["schemas"]["CommissionMode"];
            /** @description Commission of each deal, in what `commission_mode` says: money for each lot, or percent. */
            commission: number;
            /** @description Currency of a commission in money, ISO 4217. Null for the account's. */
            commission_currency: string | null;
            /** @description What may be done with it. */
            order_kinds: components["schemas"]["OrderKind"][];
            /** @description Which expirations its pending orders may have. */
            expiration_modes: components["schemas"]["ExpirationMode"][];
        };
        /**
         * @description How margin is calculated. `forex`: lots × contract size / leverage. `forex_no_leverage`: lots × contract size.
         *     `cfd`: lots × contract size × price. `cfd_leverage`: the same / leverage. `futures`: lots × `margin_initial`.
         * @enum {string}
         */
        CalcMode: "forex" | "forex_no_leverage" | "cfd" | "cfd_leverage" | "futures";
        /**
         * @description What may be done. `disabled`: nothing. `long_only`: no short positions. `short_only`: no long positions.
         *     `close_only`: nothing new. `full`: everything.
         * @enum {string}
         */
        TradeMode: "disabled" | "long_only" | "short_only" | "close_only" | "full";
        /**
         * @description What `swap_long` and `swap_short` are. `disabled`: there is no swap. `points`: points of price.
         *     `currency_symbol`, `currency_margin`, `currency_deposit`, `currency_profit`: money for each lot, in the base,
         *     margin, account's or profit currency. `interest_current`, `interest_open`: percent a year (of 360 days) of the
         *     position's value, at the current price or at the one it was opened at.
         * @enum {string}
         */
        SwapMode: "disabled" | "points" | "currency_symbol" | "currency_margin" | "currency_deposit" | "currency_profit" | "interest_current" | "interest_open";
        /**
         * @description For how many nights swap is charged at the end (00:00 UTC) of each day of the week. A holiday charges nothing,
         *     and what is named for it here is added to the trading day before.
         */
        SwapMultipliers: {
            /** @description Nights that the end of Sunday charges for. */
            sunday: number;
            /** @description Nights that the end of Monday charges for. */
            monday: number;
            /** @description Nights that the end of Tuesday charges for. */
            tuesday: number;
            /** @description Nights that the end of Wednesday charges for. */
            wednesday: number;
            /** @description Nights that the end of Thursday charges for. */
            thursday: number;
            /** @description Nights that the end of Friday charges for. */
            friday: number;
            /** @description Nights that the end of Saturday charges for. */
            saturday: number;
        };
        /**
         * @description How `commission` is charged, on each deal that opens or closes, but not on a close-by. `disabled`: not at all.
         *     `money`: for each lot, in `commission_currency`. `percent`: of the deal's value (lots × contract size × price).
         * @enum {string}
         */
        CommissionMode: "disabled" | "money" | "percent";
        /**
         * @description A thing that may be done with a symbol: market orders, pending orders of a kind, a stop loss, a take profit,
         *     closing a position by its opposite.
         * @enum {string}
         */
        OrderKind: "market" | "limit" | "stop" | "stop_limit" | "sl" | "tp" | "close_by";
        /**
         * @description `gtc`: good till cancelled. `specified`: until a time.
         * @enum {string}
         */
        ExpirationMode: "gtc" | "specified";
        /**
         * @description Day of the week. As `swap_rollover3days`, the day at whose end swap is charged for three nights, unless
         *     `swap_multipliers` says otherwise, which is what counts.
         * @enum {string}
         */
        DayOfWeek: "sunday" | "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday";
        /** @description A time of a day in which the symbol is traded. */
        Session: {
            day: components["schemas"]["DayOfWeek"];
            /** @description Beginning, `HH:MM` in UTC. */
            open: string;
            /** @description End, `HH:MM` in UTC, not included; `24:00` is midnight. */
            close: string;
        };
        /** @description The last prices of a symbol, in its profit currency. */
        Quote: {
            /** @description Name of the symbol. */
            symbol: string;
            /** @description Price at which you sell, in the symbol's profit currency. */
            bid: number;
            /** @description Price at which you buy, in the symbol's profit currency. */
            ask: number;
            /** @description Ask minus bid, in points. */
            spread: number;
            /**
             * Format: date-time
             * @description Market time of the quote.
             */
            time: string;
        };
        /**
         * @description Length of a candle: minutes (M), hours (H), a day from 00:00 UTC (D1), a week (W1), a calendar month (MN1).
         * @default H1
         * @enum {string}
         */
        Timeframe: "M1" | "M5" | "M15" | "M30" | "H1" | "H4" | "D1" | "W1" | "MN1";
        /** @description The bid prices of a period, in the symbol's profit currency. */
        Candle: {
            /**
             * Format: date-time
             * @description Market time at which the candle opens.
             */
            time: string;
            /** @description First bid, in the symbol's profit currency. */
            open: number;
            /** @description Highest bid, in the symbol's profit currency. */
            high: number;
            /** @description Lowest bid, in the symbol's profit currency. */
            low: number;
            /** @description Last bid, in the symbol's profit currency. */
            close: number;
            /** @description Number of quotes. */
            tick_volume: number;
            /** @description Spread of the last quote, in points. */
            spread: number;
        };
        /** @description A symbol, in the envelope. */
        SymbolResponse: {
            /** @description Always true. */
            success: boolean;
            data: components["schemas"]["Symbol"];
        };
        /** @description Symbols, in the envelope. */
        SymbolListResponse: {
            /** @description Always true. */
            success: boolean;
            /** @description The symbols. */
            data: components["schemas"]["Symbol"][];
        };
        /** @description A quote, in the envelope. */
        QuoteResponse: {
            /** @description Always true. */
            success: boolean;
            data: components["schemas"]["Quote"];
        };
        /** @description Candles, in the envelope. */
        CandleListResponse: {
            /** @description Always true. */
            success: boolean;
            /** @description The candles, oldest first. */
            data: components["schemas"]["Candle"][];
        };
        /** @description Which position to close by. */
        CloseByRequest: {
            /** @description Ticket of the opposite position. */
            opposite: number;
            /** @description Your own name for this request, so that it is done once: printable ASCII without spaces. */
            client_order_id?: string;
        };
        /** @description Two positions that were closed against each other. */
        CloseByResult: {
            /** @description The closing deals: of the position with the whole profit, then of the opposite one. */
            deals: components["schemas"]["Deal"][];
            /** @description What remains of the larger position. Null when both were of the same volume. */
            position: components["schemas"]["Position"] | components["schemas"]["Nothing"];
        };
        /**
         * @description Null, where there is no object.
         * @enum {string|null}
         */
        Nothing: null;
        /** @description A close-by, in the envelope. */
        CloseByResponse: {
            /** @description Always true. */
            success: boolean;
            data: components["schemas"]["CloseByResult"];
        };
        /** @description The body of a trade or of an order. */
        PreviewRequest: components["schemas"]["TradeRequest"] | components["schemas"]["OrderRequest"];
        /** @description What would come of a trade or an order now. When it is refused before price or margin are known, these are null. */
        Preview: {
            /** @description Whether it would be accepted. */
            accepted: boolean;
            /** @description Price it would be filled at, of an order its own price; in the symbol's profit currency. */
            price: number | null;
            /** @description Margin the position would need alone, in the account's currency. */
            margin: number | null;
            /** @description Free margin that would be left once spread and commission are paid, of a pending order if it were filled at its price; in the account's currency. */
            margin_free_after: number | null;
            /** @description The `code` of the refusal, one of ErrorCode. Null when accepted. */
            code: string | null;
            /** @description The refusal, a sentence for people. Null when accepted. */
            error: string | null;
            /** @description MetaTrader 5's return code of the refusal. Null when accepted or when it has none. */
            retcode: number | null;
        };
        /** @description A preview, in the envelope. */
        PreviewResponse: {
            /** @description Always true. */
            success: boolean;
            data: components["schemas"]["Preview"];
        };
        /**
         * @description The statistics of a period. Money is in the account's currency; losses and costs are negative. Percentages
         *     have two decimal places, ratios four.
         */
        Statistics: {
            /** @description Balance before the first deal of the period. */
            balance_begin: number;
            /** @description Balance after its last deal. */
            balance_end: number;
            /** @description Sum of the deposits. */
            deposits: number;
            /** @description Sum of the withdrawals, negative. */
            withdrawals: number;
            /** @description Sum of the corrections, by which the broker made up for a balance below zero. */
            corrections: number;
            /** @description `gross_profit` + `gross_loss`: what trading did to the balance. */
            net_profit: number;
            /** @description Sum of all deals with a positive result. */
            gross_profit: number;
            /** @description Sum of all deals with a negative result, negative. */
            gross_loss: number;
            /** @description Swap in the net profit. */
            swap: number;
            /** @description Commission in the net profit; negative when paid. */
            commission: number;
            /** @description `gross_profit` / −`gross_loss`. Null without a loss. */
            profit_factor: number | null;
            /** @description `net_profit` / `total_trades`. Null without a trade. */
            expected_payoff: number | null;
            /** @description `net_profit` / `balance_drawdown_maximal`. Null without a drawdown. */
            recovery_factor: number | null;
            /** @description Mean / standard deviation (of a sample) of the trades' returns on the balance before each. Null for fewer than two trades, or if all returns are equal. */
            sharpe_ratio: number | null;
            /** @description Whether wins and losses come in series: (N·(R − ½) − P) / √(P·(P − N) / (N − 1)) of N trades in R series, P = 2 · `profit_trades` · `loss_trades`. Negative: a win tends to follow a win. Null where the root is 0. */
            z_score: number | null;
            /** @description How likely the series are no chance, in percent: the part of the normal distribution within ±`z_score`. */
            z_probability: number | null;
            /** @description How far trading took the balance below its beginning. */
            balance_drawdown_absolute: number;
            /** @description Largest fall from a peak of the balance to a later low. */
            balance_drawdown_maximal: number;
            /** @description The same fall in percent of its peak. */
            balance_drawdown_maximal_percent: number;
            /** @description Largest fall from a peak in percent of the peak. */
            balance_drawdown_relative: number;
            /** @description The same fall in money. */
            balance_drawdown_relative_amount: number;
            /** @description Deals that closed a position or a part of one. */
            total_trades: number;
            /** @description Deals that opened or closed. */
            total_deals: number;
            /** @description Trades that closed a long position. */
            long_trades: number;
            /** @description Those of them without a loss. */
            long_trades_won: number;
            /** @description The same in percent of the long trades. Null without one. */
            long_trades_won_percent: number | null;
            /** @description Trades that closed a short position. */
            short_trades: number;
            /** @description Those of them without a loss. */
            short_trades_won: number;
            /** @description The same in percent of the short trades. Null without one. */
            short_trades_won_percent: number | null;
            /** @description Trades with a result of zero or more. */
            profit_trades: number;
            /** @description The same in percent of all trades. Null without a trade. */
            profit_trades_percent: number | null;
            /** @description Trades with a result below zero. */
            loss_trades: number;
            /** @description The same in percent of all trades. Null without a trade. */
            loss_trades_percent: number | null;
            /** @description Largest profit of a trade; 0 for none. */
            largest_profit_trade: number;
            /** @description Largest loss of a trade, negative; 0 for none. */
            largest_loss_trade: number;
            /** @description Mean of the profit trades. Null without one. */
            average_profit_trade: number | null;
            /** @description Mean of the loss trades, negative. Null without one. */
            average_loss_trade: number | null;
            /** @description Trades in the longest series of profits. */
            max_consecutive_wins: number;
            /** @description What that series made. */
            max_consecutive_wins_amount: number;
            /** @description Trades in the longest series of losses. */
            max_consecutive_losses: number;
            /** @description What that series lost, negative. */
            max_consecutive_losses_amount: number;
            /** @description Largest sum of a series of profits. */
            max_consecutive_profit: number;
            /** @description Trades in that series. */
            max_consecutive_profit_trades: number;
            /** @description Largest sum of a series of losses, negative. */
            max_consecutive_loss: number;
            /** @description Trades in that series. */
            max_consecutive_loss_trades: number;
            /** @description Mean length of the series of profits, rounded. */
            average_consecutive_wins: number;
            /** @description Mean length of the series of losses, rounded. */
            average_consecutive_losses: number;
        };
        /** @description Statistics, in the envelope. */
        StatisticsResponse: {
            /** @description Always true. */
            success: boolean;
            data: components["schemas"]["Statistics"];
        };
        /** @description The account at a moment. Money is in the account's currency. */
        EquityPoint: {
            /**
             * Format: date-time
             * @description Market time of the point.
             */
            time: string;
            /** @description Balance, the sum of the deals done by then. */
            balance: number;
            /** @description Balance, credit, and profit and swap of the positions open then. */
            equity: number;
            /** @description Profit of the positions open then, without swap. */
            profit: number;
        };
        /** @description An equity curve, in the envelope. */
        EquityCurveResponse: {
            /** @description Always true. */
            success: boolean;
            /** @description The points, oldest first. */
            data: components["schemas"]["EquityPoint"][];
        };
        /** @description The story of an order, a position or a deal. */
        Explanation: {
            /** @description Ticket that was asked for. */
            ticket: number;
            subject: components["schemas"]["ExplanationSubject"];
            state: components["schemas"]["ExplanationState"];
            /** @description Ticket of the order that the story begins with. Null of a balance deal. */
            order: number | null;
            /** @description Ticket of the position it became. Null if it became none. */
            position: number | null;
            /** @description Name of the symbol. Null of a balance deal. */
            symbol: string | null;
            /** @description The story in a sentence, for people. */
            summary: string;
            /** @description What happened, in order. */
            steps: components["schemas"]["ExplanationStep"][];
            /** @description Changes of prices and stops that are left out of the middle of a story of more than 1,000 steps. */
            steps_omitted: number;
            /** @description How it stands at the present quote. Empty once it is over. */
            now: components["schemas"]["ExplanationStep"][];
        };
        /**
         * @description What the ticket names. An order that opened a position shares its ticket with it, and is called `position`.
         * @enum {string}
         */
        ExplanationSubject: "order" | "position" | "deal";
        /**
         * @description How the story stands. `placed`, `canceled`, `expired`, `rejected`: the order, which became no position. `open`,
         *     `closed`: the position. `booked`: a balance deal.
         * @enum {string}
         */
        ExplanationState: "placed" | "canceled" | "expired" | "rejected" | "open" | "closed" | "booked";
        /** @description One thing that happened, or how things stand now. What does not apply is null. */
        ExplanationStep: {
            /**
             * Format: date-time
             * @description Market time of the step.
             */
            time: string;
            event: components["schemas"]["ExplanationEvent"];
            rule: components["schemas"]["ExplanationRule"];
            /**
             * @description At what price the deal was done; null without one. `side_of_quote`: at the bid or ask of the tick, moved by
             *     `slippage`. `gap`: the same, and the tick lies beyond the stop that it reached. `own_price`: at the price of
             *     the limit order or take profit, whatever the tick. `better_price`: at the tick, better than the limit.
             *     `opposite_price`: at the opening price of the opposite position.
             */
            fill: string | null;
            /** @description What happened and why, for people; may change its wording. */
            text: string;
            /** @description Ticket of the order. */
            order: number | null;
            /** @description Ticket of the deal. */
            deal: number | null;
            /** @description Ticket of the opposite position, of a close-by. */
            opposite: number | null;
            /** @description Whether the ticket asked for is the order or the deal of this step. */
            is_asked: boolean;
            /** @description Bid of the quote that decided it, in the profit currency. */
            bid: number | null;
            /** @description Ask of the quote that decided it, in the profit currency. */
            ask: number | null;
            /**
             * Format: date-time
             * @description Market time of that quote. Null where none decided.
             */
            quote_time: string | null;
            /** @description Which price of the quote counted: `bid` or `ask`. Null where neither did. */
            side: string | null;
            /** @description Price of the deal, or the one that swap or profit is calculated at; in the profit currency. */
            price: number | null;
            /** @description Points by which `price` is worse for the client than the `side` of the quote; negative if it is better. */
            slippage: number | null;
            /** @description Points by which `price` is worse for the client than the price of the order, the `sl` or the `tp` that was reached; negative if it is better. Null where none was. */
            gap: number | null;
            /** @description Volume of the order or the deal, in lots. */
            volume: number | null;
            /** @description Volume left open, in lots. */
            volume_remaining: number | null;
            /** @description Profit booked by the deal, in the account's currency. */
            profit: number | null;
            /** @description Swap booked by the deal, or of the end of a day, in the account's currency; negative when paid. */
            swap: number | null;
            /** @description Commission booked by the deal, in the account's currency. */
            commission: number | null;
            /** @description What was compared, so that the rule fired; `now`, what it waits for. */
            conditions: components["schemas"]["ExplanationCondition"][];
            /** @description The amounts, and how they come about. */
            calculations: components["schemas"]["Calculation"][];
            /** @description What else there is to know, sentences for people. */
            notes: string[];
        };
        /**
         * @description What happened. `order_triggered`: the stop of a stop-limit order was reached, and it became a limit order.
         *     `position_reduced`: a part was closed. `order_now`, `position_now`: nothing did, that is how it stands.
         * @enum {string}
         */
        ExplanationEvent: "order_placed" | "order_modified" | "order_triggered" | "order_canceled" | "order_expired" | "order_rejected" | "position_opened" | "position_modified" | "position_reduced" | "position_closed" | "swap_charged" | "balance_changed" | "order_now" | "position_now";
        /**
         * @description The rule that fired.
         *
         *     | Rule | Fires when |
         *     |---|---|
         *     | `client_request` | the client placed, changed, deleted or closed it |
         *     | `market_order` | at once: a buy at the ask, a sell at the bid |
         *     | `buy_limit`, `sell_limit` | ask ≤ price, bid ≥ price |
         *     | `buy_stop`, `sell_stop` | ask ≥ price, bid ≤ price |
         *     | `buy_stop_limit`, `sell_stop_limit` | ask ≥ stop, bid ≤ stop: it becomes a limit order |
         *     | `stop_loss` | long: bid ≤ sl; short: ask ≥ sl; before the take profit of the same tick |
         *     | `take_profit` | long: bid ≥ tp; short: ask ≤ tp |
         *     | `trailing_stop` | the price moved further into profit than the distance of the stop |
         *     | `stop_out` | equity < margin × stop-out level: pending orders first, then the largest loss |
         *     | `close_by` | the client closed it by an opposite position |
         *     | `expiration` | its time came |
         *     | `insufficient_margin` | it was reached, and there was no margin for it |
         *     | `not_executable` | it was reached, and could not be filled for another reason |
         *     | `reset` | the account was reset |
         *     | `rollover` | a trading day ended |
         *     | `deposit`, `withdrawal`, `negative_balance_compensation` | money came or went |
         *     | `waiting` | nothing did yet |
         * @enum {string}
         */
        ExplanationRule: "client_request" | "market_order" | "buy_limit" | "sell_limit" | "buy_stop" | "sell_stop" | "buy_stop_limit" | "sell_stop_limit" | "stop_loss" | "take_profit" | "trailing_stop" | "stop_out" | "close_by" | "expiration" | "insufficient_margin" | "not_executable" | "reset" | "rollover" | "deposit" | "withdrawal" | "negative_balance_compensation" | "waiting";
        /**
         * @description Which price counted. `deal`: that of the deal itself, where its own pair converts.
         * @enum {string}
         */
        PriceSide: "bid" | "ask" | "deal";
        /**
         * @description How two values are compared: ≤, ≥ or <.
         * @enum {string}
         */
        Relation: "at_or_below" | "at_or_above" | "below";
        /** @description Two values that were compared. */
        ExplanationCondition: {
            /** @description What was compared: `bid`, `ask` or `margin_level`. */
            name: string;
            /** @description Its value. */
            value: number;
            relation: components["schemas"]["Relation"];
            /** @description What it was compared with: `price`, `stop`, `sl`, `tp` … */
            limit_name: string;
            /** @description Its value. */
            limit: number;
            /** @description Whether it is so. */
            holds: boolean;
        };
        /** @description An amount as it was recorded, and how it comes about. */
        Calculation: {
            name: components["schemas"]["CalculationName"];
            /** @description The formula with names. Null where today's specification leads elsewhere. */
            formula: string | null;
            /** @description The formula with numbers; it evaluates to exactly `result`. Null when `formula` is. */
            expression: string | null;
            /** @description The names of the formula. */
            inputs: components["schemas"]["CalculationInput"][];
            /** @description What was recorded, in `currency`; of a `conversion` the rounded rate. */
            result: number;
            /** @description Currency of the result, ISO 4217; `%` of a `margin_level`. */
            currency: string;
            /** @description The pairs of the conversion to the account's currency, in order. Empty where there is none. */
            path: components["schemas"]["ConversionLeg"][];
        };
        /**
         * @description What is calculated. Of a deal that closes, `swap` adds the charges that the story has (`swap_1`, `swap_2` …) and
         *     takes off what earlier deals booked of them (`booked_1` …). `margin_level`: the one that led to a stop-out.
         * @enum {string}
         */
        CalculationName: "margin" | "profit" | "commission" | "swap" | "margin_level" | "conversion";
        /** @description A name of a formula, and its value. */
        CalculationInput: {
            /** @description Name in the formula. */
            name: string;
            /** @description Its value, as an expression: `1.08750`, or of a rate `1 / 150.419`. */
            value: string;
        };
        /** @description A pair that an amount was converted through. */
        ConversionLeg: {
            /** @description Name of the pair. */
            symbol: string;
            side: components["schemas"]["PriceSide"];
            /** @description Whether the amount was divided by the price. */
            inverse: boolean;
            /** @description Price that was taken, in the pair's profit currency. */
            price: number;
            /** @description The factor as an expression: the price, or 1 / the price. */
            rate: string;
        };
        /** @description An explanation, in the envelope. */
        ExplanationResponse: {
            /** @description Always true. */
            success: boolean;
            data: components["schemas"]["Explanation"];
        };
        /** @description An API key, without its secret. Times are wall time. */
        ApiKey: {
            /** @description Id of the key. */
            key_id: string;
            /** @description Account it belongs to. Null for an admin key. */
            login: number | null;
            /** @description What it is for, in your words. */
            label: string;
            scope: components["schemas"]["KeyScope"];
            /** @description How the key begins, to recognise it by. */
            prefix: string;
            /**
             * Format: date-time
             * @description Wall time at which it was made.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description Wall time from which it is refused, also the end of an overlap. Null for never.
             */
            expires_at: string | null;
            /**
             * Format: date-time
             * @description Wall time of its last use. Null before the first.
             */
            last_used_at: string | null;
            /**
             * Format: date-time
             * @description Wall time at which it was revoked. Null unless it was.
             */
            revoked_at: string | null;
        };
        /** @description An API key with its secret, as shown once. Times are wall time. */
        IssuedApiKey: {
            /** @description Id of the key. */
            key_id: string;
            /** @description Account it belongs to. Null for an admin key. */
            login: number | null;
            /** @description What it is for, in your words. */
            label: string;
            scope: components["schemas"]["KeyScope"];
            /** @description How the key begins, to recognise it by. */
            prefix: string;
            /**
             * Format: date-time
             * @description Wall time at which it was made.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description Wall time from which it is refused, also the end of an overlap. Null for never.
             */
            expires_at: string | null;
            /**
             * Format: date-time
             * @description Wall time of its last use. Null before the first.
             */
            last_used_at: string | null;
            /**
             * Format: date-time
             * @description Wall time at which it was revoked. Null unless it was.
             */
            revoked_at: string | null;
            /** @description The key itself. Keep it; it is not shown again. */
            api_key: string;
        };
        /**
         * @description `read`: account and market data. `trade`: trading and market data. `full`: both, and the account's own keys.
         *     `admin`: the server, and nothing of an account.
         * @enum {string}
         */
        KeyScope: "read" | "trade" | "full" | "admin";
        /** @description A key to be made. */
        CreateKeyRequest: {
            scope: components["schemas"]["KeyScope"];
            /**
             * @description What it is for, in your words; at most 64 characters.
             * @default
             */
            label?: string;
            /**
             * Format: date-time
             * @description Wall time from which it is refused. Null or absent for never.
             */
            expires_at?: string | null;
            /** @description Account it shall belong to; only an admin key may name one. Null or absent: the caller's own, or none for scope `admin`. */
            login?: number | null;
        };
        /** @description How to change over. */
        RotateKeyRequest: {
            /**
             * @description How long the old key still works, in seconds of wall time: at most seven days, and never beyond its `expires_at`.
             * @default 0
             */
            overlap_seconds?: number;
        };
        /** @description A key, in the envelope. */
        ApiKeyResponse: {
            /** @description Always true. */
            success: boolean;
            data: components["schemas"]["ApiKey"];
        };
        /** @description A new key with its secret, in the envelope. */
        IssuedApiKeyResponse: {
            /** @description Always true. */
            success: boolean;
            data: components["schemas"]["IssuedApiKey"];
        };
        /** @description Keys, in the envelope. */
        ApiKeyListResponse: {
            /** @description Always true. */
            success: boolean;
            /** @description The keys. */
            data: components["schemas"]["ApiKey"][];
        };
        /** @description A webhook, without its secret. Times are wall time. */
        Webhook: {
            /** @description Id of the webhook. */
            webhook_id: string;
            /** @description Account it belongs to. */
            login: number;
            /** @description Where events are sent. */
            url: string;
            /** @description What is sent. */
            events: components["schemas"]["WebhookEventType"][];
            /** @description What it is for, in your words. */
            description: string;
            /** @description Whether events are sent. */
            enabled: boolean;
            /**
             * Format: date-time
             * @description Wall time at which it was made.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description Wall time at which it was disabled. Null unless it is.
             */
            disabled_at: string | null;
            /** @description Why it is disabled, a sentence for people. Null unless it is. */
            disabled_reason: string | null;
            /**
             * Format: date-time
             * @description Wall time until which the former secret signs too. Null unless it does.
             */
            former_secret_until: string | null;
        };
        /** @description A webhook with its secret, as shown once. Times are wall time. */
        IssuedWebhook: {
            /** @description Id of the webhook. */
            webhook_id: string;
            /** @description Account it belongs to. */
            login: number;
            /** @description Where events are sent. */
            url: string;
            /** @description What is sent. */
            events: components["schemas"]["WebhookEventType"][];
            /** @description What it is for, in your words. */
            description: string;
            /** @description Whether events are sent. */
            enabled: boolean;
            /**
             * Format: date-time
             * @description Wall time at which it was made.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description Wall time at which it was disabled. Null unless it is.
             */
            disabled_at: string | null;
            /** @description Why it is disabled, a sentence for people. Null unless it is. */
            disabled_reason: string | null;
            /**
             * Format: date-time
             * @description Wall time until which the former secret signs too. Null unless it does.
             */
            former_secret_until: string | null;
            /** @description Signs what is sent. Keep it; it is not shown again. */
            secret: string;
        };
        /**
         * @description `order.…`: what became of an order; `order.filled` also of a market order. `position.…`: how a position has
         *     changed; `position.swap`: swap was charged or paid. `deal.created`: something was booked. `notification.…`: what
         *     a person would want to hear of, of which nothing was asked for just then. `webhook.test`: sent by `POST …/test`
         *     alone, to any webhook; to ask for it changes nothing.
         *
         *     One transaction can be several events. Then they come in the order of order, deal, position and notification.
         * @enum {string}
         */
        WebhookEventType: "order.placed" | "order.modified" | "order.triggered" | "order.filled" | "order.canceled" | "order.expired" | "order.rejected" | "position.opened" | "position.modified" | "position.reduced" | "position.closed" | "position.swap" | "deal.created" | "notification.order_filled" | "notification.order_expired" | "notification.order_rejected" | "notification.stop_loss" | "notification.take_profit" | "notification.stop_out" | "webhook.test";
        /** @description A webhook to be made. */
        CreateWebhookRequest: {
            /** @description Where events are sent: an `https` URL without a user name or a fragment, in ASCII. */
            url: string;
            /** @description What is sent. */
            events: components["schemas"]["WebhookEventType"][];
            /**
             * @description What it is for, in your words; at most 64 characters.
             * @default
             */
            description?: string;
        };
        /** @description What shall be different; what is absent stays. */
        UpdateWebhookRequest: {
            /** @description Where events are sent: an `https` URL without a user name or a fragment, in ASCII. */
            url?: string;
            /** @description What is sent. */
            events?: components["schemas"]["WebhookEventType"][];
            /** @description What it is for, in your words; at most 64 characters. */
            description?: string;
            /** @description Whether events are sent. */
            enabled?: boolean;
        };
        /** @description How to change over. */
        RotateSecretRequest: {
            /**
             * @description How long the former secret signs too, in seconds of wall time; at most seven days.
             * @default 0
             */
            overlap_seconds?: number;
        };
        /** @description An event on its way to a webhook. Times are wall time. */
        WebhookDelivery: {
            /** @description Id of the delivery, and the `webhook-id` of each of its attempts. */
            delivery_id: string;
            /** @description Id of the webhook. */
            webhook_id: string;
            type: components["schemas"]["WebhookEventType"];
            /** @description Number of the account's transaction that it tells of. Null of a test. */
            version: number | null;
            state: components["schemas"]["WebhookDeliveryState"];
            /** @description How often it was sent. */
            attempts: number;
            /**
             * Format: date-time
             * @description Wall time of its first attempt.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description Wall time of its last attempt.
             */
            last_attempt_at: string;
            /** @description HTTP status of the last answer. Null where there was none. */
            last_status: number | null;
            /** @description What was wrong with the last attempt, a sentence for people. Null of one that was taken. */
            last_error: string | null;
            /**
             * Format: date-time
             * @description Wall time at which it is sent again. Null unless it is `pending`.
             */
            next_attempt_at: string | null;
        };
        /**
         * @description `pending`: it is sent again. `delivered`: the last attempt was taken. `failed`: the last attempt was not, and no
         *     other follows by itself.
         * @enum {string}
         */
        WebhookDeliveryState: "pending" | "delivered" | "failed";
        /** @description A webhook, in the envelope. */
        WebhookResponse: {
            /** @description Always true. */
            success: boolean;
            data: components["schemas"]["Webhook"];
        };
        /** @description A webhook with its secret, in the envelope. */
        IssuedWebhookResponse: {
            /** @description Always true. */
            success: boolean;
            data: components["schemas"]["IssuedWebhook"];
        };
        /** @description Webhooks, in the envelope. */
        WebhookListResponse: {
            /** @description Always true. */
            success: boolean;
            /** @description The webhooks. */
            data: components["schemas"]["Webhook"][];
        };
        /** @description A delivery, in the envelope. */
        WebhookDeliveryResponse: {
            /** @description Always true. */
            success: boolean;
            data: components["schemas"]["WebhookDelivery"];
        };
        /** @description A page of deliveries, in the envelope. */
        WebhookDeliveryPage: {
            /** @description Always true. */
            success: boolean;
            /** @description The deliveries, the newest first. */
            data: components["schemas"]["WebhookDelivery"][];
            /** @description The `cursor` of the next page; null on the last one. */
            next_cursor: string | null;
        };
        /** @description Id of a message. */
        WebhookMessageId: string;
        /** @description Seconds since 1970. */
        WebhookTimestamp: string;
        /**
         * @description Of each secret `v1,` and the base64 of the HMAC-SHA256 of webhook-id, webhook-timestamp and body, with a dot
         *     between them.
         */
        WebhookSignature: string;
        /** @description What is sent to a webhook. */
        WebhookEvent: components["schemas"]["WebhookOrderEvent"] | components["schemas"]["WebhookDealEvent"] | components["schemas"]["WebhookPositionEvent"] | components["schemas"]["WebhookNotificationEvent"] | components["schemas"]["WebhookTestEvent"];
        /** @description An order was placed or has changed. */
        WebhookOrderEvent: {
            type: components["schemas"]["WebhookOrderEventType"];
            /**
             * Format: date-time
             * @description Market time at which it happened.
             */
            timestamp: string;
            data: components["schemas"]["WebhookOrderData"];
        };
        /**
         * @description What became of an order.
         * @enum {string}
         */
        WebhookOrderEventType: "order.placed" | "order.modified" | "order.triggered" | "order.filled" | "order.canceled" | "order.expired" | "order.rejected";
        /** @description The order, as it stood after it. */
        WebhookOrderData: {
            /** @description Account in which it happened. */
            login: number;
            /** @description Number of the account's transaction that this tells of. */
            version: number;
            order: components["schemas"]["Order"];
        };
        /** @description A deal was done. */
        WebhookDealEvent: {
            type: components["schemas"]["WebhookDealEventType"];
            /**
             * Format: date-time
             * @description Market time at which it happened.
             */
            timestamp: string;
            data: components["schemas"]["WebhookDealData"];
        };
        /**
         * @description Something was booked.
         * @enum {string}
         */
        WebhookDealEventType: "deal.created";
        /** @description The deal. */
        WebhookDealData: {
            /** @description Account in which it happened. */
            login: number;
            /** @description Number of the account's transaction that this tells of. */
            version: number;
            deal: components["schemas"]["Deal"];
        };
        /** @description A position has changed. */
        WebhookPositionEvent: {
            type: components["schemas"]["WebhookPositionEventType"];
            /**
             * Format: date-time
             * @description Market time at which it happened.
             */
            timestamp: string;
            data: components["schemas"]["WebhookPositionData"];
        };
        /**
         * @description How a position has changed.
         * @enum {string}
         */
        WebhookPositionEventType: "position.opened" | "position.modified" | "position.reduced" | "position.closed" | "position.swap";
        /** @description How the position has changed. */
        WebhookPositionData: {
            /** @description Account in which it happened. */
            login: number;
            /** @description Number of the account's transaction that this tells of. */
            version: number;
            position: components["schemas"]["PositionChange"];
        };
        /** @description Something that a person would want to hear of. */
        WebhookNotificationEvent: {
            type: components["schemas"]["WebhookNotificationEventType"];
            /**
             * Format: date-time
             * @description Market time at which it happened.
             */
            timestamp: string;
            data: components["schemas"]["WebhookNotificationData"];
        };
        /**
         * @description What a person would want to hear of.
         * @enum {string}
         */
        WebhookNotificationEventType: "notification.order_filled" | "notification.order_expired" | "notification.order_rejected" | "notification.stop_loss" | "notification.take_profit" | "notification.stop_out";
        /** @description What a person would want to hear of. */
        WebhookNotificationData: {
            /** @description Account in which it happened. */
            login: number;
            /** @description Number of the account's transaction that this tells of. */
            version: number;
            notification: components["schemas"]["Notification"];
        };
        /** @description A trial: nothing has happened. */
        WebhookTestEvent: {
            type: components["schemas"]["WebhookTestEventType"];
            /**
             * Format: date-time
             * @description Wall time at which it was first sent.
             */
            timestamp: string;
            data: components["schemas"]["WebhookTestData"];
        };
        /**
         * @description Nothing has happened.
         * @enum {string}
         */
        WebhookTestEventType: "webhook.test";
        /** @description Where the trial comes from. */
        WebhookTestData: {
            /** @description Account that the webhook belongs to. */
            login: number;
            /** @description Id of the webhook. */
            webhook_id: string;
        };
        /** @description An account to be opened. */
        CreateAccountRequest: {
            currency?: components["schemas"]["AccountCurrency"];
            /**
             * @description Leverage: 100 stands for 1:100.
             * @default 100
             */
            leverage?: number;
            /**
             * @description Initial balance, in the account's currency.
             * @default 10000
             */
            balance?: number;
            /**
             * @description Margin level below which the account is in margin call, in percent.
             * @default 100
             */
            margin_call_level?: number;
            /**
             * @description Margin level below which the broker closes positions, in percent.
             * @default 50
             */
            stop_out_level?: number;
            /**
             * @description A name, at most 64 characters.
             * @default Demo
             */
            name?: string;
        };
        /**
         * @description Currency of an account, ISO 4217.
         * @default USD
         * @enum {string}
         */
        AccountCurrency: "USD" | "EUR" | "GBP" | "JPY" | "CHF" | "AUD" | "CAD" | "NZD";
        /** @description A new account and its first key. */
        CreatedAccount: {
            /** @description Number of the account. */
            login: number;
            /** @description A key of scope `full`. Keep it; it is not shown again. */
            api_key: string;
            account: components["schemas"]["Account"];
        };
        /** @description A deposit or a withdrawal. */
        BalanceRequest: {
            /** @description Amount in the account's currency: positive to deposit, negative to withdraw, not 0. */
            amount: number;
            /**
             * @description A comment, at most 31 characters.
             * @default
             */
            comment?: string;
            /** @description Your own name for this request, so that it is done once: printable ASCII without spaces. */
            client_order_id?: string;
        };
        /** @description A new account, in the envelope. */
        CreatedAccountResponse: {
            /** @description Always true. */
            success: boolean;
            data: components["schemas"]["CreatedAccount"];
        };
        /** @description A page of accounts, in the envelope. */
        AccountPage: {
            /** @description Always true. */
            success: boolean;
            /** @description The accounts. */
            data: components["schemas"]["Account"][];
            /** @description The `cursor` of the next page; null on the last one. */
            next_cursor: string | null;
        };
        /** @description The market's clock. */
        Clock: {
            mode: components["schemas"]["ClockMode"];
            /** @description Seconds of market time in a second of wall time, in mode `accelerated`. */
            speed: number;
            /**
             * Format: date-time
             * @description Market time.
             */
            now: string;
        };
        /**
         * @description `realtime`: as fast as the wall clock. `accelerated`: `speed` times as fast. `manual`: it stands still, and
         *     moves only when it is advanced, set, or quotes are pushed.
         * @enum {string}
         */
        ClockMode: "realtime" | "accelerated" | "manual";
        /** @description Changes to the clock. What is absent stays as it is. */
        ClockUpdate: {
            mode?: components["schemas"]["ClockMode"];
            /** @description Seconds of market time in a second of wall time, in mode `accelerated`. */
            speed?: number;
            /**
             * Format: date-time
             * @description Market time to set; not earlier than it is.
             */
            now?: string;
        };
        /** @description How far market time shall move on: either `seconds` or `to`. */
        AdvanceRequest: {
            /** @description By how much, in seconds of market time; at most seven days. */
            seconds?: number;
            /**
             * Format: date-time
             * @description To which market time; not earlier than it is, and at most seven days on.
             */
            to?: string;
        };
        /** @description Quotes to be taken in this order. */
        PushQuotesRequest: {
            /** @description The quotes. */
            quotes: components["schemas"]["PushedQuote"][];
        };
        /** @description New prices of a symbol, in its profit currency. */
        PushedQuote: {
            /** @description Name of the symbol, in its exact spelling. */
            symbol: string;
            /** @description Bid, in the symbol's profit currency. */
            bid: number;
            /** @description Ask, in the symbol's profit currency; not below the bid. */
            ask: number;
            /**
             * Format: date-time
             * @description Market time of the quote; not earlier than the one before it. Absent, the market's present time.
             */
            time?: string;
        };
        /** @description What became of pushed quotes. */
        PushedQuotes: {
            /** @description How many quotes were taken. */
            accepted: number;
            /**
             * Format: date-time
             * @description Market time afterwards.
             */
            time: string;
        };
        /** @description What goes wrong on purpose. */
        Faults: {
            /**
             * @description Whether the trading server is connected. If not, requests are answered 503.
             * @default true
             */
            connected: boolean;
            /**
             * @description How long a request to trade is on its way, in milliseconds of market time; it is done at the quote of its arrival. While the clock is manual, the request waits until the clock is moved.
             * @default 0
             */
            latency_ms: number;
            /**
             * @description Share of well-formed requests to trade, close, place, change or cancel that are refused with 400 `REJECTED`, 0 to 1; a preview is not.
             * @default 0
             */
            reject_rate: number;
            /**
             * @description Share of requests that are answered 500, before anything is done; 0 to 1.
             * @default 0
             */
            error_rate: number;
            /**
             * @description Share of well-formed requests, also reading and refused ones, that are done and then not answered: the connection is closed; 0 to 1. At 1 a repetition is lost, too.
             * @default 0
             */
            lost_reply_rate: number;
            /**
             * @description How far market and stop fills move against the client at most, in points.
             * @default 0
             */
            slippage_points: number;
            /**
             * @description Times in which the trading server is not connected.
             * @default []
             */
            disconnects: components["schemas"]["Disconnect"][];
            /**
             * @description Seed of all this chance: the same seed and requests give the same faults. Whenever faults are set, it begins anew.
             * @default 0
             */
            seed: number;
        };
        /** @description What shall go wrong on purpose. What is absent takes its default. */
        FaultsRequest: {
            /**
             * @description Whether the trading server is connected. If not, requests are answered 503.
             * @default true
             */
            connected?: boolean;
            /**
             * @description How long a request to trade is on its way, in milliseconds of market time; it is done at the quote of its arrival. While the clock is manual, the request waits until the clock is moved.
             * @default 0
             */
            latency_ms?: number;
            /**
             * @description Share of well-formed requests to trade, close, place, change or cancel that are refused with 400 `REJECTED`, 0 to 1; a preview is not.
             * @default 0
             */
            reject_rate?: number;
            /**
             * @description Share of requests that are answered 500, before anything is done; 0 to 1.
             * @default 0
             */
            error_rate?: number;
            /**
             * @description Share of well-formed requests, also reading and refused ones, that are done and then not answered: the connection is closed; 0 to 1. At 1 a repetition is lost, too.
             * @default 0
             */
            lost_reply_rate?: number;
            /**
             * @description How far market and stop fills move against the client at most, in points.
             * @default 0
             */
            slippage_points?: number;
            /**
             * @description Times in which the trading server is not connected.
             * @default []
             */
            disconnects?: components["schemas"]["Disconnect"][];
            /**
             * @description Seed of all this chance: the same seed and requests give the same faults. Whenever faults are set, it begins anew.
             * @default 0
             */
            seed?: number;
        };
        /** @description A time in which the trading server is not connected. */
        Disconnect: {
            /**
             * Format: date-time
             * @description Market time at which the connection breaks.
             */
            from: string;
            /**
             * Format: date-time
             * @description Market time at which it is back; later than `from`.
             */
            to: string;
        };
        /** @description The market's clock, in the envelope. */
        ClockResponse: {
            /** @description Always true. */
            success: boolean;
            data: components["schemas"]["Clock"];
        };
        /** @description What became of pushed quotes, in the envelope. */
        PushQuotesResponse: {
            /** @description Always true. */
            success: boolean;
            data: components["schemas"]["PushedQuotes"];
        };
        /** @description The faults, in the envelope. */
        FaultsResponse: {
            /** @description Always true. */
            success: boolean;
            data: components["schemas"]["Faults"];
        };
        /** @description State of the server. */
        Health: {
            status: components["schemas"]["HealthStatus"];
            /** @description Version of the server, not of this API. */
            version: string;
        };
        /**
         * @description `ok`; otherwise the answer is an error.
         * @enum {string}
         */
        HealthStatus: "ok";
        /** @description State of the server, in the envelope. */
        HealthResponse: {
            /** @description Always true. */
            success: boolean;
            data: components["schemas"]["Health"];
        };
        /** @description The API key, as the first message of a socket that was opened without one. */
        StreamAuth: {
            /**
             * @description `auth`.
             * @enum {string}
             */
            op: "auth";
            /** @description Your own name for this request; its answer repeats it. Printable ASCII without spaces. */
            id?: string;
            /** @description The API key. */
            key: string;
        };
        /**
         * @description `ticks`: quotes. `candles`: the candle that is forming, and each that has closed. `account`: balance, equity
         *     and margin. `positions`, `orders`, `deals`: every change, numbered. `notifications`: what a person would want
         *     to hear of.
         * @enum {string}
         */
        StreamChannel: "ticks" | "candles" | "account" | "positions" | "orders" | "deals" | "notifications";
        /** @description Begin to hear of something, or widen what is heard. */
        StreamSubscribe: {
            /**
             * @description `subscribe`.
             * @enum {string}
             */
            op: "subscribe";
            /** @description Your own name for this request; its answer repeats it. Printable ASCII without spaces. */
            id?: string;
            channel: components["schemas"]["StreamChannel"];
            /** @description Of `ticks` and `candles`: the symbols, in their exact spelling. Absent, all (ticks only). */
            symbols?: string[];
            timeframe?: components["schemas"]["Timeframe"];
            /** @description Of `positions`, `orders`, `deals` and `notifications`: the last version you have seen. All later ones are sent. Absent, a snapshot and what comes from now on. */
            after?: number;
        };
        /** @description Hear no more of something. */
        StreamUnsubscribe: {
            /**
             * @description `unsubscribe`.
             * @enum {string}
             */
            op: "unsubscribe";
            /** @description Your own name for this request; its answer repeats it. Printable ASCII without spaces. */
            id?: string;
            channel: components["schemas"]["StreamChannel"];
            /** @description Of `ticks` and `candles`: the symbols. Absent, all. */
            symbols?: string[];
            timeframe?: components["schemas"]["Timeframe"];
        };
        /** @description Ask for a `pong`. */
        StreamPing: {
            /**
             * @description `ping`.
             * @enum {string}
             */
            op: "ping";
            /** @description Your own name for this request; its answer repeats it. Printable ASCII without spaces. */
            id?: string;
        };
        /** @description The key opens the stream. */
        WelcomeEvent: {
            /**
             * @description `welcome`.
             * @enum {string}
             */
            event: "welcome";
            /** @description The id of the request, if it had one. */
            id: string | null;
            /**
             * Format: date-time
             * @description Market time.
             */
            time: string;
            /** @description Version of the server. */
            server_version: string;
            /** @description The server pings so often, in seconds. */
            heartbeat_seconds: number;
        };
        /** @description A subscription that was asked for. */
        SubscribedEvent: {
            /**
             * @description `subscribed`.
             * @enum {string}
             */
            event: "subscribed";
            /** @description The id of the request, if it had one. */
            id: string | null;
            channel: components["schemas"]["StreamChannel"];
            /** @description Of an account's channel: later transactions than this follow. Null for ticks, candles and account. */
            version: number | null;
        };
        /** @description A subscription that has ended. */
        UnsubscribedEvent: {
            /**
             * @description `unsubscribed`.
             * @enum {string}
             */
            event: "unsubscribed";
            /** @description The id of the request, if it had one. */
            id: string | null;
            channel: components["schemas"]["StreamChannel"];
        };
        /** @description The server is there. */
        PongEvent: {
            /**
             * @description `pong`.
             * @enum {string}
             */
            event: "pong";
            /** @description The id of the request, if it had one. */
            id: string | null;
            /**
             * Format: date-time
             * @description Market time.
             */
            time: string;
        };
        /** @description A request that was not carried out; the fields are those of an error over HTTP. */
        ErrorEvent: {
            /**
             * @description `error`.
             * @enum {string}
             */
            event: "error";
            /** @description The id of the request, if it had one. */
            id: string | null;
            code: components["schemas"]["ErrorCode"];
            /** @description The reason, a sentence for people. */
            error: string;
            /** @description MetaTrader 5's return code. Null when it has none for this. */
            retcode: number | null;
        };
        /** @description The server closes the socket, and why. */
        ClosingEvent: {
            /**
             * @description `closing`.
             * @enum {string}
             */
            event: "closing";
            code: components["schemas"]["ErrorCode"];
            /** @description The reason, a sentence for people. */
            error: string;
        };
        /** @description A quote. */
        TickEvent: {
            /**
             * @description `tick`.
             * @enum {string}
             */
            event: "tick";
            data: components["schemas"]["Quote"];
        };
        /** @description A candle that is forming, or has closed. */
        CandleEvent: {
            /**
             * @description `candle`.
             * @enum {string}
             */
            event: "candle";
            /** @description Name of the symbol. */
            symbol: string;
            timeframe: components["schemas"]["Timeframe"];
            /** @description Whether it will not change any more. */
            is_closed: boolean;
            data: components["schemas"]["Candle"];
        };
        /** @description The account at the present quotes. */
        AccountEvent: {
            /**
             * @description `account`.
             * @enum {string}
             */
            event: "account";
            data: components["schemas"]["Account"];
        };
        /** @description Snapshot: the open positions. */
        PositionsEvent: {
            /**
             * @description `positions`.
             * @enum {string}
             */
            event: "positions";
            /** @description Number of the last of the account's transactions that is in it. */
            version: number;
            /** @description The positions, in the order of their tickets. */
            data: components["schemas"]["Position"][];
        };
        /** @description A position has changed. */
        PositionEvent: {
            /**
             * @description `position`.
             * @enum {string}
             */
            event: "position";
            /** @description Number of the account's transaction that this tells of. */
            version: number;
            data: components["schemas"]["PositionChange"];
        };
        /** @description Snapshot: the orders that wait. */
        OrdersEvent: {
            /**
             * @description `orders`.
             * @enum {string}
             */
            event: "orders";
            /** @description Number of the last of the account's transactions that is in it. */
            version: number;
            /** @description The orders, in the order of their tickets. */
            data: components["schemas"]["Order"][];
        };
        /** @description An order was placed or has changed; market orders come as filled. */
        OrderEvent: {
            /**
             * @description `order`.
             * @enum {string}
             */
            event: "order";
            /** @description Number of the account's transaction that this tells of. */
            version: number;
            data: components["schemas"]["Order"];
        };
        /** @description Snapshot: the last deals. */
        DealsEvent: {
            /**
             * @description `deals`.
             * @enum {string}
             */
            event: "deals";
            /** @description Number of the last of the account's transactions that is in it. */
            version: number;
            /** @description The last 100 deals, in the order in which they happened. */
            data: components["schemas"]["Deal"][];
        };
        /** @description A deal was done. */
        DealEvent: {
            /**
             * @description `deal`.
             * @enum {string}
             */
            event: "deal";
            /** @description Number of the account's transaction that this tells of. */
            version: number;
            data: components["schemas"]["Deal"];
        };
        /** @description Something that a person would want to hear of. */
        NotificationEvent: {
            /**
             * @description `notification`.
             * @enum {string}
             */
            event: "notification";
            /** @description Number of the account's transaction that this tells of. Null where it is none. */
            version: number | null;
            data: components["schemas"]["Notification"];
        };
        /**
         * @description How a position has changed. `volume` is what is open now. `sl`, `tp` and `trailing_stop` are told of `opened`
         *     and `modified`, and null otherwise; `price`, `deal` and `profit` of what a deal did.
         */
        PositionChange: {
            /** @description Ticket of the position. */
            ticket: number;
            /** @description Name of the symbol. */
            symbol: string;
            /** @description `buy`: long. `sell`: short. Null of `swap`. */
            type: string | null;
            change: components["schemas"]["PositionChangeKind"];
            /** @description Volume that is open now, in lots; 0 of a closed position. */
            volume: number;
            /** @description Price at which it was opened, in the symbol's profit currency. Null of `swap`. */
            price_open: number | null;
            /** @description Stop loss, a price in the symbol's profit currency. */
            sl: number | null;
            /** @description Take profit, a price in the symbol's profit currency. */
            tp: number | null;
            /** @description Distance in points at which the stop loss follows. */
            trailing_stop: number | null;
            /** @description Price of the deal, in the symbol's profit currency. */
            price: number | null;
            /** @description Ticket of the deal. */
            deal: number | null;
            /** @description Profit that was booked, in the account's currency; 0 unless a part was closed. */
            profit: number;
            /** @description Swap that was booked or charged, in the account's currency; negative when paid. */
            swap: number;
            /**
             * Format: date-time
             * @description Market time of the change.
             */
            time: string;
        };
        /**
         * @description `opened`: by a deal. `modified`: its stops have moved. `reduced`: a part was closed. `closed`: all of it.
         *     `swap`: swap was charged or paid.
         * @enum {string}
         */
        PositionChangeKind: "opened" | "modified" | "reduced" | "closed" | "swap";
        /** @description Something that a person would want to hear of. */
        Notification: {
            kind: components["schemas"]["NotificationKind"];
            /** @description A sentence for people; its wording may change. */
            text: string;
            /** @description Ticket of the order or position it is about. */
            ticket: number | null;
            /**
             * Format: date-time
             * @description Market time; of `key_expiring` and `webhook_disabled` wall time.
             */
            time: string;
        };
        /**
         * @description `order_filled`, `order_expired`, `order_rejected`: what became of a pending order. `stop_loss`, `take_profit`:
         *     a position was closed by it. `margin_call`: the margin level has fallen below the account's
         *     `margin_call_level`. `stop_out`: a position was closed or an order deleted for want of margin.
         *     `connection_lost`, `connection_restored`: to the trading server. `key_expiring`: the key of this socket
         *     expires within a day. `webhook_disabled`: a webhook of the account has taken nothing for a day, or answered 410,
         *     and is sent nothing more.
         * @enum {string}
         */
        NotificationKind: "order_filled" | "order_expired" | "order_rejected" | "stop_loss" | "take_profit" | "margin_call" | "stop_out" | "connection_lost" | "connection_restored" | "key_expiring" | "webhook_disabled";
        /** @description The body of every answer that is not 200. */
        Error: {
            /** @description Always false. */
            success: boolean;
            /** @description What was wrong, a sentence for people. Its wording may change. */
            error: string;
            code: components["schemas"]["ErrorCode"];
            /** @description MetaTrader 5's return code. Null when it has none for this. */
            retcode: number | null;
            /** @description Id of the request; also in the header `X-Request-Id`. */
            request_id: string;
            /** @description Of a malformed request, each problem. Absent otherwise. */
            details?: components["schemas"]["ErrorDetail"][];
        };
        /** @description One thing that is wrong with the shape of a request. */
        ErrorDetail: {
            /** @description Where: `body.volume`, `query.limit`, `path.ticket` … */
            at: string;
            /** @description What is wrong, and what would be right. */
            problem: string;
        };
        /**
         * @description What was wrong, for programs. More codes may be added as the rules need them.
         *
         *     | Code | Status | Retcode | Meaning |
         *     |---|---|---|---|
         *     | `INVALID_REQUEST` | 400 | 10013 | the request is malformed, or asks for the impossible |
         *     | `UNAUTHORIZED` | 401 | | no API key, or not in the form `Bearer <key>` |
         *     | `INVALID_API_KEY` | 403 | | the key is unknown, expired or revoked |
         *     | `INSUFFICIENT_SCOPE` | 403 | | the key's scope does not allow it |
         *     | `NOT_FOUND` | 404 | | what the path names does not exist |
         *     | `METHOD_NOT_ALLOWED` | 405 | | the path exists, but not with this method |
         *     | `RATE_LIMITED` | 429 | 10024 | too many requests with this key, or more than the server can serve |
         *     | `INTERNAL_ERROR` | 500 | 10011 | the server failed |
         *     | `NOT_CONNECTED` | 503 | 10031 | not connected to the trading server |
         *     | `CLIENT_ORDER_ID_REUSED` | 400 | | this `client_order_id` belongs to another request |
         *     | `UNKNOWN_SYMBOL` | 400 | | there is no such symbol |
         *     | `UNKNOWN_ACCOUNT` | 400 | | there is no account with this `login`, or it is missing or superfluous |
         *     | `INVALID_CURSOR` | 400 | | the cursor did not come from this list, with this `order` or `state` |
         *     | `INVALID_TIME` | 400 | | a market time that is past, too far ahead, or ends before it begins |
         *     | `INVALID_URL` | 400 | | not a URL that the server would send to |
         *     | `LIMIT_WEBHOOKS` | 400 | | too many webhooks |
         *     | `REQUOTE` | 400 | 10004 | the price moved by more than `deviation` |
         *     | `REJECTED` | 400 | 10006 | rejected by a fault that was asked for; or a key that is dead or was rotated already |
         *     | `INVALID_VOLUME` | 400 | 10014 | too small, too large, or not a multiple of the step |
         *     | `INVALID_PRICE` | 400 | 10015 | on the wrong side, or too near; `price_stop_limit` missing or superfluous |
         *     | `INVALID_STOPS` | 400 | 10016 | stop loss or take profit on the wrong side, or too near |
         *     | `TRADE_DISABLED` | 400 | 10017 | account or symbol may not be traded |
         *     | `MARKET_CLOSED` | 400 | 10018 | the symbol is out of session |
         *     | `INSUFFICIENT_MARGIN` | 400 | 10019 | there is not enough free margin |
         *     | `NO_QUOTES` | 400 | 10021 | there is no quote, or only an old one |
         *     | `INVALID_EXPIRATION` | 400 | 10022 | the expiration is not in the future, or not of a kind that is allowed |
         *     | `NO_CHANGES` | 400 | 10025 | everything already is as asked |
         *     | `FROZEN` | 400 | 10029 | the market is within the freeze level |
         *     | `LIMIT_ORDERS` | 400 | 10033 | too many pending orders |
         *     | `LIMIT_VOLUME` | 400 | 10034 | too much volume in one direction of the symbol |
         *     | `INVALID_ORDER` | 400 | 10035 | not a kind of order for this, or it no longer waits |
         *     | `POSITION_CLOSED` | 400 | 10036 | the position is closed already |
         *     | `INVALID_CLOSE_VOLUME` | 400 | 10038 | more than is open, or not a multiple of the step |
         *     | `LONG_ONLY` | 400 | 10042 | only long positions are allowed |
         *     | `SHORT_ONLY` | 400 | 10043 | only short positions are allowed |
         *     | `CLOSE_ONLY` | 400 | 10044 | only closing is allowed |
         * @enum {string}
         */
        ErrorCode: "INVALID_REQUEST" | "UNAUTHORIZED" | "INVALID_API_KEY" | "INSUFFICIENT_SCOPE" | "NOT_FOUND" | "METHOD_NOT_ALLOWED" | "RATE_LIMITED" | "INTERNAL_ERROR" | "NOT_CONNECTED" | "CLIENT_ORDER_ID_REUSED" | "UNKNOWN_SYMBOL" | "UNKNOWN_ACCOUNT" | "INVALID_CURSOR" | "INVALID_TIME" | "INVALID_URL" | "LIMIT_WEBHOOKS" | "REQUOTE" | "REJECTED" | "INVALID_VOLUME" | "INVALID_PRICE" | "INVALID_STOPS" | "TRADE_DISABLED" | "MARKET_CLOSED" | "INSUFFICIENT_MARGIN" | "NO_QUOTES" | "INVALID_EXPIRATION" | "NO_CHANGES" | "FROZEN" | "LIMIT_ORDERS" | "LIMIT_VOLUME" | "INVALID_ORDER" | "POSITION_CLOSED" | "INVALID_CLOSE_VOLUME" | "LONG_ONLY" | "SHORT_ONLY" | "CLOSE_ONLY";
    };
    responses: {
        /**
         * @description A parameter is missing or invalid: `INVALID_REQUEST`, with each problem and its place in `details`. Or the
         *     request is well-formed and is refused: then `code` says why. Nothing was done.
         */
        BadRequest: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /**
         * @description A parameter is missing or invalid: `INVALID_REQUEST`, with each problem and its place in `details`. Or it names
         *     something unknown; `code` says which.
         */
        BadQuery: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /**
         * @description The request is malformed: `INVALID_REQUEST`, with each problem and its place in `details`. Or the broker refuses
         *     it: then `code` says why. Nothing was done.
         */
        TradeRefused: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /**
         * @description The request is malformed: `INVALID_REQUEST`, with each problem and its place in `details`. Or the broker refuses
         *     it: then `code` says why. Nothing was done.
         */
        OrderRefused: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /**
         * @description The request is malformed: `INVALID_REQUEST`, with each problem and its place in `details`. Or the server would
         *     not send there, or has enough of them: then `code` says so. Nothing was done.
         */
        WebhookRefused: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /**
         * @description The request is malformed: `INVALID_REQUEST`, with each problem and its place in `details`. Or the broker refuses
         *     it: then `code` says why. Nothing was done.
         */
        PositionRefused: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /**
         * @description The request is malformed: `INVALID_REQUEST`, with each problem and its place in `details`. Or it is refused as a
         *     whole: then `code` says why. Nothing was done. A position that alone cannot be closed is in an answer of 200.
         */
        CloseAllRefused: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /**
         * @description The request is malformed: `INVALID_REQUEST`, with each problem and its place in `details`. Or there can be no
         *     such key: then `code` says why. Nothing was done.
         */
        KeyRefused: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /**
         * @description The request is malformed: `INVALID_REQUEST`, with each problem and its place in `details`. Or the key cannot be
         *     rotated any more: `REJECTED`. Nothing was done.
         */
        RotationRefused: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /**
         * @description The request is malformed: `INVALID_REQUEST`, with each problem and its place in `details`. Or the broker refuses
         *     it: then `code` says why. Nothing was done.
         */
        BalanceRefused: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /**
         * @description The request is malformed: `INVALID_REQUEST`, with each problem and its place in `details`. Or it asks for a time
         *     that cannot be: `INVALID_TIME`. Nothing was done.
         */
        TimeRefused: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /**
         * @description The request is malformed: `INVALID_REQUEST`, with each problem and its place in `details`. Or one of the quotes
         *     is refused: then `code` says why. None was taken.
         */
        QuotesRefused: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description There is no `Authorization` header, there are two, or it is not of the form `Bearer <key>`. */
        Unauthorized: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The key is unknown, expired or revoked (`INVALID_API_KEY`), or its scope is too small (`INSUFFICIENT_SCOPE`). */
        Forbidden: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description What the path names does not exist, or belongs to another account. */
        NotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Too many requests: with this key, or from everybody together. Nothing was done: wait `Retry-After` seconds, then send the same request again. */
        TooManyRequests: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /**
         * @description The server failed. To be sure that a trade is done, and done once, send the same request again with the same
         *     `client_order_id`.
         */
        InternalError: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /**
         * @description Not connected to the trading server: a fault that was asked for, a server that starts or stops, or one that
         *     cannot write its journal. Send the same request again later, with the same `client_order_id`.
         */
        NotConnected: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The server is starting or stopping, or cannot write its journal. Ask again later. */
        NotReady: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
    };
    parameters: {
        /**
         * @description Ticket of the position.
         * @example 2
         */
        PositionTicket: number;
        /**
         * @description Ticket of the order.
         * @example 4
         */
        OrderTicket: number;
        /**
         * @description Ticket of an order, a position or a deal.
         * @example 12
         */
        AnyTicket: number;
        /**
         * @description Name of the symbol, in its exact spelling.
         * @example EURUSD
         */
        SymbolPath: string;
        /**
         * @description Id of the key (not the key itself).
         * @example 3f9a1c0b7d2e4856
         */
        KeyId: string;
        /**
         * @description Id of the webhook.
         * @example 5c1d9e2a7b40f836
         */
        WebhookId: string;
        /**
         * @description Id of the delivery: the `webhook-id` it was sent with.
         * @example msg_5c1d9e2a7b40f836_2_deal_created
         */
        DeliveryId: string;
        /**
         * @description Login of the account.
         * @example 10001
         */
        Login: number;
        /**
         * @description Only what belongs to this symbol. An unknown one is answered 400 `UNKNOWN_SYMBOL`.
         * @example EURUSD
         */
        SymbolFilter: string;
        /**
         * @description The state to list: the orders that still wait, unless you say otherwise.
         * @example placed
         */
        OrderStateFilter: string & components["schemas"]["OrderState"];
        /**
         * @description Only the keys of this account. A full key may name only its own; another is 403 `INSUFFICIENT_SCOPE`.
         * @example 10001
         */
        KeyLogin: number;
        /**
         * @description Most entries in a page.
         * @example 100
         */
        Limit: number;
        /**
         * @description The `next_cursor` of the page before; the other parameters stay as they were. Absent, the first page.
         * @example ZGVhbHMgYXNjOjM
         */
        HistoryCursor: string;
        /**
         * @description The `next_cursor` of the page before; the other parameters stay as they were. Absent, the first page.
         * @example b3JkZXJzIHBsYWNlZDo0
         */
        OrdersCursor: string;
        /**
         * @description The `next_cursor` of the page before; the other parameters stay as they were. Absent, the first page.
         * @example YWNjb3VudHM6MTAwMDE
         */
        AccountsCursor: string;
        /**
         * @description The `next_cursor` of the page before; the other parameters stay as they were. Absent, the first page.
         * @example ZGVsaXZlcmllcyA1YzFkOWUyYTdiNDBmODM2OjE
         */
        DeliveriesCursor: string;
        /**
         * @description Only deals at or after this market time. Absent, from the beginning.
         * @example 2026-03-02T00:00:00Z
         */
        HistoryFrom: string;
        /**
         * @description Only deals before this market time. Absent, up to now.
         * @example 2026-03-03T00:00:00Z
         */
        HistoryTo: string;
        /**
         * @description `asc`, the default: oldest first. `desc`: newest first.
         * @example asc
         */
        HistoryOrder: components["schemas"]["SortOrder"];
        /**
         * @description How much to close, in lots. Absent, all of it.
         * @example 0.05
         */
        CloseVolume: number;
        /**
         * @description How many points worse than the quote at arrival the price may be. Absent, any price.
         * @example 20
         */
        CloseDeviation: number;
        /**
         * @description Your own name for this request, so that it is done once: printable ASCII without spaces.
         * @example half-of-2
         */
        ClientOrderId: string;
        /**
         * @description Length of a candle.
         * @example H1
         */
        Timeframe: components["schemas"]["Timeframe"];
        /**
         * @description Most candles in the answer.
         * @example 2
         */
        CandleCount: number;
        /**
         * @description Only candles that open at or after this market time.
         * @example 2026-03-02T08:00:00Z
         */
        CandlesFrom: string;
        /**
         * @description Only candles that open before this market time. Absent, up to now.
         * @example 2026-03-02T10:00:00Z
         */
        CandlesTo: string;
        /**
         * @description Market time of the first point. Absent or earlier, when the account was opened.
         * @example 2026-03-02T09:00:00Z
         */
        EquityFrom: string;
        /**
         * @description Market time of the last point. Absent or in the future, now.
         * @example 2026-03-02T10:00:00Z
         */
        EquityTo: string;
        /**
         * @description Most points in the answer.
         * @example 3
         */
        EquityPoints: number;
    };
    requestBodies: never;
    headers: {
        /**
         * @description Id of the request, yours or one made by the server.
         * @example 0f3c9a7e5b1d4c28a6e0b7d3
         */
        "X-Request-Id": string;
        /**
         * @description How many requests a key may make: `q` in a window of `w` seconds.
         * @example "default";q=100;w=1
         */
        "RateLimit-Policy": string;
        /**
         * @description What is left of it: `r` requests; in `t` seconds there are more.
         * @example "default";r=42;t=1
         */
        RateLimit: string;
        /**
         * @description How many seconds to wait before the next request.
         * @example 1
         */
        "Retry-After": number;
        /**
         * @description How to authenticate: always `Bearer`.
         * @example Bearer
         */
        "WWW-Authenticate": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    getAccountHistory: {
        parameters: {
            query?: {
                /**
                 * @description Only deals at or after this market time. Absent, from the beginning.
                 * @example 2026-03-02T00:00:00Z
                 */
                from?: components["parameters"]["HistoryFrom"];
                /**
                 * @description Only deals before this market time. Absent, up to now.
                 * @example 2026-03-03T00:00:00Z
                 */
                to?: components["parameters"]["HistoryTo"];
                /**
                 * @description Only what belongs to this symbol. An unknown one is answered 400 `UNKNOWN_SYMBOL`.
                 * @example EURUSD
                 */
                symbol?: components["parameters"]["SymbolFilter"];
                /**
                 * @description `asc`, the default: oldest first. `desc`: newest first.
                 * @example asc
                 */
                order?: components["parameters"]["HistoryOrder"];
                /**
                 * @description Most entries in a page.
                 * @example 100
                 */
                limit?: components["parameters"]["Limit"];
                /**
                 * @description The `next_cursor` of the page before; the other parameters stay as they were. Absent, the first page.
                 * @example ZGVhbHMgYXNjOjM
                 */
                cursor?: components["parameters"]["HistoryCursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of deals. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DealPage"];
                };
            };
            400: components["responses"]["BadQuery"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    listPositions: {
        parameters: {
            query?: {
                /**
                 * @description Only what belongs to this symbol. An unknown one is answered 400 `UNKNOWN_SYMBOL`.
                 * @example EURUSD
                 */
                symbol?: components["parameters"]["SymbolFilter"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The open positions. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PositionListResponse"];
                };
            };
            400: components["responses"]["BadQuery"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    getPosition: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Ticket of the position.
                 * @example 2
                 */
                ticket: components["parameters"]["PositionTicket"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The position. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PositionResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    closePosition: {
        parameters: {
            query?: {
                /**
                 * @description How much to close, in lots. Absent, all of it.
                 * @example 0.05
                 */
                volume?: components["parameters"]["CloseVolume"];
                /**
                 * @description How many points worse than the quote at arrival the price may be. Absent, any price.
                 * @example 20
                 */
                deviation?: components["parameters"]["CloseDeviation"];
                /**
                 * @description Your own name for this request, so that it is done once: printable ASCII without spaces.
                 * @example half-of-2
                 */
                client_order_id?: components["parameters"]["ClientOrderId"];
            };
            header?: never;
            path: {
                /**
                 * @description Ticket of the position.
                 * @example 2
                 */
                ticket: components["parameters"]["PositionTicket"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was closed, and what is left. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloseResponse"];
                };
            };
            400: components["responses"]["PositionRefused"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    modifyPosition: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Ticket of the position.
                 * @example 2
                 */
                ticket: components["parameters"]["PositionTicket"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ModifyPositionRequest"];
            };
        };
        responses: {
            /** @description The position with its new stops. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PositionResponse"];
                };
            };
            400: components["responses"]["PositionRefused"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    listOrders: {
        parameters: {
            query?: {
                /**
                 * @description Only what belongs to this symbol. An unknown one is answered 400 `UNKNOWN_SYMBOL`.
                 * @example EURUSD
                 */
                symbol?: components["parameters"]["SymbolFilter"];
                /**
                 * @description The state to list: the orders that still wait, unless you say otherwise.
                 * @example placed
                 */
                state?: components["parameters"]["OrderStateFilter"];
                /**
                 * @description Most entries in a page.
                 * @example 100
                 */
                limit?: components["parameters"]["Limit"];
                /**
                 * @description The `next_cursor` of the page before; the other parameters stay as they were. Absent, the first page.
                 * @example b3JkZXJzIHBsYWNlZDo0
                 */
                cursor?: components["parameters"]["OrdersCursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of orders. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderPage"];
                };
            };
            400: components["responses"]["BadQuery"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    placeOrder: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrderRequest"];
            };
        };
        responses: {
            /** @description The order, now waiting. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderResponse"];
                };
            };
            400: components["responses"]["OrderRefused"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    getOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Ticket of the order.
                 * @example 4
                 */
                ticket: components["parameters"]["OrderTicket"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    cancelOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Ticket of the order.
                 * @example 4
                 */
                ticket: components["parameters"]["OrderTicket"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order, now cancelled. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderResponse"];
                };
            };
            400: components["responses"]["OrderRefused"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    modifyOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Ticket of the order.
                 * @example 4
                 */
                ticket: components["parameters"]["OrderTicket"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ModifyOrderRequest"];
            };
        };
        responses: {
            /** @description The order as it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderResponse"];
                };
            };
            400: components["responses"]["OrderRefused"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    trade: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TradeRequest"];
            };
        };
        responses: {
            /** @description Filled. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TradeResponse"];
                };
            };
            400: components["responses"]["TradeRefused"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    closeAll: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["CloseAllRequest"];
            };
        };
        responses: {
            /** @description What was closed, and what was not. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloseAllResponse"];
                };
            };
            400: components["responses"]["CloseAllRefused"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    listSymbols: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The symbols. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SymbolListResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    getSymbol: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Name of the symbol, in its exact spelling.
                 * @example EURUSD
                 */
                symbol: components["parameters"]["SymbolPath"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The symbol. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SymbolResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    getQuote: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Name of the symbol, in its exact spelling.
                 * @example EURUSD
                 */
                symbol: components["parameters"]["SymbolPath"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The quote. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuoteResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    getCandles: {
        parameters: {
            query?: {
                /**
                 * @description Length of a candle.
                 * @example H1
                 */
                timeframe?: components["parameters"]["Timeframe"];
                /**
                 * @description Most candles in the answer.
                 * @example 2
                 */
                count?: components["parameters"]["CandleCount"];
                /**
                 * @description Only candles that open at or after this market time.
                 * @example 2026-03-02T08:00:00Z
                 */
                from?: components["parameters"]["CandlesFrom"];
                /**
                 * @description Only candles that open before this market time. Absent, up to now.
                 * @example 2026-03-02T10:00:00Z
                 */
                to?: components["parameters"]["CandlesTo"];
            };
            header?: never;
            path: {
                /**
                 * @description Name of the symbol, in its exact spelling.
                 * @example EURUSD
                 */
                symbol: components["parameters"]["SymbolPath"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The candles. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CandleListResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    previewTrade: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewRequest"];
            };
        };
        responses: {
            /** @description What would come of it. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreviewResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    getStatistics: {
        parameters: {
            query?: {
                /**
                 * @description Only deals at or after this market time. Absent, from the beginning.
                 * @example 2026-03-02T00:00:00Z
                 */
                from?: components["parameters"]["HistoryFrom"];
                /**
                 * @description Only deals before this market time. Absent, up to now.
                 * @example 2026-03-03T00:00:00Z
                 */
                to?: components["parameters"]["HistoryTo"];
                /**
                 * @description Only what belongs to this symbol. An unknown one is answered 400 `UNKNOWN_SYMBOL`.
                 * @example EURUSD
                 */
                symbol?: components["parameters"]["SymbolFilter"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The statistics. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatisticsResponse"];
                };
            };
            400: components["responses"]["BadQuery"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    getEquity: {
        parameters: {
            query?: {
                /**
                 * @description Market time of the first point. Absent or earlier, when the account was opened.
                 * @example 2026-03-02T09:00:00Z
                 */
                from?: components["parameters"]["EquityFrom"];
                /**
                 * @description Market time of the last point. Absent or in the future, now.
                 * @example 2026-03-02T10:00:00Z
                 */
                to?: components["parameters"]["EquityTo"];
                /**
                 * @description Most points in the answer.
                 * @example 3
                 */
                points?: components["parameters"]["EquityPoints"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The points of the curve. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EquityCurveResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    closeBy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Ticket of the position.
                 * @example 2
                 */
                ticket: components["parameters"]["PositionTicket"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CloseByRequest"];
            };
        };
        responses: {
            /** @description The two deals, and the position that remains. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloseByResponse"];
                };
            };
            400: components["responses"]["PositionRefused"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    explain: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Ticket of an order, a position or a deal.
                 * @example 12
                 */
                ticket: components["parameters"]["AnyTicket"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The story. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExplanationResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    listKeys: {
        parameters: {
            query?: {
                /**
                 * @description Only the keys of this account. A full key may name only its own; another is 403 `INSUFFICIENT_SCOPE`.
                 * @example 10001
                 */
                login?: components["parameters"]["KeyLogin"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The keys, without their secrets. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyListResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateKeyRequest"];
            };
        };
        responses: {
            /** @description The new key, with its secret. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedApiKeyResponse"];
                };
            };
            400: components["responses"]["KeyRefused"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    revokeKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the key (not the key itself).
                 * @example 3f9a1c0b7d2e4856
                 */
                key_id: components["parameters"]["KeyId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key, now revoked. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    rotateKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the key (not the key itself).
                 * @example 3f9a1c0b7d2e4856
                 */
                key_id: components["parameters"]["KeyId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RotateKeyRequest"];
            };
        };
        responses: {
            /** @description The new key, with its secret. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedApiKeyResponse"];
                };
            };
            400: components["responses"]["RotationRefused"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    listWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhooks, without their secrets. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookListResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateWebhookRequest"];
            };
        };
        responses: {
            /** @description The new webhook, with its secret. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedWebhookResponse"];
                };
            };
            400: components["responses"]["WebhookRefused"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the webhook.
                 * @example 5c1d9e2a7b40f836
                 */
                webhook_id: components["parameters"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the webhook.
                 * @example 5c1d9e2a7b40f836
                 */
                webhook_id: components["parameters"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook as it was. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    updateWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the webhook.
                 * @example 5c1d9e2a7b40f836
                 */
                webhook_id: components["parameters"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateWebhookRequest"];
            };
        };
        responses: {
            /** @description The webhook as it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookResponse"];
                };
            };
            400: components["responses"]["WebhookRefused"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the webhook.
                 * @example 5c1d9e2a7b40f836
                 */
                webhook_id: components["parameters"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RotateSecretRequest"];
            };
        };
        responses: {
            /** @description The webhook, with its new secret. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedWebhookResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the webhook.
                 * @example 5c1d9e2a7b40f836
                 */
                webhook_id: components["parameters"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDeliveryResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /**
                 * @description Most entries in a page.
                 * @example 100
                 */
                limit?: components["parameters"]["Limit"];
                /**
                 * @description The `next_cursor` of the page before; the other parameters stay as they were. Absent, the first page.
                 * @example ZGVsaXZlcmllcyA1YzFkOWUyYTdiNDBmODM2OjE
                 */
                cursor?: components["parameters"]["DeliveriesCursor"];
            };
            header?: never;
            path: {
                /**
                 * @description Id of the webhook.
                 * @example 5c1d9e2a7b40f836
                 */
                webhook_id: components["parameters"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of deliveries. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDeliveryPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    redeliver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the webhook.
                 * @example 5c1d9e2a7b40f836
                 */
                webhook_id: components["parameters"]["WebhookId"];
                /**
                 * @description Id of the delivery: the `webhook-id` it was sent with.
                 * @example msg_5c1d9e2a7b40f836_2_deal_created
                 */
                delivery_id: components["parameters"]["DeliveryId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery as it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDeliveryResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    listAccounts: {
        parameters: {
            query?: {
                /**
                 * @description Most entries in a page.
                 * @example 100
                 */
                limit?: components["parameters"]["Limit"];
                /**
                 * @description The `next_cursor` of the page before; the other parameters stay as they were. Absent, the first page.
                 * @example YWNjb3VudHM6MTAwMDE
                 */
                cursor?: components["parameters"]["AccountsCursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of accounts. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountPage"];
                };
            };
            400: components["responses"]["BadQuery"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    createAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateAccountRequest"];
            };
        };
        responses: {
            /** @description The new account and its first key. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedAccountResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    getAccountByLogin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Login of the account.
                 * @example 10001
                 */
                login: components["parameters"]["Login"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    changeBalance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Login of the account.
                 * @example 10001
                 */
                login: components["parameters"]["Login"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BalanceRequest"];
            };
        };
        responses: {
            /** @description The deal that changed the balance. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DealResponse"];
                };
            };
            400: components["responses"]["BalanceRefused"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    resetAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Login of the account.
                 * @example 10001
                 */
                login: components["parameters"]["Login"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account, as at its beginning. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    getClock: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The clock. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClockResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    updateClock: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClockUpdate"];
            };
        };
        responses: {
            /** @description The clock as it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClockResponse"];
                };
            };
            400: components["responses"]["TimeRefused"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    advanceClock: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AdvanceRequest"];
            };
        };
        responses: {
            /** @description The clock afterwards. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClockResponse"];
                };
            };
            400: components["responses"]["TimeRefused"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    pushQuotes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PushQuotesRequest"];
            };
        };
        responses: {
            /** @description How many were taken. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PushQuotesResponse"];
                };
            };
            400: components["responses"]["QuotesRefused"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    getFaults: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The faults. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FaultsResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    setFaults: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FaultsRequest"];
            };
        };
        responses: {
            /** @description The faults as they are now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FaultsResponse"];
                };
            };
            400: components["responses"]["TimeRefused"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotConnected"];
        };
    };
    getLiveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is alive. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            500: components["responses"]["InternalError"];
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is ready. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["NotReady"];
        };
    };
}
