# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""The client: a method for each operation of the API."""

import datetime
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from typing import Literal

from .api.account import get_account, get_account_history
from .api.accounts import change_balance, create_account, get_account_by_login, list_accounts, reset_account
from .api.analysis import close_by, explain, get_equity, get_statistics, preview_trade
from .api.api_keys import create_key, list_keys, revoke_key, rotate_key
from .api.market_data import get_candles, get_quote, get_symbol, list_symbols
from .api.orders import cancel_order, get_order, list_orders, modify_order, place_order
from .api.positions import close_position, get_position, list_positions, modify_position
from .api.service import get_liveness, get_readiness
from .api.simulation import advance_clock, get_clock, get_faults, push_quotes, set_faults, update_clock
from .api.trading import close_all, trade
from .api.webhooks import (
    create_webhook,
    delete_webhook,
    get_webhook,
    list_deliveries,
    list_webhooks,
    redeliver,
    rotate_webhook_secret,
    test_webhook,
    update_webhook,
)
from .connection import Connection
from .models import (
    Account,
    AccountCurrency,
    AccountPage,
    AdvanceRequest,
    ApiKey,
    BalanceRequest,
    Candle,
    Clock,
    ClockMode,
    ClockUpdate,
    CloseAllRequest,
    CloseAllResult,
    CloseByRequest,
    CloseByResult,
    CloseResult,
    CreateAccountRequest,
    CreatedAccount,
    CreateKeyRequest,
    CreateWebhookRequest,
    Deal,
    DealPage,
    Disconnect,
    EquityPoint,
    Explanation,
    Faults,
    FaultsRequest,
    Health,
    IssuedApiKey,
    IssuedWebhook,
    KeyScope,
    ModifyOrderRequest,
    ModifyPositionRequest,
    Order,
    OrderPage,
    OrderRequest,
    OrderState,
    OrderType,
    Position,
    PositionResult,
    Preview,
    PushedQuote,
    PushedQuotes,
    PushQuotesRequest,
    Quote,
    RotateKeyRequest,
    RotateSecretRequest,
    Side,
    SortOrder,
    Statistics,
    Symbol,
    Timeframe,
    TradeRequest,
    TradeResult,
    UpdateWebhookRequest,
    Webhook,
    WebhookDelivery,
    WebhookDeliveryPage,
    WebhookEventType,
)
from .types import UNSET, Unset, number


class Client(Connection):
    """A server, and the key to it.

    Use it as a context manager, so that its connections are closed at the end.

    Example:
        ```
        with Client() as client:  # the key is in the environment, as TRADYN_API_KEY
            print(client.get_account().balance)
        ```

    Its settings are those of `Connection`.
    """

    def get_account(self) -> Account:
        """Get the account.

        Balance, equity, margin and settings of the account that the key belongs to, at the present quotes.

        Example:
            ```
            client.get_account()
            ```

        Returns:
            The account.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return get_account.sync(client=self)

    def get_account_history(
        self,
        *,
        from_: datetime.datetime | None = None,
        to: datetime.datetime | None = None,
        symbol: str | None = None,
        order: SortOrder | Literal["asc", "desc"] = SortOrder.ASC,
        limit: int = 100,
        cursor: str | None = None,
    ) -> DealPage:
        """List the account's deals.

        Everything that changed the balance, one deal each: a position opened (`in`), closed or partly
        closed (`out`, or `out_by` by an opposite one), a deposit, withdrawal or reset (`balance`), a
        balance below zero made good (`correction`). In the order in which it happened, or the reverse.

        In pages: as long as `next_cursor` is not `null`, send the same request with it as `cursor`.

        Example:
            ```
            client.get_account_history(
                from_=datetime.fromisoformat("2026-03-02T00:00:00Z"),
                to=datetime.fromisoformat("2026-03-03T00:00:00Z"),
            )
            ```

        Args:
            from_: Only deals at or after this market time. Absent, from the beginning.
            to: Only deals before this market time. Absent, up to now.
            symbol: Only what belongs to this symbol. An unknown one is answered 400 `UNKNOWN_SYMBOL`.
            order: `asc`, the default: oldest first. `desc`: newest first.
            limit: Most entries in a page.
            cursor: The `next_cursor` of the page before; the other parameters stay as they were.
                Absent, the first page.

        Returns:
            A page of deals.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return get_account_history.sync(
            client=self, from_=from_, to=to, symbol=symbol, order=SortOrder(order), limit=limit, cursor=cursor
        )

    def iterate_account_history(
        self,
        *,
        from_: datetime.datetime | None = None,
        to: datetime.datetime | None = None,
        symbol: str | None = None,
        order: SortOrder | Literal["asc", "desc"] = SortOrder.ASC,
        limit: int = 100,
    ) -> Iterator[Deal]:
        """List the account's deals, entry by entry through all pages, each asked for when it is needed.

        Example:
            ```
            for deal in client.iterate_account_history():
                print(deal)
            ```

        Args:
            from_: Only deals at or after this market time. Absent, from the beginning.
            to: Only deals before this market time. Absent, up to now.
            symbol: Only what belongs to this symbol. An unknown one is answered 400 `UNKNOWN_SYMBOL`.
            order: `asc`, the default: oldest first. `desc`: newest first.
            limit: Entries of a page.
        """
        return get_account_history.iterate(
            client=self, from_=from_, to=to, symbol=symbol, order=SortOrder(order), limit=limit
        )

    def list_positions(self, *, symbol: str | None = None) -> list[Position]:
        """List the open positions.

        All open positions at the present quotes, in the order of their tickets. The list is never paged.

        Example:
            ```
            client.list_positions(symbol="EURUSD")
            ```

        Args:
            symbol: Only what belongs to this symbol. An unknown one is answered 400 `UNKNOWN_SYMBOL`.

        Returns:
            The open positions.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return list_positions.sync(client=self, symbol=symbol)

    def get_position(self, ticket: int) -> Position:
        """Get a position.

        One open position at the present quote. A closed one answers 404; look for its deals in the history.

        Example:
            ```
            client.get_position(2)
            ```

        Args:
            ticket: Ticket of the position.

        Returns:
            The position.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return get_position.sync(ticket, client=self)

    def close_position(
        self,
        ticket: int,
        *,
        volume: float | Decimal | None = None,
        deviation: int | None = None,
        client_order_id: str | None = None,
    ) -> CloseResult:
        """Close a position.

        Closes the position at the market: a long one at the bid, a short one at the ask. With `volume` only
        that part is closed; the rest keeps ticket and stops. Profit and swap of the closed part are booked
        to the balance.

        Half of 0.1 lots is `?volume=0.05&client_order_id=half-of-2`. After a timeout, send it again with
        the same `client_order_id`; without one, the repetition would close the other half, too.

        Refused with `POSITION_CLOSED` when it already is, `INVALID_CLOSE_VOLUME` when `volume` is more than
        is open or not a multiple of the volume step, `REQUOTE` beyond `deviation`, `FROZEN` inside the
        freeze level, `TRADE_DISABLED`, `MARKET_CLOSED` or `NO_QUOTES` when the symbol cannot be traded now,
        `REJECTED` by a fault that was asked for.

        Example:
            ```
            client.close_position(2, volume=0.05)
            ```

        Args:
            ticket: Ticket of the position.
            volume: How much to close, in lots. Absent, all of it.
            deviation: How many points worse than the quote at arrival the price may be. Absent, any
                price.
            client_order_id: Your own name for this request, so that it is done once: printable ASCII
                without spaces.

        Returns:
            What was closed, and what is left.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return close_position.sync(
            ticket, client=self, volume=number(volume), deviation=deviation, client_order_id=client_order_id
        )

    def modify_position(
        self,
        ticket: int,
        *,
        sl: float | Decimal | Unset | None = UNSET,
        tp: float | Decimal | Unset | None = UNSET,
        trailing_stop: int | Unset | None = UNSET,
    ) -> Position:
        """Move a position's stops.

        Sets, moves or clears stop loss, take profit and trailing stop. What is absent stays as it is;
        `null` or 0 clears it.

        With a `trailing_stop` of so many points the stop loss follows the market: it waits until the profit
        has reached that distance, then keeps it behind the price (long: bid, short: ask), and never moves
        back.

        Refused with `POSITION_CLOSED` when the position is no longer open, `TRADE_DISABLED`,
        `MARKET_CLOSED` and `NO_QUOTES` when the symbol cannot be traded now, `INVALID_ORDER` when it takes
        no such stops, `NO_CHANGES` when everything already is as asked, `INVALID_STOPS` when a level is on
        the wrong side of the market or nearer than `stops_level`, `FROZEN` inside the freeze level,
        `REJECTED` by a fault that was asked for.

        Example:
            ```
            client.modify_position(2, sl=1.085, tp=1.098)
            ```

        Args:
            ticket: Ticket of the position.
            sl: Stop loss, a price in the symbol's profit currency. Null or 0 clears it.
            tp: Take profit, a price in the symbol's profit currency. Null or 0 clears it.
            trailing_stop: Distance in points at which the stop loss follows the market. Null or 0 ends
                it.

        Returns:
            The position with its new stops.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return modify_position.sync(
            ticket,
            client=self,
            body=ModifyPositionRequest(sl=number(sl), tp=number(tp), trailing_stop=trailing_stop),
        )

    def list_orders(
        self,
        *,
        symbol: str | None = None,
        state: OrderState
        | Literal["placed", "filled", "canceled", "expired", "rejected"] = OrderState.PLACED,
        limit: int = 100,
        cursor: str | None = None,
    ) -> OrderPage:
        """List pending orders.

        Orders in one state: those still waiting, in the order of their tickets, unless `state` says
        otherwise; orders that have ended come in the order in which they did. Market orders, to open or to
        close, are filled at once and are found among the `filled`.

        Example:
            ```
            client.list_orders(symbol="EURUSD", state="placed")
            ```

        Args:
            symbol: Only what belongs to this symbol. An unknown one is answered 400 `UNKNOWN_SYMBOL`.
            state: `placed`: waits. `filled`: opened or closed a position. `canceled`: taken back by you
                or by a stop-out. `expired`: its time ran out. `rejected`: it triggered and could not be
                filled, mostly for want of margin. A stop-limit order whose stop was reached is `placed`
                until the limit order that it has become is done.
            limit: Most entries in a page.
            cursor: The `next_cursor` of the page before; the other parameters stay as they were.
                Absent, the first page.

        Returns:
            A page of orders.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return list_orders.sync(
            client=self, symbol=symbol, state=OrderState(state), limit=limit, cursor=cursor
        )

    def iterate_orders(
        self,
        *,
        symbol: str | None = None,
        state: OrderState
        | Literal["placed", "filled", "canceled", "expired", "rejected"] = OrderState.PLACED,
        limit: int = 100,
    ) -> Iterator[Order]:
        """List pending orders, entry by entry through all pages, each asked for when it is needed.

        Example:
            ```
            for order in client.iterate_orders():
                print(order)
            ```

        Args:
            symbol: Only what belongs to this symbol. An unknown one is answered 400 `UNKNOWN_SYMBOL`.
            state: `placed`: waits. `filled`: opened or closed a position. `canceled`: taken back by you
                or by a stop-out. `expired`: its time ran out. `rejected`: it triggered and could not be
                filled, mostly for want of margin. A stop-limit order whose stop was reached is `placed`
                until the limit order that it has become is done.
            limit: Entries of a page.
        """
        return list_orders.iterate(client=self, symbol=symbol, state=OrderState(state), limit=limit)

    def place_order(
        self,
        *,
        symbol: str,
        type_: OrderType
        | Literal[
            "buy",
            "sell",
            "buy_limit",
            "sell_limit",
            "buy_stop",
            "sell_stop",
            "buy_stop_limit",
            "sell_stop_limit",
        ],
        volume: float | Decimal,
        price: float | Decimal,
        price_stop_limit: float | Decimal | Unset | None = UNSET,
        sl: float | Decimal | Unset | None = UNSET,
        tp: float | Decimal | Unset | None = UNSET,
        expiration: datetime.datetime | Unset | None = UNSET,
        magic: int = 0,
        comment: str = "",
        client_order_id: str | None = None,
    ) -> Order:
        """Place a pending order.

        Places a limit, stop or stop-limit order (`type` 2 to 7). It waits until the market reaches its
        price, until it expires, or until you cancel it. With an `expiration` it ends as `expired` at that
        market time, unless it has been filled by then; without one it is good till cancelled. After a
        timeout, send it again with the same `client_order_id`.

        Refused with `UNKNOWN_SYMBOL`, `TRADE_DISABLED`, `LONG_ONLY`, `SHORT_ONLY`, `CLOSE_ONLY`,
        `MARKET_CLOSED`, `NO_QUOTES`, `INVALID_ORDER` for the types 0 and 1 (market orders go to `POST
        /api/trade`) and for what the symbol does not take, `INVALID_EXPIRATION`, `INVALID_VOLUME`,
        `LIMIT_VOLUME`, `INVALID_PRICE`, `INVALID_STOPS`, `LIMIT_ORDERS`, `INSUFFICIENT_MARGIN` or, by a
        fault that was asked for, `REJECTED`.

        Example:
            ```
            client.place_order(
                symbol="EURUSD",
                type_="buy_limit",
                volume=0.2,
                price=1.08,
                sl=1.075,
                tp=1.09,
                expiration=datetime.fromisoformat("2026-03-06T20:00:00Z"),
                client_order_id="dip-1",
            )
            ```

        Args:
            symbol: Name of the symbol, in its exact spelling.
            type_: Kind of order, numbered as in MetaTrader 5: 0 buy and 1 sell at the market; 2 buy
                limit, 3 sell limit, 4 buy stop, 5 sell stop; as an extension 6 buy stop-limit, 7 sell
                stop-limit.
            volume: Volume, in lots; a multiple of the symbol's `volume_step`.
            price: Limit or stop price, in the symbol's profit currency.
            price_stop_limit: Of the types 6 and 7, the price of the limit order to be, in the symbol's
                profit currency. Null or absent for the others.
            sl: Stop loss of the position to be, a price in the symbol's profit currency. Null or 0 for
                none.
            tp: Take profit of the position to be, a price in the symbol's profit currency. Null or 0
                for none.
            expiration: Market time at which it expires. Null or absent is good till cancelled.
            magic: A number for your strategy.
            comment: A comment, at most 31 characters.
            client_order_id: Your own name for this request, so that it is done once: printable ASCII
                without spaces.

        Returns:
            The order, now waiting.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return place_order.sync(
            client=self,
            body=OrderRequest(
                symbol=symbol,
                type_=OrderType[type_.upper()] if isinstance(type_, str) else type_,
                volume=number(volume),
                price=number(price),
                price_stop_limit=number(price_stop_limit),
                sl=number(sl),
                tp=number(tp),
                expiration=expiration,
                magic=magic,
                comment=comment,
                client_order_id=client_order_id,
            ),
        )

    def get_order(self, ticket: int) -> Order:
        """Get an order.

        One order, also one that was filled, cancelled, rejected or has expired.

        Example:
            ```
            client.get_order(4)
            ```

        Args:
            ticket: Ticket of the order.

        Returns:
            The order.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return get_order.sync(ticket, client=self)

    def cancel_order(self, ticket: int) -> Order:
        """Cancel a pending order.

        Takes back an order that still waits. It can be read afterwards, as `canceled`.

        Refused with `INVALID_ORDER` when the order no longer waits, `TRADE_DISABLED` and `MARKET_CLOSED`
        when the symbol cannot be traded now, `FROZEN` inside the freeze level, `REJECTED` by a fault that
        was asked for.

        Example:
            ```
            client.cancel_order(4)
            ```

        Args:
            ticket: Ticket of the order.

        Returns:
            The order, now cancelled.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return cancel_order.sync(ticket, client=self)

    def modify_order(
        self,
        ticket: int,
        *,
        price: float | Decimal | None = None,
        price_stop_limit: float | Decimal | None = None,
        sl: float | Decimal | Unset | None = UNSET,
        tp: float | Decimal | Unset | None = UNSET,
        expiration: datetime.datetime | Unset | None = UNSET,
    ) -> Order:
        """Change a pending order.

        Changes prices, stops or expiration of an order that still waits. What is absent stays as it is;
        `null` clears `sl`, `tp` and `expiration` (then the order is good till cancelled). Volume and type
        cannot change; `price_stop_limit` is for stop-limit orders whose stop has not been reached.

        Refused with `INVALID_ORDER` when the order no longer waits or the symbol takes no such stops,
        `TRADE_DISABLED`, `MARKET_CLOSED` and `NO_QUOTES` when the symbol cannot be traded now,
        `INVALID_EXPIRATION`, `NO_CHANGES`, `INVALID_PRICE`, `INVALID_STOPS`, `FROZEN` inside the freeze
        level, `REJECTED` by a fault that was asked for.

        Example:
            ```
            client.modify_order(4, price=1.081)
            ```

        Args:
            ticket: Ticket of the order.
            price: Limit or stop price, in the symbol's profit currency.
            price_stop_limit: Of a stop-limit order, the price of the limit order to be, in the symbol's
                profit currency.
            sl: Stop loss of the position to be, a price in the symbol's profit currency. Null or 0
                clears it.
            tp: Take profit of the position to be, a price in the symbol's profit currency. Null or 0
                clears it.
            expiration: Market time at which it expires. Null makes it good till cancelled.

        Returns:
            The order as it is now.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return modify_order.sync(
            ticket,
            client=self,
            body=ModifyOrderRequest(
                price=number(price),
                price_stop_limit=number(price_stop_limit),
                sl=number(sl),
                tp=number(tp),
                expiration=expiration,
            ),
        )

    def trade(
        self,
        *,
        symbol: str,
        action: Side | Literal["buy", "sell"],
        volume: float | Decimal,
        sl: float | Decimal | Unset | None = UNSET,
        tp: float | Decimal | Unset | None = UNSET,
        deviation: int | None = None,
        magic: int = 0,
        comment: str = "",
        client_order_id: str | None = None,
    ) -> TradeResult:
        """Buy or sell at the market.

        Opens a position at once: a purchase at the ask, a sale at the bid. `ticket` in the answer is the
        position's. After a timeout, send it again with the same `client_order_id`: it is done once.

        Refused with `UNKNOWN_SYMBOL`, `TRADE_DISABLED`, `LONG_ONLY`, `SHORT_ONLY`, `CLOSE_ONLY`,
        `MARKET_CLOSED`, `NO_QUOTES`, `INVALID_ORDER`, `INVALID_VOLUME`, `LIMIT_VOLUME`, `REQUOTE`,
        `INVALID_STOPS`, `INSUFFICIENT_MARGIN` or, by a fault that was asked for, `REJECTED`.

        Example:
            ```
            client.trade(symbol="EURUSD", action="buy", volume=0.1, sl=1.08, tp=1.095)
            ```

        Args:
            symbol: Name of the symbol, in its exact spelling.
            action: `buy`: long, profits when the price rises. `sell`: short, profits when it falls.
            volume: Volume, in lots; a multiple of the symbol's `volume_step`.
            sl: Stop loss, a price in the symbol's profit currency. Null or 0 for none.
            tp: Take profit, a price in the symbol's profit currency. Null or 0 for none.
            deviation: How many points worse than the quote at arrival the price may be. Absent, any
                price.
            magic: A number for your strategy.
            comment: A comment, at most 31 characters.
            client_order_id: Your own name for this request, so that it is done once: printable ASCII
                without spaces.

        Returns:
            Filled.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return trade.sync(
            client=self,
            body=TradeRequest(
                symbol=symbol,
                action=Side(action),
                volume=number(volume),
                sl=number(sl),
                tp=number(tp),
                deviation=deviation,
                magic=magic,
                comment=comment,
                client_order_id=client_order_id,
            ),
        )

    def close_all(
        self,
        *,
        symbol: str | None = None,
        type_: Side | Literal["buy", "sell"] | None = None,
        result: PositionResult | Literal["all", "winning", "losing"] = PositionResult.ALL,
        client_order_id: str | None = None,
    ) -> CloseAllResult:
        """Close many positions.

        Closes every open position that fits all of `symbol`, `type` and `result`; without a body, every
        one. Each position is closed by itself, in the order of tickets, and one that cannot be closed does
        not stop the others: the answer is 200 and lists it under `failed`. Pending orders are not touched.

        Refused as a whole, with nothing closed, are an `UNKNOWN_SYMBOL` and, by a fault that was asked for,
        `REJECTED`.

        Example:
            ```
            client.close_all(symbol="EURUSD", result="winning", client_order_id="take-it")
            ```

        Args:
            symbol: Only positions in this symbol.
            type_: `buy`: long, profits when the price rises. `sell`: short, profits when it falls.
            result: `winning`: profit and swap together are above zero. `losing`: they are below zero.
                `all`: whatever they are.
            client_order_id: Your own name for this request, so that it is done once: printable ASCII
                without spaces.

        Returns:
            What was closed, and what was not.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return close_all.sync(
            client=self,
            body=CloseAllRequest(
                symbol=symbol,
                type_=None if type_ is None else Side(type_),
                result=PositionResult(result),
                client_order_id=client_order_id,
            ),
        )

    def list_symbols(self) -> list[Symbol]:
        """List the symbols.

        Every symbol of the server with its specification, in the order of their names. The list is never
        paged.

        Example:
            ```
            client.list_symbols()
            ```

        Returns:
            The symbols.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return list_symbols.sync(client=self)

    def get_symbol(self, symbol: str) -> Symbol:
        """Get a symbol.

        The specification of one symbol: digits, contract, volumes, margin, swap and sessions.

        Example:
            ```
            client.get_symbol("EURUSD")
            ```

        Args:
            symbol: Name of the symbol, in its exact spelling.

        Returns:
            The symbol.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return get_symbol.sync(symbol, client=self)

    def get_quote(self, symbol: str) -> Quote:
        """Get a quote.

        The last bid and ask of a symbol. Out of session it stands still. Refused with 400 `NO_QUOTES` when
        the symbol has had no quote yet.

        Example:
            ```
            client.get_quote("EURUSD")
            ```

        Args:
            symbol: Name of the symbol, in its exact spelling.

        Returns:
            The quote.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return get_quote.sync(symbol, client=self)

    def get_candles(
        self,
        symbol: str,
        *,
        timeframe: Timeframe
        | Literal["M1", "M5", "M15", "M30", "H1", "H4", "D1", "W1", "MN1"] = Timeframe.H1,
        count: int = 100,
        from_: datetime.datetime | None = None,
        to: datetime.datetime | None = None,
    ) -> list[Candle]:
        """Get candles.

        Candles of bid prices, oldest first, at most `count`. With `from` they are the first ones that open
        at or after it; without, the last ones before `to` or up to now. The candle of the present is still
        forming. Periods without a quote have no candle.

        Example:
            ```
            client.get_candles("EURUSD", timeframe="H1", count=2)
            ```

        Args:
            symbol: Name of the symbol, in its exact spelling.
            timeframe: Length of a candle: minutes (M), hours (H), a day from 00:00 UTC (D1), a week
                (W1), a calendar month (MN1).
            count: Most candles in the answer.
            from_: Only candles that open at or after this market time.
            to: Only candles that open before this market time. Absent, up to now.

        Returns:
            The candles.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return get_candles.sync(
            symbol, client=self, timeframe=Timeframe(timeframe), count=count, from_=from_, to=to
        )

    def preview_trade(
        self,
        *,
        symbol: str,
        action: Side | Literal["buy", "sell"],
        volume: float | Decimal,
        sl: float | Decimal | Unset | None = UNSET,
        tp: float | Decimal | Unset | None = UNSET,
        deviation: int | None = None,
        magic: int = 0,
        comment: str = "",
        client_order_id: str | None = None,
    ) -> Preview:
        """Preview a trade or an order.

        Takes the body of `POST /api/trade` or `POST /api/orders` and says what would come of it now: the
        price, the margin, and the refusal it would get. Nothing is done, and the answer is 200 either way.
        A `client_order_id` in the body is not used up.

        Example:
            ```
            client.preview_trade(symbol="EURUSD", action="buy", volume=0.1, sl=1.08, tp=1.095)
            ```

        Args:
            symbol: Name of the symbol, in its exact spelling.
            action: `buy`: long, profits when the price rises. `sell`: short, profits when it falls.
            volume: Volume, in lots; a multiple of the symbol's `volume_step`.
            sl: Stop loss, a price in the symbol's profit currency. Null or 0 for none.
            tp: Take profit, a price in the symbol's profit currency. Null or 0 for none.
            deviation: How many points worse than the quote at arrival the price may be. Absent, any
                price.
            magic: A number for your strategy.
            comment: A comment, at most 31 characters.
            client_order_id: Your own name for this request, so that it is done once: printable ASCII
                without spaces.

        Returns:
            What would come of it.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return preview_trade.sync(
            client=self,
            body=TradeRequest(
                symbol=symbol,
                action=Side(action),
                volume=number(volume),
                sl=number(sl),
                tp=number(tp),
                deviation=deviation,
                magic=magic,
                comment=comment,
                client_order_id=client_order_id,
            ),
        )

    def preview_order(
        self,
        *,
        symbol: str,
        type_: OrderType
        | Literal[
            "buy",
            "sell",
            "buy_limit",
            "sell_limit",
            "buy_stop",
            "sell_stop",
            "buy_stop_limit",
            "sell_stop_limit",
        ],
        volume: float | Decimal,
        price: float | Decimal,
        price_stop_limit: float | Decimal | Unset | None = UNSET,
        sl: float | Decimal | Unset | None = UNSET,
        tp: float | Decimal | Unset | None = UNSET,
        expiration: datetime.datetime | Unset | None = UNSET,
        magic: int = 0,
        comment: str = "",
        client_order_id: str | None = None,
    ) -> Preview:
        """Preview a trade or an order.

        Takes the body of `POST /api/trade` or `POST /api/orders` and says what would come of it now: the
        price, the margin, and the refusal it would get. Nothing is done, and the answer is 200 either way.
        A `client_order_id` in the body is not used up.

        Example:
            ```
            client.preview_order(
                symbol="EURUSD",
                type_="buy_limit",
                volume=0.2,
                price=1.08,
                sl=1.075,
                tp=1.09,
                expiration=datetime.fromisoformat("2026-03-06T20:00:00Z"),
                client_order_id="dip-1",
            )
            ```

        Args:
            symbol: Name of the symbol, in its exact spelling.
            type_: Kind of order, numbered as in MetaTrader 5: 0 buy and 1 sell at the market; 2 buy
                limit, 3 sell limit, 4 buy stop, 5 sell stop; as an extension 6 buy stop-limit, 7 sell
                stop-limit.
            volume: Volume, in lots; a multiple of the symbol's `volume_step`.
            price: Limit or stop price, in the symbol's profit currency.
            price_stop_limit: Of the types 6 and 7, the price of the limit order to be, in the symbol's
                profit currency. Null or absent for the others.
            sl: Stop loss of the position to be, a price in the symbol's profit currency. Null or 0 for
                none.
            tp: Take profit of the position to be, a price in the symbol's profit currency. Null or 0
                for none.
            expiration: Market time at which it expires. Null or absent is good till cancelled.
            magic: A number for your strategy.
            comment: A comment, at most 31 characters.
            client_order_id: Your own name for this request, so that it is done once: printable ASCII
                without spaces.

        Returns:
            What would come of it.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return preview_trade.sync(
            client=self,
            body=OrderRequest(
                symbol=symbol,
                type_=OrderType[type_.upper()] if isinstance(type_, str) else type_,
                volume=number(volume),
                price=number(price),
                price_stop_limit=number(price_stop_limit),
                sl=number(sl),
                tp=number(tp),
                expiration=expiration,
                magic=magic,
                comment=comment,
                client_order_id=client_order_id,
            ),
        )

    def get_statistics(
        self,
        *,
        from_: datetime.datetime | None = None,
        to: datetime.datetime | None = None,
        symbol: str | None = None,
    ) -> Statistics:
        """Get trading statistics.

        The figures of MetaTrader 5's report, from the account's deals. A *trade* is a deal that closes a
        position or a part of it (`out`, `out_by`); its result is profit + swap + commission of that deal,
        and a result of zero counts as a profit. The commission of an opening deal is part of `gross_loss`,
        but of no trade. Deposits, withdrawals and corrections are neither profit nor drawdown.

        With `from` and `to` only that period counts, beginning with the balance it found. With `symbol`
        only its deals count; what other deals did to the balance is passed over. A figure that is not
        defined, such as a profit factor without a loss, is null.

        Example:
            ```
            client.get_statistics(
                from_=datetime.fromisoformat("2026-03-02T00:00:00Z"),
                to=datetime.fromisoformat("2026-03-03T00:00:00Z"),
            )
            ```

        Args:
            from_: Only deals at or after this market time. Absent, from the beginning.
            to: Only deals before this market time. Absent, up to now.
            symbol: Only what belongs to this symbol. An unknown one is answered 400 `UNKNOWN_SYMBOL`.

        Returns:
            The statistics.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return get_statistics.sync(client=self, from_=from_, to=to, symbol=symbol)

    def get_equity(
        self,
        *,
        from_: datetime.datetime | None = None,
        to: datetime.datetime | None = None,
        points: int = 100,
    ) -> list[EquityPoint]:
        """Get the equity curve.

        Balance and equity at `points` moments at even distances, the first and the last of which are `from`
        and `to`. What is open at a moment is valued with the quotes of that moment; the last point, up to
        now, is the account as it stands. There are no points before the account was opened and none in the
        future. Of quotes that were pushed, past ones are known to the minute.

        Example:
            ```
            client.get_equity(
                from_=datetime.fromisoformat("2026-03-02T09:00:00Z"),
                to=datetime.fromisoformat("2026-03-02T10:00:00Z"),
            )
            ```

        Args:
            from_: Market time of the first point. Absent or earlier, when the account was opened.
            to: Market time of the last point. Absent or in the future, now.
            points: Most points in the answer.

        Returns:
            The points of the curve.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return get_equity.sync(client=self, from_=from_, to=to, points=points)

    def close_by(self, ticket: int, *, opposite: int, client_order_id: str | None = None) -> CloseByResult:
        """Close a position by an opposite one.

        Closes two opposite positions of one symbol against each other, without paying the spread: each at
        the opening price of the other. The smaller volume governs; what is left of the larger keeps its
        ticket. Two deals come of it, both with the entry `out_by`; the first has the whole profit.

        Refused with `POSITION_CLOSED` when either position is no longer open, `INVALID_ORDER` when they are
        not opposite positions of one symbol, `FROZEN` inside the freeze level of either, `TRADE_DISABLED`,
        `MARKET_CLOSED` or `NO_QUOTES` when the symbol cannot be traded now, `REJECTED` by a fault that was
        asked for.

        Example:
            ```
            client.close_by(2, opposite=7)
            ```

        Args:
            ticket: Ticket of the position.
            opposite: Ticket of the opposite position.
            client_order_id: Your own name for this request, so that it is done once: printable ASCII
                without spaces.

        Returns:
            The two deals, and the position that remains.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return close_by.sync(
            ticket, client=self, body=CloseByRequest(opposite=opposite, client_order_id=client_order_id)
        )

    def explain(self, ticket: int) -> Explanation:
        """Explain an order, a position or a deal.

        The story of what the ticket names, from the journal: which rule fired, on which quote, on which
        side of it, and every amount with its formula, its numbers and the path of its conversion. The
        ticket of a closing order or of a deal tells the story of its position, with `is_asked` at the steps
        that the ticket names.

        **For a program.** A calculation's `expression` evaluates to exactly its `result`, which is what was
        recorded. `formula` is the same with names in the place of `inputs`. Their language:

        ``` formula = [ "-" ] term { ( "+" | "-" ) term } term    = factor { ( "*" | "/" ) factor } factor
        = number | name | "(" formula ")" | "round(" formula ", " digits ")" number  = digits [ "." digits ]
        ```

        Calculate with exact fractions; only `round` rounds, to so many decimal places, half away from zero.
        A calculation named `conversion` shows a rate rounded for the eye; the amount after it uses the
        exact one.

        What was recorded is the truth. Where the specification of the symbol has changed since, so that a
        formula would lead elsewhere, `formula` and `expression` are null and a note says so.

        Example:
            ```
            client.explain(12)
            ```

        Args:
            ticket: Ticket of an order, a position or a deal.

        Returns:
            The story.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return explain.sync(ticket, client=self)

    def list_keys(self, *, login: int | None = None) -> list[ApiKey]:
        """List the keys.

        The keys of the caller's account, oldest first, also expired and revoked ones. An admin key sees all
        keys of the server, or with `login` those of one account.

        Example:
            ```
            client.list_keys(login=10001)
            ```

        Args:
            login: Only the keys of this account. A full key may name only its own; another is 403
                `INSUFFICIENT_SCOPE`.

        Returns:
            The keys, without their secrets.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return list_keys.sync(client=self, login=login)

    def create_key(
        self,
        *,
        scope: KeyScope | Literal["read", "trade", "full", "admin"],
        label: str = "",
        expires_at: datetime.datetime | Unset | None = UNSET,
        login: int | Unset | None = UNSET,
    ) -> IssuedApiKey:
        """Create a key.

        Makes a key. The answer carries it in `api_key`, this once.

        A `full` key makes keys of its own account: it names no other `login` and does not ask for the scope
        `admin` (403 `INSUFFICIENT_SCOPE`). An `admin` key names the account in `login`, or asks for the
        scope `admin` without one; a `login` that is missing, unknown, or given for an admin key is 400
        `UNKNOWN_ACCOUNT`. An `expires_at` that has passed is 400 `INVALID_EXPIRATION`.

        Example:
            ```
            client.create_key(
                scope="read",
                label="dashboard",
                expires_at=datetime.fromisoformat("2027-01-01T00:00:00Z"),
            )
            ```

        Args:
            scope: `read`: account and market data. `trade`: trading and market data. `full`: both, and
                the account's own keys. `admin`: the server, and nothing of an account.
            label: What it is for, in your words; at most 64 characters.
            expires_at: Wall time from which it is refused. Null or absent for never.
            login: Account it shall belong to; only an admin key may name one. Null or absent: the
                caller's own, or none for scope `admin`.

        Returns:
            The new key, with its secret.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return create_key.sync(
            client=self,
            body=CreateKeyRequest(scope=KeyScope(scope), label=label, expires_at=expires_at, login=login),
        )

    def revoke_key(self, key_id: str) -> ApiKey:
        """Revoke a key.

        From now on the key is refused with 403. It stays in the list, with `revoked_at`. A `full` or
        `admin` key may revoke itself. Revoking one that is revoked already changes nothing.

        Example:
            ```
            client.revoke_key("3f9a1c0b7d2e4856")
            ```

        Args:
            key_id: Id of the key (not the key itself).

        Returns:
            The key, now revoked.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return revoke_key.sync(key_id, client=self)

    def rotate_key(self, key_id: str, *, overlap_seconds: int = 0) -> IssuedApiKey:
        """Replace a key.

        Makes a new key with the scope, account, label and expiry of the old one; the answer carries it in
        `api_key`, this once. The old key ends at once, or after `overlap_seconds`, so that a running bot
        can change over. Its `key_id` stands in `GET /api/keys`, beside the `prefix` with which the key
        begins. A `full` or `admin` key may rotate itself; a `read` or `trade` key is rotated by one of
        those.

        A key is rotated once: one that was rotated already, or is expired or revoked, is 400 `REJECTED`. If
        the answer was lost, revoke the successor, which is in the list, and create a key. Without an
        overlap, a key that rotates itself and loses the answer locks itself out.

        Example:
            ```
            client.rotate_key("3f9a1c0b7d2e4856", overlap_seconds=3600)
            ```

        Args:
            key_id: Id of the key (not the key itself).
            overlap_seconds: How long the old key still works, in seconds of wall time: at most seven
                days, and never beyond its `expires_at`.

        Returns:
            The new key, with its secret.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return rotate_key.sync(key_id, client=self, body=RotateKeyRequest(overlap_seconds=overlap_seconds))

    def list_webhooks(self) -> list[Webhook]:
        """List the webhooks.

        All webhooks of the account, oldest first. The list is never paged.

        Example:
            ```
            client.list_webhooks()
            ```

        Returns:
            The webhooks, without their secrets.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return list_webhooks.sync(client=self)

    def create_webhook(
        self, *, url: str, events: list[WebhookEventType], description: str = ""
    ) -> IssuedWebhook:
        """Create a webhook.

        Has the events you name sent to `url`, from now on. The answer carries the `secret` that signs them,
        this once.

        A `url` that the server would not call is 400 `INVALID_URL`. An account has at most 20 webhooks (400
        `LIMIT_WEBHOOKS`).

        Example:
            ```
            client.create_webhook(
                url="https://bots.example.com/tradyn",
                events=[WebhookEventType.DEAL_CREATED, WebhookEventType.POSITION_CLOSED],
                description="bookkeeping",
            )
            ```

        Args:
            url: Where events are sent: an `https` URL without a user name or a fragment, in ASCII.
            events: What is sent.
            description: What it is for, in your words; at most 64 characters.

        Returns:
            The new webhook, with its secret.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return create_webhook.sync(
            client=self, body=CreateWebhookRequest(url=url, events=events, description=description)
        )

    def get_webhook(self, webhook_id: str) -> Webhook:
        """Get a webhook.

        One webhook, without its secret.

        Example:
            ```
            client.get_webhook("5c1d9e2a7b40f836")
            ```

        Args:
            webhook_id: Id of the webhook.

        Returns:
            The webhook.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return get_webhook.sync(webhook_id, client=self)

    def delete_webhook(self, webhook_id: str) -> Webhook:
        """Delete a webhook.

        Nothing more is sent, and its deliveries are forgotten.

        Example:
            ```
            client.delete_webhook("5c1d9e2a7b40f836")
            ```

        Args:
            webhook_id: Id of the webhook.

        Returns:
            The webhook as it was.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return delete_webhook.sync(webhook_id, client=self)

    def update_webhook(
        self,
        webhook_id: str,
        *,
        url: str | None = None,
        events: list[WebhookEventType] | None = None,
        description: str | None = None,
        enabled: bool | None = None,
    ) -> Webhook:
        """Change a webhook.

        What is absent stays as it is. `enabled: false` stops the sending; `enabled: true` goes on where it
        stopped, also where the server has disabled the webhook, and then begins with the event that could
        not be delivered. Other `events` count from the next event that is sent. After a change of `url` the
        next attempt is made at once.

        Example:
            ```
            client.update_webhook("5c1d9e2a7b40f836", enabled=True)
            ```

        Args:
            webhook_id: Id of the webhook.
            url: Where events are sent: an `https` URL without a user name or a fragment, in ASCII.
            events: What is sent.
            description: What it is for, in your words; at most 64 characters.
            enabled: Whether events are sent.

        Returns:
            The webhook as it is now.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return update_webhook.sync(
            webhook_id,
            client=self,
            body=UpdateWebhookRequest(url=url, events=events, description=description, enabled=enabled),
        )

    def rotate_webhook_secret(self, webhook_id: str, *, overlap_seconds: int = 0) -> IssuedWebhook:
        """Replace the secret of a webhook.

        Makes a new secret; the answer carries it, this once. The former secret ends at once, or signs
        beside the new one for `overlap_seconds`, so that a receiver can change over. A secret that was
        still signing beside the former one ends.

        Example:
            ```
            client.rotate_webhook_secret("5c1d9e2a7b40f836", overlap_seconds=86400)
            ```

        Args:
            webhook_id: Id of the webhook.
            overlap_seconds: How long the former secret signs too, in seconds of wall time; at most
                seven days.

        Returns:
            The webhook, with its new secret.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return rotate_webhook_secret.sync(
            webhook_id, client=self, body=RotateSecretRequest(overlap_seconds=overlap_seconds)
        )

    def test_webhook(self, webhook_id: str) -> WebhookDelivery:
        """Send a test event.

        Sends an event of type `webhook.test`, now and once, whatever `events` the webhook has and also if
        it is disabled. The answer comes after the receiver's, or after 10 seconds, and says what came of
        it. While another test or redelivery of the webhook is under way, it is 400 `REJECTED`.

        Example:
            ```
            client.test_webhook("5c1d9e2a7b40f836")
            ```

        Args:
            webhook_id: Id of the webhook.

        Returns:
            The delivery.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return test_webhook.sync(webhook_id, client=self)

    def list_deliveries(
        self, webhook_id: str, *, limit: int = 100, cursor: str | None = None
    ) -> WebhookDeliveryPage:
        """List the deliveries of a webhook.

        What was sent, or is to be sent again; the newest first. The last 1000 are kept. What waits behind a
        delivery that is `pending` is not listed yet.

        Example:
            ```
            client.list_deliveries("5c1d9e2a7b40f836")
            ```

        Args:
            webhook_id: Id of the webhook.
            limit: Most entries in a page.
            cursor: The `next_cursor` of the page before; the other parameters stay as they were.
                Absent, the first page.

        Returns:
            A page of deliveries.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return list_deliveries.sync(webhook_id, client=self, limit=limit, cursor=cursor)

    def iterate_deliveries(self, webhook_id: str, *, limit: int = 100) -> Iterator[WebhookDelivery]:
        """List the deliveries of a webhook, entry by entry through all pages, each asked for when it is needed.

        Example:
            ```
            for webhook_delivery in client.iterate_deliveries("5c1d9e2a7b40f836"):
                print(webhook_delivery)
            ```

        Args:
            webhook_id: Id of the webhook.
            limit: Entries of a page.
        """
        return list_deliveries.iterate(webhook_id, client=self, limit=limit)

    def redeliver(self, webhook_id: str, delivery_id: str) -> WebhookDelivery:
        """Send a delivery again.

        Sends it now and once, with the same `webhook-id`, also if it was delivered or the webhook is
        disabled. Of a `pending` one this is the next attempt. The answer comes after the receiver's, or
        after 10 seconds, and says what came of it. While another test or redelivery of the webhook is under
        way, it is 400 `REJECTED`.

        Example:
            ```
            client.redeliver("5c1d9e2a7b40f836", "msg_5c1d9e2a7b40f836_2_deal_created")
            ```

        Args:
            webhook_id: Id of the webhook.
            delivery_id: Id of the delivery: the `webhook-id` it was sent with.

        Returns:
            The delivery as it is now.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return redeliver.sync(webhook_id, delivery_id, client=self)

    def list_accounts(self, *, limit: int = 100, cursor: str | None = None) -> AccountPage:
        """List the accounts.

        All accounts of the server at the present quotes, in the order of their logins.

        Example:
            ```
            client.list_accounts()
            ```

        Args:
            limit: Most entries in a page.
            cursor: The `next_cursor` of the page before; the other parameters stay as they were.
                Absent, the first page.

        Returns:
            A page of accounts.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return list_accounts.sync(client=self, limit=limit, cursor=cursor)

    def iterate_accounts(self, *, limit: int = 100) -> Iterator[Account]:
        """List the accounts, entry by entry through all pages, each asked for when it is needed.

        Example:
            ```
            for account in client.iterate_accounts():
                print(account)
            ```

        Args:
            limit: Entries of a page.
        """
        return list_accounts.iterate(client=self, limit=limit)

    def create_account(
        self,
        *,
        currency: AccountCurrency
        | Literal["USD", "EUR", "GBP", "JPY", "CHF", "AUD", "CAD", "NZD"] = AccountCurrency.USD,
        leverage: int = 100,
        balance: float | Decimal = 10000.0,
        margin_call_level: float | Decimal = 100.0,
        stop_out_level: float | Decimal = 50.0,
        name: str = "Demo",
    ) -> CreatedAccount:
        """Open an account.

        Opens an account and books its initial balance as its first deal. The answer carries a first `full`
        key in `api_key`, this once; its `key_id` stands in `GET /api/keys?login=…`. An empty object opens
        an account with the defaults.

        Example:
            ```
            client.create_account(currency="EUR", leverage=30, balance=5000, name="Breakout bot")
            ```

        Args:
            currency: Currency of an account, ISO 4217.
            leverage: Leverage: 100 stands for 1:100.
            balance: Initial balance, in the account's currency.
            margin_call_level: Margin level below which the account is in margin call, in percent.
            stop_out_level: Margin level below which the broker closes positions, in percent.
            name: A name, at most 64 characters.

        Returns:
            The new account and its first key.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return create_account.sync(
            client=self,
            body=CreateAccountRequest(
                currency=AccountCurrency(currency),
                leverage=leverage,
                balance=number(balance),
                margin_call_level=number(margin_call_level),
                stop_out_level=number(stop_out_level),
                name=name,
            ),
        )

    def get_account_by_login(self, login: int) -> Account:
        """Get any account.

        What the owner of the account sees with `GET /api/account`.

        Example:
            ```
            client.get_account_by_login(10001)
            ```

        Args:
            login: Login of the account.

        Returns:
            The account.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return get_account_by_login.sync(login, client=self)

    def change_balance(
        self, login: int, *, amount: float | Decimal, comment: str = "", client_order_id: str | None = None
    ) -> Deal:
        """Deposit or withdraw.

        Books a positive `amount` as a deposit, a negative one as a withdrawal. A withdrawal of more than
        the free margin is refused with `INSUFFICIENT_MARGIN`, an amount of 0, or one that rounds to 0, with
        `NO_CHANGES`.

        Example:
            ```
            client.change_balance(10001, amount=500, comment="Top up", client_order_id="top-up-1")
            ```

        Args:
            login: Login of the account.
            amount: Amount in the account's currency: positive to deposit, negative to withdraw, not 0.
            comment: A comment, at most 31 characters.
            client_order_id: Your own name for this request, so that it is done once: printable ASCII
                without spaces.

        Returns:
            The deal that changed the balance.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return change_balance.sync(
            login,
            client=self,
            body=BalanceRequest(amount=number(amount), comment=comment, client_order_id=client_order_id),
        )

    def reset_account(self, login: int) -> Account:
        """Reset an account.

        Closes all positions, cancels all orders and brings the balance back to the initial one with a
        single balance deal. The history stays, tickets go on counting, and used `client_order_id`s stay
        used.

        Example:
            ```
            client.reset_account(10001)
            ```

        Args:
            login: Login of the account.

        Returns:
            The account, as at its beginning.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return reset_account.sync(login, client=self)

    def get_clock(self) -> Clock:
        """Get the market's clock.

        How market time passes, and what time it is in the market.

        Example:
            ```
            client.get_clock()
            ```

        Returns:
            The clock.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return get_clock.sync(client=self)

    def update_clock(
        self,
        *,
        mode: ClockMode | Literal["realtime", "accelerated", "manual"] | None = None,
        speed: float | Decimal | None = None,
        now: datetime.datetime | None = None,
    ) -> Clock:
        """Change the market's clock.

        Stops, starts or speeds up market time, or sets it. What is absent stays as it is.

        Setting `now` jumps: orders whose time has come expire and swaps are charged, but no quotes are made
        on the way (`POST /api/simulation/clock/advance` makes them). Setting it back, or more than 366 days
        ahead, is refused with `INVALID_TIME`.

        Example:
            ```
            client.update_clock(mode="manual")
            ```

        Args:
            mode: `realtime`: as fast as the wall clock. `accelerated`: `speed` times as fast. `manual`:
                it stands still, and moves only when it is advanced, set, or quotes are pushed.
            speed: Seconds of market time in a second of wall time, in mode `accelerated`.
            now: Market time to set; not earlier than it is.

        Returns:
            The clock as it is now.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return update_clock.sync(
            client=self,
            body=ClockUpdate(mode=None if mode is None else ClockMode(mode), speed=number(speed), now=now),
        )

    def advance_clock(
        self, *, seconds: float | Decimal | None = None, to: datetime.datetime | None = None
    ) -> Clock:
        """Let market time pass.

        Moves market time on by `seconds` or `to` a moment, at most seven days, with everything that happens
        on the way: the feed's quotes, stops and orders that trigger, expirations, swaps. The answer comes
        when it is done. A `to` that lies in the past or more than seven days ahead is refused with
        `INVALID_TIME`, more `seconds` than that with `INVALID_REQUEST`.

        Example:
            ```
            client.advance_clock(seconds=3600)
            ```

        Args:
            seconds: By how much, in seconds of market time; at most seven days.
            to: To which market time; not earlier than it is, and at most seven days on.

        Returns:
            The clock afterwards.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return advance_clock.sync(client=self, body=AdvanceRequest(seconds=number(seconds), to=to))

    def push_quotes(self, *, quotes: list[PushedQuote]) -> PushedQuotes:
        """Push quotes into the market.

        Puts quotes into the market, one after the other; after each one everything that it triggers is
        done. In manual mode the clock moves to each quote's `time`. The feed goes on afterwards: its next
        quote takes the place of yours. In manual mode it makes quotes only when the clock is moved.

        All or none: when one of them is refused, none is taken. Refused are an unknown symbol
        (`UNKNOWN_SYMBOL`), a bid above the ask (`INVALID_PRICE`), a time that goes backwards
        (`INVALID_TIME`), and a time at which the symbol is out of session (`MARKET_CLOSED`): there quotes
        stand still, whoever has them. The body may have 2 MiB.

        Example:
            ```
            client.push_quotes(
                quotes=[
                    PushedQuote(
                        symbol="EURUSD",
                        bid=1.0885,
                        ask=1.08858,
                        time=datetime.fromisoformat("2026-03-02T10:00:00Z"),
                    ),
                    PushedQuote(
                        symbol="EURUSD",
                        bid=1.08847,
                        ask=1.08855,
                        time=datetime.fromisoformat("2026-03-02T10:00:01Z"),
                    ),
                ]
            )
            ```

        Args:
            quotes: The quotes.

        Returns:
            How many were taken.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return push_quotes.sync(client=self, body=PushQuotesRequest(quotes=quotes))

    def get_faults(self) -> Faults:
        """Get the faults.

        What goes wrong on purpose at present.

        Example:
            ```
            client.get_faults()
            ```

        Returns:
            The faults.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return get_faults.sync(client=self)

    def set_faults(
        self,
        *,
        connected: bool = True,
        latency_ms: int = 0,
        reject_rate: float | Decimal = 0.0,
        error_rate: float | Decimal = 0.0,
        lost_reply_rate: float | Decimal = 0.0,
        slippage_points: int = 0,
        disconnects: list[Disconnect] | None = None,
        seed: int = 0,
    ) -> Faults:
        """Set the faults.

        Replaces all faults. What is absent takes its default, so an empty object `{}` clears them all.
        Faults touch the operations of the Tradyn Terminal and Analysis, never API Keys, Accounts,
        Simulation and Service.

        To have one request fail and no other, set a rate of 1, send it, and clear the faults before you
        send it again.

        Example:
            ```
            client.set_faults(
                latency_ms=250,
                lost_reply_rate=0.01,
                disconnects=[
                    Disconnect(
                        from_=datetime.fromisoformat("2026-03-02T12:00:00.000Z"),
                        to=datetime.fromisoformat("2026-03-02T12:05:00.000Z"),
                    )
                ],
                seed=7,
            )
            ```

        Args:
            connected: Whether the trading server is connected. If not, requests are answered 503.
            latency_ms: How long a request to trade is on its way, in milliseconds of market time; it is
                done at the quote of its arrival. While the clock is manual, the request waits until the
                clock is moved.
            reject_rate: Share of well-formed requests to trade, close, place, change or cancel that are
                refused with 400 `REJECTED`, 0 to 1; a preview is not.
            error_rate: Share of requests that are answered 500, before anything is done; 0 to 1.
            lost_reply_rate: Share of well-formed requests, also reading and refused ones, that are done
                and then not answered: the connection is closed; 0 to 1. At 1 a repetition is lost, too.
            slippage_points: How far market and stop fills move against the client at most, in points.
            disconnects: Times in which the trading server is not connected.
            seed: Seed of all this chance: the same seed and requests give the same faults. Whenever
                faults are set, it begins anew.

        Returns:
            The faults as they are now.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return set_faults.sync(
            client=self,
            body=FaultsRequest(
                connected=connected,
                latency_ms=latency_ms,
                reject_rate=number(reject_rate),
                error_rate=number(error_rate),
                lost_reply_rate=number(lost_reply_rate),
                slippage_points=slippage_points,
                disconnects=disconnects,
                seed=seed,
            ),
        )

    def get_liveness(self) -> Health:
        """Is the server alive?

        Answers as long as the process does its work. If it does not answer, start the server again.

        Example:
            ```
            client.get_liveness()
            ```

        Returns:
            It is alive.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return get_liveness.sync(client=self)

    def get_readiness(self) -> Health:
        """Is the server ready?

        Answers 200 when requests can be served, and 503 while the server is starting, stopping, or cannot
        write its journal.

        Example:
            ```
            client.get_readiness()
            ```

        Returns:
            It is ready.

        Raises:
            errors.TradynError: It was not done; the class says why.
        """
        return get_readiness.sync(client=self)


class AsyncClient(Connection):
    """The same as `Client`, with methods to be awaited.

    Example:
        ```
        async with AsyncClient() as client:
            print((await client.get_account()).balance)
        ```

    Its settings are those of `Connection`.
    """

    async def get_account(self) -> Account:
        """Get the account. As `Client.get_account`, to be awaited.

        Example:
            ```
            await client.get_account()
            ```
        """
        return await get_account.asyncio(client=self)

    async def get_account_history(
        self,
        *,
        from_: datetime.datetime | None = None,
        to: datetime.datetime | None = None,
        symbol: str | None = None,
        order: SortOrder | Literal["asc", "desc"] = SortOrder.ASC,
        limit: int = 100,
        cursor: str | None = None,
    ) -> DealPage:
        """List the account's deals. As `Client.get_account_history`, to be awaited.

        Example:
            ```
            await client.get_account_history(
                from_=datetime.fromisoformat("2026-03-02T00:00:00Z"),
                to=datetime.fromisoformat("2026-03-03T00:00:00Z"),
            )
            ```
        """
        return await get_account_history.asyncio(
            client=self, from_=from_, to=to, symbol=symbol, order=SortOrder(order), limit=limit, cursor=cursor
        )

    def iterate_account_history(
        self,
        *,
        from_: datetime.datetime | None = None,
        to: datetime.datetime | None = None,
        symbol: str | None = None,
        order: SortOrder | Literal["asc", "desc"] = SortOrder.ASC,
        limit: int = 100,
    ) -> AsyncIterator[Deal]:
        """List the account's deals, entry by entry through all pages, each asked for when it is needed.

        Example:
            ```
            async for deal in client.iterate_account_history():
                print(deal)
            ```

        """
        return get_account_history.iterate_async(
            client=self, from_=from_, to=to, symbol=symbol, order=SortOrder(order), limit=limit
        )

    async def list_positions(self, *, symbol: str | None = None) -> list[Position]:
        """List the open positions. As `Client.list_positions`, to be awaited.

        Example:
            ```
            await client.list_positions(symbol="EURUSD")
            ```
        """
        return await list_positions.asyncio(client=self, symbol=symbol)

    async def get_position(self, ticket: int) -> Position:
        """Get a position. As `Client.get_position`, to be awaited.

        Example:
            ```
            await client.get_position(2)
            ```
        """
        return await get_position.asyncio(ticket, client=self)

    async def close_position(
        self,
        ticket: int,
        *,
        volume: float | Decimal | None = None,
        deviation: int | None = None,
        client_order_id: str | None = None,
    ) -> CloseResult:
        """Close a position. As `Client.close_position`, to be awaited.

        Example:
            ```
            await client.close_position(2, volume=0.05)
            ```
        """
        return await close_position.asyncio(
            ticket, client=self, volume=number(volume), deviation=deviation, client_order_id=client_order_id
        )

    async def modify_position(
        self,
        ticket: int,
        *,
        sl: float | Decimal | Unset | None = UNSET,
        tp: float | Decimal | Unset | None = UNSET,
        trailing_stop: int | Unset | None = UNSET,
    ) -> Position:
        """Move a position's stops. As `Client.modify_position`, to be awaited.

        Example:
            ```
            await client.modify_position(2, sl=1.085, tp=1.098)
            ```
        """
        return await modify_position.asyncio(
            ticket,
            client=self,
            body=ModifyPositionRequest(sl=number(sl), tp=number(tp), trailing_stop=trailing_stop),
        )

    async def list_orders(
        self,
        *,
        symbol: str | None = None,
        state: OrderState
        | Literal["placed", "filled", "canceled", "expired", "rejected"] = OrderState.PLACED,
        limit: int = 100,
        cursor: str | None = None,
    ) -> OrderPage:
        """List pending orders. As `Client.list_orders`, to be awaited.

        Example:
            ```
            await client.list_orders(symbol="EURUSD", state="placed")
            ```
        """
        return await list_orders.asyncio(
            client=self, symbol=symbol, state=OrderState(state), limit=limit, cursor=cursor
        )

    def iterate_orders(
        self,
        *,
        symbol: str | None = None,
        state: OrderState
        | Literal["placed", "filled", "canceled", "expired", "rejected"] = OrderState.PLACED,
        limit: int = 100,
    ) -> AsyncIterator[Order]:
        """List pending orders, entry by entry through all pages, each asked for when it is needed.

        Example:
            ```
            async for order in client.iterate_orders():
                print(order)
            ```

        """
        return list_orders.iterate_async(client=self, symbol=symbol, state=OrderState(state), limit=limit)

    async def place_order(
        self,
        *,
        symbol: str,
        type_: OrderType
        | Literal[
            "buy",
            "sell",
            "buy_limit",
            "sell_limit",
            "buy_stop",
            "sell_stop",
            "buy_stop_limit",
            "sell_stop_limit",
        ],
        volume: float | Decimal,
        price: float | Decimal,
        price_stop_limit: float | Decimal | Unset | None = UNSET,
        sl: float | Decimal | Unset | None = UNSET,
        tp: float | Decimal | Unset | None = UNSET,
        expiration: datetime.datetime | Unset | None = UNSET,
        magic: int = 0,
        comment: str = "",
        client_order_id: str | None = None,
    ) -> Order:
        """Place a pending order. As `Client.place_order`, to be awaited.

        Example:
            ```
            await client.place_order(
                symbol="EURUSD",
                type_="buy_limit",
                volume=0.2,
                price=1.08,
                sl=1.075,
                tp=1.09,
                expiration=datetime.fromisoformat("2026-03-06T20:00:00Z"),
                client_order_id="dip-1",
            )
            ```
        """
        return await place_order.asyncio(
            client=self,
            body=OrderRequest(
                symbol=symbol,
                type_=OrderType[type_.upper()] if isinstance(type_, str) else type_,
                volume=number(volume),
                price=number(price),
                price_stop_limit=number(price_stop_limit),
                sl=number(sl),
                tp=number(tp),
                expiration=expiration,
                magic=magic,
                comment=comment,
                client_order_id=client_order_id,
            ),
        )

    async def get_order(self, ticket: int) -> Order:
        """Get an order. As `Client.get_order`, to be awaited.

        Example:
            ```
            await client.get_order(4)
            ```
        """
        return await get_order.asyncio(ticket, client=self)

    async def cancel_order(self, ticket: int) -> Order:
        """Cancel a pending order. As `Client.cancel_order`, to be awaited.

        Example:
            ```
            await client.cancel_order(4)
            ```
        """
        return await cancel_order.asyncio(ticket, client=self)

    async def modify_order(
        self,
        ticket: int,
        *,
        price: float | Decimal | None = None,
        price_stop_limit: float | Decimal | None = None,
        sl: float | Decimal | Unset | None = UNSET,
        tp: float | Decimal | Unset | None = UNSET,
        expiration: datetime.datetime | Unset | None = UNSET,
    ) -> Order:
        """Change a pending order. As `Client.modify_order`, to be awaited.

        Example:
            ```
            await client.modify_order(4, price=1.081)
            ```
        """
        return await modify_order.asyncio(
            ticket,
            client=self,
            body=ModifyOrderRequest(
                price=number(price),
                price_stop_limit=number(price_stop_limit),
                sl=number(sl),
                tp=number(tp),
                expiration=expiration,
            ),
        )

    async def trade(
        self,
        *,
        symbol: str,
        action: Side | Literal["buy", "sell"],
        volume: float | Decimal,
        sl: float | Decimal | Unset | None = UNSET,
        tp: float | Decimal | Unset | None = UNSET,
        deviation: int | None = None,
        magic: int = 0,
        comment: str = "",
        client_order_id: str | None = None,
    ) -> TradeResult:
        """Buy or sell at the market. As `Client.trade`, to be awaited.

        Example:
            ```
            await client.trade(symbol="EURUSD", action="buy", volume=0.1, sl=1.08, tp=1.095)
            ```
        """
        return await trade.asyncio(
            client=self,
            body=TradeRequest(
                symbol=symbol,
                action=Side(action),
                volume=number(volume),
                sl=number(sl),
                tp=number(tp),
                deviation=deviation,
                magic=magic,
                comment=comment,
                client_order_id=client_order_id,
            ),
        )

    async def close_all(
        self,
        *,
        symbol: str | None = None,
        type_: Side | Literal["buy", "sell"] | None = None,
        result: PositionResult | Literal["all", "winning", "losing"] = PositionResult.ALL,
        client_order_id: str | None = None,
    ) -> CloseAllResult:
        """Close many positions. As `Client.close_all`, to be awaited.

        Example:
            ```
            await client.close_all(symbol="EURUSD", result="winning", client_order_id="take-it")
            ```
        """
        return await close_all.asyncio(
            client=self,
            body=CloseAllRequest(
                symbol=symbol,
                type_=None if type_ is None else Side(type_),
                result=PositionResult(result),
                client_order_id=client_order_id,
            ),
        )

    async def list_symbols(self) -> list[Symbol]:
        """List the symbols. As `Client.list_symbols`, to be awaited.

        Example:
            ```
            await client.list_symbols()
            ```
        """
        return await list_symbols.asyncio(client=self)

    async def get_symbol(self, symbol: str) -> Symbol:
        """Get a symbol. As `Client.get_symbol`, to be awaited.

        Example:
            ```
            await client.get_symbol("EURUSD")
            ```
        """
        return await get_symbol.asyncio(symbol, client=self)

    async def get_quote(self, symbol: str) -> Quote:
        """Get a quote. As `Client.get_quote`, to be awaited.

        Example:
            ```
            await client.get_quote("EURUSD")
            ```
        """
        return await get_quote.asyncio(symbol, client=self)

    async def get_candles(
        self,
        symbol: str,
        *,
        timeframe: Timeframe
        | Literal["M1", "M5", "M15", "M30", "H1", "H4", "D1", "W1", "MN1"] = Timeframe.H1,
        count: int = 100,
        from_: datetime.datetime | None = None,
        to: datetime.datetime | None = None,
    ) -> list[Candle]:
        """Get candles. As `Client.get_candles`, to be awaited.

        Example:
            ```
            await client.get_candles("EURUSD", timeframe="H1", count=2)
            ```
        """
        return await get_candles.asyncio(
            symbol, client=self, timeframe=Timeframe(timeframe), count=count, from_=from_, to=to
        )

    async def preview_trade(
        self,
        *,
        symbol: str,
        action: Side | Literal["buy", "sell"],
        volume: float | Decimal,
        sl: float | Decimal | Unset | None = UNSET,
        tp: float | Decimal | Unset | None = UNSET,
        deviation: int | None = None,
        magic: int = 0,
        comment: str = "",
        client_order_id: str | None = None,
    ) -> Preview:
        """Preview a trade or an order. As `Client.preview_trade`, to be awaited.

        Example:
            ```
            await client.preview_trade(symbol="EURUSD", action="buy", volume=0.1, sl=1.08, tp=1.095)
            ```
        """
        return await preview_trade.asyncio(
            client=self,
            body=TradeRequest(
                symbol=symbol,
                action=Side(action),
                volume=number(volume),
                sl=number(sl),
                tp=number(tp),
                deviation=deviation,
                magic=magic,
                comment=comment,
                client_order_id=client_order_id,
            ),
        )

    async def preview_order(
        self,
        *,
        symbol: str,
        type_: OrderType
        | Literal[
            "buy",
            "sell",
            "buy_limit",
            "sell_limit",
            "buy_stop",
            "sell_stop",
            "buy_stop_limit",
            "sell_stop_limit",
        ],
        volume: float | Decimal,
        price: float | Decimal,
        price_stop_limit: float | Decimal | Unset | None = UNSET,
        sl: float | Decimal | Unset | None = UNSET,
        tp: float | Decimal | Unset | None = UNSET,
        expiration: datetime.datetime | Unset | None = UNSET,
        magic: int = 0,
        comment: str = "",
        client_order_id: str | None = None,
    ) -> Preview:
        """Preview a trade or an order. As `Client.preview_order`, to be awaited.

        Example:
            ```
            await client.preview_order(
                symbol="EURUSD",
                type_="buy_limit",
                volume=0.2,
                price=1.08,
                sl=1.075,
                tp=1.09,
                expiration=datetime.fromisoformat("2026-03-06T20:00:00Z"),
                client_order_id="dip-1",
            )
            ```
        """
        return await preview_trade.asyncio(
            client=self,
            body=OrderRequest(
                symbol=symbol,
                type_=OrderType[type_.upper()] if isinstance(type_, str) else type_,
                volume=number(volume),
                price=number(price),
                price_stop_limit=number(price_stop_limit),
                sl=number(sl),
                tp=number(tp),
                expiration=expiration,
                magic=magic,
                comment=comment,
                client_order_id=client_order_id,
            ),
        )

    async def get_statistics(
        self,
        *,
        from_: datetime.datetime | None = None,
        to: datetime.datetime | None = None,
        symbol: str | None = None,
    ) -> Statistics:
        """Get trading statistics. As `Client.get_statistics`, to be awaited.

        Example:
            ```
            await client.get_statistics(
                from_=datetime.fromisoformat("2026-03-02T00:00:00Z"),
                to=datetime.fromisoformat("2026-03-03T00:00:00Z"),
            )
            ```
        """
        return await get_statistics.asyncio(client=self, from_=from_, to=to, symbol=symbol)

    async def get_equity(
        self,
        *,
        from_: datetime.datetime | None = None,
        to: datetime.datetime | None = None,
        points: int = 100,
    ) -> list[EquityPoint]:
        """Get the equity curve. As `Client.get_equity`, to be awaited.

        Example:
            ```
            await client.get_equity(
                from_=datetime.fromisoformat("2026-03-02T09:00:00Z"),
                to=datetime.fromisoformat("2026-03-02T10:00:00Z"),
            )
            ```
        """
        return await get_equity.asyncio(client=self, from_=from_, to=to, points=points)

    async def close_by(
        self, ticket: int, *, opposite: int, client_order_id: str | None = None
    ) -> CloseByResult:
        """Close a position by an opposite one. As `Client.close_by`, to be awaited.

        Example:
            ```
            await client.close_by(2, opposite=7)
            ```
        """
        return await close_by.asyncio(
            ticket, client=self, body=CloseByRequest(opposite=opposite, client_order_id=client_order_id)
        )

    async def explain(self, ticket: int) -> Explanation:
        """Explain an order, a position or a deal. As `Client.explain`, to be awaited.

        Example:
            ```
            await client.explain(12)
            ```
        """
        return await explain.asyncio(ticket, client=self)

    async def list_keys(self, *, login: int | None = None) -> list[ApiKey]:
        """List the keys. As `Client.list_keys`, to be awaited.

        Example:
            ```
            await client.list_keys(login=10001)
            ```
        """
        return await list_keys.asyncio(client=self, login=login)

    async def create_key(
        self,
        *,
        scope: KeyScope | Literal["read", "trade", "full", "admin"],
        label: str = "",
        expires_at: datetime.datetime | Unset | None = UNSET,
        login: int | Unset | None = UNSET,
    ) -> IssuedApiKey:
        """Create a key. As `Client.create_key`, to be awaited.

        Example:
            ```
            await client.create_key(
                scope="read",
                label="dashboard",
                expires_at=datetime.fromisoformat("2027-01-01T00:00:00Z"),
            )
            ```
        """
        return await create_key.asyncio(
            client=self,
            body=CreateKeyRequest(scope=KeyScope(scope), label=label, expires_at=expires_at, login=login),
        )

    async def revoke_key(self, key_id: str) -> ApiKey:
        """Revoke a key. As `Client.revoke_key`, to be awaited.

        Example:
            ```
            await client.revoke_key("3f9a1c0b7d2e4856")
            ```
        """
        return await revoke_key.asyncio(key_id, client=self)

    async def rotate_key(self, key_id: str, *, overlap_seconds: int = 0) -> IssuedApiKey:
        """Replace a key. As `Client.rotate_key`, to be awaited.

        Example:
            ```
            await client.rotate_key("3f9a1c0b7d2e4856", overlap_seconds=3600)
            ```
        """
        return await rotate_key.asyncio(
            key_id, client=self, body=RotateKeyRequest(overlap_seconds=overlap_seconds)
        )

    async def list_webhooks(self) -> list[Webhook]:
        """List the webhooks. As `Client.list_webhooks`, to be awaited.

        Example:
            ```
            await client.list_webhooks()
            ```
        """
        return await list_webhooks.asyncio(client=self)

    async def create_webhook(
        self, *, url: str, events: list[WebhookEventType], description: str = ""
    ) -> IssuedWebhook:
        """Create a webhook. As `Client.create_webhook`, to be awaited.

        Example:
            ```
            await client.create_webhook(
                url="https://bots.example.com/tradyn",
                events=[WebhookEventType.DEAL_CREATED, WebhookEventType.POSITION_CLOSED],
                description="bookkeeping",
            )
            ```
        """
        return await create_webhook.asyncio(
            client=self, body=CreateWebhookRequest(url=url, events=events, description=description)
        )

    async def get_webhook(self, webhook_id: str) -> Webhook:
        """Get a webhook. As `Client.get_webhook`, to be awaited.

        Example:
            ```
            await client.get_webhook("5c1d9e2a7b40f836")
            ```
        """
        return await get_webhook.asyncio(webhook_id, client=self)

    async def delete_webhook(self, webhook_id: str) -> Webhook:
        """Delete a webhook. As `Client.delete_webhook`, to be awaited.

        Example:
            ```
            await client.delete_webhook("5c1d9e2a7b40f836")
            ```
        """
        return await delete_webhook.asyncio(webhook_id, client=self)

    async def update_webhook(
        self,
        webhook_id: str,
        *,
        url: str | None = None,
        events: list[WebhookEventType] | None = None,
        description: str | None = None,
        enabled: bool | None = None,
    ) -> Webhook:
        """Change a webhook. As `Client.update_webhook`, to be awaited.

        Example:
            ```
            await client.update_webhook("5c1d9e2a7b40f836", enabled=True)
            ```
        """
        return await update_webhook.asyncio(
            webhook_id,
            client=self,
            body=UpdateWebhookRequest(url=url, events=events, description=description, enabled=enabled),
        )

    async def rotate_webhook_secret(self, webhook_id: str, *, overlap_seconds: int = 0) -> IssuedWebhook:
        """Replace the secret of a webhook. As `Client.rotate_webhook_secret`, to be awaited.

        Example:
            ```
            await client.rotate_webhook_secret("5c1d9e2a7b40f836", overlap_seconds=86400)
            ```
        """
        return await rotate_webhook_secret.asyncio(
            webhook_id, client=self, body=RotateSecretRequest(overlap_seconds=overlap_seconds)
        )

    async def test_webhook(self, webhook_id: str) -> WebhookDelivery:
        """Send a test event. As `Client.test_webhook`, to be awaited.

        Example:
            ```
            await client.test_webhook("5c1d9e2a7b40f836")
            ```
        """
        return await test_webhook.asyncio(webhook_id, client=self)

    async def list_deliveries(
        self, webhook_id: str, *, limit: int = 100, cursor: str | None = None
    ) -> WebhookDeliveryPage:
        """List the deliveries of a webhook. As `Client.list_deliveries`, to be awaited.

        Example:
            ```
            await client.list_deliveries("5c1d9e2a7b40f836")
            ```
        """
        return await list_deliveries.asyncio(webhook_id, client=self, limit=limit, cursor=cursor)

    def iterate_deliveries(self, webhook_id: str, *, limit: int = 100) -> AsyncIterator[WebhookDelivery]:
        """List the deliveries of a webhook, entry by entry through all pages, each asked for when it is needed.

        Example:
            ```
            async for webhook_delivery in client.iterate_deliveries("5c1d9e2a7b40f836"):
                print(webhook_delivery)
            ```

        """
        return list_deliveries.iterate_async(webhook_id, client=self, limit=limit)

    async def redeliver(self, webhook_id: str, delivery_id: str) -> WebhookDelivery:
        """Send a delivery again. As `Client.redeliver`, to be awaited.

        Example:
            ```
            await client.redeliver("5c1d9e2a7b40f836", "msg_5c1d9e2a7b40f836_2_deal_created")
            ```
        """
        return await redeliver.asyncio(webhook_id, delivery_id, client=self)

    async def list_accounts(self, *, limit: int = 100, cursor: str | None = None) -> AccountPage:
        """List the accounts. As `Client.list_accounts`, to be awaited.

        Example:
            ```
            await client.list_accounts()
            ```
        """
        return await list_accounts.asyncio(client=self, limit=limit, cursor=cursor)

    def iterate_accounts(self, *, limit: int = 100) -> AsyncIterator[Account]:
        """List the accounts, entry by entry through all pages, each asked for when it is needed.

        Example:
            ```
            async for account in client.iterate_accounts():
                print(account)
            ```

        """
        return list_accounts.iterate_async(client=self, limit=limit)

    async def create_account(
        self,
        *,
        currency: AccountCurrency
        | Literal["USD", "EUR", "GBP", "JPY", "CHF", "AUD", "CAD", "NZD"] = AccountCurrency.USD,
        leverage: int = 100,
        balance: float | Decimal = 10000.0,
        margin_call_level: float | Decimal = 100.0,
        stop_out_level: float | Decimal = 50.0,
        name: str = "Demo",
    ) -> CreatedAccount:
        """Open an account. As `Client.create_account`, to be awaited.

        Example:
            ```
            await client.create_account(currency="EUR", leverage=30, balance=5000, name="Breakout bot")
            ```
        """
        return await create_account.asyncio(
            client=self,
            body=CreateAccountRequest(
                currency=AccountCurrency(currency),
                leverage=leverage,
                balance=number(balance),
                margin_call_level=number(margin_call_level),
                stop_out_level=number(stop_out_level),
                name=name,
            ),
        )

    async def get_account_by_login(self, login: int) -> Account:
        """Get any account. As `Client.get_account_by_login`, to be awaited.

        Example:
            ```
            await client.get_account_by_login(10001)
            ```
        """
        return await get_account_by_login.asyncio(login, client=self)

    async def change_balance(
        self, login: int, *, amount: float | Decimal, comment: str = "", client_order_id: str | None = None
    ) -> Deal:
        """Deposit or withdraw. As `Client.change_balance`, to be awaited.

        Example:
            ```
            await client.change_balance(10001, amount=500, comment="Top up", client_order_id="top-up-1")
            ```
        """
        return await change_balance.asyncio(
            login,
            client=self,
            body=BalanceRequest(amount=number(amount), comment=comment, client_order_id=client_order_id),
        )

    async def reset_account(self, login: int) -> Account:
        """Reset an account. As `Client.reset_account`, to be awaited.

        Example:
            ```
            await client.reset_account(10001)
            ```
        """
        return await reset_account.asyncio(login, client=self)

    async def get_clock(self) -> Clock:
        """Get the market's clock. As `Client.get_clock`, to be awaited.

        Example:
            ```
            await client.get_clock()
            ```
        """
        return await get_clock.asyncio(client=self)

    async def update_clock(
        self,
        *,
        mode: ClockMode | Literal["realtime", "accelerated", "manual"] | None = None,
        speed: float | Decimal | None = None,
        now: datetime.datetime | None = None,
    ) -> Clock:
        """Change the market's clock. As `Client.update_clock`, to be awaited.

        Example:
            ```
            await client.update_clock(mode="manual")
            ```
        """
        return await update_clock.asyncio(
            client=self,
            body=ClockUpdate(mode=None if mode is None else ClockMode(mode), speed=number(speed), now=now),
        )

    async def advance_clock(
        self, *, seconds: float | Decimal | None = None, to: datetime.datetime | None = None
    ) -> Clock:
        """Let market time pass. As `Client.advance_clock`, to be awaited.

        Example:
            ```
            await client.advance_clock(seconds=3600)
            ```
        """
        return await advance_clock.asyncio(client=self, body=AdvanceRequest(seconds=number(seconds), to=to))

    async def push_quotes(self, *, quotes: list[PushedQuote]) -> PushedQuotes:
        """Push quotes into the market. As `Client.push_quotes`, to be awaited.

        Example:
            ```
            await client.push_quotes(
                quotes=[
                    PushedQuote(
                        symbol="EURUSD",
                        bid=1.0885,
                        ask=1.08858,
                        time=datetime.fromisoformat("2026-03-02T10:00:00Z"),
                    ),
                    PushedQuote(
                        symbol="EURUSD",
                        bid=1.08847,
                        ask=1.08855,
                        time=datetime.fromisoformat("2026-03-02T10:00:01Z"),
                    ),
                ]
            )
            ```
        """
        return await push_quotes.asyncio(client=self, body=PushQuotesRequest(quotes=quotes))

    async def get_faults(self) -> Faults:
        """Get the faults. As `Client.get_faults`, to be awaited.

        Example:
            ```
            await client.get_faults()
            ```
        """
        return await get_faults.asyncio(client=self)

    async def set_faults(
        self,
        *,
        connected: bool = True,
        latency_ms: int = 0,
        reject_rate: float | Decimal = 0.0,
        error_rate: float | Decimal = 0.0,
        lost_reply_rate: float | Decimal = 0.0,
        slippage_points: int = 0,
        disconnects: list[Disconnect] | None = None,
        seed: int = 0,
    ) -> Faults:
        """Set the faults. As `Client.set_faults`, to be awaited.

        Example:
            ```
            await client.set_faults(
                latency_ms=250,
                lost_reply_rate=0.01,
                disconnects=[
                    Disconnect(
                        from_=datetime.fromisoformat("2026-03-02T12:00:00.000Z"),
                        to=datetime.fromisoformat("2026-03-02T12:05:00.000Z"),
                    )
                ],
                seed=7,
            )
            ```
        """
        return await set_faults.asyncio(
            client=self,
            body=FaultsRequest(
                connected=connected,
                latency_ms=latency_ms,
                reject_rate=number(reject_rate),
                error_rate=number(error_rate),
                lost_reply_rate=number(lost_reply_rate),
                slippage_points=slippage_points,
                disconnects=disconnects,
                seed=seed,
            ),
        )

    async def get_liveness(self) -> Health:
        """Is the server alive? As `Client.get_liveness`, to be awaited.

        Example:
            ```
            await client.get_liveness()
            ```
        """
        return await get_liveness.asyncio(client=self)

    async def get_readiness(self) -> Health:
        """Is the server ready? As `Client.get_readiness`, to be awaited.

        Example:
            ```
            await client.get_readiness()
            ```
        """
        return await get_readiness.asyncio(client=self)


__all__ = ["AsyncClient", "Client"]
