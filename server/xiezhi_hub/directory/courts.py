"""The courts of the directory as rows."""

from collections.abc import Iterable

from sqlalchemy import Connection, select, update

from xiezhi.v1 import court_pb2
from xiezhi_desk.directory import court_message
from xiezhi_domain.courts import Court, CourtTree
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.terms import CourtLevel
from xiezhi_journal.bulk import insert_rows, upsert_rows
from xiezhi_journal.tables import court as table
from xiezhi_journal.tables import link_gap

_SOURCE = "directory"


def courts_of_hub(tree: CourtTree, code: str) -> list[Court]:
    """Return the courts that a hub of *code* has to know: those that it serves, and its superiors."""
    below = tree.subtree(code)
    return [court for court in tree if court.code in below] + list(tree.superiors(code))


def add_courts(connection: Connection, courts: Iterable[Court]) -> None:
    """Add courts, none of which has joined."""
    rows = [(court.code, court.name, str(court.level), court.superior or "", 0, 0) for court in courts]
    insert_rows(connection, table, rows)


def read_tree(connection: Connection) -> CourtTree:
    """Return the tree of the directory."""
    return CourtTree(
        Court(row.code, row.name, CourtLevel(row.level), row.superior or None, None, None, _SOURCE)
        for row in connection.execute(select(table).order_by(table.c.code))
    )


def get_court(connection: Connection, code: str) -> court_pb2.Court:
    """Return one court.

    :raises NotFound: UNKNOWN_COURT.
    """
    row = connection.execute(select(table).where(table.c.code == code)).one_or_none()
    if row is None:
        raise NotFound(Reason.UNKNOWN_COURT, f"没有这个法院代字：{code}，请核对", metadata={"court": code})
    return court_message(row)


def note_back(connection: Connection, code: str, at: int, gap_ms: int) -> None:
    """Note that the court's node has connected again at *at* (ms), and a gap in the record of the link before it.

    What is shorter than *gap_ms* is no gap: that is how often the record is written.
    """
    heard = connection.scalar(select(table.c.heard_at).where(table.c.code == code)) or 0
    if heard and at - heard > gap_ms:
        upsert_rows(connection, link_gap, [(code, heard, at)])
    note_heard(connection, code, at)


def note_heard(connection: Connection, code: str, at: int) -> None:
    """Note that the court's node was heard at *at* (ms since 1970)."""
    connection.execute(update(table).where(table.c.code == code, table.c.heard_at < at).values(heard_at=at))
