"""A commit is waited for by tasks, and by steps, which come before them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tradyn.ports import Commit, JournalFailed


async def test_steps_come_in_their_order_and_before_tasks() -> None:
    commit = Commit(loop=asyncio.get_running_loop())
    seen: list[Any] = []

    async def wait() -> None:
        await commit
        seen.append("task")

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    commit.then(lambda done: seen.append(done))
    commit.then(lambda done: seen.append((done.done(), done.exception())))
    commit.end(None)
    assert seen == [commit, (True, None)]
    await task
    assert seen[2:] == ["task"]


async def test_a_step_that_is_given_late_is_called_all_the_same() -> None:
    commit = Commit(loop=asyncio.get_running_loop())
    commit.end(JournalFailed("the disk is gone"))
    seen: list[str] = []
    commit.then(lambda done: seen.append(str(done.exception())))
    assert seen == []
    await asyncio.sleep(0)
    assert seen == ["the disk is gone"]


async def test_the_failure_of_a_step_is_told_and_hinders_no_other() -> None:
    loop = asyncio.get_running_loop()
    told: list[Any] = []
    loop.set_exception_handler(lambda _, context: told.append(context["exception"]))
    commit = Commit(loop=loop)
    seen: list[str] = []
    error = RuntimeError("this one")

    def fail(_: Commit) -> None:
        raise error

    commit.then(fail)
    commit.then(lambda _: seen.append("the next"))
    try:
        commit.end(None)
    finally:
        loop.set_exception_handler(None)
    assert (seen, told) == (["the next"], [error])


async def test_nobody_can_cancel_it() -> None:
    commit = Commit(loop=asyncio.get_running_loop())
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(commit), 0.001)
    assert not commit.cancel()
    commit.end(None)
    await commit
