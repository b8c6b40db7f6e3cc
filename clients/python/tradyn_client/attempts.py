"""The attempts of one request, and what becomes of each.

What always holds: a request that may have been done is sent again only if doing it twice is as good as doing it once.
Those are requests that only read, and those with a `client_order_id`. All others are sent again only when it
is certain that nothing was done: there was no connection, or the rate was limited.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final

import httpx
from tenacity import AsyncRetrying, AttemptManager, RetryCallState, Retrying, retry_if_exception

from .errors import NoAnswer, Temporary, TradynError, UnexpectedAnswer
from .request import Request
from .retries import ONCE, Retries

# There was no connection over which anything could have been sent.
_NOTHING_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_NO_ANSWER: Final = (
    httpx.NetworkError,
    httpx.TimeoutException,
    httpx.RemoteProtocolError,
    httpx.ProxyError,
)

log = logging.getLogger("tradyn_client")


class Attempts:
    """The attempts of one request. Whatever goes wrong in one is made the error that the user sees.

    Example:
        ```
        for attempt in attempts.begin():
            with attempts.watching(attempt):
                return answer_to(request)
        ```

    Args:
        request: What is sent.
        base_url: Where to, for the messages of errors.
        retries: How patiently; None for once.
    """

    def __init__(self, request: Request, base_url: str, retries: Retries | None) -> None:
        self._request = request
        self._base_url = base_url
        self._retries = retries or ONCE
        self._may_be_done = False

    def begin(self) -> Retrying:
        """One after the other, until one succeeds; the error of the last one is raised."""
        return Retrying(**self._rules())

    def begin_async(self) -> AsyncRetrying:
        """The same as `begin`, for `async for`."""
        return AsyncRetrying(**self._rules())

    def _rules(self) -> dict[str, Any]:
        return {
            "retry": retry_if_exception(self._is_worth_another),
            "stop": self._retries.stop(),
            "wait": self._retries.wait,
            "before_sleep": self._log,
            "reraise": True,
        }

    def _is_worth_another(self, error: BaseException) -> bool:
        return isinstance(error, Temporary) and (self._request.is_repeatable or not error.may_be_done)

    @contextmanager
    def watching(self, attempt: AttemptManager) -> Iterator[None]:
        """A block in which the request is sent once."""
        with attempt:
            try:
                yield
            except _NO_ANSWER as cause:
                error = NoAnswer(
                    f"No answer to {self._request.method} {self._base_url}{self._request.path}: {_told(cause)}"
                )
                self._enter(error, attempt, is_silent=not isinstance(cause, _NOTHING_SENT))
                raise error from cause
            except TradynError as error:
                self._enter(error, attempt, is_silent=_is_silent(error))
                raise

    def _enter(self, error: TradynError, attempt: AttemptManager, *, is_silent: bool) -> None:
        if is_silent:
            self._may_be_done = not self._request.is_read
        elif error.status in (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND):
            self._may_be_done = False  # it tells what became of the attempts before it, too
        error.may_be_done = self._may_be_done
        error.client_order_id = self._request.client_order_id
        error.attempts = attempt.retry_state.attempt_number

    def _log(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        assert isinstance(error, TradynError)
        if isinstance(error, NoAnswer):
            failure = f"got no answer ({_told(error.__cause__)})"
        else:
            failure = f"was answered {error.status} {error.code}".rstrip()
        log.warning(
            "%s %s %s; trying again in %.1f s (attempt %d of %d)",
            self._request.method,
            self._request.path,
            failure,
            state.upcoming_sleep,
            state.attempt_number + 1,
            self._retries.attempts,
        )


def _is_silent(error: TradynError) -> bool:
    """Whether an answer leaves open if the request was carried out. With 429 nothing was done, whoever says so."""
    return isinstance(error, UnexpectedAnswer) or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR


def _told(cause: BaseException | None) -> str:
    return f"{type(cause).__name__} {cause}".rstrip()


__all__ = ["Attempts"]
