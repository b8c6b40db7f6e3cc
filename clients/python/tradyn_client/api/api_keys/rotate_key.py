# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Replace a key: `POST /api/keys/{key_id}/rotate`."""

from typing import Any
from urllib.parse import quote

from ...connection import Connection
from ...models.issued_api_key import IssuedApiKey
from ...models.rotate_key_request import RotateKeyRequest
from ...request import Request


def _request(key_id: str, body: RotateKeyRequest | None) -> Request:
    return Request(
        "POST",
        f"/api/keys/{quote(key_id, safe='')}/rotate",
        json=None if body is None else body.to_dict(),
    )


def _result(answer: dict[str, Any]) -> IssuedApiKey:
    return IssuedApiKey.from_dict(answer["data"])


def sync(key_id: str, *, client: Connection, body: RotateKeyRequest | None = None) -> IssuedApiKey:
    """Replace a key.

    Makes a new key with the scope, account, label and expiry of the old one; the answer carries it in
    `api_key`, this once. The old key ends at once, or after `overlap_seconds`, so that a running bot
    can change over. Its `key_id` stands in `GET /api/keys`, beside the `prefix` with which the key
    begins. A `full` or `admin` key may rotate itself; a `read` or `trade` key is rotated by one of
    those.

    A key is rotated once: one that was rotated already, or is expired or revoked, is 400 `REJECTED`. If
    the answer was lost, revoke the successor, which is in the list, and create a key. Without an
    overlap, a key that rotates itself and loses the answer locks itself out.

    Example:
        ```
        rotate_key.sync(
            "3f9a1c0b7d2e4856", client=client, body=RotateKeyRequest(overlap_seconds=3600)
        )
        ```

    Args:
        key_id: Id of the key (not the key itself).
        client: The client to ask with.
        body: How to change over.

    Returns:
        The new key, with its secret.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(key_id, body), _result)


async def asyncio(key_id: str, *, client: Connection, body: RotateKeyRequest | None = None) -> IssuedApiKey:
    """Replace a key. The same as `sync`, to be awaited."""
    return await client.send_async(_request(key_id, body), _result)
