"""The page and the few files that it consists of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from string import Template
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from tradyn import __version__
from tradyn.browser_headers import PROTECTION
from tradyn.reference.quick_starts import QUICK_STARTS, QuickStart

__all__ = ["is_for_people", "routes"]

_OWN_FILES: Final = ("page.css", "page.js", "icon.svg")
_SWAGGER_UI_FILES: Final = ("swagger-ui.css", "swagger-ui-bundle.js")

# `data:` is for the icons in Swagger UI's style sheet.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PROTECTION: Final = {**PROTECTION, "Content-Security-Policy": _POLICY}
# Keys are typed into it.
_PAGE_HEADERS: Final = {**_PROTECTION, "Cache-Control": "no-store"}
# What belongs to this version of the server must not outlive it in a browser.
_OWN_HEADERS: Final = {**_PROTECTION, "Cache-Control": "no-cache"}
_SWAGGER_UI_HEADERS: Final = {**_PROTECTION, "Cache-Control": "max-age=3600"}

_HOST: Final = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")


def routes(document: Mapping[str, Any], entrances: Iterable[str]) -> list[Route]:
    """`/docs`, what it loads, and what leads to it.

    Args:
        document: with the address of this server.
        entrances: paths that lead to `/docs`.
    """
    address = str(document["servers"][0]["url"])

    # Not a coroutine: Starlette runs it beside the loop, which goes on with the market meanwhile.
    def page(request: Request) -> Response:
        return HTMLResponse(_page(_address_for(request, address)), headers=_PAGE_HEADERS)

    def lead(_request: Request) -> Response:
        return RedirectResponse("/docs", headers={**_PAGE_HEADERS, "Vary": "Accept"})

    return [
        *(Route(each, lead) for each in sorted(entrances)),
        Route("/docs", page),
        Route("/docs/", page),
        *(Route(f"/docs/{name}", _file(_own_folder, name, _OWN_HEADERS)) for name in _OWN_FILES),
        *(
            Route(f"/docs/{name}", _file(_swagger_ui_folder, name, _SWAGGER_UI_HEADERS))
            for name in _SWAGGER_UI_FILES
        ),
    ]


def is_for_people(scope: Mapping[str, Any]) -> bool:
    """Whether a request asks for a page, as browsers do and programs do not."""
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def _file(folder: Callable[[], Path], name: str, headers: Mapping[str, str]) -> Callable[[Request], Response]:
    def file(_request: Request) -> Response:
        return FileResponse(folder() / name, headers=headers)

    return file


def _own_folder() -> Path:
    return Path(str(files("tradyn") / "data" / "reference"))


def _swagger_ui_folder() -> Path:
    # The package is there for these files; importing it would bring web frameworks with it.
    spec = find_spec("swagger_ui")
    assert spec is not None and spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "static"


def _address_for(request: Request, address: str) -> str:
    """The API's address as this reader has it: by another name of this machine, or through a mapped port."""
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        return address
    return f"{request.url.scheme}://{host}{urlsplit(address).path}"


def _page(address: str) -> str:
    template = Template((_own_folder() / "page.html").read_text(encoding="utf-8"))
    return template.substitute(
        address=escape(address),
        version=escape(__version__),
        tabs="\n".join(_tab(number, each) for number, each in enumerate(QUICK_STARTS)),
        panels="\n".join(_panel(number, each, address) for number, each in enumerate(QUICK_STARTS)),
    )


def _tab(number: int, quick_start: QuickStart) -> str:
    return (
        f'<button type="button" role="tab" id="tab-{number}" aria-controls="panel-{number}">'
        f"{escape(quick_start.language)}</button>"
    )


def _panel(number: int, quick_start: QuickStart, address: str) -> str:
    return (
        f'<section role="tabpanel" id="panel-{number}" aria-labelledby="tab-{number}" tabindex="0">'
        f'<div class="file"><code>{escape(quick_start.file)}</code>'
        f'<button type="button" class="copy">Copy</button></div>{quick_start.highlighted(address)}</section>'
    )
