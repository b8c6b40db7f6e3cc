"""Runs the tools of `package.json` without the network, and says so when they are not installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).resolve().parent
CONTRACT: Final = HERE.parent / "tradyn.yaml"
_BINARIES: Final = HERE / "node_modules" / ".bin"


def is_installed() -> bool:
    """Whether `npm ci` was run in this folder."""
    return (_BINARIES / "redocly").exists()


def run_json(tool: str, *arguments: str | Path) -> Any:
    """What a tool prints, read as JSON; its exit code does not count.

    Raises:
        SystemExit: the tools are not installed, or this one printed something else.
    """
    if not is_installed():
        sys.exit(f"The review tools are not installed: run `npm ci` in {HERE}, or `make contract`.")
    # The Node of the same environment as this Python, if there is one.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "NO_COLOR": "1"}
    done = subprocess.run(
        [_BINARIES / tool, *arguments],
        cwd=HERE,
        env={**os.environ, **quiet, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError:
        sys.exit(f"{tool} failed:\n{done.stdout}{done.stderr}")
