"""The deals of a statement as a table: CSV as RFC 4180 has it, in UTF-8."""

from __future__ import annotations

import csv
import io
from typing import Final

from tradyn.statement.content import Statement, balances, plain

__all__ = ["COLUMNS", "statement_csv"]

COLUMNS: Final = (
    "time",
    "ticket",
    "order",
    "position",
    "symbol",
    "type",
    "entry",
    "volume",
    "price",
    "profit",
    "swap",
    "commission",
    "balance",
    "reason",
    "magic",
    "comment",
    "client_order_id",
)
"""Of the table of deals: a deal's own properties, and the balance after it."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def statement_csv(statement: Statement) -> str:
    """The deals as CSV, with the balance after each.

    Text that a spreadsheet would take for a formula is preceded by an apostrophe.
    """
    digits = statement.account["currency_digits"]
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    for deal, balance in zip(statement.deals, balances(statement.deals), strict=True):
        cells = {name: _harmless(deal[name]) for name in COLUMNS if name != "balance"}
        for name in ("profit", "swap", "commission"):
            cells[name] = plain(deal[name], digits)
        cells["volume"] = plain(deal["volume"])
        cells["price"] = plain(deal["price"], statement.price_digits.get(deal["symbol"]))
        cells["balance"] = f"{balance:.{digits}f}"
        writer.writerow([cells[name] for name in COLUMNS])
    return table.getvalue()


def _harmless(value: str | int | None) -> str:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else str(value)
