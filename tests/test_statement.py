"""The statement: complete, harmless, and true to the last cent."""

from __future__ import annotations

import csv
import io
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any
from xml.etree import ElementTree

import pytest

from in_process import START, Terminal, terminal
from serving import TRADYN, Running, environment, refusal, serving, tradyn
from tradyn.replay import replay_statement
from tradyn.statement import COLUMNS, Statement, read_statement, statement_csv, statement_html
from tradyn.statement.account_lines import account_lines
from tradyn.statement.closed_positions import closed_positions
from tradyn.statement.equity_picture import HEIGHT, WIDTH, CurvePoint, equity_picture, thinned
from tradyn.wire import time_json

NASTY = "<script>a('1')&b</script>"
FORMULA = '=HYPERLINK("http://x")'


async def busy(desk: Terminal) -> Statement:
    """Deals of all kinds, comments of all kinds, and a position left open."""
    login = desk.server.credentials.login
    await desk.push("EURUSD", 1.2, 1.2001)
    await desk.push("USDJPY", 150, 150.012)
    first = await desk.buy(1, comment=NASTY)
    await desk.buy(0.5, "USDJPY", comment=FORMULA)
    await desk.push("EURUSD", 1.2101, 1.2102, time_json(START + 600_000))
    await desk.ok("DELETE", f"/api/positions/{first['ticket']}", volume=0.4)
    await desk.ok("POST", f"/api/accounts/{login}/balance", {"amount": -123.45, "comment": '+1, "two" lines'})
    await desk.push("EURUSD", 1.1901, 1.1902, time_json(START + 1_200_000))
    await desk.ok("DELETE", f"/api/positions/{first['ticket']}")
    return await replay_statement(desk.server)


def rows(statement: Statement) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(statement_csv(statement), newline="")))


def parse(page: str) -> ElementTree.Element:
    """The page as XML, which is stricter than HTML."""
    assert page.startswith("<!DOCTYPE html>\n")
    return ElementTree.fromstring(page.removeprefix("<!DOCTYPE html>\n"))


def cells(page: ElementTree.Element, table: str) -> list[list[str]]:
    (body,) = page.findall(f".//table[@id='{table}']/tbody")
    return [["".join(cell.itertext()) for cell in row] for row in body]


# ---------------------------------------------------------------------- CSV


async def test_the_deals_sum_to_the_balance() -> None:
    async with terminal() as desk:
        statement = await busy(desk)
    found = rows(statement)
    assert tuple(found[0]) == COLUMNS
    total = Decimal(0)
    for row in found:
        total += Decimal(row["profit"]) + Decimal(row["swap"]) + Decimal(row["commission"])
        assert Decimal(row["balance"]) == total
    assert total == Decimal(repr(statement.account["balance"])) == Decimal("9676.55")
    assert [row["ticket"] for row in found] == [str(each["ticket"]) for each in statement.deals]
    assert [row["price"] for row in found if row["symbol"] == "USDJPY"] == ["150.012"]
    assert [row["volume"] for row in found] == ["", "1", "0.5", "0.4", "", "0.6"]


async def test_no_cell_is_a_formula() -> None:
    async with terminal() as desk:
        statement = await busy(desk)
    comments = [row["comment"] for row in rows(statement)]
    assert comments == ["Initial deposit", NASTY, f"'{FORMULA}", NASTY, '\'+1, "two" lines', NASTY]
    for row in csv.reader(io.StringIO(statement_csv(statement), newline="")):
        for cell in row:
            assert not cell.startswith(("=", "+", "@", "\t", "\r"))
            assert not cell.startswith("-") or Decimal(cell)


@pytest.mark.parametrize("start", list("=+-@\t\r"))
def test_each_beginning_of_a_formula_is_disarmed(start: str) -> None:
    deal = {name: None for name in COLUMNS} | {
        "profit": 1,
        "swap": 0,
        "commission": 0,
        "comment": f"{start}1",
    }
    account = {"currency_digits": 2}
    nothing: Any = {"statistics": {}, "equity": [], "positions": [], "orders": [], "price_digits": {}}
    made = Statement(account=account, deals=[deal], **nothing)
    (row,) = rows(made)
    assert row["comment"] == f"'{start}1"


# ---------------------------------------------------------------------- HTML


async def test_the_page_has_everything() -> None:
    async with terminal() as desk:
        statement = await busy(desk)
        account = await desk.ok("GET", "/api/account")
        (position,) = await desk.ok("GET", "/api/positions")
    page = parse(statement_html(statement))
    deals = cells(page, "deals")
    assert [row[1] for row in deals] == [str(each["ticket"]) for each in statement.deals]
    assert deals[0][9:] == ["10,000.00", "10,000.00", "", "Initial deposit"]
    assert [row[11] for row in deals] == ["", "Client", "Client", "Client", "", "Client"]
    assert deals[3][3:11] == ["EURUSD", "sell out", "0.4", "1.21010", "0.00", "0.00", "400.00", "10,400.00"]
    assert deals[5][9:11] == ["−600.00", "9,676.55"]
    (shown,) = cells(page, "positions")
    assert shown[1:6] == [str(position["ticket"]), "USDJPY", "buy", "0.5", "150.012"]
    assert shown[6:8] == ["–", "–"]
    first, second, total = cells(page, "closed")
    assert first[1:6] == ["2", "EURUSD", "buy", "0.4", "1.20010"]
    assert first[6:] == ["2026-03-02 09:40:00", "1.21010", "Client", "0.00", "0.00", "400.00"]
    assert [second[index] for index in (4, 7, 11)] == ["0.6", "1.19010", "−600.00"]
    assert (total[0], total[9:]) == ("Total", ["0.00", "0.00", "−200.00"])
    text = " ".join(page.itertext())
    for value in (str(account["login"]), account["name"], "1:100", "9,676.55", "Sharpe ratio", "Z-score"):
        assert value in text
    figures = {
        "".join(row[0].itertext()): "".join(row[1].itertext())
        for row in page.findall(".//div[@class='figures']//tr")
    }
    assert figures["Total net profit"] == "−200.00"
    assert figures["Total trades (deals)"] == "2 (4)"
    assert figures["Profit trades (of total)"] == "1 (50.00 %)"
    assert figures["Balance drawdown maximal"].startswith("600.00 (")
    assert figures["Withdrawals"] == "−123.45"
    assert figures["Equity drawdown relative (sampled)"].endswith(")")
    assert len(figures) == 33


async def test_the_page_needs_nothing_and_runs_nothing() -> None:
    async with terminal() as desk:
        page = statement_html(await busy(desk))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    tree = parse(page)
    assert {
        each.tag for each in tree.iter() if each.tag.endswith(("script", "link", "img", "iframe"))
    } == set()
    assert not re.search(r"url\(|@import|\bsrc=|\bhref=", page)
    assert "@page { size: A4" in page and "tr { break-inside: avoid; }" in page


async def test_names_are_escaped_in_every_place() -> None:
    async with terminal() as desk:
        made = await desk.ok(
            "POST", "/api/accounts", {"name": '"><b>&amp;', "currency": "JPY", "balance": 500}
        )
        headers = {"Authorization": f"Bearer {made['api_key']}"}

        async def get(path: str, query: Any) -> Any:
            return (await desk.client.get(path, params=query, headers=headers)).json()

        statement = await read_statement(get)
    page = parse(statement_html(statement))
    assert page.findall(".//p[@class='name']")[0].text == '"><b>&amp;'
    # Yen have no decimal places, and without a trade most figures are none.
    assert cells(page, "deals")[0][9:11] == ["500", "500"]
    text = " ".join(page.itertext())
    assert all(f"No {each}." in text for each in ("open positions", "pending orders", "closed positions"))


async def page_of(desk: Terminal) -> ElementTree.Element:
    return parse(statement_html(await replay_statement(desk.server)))


async def test_the_tiles_add_up_and_pending_orders_are_shown() -> None:
    async with terminal(profile="mt5") as desk:
        await desk.push("EURUSD", 1.08742, 1.0875)
        await desk.buy(0.5)
        order = {"symbol": "EURUSD", "type": 6, "volume": 0.2, "price": 1.1, "price_stop_limit": 1.09}
        await desk.ok("POST", "/api/orders", {**order, "comment": NASTY, "tp": 1.2})
        await desk.push("EURUSD", 1.08642, 1.0865, time_json(START + 86_400_000))
        account = await desk.ok("GET", "/api/account")
        page = await page_of(desk)
    tiles = {
        (each.findtext("span") or ""): "".join(each.find("strong").itertext())  # type: ignore[union-attr]
        for each in page.findall(".//div[@class='tile']")
    }

    def amount(name: str) -> Decimal:
        return Decimal(tiles[name].split()[0].replace(",", "").replace("−", "-"))

    assert amount("Floating swap") and amount("Floating profit") < 0
    assert amount("Balance") + amount("Floating profit") + amount("Floating swap") == amount("Equity")
    assert amount("Equity") - amount("Margin") == amount("Free margin")
    assert amount("Margin level") == Decimal(repr(account["margin_level"]))
    assert amount("Equity") == Decimal(repr(account["equity"]))
    ((placed, _, *shown),) = cells(page, "orders")
    assert placed == "2026-03-02 09:30:00"
    assert shown == [
        "EURUSD",
        "buy stop limit",
        "0.2",
        "1.10000",
        "1.09000",
        "–",
        "1.20000",
        "1.08650",
        "until cancelled",
        NASTY,
    ]


async def test_reasons_are_written_for_people() -> None:
    async with terminal() as desk:
        await desk.push("EURUSD", 1.2, 1.2001)
        await desk.buy(0.1, sl=1.19)
        await desk.buy(0.1, tp=1.21)
        await desk.push("EURUSD", 1.2101, 1.2102)
        await desk.push("EURUSD", 1.1899, 1.19)
        long = await desk.buy(0.1)
        body = {"symbol": "EURUSD", "action": "sell", "volume": 0.1}
        short = await desk.ok("POST", "/api/trade", body)
        path = f"/api/positions/{long['ticket']}/close-by"
        await desk.ok("POST", path, {"opposite": short["ticket"]})
        await desk.buy(8)
        await desk.push("EURUSD", 1.15, 1.1501)
        page = await page_of(desk)
    assert [row[8] for row in cells(page, "closed")][:-1] == [
        "Take profit",
        "Stop loss",
        "Opposite position",
        "Opposite position",
        "Stop-out",
    ]
    assert cells(page, "deals")[-1][11] == "Stop-out"


# ---------------------------------------------------------------------- closed positions


def deal(entry: str | None, position: int | None = None, **more: Any) -> dict[str, Any]:
    made = {"time": time_json(START), "entry": entry, "position": position, "volume": None}
    return {**made, "profit": 0, "swap": 0, "commission": 0, **more}


def test_the_parts_of_a_position_share_its_commission_to_the_cent() -> None:
    deals = [
        deal(None, profit=1000),
        deal("in", 2, volume=0.3, commission=-1),
        deal("in", 3, volume=1, commission=-2.5),
        deal("out", 2, volume=0.1, commission=-0.4, swap=-0.11, profit=5),
        deal("out", 2, volume=0.1, commission=-0.4, profit=6),
        deal("out_by", 2, volume=0.1, profit=-7.5),
    ]
    parts = closed_positions(deals, 2)
    assert [each.commission for each in parts] == [Decimal("-0.73"), Decimal("-0.73"), Decimal("-0.34")]
    assert [each.volume for each in parts] == [Decimal("0.1")] * 3
    assert [each.profit for each in parts] == [5, 6, Decimal("-7.5")]
    assert {each.opening["position"] for each in parts} == {2}


async def test_closed_and_open_positions_and_money_are_the_balance() -> None:
    async with terminal(profile="mt5") as desk:
        for name in ("EURUSD", "USDJPY"):
            await desk.push(name, *((1.2, 1.2001) if name == "EURUSD" else (150, 150.01)))
        tickets = [(await desk.buy(0.35, name))["ticket"] for name in ("EURUSD", "USDJPY", "EURUSD")]
        await desk.push("EURUSD", 1.2101, 1.2102, time_json(START + 86_400_000))
        await desk.push("USDJPY", 150.5, 150.51, time_json(START + 86_400_000))
        for ticket, volume in zip(tickets, (0.13, 0.07, 0.35), strict=True):
            await desk.ok("DELETE", f"/api/positions/{ticket}", volume=volume)
        statement = await replay_statement(desk.server)
    digits = statement.account["currency_digits"]
    closed = closed_positions(statement.deals, digits)
    booked = sum((each.profit + each.swap + each.commission for each in closed), Decimal(0))
    kept = sum((Decimal(repr(each["commission"])) for each in statement.positions), Decimal(0))
    assert len(closed) == 3 and kept and any(each.swap for each in closed)
    assert 10_000 + booked + kept == Decimal(repr(statement.account["balance"]))


# ---------------------------------------------------------------------- balance and equity


def sample(minute: int, equity: float, balance: float = 0) -> dict[str, Any]:
    return {"time": time_json(START + minute * 60_000), "equity": equity, "balance": balance}


def test_a_balance_steps_with_each_deal_and_equity_meets_it_where_nothing_is_open() -> None:
    """A gain of 500 and the loss of it between two samples: both lines have the peak."""

    def at(minute: int) -> dict[str, Any]:
        return {"time": time_json(START + minute * 60_000)}

    deals = [
        deal(None, profit=1000, **at(0)),
        deal("in", 2, volume=0.1, **at(1)),
        deal("out", 2, volume=0.1, profit=500, **at(2)),
        deal("in", 4, volume=0.1, **at(3)),
        deal("out", 4, volume=0.1, profit=-750, **at(4)),
        deal(None, profit=250, **at(5)),
    ]
    samples = [sample(0, 1000), sample(6, 1000, 1000)]
    lines = account_lines(deals, samples, Decimal(0), 2)
    made = [((each.time - START) // 60_000, int(each.amount)) for each in lines.balance]
    assert made == [(0, 1000), (1, 1000), (2, 1500), (3, 1500), (4, 750), (5, 1000), (6, 1000)]
    worth = [((each.time - START) // 60_000, int(each.amount)) for each in lines.equity]
    assert worth == [
        *[(0, 1000)] * 2,
        (1, 1000),
        (2, 1500),
        (3, 1500),
        (4, 750),
        (5, 750),
        (5, 1000),
        (6, 1000),
    ]
    # The deposit is no gain: from 1,500 it fell by a half, and 250 below its beginning.
    fall = lines.drawdown
    assert (fall.absolute, fall.maximal.amount, fall.maximal.percent) == (25_000, 75_000, Decimal(50))
    assert (fall.relative.percent, fall.relative.amount) == (Decimal(50), 75_000)


def test_equity_falls_between_the_deals_too() -> None:
    deals = [deal(None, profit=1000), deal("in", 2, volume=0.1)]
    samples = [sample(0, 1000), sample(1, 1200), sample(2, 900), sample(3, 1100, 1000)]
    fall = account_lines(deals, samples, Decimal(0), 2).drawdown
    assert (fall.absolute, fall.maximal.amount, fall.relative.percent) == (10_000, 30_000, Decimal(25))


# ---------------------------------------------------------------------- the picture


def curve(*points: tuple[int, str, str]) -> ElementTree.Element:
    balance = [CurvePoint(time, Decimal(amount)) for time, amount, _ in points]
    equity = [CurvePoint(time, Decimal(amount)) for time, _, amount in points]
    return ElementTree.fromstring(equity_picture(balance, equity, "USD", 2))


def line(picture: ElementTree.Element, name: str) -> list[tuple[float, float]]:
    (found,) = picture.findall(f".//*[@class='{name}']")
    return [(float(x), float(y)) for x, y in (each.split(",") for each in found.attrib["points"].split())]


def axis(picture: ElementTree.Element) -> tuple[float, float]:
    """An amount and the height of one unit, from the labels of the amounts: y = first + unit × amount."""
    labels = [
        (float((each.text or "").replace(",", "").replace("−", "-")), float(each.attrib["y"]))
        for each in picture
        if each.attrib.get("text-anchor") == "end" and "dy" in each.attrib
    ]
    (low, bottom), (high, top) = labels[0], labels[-1]
    unit = (top - bottom) / (high - low)
    return bottom - unit * low, unit


@pytest.mark.parametrize(
    "points",
    [
        [(0, "1000", "1000"), (50, "1000", "1400.5"), (100, "1500", "900")],
        [(0, "-20", "3"), (7, "-20", "-80"), (100, "10", "0")],
        [(5, "1", "1")],
        [(0, "0", "0"), (9, "0", "0")],
        [(0, "1234567.89", "1234567.88"), (9, "1234567.89", "1234567.9")],
        [(index * 86_400_000, str(10_000 + index % 7), str(9_000 + index)) for index in range(1000)],
    ],
)
def test_the_lines_go_through_the_points(points: list[tuple[int, str, str]]) -> None:
    picture = curve(*points)
    zero, unit = axis(picture)
    equity, balance = line(picture, "equity"), line(picture, "balance")
    assert len(equity) == len(points)
    span = max(points[-1][0] - points[0][0], 1)
    for (x, y), (time, owned, worth) in zip(equity, points, strict=True):
        assert abs(y - (zero + unit * float(worth))) < 0.02
        assert abs((x - equity[0][0]) - (time - points[0][0]) / span * (WIDTH - 92 - 24)) < 0.02
        assert any(
            abs(each[0] - x) < 0.01 and abs(each[1] - zero - unit * float(owned)) < 0.02 for each in balance
        )
    for x, y in (*equity, *balance):
        assert 0 < x < WIDTH and 0 < y < HEIGHT
    # A balance goes in stairs: each stretch is level or upright.
    for (x, y), (next_x, next_y) in pairwise(balance):
        assert x == next_x or y == next_y


def test_of_very_many_points_the_peaks_and_the_ends_are_kept() -> None:
    dice = Random(7)
    points = [CurvePoint(index * 1000, Decimal(dice.randint(0, 10**6))) for index in range(50_000)]
    kept = thinned(points)
    assert len(kept) <= 2000 and kept == sorted(kept, key=lambda each: each.time)
    assert (kept[0], kept[-1]) == (points[0], points[-1])
    for best in (min, max):
        assert best(each.amount for each in kept) == best(each.amount for each in points)
    # And not only of the whole: a spike anywhere is on it.
    for index in (1, 1_234, 25_001, 49_998):
        spike = points[index]._replace(amount=Decimal(10**7))
        assert spike in thinned([*points[:index], spike, *points[index + 1 :]])
    assert thinned(points[:2000]) == points[:2000]


@pytest.mark.parametrize("span", [1_000, 600_000, 86_400_000, 30 * 86_400_000, 900 * 86_400_000, 10**13])
def test_the_axis_of_time_has_some_labels_and_not_too_many(span: int) -> None:
    picture = curve((START, "1", "1"), (START + span, "2", "2"))
    labels = [each for each in picture if each.attrib.get("text-anchor") == "middle"]
    assert len(labels) <= 8
    assert len(labels) >= 2 or span == 1_000
    assert all(re.search(r"\d\d:\d\d|\d{4}", each.text or "") for each in labels)


# ---------------------------------------------------------------------- the command


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[str]]]:
    """A folder at rest with two accounts; the second has traded."""
    folder = tmp_path_factory.mktemp("statement") / "data"
    with serving(folder, "--clock", "manual") as running, _second_account(running) as (login, client):
        body = {"symbol": "EURUSD", "action": "buy", "volume": 0.1, "comment": NASTY}
        client.post("/api/trade", json=body).raise_for_status()
        yield folder, [str(running.credentials["login"]), str(login)]


@contextmanager
def _second_account(running: Running) -> Iterator[tuple[int, Any]]:
    with running.client("admin_key") as admin:
        made = admin.post("/api/accounts", json={"name": "Second", "balance": 777.5}).json()["data"]
    with running.client(made["api_key"]) as client:
        yield made["login"], client


def test_a_running_server_writes_statements(data: tuple[Path, list[str]], tmp_path: Path) -> None:
    folder, (first, second) = data
    html, table = tmp_path / "of" / "s.html", tmp_path / "s.csv"
    html.parent.mkdir()
    done = tradyn("statement", "--data-dir", folder, "--html", html, "--csv", table)
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        done.stdout
        == f"The statement of account {first} is in {html}\nThe deals of account {first} are in {table}\n"
    )
    assert f"Account statement {first}" in html.read_text(encoding="utf-8")
    done = tradyn("statement", "--data-dir", folder, "--login", second, "--csv", table)
    assert done.returncode == 0, done.stderr
    content = table.read_bytes()
    assert content.count(b"\r\n") == 3 and content.replace(b"\r\n", b"").count(b"\n") == 0
    assert b"777.50" in content
    # The key that was made for it is void.
    keys = tradyn("keys", "list", "--data-dir", folder).stdout
    assert re.search(rf"read\s+{second}\s+revoked .* statement", keys)


def test_a_folder_at_rest_writes_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    running_csv, resting_csv = tmp_path / "running.csv", tmp_path / "resting.csv"
    running_html, resting_html = tmp_path / "running.html", tmp_path / "resting.html"
    with serving(folder, "--clock", "manual") as running, running.client() as client:
        body = {"symbol": "EURUSD", "action": "buy", "volume": 0.1}
        client.post("/api/trade", json=body).raise_for_status()
        with running.client("admin_key") as admin:
            admin.post("/api/simulation/clock/advance", json={"seconds": 7200}).raise_for_status()
        files = ("--html", running_html, "--csv", running_csv)
        assert tradyn("statement", "--data-dir", folder, *files).returncode == 0
    done = tradyn("statement", "--data-dir", folder, "--html", resting_html, "--csv", resting_csv)
    assert done.returncode == 0, done.stderr
    assert resting_csv.read_bytes() == running_csv.read_bytes()
    assert resting_html.read_text() == running_html.read_text()


def test_a_statement_goes_to_standard_output(data: tuple[Path, list[str]], tmp_path: Path) -> None:
    folder, (first, _) = data
    table = tmp_path / "s.csv"
    done = tradyn("statement", "--data-dir", folder, "--html", "-", "--csv", table)
    assert (done.returncode, done.stderr) == (0, f"The deals of account {first} are in {table}\n")
    assert f"Account statement {first}" in " ".join(parse(done.stdout).itertext())
    # As bytes, because the lines of a CSV end in their own way.
    piped = subprocess.run(
        [*TRADYN, "statement", "--data-dir", str(folder), "--csv", "-"],
        capture_output=True,
        env=environment(),
        check=True,
    )
    assert (piped.stdout, piped.stderr) == (table.read_bytes(), b"")
    assert not Path("-").exists()


def test_wrong_use(data: tuple[Path, list[str]], tmp_path: Path) -> None:
    folder, logins = data
    told = refusal("statement", "--data-dir", folder)
    assert told.endswith("There is nothing to write: give --html FILE, --csv FILE or both")
    nowhere = tmp_path / "nowhere" / "s.csv"
    told = refusal("statement", "--data-dir", folder, "--csv", nowhere)
    assert told == f"tradyn: Cannot write {nowhere}: No such file or directory"
    told = refusal("statement", "--data-dir", folder, "--login", 4711, "--csv", tmp_path / "s.csv")
    assert told == f"tradyn: There is no account 4711; there are: {', '.join(logins)}"
    told = refusal("statement", "--data-dir", folder, "--html", "-", "--csv", "-")
    assert told.endswith("Only one of --html and --csv can be -, the standard output")
    told = refusal("statement", "--data-dir", tmp_path / "none", "--csv", tmp_path / "s.csv")
    assert "There is no broker in" in told
    assert list(tmp_path.iterdir()) == []


def replayed(tmp_path: Path) -> tuple[Path, Path]:
    """Data of ten hours, and requests that open and close a position."""
    lines = ["time,open,high,low,close"]
    lines += [f"2024-03-04T{hour:02d}:00:00Z,1.1,1.11,1.09,{1.1 + hour / 1000}" for hour in range(10)]
    (tmp_path / "EURUSD_H1.csv").write_text("\n".join(lines))
    requests = tmp_path / "requests.jsonl"
    requests.write_text(
        '{"time": "2024-03-04T02:00:00Z", "path": "/api/trade", '
        '"body": {"symbol": "EURUSD", "action": "sell", "volume": 0.1}}\n'
        '{"time": "2024-03-04T05:00:00Z", "method": "DELETE", "path": "/api/positions/2"}\n'
    )
    return tmp_path / "EURUSD_H1.csv", requests


def test_a_replay_writes_its_statement_to_standard_output(tmp_path: Path) -> None:
    file, requests = replayed(tmp_path)
    done = tradyn("replay", file, "--requests", requests, "--csv", "-")
    assert done.returncode == 0
    assert [row["entry"] for row in csv.DictReader(io.StringIO(done.stdout))] == ["", "in", "out"]
    assert done.stderr.startswith("Replayed to 2024-03-04T")


def test_a_replay_writes_its_statement(tmp_path: Path) -> None:
    file, requests = replayed(tmp_path)
    html, table = tmp_path / "s.html", tmp_path / "s.csv"
    done = tradyn("replay", file, "--requests", requests, "--html", html, "--csv", table)
    assert (done.returncode, done.stderr) == (0, "")
    balance = re.search(r"Balance +([\d,.]+) USD", done.stdout)
    assert balance is not None
    last = list(csv.DictReader(table.open(newline="")))[-1]
    assert (last["entry"], Decimal(last["balance"])) == ("out", Decimal(balance[1].replace(",", "")))
    picture = parse(html.read_text(encoding="utf-8")).find(".//{http://www.w3.org/2000/svg}svg")
    # The samples; before the deal that opens and after the one that closes; after the deposit.
    assert picture is not None and len(line(picture, "equity")) == 400 + 3
