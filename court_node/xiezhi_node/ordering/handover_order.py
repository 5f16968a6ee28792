"""What a request for a handover says (商请移送执行函): the property, the legal ground and its tests, the seizures.

法释〔2016〕6号 第1条、第2条. The tests are the rulebook's; each that does not hold is told with its article.
"""

from collections.abc import Iterator
from typing import Final

from xiezhi.v1.handover_pb2 import HandoverOrder
from xiezhi.v1.property_pb2 import Property
from xiezhi_desk.terms import PROPERTY_CATEGORIES
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.handover.grounds import failing
from xiezhi_domain.handover.register import Register, register_of
from xiezhi_domain.handover.seizures import is_day
from xiezhi_domain.terms import EventKind
from xiezhi_node.fields import LONGEST_TEXT
from xiezhi_node.handover.stated import check_seizures, rows_of
from xiezhi_node.ordering.order_check import OrderCheck

ROOT: Final = "order"


def check(check: OrderCheck) -> None:
    """Check a request and number its seizures."""
    order = check.order
    _property(check)
    check.wrong.require_amount(f"{ROOT}.claim_fen", order.claim_fen)
    check.wrong.require_amount(f"{ROOT}.right.secured_fen", order.right.secured_fen)
    check.wrong.limit_text(f"{ROOT}.effective_document", order.effective_document, LONGEST_TEXT)
    for name in ("kind", "registration_number", "rank"):
        check.wrong.limit_text(f"{ROOT}.right.{name}", getattr(order.right, name))
    if not order.claim_fen:
        check.missing.add(f"{ROOT}.claim_fen", "请填写债权数额")
    before = len(check.wrong.violations)
    check_seizures(check.wrong, f"{ROOT}.seizures", order.seizures, check.today)
    _dates(check)
    if len(check.wrong.violations) == before:
        _ground(check)


def facts_of(order: HandoverOrder) -> JsonObject:
    """Return the facts of the first event: ground, days, seizures, the sum claimed."""
    facts: JsonObject = {"basis": order.basis, "seizures": rows_of(order.seizures)}
    if order.claim_fen:
        facts["claim"] = order.claim_fen
    return {**facts, "dates": {each.code: each.day for each in order.dates}}


def properties_of(order: HandoverOrder) -> Iterator[Property]:
    """Give the property."""
    yield order.property


def _property(check: OrderCheck) -> None:
    found, path = check.order.property, f"{ROOT}.property"
    check.wrong.limit_text(f"{path}.description", found.description, LONGEST_TEXT)
    if not found.description.strip():
        check.missing.add(f"{path}.description", "请说明商请移送的财产")
    if found.category:
        with check.wrong.collecting():
            PROPERTY_CATEGORIES.from_proto(found.category, f"{path}.category")
    else:
        check.missing.add(f"{path}.category", "请选择财产种类")


def _dates(check: OrderCheck) -> None:
    known, seen = check.rules.reasons.get("dates", {}), set()
    for at, each in enumerate(check.order.dates):
        path = f"{ROOT}.dates[{at}]"
        if each.code not in known or each.code in seen:
            check.wrong.add(f"{path}.code", f"请从规则库选择日期，且不重复：{'、'.join(known.values())}")
        elif not is_day(each.day):
            check.wrong.add(f"{path}.day", f"请填写{known[each.code]}，例如 2026-11-22")
        seen.add(each.code)


def _ground(check: OrderCheck) -> None:
    """Tell every test that does not hold, and its article."""
    order, grounds = check.order, check.rules.grounds
    ground = grounds.get(order.basis)
    if ground is None:
        words = "、".join(f"{each.title}({code})" for code, each in grounds.items())
        check.missing.add(f"{ROOT}.basis", f"请选择商请移送的依据：{words}")
        return
    if order.receiver and not ground.is_open_to(check.court, order.receiver):
        check.missing.add(f"{ROOT}.basis", f"该依据只适用于本省法院之间（依据：{ground.citation.source}）")
    register = register_of([(EventKind.ISSUED, {"seizures": rows_of(order.seizures)})])
    dates = {each.code: each.day for each in order.dates}
    for test in failing(ground, dates, register, check.court, check.today):
        check.missing.add(f"{ROOT}.basis", f"不符合条件：{test.title}（依据：{test.citation.source}）")
    _first(check, register)


def _first(check: OrderCheck, register: Register) -> None:
    first = register.first(str(check.today))
    if first is None or first.stated.court != check.order.receiver:
        check.missing.add(f"{ROOT}.seizures", "应向首先查封法院商请，请登记首封并核对受托法院")
