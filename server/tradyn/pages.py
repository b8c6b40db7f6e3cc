"""Pages beside the API: the document as it is served here, and the metrics."""

from __future__ import annotations

import re
import time
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

import orjson
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.responses import Response
from starlette.routing import Route

from tradyn.browser_headers import PROTECTION
from tradyn.contract import Answered
from tradyn.door import Door

__all__ = ["Metrics", "routes"]

_BUCKETS: Final = Histogram.DEFAULT_BUCKETS[:-1]
"""Seconds; the last of the library's is infinity."""
_SERVER_URL = re.compile(r"^servers:\n  - url: (\S+)", re.MULTILINE)


class Metrics(Collector):
    """Counts of answers, and of whom there was no room for; made into metrics when somebody asks."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        # By operation and status.
        self._answers: dict[tuple[str | None, int], int] = {}
        # How many took no longer than each of `_BUCKETS`, and longer than the one before.
        self._within = [0] * (len(_BUCKETS) + 1)
        self._seconds = 0.0
        self._began = time.time()
        self.registry.register(self)

    def watch(self, door: Door) -> None:
        """Show how many the door has sent away: `tradyn_requests_shed`, `tradyn_connections_refused`."""
        self.registry.register(_SentAway(door))

    def count(self, answered: Answered) -> None:
        """One request has been answered."""
        key = (answered.operation_id, answered.status)
        self._answers[key] = self._answers.get(key, 0) + 1
        self._within[bisect_left(_BUCKETS, answered.seconds)] += 1
        self._seconds += answered.seconds

    def collect(self) -> Iterator[Metric]:
        """What there is to tell at present."""
        requests = CounterMetricFamily(
            "tradyn_requests", "Requests answered", labels=("operation", "status"), created=None
        )
        for (operation, status), count in self._answers.items():
            requests.add_metric((operation or "none", str(status)), count, created=self._began)
        yield requests
        limits = [*map(str, _BUCKETS), "+Inf"]
        name = "tradyn_request_seconds"
        seconds = HistogramMetricFamily(
            name,
            "Time from request to answer",
            buckets=list(zip(limits, accumulate(self._within), strict=True)),
            sum_value=self._seconds,
        )
        seconds.add_sample(f"{name}_created", {}, self._began)
        yield seconds


class _SentAway(Collector):
    """Whom the contract never sees. They are counted at the door, where it must cost next to nothing."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def collect(self) -> Iterator[CounterMetricFamily]:
        """The counts as they are now."""
        yield CounterMetricFamily(
            "tradyn_requests_shed",
            "Requests answered 429 because too many were in hand; not among tradyn_requests",
            self._door.shed,
        )
        yield CounterMetricFamily(
            "tradyn_connections_refused",
            "Connections answered 503, or closed, because too many were open",
            self._door.refused,
        )


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
