"""Whether a contender does the work: its answer is one that the document allows, no shorter than ours."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from functools import cache
from typing import Any

import orjson

from bench.side_by_side.load import LoadError
from bench.side_by_side.market import Market
from bench.side_by_side.peers.data import DOCUMENT
from bench.side_by_side.works import WORKS, Work
from tradyn.contract.document import load_document
from tradyn.contract.schemas import Shape, translate
from tradyn.contract.streams import whole

__all__ = ["check_answer"]


@cache
def _shapes() -> Mapping[str, Shape]:
    document = load_document(DOCUMENT, validate=False)
    shapes = {}
    for work in WORKS.values():
        answer = document["paths"][work.route][work.method.lower()]["responses"]["200"]
        schema = answer["content"]["application/json"]["schema"]
        shapes[work.name] = Shape(
            translate(whole(document, schema, work.name), work.name), work.name, strict_times=True
        )
    return shapes


def check_answer(port: int, work: Work, market: Market, run: str) -> None:
    """Ask once, as the load will, and look at the answer.

    Raises:
        LoadError: it is not what the document says, or has less in it than Tradyn's.
    """
    key = market.keys[work.holder][0]
    head, _, body = work.fill(work.template(run), key, 0).partition("\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(work.method, f"/v1{work.path}", body or None, headers)
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        raise LoadError(f"{work.name} was answered {answer.status}: {content.decode(errors='replace')}")
    envelope = orjson.loads(content)
    if problems := _shapes()[work.name].problems(envelope, "answer"):
        raise LoadError(f"{work.name}: not an answer of the document: {problems[0]}")
    if (found := _size(envelope)) != (expected := _size(market.answers[work.name])):
        raise LoadError(f"{work.name}: {found} values in the answer, {expected} in Tradyn's")


def _size(node: Any) -> int:
    if isinstance(node, dict):
        return sum(map(_size, node.values()))
    return sum(map(_size, node)) if isinstance(node, list) else 1
