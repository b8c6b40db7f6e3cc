"""`tradyn watch`: what it shows is what happened."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from serving import TRADYN, Running, environment, refusal, serving
from tradyn.watch import Picture, sentence

Json = dict[str, Any]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("watch") / "data"
    with serving(folder, "--feed", "push", "--clock", "manual", "--start", "2026-03-02T09:30:00Z") as running:
        # Each test can run by itself: there is something to watch.
        push(running, "EURUSD", 1.08, 1.0801)
        yield running


def push(server: Running, symbol: str, bid: float, ask: float) -> None:
    with server.client("admin_key") as client:
        quote = {"symbol": symbol, "bid": bid, "ask": ask}
        assert client.post("/api/simulation/quotes", json={"quotes": [quote]}).status_code == 200


def start(server: Running, *arguments: str) -> subprocess.Popen[str]:
    command = [*TRADYN, "watch", "--data-dir", str(server.data_dir), *arguments]
    return subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True)


def test_line_by_line_into_a_pipe(server: Running) -> None:
    push(server, "EURUSD", 1.08, 1.0801)
    push(server, "GBPUSD", 1.27, 1.2701)
    watching = start(server, "EURUSD")
    assert watching.stdout is not None
    try:
        assert watching.stdout.readline() == "2026-03-02T09:30:00.000Z EURUSD 1.08 1.0801\n"
        push(server, "GBPUSD", 1.28, 1.2801)
        with server.client() as client:
            order = {"symbol": "EURUSD", "type": 2, "volume": 0.1, "price": 1.07, "sl": 1.06}
            placed = client.post("/api/orders", json=order).json()["data"]["ticket"]
        push(server, "EURUSD", 1.0699, 1.07)
        push(server, "EURUSD", 1.059, 1.0591)
        lines: list[str] = []
        while not any("stop loss" in each for each in lines):
            lines.append(watching.stdout.readline().strip())
    finally:
        watching.send_signal(signal.SIGINT)
        watching.communicate(timeout=10)
    told = [each for each in lines if "EURUSD 1." not in each or "deal" in each]
    assert f"2026-03-02T09:30:00 order {placed}: placed" in told
    assert f"2026-03-02T09:30:00 order {placed}: filled" in told
    assert f"Buy limit order {placed} in EURUSD was filled at 1.07000" in "\n".join(told)
    assert any("sell 0.1 EURUSD at 1.059, profit -110 (sl)" in each for each in told)
    assert not any("GBPUSD" in each for each in lines)


def test_ctrl_c_is_a_good_end(server: Running) -> None:
    watching = start(server)
    assert watching.stdout is not None
    watching.stdout.readline()
    watching.send_signal(signal.SIGINT)
    out, _ = watching.communicate(timeout=10)
    assert "Traceback" not in out and watching.returncode == 0


def test_what_cannot_work_is_one_sentence(server: Running, tmp_path: Path) -> None:
    assert "credentials.json" in refusal("watch", "--data-dir", tmp_path)
    assert "NONE" in refusal("watch", "--data-dir", server.data_dir, "NONE")
    assert "Invalid API key" in refusal("watch", "--data-dir", server.data_dir, "--api-key", "tk_live_x")


def test_it_waits_for_a_server_that_is_not_there_yet(tmp_path: Path) -> None:
    with serving(tmp_path / "data", "--clock", "manual") as server:
        pass
    watching = start(server, "EURUSD")
    assert watching.stdout is not None
    with serving(tmp_path / "data", "--clock", "manual", port=server.port):
        assert "EURUSD" in watching.stdout.readline()
        watching.send_signal(signal.SIGINT)
        watching.communicate(timeout=10)


def test_the_picture() -> None:
    position: Json = {"ticket": 7, "symbol": "EURUSD", "type": "buy", "volume": 0.5, "price_open": 1.08}
    position |= {"sl": 1.07, "tp": None, "trailing_stop": None}
    picture = Picture(is_connected=True)
    for bid in (1.08, 1.081):
        quote = {"symbol": "EURUSD", "bid": bid, "ask": 1.09, "spread": 9, "time": "2026-03-02T09:30:00.000Z"}
        picture.take({"event": "tick", "data": quote})
    picture.take({"event": "positions", "version": 3, "data": [position]})
    change = position | {"change": "reduced", "volume": 0.2, "sl": None}
    picture.take({"event": "position", "version": 4, "data": change})
    assert picture.positions[7] | {"volume": 0.2, "sl": 1.07} == picture.positions[7]
    shown = Console(width=100, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    shown.print(picture.draw())
    text = shown.export_text()
    assert "1.081" in text and "0.2" in text and "1.07" in text
    assert picture.moves == {"EURUSD": 1}
    picture.take({"event": "position", "version": 5, "data": change | {"change": "closed"}})
    assert picture.positions == {}
    assert Picture().draw().renderables[0].plain == "Connecting …"  # type: ignore[union-attr]


def test_only_what_a_person_would_read_is_a_sentence() -> None:
    assert sentence({"event": "order", "data": {"type": 0, "state": "filled"}}) is None
    assert sentence({"event": "welcome"}) is None
