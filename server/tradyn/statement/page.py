"""The statement as a page to print or to send: one file of HTML without script or anything to load."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from html import escape
from typing import Any, Final

from tradyn import wire
from tradyn.broker.orders import OrderType
from tradyn.statement.account_lines import AccountLines, account_lines
from tradyn.statement.closed_positions import closed_positions
from tradyn.statement.content import Json, Statement, account_sum, balances, plain
from tradyn.statement.equity_picture import equity_picture

__all__ = ["statement_html"]

_REASONS: Final = {"client": "Client", "sl": "Stop loss", "tp": "Take profit", "so": "Stop-out"}

_Row = tuple[str, str]


def statement_html(statement: Statement) -> str:
    """The statement as one self-contained page, made for A4."""
    account = statement.account
    title = f"Account statement {account['login']}"
    digits = account["currency_digits"]
    lines = account_lines(statement.deals, statement.equity, wire.decimal(account["credit"]), digits)
    return _PAGE.format(
        title=escape(title),
        style=_STYLE,
        samples=len(statement.equity),
        header=_header(statement),
        tiles=_tiles(statement),
        picture=equity_picture(lines.balance, lines.equity, account["currency"], digits),
        statistics=_statistics(statement, lines),
        positions=_positions(statement),
        orders=_orders(statement),
        closed=_closed(statement),
        deals=_deals(statement),
    )


def _header(statement: Statement) -> str:
    account, deals = statement.account, statement.deals
    facts = (
        ("Account", str(account["login"])),
        ("Currency", account["currency"]),
        ("Leverage", f"1:{account['leverage']}"),
        ("Server", account["server"]),
        ("From", _time(deals[0]["time"] if deals else account["time"])),
        ("To", _time(account["time"])),
    )
    cells = "".join(f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in facts)
    return (
        f'<header><p class="brand">Tradyn</p><h1>Account statement</h1><p class="name">'
        f'{escape(account["name"])}</p><dl class="facts">{cells}</dl></header>'
    )


def _tiles(statement: Statement) -> str:
    account, figures = statement.account, statement.statistics
    digits, currency = account["currency_digits"], escape(account["currency"])

    def money(value: float | int | Decimal) -> str:
        return f"{_signed(value, digits)} <small>{currency}</small>"

    def percent(value: float | int | None) -> str:
        return _signed(value, 2) if value is None else f"{_signed(value, 2)} <small>%</small>"

    tiles = (
        # Balance and what floats, up to the equity, which is their sum.
        *(
            (name, money(amount), _tone(amount) if name.startswith("Floating") else "")
            for name, amount in account_sum(account)
        ),
        ("Margin", money(account["margin"]), ""),
        ("Free margin", money(account["margin_free"]), ""),
        ("Margin level", percent(account["margin_level"]), ""),
        ("Net profit", money(figures["net_profit"]), _tone(figures["net_profit"])),
        ("Profit factor", _signed(figures["profit_factor"], 2), ""),
        ("Expected payoff", _signed(figures["expected_payoff"], digits), ""),
        ("Balance drawdown relative", percent(figures["balance_drawdown_relative"]), ""),
        ("Trades", str(figures["total_trades"]), ""),
    )
    return "".join(
        f'<div class="tile"><span>{name}</span><strong class="{tone}">{value}</strong></div>'
        for name, value, tone in tiles
    )


def _statistics(statement: Statement, lines: AccountLines) -> str:
    figures, digits = statement.statistics, statement.account["currency_digits"]
    fall = lines.drawdown

    def minor(amount: int) -> str:
        return _signed(Decimal(amount).scaleb(-digits), digits)

    def money(name: str) -> str:
        return _signed(figures[name], digits)

    def ratio(name: str, places: int = 2) -> str:
        return _signed(figures[name], places)

    def with_percent(count: str, percent: str) -> str:
        return f"{figures[count]} ({_percent(figures[percent])})"

    def series(trades: str, amount: str) -> str:
        return f"{figures[trades]} ({money(amount)})"

    groups: tuple[tuple[str, tuple[_Row, ...]], ...] = (
        (
            "Result",
            (
                ("Total net profit", money("net_profit")),
                ("Gross profit", money("gross_profit")),
                ("Gross loss", money("gross_loss")),
                ("Swap in it", money("swap")),
                ("Commission in it", money("commission")),
                ("Profit factor", ratio("profit_factor")),
                ("Expected payoff", money("expected_payoff")),
                ("Deposits", money("deposits")),
                ("Withdrawals", money("withdrawals")),
                ("Corrections", money("corrections")),
            ),
        ),
        (
            "Risk",
            (
                ("Balance drawdown absolute", money("balance_drawdown_absolute")),
                (
                    "Balance drawdown maximal",
                    f"{money('balance_drawdown_maximal')} "
                    f"({_percent(figures['balance_drawdown_maximal_percent'])})",
                ),
                (
                    "Balance drawdown relative",
                    f"{_percent(figures['balance_drawdown_relative'])} "
                    f"({money('balance_drawdown_relative_amount')})",
                ),
                ("Equity drawdown absolute (sampled)", minor(fall.absolute)),
                (
                    "Equity drawdown maximal (sampled)",
                    f"{minor(fall.maximal.amount)} ({_percent(fall.maximal.percent)})",
                ),
                (
                    "Equity drawdown relative (sampled)",
                    f"{_percent(fall.relative.percent)} ({minor(fall.relative.amount)})",
                ),
                ("Recovery factor", ratio("recovery_factor")),
                ("Sharpe ratio", ratio("sharpe_ratio")),
                ("Z-score", f"{ratio('z_score')} ({_percent(figures['z_probability'])})"),
                (
                    "Maximum consecutive wins (money)",
                    series("max_consecutive_wins", "max_consecutive_wins_amount"),
                ),
                (
                    "Maximum consecutive losses (money)",
                    series("max_consecutive_losses", "max_consecutive_losses_amount"),
                ),
                (
                    "Average consecutive wins",
                    str(figures["average_consecutive_wins"]),
                ),
                (
                    "Average consecutive losses",
                    str(figures["average_consecutive_losses"]),
                ),
            ),
        ),
        (
            "Trades",
            (
                ("Total trades (deals)", f"{figures['total_trades']} ({figures['total_deals']})"),
                ("Long trades (won)", with_percent("long_trades", "long_trades_won_percent")),
                ("Short trades (won)", with_percent("short_trades", "short_trades_won_percent")),
                ("Profit trades (of total)", with_percent("profit_trades", "profit_trades_percent")),
                ("Loss trades (of total)", with_percent("loss_trades", "loss_trades_percent")),
                ("Largest profit trade", money("largest_profit_trade")),
                ("Largest loss trade", money("largest_loss_trade")),
                ("Average profit trade", money("average_profit_trade")),
                ("Average loss trade", money("average_loss_trade")),
                (
                    "Maximal consecutive profit / loss",
                    f"{money('max_consecutive_profit')} ({figures['max_consecutive_profit_trades']}) / "
                    f"{money('max_consecutive_loss')} ({figures['max_consecutive_loss_trades']})",
                ),
            ),
        ),
    )
    return "".join(
        f"<table><caption>{name}</caption><tbody>"
        + "".join(f'<tr><th scope="row">{what}</th><td>{value}</td></tr>' for what, value in rows)
        + "</tbody></table>"
        for name, rows in groups
    )


def _positions(statement: Statement) -> str:
    if not statement.positions:
        return '<p class="none">No open positions.</p>'
    digits = statement.account["currency_digits"]
    rows = []
    for each in statement.positions:
        places = statement.price_digits[each["symbol"]]
        rows.append(
            _row(
                ("", _time(each["time_open"])),
                ("n", str(each["ticket"])),
                ("", each["symbol"]),
                ("", each["type"]),
                ("n", plain(each["volume"])),
                ("n", _signed(each["price_open"], places)),
                ("n", _signed(each["sl"], places)),
                ("n", _signed(each["tp"], places)),
                ("n", _signed(each["price_current"], places)),
                ("n", _signed(each["commission"], digits)),
                ("n", _signed(each["swap"], digits)),
                (f"n {_tone(each['profit'])}", _signed(each["profit"], digits)),
                ("c", each["comment"]),
            )
        )
    heads = (
        "Opened,n Ticket,Symbol,Type,n Volume,n Price,n S/L,n T/P,n Now,n Commission,n Swap,n Profit,Comment"
    )
    return _table("positions", heads, rows)


def _orders(statement: Statement) -> str:
    if not statement.orders:
        return '<p class="none">No pending orders.</p>'
    rows = []
    for each in statement.orders:
        places = statement.price_digits[each["symbol"]]
        limit = each["price_stop_limit"]
        rows.append(
            _row(
                ("", _time(each["time_setup"])),
                ("n", str(each["ticket"])),
                ("", each["symbol"]),
                ("", OrderType(each["type"]).name.lower().replace("_", " ")),
                ("n", plain(each["volume"])),
                ("n", _signed(each["price"], places)),
                ("n", _signed(limit, places)),
                ("n", _signed(each["sl"], places)),
                ("n", _signed(each["tp"], places)),
                ("n", _signed(each["price_current"], places)),
                ("", "until cancelled" if each["expiration"] is None else _time(each["expiration"])),
                ("c", each["comment"]),
            )
        )
    heads = "Placed,n Ticket,Symbol,Type,n Volume,n Price,n Limit,n S/L,n T/P,n Now,Expires,Comment"
    return _table("orders", heads, rows)


def _closed(statement: Statement) -> str:
    digits = statement.account["currency_digits"]
    closed = closed_positions(statement.deals, digits)
    if not closed:
        return '<p class="none">No closed positions.</p>'
    rows = []
    for each in closed:
        opening, closing = each.opening, each.closing
        places = statement.price_digits.get(opening["symbol"], 0)
        rows.append(
            _row(
                ("", _time(opening["time"])),
                ("n", str(opening["position"])),
                ("", opening["symbol"]),
                ("", opening["type"]),
                ("n", f"{each.volume:f}"),
                ("n", _signed(opening["price"], places)),
                ("", _time(closing["time"])),
                ("n", _signed(closing["price"], places)),
                ("", _reason(closing)),
                ("n", _signed(each.commission, digits)),
                ("n", _signed(each.swap, digits)),
                (f"n {_tone(each.profit)}", _signed(each.profit, digits)),
            )
        )
    totals = [
        sum(amounts, Decimal(0))
        for amounts in zip(*((each.commission, each.swap, each.profit) for each in closed), strict=True)
    ]
    rows.append(_row(("", "Total"), *[("", "")] * 8, *(("n", _signed(each, digits)) for each in totals)))
    heads = (
        "Opened,n Position,Symbol,Type,n Volume,n Price,Closed,n Price,Closed by,n Commission,n Swap,n Profit"
    )
    return _table("closed", heads, rows)


def _reason(deal: Json | Mapping[str, Any]) -> str:
    """Why a deal was done, for people; nothing of a deposit or withdrawal."""
    if deal["entry"] == "out_by":
        return "Opposite position"
    return "" if deal["type"] == "balance" else _REASONS[deal["reason"]]


def _deals(statement: Statement) -> str:
    digits = statement.account["currency_digits"]
    rows = []
    for each, balance in zip(statement.deals, balances(statement.deals), strict=True):
        places = statement.price_digits.get(each["symbol"], 0)
        is_trade = each["symbol"] is not None
        rows.append(
            _row(
                ("", _time(each["time"])),
                ("n", str(each["ticket"])),
                ("n", "" if each["position"] is None else str(each["position"])),
                ("", each["symbol"] or ""),
                ("", f"{each['type']} {(each['entry'] or '').replace('_', ' ')}".strip()),
                ("n", plain(each["volume"])),
                ("n", _signed(each["price"], places) if is_trade else ""),
                ("n", _signed(each["commission"], digits) if is_trade else ""),
                ("n", _signed(each["swap"], digits) if is_trade else ""),
                (f"n {_tone(each['profit'])}", _signed(each["profit"], digits)),
                ("n", _signed(balance, digits)),
                ("", _reason(each)),
                ("c", each["comment"]),
            )
        )
    heads = (
        "Time,n Deal,n Position,Symbol,Type,n Volume,n Price,n Commission,n Swap,n Profit,n Balance,"
        "Reason,Comment"
    )
    return _table("deals", heads, rows)


def _signed(value: float | int | Decimal | None, digits: int) -> str:
    """A number for people: with groups of thousands and a real minus; a dash for none."""
    if value is None:
        return "\N{EN DASH}"
    number = value if isinstance(value, Decimal) else wire.decimal(value)
    return f"{number:,.{digits}f}".replace("-", "\N{MINUS SIGN}")


def _table(name: str, heads: str, rows: Iterable[str]) -> str:
    cells = "".join(
        f'<th class="n">{each[2:]}</th>' if each.startswith("n ") else f"<th>{each}</th>"
        for each in heads.split(",")
    )
    return (
        f'<table class="list" id="{name}"><thead><tr>{cells}</tr></thead>\n<tbody>\n'
        + "\n".join(rows)
        + "\n</tbody></table>"
    )


def _row(*cells: tuple[str, str]) -> str:
    return (
        "<tr>"
        + "".join(
            f'<td class="{kind}">{escape(text)}</td>' if kind else f"<td>{escape(text)}</td>"
            for kind, text in cells
        )
        + "</tr>"
    )


def _percent(value: float | int | Decimal | None) -> str:
    return "\N{EN DASH}" if value is None else f"{_signed(value, 2)} %"


def _tone(value: float | int | Decimal) -> str:
    return "up" if value > 0 else "down" if value < 0 else ""


def _time(text: str) -> str:
    """RFC 3339 without what a reader does not need: the time is UTC."""
    return text[:19].replace("T", " ")


_STYLE: Final = """
  @page { size: A4; margin: 13mm 11mm 14mm; @bottom-right { content: counter(page) " / " counter(pages);
    font: 8pt Helvetica, Arial, sans-serif; color: #65758a; } }
  * { box-sizing: border-box; }
  html { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  body { margin: 0 auto; max-width: 1040px; padding: 28px; color: #1d2733; background: #fff;
    font: 13px/1.45 Helvetica, Arial, sans-serif; font-variant-numeric: tabular-nums; }
  header { border-bottom: 3px solid #1565c0; padding-bottom: 14px; }
  .brand { margin: 0; color: #1565c0; font-weight: 700; letter-spacing: .16em; text-transform: uppercase;
    font-size: 11px; }
  h1 { margin: 2px 0 0; font-size: 26px; font-weight: 600; }
  h2 { margin: 26px 0 8px; font-size: 15px; font-weight: 600; break-after: avoid; }
  .name { margin: 2px 0 12px; color: #65758a; font-size: 15px; overflow-wrap: anywhere; }
  .facts { display: flex; flex-wrap: wrap; gap: 6px 30px; margin: 0; }
  dt, .tile span, caption { color: #65758a; font-size: 11px; }
  dd { margin: 0; font-weight: 600; }
  .tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: 10px; margin: 18px 0 6px; }
  .tile { background: #f4f7fa; border-radius: 6px; padding: 10px 14px; break-inside: avoid; }
  .tile span { display: block; }
  .tile strong { font-size: 19px; font-weight: 600; white-space: nowrap; }
  .tile small { font-size: 11px; font-weight: 400; color: #65758a; }
  figure { margin: 0; break-inside: avoid; }
  svg { display: block; width: 100%; height: auto; }
  table { width: 100%; border-collapse: collapse; }
  tr { break-inside: avoid; }
  .figures { display: grid; grid-template-columns: repeat(3, 1fr); gap: 18px; align-items: start; }
  .figures table { break-inside: avoid; font-size: 12px; }
  caption { text-align: left; text-transform: uppercase; letter-spacing: .08em; padding-bottom: 4px; }
  .figures th { text-align: left; font-weight: 400; padding: 3px 8px 3px 0; }
  .figures td { text-align: right; font-weight: 600; padding: 3px 0; }
  .figures tr { border-top: 1px solid #e3e8ee; }
  .list { font-size: 11px; }
  .list thead { display: table-header-group; }
  .list th { text-align: left; font-weight: 600; color: #65758a; border-bottom: 1.5px solid #1d2733;
    padding: 4px 6px; }
  .list td { border-bottom: 1px solid #e3e8ee; padding: 3px 6px; white-space: nowrap; vertical-align: top; }
  .list tbody tr:nth-child(even) { background: #f8fafc; }
  .list .n { text-align: right; }
  .list td.c { white-space: normal; overflow-wrap: anywhere; min-width: 70px; }
  .up { color: #14783c; }
  .down { color: #b3261e; }
  #closed tbody tr:last-child td { font-weight: 600; border-top: 1.5px solid #1d2733; }
  .none { color: #65758a; margin: 0; }
  footer { margin-top: 26px; padding-top: 8px; border-top: 1px solid #e3e8ee; color: #65758a;
    font-size: 11px; }
  @media screen and (max-width: 760px) {
    body { padding: 14px; }
    .tiles { grid-template-columns: repeat(2, 1fr); }
    .figures { grid-template-columns: 1fr; }
    .scroll { overflow-x: auto; }
  }
  @media print {
    body { max-width: none; padding: 0; font-size: 9.5pt; }
    .list { font-size: 7pt; }
    .list th, .list td { padding: 2px 3px; }
    .figures table { font-size: 8pt; }
    .tile strong { font-size: 13pt; }
  }
"""

_PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{header}
<section class="tiles">{tiles}</section>
<section><h2>Balance and equity</h2><figure>{picture}</figure></section>
<section><h2>Statistics</h2><div class="figures">{statistics}</div></section>
<section><h2>Open positions</h2><div class="scroll">{positions}</div></section>
<section><h2>Pending orders</h2><div class="scroll">{orders}</div></section>
<section><h2>Closed positions</h2><div class="scroll">{closed}</div></section>
<section><h2>Deals</h2><div class="scroll">{deals}</div></section>
<footer>A simulated account: no money was at stake. Times are market time in UTC. A trade is a deal that
closes a position or a part of it; the commission of an opening deal is in the gross loss.
Closed positions have one row for each part, with its share of that commission. Sampled: equity is looked at
in {samples} moments and wherever nothing is open, so it may have fallen further in between.</footer>
</body>
</html>
"""
