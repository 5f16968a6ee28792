"""Letters about a whole case that is delegated (委托执行). Articles are those of 法释〔2011〕11号, 2020 修正."""

from dataclasses import dataclass
from typing import ClassVar

from xiezhi_domain.terms import PaperType
from xiezhi_papers.letters.fields import entered, known, rows
from xiezhi_papers.letters.records import MatterLetter
from xiezhi_papers.letters.rows import HandedSeizureLine, Party, PropertyLine


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDelegationLetter(MatterLetter):
    """委托执行函: the case, why it is delegated (第1条、第3条), and the seizures handed over with it (第6条)."""

    paper: ClassVar = PaperType.CASE_DELEGATION_LETTER

    enforceable_document: str = known(PaperType.ENFORCEMENT_BASIS.zh)
    claimed: str = known("申请标的")
    recovered: str = known("已执行到位金额")
    balance: str = known("未执行到位的余额")
    queried_on: str = known("最近查询日期")
    investigation: str = known("财产调查结果")
    request: str = known("案件情况和请求")
    urgency: str = known("紧急事由")
    parties: tuple[Party, ...] = rows("当事人情况")
    properties: tuple[PropertyLine, ...] = rows("受托法院辖区内的财产")
    handed: tuple[HandedSeizureLine, ...] = rows("移交的查封")


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingNotice(MatterLetter):
    """立案通知书: to the delegating court and, through it, to the applicant (第2条、第7条)."""

    paper: ClassVar = PaperType.FILING_NOTICE

    balance: str = known("申请执行标的")
    new_case_number: str = entered("新立案件案号")
    filed_on: str = entered("立案日期")
    case_officer: str = entered("承办人，不填为联系人", optional=True)
    case_phone: str = entered("承办人联系电话，不填为联系人的电话", optional=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReturnLetter(MatterLetter):
    """退回委托执行函: the written reasons after the High Court has approved (第9条)."""

    paper: ClassVar = PaperType.CASE_RETURN_LETTER

    arrived_on: str = known("收到日期")
    new_case_number: str = known("受托案件案号")
    approval: str = entered("高级人民法院审批意见的文号和日期，已登记的自动填写", optional=True)
    reason: str = entered("退回原因")
    explanation: str = entered("具体情况", optional=True)
    cancelled_on: str = entered("受托案件销案日期，已立案的填写", optional=True)
