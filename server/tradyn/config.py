"""Settings: read once, from flags, environment and file, into one frozen object."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from tradyn.clock import ClockMode
from tradyn.logs import LogFormat

__all__ = ["ConfigError", "Settings"]


class ConfigError(Exception):
    """Settings that cannot be used: what was wrong, and what would be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How one server runs.

    What is None was not given: a new data folder then takes the default, an old one goes on
    as it was.

    Attributes:
        data_dir: the folder with the journal and `credentials.json`; None keeps all in memory.
        feed: `synthetic`, `push` or `replay:FILE`.
        seed: of the synthetic market.
        start: market time to begin at, in milliseconds since 1970.
        speed: market seconds in a wall second while the clock is accelerated.
        rate_limit: requests a second for each key.
        profile: the broker profile: `demo`, `mt5` or the path of a `.toml` file.
        instruments: a file that is laid over the shipped catalogue and the profile's.
        symbol, spread: of a replayed file that does not name them itself.
        test_keys: new keys begin with `tk_test_` instead of `tk_live_`.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    data_dir: Path | None = None
    feed: str = "synthetic"
    seed: int | None = None
    clock: ClockMode | None = None
    speed: Decimal | None = None
    start: int | None = None
    profile: str = "demo"
    rate_limit: int = 100
    cors_origins: tuple[str, ...] = ()
    log_format: LogFormat = LogFormat.TEXT
    instruments: Path | None = None
    symbol: str | None = None
    spread: int | None = None
    test_keys: bool = False

    @property
    def base_url(self) -> str:
        """Where clients on this machine find the API."""
        # A server that listens everywhere is found on the loopback address.
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/v1"
