"""`credentials.json`: where a server runs, and the first keys to it. Readable by its owner alone."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

__all__ = ["Credentials", "read_credentials", "write_credentials"]

_NAME = "credentials.json"


@dataclass(frozen=True, slots=True)
class Credentials:
    """The content of the file."""

    base_url: str
    login: int
    api_key: str
    admin_key: str


def read_credentials(data_dir: Path) -> Credentials | None:
    """The credentials in a data folder; None if there are none, or none that can be read."""
    try:
        content = json.loads((data_dir / _NAME).read_text())
        known = Credentials(**content)
        texts = (known.base_url, known.api_key, known.admin_key)
        is_whole = isinstance(known.login, int) and all(isinstance(each, str) for each in texts)
        return known if is_whole else None
    except (OSError, ValueError, TypeError):
        return None


def write_credentials(data_dir: Path, credentials: Credentials) -> Path:
    """Write the file whole or not at all, with mode 0600 from its first byte on."""
    path = data_dir / _NAME
    fresh = data_dir / f".{_NAME}.{os.getpid()}"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(credentials), file, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return path
