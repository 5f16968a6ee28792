"""Letters about 参与分配: the application that is passed on, and the plan."""

from dataclasses import dataclass
from typing import ClassVar

from xiezhi_domain.terms import PaperType, SubjectRole
from xiezhi_papers.letters.fields import known, rows
from xiezhi_papers.letters.records import Letter, MatterLetter
from xiezhi_papers.letters.rows import ShareLine


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributionLetter(MatterLetter):
    """参与分配函: the applicant's court passes the application on (民诉法解释 506, 507)."""

    paper: ClassVar = PaperType.DISTRIBUTION_LETTER

    creditor: str = known("申请人")
    property: str = known("待分配财产")
    presiding_case_number: str = known("主持法院案号")
    claim: str = known("申请分配的债权数额")
    effective_document: str = known(PaperType.ENFORCEMENT_BASIS.zh)
    priority_basis: str = known("优先权依据")
    insufficiency: str = known("财产不足清偿的情形")
    request: str = known("事实和理由")


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributionPlan(Letter):
    """财产分配方案 (民诉法解释 508-510, 514): the same paper in every matter of its distribution."""

    paper: ClassVar = PaperType.DISTRIBUTION_PLAN

    plan_number: str = known("方案序号")
    debtor: str = known(SubjectRole.DEBTOR.zh)
    property: str = known("待分配财产")
    total: str = known("待分配总金额")
    costs: str = known("执行费用")
    mode: str = known("普通债权的分配方式")
    basis: str = known("分配方式的依据")
    remainder: str = known("退还被执行人的金额")
    reasons: str = known("理由")
    shares: tuple[ShareLine, ...] = rows("分配表")
