"""A 督办 as the court that is urged sees it."""

from sqlalchemy import Connection

from xiezhi.v1 import urge_pb2
from xiezhi_desk.urges import add_history
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.terms import Kind
from xiezhi_journal.reading import history, read_summary
from xiezhi_node.instructions.summaries import to_summary
from xiezhi_node.seat import Seat
from xiezhi_node.urged.store import find_reply


def read_urge(connection: Connection, seat: Seat, instruction: str, now: int) -> urge_pb2.Urge:
    """Return the 督办 as it stands at *now* (ms), with the reply that waits.

    :raises NotFound: UNKNOWN_INSTRUCTION, it is none.
    """
    row = read_summary(connection, instruction)
    if row is None or row.kind != Kind.SUPERVISION:
        raise NotFound(Reason.UNKNOWN_INSTRUCTION, "找不到该督办，请核对编号")
    urge = urge_pb2.Urge(summary=to_summary(row, seat, now))
    add_history(urge, history(connection, instruction, bodies=True))
    waiting = find_reply(connection, instruction)
    if waiting is not None:
        urge.reply_draft.MergeFromString(waiting.content)
        urge.reply_remark = waiting.remark
        urge.reply_draft_hash = waiting.content_hash
    return urge
