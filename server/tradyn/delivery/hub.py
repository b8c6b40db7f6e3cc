"""The hub: hears of everything once, makes a message of it once, and passes it to every reader who wants it.

What always holds: a message is made and serialised once, however many hear it; one that tells of a
transaction is made when that is durable, not before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tradyn import wire
from tradyn.access import Access, ApiKey
from tradyn.broker.market import Quote
from tradyn.broker.transactions import Transaction
from tradyn.candles import Timeframe
from tradyn.contract import StreamContract
from tradyn.delivery.messages import ACCOUNT_CHANNELS, notification, numbered_message
from tradyn.delivery.reader import Reader, Socket
from tradyn.desk import Desk, is_of_journal, not_connected
from tradyn.errors import ApiError
from tradyn.logs import log_error
from tradyn.market_driver import MarketDriver

__all__ = ["MOST_PAIRS", "Hub"]

_BEAT_SECONDS = 0.1
_BEATS_BETWEEN_KEYS = 5
_KEPT_FRAMES = 4096
_MOST_CANDLES = 500
MOST_PAIRS = 100
_PAGE = 200
_RECENT_DEALS = 100
_EXPIRES_SOON_MS = 86_400_000
# Longer candles take longer to put together, and change less.
_BEATS_OF = {Timeframe.H4: 10, Timeframe.D1: 20, Timeframe.W1: 50, Timeframe.MN1: 100}

Json = dict[str, Any]


class Hub:
    """All readers, and what they hear."""

    def __init__(self, contract: StreamContract, desk: Desk, market: MarketDriver, access: Access) -> None:
        self.contract = contract
        self._desk = desk
        self._market = market
        self._access = access
        self._frame: Callable[[bytes], bytes] = bytes
        self._versions = {login: account.version for login, account in desk.broker.accounts.items()}
        self.readers: set[Reader] = set()
        self._by_symbol: dict[str, set[Reader]] = {}
        self._of_all_symbols: set[Reader] = set()
        self._by_account: dict[int, set[Reader]] = {}
        self._moved: set[str] = set()
        self._stirred: set[int] = set()
        self._to_flush: list[Reader] = []
        self._summaries: dict[int, Json] = {}
        self._is_called: dict[int, bool] = {}
        self._candles: dict[tuple[str, Timeframe], Json] = {}
        self._shown: dict[str, Quote] = {}
        self._made: dict[tuple[int, str, int], bytes | None] = {}
        self._was_connected = True
        self._summarised = 0

    # ------------------------------------------------------------------ readers

    def add(self, socket: Socket, reader: Reader) -> None:
        """A reader whose key was found to be good."""
        self._frame = socket.frame
        self.readers.add(reader)

    def remove(self, reader: Reader) -> None:
        """A reader who has gone."""
        reader.gone()
        self.readers.discard(reader)
        self._of_all_symbols.discard(reader)
        for readers in (*self._by_symbol.values(), *self._by_account.values()):
            readers.discard(reader)

    def count(self, key_id: str) -> int:
        """How many sockets a key has."""
        return sum(each.key.key_id == key_id for each in self.readers)

    def schedule(self, reader: Reader) -> None:
        """Have what a reader is told written at the end of this turn of the loop."""
        if not self._to_flush:
            asyncio.get_running_loop().call_soon(self._flush)
        self._to_flush.append(reader)

    def _flush(self) -> None:
        readers, self._to_flush = self._to_flush, []
        for each in readers:
            try:
                each.flush()
            except Exception as error:
                self._fail([each], error)

    def frame(self, message: Json) -> bytes:
        """A message, seen to fit the document, as it goes over the wire."""
        return self._frame(self.contract.write(message))

    def check_connection(self) -> None:
        """503 `NOT_CONNECTED` while the connection to the trading server is lost, as over HTTP."""
        if not self._is_connected():
            raise ApiError("NOT_CONNECTED", "Not connected to the trading server; subscribe again later")

    def _is_connected(self) -> bool:
        return self._desk.faults.is_connected(self._desk.now)

    # ------------------------------------------------------------------ subscriptions

    def hear_ticks(self, reader: Reader, symbols: Iterable[str] | None) -> None:
        """Begin with the present quote of each symbol; None for all of them."""
        market = self._desk.broker.market
        if symbols is None:
            reader.has_all_ticks = True
            self._of_all_symbols.add(reader)
        else:
            reader.ticks |= set(symbols)
            for symbol in reader.ticks:
                self._by_symbol.setdefault(symbol, set()).add(reader)
        for symbol in market.instruments if symbols is None else symbols:
            # A quote that was pushed is shown once it is saved.
            quote = self._shown.get(symbol) or market.quotes.get(symbol)
            if quote is not None:
                reader.offer(symbol, self._tick(quote))

    def end_ticks(self, reader: Reader, symbols: Iterable[str] | None) -> None:
        """Of these symbols; None for all of them."""
        if symbols is None:
            reader.has_all_ticks = False
            self._of_all_symbols.discard(reader)
        for symbol in list(reader.ticks if symbols is None else symbols):
            reader.ticks.discard(symbol)
            self._by_symbol.get(symbol, set()).discard(reader)

    def hear_candles(self, reader: Reader, pairs: Iterable[tuple[str, Timeframe]]) -> None:
        """Begin with the candle that is forming."""
        for pair in pairs:
            reader.candles.add(pair)
            self._candles.pop(pair, None)
            self._moved.add(pair[0])

    async def hear_account(self, reader: Reader) -> None:
        """Begin with the account as it stands."""
        reader.has_account = True
        self._join(reader)
        login = _login(reader)
        reader.offer("account", self.frame(await self._summary(login)))
        # Whatever the others have heard last, the next summary is for all.
        self._summaries.pop(login, None)
        self._stirred.add(login)

    async def hear_numbered(self, reader: Reader, channel: str, after: int | None) -> tuple[int, Json | None]:
        """Begin where the reader left off, or with a snapshot.

        Returns:
            The version after which messages follow (`bring_up` sends them), and the snapshot, if any.
        """
        login = _login(reader)
        if after is not None:
            if after > self.version(login):
                raise ApiError(
                    "INVALID_CURSOR",
                    f"after: the account has {self.version(login)} transactions, and none of number {after}",
                )
            return after, None
        account = self._desk.account(login)
        version, data = account.version, self._snapshot(channel, login)
        await self._desk.durable(login)
        if channel == "deals":
            found = await self._desk.journal.deals(
                login,
                symbol=None,
                since=None,
                until=None,
                after=version + 1,
                limit=_RECENT_DEALS,
                descending=True,
            )
            market = self._desk.broker.market
            data = [wire.deal_json(market, account, deal) for _, deal in reversed(found)]
        if data is None:
            return version, None
        return version, {"event": channel, "version": version, "data": data}

    def bring_up(self, reader: Reader, channel: str, after: int) -> None:
        """Send what came after this version, and then whatever comes."""
        self._join(reader)
        reader.numbered.pop(channel, None)
        reader.run(channel, self._bring_up(reader, channel, after))

    def end(self, reader: Reader, channel: str) -> None:
        """Of a channel of the account."""
        if channel == "account":
            reader.has_account = False
        else:
            reader.numbered.pop(channel, None)
            reader.stop(channel)

    def version(self, login: int) -> int:
        """The last durable transaction of an account."""
        return self._versions.get(login, 0)

    def _join(self, reader: Reader) -> None:
        self._by_account.setdefault(_login(reader), set()).add(reader)

    def _snapshot(self, channel: str, login: int) -> list[Json] | None:
        broker, account = self._desk.broker, self._desk.account(login)
        market = broker.market
        if channel == "positions":
            return [
                wire.position_json(
                    market, account, each, broker.profit(account, each), broker.margin(account, each)
                )
                for _, each in sorted(account.positions.items())
            ]
        if channel == "orders":
            return [
                wire.order_json(market.instruments[each.symbol], each, market.quotes.get(each.symbol))
                for _, each in sorted(account.orders.items())
            ]
        return None

    async def _bring_up(self, reader: Reader, channel: str, after: int) -> None:
        login = _login(reader)
        try:
            while await reader.keeps_up():
                if not self._is_connected():
                    await asyncio.sleep(_BEAT_SECONDS)
                    continue
                # That the connection is back is told before what had to wait for it.
                self._watch_connection()
                head = self.version(login)
                if after >= head:
                    # From here on it hears with the others; nothing can come in between.
                    reader.numbered[channel] = after
                    reader.done(channel)
                    return
                for transaction in await self._desk.journal.read(login, after, _PAGE):
                    if transaction.version > head:
                        break
                    after = transaction.version
                    frame = self._numbered(transaction, channel)
                    if frame is not None:
                        reader.tell(frame)
                # However much there is to be read, others have their turn.
                await asyncio.sleep(0)
        except Exception as error:
            self._fail([reader], error)

    # ------------------------------------------------------------------ what is heard

    def quoted(self, quote: Quote) -> None:
        """A symbol has a new quote."""
        symbol = quote.symbol
        shown = self._shown.get(symbol)
        if shown is not None and quote.time < shown.time:
            return  # It was pushed, and the feed has gone on while it was saved.
        self._shown[symbol] = quote
        self._moved.add(symbol)
        readers = self._by_symbol.get(symbol)
        if (not readers and not self._of_all_symbols) or not self._is_connected():
            return
        frame = self._tick(quote)
        for each in readers or ():
            each.offer(symbol, frame)
        for each in self._of_all_symbols:
            if symbol not in each.ticks:
                each.offer(symbol, frame)

    def heard(self, transactions: Sequence[Transaction]) -> None:
        """These are durable."""
        for transaction in transactions:
            login = transaction.account
            self._versions[login] = transaction.version
            readers = self._by_account.get(login)
            if readers:
                self._stirred.add(login)
                try:
                    self._pass_on(transaction, readers)
                except Exception as error:
                    self._fail(list(readers), error)

    def _pass_on(self, transaction: Transaction, readers: set[Reader]) -> None:
        self._watch_connection()
        is_connected = self._is_connected()
        for channel in ACCOUNT_CHANNELS:
            hearing = [each for each in readers if channel in each.numbered]
            frame = self._numbered(transaction, channel) if hearing else None
            if frame is None:
                continue
            for each in hearing:
                if not (is_connected and each.tell_numbered(channel, transaction.version, frame)):
                    self.bring_up(each, channel, each.numbered[channel])

    def _numbered(self, transaction: Transaction, channel: str) -> bytes | None:
        """The frame of a transaction's message; made once for all who are brought up or hear it live."""
        key = (transaction.account, channel, transaction.version)
        if key not in self._made:
            if len(self._made) >= _KEPT_FRAMES:
                self._made.clear()
            account = self._desk.account(transaction.account)
            message = numbered_message(self._desk.broker.market, account, transaction, channel)
            self._made[key] = None if message is None else self.frame(message)
        return self._made[key]

    def _fail(self, readers: Iterable[Reader], error: Exception) -> None:
        """Something went wrong in here: whom it touches is sent away, and resumes without a gap."""
        if is_of_journal(error):
            reason = not_connected()
        else:
            log_error("The stream", error)
            reason = ApiError("INTERNAL_ERROR", "The stream failed; connect again and resume")
        for each in readers:
            self.close(each, reason)

    def _tick(self, quote: Quote) -> bytes:
        instrument = self._desk.broker.market.instruments[quote.symbol]
        return self.frame({"event": "tick", "data": wire.quote_json(instrument, quote)})

    # ------------------------------------------------------------------ what is looked at from time to time

    async def run(self) -> None:
        """Ten times a second, for ever: the connection and summaries; keys twice a second."""
        beat = 0
        while True:
            await asyncio.sleep(_BEAT_SECONDS)
            beat += 1
            if not self.readers:
                self._stirred.clear()
                continue
            try:
                self._watch_connection()
                if beat % _BEATS_BETWEEN_KEYS == 0:
                    self._watch_keys()
                await self._send_summaries()
            except Exception as error:
                self._fail((), error)

    async def run_candles(self) -> None:
        """Ten times a second, for ever: the candles that somebody wants."""
        beat = 0
        while True:
            await asyncio.sleep(_BEAT_SECONDS)
            beat += 1
            moved, self._moved = self._moved, set()
            if self.readers and self._is_connected():
                try:
                    await self._send_candles(moved, beat)
                except Exception as error:
                    self._fail((), error)

    async def _send_summaries(self) -> None:
        if not self._is_connected():
            return
        stirred, self._stirred = self._stirred, set()
        newest = max((each.time for each in self._shown.values()), default=0)
        has_moved, self._summarised = newest > self._summarised, newest
        for login, readers in list(self._by_account.items()):
            if not readers:
                del self._by_account[login]
                self._summaries.pop(login, None)
                continue
            holds = bool(self._desk.account(login).positions)
            if not (login in stirred or (has_moved and holds)):
                continue
            message = await self._summary(login)
            known = self._summaries.get(login)
            self._summaries[login] = message["data"]
            self._watch_margin(login, message["data"], readers)
            if known is not None and {**known, "time": ""} == {**message["data"], "time": ""}:
                continue
            frame = self.frame(message)
            for each in readers:
                if each.has_account:
                    each.offer("account", frame)

    async def _summary(self, login: int) -> Json:
        account = self._desk.account(login)
        data = wire.account_json(account, self._desk.broker.figures(account), self._desk.now)
        await self._desk.durable(login)
        return {"event": "account", "data": data}

    def _watch_margin(self, login: int, summary: Mapping[str, Any], readers: Iterable[Reader]) -> None:
        level, limit = summary["margin_level"], summary["margin_call_level"]
        is_called = level is not None and level < limit
        if is_called and not self._is_called.get(login):
            text = f"Margin call: the margin level is {level:.2f} %, below {limit:g} %"
            self._notify(readers, "margin_call", text)
        self._is_called[login] = is_called

    async def _send_candles(self, moved: set[str], beat: int) -> None:
        wanted: dict[tuple[str, Timeframe], list[Reader]] = {}
        for reader in self.readers:
            for pair in reader.candles:
                wanted.setdefault(pair, []).append(reader)
        for pair, readers in wanted.items():
            symbol, timeframe = pair
            is_new = pair not in self._candles
            if symbol not in moved and not is_new:
                continue
            if not is_new and beat % _BEATS_OF.get(timeframe, 1):
                self._moved.add(symbol)
                continue
            known = self._candles.get(pair)
            since = None if known is None else wire.read_time(known["time"])
            count = 1 if known is None else _MOST_CANDLES
            bars = await self._market.candles(symbol, timeframe, count, since, None)
            candles = wire.candles_json(self._desk.broker.market.instruments[symbol], bars)
            self._send_forming(pair, candles, readers)
            await asyncio.sleep(0)
        for pair in self._candles.keys() - wanted.keys():
            del self._candles[pair]

    def _send_forming(
        self, pair: tuple[str, Timeframe], candles: Sequence[Json], readers: Iterable[Reader]
    ) -> None:
        """All that have closed since the last time, and the one that is forming."""
        if not candles or [self._candles.get(pair)] == list(candles):
            return
        self._candles[pair] = candles[-1]
        symbol, timeframe = pair
        for candle in candles:
            is_closed = candle is not candles[-1]
            frame = self.frame(
                {
                    "event": "candle",
                    "symbol": symbol,
                    "timeframe": timeframe.value,
                    "is_closed": is_closed,
                    "data": candle,
                }
            )
            for each in readers:
                each.offer((pair, candle["time"], is_closed), frame)

    def _watch_connection(self) -> None:
        is_connected = self._is_connected()
        if is_connected == self._was_connected:
            return
        self._was_connected = is_connected
        if is_connected:
            self._notify(self.readers, "connection_restored", "The connection to the trading server is back")
            self._stirred |= self._by_account.keys()
        else:
            self._notify(self.readers, "connection_lost", "The connection to the trading server is lost")

    def _watch_keys(self) -> None:
        now = self._access.now()
        for reader in list(self.readers):
            key = self.check_key(reader)
            if (
                key is not None
                and key.expires_at is not None
                and key.expires_at - now < _EXPIRES_SOON_MS
                and not reader.is_told_of_expiry
            ):
                text = f"API key {key.key_id} expires at {wire.time_json(key.expires_at)}"
                reader.is_told_of_expiry = self._notify([reader], "key_expiring", text, now)

    def check_key(self, reader: Reader) -> ApiKey | None:
        """The reader's key; None once it is no longer valid, and then the reader is disconnected."""
        key = self._access.valid(reader.key.key_id)
        if key is None:
            self.close(reader, ApiError("INVALID_API_KEY", "The API key was revoked or has expired"))
        return key

    def close(self, reader: Reader, error: ApiError) -> None:
        """Disconnect a reader, with a reason."""
        reader.close(error)
        self.remove(reader)

    def farewell(self, error: ApiError) -> bytes:
        """The last message of a socket that the server closes."""
        return self.frame({"event": "closing", "code": error.code.name, "error": error.message})

    def notify_account(self, login: int, kind: str, text: str) -> None:
        """Tell the readers of an account something that is no transaction."""
        self._notify(self._by_account.get(login, ()), kind, text, self._access.now())

    def _notify(self, readers: Iterable[Reader], kind: str, text: str, time: int | None = None) -> bool:
        """Tell those who want to hear of it; whether anybody does."""
        data = notification(kind, text, self._desk.now if time is None else time)
        hearing = [
            each
            for each in readers
            if "notifications" in each.numbered or each.is_brought_up("notifications")
        ]
        if hearing:
            frame = self.frame({"event": "notification", "version": None, "data": data})
            for each in hearing:
                each.tell(frame)
        return bool(hearing)


def _login(reader: Reader) -> int:
    assert reader.key.login is not None
    return reader.key.login
