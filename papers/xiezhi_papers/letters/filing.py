"""The four papers at the filing of a case, addressed to the debtor (law-and-practice.md §12)."""

from dataclasses import dataclass
from typing import ClassVar

from xiezhi_domain.terms import PaperType
from xiezhi_papers.letters.fields import entered, known, rows
from xiezhi_papers.letters.records import Letter
from xiezhi_papers.letters.rows import DeclarationLine


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingPaper(Letter):
    """What the four papers have."""

    debtor: str = known("收件的被执行人")
    debtor_number: str = known("被执行人证件号码")
    is_organisation: str = known("是否单位（非空为是）")
    enforceable_document: str = known(PaperType.ENFORCEMENT_BASIS.zh)
    outstanding: str = known("尚欠金额")


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceNotice(FilingPaper):
    """执行通知书 (民诉法解释 第480条)."""

    paper: ClassVar = PaperType.PERFORMANCE_NOTICE

    obligations: str = entered("应履行的义务", optional=True)
    account_name: str = entered("执行款专户户名")
    account_bank: str = entered("执行款专户开户银行")
    account_number: str = entered("执行款专户账号")


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyReportOrder(FilingPaper):
    """报告财产令 (财产调查规定 第4条)."""

    paper: ClassVar = PaperType.PROPERTY_REPORT_ORDER

    deadline: str = entered("报告期限")


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyDeclaration(FilingPaper):
    """财产申报表, the annex of the order (财产调查规定 第5条、第6条)."""

    paper: ClassVar = PaperType.PROPERTY_DECLARATION

    declarations: tuple[DeclarationLine, ...] = rows("申报内容")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumptionRestriction(FilingPaper):
    """限制消费令 (限高规定 第3条、第5条)."""

    paper: ClassVar = PaperType.CONSUMPTION_RESTRICTION

    restricted: str = entered("同时受限制的人员（单位填写）", optional=True)
