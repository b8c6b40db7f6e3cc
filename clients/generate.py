"""Make the Python client from the contract: `python clients/generate.py [--check]`.

openapi-python-client reads `openapi/tradyn.yaml` and our templates in `clients/templates/python`; what it
makes is committed as `clients/python`. With `--check` nothing is written: files that are not what they would
be are named, and the exit code is 1.

What always holds: `clients/python` holds nothing but what is made here and `BY_HAND`, and the same contract
makes the same bytes.

The generator knows neither envelopes nor paragraphs. So before it reads the contract

* a successful answer becomes what its envelope holds, a page loses its `success`, and the answers that are no
  success go: the templates unwrap the former, and raise the latter as the classes of `tradyn_client.errors`;
* a reference to a schema with a default takes the default over, which the generator forgets;
* the lines of a paragraph are joined, so that the templates can wrap it anew;
* to the description of every operation is hung what the templates cannot know: examples of its calls, for
  docstrings, and whether it only reads.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from example_calls import example_calls

HERE: Final = Path(__file__).resolve().parent
CONTRACT: Final = HERE.parent / "openapi" / "tradyn.yaml"
TARGET: Final = HERE / "python"

# How requests are sent and answers read. The generator has its own for some, which are dropped.
BY_HAND: Final = frozenset(
    Path("tradyn_client", name)
    for name in (
        "answers.py",
        "attempts.py",
        "connection.py",
        "paging.py",
        "pool.py",
        "py.typed",
        "request.py",
        "retries.py",
        "stream.py",
        "types.py",
        "webhooks.py",
    )
)
_MARK: Final = "# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit."

# What builds, tests and editors leave in the target; not ours to compare or to delete.
_LEFTOVERS: Final = re.compile(r"__pycache__|\.\w+_cache|\.venv|build|dist|.*\.egg-info")
# As in templates/python/trailer.jinja.
_PART: Final = "\n\n====\n"
_SCHEMAS: Final = "#/components/schemas/"


def prepare(contract: dict[str, Any]) -> dict[str, Any]:
    """The contract as the generator can use it."""
    calls = example_calls(contract)
    schemas: dict[str, Any] = contract["components"]["schemas"]
    envelopes = {name for name, schema in schemas.items() if "success" in schema.get("properties", {})}
    for item in contract["paths"].values():
        for operation in item.values():
            if not isinstance(operation, dict):
                continue  # the parameters that the methods of a path share
            content = operation["responses"]["200"]["content"]["application/json"]
            name = content["schema"]["$ref"].removeprefix(_SCHEMAS)
            if "next_cursor" in schemas[name]["properties"]:
                envelopes.discard(name)
            else:
                content["schema"] = schemas[name]["properties"]["data"]
            operation["responses"] = {"200": operation["responses"]["200"]}
    kept = {name: schema for name, schema in schemas.items() if name not in envelopes}
    for schema in kept.values():
        if "success" in schema.get("properties", {}):
            del schema["properties"]["success"]
            schema["required"].remove("success")
            schema["description"] = schema["description"].replace(", in the envelope", "")
    parameters: dict[str, Any] = contract["components"]["parameters"]
    for name, parameter in parameters.items():
        if parameter["in"] not in ("path", "query"):
            sys.exit(f"The templates do not send parameters in {parameter['in']}, as {name} is")
    contract["components"] = {"schemas": kept, "parameters": parameters}
    _copy_defaults(contract, kept)
    _join_lines(contract)
    for item in contract["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict):
                parts = dict(calls[operation["operationId"]])
                # A key of scope read changes nothing, whatever it calls.
                if item.get("get") is operation or "read" in operation["x-scopes"]:
                    parts["read"] = "yes"
                operation["description"] += "".join(f"{_PART}{name}\n{text}" for name, text in parts.items())
    return contract


def _copy_defaults(node: Any, schemas: dict[str, Any]) -> None:
    """Write the default of a schema beside each reference to it."""
    for key, value in _entries(node):
        name = str(value.get("$ref")).removeprefix(_SCHEMAS) if isinstance(value, dict) else ""
        schema = schemas.get(name, {})
        if "default" in schema:
            node[key] = {"type": schema["type"], "default": schema["default"], "allOf": [value]}
        else:
            _copy_defaults(value, schemas)


def _join_lines(node: Any) -> None:
    """Make one line of every paragraph, list item and table row in every description."""
    for key, value in _entries(node):
        if key == "description" and isinstance(value, str):
            node[key] = re.sub(r"(?<!\n)\n *(?![\n|*])", " ", value.strip())
        else:
            _join_lines(value)


def _entries(node: Any) -> list[tuple[Any, Any]]:
    if isinstance(node, dict):
        return list(node.items())
    return list(enumerate(node)) if isinstance(node, list) else []


def generate(target: Path) -> None:
    """Make the client in the empty folder `target`."""
    scripts = Path(sys.executable).parent  # the post hooks must find the ruff that is pinned, not any other
    environment = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}"}
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder, "tradyn.json")
        contract = YAML(typ="safe").load(CONTRACT)
        version = contract["info"]["version"]
        document.write_text(json.dumps(prepare(contract)), "utf-8")
        command = [sys.executable, "-m", "openapi_python_client", "generate"]
        command += ["--fail-on-warning", "--overwrite"]
        command += ["--path", str(document), "--output-path", str(target), "--meta", "uv"]
        command += ["--config", str(HERE / "python-client.yaml")]
        command += ["--custom-template-path", str(HERE / "templates" / "python")]
        done = subprocess.run(command, env=environment, text=True, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"openapi-python-client failed:\n{done.stdout}{done.stderr}")
    lines = (
        _MARK,
        '"""The version of the contract that this client was made from."""',
        "",
        f'__version__ = "{version}"',
    )
    (target / "tradyn_client" / "version.py").write_text("\n".join(lines) + "\n", "utf-8")


def files(folder: Path) -> dict[Path, bytes]:
    """What is generated in the folder, without leftovers and what is written by hand."""
    found = {path.relative_to(folder): path for path in _walk(folder)}
    return {name: path.read_bytes() for name, path in found.items() if name not in BY_HAND}


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.exists() else ():
        if _LEFTOVERS.fullmatch(path.name):
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path


def main() -> int:
    """Generate, or check; 1 when the check finds a difference."""
    parser = argparse.ArgumentParser(description="Make clients/python from openapi/tradyn.yaml.")
    parser.add_argument("--check", action="store_true", help="write nothing, fail if anything would change")
    check: bool = parser.parse_args().check
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder))
        wanted, present = files(Path(folder)), files(TARGET)
    changed = sorted(path for path in wanted.keys() | present.keys() if wanted.get(path) != present.get(path))
    for path in changed:
        kind = "missing" if path not in present else "not generated" if path not in wanted else "different"
        print(f"{TARGET.name}/{path}: {kind}" if check else f"{TARGET.name}/{path}")
    if check:
        if changed:
            print("The client is not what the contract makes of it: run python clients/generate.py")
        return 1 if changed else 0
    for path in changed:
        if path in wanted:
            (TARGET / path).parent.mkdir(parents=True, exist_ok=True)
            (TARGET / path).write_bytes(wanted[path])
        else:
            (TARGET / path).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
