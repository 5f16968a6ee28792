"""Events as lines of a timeline, for people."""

from collections.abc import Iterator
from typing import Final

from xiezhi.v1 import event_pb2
from xiezhi_desk import bodies
from xiezhi_desk.fact_words import count_fact, fact_lines
from xiezhi_desk.masking import mask_outcomes
from xiezhi_desk.terms import PAPER_TYPES
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.court_time import to_text
from xiezhi_domain.errors import InvalidInput, Reason
from xiezhi_domain.events.header import Header, decode_header
from xiezhi_domain.events.kinds import words
from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.terms import EventKind
from xiezhi_journal.reading import HistoryRow

_NAMES_CONTACT: Final = frozenset(
    {EventKind.MATERIAL_ASKED, EventKind.DEFECT_TOLD, EventKind.WRONG_COURT_REPORTED}
)


def to_entry(row: HistoryRow, rules: KindRules | None) -> event_pb2.TimelineEntry:
    """Return the line of an event, read with its body; account numbers among findings are masked.

    Without *rules*, for a kind that this version does not know, reasons are shown as their codes.
    """
    header = decode_header(row.header)
    body = event_pb2.Body.FromString(row.body or b"")
    entry = event_pb2.TimelineEntry(
        event_id=row.event_id,
        kind=row.kind,
        words=words(row.kind),
        court=row.court,
        actor=bodies.actor_of(body).officer.name,
        claimed_at=to_timestamp(max(header.at, 0)),
        ruled_at=to_timestamp(row.ruled_at) if row.ruling else None,
        text="\n".join(_lines(header, body, rules)),
        sequence=row.seq if row.accepted else 0,
        log_index=row.log_index,
        pending=row.ruling is None,
        refusal_reason=reason_words(row.reason),
        documents=bodies.documents_of(body),
        outcomes=bodies.outcomes_of(body),
    )
    mask_outcomes(entry.outcomes)
    return entry


def reason_words(reason: str) -> str:
    """Return the reason of a refusal in Chinese; one of a later version is shown as it is."""
    try:
        return Reason(reason).zh if reason else ""
    except ValueError:
        return reason


def _lines(header: Header, body: event_pb2.Body, rules: KindRules | None) -> Iterator[str]:
    """Say what the event's parts and facts say beside its kind."""
    rejection_reasons = rules.rejection_reasons if rules else {}
    assignee = bodies.assignee_of(body).officer
    if assignee.name:
        yield f"办理人：{assignee.name}"
    if rules is not None:
        yield from fact_lines(header, rules)
    for rejection in bodies.rejections_of(body):
        why = rejection_reasons.get(rejection.reason, rejection.reason)
        yield f"办理项 {rejection.number}：{why}{'，' if rejection.note else ''}{rejection.note}"
    for paper in bodies.asked_papers_of(body):
        yield f"需补充：{_paper_word(paper.paper_type)}{'，' if paper.note else ''}{paper.note}"
    yield from _talk(header, body)
    text = bodies.prose_of(body).text
    if text:
        yield text


def _talk(header: Header, body: event_pb2.Body) -> Iterator[str]:
    """Say who was spoken to, or who is to be called."""
    contact = bodies.prose_of(body).contact
    phone = contact.phone or contact.mobile or "电话未填"
    held_at = bodies.held_at_of(body) or count_fact(header.facts, "called")
    if held_at:
        yield f"{to_text(held_at)} 与{contact.name}（{phone}）沟通"
    elif contact.name and header.kind in _NAMES_CONTACT:
        yield f"联系人：{contact.name}（{phone}）"


def _paper_word(number: int) -> str:
    try:
        return PAPER_TYPES.from_proto(number, "paper_type").zh
    except InvalidInput:
        return ""
