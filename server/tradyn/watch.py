"""`tradyn watch`: quotes, the account, open positions and what happens, live in the terminal.

It is a client of the stream like any other: it knows a server's address and a key, and nothing of its inside.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tradyn.config import ConfigError

__all__ = ["Picture", "events", "sentence", "watch"]

Json = dict[str, Any]

_HAPPENINGS = 12
_FRAMES_A_SECOND = 10
_ACCOUNT_CHANNELS = ("account", "positions", "orders", "deals", "notifications")


@dataclass(slots=True)
class Picture:
    """What is to be seen: the sum of the events so far."""

    quotes: dict[str, Json] = field(default_factory=dict)
    moves: dict[str, int] = field(default_factory=dict)
    account: Json | None = None
    positions: dict[int, Json] = field(default_factory=dict)
    happenings: deque[str] = field(default_factory=lambda: deque(maxlen=_HAPPENINGS))
    is_connected: bool = False

    def take(self, event: Json) -> None:
        """Have an event change the picture."""
        data = event.get("data")
        match event["event"]:
            case "tick":
                assert isinstance(data, dict)
                before = self.quotes.get(data["symbol"], data)["bid"]
                if data["bid"] != before:
                    self.moves[data["symbol"]] = 1 if data["bid"] > before else -1
                self.quotes[data["symbol"]] = data
            case "account":
                self.account = data
            case "positions":
                assert isinstance(data, list)
                self.positions = {each["ticket"]: each for each in data}
            case "position":
                assert isinstance(data, dict)
                self._change(data)
        told = sentence(event)
        if told is not None:
            self.happenings.append(told)

    def _change(self, change: Json) -> None:
        ticket, kind = change["ticket"], change["change"]
        if kind == "closed":
            self.positions.pop(ticket, None)
        elif kind == "opened":
            self.positions[ticket] = change
        elif ticket in self.positions:
            known = self.positions[ticket] | {"volume": change["volume"]}
            if kind == "modified":
                known |= {name: change[name] for name in ("sl", "tp", "trailing_stop")}
            self.positions[ticket] = known

    def draw(self) -> Group:
        """The picture as rich shows it."""
        parts: list[Any] = [self._summary(), self._draw_quotes()]
        if self.positions:
            parts.append(self._draw_positions())
        parts += [Text(each) for each in self.happenings]
        return Group(*parts)

    def _summary(self) -> Text:
        if not self.is_connected:
            return Text("Connecting …", style="yellow")
        if self.account is None:
            return Text("")
        shown = self.account
        level = "–" if shown["margin_level"] is None else f"{shown['margin_level']:,.2f} %"
        digits, currency = shown["currency_digits"], shown["currency"]
        amounts = ((name, shown[name]) for name in ("balance", "equity", "margin", "profit"))
        told = "  ".join(f"{name} {amount:,.{digits}f}" for name, amount in amounts)
        return Text(f"{shown['login']} {shown['name']}  {told} {currency}  level {level}", style="bold")

    def _draw_quotes(self) -> Table:
        table = Table("Symbol", box=None, pad_edge=False)
        for name in ("Bid", "Ask", "Spread", "Time"):
            table.add_column(name, justify="right")
        for symbol, quote in sorted(self.quotes.items()):
            style = {1: "green", -1: "red"}.get(self.moves.get(symbol, 0), "")
            time = quote["time"][11:23]
            table.add_row(
                symbol, str(quote["bid"]), str(quote["ask"]), str(quote["spread"]), time, style=style
            )
        return table

    def _draw_positions(self) -> Table:
        table = Table("Position", "Symbol", "Side", box=None, pad_edge=False)
        for name in ("Lots", "Open", "Now", "SL", "TP"):
            table.add_column(name, justify="right")
        for ticket, each in sorted(self.positions.items()):
            quote = self.quotes.get(each["symbol"])
            now = "" if quote is None else quote["bid" if each["type"] == "buy" else "ask"]
            stops = ("–" if each[name] is None else str(each[name]) for name in ("sl", "tp"))
            prices = (str(each["price_open"]), str(now))
            table.add_row(str(ticket), each["symbol"], each["type"], str(each["volume"]), *prices, *stops)
        return table


def sentence(event: Json) -> str | None:
    """An event as a line; None of what is only to be seen in the picture."""
    data = event.get("data")
    match event["event"]:
        case "deal":
            assert isinstance(data, dict)
            what = f"{data['type']} {data['volume']} {data['symbol']} at {data['price']}"
            if data["symbol"] is None:
                what = f"{data['type']} {data['profit']:+}"
            booked = f", profit {data['profit']:+}" if data["entry"] in ("out", "out_by") else ""
            return f"{data['time'][:19]} deal {data['ticket']}: {what}{booked} ({data['reason']})"
        case "order" if isinstance(data, dict) and data["type"] > 1:
            return f"{(data['time_done'] or data['time_setup'])[:19]} order {data['ticket']}: {data['state']}"
        case "notification":
            assert isinstance(data, dict)
            return f"{data['time'][:19]} {data['text']}"
    return None


async def events(base_url: str, key: str, symbols: Sequence[str]) -> AsyncIterator[Json | None]:
    """The events of the stream, for ever; None where it broke and is opened again.

    Raises:
        ConfigError: the server refuses the key or a symbol, with its sentence.
    """
    url = base_url.replace("http", "ws", 1) + "/api/stream"
    headers = {"Authorization": f"Bearer {key}"}
    versions: dict[str, int] = {}
    async for socket in connect(
        url, additional_headers=headers, compression=None, proxy=None, process_exception=_final
    ):
        ticks: Json = {"symbols": list(symbols)} if symbols else {}
        await socket.send(json.dumps({"op": "subscribe", "channel": "ticks", **ticks}))
        for channel in _ACCOUNT_CHANNELS:
            # Positions are shown as they are, so they begin anew; of all else nothing is left out.
            after = {"after": versions[channel]} if channel in versions and channel != "positions" else {}
            await socket.send(json.dumps({"op": "subscribe", "channel": channel, **after}))
        try:
            async for text in socket:
                event: Json = json.loads(text)
                name = str(event.get("channel") or event["event"])
                if event.get("version") is not None:
                    versions[name if name.endswith("s") else f"{name}s"] = event["version"]
                if event["event"] == "error" and event["code"] != "INSUFFICIENT_SCOPE":
                    raise ConfigError(event["error"])
                yield event
        except ConnectionClosed:
            yield None


def _final(error: Exception) -> Exception | None:
    if isinstance(error, InvalidStatus) and error.response.status_code in (400, 401, 403, 404):
        told = json.loads(bytes(error.response.body or b"{}"))
        return ConfigError(str(told.get("error", error)))
    return None if isinstance(error, OSError | EOFError | InvalidStatus | TimeoutError) else error


async def watch(
    base_url: str, key: str, symbols: Sequence[str], console: Console, echo: Callable[[str], None]
) -> None:
    """Show what happens, until it is cancelled; line by line where there is no terminal."""
    stream = events(base_url, key, symbols)
    if not console.is_terminal:
        async for event in stream:
            told = None if event is None else _line(event)
            if told is not None:
                echo(told)
        return
    picture = Picture()
    with Live(console=console, refresh_per_second=_FRAMES_A_SECOND, get_renderable=picture.draw):
        async for event in stream:
            picture.is_connected = event is not None
            if event is not None:
                picture.take(event)
            await asyncio.sleep(0)


def _line(event: Json) -> str | None:
    if event["event"] == "tick":
        quote = event["data"]
        return f"{quote['time']} {quote['symbol']} {quote['bid']} {quote['ask']}"
    return sentence(event)
