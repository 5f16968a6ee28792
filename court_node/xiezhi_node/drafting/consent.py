"""Consents by word of mouth to urgent matters, and their writing afterwards (practice.md §13)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import msgspec

from xiezhi.v1 import event_pb2
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import Conflict, NotAllowed, NotFound, Reason, WrongState
from xiezhi_domain.ladder.drafting import Consenter
from xiezhi_domain.terms import Action, EventKind, State
from xiezhi_journal.ledger import Ledger
from xiezhi_node.acting.act import Act, MoveTaken, Person
from xiezhi_node.drafting.chain import asked_by
from xiezhi_node.drafting.store import Draft, add_step, find_draft, put_draft
from xiezhi_node.drafting.works import DraftRequest, add_approval, drafted

Spoken = event_pb2.Approval | event_pb2.ApprovalRecord
"""An approval that was given by word of mouth, with the same fields in a record as beside it."""


def spoken_in(record: event_pb2.ApprovalRecord) -> Iterator[Spoken]:
    """Give the approvals that were given by word of mouth, oldest first; they may be changed in place."""
    yield from (each for each in record.earlier_approvals if each.HasField("oral"))
    if record.HasField("oral"):
        yield record


def awaits_writing(record: event_pb2.ApprovalRecord) -> bool:
    """Return whether a consent is not in writing yet."""
    return any(not each.oral.HasField("written_at") for each in spoken_in(record))


@dataclass(frozen=True, slots=True)
class SpokenConsent:
    """What an approver said: when (ms since 1970), how, in which words."""

    approver: Person
    at: int
    manner: str
    opinion: str


@dataclass(frozen=True, slots=True)
class RecordConsent:
    """Work for the writer: a consent by word of mouth takes the place of an approval of the draft `checked`."""

    request: DraftRequest
    consent: SpokenConsent
    checked: Draft
    urgent: bool

    def prepare(self, ledger: Ledger) -> None:
        """Ask for what it needs."""
        self.request.prepare(ledger)

    def run(self, ledger: Ledger) -> bytes:
        """Note it down."""
        request, consent = self.request, self.consent
        answered = ledger.answered(request.request)
        if answered is not None:
            return answered
        matter, draft = drafted(ledger, request)
        if draft != self.checked:
            raise Conflict(Reason.STALE_BASE, "草稿刚刚被修改，请刷新后重新登记")
        approver = consent.approver
        asked = asked_by(draft)._replace(urgent=self.urgent)
        consenter = Consenter(approver.account_id, approver.roles)
        after = request.advance(ledger, matter, Action.RECORD_CONSENT, draft.author, asked, consenter)
        record = draft.approval_record
        oral = event_pb2.OralConsent(
            recorded_by=request.person.actor, recorded_at=to_timestamp(ledger.now), manner=consent.manner
        )
        add_approval(record, approver.actor, consent.at, consent.opinion, oral)
        step = request.step(ledger, Action.RECORD_CONSENT, f"{approver.actor.officer.name}：{consent.manner}")
        return request.store(ledger, after, replace(draft, approval=record.SerializeToString()), step)


@dataclass(frozen=True, slots=True)
class WriteConsent:
    """Work for the writer: who consented by word of mouth puts it in writing.

    The other court is told once the last of several has written; not at all where nothing was sent before that.
    """

    request: DraftRequest
    opinion: str
    base_event_id: str = ""

    def prepare(self, ledger: Ledger) -> None:
        """Ask for what it needs."""
        self.request.prepare(ledger)

    def run(self, ledger: Ledger) -> bytes:
        """Write it."""
        request = self.request
        answered = ledger.answered(request.request)
        if answered is not None:
            return answered
        matter, draft = ledger.matter(request.instruction), find_draft(ledger.connection, request.instruction)
        if matter is None or draft is None:
            raise NotFound(Reason.UNKNOWN_INSTRUCTION)
        if matter.state is State.DISCARDED:
            raise WrongState(Reason.WRONG_STATE)
        record = draft.approval_record
        self._write(record, ledger.now)
        written = replace(draft, approval=record.SerializeToString())
        step = request.step(ledger, Action.WRITE_CONSENT, self.opinion)
        if matter.local_state is not None or awaits_writing(record):
            return request.store(
                ledger, msgspec.structs.replace(matter, updated_at=ledger.now), written, step
            )
        response = self._tell(record).run(ledger)
        put_draft(ledger.connection, written)
        add_step(ledger.connection, step)
        return response

    def _write(self, record: event_pb2.ApprovalRecord, now: int) -> None:
        own = [
            each
            for each in spoken_in(record)
            if each.approved_by.account_id == self.request.person.account_id
        ]
        if not own:
            raise NotAllowed(Reason.FORBIDDEN, "该事项没有登记过您的口头同意，应由口头同意的审批人本人补办")
        for each in own:
            each.oral.written_at.CopyFrom(to_timestamp(now))
            each.opinion = self.opinion

    def _tell(self, record: event_pb2.ApprovalRecord) -> Act:
        request = self.request
        prose = event_pb2.Prose(text=self.opinion)
        parts = [("approval", record.SerializeToString()), ("prose", prose.SerializeToString())]
        return Act(
            request.seat,
            request.request,
            request.person,
            request.instruction,
            [MoveTaken(EventKind.CONSENT_WRITTEN, parts=parts)],
            self.base_event_id,
        )
