"""Which fields the acts of a court ask for that only a superior's order has (执行规定 70: no return, no refusal)."""

from collections.abc import Mapping
from typing import Final

from xiezhi_domain.orders.form import ORDERS
from xiezhi_domain.terms import Action
from xiezhi_workbench.action_forms import FORMS
from xiezhi_workbench.form_fields import ActionForm, Field, Shape, by_action
from xiezhi_workbench.order_rows import STRUCK, TAKEN_OVER

_MORE: Final = Field("text", Action.EXPLAIN.zh, Shape.TEXT)
_PAPERS: Final = Field("documents", "附上文书", Shape.DOCUMENTS, hint="PDF、OFD 或图片")
_ORDERED: Final = by_action(
    (
        ActionForm(
            Action.CONSULT,
            "consult",
            (
                Field("matter", "类别", Shape.CODE, required=True, reasons="consultation"),
                Field("text", "具体内容", Shape.TEXT, required=True),
                _PAPERS,
            ),
            "请示、报告困难不停止执行，期限照常计算。",
            service="received_orders",
        ),
        ActionForm(
            Action.CLOSE_OLD_CASE,
            "close_old_case",
            (
                Field("closing", "原案", Shape.ROWS, required=True, rows=STRUCK),
                Field("closed_at", "销案时间", Shape.MOMENT, hint="不填为现在"),
                _MORE,
            ),
            "决定移出的案件逐件登记；余额由新案承接，一分不差。只能登记一次。",
            grave=True,
            service="received_orders",
        ),
        ActionForm(
            Action.FILE_NEW_CASE,
            "file_new_case",
            (
                Field("filing", "新案", Shape.ROWS, required=True, rows=TAKEN_OVER),
                Field("filed_at", "立案时间", Shape.MOMENT, hint="不填为现在"),
                _MORE,
            ),
            "每件原案登记一件新案，立案金额与原案余额一分不差。只能登记一次。",
            grave=True,
            service="received_orders",
        ),
        ActionForm(
            Action.ANSWER_ORDER,
            "report",
            (
                Field("result", "结果", Shape.CODE, required=True, reasons="order_result"),
                Field("text", "落实情况", Shape.TEXT, required=True),
                _PAPERS,
            ),
            "由执行局长报告；中院可以退回重报，或者归结。",
            service="received_orders",
        ),
    )
)


def court_forms(kind: str) -> Mapping[Action, ActionForm]:
    """Give the forms of what a court does in a matter of *kind*, by action."""
    return {**FORMS, **_ORDERED} if kind in ORDERS else FORMS
