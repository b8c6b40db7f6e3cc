"""Which addresses of the internet the server may call at somebody's request.

What always holds: a list of what may be called, not of what may not. An IPv6 address that carries an IPv4
one (mapped, compatible, NAT64, 6to4, Teredo) is none of them, whatever it carries: it could lead to where
the IPv4 address itself may not.

Known limitation: on a network with IPv6 alone, NAT64 is the only way to an IPv4 site, so such sites cannot
be called.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

__all__ = ["is_address", "may_call"]

# IANA's registries of special-purpose addresses, with multicast and what is reserved; and one more.
_SPECIAL_V4: Final = tuple(
    IPv4Network(each)
    for each in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
        # Public by its number, and in Azure the host's own service for machines, with their certificates.
        "168.63.129.16/32",
    )
)
_GLOBAL_V6: Final = IPv6Network("2000::/3")
_SPECIAL_V6: Final = tuple(
    IPv6Network(each)
    for each in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)


def is_address(text: str) -> bool:
    """Whether it is an IP address, and no name of one."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def may_call(address: str, *, allow_loopback: bool) -> bool:
    """Whether an IP address may be called; False also for what is none.

    Args:
        allow_loopback: this machine itself may be called, at its loopback addresses.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if allow_loopback and found.is_loopback:
        return True
    return _is_public_v4(found) if isinstance(found, IPv4Address) else _is_public_v6(found)


def _is_public_v4(address: IPv4Address) -> bool:
    return not any(address in each for each in _SPECIAL_V4)


def _is_public_v6(address: IPv6Address) -> bool:
    is_global = address in _GLOBAL_V6 and not any(address in each for each in _SPECIAL_V6)
    return is_global and address.scope_id is None
