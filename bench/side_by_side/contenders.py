"""The contenders, in the order in which they take their turns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

__all__ = [
    "BARE",
    "CONNEXION",
    "CONNEXION_VALIDATED",
    "CONTENDERS",
    "FASTAPI",
    "QUIET",
    "TRADYN",
    "Contender",
]

TRADYN: Final = "tradyn"
QUIET: Final = "tradyn-quiet"
BARE: Final = "bare"
FASTAPI: Final = "fastapi"
CONNEXION: Final = "connexion"
CONNEXION_VALIDATED: Final = "connexion-validated"


@dataclass(frozen=True)
class Contender:
    """A server beside the others.

    Attributes:
        peer: the module in `peers`, or empty for Tradyn itself.
    """

    name: str
    title: str
    peer: str = ""
    environment: dict[str, str] = field(default_factory=dict)


CONTENDERS: Final = {
    contender.name: contender
    for contender in (
        Contender(BARE, "bare ASGI", "bare"),
        Contender(TRADYN, "Tradyn"),
        Contender(QUIET, "Tradyn, no request log"),
        Contender("starlette", "Starlette by hand", "hand_written"),
        Contender("litestar", "Litestar + msgspec", "with_litestar"),
        Contender(FASTAPI, "FastAPI + pydantic", "with_fastapi"),
        Contender(CONNEXION, "connexion", "with_connexion"),
        Contender(
            CONNEXION_VALIDATED, "connexion, answers validated", "with_connexion", {"BENCH_VALIDATE": "1"}
        ),
    )
}
