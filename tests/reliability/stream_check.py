"""Does the stream, resumed from the very beginning, tell the same story as the lists, in numbered order?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

from websockets.asyncio.client import connect

from reliability.book import Json, read_json
from reliability.history_check import AccountHistory, Deal, Order, Rule, Violation, pick

__all__ = ["check_messages", "check_stream"]

CHANNELS: Final = ("deals", "orders", "positions")
_PATIENCE_SECONDS: Final = 30


async def check_stream(history: AccountHistory, base_url: str, key: str) -> list[Violation]:
    """Read every numbered channel of the account from its first version on."""
    address = base_url.replace("http", "ws", 1) + "/api/stream"
    messages: list[Json] = []
    wanted = {"deals": len(history.deals), "orders": len(history.ended)}
    async with connect(address, additional_headers={"Authorization": f"Bearer {key}"}) as socket:
        for channel in CHANNELS:
            await socket.send(json.dumps({"op": "subscribe", "channel": channel, "after": 0}))
        try:
            while any(wanted.values()):
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    messages.append(read_json(await socket.recv()))
                wanted["deals"] -= messages[-1]["event"] == "deal"
                wanted["orders"] -= _has_ended(messages[-1])
            # What comes up to the pong is part of the story, too.
            await socket.send(json.dumps({"op": "ping"}))
            while messages[-1]["event"] != "pong":
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    messages.append(read_json(await socket.recv()))
        except TimeoutError:
            # The comparison says what is missing.
            pass
    return check_messages(history, messages)


def check_messages(history: AccountHistory, messages: Sequence[Json]) -> list[Violation]:
    """Messages of the numbered channels, in the order in which they came, against the lists."""
    found = []
    heard: dict[str, list[Json]] = {"deal": [], "order": [], "position": []}
    for message in messages:
        if message["event"] in heard:
            heard[message["event"]].append(message)

    def violation(rule: Rule, what: str) -> None:
        found.append(Violation(rule, f"stream of account {history.book.login}", what))

    for event, those in heard.items():
        versions = [each["version"] for each in those]
        for before, after in pairwise(versions):
            if after <= before:
                violation(Rule.TWICE, f"{event}: version {after} after {before}")
    deals = [pick(Deal, each["data"]) for each in heard["deal"]]
    ended = {each["data"]["ticket"]: pick(Order, each["data"]) for each in heard["order"] if _has_ended(each)}
    volumes: dict[int, Any] = {}
    for each in heard["position"]:
        volumes[each["data"]["ticket"]] = each["data"]["volume"]
    if deals != list(history.deals.values()):
        violation(
            Rule.LOST, f"the stream has the deals {_tickets(deals)}, the list {_tickets(history.deals)}"
        )
    if ended != history.ended:
        violation(
            Rule.LOST, f"the stream has the orders {_tickets(ended)}, the list {_tickets(history.ended)}"
        )
    still_open = {ticket: volume for ticket, volume in volumes.items() if volume}
    if still_open != history.volumes:
        violation(Rule.POSITION, f"the stream leaves open {still_open}, the deals {history.volumes}")
    return found


def _has_ended(message: Json) -> bool:
    return bool(message["event"] == "order" and message["data"]["state"] != "placed")


def _tickets(rows: Any) -> str:
    tickets = [each if isinstance(each, int) else each.ticket for each in rows]
    return f"({len(tickets)}) …{tickets[-5:]}"
