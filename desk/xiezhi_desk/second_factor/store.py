"""Rows of second factors and recovery codes. Functions for the journal's `read` and `write`."""

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, func, insert, select, update

from xiezhi_journal.tables import recovery_code, second_factor


@dataclass(frozen=True, slots=True)
class Factor:
    """A second factor; `set_at` (ms since 1970) is 0 until a first code was shown."""

    account_id: str
    secret: bytes = field(repr=False)
    set_at: int
    last_step: int


def find_factor(connection: Connection, account_id: str) -> Factor | None:
    """Return what the account has begun or set."""
    row = second_factor.c
    query = select(row.account_id, row.secret, row.set_at, row.last_step).where(row.account_id == account_id)
    found = connection.execute(query).one_or_none()
    return None if found is None else Factor(*found)


def find_set_factor(connection: Connection, account_id: str) -> Factor | None:
    """Return what the account has set."""
    factor = find_factor(connection, account_id)
    return factor if factor is not None and factor.set_at else None


def put_factor(connection: Connection, factor: Factor) -> None:
    """Store a second factor in the place of what there was."""
    connection.execute(delete(second_factor).where(second_factor.c.account_id == factor.account_id))
    connection.execute(
        insert(second_factor),
        {
            "account_id": factor.account_id,
            "secret": factor.secret,
            "set_at": factor.set_at,
            "last_step": factor.last_step,
        },
    )


def remove_factor(connection: Connection, account_id: str) -> None:
    """Remove the second factor of an account and its recovery codes."""
    connection.execute(delete(second_factor).where(second_factor.c.account_id == account_id))
    connection.execute(delete(recovery_code).where(recovery_code.c.account_id == account_id))


def take_step(connection: Connection, account_id: str, step: int) -> None:
    """Remember the step of the code that was taken last."""
    mine = second_factor.c.account_id == account_id
    connection.execute(update(second_factor).where(mine).values(last_step=step))


def add_recovery_codes(connection: Connection, account_id: str, hashes: Collection[bytes]) -> None:
    """Store the hashes of new recovery codes."""
    rows = [{"code_hash": each, "account_id": account_id, "used_at": 0} for each in hashes]
    connection.execute(insert(recovery_code), rows)


def use_recovery_code(connection: Connection, account_id: str, hashed: bytes, now: int) -> bool:
    """Use up a recovery code; return whether it was good."""
    row = recovery_code.c
    good = (row.code_hash == hashed, row.account_id == account_id, row.used_at == 0)
    return connection.execute(update(recovery_code).where(*good).values(used_at=now)).rowcount == 1


def count_recovery_codes(connection: Connection, account_id: str) -> int:
    """Return how many recovery codes are good."""
    row = recovery_code.c
    query = select(func.count()).where(row.account_id == account_id, row.used_at == 0)
    return connection.scalar(query) or 0
