"""What a transaction looks like as bytes: JSON of the event's fields, in the order they are declared, and
after them, as `settles`, the request whose outcome it is the last of.

What must always hold:

* The same event gives the same bytes, and decoding them gives an equal event with the same types:
  enums, decimals (with their exponent), rates and quotes (as arrays), whole numbers of any size.
* The kind is not in the bytes. It is the name of the event's class in `transactions.EVENTS`, looked
  up when it is needed, so that modules may add to that registry at any time.
* A field that is added to an event needs a default, or what was written before cannot be read;
  a field that is removed is ignored in what was written before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from tradyn.broker.accounts import Account
from tradyn.broker.transactions import EVENTS, RequestSettled, Transaction
from tradyn.webhooks import Delivery

__all__ = [
    "UnreadableRecord",
    "decode",
    "decode_account",
    "decode_delivery",
    "decode_settled",
    "decode_transaction",
    "encode",
    "encode_account",
    "encode_delivery",
]


class UnreadableRecord(ValueError):
    """These bytes are not what they should be, or a newer version of the program wrote them."""


_SETTLES = b',"settles":'
"""No other bytes can be taken for it: in a string of JSON every quotation mark has a backslash before it."""


def encode(event: object, settles: RequestSettled | None = None) -> bytes:
    """The bytes of an event, and of the request that it settles by the way."""
    payload = _encoder.encode(event)
    if settles is None:
        return payload
    return b"%b%b%b}" % (payload[:-1], _SETTLES, _encoder.encode(settles))


def decode(kind: str, payload: bytes) -> Any:
    """The event of class `kind` that `encode` made `payload` of.

    Raises:
        UnreadableRecord: there is no such kind, or the bytes are none of it.
    """
    cls = EVENTS.get(kind)
    if cls is None:
        raise UnreadableRecord(f"there is no event {kind!r} in this version of the program")
    try:
        return _decoder(cls).decode(payload)
    except (msgspec.MsgspecError, ValueError, TypeError) as error:
        raise UnreadableRecord(f"these bytes are no {kind}: {error}") from error


class _Settling(msgspec.Struct):
    settles: RequestSettled | None = None


def decode_settled(payload: bytes) -> RequestSettled | None:
    """The request in what `encode` has made, if there is one.

    Raises:
        UnreadableRecord: the bytes are none of it.
    """
    if _SETTLES not in payload:
        return None
    try:
        settling: _Settling = _decoder(_Settling).decode(payload)
    except (msgspec.MsgspecError, ValueError, TypeError) as error:
        raise UnreadableRecord(f"these bytes settle no request: {error}") from error
    return settling.settles


def decode_transaction(account: int, version: int, kind: str, time: int, payload: bytes) -> Transaction:
    """The transaction whose event, and whatever it settles by the way, `encode` made `payload` of.

    Raises:
        UnreadableRecord: there is no such kind, or the bytes are none of it.
    """
    return Transaction(account, version, time, decode(kind, payload), decode_settled(payload))


def encode_account(account: Account) -> bytes:
    """The bytes of an account's state."""
    return _encoder.encode(account)


def decode_account(payload: bytes) -> Account:
    """The account that `encode_account` made `payload` of.

    Raises:
        UnreadableRecord: the bytes are no account.
    """
    try:
        account: Account = _decoder(Account).decode(payload)
    except (msgspec.MsgspecError, ValueError, TypeError) as error:
        raise UnreadableRecord(f"these bytes are no account: {error}") from error
    return account


def encode_delivery(delivery: Delivery) -> bytes:
    """The bytes of a delivery."""
    return _encoder.encode(delivery)


def decode_delivery(payload: bytes) -> Delivery:
    """The delivery that `encode_delivery` made `payload` of.

    Raises:
        UnreadableRecord: the bytes are no delivery.
    """
    try:
        delivery: Delivery = _decoder(Delivery).decode(payload)
    except (msgspec.MsgspecError, ValueError, TypeError) as error:
        raise UnreadableRecord(f"these bytes are no delivery: {error}") from error
    return delivery


def _plain(value: object) -> object:
    """Mappings that are no dict (a read-only view, say) are written like one."""
    if isinstance(value, Mapping):
        return dict(value)
    raise NotImplementedError(f"{type(value).__name__} has no form in the journal")


_encoder = msgspec.json.Encoder(enc_hook=_plain)


_decoders: dict[type[Any], msgspec.json.Decoder[Any]] = {}


def _decoder(cls: type[Any]) -> msgspec.json.Decoder[Any]:
    decoder = _decoders.get(cls)
    if decoder is None:
        decoder = _decoders[cls] = msgspec.json.Decoder(cls)
    return decoder
