"""Candles in, orders out; every number here was worked out by hand."""

from decimal import Decimal

from tradyn_client.models import Side

from .broker import Broker, Trader


def test_a_cross_up_buys_once_with_the_right_stops(calm: Broker, trader: Trader) -> None:
    calm.tick(1.102)
    trader.step()
    assert not trader.positions  # the candle of the cross is still forming
    calm.tick(1.1025)
    for _ in range(3):
        trader.step()
    (position,) = trader.positions
    assert (position.type_, position.volume, position.price_open) == (Side.BUY, 0.1, 1.1026)
    assert (position.sl, position.tp, position.magic) == (1.097, 1.105, 7)  # from the close, 1.102
    assert [each.entry for each in trader.deals] == ["in"]


def test_a_cross_down_closes_and_reverses(calm: Broker, trader: Trader) -> None:
    calm.tick(1.102, 1.1025)
    trader.step()
    calm.tick(1.098, 1.0975)  # the averages of 2 and 4 are 1.10025 and 1.100625
    trader.step()
    (position,) = trader.positions
    assert (position.type_, position.price_open) == (Side.SELL, 1.0975)
    assert (position.sl, position.tp) == (1.103, 1.095)
    bought, closed, sold = trader.deals
    assert [each.entry for each in (bought, closed, sold)] == ["in", "out", "in"]
    assert (closed.position, closed.price, closed.profit) == (bought.position, 1.0975, -51.0)
    (entry,) = trader.events("closed")
    assert (entry["reason"], entry["profit"]) == ("client", "-51")


def test_a_cross_back_to_the_side_that_is_held_changes_nothing(calm: Broker, trader: Trader) -> None:
    calm.tick(1.101, 1.101)
    trader.step()
    calm.tick(1.101, 1.101, 1.101)  # the slow average reaches the fast one
    trader.step()
    calm.tick(1.102, 1.102)  # and falls behind again
    trader.step()
    assert [each["cross"] for each in trader.events("candle") if each["cross"]] == ["buy", "buy"]
    assert [each["event"] for each in trader.entries if each["event"] != "candle"] == [
        "open",
        "opened",
        "kept",
    ]
    assert [each.entry for each in trader.deals] == ["in"]


def test_a_position_that_the_broker_closes_is_entered_as_closed(calm: Broker, trader: Trader) -> None:
    calm.tick(1.102, 1.1025)
    trader.step()
    calm.tick(1.105)
    trader.step()
    (entry,) = trader.events("closed")
    assert (entry["reason"], entry["price"], entry["profit"]) == ("tp", 1.105, "24")
    calm.tick(1.106)
    trader.step()
    assert not trader.positions and len(trader.deals) == 2


def test_a_cross_that_was_slept_through_is_followed_while_it_is_the_last(
    calm: Broker, trader: Trader
) -> None:
    trader.step()
    calm.tick(1.101, 1.102, 1.103, 1.098, 1.0985, 1.0985)  # up, and down again
    trader.step()
    assert [each["cross"] for each in trader.events("candle")] == [
        None,
        None,
        "buy",
        None,
        None,
        "sell",
        None,
    ]
    (position,) = trader.positions
    assert (position.type_, position.price_open, position.sl) == (Side.SELL, 1.0985, 1.1035)


def test_a_bot_without_a_past_waits_for_the_next_cross(calm: Broker, trader: Trader) -> None:
    calm.tick(1.102, 1.1025, 1.1025)
    trader.step()
    assert not trader.positions and [each["cross"] for each in trader.entries] == [None]


def test_positions_of_others_are_left_alone(calm: Broker, trader: Trader) -> None:
    calm.tick(1.102, 1.1025)
    trader.step(magic=8)
    trader.journal.unlink()
    calm.tick(1.098, 1.0975)
    trader.step()
    assert [(each.magic, each.type_) for each in trader.positions] == [(8, Side.BUY), (7, Side.SELL)]


def test_the_volume_follows_the_equity(calm: Broker, trader: Trader) -> None:
    calm.tick(1.102, 1.1025)
    trader.step(volume=None, risk=Decimal(2))
    assert trader.positions[0].volume == 0.4
