"""The balance: deposits, withdrawals, corrections."""

from __future__ import annotations

from tradyn.broker.commands import ChangeBalance
from tradyn.broker.deals import Deal, DealReason, DealType
from tradyn.broker.decisions.scene import Scene
from tradyn.broker.money import format_amount, to_minor_units
from tradyn.broker.refusals import Refusal
from tradyn.broker.transactions import BalanceChanged

__all__ = ["balance_deal", "change_balance", "compensation"]


def change_balance(scene: Scene, command: ChangeBalance) -> BalanceChanged | Refusal:
    """A deposit, or a withdrawal of what is free."""
    account = scene.account
    amount = to_minor_units(command.amount, account.digits)
    if not amount:
        return Refusal("NO_CHANGES", f"An amount of {command.amount:f} {account.currency} changes nothing")
    free = scene.figures(account).margin_free
    if amount < 0 and free + amount < 0:
        wanted, has = format_amount(-amount, account.digits), format_amount(free, account.digits)
        return Refusal(
            "INSUFFICIENT_MARGIN",
            f"Insufficient funds: {wanted} {account.currency} asked for, {has} free",
            {"amount": wanted, "margin_free": has},
        )
    return balance_deal(scene, amount, command.comment, client_order_id=command.client_order_id)


def compensation(scene: Scene, reason: DealReason) -> BalanceChanged:
    """The broker makes up for a balance below zero, which a deal of this reason left."""
    return balance_deal(
        scene,
        -scene.account.balance,
        "Negative balance compensation",
        kind=DealType.CORRECTION,
        cause="compensation",
        reason=reason,
    )


def balance_deal(
    scene: Scene,
    amount: int,
    comment: str,
    *,
    kind: DealType = DealType.BALANCE,
    reason: DealReason = DealReason.CLIENT,
    cause: str = "client",
    client_order_id: str | None = None,
) -> BalanceChanged:
    """A deal that only changes the balance, by `amount` minor units."""
    return BalanceChanged(
        deal=Deal(
            ticket=scene.account.next_ticket,
            order=None,
            position=None,
            symbol=None,
            type=kind,
            entry=None,
            volume=None,
            price=None,
            profit=amount,
            swap=0,
            commission=0,
            reason=reason,
            time=scene.now,
            magic=0,
            comment=comment,
            client_order_id=client_order_id,
        ),
        cause=cause,
    )
