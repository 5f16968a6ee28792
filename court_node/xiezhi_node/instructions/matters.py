"""One matter with everything around it, read at once on a reader's connection."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from xiezhi.v1 import court_pb2, event_pb2, instruction_pb2, item_pb2
from xiezhi_desk import bodies
from xiezhi_desk.timelines import reason_words
from xiezhi_domain.court_time import to_text
from xiezhi_domain.ladder import Instruction
from xiezhi_domain.rulebook import Rulebook
from xiezhi_domain.terms import EventKind, State
from xiezhi_journal import tables
from xiezhi_journal.matter import Rulebooks, from_row
from xiezhi_journal.reading import HistoryRow, history, read_summary
from xiezhi_node.confidentiality import find_visible
from xiezhi_node.documents import documents_of
from xiezhi_node.drafting.consent import spoken_in
from xiezhi_node.drafting.store import Draft, find_draft, find_last_step
from xiezhi_node.instructions.offers import Offers, draft_offers
from xiezhi_node.instructions.summaries import to_summary
from xiezhi_node.ordering.convert import read_order
from xiezhi_node.ordering.order_type import OrderMessage, items_of_order
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller


@dataclass(frozen=True, slots=True)
class Seen:
    """A matter as one reader gets it, numbers in full, and its order."""

    instruction: instruction_pb2.Instruction
    order: OrderMessage


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, where, and when (ms since 1970)."""

    seat: Seat
    rulebooks: Rulebooks
    caller: Caller
    now: int

    def rulebook_of(self, view: Instruction | None) -> Rulebook:
        """Return the rulebook that a matter pins; the one in force for a draft, or while the pinned one is not here."""
        return self.seat.rulebooks.pinned(view.rulebook if view else "")


def read_matter(connection: Connection, reader: Reader, instruction: str) -> Seen:
    """Return the matter.

    :raises NotFound: UNKNOWN_INSTRUCTION, there is none for this reader.
    """
    row = find_visible(connection, reader.caller, reader.seat.rulebook, instruction)
    view = from_row(row, ()).view
    events = _Events(history(connection, instruction, bodies=True))
    draft = find_draft(connection, instruction) if row.sent else None
    if view is None and draft is not None:
        order, approval = draft.body, draft.approval_record
    else:
        order = events.order
        approval = events.approval
    message = _instruction(connection, reader, row, order, _urgency_codes(reader, row, view))
    message.outcomes.extend(_outcomes(events, view))
    message.approval.CopyFrom(approval)
    message.receiver_contact.CopyFrom(events.contact_at(row.receiver))
    _add_view(message, view)
    urgent = message.urgency == instruction_pb2.URGENCY_URGENT
    message.actions.extend(_offers(reader, row, view, draft, events, urgent=urgent))
    if row.state == State.DISCARDED:
        message.returned_reason = _discarded(connection, row.instruction)
    elif draft is not None and draft.author == reader.caller.account_id:
        message.returned_reason = _returned_reason(connection, row, draft)
    return Seen(message, read_order(row.kind, order))


def _urgency_codes(reader: Reader, row: Row[Any], view: Instruction | None) -> Mapping[str, str]:
    """Return the words for the codes of urgency; none for a kind that this version does not know."""
    known = reader.rulebook_of(view).kinds.get(row.kind)
    return known.reasons.get("urgency", {}) if known else {}


def _instruction(
    connection: Connection, reader: Reader, row: Row[Any], body: event_pb2.Body, urgencies: Mapping[str, str]
) -> instruction_pb2.Instruction:
    """Return what the order says; *urgencies* are the words for why it is urgent."""
    summary = read_summary(connection, row.instruction)
    assert summary is not None, "the row was just read in this transaction"
    order, prose = read_order(row.kind, body), bodies.prose_of(body)
    urgency = (urgencies.get(order.urgency_code, order.urgency_code), order.urgency_reason)
    return instruction_pb2.Instruction(
        summary=to_summary(summary, reader.seat, reader.now),
        case_file=bodies.case_of(body),
        items=items_of_order(order),
        documents=documents_of(connection, row.instruction),
        request_text=order.request_text,
        urgency=order.urgency or instruction_pb2.URGENCY_NORMAL,
        urgency_reason="：".join(words for words in urgency if words),
        urgency_code=order.urgency_code,
        limit_days=order.limit_days,
        sender_contact=prose.contact,
    )


def _add_view(message: instruction_pb2.Instruction, view: Instruction | None) -> None:
    if view is not None:
        message.limit_days = view.limit_days
        message.rulebook = view.rulebook
        message.hub_origin = view.hub


def _outcomes(events: "_Events", view: Instruction | None) -> list[item_pb2.ItemOutcome]:
    """Return the last outcome of each item that still has one.

    A report without an outcome adds to what was reported before; a rejected outcome is gone.
    """
    folded: dict[int, item_pb2.ItemOutcome] = {}
    for _, body in events.valid:
        for rejection in bodies.rejections_of(body):
            folded.pop(rejection.number, None)
        for outcome in bodies.outcomes_of(body):
            if not outcome.outcome and outcome.number in folded:
                folded[outcome.number].MergeFrom(outcome)
            else:
                folded[outcome.number] = outcome
    return [folded[number] for number in sorted(folded) if view is None or number in view.items]


def _offers(
    reader: Reader,
    row: Row[Any],
    view: Instruction | None,
    draft: Draft | None,
    events: "_Events",
    *,
    urgent: bool,
) -> Sequence[instruction_pb2.ActionOffer]:
    caller = reader.caller
    if view is not None:
        rulebook = reader.rulebook_of(view)
        proposed_by = events.last_actor(EventKind.RETURN_PROPOSED).account_id
        recused = events.actors(EventKind.RECUSED, reader.seat.court)
        spoken = spoken_in(draft.approval_record) if draft else ()
        consented = frozenset(each.approved_by.account_id for each in spoken)
        offers = Offers(reader.seat, rulebook, caller, view, proposed_by, recused, consented, reader.now)
        return list(offers.all())
    rules = reader.seat.rulebook.rules(row.kind, row.sender, row.receiver)
    author = draft.author if draft else ""
    return list(draft_offers(State(row.state), rules, caller, author, urgent=urgent))


def _returned_reason(connection: Connection, row: Row[Any], draft: Draft) -> str:
    if row.state != State.REFUSED_BY_HUB:
        return draft.remark
    work = tables.returned_work.c
    query = select(work.reason).where(work.instruction == row.instruction).order_by(work.returned_at.desc())
    return reason_words(connection.scalar(query.limit(1)) or "")


def _discarded(connection: Connection, instruction: str) -> str:
    """Say who discarded a draft, when and why."""
    step = find_last_step(connection, instruction)
    if step is None:
        return ""
    words = f"{step.name} 于 {to_text(step.at)} {step.action.zh}"
    return f"{words}：{step.remark}" if step.remark else words


class _Events:
    """The events of a matter with their bodies, oldest first; refused ones say nothing about it any more."""

    def __init__(self, rows: Sequence[HistoryRow]) -> None:
        self.all = [(row, event_pb2.Body.FromString(row.body or b"")) for row in rows]
        self.valid = [(row, body) for row, body in self.all if row.accepted is not False]

    @property
    def order(self) -> event_pb2.Body:
        """The body of the event that began the matter; a refused one where there is no other."""
        issued = [body for row, body in self.valid or self.all if row.kind == EventKind.ISSUED]
        return issued[-1] if issued else event_pb2.Body()

    @property
    def approval(self) -> event_pb2.ApprovalRecord:
        """Return how it was approved, consents that were put in writing after it was sent included."""
        written = self._last_bodies().get(EventKind.CONSENT_WRITTEN)
        return bodies.approval_of(written if written is not None else self.order)

    def contact_at(self, court: str) -> court_pb2.Officer:
        """Return who works on it at the receiving *court*, or who signed for it there."""
        assigned = [
            officer
            for row, body in self.valid
            if row.court == court and (officer := bodies.assignee_of(body).officer).name
        ]
        return assigned[-1] if assigned else self.last_actor(EventKind.SIGNED).officer

    def actors(self, kind: EventKind, court: str) -> frozenset[str]:
        """Return the accounts of *court* that made events of *kind*."""
        return frozenset(
            bodies.actor_of(body).account_id
            for row, body in self.valid
            if row.kind == kind and row.court == court
        )

    def last_actor(self, kind: EventKind) -> event_pb2.Actor:
        """Return who made the last event of *kind*; empty if there is none."""
        return bodies.actor_of(self._last_bodies().get(kind, event_pb2.Body()))

    def _last_bodies(self) -> Mapping[str, event_pb2.Body]:
        return {row.kind: body for row, body in self.valid}
