"""What a webhook is sent, as the Python client verifies and reads it; and a journey with a real server."""

from __future__ import annotations

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from standardwebhooks import Webhook
from tradyn_client import Client, webhooks
from tradyn_client.api.trading import close_all, trade
from tradyn_client.api.webhooks import create_webhook, test_webhook
from tradyn_client.models import (
    CreateWebhookRequest,
    Side,
    TradeRequest,
    WebhookDealEvent,
    WebhookEventType,
    WebhookNotificationEvent,
    WebhookOrderEvent,
    WebhookPositionEvent,
    WebhookTestEvent,
)
from tradyn_client.webhooks import NotVerified, UnknownEvent, read_event

from contract.served import DOCUMENT
from tradyn.delivery.webhooks import signatures

if TYPE_CHECKING:
    from collections.abc import Callable

    from journeys.conftest import LiveServer

SECRET, OTHER = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_" + "B" * 32
EXAMPLES = {
    name: value["value"]
    for name, value in DOCUMENT.components["examples"].items()
    if name.startswith("Event")
}


def request(event: Any, *secrets: str, seconds: float | None = None) -> tuple[bytes, dict[str, str]]:
    body = json.dumps(event).encode()
    stamp = int(time.time() if seconds is None else seconds)
    return body, {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": str(stamp),
        "Webhook-Signature": signatures(secrets or [SECRET], "msg_1", stamp, body),
    }


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_the_document_shows_is_read_and_written_again(name: str) -> None:
    event = read_event(*request(EXAMPLES[name]), secret=SECRET)
    assert event.type_.value == EXAMPLES[name]["type"]
    again = read_event(*request(event.to_dict()), secret=SECRET)
    assert again == event


def test_the_kind_of_an_event_is_its_class() -> None:
    kinds = {type(read_event(*request(each), secret=SECRET)) for each in EXAMPLES.values()}
    assert kinds == {
        WebhookDealEvent,
        WebhookNotificationEvent,
        WebhookOrderEvent,
        WebhookPositionEvent,
        WebhookTestEvent,
    }


def test_one_of_several_secrets_and_signatures_has_to_fit() -> None:
    event = EXAMPLES["EventTest"]
    for signed in ([SECRET], [OTHER, SECRET], [SECRET, OTHER]):
        for known in (SECRET, [SECRET], [OTHER, SECRET]):
            assert isinstance(read_event(*request(event, *signed), secret=known), WebhookTestEvent)
    with pytest.raises(NotVerified):
        read_event(*request(event, SECRET), secret=OTHER)
    with pytest.raises(NotVerified):
        read_event(*request(event, SECRET), secret=[])


def wrong(change: Callable[[dict[str, str]], Any], body: bytes | None = None) -> tuple[bytes, dict[str, str]]:
    sent, headers = request(EXAMPLES["EventTest"])
    change(headers)
    return sent if body is None else body, headers


@pytest.mark.parametrize(
    "forged",
    [
        wrong(lambda _: None, b"{}"),
        wrong(lambda _: None, b"\xff"),
        wrong(dict.clear),
        wrong(lambda headers: headers.pop("Webhook-Id")),
        wrong(lambda headers: headers.update({"Webhook-Id": "msg_2"})),
        wrong(lambda headers: headers.update({"Webhook-Timestamp": "soon"})),
        wrong(lambda headers: headers.update({"Webhook-Timestamp": str(int(time.time()) - 1)})),
        wrong(lambda headers: headers.update({"Webhook-Signature": "v1"})),
        wrong(lambda headers: headers.update({"Webhook-Signature": "v1,!"})),
        wrong(lambda headers: headers.update({"Webhook-Signature": "v2," + headers["Webhook-Signature"]})),
        request(EXAMPLES["EventTest"], seconds=time.time() - 3600),
        request(EXAMPLES["EventTest"], seconds=time.time() + 3600),
    ],
)
def test_what_is_forged_changed_or_old_is_not_read(forged: tuple[bytes, dict[str, str]]) -> None:
    with pytest.raises(NotVerified):
        read_event(*forged, secret=SECRET)


@pytest.mark.parametrize("kind", ["order.teleported", "margin.called"])
def test_an_event_of_a_later_version_is_named(kind: str) -> None:
    event = {**EXAMPLES["EventOrderFilled"], "type": kind}
    with pytest.raises(UnknownEvent) as unknown:
        read_event(*request(event), secret=SECRET)
    assert (unknown.value.type, unknown.value.event) == (kind, event)


@pytest.mark.parametrize("secret", ["whsec_a", "not base64"])
def test_a_secret_that_is_none_is_the_callers_mistake(secret: str) -> None:
    with pytest.raises(ValueError):
        read_event(*request(EXAMPLES["EventTest"]), secret=secret)


def test_the_library_and_the_server_sign_alike() -> None:
    body, headers = request(EXAMPLES["EventTest"])
    assert Webhook(SECRET).verify(body, headers) == EXAMPLES["EventTest"]


# ---------------------------------------------------------------------- with a server


def test_a_program_that_is_told_of_its_trades(start_server: Callable[..., LiveServer]) -> None:
    told: Queue[webhooks.WebhookEvent] = Queue()
    secrets: list[str] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.put(read_event(body, dict(self.headers), secret=secrets))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    receiver = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    Thread(target=receiver.serve_forever, daemon=True).start()
    # An option without a value.
    server = start_server(**{"allow-local-webhooks": ""})
    with Client(base_url=server.base_url, token=server.api_key, timeout=15) as client:
        wanted = CreateWebhookRequest(
            url=f"http://127.0.0.1:{receiver.server_port}/",
            events=[WebhookEventType.DEAL_CREATED, WebhookEventType.POSITION_CLOSED],
        )
        webhook = create_webhook.sync(client=client, body=wanted)
        secrets.append(webhook.secret)
        assert test_webhook.sync(webhook.webhook_id, client=client).last_status == 204
        assert isinstance(told.get(timeout=30), WebhookTestEvent)
        bought = trade.sync(client=client, body=TradeRequest(symbol="EURUSD", action=Side.BUY, volume=0.1))
        opened = told.get(timeout=30)
        assert isinstance(opened, WebhookDealEvent)
        assert (opened.data.deal.ticket, opened.data.deal.price) == (bought.deal, bought.price)
        (closed,) = close_all.sync(client=client).closed
        out, gone = told.get(timeout=30), told.get(timeout=30)
        assert isinstance(out, WebhookDealEvent) and out.data.deal.ticket == closed.deal
        assert isinstance(gone, WebhookPositionEvent) and gone.data.position.ticket == bought.ticket
    receiver.shutdown()
