"""What browsers are told about answers and pages: to trust them with little, and no other page with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["DOCUMENT_POLICY", "NOSNIFF", "PROTECTION"]

NOSNIFF: Final = (b"x-content-type-options", b"nosniff")
"""What is JSON is to be taken as nothing else: on every answer, so it stands ready as a header of ASGI."""

DOCUMENT_POLICY: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""Of what is text to read: it loads, sends and frames nothing."""

PROTECTION: Final[Mapping[str, str]] = {
    "Content-Security-Policy": DOCUMENT_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    # For browsers that do not know frame-ancestors.
    "X-Frame-Options": "DENY",
}
