# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .explanation_state import ExplanationState
from .explanation_step import ExplanationStep
from .explanation_subject import ExplanationSubject


@define(kw_only=True)
class Explanation:
    """The story of an order, a position or a deal.

    Attributes:
        ticket: Ticket that was asked for.
        subject: What the ticket names. An order that opened a position shares its ticket with it,
            and is called `position`.
        state: How the story stands. `placed`, `canceled`, `expired`, `rejected`: the order, which
            became no position. `open`, `closed`: the position. `booked`: a balance deal.
        order: Ticket of the order that the story begins with. Null of a balance deal.
        position: Ticket of the position it became. Null if it became none.
        symbol: Name of the symbol. Null of a balance deal.
        summary: The story in a sentence, for people.
        steps: What happened, in order.
        steps_omitted: Changes of prices and stops that are left out of the middle of a story of
            more than 1,000 steps.
        now: How it stands at the present quote. Empty once it is over.
    """

    ticket: int
    subject: ExplanationSubject
    state: ExplanationState
    order: int | None
    position: int | None
    symbol: str | None
    summary: str
    steps: list[ExplanationStep]
    steps_omitted: int
    now: list[ExplanationStep]

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            ticket=source["ticket"],
            subject=ExplanationSubject(source["subject"]),
            state=ExplanationState(source["state"]),
            order=source["order"],
            position=source["position"],
            symbol=source["symbol"],
            summary=source["summary"],
            steps=[ExplanationStep.from_dict(each) for each in source["steps"]],
            steps_omitted=source["steps_omitted"],
            now=[ExplanationStep.from_dict(each) for each in source["now"]],
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "ticket": self.ticket,
            "subject": self.subject,
            "state": self.state,
            "order": self.order,
            "position": self.position,
            "symbol": self.symbol,
            "summary": self.summary,
            "steps": [each.to_dict() for each in self.steps],
            "steps_omitted": self.steps_omitted,
            "now": [each.to_dict() for each in self.now],
        }
