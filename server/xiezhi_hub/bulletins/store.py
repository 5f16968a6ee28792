"""Bulletins and objections as rows."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, update

from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.terms import BulletinState
from xiezhi_journal.reading import Page
from xiezhi_journal.reading.paging import token_after
from xiezhi_journal.tables import bulletin, data_objection


@dataclass(frozen=True, slots=True)
class StoredBulletin:
    """A row of `bulletin`. Times are in ms, 0 where there is none."""

    bulletin_id: str
    state: BulletinState
    first_day: str
    last_day: str
    log_size: int
    content: bytes
    drawn_up_by: str
    drawn_up_at: int
    objections_until: int
    published_at: int = 0
    event_id: str = ""


@dataclass(frozen=True, slots=True)
class Objection:
    """A row of `data_objection`; `indicator` is empty where the whole is meant."""

    objection_id: str
    bulletin_id: str
    court: str
    indicator: str
    text: str
    filed_at: int
    upheld: bool = False
    answer: str = ""
    answered_by: str = ""
    answered_at: int = 0


def add_bulletin(connection: Connection, row: StoredBulletin) -> None:
    """Add a bulletin."""
    connection.execute(insert(bulletin), asdict(row))


def get_bulletin(connection: Connection, bulletin_id: str) -> StoredBulletin:
    """Return a bulletin.

    :raises NotFound: UNKNOWN_BULLETIN.
    """
    row = connection.execute(select(bulletin).where(bulletin.c.bulletin_id == bulletin_id)).one_or_none()
    if row is None:
        raise NotFound(Reason.UNKNOWN_BULLETIN)
    return _bulletin(row)


def list_bulletins(
    connection: Connection, page: Page, also: ColumnElement[bool]
) -> tuple[list[StoredBulletin], str]:
    """Return a page of the bulletins for which *also* holds, newest first, and the token of the next page.

    :raises InvalidInput: a token of another list.
    """
    query = select(bulletin).where(also).order_by(bulletin.c.bulletin_id.desc())
    after = page.after(str)
    if after is not None:
        query = query.where(bulletin.c.bulletin_id < after[0])
    rows = [_bulletin(row) for row in connection.execute(query.limit(page.size + 1))]
    shown = rows[: page.size]
    return shown, token_after(shown[-1].bulletin_id) if len(rows) > page.size else ""


def change_bulletin(connection: Connection, bulletin_id: str, **values: Any) -> None:
    """Change columns of a bulletin."""
    connection.execute(update(bulletin).where(bulletin.c.bulletin_id == bulletin_id).values(**values))


def add_objection(connection: Connection, row: Objection) -> None:
    """Add an objection."""
    connection.execute(insert(data_objection), asdict(row))


def get_objection(connection: Connection, objection_id: str) -> Objection:
    """Return an objection.

    :raises NotFound: UNKNOWN_BULLETIN.
    """
    table = data_objection
    row = connection.execute(select(table).where(table.c.objection_id == objection_id)).one_or_none()
    if row is None:
        raise NotFound(Reason.UNKNOWN_BULLETIN, "找不到该数据异议，请核对")
    return _objection(row)


def objections_to(connection: Connection, bulletin_id: str, court: str = "") -> list[Objection]:
    """Return the objections to a bulletin, those of *court* or all, oldest first."""
    table = data_objection
    query = select(table).where(table.c.bulletin_id == bulletin_id).order_by(table.c.objection_id)
    if court:
        query = query.where(table.c.court == court)
    return [_objection(row) for row in connection.execute(query)]


def answer_objection(connection: Connection, answered: Objection) -> None:
    """Store the answer to an objection."""
    table = data_objection
    values = {name: getattr(answered, name) for name in ("upheld", "answer", "answered_by", "answered_at")}
    connection.execute(update(table).where(table.c.objection_id == answered.objection_id).values(**values))


def _bulletin(row: Any) -> StoredBulletin:
    values = {field.name: getattr(row, field.name) for field in fields(StoredBulletin)}
    return StoredBulletin(**{**values, "state": BulletinState(row.state)})


def _objection(row: Any) -> Objection:
    return Objection(**{field.name: getattr(row, field.name) for field in fields(Objection)})
