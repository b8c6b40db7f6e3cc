"""Whether the server may listen where it is told to: on this machine alone, unless more is plainly meant.

Keys go over the wire as they are, so beyond this machine they need TLS, which the server does not speak.
"""

from __future__ import annotations

import socket
from ipaddress import ip_address

from tradyn.config import ConfigError, Settings

__all__ = ["check_exposure"]


def check_exposure(settings: Settings) -> None:
    """Refuse to listen beyond this machine without TLS in front, or without a word that it is meant.

    Raises:
        ConfigError: the host stands for an address that is not a loopback one, and neither `behind_tls_proxy`
            nor `insecure_listen` is set.
        OSError: nobody knows the host.
    """
    if settings.behind_tls_proxy or settings.insecure_listen:
        return
    # An empty host is every address, as it is to bind().
    found = socket.getaddrinfo(
        settings.host or None, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    addresses = sorted({str(each[4][0]) for each in found})
    if all(_is_loopback(each) for each in addresses):
        return
    host = settings.host or "an empty --host"
    stands_for = "" if addresses == [settings.host] else f" ({', '.join(addresses)})"
    raise ConfigError(
        f"Will not listen on {host}{stands_for}: others than this machine could connect, and keys and trades "
        "would cross the network for all to read. Leave --host at 127.0.0.1, with a reverse proxy with TLS "
        "on this machine in front; or, where the proxy runs elsewhere, say --behind-tls-proxy; or, on a "
        "network whose every user may trade here, --insecure-listen"
    )


def _is_loopback(address: str) -> bool:
    parsed = ip_address(address.partition("%")[0])
    mapped = getattr(parsed, "ipv4_mapped", None)
    return bool((mapped or parsed).is_loopback)
