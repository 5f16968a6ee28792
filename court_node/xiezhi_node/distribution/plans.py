"""Plans with names: completed from the admissions and applications, kept as parts of bodies."""

from collections.abc import Iterator
from typing import Final

from xiezhi.v1 import distribution_service_pb2 as pb
from xiezhi_desk.bodies import read_part
from xiezhi_domain.distribution.plan import Plan
from xiezhi_domain.distribution.presiding import ENTERPRISE, next_plan
from xiezhi_domain.distribution.register import Member
from xiezhi_domain.distribution.shares import MOST_CLAIMS, Claim, Mode
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.terms import EventKind, Kind, SubjectRole
from xiezhi_node.distribution.reading import Known
from xiezhi_node.fields import LONGEST_TEXT, Fields
from xiezhi_node.instructions.checks import check_reason
from xiezhi_node.ordering.convert import read_order

LONGEST_NAME: Final = 200
PLAN_PART: Final = "distribution_plan"
"""The part of a body that holds the plan with names; a `DistributionPlan`."""


def completed(known: Known, asked: pb.DistributionPlan) -> tuple[Plan, pb.DistributionPlan]:
    """Return the plan that *asked* describes, next in the distribution, and its message with shares.

    Of claims that matters carry only the number has to be given: amount, rank, creditor and court are taken from the
    admission and the application; those that are not named are added.

    :raises InvalidInput: with every wrong field.
    """
    message = pb.DistributionPlan()
    message.CopyFrom(asked)
    message.number = next_plan(known.register)
    message.mode = message.mode or _mode(known)
    _add_claims(known, message)
    _check(known, message)
    claims = tuple(Claim(row.number, row.amount_fen, row.rank, row.seized) for row in message.claims)
    plan = Plan(message.number, message.total_fen, message.costs_fen, Mode(message.mode), claims)
    for row in message.claims:
        row.share_fen = plan.shares.of[row.number]
    message.remainder_fen = plan.shares.remainder
    return plan, message


def plan_in_force(known: Known) -> pb.DistributionPlan | None:
    """Return the plan that was issued last, None before the first."""
    told = known.last(EventKind.PLAN_ISSUED)
    return read_part(pb.DistributionPlan, told.body, PLAN_PART) if told is not None else None


def application_of(known: Known, matter: str) -> pb.DistributionOrder:
    """Return the application of a matter; what was erased of it is empty."""
    issued = next(told for told in known.matters[matter] if told.header.kind == EventKind.ISSUED)
    order = read_order(Kind.DISTRIBUTION, issued.body)
    assert isinstance(order, pb.DistributionOrder), "of its kind"
    return order


def _mode(known: Known) -> str:
    debtors = {member.debtor for member in known.register.taking_part.values()}
    return Mode.BY_SEIZURE if ENTERPRISE in debtors else Mode.PRO_RATA


def _add_claims(known: Known, message: pb.DistributionPlan) -> None:
    rows = {row.number: row for row in message.claims}
    for matter, member in known.register.taking_part.items():
        row = rows.get(member.claim.number)
        if row is None:
            row = message.claims.add(number=member.claim.number, rank=member.claim.rank)
        _fill(known, row, matter, member)
    for row in message.claims:
        row.court = row.court or known.seat.court
    message.claims.sort(key=lambda row: row.number)


def _fill(known: Known, row: pb.PlanClaim, matter: str, member: Member) -> None:
    """Fill in what the row of a matter's claim does not say."""
    order = application_of(known, matter)
    row.amount_fen = row.amount_fen or member.claim.amount
    row.creditor = row.creditor or order.creditor
    row.basis = row.basis or order.effective_document or order.priority_basis
    row.court = known.courts[matter]


def _check(known: Known, message: pb.DistributionPlan) -> None:
    fields = Fields()
    fields.require_text("plan.debtor_name", message.debtor_name, SubjectRole.DEBTOR.zh)
    fields.require_text("plan.property", message.property, "待分配财产", LONGEST_TEXT)
    fields.limit_text("plan.reasons", message.reasons, LONGEST_TEXT)
    fields.limit_text("plan.case_number", message.case_number)
    fields.require_amount("plan.costs_fen", message.costs_fen)
    if message.total_fen <= 0:
        fields.add("plan.total_fen", "请填写待分配总金额")
    check_reason(fields, "plan.mode", message.mode, known.rules.reasons["mode"])
    for violation in _wrong_claims(message):
        fields.add(*violation)
    fields.require_none()


def _wrong_claims(message: pb.DistributionPlan) -> Iterator[tuple[str, str]]:
    if len(message.claims) > MOST_CLAIMS:
        raise InvalidInput.in_field("plan.claims", f"一个分配方案最多 {MOST_CLAIMS} 笔债权")
    for at, row in enumerate(message.claims):
        field = f"plan.claims[{at}]"
        if not 0 < len(row.creditor.strip()) <= LONGEST_NAME:
            yield f"{field}.creditor", f"请填写债权人，最长 {LONGEST_NAME} 个字"
        if len(row.basis) > LONGEST_NAME:
            yield f"{field}.basis", f"最长 {LONGEST_NAME} 个字"
        if row.amount_fen <= 0 or row.rank < 0 or row.seized < 0:
            yield field, "请填写债权数额；数额、顺位不能为负数"
