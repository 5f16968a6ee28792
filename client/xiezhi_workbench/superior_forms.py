"""Which fields the acts of the superior ask for, at the hub: on matters between courts, orders, requests and 督办."""

from collections.abc import Mapping
from typing import Final

from xiezhi_domain.orders.form import ORDERS, REQUESTS
from xiezhi_domain.terms import Action, Kind, PaperType
from xiezhi_workbench.form_fields import ActionForm, Field, Shape, by_action
from xiezhi_workbench.order_rows import ELEVATED

_WHY: Final = Field("text", "理由", Shape.TEXT, required=True, hint="双方法院都能看到")
_MORE: Final = Field("text", Action.EXPLAIN.zh, Shape.TEXT)
_COURT: Final = Field("court", "接收法院", Shape.COURT, required=True)
_UPHELD: Final = Field(
    "upheld", "处理结果", Shape.FLAG, required=True, flags=("异议成立，恢复办理", "异议不成立")
)
_PAPERS: Final = Field("documents", "附上文书", Shape.DOCUMENTS, hint="PDF、OFD 或图片")
_CALL: Final = (
    Field("counterpart", "通话对方", Shape.CONTACT, required=True),
    Field("text", "通话内容和对方的承诺", Shape.TEXT, required=True),
    Field("called_at", "通话时间", Shape.MOMENT, required=True),
    Field("promise_at", "承诺办理的时间", Shape.MOMENT, hint="没有承诺的不填"),
)


def _code(table: str, name: str = "reason", label: str = "原因") -> Field:
    return Field(name, label, Shape.CODE, required=True, reasons=table)


_MATTERS: Final = by_action(
    (
        ActionForm(
            Action.REROUTE,
            "reroute",
            (_COURT, _WHY),
            "新的受托法院收到全部材料，期限重新计算，不计退回。",
            service="superior",
        ),
        ActionForm(Action.REFUSE_REROUTE, "refuse_reroute", (_WHY,), service="superior"),
        ActionForm(Action.FORWARD, "forward", (_COURT, _WHY), service="superior"),
        ActionForm(
            Action.TRANSFER_SENDER,
            "transfer_sender",
            (
                Field("court", "现在执行该案的法院", Shape.COURT, required=True),
                _code("transfer"),
                Field("text", "移送所依据的文书", Shape.TEXT, required=True),
            ),
            service="superior",
        ),
        ActionForm(
            Action.REFUSE_TRANSFER, "refuse_transfer", (_code("transfer_refusal"), _WHY), service="superior"
        ),
        ActionForm(Action.RULE_ON_OBJECTION, "rule_on_objection", (_UPHELD, _WHY), service="superior"),
        ActionForm(
            Action.RULE_ON_DISPUTE,
            "rule_on_dispute",
            (_code("dispute_ruling", "ruling", "处理结果"), _WHY),
            service="superior",
        ),
        ActionForm(
            Action.RULE_ON_COMPLAINT,
            "rule_on_complaint",
            (_code("complaint_ruling", "ruling", "处理结果"), _WHY),
            "双方法院都会收到处理结果；只有成立的投诉计入统计。",
            service="superior",
        ),
        ActionForm(
            Action.STOP,
            "stop",
            (_code("stop"), _WHY),
            "到达受托法院即生效。",
            grave=True,
            service="superior",
        ),
        ActionForm(
            Action.SUSPEND,
            "suspend",
            (
                _code("suspension"),
                Field("until_on", "暂缓执行届满之日", Shape.DAY, hint="只在暂缓执行时填写"),
                _WHY,
            ),
            "期限停止计算，恢复后顺延。",
            service="superior",
        ),
        ActionForm(
            Action.EXTEND_SUSPENSION,
            "extend_suspension",
            (Field("until_on", "延长至", Shape.DAY, required=True), _WHY),
            service="superior",
        ),
        ActionForm(Action.RESUME, "resume", (_WHY,), service="superior"),
        ActionForm(Action.LOG_CALL, "log_call", _CALL, service="superior"),
    )
)
_ORDERED: Final = by_action(
    (
        ActionForm(
            Action.ANSWER_CONSULTATION,
            "answer",
            (Field("text", "批复内容", Shape.TEXT, required=True),),
            service="orders",
        ),
        ActionForm(
            Action.CHANGE_ORDER,
            "change",
            (
                Field("text", "变更内容和理由", Shape.TEXT, required=True),
                Field("until_on", "期限改为", Shape.DAY, hint="不填的期限不变"),
                Field("balance_fen", "余额改为（元）", Shape.AMOUNT, hint="不填的余额不变；没有余额的填 0"),
            ),
            service="orders",
        ),
        ActionForm(
            Action.MOVE_MATTERS,
            "move_matters",
            (_MORE,),
            "原执行法院就这些案件的未结事项，全部由接收案件的法院接替。",
            service="orders",
        ),
        ActionForm(
            Action.ELEVATE_CASE,
            "record_elevated_case",
            (
                Field("filing", "新案", Shape.ROWS, required=True, rows=ELEVATED),
                Field("filed_at", "立案时间", Shape.MOMENT, hint="不填为现在"),
                _MORE,
            ),
            "由本院立案执行；每件原案登记一件新案，立案金额与原案余额一分不差。只能登记一次。",
            grave=True,
            service="orders",
        ),
        ActionForm(
            Action.RETURN_REPLY,
            "return_report",
            (Field("text", "缺少什么", Shape.TEXT, required=True),),
            service="orders",
        ),
        ActionForm(
            Action.CLOSE_ORDER,
            "close",
            (_code("order_result", "result", "结果"), _MORE),
            grave=True,
            service="orders",
        ),
        ActionForm(Action.REVOKE, "revoke", (_WHY,), grave=True, service="orders"),
    )
)
_REQUESTED: Final = by_action(
    (
        ActionForm(Action.ACCEPT_REQUEST, "accept", (_MORE,), service="request_desk"),
        ActionForm(
            Action.HOLD_HEARING,
            "record_hearing",
            (
                Field("hearing", "听取意见的情况", Shape.HEARING, required=True),
                Field(
                    "documents",
                    PaperType.HEARING_RECORD.zh,
                    Shape.DOCUMENTS,
                    required=True,
                    hint="PDF、OFD 或图片",
                ),
            ),
            service="request_desk",
            brings_papers=True,
        ),
        ActionForm(
            Action.DECIDE_REQUEST,
            "decide",
            (
                _code("request_result", "result", "决定"),
                Field("text", "决定的内容和理由", Shape.TEXT, required=True),
                _PAPERS,
            ),
            "准许的，另在协调与指令中拟写相应的决定。",
            grave=True,
            service="request_desk",
            brings_papers=True,
        ),
    )
)
_URGED: Final = by_action(
    (
        ActionForm(
            Action.CLOSE_SUPERVISION,
            "close",
            (_code("supervision_result", "result", "结果"), _MORE),
            service="urges",
        ),
        ActionForm(
            Action.RETURN_REPLY,
            "return_reply",
            (Field("text", "缺少什么", Shape.TEXT, required=True),),
            service="urges",
        ),
        ActionForm(
            Action.GRANT_EXTENSION,
            "grant_extension",
            (Field("until_on", "延期至", Shape.DAY, hint="不填为对方申请的日期"), _MORE),
            service="urges",
        ),
        ActionForm(Action.REFUSE_EXTENSION, "refuse_extension", (_WHY,), service="urges"),
        ActionForm(Action.REVOKE, "revoke", (_WHY,), grave=True, service="urges"),
    )
)


def superior_forms(kind: str) -> Mapping[Action, ActionForm]:
    """Give the forms of what the superior does in a matter of *kind*, by action."""
    if kind in ORDERS:
        return {**_MATTERS, **_ORDERED}
    if kind in REQUESTS:
        return {**_MATTERS, **_REQUESTED}
    return {**_MATTERS, **_URGED} if kind == Kind.SUPERVISION else _MATTERS
