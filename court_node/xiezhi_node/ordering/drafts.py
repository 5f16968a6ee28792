"""Orders on their way to the writer, checked against case, papers and rulebook on a reader's connection."""

import os
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection, select

from xiezhi.v1 import document_pb2, instruction_pb2
from xiezhi_desk.bodies import case_of
from xiezhi_desk.once import act_once
from xiezhi_domain.errors import DomainError, NotFound, Reason, WrongState
from xiezhi_domain.events.ids import check_uuid7, uuid7
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_journal.ledger import RequestKey
from xiezhi_node.acting.issue import Order
from xiezhi_node.cases.holding import own_case
from xiezhi_node.cases.store import get_case
from xiezhi_node.confidentiality import find_visible
from xiezhi_node.documents import documents_by_matter
from xiezhi_node.drafting.consent import RecordConsent, SpokenConsent, awaits_writing
from xiezhi_node.drafting.store import Draft, find_draft
from xiezhi_node.drafting.works import AffixSeal, CreateOrChangeDraft, DraftRequest, Submit
from xiezhi_node.ordering.case_parts import CaseParts
from xiezhi_node.ordering.checks import CheckedOrder, check_order, normal_order_case
from xiezhi_node.ordering.convert import read_order, to_order
from xiezhi_node.ordering.order_type import OrderMessage
from xiezhi_node.ordering.sender import Sender
from xiezhi_node.ordering.sums import exposure
from xiezhi_node.people import person_of
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller


@dataclass(frozen=True, slots=True)
class Drafting:
    """A step of `caller` on a draft at `now` (ms since 1970), prepared on a reader's connection."""

    request: DraftRequest
    caller: Caller
    now: int

    def draft(self, connection: Connection, order: OrderMessage) -> tuple[CreateOrChangeDraft, CheckedOrder]:
        """Return the work that stores *order* as a draft, and what the draft still lacks.

        :raises DomainError: as `check_order`; UNKNOWN_CASE; UNKNOWN_INSTRUCTION, not the caller's to see; FORBIDDEN,
            not the caller's case, whose parties a draft holds in full.
        """
        request = self.request
        self._require_own(connection)
        case = CaseParts(own_case(connection, self.caller, normal_order_case(order)))
        uploaded = self._uploaded(connection)
        checked = check_order(order, case, self._sender(connection), uploaded)
        ready = to_order(checked, case, uploaded, request.person.actor)
        return CreateOrChangeDraft(request, ready), checked

    def submit(self, connection: Connection) -> Submit:
        """Return the work that hands a draft in, with the case as it is now.

        :raises DomainError: as `draft`; PAPERS_MISSING and every field that is missing.
        """
        kind, draft = self._drafted(connection)
        order = read_order(kind, draft.body)
        case = CaseParts(get_case(connection, normal_order_case(order)))
        return Submit(self.request, self._complete(connection, order, draft, case), draft.order)

    def seal(self, connection: Connection) -> AffixSeal:
        """Return the work that seals and sends a draft as it was approved, its papers checked once more.

        :raises DomainError: as `submit`.
        """
        kind, draft = self._drafted(connection)
        order, case = read_order(kind, draft.body), CaseParts(case_of(draft.body))
        ready = self._complete(connection, order, draft, case)
        if awaits_writing(draft.approval_record):
            ready = replace(ready, more={**ready.more, "oral_consent": True})
        return AffixSeal(self.request, ready, draft)

    def consent(self, connection: Connection, consent: SpokenConsent) -> RecordConsent:
        """Return the work that notes down a consent by word of mouth.

        :raises NotFound: UNKNOWN_INSTRUCTION.
        :raises WrongState: the matter was not drafted here.
        """
        kind, draft = self._drafted(connection)
        urgent = read_order(kind, draft.body).urgency == instruction_pb2.URGENCY_URGENT
        return RecordConsent(self.request, consent, draft, urgent)

    def _complete(self, connection: Connection, order: OrderMessage, draft: Draft, case: CaseParts) -> Order:
        uploaded = self._uploaded(connection)
        try:
            checked = check_order(order, case, self._sender(connection), uploaded)
            checked.require_complete()
        except DomainError as error:
            error.message = self._new_rules(draft) + error.message
            raise
        return to_order(checked, case, uploaded, draft.approval_record.drafted_by)

    def _new_rules(self, draft: Draft) -> str:
        """Say that other rules have come into force since *draft* was checked last; nothing where none have."""
        rulebook = self.request.seat.rulebook
        if draft.rulebook in ("", rulebook.hash):
            return ""
        new = f"自 {rulebook.valid_from} 起适用规则库 {rulebook.version}"
        return f"草稿按原规则库填写，{new}，请按新规则修改后重新提交："

    def _drafted(self, connection: Connection) -> tuple[str, Draft]:
        """Return the kind of the matter, and its draft."""
        request = self.request
        row = find_visible(connection, self.caller, request.seat.rulebook, request.instruction)
        if not row.sent:
            raise NotFound(Reason.UNKNOWN_INSTRUCTION)
        draft = find_draft(connection, request.instruction)
        if draft is None:
            raise WrongState(Reason.WRONG_STATE, "该事项不是在本院平台起草的，请重新填写后提交")
        return row.kind, draft

    def _require_own(self, connection: Connection) -> None:
        """Let pass a new matter, or one that the caller may know of."""
        request, matter = self.request, tables.instruction.c.instruction
        if connection.scalar(select(matter).where(matter == request.instruction)) is not None:
            find_visible(connection, self.caller, request.seat.rulebook, request.instruction)

    def _uploaded(self, connection: Connection) -> dict[bytes, document_pb2.Document]:
        instruction = self.request.instruction
        return documents_by_matter(connection, [instruction])[instruction]

    def _sender(self, connection: Connection) -> Sender:
        seat = self.request.seat
        return Sender(seat, self.now, partial(exposure, connection, seat.rulebooks))


def drafting(
    connection: Connection, seat: Seat, caller: Caller, key: RequestKey, instruction: str, now: int
) -> Drafting:
    """Return the step of *caller* on the draft of *instruction*."""
    request = DraftRequest(seat, key, person_of(connection, caller), instruction)
    return Drafting(request, caller, now)


async def store_draft(
    journal: Journal, seat: Seat, caller: Caller, key: RequestKey, instruction_id: str, order: OrderMessage
) -> tuple[instruction_pb2.ActionReceipt, CheckedOrder | None]:
    """Store *order* as the draft *instruction_id*, a new one if it is empty; returns the receipt, and what it lacks.

    What it lacks is None where the request was answered before and could not be made again.

    :raises DomainError: as `Drafting.draft`.
    """
    now = journal.clock()
    instruction = (
        check_uuid7(instruction_id, "instruction_id") if instruction_id else uuid7(now, os.urandom(10))
    )
    found: list[CheckedOrder] = []

    def prepare(connection: Connection) -> CreateOrChangeDraft:
        step = drafting(connection, seat, caller, key, instruction, now)
        work, checked = step.draft(connection, order)
        found.append(checked)
        return work

    answer = await act_once(journal, key, prepare)
    return instruction_pb2.ActionReceipt.FromString(answer), found[0] if found else None
