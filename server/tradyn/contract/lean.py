"""connexion, imported without what a server never calls: a third of a server's start.

Its test client serves `app.test_client()`, jinja2 documents given as a path to a template, requests
references to other hosts, httpx token servers on other hosts, werkzeug's server and client Flask; none is
used here. It depends on how connexion is built inside, so connexion is pinned.
"""

from __future__ import annotations

from tradyn.lean_import import left_out

__all__: list[str] = []

with left_out(
    optional=("httpx._main", "pygments", "rich"),
    never_called=(
        "httpx",
        "jinja2",
        "requests",
        "starlette.testclient",
        "werkzeug.serving",
        "werkzeug.test",
    ),
):
    import connexion  # type: ignore[import-untyped]  # noqa: F401
