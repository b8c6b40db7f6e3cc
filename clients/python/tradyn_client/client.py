"""The connection to a server."""

import os
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, NoReturn, Self, TypeVar
from uuid import uuid4

import httpx
from attrs import define, evolve, field

from .answers import read_answer
from .errors import NoAnswer, TradynError
from .retries import Attempts, Retries
from .version import __version__

DEFAULT_BASE_URL: Final = "http://127.0.0.1:8080/v1"
DEFAULT_TIMEOUT: Final = 10.0

T = TypeVar("T")

# There was no connection over which anything could have been sent.
_NOTHING_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_NO_ANSWER: Final = (
    httpx.NetworkError,
    httpx.TimeoutException,
    httpx.RemoteProtocolError,
    httpx.ProxyError,
)
_FAILURES: Final = (TradynError, *_NO_ANSWER)


@define(frozen=True)
class Request:
    """What an operation sends.

    Attributes:
        method: HTTP's.
        path: Path behind the base URL.
        params: Parameters of the query.
        json: The body; None for no body.
        names: Where its `client_order_id` stands. None for operations that have none.
    """

    method: str
    path: str
    params: Mapping[str, Any] = field(factory=dict)
    json: Mapping[str, Any] | None = None
    names: Literal["params", "json"] | None = None

    @property
    def client_order_id(self) -> str | None:
        """The user's own name for it, so that it is done once."""
        return self._named().get("client_order_id") if self.names else None

    def with_client_order_id(self, name: str) -> Self:
        """The same under this name."""
        named = {**self._named(), "client_order_id": name}
        return evolve(self, params=named) if self.names == "params" else evolve(self, json=named)

    def _named(self) -> Mapping[str, Any]:
        return (self.params if self.names == "params" else self.json) or {}

    @property
    def is_repeatable(self) -> bool:
        """Whether doing it twice is as good as doing it once."""
        return self.method == "GET" or self.client_order_id is not None


def _base_url_from_environment() -> str:
    return os.environ.get("TRADYN_BASE_URL") or DEFAULT_BASE_URL


def _token_from_environment() -> str | None:
    return os.environ.get("TRADYN_API_KEY") or None


def _unique_name() -> str:
    return uuid4().hex


@define(eq=False, kw_only=True)
class Client:
    """A server, and the key to it.

    Use it as a context manager, `with` for `sync` and `async with` for `asyncio`, so that its connections are
    closed at the end.

    Example:
        ```
        with Client() as client:  # the key is in the environment, as TRADYN_API_KEY
            print(get_account.sync(client=client).balance)
        ```

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
    _sync: httpx.Client | None = field(default=None, init=False, repr=False)
    _async: httpx.AsyncClient | None = field(default=None, init=False, repr=False)

    def with_headers(self, headers: Mapping[str, str]) -> Self:
        """Another client that sends these headers too."""
        return evolve(self, headers={**self.headers, **headers})

    def with_timeout(self, timeout: float | httpx.Timeout | None) -> Self:
        """Another client that waits so many seconds."""
        return evolve(self, timeout=timeout)

    def with_retries(self, retries: Retries | None) -> Self:
        """Another client that tries so often."""
        return evolve(self, retries=retries)

    def _options(self) -> dict[str, Any]:
        headers = {"User-Agent": f"tradyn-client/{__version__}"}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        headers.update(self.headers)
        return {"base_url": self.base_url, "headers": headers, "timeout": self.timeout, **self.httpx_args}

    def get_httpx_client(self) -> httpx.Client:
        """The `httpx.Client` underneath, made when it is first needed."""
        if self._sync is None:
            self._sync = httpx.Client(**self._options())
        return self._sync

    def set_httpx_client(self, client: httpx.Client) -> Self:
        """Use this `httpx.Client`; address, key and all other settings are then its own."""
        self._sync = client
        return self

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """The `httpx.AsyncClient` underneath, made when it is first needed."""
        if self._async is None:
            self._async = httpx.AsyncClient(**self._options())
        return self._async

    def set_async_httpx_client(self, client: httpx.AsyncClient) -> Self:
        """Use this `httpx.AsyncClient`; address, key and all other settings are then its own."""
        self._async = client
        return self

    def send(self, request: Request, read: Callable[[dict[str, Any]], T]) -> T:
        """Send a request, more than once if need be; `read` makes the result of an answer that is a success.

        Raises:
            TradynError: What the last attempt came to.
        """
        request = self._name(request)
        for attempt in self._attempts(request):
            with attempt:
                try:
                    response = self.get_httpx_client().request(
                        request.method, request.path, params=request.params, json=request.json
                    )
                    return read_answer(response, read)
                except _FAILURES as error:
                    self._fail(request, error)
        raise AssertionError("there is at least one attempt")

    async def send_async(self, request: Request, read: Callable[[dict[str, Any]], T]) -> T:
        """The same as `send`, to be awaited."""
        request = self._name(request)
        async for attempt in self._attempts(request):
            with attempt:
                try:
                    response = await self.get_async_httpx_client().request(
                        request.method, request.path, params=request.params, json=request.json
                    )
                    return read_answer(response, read)
                except _FAILURES as error:
                    self._fail(request, error)
        raise AssertionError("there is at least one attempt")

    def _name(self, request: Request) -> Request:
        if request.names and request.client_order_id is None and self.new_client_order_id is not None:
            return request.with_client_order_id(self.new_client_order_id())
        return request

    def _attempts(self, request: Request) -> Attempts:
        retries = self.retries or Retries(attempts=1)
        return retries.begin(is_repeatable=request.is_repeatable)

    def _fail(self, request: Request, error: Exception) -> NoReturn:
        """Raise what became of an attempt, with the name to ask again with."""
        if isinstance(error, TradynError):
            error.client_order_id = request.client_order_id
            raise error
        raise NoAnswer(
            f"No answer to {request.method} {self.base_url}{request.path}: {type(error).__name__} {error}".rstrip(),
            client_order_id=request.client_order_id,
            may_be_done=not isinstance(error, _NOTHING_SENT),
        ) from error

    def __enter__(self) -> Self:
        self.get_httpx_client()
        return self

    def __exit__(self, *_: object) -> None:
        if self._sync is not None:
            self._sync.close()
            self._sync = None

    async def __aenter__(self) -> Self:
        self.get_async_httpx_client()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._async is not None:
            await self._async.aclose()
            self._async = None


__all__ = ["DEFAULT_BASE_URL", "DEFAULT_TIMEOUT", "Client", "Request"]
