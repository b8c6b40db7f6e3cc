"""Requests that no client library sends and no fuzzer finds, each with the one answer that is right.

The table is `ROWS`. What a row says is decided by the contract's order of reasons (unparseable 400 → path 404
→ method 405 → 401 → key 403 → rate 429 → scope 403 → shape 400 → object 404 → refusal 400) and by RFC 9110
(semantics), 9112 (HTTP/1.1), 3986 (URIs) and 8259 (JSON); where one could doubt, a comment says why.

What always holds: hostile shapes are sent to operations that would change something, so that an accepted
one is seen; their well-formed twins, which must be accepted, go to `POST /api/trade/preview`, which takes the
same body and changes nothing.
`says` stands in the answer's sentence: the request was refused for this reason and for no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from contract.served import DOCUMENT, NO_SUCH_NUMBER

__all__ = ["LIMITED", "PLACEHOLDERS", "ROWS", "WRONG_METHODS", "After", "Answer", "Row", "request"]

PLACEHOLDERS: Final = ("read", "trade", "full", "admin", "position", "order")
"""`<read>` … in the bytes of a row stand for keys of these scopes, and tickets of the account."""


class After(Enum):
    """What becomes of the connection."""

    GOES_ON = auto()
    """The next request on it is answered: not a byte of this one is taken for another request."""
    CLOSED = auto()
    """The server closes it, once what was sent is answered, and says nothing more."""
    WAITS = auto()
    """The server waits for the rest of the request, for which this row has no use."""


@dataclass(frozen=True)
class Answer:
    """What one request must be answered.

    Args:
        code: None for a success.
        says: what stands in `error`.
        allow: the `Allow` header; None where there must be none.
        echo: the `X-Request-Id` given back; None where the server makes its own.
        has_body: False for the answer to HEAD.
    """

    status: int
    code: str | None = None
    says: str = ""
    allow: str | None = None
    echo: str | None = None
    has_body: bool = True


@dataclass(frozen=True)
class Row:
    """A name, the bytes, and what becomes of them."""

    name: str
    raw: bytes
    answers: tuple[Answer, ...]
    after: After = After.GOES_ON
    whole: bool = field(default=False, kw_only=True)
    """It means the same only if it arrives in one piece."""


# ── answers ────────────────────────────────────────────────────────────────────────────────────────────────

OK: Final = Answer(200)
MISSING_KEY: Final = Answer(401, "UNAUTHORIZED", "Authorization is missing")
MALFORMED_KEY: Final = Answer(401, "UNAUTHORIZED", "Authorization must stand once")
INVALID_KEY: Final = Answer(403, "INVALID_API_KEY", "Invalid API key")
SMALL_SCOPE: Final = Answer(403, "INSUFFICIENT_SCOPE", "This needs a key of scope")
NO_PATH: Final = Answer(404, "NOT_FOUND", "There is nothing at the path")
NO_OBJECT: Final = Answer(404, "NOT_FOUND")


def bad(says: str) -> Answer:
    """400 of shape."""
    return Answer(400, "INVALID_REQUEST", says)


def no_http(says: str) -> Answer:
    """400 of what cannot be read; the connection ends with it."""
    return Answer(400, "INVALID_REQUEST", f"The request is not valid HTTP/1.1: {says}")


def not_allowed(allow: str) -> Answer:
    """405."""
    return Answer(405, "METHOD_NOT_ALLOWED", f"allowed: {allow}", allow=allow)


# ── requests ───────────────────────────────────────────────────────────────────────────────────────────────

JSON: Final = b"Content-Type: application/json"
KEY: Final = b"Authorization: Bearer <full>"
READ: Final = b"Authorization: Bearer <read>"
TRADER: Final = b"Authorization: Bearer <trade>"
ADMIN: Final = b"Authorization: Bearer <admin>"
CHUNKED: Final = b"Transfer-Encoding: chunked"
LIVE: Final = b"/v1/health/live"
ACCOUNT: Final = b"/v1/api/account"
HISTORY: Final = b"/v1/api/account/history"
TRADE: Final = b"/v1/api/trade"
PREVIEW: Final = b"/v1/api/trade/preview"
QUOTES: Final = b"/v1/api/simulation/quotes"
CLOSE: Final = b"/v1/api/positions/<position>"

BUY: Final = b'{"symbol":"EURUSD","action":"buy","volume":0.01}'
"""A body that `trade` and `previewTrade` take."""


def request(
    method: bytes,
    target: bytes,
    *headers: bytes,
    body: bytes = b"",
    version: bytes = b"HTTP/1.1",
    host: bytes | None = b"Host: 127.0.0.1",
) -> bytes:
    """The bytes of one request, with no header that is not given."""
    lines = [method + b" " + target + b" " + version, *([host] if host is not None else []), *headers]
    return b"\r\n".join((*lines, b"", b"")) + body


def get(target: bytes, *headers: bytes) -> bytes:
    """A GET with a full key."""
    return request(b"GET", target, KEY, *headers)


def post(target: bytes, body: bytes, *headers: bytes, key: bytes = KEY, kind: bytes = JSON) -> bytes:
    """A POST with its length."""
    length = b"Content-Length: %d" % len(body)
    return request(b"POST", target, key, kind, length, *headers, body=body)


def in_chunks(target: bytes, raw: bytes, *headers: bytes) -> bytes:
    """A POST whose chunks are `raw`."""
    return request(b"POST", target, KEY, JSON, CHUNKED, *headers, body=raw)


def chunk(data: bytes) -> bytes:
    """One chunk, as it should be."""
    return b"%x\r\n%s\r\n" % (len(data), data)


END: Final = b"0\r\n\r\n"


def buy_with(**changes: bytes) -> bytes:
    """The body of a trade with these members, in raw JSON, in place of its own."""
    members = {"symbol": b'"EURUSD"', "action": b'"buy"', "volume": b"0.01", **changes}
    return b"{" + b",".join(b'"%s":%s' % (name.encode(), value) for name, value in members.items()) + b"}"


# ── bodies: bytes that are no strict JSON ──────────────────────────────────────────────────────────────────


def _encodings() -> Iterator[tuple[str, bytes, str]]:
    yield "a byte that is not UTF-8", buy_with(symbol=b'"EUR\xffUSD"'), "body: must be UTF-8; byte 14 is not"
    yield "overlong UTF-8", buy_with(comment=b'"\xc0\xaf"'), "must be UTF-8"
    yield "a surrogate as UTF-8", buy_with(comment=b'"\xed\xa0\x80"'), "must be UTF-8"
    yield "a code point beyond Unicode", buy_with(comment=b'"\xf4\x90\x80\x80"'), "must be UTF-8"
    yield "UTF-8 that is cut", BUY[:-1] + b"\xe2\x82", "must be UTF-8"
    yield "latin-1", buy_with(comment=b'"caf\xe9"'), "must be UTF-8"
    yield "UTF-16 with its mark", BUY.decode().encode("utf-16"), "must be UTF-8; byte 0 is not"
    # Bytes below 128 with zeros between: valid UTF-8, but no JSON.
    yield "UTF-16 without a mark", BUY.decode().encode("utf-16-le"), "body: is not JSON"
    yield "UTF-32 without a mark", BUY.decode().encode("utf-32-be"), "body: is not JSON"
    # RFC 8259 8.1: a mark must not be added, and may be refused; the contract's JSON has none.
    yield "a byte order mark", b"\xef\xbb\xbf" + BUY, "must not begin with a byte order mark"
    yield "gzip", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", "must be UTF-8; byte 1 is not"


def _syntax() -> Iterator[tuple[str, bytes, str]]:
    for number in (b"NaN", b"Infinity", b"-Infinity"):
        yield number.decode(), buy_with(volume=number), f"{number.decode()} is no number in JSON"
    for number in (b"nan", b"+0.01", b".01", b"inf"):
        yield f"the number {number.decode()}", buy_with(volume=number), "is not JSON: Expecting value"
    for number in (b"00.01", b"0x1", b"1_0", b"1.", b"0.01f", b"1e", b"1,5"):
        yield f"the number {number.decode()}", buy_with(volume=number), "body: is not JSON"
    yield "Arabic digits", buy_with(volume="٠٫٠١".encode()), "is not JSON: Expecting value"
    yield "fullwidth digits", buy_with(volume="５".encode()), "is not JSON: Expecting value"
    yield "a raw NUL in a string", buy_with(symbol=b'"EURUSD\x00"'), "Invalid control character"
    yield "a raw NUL after the value", BUY + b"\x00", "is not JSON: Extra data"
    yield "a raw newline in a string", buy_with(symbol=b'"EURUSD\n"'), "Invalid control character"
    yield "a raw tab in a string", buy_with(comment=b'"a\tb"'), "Invalid control character"
    yield "an escape that JSON has not", buy_with(symbol=rb'"\x45URUSD"'), "body: is not JSON"
    yield "a cut escape", buy_with(symbol=rb'"\u00"'), "body: is not JSON"
    yield "an escape of Unicode digits", buy_with(symbol='"\\u００４５"'.encode()), "body: is not JSON"
    yield "single quotes", BUY.replace(b'"', b"'"), "body: is not JSON"
    yield "keys without quotes", b"{symbol:1}", "body: is not JSON"
    yield "a comma at the end", BUY[:-1] + b",}", "body: is not JSON"
    yield "a comment", b"/* buy */" + BUY, "body: is not JSON"
    yield "two values", BUY + BUY, "is not JSON: Extra data"
    yield "a value that is cut", BUY[:-1], "body: is not JSON"
    yield "white space that is none in JSON", b"\x0b\x0c" + BUY, "body: is not JSON"
    yield "a no-break space", "\u00a0".encode() + BUY, "body: is not JSON"
    yield "white space alone", b" \r\n\t", "body: is not JSON"
    yield "nothing", b"", "body: is required"
    yield "a form", b"symbol=EURUSD&action=buy&volume=0.01", "body: is not JSON"
    yield "XML", b'<?xml version="1.0"?><trade/>', "body: is not JSON"


def _sizes() -> Iterator[tuple[str, bytes, str]]:
    for name, number in (("1e400", b"1e400"), ("-1e400", b"-1e400"), ("1e999…", b"1e" + b"9" * 5000)):
        yield name, buy_with(volume=number), "has a number that no double can hold"
    digits = "has an integer of 5000 digits; at most 100 are read"
    yield "an integer of 5,000 digits", buy_with(volume=b"5" * 5000), digits
    yield "an integer of 5,000 digits for an integer", buy_with(magic=b"5" * 5000), digits
    yield "an integer of 5,000 digits for a string", buy_with(symbol=b"5" * 5000), digits
    yield "5,000 digits and a fraction", buy_with(volume=b"5" * 5000 + b".5"), "no double can hold"
    yield "a number that is nothing to a double", buy_with(volume=b"1e-400"), "must be greater than 0"
    deep = "is nested deeper than 32 levels"
    yield "30,000 arrays", b"[" * 30_000 + b"]" * 30_000, deep
    yield "60,000 arrays that do not end", b"[" * 60_000, deep
    yield "9,000 objects", b'{"a":' * 9000 + b"1" + b"}" * 9000, deep
    yield "33 arrays in a member", buy_with(comment=b"[" * 33 + b"]" * 33), deep
    yield "100,000 arrays", b"[" * 100_000 + b"]" * 100_000, "must be at most 65536 bytes long"
    yield "a byte too many", BUY.ljust(65_537), "must be at most 65536 bytes long"
    yield "a million bytes", b"[" + b"0," * 500_000 + b"0]", "must be at most 65536 bytes long"


def _keys() -> Iterator[tuple[str, bytes, str]]:
    twice = 'has the key "symbol" twice in one object'
    yield "a key twice, the same value", BUY[:-1] + b',"symbol":"EURUSD"}', twice
    yield "a key twice, another value", BUY[:-1] + b',"symbol":"GBPUSD"}', twice
    yield "a key twice, once escaped", BUY[:-1] + rb',"\u0073ymbol":"GBPUSD"}', twice
    yield "a key that nobody knows", buy_with(leverage=b"1000"), '"leverage" is not a known property'
    yield "a key in capitals", buy_with(Volume=b"5"), '"Volume" is not a known property'
    yield "a key with a Cyrillic letter", buy_with(**{"ѕl": b"1.08"}), "is not a known property"
    yield "a key with a NUL", buy_with(**{r"sl\u0000": b"1.08"}), "is not a known property"
    yield "a key with a space", buy_with(**{"sl ": b"1.08"}), '"sl " is not a known property'
    yield "a key that is empty", buy_with(**{"": b"1.08"}), '"" is not a known property'
    yield "a key of a prototype", buy_with(__proto__=b'{"volume":5}'), '"__proto__" is not a known property'
    yield "a key twice in an object below", buy_with(comment=b'{"a":1,"a":1}'), 'has the key "a" twice'


def _strings() -> Iterator[tuple[str, bytes, str]]:
    half = "has a string with half a surrogate pair"
    yield "half a surrogate pair", buy_with(comment=rb'"\ud800"'), half
    yield "the other half", buy_with(comment=rb'"\udc00"'), half
    yield "a surrogate pair the wrong way round", buy_with(comment=rb'"\ude00\ud83d"'), half
    yield "half a surrogate pair in a key", buy_with(**{r"\ud800": b"1"}), half
    yield "an escaped NUL in a symbol", buy_with(symbol=rb'"EURUSD\u0000"'), "body.symbol: must match"
    yield "an escaped NUL in a comment", buy_with(comment=rb'"a\u0000b"'), "body.comment: must match"
    yield "a newline after a symbol", buy_with(symbol=rb'"EURUSD\n"'), "body.symbol: must match"
    yield "a newline before a symbol", buy_with(symbol=rb'"\nEURUSD"'), "body.symbol: must match"
    yield "CRLF after a symbol", buy_with(symbol=rb'"EURUSD\r\n"'), "body.symbol: must match"
    yield "a newline after a comment", buy_with(comment=rb'"a\n"'), "body.comment: must match"
    yield "a newline after an id", buy_with(client_order_id=rb'"a\n"'), "body.client_order_id: must match"
    yield "a newline after an enum", buy_with(action=rb'"buy\n"'), "body.action: must be one of"
    yield "an enum in capitals", buy_with(action=b'"BUY"'), "body.action: must be one of"
    yield "a fullwidth symbol", buy_with(symbol='"ＥＵＲＵＳＤ"'.encode()), "body.symbol: must match"
    yield "a symbol with a Unicode digit", buy_with(symbol='"EURUSD٥"'.encode()), "body.symbol: must match"
    yield "a symbol with a zero-width space", buy_with(symbol=rb'"EURUSD\u200b"'), "body.symbol: must match"
    yield "an empty symbol", buy_with(symbol=b'""'), "body.symbol: must match"
    yield "an empty id", buy_with(client_order_id=b'""'), "body.client_order_id: must be at least 1 character"
    yield "an id of 65 characters", buy_with(client_order_id=b'"%s"' % (b"a" * 65)), "at most 64 characters"
    yield "an id that is not ASCII", buy_with(client_order_id='"é"'.encode()), "must match"


def _types() -> Iterator[tuple[str, bytes, str]]:
    for name, value in (
        ("a string", b'"0.01"'),
        ("true", b"true"),
        ("null", b"null"),
        ("an array", b"[0.01]"),
        ("an object", b"{}"),
    ):
        yield f"{name} for a number", buy_with(volume=value), "body.volume: must be a number"
    for number in (b"0", b"-0", b"-0.0", b"-0.01"):
        yield f"a volume of {number.decode()}", buy_with(volume=number), "body.volume: must be greater than 0"
    yield "a volume of 1e300", buy_with(volume=b"1e300"), "body.volume: must be at most 1000000"
    for number in (b"5.0", b"1e1", b"0.5"):
        yield f"{number.decode()} for an integer", buy_with(magic=number), "body.magic: must be an integer"
    yield "an integer of 65 bits", buy_with(magic=b"36893488147419103232"), "body.magic: must be at most"
    yield "a number for a string", buy_with(symbol=b"5"), "body.symbol: must be a string"
    yield "an array for a string", buy_with(symbol=b'["EURUSD"]'), "body.symbol: must be a string"
    for name, value in (("null", b"null"), ("an array", b"[%s]" % BUY), ("a string", b'"{}"'), ("0", b"0")):
        yield f"{name} for the body", value, "body: must be an object"


def _bodies() -> Iterator[Row]:
    for name, body, says in (*_encodings(), *_syntax(), *_sizes(), *_keys(), *_strings(), *_types()):
        yield Row(f"body: {name}", post(TRADE, body), (bad(says),))
    deep = "is nested deeper than 32 levels"
    for name, body in (
        ("100,000 arrays", b"[" * 100_000 + b"]" * 100_000),
        ("100,000 objects", b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
        ("100,000 arrays that do not end", b"[" * 100_000),
    ):
        # The operation that takes the longest bodies.
        yield Row(f"body: {name}, short enough", post(QUOTES, body, key=ADMIN), (bad(deep),))
    for name, body in (
        ("as it should be", BUY),
        ("in UTF-8", buy_with(comment='"é€😀"'.encode())),
        ("a whole surrogate pair, escaped", buy_with(comment=rb'"\ud83d\ude00"')),
        ("an escaped key", BUY.replace(b"symbol", rb"\u0073ymbol")),
        ("white space around", b"\r\n\t " + BUY + b" \r\n"),
        ("exactly as long as allowed", BUY.ljust(65_536)),
        # A JSON number is what a double makes of it (RFC 8259, 6).
        ("a fraction of 5,000 digits", buy_with(volume=b"0.01" + b"0" * 5000)),
        ("an exponent of 5,000 digits", buy_with(volume=b"0.1e-" + b"0" * 4999 + b"1")),
        ("a number with an exponent", buy_with(volume=b"1E-2")),
    ):
        yield Row(f"body accepted: {name}", post(PREVIEW, body), (OK,))


# ── headers of a body ──────────────────────────────────────────────────────────────────────────────────────


def _content_types() -> Iterator[Row]:
    says = "header.Content-Type: must be application/json, in UTF-8"
    for value in (
        b"text/plain",
        b"text/json",
        b"application/x-www-form-urlencoded",
        b"multipart/form-data; boundary=x",
        b"application/xml",
        b"application/octet-stream",
        b"application/merge-patch+json",
        b"application/jsonp",
        b"application/ json",
        b"application",
        b"*/*",
        b"application/*",
        b"application/json, application/json",
        b"application/json; charset=utf-16",
        b"application/json; charset=latin-1",
        b"application/json; charset=ISO-8859-1",
        b"application/json; charset=utf-8; charset=utf-16",
        b"application/json; charset=",
        b"application/json; charset='utf-8'",
        b"application/json; version=1",
        b"application/json\xc2\xa0",
        b"\xe9",
        b"",
    ):
        name = value.decode("latin-1") or "empty"
        yield Row(f"content type: {name}", post(TRADE, BUY, kind=b"Content-Type: " + value), (bad(says),))
    for value in (
        b"application/json",
        b"Application/JSON",
        b"application/json;charset=utf-8",
        b"application/json ; Charset=UTF-8",
        b'application/json; charset="utf-8"',
        b"application/json;",
        b"\t application/json \t",
    ):
        yield Row(
            f"content type accepted: {value.decode()!r}",
            post(PREVIEW, BUY, kind=b"cOnTeNt-TyPe:" + value),
            (OK,),
        )
    length = b"Content-Length: %d" % len(BUY)
    missing = "header.Content-Type: is required with a body"
    yield Row("content type: none", request(b"POST", TRADE, KEY, length, body=BUY), (bad(missing),))
    yield Row("content type: twice, the same", post(TRADE, BUY, JSON), (bad(says),))
    yield Row("content type: twice, another", post(TRADE, BUY, b"Content-Type: text/plain"), (bad(says),))
    yield Row("content type: of no body", get(ACCOUNT, b"Content-Type: multipart/form-data"), (OK,))
    encoding = "header.Content-Encoding: must be identity or absent"
    for value in (b"gzip", b"br", b"deflate, gzip", b"chunked"):
        yield Row(
            f"content encoding: {value.decode()}",
            post(TRADE, BUY, b"Content-Encoding: " + value),
            (bad(encoding),),
        )
    yield Row("content encoding accepted: Identity", post(PREVIEW, BUY, b"Content-Encoding: Identity"), (OK,))


def _unwanted_bodies() -> Iterator[Row]:
    none = bad("body: this operation takes no body")
    for method, target in ((b"GET", ACCOUNT), (b"DELETE", CLOSE), (b"GET", LIVE)):
        name = f"{method.decode()} {target.decode()}"
        sent = request(method, target, KEY, JSON, b"Content-Length: 2", body=b"{}")
        yield Row(f"body unwanted: {name}", sent, (none,))
        yield Row(
            f"body unwanted: {name}, in chunks",
            request(method, target, KEY, CHUNKED, body=chunk(b"{}") + END),
            (none,),
        )
    yield Row("body unwanted: a million bytes", post(ACCOUNT, b"a" * 1_000_000), (not_allowed("GET"),))
    yield Row("body unwanted: of length 0", get(ACCOUNT, b"Content-Length: 0"), (OK,))
    yield Row("body unwanted: no chunks", request(b"GET", ACCOUNT, KEY, CHUNKED, body=END), (OK,))
    # Without a length there is no body (RFC 9112 6.3): what follows is the next request, and is none.
    yield Row(
        "body unwanted: not announced",
        get(ACCOUNT) + BUY,
        (OK, no_http("Invalid method encountered")),
        After.CLOSED,
    )


# ── the query ──────────────────────────────────────────────────────────────────────────────────────────────

NO_INTEGERS: Final = (
    b"%2B5",
    b"+5",
    b"5_0",
    b"5.0",
    b"5.",
    b"5%20",
    b"%205",
    b"%095",
    b"0x5",
    b"0b1",
    b"0o5",
    b"1e1",
    b"5L",
    b"5,6",
    b"5;6",
    b"--5",
    b"%E2%88%925",
    b"five",
    b"null",
    b"true",
    b"NaN",
    b"Infinity",
    b"%D9%A5",
    b"%EF%BC%95",
    b"%C2%B2",
    b"%E2%91%A4",
    b"5%0A",
    b"%0A5",
    b"5%0D%0A",
    b"5%00",
    b"%2535",
    b"%225%22",
    b"[5]",
)
"""What some language's parser takes for an integer, in a URL."""


def _queries() -> Iterator[Row]:
    for value in NO_INTEGERS:
        yield Row(
            f"query integer: {value.decode()}",
            get(HISTORY + b"?limit=" + value),
            (bad("query.limit: must be an integer, got"),),
        )
    for name, query, says in (
        ("an integer that is empty", b"limit=", "query.limit: must be an integer"),
        ("an integer without a value", b"limit", "query.limit: must be an integer"),
        ("an integer of 5,000 digits", b"limit=" + b"9" * 5000, "integer of at most 100 digits, got 5000"),
        ("5,000 zeros before an integer", b"limit=" + b"0" * 5000 + b"5", "of at most 100 digits"),
        ("an integer that is too large", b"limit=1001", "query.limit: must be at most 1000"),
        ("an integer of 65 bits", b"limit=36893488147419103232", "query.limit: must be at most 1000"),
        ("0", b"limit=0", "query.limit: must be at least 1"),
        ("minus", b"limit=-5", "query.limit: must be at least 1"),
        ("twice, the same", b"limit=5&limit=5", "query.limit: is given more than once"),
        ("twice, another", b"limit=5&limit=6", "query.limit: is given more than once"),
        ("twice, once encoded", b"limit=5&%6Cimit=6", "query.limit: is given more than once"),
        ("twice, once empty", b"limit=5&limit", "query.limit: is given more than once"),
        ("unknown", b"foo=1", 'query: unknown parameter "foo"'),
        ("in capitals", b"Limit=5", 'query: unknown parameter "Limit"'),
        ("an array of PHP", b"limit[]=5", 'query: unknown parameter "limit[]"'),
        ("an array of PHP, encoded", b"limit%5B%5D=5", 'query: unknown parameter "limit[]"'),
        ("an array with an index", b"limit[0]=5", 'query: unknown parameter "limit[0]"'),
        ("an object", b"limit.a=5", 'query: unknown parameter "limit.a"'),
        ("without a name", b"=5", 'query: unknown parameter ""'),
        ("with a space in its name", b"limit%20=5", 'query: unknown parameter "limit "'),
        ("with a NUL in its name", b"limit%00=5", "query: unknown parameter"),
        ("encoded twice in its name", b"%256Cimit=5", 'query: unknown parameter "%6Cimit"'),
        ("parted by a semicolon", b"limit=5;order=asc", "query.limit: must be an integer"),
        ("a question mark too many", b"?limit=5", 'query: unknown parameter "?limit"'),
        ("a key of the API", b"api_key=<full>", 'query: unknown parameter "api_key"'),
        ("2,000 unknown", b"&".join(b"x%d=1" % each for each in range(2000)), 'unknown parameter "x0"'),
        ("a symbol with a newline", b"symbol=EURUSD%0A", "query.symbol: must match"),
        ("a symbol with CRLF", b"symbol=EURUSD%0D%0AX-A:%20b", "query.symbol: must match"),
        ("a symbol with a NUL", b"symbol=EURUSD%00", "query.symbol: must match"),
        ("a symbol that is empty", b"symbol=", "query.symbol: must match"),
        ("a symbol with a space", b"symbol=EUR+USD", "query.symbol: must match"),
        ("a symbol encoded twice", b"symbol=%2545URUSD", "query.symbol: must match"),
        ("a symbol of 5,000 letters", b"symbol=" + b"A" * 5000, "query.symbol: must"),
        ("a symbol with a mark", b"symbol=%EF%BB%BFEURUSD", "query.symbol: must match"),
        ("a byte that is not UTF-8", b"symbol=EUR%FF", "query.symbol: must be UTF-8"),
        ("overlong UTF-8", b"symbol=EUR%C0%AFUSD", "query.symbol: must be UTF-8"),
        ("a surrogate as UTF-8", b"symbol=%ED%A0%80", "query.symbol: must be UTF-8"),
        ("a name that is not UTF-8", b"%FF=1", "query: must be UTF-8"),
        ("a broken percent-encoding", b"symbol=%zz", "query.symbol: has a % that is not followed by"),
        ("a percent-encoding that is cut", b"symbol=EURUSD%4", "query.symbol: has a %"),
        ("a percent sign alone", b"symbol=%", "query.symbol: has a %"),
        ("a percent-encoding of JavaScript", b"symbol=%u0045URUSD", "query.symbol: has a %"),
        ("an enum in capitals", b"order=ASC", "query.order: must be one of"),
        ("an enum with a newline", b"order=asc%0A", "query.order: must be one of"),
        # A plus is a space in a query, as every form has it: the offset must be encoded.
        ("a time with a plus", b"from=2026-03-02T09:00:00+01:00", "query.from: must be an RFC 3339 date"),
        ("a time without an offset", b"from=2026-03-02T09:00:00", "query.from: must be an RFC 3339 date"),
        ("a time with a newline", b"from=2026-03-02T09:00:00Z%0A", "query.from: must be an RFC 3339 date"),
        ("a time in Arabic digits", b"from=%D9%A2026-03-02T09:00:00Z", "query.from: must be an RFC 3339"),
        ("a time in seconds", b"from=1772442000", "query.from: must be an RFC 3339 date"),
        ("a cursor with a newline", b"cursor=MQ%0A", "query.cursor: must match"),
        ("a cursor that is empty", b"cursor=", "query.cursor: must"),
    ):
        yield Row(f"query: {name}", get(HISTORY + b"?" + query), (bad(says),))
    yield Row(
        "query: a cursor that nobody gave", get(HISTORY + b"?cursor=%3D%3D"), (Answer(400, "INVALID_CURSOR"),)
    )
    yield Row("query: of an operation that takes none", get(ACCOUNT + b"?a"), (bad('parameter "a"'),))
    for name, query in (
        ("5", b"limit=5"),
        ("an encoded name", b"%6Cimit=5"),
        ("an encoded value", b"limit=%35"),
        ("zeros before", b"limit=005"),
        ("ampersands", b"&&limit=5&"),
        ("nothing", b""),
        ("an encoded plus", b"from=2026-03-02T09:00:00%2B01:00"),
        ("100 digits", b"limit=" + b"0" * 99 + b"5"),
    ):
        yield Row(f"query accepted: {name}", get(HISTORY + b"?" + query), (OK,))


def _query_numbers() -> Iterator[Row]:
    no_number = "query.volume: must be a number, got"
    for value in (
        *(b"NaN", b"nan", b"Infinity", b"-Infinity", b"inf", b"0x1", b"1_0", b".5", b"5.", b"00.5"),
        *(b"%2B0.01", b"+0.01", b"0,01", b"0.01%0A", b"%200.01", b"0.01f", b"1e", b"e1", b"1/2"),
        *(b"", b"null", b"%D9%A0.5", b"%EF%BC%90.01", b"0.01%00", b"%E2%88%9E"),
    ):
        name = value.decode() or "empty"
        yield Row(
            f"query number: {name}",
            request(b"DELETE", CLOSE + b"?volume=" + value, KEY),
            (bad(no_number),),
        )
    for name, value, says in (
        ("1e400", b"1e400", "query.volume: must be a number a double can hold"),
        ("5,000 digits", b"5" * 5000, "query.volume: must be a number of at most 100 characters, got 5000"),
        ("a fraction of 5,000 digits", b"0." + b"0" * 4997 + b"1", "of at most 100 characters, got 5000"),
        ("an exponent of 5,000 digits", b"1e-" + b"0" * 4996 + b"2", "at most 100 characters, got 5000"),
        ("0", b"0", "query.volume: must be greater than 0"),
        ("-0.0", b"-0.0", "query.volume: must be greater than 0"),
        ("1e-400", b"1e-400", "query.volume: must be greater than 0"),
        ("minus", b"-0.01", "query.volume: must be greater than 0"),
        ("twice", b"0.01&volume=0.01", "query.volume: is given more than once"),
    ):
        sent = request(b"DELETE", CLOSE + b"?volume=" + value, KEY)
        yield Row(f"query number: {name}", sent, (bad(says),))
    # The twin: read, and refused by the broker, so that nothing is closed.
    yield Row(
        "query number accepted: with an exponent",
        request(b"DELETE", CLOSE + b"?volume=1E-5", KEY),
        (Answer(400, "INVALID_CLOSE_VOLUME"),),
    )
    yield Row(
        "query id: a newline",
        request(b"DELETE", CLOSE + b"?client_order_id=a%0A", KEY),
        (bad("query.client_order_id: must match"),),
    )
    yield Row(
        "query id: 65 characters",
        request(b"DELETE", CLOSE + b"?client_order_id=" + b"a" * 65, KEY),
        (bad("query.client_order_id: must be at most 64 characters"),),
    )


# ── paths ──────────────────────────────────────────────────────────────────────────────────────────────────


def _path_values() -> Iterator[Row]:
    says = "path.ticket: must be an integer, got"
    for value in NO_INTEGERS:
        sent = request(b"DELETE", b"/v1/api/positions/" + value, KEY)
        yield Row(f"path integer: {value.decode()}", sent, (bad(says),))
    for name, value, problem in (
        ("5,000 digits", b"9" * 5000, "path.ticket: must be an integer of at most 100 digits, got 5000"),
        ("65 bits", b"36893488147419103232", "path.ticket: must be at most"),
        ("0", b"0", "path.ticket: must be at least 1"),
        ("minus", b"-1", "path.ticket: must be at least 1"),
        ("a slash", b"1%2F2", says),
        ("a matrix parameter", b"1;a=b", says),
        ("an extension", b"1.json", says),
        ("dots", b"..", says),
        ("encoded dots", b"%2e%2e", says),
        ("dots that leave", b"..%2F..%2Faccount", says),
        ("not UTF-8", b"%FF", "path.ticket: must be UTF-8"),
        ("overlong UTF-8", b"%C0%B5", "path.ticket: must be UTF-8"),
        ("broken percent-encoding", b"%zz", "path.ticket: has a % that is not followed by"),
        ("a percent sign alone", b"%", "path.ticket: has a %"),
    ):
        yield Row(
            f"path integer: {name}", request(b"DELETE", b"/v1/api/positions/" + value, KEY), (bad(problem),)
        )
    yield Row("path integer accepted: zeros before", get(b"/v1/api/positions/00<position>"), (OK,))
    for name, value, problem in (
        ("a newline", b"EURUSD%0A", "path.symbol: must match"),
        ("CRLF", b"EURUSD%0D%0ASet-Cookie:a=b", "path.symbol: must match"),
        ("a NUL", b"EURUSD%00", "path.symbol: must match"),
        ("a slash", b"EUR%2FUSD", "path.symbol: must match"),
        ("a backslash", b"EUR%5CUSD", "path.symbol: must match"),
        ("a space", b"EURUSD%20", "path.symbol: must match"),
        ("a plus", b"EUR+USD", "path.symbol: must match"),
        ("a mark", b"%EF%BB%BFEURUSD", "path.symbol: must match"),
        ("fullwidth letters", b"%EF%BC%A5URUSD", "path.symbol: must match"),
        ("encoded twice", b"%2545URUSD", "path.symbol: must match"),
        ("a matrix parameter", b"EURUSD;a=b", "path.symbol: must match"),
        ("33 letters", b"A" * 33, "path.symbol: must"),
        ("5,000 letters", b"A" * 5000, "path.symbol: must"),
        ("not UTF-8", b"EURUSD%FF", "path.symbol: must be UTF-8"),
        ("a surrogate", b"%ED%A0%80", "path.symbol: must be UTF-8"),
        ("broken percent-encoding", b"EURUSD%4", "path.symbol: has a %"),
    ):
        yield Row(f"path symbol: {name}", get(b"/v1/api/quotes/" + value), (bad(problem),))
    # Names of the right shape that nothing has; a dot is a letter like others in a symbol, and stays one.
    for value in (b"eurusd", b"EURUSD.json", b"..", b"%2e%2e", b"."):
        yield Row(f"path symbol: {value.decode()}", get(b"/v1/api/quotes/" + value), (NO_OBJECT,))
    yield Row("path symbol accepted: encoded", get(b"/v1/api/quotes/%45UR%55SD"), (OK,))
    yield Row(
        "path key: dots",
        request(b"DELETE", b"/v1/api/keys/%2e%2e", KEY),
        (bad("path.key_id: must match"),),
    )


def _unknown_paths() -> Iterator[Row]:
    for target in (
        b"/",
        b"//",
        b"/v1",
        b"/v1/",
        b"/api/account",
        b"/v2/api/account",
        b"/V1/api/account",
        b"/v1/api/Account",
        b"/v1/api/account/",
        b"/v1/api/account//",
        b"//v1/api/account",
        b"/v1//api/account",
        b"/v1/./api/account",
        b"/./v1/api/account",
        b"/v1/api/../api/account",
        b"/../v1/api/account",
        b"/v1/%2e/api/account",
        b"/v1/api/%2E%2E/api/account",
        b"/v1/api/account/.",
        b"/v1/api/account/..",
        b"/v1/api%2Faccount",
        b"/v1%2fapi%2faccount",
        b"/v1/api/account%2F",
        b"/v1/api%5Caccount",
        b"/v1/api\\account",
        b"/v1/api/account%00",
        b"/v1/api/account%0A",
        b"/v1/api/account%20",
        b"/v1/api/account;v=1",
        b"/v1/api/account.json",
        b"/v1/api/account%3Fa=b",
        b"/v1/api/account%23",
        b"/v1/api/account%",
        b"/v1/api/account%zz",
        b"/v1/api/%FF",
        b"/v1/api/%C0%AE%C0%AE/account",
        b"/v1/api/%2561ccount",
        b"/v1/api/acc%C3%B6unt",
        b"/v1/api/positions/",
        b"/v1/api/positions//close-by",
        b"/v1/api/positions/<position>/",
        b"/v1/api/positions/<position>/..",
        b"/v1/api/{ticket}",
        b"/v1/health",
        b"/health/live",
        b"/metrics/",
        b"/openapi.yaml/",
        b"/%2e%2e/%2e%2e/etc/passwd",
        b"/..%2f..%2fetc/passwd",
        b"/v1/" + b"a" * 60_000,
        b"/v1" + b"/a" * 30_000,
    ):
        name = target.decode()[:60]
        # Without a key, and with a body that nobody looks at: the path is the first reason.
        yield Row(f"path unknown: {name}", request(b"GET", target), (NO_PATH,))
    yield Row(
        "path unknown: POST without a key",
        request(b"POST", b"/v1/api/trades", b"Content-Length: 1", body=b"\xff"),
        (NO_PATH,),
    )
    yield Row("path accepted: encoded", get(b"/v1/%61pi/acc%6Funt"), (OK,))
    yield Row("path accepted: encoded in small letters", get(b"/v1/%61pi/acc%6funt"), (OK,))


def _targets() -> Iterator[Row]:
    """What may stand between the method and the version (RFC 9112, 3.2)."""
    yield Row("target: absolute", get(b"http://127.0.0.1:8080" + LIVE), (OK,))
    # The authority of the target counts, and Host is passed over (3.2.2); here every authority is right.
    yield Row("target: absolute, of another host", get(b"http://a.example" + LIVE), (OK,))
    yield Row("target: absolute, in capitals", get(b"HTTP://A" + LIVE), (OK,))
    yield Row("target: absolute, https", get(b"https://a" + LIVE), (OK,))
    yield Row("target: absolute, with a query", get(b"http://a" + LIVE + b"?a"), (bad('parameter "a"'),))
    yield Row("target: absolute, without a path", get(b"http://a"), (NO_PATH,))
    yield Row("target: absolute, a query alone", get(b"http://a?b"), (NO_PATH,))
    yield Row("target: an asterisk", request(b"OPTIONS", b"*"), (NO_PATH,))
    wrong = no_http("the target must be a path")
    for name, target in (
        ("another scheme", b"ftp://a" + LIVE),
        ("a user name", b"http://user:password@a" + LIVE),
        ("no authority", b"http:///v1/health/live"),
        ("a fragment", LIVE + b"#a"),
        ("a fragment after a query", LIVE + b"?#a"),
    ):
        yield Row(f"target: {name}", get(target), (wrong,), After.CLOSED)
    for name, target, says in (
        ("no slash", b"v1/health/live", ""),
        ("a backslash", b"\\v1\\health\\live", ""),
        ("a byte that is not ASCII in the path", b"/v1/\xc3\xa9", "Invalid char in url path"),
        ("a byte that is not UTF-8 in the path", b"/v1/\xff", "Invalid char in url path"),
        ("a byte that is not ASCII in the query", LIVE + b"?a=\xc3\xa9", "Invalid char in url query"),
        ("a byte that is not UTF-8 in the query", LIVE + b"?a=\xff", "Invalid char in url query"),
        ("a NUL in the path", b"/v1/\x00", "Invalid char in url path"),
        ("a NUL in the query", LIVE + b"?a=\x00", "Invalid char in url query"),
        ("DEL", b"/v1/\x7f", "Invalid char in url path"),
        ("a tab", b"/v1/\thealth", "Invalid char"),
        ("a space", b"/v1/ health", "Expected HTTP/"),
        ("a carriage return", b"/v1/\rhealth", ""),
    ):
        yield Row(f"target: {name}", get(target), (no_http(says),), After.CLOSED)
    # Characters that a URI must encode, in places where RFC 9112 leaves it to the server.
    yield Row("target: brackets and quotes", get(b'/v1/"<>^`{|}'), (NO_PATH,))


# ── methods ────────────────────────────────────────────────────────────────────────────────────────────────

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "QUERY")


def _wrong_methods() -> Iterator[Row]:
    """Every method that a path of the document has not, on that path, one after the other."""
    for path in DOCUMENT.root["paths"]:
        own = {each.method.upper() for each in DOCUMENT.operations if each.path == path}
        allow = ", ".join(sorted(own))
        target = f"/v1{path}".replace("{ticket}", "<position>").replace("{symbol}", "EURUSD").encode()
        wrong = [method for method in METHODS if method not in own]
        refused = not_allowed(allow)
        answers = [
            Answer(405, has_body=False, allow=allow) if method == "HEAD" else refused for method in wrong
        ]
        # No key and a body that is no JSON: neither is looked at.
        raw = b"".join(
            request(method.encode(), target, b"Content-Length: 1", body=b"\xff") for method in wrong
        )
        yield Row(f"wrong methods: {path}", raw, tuple(answers))


WRONG_METHODS: Final = tuple(_wrong_methods())


def _methods() -> Iterator[Row]:
    head = Answer(404, has_body=False)
    yield Row("method: HEAD of an unknown path", request(b"HEAD", b"/nowhere"), (head,))
    # The parser reads the methods that are registered, and those of no other protocol.
    for method in (b"get", b"Get", b"BREW", b"GETS", b"G", b"DESCRIBE", b"SETUP", b"G\xc3\x89T", b"GET\x00"):
        yield Row(f"method: {method!r}", request(method, LIVE), (no_http(""),), After.CLOSED)
    proxy = no_http("CONNECT is for proxies, and this is none")
    for target in (b"a.example:443", LIVE, b"a.example"):
        # What follows CONNECT would be the tunnel's: it must not be taken for a request.
        yield Row(
            f"method: CONNECT {target.decode()}",
            request(b"CONNECT", target) + get(LIVE),
            (proxy,),
            After.CLOSED,
        )
    override = post(CLOSE, b"{}", b"X-HTTP-Method-Override: DELETE")
    yield Row("method: an override", override, (not_allowed("DELETE, GET, PATCH"),))
    body = b"_method=DELETE"
    yield Row("method: an override in a form", post(CLOSE, body), (not_allowed("DELETE, GET, PATCH"),))


# ── authorization ──────────────────────────────────────────────────────────────────────────────────────────


def _authorizations() -> Iterator[Row]:
    def account(*lines: bytes) -> bytes:
        return request(b"GET", ACCOUNT, *lines)

    yield Row("authorization: none", account(), (MISSING_KEY,))
    yield Row("authorization: of a proxy", account(b"Proxy-" + KEY), (MISSING_KEY,))
    yield Row("authorization: X-Authorization", account(b"X-" + KEY), (MISSING_KEY,))
    yield Row("authorization: X-Api-Key", account(b"X-Api-Key: <full>"), (MISSING_KEY,))
    yield Row("authorization: a cookie", account(b"Cookie: Authorization=Bearer <full>"), (MISSING_KEY,))
    yield Row(
        "authorization: in the query", request(b"GET", ACCOUNT + b"?access_token=<full>"), (MISSING_KEY,)
    )
    yield Row(
        "authorization: in a trailer",
        request(b"POST", TRADE, JSON, CHUNKED, body=chunk(BUY) + b"0\r\n" + KEY + b"\r\n\r\n"),
        (MISSING_KEY,),
    )
    for name, value in (
        ("empty", b""),
        ("Bearer alone", b"Bearer"),
        ("Bearer and spaces", b"Bearer   "),
        ("the key alone", b"<full>"),
        ("no space", b"Bearer<full>"),
        ("a tab between", b"Bearer\t<full>"),
        ("a colon between", b"Bearer: <full>"),
        ("an equals sign between", b"Bearer=<full>"),
        ("a no-break space between", b"Bearer\xc2\xa0<full>"),
        ("Basic", b"Basic dXNlcjpwYXNzd29yZA=="),
        ("Digest", b'Digest username="a"'),
        ("Token", b"Token <full>"),
        ("two keys", b"Bearer <full> <full>"),
        ("two schemes", b"Bearer <full>, Basic YTpi"),
        ("something after", b"Bearer <full> x"),
        ("not ASCII", b"Bearer tk_test_\xc3\xa9"),
        ("not UTF-8", b"Bearer \xff\xfe"),
        ("fullwidth letters", "Ｂearer <full>".encode()),
    ):
        yield Row(f"authorization: {name}", account(b"Authorization: " + value), (MALFORMED_KEY,))
    for name, lines in (
        ("twice, the same", (KEY, KEY)),
        ("twice, the second unknown", (KEY, b"Authorization: Bearer x")),
        ("twice, the first empty", (b"Authorization:", KEY)),
        ("twice, in another case", (KEY, b"aUTHORIZATION: Bearer <read>")),
    ):
        yield Row(f"authorization: {name}", account(*lines), (MALFORMED_KEY,))
    for name, value in (
        ("a short key", b"x"),
        ("a key without its end", b"tk_test_abc"),
        ("a key of another server", b"tk_live_" + b"0" * 39),
        ("a key in quotes", b'"<full>"'),
        ("a key with a comma", b"<full>,"),
        ("a key with a wildcard", b"*"),
        ("a key with a NUL, encoded", b"<full>%00"),
        ("a key with SQL", b"'OR'1'='1"),
        ("a key of 60,000 letters", b"a" * 60_000),
    ):
        yield Row(f"authorization: {name}", account(b"Authorization: Bearer " + value), (INVALID_KEY,))
    for name, line in (
        ("in small letters", b"authorization: bearer <full>"),
        ("in capitals", b"AUTHORIZATION: BEARER <full>"),
        ("two spaces", b"Authorization: Bearer  <full>"),
        # White space around a value is not of the value (RFC 9110, 5.5).
        ("spaces after", b"Authorization: Bearer <full>   "),
        ("a tab after", b"Authorization: Bearer <full>\t"),
        ("tabs before", b"Authorization:\t\tBearer <full>"),
        ("no space before", b"Authorization:Bearer <full>"),
    ):
        yield Row(f"authorization accepted: {name}", account(line), (OK,))


def _precedence() -> Iterator[Row]:
    """The first reason that applies is the answer, however many there are."""
    broken = b"\xff{"
    yield Row(
        "order: no key, no JSON",
        request(b"POST", TRADE, JSON, b"Content-Length: 2", body=broken),
        (MISSING_KEY,),
    )
    unknown = b"Authorization: Bearer x"
    yield Row("order: a wrong key, no JSON", post(TRADE, broken, key=unknown), (INVALID_KEY,))
    yield Row("order: a small scope, no JSON", post(TRADE, broken, key=READ), (SMALL_SCOPE,))
    yield Row("order: an admin, no JSON", post(TRADE, broken, key=ADMIN), (SMALL_SCOPE,))
    yield Row("order: a full key at the admin's", post(QUOTES, broken), (SMALL_SCOPE,))
    yield Row("order: no key, a wrong query", request(b"GET", HISTORY + b"?limit=x&limit=x"), (MISSING_KEY,))
    yield Row("order: a small scope, a wrong query", request(b"GET", ACCOUNT + b"?a", TRADER), (SMALL_SCOPE,))
    yield Row("order: a wrong path value, no key", request(b"GET", b"/v1/api/positions/x"), (MISSING_KEY,))
    nowhere = b"/v1/api/positions/%d" % NO_SUCH_NUMBER
    change = request(b"PATCH", nowhere, KEY, JSON, b"Content-Length: 10", body=b'{"sl":"x"}')
    yield Row("order: no such position, a wrong body", change, (bad("body.sl: must be a number or null"),))
    change = request(b"PATCH", nowhere, KEY, JSON, b"Content-Length: 9", body=b'{"sl":-0}')
    yield Row("order: no such position", change, (NO_OBJECT,))
    yield Row(
        "order: the path before the body",
        request(b"PATCH", b"/v1/api/positions/x?y", KEY, JSON, b"Content-Length: 1", body=b"{"),
        (bad("path.ticket: must be an integer"),),
    )
    yield Row(
        "order: no such symbol", post(TRADE, buy_with(symbol=b'"NOPE"')), (Answer(400, "UNKNOWN_SYMBOL"),)
    )
    yield Row(
        "order: not HTTP, no path",
        request(b"GET", b"/nowhere", host=None),
        (no_http("it has no Host"),),
        After.CLOSED,
    )


# ── HTTP itself ────────────────────────────────────────────────────────────────────────────────────────────


def _lines() -> Iterator[Row]:
    start = b"GET " + LIVE + b" HTTP/1.1\r\n"
    host = b"Host: localhost\r\n"
    for name, raw, says in (
        ("line feeds alone", b"GET " + LIVE + b" HTTP/1.1\nHost: a\n\n", "Expected CRLF after version"),
        ("a line feed after a header", start + b"Host: a\nX-A: b\r\n\r\n", "Missing expected CR"),
        ("a line feed at the end", start + host + b"\n", ""),
        ("carriage returns alone", b"GET " + LIVE + b" HTTP/1.1\rHost: a\r\r", "Expected CRLF"),
        ("a folded header", start + host + b"X-A: b\r\n c\r\n\r\n", "Unexpected whitespace"),
        ("a header folded by a tab", start + host + b"X-A: b\r\n\tc\r\n\r\n", "Unexpected whitespace"),
        ("a folded key", start + host + b"Authorization: Bearer\r\n <full>\r\n\r\n", "Unexpected"),
        (
            "a space before the first header",
            start + b" Host: localhost\r\n\r\n",
            "Unexpected space after start line",
        ),
        ("a header without a colon", start + host + b"nothing\r\n\r\n", "Invalid header token"),
        ("a header without a name", start + host + b": a\r\n\r\n", "Invalid header token"),
        ("a space in a name", start + host + b"X A: b\r\n\r\n", "Invalid header token"),
        ("a space after a name", start + host + b"X-A : b\r\n\r\n", "Invalid header token"),
        ("a tab after a name", start + host + b"X-A\t: b\r\n\r\n", "Invalid header token"),
        ("a name in UTF-8", start + host + b"X-\xc3\xa9: a\r\n\r\n", "Invalid header token"),
        ("a NUL in a name", start + host + b"X-\x00: a\r\n\r\n", "Invalid header token"),
        ("a NUL in a value", start + host + b"X-A: a\x00b\r\n\r\n", "Invalid header value char"),
        ("a bell in a value", start + host + b"X-A: a\x07\r\n\r\n", "Invalid header value char"),
        ("DEL in a value", start + host + b"X-A: a\x7f\r\n\r\n", "Invalid header value char"),
        ("a carriage return in a value", start + host + b"X-A: a\rb\r\n\r\n", "Missing expected LF"),
        ("a space before the method", b" " + get(LIVE), "Invalid method encountered"),
        ("a tab after the method", b"GET\t" + LIVE + b" HTTP/1.1\r\n\r\n", "Expected space after method"),
        ("a space after the version", b"GET " + LIVE + b" HTTP/1.1 \r\n\r\n", "Expected CRLF"),
        ("no target", b"GET HTTP/1.1\r\n\r\n", ""),
        ("no Host", start + b"\r\n", "it has no Host header"),
        ("two Hosts", start + host + b"Host: b\r\n\r\n", "it has 2 Host headers"),
        ("two Hosts, the same", start + host + host + b"\r\n", "it has 2 Host headers"),
        ("a Host with a space", start + b"Host: a b\r\n\r\n", "Host must be a name or an address"),
        ("a Host with a path", start + b"Host: a/b\r\n\r\n", "Host must be a name or an address"),
        ("a Host with a user name", start + b"Host: a@b\r\n\r\n", "Host must be a name or an address"),
        ("two Hosts in one", start + b"Host: a, b\r\n\r\n", "Host must be a name or an address"),
        ("a Host that is not ASCII", start + b"Host: \xc3\xa9\r\n\r\n", "Host must be a name"),
        ("a port of a Host in letters", start + b"Host: a:b\r\n\r\n", "Host must be a name"),
        ("HTTP/0.9", b"GET " + LIVE + b"\r\n\r\n", "its version is 0.9"),
        ("HTTP/0.9 by name", b"GET " + LIVE + b" HTTP/0.9\r\n\r\n", "its version is 0.9"),
        ("HTTP/2.0 in words", request(b"GET", LIVE, version=b"HTTP/2.0"), "its version is 2.0"),
        ("HTTP/1.2", request(b"GET", LIVE, version=b"HTTP/1.2"), "Invalid HTTP version"),
        ("HTTP/9.9", request(b"GET", LIVE, version=b"HTTP/9.9"), "Invalid HTTP version"),
        ("http/1.1", request(b"GET", LIVE, version=b"http/1.1"), "Expected HTTP/"),
        ("HTTP/1.10", request(b"GET", LIVE, version=b"HTTP/1.10"), ""),
        ("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", ""),
        ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(64)), "Invalid method"),
        ("NUL bytes", b"\x00" * 64, "Invalid method"),
        ("a word", b"hello\r\n\r\n", "Invalid method"),
        ("three million bytes of nothing", b"\xff" * 3_000_000, "Invalid method"),
        ("an answer", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ""),
    ):
        yield Row(f"HTTP: {name}", raw, (no_http(says),), After.CLOSED)
    yield Row(
        "HTTP: a HEAD without Host",
        request(b"HEAD", LIVE, host=None),
        (Answer(400, has_body=False),),
        After.CLOSED,
    )
    for name, raw in (
        # RFC 9112 2.2: at least one empty line before a request is to be passed over.
        ("empty lines before", b"\r\n\r\n" + get(LIVE)),
        # 3: the parts may be taken apart at any white space.
        ("two spaces after the method", b"GET  " + LIVE + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        # RFC 9110 7.2: empty where the target has no authority.
        ("an empty Host", request(b"GET", LIVE, host=b"Host:")),
        ("a Host of IPv6", request(b"GET", LIVE, host=b"Host: [::1]")),
        ("an unknown header in UTF-8", get(LIVE, b"X-A: \xc3\xa9\xff")),
        ("an empty header", get(LIVE, b"X-A:")),
        ("an unknown expectation", get(LIVE, b"Expect: miracles")),
        ("another Accept", get(LIVE, b"Accept: text/html;q=0.1, image/*")),
        ("a range", get(LIVE, b"Range: bytes=0-3")),
        ("a condition", get(LIVE, b"If-None-Match: *", b"If-Match: *")),
    ):
        yield Row(f"HTTP accepted: {name}", raw, (OK,))
    old = request(b"GET", LIVE, version=b"HTTP/1.0", host=None)
    yield Row("HTTP accepted: HTTP/1.0 without Host", old, (OK,), After.CLOSED)
    kept = request(b"GET", LIVE, b"Connection: keep-alive", version=b"HTTP/1.0")
    yield Row("HTTP accepted: HTTP/1.0 that would stay", kept, (OK,), After.CLOSED)
    yield Row("HTTP accepted: a close", get(LIVE, b"Connection: close"), (OK,), After.CLOSED)


def _sizes_of_heads() -> Iterator[Row]:
    long = no_http("its head is longer than 65536 bytes")
    for name, raw in (
        ("a header", get(LIVE, b"X-A: " + b"a" * 70_000)),
        ("a header of a million bytes", get(LIVE, b"X-A: " + b"a" * 1_000_000)),
        ("a header that does not end", get(LIVE)[:-2] + b"X-A: " + b"a" * 1_000_000),
        ("a name of a header", get(LIVE, b"a" * 70_000 + b": a")),
        ("a path", get(b"/v1/" + b"a" * 70_000)),
        ("a query", get(LIVE + b"?" + b"a" * 70_000)),
        ("a target that does not end", b"GET /" + b"a" * 1_000_000),
        ("a key", get(ACCOUNT, b"X-Api-Key: " + b"a" * 70_000)),
        ("empty lines without end", b"\r\n" * 500_000),
    ):
        yield Row(f"long: {name}", raw, (long,), After.CLOSED)
    many = get(LIVE, *(b"X-%d: abc" % each for each in range(10_000)))
    yield Row("long: 10,000 headers", many, (no_http("it has more than 128 headers"),), After.CLOSED)
    ended = chunk(BUY) + b"0\r\nX-A: " + b"a" * 70_000 + b"\r\n\r\n"
    yield Row("long: a trailer", in_chunks(TRADE, ended), (long,), After.CLOSED, whole=True)
    fits = get(LIVE, *(b"X-%03d: %s" % (each, b"a" * 600) for each in range(100)))
    yield Row("long accepted: 100 headers of 600 bytes", fits, (OK,))
    large = post(TRADE, b"a" * 3_000_000, b"Connection: close")
    yield Row("long: a body, and a close", large, (bad("must be at most 65536"),), After.CLOSED)
    many = in_chunks(TRADE, chunk(b"a" * 100_000) * 30 + END)
    yield Row("long: a body in chunks", many, (bad("must be at most 65536"),))
    announced = request(b"POST", TRADE, KEY, JSON, b"Content-Length: 9999999999", body=BUY)
    yield Row("long: a body that is only announced", announced, (bad("must be at most 65536"),), After.WAITS)


def _lengths() -> Iterator[Row]:
    size = len(BUY)

    def with_length(*lines: bytes) -> bytes:
        return request(b"POST", TRADE, KEY, JSON, *lines, body=BUY)

    for name, raw, says in (
        ("negative", with_length(b"Content-Length: -1"), "Invalid character in Content-Length"),
        ("with a plus", with_length(b"Content-Length: +%d" % size), "Invalid character in Content-Length"),
        ("hexadecimal", with_length(b"Content-Length: 0x%x" % size), "Invalid character in Content-Length"),
        ("a fraction", with_length(b"Content-Length: %d.0" % size), "Invalid character in Content-Length"),
        ("in words", with_length(b"Content-Length: many"), "Invalid character in Content-Length"),
        ("in Arabic digits", with_length("Content-Length: ٤٨".encode()), "Invalid character"),
        ("of 5,000 digits", with_length(b"Content-Length: " + b"9" * 5000), "Content-Length overflow"),
        ("of 65 bits", with_length(b"Content-Length: 36893488147419103232"), "Content-Length overflow"),
        ("empty", with_length(b"Content-Length:"), "Empty Content-Length"),
        ("a list", with_length(b"Content-Length: %d, %d" % (size, size)), "Invalid character"),
        ("twice, the same", with_length(*[b"Content-Length: %d" % size] * 2), "Duplicate Content-Length"),
        (
            "twice, another",
            with_length(b"Content-Length: %d" % size, b"Content-Length: 3"),
            "Duplicate Content-Length",
        ),
        (
            "with chunks",
            request(b"POST", TRADE, KEY, JSON, b"Content-Length: 4", CHUNKED, body=chunk(BUY) + END),
            "Transfer-Encoding can't be present with Content-Length",
        ),
        (
            "after chunks",
            request(b"POST", TRADE, KEY, JSON, CHUNKED, b"Content-Length: 4", body=chunk(BUY) + END),
            "Content-Length can't be present with Transfer-Encoding",
        ),
        (
            # What a proxy that goes by the length would take for a request of another client.
            "with chunks, and a request inside",
            request(b"POST", TRADE, KEY, JSON, b"Content-Length: 60", CHUNKED, body=END + get(ACCOUNT)),
            "Transfer-Encoding can't be present with Content-Length",
        ),
    ):
        yield Row(f"length: {name}", raw, (no_http(says),), After.CLOSED)
    short = request(b"POST", TRADE, KEY, JSON, b"Content-Length: %d" % (size - 1), body=BUY)
    follow = no_http("Invalid method encountered")
    yield Row("length: too small by one", short, (bad("body: is not JSON"), follow), After.CLOSED)
    zero = request(b"POST", TRADE, KEY, JSON, b"Content-Length: 0", body=BUY)
    yield Row("length: 0, and a body", zero, (bad("body: is required"), follow), After.CLOSED)
    none = request(b"POST", TRADE, KEY, JSON, body=BUY)
    yield Row("length: none, and a body", none, (bad("body: is required"), follow), After.CLOSED)
    large = request(b"POST", TRADE, KEY, JSON, b"Content-Length: %d" % (size + 1), body=BUY)
    yield Row("length: too large by one", large, (), After.WAITS)
    other = request(b"GET", LIVE)
    inside = request(b"POST", TRADE, KEY, JSON, b"Content-Length: %d" % len(other), body=other)
    yield Row("length: a request as the body", inside, (bad("body: is not JSON"),))
    zeros = request(b"POST", PREVIEW, KEY, JSON, b"Content-Length: 000%d" % size, body=BUY)
    yield Row("length accepted: zeros before", zeros, (OK,))


def _chunks() -> Iterator[Row]:
    size = b"%x" % len(BUY)
    bad_size = "Invalid character in chunk size"
    for name, raw, says in (
        ("no number", b"zz\r\n" + BUY, bad_size),
        ("negative", b"-1\r\n" + BUY, bad_size),
        ("with a plus", b"+" + size + b"\r\n" + BUY, bad_size),
        ("with 0x", b"0x" + size + b"\r\n" + BUY, bad_size),
        ("a space before", b" " + size + b"\r\n" + BUY + b"\r\n" + END, bad_size),
        ("a space after", size + b" \r\n" + BUY + b"\r\n" + END, bad_size),
        ("empty", b"\r\n" + BUY, bad_size),
        ("of 68 bits", b"f" * 17 + b"\r\n" + BUY, "Chunk size overflow"),
        ("of 5,000 digits", b"f" * 5000 + b"\r\n" + BUY, "Chunk size overflow"),
        ("too small", b"5\r\n" + BUY + b"\r\n" + END, "Expected LF after chunk data"),
        ("no line after the data", size + b"\r\n" + BUY + END, "Expected LF after chunk data"),
        ("line feeds alone", size + b"\n" + BUY + b"\n0\n\n", "Missing expected CR after chunk size"),
        ("an extension with a NUL", size + b";a\x00\r\n" + BUY + b"\r\n" + END, ""),
        ("an extension with a line feed", size + b";a\nb\r\n" + BUY + b"\r\n" + END, ""),
        ("a trailer without a colon", chunk(BUY) + b"0\r\nnothing\r\n\r\n", "Invalid header token"),
        ("a trailer with a length", chunk(BUY) + b"0\r\nContent-Length: 5\r\n\r\n", ""),
    ):
        yield Row(f"chunks: {name}", in_chunks(TRADE, raw), (no_http(says),), After.CLOSED)
    # The last one is read as a chunk that is not there yet.
    yield Row("chunks: too large", in_chunks(TRADE, b"fff\r\n" + BUY + b"\r\n" + END), (), After.WAITS)
    yield Row("chunks: none, and no end", in_chunks(TRADE, b""), (), After.WAITS)
    yield Row("chunks: no end", in_chunks(TRADE, chunk(BUY)), (), After.WAITS)
    yield Row("chunks: an announcement of 2⁴⁸ bytes", in_chunks(TRADE, b"f" * 12 + b"\r\n"), (), After.WAITS)
    yield Row("chunks: an end alone", in_chunks(TRADE, END), (bad("body: is required"),))
    for name, raw in (
        ("one", chunk(BUY) + END),
        ("one for each byte", b"".join(chunk(bytes([each])) for each in BUY) + END),
        ("zeros before the size", b"000" + chunk(BUY) + b"000" + END),
        ("a size in capitals", chunk(BUY.ljust(171)).replace(b"ab\r\n", b"AB\r\n", 1) + END),
        ("extensions", size + b';a=b;c="d e"\r\n' + BUY + b"\r\n0;z\r\n\r\n"),
        ("a trailer", chunk(BUY) + b"0\r\nX-A: b\r\nX-B: c\r\n\r\n"),
        # A trailer is never merged into the headers (RFC 9110, 6.5.1).
        ("a trailer that would be a second key", chunk(BUY) + b"0\r\nAuthorization: Bearer x\r\n\r\n"),
        ("a trailer that would be a second type", chunk(BUY) + b"0\r\nContent-Type: text/plain\r\n\r\n"),
        ("a trailer that would be an id", chunk(BUY) + b"0\r\nX-Request-Id: mine\r\n\r\n"),
    ):
        yield Row(f"chunks accepted: {name}", in_chunks(PREVIEW, raw), (OK,))
    coding = "Transfer-Encoding must be chunked, and only in HTTP/1.1"
    for value, says in (
        (b"gzip", coding),
        (b"identity", coding),
        (b"gzip, chunked", coding),
        (b"chunked, gzip", ""),
        (b"chunked, chunked", ""),
        (b"xchunked", coding),
        (b"chunked;q=1", coding),
        (b'"chunked"', coding),
        (b"\x0bchunked", "Invalid header value char"),
        (b"chunked\xa0", coding),
        (b"", "Empty Transfer-Encoding"),
    ):
        raw = request(b"POST", TRADE, KEY, JSON, b"Transfer-Encoding: " + value, body=chunk(BUY) + END)
        yield Row(f"transfer encoding: {value!r}", raw, (no_http(says),), After.CLOSED)
    twice = in_chunks(TRADE, chunk(BUY) + END, CHUNKED)
    yield Row("transfer encoding: twice", twice, (no_http(""),), After.CLOSED)
    # RFC 9112 6.1: in HTTP/1.0 its framing is faulty, whatever it says.
    old = request(b"POST", TRADE, KEY, JSON, CHUNKED, version=b"HTTP/1.0", body=chunk(BUY) + END)
    yield Row("transfer encoding: in HTTP/1.0", old, (no_http(coding),), After.CLOSED)
    for value in (b"Chunked", b"CHUNKED", b"chunked "):
        raw = request(b"POST", PREVIEW, KEY, JSON, b"Transfer-Encoding: " + value, body=chunk(BUY) + END)
        yield Row(f"transfer encoding accepted: {value!r}", raw, (OK,))


def _connections() -> Iterator[Row]:
    def live(request_id: str) -> bytes:
        return get(LIVE, b"X-Request-Id: " + request_id.encode())

    def lived(request_id: str) -> Answer:
        return Answer(200, echo=request_id)

    ten = [f"number-{each}" for each in range(10)]
    yield Row("pipeline: ten requests", b"".join(map(live, ten)), tuple(map(lived, ten)))
    invalid = no_http("Invalid method encountered")
    yield Row(
        "pipeline: what is no request after three that are",
        live("a") + live("b") + live("c") + b"\x00\r\n\r\n" + live("d"),
        (lived("a"), lived("b"), lived("c"), invalid),
        After.CLOSED,
    )
    yield Row(
        "pipeline: a broken body after two requests",
        live("a") + post(PREVIEW, BUY) + in_chunks(TRADE, b"zz\r\n") + live("b"),
        (lived("a"), OK, no_http("Invalid character in chunk size")),
        After.CLOSED,
    )
    yield Row(
        "pipeline: a missing Host between requests",
        live("a") + request(b"GET", LIVE, host=None) + live("b"),
        (lived("a"), no_http("it has no Host header")),
        After.CLOSED,
    )
    yield Row(
        "pipeline: refusals between requests",
        live("a") + request(b"GET", b"/nowhere") + post(TRADE, b"\xff") + request(b"PUT", LIVE) + live("b"),
        (lived("a"), NO_PATH, bad("must be UTF-8"), not_allowed("GET"), lived("b")),
    )
    yield Row(
        "pipeline: HEAD has no body, and the next is found",
        request(b"HEAD", ACCOUNT) + request(b"HEAD", b"/nowhere") + live("a"),
        (Answer(405, has_body=False, allow="GET"), Answer(404, has_body=False), lived("a")),
    )
    yield Row(
        "pipeline: nothing after a close",
        get(LIVE, b"Connection: close") + post(TRADE, BUY),
        (OK,),
        After.CLOSED,
        whole=True,
    )
    yield Row(
        "pipeline: garbage after a close",
        get(LIVE, b"Connection: close") + b"\xff\xff",
        (OK,),
        After.CLOSED,
        whole=True,
    )
    offer = (
        b"Connection: Upgrade, HTTP2-Settings",
        b"Upgrade: h2c",
        b"HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA",
    )
    socket = (
        b"Connection: Upgrade",
        b"Upgrade: websocket",
        b"Sec-WebSocket-Version: 13",
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    )
    # RFC 9110 7.8: an offer may be passed over; then the request is what it would be without.
    for name, lines in (("HTTP/2", offer), ("WebSocket", socket)):
        yield Row(f"upgrade: {name}", get(LIVE, *lines) + live("a"), (OK, lived("a")))
        yield Row(f"upgrade: {name}, with a body", post(PREVIEW, BUY, *lines) + live("a"), (OK, lived("a")))
        yield Row(
            f"upgrade: {name}, with chunks",
            in_chunks(PREVIEW, chunk(BUY) + END, *lines) + live("a"),
            (OK, lived("a")),
        )
        yield Row(f"upgrade: {name}, without a key", request(b"GET", ACCOUNT, *lines), (MISSING_KEY,))
    ending = get(LIVE, b"Connection: close, Upgrade", b"Upgrade: h2c")
    yield Row("upgrade: and a close", ending + b"\xff\xff" + live("a"), (OK,), After.CLOSED, whole=True)
    yield Row("upgrade: by name alone", get(LIVE, b"Upgrade: h2c"), (OK,))


def _request_ids() -> Iterator[Row]:
    for name, value in (
        ("empty", b""),
        ("a space inside", b"a b"),
        ("a tab inside", b"a\tb"),
        ("129 characters", b"a" * 129),
        ("60,000 characters", b"a" * 60_000),
        ("not ASCII", "é".encode()),
        ("not UTF-8", b"\xff"),
    ):
        yield Row(f"request id: {name}", get(LIVE, b"X-Request-Id: " + value), (Answer(200),))
    yield Row("request id: twice", get(LIVE, b"X-Request-Id: a", b"X-Request-Id: a"), (OK,))
    for name, given in (
        ("128 characters", "a" * 128),
        ("an encoded line", "a%0d%0aSet-Cookie:%20a=b"),
        ("an escaped line", r"a\r\nSet-Cookie:a=b"),
        ("quotes and brackets", "\"'<script>{}[]"),
    ):
        sent = get(b"/nowhere", b"X-Request-Id: " + given.encode())
        yield Row(f"request id echoed: {name}", sent, (Answer(404, "NOT_FOUND", echo=given),))
    for name, value in (("CR", b"a\rSet-Cookie: a=b"), ("LF", b"a\nSet-Cookie: a=b"), ("NUL", b"a\x00b")):
        yield Row(f"request id: {name}", get(LIVE, b"X-Request-Id: " + value), (no_http(""),), After.CLOSED)
    # A second header line is another header: it is nobody's id, and stands in no answer.
    yield Row("request id: CRLF", get(LIVE, b"X-Request-Id: a\r\nSet-Cookie: a=b"), (Answer(200, echo="a"),))


def _rows(*groups: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(row for group in groups for row in group)


ROWS: Final = _rows(
    _bodies(),
    _content_types(),
    _unwanted_bodies(),
    _queries(),
    _query_numbers(),
    _path_values(),
    _unknown_paths(),
    _targets(),
    _methods(),
    _authorizations(),
    _precedence(),
    _lines(),
    _sizes_of_heads(),
    _lengths(),
    _chunks(),
    _connections(),
    _request_ids(),
)


def _limited() -> Iterator[Row]:
    """At a server whose keys have no request left."""
    limited = Answer(429, "RATE_LIMITED", "requests a second")
    yield Row("limit: no JSON", post(TRADE, b"\xff"), (limited,))
    yield Row("limit: a wrong query", get(HISTORY + b"?limit=x"), (limited,))
    yield Row("limit: a small scope", post(TRADE, BUY, key=READ), (limited,))
    yield Row("limit: a small scope, no JSON", post(TRADE, b"\xff", key=READ), (limited,))
    yield Row("limit: a wrong key", post(TRADE, BUY, key=b"Authorization: Bearer x"), (INVALID_KEY,))
    yield Row("limit: no key", request(b"GET", ACCOUNT), (MISSING_KEY,))
    yield Row("limit: no path", get(b"/nowhere"), (NO_PATH,))
    yield Row("limit: a wrong method", request(b"PUT", TRADE, KEY), (not_allowed("POST"),))
    yield Row("limit: where no key is needed", get(LIVE), (OK,))


LIMITED: Final = tuple(_limited())
