"""What a server says when it is ready: where it is, how it runs, and a request to paste that works."""

from __future__ import annotations

from decimal import Decimal

from tradyn import __version__, wire
from tradyn.app import Server
from tradyn.broker.calendar import is_open, next_open
from tradyn.broker.instruments import Instrument, OrderKind, TradeMode
from tradyn.clock import ClockMode
from tradyn.profiles import SHIPPED

__all__ = ["welcome"]

_FAVOURITE = "EURUSD"
_VOLUME = Decimal("0.1")


def welcome(server: Server) -> str:
    """The text, without a line end."""
    settings, credentials, clock = server.settings, server.credentials, server.market.clock
    account = server.desk.broker.accounts[credentials.login]
    balance = f"{wire.number(account.balance, account.digits):,.{account.digits}f} {account.currency}"
    now = wire.time_json(server.desk.now)
    root = credentials.base_url.removesuffix("/v1")
    pace = f"{clock.mode}, {clock.speed} times as fast" if clock.mode is ClockMode.ACCELERATED else clock.mode
    lines = [f"Tradyn {__version__} is ready at {credentials.base_url}\n"]
    if settings.start is not None and settings.start < server.desk.now and not server.is_new:
        lines.append(f"  The market of this data folder is past --start and goes on from {now}.\n")
    if server.former_profile is not None:
        lines.append(
            f"  The profile of this data folder has changed from {server.former_profile} "
            f"to {server.profile.name}.\n"
        )
    lines.append(f"  Account  {credentials.login}: {balance}, 1:{account.leverage}")
    lines.append(f"  API key  {credentials.api_key}")
    if settings.data_dir is not None:
        lines.append(f"           (with the admin key in {settings.data_dir / 'credentials.json'})")
    lines.append(f"  Profile  {_profile(server)}")
    if settings.instruments is not None:
        lines.append(f"  Symbols  with those of {settings.instruments}")
    lines += [
        f"  Market   {settings.feed}, at {now}, clock {pace}",
        f"  Docs     {root}/docs",
        f"  API      {root}/openapi.yaml\n",
        _sample_request(server),
        "\nStop with Ctrl-C; the next start goes on where this one stopped.",
    ]
    return "\n".join(lines)


def _profile(server: Server) -> str:
    profile = server.profile
    # The default needs no explanation.
    return profile.name if profile.name == SHIPPED[0] else f"{profile.name} ({profile.description})"


def _sample_request(server: Server) -> str:
    """A purchase that will be filled, or else why there is none and another request."""
    credentials, market, now = server.credentials, server.desk.broker.market, server.desk.now
    header = f'-H "Authorization: Bearer {credentials.api_key}"'
    # The favourite first, the others in the catalogue's order.
    symbols = sorted(market.instruments, key=lambda each: each != _FAVOURITE)
    tradable = [each for each in symbols if _can_be_bought(market.instruments[each])]
    quoted = [each for each in tradable if each in market.quotes]
    symbol = next((each for each in quoted if is_open(market.instruments[each], now)), None)
    if symbol is None:
        if quoted and (opening := next_open(market.instruments[quoted[0]], now)) is not None:
            why = f"All markets are closed; {quoted[0]} opens at {wire.time_json(opening)}. "
        elif quoted:
            why = "All markets are closed. "
        else:
            why = "There is no quote yet: push some (POST /api/simulation/quotes, with the admin key). "
        return f"{why}Look at the account:\n\n  curl -s {credentials.base_url}/api/account {header}"
    instrument, quote = market.instruments[symbol], market.quotes[symbol]
    distance = max(quote.bid // 150, instrument.stops_level)
    lots = instrument.lots(max(instrument.volume_min, int(_VOLUME / instrument.volume_step)))
    body = (
        f'{{"symbol": "{symbol}", "action": "buy", "volume": {lots}, '
        f'"sl": {instrument.price(quote.bid - distance)}, "tp": {instrument.price(quote.ask + distance)}}}'
    )
    return (
        f"Buy {lots} {symbol}:\n\n  curl -s {credentials.base_url}/api/trade {header} \\\n"
        f"    -H 'Content-Type: application/json' -d '{body}'"
    )


def _can_be_bought(instrument: Instrument) -> bool:
    """With SL and TP."""
    return (
        instrument.trade_mode in (TradeMode.FULL, TradeMode.LONG_ONLY)
        and {OrderKind.MARKET, OrderKind.SL, OrderKind.TP} <= instrument.order_kinds
    )
