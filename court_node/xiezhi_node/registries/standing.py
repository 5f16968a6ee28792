"""On whose authority registries are asked: a matter that the hub has accepted, worked on here, an obligor of its case.

Nothing is asked and nothing done without one: every request is made from a `Standing`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import case_pb2, court_pb2, event_pb2, item_pb2, party_pb2, registry_pb2
from xiezhi_desk import bodies
from xiezhi_desk.accounts.store import get_account
from xiezhi_desk.terms import SUBJECT_ROLES
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import InvalidInput, NotAllowed, Reason, WrongState
from xiezhi_domain.ladder import Instruction
from xiezhi_domain.registries import require_obligor
from xiezhi_domain.terms import EventKind, State
from xiezhi_journal.matter import from_row
from xiezhi_journal.reading import HistoryRow, history
from xiezhi_node.acting.act import recused_message
from xiezhi_node.confidentiality import find_visible, may_unmask
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller

WORKED_ON: Final = State.IN_PROGRESS


@dataclass(frozen=True, slots=True)
class Standing:
    """A matter that this court works on: its accepted order, and who asks."""

    seat: Seat
    instruction: str
    number: str
    view: Instruction
    accepted: Instruction
    ordered_by: HistoryRow
    case: case_pb2.Case
    items: dict[int, item_pb2.Item]
    officer: court_pb2.Officer

    def item(self, number: int) -> item_pb2.Item:
        """Return an item of the order.

        :raises InvalidInput: there is none with this number.
        """
        item = self.items.get(number)
        if item is None:
            raise InvalidInput.in_field("item_number", "应为本事项的办理项")
        return item

    def obligor(self, number: int, field: str) -> party_pb2.Subject:
        """Return a subject of the case that registries may be asked about.

        :raises InvalidInput: the order is not about such a subject, or it has no number to ask by.
        :raises NotAllowed: NOT_AN_OBLIGOR.
        """
        subject = next((each for each in self.case.subjects if each.number == number), None)
        if subject is None:
            raise InvalidInput.in_field(field, "应为本事项的事项对象")
        require_obligor(SUBJECT_ROLES.from_proto(subject.role, field))
        if not (subject.person.identity_number or subject.organisation.credit_code):
            raise InvalidInput.in_field(field, "该对象没有证件号码，不能查询登记，请委托法院补充")
        return subject

    def authority(
        self, item: int, role: party_pb2.SubjectRole.ValueType, now: int
    ) -> registry_pb2.RegistryAuthority:
        """Return what the registry is shown: the accepted order and its place in the hub's log."""
        return registry_pb2.RegistryAuthority(
            court=self.seat.court,
            court_name=self.seat.courts.get(self.seat.court).name,
            case_number=self.case.case_number,
            instruction_id=self.instruction,
            matter_number=self.number,
            item_number=item,
            event_id=self.ordered_by.event_id,
            log_index=self.ordered_by.log_index,
            log_origin=self.seat.origin,
            officer=self.officer,
            role=role,
            asked_at=to_timestamp(now),
        )

    def require_accepted_assignment(self) -> None:
        """Let pass what the hub has accepted up to the assignment.

        :raises WrongState: NOT_ACCEPTED.
        """
        if self.accepted.state is not WORKED_ON:
            raise WrongState(Reason.NOT_ACCEPTED)


def read_standing(connection: Connection, seat: Seat, caller: Caller, instruction: str) -> Standing:
    """Return the standing of *caller* in a matter.

    :raises NotFound: UNKNOWN_INSTRUCTION.
    :raises NotAllowed: WRONG_COURT, the matter is another court's to do; FORBIDDEN, he does not work on it.
    :raises WrongState: NOT_ACCEPTED, or it is not being worked on.
    """
    row = find_visible(connection, caller, seat.rulebook, instruction)
    matter = from_row(row, ())
    if row.receiver != seat.court:
        raise NotAllowed(Reason.WRONG_COURT, "登记查询由受托法院在办理中进行")
    if not may_unmask(connection, caller, instruction):
        raise NotAllowed(Reason.FORBIDDEN, "登记查询和外勤任务仅限办理该事项的人员进行")
    rows = history(connection, instruction, bodies=True)
    issued = [each for each in rows if each.kind == EventKind.ISSUED and each.accepted]
    if matter.accepted is None or matter.view is None or not issued:
        raise WrongState(Reason.NOT_ACCEPTED)
    if matter.view.state is not WORKED_ON:
        raise WrongState(Reason.WRONG_STATE, f"事项应在{WORKED_ON.zh}状态，才能查询登记或者现场办理")
    _require_not_recused(rows, seat, caller, matter.view)
    order = event_pb2.Body.FromString(issued[-1].body or b"")
    return Standing(
        seat=seat,
        instruction=instruction,
        number=row.number,
        view=matter.view,
        accepted=matter.accepted,
        ordered_by=issued[-1],
        case=bodies.case_of(order),
        items={item.number: item for item in bodies.items_of(order)},
        officer=get_account(connection, caller.account_id).officer,
    )


def holder_of(subject: party_pb2.Subject) -> registry_pb2.RegistryHolder:
    """Return who is asked about, as registries know people and organisations."""
    if subject.HasField("organisation"):
        company = subject.organisation
        return registry_pb2.RegistryHolder(name=company.name, credit_code=company.credit_code)
    person = subject.person
    return registry_pb2.RegistryHolder(
        name=person.name,
        identity_document=person.identity_document,
        identity_number=person.identity_number,
    )


def is_same(asked: registry_pb2.RegistryHolder, told: registry_pb2.RegistryHolder) -> bool:
    """Return whether a registry speaks of who was asked about. Names change; numbers do not."""
    if asked.credit_code:
        return _plain(told.credit_code) == _plain(asked.credit_code)
    return _plain(told.identity_number) == _plain(asked.identity_number)


def _plain(number: str) -> str:
    return number.strip().upper()


def _require_not_recused(rows: Sequence[HistoryRow], seat: Seat, caller: Caller, view: Instruction) -> None:
    recused = [row for row in rows if row.kind == EventKind.RECUSED and row.court == seat.court]
    stood = (event_pb2.Body.FromString(row.body or b"") for row in recused if row.accepted is not False)
    if caller.account_id in {bodies.actor_of(body).account_id for body in stood}:
        rules = seat.rules_of(view)
        raise NotAllowed(Reason.FORBIDDEN, recused_message(rules.moves[EventKind.RECUSED].citation.source))
