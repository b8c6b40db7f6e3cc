"""Every event and the account's state come back from their bytes as they were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tradyn.access
import tradyn.clock
import tradyn.faults  # noqa: F401  these register events of their own
from tradyn.adapters.journal_records import (
    UnreadableRecord,
    decode,
    decode_account,
    decode_settled,
    encode,
    encode_account,
)
from tradyn.broker.accounts import Account
from tradyn.broker.deals import Deal, DealEntry, DealReason, DealType
from tradyn.broker.market import Quote
from tradyn.broker.money import Rate
from tradyn.broker.orders import Order, OrderState, OrderType
from tradyn.broker.transactions import EVENTS, AccountOpened, PositionOpened, RequestSettled, recorded

FINITE = st.decimals(allow_nan=False, allow_infinity=False)
st.register_type_strategy(Decimal, FINITE)


def instances(cls: type[Any]) -> st.SearchStrategy[Any]:
    """Any instance of a dataclass; numbers of any size, decimals of any exponent."""
    hints = get_type_hints(cls)
    return st.builds(
        cls,
        **{each.name: st.from_type(hints[each.name]) for each in fields(cls)},
    )


def anatomy(value: Any) -> Any:
    """A value with the types of all its parts, so that 1, True, "1" and OrderType(1) differ."""
    kind = type(value)
    if is_dataclass(value):
        return kind, [(each.name, anatomy(getattr(value, each.name))) for each in fields(value)]
    if isinstance(value, tuple):
        return kind, [anatomy(each) for each in value]
    if isinstance(value, Mapping):
        return dict, [(anatomy(key), anatomy(each)) for key, each in value.items()]
    if isinstance(value, Decimal):
        return kind, value.as_tuple()
    return kind, value


@pytest.mark.parametrize("kind", sorted(EVENTS))
@given(data=st.data())
def test_every_event_comes_back(kind: str, data: st.DataObject) -> None:
    event = data.draw(instances(EVENTS[kind]))
    payload = encode(event)
    again = decode(kind, payload)
    assert again == event
    assert anatomy(again) == anatomy(event)
    assert encode(again) == payload


@given(instances(Account))
def test_an_account_comes_back(account: Account) -> None:
    again = decode_account(encode_account(account))
    assert again == account
    assert anatomy(again) == anatomy(account)


def example() -> PositionOpened:
    order = Order(
        ticket=7,
        symbol="EURUSD",
        type=OrderType.BUY_LIMIT,
        state=OrderState.FILLED,
        volume=10,
        price=108750,
        sl=None,
        tp=109500,
        expiration=None,
        time_setup=1_700_000_000_000,
        time_done=1_700_000_000_001,
        position=7,
        magic=-1,
        comment="naïve",
        client_order_id=None,
    )
    deal = Deal(
        ticket=8,
        order=7,
        position=7,
        symbol="EURUSD",
        type=DealType.BUY,
        entry=DealEntry.IN,
        volume=10,
        price=108750,
        profit=0,
        swap=0,
        commission=-70,
        reason=DealReason.CLIENT,
        time=1_700_000_000_001,
        magic=-1,
        comment="naïve",
        client_order_id=None,
    )
    return PositionOpened(
        deal=deal,
        order=order,
        sl=None,
        tp=109500,
        margin=10875,
        margin_rate=Rate(10**30, 3),
        quote=Quote("EURUSD", 108745, 108750, 1_700_000_000_001),
    )


WRITTEN = (
    '{"deal":{"ticket":8,"order":7,"position":7,"symbol":"EURUSD","type":"buy","entry":"in","volume":10,'
    '"price":108750,"profit":0,"swap":0,"commission":-70,"reason":"client","time":1700000000001,'
    '"magic":-1,"comment":"naïve","client_order_id":null},'
    '"order":{"ticket":7,"symbol":"EURUSD","type":2,"state":"filled","volume":10,"price":108750,"sl":null,'
    '"tp":109500,"expiration":null,"time_setup":1700000000000,"time_done":1700000000001,"position":7,'
    '"magic":-1,"comment":"naïve","client_order_id":null,"price_stop_limit":null},'
    '"sl":null,"tp":109500,"margin":10875,"margin_rate":[1000000000000000000000000000000,3],'
    '"quote":["EURUSD",108745,108750,1700000000001],'
    '"margin_path":[],"commission_rate":[1,1],"commission_path":[]}'
)


def test_the_form_is_fixed_to_the_byte() -> None:
    assert encode(example()).decode() == WRITTEN


def test_what_was_written_before_a_field_was_added_is_read_with_its_default() -> None:
    older = WRITTEN.replace(',"price_stop_limit":null', "")
    older = older.replace(',"margin_path":[],"commission_rate":[1,1],"commission_path":[]', "")
    assert len(older) < len(WRITTEN) - 80
    assert decode("PositionOpened", older.encode()) == example()


def test_named_tuples_and_enums_keep_their_types() -> None:
    again = decode("PositionOpened", encode(example()))
    assert type(again.margin_rate) is Rate
    assert type(again.quote) is Quote
    assert again.order.type is OrderType.BUY_LIMIT
    assert again.order.state is OrderState.FILLED
    assert again.deal.entry is DealEntry.IN
    assert again.sl is None


@pytest.mark.parametrize("written", ["100", "100.0", "1E+2", "-0", "1E-8"])
def test_decimals_keep_their_digits(written: str) -> None:
    event = AccountOpened(
        login=1,
        name="",
        currency="USD",
        leverage=100,
        margin_call_level=Decimal(written),
        stop_out_level=Decimal(50),
        initial_balance=0,
    )
    assert str(decode("AccountOpened", encode(event)).margin_call_level) == written


def test_facts_may_be_any_mapping() -> None:
    event = RequestSettled(
        client_order_id="a",
        operation="trade",
        fingerprint="f",
        first_version=1,
        facts=MappingProxyType({"b": "1", "a": "2"}),
    )
    again = decode("RequestSettled", encode(event))
    assert list(again.facts.items()) == [("b", "1"), ("a", "2")]


def test_what_only_looks_like_a_settled_request_is_none() -> None:
    event = RequestSettled(
        client_order_id=',"settles":{}',
        operation="trade",
        fingerprint="f",
        first_version=1,
        facts={"before": "", "settles": '"settles":'},
    )
    assert decode_settled(encode(event)) is None
    assert decode("RequestSettled", encode(event)) == event
    assert decode_settled(encode(event, event)) == event
    assert decode("RequestSettled", encode(event, event)) == event


@pytest.mark.parametrize("settles", [b"1", b"{}", b'{"client_order_id":1}', b"{"])
def test_a_damaged_settled_request_is_unreadable(settles: bytes) -> None:
    with pytest.raises(UnreadableRecord, match="settle no request"):
        decode_settled(b'{"deal":1,"settles":%b}' % settles)


def test_an_event_may_be_recorded_later() -> None:
    @dataclass(frozen=True)
    class NewlyRecorded:
        amount: int

    try:
        recorded(NewlyRecorded)
        assert decode("NewlyRecorded", encode(NewlyRecorded(3))) == NewlyRecorded(3)
    finally:
        EVENTS.pop("NewlyRecorded", None)


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("NeverHeardOf", b"{}"),
        ("AccountOpened", b"{}"),
        ("AccountOpened", b"\xff\xfe"),
        ("AccountOpened", b""),
        ("BalanceChanged", b'{"deal":{"ticket":"one"}}'),
    ],
)
def test_what_cannot_be_read_says_why(kind: str, payload: bytes) -> None:
    with pytest.raises(UnreadableRecord, match=kind):
        decode(kind, payload)


def test_an_account_that_cannot_be_read_says_why() -> None:
    with pytest.raises(UnreadableRecord, match="no account"):
        decode_account(b'{"login":"x"}')
