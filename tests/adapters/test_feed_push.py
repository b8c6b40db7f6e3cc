"""A pushed market has no quotes of its own."""

from __future__ import annotations

from tradyn.adapters.feed_push import PushFeed
from tradyn.ports import Feed


def test_every_answer_is_empty() -> None:
    feed: Feed = PushFeed()
    assert (feed.start, feed.end) == (None, None)
    assert feed.quotes(0, 2**60) == {}
    assert feed.last("EURUSD", 2**60) is None
    assert all(len(column) == 0 for column in feed.bars("EURUSD", 0, 2**60))
    assert all(len(column) == 0 for column in PushFeed().columns("EURUSD", 0, 2**60))
