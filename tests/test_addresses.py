"""Which addresses may be called: a table of those that may and those that may not."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradyn.addresses import may_call

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "172.15.255.255",
    "172.32.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "223.255.255.255",
    "192.167.255.255",
    "168.63.129.15",
    "168.63.129.17",
    "2606:4700:4700::1111",
    "2a00:1450:4001::1",
    "2001:4860:4860::8888",
]
NOT_PUBLIC = [
    # unspecified, this network
    "0.0.0.0", "0.1.2.3", "::",
    # loopback
    "127.0.0.1", "127.255.255.254", "::1",
    # private
    "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fdff::1",
    # shared by customers of a provider
    "100.64.0.1", "100.127.255.255",
    # Azure's, which is in nobody's registry
    "168.63.129.16",
    # link-local, with the addresses at which clouds tell their secrets
    "169.254.169.254", "169.254.0.1", "fe80::1", "fe80::1%eth0", "febf::1", "fd00:ec2::254",
    # site-local
    "fec0::1",
    # multicast and broadcast
    "224.0.0.1", "239.255.255.255", "255.255.255.255", "ff02::1", "ff0e::1",
    # reserved
    "240.0.0.1", "192.0.0.8", "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "192.88.99.1",
    "2001:db8::1", "3fff::1", "100::1", "5f00::1", "4000::1",
    # an IPv4 address in an IPv6 one: mapped, compatible, NAT64, its local kind, 6to4, Teredo
    "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:10.0.0.1", "::127.0.0.1", "::8.8.8.8", "64:ff9b::7f00:1",
    "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::1", "2001:0:4136:e378::1",
    # ORCHID and other things that are no hosts
    "2001:10::1", "2001:20::1",
]  # fmt: skip
NO_ADDRESS = [
    "",
    "localhost",
    "127.1",
    "0x7f.0.0.1",
    "2130706433",
    "1.1.1.1 ",
    "1.1.1.1/32",
    "[::1]",
    "1.1.1.1:80",
]


@pytest.mark.parametrize("address", PUBLIC)
@pytest.mark.parametrize("allow_loopback", [False, True])
def test_what_may_be_called(address: str, allow_loopback: bool) -> None:
    assert may_call(address, allow_loopback=allow_loopback)


@pytest.mark.parametrize("address", NOT_PUBLIC + NO_ADDRESS)
def test_what_may_not(address: str) -> None:
    assert not may_call(address, allow_loopback=False)


@pytest.mark.parametrize("address", NOT_PUBLIC + NO_ADDRESS)
def test_loopback_alone_can_be_allowed(address: str) -> None:
    is_loopback = address in ("127.0.0.1", "127.255.255.254", "::1")
    assert may_call(address, allow_loopback=True) is is_loopback


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_what_python_knows_to_be_special_is_not_called(address: IPv4Address) -> None:
    if not address.is_global or address.is_multicast or address.is_reserved:
        assert not may_call(str(address), allow_loopback=False)


@given(st.integers(0, 2**128 - 1).map(IPv6Address))
def test_what_python_knows_to_be_special_is_not_called_either(address: IPv6Address) -> None:
    if not address.is_global or address.is_multicast or address.is_reserved:
        assert not may_call(str(address), allow_loopback=False)


@given(
    st.integers(0, 2**32 - 1).map(IPv4Address), st.sampled_from(["::ffff:0:0", "::", "64:ff9b::", "2002::"])
)
def test_no_ipv4_address_is_called_inside_an_ipv6_one(inner: IPv4Address, prefix: str) -> None:
    shift = 80 if prefix == "2002::" else 0
    outer = IPv6Address(int(IPv6Address(prefix)) | int(inner) << shift)
    assert may_call(str(outer), allow_loopback=True) is (str(outer) == "::1")
