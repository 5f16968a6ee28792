"""What the delegation of a whole case has to say, field by field, before it can be handed in."""

from datetime import date, timedelta

import pytest

from xiezhi.v1 import case_delegation_pb2 as pb
from xiezhi.v1 import case_pb2, party_pb2, property_pb2
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_node.fields import Fields
from xiezhi_node.ordering import delegated_case
from xiezhi_node.ordering.case_parts import CaseParts
from xiezhi_node.ordering.order_check import OrderCheck

TODAY = date(2026, 11, 23)
RULES = shipped_rulebook().kind("CASE_DELEGATION")
CASE = case_pb2.Case(
    case_number="（2026）苏0591执1号",
    claimed_fen=1_000_000,
    costs_fen=20_000,
    subjects=[
        party_pb2.Subject(number=1, role=party_pb2.SUBJECT_ROLE_DEBTOR),
        party_pb2.Subject(number=2, role=party_pb2.SUBJECT_ROLE_APPLICANT),
    ],
)
HOUSE = property_pb2.Property(
    category=property_pb2.PROPERTY_CATEGORY_HOUSE, description="演示住房", place="演示路 1 号"
)


def an_order(**changes: object) -> pb.CaseDelegationOrder:
    stated = {
        "subject_numbers": [1, 2],
        "investigation": {"queried_on": "2026-11-20", "result": "无财产", "none_here": True},
        "properties": [HOUSE],
        "recovered_fen": 120_000,
    }
    return pb.CaseDelegationOrder(**{**stated, **changes})


def a_seizure(until: date | str, **changes: object) -> pb.HandedSeizure:
    stated = {
        "property": HOUSE,
        "rank": 1,
        "seized_on": "2026-01-05",
        "expires_on": str(until),
        "document_number": "（2026）苏0591执1号之一",
    }
    return pb.HandedSeizure(**{**stated, **changes})


def checked(order: pb.CaseDelegationOrder) -> tuple[dict[str, str], dict[str, str]]:
    """What is wrong and what is missing, by field."""
    wrong, missing = Fields(), Fields()
    delegated_case.check(OrderCheck(order, CaseParts(CASE), RULES, TODAY, wrong, missing, [], "苏0591"))
    return (
        {each.field: each.message for each in wrong.violations},
        {each.field: each.message for each in missing.violations},
    )


def test_a_complete_order_is_numbered_and_its_balance_worked_out() -> None:
    order = an_order(seizures=[a_seizure(TODAY + timedelta(days=400)), a_seizure(date(2028, 1, 1), rank=3)])
    assert checked(order) == ({}, {})
    assert [each.number for each in order.seizures] == [1, 2]
    assert order.balance_fen == 900_000
    assert delegated_case.facts_of(order)["claim"] == 900_000
    assert delegated_case.facts_of(order)["ranks"] == [[1, 1], [2, 3]]


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"investigation": {}}, "order.investigation.none_here", "第1条"),
        ({"investigation": {}}, "order.investigation.queried_on", "最近查询日期"),
        ({"properties": []}, "order.properties", "受托法院辖区内"),
        ({"properties": [HOUSE, HOUSE]}, "order.main_property", "主要财产"),
        ({"subject_numbers": [1]}, "order.subject_numbers", "应有申请执行人"),
        ({"subject_numbers": [2]}, "order.subject_numbers", "应有被执行人"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nothing_here_and_property_there(changes: dict, field: str, says: str) -> None:
    wrong, missing = checked(an_order(**changes))
    assert not wrong
    assert says in missing[field]


def test_a_seizure_with_less_than_a_month_is_renewed_first() -> None:
    wrong, _ = checked(an_order(seizures=[a_seizure(date(2026, 12, 22))]))
    message = wrong["order.seizures[0].expires_on"]
    assert "不足1个月，应先续行查封再移交" in message
    assert "第6条" in message
    assert checked(an_order(seizures=[a_seizure(date(2026, 12, 23))])) == ({}, {})


@pytest.mark.parametrize(
    ("seizures", "field"),
    [
        ([a_seizure(date(2028, 1, 1), rank=0)], "order.seizures[0].rank"),
        ([a_seizure(date(2028, 1, 1), number=1)] * 2, "order.seizures[1].number"),
        ([a_seizure(date(2028, 1, 1), seized_on="2027-01-01")], "order.seizures[0].seized_on"),
        ([a_seizure("明年")], "order.seizures[0].expires_on"),
    ],
    ids=["rank", "number", "seized tomorrow", "no day"],
)
def test_a_seizure_is_told_rightly(seizures: list[pb.HandedSeizure], field: str) -> None:
    wrong, _ = checked(an_order(seizures=seizures))
    assert field in wrong


def test_nothing_is_delegated_where_everything_was_recovered() -> None:
    wrong, _ = checked(an_order(recovered_fen=1_020_000))
    assert "没有可以委托执行的余额" in wrong["order.recovered_fen"]
