"""参与分配: the application that the court of a creditor passes on (民诉法解释 506–509)."""

from collections.abc import Sequence
from typing import Final

from xiezhi_client.orders import draft
from xiezhi_client.sdk import DistributionOrder
from xiezhi_workbench.starting.description import Input, Section, Setting, Start
from xiezhi_workbench.starting.shapes import Shape
from xiezhi_workbench.starting.shared import time, whom


def _distribution(setting: Setting) -> Sequence[Section]:
    prior = setting.typed.get("has_priority") == "yes"
    about = (
        Input("debtor", "被执行人的性质", required=True, options=setting.reasons("debtor")),
        Input("property", "待分配财产", required=True, shape=Shape.TEXT),
        Input("presiding_case_number", "主持分配的案件案号"),
        Input("insufficiency", "财产不足清偿的根据", required=True, options=setting.reasons("insufficiency")),
        Input("enforcement_began_on", "对该财产开始执行的日期", required=True),
    )
    claim = (
        Input("creditor", "申请人", required=True),
        Input("claim_fen", "申请分配的金额（元）", required=True),
        Input("has_priority", "对该财产有优先权、担保物权", redraws=True),
        Input("priority_basis", "优先权、担保物权的依据", required=prior),
        Input("effective_document", "执行依据文号", required=not prior),
        Input("request_text", "参与分配及财产不足清偿的事实和理由", required=True, shape=Shape.TEXT),
    )
    return (whom("主持分配的法院"), Section("财产", about), Section("申请", claim), time(setting))


DISTRIBUTION: Final = Start(
    record=DistributionOrder,
    sections=_distribution,
    draft=draft,
    get=lambda client, matter: client.distributions.application(matter),
)
