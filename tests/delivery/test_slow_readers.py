"""Readers who do not read cost the others nothing and a bounded memory, and miss no transaction."""

from __future__ import annotations

import base64
import json
import os
import socket
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import pytest

from contract.served import Served, served
from delivery.listening import Listening, listening
from delivery.test_stream import push
from tradyn.broker.commands import ChangeBalance
from tradyn.delivery import reader as reader_module

SYMBOLS: Final = ("EURUSD", "GBPUSD", "USDJPY", "XAUUSD")
TRANSACTIONS: Final = 3000


@pytest.fixture
def broker() -> Iterator[Served]:
    with served() as broker:
        yield broker


class Deaf:
    """A raw socket with a small buffer, which reads only when it is told to."""

    def __init__(self, broker: Served) -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect(("127.0.0.1", broker.port))
        self.socket.settimeout(20)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            "GET /v1/api/stream HTTP/1.1",
            "Host: 127.0.0.1",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            f"Authorization: Bearer {broker.world.keys['full']}",
        ]
        self.socket.sendall("\r\n".join((*lines, "", "")).encode())
        self._rest = b""
        while b"\r\n\r\n" not in self._rest:
            self._rest += self.socket.recv(4096)
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        assert b" 101 " in head

    def say(self, **message: Any) -> None:
        text = json.dumps(message).encode()
        assert len(text) < 126
        self.socket.sendall(b"\x81" + bytes([0x80 | len(text)]) + bytes(4) + text)

    def hear(self) -> dict[str, Any] | None:
        """The next message; None for the end."""
        while (found := self._take()) is None:
            piece = self.socket.recv(65_536)
            if not piece:
                return None
            self._rest += piece
        opcode, payload = found
        if opcode == 8:
            return None
        message: dict[str, Any] = json.loads(payload) if opcode == 1 else {"event": "ping"}
        return message

    def _take(self) -> tuple[int, bytes] | None:
        if len(self._rest) < 4:
            return None
        size, start = self._rest[1], 2
        if size == 126:
            size, start = int.from_bytes(self._rest[2:4], "big"), 4
        elif size == 127:
            size, start = int.from_bytes(self._rest[2:10], "big"), 10
        if len(self._rest) < start + size:
            return None
        opcode, payload = self._rest[0] & 15, self._rest[start : start + size]
        self._rest = self._rest[start + size :]
        return opcode, payload


def resident_kib() -> int:
    """Of this process, in which the broker lives."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def deposit(broker: Served, count: int) -> None:
    async def work() -> None:
        for _ in range(count):
            command = ChangeBalance(amount=Decimal("0.01"), comment="", client_order_id=None)
            await broker.world.server.desk.execute(broker.world.login, command, "test")

    broker.run(work())


def version(broker: Served) -> int:
    return broker.world.server.desk.broker.accounts[broker.world.login].version


def subscribed(reader: Listening | Deaf, channel: str) -> None:
    reader.say(op="subscribe", channel=channel)
    while (message := reader.hear()) is not None and message["event"] != "subscribed":
        pass


def test_nothing_numbered_is_left_out_however_slow_the_reader(broker: Served) -> None:
    deaf = Deaf(broker)
    subscribed(deaf, "deals")
    first = version(broker)
    deposit(broker, TRANSACTIONS)
    heard: list[int] = []
    while len(heard) < TRANSACTIONS:
        message = deaf.hear()
        assert message is not None
        if message["event"] == "deal":
            heard.append(message["version"])
    assert heard == list(range(first + 1, first + TRANSACTIONS + 1))
    # It has caught up, and hears with the others again.
    deposit(broker, 1)
    message = deaf.hear()
    assert message is not None and message["version"] == first + TRANSACTIONS + 1


def test_ticks_are_conflated_and_memory_is_bounded(broker: Served) -> None:
    deaf = [Deaf(broker) for _ in range(10)]
    for each in deaf:
        subscribed(each, "ticks")
    rounds, size = 30, 1000
    quotes = [(SYMBOLS[index % 4], 1.0 + index % 7 / 1000, 1.01 + index % 11 / 1000) for index in range(size)]
    with listening(broker.base_url, broker.world.keys["read"]) as other:
        other.say(op="subscribe", channel="ticks", symbols=["XAUUSD"])
        other.all_so_far()
        push(broker, *quotes)
        other.all_so_far()
        before = resident_kib()
        for _ in range(rounds):
            push(broker, *quotes)
            # Whoever reads hears every one of them meanwhile.
            assert len([each for each in other.all_so_far() if each["event"] == "tick"]) == size // 4
        # 30,000 ticks for each of ten readers would be 36 MB.
        assert resident_kib() - before < 15_000
    push(broker, ("EURUSD", 1.5, 1.6))
    last = None
    while last is None or last["data"]["ask"] != 1.6:
        message = deaf[0].hear()
        assert message is not None
        if message["event"] == "tick" and message["data"]["symbol"] == "EURUSD":
            last = message


def test_who_takes_nothing_for_too_long_is_disconnected_and_can_resume(
    broker: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_module, "SLOW_SECONDS", 0.5)
    monkeypatch.setattr(reader_module, "_LINGER_SECONDS", 0.2)
    deaf = Deaf(broker)
    subscribed(deaf, "deals")
    subscribed(deaf, "ticks")
    # What the kernel takes for it must be full before anybody can notice.
    hub = broker.world.server.hub
    while all(each.is_clear for each in hub.readers):
        push(broker, *[("EURUSD", 1.0, 1.0 + index % 9 / 100) for index in range(1000)])
    first = version(broker)
    deposit(broker, 100)
    key = broker.world.server.access.find(broker.world.keys["full"])
    assert key is not None
    while hub.count(key.key_id):
        time.sleep(0.05)
    heard: list[int] = []
    while (message := deaf.hear()) is not None:
        if message["event"] == "deal":
            heard.append(message["version"])
    assert heard == []
    with listening(broker.base_url, broker.world.keys["read"]) as other:
        other.say(op="subscribe", channel="deals", after=first)
        rest = [other.hear_until("deal")[-1]["version"] for _ in range(100)]
        assert rest == list(range(first + 1, first + 101))
