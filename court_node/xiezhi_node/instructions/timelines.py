"""Events as lines of a timeline, for people."""

from collections.abc import Iterator

from xiezhi.v1 import event_pb2
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.court_time import to_text
from xiezhi_domain.errors import Reason
from xiezhi_domain.events.header import Header, decode_header
from xiezhi_domain.events.kinds import words
from xiezhi_domain.ladder.facts import text_fact
from xiezhi_domain.rulebook import KindRules
from xiezhi_journal.reading import HistoryRow
from xiezhi_node import bodies
from xiezhi_node.cases.masking import mask_outcomes


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
    return_reasons = rules.return_reasons if rules else {}
    rejection_reasons = rules.rejection_reasons if rules else {}
    assignee = bodies.assignee_of(body).officer
    if assignee.name:
        yield f"办理人：{assignee.name}"
    reason = text_fact(header.facts, "reason")
    if reason:
        yield f"理由：{return_reasons.get(reason, reason)}"
    for rejection in bodies.rejections_of(body):
        why = rejection_reasons.get(rejection.reason, rejection.reason)
        yield f"办理项 {rejection.number}：{why}{'，' if rejection.note else ''}{rejection.note}"
    held_at = bodies.held_at_of(body)
    if held_at:
        counterpart = bodies.prose_of(body).contact
        phone = counterpart.phone or counterpart.mobile or "电话未填"
        yield f"{to_text(held_at)} 与{counterpart.name}（{phone}）沟通"
    text = bodies.prose_of(body).text
    if text:
        yield text
