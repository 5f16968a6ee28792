"""What a delegation may order, by act, object and day; which fields each act needs."""

from datetime import date, timedelta

import pytest
from tests.integration.node.delegations import ACCOUNT, HOUSE, delegation, freeze, seal_house

from xiezhi.v1 import case_pb2, instruction_pb2, item_pb2, party_pb2
from xiezhi.v1 import delegation_service_pb2 as pb
from xiezhi_domain.calendar import shipped_calendar
from xiezhi_domain.courts import shipped_courts
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.item_fields import ORDER_FIELDS, OUTCOME_FIELDS
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.terms import Act
from xiezhi_node.calendar_in_force import CalendarInForce
from xiezhi_node.ordering.case_parts import CaseParts
from xiezhi_node.ordering.checks import CheckedOrder, check_order, yuan
from xiezhi_node.ordering.item_checks import years_after
from xiezhi_node.ordering.sender import Sender
from xiezhi_node.rulebooks_in_force import RulebooksInForce
from xiezhi_node.seat import Seat

NOW = 1_767_225_600_000
SEAT = Seat(
    "苏0505",
    "苏05",
    "hub.su05.example/xiezhi",
    "",
    shipped_courts(),
    CalendarInForce(shipped_calendar()),
    RulebooksInForce({shipped_rulebook().hash: shipped_rulebook()}, lambda: NOW),
)
TODAY = date(2026, 1, 1)
CASE = case_pb2.Case(
    case_number="（2026）苏0505执1234号",
    claimed_fen=1_000_000,
    subjects=[
        party_pb2.Subject(number=1, role=party_pb2.SUBJECT_ROLE_DEBTOR),
        party_pb2.Subject(number=2, role=party_pb2.SUBJECT_ROLE_INTERESTED_PARTY),
    ],
)
EARLIER = {"case_number": "（2025）苏0505执1号", "document": "原裁定", "expires_on": "2026-02-01"}


def check(order: pb.DelegationOrder, held: int = 0) -> CheckedOrder:
    return check_order(order, CaseParts(CASE), Sender(SEAT, NOW, lambda _case: held), {})


def missing(order: pb.DelegationOrder) -> list[str]:
    return [each.field.removeprefix("order.items[0].") for each in check(order).missing.violations]


def wrong(order: pb.DelegationOrder) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refused:
        check(order)
    return {each.field.removeprefix("order.items[0]."): each.message for each in refused.value.fields}


def extend(expires: date, **changes: object) -> item_pb2.Item:
    fields = {
        "act": item_pb2.ACT_EXTEND_FREEZE,
        "earlier": EARLIER | {"expires_on": str(expires)},
        "expires_on": str(expires + timedelta(days=364)),
    }
    return freeze(100, **(fields | changes))


def test_every_path_is_one_of_the_contract() -> None:
    for fields, message in ((ORDER_FIELDS, item_pb2.Item), (OUTCOME_FIELDS, item_pb2.ItemOutcome)):
        for path in fields:
            descriptor = message.DESCRIPTOR
            for name in path.split("."):
                descriptor = descriptor.fields_by_name[name].message_type


@pytest.mark.parametrize(
    ("kind", "act"),
    [
        (kind, act)
        for kind, rules in SEAT.rulebook.kinds.items()
        if kind != "FIND"
        for act in sorted(rules.acts)
    ],
)
def test_every_act_of_every_kind_asks_for_its_scope_and_more(kind: str, act: Act) -> None:
    number = item_pb2.Act.Value(f"ACT_{act}")
    lacking = missing(delegation(item_pb2.Item(act=number), kind=kind))
    assert "scope" in lacking
    assert len(lacking) > 1


ON_QUERIES = [kind for kind, rules in SEAT.rulebook.kinds.items() if Act.QUERY in rules.acts]


@pytest.mark.parametrize("kind", [kind for kind in ON_QUERIES if kind != "FIND"])
def test_no_ground_opens_a_registry_query_on_others_than_obligors(kind: str) -> None:
    case = case_pb2.Case()
    case.CopyFrom(CASE)
    case.subjects[1].role_ground = "与被执行人共有"
    item = item_pb2.Item(act=item_pb2.ACT_QUERY, subject_number=2)
    with pytest.raises(InvalidInput) as refused:
        check_order(
            delegation(item, kind=kind, subject_numbers=[1, 2]), CaseParts(case), Sender(SEAT, NOW), {}
        )
    [violation] = refused.value.fields
    assert violation.field == "order.items[0].subject_number"
    assert "“查询”只能对被执行人、被保全人办理，不得对其他利害关系人办理" in violation.message
    assert "法释〔2013〕20号) 第1–7条" in violation.message
    item.act = item_pb2.ACT_INVESTIGATE
    order = delegation(item, kind=kind, subject_numbers=[1, 2])
    assert check_order(order, CaseParts(case), Sender(SEAT, NOW), {}).missing.violations


def test_registry_queries_are_an_act_of_these_kinds() -> None:
    assert sorted(ON_QUERIES) == ["ENTRUST_INVESTIGATION", "FIND"]


def test_a_complete_freeze_lacks_nothing_and_names_its_sum() -> None:
    checked = check(delegation(freeze(600_000), freeze(1)))
    assert not checked.missing.violations
    assert (checked.sums, checked.ordered) == ({1: 600_000, 2: 1}, 600_001)


def test_a_deduction_from_what_is_frozen_adds_nothing() -> None:
    account = {"holder": "演示法院", "bank": "演示银行", "bank_number": "1", "account": "2", "remark": "案号"}
    bare = freeze(100, act=item_pb2.ACT_DEDUCT, expires_on="")
    assert missing(delegation(bare)) == [f"pay_to.{name}" for name in account]
    deduct = freeze(100, act=item_pb2.ACT_DEDUCT, expires_on="", pay_to=account)
    assert check(delegation(deduct)).ordered == 100
    deduct.earlier.case_number = "（2025）苏0505执1号"
    assert check(delegation(deduct)).sums == {}


def test_a_house_is_known_by_certificate_or_unit() -> None:
    house = seal_house(100)
    house.property.immovable.certificate = ""
    order = delegation(house, kind="ENTRUST_REGISTRABLE")
    [violation] = check(order).missing.violations
    assert violation.field == "order.items[0].property.immovable.certificate"
    assert violation.message == "请填写办理项 1 的权证号或不动产单元号"
    house.property.immovable.unit = "演示单元1"
    assert not missing(delegation(house, kind="ENTRUST_REGISTRABLE"))


def test_the_object_and_the_act_have_to_fit_the_kind() -> None:
    assert "不涉及房屋" in wrong(delegation(freeze(1, property=HOUSE)))["property.category"]
    assert "不办理“冻结”" in wrong(delegation(freeze(1), kind="ENTRUST_REGISTRABLE"))["act"]
    other = freeze(1, subject_number=2)
    assert wrong(delegation(other, subject_numbers=[2]))["subject_number"].startswith("事项对象应为")
    transfer = item_pb2.Item(act=item_pb2.ACT_TRANSFER_TITLE, subject_number=2, property=HOUSE)
    check(delegation(transfer, kind="ENTRUST_REGISTRABLE", subject_numbers=[2]))


def test_no_measure_lasts_longer_than_the_law_allows() -> None:
    assert "最长 1 年" in wrong(delegation(freeze(1, expires_on="2027-06-01")))["expires_on"]
    assert "今天以后" in wrong(delegation(freeze(1, expires_on=str(TODAY))))["expires_on"]
    begins = freeze(1, starts_on="2026-01-05", expires_on="2027-01-06")
    assert "最长 1 年" in wrong(delegation(begins))["expires_on"]
    begins.expires_on = "2027-01-05"
    assert not missing(delegation(begins))
    wealth = freeze(1, expires_on="2028-12-31")
    wealth.property.category = ACCOUNT.category + 1
    assert not missing(delegation(wealth))


def test_a_renewal_is_due_before_the_measure_expires() -> None:
    due = TODAY + timedelta(days=12)
    order = delegation(extend(due), limit_days=12)
    assert not missing(order)
    late = wrong(delegation(extend(due - timedelta(days=1)), limit_days=12))
    assert "按紧急事项办理" in late["earlier.expires_on"]
    soon = extend(TODAY + timedelta(days=1))
    urgent = delegation(
        soon, urgency=instruction_pb2.URGENCY_URGENT, urgency_code="SEIZURE_EXPIRES", limit_days=12
    )
    assert not missing(urgent)
    gone = wrong(delegation(extend(TODAY - timedelta(days=1))))
    assert "已于 2025-12-31 失效" in gone["earlier.expires_on"]


def test_more_than_is_claimed_warns_and_asks_why() -> None:
    order = delegation(freeze(400_000))
    assert not check(order, held=600_000).missing.violations
    checked = check(order, held=600_001)
    assert [each.field for each in checked.missing.violations] == ["order.excess_reason"]
    assert checked.warnings[0].startswith("拟控制 4,000.00 元，连同已委托或控制的 6,000.01 元")
    order.excess_reason = "账户余额不明"
    assert not check(order, held=600_001).missing.violations


def test_ids_and_days_are_well_formed() -> None:
    item = freeze(1, expires_on="明年", earlier=EARLIER | {"expires_on": "x"})
    order = delegation(item, bundle_id="b", linked_instruction_id="l")
    assert set(wrong(order)) == {
        "expires_on",
        "earlier.expires_on",
        "order.bundle_id",
        "order.linked_instruction_id",
    }


def test_what_the_network_covers_is_asked_there_first() -> None:
    item = item_pb2.Item(
        act=item_pb2.ACT_QUERY, subject_number=1, scope="查询", clue="开户线索", property=ACCOUNT
    )
    item.assisting_body.CopyFrom(freeze(1).assisting_body)
    order = delegation(item, kind="ENTRUST_INVESTIGATION")
    assert missing(order) == ["network_query.queried_on", "network_query.result"]


def test_years_and_amounts() -> None:
    assert years_after(date(2028, 2, 29), 1) == date(2029, 2, 28)
    assert (yuan(123_456), yuan(-5), yuan(0)) == ("1,234.56", "-0.05", "0.00")
