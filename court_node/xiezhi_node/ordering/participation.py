"""How an application to take part in a distribution is checked (民诉法解释 506, 507, 511)."""

from typing import Final

from xiezhi.v1.distribution_service_pb2 import DistributionOrder
from xiezhi_domain.distribution.presiding import ENTERPRISE
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_node.fields import LONGEST_TEXT, Fields
from xiezhi_node.ordering.order_check import OrderCheck

_TEXTS: Final = (
    ("property", "待分配财产"),
    ("creditor", "申请人"),
    ("request_text", "参与分配及财产不足清偿的事实和理由"),
)
_BANKRUPTCY: Final = (
    "被执行人是企业法人：符合破产条件的，应征询当事人意见移送破产审查（执转破）；"
    "不进入破产程序的，普通债权按查封先后受偿（民诉法解释第511条至第514条）"
)


def check(asked: OrderCheck) -> None:
    """Check what only an application says, and warn where the debtor may go to bankruptcy."""
    order: DistributionOrder = asked.order
    for name, what in _TEXTS:
        asked.wrong.limit_text(f"order.{name}", getattr(order, name), LONGEST_TEXT)
        if not getattr(order, name).strip():
            asked.missing.add(f"order.{name}", f"请填写{what}")
    for name in ("presiding_case_number", "priority_basis", "effective_document"):
        asked.wrong.limit_text(f"order.{name}", getattr(order, name))
    for name in ("debtor", "insufficiency"):
        _check_code(asked, name, getattr(order, name))
    asked.wrong.require_amount("order.claim_fen", order.claim_fen)
    if not order.claim_fen:
        asked.missing.add("order.claim_fen", "请填写申请分配的金额")
    _check_title(order, asked.missing)
    _check_began(order, asked)
    if order.debtor == ENTERPRISE:
        asked.notes.append(_BANKRUPTCY)


def facts_of(order: DistributionOrder) -> JsonObject:
    """Return the facts of `Issued` that an application has: what is claimed, in fen."""
    return {"claim": order.claim_fen}


def _check_code(asked: OrderCheck, name: str, code: str) -> None:
    codes = asked.rules.reasons[name]
    if not code:
        asked.missing.add(f"order.{name}", f"请选择：{'、'.join(codes.values())}")
    elif code not in codes:
        asked.wrong.add(f"order.{name}", f"请从规则库选择：{'、'.join(codes.values())}")


def _check_title(order: DistributionOrder, missing: Fields) -> None:
    """Ask for an effective document; only who has priority in the property may go without (506)."""
    if order.has_priority and not order.priority_basis.strip():
        missing.add("order.priority_basis", "请填写优先权、担保物权的依据")
    if not order.has_priority and not order.effective_document.strip():
        missing.add(
            "order.effective_document",
            "请填写执行依据文号；普通债权人未取得执行依据的不能申请（民诉法解释第506条）",
        )


def _check_began(order: DistributionOrder, asked: OrderCheck) -> None:
    began = order.enforcement_began_on
    asked.wrong.require_day("order.enforcement_began_on", began)
    if not began:
        asked.missing.add("order.enforcement_began_on", "请填写对该财产开始执行的日期")
    elif began > asked.today.isoformat():
        asked.wrong.add(
            "order.enforcement_began_on", "对该财产的执行尚未开始，不能申请参与分配（民诉法解释第507条）"
        )
