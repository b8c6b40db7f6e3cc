# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Revoke a key: `DELETE /api/keys/{key_id}`."""

from typing import Any
from urllib.parse import quote

from ...connection import Connection
from ...models.api_key import ApiKey
from ...request import Request


def _request(key_id: str) -> Request:
    return Request(
        "DELETE",
        f"/api/keys/{quote(key_id, safe='')}",
    )


def _result(answer: dict[str, Any]) -> ApiKey:
    return ApiKey.from_dict(answer["data"])


def sync(key_id: str, *, client: Connection) -> ApiKey:
    """Revoke a key.

    From now on the key is refused with 403. It stays in the list, with `revoked_at`. A `full` or
    `admin` key may revoke itself. Revoking one that is revoked already changes nothing.

    Example:
        ```
        revoke_key.sync("3f9a1c0b7d2e4856", client=client)
        ```

    Args:
        key_id: Id of the key (not the key itself).
        client: The client to ask with.

    Returns:
        The key, now revoked.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(key_id), _result)


async def asyncio(key_id: str, *, client: Connection) -> ApiKey:
    """Revoke a key. The same as `sync`, to be awaited."""
    return await client.send_async(_request(key_id), _result)
