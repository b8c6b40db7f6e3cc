"""The house keeps its shape: import directions, one error table, and nothing the document does not know."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tradyn.contract import load_document
from tradyn.errors import CODES
from tradyn.handlers import bind

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "server" / "tradyn").rglob("*.py"))


def test_who_may_import_whom() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-logo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_operation_has_its_handler_and_every_handler_its_operation() -> None:
    document = load_document(ROOT / "openapi" / "tradyn.yaml")
    operations = {
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict)
    }
    services = dict.fromkeys(("desk", "market", "access", "webhooks", "sender", "faults", "clock"))
    assert set(bind(services)) == operations


def test_every_refusal_of_the_broker_is_an_http_400_of_the_table() -> None:
    codes = set()
    for path in (ROOT / "server" / "tradyn" / "broker").rglob("*.py"):
        codes |= set(re.findall(r'Refusal\(\s*"([A-Z_]+)"', path.read_text()))
    assert len(codes) > 15
    # A ticket that never was is a 404; the desk tells it from one that is closed.
    assert {code for code in codes if CODES[code].status != 400} == {"NOT_FOUND"}


def test_no_drawer_for_odds_and_ends() -> None:
    odd = re.compile(r"^(utils?|helpers?|manager|base|common|misc)$")
    assert not [path for path in SOURCES if odd.match(path.stem)]


def test_what_is_private_to_a_module_stays_there() -> None:
    private = re.compile(r"^from tradyn[\w.]* import (?:[^(\n]*\b|\([^)]*\b)_[a-z]\w*", re.MULTILINE)
    assert not [path for path in SOURCES if private.search(path.read_text())]


def test_the_broker_computes_without_floats() -> None:
    for path in (ROOT / "server" / "tradyn" / "broker").rglob("*.py"):
        assert not re.search(
            r"\bfloat\b|\d\.\d+(?!\")", re.sub(r'"""[\s\S]*?"""|#.*', "", path.read_text())
        ), path
