"""Stop-out: what goes next of an account whose margin has run out.

One action, check again: the pending order that reserves the largest margin, again and again; then the
position with the largest loss (by profit and swap, the older first). What is out of session is passed over.

Quotes stand still meanwhile. So what a position has lost is computed once, and what an order
reserves again only once a position of its symbol has gone: n actions cost O(n log n).
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import replace

from tradyn.broker.alarms import is_stopped_out
from tradyn.broker.calendar import is_open
from tradyn.broker.decisions import pending_orders, positions
from tradyn.broker.decisions.scene import Scene
from tradyn.broker.orders import Order, OrderState
from tradyn.broker.profit import Figures, account_figures
from tradyn.broker.refusals import Refusal
from tradyn.broker.transactions import OrderClosed, PositionReduced

__all__ = ["StopOut"]


class StopOut:
    """The stop-out of one account; each event that `next` gives must be applied before it is asked again.

    Args:
        profits: floating profit of each position, by ticket.
    """

    def __init__(self, scene: Scene, profits: Mapping[int, int]) -> None:
        self._scene = scene
        self._profits = profits
        held = scene.account.positions
        self._profit = sum(profits.values())
        self._swap = sum(each.swap for each in held.values())
        symbols = {each.symbol for each in held.values()}
        symbols |= {each.symbol for each in scene.account.orders.values()}
        instruments = scene.market.instruments
        in_session = {each for each in symbols if is_open(instruments[each], scene.now)}
        self._losses = [
            (profits[ticket] + each.swap, ticket)
            for ticket, each in held.items()
            if each.symbol in in_session
        ]
        heapq.heapify(self._losses)
        self._reserved: dict[int, int] = {}
        self._largest: list[tuple[int, int]] = []
        self._unranked = in_session

    def next(self) -> OrderClosed | PositionReduced | None:
        """The next action; None once the level is above, or nothing can be done."""
        scene = self._scene
        if not scene.account.positions:
            return None
        margin = sum(each.margin for each in scene.exposures.values())
        figures = account_figures(scene.account, self._profit, self._swap, margin)
        if not is_stopped_out(scene.account, figures):
            return None
        order = self._next_order()
        if order is not None:
            quote = scene.market.quotes.get(order.symbol)
            ended = pending_orders.end_order(scene, order, OrderState.CANCELED, "stop-out", quote)
            return replace(ended, equity=figures.equity, margin=figures.margin)
        return self._close(figures)

    def _close(self, figures: Figures) -> PositionReduced | None:
        if not self._losses:
            return None
        _, ticket = heapq.heappop(self._losses)
        position = self._scene.account.positions[ticket]
        self._profit -= self._profits[ticket]
        self._swap -= position.swap
        # Without it the orders of its symbol may reserve more, or less.
        self._unranked = {position.symbol}
        quote = self._scene.market.quotes[position.symbol]
        return positions.stop_out_position(self._scene, position, quote, figures)

    def _next_order(self) -> Order | None:
        """The pending order that reserves the largest margin; orders that reserve none are left alone."""
        orders = self._scene.account.orders
        if self._unranked:
            for order in orders.values():
                if order.symbol in self._unranked:
                    self._reserved[order.ticket] = reserved = self._margin(order)
                    heapq.heappush(self._largest, (-reserved, order.ticket))
            self._unranked = set()
        while self._largest:
            negative, ticket = self._largest[0]
            if ticket in orders and self._reserved[ticket] == -negative:
                return orders[ticket] if negative < 0 else None
            heapq.heappop(self._largest)
        return None

    def _margin(self, order: Order) -> int:
        margin = pending_orders.order_margin(self._scene, order)
        return 0 if isinstance(margin, Refusal) else margin[0]
