"""How patiently a request is tried that gets no good answer."""

from typing import Final

from attrs import define
from tenacity import RetryCallState, stop_after_attempt, stop_before_delay, wait_random_exponential
from tenacity.stop import stop_base

from .errors import TradynError


@define(frozen=True, kw_only=True)
class Retries:
    """How often, and after how long, a request is sent again that got no good answer.

    Each wait is drawn by lot, up to a limit that doubles, so that many clients that failed together do not come
    back together. Where the server says how long to wait, it is waited for so long first.

    Example:
        ```
        Client(retries=Retries(attempts=10, timeout=120))  # through a restart of the server
        Client(retries=None)  # every request is sent once
        ```

    Attributes:
        attempts: How often it is sent at most.
        timeout: Seconds, from the first sending on, after which it is not sent again.
        wait_initial: Longest wait before the second attempt, in seconds; it doubles with each further one.
        wait_max: Longest wait of all, in seconds, unless the server asks for more.
    """

    attempts: int = 5
    timeout: float = 30.0
    wait_initial: float = 0.25
    wait_max: float = 8.0

    def stop(self) -> stop_base:
        """Says when it was tried often and long enough."""
        return stop_after_attempt(self.attempts) | stop_before_delay(self.timeout)

    def wait(self, state: RetryCallState) -> float:
        """Seconds until the next attempt."""
        failure = state.outcome.exception() if state.outcome else None
        asked_for = failure.retry_after if isinstance(failure, TradynError) else None
        by_lot = wait_random_exponential(multiplier=self.wait_initial, max=self.wait_max)(state)
        return (asked_for or 0.0) + by_lot


ONCE: Final = Retries(attempts=1)

__all__ = ["ONCE", "Retries"]
