# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Explain an order, a position or a deal: `GET /api/explain/{ticket}`."""

from typing import Any

from ...connection import Connection
from ...models.explanation import Explanation
from ...request import Request


def _request(ticket: int) -> Request:
    return Request(
        "GET",
        f"/api/explain/{ticket}",
        is_read=True,
    )


def _result(answer: dict[str, Any]) -> Explanation:
    return Explanation.from_dict(answer["data"])


def sync(ticket: int, *, client: Connection) -> Explanation:
    """Explain an order, a position or a deal.

    The story of what the ticket names, from the journal: which rule fired, on which quote, on which
    side of it, and every amount with its formula, its numbers and the path of its conversion. The
    ticket of a closing order or of a deal tells the story of its position, with `is_asked` at the steps
    that the ticket names.

    **For a program.** A calculation's `expression` evaluates to exactly its `result`, which is what was
    recorded. `formula` is the same with names in the place of `inputs`. Their language:

    ``` formula = [ "-" ] term { ( "+" | "-" ) term } term    = factor { ( "*" | "/" ) factor } factor
    = number | name | "(" formula ")" | "round(" formula ", " digits ")" number  = digits [ "." digits ]
    ```

    Calculate with exact fractions; only `round` rounds, to so many decimal places, half away from zero.
    A calculation named `conversion` shows a rate rounded for the eye; the amount after it uses the
    exact one.

    What was recorded is the truth. Where the specification of the symbol has changed since, so that a
    formula would lead elsewhere, `formula` and `expression` are null and a note says so.

    Example:
        ```
        explain.sync(12, client=client)
        ```

    Args:
        ticket: Ticket of an order, a position or a deal.
        client: The client to ask with.

    Returns:
        The story.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(ticket), _result)


async def asyncio(ticket: int, *, client: Connection) -> Explanation:
    """Explain an order, a position or a deal. The same as `sync`, to be awaited."""
    return await client.send_async(_request(ticket), _result)
