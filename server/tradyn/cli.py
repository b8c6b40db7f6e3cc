"""The command line: `tradyn serve`, `watch`, `replay`, `statement`, `profiles`, `keys`, `accounts` and
`journal`.

Every option can also be given as an environment variable (`TRADYN_PORT`) or in a TOML file
(`--config`); flags go before the environment, and that before the file. What nobody knows is
an error. Errors are one sentence on standard error and exit code 1 (2 for wrong usage).
"""

from __future__ import annotations

import asyncio
import os
import sys
import tomllib
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from errno import EACCES, EADDRINUSE
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

from tradyn import __version__, garbage
from tradyn.clock import ClockMode

if TYPE_CHECKING:
    from tradyn.adapters.journal_verify import Verified
    from tradyn.app import Server
    from tradyn.catalogue import Listing
    from tradyn.ports import JournalFailed
    from tradyn.replay import Replayed
    from tradyn.statement import Statement

__all__ = ["main"]

_PREFIX = "TRADYN"
# Of the clients and the tests, which take them from the same environment.
_FOREIGN = frozenset({"TRADYN_API_KEY", "TRADYN_BASE_URL"})
_OF_TESTS = f"{_PREFIX}_TEST_"
_DATA_DIR = Path("tradyn-data")


# ---------------------------------------------------------------------- kinds of values


class _Time(click.ParamType[int]):
    """A market time: RFC 3339, or a date; without a zone it is UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Milliseconds since 1970."""
        if isinstance(value, int):
            return value
        if str(value) == "now":
            return int(datetime.now(UTC).timestamp() * 1000)
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(
                f"{value!r} is no time; right would be 2026-03-02T09:30:00Z, 2026-03-02 or now", param, ctx
            )
        if not 1970 < moment.year < 2999:
            self.fail(f"{value!r} is not in the years 1971 to 2998", param, ctx)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


class _Number(click.ParamType[Decimal]):
    """A decimal from 0 to `most`, or above 0."""

    name = "number"

    def __init__(self, most: int, *, zero: bool) -> None:
        self._most = most
        self._zero = zero

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """The decimal that was written."""
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal(-1)
        if not number.is_finite() or not 0 <= number <= self._most or not (number or self._zero):
            least = "from 0" if self._zero else "above 0"
            self.fail(f"{value!r} is not a number {least} to {self._most}", param, ctx)
        return number


_SPEED = _Number(1_000_000, zero=False)
_AMOUNT = _Number(10**12, zero=True)
_LEVEL = _Number(1000, zero=True)


class _Feed(click.ParamType[str]):
    """synthetic, push or replay:FILE."""

    name = "feed"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """As it was written."""
        kind, _, path = str(value).partition(":")
        if str(value) not in ("synthetic", "push") and not (kind == "replay" and path):
            self.fail(f"{value!r} is no feed; take synthetic, push or replay:FILE", param, ctx)
        return str(value)


# ---------------------------------------------------------------------- settings


def _read_config(ctx: click.Context, _param: click.Parameter, path: Path | None) -> None:
    """Take a TOML file as defaults, and refuse what no option is called."""
    # One environment and one file serve all commands, so each takes what another knows.
    known = {each.name for each in _options(cli) if each.name} - {"version"}
    own = {each.name for each in ctx.command.params if each.name} - {"config"}
    if path is not None:
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        except OSError as error:
            raise click.UsageError(f"Cannot read {path}: {error.strerror}") from error
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise click.UsageError(f"{path} is not valid TOML: {error}") from error
        given = {name.replace("-", "_"): value for name, value in content.items()}
        for name in given:
            if name not in known - {"config"}:
                raise click.UsageError(f"{path}: there is no setting {name!r}; {_right(name, known, own)}")
        for name in ("cors_origin", "allowed_host"):
            if isinstance(given.get(name), str):
                given[name] = [given[name]]
        ctx.default_map = {**(ctx.default_map or {}), **given}
    variables = {_variable(each) for each in known}
    for name in os.environ:
        if (
            name.startswith(f"{_PREFIX}_")
            and not name.startswith(_OF_TESTS)
            and name not in variables | _FOREIGN
        ):
            right = _right(name, variables, map(_variable, own))
            raise click.UsageError(f"The environment variable {name} is no setting; {right}")


def _variable(name: str) -> str:
    return f"{_PREFIX}_{name.upper()}"


def _options(command: click.Command) -> Iterator[click.Parameter]:
    """Those of a command and of all below it."""
    yield from (each for each in command.params if isinstance(each, click.Option))
    if isinstance(command, click.Group):
        for each in command.commands.values():
            yield from _options(each)


def _right(name: str, known: Iterable[str], own: Iterable[str]) -> str:
    from difflib import get_close_matches

    # Without the prefix, which would make all of them similar.
    ends = {each.removeprefix(f"{_PREFIX}_"): each for each in known}
    similar = [
        ends[each] for each in get_close_matches(name.removeprefix(f"{_PREFIX}_"), ends, n=1, cutoff=0.7)
    ]
    return f"did you mean {similar[0]}?" if similar else f"there are: {', '.join(sorted(own))}"


_config_option = click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=_read_config,
    is_eager=True,
    expose_value=False,
    help="A TOML file with settings, one for each option.",
)
_data_dir_option = click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=_DATA_DIR,
    show_default=True,
    help="The folder with the journal and credentials.json.",
)
_instruments_option = click.option(
    "--instruments",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A TOML file that is laid over the shipped catalogue of symbols, or none.  "
    "[default: that of the data folder, or none]",
)
_profile_option = click.option(
    "--profile",
    help="The broker profile: demo, mt5 or your own .toml file; `tradyn profiles` shows them.  "
    "[default: that of the data folder, or demo]",
)
_symbol_option = click.option("--symbol", help="The symbol of a recorded file that does not name one.")
_spread_option = click.option(
    "--spread", type=click.IntRange(0, 1_000_000), help="The spread of recorded candles, in points."
)
_html_option = click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Write the account's statement to this file, a page to print or to send; - is standard output.",
)
_csv_option = click.option(
    "--csv",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Write the account's deals to this file; - is standard output.",
)
_ENVIRONMENT = {"auto_envvar_prefix": _PREFIX, "show_default": True}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tradyn", message="%(prog)s %(version)s")
def cli() -> None:
    """A broker you can run on your own machine."""
    # What is written is the journal's, the keys' or an account's, and nobody else's, in a folder of any mode.
    os.umask(0o077)


# ---------------------------------------------------------------------- serve


@cli.command(
    context_settings=_ENVIRONMENT,
    epilog="Each option is also an environment variable (TRADYN_PORT, TRADYN_DATA_DIR …) and a line of the "
    "TOML file (port = 8081). A flag goes before the environment, and that before the file.",
)
@_config_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help="The port.")
@_data_dir_option
@click.option(
    "--feed",
    type=_Feed(),
    help="synthetic: a seeded market; push: quotes come through the API; replay:FILE: recorded data (CSV).  "
    "[default: that of the data folder, or synthetic]",
)
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), help="Of the synthetic market.  [default: 1]")
@click.option(
    "--clock",
    type=click.Choice([each.value for each in ClockMode]),
    help="How market time passes.  [default: realtime; accelerated for a replay]",
)
@click.option("--speed", type=_SPEED, help="Market seconds in a second, while accelerated.  [default: 1]")
@click.option(
    "--start",
    type=_Time(),
    help="Market time to begin at: 2026-03-02T09:30:00Z, 2026-03-02 or now. An old data folder jumps forward "
    "to it, never back.  [default: now]",
)
@_profile_option
@click.option(
    "--rate-limit",
    type=click.IntRange(1, 10_000_000),
    default=100,
    show_default=True,
    help="Requests a second for each key.",
)
@click.option(
    "--failed-auth-limit",
    type=click.IntRange(1, 10_000_000),
    default=100,
    show_default=True,
    help="Requests with an invalid key from one address in a minute; more are answered 429. Valid keys are "
    "never held up by it.",
)
@click.option(
    "--cors-origin",
    "cors_origin",
    multiple=True,
    help="An origin whose pages may use the server in a browser; repeat it for more.",
)
@click.option(
    "--allowed-host",
    "allowed_host",
    multiple=True,
    help="Another name of this server, as of a reverse proxy, that requests may be addressed to: NAME, "
    "NAME:PORT, or NAME:* for any port (as localhost:* where ports are mapped); repeat it for more.",
)
@click.option(
    "--behind-tls-proxy",
    is_flag=True,
    help="A proxy with TLS stands in front: listen on a --host beyond this machine for it.",
)
@click.option(
    "--insecure-listen",
    is_flag=True,
    help="Listen on a --host beyond this machine without TLS: whoever sees the network can read the keys.",
)
@click.option(
    "--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Of the log."
)
@_instruments_option
@_symbol_option
@_spread_option
@click.option("--test-keys", is_flag=True, help="New keys begin with tk_test_ instead of tk_live_.")
@click.option(
    "--allow-local-webhooks",
    is_flag=True,
    help="Webhooks may be http, and lead to this machine itself. For development: whoever has a full key can "
    "then have the server call what listens here.",
)
def serve(
    clock: str | None,
    cors_origin: tuple[str, ...],
    allowed_host: tuple[str, ...],
    log_format: str,
    **options: Any,
) -> None:
    """Run the broker."""
    garbage.collect_nothing()
    from tradyn.config import Settings
    from tradyn.logs import LogFormat, configure_logs

    settings = Settings(
        clock=None if clock is None else ClockMode(clock),
        cors_origins=cors_origin,
        allowed_hosts=allowed_host,
        log_format=LogFormat(log_format),
        **options,
    )
    configure_logs(settings.log_format)
    _run(_serve(settings))


async def _serve(settings: Any) -> None:
    from tradyn import http_server
    from tradyn.app import open_server
    from tradyn.config import ConfigError
    from tradyn.exposure import check_exposure

    try:
        check_exposure(settings)
        listening = http_server.bind_socket(settings.host, settings.port)
    except UnicodeError as error:
        # What can be no name is not even looked up.
        raise ConfigError(
            f"Cannot listen on {settings.host}:{settings.port}: that is no host's name; take another --host"
        ) from error
    except OSError as error:
        advice = "take another --port" if error.errno in (EADDRINUSE, EACCES) else "take another --host"
        raise ConfigError(
            f"Cannot listen on {settings.host}:{settings.port}: {error.strerror or error}; {advice}"
        ) from error
    with listening:
        async with open_server(settings) as server:
            await http_server.serve(
                server.app,
                listening,
                ready=lambda: _ready(server),
                failed=server.failed,
                health_paths=server.health_paths,
                prompt=server.prompt_paths,
                watch=server.metrics.watch,
            )
            failed, journal = server.failed.is_set(), server.journal
    # The end of the block has written too.
    if journal.failed is not None:
        raise ConfigError(_stopped(journal.failed, settings.data_dir)) from journal.failed
    if failed:
        raise ConfigError("The market has stopped for a reason that is no fault of yours; the log has it")


def _stopped(failure: JournalFailed, data_dir: Path | None) -> str:
    from tradyn.adapters.journal_checks import remedy

    return (
        f"The server has stopped. {failure}. {remedy(failure)}; "
        f"`tradyn journal verify --data-dir {data_dir}` checks the file"
    )


def _ready(server: Server) -> None:
    from tradyn.welcome import welcome

    garbage.begin_to_collect()
    click.echo(welcome(server))


# ---------------------------------------------------------------------- replay


@cli.command(context_settings=_ENVIRONMENT)
@_config_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--requests",
    type=click.Path(path_type=Path, dir_okay=False),
    help='Requests to make on the way, one a line: {"time": …, "path": "/api/trade", "body": {…}}.',
)
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the journal in this folder, which must be new.  [default: in memory]",
)
@_profile_option
@_instruments_option
@_symbol_option
@_spread_option
@_html_option
@_csv_option
def replay(
    file: Path,
    requests: Path | None,
    data_dir: Path | None,
    html: Path | None,
    csv: Path | None,
    **options: Any,
) -> None:
    """Run recorded data through the broker as fast as it can."""
    from tradyn.config import ConfigError, Settings
    from tradyn.logs import LogFormat, configure_logs

    _check_outputs(html, csv)
    configure_logs(LogFormat.TEXT)
    if data_dir is not None and data_dir.exists() and any(data_dir.iterdir()):
        _fail(ConfigError(f"The folder {data_dir} is not empty; a replay begins in a new one"))
    settings = Settings(
        feed=f"replay:{file}",
        clock=ClockMode.MANUAL,
        data_dir=data_dir,
        rate_limit=10_000_000,
        **options,
    )
    _run(_replay(settings, requests, html, csv))


async def _replay(settings: Any, requests_file: Path | None, html: Path | None, csv: Path | None) -> None:
    from time import perf_counter

    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    from tradyn.app import open_server
    from tradyn.replay import read_requests, replay_statement, run_replay

    requests = read_requests(requests_file) if requests_file is not None else []
    async with open_server(settings, on_answer=lambda _: None) as server:
        columns = (TextColumn("Replay"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        started = perf_counter()
        # What the replay came to is all that goes to standard output.
        hidden = not sys.stderr.isatty()
        with Progress(*columns, console=Console(stderr=True), transient=True, disable=hidden) as progress:
            task = progress.add_task("replay", total=1.0)
            replayed = await run_replay(server, requests, lambda part: progress.update(task, completed=part))
        late = sum(each.time > server.desk.now for each in requests)
        err = _STANDARD_OUTPUT in (html, csv)
        _print_replayed(replayed, len(requests) - late, perf_counter() - started, err=err)
        if late:
            click.echo(f"  {late} of the requests are later than the data and were not made", err=err)
        if html is not None or csv is not None:
            _write_statement(await replay_statement(server), html, csv)


def _print_replayed(replayed: Replayed, requests: int, seconds: float, *, err: bool) -> None:
    """What the replay came to; the amounts add up to the equity."""
    from tradyn.statement import account_sum

    account = replayed.account
    digits, currency = account["currency_digits"], account["currency"]
    deals = [each for each in replayed.deals if each["type"] in ("buy", "sell")]
    closed = [each for each in deals if each["entry"] in ("out", "out_by")]
    click.echo(f"Replayed to {account['time']} in {seconds:.2f} s", err=err)
    for name, value in (
        ("Requests", requests),
        ("Refused", len(replayed.refused)),
        ("Deals", len(deals)),
        ("Closed", f"{len(closed)} ({sum(each['profit'] > 0 for each in closed)} with a profit)"),
        *((name, f"{amount:,.{digits}f} {currency}") for name, amount in account_sum(account)),
    ):
        click.echo(f"  {name:<17}{value}", err=err)
    for sentence in replayed.refused:
        click.echo(f"  refused, {sentence}", err=err)


# ---------------------------------------------------------------------- watch


@cli.command(context_settings=_ENVIRONMENT)
@_config_option
@_data_dir_option
@click.option("--base-url", help="Address of the API.  [default: that of credentials.json]")
@click.option("--api-key", help="Of scope read, trade or full.  [default: the first one of credentials.json]")
@click.argument("symbols", nargs=-1, metavar="[SYMBOL]...")
def watch(data_dir: Path, base_url: str | None, api_key: str | None, symbols: tuple[str, ...]) -> None:
    """Show quotes, positions and what happens, live, of a server that runs.

    Without SYMBOL every symbol is shown. Where standard output is no terminal, each event is a line.
    """
    from rich.console import Console

    from tradyn.config import ConfigError
    from tradyn.credentials import read_credentials
    from tradyn.watch import watch as watching

    known = read_credentials(data_dir)
    if known is None and (base_url is None or api_key is None):
        _fail(
            ConfigError(f"{data_dir} has no credentials.json: give --data-dir, or --base-url and --api-key")
        )
    address = base_url or (known.base_url if known else "")
    token = api_key or (known.api_key if known else "")
    # Ctrl-C is how it is meant to end.
    with suppress(KeyboardInterrupt):
        _run(watching(address, token, symbols, Console(), click.echo))


# ---------------------------------------------------------------------- statement


@cli.command(context_settings=_ENVIRONMENT)
@_config_option
@_data_dir_option
@_profile_option
@_instruments_option
@click.option("--login", type=int, help="The account.  [default: the first one]")
@_html_option
@_csv_option
def statement(
    data_dir: Path,
    profile: str | None,
    instruments: Path | None,
    login: int | None,
    html: Path | None,
    csv: Path | None,
) -> None:
    """Write an account's statement, with the server running or not."""
    if html is None and csv is None:
        raise click.UsageError("There is nothing to write: give --html FILE, --csv FILE or both")
    _check_outputs(html, csv)

    async def work(api: Any) -> None:
        _write_statement(await api.statement(login), html, csv)

    _with_admin_api(data_dir, profile, instruments, work)


_STANDARD_OUTPUT: Final = Path("-")


def _check_outputs(html: Path | None, csv: Path | None) -> None:
    if html == csv == _STANDARD_OUTPUT:
        raise click.UsageError("Only one of --html and --csv can be -, the standard output")


def _write_statement(made: Statement, html: Path | None, csv: Path | None) -> None:
    from tradyn.config import ConfigError
    from tradyn.statement import statement_csv, statement_html

    login, err = made.account["login"], _STANDARD_OUTPUT in (html, csv)
    outputs: tuple[tuple[Path | None, str, Callable[[Statement], str]], ...] = (
        (html, "statement is", statement_html),
        (csv, "deals are", statement_csv),
    )
    for path, what, content in outputs:
        if path is None:
            continue
        # The lines of a CSV end as its standard says, whatever the system's own lines end with.
        text = content(made).encode()
        try:
            if path == _STANDARD_OUTPUT:
                sys.stdout.buffer.write(text)
                sys.stdout.buffer.flush()
                continue
            path.write_bytes(text)
        except BrokenPipeError:
            # Who read it had enough; the command line's own handling is right for that.
            raise
        except OSError as error:
            raise ConfigError(f"Cannot write {path}: {error.strerror or error}") from error
        subject, verb = what.split()
        click.echo(f"The {subject} of account {login} {verb} in {path}", err=err)


# ---------------------------------------------------------------------- profiles


@cli.command()
@click.argument("name", required=False, metavar="[NAME]")
@click.option("--symbol", help="Show the whole specification of this symbol in the profile.")
def profiles(name: str | None, symbol: str | None) -> None:
    """List the broker profiles, or show options and terms of one: demo, mt5 or your own .toml file."""
    from tradyn.catalogue import CatalogueError
    from tradyn.profiles import SHIPPED, load_profile

    if symbol is not None and name is None:
        raise click.UsageError("Name the profile too: tradyn profiles mt5 --symbol EURUSD")
    try:
        if name is not None and symbol is not None:
            _print_symbol(name, symbol)
            return
        if name is not None:
            _print_profile(name)
            return
        for each in SHIPPED:
            click.echo(f"{each:<6}{load_profile(each).description}")
        click.echo("\n`tradyn profiles NAME` shows one; `tradyn serve --profile NAME` takes it.")
    except CatalogueError as error:
        _fail(error)


def _print_profile(name: str) -> None:
    from textwrap import fill

    from tradyn.catalogue import load_catalogue
    from tradyn.profiles import describe_options, load_profile

    profile = load_profile(name)
    symbols = load_catalogue(None, profile.layers)
    click.echo(f"{profile.name}: {profile.description}")
    if profile.extends:
        click.echo(f"It extends {', '.join(profile.extends)}.")
    for option in describe_options(profile):
        click.echo(f"\n{option.name} = {option.value}")
        click.echo(f"    default {option.default}; {option.allowed}")
        click.echo(fill(option.explanation, 100, initial_indent="    ", subsequent_indent="    "))
    _print_terms(name, symbols)


def _print_terms(name: str, symbols: dict[str, Listing]) -> None:
    from rich.console import Console

    from tradyn.terms import deviations, group_table

    click.echo(
        f"\nThe terms of the {len(symbols)} symbols; swaps are in the unit of their mode, levels in points:\n"
    )
    # In a file or a pipe there is room for all columns.
    console = Console(markup=False, highlight=False, width=None if sys.stdout.isatty() else 120)
    console.print(group_table(symbols))
    for line in deviations(symbols):
        click.echo(line)
    click.echo(f"\n`tradyn profiles {name} --symbol {next(iter(symbols))}` shows all about one symbol.")


def _print_symbol(name: str, symbol: str) -> None:
    from tradyn.catalogue import load_catalogue
    from tradyn.profiles import load_profile
    from tradyn.terms import specification

    click.echo(specification(load_catalogue(None, load_profile(name).layers), symbol))


# ---------------------------------------------------------------------- keys and accounts


@cli.group()
def keys() -> None:
    """Make, list, rotate and revoke API keys, with the server running or not."""


@keys.command("create", context_settings=_ENVIRONMENT)
@_config_option
@_data_dir_option
@_profile_option
@_instruments_option
@click.option(
    "--scope",
    type=click.Choice(["read", "trade", "full", "admin"]),
    default="full",
    show_default=True,
    help="What the key may do.",
)
@click.option("--login", type=int, help="The account.  [default: the first one]")
@click.option("--label", default="", help="A name for people.")
@click.option("--expires-at", type=_Time(), help="When it ends.  [default: never]")
def create_key(
    data_dir: Path,
    profile: str | None,
    instruments: Path | None,
    scope: str,
    login: int | None,
    label: str,
    expires_at: int | None,
) -> None:
    """Make a key and print it, this once."""
    from tradyn import wire

    if scope == "admin" and login is not None:
        raise click.UsageError("A key of scope admin belongs to no account: leave --login out")

    async def work(api: Any) -> None:
        body: dict[str, Any] = {"scope": scope, "label": label}
        if scope != "admin":
            body["login"] = login if login is not None else (await api.pages("/api/accounts"))[0]["login"]
        if expires_at is not None:
            body["expires_at"] = wire.time_json(expires_at)
        key = await api.call("POST", "/api/keys", json=body)
        click.echo(key["api_key"])

    _with_admin_api(data_dir, profile, instruments, work)


@keys.command("list", context_settings=_ENVIRONMENT)
@_config_option
@_data_dir_option
@_profile_option
@_instruments_option
def list_keys(data_dir: Path, profile: str | None, instruments: Path | None) -> None:
    """List all keys; a key itself is never shown again."""

    async def work(api: Any) -> None:
        rows = [("KEY ID", "BEGINS", "SCOPE", "ACCOUNT", "STATE", "LAST USED", "LABEL")]
        rows += [
            (
                key["key_id"],
                key["prefix"],
                key["scope"],
                str(key["login"] or "-"),
                _key_state(key),
                key["last_used_at"] or "never",
                key["label"],
            )
            for key in await api.call("GET", "/api/keys")
        ]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
            click.echo("  ".join(cells).rstrip())

    _with_admin_api(data_dir, profile, instruments, work)


def _key_state(key: dict[str, Any]) -> str:
    if key["revoked_at"]:
        return f"revoked {key['revoked_at']}"
    if key["expires_at"] is None:
        return "valid"
    expired = datetime.fromisoformat(key["expires_at"]) <= datetime.now(UTC)
    return f"{'expired' if expired else 'valid until'} {key['expires_at']}"


@keys.command("rotate", context_settings=_ENVIRONMENT)
@_config_option
@_data_dir_option
@_profile_option
@_instruments_option
@click.argument("key_id")
@click.option(
    "--overlap",
    type=click.IntRange(0, 604_800),
    default=0,
    show_default=True,
    help="Seconds for which the old key stays valid.",
)
def rotate_key(
    data_dir: Path, profile: str | None, instruments: Path | None, key_id: str, overlap: int
) -> None:
    """Make a key in place of another and print it, this once."""

    async def work(api: Any) -> None:
        click.echo(await api.rotate_key(key_id, overlap))

    _with_admin_api(data_dir, profile, instruments, work)


@keys.command("revoke", context_settings=_ENVIRONMENT)
@_config_option
@_data_dir_option
@_profile_option
@_instruments_option
@click.argument("key_id")
def revoke_key(data_dir: Path, profile: str | None, instruments: Path | None, key_id: str) -> None:
    """Void a key, from the next request on."""

    async def work(api: Any) -> None:
        key = await api.revoke_key(key_id)
        click.echo(f"{key['key_id']} is revoked")

    _with_admin_api(data_dir, profile, instruments, work)


@cli.group()
def accounts() -> None:
    """Make and list accounts, with the server running or not."""


@accounts.command("create", context_settings=_ENVIRONMENT)
@_config_option
@_data_dir_option
@_profile_option
@_instruments_option
@click.option("--currency", default="USD", show_default=True, help="The account's currency.")
@click.option("--leverage", type=int, default=100, show_default=True, help="100 means 1:100.")
@click.option("--balance", type=_AMOUNT, default="10000", show_default=True, help="The first deposit.")
@click.option(
    "--margin-call-level",
    type=_LEVEL,
    default="100",
    show_default=True,
    help="The margin level below which the account is in margin call, in percent.",
)
@click.option(
    "--stop-out-level",
    type=_LEVEL,
    default="50",
    show_default=True,
    help="The margin level below which the broker closes positions, in percent.",
)
@click.option("--name", default="Demo", show_default=True, help="A name for people.")
def create_account(
    data_dir: Path,
    profile: str | None,
    instruments: Path | None,
    currency: str,
    leverage: int,
    balance: Decimal,
    margin_call_level: Decimal,
    stop_out_level: Decimal,
    name: str,
) -> None:
    """Make an account, and print its login and first key."""

    async def work(api: Any) -> None:
        body = {
            "currency": currency,
            "leverage": leverage,
            "balance": float(balance),
            "margin_call_level": float(margin_call_level),
            "stop_out_level": float(stop_out_level),
            "name": name,
        }
        made = await api.call("POST", "/api/accounts", json=body)
        click.echo(f"{made['login']}  {made['api_key']}")

    _with_admin_api(data_dir, profile, instruments, work)


@accounts.command("list", context_settings=_ENVIRONMENT)
@_config_option
@_data_dir_option
@_profile_option
@_instruments_option
def list_accounts(data_dir: Path, profile: str | None, instruments: Path | None) -> None:
    """List all accounts."""

    async def work(api: Any) -> None:
        for account in await api.pages("/api/accounts"):
            click.echo(
                f"{account['login']}  {account['currency']} 1:{account['leverage']:<5} "
                f"balance {account['balance']:,.{account['currency_digits']}f}  {account['name']}"
            )

    _with_admin_api(data_dir, profile, instruments, work)


# ---------------------------------------------------------------------- journal


@cli.group()
def journal() -> None:
    """Verify the journal and back it up, with the server running or not."""


@journal.command("verify", context_settings=_ENVIRONMENT)
@_config_option
@_data_dir_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
def verify_journal(data_dir: Path, file: Path | None) -> None:
    """Check the journal from end to end; exit code 1 if anything is wrong with it.

    With FILE a backup is checked in place of the data folder's journal. Nothing is changed.
    """
    from tradyn.adapters.journal_verify import MOST_FINDINGS, verify
    from tradyn.app import JOURNAL_FILE

    path = file or data_dir / JOURNAL_FILE
    verified = _with_progress("Verify", lambda progress: verify(path, progress, is_copy=file is not None))
    click.echo(_counted(verified))
    if not verified.findings:
        click.echo("It is sound: every record can be read, and every account's sums are right.")
        return
    found = len(verified.findings)
    click.echo(f"It is damaged; found {'at least ' if found == MOST_FINDINGS else ''}{found}:")
    for finding in verified.findings:
        click.echo(f"  {finding}")
    click.echo("Stop the server, keep a copy of the file, and restore a backup in its place.")
    sys.exit(1)


@journal.command("backup", context_settings=_ENVIRONMENT)
@_config_option
@_data_dir_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def back_up_journal(data_dir: Path, file: Path) -> None:
    """Copy the journal to FILE, which must not be there yet, and verify the copy."""
    from tradyn.adapters.journal_backup import back_up
    from tradyn.app import JOURNAL_FILE

    path = data_dir / JOURNAL_FILE
    verified = _with_progress("Backup", lambda progress: back_up(path, file, progress))
    click.echo(_counted(verified))
    click.echo(
        "It is sound. It holds every account with its history, hashes of the API keys, and the secrets of "
        "webhooks: keep it private. The keys themselves are in credentials.json, which is not in it.\n"
        f"To restore it: stop the server; move {JOURNAL_FILE}, {JOURNAL_FILE}-wal and {JOURNAL_FILE}-shm out "
        f"of the data folder; copy the backup to {path}; start the server. A folder without its "
        "credentials.json gets one with new keys."
    )


def _with_progress(name: str, work: Callable[[Callable[[float], None]], Verified]) -> Verified:
    """Do it behind a bar on the terminal; what cannot be done is one sentence."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    from tradyn.ports import JournalFailed

    columns = (TextColumn(name), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    hidden = not sys.stderr.isatty()
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True, disable=hidden) as progress:
            task = progress.add_task(name, total=1.0)
            return work(lambda part: progress.update(task, completed=part))
    except JournalFailed as error:
        _fail(error)


def _counted(verified: Verified) -> str:
    in_use = "" if verified.is_at_rest else ", in use by another tradyn process"
    traded = verified.transactions - verified.own
    return (
        f"{verified.path}: {verified.size:,} bytes, version {verified.version}{in_use}\n"
        f"  {verified.accounts:,} accounts with {traded:,} transactions and {verified.deals:,} deals\n"
        f"  {verified.own:,} transactions of the server itself, {verified.deliveries:,} webhook deliveries"
    )


def _with_admin_api(
    data_dir: Path,
    profile: str | None,
    instruments: Path | None,
    work: Callable[[Any], Coroutine[Any, Any, None]],
) -> None:
    from tradyn.admin import open_admin_api
    from tradyn.logs import LogFormat, configure_logs

    async def run() -> None:
        async with open_admin_api(data_dir, profile, instruments) as api:
            await work(api)

    configure_logs(LogFormat.TEXT)
    _run(run())


# ---------------------------------------------------------------------- running


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end; an error that people can mend is one sentence and exit code 1."""
    from tradyn.adapters.feed_replay import ReplayError
    from tradyn.catalogue import CatalogueError
    from tradyn.config import ConfigError
    from tradyn.contract import ContractError
    from tradyn.ports import JournalFailed

    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(work)
    except (ConfigError, CatalogueError, ContractError, ReplayError, JournalFailed) as error:
        _fail(error)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.new_event_loop


def _fail(error: Exception) -> NoReturn:
    click.echo(f"tradyn: {error}", err=True)
    sys.exit(1)


def main() -> None:
    """The `tradyn` command."""
    cli()
