"""Slow and rude clients: each is told what was wrong, let go of, and holds up nobody else."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import socket
import struct
import time
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvloop
import websockets

from reliability.at_the_door import LIVE, Answer, Client, serving_at
from serving import Running, serving
from tradyn.door import Limits

QUICK = Limits(
    head_seconds=0.2,
    body_seconds=0.2,
    idle_seconds=0.2,
    unsent_seconds=0.2,
    linger_seconds=0.2,
    sweep_seconds=0.1,
)
OPENAPI = b"GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
BUY = {"symbol": "EURUSD", "action": "buy", "volume": 0.1}


@pytest.fixture(scope="session")
def event_loop_policy() -> asyncio.AbstractEventLoopPolicy:
    """The loop that `tradyn serve` has."""
    policy: asyncio.AbstractEventLoopPolicy = uvloop.EventLoopPolicy()
    return policy


def _told(answer: Answer, sentence: str) -> None:
    envelope = answer.envelope
    assert (answer.status, envelope["code"], envelope["retcode"]) == (400, "INVALID_REQUEST", 10013)
    assert sentence in envelope["error"]
    assert answer.headers["connection"] == "close"
    assert answer.headers["x-request-id"] == envelope["request_id"]


async def _trickle(client: Client, byte: bytes) -> None:
    """One byte after the other, for ever."""
    with suppress(ConnectionError):
        while not client.writer.is_closing():
            client.send(byte)
            await asyncio.sleep(0.02)


# ---------------------------------------------------------------------- too slow


@pytest.mark.parametrize("is_trickling", [False, True], ids=["stops", "trickles"])
async def test_a_head_that_never_ends(is_trickling: bool) -> None:
    async with serving_at(QUICK) as place:
        client = await place.connect()
        client.send(b"GET /v1/api/account HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: ")
        trickle = asyncio.create_task(_trickle(client, b"x") if is_trickling else asyncio.sleep(0))
        _told(await client.answer(), "its head must be there within 0.2 seconds")
        trickle.cancel()
        assert await client.rest() == b""


@pytest.mark.parametrize("is_trickling", [False, True], ids=["stops", "trickles"])
async def test_a_body_that_never_ends(is_trickling: bool) -> None:
    async with serving_at(QUICK) as place:
        client = await place.connect()
        client.send(place.request("POST", "/api/trade", b"{", Content_Length="60000"))
        trickle = asyncio.create_task(_trickle(client, b" ") if is_trickling else asyncio.sleep(0))
        _told(await client.answer(), "its body must be there within 0.2 seconds")
        trickle.cancel()
        assert await client.rest() == b""


async def test_a_body_that_comes_steadily_has_time() -> None:
    # Each byte that comes buys a second.
    patient = Limits(body_seconds=0.2, body_bytes_a_second=1, sweep_seconds=0.1)
    async with serving_at(patient) as place:
        client = await place.connect()
        body = json.dumps(BUY).encode()
        client.send(place.request("POST", "/api/trade/preview", body)[: -len(body)])
        for at in range(0, len(body), 16):
            client.send(body[at : at + 16])
            await asyncio.sleep(0.25)
        assert (await client.answer()).envelope["data"]["code"] == "NO_QUOTES"
        await client.close()


async def test_a_body_that_nobody_waits_for_any_more_ends_too() -> None:
    async with serving_at(QUICK) as place:
        client = await place.connect()
        client.send(
            place.request("POST", "/api/trade", b"{", Authorization="Bearer no", Content_Length="60000")
        )
        assert (await client.answer()).status == 403
        trickle = asyncio.create_task(_trickle(client, b" "))
        assert await client.rest() == b""
        trickle.cancel()


@pytest.mark.parametrize(
    "sent", [b"", LIVE, b"\r\n"], ids=["never said a word", "after an answer", "a line end"]
)
async def test_an_idle_connection_is_closed_without_a_word(sent: bytes) -> None:
    async with serving_at(QUICK) as place:
        client = await place.connect()
        client.send(sent)
        if sent == LIVE:
            assert (await client.answer()).status == 200
        assert await client.rest() == b""


async def test_what_came_before_the_slow_request_is_answered() -> None:
    async with serving_at(QUICK) as place:
        client = await place.connect()
        client.send(LIVE + LIVE + b"GET /v1/api/account HTTP/1.1\r\n")
        assert [(await client.answer()).status for _ in range(2)] == [200, 200]
        _told(await client.answer(), "its head must be there")
        assert await client.rest() == b""


async def test_a_client_that_does_not_read_is_dropped() -> None:
    alone = Limits(connections=1, turned_away=8, unsent_seconds=0.2, linger_seconds=0.2, sweep_seconds=0.1)
    async with serving_at(alone) as place:
        client = await place.connect()
        client.writer.transport.pause_reading()  # type: ignore[attr-defined]
        for _ in range(20):
            client.send(OPENAPI * 4)
            await asyncio.sleep(0)
        # The only connection that there is becomes free.
        await place.until_let_in()


# ---------------------------------------------------------------------- too much


async def test_too_many_headers() -> None:
    async with serving_at(Limits(headers=20)) as place:
        lines = {f"X-{number}": "1" for number in range(30)}
        _told(await place.ask(place.request("GET", "/api/account", **lines)), "it has more than 20 headers")
        lines = {f"X-{number}": "1" for number in range(18)}
        assert (await place.ask(place.request("GET", "/api/account", **lines))).status == 200


async def test_too_long_a_head() -> None:
    async with serving_at(Limits()) as place:
        long = place.request("GET", "/api/account", X_Long="x" * 66_000)
        _told(await place.ask(long), "its head is longer than 65536 bytes")
        assert (await place.ask(place.request("GET", "/api/account", X_Long="x" * 60_000))).status == 200


async def test_too_many_requests_ahead_of_their_answers() -> None:
    async with serving_at(Limits(pipelined=4)) as place:
        client = await place.connect()
        client.send(LIVE * 12)
        answers = [await client.answer() for _ in range(6)]
        assert [each.status for each in answers] == [200] * 5 + [400]
        _told(answers[-1], "more than 4 requests were sent without waiting for an answer")
        assert await client.rest() == b""


async def test_those_who_never_end_share_so_much_memory() -> None:
    async with serving_at(Limits(unfinished_bytes=200_000)) as place:
        begun = place.request("GET", "/api/account", X_Long="x" * 45_000)[:-2]
        half = place.request("POST", "/api/trade", b" " * 45_000, Content_Length="45001")
        # Each of them may go on alone; together they are too much, so the one that came last has to go.
        slow = [await place.connect() for _ in range(5)]
        for number, each in enumerate(slow):
            each.send(begun if number % 2 else half)
            await asyncio.sleep(0.05)
        shed = await slow[-1].answer()
        assert (shed.status, shed.envelope["code"], shed.headers["retry-after"]) == (429, "RATE_LIMITED", "1")
        assert await slow[-1].rest() == b""
        slow[1].send(b"\r\n")
        assert (await slow[1].answer()).status == 200
        for each in slow:
            await each.close()
        # What they took is free again.
        again = [await place.connect() for _ in range(4)]
        for each in again:
            each.send(begun)
            await asyncio.sleep(0.05)
        for each in again:
            each.send(b"\r\n")
            assert (await each.answer()).status == 200
            await each.close()


async def test_who_reads_slowly_but_steadily_gets_everything() -> None:
    limits = Limits(unsent_seconds=0.3, sweep_seconds=0.1)
    async with serving_at(limits) as place:
        client = await place.connect()
        client.send(OPENAPI * 8)
        lengths = []
        for _ in range(8):
            lengths.append(len((await client.answer()).body))
            await asyncio.sleep(0.15)
        assert len(set(lengths)) == 1
        await client.close()


async def test_an_aborted_pipeline_leaves_no_error(caplog: pytest.LogCaptureFixture) -> None:
    async with serving_at(Limits()) as place:
        for _ in range(5):
            client = await place.connect()
            client.writer.transport.pause_reading()  # type: ignore[attr-defined]
            client.send(OPENAPI * 30)
            await asyncio.sleep(0.1)
            client.writer.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
            await client.close()
        await asyncio.sleep(0.2)
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR] == []


async def test_a_body_is_not_read_for_ever() -> None:
    async with serving_at(Limits(body_bytes=200_000)) as place:
        client = await place.connect()
        client.send(
            place.request("POST", "/api/trade", b"{", Authorization="Bearer no", Content_Length="9" * 12)
        )
        assert (await client.answer()).status == 403
        with suppress(ConnectionError):
            for _ in range(64):
                client.send(b" " * 65_536)
                await client.writer.drain()
        assert await client.rest() == b""


def _bombs() -> dict[str, bytes]:
    # A gigabyte of spaces, had it been unpacked: 1 MB is repeated, so that making it takes no time.
    million = b" " * 1_000_000
    packed = gzip.compress(million)
    return {"gzip": packed * 50, "deflate": zlib.compress(million), "br": b"\x1b\xff\xff\xff\xff" * 1000}


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
async def test_nothing_is_unpacked(coding: str) -> None:
    async with serving_at(Limits()) as place:
        bomb = _bombs()[coding]
        answer = await place.ask(place.request("POST", "/api/trade", bomb, Content_Encoding=coding))
        assert answer.status == 400
        assert answer.envelope["details"][0]["at"] == "header.Content-Encoding"
        assert answer.envelope["details"][0]["problem"] == f'must be identity or absent, got "{coding}"'


# ---------------------------------------------------------------------- too many


def _turned_away(answer: Answer, sentence: str) -> None:
    envelope = answer.envelope
    assert (answer.status, envelope["code"], envelope["retcode"]) == (503, "NOT_CONNECTED", 10031)
    assert sentence in envelope["error"]
    assert (answer.headers["retry-after"], answer.headers["connection"]) == ("1", "close")


async def test_a_connection_too_many_is_told_so() -> None:
    async with serving_at(Limits(connections=2, connections_an_address=2)) as place:
        held = [await place.connect() for _ in range(2)]
        for each in held:
            each.send(LIVE)
            assert (await each.answer()).status == 200
        late = await place.connect()
        late.send(place.request("GET", "/api/account"))
        _turned_away(await late.answer(), "2 connections are open")
        assert await late.rest() == b""
        # Whoever watches would take a busy server for a dead one.
        watching = await place.connect()
        watching.send(LIVE)
        told = await watching.answer()
        assert (told.status, told.headers["connection"]) == (200, "close")
        assert await watching.rest() == b""
        silent = await place.connect()
        assert await silent.rest() == b""
        held[0].send(place.request("GET", "/api/account"))
        assert (await held[0].answer()).status == 200
        await held[0].close()
        await place.until_let_in()
        await held[1].close()


async def test_one_address_does_not_lock_out_the_others() -> None:
    async with serving_at(Limits(connections=4, connections_an_address=2)) as place:
        held = [await place.connect() for _ in range(2)]
        for each in held:
            each.send(LIVE)
            assert (await each.answer()).status == 200
        _turned_away(await place.ask(OPENAPI), "2 connections from your address are open")
        assert (await place.ask(LIVE, address="127.0.0.2")).status == 200
        for each in held:
            await each.close()


async def test_those_turned_away_are_bounded_too() -> None:
    async with serving_at(Limits(connections=1, turned_away=0)) as place:
        client = await place.connect()
        client.send(LIVE)
        assert (await client.answer()).status == 200
        assert await (await place.connect()).rest() == b""
        await client.close()
        await place.until_let_in()


async def test_a_websocket_is_a_connection_like_any_other() -> None:
    async with serving_at(Limits(connections=1)) as place:
        address = f"ws://127.0.0.1:{place.port}/v1/api/stream"
        authorization = {"Authorization": f"Bearer {place.key}"}
        async with websockets.connect(address, additional_headers=authorization, proxy=None) as stream:
            assert json.loads(await stream.recv())["event"] == "welcome"
            _turned_away(await place.ask(OPENAPI), "1 connections are open")
            handshake = place.request(
                "GET",
                "/api/stream",
                Upgrade="websocket",
                Connection="Upgrade",
                Sec_WebSocket_Key="dGhlIHNhbXBsZSBub25jZQ==",
                Sec_WebSocket_Version="13",
            )
            _turned_away(await place.ask(handshake), "1 connections are open")
        await place.until_let_in()
        refused = place.request("GET", "/api/stream", Upgrade="websocket", Connection="Upgrade")
        assert (await place.ask(refused)).status == 400
        await place.until_let_in()


# ---------------------------------------------------------------------- all at once


def _rude(server: Running, kind: str, key: str) -> socket.socket:
    connection = socket.socket()
    if kind == "does not read":
        # So that little is in flight and much waits in the server.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", server.port))
    head = f"POST /v1/api/trade HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"
    match kind:
        case "slow head":
            connection.sendall(head.encode())
        case "slow body":
            connection.sendall(
                f"{head}Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{{".encode()
            )
        case "does not read":
            connection.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 8)
        case "half closed":
            connection.sendall(head.encode())
            connection.shutdown(socket.SHUT_WR)
        case "silent WebSocket":
            connection.sendall(
                b"GET /v1/api/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                b"Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                b"Sec-WebSocket-Version: 13\r\n\r\n"
            )
            assert connection.recv(12) == b"HTTP/1.1 101"
        case "idle":
            connection.sendall(LIVE)
            assert connection.recv(12) == b"HTTP/1.1 200"
    return connection


KINDS = ("slow head", "slow body", "does not read", "half closed", "silent WebSocket", "idle", "silent")


def test_a_hundred_of_them_hold_up_neither_the_others_nor_the_end(tmp_path: Path) -> None:
    with serving(tmp_path / "data", "--clock", "manual", "--rate-limit", "100000") as server:
        key = server.credentials["api_key"]
        rude = [_rude(server, KINDS[number % len(KINDS)], key) for number in range(20 * len(KINDS))]
        with server.client() as client:
            done = [_patiently(client) for _ in range(20)]
        began = time.monotonic()
        assert server.stop() == 0
        # The promise itself, and far more than it takes.
        assert time.monotonic() - began < 5
        for each in rude:
            each.close()
    assert "Exception" not in server.log
    assert len({each["data"]["ticket"] for each in done}) == 20
    with serving(tmp_path / "data", port=server.port) as again, again.client() as client:
        assert len(client.get("/api/positions").json()["data"]) == 20


def _patiently(client: httpx.Client) -> Any:
    """A trade, sent again after a second if it is told to."""
    while (answer := client.post("/api/trade", json={**BUY, "volume": 0.01})).status_code == 429:
        time.sleep(int(answer.headers["retry-after"]))
    assert answer.status_code == 200, answer.text
    return answer.json()
