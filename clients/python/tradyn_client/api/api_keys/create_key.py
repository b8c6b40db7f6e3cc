# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Create a key: `POST /api/keys`."""

from typing import Any

from ...connection import Connection
from ...models.create_key_request import CreateKeyRequest
from ...models.issued_api_key import IssuedApiKey
from ...request import Request


def _request(body: CreateKeyRequest) -> Request:
    return Request(
        "POST",
        "/api/keys",
        json=body.to_dict(),
    )


def _result(answer: dict[str, Any]) -> IssuedApiKey:
    return IssuedApiKey.from_dict(answer["data"])


def sync(*, client: Connection, body: CreateKeyRequest) -> IssuedApiKey:
    """Create a key.

    Makes a key. The answer carries it in `api_key`, this once.

    A `full` key makes keys of its own account: it names no other `login` and does not ask for the scope
    `admin` (403 `INSUFFICIENT_SCOPE`). An `admin` key names the account in `login`, or asks for the
    scope `admin` without one; a `login` that is missing, unknown, or given for an admin key is 400
    `UNKNOWN_ACCOUNT`. An `expires_at` that has passed is 400 `INVALID_EXPIRATION`.

    Example:
        ```
        create_key.sync(
            client=client,
            body=CreateKeyRequest(
                scope=KeyScope.READ,
                label="dashboard",
                expires_at=datetime.fromisoformat("2027-01-01T00:00:00Z"),
            ),
        )
        ```

    Args:
        client: The client to ask with.
        body: A key to be made.

    Returns:
        The new key, with its secret.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(body), _result)


async def asyncio(*, client: Connection, body: CreateKeyRequest) -> IssuedApiKey:
    """Create a key. The same as `sync`, to be awaited."""
    return await client.send_async(_request(body), _result)
