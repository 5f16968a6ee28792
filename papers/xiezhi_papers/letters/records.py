"""One record per letter between courts (practice.md §10). Every text is as it is printed."""

from dataclasses import dataclass
from typing import ClassVar

from xiezhi_domain.terms import PaperType, SubjectRole
from xiezhi_papers.letters.fields import entered, entered_rows, known, rows
from xiezhi_papers.letters.rows import ItemLine, OutcomeLine, Party, SeizureLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What every letter has: head, contact, foot."""

    paper: ClassVar[PaperType]

    court: str = known("发函法院")
    addressee: str = entered("收函单位或收件人", optional=True)
    number: str = entered("文号", optional=True)
    date: str = known("落款日期")
    officer: str = known("联系人")
    phone: str = known("联系电话")
    centre_phone: str = known("执行指挥中心电话")
    enclosures: tuple[str, ...] = rows("附件")
    case_number: str = known("执行案号")
    cause: str = known("案由")
    applicants: str = known(SubjectRole.APPLICANT.zh)
    debtors: str = known(SubjectRole.DEBTOR.zh)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterLetter(Letter):
    """What every letter about a matter has."""

    matter_number: str = known("事项编号")
    kind: str = known("事项类型")
    sender: str = known("委托法院")
    receiver: str = known("受托法院")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLetter(MatterLetter):
    """A letter that asks another court to act."""

    enforceable_document: str = known(PaperType.ENFORCEMENT_BASIS.zh)
    claimed: str = known("申请标的")
    received: str = known("已到位金额")
    outstanding: str = known("尚欠金额")
    request: str = known("办理要求")
    limit: str = known("办理期限")
    urgency: str = known("紧急事由")
    parties: tuple[Party, ...] = rows("当事人情况")
    items: tuple[ItemLine, ...] = rows("事项清单")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrustmentLetter(RequestLetter):
    """委托函."""

    paper: ClassVar = PaperType.ENTRUSTMENT_LETTER


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistanceLetter(RequestLetter):
    """协助函."""

    paper: ClassVar = PaperType.ASSISTANCE_LETTER


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyLetter(MatterLetter):
    """A letter about the right to dispose of a property, with the register of its seizures."""

    property: str = known("财产")
    seizures: tuple[SeizureLine, ...] = rows("查封情况")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverRequest(PropertyLetter):
    """商请移送执行函 (法释〔2016〕6号 第2条)."""

    paper: ClassVar = PaperType.HANDOVER_REQUEST

    effective_document: str = known("生效法律文书")
    claim: str = known("债权数额")
    right: str = known("优先权")
    basis: str = known("商请依据")
    tests: tuple[str, ...] = rows("符合的条件")
    request: str = known("案件情况和请求")
    limit: str = known("答复期限")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverLetter(PropertyLetter):
    """移送执行函 (法释〔2016〕6号 第2条): the handover and the facts of the first claim."""

    paper: ClassVar = PaperType.HANDOVER_LETTER

    first_case: str = entered("首封案件案号")
    stage: str = entered("首封案件所处阶段")
    amount: str = entered("首封债权数额")
    priority: str = entered("首封债权的优先权", optional=True)
    first_document: str = entered("确认首封债权的生效法律文书", optional=True)
    account: str = entered("受领或者预留份额的账户", optional=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLetter(MatterLetter):
    """退回函. Communication must have come before (法发〔2017〕27号 第9条、第10条)."""

    paper: ClassVar = PaperType.RETURN_LETTER

    arrived_on: str = known("收到日期")
    reason: str = entered("退回原因")
    explanation: str = entered("具体情况", optional=True)
    communication: str = entered("沟通情况")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackLetter(MatterLetter):
    """反馈函."""

    paper: ClassVar = PaperType.FEEDBACK_LETTER

    summary: str = entered("总体情况", optional=True)
    outcomes: tuple[OutcomeLine, ...] = rows("结果清单")


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementNotice(MatterLetter):
    """补充材料告知书: everything that is missing, told once (practice.md §6)."""

    paper: ClassVar = PaperType.SUPPLEMENT_NOTICE

    materials: tuple[str, ...] = entered_rows("需补充的材料")
    deadline: str = entered("补充期限")


@dataclass(frozen=True, slots=True, kw_only=True)
class StopLetter(MatterLetter):
    """停止办理函."""

    paper: ClassVar = PaperType.STOP_LETTER

    reason: str = entered("停止事由")
    undo: str = entered("已采取措施的处理", optional=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class RerouteLetter(MatterLetter):
    """改派函: the superior gives a matter to the right court."""

    paper: ClassVar = PaperType.REROUTE_LETTER

    new_receiver: str = entered("改派后的法院")
    reason: str = entered("改派事由")


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardLetter(MatterLetter):
    """转办函: the superior hands on what was sent to it for a lower court."""

    paper: ClassVar = PaperType.FORWARD_LETTER

    new_receiver: str = entered("承接法院")
    requirement: str = entered("办理要求", optional=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRequest(MatterLetter):
    """延期申请."""

    paper: ClassVar = PaperType.EXTENSION_REQUEST

    deadline: str = known("原办理期限")
    days: str = entered("延长天数")
    reason: str = entered("申请事由")


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionLetter(MatterLetter):
    """督办函."""

    paper: ClassVar = PaperType.SUPERVISION_LETTER

    subject: str = entered("督办主题")
    ground: str = entered("督办事由")
    requirement: str = entered("督办要求")
    limit: str = entered("回复期限")


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionReply(MatterLetter):
    """督办回复."""

    paper: ClassVar = PaperType.SUPERVISION_REPLY

    supervision_number: str = entered("督办编号")
    subject: str = entered("督办主题")
    situation: str = entered("核查情况")
    measures: str = entered("已采取的措施")
    plan: str = entered("下一步安排", optional=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintExplanation(MatterLetter):
    """投诉说明."""

    paper: ClassVar = PaperType.COMPLAINT_EXPLANATION

    complaint: str = entered("投诉事项")
    situation: str = entered("核查情况")
    explanation: str = entered("说明意见")
