"""What a webhook is sent: seen to come from the broker, and read as a typed event.

Needs the extra `webhooks`: `pip install "tradyn-client[webhooks]"`.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from .models import (
    WebhookDealEvent,
    WebhookNotificationEvent,
    WebhookOrderEvent,
    WebhookPositionEvent,
    WebhookTestEvent,
)

try:
    from standardwebhooks import Webhook, WebhookVerificationError
except ImportError as error:
    raise ImportError(
        'tradyn_client.webhooks needs an extra: pip install "tradyn-client[webhooks]"'
    ) from error

WebhookEvent: TypeAlias = (
    WebhookOrderEvent | WebhookDealEvent | WebhookPositionEvent | WebhookNotificationEvent | WebhookTestEvent
)
"""What a webhook is sent; `type_` says what happened, and `data` has it."""

_CLASSES: Final[Mapping[str, type[WebhookEvent]]] = {
    "order": WebhookOrderEvent,
    "deal": WebhookDealEvent,
    "position": WebhookPositionEvent,
    "notification": WebhookNotificationEvent,
    "webhook": WebhookTestEvent,
}


class NotVerified(Exception):
    """A request that does not come from the broker, was changed on the way, or is older than five minutes."""


class UnknownEvent(Exception):
    """A verified event of a kind that this version of the client does not know: take it, and do nothing.

    Attributes:
        type: What happened.
        event: The event, as plain data.
    """

    def __init__(self, event: Mapping[str, Any]) -> None:
        super().__init__(f"This version of tradyn_client does not know the event {event.get('type')!r}")
        self.type: object = event.get("type")
        self.event = event


def read_event(body: bytes, headers: Mapping[str, str], *, secret: str | Sequence[str]) -> WebhookEvent:
    """The event in a request to a webhook.

    Example:
        ```
        try:
            event = read_event(request.body, request.headers, secret=os.environ["WEBHOOK_SECRET"])
        except NotVerified:
            return Response(status=400)
        if isinstance(event, WebhookDealEvent):
            print(event.data.deal.profit)
        ```

    Args:
        body: The body as it came, before anybody has read it as JSON.
        headers: The headers; their case does not matter.
        secret: That of the webhook, `whsec_…`; of several, one has to fit.

    Raises:
        NotVerified: It is not what the broker has sent; do not act on it.
        UnknownEvent: It is an event of a later version.
        ValueError: A secret is none.
    """
    verifiers = [Webhook(each) for each in ([secret] if isinstance(secret, str) else secret)]
    if not any(_is_verified(each, body, headers) for each in verifiers):
        raise NotVerified(
            "The webhook-signature fits none of the secrets, or the webhook-timestamp not the time"
        )
    event: dict[str, Any] = json.loads(body)
    kind = _CLASSES.get(str(event["type"]).partition(".")[0])
    try:
        if kind is not None:
            return kind.from_dict(event)
    except ValueError as error:
        raise UnknownEvent(event) from error
    raise UnknownEvent(event)


def _is_verified(verifier: Webhook, body: bytes, headers: Mapping[str, str]) -> bool:
    try:
        verifier.verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):
        # ValueError is what the library makes of headers that are no signatures at all.
        return False
    return True


__all__ = ["NotVerified", "UnknownEvent", "WebhookEvent", "read_event"]
