"""Makes of an answer its result, or the error it stands for."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

import httpx

from .errors import BY_CODE, Failed, RateLimited, TradynError, UnexpectedAnswer
from .models.error_detail import ErrorDetail

T = TypeVar("T")


def read_answer(response: httpx.Response, read: Callable[[dict[str, Any]], T]) -> T:
    """The result of an answer.

    Args:
        response: The answer.
        read: Makes the result of an envelope that is a success.

    Raises:
        TradynError: It is not a success.
    """
    try:
        envelope = response.json()
        if response.status_code == HTTPStatus.OK and envelope["success"] is True:
            return read(envelope)
        error = _read_error(response, envelope)
    except (AttributeError, KeyError, TypeError, ValueError) as cause:
        raise _foreign_error(response) from cause
    raise error


def _read_error(response: httpx.Response, envelope: dict[str, Any]) -> TradynError:
    error = BY_CODE.get(envelope["code"], _kind(response))(
        envelope["error"],
        code=envelope["code"],
        retcode=envelope["retcode"],
        status=response.status_code,
        request_id=envelope["request_id"],
        details=[ErrorDetail.from_dict(each) for each in envelope.get("details", ())],
    )
    error.retry_after = _retry_after(response)
    return error


def _foreign_error(response: httpx.Response) -> TradynError:
    """Of an answer that is not the API's: a gateway's that failed or has had enough, or another program's."""
    request = response.request
    error = _kind(response)(
        f"{request.method} {request.url} was answered {response.status_code} with {response.text[:200]!r}",
        status=response.status_code,
        request_id=response.headers.get("X-Request-Id"),
    )
    error.retry_after = _retry_after(response)
    return error


def _kind(response: httpx.Response) -> type[TradynError]:
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited
    return Failed if response.is_server_error else UnexpectedAnswer


def _retry_after(response: httpx.Response) -> float | None:
    seconds: str = response.headers.get("Retry-After", "")
    return float(seconds) if seconds.isascii() and seconds.isdigit() else None


__all__ = ["read_answer"]
