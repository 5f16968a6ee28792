"""The table of a 财产分配方案, as it is served on creditors and the debtor (民诉法解释 509)."""

from collections.abc import Iterator, Mapping
from typing import Final

from xiezhi.v1 import distribution_service_pb2 as pb
from xiezhi_domain.courts import CourtTree
from xiezhi_domain.distribution.shares import Mode
from xiezhi_domain.terms import PaperType
from xiezhi_node.ordering.checks import yuan
from xiezhi_papers.sheets import Sheet
from xiezhi_papers.sheets.sheet import Column, Group

_COLUMNS: Final = (
    Column("序号", 6),
    Column("债权人", 24),
    Column("执行法院", 24),
    Column("债权依据", 28),
    Column("债权数额（元）", 18),
    Column("受偿顺位", 14),
    Column("分配金额（元）", 18),
)
_REMEDY: Final = (
    "债权人、被执行人对本方案有异议的，应当自收到本方案之日起十五日内向主持分配的法院提出书面异议"
    "（《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第509条）。"
)


def plan_sheet(plan: pb.DistributionPlan, modes: Mapping[str, str], courts: CourtTree) -> Sheet:
    """Return the table of a plan with its shares, the sums that it is made of, and where an objection goes."""
    return Sheet(
        title=PaperType.DISTRIBUTION_PLAN.zh,
        lines=tuple(_lines(plan, modes)),
        columns=_COLUMNS,
        groups=(Group("", tuple(plan_rows(plan, courts))),),
        foot=(_REMEDY,),
    )


def _lines(plan: pb.DistributionPlan, modes: Mapping[str, str]) -> Iterator[str]:
    yield f"案号：{plan.case_number}　被执行人：{plan.debtor_name}　第 {plan.number} 号方案"
    yield f"待分配财产：{plan.property}"
    yield f"待分配总金额：{yuan(plan.total_fen)} 元；优先拨付执行费用：{yuan(plan.costs_fen)} 元"
    yield f"分配方式：先清偿优先债权，{modes[plan.mode]}"
    if plan.reasons:
        yield f"理由：{plan.reasons}"


def plan_rows(plan: pb.DistributionPlan, courts: CourtTree) -> Iterator[tuple[str, ...]]:
    """Give a row for each claim, and one for each sum that the total is made of, as they are printed.

    Number, creditor, court, basis, amount, place, share; sums in yuan without the unit.
    """
    for row in plan.claims:
        yield (
            str(row.number),
            row.creditor,
            _court(row.court, courts),
            row.basis,
            yuan(row.amount_fen),
            _place(row, plan.mode),
            yuan(row.share_fen),
        )
    shared = sum(row.share_fen for row in plan.claims)
    amount = sum(row.amount_fen for row in plan.claims)
    yield ("", "债权合计", "", "", yuan(amount), "", yuan(shared))
    yield ("", "执行费用", "", "", "", "", yuan(min(plan.costs_fen, plan.total_fen)))
    yield ("", "退还被执行人", "", "", "", "", yuan(plan.remainder_fen))
    yield ("", "总计", "", "", "", "", yuan(plan.total_fen))


def _court(code: str, courts: CourtTree) -> str:
    return courts.get(code).name if code in courts else code


def _place(row: pb.PlanClaim, mode: str) -> str:
    if row.rank:
        return f"优先第 {row.rank}"
    return f"查封第 {row.seized}" if mode == Mode.BY_SEIZURE else "普通"
