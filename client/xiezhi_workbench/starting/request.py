"""报请 and 执行协调: what a court asks of its superior. It is sent at once, nothing is drafted."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from xiezhi_client.sdk import Client, CourtRequest
from xiezhi_domain.orders.form import ORDERS
from xiezhi_domain.terms import Kind
from xiezhi_workbench.starting.description import Input, Rows, Section, Setting, Start
from xiezhi_workbench.starting.entries import Typed
from xiezhi_workbench.starting.shapes import Shape, shown


def _request(setting: Setting) -> Sequence[Section]:
    cases = Rows("cases", "案件", _case_row, first=(_own_case(setting),))
    asked: list[Input] = [
        Input("subject", "标题", required=True),
        Input("about", "事由", required=True, options=setting.reasons("about")),
    ]
    position = Input("position", "请求、事实和依据", required=True, shape=Shape.TEXT)
    if setting.rules.kind != Kind.COORDINATION_DISPUTE:
        wanted = [(kind.value, kind.zh) for kind in Kind if kind in ORDERS]
        asked.append(Input("order_kind", "请求作出的决定", required=True, options=wanted))
        return (Section("请求", (*asked, position)), Section("案件", (cases,)))
    dispute = (
        Input("other_court", "发生争议的另一法院", required=True),
        Input("other_position", "对方法院的意见", required=True, shape=Shape.TEXT),
        Input("negotiation", "协商经过", required=True, shape=Shape.TEXT),
    )
    return (
        Section("请求", (*asked, position)),
        Section("争议", dispute),
        Section("案件", (cases,)),
    )


def _case_row(_setting: Setting, _row: Mapping[str, str]) -> Sequence[Input]:
    return (
        Input("court", "执行法院", required=True),
        Input("case_number", "案号", required=True),
        Input("claim_fen", "执行标的（元）"),
        Input("recovered_fen", "已执行到位（元）"),
    )


def _own_case(setting: Setting) -> Typed:
    """Give the case that the form starts from."""
    case = setting.case
    sums = {"claim_fen": case.claimed_fen, "recovered_fen": case.received_fen}
    row = {"court": setting.court, "case_number": case.case_number}
    return row | {name: shown(Shape.AMOUNT, fen) for name, fen in sums.items()}


async def _file(client: Client, request: Any, matter: str, request_id: str) -> Any:
    return await client.own_requests.file(request, matter, request_id=request_id)


REQUEST: Final = Start(
    record=CourtRequest,
    sections=_request,
    draft=_file,
    root="request",
    kind_field=True,
    to_superior=True,
)
