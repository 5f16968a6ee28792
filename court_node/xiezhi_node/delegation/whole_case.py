"""The steps of a delegated case (委托执行): which request makes which events, and what each has to say.

Checked as the remedies of all matters are (`xiezhi_node.instructions.remedy_work`); what only such a request says is
checked here and becomes parts of the body. Articles are those of 法释〔2011〕11号.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import case_delegation_pb2 as pb
from xiezhi.v1.property_pb2 import Property
from xiezhi_desk.terms import PAPER_TYPES
from xiezhi_domain.court_time import to_date
from xiezhi_domain.terms import EventKind, PaperType
from xiezhi_node.acting.compose import PartContent
from xiezhi_node.cases.checks import normal_case_number
from xiezhi_node.delegation.account import read_account, read_case_order
from xiezhi_node.delegation.case_parts import (
    CANCELLATION,
    CLOSING,
    DATED,
    FILING,
    PROPERTIES,
    RENEWALS,
    STEP_DAY,
)
from xiezhi_node.fields import Fields
from xiezhi_node.instructions.checks import check_contact
from xiezhi_node.instructions.parts import part
from xiezhi_node.instructions.remedies import Asked, Kinds, Remedy
from xiezhi_node.ordering.delegated_case import MOST_PROPERTIES, check_property
from xiezhi_node.ordering.item_checks import parse_day

Detail = Callable[[Connection, Asked, Fields], Sequence[PartContent]]


# --- Where the state or the request chooses --------------------------------------------------------------------------


def _always(kind: EventKind) -> Callable[[Asked], Kinds]:
    return lambda _: (kind,)


def _decided(asked: Asked) -> Kinds:
    return (EventKind.RETURN_PERMITTED if asked.request.permitted else EventKind.RETURN_DENIED,)


def _returning(asked: Asked) -> Kinds:
    """End the receiver's own case first where it was filed (第9条)."""
    move = asked.rules.moves.get(EventKind.FILED_CASE_CANCELLED)
    is_filed = move is not None and move.needs <= asked.view.open.keys()
    return (*((EventKind.FILED_CASE_CANCELLED,) if is_filed else ()), EventKind.CASE_RETURNED)


# --- What only these requests say ------------------------------------------------------------------------------------


def _file_case(connection: Connection, asked: Asked, fields: Fields) -> list[PartContent]:
    """The new case: its number, its officer, and the balance as its amount (第7条; 法明传〔2018〕335号 第3条)."""
    _require_paper(asked, fields, PaperType.FILING_NOTICE)
    filing = pb.CaseFiling()
    filing.CopyFrom(asked.request.filing)
    with fields.collecting():
        filing.case_number = normal_case_number(filing.case_number, "filing.case_number")
        if filing.case_number == read_case_order(connection, asked.view.id).case_number:
            fields.add("filing.case_number", "应填写受托法院新立案件的案号")
    _past_day(asked, fields, "filing.filed_on", filing.filed_on, "立案日期")
    check_contact(fields, "filing.officer", filing.officer)
    balance = read_case_order(connection, asked.view.id).balance_fen
    if filing.amount_fen not in (0, balance):
        message = (
            f"新案申请标的应为原案未执行到位的金额 {_yuan(balance)} 元（依据：法明传〔2018〕335号 第3条）"
        )
        fields.add("filing.amount_fen", message)
    filing.amount_fen = balance
    return [part(FILING, filing)]


def _cancel_case(connection: Connection, asked: Asked, fields: Fields) -> list[PartContent]:
    day = asked.request.cancelled_on
    _past_day(asked, fields, "cancelled_on", day, "销案日期")
    number = read_case_order(connection, asked.view.id).case_number
    return [part(CANCELLATION, pb.CaseCancellation(case_number=number, cancelled_on=day))]


def _step_day(field: str, what: str) -> Detail:
    def check(_connection: Connection, asked: Asked, fields: Fields) -> list[PartContent]:
        day = getattr(asked.request, field)
        _past_day(asked, fields, field, day, what)
        return [part(STEP_DAY, pb.StepDay(day=day))]

    return check


def _dated(field: str, what: str, paper: PaperType | None = None) -> Detail:
    """What stands outside the platform is a paper with number and day; *paper* has to be there too."""

    def check(_connection: Connection, asked: Asked, fields: Fields) -> list[PartContent]:
        if paper is not None:
            _require_paper(asked, fields, paper)
        document: pb.DatedDocument = getattr(asked.request, field)
        fields.require_text(f"{field}.number", document.number, f"{what}的文号")
        _past_day(asked, fields, f"{field}.dated_on", document.dated_on, f"{what}的日期")
        return [part(DATED, document)]

    return check


def _return_case(connection: Connection, asked: Asked, fields: Fields) -> list[PartContent]:
    _require_paper(asked, fields, PaperType.CASE_RETURN_LETTER)
    day = asked.request.cancelled_on
    account = read_account(connection, asked.view.id)
    if not account.HasField("filing"):
        fields.require_day("cancelled_on", day)
        return []
    _past_day(asked, fields, "cancelled_on", day, "受托案件的销案日期")
    number = account.filing.case_number
    return [part(CANCELLATION, pb.CaseCancellation(case_number=number, cancelled_on=day))]


def _properties(_connection: Connection, asked: Asked, fields: Fields) -> list[PartContent]:
    found: Sequence[Property] = asked.request.properties
    if not 0 < len(found) <= MOST_PROPERTIES:
        fields.add("properties", f"请填写 1 至 {MOST_PROPERTIES} 项财产")
    for at, each in enumerate(found):
        check_property(fields, fields, f"properties[{at}]", each, placed=True)
    return [part(PROPERTIES, pb.PropertyList(properties=found))]


def _renewals(connection: Connection, asked: Asked, fields: Fields) -> list[PartContent]:
    """Longer ends of seizures that were handed over; of their rank a renewal says nothing (第6条)."""
    renewals: Sequence[pb.SeizureRenewal] = asked.request.renewals
    standing = {each.handed.number: each for each in read_account(connection, asked.view.id).seizures}
    if not renewals:
        fields.add("renewals", "请至少填写一项续行查封")
    seen: set[int] = set()
    for at, renewal in enumerate(renewals):
        path = f"renewals[{at}]"
        fields.require_text(f"{path}.document_number", renewal.document_number, "续行查封裁定书文号")
        fields.require_day(f"{path}.expires_on", renewal.expires_on)
        found = standing.get(renewal.number)
        if found is None or renewal.number in seen:
            fields.add(f"{path}.number", "应为移交的查封的序号，且不能重复")
        elif renewal.expires_on <= found.expires_on:
            fields.add(f"{path}.expires_on", f"新到期日应晚于原到期日 {found.expires_on}")
        seen.add(renewal.number)
    return [part(RENEWALS, pb.SeizureRenewalList(renewals=renewals))]


def _close_case(_connection: Connection, asked: Asked, fields: Fields) -> list[PartContent]:
    request = asked.request
    _require_paper(asked, fields, PaperType.CASE_CLOSING)
    _past_day(asked, fields, "closed_on", request.closed_on, "结案日期")
    fields.require_amount("recovered_fen", request.recovered_fen)
    return [part(CLOSING, pb.CaseClosing(closed_on=request.closed_on, recovered_fen=request.recovered_fen))]


def _ask_higher_court(_connection: Connection, asked: Asked, fields: Fields) -> list[PartContent]:
    """The applicant asks the court next above the receiver (第11条)."""
    _require_paper(asked, fields, PaperType.HIGHER_COURT_APPLICATION)
    above = asked.courts.superiors(asked.view.receiver)
    if above and asked.request.court != above[0].code:
        fields.add("court", f"应向受托法院的上一级法院申请：{above[0].name}（{above[0].code}）")
    _past_day(asked, fields, "asked_on", asked.request.asked_on, "申请日期")
    return [part(STEP_DAY, pb.StepDay(day=asked.request.asked_on))]


def _require_paper(asked: Asked, fields: Fields, paper: PaperType) -> None:
    wanted = PAPER_TYPES.to_proto(paper)
    if not any(document.paper_type == wanted for document in asked.documents.values()):
        fields.add("documents", f"请附上{paper.zh}")


def _past_day(asked: Asked, fields: Fields, field: str, text: str, what: str) -> None:
    fields.require_day(field, text)
    day = parse_day(text)
    if not text:
        fields.add(field, f"请填写{what}（如 2026-11-22）")
    elif day is not None and day > to_date(asked.now):
        fields.add(field, f"{what}不能晚于今天")


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02}"


WHOLE_CASE: Final[Mapping[str, Remedy]] = {
    "FileCase": Remedy(_always(EventKind.CASE_FILED), detail=_file_case),
    "RecordCancellation": Remedy(_always(EventKind.CASE_CANCELLED), detail=_cancel_case),
    "TellApplicant": Remedy(
        _always(EventKind.APPLICANT_TOLD), "告知的方式和内容", detail=_step_day("told_on", "告知日期")
    ),
    "ExplainSupplement": Remedy(_always(EventKind.SUPPLEMENT_EXPLAINED), "未能补办的原因"),
    "ReturnMaterials": Remedy(_always(EventKind.MATERIALS_RETURNED), "退还的材料"),
    "ApplyForReturn": Remedy(
        _always(EventKind.RETURN_APPLIED),
        "退回的理由",
        detail=_dated("application", "报请文件", PaperType.CASE_RETURN_APPLICATION),
    ),
    "RecordReturnDecision": Remedy(
        _decided, detail=_dated("decision", "审批意见", PaperType.HIGH_COURT_OPINION)
    ),
    "ReturnCase": Remedy(_returning, "退回的理由", detail=_return_case),
    "RevokeDelegation": Remedy(
        _always(EventKind.DELEGATION_REVOKED), "委托不当的情况", detail=_dated("decision", "撤销决定")
    ),
    "ReportForRecord": Remedy(_always(EventKind.REPORTED_FOR_RECORD), detail=_dated("report", "备案报告")),
    "TellProperty": Remedy(_always(EventKind.PROPERTY_TOLD), "财产情况", detail=_properties),
    "NotePropertyElsewhere": Remedy(_always(EventKind.PROPERTY_ELSEWHERE), "办理情况", detail=_properties),
    "ContinueSeizures": Remedy(_always(EventKind.SEIZURES_CONTINUED), detail=_renewals),
    "CloseCase": Remedy(_always(EventKind.CASE_CLOSED), "结案情况", detail=_close_case),
    "AskHigherCourt": Remedy(_always(EventKind.HIGHER_COURT_ASKED), "申请的理由", detail=_ask_higher_court),
    "RecordHigherAnswer": Remedy(
        _always(EventKind.HIGHER_COURT_ANSWERED), detail=_dated("decision", "处理文书")
    ),
}
"""By the contract's method."""
