from collections.abc import Iterator
from pathlib import Path

import pytest

from .broker import Broker, Trader, serving


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """One broker for all tests; each has an account of its own."""
    with serving(tmp_path_factory.mktemp("broker") / "data") as running:
        yield running


@pytest.fixture
def calm(broker: Broker) -> Iterator[Broker]:
    """The broker, with a market whose averages have come to rest."""
    broker.tick(*[1.1] * 6)
    yield broker
    broker.faults()


@pytest.fixture
def trader(calm: Broker, tmp_path: Path) -> Trader:
    return calm.open_account(tmp_path)
