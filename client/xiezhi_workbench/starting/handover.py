"""处置权移交: the property, the legal ground with the days that its tests need, the seizures (法释〔2016〕6号)."""

from collections.abc import Mapping, Sequence
from typing import Final

from xiezhi_client.orders import draft
from xiezhi_client.sdk import Client, HandoverOrder, Instruction
from xiezhi_domain.rulebook.grounds import FIRST_SEIZED
from xiezhi_domain.terms import SeizurePurpose
from xiezhi_workbench.starting.description import Input, Rows, Section, Setting, Start
from xiezhi_workbench.starting.entries import Typed
from xiezhi_workbench.starting.shapes import Shape
from xiezhi_workbench.starting.shared import CATEGORIES, time, whom

PURPOSES: Final = [(each.value, each.zh) for each in SeizurePurpose]


def _handover(setting: Setting) -> Sequence[Section]:
    thing = (
        Input("property.category", "财产类别", required=True, options=CATEGORIES),
        Input("property.description", "财产说明", required=True, shape=Shape.TEXT),
        Input("property.place", "所在地"),
        Input("property.value_fen", "价值（元）"),
    )
    seizures = Rows("seizures", "查封登记", _seizure_row, required=True)
    claim = (
        Input("claim_fen", "债权数额（元）", required=True),
        Input("effective_document", "执行依据文号"),
        Input("request_text", "商请的理由", shape=Shape.TEXT),
    )
    right = (
        Input("right.kind", "优先权的种类"),
        Input("right.registration_number", "登记证明号"),
        Input("right.secured_fen", "担保的数额（元）"),
        Input("right.rank", "优先顺位"),
    )
    return (
        whom("首先查封的法院"),
        Section("商请移送的财产", thing),
        Section("依据", _ground_parts(setting)),
        Section("财产上的查封", (seizures,)),
        Section("申请的债权", claim, right),
        time(setting),
    )


def _ground_parts(setting: Setting) -> Sequence[Input | Rows]:
    """Ask for the legal ground, and for the days that the tests of the one chosen need."""
    receiver = setting.typed.get("receiver", "")
    grounds = [each for each in setting.rules.grounds.values() if each.is_open_to(setting.court, receiver)]
    options = [(each.code, each.title) for each in (grounds or setting.rules.grounds.values())]
    chosen = setting.rules.grounds.get(setting.typed.get("basis", ""))
    basis = Input("basis", "商请移送的依据", required=True, options=options, redraws=True)
    if chosen is None:
        return (basis,)
    codes = dict.fromkeys(code for test in chosen.tests for code in test.dates if code != FIRST_SEIZED)
    rows: list[Typed] = [{"code": code} for code in codes]
    return (basis, Rows("dates", "日期", _date_row, fixed=True, first=rows))


def _date_row(setting: Setting, row: Mapping[str, str]) -> Sequence[Input]:
    code = row.get("code", "")
    label = setting.rules.reasons.get("dates", {}).get(code, code)
    return (Input("code", "", hidden=True), Input("day", label))


def _seizure_row(_setting: Setting, _row: Mapping[str, str]) -> Sequence[Input]:
    return (
        Input("court", "查封法院", required=True),
        Input("purpose", "性质", required=True, options=PURPOSES),
        Input("seized_on", "查封日", required=True),
        Input("expires_on", "到期日", hint="轮候的可以不填"),
        Input("case_number", "案号"),
    )


async def _get_handover(client: Client, matter: str) -> tuple[HandoverOrder, Instruction]:
    found = await client.handovers.get(matter)
    return found.order or HandoverOrder(), found.instruction or Instruction()


HANDOVER: Final = Start(
    record=HandoverOrder,
    sections=_handover,
    draft=draft,
    get=_get_handover,
)
