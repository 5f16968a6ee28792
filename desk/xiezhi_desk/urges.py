"""What was said in the history of a 督办: the same at the hub and at the court that is urged."""

from collections.abc import Iterable

from xiezhi.v1 import event_pb2, urge_pb2
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.terms import EventKind
from xiezhi_journal.proofs import named_documents, part_content
from xiezhi_journal.reading import HistoryRow


def add_history(urge: urge_pb2.Urge, rows: Iterable[HistoryRow]) -> None:
    """Add order, approval, replies and what is asked for, from events read with their bodies; not from refused ones."""
    for row in rows:
        if row.accepted is not False:
            _add(urge, row, event_pb2.Body.FromString(row.body or b""))


def _add(urge: urge_pb2.Urge, row: HistoryRow, body: event_pb2.Body) -> None:
    match row.kind:
        case EventKind.ISSUED:
            urge.order.MergeFromString(part_content(body, "urge"))
            urge.order.documents.extend(named_documents(body))
            urge.approval.MergeFromString(part_content(body, "approval"))
        case EventKind.SUPERVISION_REPLIED:
            urge.replies.append(urge_pb2.UrgeReply.FromString(part_content(body, "reply")))
        case EventKind.EXTENSION_ASKED:
            due = decode_header(row.header).facts.get("due")
            if isinstance(due, int):
                urge.asked_due_at.CopyFrom(to_timestamp(due))
        case EventKind.EXTENSION_GRANTED | EventKind.EXTENSION_REFUSED:
            urge.ClearField("asked_due_at")
