"""A 督办 with what became of it, put together from its history."""

from sqlalchemy import Connection

from xiezhi.v1 import urge_pb2
from xiezhi_desk.urges import add_history
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.terms import Kind
from xiezhi_hub.supervision.summary import to_summary
from xiezhi_journal.reading import history, is_overdue, read_summary


def read_urge(connection: Connection, instruction: str, now: int) -> urge_pb2.Urge:
    """Return the 督办 as it stands at *now* (ms).

    :raises NotFound: UNKNOWN_INSTRUCTION, there is none.
    """
    row = read_summary(connection, instruction)
    if row is None or row.kind != Kind.SUPERVISION:
        raise NotFound(Reason.UNKNOWN_INSTRUCTION, "找不到该督办，请核对编号")
    urge = urge_pb2.Urge(summary=to_summary(row, late=is_overdue(row, now)))
    add_history(urge, history(connection, instruction, bodies=True))
    return urge
