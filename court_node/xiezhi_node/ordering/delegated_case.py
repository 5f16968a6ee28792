"""What the delegation of a whole case says: nothing here and property there, the seizures that go with it, the balance.

法释〔2011〕11号 第1条、第3条、第5条、第6条. The numbers of months are the rulebook's.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from xiezhi.v1.case_delegation_pb2 import CaseDelegationOrder, HandedSeizure
from xiezhi.v1.property_pb2 import Property
from xiezhi_desk.terms import PROPERTY_CATEGORIES, SUBJECT_ROLES
from xiezhi_domain.calendar import end_of_day_ms
from xiezhi_domain.case_delegation import balance_fen, needs_renewal
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.events.ids import check_uuid7
from xiezhi_domain.ladder.delegable import RENEW_FIRST
from xiezhi_domain.terms import SubjectRole
from xiezhi_node.fields import LONGEST_TEXT, Fields
from xiezhi_node.ordering.item_checks import parse_day
from xiezhi_node.ordering.order_check import OrderCheck

ROOT: Final = "order"
MOST_PROPERTIES: Final = 64
_OBLIGORS: Final = frozenset({SubjectRole.DEBTOR, SubjectRole.PRESERVATION_RESPONDENT})


def check(check: OrderCheck) -> None:
    """Check the delegation of a case, number its seizures and work out its balance."""
    _parties(check)
    _investigation(check)
    _properties(check)
    for at, seizure in enumerate(check.order.seizures):
        _seizure(check, f"{ROOT}.seizures[{at}]", at, seizure)
    _balance(check)
    if linked := check.order.linked_instruction_id:
        with check.wrong.collecting():
            check_uuid7(linked, f"{ROOT}.linked_instruction_id")


def facts_of(order: CaseDelegationOrder) -> JsonObject:
    """Return the facts of the first event: the sum of the new case, rank and end of each seizure."""
    facts: JsonObject = {"claim": order.balance_fen} if order.balance_fen else {}
    days = {each.number: parse_day(each.expires_on) for each in order.seizures}
    if order.seizures:
        facts["ranks"] = [[each.number, each.rank] for each in order.seizures]
        facts["expiries"] = [[number, end_of_day_ms(day)] for number, day in days.items() if day]
    return facts


def properties_of(order: CaseDelegationOrder) -> Iterator[Property]:
    """Give everything that the order names of the debtor's property."""
    yield from order.properties
    yield from (each.property for each in order.seizures)


def check_property(fields: Fields, missing: Fields, path: str, found: Property, *, placed: bool) -> None:
    """Check one property; with *placed* it has to say where it is."""
    with fields.collecting():
        PROPERTY_CATEGORIES.from_proto(found.category, f"{path}.category")
    if not found.description.strip():
        missing.add(f"{path}.description", "请说明财产")
    if placed and not found.place.strip():
        missing.add(f"{path}.place", "请填写财产所在地")
    fields.limit_text(f"{path}.description", found.description, LONGEST_TEXT)
    fields.limit_text(f"{path}.place", found.place)
    fields.require_amount(f"{path}.value_fen", found.value_fen)


def _parties(check: OrderCheck) -> None:
    """Ask for the applicant and a debtor with what the enclosures say of them (第5条)."""
    known = check.case.subjects
    chosen = [known[number] for number in check.order.subject_numbers if number in known]
    roles = {SUBJECT_ROLES.from_proto(subject.role, "role") for subject in chosen if subject.role}
    field = f"{ROOT}.subject_numbers"
    if chosen and SubjectRole.APPLICANT not in roles:
        check.missing.add(field, f"事项对象中应有{SubjectRole.APPLICANT.zh}")
    if chosen and not roles & _OBLIGORS:
        check.missing.add(field, f"事项对象中应有{SubjectRole.DEBTOR.zh}")


def _investigation(check: OrderCheck) -> None:
    found, path = check.order.investigation, f"{ROOT}.investigation"
    check.wrong.require_day(f"{path}.queried_on", found.queried_on)
    check.wrong.limit_text(f"{path}.result", found.result, LONGEST_TEXT)
    queried = parse_day(found.queried_on)
    if queried is None:
        check.missing.add(f"{path}.queried_on", "请填写网络查控最近查询日期（如 2026-11-22）")
    elif queried > check.today:
        check.wrong.add(f"{path}.queried_on", "查询日期不能晚于今天")
    if not found.result.strip():
        check.missing.add(f"{path}.result", "请填写财产调查结果")
    if not found.none_here:
        source = check.rules.start.citation.source
        message = f"经调查本辖区没有可供执行财产的，才可以委托执行（依据：{source}）"
        check.missing.add(f"{path}.none_here", message)


def _properties(check: OrderCheck) -> None:
    order, path = check.order, f"{ROOT}.properties"
    if not order.properties:
        source = check.rules.start.citation.source
        check.missing.add(path, f"请填写受托法院辖区内可供执行的财产（依据：{source}）")
    if max(len(order.properties), len(order.seizures)) > MOST_PROPERTIES:
        check.wrong.add(path, f"财产和查封各最多 {MOST_PROPERTIES} 项，请将清单作为文书上传")
    for at, found in enumerate(order.properties):
        check_property(check.wrong, check.missing, f"{path}[{at}]", found, placed=True)
    if not 0 <= order.main_property <= len(order.properties):
        check.wrong.add(f"{ROOT}.main_property", "应为财产清单中的序号")
    elif not order.main_property and len(order.properties) > 1:
        check.missing.add(f"{ROOT}.main_property", "财产有多处的，请选择主要财产")


def _seizure(check: OrderCheck, path: str, at: int, seizure: HandedSeizure) -> None:
    seizure.number = seizure.number or at + 1
    numbers = [each.number for each in check.order.seizures[:at]]
    if seizure.number < 1 or seizure.number in numbers:
        check.wrong.add(f"{path}.number", "查封序号应为从 1 开始的整数，且不能重复")
    if seizure.rank < 1:
        check.wrong.add(f"{path}.rank", "请填写顺位：首封为 1，第一轮候为 2")
    check_property(check.wrong, check.missing, f"{path}.property", seizure.property, placed=False)
    check.wrong.limit_text(f"{path}.document_number", seizure.document_number)
    if not seizure.document_number.strip():
        check.missing.add(f"{path}.document_number", f"请填写查封 {seizure.number} 的裁定书文号")
    seized, expires = _day(check, f"{path}.seized_on", seizure.seized_on), parse_day(seizure.expires_on)
    check.wrong.require_day(f"{path}.expires_on", seizure.expires_on)
    if expires is None:
        check.wrong.add(f"{path}.expires_on", f"请填写查封 {seizure.number} 的到期日（如 2026-11-22）")
        return
    if seized is not None and expires <= seized:
        check.wrong.add(f"{path}.expires_on", "到期日应晚于查封日")
    _renewal(check, f"{path}.expires_on", seizure.number, expires)


def _day(check: OrderCheck, path: str, text: str) -> date | None:
    check.wrong.require_day(path, text)
    day = parse_day(text)
    if day is None:
        check.missing.add(path, "请填写查封日（如 2026-11-22）")
    elif day > check.today:
        check.wrong.add(path, "查封日不能晚于今天")
    return day


def _renewal(check: OrderCheck, path: str, number: int, expires: date) -> None:
    """Demand that a seizure that is about to end is renewed before it is handed over (第6条)."""
    limit = check.rules.limits.get(RENEW_FIRST)
    if limit is not None and needs_renewal(expires, check.today, limit.amount):
        source = limit.citation.source
        message = (
            f"查封 {number} 将于 {expires} 到期，不足{limit.amount}个月，应先续行查封再移交（依据：{source}）"
        )
        check.wrong.add(path, message)


def _balance(check: OrderCheck) -> None:
    """Work out what is left to be enforced: the sum of the new case (法明传〔2018〕335号 第3条)."""
    case, order = check.case.case, check.order
    order.balance_fen = 0
    if not case.claimed_fen:
        check.missing.add(f"{ROOT}.balance_fen", "案件没有申请标的，请先在案件中填写")
        return
    try:
        order.balance_fen = balance_fen(case.claimed_fen, case.costs_fen, order.recovered_fen)
    except InvalidInput as error:
        check.wrong.add(f"{ROOT}.recovered_fen", error.fields[0].message)
    if case.received_fen and case.received_fen != order.recovered_fen:
        check.notes.append("已执行到位的金额与案件记载不一致，请核对")
