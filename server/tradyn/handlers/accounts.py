"""Tag Accounts: the server's side of accounts, for admin keys."""

from __future__ import annotations

from typing import Any

from tradyn import wire
from tradyn.access import Access, Scope
from tradyn.broker.accounts import Account
from tradyn.broker.commands import ChangeBalance, ResetAccount
from tradyn.broker.money import currency_digits, to_minor_units
from tradyn.desk import Desk

__all__ = ["change_balance", "create_account", "get_account_by_login", "list_accounts", "reset_account"]

Json = dict[str, Any]

_LISTING = "accounts"


async def list_accounts(desk: Desk, limit: int, cursor: str | None = None) -> Json:
    """All accounts by login."""
    after = wire.read_cursor(_LISTING, cursor) or 0
    logins = sorted(login for login in desk.broker.accounts if login > after)
    views = [_view(desk, desk.account(login)) for login in logins[:limit]]
    for login in logins[:limit]:
        await desk.durable(login)
    return wire.page(views, wire.cursor(_LISTING, logins[limit - 1]) if len(logins) > limit else None)


async def create_account(desk: Desk, access: Access, token_info: Json, body: Json) -> Json:
    """A new account with its first deposit and its first full key."""
    currency = body.get("currency", "USD")
    account = await desk.open_account(
        name=body.get("name", "Demo"),
        currency=currency,
        leverage=body.get("leverage", 100),
        balance=to_minor_units(wire.decimal(body.get("balance", 10_000)), currency_digits(currency)),
        margin_call_level=wire.decimal(body.get("margin_call_level", 100)),
        stop_out_level=wire.decimal(body.get("stop_out_level", 50)),
    )
    # Whoever was shut out meanwhile gets no key.
    token_info["recheck"]()
    _, token = await access.issue(account.login, Scope.FULL, "First key")
    return wire.ok({"login": account.login, "api_key": token, "account": _view(desk, account)})


async def get_account_by_login(desk: Desk, login: int) -> Json:
    """One account."""
    view = _view(desk, desk.account(login))
    await desk.durable(login)
    return wire.ok(view)


async def change_balance(desk: Desk, token_info: Json, login: int, body: Json) -> Json:
    """A deposit or a withdrawal."""
    account = desk.account(login)
    command = ChangeBalance(
        amount=wire.decimal(body["amount"]),
        comment=body.get("comment", ""),
        client_order_id=body.get("client_order_id"),
    )
    outcome = await desk.execute(login, command, "changeBalance", token_info["recheck"])
    return wire.ok(wire.deal_json(desk.broker.market, account, outcome.transactions[0].event.deal))


async def reset_account(desk: Desk, token_info: Json, login: int) -> Json:
    """Back to the initial balance, with nothing open."""
    account = desk.account(login)
    await desk.execute(login, ResetAccount(), "resetAccount", token_info["recheck"])
    view = _view(desk, account)
    await desk.durable(login)
    return wire.ok(view)


def _view(desk: Desk, account: Account) -> Json:
    return wire.account_json(account, desk.broker.figures(account), desk.now)
