"""The example bot where other teams have it: in an environment with the built client, without the server."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).parents[2]
BOT: Final = ROOT / "examples" / "moving_average_bot"
CLIENT: Final = ROOT / "clients" / "python"


def install(folder: Path) -> Path:
    """An environment with the wheels of client and bot, what they require, and pytest; its interpreter.

    Nothing is downloaded: what they require is linked to where it is installed here.
    """
    wheels = [_build(CLIENT, folder), _build(BOT, folder)]
    environment = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    python = environment / "bin" / "python"
    uv = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--offline", "--no-deps", "--no-index"]
    subprocess.run([*uv, "--python", str(python), *map(str, wheels)], check=True)
    (packages,) = environment.glob("lib/python*/site-packages")
    _link_requirements(packages, {"pytest"})
    return python


def run(python: Path, *arguments: object, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A command of that environment, which knows nothing of this one."""
    return subprocess.run(
        [str(python), *map(str, arguments)],
        cwd=cwd,
        env={"PATH": f"{python.parent}:/usr/bin:/bin", **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def tradyn_command(folder: Path) -> Path:
    """The server's command as one executable file, that finds its own packages."""
    command = folder / "tradyn"
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT / "server"}" exec "{sys.executable}" -m tradyn "$@"\n')
    command.chmod(0o755)
    return command


def _build(project: Path, folder: Path) -> Path:
    source = folder / project.name
    leftovers = shutil.ignore_patterns("__pycache__", ".*_cache", "dist", "build")
    shutil.copytree(project, source, ignore=leftovers)
    wheels = folder / f"{project.name}-wheel"
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(wheels)]
    subprocess.run([*command, str(source)], check=True, capture_output=True)
    (wheel,) = wheels.glob("*.whl")
    return wheel


def _link_requirements(packages: Path, others: set[str]) -> None:
    """Link what is required by the distributions in a folder, and these, with all that they require."""
    installed = [Distribution.at(each) for each in packages.glob("*.dist-info")]
    there = {canonicalize_name(each.name) for each in installed}
    missing = others.union(*map(_requirements, installed)) - there
    while missing:
        found = distribution(missing.pop())
        there.add(canonicalize_name(found.name))
        for entry in {each.parts[0] for each in found.files or ()} - {"..", "__pycache__"}:
            (packages / entry).symlink_to(Path(str(found.locate_file(entry))))
        missing = (missing | _requirements(found)) - there


def _requirements(of: Distribution) -> set[str]:
    required = map(Requirement, of.requires or ())
    needed = (each for each in required if each.marker is None or each.marker.evaluate({"extra": ""}))
    return {canonicalize_name(each.name) for each in needed}
