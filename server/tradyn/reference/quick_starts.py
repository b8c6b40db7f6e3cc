"""The quick starts: one small program a language, as they stand in `docs/quickstart`."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

__all__ = ["ADDRESS", "QUICK_STARTS", "QuickStart", "quick_start_folder"]

ADDRESS: Final = "http://127.0.0.1:8080/v1"
"""The address in the files, which stands for that of the server that shows them."""


@dataclass(frozen=True, slots=True)
class QuickStart:
    """One program.

    Attributes:
        language: as people call it.
        file: its name in the folder.
        lexer: Pygments' name of the language.
    """

    language: str
    file: str
    lexer: str

    def highlighted(self, address: str) -> str:
        """The program as HTML (`<div class="highlight"><pre>…`), made for the API at this address."""
        # Taken only when somebody looks: a start should not wait for it.
        from pygments import highlight  # type: ignore[import-untyped]
        from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
        from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]

        text = (quick_start_folder() / self.file).read_text(encoding="utf-8").replace(ADDRESS, address)
        return str(highlight(text, get_lexer_by_name(self.lexer), HtmlFormatter()))


QUICK_STARTS: Final = (
    QuickStart("Python", "quickstart.py", "python"),
    QuickStart("Python (requests)", "quickstart_requests.py", "python"),
    QuickStart("TypeScript", "quickstart.ts", "typescript"),
    QuickStart("JavaScript", "quickstart.mjs", "javascript"),
    QuickStart("curl", "quickstart.sh", "bash"),
    QuickStart("Go", "quickstart.go", "go"),
    QuickStart("C#", "QuickStart.cs", "csharp"),
    QuickStart("Java", "QuickStart.java", "java"),
    QuickStart("PHP", "quickstart.php", "php"),
    QuickStart("Rust", "quickstart.rs", "rust"),
)


def quick_start_folder() -> Path:
    """Where they are: in the package when installed, in `docs/` in a checkout."""
    packaged = Path(str(files("tradyn") / "quickstart"))
    return packaged if packaged.exists() else Path(__file__).parents[3] / "docs" / "quickstart"
