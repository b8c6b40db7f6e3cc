"""What the peers serve: read once from the file that `BENCH_DATA` names, with times as `datetime`."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

__all__ = ["DATA_VARIABLE", "DOCUMENT", "REPOSITORY", "Data", "read_data"]

REPOSITORY: Final = Path(__file__).parents[3]
DOCUMENT: Final = REPOSITORY / "openapi" / "tradyn.yaml"

DATA_VARIABLE: Final = "BENCH_DATA"

Row = dict[str, Any]


@dataclass(frozen=True)
class Data:
    """Rows as a program holds them in memory.

    Attributes:
        logins: by API key.
        accounts: by login.
        candles: of one symbol, oldest first.
        trade: the result that a trade is answered with, but for what its request says.
    """

    logins: dict[str, int]
    accounts: dict[int, Row]
    positions: dict[int, list[Row]]
    candles: list[Row]
    trade: Row


def read_data() -> Data:
    """Read the file."""
    known = json.loads(Path(os.environ[DATA_VARIABLE]).read_text(), object_hook=_with_times)
    logins: dict[str, int] = known["logins"]
    answers = {name: each["data"] for name, each in known["answers"].items()}
    (twenty,) = known["keys"]["twenty"]
    return Data(
        logins=logins,
        accounts={login: {**answers["account"], "login": login} for login in logins.values()},
        positions={logins[twenty]: answers["positions"]},
        candles=answers["candles"],
        trade=answers["trade"],
    )


def _with_times(row: Row) -> Row:
    return {
        name: datetime.fromisoformat(value) if name.startswith("time") else value
        for name, value in row.items()
    }
