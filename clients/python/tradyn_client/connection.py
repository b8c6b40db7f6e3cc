"""The connection to a server: where it is, the key to it, and how requests reach it."""

import copy
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Self, TypeVar
from uuid import uuid4

import httpx
from attrs import Factory, define, field

from .answers import read_answer
from .attempts import Attempts
from .pool import Pool
from .request import Request
from .retries import Retries
from .stream import Stream, Subscription
from .version import __version__

DEFAULT_BASE_URL: Final = "http://127.0.0.1:8080/v1"
DEFAULT_TIMEOUT: Final = 10.0

T = TypeVar("T")


def _base_url_from_environment() -> str:
    return os.environ.get("TRADYN_BASE_URL") or DEFAULT_BASE_URL


def _token_from_environment() -> str | None:
    return os.environ.get("TRADYN_API_KEY") or None


def _unique_name() -> str:
    return uuid4().hex


@define(eq=False, kw_only=True)
class Connection:
    """A server, and the key to it: what `Client` and `AsyncClient` have in common.

    Attributes:
        base_url: Address of the API. Without one it is taken from the environment variable
            `TRADYN_BASE_URL`; without that it is a server on this machine.
        token: The API key. Without one it is taken from the environment variable `TRADYN_API_KEY`.
        timeout: Seconds to wait for the server, in each attempt, or an `httpx.Timeout`. None waits for ever.
        retries: How often and when a request is sent again that got no good answer. None: never.
        new_client_order_id: Names the orders and deals that are given no `client_order_id`, so that they can be
            sent again without being done twice. None leaves them without, and then nothing sends them again.
        headers: Headers to send with every request.
        httpx_args: Further arguments of `httpx.Client` and `httpx.AsyncClient`, such as `verify` or
            `event_hooks`.
    """

    base_url: str = field(factory=_base_url_from_environment)
    token: str | None = field(factory=_token_from_environment, repr=False)
    timeout: float | httpx.Timeout | None = DEFAULT_TIMEOUT
    retries: Retries | None = Retries()  # noqa: RUF009 (frozen)
    new_client_order_id: Callable[[], str] | None = field(default=_unique_name, repr=False)
    headers: Mapping[str, str] = field(factory=dict, repr=False)
    httpx_args: Mapping[str, Any] = field(factory=dict, repr=False)
    # A copy shares the pools, so what it does otherwise is said with each request.
    _otherwise: Mapping[str, Any] = field(factory=dict, init=False, repr=False)
    _sync: Pool[httpx.Client] = field(
        default=Factory(lambda self: Pool(lambda: httpx.Client(**self._options())), takes_self=True),
        init=False,
        repr=False,
    )
    _async: Pool[httpx.AsyncClient] = field(
        default=Factory(lambda self: Pool(lambda: httpx.AsyncClient(**self._options())), takes_self=True),
        init=False,
        repr=False,
    )

    def stream(
        self,
        *,
        ticks: Sequence[str] | bool = (),
        candles: Mapping[str, Sequence[str]] | None = None,
        account: bool = False,
        positions: bool | int = False,
        orders: bool | int = False,
        deals: bool | int = False,
        notifications: bool | int = False,
    ) -> Stream:
        """What happens, as it happens, for `async for`; the arguments are those of `Subscription`."""
        wanted = Subscription(
            ticks=ticks,
            candles=candles or {},
            account=account,
            positions=positions,
            orders=orders,
            deals=deals,
            notifications=notifications,
        )
        return Stream(self.base_url, self.token, wanted)

    def with_headers(self, headers: Mapping[str, str]) -> Self:
        """A copy that sends these headers too, over the same connections."""
        known = self._otherwise.get("headers", {})
        other = self._copy(headers={**known, **headers})
        other.headers = {**self.headers, **headers}
        return other

    def with_timeout(self, timeout: float | httpx.Timeout | None) -> Self:
        """A copy that waits so many seconds for each answer, over the same connections."""
        other = self._copy(timeout=timeout)
        other.timeout = timeout
        return other

    def with_retries(self, retries: Retries | None) -> Self:
        """A copy that tries so often, over the same connections."""
        other = self._copy()
        other.retries = retries
        return other

    def _copy(self, **otherwise: object) -> Self:
        other = copy.copy(self)
        other._otherwise = {**self._otherwise, **otherwise}
        return other

    def _options(self) -> dict[str, Any]:
        headers = {"User-Agent": f"tradyn-client/{__version__}"}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        headers.update(self.headers)
        return {"base_url": self.base_url, "headers": headers, "timeout": self.timeout, **self.httpx_args}

    def get_httpx_client(self) -> httpx.Client:
        """The `httpx.Client` underneath, made when it is first needed; copies have the same."""
        return self._sync.get()

    def set_httpx_client(self, client: httpx.Client) -> Self:
        """Use this `httpx.Client`; address, key and all other settings are then its own, and you close it."""
        self._sync.give(client)
        return self

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """The `httpx.AsyncClient` underneath, made when it is first needed; copies have the same."""
        return self._async.get()

    def set_async_httpx_client(self, client: httpx.AsyncClient) -> Self:
        """Use this `httpx.AsyncClient`; address, key and all other settings are then its own, and you close it."""
        self._async.give(client)
        return self

    def send(self, request: Request, read: Callable[[dict[str, Any]], T]) -> T:
        """Send a request, more than once if need be; `read` makes the result of an answer that is a success.

        Raises:
            TradynError: What the last attempt came to.
        """
        request = self._name(request)
        attempts = Attempts(request, self.base_url, self.retries)
        for attempt in attempts.begin():
            with attempts.watching(attempt):
                return read_answer(self._sync.get().request(**self._arguments(request)), read)
        raise AssertionError("there is at least one attempt")

    async def send_async(self, request: Request, read: Callable[[dict[str, Any]], T]) -> T:
        """The same as `send`, to be awaited."""
        request = self._name(request)
        attempts = Attempts(request, self.base_url, self.retries)
        async for attempt in attempts.begin_async():
            with attempts.watching(attempt):
                return read_answer(await self._async.get().request(**self._arguments(request)), read)
        raise AssertionError("there is at least one attempt")

    def _name(self, request: Request) -> Request:
        if request.names and request.client_order_id is None and self.new_client_order_id is not None:
            return request.with_client_order_id(self.new_client_order_id())
        return request

    def _arguments(self, request: Request) -> dict[str, Any]:
        sent = {
            "method": request.method,
            "url": request.path,
            "params": request.params,
            "json": request.json,
        }
        return {**sent, **self._otherwise}

    def __enter__(self) -> Self:
        self._sync.enter()
        return self

    def __exit__(self, *_: object) -> None:
        if (unused := self._sync.leave()) is not None:
            unused.close()

    async def __aenter__(self) -> Self:
        self._async.enter()
        return self

    async def __aexit__(self, *_: object) -> None:
        if (unused := self._async.leave()) is not None:
            await unused.aclose()


__all__ = ["DEFAULT_BASE_URL", "DEFAULT_TIMEOUT", "Connection"]
