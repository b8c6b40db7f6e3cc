"""Makes of an answer its result, or the error it stands for."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

import httpx

from .errors import BY_CODE, RateLimited, TradynError, UnexpectedAnswer
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
        raise _unexpected(response) from cause
    raise error


def _read_error(response: httpx.Response, envelope: dict[str, Any]) -> TradynError:
    error = BY_CODE.get(envelope["code"], UnexpectedAnswer)(
        envelope["error"],
        code=envelope["code"],
        retcode=envelope["retcode"],
        status=response.status_code,
        request_id=envelope["request_id"],
        details=[ErrorDetail.from_dict(each) for each in envelope.get("details", ())],
    )
    if isinstance(error, RateLimited) and "Retry-After" in response.headers:
        error.retry_after = float(response.headers["Retry-After"])
    return error


def _unexpected(response: httpx.Response) -> UnexpectedAnswer:
    request = response.request
    return UnexpectedAnswer(
        f"{request.method} {request.url} was answered {response.status_code} with {response.text[:200]!r}",
        status=response.status_code,
        request_id=response.headers.get("X-Request-Id"),
    )


__all__ = ["read_answer"]
