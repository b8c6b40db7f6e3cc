"""Settings: read once, from flags, environment and file, into one frozen object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Final

from tradyn.clock import ClockMode
from tradyn.logs import LogFormat

__all__ = ["NO_INSTRUMENTS", "ConfigError", "Settings", "former_profile", "marks_of", "resumed"]

NO_INSTRUMENTS: Final = Path("none")
"""What `Settings.instruments` is to lay no file over the catalogue any more."""

_PROFILE, _INSTRUMENTS, _FEED = "settings.profile", "settings.instruments", "settings.feed"
_DEFAULT_PROFILE: Final = "demo"
_DEFAULT_FEED: Final = "synthetic"


class ConfigError(Exception):
    """Settings that cannot be used: what was wrong, and what would be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How one server runs.

    What is None was not given: a new data folder then takes the default, an old one goes on
    as it was (`resumed`).

    Attributes:
        data_dir: the folder with the journal and `credentials.json`; None keeps all in memory.
        feed: `synthetic`, `push` or `replay:FILE`; a replay is for one run, and not gone on with.
        seed: of the synthetic market.
        start: market time to begin at, in milliseconds since 1970.
        speed: market seconds in a wall second while the clock is accelerated.
        rate_limit: requests a second for each key.
        failed_auth_limit: requests with an invalid key that are let fail in a minute from one address.
        profile: the broker profile: `demo`, `mt5` or the path of a `.toml` file.
        instruments: a file that is laid over the shipped catalogue and the profile's, or `NO_INSTRUMENTS`.
        symbol, spread: of a replayed file that does not name them itself.
        test_keys: new keys begin with `tk_test_` instead of `tk_live_`.
        allow_local_webhooks: webhooks may be http, and lead to this machine itself.
        cors_origins: of pages that may use the API, as browsers send them (`Origin`); `*` is every page.
        allowed_hosts: names beside its own (`Host`), each with a port, with `*` for any, or with none.
        behind_tls_proxy: a proxy with TLS stands in front, so the host may be beyond this machine.
        insecure_listen: the host may be beyond this machine, without TLS.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    data_dir: Path | None = None
    feed: str | None = None
    seed: int | None = None
    clock: ClockMode | None = None
    speed: Decimal | None = None
    start: int | None = None
    profile: str | None = None
    rate_limit: int = 100
    failed_auth_limit: int = 100
    cors_origins: tuple[str, ...] = ()
    log_format: LogFormat = LogFormat.TEXT
    instruments: Path | None = None
    symbol: str | None = None
    spread: int | None = None
    test_keys: bool = False
    allow_local_webhooks: bool = False
    allowed_hosts: tuple[str, ...] = ()
    behind_tls_proxy: bool = False
    insecure_listen: bool = False

    @property
    def base_url(self) -> str:
        """Where clients on this machine find the API."""
        # A server that listens everywhere is found on the loopback address.
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/v1"


def resumed(settings: Settings, marks: Mapping[str, str]) -> Settings:
    """The settings with profile, instruments and feed as given, else as the folder has them, else by default.

    Args:
        marks: the journal's.

    Raises:
        ConfigError: a file that the folder was started with is gone.
    """
    profile, instruments = settings.profile, settings.instruments
    if profile is None:
        profile = marks.get(_PROFILE, _DEFAULT_PROFILE)
        if profile.endswith(".toml"):
            _remembered_file(profile, "--profile", _DEFAULT_PROFILE)
    if instruments is None and (file := marks.get(_INSTRUMENTS)):
        instruments = Path(_remembered_file(file, "--instruments", str(NO_INSTRUMENTS)))
    if instruments == NO_INSTRUMENTS:
        instruments = None
    feed = settings.feed or marks.get(_FEED) or _DEFAULT_FEED
    return replace(settings, profile=profile, instruments=instruments, feed=feed)


def marks_of(settings: Settings) -> dict[str, str]:
    """The marks by which the next start goes on with these settings, which `resumed` has filled in."""
    profile, feed = settings.profile or _DEFAULT_PROFILE, settings.feed or _DEFAULT_FEED
    is_path = profile.endswith(".toml")
    marks = {
        # The next start may come from another folder.
        _PROFILE: str(Path(profile).absolute()) if is_path else profile,
        _INSTRUMENTS: str(settings.instruments.absolute()) if settings.instruments is not None else "",
    }
    return marks if feed.startswith("replay:") else {**marks, _FEED: feed}


def former_profile(settings: Settings, marks: Mapping[str, str]) -> str | None:
    """The profile that the data folder had until now; None if it is the same, or the first."""
    before = marks.get(_PROFILE)
    return before if before not in (None, marks_of(settings)[_PROFILE]) else None


def _remembered_file(known: str, option: str, instead: str) -> str:
    if not Path(known).exists():
        raise ConfigError(
            f"This data folder was last started with {option} {known}, which is gone: put the file back, "
            f"or give another {option}, such as {instead}"
        )
    return known
