"""Each action on a matter as work for the writer, prepared and checked on a reader's connection."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from xiezhi.v1 import court_pb2, event_pb2, instruction_service_pb2, item_pb2
from xiezhi_desk import bodies
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.clocks.period import end_of_period
from xiezhi_domain.errors import InvalidInput, NotFound, Reason, WrongState
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.ladder import Instruction
from xiezhi_domain.ladder.explain import as_error
from xiezhi_domain.ladder.refusal import not_on_the_ladder
from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.terms import EventKind
from xiezhi_journal.ledger import RequestKey
from xiezhi_journal.matter import Rulebooks, from_row
from xiezhi_node.acting.act import Act, MoveTaken
from xiezhi_node.confidentiality import find_visible
from xiezhi_node.documents import documents_by_matter
from xiezhi_node.drafting.consent import RecordConsent, SpokenConsent, WriteConsent
from xiezhi_node.drafting.discard import Discard
from xiezhi_node.drafting.works import Approve, RejectApproval
from xiezhi_node.fields import LONGEST_LINE, LONGEST_TEXT, Fields
from xiezhi_node.instructions.checks import (
    CLOCK_TOLERANCE_MS,
    check_contact,
    check_reason,
    check_rejections,
)
from xiezhi_node.instructions.parts import part, prose
from xiezhi_node.instructions.reporting import Report, Reporting
from xiezhi_node.ordering.drafts import Drafting, drafting
from xiezhi_node.people import approver_of, assignee_of, person_of
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts on which matter, and what he had seen of it. `now` is ms since 1970."""

    seat: Seat
    rulebooks: Rulebooks
    caller: Caller
    key: RequestKey
    instruction: str
    now: int
    base_event_id: str = ""

    def work(self, connection: Connection, *moves: MoveTaken) -> Act:
        """Return the work that takes *moves*.

        :raises NotFound: UNKNOWN_INSTRUCTION, there is no such matter for the caller.
        """
        find_visible(connection, self.caller, self.seat.rulebook, self.instruction)
        person = person_of(connection, self.caller)
        return Act(self.seat, self.key, person, self.instruction, moves, self.base_event_id)

    def history(self, connection: Connection) -> tuple[Instruction, KindRules]:
        """Return the matter as it stands, pending events included, and the rules that it pins.

        :raises NotFound: UNKNOWN_INSTRUCTION; RULEBOOK_UNKNOWN.
        :raises WrongState: it was never issued.
        """
        row = find_visible(connection, self.caller, self.seat.rulebook, self.instruction)
        view = from_row(row, ()).view
        if view is None:
            raise WrongState(Reason.WRONG_STATE, "事项尚未推送，不能进行此操作")
        rulebook = self.rulebooks.get(view.rulebook)
        if rulebook is None:
            raise NotFound(Reason.RULEBOOK_UNKNOWN, metadata={"rulebook": view.rulebook})
        return view, rulebook.rules(view.kind, view.sender, view.receiver)

    def present(self, connection: Connection) -> frozenset[bytes]:
        """Return the hashes of the documents that lie here for the matter."""
        return frozenset(documents_by_matter(connection, [self.instruction])[self.instruction])

    def drafting(self, connection: Connection) -> Drafting:
        """Return the step on the matter's draft.

        :raises NotFound: UNKNOWN_INSTRUCTION.
        """
        find_visible(connection, self.caller, self.seat.rulebook, self.instruction)
        return drafting(connection, self.seat, self.caller, self.key, self.instruction, self.now)


# --- Inside the sender's court ---------------------------------------------------------------------------------------


def approve(connection: Connection, acting: Acting, opinion: str) -> Approve:
    """Return the work of 同意."""
    _check_text("opinion", opinion)
    return Approve(acting.drafting(connection).request, opinion.strip())


def reject_approval(connection: Connection, acting: Acting, opinion: str) -> RejectApproval:
    """Return the work of 不同意; it says why."""
    _check_text("opinion", opinion, "不同意的理由")
    return RejectApproval(acting.drafting(connection).request, opinion.strip())


def discard(connection: Connection, acting: Acting, reason: str) -> Discard:
    """Return the work of 废弃草稿."""
    _check_text("reason", reason)
    return Discard(acting.drafting(connection).request, acting.caller.accounts, reason.strip())


def record_consent(
    connection: Connection, acting: Acting, request: instruction_service_pb2.RecordConsentRequest
) -> RecordConsent:
    """Return the work of 登记口头同意: who consented, when, how (practice.md §13)."""
    fields = Fields()
    fields.require_text("manner", request.manner, "同意的方式，例如电话", LONGEST_LINE)
    fields.limit_text("opinion", request.opinion, LONGEST_TEXT)
    at = request.consented_at.ToMilliseconds() if request.HasField("consented_at") else acting.now
    if not 0 <= at <= acting.now + CLOCK_TOLERANCE_MS:
        fields.add("consented_at", "时间不能晚于现在")
    step = acting.drafting(connection)
    with fields.collecting():
        approver = approver_of(connection, request.approver_account_id, "approver_account_id")
    fields.require_none()
    consent = SpokenConsent(approver, at, request.manner.strip(), request.opinion.strip())
    return step.consent(connection, consent)


def write_consent(connection: Connection, acting: Acting, opinion: str) -> WriteConsent:
    """Return the work of 补办书面同意."""
    _check_text("opinion", opinion, "书面同意的意见")
    return WriteConsent(acting.drafting(connection).request, opinion.strip(), acting.base_event_id)


# --- The sender ------------------------------------------------------------------------------------------------------


def withdraw(connection: Connection, acting: Acting, reason: str) -> Act:
    """Return the work of 撤回."""
    _check_text("reason", reason, "撤回的理由")
    return acting.work(connection, MoveTaken(EventKind.WITHDRAWN, parts=prose(reason)))


def confirm(connection: Connection, acting: Acting, text: str) -> Act:
    """Return the work of 确认办结."""
    _check_text("text", text)
    return acting.work(connection, MoveTaken(EventKind.CONFIRMED, parts=prose(text)))


def reject_result(
    connection: Connection, acting: Acting, rejections: Sequence[item_pb2.ItemRejection], text: str
) -> Act:
    """Return the work of 退回重办 of single items."""
    view, rules = acting.history(connection)
    fields = Fields()
    rejected = check_rejections(fields, rejections, view.outcomes, rules.rejection_reasons)
    fields.limit_text("text", text, LONGEST_TEXT)
    fields.require_none()
    facts: JsonObject = {"rejections": rejected}
    if "due" in rules.moves[EventKind.RESULT_REJECTED].fact_names:
        facts["due"] = _redo_due(acting, view, rules)
    parts = [*prose(text), part("rejections", event_pb2.RejectionList(rejections=rejections))]
    return acting.work(connection, MoveTaken(EventKind.RESULT_REJECTED, facts=facts, parts=parts))


def _redo_due(acting: Acting, view: Instruction, rules: KindRules) -> int:
    """Return until when (ms) the work is done again: what is left, or the redo time if longer (practice.md §7)."""
    redo = rules.limits["redo"]
    return max(view.due, end_of_period(acting.now, redo.amount, redo.unit, acting.seat.calendar))


# --- The receiver ----------------------------------------------------------------------------------------------------


def sign(connection: Connection, acting: Acting) -> Act:
    """Return the work of 签收."""
    return acting.work(connection, MoveTaken(EventKind.SIGNED))


def assign(connection: Connection, acting: Acting, account_id: str, note: str) -> Act:
    """Return the work of 分派, with 签收 before it where that was not done."""
    _check_text("note", note)
    assignee = assignee_of(connection, account_id, "assignee_account_id")
    assigned = MoveTaken(
        EventKind.ASSIGNED,
        parts=[*prose(note), part("assignment", event_pb2.Assignment(assignee=assignee))],
        assignee=(assignee.account_id, assignee.officer.name),
    )
    view, rules = acting.history(connection)
    signing = rules.moves.get(EventKind.SIGNED)
    if signing is None or view.state not in signing.origins:
        return acting.work(connection, assigned)
    return acting.work(connection, MoveTaken(EventKind.SIGNED, only_in=view.state), assigned)


def hand_back(connection: Connection, acting: Acting, reason: str) -> Act:
    """Return the work of 退回分派; nobody has the matter after it."""
    _check_text("reason", reason, "退回分派的理由")
    move = MoveTaken(EventKind.HANDED_BACK, parts=prose(reason), assignee=("", ""))
    return acting.work(connection, move)


def report_progress(connection: Connection, acting: Acting, report: Report) -> Act:
    """Return the work of 填报进展."""
    if not report.text.strip() and not report.outcomes:
        raise InvalidInput.in_field("text", "请填写进展或办理项的结果")
    move = _reported(connection, acting, report, EventKind.PROGRESS_REPORTED)
    return acting.work(connection, move)


def complete(connection: Connection, acting: Acting, report: Report) -> Act:
    """Return the work of 办结反馈."""
    move = _reported(connection, acting, report, EventKind.COMPLETED)
    return acting.work(connection, move)


def propose_return(
    connection: Connection, acting: Acting, reason: str, text: str, contact: court_pb2.Officer
) -> Act:
    """Return the work of 拟退回, with reason and named contact (practice.md §6)."""
    view, rules = acting.history(connection)
    if EventKind.RETURN_PROPOSED not in rules.moves:
        # Where nothing may be returned, no reason is asked for.
        raise as_error(not_on_the_ladder(rules, EventKind.RETURN_PROPOSED), view.state)
    fields = Fields()
    check_reason(fields, "reason", reason, rules.return_reasons)
    fields.require_text("text", text, "退回的具体理由", LONGEST_TEXT)
    check_contact(fields, "contact", contact)
    fields.require_none()
    move = MoveTaken(EventKind.RETURN_PROPOSED, facts={"reason": reason}, parts=prose(text, contact))
    return acting.work(connection, move)


def approve_return(connection: Connection, acting: Acting, text: str) -> Act:
    """Return the work of 同意退回, never by the one who proposed it."""
    _check_text("text", text)
    move = MoveTaken(EventKind.RETURNED, parts=prose(text), other_person_than=EventKind.RETURN_PROPOSED)
    return acting.work(connection, move)


def refuse_return(connection: Connection, acting: Acting, text: str) -> Act:
    """Return the work of 不同意退回; it says why."""
    _check_text("text", text, "不同意退回的理由")
    return acting.work(connection, MoveTaken(EventKind.RETURN_REFUSED, parts=prose(text)))


# --- Both courts -----------------------------------------------------------------------------------------------------


def log_contact(
    connection: Connection, acting: Acting, counterpart: court_pb2.Officer, text: str, held_at: int
) -> Act:
    """Return the work of 记录沟通; *held_at* (ms) 0 means now."""
    fields = Fields()
    fields.require_text("counterpart.name", counterpart.name, "沟通对象姓名")
    fields.require_text("text", text, "沟通内容", LONGEST_TEXT)
    if held_at > acting.now + CLOCK_TOLERANCE_MS:
        fields.add("held_at", "沟通时间不能晚于现在")
    fields.require_none()
    parts = [*prose(text, counterpart), part(bodies.HELD_AT, to_timestamp(held_at or acting.now))]
    move = MoveTaken(EventKind.CONTACT_LOGGED, parts=parts)
    return acting.work(connection, move)


def _reported(connection: Connection, acting: Acting, report: Report, kind: EventKind) -> MoveTaken:
    view, rules = acting.history(connection)
    reporting = Reporting(connection, view, rules, acting.now)
    checked = reporting.check(report, final=kind is EventKind.COMPLETED)
    parts = [*prose(report.text), part("outcomes", event_pb2.OutcomeList(outcomes=report.outcomes))]
    move = rules.moves.get(kind)
    # Matters without items, such as a 督办, have nothing to state of them.
    facts = checked.facts if move is None or move.reports else {}
    return MoveTaken(kind, facts=facts, parts=parts, documents=checked.documents)


def _check_text(field: str, text: str, what: str = "") -> None:
    fields = Fields()
    if what:
        fields.require_text(field, text, what, LONGEST_TEXT)
    fields.limit_text(field, text, LONGEST_TEXT)
    fields.require_none()
