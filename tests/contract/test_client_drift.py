"""The committed client is what the contract makes of it, and making it is repeatable."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

GENERATE: Final = Path(__file__).parents[2] / "clients" / "generate.py"
MARK: Final = "Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit."


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", GENERATE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def check() -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(GENERATE), "--check"], capture_output=True, text=True, check=False
    )


def test_the_committed_client_is_up_to_date() -> None:
    done = check()
    assert done.returncode == 0, done.stdout + done.stderr


def test_two_generations_are_the_same_to_the_byte(generator: ModuleType, tmp_path: Path) -> None:
    for name in ("first", "second"):
        generator.generate(tmp_path / name)
    assert generator.files(tmp_path / "first") == generator.files(tmp_path / "second")


def test_each_difference_is_named(
    generator: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "python"
    shutil.copytree(generator.TARGET, target, ignore=shutil.ignore_patterns("__pycache__"))
    with (target / "tradyn_client" / "errors.py").open("a") as file:
        file.write("# by hand\n")
    (target / "tradyn_client" / "by_hand.py").touch()
    (target / "README.md").unlink()
    monkeypatch.setattr(generator, "TARGET", target)

    monkeypatch.setattr(sys, "argv", ["generate.py", "--check"])
    assert generator.main() == 1
    assert capsys.readouterr().out.splitlines()[:3] == [
        "python/README.md: missing",
        "python/tradyn_client/by_hand.py: not generated",
        "python/tradyn_client/errors.py: different",
    ]

    monkeypatch.setattr(sys, "argv", ["generate.py"])
    assert generator.main() == 0
    assert generator.files(target) == generator.files(GENERATE.parent / "python")


def test_every_generated_file_says_so(generator: ModuleType) -> None:
    unmarked = [
        str(path)
        for path, content in generator.files(generator.TARGET).items()
        if MARK not in content.decode().partition("\n")[0]
    ]
    assert unmarked == []


def test_what_is_written_by_hand_is_there_and_small(generator: ModuleType) -> None:
    """`Most of the client is made from the contract."""
    lines = {name: len((generator.TARGET / name).read_text().splitlines()) for name in generator.BY_HAND}
    generated = sum(content.count(b"\n") for content in generator.files(generator.TARGET).values())
    assert sum(lines.values()) < generated / 10
