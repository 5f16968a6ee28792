"""委托执行 of a whole case: nothing here and property there, the seizures that go with it (法释〔2011〕11号)."""

from collections.abc import Mapping, Sequence
from typing import Final

from xiezhi_client.orders import draft
from xiezhi_client.sdk import CaseDelegationOrder, Client, Instruction
from xiezhi_domain.terms import SubjectRole
from xiezhi_workbench.starting.description import Input, Rows, Section, Setting, Start
from xiezhi_workbench.starting.shapes import Shape
from xiezhi_workbench.starting.shared import CATEGORIES, LINKED, REQUEST_TEXT, count, time, whom


def _case_delegation(setting: Setting) -> Sequence[Section]:
    found = Rows("properties", "财产", _property_row, required=True)
    seized = Rows("seizures", "移交的查封", _handed_seizure_row)
    which = [(str(number), f"第 {number} 项") for number in range(1, count(setting, "properties") + 1)]
    here = (
        Input("investigation.queried_on", "网络查控最近查询日期", required=True),
        Input("investigation.result", "财产调查结果", required=True, shape=Shape.TEXT),
        Input("investigation.none_here", "经调查，本辖区没有可供执行的财产", required=True),
    )
    there = (found, Input("main_property", "主要财产", required=len(which) > 1, options=which))
    sums = (Input("recovered_fen", "已执行到位（元）"), REQUEST_TEXT, LINKED)
    return (
        whom(),
        Section("本辖区财产调查", here),
        Section("受托法院辖区的财产", there),
        Section("随案移交的查封", (seized,)),
        Section("余额和请求", sums),
        time(setting),
    )


def _property_row(_setting: Setting, _row: Mapping[str, str]) -> Sequence[Input]:
    return (
        Input("category", "财产类别", required=True, options=CATEGORIES),
        Input("description", "财产说明", required=True),
        Input("place", "所在地", required=True),
        Input("value_fen", "价值（元）"),
    )


def _handed_seizure_row(_setting: Setting, _row: Mapping[str, str]) -> Sequence[Input]:
    return (
        Input("property.category", "财产类别", required=True, options=CATEGORIES),
        Input("property.description", "财产说明", required=True),
        Input("rank", "顺位", required=True, hint="首封为 1，第一轮候为 2"),
        Input("seized_on", "查封日", required=True),
        Input("expires_on", "到期日", required=True),
        Input("document_number", "裁定书文号", required=True),
    )


async def _get_case(client: Client, matter: str) -> tuple[CaseDelegationOrder, Instruction]:
    order, instruction, _ = await client.case_delegation.get(matter)
    return order, instruction


CASE_DELEGATION: Final = Start(
    record=CaseDelegationOrder,
    sections=_case_delegation,
    draft=draft,
    get=_get_case,
    ticked=frozenset({SubjectRole.DEBTOR, SubjectRole.APPLICANT}),
)
