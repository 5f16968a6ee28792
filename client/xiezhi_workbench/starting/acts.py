"""查人找物, 事项委托, 协助执行 and whatever else is acts on objects, item by item."""

from collections.abc import Sequence
from typing import Final

from xiezhi_client.orders import draft
from xiezhi_client.sdk import Client, DelegationOrder, FindOrder, Instruction
from xiezhi_workbench.starting.description import Input, Rows, Section, Setting, Start
from xiezhi_workbench.starting.item_inputs import item_inputs
from xiezhi_workbench.starting.shapes import Shape
from xiezhi_workbench.starting.shared import LINKED, REQUEST_TEXT, time, whom

_ITEMS: Final = "办理项"


def _items(setting: Setting) -> Section:
    rows = Rows("items", _ITEMS, item_inputs, required=True, most=setting.rules.max_items)
    return Section(_ITEMS, (rows,))


def _find(setting: Setting) -> Sequence[Section]:
    why = Input("why_not_query", "为何网络查控不能解决", shape=Shape.TEXT)
    return (whom(), _items(setting), Section("请求", (REQUEST_TEXT, why)), time(setting))


def _delegation(setting: Setting) -> Sequence[Section]:
    more = (
        Input("why_not_query", "为何网络查控不能解决", shape=Shape.TEXT),
        Input("excess_reason", "委托金额超过申请标的及费用的理由"),
        Input("bundle_id", "事项组标识", hint="同案同一需要的事项填写同一个，金额合并计算"),
    )
    request = Section("请求", (REQUEST_TEXT, LINKED), more)
    return (whom(), _items(setting), request, time(setting))


FIND: Final = Start(
    record=FindOrder,
    sections=_find,
    draft=draft,
    get=lambda client, matter: client.find.get(matter),
)


async def _get_delegation(client: Client, matter: str) -> tuple[DelegationOrder, Instruction]:
    order, instruction, _ = await client.delegation.get(matter)
    return order, instruction


DELEGATION: Final = Start(
    record=DelegationOrder,
    sections=_delegation,
    draft=draft,
    get=_get_delegation,
    kind_field=True,
)
