"""What the bot saw, decided, asked for and was told: one JSON object a line, only ever appended to.

Always holds: an order is in the journal, on disk, before it is sent, and its outcome before the next one. So
a bot that was killed knows from its journal what it may have asked for, and asks for exactly that again,
under the same name. All times are the market's: the same market leaves the same journal.
"""

import json
import logging
import os
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

from tradyn_client.models import Side

Entry = dict[str, Any]

log = logging.getLogger(__name__)


@dataclass
class State:
    """What all entries so far come to.

    Attributes:
        candle: When the last candle that was looked at opened.
        close: Its close.
        wanted: The side that a cross has called for and that is not taken yet.
        cross: When the candle of that cross opened.
        refusals: How often the broker has refused to follow that cross.
        is_due: Whether to follow it now; after a refusal perhaps only at the next candle.
        sent: The order whose outcome is not known.
        ticket: The bot's position.
        opened: When it was opened.
    """

    candle: str | None = None
    close: Decimal = Decimal(0)
    wanted: Side | None = None
    cross: str = ""
    refusals: int = 0
    is_due: bool = False
    sent: Entry | None = None
    ticket: int | None = None
    opened: str = ""

    def take(self, entry: Entry) -> None:
        """Go on by one entry."""
        match entry["event"]:
            case "candle":
                self.candle, self.close = entry["time"], Decimal(entry["close"])
                if entry["cross"] is not None:
                    self.wanted, self.cross, self.refusals = Side(entry["cross"]), entry["time"], 0
                self.is_due = self.wanted is not None
            case "open" | "close":
                self.sent = entry
            case "opened" | "kept":
                self.sent, self.ticket, self.opened = None, entry["ticket"], entry["time"]
                self._settle()
            case "closed":
                self.sent = self.ticket = None
            case "refused":
                self.sent = None
                self.refusals += 1
                self.is_due = entry["again"] == "now"
                if entry["again"] == "never":
                    self._settle()
            case "skipped":
                self._settle()

    def _settle(self) -> None:
        self.wanted, self.is_due = None, False


class Journal:
    """The entries in a file, and what they come to.

    Args:
        path: The file; it is made if it is not there. What a crash left of a last line is cut off.
    """

    def __init__(self, path: Path) -> None:
        self.state = State()
        self._file = path.open("a+b")
        self._file.seek(0)
        whole = 0
        for line in self._file:
            if not line.endswith(b"\n"):
                self._file.truncate(whole)
                break
            whole += len(line)
            self.state.take(json.loads(line))

    def write(self, event: str, **facts: object) -> None:
        """Append an entry; it is on disk when this returns."""
        entry = {"event": event, **facts}
        line = json.dumps(entry)
        self._file.write(line.encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        log.info(line)
        self.state.take(entry)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
