"""Calls to others, against receivers on this machine."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpcore
import pytest

from delivery.receiver import receiver
from tradyn.delivery import guarded_http
from tradyn.delivery.guarded_http import GuardedHttp, SystemResolver
from tradyn.webhooks import Outcome, read_url

CERTIFICATE = Path(__file__).with_name("receiver.test.pem")


def names(**known: list[str]) -> Callable[[str, int], Awaitable[list[str]]]:
    """A resolver that knows these names, with _ for a dot."""

    async def find(host: str, _port: int) -> list[str]:
        try:
            return known[host.replace(".", "_")]
        except KeyError:
            raise OSError(f"nobody knows {host}") from None

    return find


async def post(url: str, *, allow_loopback: bool = True, body: bytes = b"{}", **options: Any) -> Outcome:
    options.setdefault("find", names())
    http = GuardedHttp(allow_loopback=allow_loopback, **options)
    try:
        return await http.post(read_url(url, allow_local=True), {"webhook-id": "one"}, body)
    finally:
        await http.close()


async def test_what_is_sent_arrives() -> None:
    async with receiver() as there:
        assert await post(f"http://127.0.0.1:{there.port}/a/b?c=d", body=b'{"e": 1}') == Outcome(204)
        (request,) = there.received
        assert request.line == "POST /a/b?c=d HTTP/1.1"
        assert request.headers == {
            "host": f"127.0.0.1:{there.port}",
            "webhook-id": "one",
            "content-length": "8",
        }
        assert request.body == b'{"e": 1}'


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_2xx_is_taken(status: int) -> None:
    async with receiver() as there:
        there.answer = lambda _: status
        assert await post(there.url) == Outcome(status)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    async with receiver() as there, receiver() as elsewhere:
        there.answer = lambda _: status
        there.headers = f"Location: {elsewhere.url}\r\n"
        outcome = await post(there.url)
        assert outcome == Outcome(status, f"The receiver answered {status}; redirects are not followed")
        assert elsewhere.connections == 0 and len(there.received) == 1


@pytest.mark.parametrize("status", [400, 404, 410, 500, 503])
async def test_anything_else_is_not_taken(status: int) -> None:
    async with receiver() as there:
        there.answer = lambda _: status
        assert await post(there.url) == Outcome(status, f"The receiver answered {status}")


@pytest.mark.parametrize("status", [600, 999])
async def test_a_status_that_http_does_not_have_is_none(status: int) -> None:
    async with receiver() as there:
        there.answer = lambda _: status
        error = f"The receiver answered {status}, which HTTP does not have"
        assert await post(there.url) == Outcome(None, error)


# ---------------------------------------------------------------------- addresses

PRIVATE = ["10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "fd00::1", "0.0.0.0", "::"]


@pytest.mark.parametrize("address", ["127.0.0.1", *PRIVATE])
async def test_a_name_that_leads_to_a_private_address_is_not_called(address: str) -> None:
    async with receiver() as there:
        url = f"http://receiver.test:{there.port}/"
        outcome = await post(url, allow_loopback=False, find=names(receiver_test=[address]))
        assert outcome == Outcome(None, "receiver.test does not lead to a public address")
        assert there.connections == 0


@pytest.mark.parametrize("address", PRIVATE)
async def test_loopback_is_all_that_can_be_allowed(address: str) -> None:
    outcome = await post("http://receiver.test/", find=names(receiver_test=[address]))
    assert outcome == Outcome(None, "receiver.test does not lead to a public address")


@pytest.mark.parametrize("spelling", ["127.1", "0x7f000001", "2130706433", "0177.0.0.1", "localhost", "0"])
async def test_this_machine_under_other_names_is_not_called(spelling: str) -> None:
    """The system's resolver takes all of these, without asking anybody."""
    async with receiver() as there:
        outcome = await post(f"http://{spelling}:{there.port}/", allow_loopback=False, find=SystemResolver())
        assert outcome == Outcome(None, f"{spelling} does not lead to a public address")
        assert there.connections == 0


async def test_a_name_that_leads_elsewhere_the_second_time_is_of_no_use() -> None:
    """Each connection is made to an address that was looked at, and the name is not asked again for it."""
    asked = []

    async def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["10.0.0.1"] if len(asked) == 1 else ["127.0.0.1"]

    async with receiver() as there:
        outcome = await post(f"http://receiver.test:{there.port}/", find=rebinding)
        assert outcome.error == "receiver.test does not lead to a public address"
        assert (asked, there.connections) == (["receiver.test"], 0)


async def test_of_several_addresses_those_that_may_be_called_are_tried_in_turn() -> None:
    async with receiver() as there:
        url = f"http://receiver.test:{there.port}/"
        found = names(receiver_test=["10.0.0.1", "::1", "127.0.0.1"])
        assert await post(url, find=found) == Outcome(204)
        assert there.received[0].headers["host"] == f"receiver.test:{there.port}"


async def test_a_name_that_nobody_knows() -> None:
    assert await post("https://receiver.test/") == Outcome(None, "There is no host receiver.test")


async def test_nobody_listens() -> None:
    async with receiver() as there:
        port = there.port
    assert await post(f"http://127.0.0.1:{port}/") == Outcome(None, "No connection to 127.0.0.1")


async def test_the_number_of_names_under_way_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded_http, "_MOST_LOOKUPS", 0)
    outcome = await post("https://localhost/", find=SystemResolver())
    assert outcome == Outcome(None, "Too many host names are being looked up")


@asynccontextmanager
async def talking(said: bytes, *, after: bytes) -> AsyncIterator[int]:
    """The port of a server that says this once it has heard that, and closes the connection."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(after)
        writer.write(said)
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


# ---------------------------------------------------------------------- TLS


def secure() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


async def test_certificate_and_host_are_those_of_the_name() -> None:
    asked = []
    served = secure()
    served.sni_callback = lambda _socket, name, _context: asked.append(name)
    known = ssl.create_default_context(cafile=str(CERTIFICATE))
    find = names(receiver_test=["127.0.0.1"], other_test=["127.0.0.1"])
    async with receiver(tls=served) as there:
        outcome = await post(f"https://receiver.test:{there.port}/", find=find, ssl_context=known)
        assert outcome == Outcome(204)
        assert asked == ["receiver.test"]
        assert there.received[0].headers["host"] == f"receiver.test:{there.port}"
        for url, context in (("https://other.test", known), ("https://receiver.test", None)):
            outcome = await post(f"{url}:{there.port}/", find=find, ssl_context=context)
            assert outcome == Outcome(None, "The receiver's certificate is not valid")
        assert len(there.received) == 1


async def test_the_dot_at_the_end_of_a_name_is_not_in_its_certificate() -> None:
    asked = []
    served = secure()
    served.sni_callback = lambda _socket, name, _context: asked.append(name)
    known = ssl.create_default_context(cafile=str(CERTIFICATE))
    async with receiver(tls=served) as there:
        find = names(receiver_test_=["127.0.0.1"])
        url = f"https://receiver.test.:{there.port}/"
        assert await post(url, find=find, ssl_context=known) == Outcome(204)
        assert asked == ["receiver.test"]


async def test_no_tls_at_the_other_end() -> None:
    async with talking(b"HTTP/1.1 400 Bad Request\r\n\r\n", after=b"\x16") as port:
        outcome = await post(f"https://127.0.0.1:{port}/")
    assert outcome == Outcome(None, "The receiver does not speak TLS as it should")


# ---------------------------------------------------------------------- bounds


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded_http, "SECONDS", 0.3)


async def test_no_answer(hurry: None) -> None:
    async with receiver() as there:
        there.answer = lambda _: None
        assert await post(there.url) == Outcome(None, "No answer within 0.3 seconds")


async def test_a_name_that_takes_too_long(hurry: None) -> None:
    async def never(_host: str, _port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    assert await post("https://receiver.test/", find=never) == Outcome(None, "No answer within 0.3 seconds")


async def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    async with receiver() as there:
        there.headers = "Content-Length: 100000000\r\n"
        there.rest = b"x" * 1_000_000
        there.answer = lambda _: 200
        assert await post(there.url) == Outcome(200)


@asynccontextmanager
async def flooding(head: bytes, piece: bytes) -> AsyncIterator[int]:
    """The port of a server that says this without end."""

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"{}")
        with suppress(ConnectionError):
            writer.write(head)
            while True:
                writer.write(piece)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(flood, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


CUT_OFF = Outcome(None, "The receiver's answer is no HTTP, or was cut off")
INTERIM = b"HTTP/1.1 103 Early Hints\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("head", "piece", "outcome"),
    [
        (b"", INTERIM, CUT_OFF),
        (CHUNKED, b"1\r\nx\r\n", Outcome(200)),
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", CUT_OFF),
    ],
)
async def test_a_flood_is_read_for_a_moment_only_and_holds_up_nobody(
    monkeypatch: pytest.MonkeyPatch, head: bytes, piece: bytes, outcome: Outcome
) -> None:
    read = []
    plain = httpcore.AnyIOBackend.connect_tcp

    async def counted(*given: Any, **more: Any) -> httpcore.AsyncNetworkStream:
        stream = await plain(*given, **more)
        really = stream.read

        async def count(size: int, timeout: float | None = None) -> bytes:
            got = await really(size, timeout)
            read.append(len(got))
            return got

        monkeypatch.setattr(stream, "read", count)
        return stream

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", counted)
    async with flooding(head, piece * 1000) as port:
        assert await post(f"http://127.0.0.1:{port}/") == outcome
    assert sum(read) <= 32_768
    assert max(read) <= 4_096


async def test_an_answer_that_drips_was_given_when_its_status_was(hurry: None) -> None:
    async with receiver() as there:
        there.answer = lambda _: 200
        there.headers = "Content-Length: 10\r\n"
        there.rest = b"x"
        assert await post(there.url) == Outcome(200)


@pytest.mark.parametrize("said", [b"hello\r\n\r\n", b"", b"HTTP/1.1 200 OK\r\nbroken\r\n\r\n"])
async def test_what_is_no_http(said: bytes) -> None:
    async with talking(said, after=b"{}") as port:
        outcome = await post(f"http://127.0.0.1:{port}/")
    assert outcome == Outcome(None, "The receiver's answer is no HTTP, or was cut off")


async def test_what_is_read_is_counted_for_each_answer_anew() -> None:
    async with receiver() as there:
        there.rest = b"x" * 10_000
        there.answer = lambda _: 200
        http = GuardedHttp(allow_loopback=True, find=names())
        target = read_url(there.url, allow_local=True)
        for _ in range(10):
            assert await http.post(target, {}, b"{}") == Outcome(200)
        await http.close()
        assert there.connections == 1


async def test_connections_are_kept_for_the_next() -> None:
    async with receiver() as there:
        http = GuardedHttp(allow_loopback=True, find=names())
        target = read_url(there.url, allow_local=True)
        for _ in range(5):
            assert await http.post(target, {}, b"{}") == Outcome(204)
        await http.close()
        assert (there.connections, len(there.received)) == (1, 5)
