"""The command: `moving-average-bot --symbol EURUSD --volume 0.1`, until Ctrl-C."""

import argparse
import logging
import signal
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Final

from tradyn_client import Client, TradynError, errors
from tradyn_client.models import Timeframe

from .bot import LONGEST_AVERAGE, Bot
from .journal import Journal
from .strategy import Rules

TRY_LATER: Final = 75
"""Exit code of `--once` when the broker could not be reached: EX_TEMPFAIL of sysexits.h."""

log = logging.getLogger("moving_average_bot")


def main() -> None:
    """Trade until somebody stops it."""
    options = _options()
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # Whoever stops the process wants what Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    path = options.journal or Path(f"{options.symbol}-{options.timeframe}.jsonl")
    with Client() as client, Journal(path) as journal:
        if client.token is None:
            sys.exit("There is no API key: put one of scope full into TRADYN_API_KEY")
        bot = Bot(client, journal, options.symbol, options.timeframe, _rules(options))
        try:
            sys.exit(_run(bot, None if options.once else options.poll))
        except KeyboardInterrupt:
            log.info("Stopped: %s; the next start goes on from %s", _left(path), path)
        except TradynError as error:
            sys.exit(f"The broker will not have it: {error}")


def _run(bot: Bot, poll: float | None) -> int:
    """Step for ever, `poll` seconds apart, or once; the exit code of once."""
    while True:
        try:
            bot.step()
        except errors.Temporary as error:
            log.warning("The broker cannot be asked now: %s", error)
            if poll is None:
                return TRY_LATER
        if poll is None:
            return 0
        time.sleep(poll)


def _left(path: Path) -> str:
    """What a bot that was stopped leaves at the broker, according to its journal as it lies on the disk."""
    with Journal(path) as journal:
        if journal.state.sent is not None:
            return f"the outcome of {journal.state.sent['name']} is not known"
        ticket = journal.state.ticket
        return "no position is open" if ticket is None else f"position {ticket} stays, with its stops"


def _rules(options: argparse.Namespace) -> Rules:
    names = ("fast", "slow", "volume", "risk", "sl", "tp", "deviation", "magic")
    return Rules(**{name: getattr(options, name) for name in names})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "moving-average-bot",
        description="Follows the crosses of two moving averages, one position at a time. "
        "The API key is taken from TRADYN_API_KEY, the address from TRADYN_BASE_URL.",
    )
    add = parser.add_argument
    add("--symbol", required=True, help="what to trade")
    add("--timeframe", type=Timeframe, default=Timeframe.M15, choices=list(Timeframe), help="[M15]")
    add("--fast", type=int, default=10, metavar="CANDLES", help="length of the fast average [10]")
    add("--slow", type=int, default=30, metavar="CANDLES", help="length of the slow average [30]")
    size = parser.add_mutually_exclusive_group(required=True)
    size.add_argument("--volume", type=Decimal, metavar="LOTS", help="of each position")
    size.add_argument("--risk", type=Decimal, metavar="PERCENT", help="of the equity, lost at the stop loss")
    add("--sl", type=int, default=200, metavar="POINTS", help="from the close to the stop loss [200]")
    add("--tp", type=int, default=400, metavar="POINTS", help="from the close to the take profit [400]")
    add("--deviation", type=int, metavar="POINTS", help="worse than the quote at most [any]")
    add("--magic", type=int, default=1, help="number of this bot's positions [1]")
    add("--journal", type=Path, metavar="FILE", help="[SYMBOL-TIMEFRAME.jsonl]")
    add("--once", action="store_true", help="look once, for cron; exit code 75: try later")
    add("--poll", type=float, default=5, metavar="SECONDS", help="between two looks [5]")
    options = parser.parse_args()
    if not 0 < options.fast < options.slow <= LONGEST_AVERAGE:
        parser.error(f"--fast must be at least 1 and less than --slow, --slow at most {LONGEST_AVERAGE}")
    return options


if __name__ == "__main__":
    main()
