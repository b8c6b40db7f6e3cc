"""Which names of this server a request may use, and which web pages it may come from.

A server on this machine can be reached by every page that its user opens: under a name of the page's own
that leads here (DNS rebinding), or across origins, where a page may not read the answer but would have the
effect. Programs send neither a foreign `Host` nor an `Origin`, so none of this concerns them.

What always holds:

* `Host` is a name of this server, with the port it is served at or without one. What no browser sends, an
  empty `Host` or none in HTTP/1.0, passes. No name but `localhost` is trusted that was not given at the
  start.
* A request of a page (it has an `Origin`, or else `Sec-Fetch-Site`) is of this server's own pages, or of an
  origin that was given at the start; so is a WebSocket. A link that is followed is no request of a page.
* What is refused is refused before anything else is looked at, with 400 in the envelope.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from time import perf_counter
from typing import Any, Final
from urllib.parse import urlsplit

from tradyn.config import ConfigError, Settings
from tradyn.contract import Answered, Application
from tradyn.errors import ApiError, Problem
from tradyn.refusals import request_id_of, send_refusal

__all__ = ["Origins", "guarded"]

_LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_ANY: Final = "*"
_ALLOWED_HOST: Final = re.compile(r"([a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::([0-9]{1,5}|\*))?")
_PORT: Final = re.compile(rb":[0-9]*\Z")
_SITE_OWN: Final = (b"same-origin", b"none")
_ECHO: Final = 100

_Address = tuple[str, int | None]


class Origins:
    """The hosts and origins of one server.

    Args:
        settings: `host`, `allowed_hosts`, `cors_origins` and `behind_tls_proxy` of it.

    Raises:
        ConfigError: one of them is not what a browser would send.
    """

    def __init__(self, settings: Settings) -> None:
        self._host = settings.host
        given = tuple(map(_allowed_host, settings.allowed_hosts))
        self._named = tuple((name, port) for name, port in given if port != _ANY)
        self._at_any_port = frozenset(name.encode() for name, port in given if port == _ANY)
        self._foreign = frozenset(map(_cors_origin, settings.cors_origins))
        self._takes_any = _ANY in self._foreign
        self._schemes = ("http", "https") if settings.behind_tls_proxy else ("http",)
        self._known: dict[_Address, tuple[frozenset[bytes], frozenset[bytes]]] = {}

    def refusal(self, scope: MutableMapping[str, Any]) -> ApiError | None:
        """Why a request, or a WebSocket, may not come in from where it does; None if it may."""
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        # Programs have neither of the other two, and this is all that they pay for it.
        last = dict(headers)
        host, origin, site = last.get(b"host"), last.get(b"origin"), last.get(b"sec-fetch-site")
        address = scope["server"]
        known = self._known.get(address)
        if known is None:
            known = self._known[address] = self._at(address)
        hosts, origins = known
        if host and host not in hosts and not self._is_own(host, hosts):
            return _foreign_host(host, hosts)
        if self._takes_any:
            return None
        if origin is not None:
            # Given twice, it names nobody.
            is_one = sum(name == b"origin" for name, _ in headers) == 1
            is_own = origin in origins or self._is_of_the_same_page(origin, host)
            return None if is_one and is_own else _foreign_origin(origin)
        if site is None or site in _SITE_OWN:
            return None
        is_link = last.get(b"sec-fetch-mode") == b"navigate" and scope.get("method") in ("GET", "HEAD")
        return None if is_link else _foreign_site(site)

    def _is_own(self, host: bytes, hosts: frozenset[bytes]) -> bool:
        """Whether it is one of the hosts in another spelling, or a name that is right with any port."""
        host = host.lower().removesuffix(b":")
        return host in hosts or _PORT.sub(b"", host) in self._at_any_port

    def _is_of_the_same_page(self, origin: bytes, host: bytes | None) -> bool:
        """Whether a page sends this to where it came from, by a name that is right with any port."""
        if host is None or _PORT.sub(b"", host) not in self._at_any_port:
            return False
        return origin in (b"http://" + host, b"https://" + host)

    def _at(self, address: _Address | None) -> tuple[frozenset[bytes], frozenset[bytes]]:
        """The hosts and the origins of a server at this address, which is where a connection came in."""
        at, port = address or ("", None)
        names = {*_LOOPBACK, *_literal(self._host), *_literal(at, only_address=True)}
        hosts = {f"{name}{end}" for name in names for end in ("", f":{port}")}
        origins = {_origin(scheme, name, port) for name in names for scheme in self._schemes}
        for name, own in self._named:
            ports = (None, port) if own is None else (int(own),)
            hosts |= {name if each is None else f"{name}:{each}" for each in ports}
            # Whoever has another name has a proxy in front, which may have TLS.
            origins |= {_origin(scheme, name, each) for each in ports for scheme in _DEFAULT_PORTS}
        origins |= self._foreign
        return frozenset(map(str.encode, hosts)), frozenset(map(str.encode, origins))


def guarded(app: Application, origins: Origins, on_answer: Callable[[Answered], None]) -> Application:
    """The application for those requests alone that may come in.

    Args:
        on_answer: told of each that may not.
    """

    # No coroutine of its own, which would cost a request more than the check does.
    def guard(scope: MutableMapping[str, Any], receive: Any, send: Any) -> Awaitable[None]:
        refusal = origins.refusal(scope)
        if refusal is None:
            return app(scope, receive, send)
        return _refuse(refusal, scope, receive, send, on_answer)

    return guard


async def _refuse(
    error: ApiError,
    scope: MutableMapping[str, Any],
    receive: Any,
    send: Any,
    on_answer: Callable[[Answered], None],
) -> None:
    started = perf_counter()
    is_socket = scope["type"] == "websocket"
    if is_socket:
        await receive()
    method = scope.get("method", "GET")
    request_id = request_id_of(scope["headers"])
    kind = "websocket.http.response" if is_socket else "http.response"
    await send_refusal(error, request_id, send, kind=kind, has_body=method != "HEAD")
    seconds = perf_counter() - started
    on_answer(
        Answered(
            request_id, method, scope["path"], None, error.code.status, error.code.name, seconds, None, None
        )
    )


def _foreign_host(host: bytes, hosts: Iterable[bytes]) -> ApiError:
    # Without a port they are allowed too, but it is not what people would type.
    known = ", ".join(sorted(each.decode() for each in hosts if re.search(rb":\d+\Z", each)))
    name = _show(host)
    return _refusal(
        "header.Host",
        f"{name} is not a name of this server, which is {known}; if it is meant to be one, as of a reverse "
        f"proxy or a mapped port, start the server with --allowed-host {name}",
    )


def _foreign_origin(origin: bytes) -> ApiError:
    name = _show(origin)
    if origin == b"null":
        advice = "it is from a file or in a sandbox: serve it from an origin, and give that to --cors-origin"
    else:
        advice = f"if the page is yours, start the server with --cors-origin {name}"
    return _refusal("header.Origin", f"pages of {name} may not use this server; {advice}")


def _foreign_site(site: bytes) -> ApiError:
    return _refusal(
        "header.Sec-Fetch-Site",
        f"{_show(site)} says that a page of another origin sends this, and only those may that the server "
        "was started with (--cors-origin), with their Origin",
    )


def _refusal(at: str, problem: str) -> ApiError:
    return ApiError("INVALID_REQUEST", f"{at}: {problem}", details=(Problem(at, problem),))


def _show(value: bytes) -> str:
    text = value.decode("ascii", "backslashreplace")
    return text if len(text) <= _ECHO else text[: _ECHO - 1] + "…"


def _literal(host: str, *, only_address: bool = False) -> tuple[str, ...]:
    """The host as it stands in an address; nothing where it is none that anybody could connect to."""
    try:
        address: IPv4Address | IPv6Address = ip_address(host.partition("%")[0])
    except ValueError:
        return () if only_address or not host else (host.lower(),)
    address = (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address
    if address.is_unspecified:
        return ()
    return (f"[{address}]" if isinstance(address, IPv6Address) else str(address),)


def _origin(scheme: str, name: str, port: int | None) -> str:
    """As browsers write it: the port of the scheme is left out."""
    return f"{scheme}://{name}" if port in (None, _DEFAULT_PORTS[scheme]) else f"{scheme}://{name}:{port}"


def _allowed_host(given: str) -> tuple[str, str | None]:
    found = _ALLOWED_HOST.fullmatch(given.lower())
    if found is None or (found[2] not in (None, _ANY) and int(found[2]) not in range(1, 65_536)):
        raise ConfigError(
            f"--allowed-host {given!r} is no host; right would be broker.example, broker.example:8443, "
            "localhost:* or [2001:db8::1]: as in the address that people type, without http:// and path"
        )
    return found[1], found[2]


def _cors_origin(given: str) -> str:
    if given == _ANY:
        return given
    advice = "https://charts.example or http://localhost:5173"
    try:
        parts = urlsplit(given.strip())
        port = "" if parts.port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f":{parts.port}"
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        if parts.scheme and host:
            advice = f"{parts.scheme}://{host}{port}"
    except ValueError:
        pass
    if given != advice:
        raise ConfigError(
            f"--cors-origin {given!r} is no origin as browsers send it; right would be {advice}, with no path"
        )
    return given
