"""Inside the sender's court: drafts, approval, the seal, and what the hub refuses."""

import grpc
from tests.integration.desk.desk import refusal
from tests.integration.node.pair import CASE, Pair, a_case, an_order, new_id

from xiezhi.v1 import case_service_pb2, find_service_pb2, instruction_pb2
from xiezhi.v1 import instruction_service_pb2 as pb
from xiezhi_domain.rulebook import load_rulebook
from xiezhi_journal import tables
from xiezhi_node.rulebooks_in_force import RulebooksInForce


async def put_case(pair: Pair, request_id: str = "case", **changes: object) -> None:
    await pair.sender.as_("judge").cases.PutCase(
        case_service_pb2.PutCaseRequest(request_id=request_id, case_file=a_case(**changes))
    )


async def draft(
    pair: Pair, identifier: str, order: find_service_pb2.FindOrder, name: str = "judge"
) -> find_service_pb2.DraftFindResponse:
    request = find_service_pb2.DraftFindRequest(
        request_id=new_id(pair.clock), instruction_id=identifier, order=order
    )
    return await pair.sender.as_(name).finds.DraftFind(request)


def submit(identifier: str) -> pb.SubmitInstructionRequest:
    return pb.SubmitInstructionRequest(request_id=f"s-{identifier}", instruction_id=identifier)


def approve(identifier: str, opinion: str = "同意") -> pb.ApproveInstructionRequest:
    return pb.ApproveInstructionRequest(
        request_id=f"a-{identifier}", instruction_id=identifier, opinion=opinion
    )


def seal(identifier: str) -> pb.AffixSealRequest:
    return pb.AffixSealRequest(request_id=f"x-{identifier}", instruction_id=identifier)


def name_of(state: int) -> str:
    return instruction_pb2.InstructionState.Name(state).removeprefix("INSTRUCTION_STATE_")


async def shown(
    pair: Pair, identifier: str, name: str = "judge", **fields: object
) -> instruction_pb2.Instruction:
    request = pb.GetInstructionRequest(instruction_id=identifier, **fields)
    return (await pair.sender.as_(name).matters.GetInstruction(request)).instruction


async def test_a_draft_may_be_incomplete_and_a_submission_may_not(pair: Pair) -> None:
    await put_case(pair)
    answer = await draft(pair, "", find_service_pb2.FindOrder(case_number=CASE))
    assert name_of(answer.receipt.state) == "DRAFT"
    assert answer.receipt.matter_number == "苏0505委〔2026〕1号"
    assert len(answer.missing_papers) == 1
    identifier = answer.receipt.instruction_id
    told = await refusal(pair.sender.as_("judge").matters.SubmitInstruction(submit(identifier)))
    assert told.fields == ["order.receiver", "order.subject_numbers", "order.items"]
    again = await draft(pair, identifier, an_order())
    assert again.receipt.matter_number == "苏0505委〔2026〕1号"
    told = await refusal(pair.sender.as_("judge").matters.SubmitInstruction(submit(identifier)))
    assert told.reason == "PAPERS_MISSING"
    document = await pair.sender.has_document(identifier, "委托函")
    await draft(pair, identifier, an_order(document))
    receipt = (await pair.sender.as_("judge").matters.SubmitInstruction(submit(identifier))).receipt
    assert name_of(receipt.state) == "AWAITING_APPROVAL"
    assert not receipt.pending


async def test_a_case_must_be_known_and_a_document_be_there(pair: Pair) -> None:
    assert (await refusal(draft(pair, "", an_order()))).reason == "UNKNOWN_CASE"
    await put_case(pair)
    identifier = new_id(pair.clock)
    elsewhere = await pair.sender.has_document(new_id(pair.clock), "委托函")
    assert (await refusal(draft(pair, identifier, an_order(elsewhere)))).fields == ["order.documents[0]"]


async def test_who_does_not_work_on_a_case_drafts_nothing_about_it(pair: Pair) -> None:
    await put_case(pair)
    identifier = new_id(pair.clock)
    told = await refusal(draft(pair, identifier, an_order(), "other_judge"))
    assert (told.code, told.reason) == (grpc.StatusCode.PERMISSION_DENIED, "FORBIDDEN")
    assert (await refusal(shown(pair, identifier))).reason == "UNKNOWN_INSTRUCTION"
    assert name_of((await draft(pair, identifier, an_order(), "assistant")).receipt.state) == "DRAFT"
    assert (await refusal(draft(pair, identifier, an_order(), "other_judge"))).reason == "UNKNOWN_INSTRUCTION"


async def test_the_author_never_approves(pair: Pair) -> None:
    await put_case(pair)
    person = pair.sender.callers["judge"]
    pair.sender.callers["both"] = type(person)(
        person.account_id,
        person.name,
        person.court,
        person.roles | pair.sender.callers["chief"].roles,
        session_id="s",
    )
    identifier = new_id(pair.clock)
    document = await pair.sender.has_document(identifier, "委托函")
    await draft(pair, identifier, an_order(document), "both")
    both = pair.sender.as_("both").matters
    await both.SubmitInstruction(submit(identifier))
    offers = {offer.action: offer for offer in (await shown(pair, identifier, "both")).actions}
    assert "本人" in offers[instruction_pb2.ACTION_APPROVE].why_not
    assert (await refusal(both.ApproveInstruction(approve(identifier)))).reason == "SAME_PERSON"
    receipt = (await pair.sender.as_("chief").matters.ApproveInstruction(approve(identifier))).receipt
    assert name_of(receipt.state) == "AWAITING_SEAL"


async def test_a_rejected_draft_comes_back_with_the_reason(pair: Pair) -> None:
    await put_case(pair)
    identifier = new_id(pair.clock)
    document = await pair.sender.has_document(identifier, "委托函")
    await draft(pair, identifier, an_order(document), "assistant")
    await pair.sender.as_("assistant").matters.SubmitInstruction(submit(identifier))
    rejection = pb.RejectApprovalRequest(request_id="n", instruction_id=identifier)
    chief = pair.sender.as_("chief").matters
    assert (await refusal(chief.RejectApproval(rejection))).fields == ["opinion"]
    rejection.opinion = "线索不足"
    await chief.RejectApproval(rejection)
    back = await shown(pair, identifier, "assistant")
    assert (name_of(back.summary.state), back.returned_reason) == ("APPROVAL_REJECTED", "线索不足")
    assert (await shown(pair, identifier, "chief")).returned_reason == ""
    await draft(pair, identifier, an_order(document, request_text="已补充线索"), "assistant")
    await pair.send(identifier)
    sent = await shown(pair, identifier, "judge")
    assert sent.request_text.endswith("已补充线索")


async def test_what_was_approved_is_what_is_sent(pair: Pair) -> None:
    await put_case(pair)
    identifier = new_id(pair.clock)
    document = await pair.sender.has_document(identifier, "委托函")
    await draft(pair, identifier, an_order(document), "assistant")
    await put_case(pair, "later", stage="恢复执行")
    await pair.sender.as_("assistant").matters.SubmitInstruction(submit(identifier))
    await put_case(pair, "too late", stage="终本")
    told = await refusal(draft(pair, identifier, an_order(document), "assistant"))
    assert told.reason == "WRONG_STATE"
    await pair.sender.as_("chief").matters.ApproveInstruction(approve(identifier, "同意，尽快"))
    receipt = (await pair.sender.as_("centre").matters.AffixSeal(seal(identifier))).receipt
    assert (name_of(receipt.state), receipt.pending) == ("AWAITING_HUB", True)
    await pair.exchange()
    received = await pair.receiver.as_("centre").matters.GetInstruction(
        pb.GetInstructionRequest(instruction_id=identifier)
    )
    matter = received.instruction
    assert matter.case_file.stage == "恢复执行"
    assert [subject.number for subject in matter.case_file.subjects] == [1]
    approval = matter.approval
    assert approval.drafted_by.officer.name == "测试assistant"
    assert (approval.approved_by.officer.name, approval.opinion) == ("测试chief", "同意，尽快")
    assert approval.sealed_by.officer.name == "测试centre"
    assert approval.sealed_at.seconds >= approval.approved_at.seconds >= approval.drafted_at.seconds
    assert [document.name for document in matter.documents] == ["委托函.pdf"]
    assert matter.sender_contact.phone == "0512-00000000"
    assert matter.hub_origin == "hub.su05.example/xiezhi"


async def test_what_the_hub_refuses_can_be_drafted_again(pair: Pair) -> None:
    known = pair.sender.node.seat.rulebook
    later = load_rulebook(known.content + b"\n# a version that the hub does not know\n")
    seat = pair.sender.node.seat
    pair.sender.node.journal.rulebooks[later.hash] = later
    object.__setattr__(seat, "rulebooks", RulebooksInForce({later.hash: later}, pair.clock))
    identifier = await pair.issued()
    object.__setattr__(seat, "rulebooks", RulebooksInForce({known.hash: known}, pair.clock))
    refused = await shown(pair, identifier)
    assert name_of(refused.summary.state) == "REFUSED_BY_HUB"
    assert refused.returned_reason == "本机尚无该版本的规则库，请稍后重试"
    number = refused.summary.matter_number
    centre = pair.sender.as_("centre").matters
    [returned] = (await centre.ListReturnedWork(pb.ListReturnedWorkRequest())).returned
    assert (returned.instruction_id, returned.reason) == (identifier, "RULEBOOK_UNKNOWN")
    assert returned.action == instruction_pb2.ACTION_AFFIX_SEAL
    document = await pair.sender.has_document(identifier, f"委托函{identifier}")
    again = await draft(pair, identifier, an_order(document))
    assert (name_of(again.receipt.state), again.receipt.matter_number) == ("DRAFT", number)
    await pair.send(identifier)
    assert name_of((await shown(pair, identifier)).summary.state) == "AWAITING_SIGNATURE"
    await centre.DismissReturnedWork(
        pb.DismissReturnedWorkRequest(request_id="d", event_id=returned.event_id)
    )
    assert not (await centre.ListReturnedWork(pb.ListReturnedWorkRequest())).returned


async def test_a_step_leaves_a_line_in_the_drafts_history(pair: Pair) -> None:
    identifier = await pair.issued()
    rows = pair.sender.node.journal.read_now(
        lambda connection: connection.execute(
            tables.draft_step.select().order_by(tables.draft_step.c.id)
        ).all()
    )
    assert {row.instruction for row in rows} == {identifier}
    assert [(row.action, row.name) for row in rows] == [
        ("CREATE", "测试judge"),
        ("SUBMIT", "测试judge"),
        ("APPROVE", "测试chief"),
        ("AFFIX_SEAL", "测试centre"),
    ]


async def test_bulk_steps_fail_alone(pair: Pair) -> None:
    await put_case(pair)
    identifiers = [new_id(pair.clock) for _ in range(3)]
    for identifier in identifiers:
        document = await pair.sender.has_document(identifier, f"委托函{identifier}")
        await draft(pair, identifier, an_order(document))
    unknown = new_id(pair.clock)
    request = pb.BatchActRequest(
        request_id="b",
        action=instruction_pb2.ACTION_SUBMIT,
        instruction_ids=[identifiers[0], unknown, identifiers[1]],
    )
    results = (await pair.sender.as_("judge").matters.BatchAct(request)).results
    assert [result.instruction_id for result in results] == list(request.instruction_ids)
    assert [result.reason for result in results] == ["", "UNKNOWN_INSTRUCTION", ""]
    repeated = (await pair.sender.as_("judge").matters.BatchAct(request)).results
    assert repeated == results
    for action, name in (
        (instruction_pb2.ACTION_APPROVE, "chief"),
        (instruction_pb2.ACTION_AFFIX_SEAL, "centre"),
    ):
        request = pb.BatchActRequest(request_id=f"b{action}", action=action, instruction_ids=identifiers)
        results = (await pair.sender.as_(name).matters.BatchAct(request)).results
        assert [result.reason for result in results] == ["", "", "WRONG_STATE"]
    await pair.exchange()
    request = pb.BatchActRequest(
        request_id="sign",
        action=instruction_pb2.ACTION_ASSIGN,
        instruction_ids=identifiers[:2],
        assignee_account_id=pair.receiver.account("field"),
    )
    results = (await pair.receiver.as_("centre").matters.BatchAct(request)).results
    assert [name_of(result.receipt.state) for result in results] == ["IN_PROGRESS"] * 2
    request.action = instruction_pb2.ACTION_CONFIRM
    assert (await refusal(pair.receiver.as_("centre").matters.BatchAct(request))).fields == ["action"]
