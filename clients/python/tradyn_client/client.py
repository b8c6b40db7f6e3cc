# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""The connection to a server."""

import os
from collections.abc import Callable, Mapping
from typing import Any, Final, Self, TypeVar

import httpx
from attrs import define, evolve, field

from .errors import read_answer

DEFAULT_BASE_URL: Final = "http://127.0.0.1:8080/v1"
DEFAULT_TIMEOUT: Final = 10.0

T = TypeVar("T")


def _base_url_from_environment() -> str:
    return os.environ.get("TRADYN_BASE_URL") or DEFAULT_BASE_URL


def _token_from_environment() -> str | None:
    return os.environ.get("TRADYN_API_KEY") or None


@define(eq=False, kw_only=True)
class Client:
    """A server, and the key to it.

    Use it as a context manager, `with` for `sync` and `async with` for `asyncio`, so that its connections are
    closed at the end.

    Attributes:
        base_url: Address of the API. Without one it is taken from the environment variable
            `TRADYN_BASE_URL`; without that it is a server on this machine.
        token: The API key. Without one it is taken from the environment variable `TRADYN_API_KEY`.
        timeout: Seconds to wait for the server, or an `httpx.Timeout`. None waits for ever.
        headers: Headers to send with every request.
        httpx_args: Further arguments of `httpx.Client` and `httpx.AsyncClient`, such as `verify` or
            `event_hooks`.
    """

    base_url: str = field(factory=_base_url_from_environment)
    token: str | None = field(factory=_token_from_environment, repr=False)
    timeout: float | httpx.Timeout | None = DEFAULT_TIMEOUT
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

    def _options(self) -> dict[str, Any]:
        headers = {"User-Agent": "tradyn-client/1.1.0"}
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

    def send(self, request: Mapping[str, Any], read: Callable[[dict[str, Any]], T]) -> T:
        """Send a request; `read` makes the result of an answer that is a success."""
        return read_answer(self.get_httpx_client().request(**request), read)

    async def send_async(self, request: Mapping[str, Any], read: Callable[[dict[str, Any]], T]) -> T:
        """Send a request; `read` makes the result of an answer that is a success."""
        return read_answer(await self.get_async_httpx_client().request(**request), read)

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


__all__ = ["DEFAULT_BASE_URL", "DEFAULT_TIMEOUT", "Client"]
