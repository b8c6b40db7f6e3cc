"""Whatever happens on the way, the deals and the journal are those of a quiet day, to the byte.

Two accounts at the same market, which stands still until the test moves it; only one has a bad day.
"""

from __future__ import annotations

import math
import signal
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from tradyn_client import Client, Retries, TradynError, errors
from tradyn_client.models import Disconnect

from .broker import AT_ONCE, Broker, Trader, serving
from .interrupter import Moment, interrupting, start_bot


def hour(minutes: int = 60) -> list[float]:
    """Bids of an hour that goes up and down and now and then plunges: crosses, stop losses, take profits."""
    waves = [0.003 * math.sin(n / 4) + 0.0007 * math.sin(2.1 * n) for n in range(minutes)]
    return [round(1.1 + wave - (0.003 if n % 13 == 7 else 0), 5) for n, wave in enumerate(waves)]


def life(trader: Trader) -> tuple[bytes, list[dict[str, Any]]]:
    return trader.journal.read_bytes(), [each.to_dict() for each in trader.deals]


def test_the_same_data_leave_the_same_journal(tmp_path: Path) -> None:
    lives = []
    for name in ("first", "second"):
        with serving(tmp_path / name) as broker:
            trader = broker.open_account(tmp_path / f"{name} bot")
            for bid in hour():
                broker.tick(bid)
                trader.step(sl=100)
            lives.append(life(trader))
    assert lives[0] == lives[1]
    reasons = {each["reason"] for each in trader.events("closed")}
    assert len(trader.events("opened")) >= 5 and reasons == {"client", "sl", "tp"}


def test_a_lossy_hour_has_the_deals_of_a_quiet_one(calm: Broker, tmp_path: Path) -> None:
    quiet, lossy = calm.open_account(tmp_path / "quiet"), calm.open_account(tmp_path / "lossy")
    sent: list[httpx.Request] = []
    answered: list[int] = []
    watching = Client(
        base_url=calm.base_url,
        token=lossy.client.token,
        retries=AT_ONCE,
        httpx_args={
            "event_hooks": {
                "request": [sent.append],
                "response": [lambda answer: answered.append(answer.status_code)],
            }
        },
    )
    outages = 0
    with watching:
        for minute, bid in enumerate(hour()):
            calm.tick(bid)
            trouble: dict[str, Any] = {"lost_reply_rate": 0.3, "error_rate": 0.2, "seed": minute}
            if minute % 7 == 0:
                trouble["disconnects"] = [Disconnect(from_=calm.now, to=calm.now + timedelta(seconds=20))]
                calm.faults(**trouble)
                with pytest.raises(errors.NotConnected):
                    lossy.step(watching.with_retries(None), sl=100)
                outages += 1
            calm.wait(30)
            calm.faults()
            quiet.step(sl=100)
            calm.faults(**trouble)
            lossy.step(watching, sl=100)
            calm.faults()
    assert outages == 9 and len(sent) - len(answered) > 20 and answered.count(500) > 20
    assert life(lossy) == life(quiet)
    assert len(quiet.events("opened")) >= 5


def test_a_bot_that_dies_of_every_lost_reply_trades_once(calm: Broker, tmp_path: Path) -> None:
    quiet, mortal = calm.open_account(tmp_path / "quiet"), calm.open_account(tmp_path / "mortal")
    deaths = 0
    for number, bids in enumerate([(1.102, 1.1025), (1.098, 1.0975), (1.1015, 1.1025, 1.1025)]):
        calm.tick(*bids)
        quiet.step()
        calm.faults(lost_reply_rate=0.5, seed=number)
        while True:
            try:
                mortal.step(mortal.client.with_retries(None))
                break
            except errors.NoAnswer:
                deaths += 1
        calm.faults()
    assert deaths > 5
    assert life(mortal) == life(quiet)
    assert [each.entry for each in mortal.deals] == ["in", "out", "in", "out", "in"]


def test_killed_anywhere_and_restarted_it_has_one_position(calm: Broker, tmp_path: Path) -> None:
    """`kill -9` before and after each single request of a reversal."""
    calm.tick(1.102, 1.1025)
    with interrupting(calm.base_url) as between:
        quiet = calm.open_account(tmp_path / "quiet")
        assert between.run(quiet) == 0
        asked = ["GET /v1/api/positions", "GET /v1/api/candles/EURUSD", "GET /v1/api/positions"]
        asked += ["DELETE /v1/api/positions/2", "GET /v1/api/positions", "GET /v1/api/account"]
        asked += ["GET /v1/api/symbols/EURUSD", "POST /v1/api/trade"]
        victims = [(number, moment) for number in range(len(asked)) for moment in Moment]
        killed = {victim: calm.open_account(tmp_path / f"{victim[0]} {victim[1].name}") for victim in victims}
        for trader in killed.values():
            trader.step()
        calm.tick(1.098, 1.0975)
        assert between.run(quiet) == 0
        assert between.seen == asked
        for victim, trader in killed.items():
            assert between.run(trader, victim) == -signal.SIGKILL, victim
            assert len(between.seen) == victim[0] + 1
            assert between.run(trader) == 0
            assert life(trader) == life(quiet), victim
    assert [each.entry for each in quiet.deals] == ["in", "out", "in"]


def test_a_restart_of_the_broker_and_ctrl_c(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as broker:
        port = int(broker.base_url.rpartition(":")[2].removesuffix("/v1"))
        broker.tick(*[1.1] * 6)
        trader = broker.open_account(tmp_path / "bot")
        log = tmp_path / "bot.log"
        bot = start_bot(trader, "--poll=0.01", stderr=log)
        until(lambda: trader.journal.exists() and bool(trader.entries))
        broker.process.kill()
        broker.process.wait()
    try:
        until(lambda: "The broker cannot be asked now" in log.read_text())
        with serving(tmp_path / "data", port=port, start=broker.now) as again:
            again.tick(1.102, 1.1025)
            until(lambda: bool(trader.events("opened")))
            bot.send_signal(signal.SIGINT)
            assert bot.wait(60) == 0
            assert "position 2 stays, with its stops" in log.read_text()
            assert len(trader.positions) == 1
    finally:
        bot.kill()
        bot.wait()


def until(condition: Callable[[], bool]) -> None:
    """Wait for another process; the limit is there for a test that fails."""
    limit = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.02)


def test_once_says_when_to_try_later(calm: Broker, trader: Trader) -> None:
    calm.faults(connected=False)
    bot = start_bot(trader, "--once")
    assert bot.wait(60) == 75
    calm.faults()
    assert start_bot(trader, "--once").wait(60) == 0


@pytest.mark.parametrize(("token", "words"), [("", "no API key"), ("tk_live_wrong", "INVALID_API_KEY")])
def test_a_wrong_key_ends_it_with_a_sentence(token: str, words: str, trader: Trader, tmp_path: Path) -> None:
    trader.client = Client(base_url=trader.client.base_url, token=token)
    log = tmp_path / "bot.log"
    assert start_bot(trader, stderr=log).wait(60) == 1
    assert words in log.read_text() and "Traceback" not in log.read_text()


# ---------------------------------------------------------------------- refusals


def test_a_closed_market_is_waited_for(tmp_path: Path) -> None:
    """And three requests a second are enough for a bot."""
    friday = datetime.fromisoformat("2026-03-06T21:50:00Z")
    with serving(tmp_path / "data", "--profile=mt5", "--rate-limit=3", start=friday) as broker:
        trader = broker.open_account(tmp_path / "bot")
        broker.tick(*[1.1] * 6)
        trader.step()
        broker.tick(1.102, 1.102)
        broker.wait(180)
        for _ in range(2):
            trader.step()
        assert [each["code"] for each in trader.events("refused")] == ["MARKET_CLOSED"]
        broker.now = datetime.fromisoformat("2026-03-08T21:59:00Z")
        broker.tick(1.1021)
        trader.step()
        (position,) = trader.positions
        assert position.client_order_id == "7-EURUSD-M1-20260306T215700-open-2"


def test_a_requote_is_asked_again_three_times_and_then_with_the_next_candle(
    calm: Broker, trader: Trader
) -> None:
    calm.faults(reject_rate=1)
    calm.tick(1.102, 1.1025)
    for _ in range(2):
        trader.step()
    assert [each["again"] for each in trader.events("refused")] == ["now", "now", "later"]
    calm.faults()
    trader.step()
    assert not trader.positions
    calm.tick(1.1022)
    trader.step()
    (position,) = trader.positions
    assert (position.client_order_id or "").endswith("-open-4")


def test_slippage_beyond_the_deviation_is_a_requote(calm: Broker, trader: Trader) -> None:
    calm.faults(slippage_points=1000, seed=1)
    calm.tick(1.102, 1.1025)
    trader.step(deviation=1)
    assert {each["code"] for each in trader.events("refused")} == {"REQUOTE"}


def test_without_the_margin_the_cross_is_let_pass(calm: Broker, trader: Trader) -> None:
    calm.tick(1.102, 1.1025)
    trader.step(volume=50)
    calm.tick(1.1022)
    trader.step(volume=50)
    assert [(each["code"], each["again"]) for each in trader.events("refused")] == [
        ("INSUFFICIENT_MARGIN", "never")
    ]


def test_a_risk_that_no_volume_keeps_to_is_not_taken(calm: Broker, trader: Trader) -> None:
    calm.tick(1.102, 1.1025)
    trader.step(volume=None, risk=0)
    assert not trader.deals and len(trader.events("skipped")) == 1


def test_the_journal_is_lost_and_still_nothing_is_done_twice(calm: Broker, trader: Trader) -> None:
    calm.tick(1.102, 1.1025)
    trader.step()
    trader.journal.unlink()
    trader.step()
    assert [each["event"] for each in trader.entries] == ["candle", "kept"]
    assert len(trader.deals) == 1
    calm.tick(1.105)
    trader.step()
    assert [each["reason"] for each in trader.events("closed")] == ["tp"]


def test_a_cross_that_was_followed_once_is_not_followed_by_a_bot_that_knows_nothing_of_it(
    calm: Broker, trader: Trader
) -> None:
    calm.tick(1.102, 1.1025)
    trader.step()
    calm.move(1.0965)  # the stop loss: no position tells of the cross any more
    trader.journal.unlink()
    for _ in range(2):
        trader.step()
    assert [each["event"] for each in trader.entries] == ["candle", "open", "opened", "closed"]
    trader.journal.unlink()
    trader.step(volume=0.2)
    assert [each["code"] for each in trader.events("refused")] == ["CLIENT_ORDER_ID_REUSED"]
    assert [each.entry for each in trader.deals] == ["in", "out"]


def test_what_a_crash_left_of_a_line_is_cut_off(calm: Broker, trader: Trader) -> None:
    calm.tick(1.102, 1.1025)
    trader.step()
    whole = trader.journal.read_bytes()
    trader.journal.write_bytes(whole + b'{"event": "clo')
    trader.step()
    assert trader.journal.read_bytes() == whole


def test_what_is_wrong_with_the_program_is_not_hidden(calm: Broker, trader: Trader) -> None:
    wrong = Client(base_url=trader.client.base_url, token="tk_live_wrong", retries=Retries())
    with pytest.raises(TradynError, match="INVALID_API_KEY"):
        trader.step(wrong)
