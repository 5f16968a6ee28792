"""Rows of accounts. Functions for the journal's `read` and `write`."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from xiezhi.v1 import court_pb2
from xiezhi_desk.accounts.account import Account
from xiezhi_desk.accounts.lockout import Tries
from xiezhi_domain.errors import Conflict, NotFound, Reason
from xiezhi_domain.terms import Role
from xiezhi_journal.tables import account as table
from xiezhi_journal.tables import storage_key

# Built once: every action asks for the account of who acts.
_BY_ID = select(table).where(table.c.account_id == bindparam("account_id"))


def find_account(connection: Connection, account_id: str) -> Account | None:
    """Return the account with this id."""
    return _one(connection.execute(_BY_ID, {"account_id": account_id}).one_or_none())


def get_account(connection: Connection, account_id: str) -> Account:
    """Return the account with this id.

    :raises NotFound: UNKNOWN_ACCOUNT.
    """
    found = find_account(connection, account_id)
    if found is None:
        raise NotFound(Reason.UNKNOWN_ACCOUNT)
    return found


def find_storage_key(connection: Connection, account_id: str) -> bytes | None:
    """Return the key with which the account's browsers keep what is not sent yet; None before it was asked for."""
    query = select(storage_key.c.key).where(storage_key.c.account_id == account_id)
    key: bytes | None = connection.scalar(query)
    return key


def ensure_storage_key(connection: Connection, account_id: str, new: bytes) -> bytes:
    """Return that key, which is *new* where there was none."""
    key = find_storage_key(connection, account_id)
    if key is None:
        connection.execute(insert(storage_key), {"account_id": account_id, "key": new})
    return new if key is None else key


def find_login(connection: Connection, login: str) -> Account | None:
    """Return the account with this login, in its normal form."""
    return _one(connection.execute(select(table).where(table.c.login == login)).one_or_none())


def list_accounts(connection: Connection, role: Role | None = None) -> Sequence[Account]:
    """Return the accounts, or those with *role*, by name."""
    rows = connection.execute(select(table).order_by(table.c.name, table.c.login))
    accounts = [_account(row) for row in rows]
    return [each for each in accounts if role is None or role in each.roles]


def add_account(connection: Connection, account: Account) -> None:
    """Add an account.

    :raises Conflict: LOGIN_TAKEN.
    """
    if find_login(connection, account.login) is not None:
        raise Conflict(Reason.LOGIN_TAKEN)
    connection.execute(insert(table), _values(account))


def replace_account(connection: Connection, account: Account) -> None:
    """Store an account as it has become."""
    connection.execute(update(table).where(table.c.account_id == account.account_id), _values(account))


def set_tries(connection: Connection, account_id: str, tries: Tries) -> None:
    """Keep how often the account's password was tried."""
    connection.execute(
        update(table).where(table.c.account_id == account_id),
        {"failures": tries.failures, "locked_until": tries.locked_until},
    )


def roles_to_text(roles: frozenset[Role]) -> str:
    """Return roles as a column holds them: identifiers in order, blank-separated."""
    return " ".join(sorted(roles))


def roles_from_text(text: str) -> frozenset[Role]:
    """Return the roles of a column."""
    return frozenset(Role(identifier) for identifier in text.split())


def _values(account: Account) -> dict[str, Any]:
    return {
        "account_id": account.account_id,
        "login": account.login,
        "password_hash": account.password_hash,
        "officer": account.officer.SerializeToString(),
        "name": account.officer.name,
        "roles": roles_to_text(account.roles),
        "disabled": account.disabled,
        "failures": account.failures,
        "locked_until": account.locked_until,
        "must_change_password": account.must_change_password,
    }


def _one(row: Row[Any] | None) -> Account | None:
    return None if row is None else _account(row)


def _account(row: Row[Any]) -> Account:
    return Account(
        account_id=row.account_id,
        login=row.login,
        officer=court_pb2.Officer.FromString(row.officer),
        roles=roles_from_text(row.roles),
        password_hash=row.password_hash,
        disabled=row.disabled,
        failures=row.failures,
        locked_until=row.locked_until,
        must_change_password=row.must_change_password,
    )
