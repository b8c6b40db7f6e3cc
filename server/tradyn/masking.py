"""Secrets in texts: keys and webhooks' secrets, put where they do not belong, are not passed on."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["masked"]

_SECRET: Final = re.compile(r"(tk_(?:live|test)_)\w+|(whsec_)[\w+/=]+")


def masked(text: str) -> str:
    """The text with `…` in place of whatever follows the prefix of an API key, or of a webhook's secret."""
    if "tk_" in text or "whsec_" in text:
        return _SECRET.sub(lambda found: f"{found[1] or found[2]}…", text)
    return text
