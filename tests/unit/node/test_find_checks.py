"""What a find order may ask for, and what it lacks."""

from typing import Any

import pytest

from xiezhi.v1 import (
    case_pb2,
    document_pb2,
    event_pb2,
    find_service_pb2,
    instruction_pb2,
    item_pb2,
    party_pb2,
)
from xiezhi_desk.terms import SUBJECT_ROLES
from xiezhi_domain.calendar import shipped_calendar
from xiezhi_domain.courts import shipped_courts
from xiezhi_domain.errors import DomainError, InvalidInput, LimitExceeded, Reason
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.terms import Act, PaperType, SubjectRole
from xiezhi_node.calendar_in_force import CalendarInForce
from xiezhi_node.drafting.store import Draft, draft_content
from xiezhi_node.ordering.case_parts import CaseParts
from xiezhi_node.ordering.checks import LARGEST_ORDER, CheckedOrder, check_order
from xiezhi_node.ordering.convert import read_order, to_order
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
LETTER, NOTICE = b"l" * 32, b"n" * 32
UPLOADED = {
    LETTER: document_pb2.Document(sha256=LETTER, paper_type=document_pb2.PAPER_TYPE_ENTRUSTMENT_LETTER),
    NOTICE: document_pb2.Document(sha256=NOTICE, paper_type=document_pb2.PAPER_TYPE_QUERY_NOTICE),
}
CASE = case_pb2.Case(
    case_number="（2026）苏0505执12号",
    subjects=[
        party_pb2.Subject(
            number=1, role=party_pb2.SUBJECT_ROLE_DEBTOR, person=party_pb2.Person(name="测试甲")
        ),
        party_pb2.Subject(
            number=2,
            role=party_pb2.SUBJECT_ROLE_CO_OWNER,
            organisation=party_pb2.Organisation(name="测试乙有限公司"),
        ),
    ],
)


def item(**changes: Any) -> item_pb2.Item:
    fields = {"act": item_pb2.ACT_LOCATE_PERSON, "subject_number": 1, "scope": "查找下落", "clue": "平江路"}
    return item_pb2.Item(**(fields | changes))


def order(*items: item_pb2.Item, **changes: Any) -> find_service_pb2.FindOrder:
    fields = {
        "case_number": CASE.case_number,
        "receiver": "苏0508",
        "subject_numbers": [1],
        "documents": [{"sha256": LETTER}],
    }
    return find_service_pb2.FindOrder(items=items or [item()], **(fields | changes))


def check(asked: find_service_pb2.FindOrder, case: case_pb2.Case = CASE) -> CheckedOrder:
    return check_order(asked, CaseParts(case), Sender(SEAT, NOW), UPLOADED)


def missing(asked: find_service_pb2.FindOrder) -> list[str]:
    return [violation.field for violation in check(asked).missing.violations]


def wrong(asked: find_service_pb2.FindOrder) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        check(asked)
    return [violation.field for violation in refused.value.fields]


def reason(asked: find_service_pb2.FindOrder) -> Reason:
    with pytest.raises(DomainError) as refused:
        check(asked)
    return refused.value.reason


def test_a_complete_order_lacks_nothing_and_numbers_its_items() -> None:
    checked = check(order(item(), item()))
    checked.require_complete()
    assert [each.number for each in checked.order.items] == [1, 2]
    assert not checked.warnings


def test_an_empty_draft_says_what_it_lacks() -> None:
    empty = find_service_pb2.FindOrder(case_number=CASE.case_number)
    assert missing(empty) == ["order.receiver", "order.subject_numbers", "order.items"]
    checked = check(empty)
    assert [paper.paper_type for paper in checked.missing_papers] == [33]
    assert len(checked.warnings) == 3
    with pytest.raises(InvalidInput):
        checked.require_complete()


def test_an_item_says_what_it_lacks() -> None:
    assert missing(order(item_pb2.Item(), item(subject_number=0, clue=" "))) == [
        "order.items[0].act",
        "order.items[0].scope",
        "order.items[0].clue",
        "order.items[1].subject_number",
        "order.items[1].clue",
    ]


def test_papers_that_the_acts_need_are_told_all_at_once() -> None:
    asked = order(
        item(act=item_pb2.ACT_QUERY), item(act=item_pb2.ACT_CONTROL_PERSON), documents=[{"sha256": LETTER}]
    )
    with pytest.raises(DomainError) as refused:
        check(asked).require_complete()
    assert refused.value.reason is Reason.PAPERS_MISSING
    assert "拘留决定书" in refused.value.message
    assert "协助查询(调查)通知书" in refused.value.message
    check(
        order(item(act=item_pb2.ACT_QUERY), documents=[{"sha256": LETTER}, {"sha256": NOTICE}])
    ).require_complete()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"receiver": "苏0505"}, "order.receiver"),
        ({"receiver": "江苏"}, "order.receiver"),
        ({"subject_numbers": [1, 1]}, "order.subject_numbers[1]"),
        ({"subject_numbers": [1, 7]}, "order.subject_numbers[1]"),
        ({"limit_days": 21}, "order.limit_days"),
        ({"urgency": 9}, "order.urgency"),
        ({"urgency_code": "WEATHER"}, "order.urgency_code"),
        ({"documents": [{"sha256": LETTER}, {"sha256": b"x" * 32}]}, "order.documents[1]"),
        ({"items": [item(act=item_pb2.ACT_FREEZE)]}, "order.items[0].act"),
        ({"items": [item(act=99)]}, "order.items[0].act"),
        ({"items": [item(subject_number=2)]}, "order.items[0].subject_number"),
        ({"items": [item(number=1), item(number=1)]}, "order.items[1].number"),
        ({"items": [item(amount_fen=-1)]}, "order.items[0].amount_fen"),
        ({"items": [item(expires_on="2026年")]}, "order.items[0].expires_on"),
        ({"items": [item()] * 65}, "order.items"),
    ],
)
def test_wrong_fields_are_refused_even_in_a_draft(changes: dict[str, Any], field: str) -> None:
    asked = order(*changes.pop("items", [item()]), **changes)
    assert wrong(asked) == [field]


def test_an_urgent_order_needs_its_reason() -> None:
    urgent = order(urgency=instruction_pb2.URGENCY_URGENT)
    assert missing(urgent) == ["order.urgency_code", "order.urgency_reason"]
    urgent.urgency_code = "OTHER"
    assert missing(urgent) == ["order.urgency_reason"]
    urgent.urgency_reason = "被执行人即将离境"
    assert not missing(urgent)
    urgent.urgency_code, urgent.urgency_reason = "SUBJECT_SEEN", ""
    assert missing(urgent) == []


def test_a_subject_of_another_role_needs_a_ground() -> None:
    asked = order(item(subject_number=2), subject_numbers=[2])
    assert wrong(asked) == ["order.items[0].subject_number"]
    case = case_pb2.Case()
    case.CopyFrom(CASE)
    case.subjects[1].role_ground = "共有人，见共有登记"
    check(asked, case).require_complete()


def with_ground(role: SubjectRole, ground: str) -> case_pb2.Case:
    case = case_pb2.Case()
    case.CopyFrom(CASE)
    case.subjects[1].role = SUBJECT_ROLES.to_proto(role)
    case.subjects[1].role_ground = ground
    return case


@pytest.mark.parametrize("role", SubjectRole)
def test_no_ground_opens_a_registry_query_on_others_than_obligors(role: SubjectRole) -> None:
    asked = order(
        item(act=item_pb2.ACT_QUERY, subject_number=2),
        subject_numbers=[2],
        documents=[{"sha256": LETTER}, {"sha256": NOTICE}],
    )
    case = with_ground(role, "共有人，见共有登记")
    if role in {SubjectRole.DEBTOR, SubjectRole.PRESERVATION_RESPONDENT}:
        check(asked, case).require_complete()
        return
    with pytest.raises(InvalidInput) as refused:
        check(asked, case)
    [violation] = refused.value.fields
    assert violation.field == "order.items[0].subject_number"
    for words in ("“查询”只能对被执行人、被保全人办理", f"不得对{role.zh}办理", "法释〔2013〕20号) 第1–7条"):
        assert words in violation.message
    asked.items[0].act = item_pb2.ACT_LOCATE_PERSON
    check(asked, case).require_complete()


def test_a_registry_query_names_whom_it_concerns() -> None:
    assert missing(order(item(act=item_pb2.ACT_QUERY, subject_number=0))) == ["order.items[0].subject_number"]


@pytest.mark.parametrize(
    ("receiver", "expected"), [("苏9999", Reason.UNKNOWN_COURT), ("苏02", Reason.NO_COMMON_HUB)]
)
def test_courts_that_cannot_be_reached(receiver: str, expected: Reason) -> None:
    if receiver not in shipped_courts() and expected is Reason.NO_COMMON_HUB:
        receiver = next(
            court.code for court in shipped_courts() if court.code not in shipped_courts().subtree("苏05")
        )
    assert reason(order(receiver=receiver)) is expected


def test_an_order_that_fills_no_body_is_refused() -> None:
    with pytest.raises(LimitExceeded):
        check(order(request_text="长" * LARGEST_ORDER))


def test_an_order_comes_back_from_its_parts() -> None:
    asked = order(
        item(),
        item(act=item_pb2.ACT_SITE_CHECK),
        urgency=instruction_pb2.URGENCY_URGENT,
        urgency_code="OTHER",
        urgency_reason="即将离境",
    )
    asked.request_text, asked.why_not_query = "请协助", "网络查控无结果"
    checked = check(asked)
    author = event_pb2.Actor(account_id="a-1", officer={"name": "测试法官"})
    issued = to_order(checked, CaseParts(CASE), UPLOADED, author)
    assert issued.items == {1: Act.LOCATE_PERSON, 2: Act.SITE_CHECK}
    assert issued.papers == {PaperType.ENTRUSTMENT_LETTER: 1}
    assert (issued.limit_days, issued.urgent) == (7, True)
    assert (issued.labels.subject_names, issued.labels.officer) == ("测试甲", "a-1")
    names = [name for name, _ in issued.parts]
    assert names == ["case", "subject/1", "item/1", "item/2", "prose", "order", "documents"]
    checked.order.documents[0].CopyFrom(UPLOADED[LETTER])
    assert read_order("FIND", Draft("i", "a-1", draft_content(issued), b"").body) == checked.order
