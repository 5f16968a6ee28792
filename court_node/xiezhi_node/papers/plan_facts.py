"""What a 财产分配方案 says: the plan in force of the matter's distribution, printed by the court that presides."""

from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import distribution_service_pb2 as pb
from xiezhi_domain.distribution.shares import Mode
from xiezhi_domain.errors import InvalidInput, NotAllowed, Reason, WrongState
from xiezhi_domain.terms import PaperType
from xiezhi_domain.terms.distribution import DistributionWait
from xiezhi_node.distribution.plans import plan_in_force
from xiezhi_node.distribution.reading import Known, known_of_matter
from xiezhi_node.distribution.table import plan_rows
from xiezhi_node.instructions.matters import Reader, Seen
from xiezhi_node.papers.matter_facts import Facts
from xiezhi_papers.letters.fields import fields_of
from xiezhi_papers.letters.rows import ShareLine
from xiezhi_papers.letters.words import money

_ARTICLES: Final = {Mode.PRO_RATA: "第508条", Mode.BY_SEIZURE: "第514条"}
_COLUMNS: Final = tuple(column.name for column in fields_of(ShareLine))


def plan_facts(connection: Connection, reader: Reader, seen: Seen) -> Facts:
    """Return what the plan of a matter's distribution says.

    :raises InvalidInput: the matter is no share in a distribution.
    :raises NotAllowed: FORBIDDEN; another court presides, and its plan is served as it came.
    :raises WrongState: no plan has been issued.
    """
    if not isinstance(seen.order, pb.DistributionOrder):
        message = f"只有参与分配的事项才有{PaperType.DISTRIBUTION_PLAN.zh}"
        raise InvalidInput.in_field("letter.paper_type", message)
    summary = seen.instruction.summary
    if summary.receiver != reader.seat.court:
        message = f"{PaperType.DISTRIBUTION_PLAN.zh}由主持分配的法院制作，请送达其发来的文书"
        raise NotAllowed(Reason.FORBIDDEN, message)
    known = known_of_matter(connection, reader.seat, reader.caller, summary.instruction_id, reader.now)
    plan = plan_in_force(known)
    if plan is None:
        raise WrongState(Reason.WRONG_STATE, DistributionWait.NO_PLAN.zh)
    return _facts(known, plan)


def _facts(known: Known, plan: pb.DistributionPlan) -> Facts:
    """Return the plan as it is printed; nothing of the one matter stands in what all are served with."""
    return {
        "number": plan.case_number,
        "case_number": plan.case_number,
        "cause": "",
        "applicants": "",
        "debtors": plan.debtor_name,
        "enclosures": (),
        "plan_number": str(plan.number),
        "debtor": plan.debtor_name,
        "property": plan.property,
        "total": money(plan.total_fen),
        "costs": money(min(plan.costs_fen, plan.total_fen)),
        "mode": known.rules.reasons["mode"].get(plan.mode, plan.mode),
        "basis": _ARTICLES[Mode(plan.mode)],
        "remainder": money(plan.remainder_fen) if plan.remainder_fen else "",
        "reasons": plan.reasons,
        "shares": tuple(
            ShareLine(**dict(zip(_COLUMNS, row, strict=True))) for row in plan_rows(plan, known.seat.courts)
        ),
    }
