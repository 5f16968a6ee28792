"""The record of access: who looked at whose data, when and why (design §9)."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, insert, select, true

from xiezhi_domain.errors import InvalidInput
from xiezhi_journal import tables

LONGEST_PURPOSE: Final = 200
MOST_ROWS: Final = 501


@dataclass(frozen=True, slots=True)
class Access:
    """One look: by whom (account id or court code), with which method, at what, what for.

    `object` is an instruction id, a case number or a document's hash in hex, or of a list that was taken out how many
    rows it had and what it was narrowed to; `at` is in ms since 1970; `unmasked` says whether numbers were shown in
    full.
    """

    at: int
    account: str
    method: str
    object: str
    purpose: str = ""
    unmasked: bool = False


@dataclass(frozen=True, slots=True)
class AccessFilter:
    """Which looks are wanted; what is empty or None does not narrow."""

    accounts: Collection[str] | None = None
    object: str = ""
    objects: Collection[str] | None = None
    since: int | None = None
    until: int | None = None
    unmasked_only: bool = False


def check_purpose(purpose: str, field: str = "purpose") -> str:
    """Return *purpose* without space around it.

    :raises InvalidInput: it is longer than a record holds.
    """
    stripped = purpose.strip()
    if len(stripped) > LONGEST_PURPOSE:
        raise InvalidInput.in_field(field, f"查看事由最长 {LONGEST_PURPOSE} 个字")
    return stripped


def require_purpose(purpose: str, message: str) -> str:
    """Return *purpose* without space around it.

    :raises InvalidInput: it is longer than a record holds; or there is none, which *message* says, at field `purpose`.
    """
    checked = check_purpose(purpose)
    if not checked:
        raise InvalidInput.in_field("purpose", message)
    return checked


def record_access(connection: Connection, access: Access) -> None:
    """Add a look, in the transaction that must be committed before anything is shown."""
    connection.execute(insert(tables.access), asdict(access))


def read_accesses(
    connection: Connection, wanted: AccessFilter, *, limit: int, before: int | None = None
) -> Sequence[tuple[int, Access]]:
    """Return the newest looks with their ids, at most *limit* (and 501); *before* is the last id of the page before."""
    row = tables.access.c
    query = select(row.id, row.at, row.account, row.method, row.object, row.purpose, row.unmasked)
    query = query.where(_condition(wanted))
    if before is not None:
        query = query.where(row.id < before)
    page = query.order_by(row.id.desc()).limit(min(limit, MOST_ROWS))
    return [(found.id, Access(*found[1:])) for found in connection.execute(page)]


def objects_of(connection: Connection, wanted: AccessFilter, limit: int) -> frozenset[str]:
    """Return what was looked at, each object once, at most *limit*; lists that were taken out are none."""
    row = tables.access.c
    query = select(row.object).where(_condition(wanted), row.object != "").distinct().limit(limit)
    return frozenset(connection.scalars(query))


def _condition(wanted: AccessFilter) -> ColumnElement[bool]:
    row = tables.access.c
    conditions: list[ColumnElement[bool]] = []
    if wanted.accounts is not None:
        conditions.append(row.account.in_(wanted.accounts))
    if wanted.object:
        conditions.append(row.object == wanted.object)
    if wanted.objects is not None:
        conditions.append(row.object.in_(wanted.objects))
    if wanted.since is not None:
        conditions.append(row.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(row.at < wanted.until)
    if wanted.unmasked_only:
        conditions.append(row.unmasked)
    return and_(true(), *conditions)
