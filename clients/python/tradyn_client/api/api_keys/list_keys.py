# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""List the keys: `GET /api/keys`."""

from typing import Any

from ...connection import Connection
from ...models.api_key import ApiKey
from ...request import Request


def _request(login: int | None) -> Request:
    params = {
        "login": login,
    }
    return Request(
        "GET",
        "/api/keys",
        params={name: value for name, value in params.items() if value is not None},
        is_read=True,
    )


def _result(answer: dict[str, Any]) -> list[ApiKey]:
    return [ApiKey.from_dict(each) for each in answer["data"]]


def sync(*, client: Connection, login: int | None = None) -> list[ApiKey]:
    """List the keys.

    The keys of the caller's account, oldest first, also expired and revoked ones. An admin key sees all
    keys of the server, or with `login` those of one account.

    Example:
        ```
        list_keys.sync(client=client, login=10001)
        ```

    Args:
        client: The client to ask with.
        login: Only the keys of this account. A full key may name only its own; another is 403
            `INSUFFICIENT_SCOPE`.

    Returns:
        The keys, without their secrets.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(login), _result)


async def asyncio(*, client: Connection, login: int | None = None) -> list[ApiKey]:
    """List the keys. The same as `sync`, to be awaited."""
    return await client.send_async(_request(login), _result)
