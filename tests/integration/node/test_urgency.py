"""Urgent matters, calls, and people who change (practice.md §13, §15)."""

from typing import Any

from tests.integration.desk.desk import refusal
from tests.integration.node.pair import Pair, a_case, an_order, new_id
from tests.integration.node.remedies import (
    DAY_MS,
    call,
    due_of,
    offered,
    request,
    seen_by,
    state_of,
    take,
    timeline,
)

from xiezhi.v1 import case_service_pb2, court_pb2, find_service_pb2, instruction_pb2, item_pb2
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.terms import PaperType
from xiezhi_journal.reading import history

OTHER = court_pb2.Officer(name="测试乙", phone="0512-00000002")
URGENT = {
    "urgency": instruction_pb2.URGENCY_URGENT,
    "urgency_code": "SUBJECT_SEEN",
    "urgency_reason": "今晚在家",
}


async def draft(pair: Pair, identifier: str, *documents: Any, **changes: Any) -> None:
    judge = pair.sender.as_("judge")
    await judge.cases.PutCase(
        case_service_pb2.PutCaseRequest(request_id=f"case-{identifier}", case_file=a_case())
    )
    await judge.finds.DraftFind(
        find_service_pb2.DraftFindRequest(
            request_id=f"draft-{identifier}",
            instruction_id=identifier,
            order=an_order(*documents, **changes),
        )
    )


async def urgent(pair: Pair) -> str:
    identifier = new_id(pair.clock)
    document = await pair.sender.has_document(identifier, f"委托函{identifier}")
    await draft(pair, identifier, document, **URGENT)
    await pair.send(identifier)
    return identifier


async def test_both_courts_read_why_it_is_urgent(pair: Pair) -> None:
    identifier = await urgent(pair)
    for court in (pair.sender, pair.receiver):
        seen = await seen_by(court, "centre", identifier)
        assert (seen.urgency_code, seen.urgency_reason) == ("SUBJECT_SEEN", "发现被执行人下落：今晚在家")
        assert (await timeline(court, identifier))[0][1].startswith("紧急：发现被执行人下落\n")
    issued = pair.receiver.node.journal.read_now(lambda connection: history(connection, identifier))[0]
    assert decode_header(issued.header).facts["urgent_reason"] == "SUBJECT_SEEN"


async def test_an_urgent_matter_becomes_an_ordinary_one(pair: Pair) -> None:
    identifier = await urgent(pair)
    before = await due_of(pair.sender, identifier)
    unasked = request(pair, "RuleOnUrgency", identifier, ordinary=True)
    told = await refusal(call(pair.sender, "judge", "RuleOnUrgency", unasked))
    assert "没有未答复的转普通申请" in told.message
    await take(pair, pair.receiver, "centre", "AskForOrdinary", identifier, text="线索不紧迫")
    kept = request(pair, "RuleOnUrgency", identifier)
    assert (await refusal(call(pair.sender, "judge", "RuleOnUrgency", kept))).fields == ["text"]
    assert "RULE_ON_URGENCY" in await offered(pair.sender, "judge", identifier)
    await take(pair, pair.sender, "judge", "RuleOnUrgency", identifier, ordinary=True)
    assert await due_of(pair.receiver, identifier) > before + 5 * DAY_MS
    assert (await timeline(pair.receiver, identifier))[-1][0] == "同意转普通"
    again = request(pair, "AskForOrdinary", identifier, text="线索不紧迫")
    assert "不是紧急事项" in (await refusal(call(pair.receiver, "centre", "AskForOrdinary", again))).message


async def test_an_urgent_matter_stays_urgent(pair: Pair) -> None:
    identifier = await urgent(pair)
    due = await due_of(pair.sender, identifier)
    await take(pair, pair.receiver, "centre", "AskForOrdinary", identifier, text="线索不紧迫")
    await take(pair, pair.sender, "judge", "RuleOnUrgency", identifier, text="财产即将转移")
    assert (await timeline(pair.receiver, identifier))[-1] == ("不同意转普通", "财产即将转移")
    assert await due_of(pair.receiver, identifier) == due


async def test_a_matter_is_sent_by_telephone_and_its_papers_follow(pair: Pair) -> None:
    identifier = new_id(pair.clock)
    await draft(pair, identifier, phone_first=True, **URGENT)
    await pair.send(identifier)
    spoken = request(pair, "LogCall", identifier, counterpart=OTHER, text="今晚前往")
    spoken.called_at.FromMilliseconds(pair.clock.now)
    spoken.promised_at.FromMilliseconds(pair.clock.now + DAY_MS)
    await call(pair.sender, "judge", "LogCall", spoken)
    await pair.exchange()
    words, text = (await timeline(pair.receiver, identifier))[-1]
    assert (words, "与测试乙（0512-00000002）沟通\n今晚前往" in text) == ("电话登记", True)
    assert "承诺时间：" in text
    letter = await pair.sender.has_document(identifier, f"委托函{identifier}")
    await take(pair, pair.sender, "judge", "SupplyMaterial", identifier, documents=[letter])
    words = [words for words, _ in await timeline(pair.receiver, identifier)]
    assert words[-1] == "补齐紧急事项文书"
    photo = await pair.sender.has_document(identifier, "照片", PaperType.PHOTO)
    await take(pair, pair.sender, "judge", "SupplyMaterial", identifier, documents=[photo])
    assert (await timeline(pair.receiver, identifier))[-1][0] == "补充材料"


async def test_only_urgent_searches_go_before_their_papers(pair: Pair) -> None:
    told = await refusal(draft(pair, new_id(pair.clock), phone_first=True))
    assert told.fields == ["order.phone_first"]
    order = an_order(phone_first=True, **URGENT)
    order.items[0].act = item_pb2.ACT_QUERY
    message = find_service_pb2.DraftFindRequest(request_id="query", order=order)
    told = await refusal(pair.sender.as_("judge").finds.DraftFind(message))
    assert "order.phone_first" in told.fields


async def test_a_call_names_whom_and_is_not_in_the_future(pair: Pair) -> None:
    identifier = await pair.issued()
    wrong = request(pair, "LogCall", identifier, counterpart=court_pb2.Officer(name="测试乙"))
    wrong.called_at.FromMilliseconds(pair.clock.now + DAY_MS)
    told = await refusal(call(pair.sender, "judge", "LogCall", wrong))
    assert told.fields == ["text", "counterpart.phone", "called_at"]


async def test_another_officer_takes_over(pair: Pair) -> None:
    identifier = await pair.issued()
    await pair.assigned(identifier)
    wrong = request(pair, "ChangeOfficer", identifier, successor_account_id=pair.receiver.account("field"))
    told = await refusal(call(pair.receiver, "centre", "ChangeOfficer", wrong))
    assert told.fields == ["reason", "successor_account_id"]
    await take(
        pair,
        pair.receiver,
        "centre",
        "ChangeOfficer",
        identifier,
        successor_account_id=pair.receiver.account("other_field"),
        reason="LEAVE",
    )
    assert (await timeline(pair.sender, identifier))[-1] == (
        "承办人变更",
        "办理人：测试other_field\n理由：请假",
    )
    seen = await seen_by(pair.sender, "judge", identifier)
    assert seen.receiver_contact.name == "测试other_field"
    report = request(pair, "ReportProgress", identifier, text="已到现场")
    told = await refusal(call(pair.receiver, "field", "ReportProgress", report))
    assert told.reason == "UNKNOWN_INSTRUCTION"
    await call(pair.receiver, "other_field", "ReportProgress", report)


async def test_who_withdraws_is_kept_out_and_the_director_takes_over(pair: Pair) -> None:
    identifier = await pair.issued()
    await pair.assigned(identifier)
    bare = request(pair, "Recuse", identifier)
    assert (await refusal(call(pair.receiver, "field", "Recuse", bare))).fields == ["text"]
    await take(pair, pair.receiver, "field", "Recuse", identifier, text="系当事人近亲属")
    seen = await seen_by(pair.receiver, "centre", identifier)
    assert seen.summary.officer == "测试director"
    assert (await timeline(pair.sender, identifier))[-1] == (
        "回避",
        "办理人：测试director\n系当事人近亲属",
    )
    again = request(pair, "AssignInstruction", identifier, assignee_account_id=pair.receiver.account("field"))
    told = await refusal(call(pair.receiver, "centre", "AssignInstruction", again))
    assert (told.reason, "该承办人已回避" in told.message) == ("FORBIDDEN", True)
    # Who sees every matter of the court takes no step either.
    await take(pair, pair.receiver, "centre", "Recuse", identifier, text="曾任代理人")
    told = await refusal(call(pair.receiver, "centre", "AssignInstruction", again))
    assert (told.reason, "您已回避" in told.message) == ("FORBIDDEN", True)
    assert "民诉法(2023) 第47条" in told.message
    assert await offered(pair.receiver, "centre", identifier) == set()
    assert await state_of(pair.sender, identifier) == "IN_PROGRESS"
