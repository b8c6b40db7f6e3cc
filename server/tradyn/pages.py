"""Pages beside the API: the document as it is served here, and the metrics."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from starlette.responses import Response
from starlette.routing import Route

from tradyn.browser_headers import PROTECTION
from tradyn.contract import Answered

__all__ = ["Metrics", "routes"]

_SERVER_URL = re.compile(r"^servers:\n  - url: (\S+)", re.MULTILINE)


class Metrics:
    """Counts of answers, for Prometheus."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "tradyn_requests", "Requests answered", ("operation", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "tradyn_request_seconds", "Time from request to answer", registry=self.registry
        )
        self._children: dict[tuple[str | None, int], Counter] = {}

    def count(self, answered: Answered) -> None:
        """One request has been answered."""
        key = (answered.operation_id, answered.status)
        child = self._children.get(key)
        if child is None:
            child = self._children[key] = self._requests.labels(key[0] or "none", str(key[1]))
        child.inc()
        self._seconds.observe(answered.seconds)


def routes(path: Path, document: Mapping[str, Any], metrics: Metrics) -> list[Route]:
    """`/openapi.yaml`, `/openapi.json` and `/metrics`.

    Args:
        path: the document as it was written, which is what people read.
        document: the same with the address of this server.
    """
    url = str(document["servers"][0]["url"])

    async def openapi_yaml(_request: object) -> Response:
        text = path.read_text(encoding="utf-8")
        if written := _SERVER_URL.search(text):
            text = text.replace(written[1], url)
        return Response(text, media_type="application/yaml", headers=PROTECTION)

    async def openapi_json(_request: object) -> Response:
        return Response(orjson.dumps(document), media_type="application/json", headers=PROTECTION)

    async def show_metrics(_request: object) -> Response:
        text = generate_latest(metrics.registry)
        headers = {**PROTECTION, "Cache-Control": "no-store"}
        return Response(text, media_type="text/plain; version=0.0.4", headers=headers)

    return [
        Route("/openapi.yaml", openapi_yaml),
        Route("/openapi.json", openapi_json),
        Route("/metrics", show_metrics),
    ]
