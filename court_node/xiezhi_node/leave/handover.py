"""Giving open matters to a successor: 承办人变更 on each, whatever becomes of the others (practice.md §15)."""

from dataclasses import dataclass, replace

import msgspec
from sqlalchemy import Connection, update

from xiezhi.v1 import event_pb2
from xiezhi.v1 import leave_service_pb2 as pb
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import DomainError, InvalidInput, NotFound, Reason, WrongState
from xiezhi_domain.terms import EventKind, State
from xiezhi_journal.journal import request_key
from xiezhi_journal.ledger import Ledger, RequestKey
from xiezhi_journal.tables import outside_matter
from xiezhi_journal.writer import Work
from xiezhi_node.acting.act import Act, MoveTaken, Person
from xiezhi_node.drafting.store import find_draft, put_draft
from xiezhi_node.leave.owned import owned_matters, owned_outside
from xiezhi_node.people import assignee_of, person_of
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller

_EDITABLE = frozenset({State.DRAFT, State.APPROVAL_REJECTED})
"""Drafts in these states are handed in again by whoever owns them; the others are between two people already."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter to hand over: its id, its number, what the writer has to do."""

    matter_id: str
    number: str
    work: Work[Ledger, bytes]


@dataclass(frozen=True, slots=True)
class HandOver:
    """A request, checked: who gives and takes, and who orders it."""

    seat: Seat
    principal: str
    request: pb.HandOverRequest
    person: Person
    successor: event_pb2.Actor

    def key(self, matter_id: str) -> RequestKey:
        """Return the idempotency key of one matter."""
        content = pb.HandOverRequest()
        content.CopyFrom(self.request)
        content.ClearField("matter_ids")
        row = f"{self.request.request_id}/{matter_id}"
        return request_key(self.principal, "HandOver", row, content.SerializeToString(deterministic=True))


def prepare(connection: Connection, seat: Seat, caller: Caller, request: pb.HandOverRequest) -> list[Matter]:
    """Return the work for each matter that is meant.

    :raises InvalidInput: naming the field.
    :raises NotFound: a matter that is named is none of the person's open ones.
    """
    reasons = seat.rulebook.reasons("officer")
    if request.reason not in reasons:
        raise InvalidInput.in_field("reason", f"请选择变更原因：{'、'.join(reasons.values())}")
    person = person_of(connection, caller)
    # Without a successor whoever orders it owns the matter himself, whatever else he does.
    named = request.successor_id
    successor = assignee_of(connection, named, "successor_id") if named else person.actor
    if successor.account_id == request.account_id:
        raise InvalidInput.in_field("successor_id", "接手人不能是原承办人")
    order = HandOver(seat, caller.account_id, request, person, successor)
    owned = {row.instruction: row for row in owned_matters(connection, request.account_id)}
    outside = owned_outside(connection, request.account_id)
    wanted = list(request.matter_ids) or [*owned, *outside]
    if set(wanted) - set(owned) - set(outside):
        raise NotFound(Reason.UNKNOWN_INSTRUCTION, "所选事项已不在该人员名下，请刷新后重试")
    return [
        Matter(each, owned[each].number, _matter_work(order, each, owned[each].state, owned[each].pending))
        if each in owned
        else Matter(each, "", _OutsideHandOver(order, each))
        for each in wanted
    ]


def result(ledger_now: int, matter: Matter, answer: bytes | BaseException) -> pb.HandOverResult:
    """Return what became of one matter."""
    line = pb.HandOverResult(matter_id=matter.matter_id, matter_number=matter.number)
    if isinstance(answer, BaseException):
        line.message = answer.message if isinstance(answer, DomainError) else Reason.INTERNAL.zh
    else:
        line.done = True
        line.at.CopyFrom(to_timestamp(ledger_now))
    return line


def _matter_work(order: HandOver, instruction: str, state: State, pending: int) -> Work[Ledger, bytes]:
    if state in _EDITABLE and not pending:
        return _DraftHandOver(order, instruction)
    assignment = event_pb2.Assignment(assignee=order.successor).SerializeToString()
    changed = MoveTaken(
        EventKind.OFFICER_CHANGED,
        facts={"reason": order.request.reason},
        parts=[("assignment", assignment)],
        assignee=(order.successor.account_id, order.successor.officer.name),
    )
    return Act(order.seat, order.key(instruction), order.person, instruction, [changed])


@dataclass(frozen=True, slots=True)
class _DraftHandOver:
    """A draft gets another author; what is already with an approver or at the seal goes on as it is."""

    order: HandOver
    instruction: str

    def prepare(self, ledger: Ledger) -> None:
        """Ask for the matter."""
        ledger.want_matter(self.instruction)
        ledger.want_request(self.order.key(self.instruction))

    def run(self, ledger: Ledger) -> bytes:
        """Change its author."""
        key, successor = self.order.key(self.instruction), self.order.successor
        answered = ledger.answered(key)
        if answered is not None:
            return answered
        matter = ledger.matter(self.instruction)
        draft = find_draft(ledger.connection, self.instruction)
        if matter is None or draft is None:
            raise NotFound(Reason.UNKNOWN_INSTRUCTION)
        if matter.state not in _EDITABLE:
            raise WrongState(Reason.WRONG_STATE, "该事项正在审批签章，请在推送后再移交")
        labels = matter.labels._replace(officer=successor.account_id, officer_name=successor.officer.name)
        ledger.save(msgspec.structs.replace(matter, labels=labels))
        ledger.remember(key, b"")
        put_draft(ledger.connection, replace(draft, author=successor.account_id))
        return b""


@dataclass(frozen=True, slots=True)
class _OutsideHandOver:
    """A registered matter gets another officer."""

    order: HandOver
    outside_id: str

    def prepare(self, ledger: Ledger) -> None:
        """Need nothing: doing it again changes nothing."""

    def run(self, ledger: Ledger) -> bytes:
        """Change its officer."""
        successor = self.order.successor
        mine = outside_matter.c.officer == self.order.request.account_id
        ledger.connection.execute(
            update(outside_matter)
            .where(outside_matter.c.outside_id == self.outside_id, mine)
            .values(officer=successor.account_id, officer_name=successor.officer.name)
        )
        return b""
