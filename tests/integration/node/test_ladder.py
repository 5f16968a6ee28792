"""The ladder between two courts, through their desks."""

from tests.integration.desk.desk import refusal
from tests.integration.node.pair import RECEIVER, SENDER, Pair, new_id

from xiezhi.v1 import court_pb2, instruction_pb2, item_pb2
from xiezhi.v1 import instruction_service_pb2 as pb
from xiezhi_domain.terms import PaperType


async def state_of(pair: Pair, court: str, identifier: str) -> str:
    desk = pair.sender if court == SENDER else pair.receiver
    answer = await desk.as_("centre").matters.GetInstruction(
        pb.GetInstructionRequest(instruction_id=identifier)
    )
    return instruction_pb2.InstructionState.Name(answer.instruction.summary.state).removeprefix(
        "INSTRUCTION_STATE_"
    )


def outcome(number: int, how: int = item_pb2.OUTCOME_DONE, reason: str = "") -> item_pb2.ItemOutcome:
    return item_pb2.ItemOutcome(number=number, outcome=how, reason=reason, note="已到现场")


async def complete(pair: Pair, identifier: str, *outcomes: item_pb2.ItemOutcome) -> None:
    await pair.receiver.as_("field").matters.CompleteInstruction(
        pb.CompleteInstructionRequest(
            request_id=new_id(pair.clock), instruction_id=identifier, text="已办结", outcomes=outcomes
        )
    )
    await pair.exchange()


async def test_a_matter_there_and_back(pair: Pair) -> None:
    identifier = await pair.issued()
    assert await state_of(pair, RECEIVER, identifier) == "AWAITING_SIGNATURE"
    assert await state_of(pair, SENDER, identifier) == "AWAITING_SIGNATURE"
    await pair.assigned(identifier)
    assert await state_of(pair, SENDER, identifier) == "IN_PROGRESS"
    await complete(pair, identifier, outcome(1), outcome(2, item_pb2.OUTCOME_NOT_DONE, "NOT_FOUND"))
    assert await state_of(pair, SENDER, identifier) == "REPORTED"
    receipt = (
        await pair.sender.as_("judge").matters.ConfirmInstruction(
            pb.ConfirmInstructionRequest(request_id=new_id(pair.clock), instruction_id=identifier)
        )
    ).receipt
    assert receipt.pending
    await pair.exchange()
    for court in (SENDER, RECEIVER):
        assert await state_of(pair, court, identifier) == "CONFIRMED"
    seen = await pair.sender.as_("judge").matters.GetInstruction(
        pb.GetInstructionRequest(instruction_id=identifier)
    )
    assert seen.instruction.summary.result == instruction_pb2.RESULT_PARTLY_DONE
    assert [(each.number, each.reason) for each in seen.instruction.outcomes] == [(1, ""), (2, "NOT_FOUND")]


async def test_a_repeated_action_answers_the_same(pair: Pair) -> None:
    identifier = await pair.issued()
    await pair.assigned(identifier)
    request = pb.HandBackRequest(request_id="once", instruction_id=identifier, reason="不在辖区")
    field = pair.receiver.as_("field").matters
    first = await field.HandBack(request)
    # The matter is not the officer's to see any more; the answer still is.
    assert await field.HandBack(request) == first
    request.reason = "另有原因"
    assert (await refusal(field.HandBack(request))).reason == "UNKNOWN_INSTRUCTION"
    assert await state_of(pair, RECEIVER, identifier) == "SIGNED"


async def test_a_result_sent_back_and_done_again(pair: Pair) -> None:
    identifier = await pair.issued()
    await pair.assigned(identifier)
    await complete(pair, identifier, outcome(1), outcome(2))
    judge = pair.sender.as_("judge").matters
    rejected = pb.RejectResultRequest(
        request_id=new_id(pair.clock),
        instruction_id=identifier,
        rejections=[item_pb2.ItemRejection(number=2, reason="NOT_AS_ORDERED", note="未到现场")],
    )
    await judge.RejectResult(rejected)
    await pair.exchange()
    assert await state_of(pair, RECEIVER, identifier) == "REWORK"
    seen = await judge.GetInstruction(pb.GetInstructionRequest(instruction_id=identifier))
    assert [each.number for each in seen.instruction.outcomes] == [1]
    incomplete = pb.CompleteInstructionRequest(
        request_id=new_id(pair.clock), instruction_id=identifier, text="已重办"
    )
    field = pair.receiver.as_("field").matters
    assert (await refusal(field.CompleteInstruction(incomplete))).reason == "OUTCOMES_MISSING"
    await complete(pair, identifier, outcome(2))
    assert await state_of(pair, SENDER, identifier) == "REPORTED"


async def test_fields_of_a_report_are_told_at_once(pair: Pair) -> None:
    identifier = await pair.issued()
    await pair.assigned(identifier)
    request = pb.CompleteInstructionRequest(
        request_id="bad",
        instruction_id=identifier,
        outcomes=[
            outcome(1, item_pb2.OUTCOME_NOT_DONE),
            outcome(9),
            item_pb2.ItemOutcome(number=2, expires_on="明天"),
        ],
        documents=[{"sha256": bytes(32)}],
    )
    told = await refusal(pair.receiver.as_("field").matters.CompleteInstruction(request))
    assert told.fields == [
        "text",
        "outcomes[0].reason",
        "outcomes[1].number",
        "outcomes[2].outcome",
        "outcomes[2].expires_on",
        "documents[0]",
    ]


async def test_a_return_needs_a_call_and_two_people(pair: Pair) -> None:
    identifier = await pair.issued()
    director = pair.receiver.as_("director").matters
    await pair.receiver.as_("centre").matters.ProposeReturn(
        pb.ProposeReturnRequest(
            request_id=new_id(pair.clock),
            instruction_id=identifier,
            reason="WRONG_DISTRICT",
            text="被执行人不在本院辖区",
            contact=court_pb2.Officer(name="测试联系人", phone="0512-00000001"),
        )
    )
    approval = pb.ApproveReturnRequest(request_id=new_id(pair.clock), instruction_id=identifier)
    told = await refusal(director.ApproveReturn(approval))
    assert (told.reason, "沟通" in told.message) == ("WRONG_STATE", True)
    await director.LogContact(
        pb.LogContactRequest(
            request_id=new_id(pair.clock),
            instruction_id=identifier,
            counterpart=court_pb2.Officer(name="测试judge", phone="0512-00000000"),
            text="已说明管辖情况",
        )
    )
    await director.ApproveReturn(approval)
    await pair.exchange()
    assert await state_of(pair, SENDER, identifier) == "RETURNED"
    timeline = await pair.sender.as_("judge").matters.GetTimeline(
        pb.GetTimelineRequest(instruction_id=identifier)
    )
    words = [entry.words for entry in timeline.entries]
    assert words == ["推送委托", "已到达受托法院系统", "拟退回", "记录沟通", "同意退回"]
    assert "非本院辖区" in timeline.entries[2].text
    assert timeline.entries[3].text.endswith("已说明管辖情况")
    assert [entry.sequence for entry in timeline.entries] == [1, 2, 3, 4, 5]


async def test_who_proposed_a_return_does_not_approve_it(pair: Pair) -> None:
    pair.receiver.callers["both"] = pair.receiver.callers["director"]
    identifier = await pair.issued()
    person = pair.receiver.callers["director"]
    both = type(person)(
        person.account_id,
        person.name,
        person.court,
        person.roles | pair.receiver.callers["centre"].roles,
        session_id="s",
    )
    pair.receiver.callers["both"] = both
    desk = pair.receiver.as_("both").matters
    await desk.LogContact(
        pb.LogContactRequest(
            request_id="c",
            instruction_id=identifier,
            counterpart=court_pb2.Officer(name="测试judge"),
            text="电话沟通",
        )
    )
    await desk.ProposeReturn(
        pb.ProposeReturnRequest(
            request_id="p",
            instruction_id=identifier,
            reason="OTHER",
            text="无法办理",
            contact=court_pb2.Officer(name="测试联系人", phone="0512-00000001"),
        )
    )
    told = await refusal(
        desk.ApproveReturn(pb.ApproveReturnRequest(request_id="a", instruction_id=identifier))
    )
    assert told.reason == "SAME_PERSON"
    seen = await desk.GetInstruction(pb.GetInstructionRequest(instruction_id=identifier))
    offers = {offer.action: offer for offer in seen.instruction.actions}
    refused = offers[instruction_pb2.ACTION_APPROVE_RETURN]
    assert not refused.allowed
    assert "本人" in refused.why_not
    assert offers[instruction_pb2.ACTION_REFUSE_RETURN].allowed


async def test_material_reaches_the_other_court(pair: Pair) -> None:
    identifier = await pair.issued()
    judge = pair.sender.as_("judge").matters
    request = pb.SupplyMaterialRequest(request_id="m", instruction_id=identifier, text="补充照片")
    assert (await refusal(judge.SupplyMaterial(request))).fields == ["documents"]
    request.documents.append(await pair.sender.has_document(identifier, "照片", PaperType.PHOTO))
    await judge.SupplyMaterial(request)
    await pair.exchange()
    seen = await pair.receiver.as_("centre").matters.GetInstruction(
        pb.GetInstructionRequest(instruction_id=identifier)
    )
    assert "照片.pdf" in [document.name for document in seen.instruction.documents]
    timeline = await pair.receiver.as_("centre").matters.GetTimeline(
        pb.GetTimelineRequest(instruction_id=identifier)
    )
    last = timeline.entries[-1]
    assert (last.words, last.text) == ("补充材料", "补充照片")
    assert [document.name for document in last.documents] == ["照片.pdf"]


async def test_a_return_that_is_refused_lets_the_work_go_on(pair: Pair) -> None:
    identifier = await pair.issued()
    await pair.assigned(identifier)
    await pair.receiver.as_("field").matters.ProposeReturn(
        pb.ProposeReturnRequest(
            request_id="p",
            instruction_id=identifier,
            reason="SUBJECT_UNCLEAR",
            text="对象信息不明",
            contact=court_pb2.Officer(name="测试联系人", mobile="13000000000"),
        )
    )
    assert await state_of(pair, RECEIVER, identifier) == "RETURN_PROPOSED"
    refused = pb.RefuseReturnRequest(request_id="r", instruction_id=identifier)
    director = pair.receiver.as_("director").matters
    assert (await refusal(director.RefuseReturn(refused))).fields == ["text"]
    refused.text = "信息足够，请继续办理"
    await director.RefuseReturn(refused)
    await pair.exchange()
    assert await state_of(pair, SENDER, identifier) == "IN_PROGRESS"


async def test_who_gets_a_matter_must_be_able_to_work_on_it(pair: Pair) -> None:
    identifier = await pair.issued()
    centre = pair.receiver.as_("centre").matters
    for account in ("", "unknown", pair.receiver.account("administrator")):
        request = pb.AssignInstructionRequest(
            request_id=new_id(pair.clock), instruction_id=identifier, assignee_account_id=account
        )
        assert (await refusal(centre.AssignInstruction(request))).fields == ["assignee_account_id"]
    await pair.assigned(identifier, "other_field")
    assert await state_of(pair, RECEIVER, identifier) == "IN_PROGRESS"
    await pair.assigned(identifier, "field")
    seen = await centre.GetInstruction(pb.GetInstructionRequest(instruction_id=identifier))
    assert seen.instruction.summary.officer == "测试field"


async def test_a_stale_confirmation_is_refused_at_the_own_desk(pair: Pair) -> None:
    identifier = await pair.issued()
    await pair.assigned(identifier)
    before = await pair.sender.as_("judge").matters.GetInstruction(
        pb.GetInstructionRequest(instruction_id=identifier)
    )
    await complete(pair, identifier, outcome(1), outcome(2))
    request = pb.ConfirmInstructionRequest(
        request_id="c", instruction_id=identifier, base_event_id=before.instruction.summary.last_event_id
    )
    told = await refusal(pair.sender.as_("judge").matters.ConfirmInstruction(request))
    assert told.reason == "STALE_BASE"
