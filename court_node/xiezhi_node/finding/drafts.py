"""Find orders on their way to the writer, checked against case, papers and rulebook on a reader's connection."""

from sqlalchemy import Connection, select

from xiezhi.v1 import find_service_pb2
from xiezhi_domain.errors import NotFound, Reason, WrongState
from xiezhi_journal import tables
from xiezhi_journal.ledger import RequestKey
from xiezhi_node.acting.issue import Order
from xiezhi_node.bodies import case_of
from xiezhi_node.cases.store import get_case
from xiezhi_node.confidentiality import find_visible
from xiezhi_node.documents import documents_by_matter
from xiezhi_node.drafting.store import Draft, find_draft
from xiezhi_node.drafting.works import AffixSeal, CreateOrChangeDraft, DraftRequest, Submit
from xiezhi_node.finding.checks import CheckedOrder, Receivers, check_order, normal_order_case, rules_of
from xiezhi_node.finding.convert import CaseParts, find_order, to_order
from xiezhi_node.people import person_of
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller


def draft_work(
    connection: Connection, request: DraftRequest, caller: Caller, order: find_service_pb2.FindOrder
) -> tuple[CreateOrChangeDraft, CheckedOrder]:
    """Return the work that stores *order* as a draft, and what the draft still lacks.

    :raises DomainError: as `check_order`; UNKNOWN_CASE; UNKNOWN_INSTRUCTION, not the caller's to see.
    """
    _require_own(connection, request, caller)
    case = CaseParts(get_case(connection, normal_order_case(order)))
    uploaded = documents_by_matter(connection, [request.instruction])[request.instruction]
    rules = rules_of(request.seat)
    checked = check_order(order, case, rules, Receivers(request.seat), uploaded)
    ready = to_order(checked.order, case, rules, uploaded, request.person.actor)
    return CreateOrChangeDraft(request, ready), checked


def submit_work(connection: Connection, request: DraftRequest, caller: Caller) -> Submit:
    """Return the work that hands a draft in, with the case as it is now.

    :raises DomainError: as `draft_work`; PAPERS_MISSING and every field that is missing.
    """
    draft = _draft_of(connection, request, caller)
    order = find_order(draft.body)
    case = CaseParts(get_case(connection, normal_order_case(order)))
    return Submit(request, _complete_order(connection, request, draft, case), draft.order)


def seal_work(connection: Connection, request: DraftRequest, caller: Caller) -> AffixSeal:
    """Return the work that seals and sends a draft as it was approved, its papers checked once more.

    :raises DomainError: as `submit_work`.
    """
    draft = _draft_of(connection, request, caller)
    case = CaseParts(case_of(draft.body))
    return AffixSeal(request, _complete_order(connection, request, draft, case), draft)


def draft_request(
    connection: Connection, seat: Seat, caller: Caller, key: RequestKey, instruction: str
) -> DraftRequest:
    """Return the request of *caller* for a step on the draft of *instruction*."""
    return DraftRequest(seat, key, person_of(connection, caller), instruction)


def _require_own(connection: Connection, request: DraftRequest, caller: Caller) -> None:
    """Let pass a new matter, or one that the caller may know of."""
    matter = tables.instruction.c.instruction
    if connection.scalar(select(matter).where(matter == request.instruction)) is not None:
        find_visible(connection, caller, request.seat.rulebook, request.instruction)


def _draft_of(connection: Connection, request: DraftRequest, caller: Caller) -> Draft:
    row = find_visible(connection, caller, request.seat.rulebook, request.instruction)
    if not row.sent:
        raise NotFound(Reason.UNKNOWN_INSTRUCTION)
    draft = find_draft(connection, request.instruction)
    if draft is None:
        raise WrongState(Reason.WRONG_STATE, "该事项不是在本院平台起草的，请重新填写后提交")
    return draft


def _complete_order(connection: Connection, request: DraftRequest, draft: Draft, case: CaseParts) -> Order:
    uploaded = documents_by_matter(connection, [request.instruction])[request.instruction]
    rules = rules_of(request.seat)
    checked = check_order(find_order(draft.body), case, rules, Receivers(request.seat), uploaded)
    checked.require_complete()
    return to_order(checked.order, case, rules, uploaded, draft.approval_record.drafted_by)
