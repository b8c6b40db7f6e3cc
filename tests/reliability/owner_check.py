"""Are the API keys, webhooks and accounts as they were acknowledged? Asked of the server over HTTP alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import httpx

from reliability.book import AccountBook, Json
from reliability.history_check import Rule, Violation
from reliability.history_reader import read
from reliability.traders import Owner

__all__ = ["check_accounts", "check_keys", "check_owner", "check_webhooks"]

_TRIED_KEYS = 12


async def check_owner(
    owner: Owner, client: httpx.AsyncClient, admin_key: str, books: Mapping[str, AccountBook]
) -> list[Violation]:
    """Everything; what was in doubt is settled by what is found."""
    admin = {"Authorization": f"Bearer {admin_key}"}
    listed: list[Json] = await read(client, admin, "/api/keys")
    found = check_keys(owner, listed)
    # The newest are those whose durability is in question.
    for key_id, key in list(owner.keys.items())[-_TRIED_KEYS:]:
        answer = await client.get("/api/symbols/EURUSD", headers={"Authorization": f"Bearer {key.secret}"})
        accepted = 403 if key.revoked_at is not None else 200
        if not key.is_doubtful and answer.status_code != accepted:
            said = f"key {key_id}, revoked at {key.revoked_at}, is answered {answer.status_code}"
            found.append(Violation(Rule.KEY, f"account {key.login}", said))
    webhooks: list[Json] = []
    for token in books:
        webhooks += await read(client, {"Authorization": f"Bearer {token}"}, "/api/webhooks")
    found += check_webhooks(owner, webhooks)
    newest = list(owner.accounts)[-3:]
    now = {login: await read(client, admin, f"/api/accounts/{login}") for login in newest}
    return found + check_accounts(owner, now)


def check_keys(owner: Owner, listed: Iterable[Json]) -> list[Violation]:
    """Every acknowledged key is listed, revoked if and only if that was acknowledged or is in doubt."""
    found = []
    rows = {each["key_id"]: each for each in listed}
    for key_id, key in owner.keys.items():
        row = rows.get(key_id)
        if row is None:
            found.append(Violation(Rule.LOST, f"account {key.login}", f"key {key_id} is not listed"))
        elif key.is_doubtful:
            key.revoked_at, key.is_doubtful = row["revoked_at"], False
        elif (row["label"], row["login"], row["revoked_at"]) != (key.label, key.login, key.revoked_at):
            found.append(Violation(Rule.KEY, f"account {key.login}", f"known is {key}, listed {row}"))
    for key_id, row in rows.items():
        # The first keys of the server and of new accounts have names of their own.
        if (
            key_id not in owner.keys
            and row["label"].startswith("label")
            and row["label"] not in owner.doubtful
        ):
            found.append(Violation(Rule.UNASKED, f"account {row['login']}", f"nobody asked for key {row}"))
    return found


def check_webhooks(owner: Owner, listed: Iterable[Json]) -> list[Violation]:
    """Every acknowledged webhook is as it was answered; deleted ones are gone."""
    found = []
    rows = {each["webhook_id"]: each for each in listed}
    for webhook_id, known in list(owner.webhooks.items()):
        where, row = f"account {known['login']}", rows.get(webhook_id)
        if known.pop("is_doubtful", False):
            if row is None:
                del owner.webhooks[webhook_id]
                owner.deleted_webhooks.add(webhook_id)
            else:
                owner.webhooks[webhook_id] = row
        elif row is None:
            found.append(Violation(Rule.LOST, where, f"webhook {webhook_id} is not listed"))
        elif row != known:
            found.append(Violation(Rule.WEBHOOK, where, f"known is {known}, listed {row}"))
    for webhook_id, row in rows.items():
        where = f"account {row['login']}"
        if webhook_id in owner.deleted_webhooks:
            found.append(Violation(Rule.WEBHOOK, where, f"deleted, and there: {row}"))
        elif webhook_id not in owner.webhooks:
            if row["description"] not in owner.doubtful:
                found.append(Violation(Rule.UNASKED, where, f"nobody asked for webhook {row}"))
            owner.webhooks[webhook_id] = row
    return found


def check_accounts(owner: Owner, now: Mapping[int, Json]) -> list[Violation]:
    """Accounts that were opened and never used are as they were answered, but for the time."""
    found = []
    for login, account in now.items():
        known = owner.accounts[login]
        if {**known, "time": account["time"]} != account:
            found.append(Violation(Rule.ACCOUNT, f"account {login}", f"known is {known}, listed {account}"))
    return found
