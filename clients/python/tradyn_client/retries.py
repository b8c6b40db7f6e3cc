"""Which requests are sent again when no good answer came, how often, and after how long.

What always holds: a request that may have been done is sent again only if doing it twice is as good as doing it once.
Those are requests that only read, and those with a `client_order_id`. All others are sent again only when it
is certain that nothing was done: there was no connection, or the rate was limited.
"""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Final, Protocol

import stamina
from attrs import define

from .errors import NoAnswer, RateLimited, TradynError

_SERVER_FAILED: Final = (500, 502, 503, 504)


class Attempts(Protocol):
    """The attempts of one request: each a context manager, that takes in what shall be tried again."""

    def __iter__(self) -> Iterator[stamina.Attempt]: ...

    def __aiter__(self) -> AsyncIterator[stamina.Attempt]: ...


@define(frozen=True, kw_only=True)
class Retries:
    """How patiently a request is tried. The waits grow exponentially and are drawn by lot, so that many clients
    that failed together do not come back together; where the server says how long to wait, that is obeyed.

    Example:
        ```
        Client(retries=Retries(attempts=10, timeout=120))  # through a restart of the server
        Client(retries=None)  # every request is sent once
        ```

    Attributes:
        attempts: How often it is sent at most.
        timeout: Seconds, from the first sending on, after which it is not sent again.
        wait_initial: Seconds before the second attempt; each wait after it is twice as long.
        wait_max: Longest wait of that kind, in seconds.
        wait_jitter: Up to so many seconds, by lot, are added to each.
    """

    attempts: int = 5
    timeout: float = 30.0
    wait_initial: float = 0.1
    wait_max: float = 5.0
    wait_jitter: float = 0.4

    def begin(self, *, is_repeatable: bool) -> Attempts:
        """The attempts of one request, for `for` and `async for`.

        Args:
            is_repeatable: Whether doing it twice is as good as doing it once.
        """
        return stamina.retry_context(
            on=_rule(is_repeatable, time.monotonic() + self.timeout),
            attempts=self.attempts,
            timeout=self.timeout,
            wait_initial=self.wait_initial,
            wait_max=self.wait_max,
            wait_jitter=self.wait_jitter,
        )


def _rule(is_repeatable: bool, deadline: float) -> Callable[[Exception], bool | float]:
    """Whether a failure is worth another attempt; a number says after how many seconds."""

    def is_worth_it(error: Exception) -> bool | float:
        if isinstance(error, RateLimited):
            if error.retry_after is None:
                return True
            return error.retry_after if time.monotonic() + error.retry_after < deadline else False
        if isinstance(error, NoAnswer):
            return is_repeatable or not error.may_be_done
        return is_repeatable and isinstance(error, TradynError) and error.status in _SERVER_FAILED

    return is_worth_it


__all__ = ["Attempts", "Retries"]
