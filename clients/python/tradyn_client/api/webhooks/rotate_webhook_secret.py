# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Replace the secret of a webhook: `POST /api/webhooks/{webhook_id}/rotate-secret`."""

from typing import Any
from urllib.parse import quote

from ...connection import Connection
from ...models.issued_webhook import IssuedWebhook
from ...models.rotate_secret_request import RotateSecretRequest
from ...request import Request


def _request(webhook_id: str, body: RotateSecretRequest | None) -> Request:
    return Request(
        "POST",
        f"/api/webhooks/{quote(webhook_id, safe='')}/rotate-secret",
        json=None if body is None else body.to_dict(),
    )


def _result(answer: dict[str, Any]) -> IssuedWebhook:
    return IssuedWebhook.from_dict(answer["data"])


def sync(webhook_id: str, *, client: Connection, body: RotateSecretRequest | None = None) -> IssuedWebhook:
    """Replace the secret of a webhook.

    Makes a new secret; the answer carries it, this once. The former secret ends at once, or signs
    beside the new one for `overlap_seconds`, so that a receiver can change over. A secret that was
    still signing beside the former one ends.

    Example:
        ```
        rotate_webhook_secret.sync(
            "5c1d9e2a7b40f836", client=client, body=RotateSecretRequest(overlap_seconds=86400)
        )
        ```

    Args:
        webhook_id: Id of the webhook.
        client: The client to ask with.
        body: How to change over.

    Returns:
        The webhook, with its new secret.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(webhook_id, body), _result)


async def asyncio(
    webhook_id: str, *, client: Connection, body: RotateSecretRequest | None = None
) -> IssuedWebhook:
    """Replace the secret of a webhook. The same as `sync`, to be awaited."""
    return await client.send_async(_request(webhook_id, body), _result)
