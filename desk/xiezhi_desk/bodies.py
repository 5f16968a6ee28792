"""What the parts of a body say (ADR 0001).

A part that was erased, that is not there, or that this version cannot read, reads as empty: what one court has
written must not keep another from its own matters.
"""

from collections.abc import Sequence
from typing import Final, TypeVar

from google.protobuf.message import DecodeError, Message
from google.protobuf.timestamp_pb2 import Timestamp

from xiezhi.v1 import case_pb2, document_pb2, event_pb2, item_pb2, party_pb2
from xiezhi_journal.proofs import part_content
from xiezhi_wire.times import is_time

HELD_AT: Final = "held_at"
"""The part of a logged contact that says when the talk was held; a `google.protobuf.Timestamp`."""

ASKED_PAPERS: Final = "asked_papers"
"""The part of a request for papers that names all of them; an `AskedPaperList`."""


MessageT = TypeVar("MessageT", bound=Message)


def subjects_of(body: event_pb2.Body) -> list[party_pb2.Subject]:
    """Return the subjects that an order is about."""
    return [_read(party_pb2.Subject, content) for content in _contents(body, "subject/")]


def items_of(body: event_pb2.Body) -> list[item_pb2.Item]:
    """Return the items that an order has."""
    return [_read(item_pb2.Item, content) for content in _contents(body, "item/")]


def case_of(body: event_pb2.Body) -> case_pb2.Case:
    """Return the case of an order with those of its subjects that the order is about."""
    case = read_part(case_pb2.Case, body, "case")
    case.subjects.extend(subjects_of(body))
    return case


def prose_of(body: event_pb2.Body) -> event_pb2.Prose:
    """Return what was written, and the contact named."""
    return read_part(event_pb2.Prose, body, "prose")


def actor_of(body: event_pb2.Body) -> event_pb2.Actor:
    """Return who acted."""
    return read_part(event_pb2.Actor, body, "actor")


def assignee_of(body: event_pb2.Body) -> event_pb2.Actor:
    """Return to whom an assignment gives the matter."""
    return read_part(event_pb2.Assignment, body, "assignment").assignee


def approval_of(body: event_pb2.Body) -> event_pb2.ApprovalRecord:
    """Return who approved an order and who sealed it."""
    return read_part(event_pb2.ApprovalRecord, body, "approval")


def documents_of(body: event_pb2.Body) -> Sequence[document_pb2.Document]:
    """Return the documents that an event names."""
    return read_part(event_pb2.DocumentList, body, "documents").documents


def held_at_of(body: event_pb2.Body) -> int:
    """Return when a talk was held, in ms since 1970; 0 where the event is none."""
    held_at = read_part(Timestamp, body, HELD_AT)
    return held_at.ToMilliseconds() if held_at.seconds > 0 and is_time(held_at) else 0


def outcomes_of(body: event_pb2.Body) -> Sequence[item_pb2.ItemOutcome]:
    """Return the outcomes that an event reports."""
    return read_part(event_pb2.OutcomeList, body, "outcomes").outcomes


def asked_papers_of(body: event_pb2.Body) -> Sequence[event_pb2.AskedPaper]:
    """Return the papers that a receiver asks for."""
    return read_part(event_pb2.AskedPaperList, body, ASKED_PAPERS).papers


def rejections_of(body: event_pb2.Body) -> Sequence[item_pb2.ItemRejection]:
    """Return the items whose result an event does not accept."""
    return read_part(event_pb2.RejectionList, body, "rejections").rejections


def read_part(message: type[MessageT], body: event_pb2.Body, name: str) -> MessageT:
    """Return the part of this name."""
    return _read(message, part_content(body, name))


def _read(message: type[MessageT], content: bytes) -> MessageT:
    try:
        read = message.FromString(content)
    except DecodeError:
        return message()
    _leave_out_no_times(read)
    return read


def _leave_out_no_times(message: Message) -> None:
    """Unset what no calendar has as a time: whoever came to show it would fail."""
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        parts = value if field.is_repeated else [value]
        if field.message_type is not Timestamp.DESCRIPTOR:
            for part in parts:
                _leave_out_no_times(part)
        elif not all(map(is_time, parts)):
            message.ClearField(field.name)


def _contents(body: event_pb2.Body, prefix: str) -> list[bytes]:
    return [part.content for part in body.parts if part.name.startswith(prefix) and part.content]
