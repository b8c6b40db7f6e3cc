"""Cursors as the contract promises them: each belongs to its list, and those of the examples are real."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

import pytest

from contract import document_rules as rules
from in_process import Terminal, terminal

DOCUMENT: Final = rules.load()

HISTORY: Final = "/api/account/history"
ORDERS: Final = "/api/orders"
ACCOUNTS: Final = "/api/accounts"
WEBHOOKS: Final = "/api/webhooks"
LISTS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    (HISTORY, {}),
    (HISTORY, {"order": "desc"}),
    (ORDERS, {}),
    (ORDERS, {"state": "filled"}),
    (ORDERS, {"state": "canceled"}),
    (ACCOUNTS, {}),
)
PAGED: Final = tuple(
    each for each in DOCUMENT.operations if any(one["name"] == "cursor" for one in each.parameters)
)


@pytest.fixture
async def desk() -> AsyncIterator[Terminal]:
    """A server where every list has more than one page of one."""
    async with terminal() as made:
        await made.push("EURUSD", 1.0850, 1.0851)
        await made.ok("POST", ACCOUNTS, {})
        for price in (1.05, 1.06):
            await made.buy()
            order = {"symbol": "EURUSD", "type": 2, "volume": 0.1, "price": price}
            await made.ok("POST", ORDERS, order)
            canceled = await made.ok("POST", ORDERS, order)
            await made.ok("DELETE", f"{ORDERS}/{canceled['ticket']}")
        yield made


async def test_a_cursor_belongs_to_its_list_and_its_order(desk: Terminal) -> None:
    cursors = [(await desk.envelope("GET", path, limit=1, **query))["next_cursor"] for path, query in LISTS]
    assert all(cursors) and len(set(cursors)) == len(LISTS)
    for place, (path, query) in enumerate(LISTS):
        for origin, cursor in enumerate(cursors):
            answer = await desk.envelope("GET", path, limit=1, cursor=cursor, **query)
            assert answer.get("code") == (None if origin == place else "INVALID_CURSOR"), (
                path,
                query,
                origin,
            )


async def test_a_default_that_is_written_out_is_the_same_list(desk: Terminal) -> None:
    cursor = (await desk.envelope("GET", HISTORY, limit=1))["next_cursor"]
    assert await desk.ok("GET", HISTORY, limit=1, cursor=cursor) == await desk.ok(
        "GET", HISTORY, limit=1, cursor=cursor, order="asc"
    )


@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_what_is_added_meanwhile_shifts_no_page(desk: Terminal, order: str) -> None:
    before = [each["ticket"] for each in await desk.ok("GET", HISTORY, order=order)]
    page = await desk.envelope("GET", HISTORY, limit=2, order=order)
    seen = [each["ticket"] for each in page["data"]]
    added = (await desk.buy())["deal"]
    while page["next_cursor"] is not None:
        page = await desk.envelope("GET", HISTORY, limit=2, order=order, cursor=page["next_cursor"])
        seen += [each["ticket"] for each in page["data"]]
    assert seen == before + ([added] if order == "asc" else [])


@pytest.mark.parametrize("operation", PAGED, ids=lambda each: each.id)
async def test_the_cursors_of_the_examples_are_taken(
    desk: Terminal, operation: rules.Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {each["name"]: each["example"] for each in operation.parameters}
    shown = {
        example["next_cursor"]
        for example in DOCUMENT.examples(DOCUMENT.answers(operation)["200"]).values()
        if example["next_cursor"] is not None
    }
    assert shown == {given["cursor"]}
    if "webhook_id" in given:
        # Its lists are of one webhook each, so it has to be that of the example.
        monkeypatch.setattr("tradyn.webhooks.secrets.token_hex", lambda _: given["webhook_id"])
        await desk.ok("POST", WEBHOOKS, {"url": "https://example.com/", "events": ["deal.created"]})
    await desk.ok("GET", operation.path.format(**given), cursor=given["cursor"])
