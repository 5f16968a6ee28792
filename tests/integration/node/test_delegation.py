"""事项委托 and 协助执行 through the desks of two courts: drafts, sums, outcomes, renewals and releases."""

from tests.integration.desk.desk import refusal
from tests.integration.node.delegations import (
    FREEZE_PAPERS,
    SEAL_PAPERS,
    complete,
    confirm,
    delegation,
    draft,
    freeze,
    issued,
    obtained,
    put_case,
    seal_house,
    sums,
    with_papers,
)
from tests.integration.node.pair import CASE, Pair, new_id

from xiezhi.v1 import delegation_service_pb2 as pb
from xiezhi.v1 import event_pb2, find_service_pb2, instruction_pb2, item_pb2
from xiezhi.v1 import instruction_service_pb2 as service_pb
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.terms import PaperType
from xiezhi_journal import tables

CLAIM = 1_000_000


async def facts(pair: Pair, identifier: str, kind: str) -> dict:
    """The facts of the last event of a kind as the sender's node has it."""

    def read(connection):
        event = tables.event.c
        rows = connection.execute(
            tables.event.select()
            .where(event.instruction == identifier, event.kind == kind)
            .order_by(event.position)
        ).all()
        return decode_header(rows[-1].header).facts

    return pair.sender.node.journal.read_now(read)


async def test_a_freeze_goes_its_whole_way_with_every_fen(pair: Pair) -> None:
    await put_case(pair)
    identifier = await issued(pair, delegation(freeze(600_000), freeze(300_001)), FREEZE_PAPERS)
    ordered = await facts(pair, identifier, "Issued")
    assert (ordered["ordered"], ordered["claim"]) == ([[1, 600_000], [2, 300_001]], CLAIM)
    assert (await sums(pair)).ordered_fen == 900_001
    empty = item_pb2.ItemOutcome(
        number=2, outcome=item_pb2.OUTCOME_NOT_DONE, reason="NO_PROPERTY", note="账户余额为零"
    )
    await complete(pair, identifier, obtained(1, 600_000), empty)
    assert (await facts(pair, identifier, "Completed"))["controlled"] == [[1, 600_000], [2, 0]]
    found = await sums(pair)
    assert (found.ordered_fen, found.controlled_fen, found.reached) == (900_001, 600_000, False)
    await confirm(pair, identifier)
    answer = await pair.sender.as_("judge").delegations.GetDelegation(
        pb.GetDelegationRequest(instruction_id=identifier)
    )
    assert answer.order.kind == "ENTRUST_DEPOSIT"
    assert answer.order.items[0].property.deposit.account == "6200000000000000000"
    assert answer.instruction.summary.state == instruction_pb2.INSTRUCTION_STATE_CONFIRMED
    assert [outcome.rank_obtained for outcome in answer.instruction.outcomes] == ["首封", ""]
    assert answer.sums.controlled_fen == 600_000


async def test_control_needs_the_bureau_chief_and_service_does_not(pair: Pair) -> None:
    await put_case(pair)
    answer = await draft(pair, delegation(freeze(100)), FREEZE_PAPERS)
    submit = service_pb.SubmitInstructionRequest(request_id="s", instruction_id=answer.receipt.instruction_id)
    judge = pair.sender.as_("judge")
    receipt = (await judge.matters.SubmitInstruction(submit)).receipt
    assert receipt.state == instruction_pb2.INSTRUCTION_STATE_AWAITING_APPROVAL
    approve = service_pb.ApproveInstructionRequest(request_id="a", instruction_id=receipt.instruction_id)
    told = await refusal(pair.sender.as_("director").matters.ApproveInstruction(approve))
    assert told.reason == "WRONG_ROLE"
    receipt = (await pair.sender.as_("chief").matters.ApproveInstruction(approve)).receipt
    assert receipt.state == instruction_pb2.INSTRUCTION_STATE_AWAITING_SEAL

    served = item_pb2.Item(
        act=item_pb2.ACT_SERVE,
        subject_number=1,
        scope="送达执行通知书",
        service={"papers": ["执行通知书"], "address": "演示路一号", "method": "直接送达"},
    )
    papers = (PaperType.ENTRUSTMENT_LETTER, PaperType.PAPERS_TO_SERVE, PaperType.PROOF_OF_SERVICE)
    answer = await draft(pair, delegation(served, kind="ENTRUST_SERVICE"), papers)
    submit = service_pb.SubmitInstructionRequest(
        request_id="s2", instruction_id=answer.receipt.instruction_id
    )
    receipt = (await judge.matters.SubmitInstruction(submit)).receipt
    assert receipt.state == instruction_pb2.INSTRUCTION_STATE_AWAITING_SEAL


async def test_too_much_needs_a_reason_and_a_reached_sum_advises(pair: Pair) -> None:
    await put_case(pair, costs_fen=5_000)
    bundle = new_id(pair.clock)
    first = await issued(pair, delegation(freeze(CLAIM), bundle_id=bundle), FREEZE_PAPERS)
    house = delegation(seal_house(5_001), kind="ENTRUST_REGISTRABLE", bundle_id=bundle)
    answer = await draft(pair, house, SEAL_PAPERS)
    assert any("超过申请标的及费用 10,050.00 元" in warning for warning in answer.warnings)
    submit = service_pb.SubmitInstructionRequest(request_id="s", instruction_id=answer.receipt.instruction_id)
    judge = pair.sender.as_("judge")
    assert (await refusal(judge.matters.SubmitInstruction(submit))).fields == ["order.excess_reason"]
    house.excess_reason = "账户余额不明"
    del house.documents[:]
    again = await draft(pair, house, SEAL_PAPERS, answer.receipt.instruction_id)
    await pair.send(again.receipt.instruction_id)
    await pair.assigned(again.receipt.instruction_id)
    pair.clock.now += 86_400_000
    await complete(pair, first, obtained(1, CLAIM))
    assert not (await sums(pair)).reached
    assert (await sums(pair, new_id(pair.clock))).ordered_fen == 0
    exact = await issued(pair, delegation(freeze(5_000), excess_reason="补足费用"), FREEZE_PAPERS)
    await complete(pair, exact, obtained(1, 5_000))
    found = await sums(pair)
    assert (found.controlled_fen, found.limit_fen, found.reached) == (CLAIM + 5_000, CLAIM + 5_000, True)
    advised = [each.instruction_id for each in found.instructions if each.advice]
    assert advised == [again.receipt.instruction_id]
    assert len((await sums(pair, bundle)).instructions) == 2


async def test_outcomes_say_what_their_act_needs_and_every_deviation(pair: Pair) -> None:
    await put_case(pair)
    order = delegation(seal_house(500_000), kind="ENTRUST_REGISTRABLE")
    identifier = await issued(pair, order, SEAL_PAPERS)
    field = pair.receiver.as_("field").delegations

    def record(outcome: item_pb2.ItemOutcome) -> pb.RecordOutcomesRequest:
        return pb.RecordOutcomesRequest(
            request_id=new_id(pair.clock), instruction_id=identifier, outcomes=[outcome]
        )

    bare = item_pb2.ItemOutcome(number=1, outcome=item_pb2.OUTCOME_DONE)
    assert (await refusal(field.RecordOutcomes(record(bare)))).fields == [
        "outcomes[0].done_at",
        "outcomes[0].officers",
        "outcomes[0].starts_on",
        "outcomes[0].expires_on",
        "outcomes[0].rank_obtained",
        "outcomes[0].occupation",
    ]
    behind = obtained(1, 0, expires_on="2028-12-31", occupation="被执行人自住", rank_obtained="轮候第二")
    behind.act_done = item_pb2.ACT_WAITING_SEIZURE
    told = await refusal(field.RecordOutcomes(record(behind)))
    assert told.fields == ["outcomes[0].deviation"]
    assert "实际办理的行为" in told.message
    behind.deviation = "已有首封，按轮候登记"
    behind.expires_on = "2029-01-03"
    told = await refusal(field.RecordOutcomes(record(behind)))
    assert told.fields == ["outcomes[0].expires_on"]
    assert "最长 3 年" in told.message
    behind.expires_on = "2029-01-02"
    await field.RecordOutcomes(record(behind))
    await pair.exchange()
    assert (await facts(pair, identifier, "ProgressReported"))["controlled"] == [[1, 0]]
    finish = pb.CompleteDelegationRequest(request_id="c", instruction_id=identifier, text="已办理")
    told = await refusal(field.CompleteDelegation(finish))
    assert told.reason == "PAPERS_MISSING"
    await complete(pair, identifier)
    assert (await sums(pair)).controlled_fen == 0


async def test_what_was_frozen_is_offered_to_be_renewed_and_released(pair: Pair) -> None:
    await put_case(pair)
    identifier = await issued(pair, delegation(freeze(400_000), freeze(1)), FREEZE_PAPERS)
    empty = item_pb2.ItemOutcome(number=2, outcome=item_pb2.OUTCOME_NOT_DONE, reason="NO_PROPERTY")
    await complete(pair, identifier, obtained(1, 400_000), empty)
    delegations = pair.sender.as_("judge").delegations

    async def follow(which: int) -> pb.DelegationOrder:
        request = pb.PrepareFollowUpRequest(instruction_id=identifier, follow_up=which)
        return (await delegations.PrepareFollowUp(request)).order

    renewal, release = await follow(pb.FOLLOW_UP_RENEWAL), await follow(pb.FOLLOW_UP_RELEASE)
    assert [item.act for item in renewal.items] == [item_pb2.ACT_EXTEND_FREEZE]
    [item] = release.items
    assert (item.act, item.amount_fen) == (item_pb2.ACT_UNFREEZE, 400_000)
    assert item.property.deposit.account == "6200000000000000000"
    assert (item.earlier.instruction_id, item.earlier.item_number) == (identifier, 1)
    assert release.linked_instruction_id == identifier
    item.earlier.document = "（2026）苏0505执1234号之一裁定"
    papers = (
        PaperType.ENTRUSTMENT_LETTER,
        PaperType.RELEASE_RULING,
        PaperType.RELEASE_NOTICE,
        PaperType.ORIGINAL_PAPERS,
        PaperType.WORK_CARD,
        PaperType.ENFORCEMENT_CARD,
    )
    released = await issued(pair, release, papers)
    await complete(pair, released, obtained(1, 400_000, rank_obtained="", starts_on="", expires_on=""))
    found = await sums(pair)
    assert (found.ordered_fen, found.controlled_fen) == (400_001, 0)
    assert found.instructions[1].controlled_fen == -400_000


async def test_a_batch_of_a_program_shares_the_sums_of_its_case(pair: Pair) -> None:
    await put_case(pair)
    approval = event_pb2.ApprovalRecord(
        drafted_by={"officer": {"name": "测试judge"}},
        approved_by={"officer": {"name": "测试chief"}},
        external_reference="审批〔2026〕12号",
    )
    issues = []
    for row in range(3):
        identifier = new_id(pair.clock)
        order = delegation(freeze(400_000), documents=await with_papers(pair, identifier, FREEZE_PAPERS))
        issues.append(
            pb.DelegationIssue(row=str(row), instruction_id=identifier, order=order, approval=approval)
        )
    program = pair.sender.as_("program").delegations
    request = pb.IssueDelegationsRequest(request_id="batch", issues=issues)
    results = (await program.IssueDelegations(request)).results
    assert [(each.reason, each.field) for each in results] == [
        ("", ""),
        ("", ""),
        ("INVALID_FIELD", "order.excess_reason"),
    ]
    assert (await program.IssueDelegations(request)).results[0] == results[0]
    assert (await sums(pair)).ordered_fen == 800_000


async def test_a_find_is_no_delegation(pair: Pair) -> None:
    identifier = await pair.issued()
    judge = pair.sender.as_("judge")
    told = await refusal(judge.delegations.GetDelegation(pb.GetDelegationRequest(instruction_id=identifier)))
    assert told.reason == "UNKNOWN_INSTRUCTION"
    answer = await draft(pair, delegation(freeze(100)))
    told = await refusal(
        judge.finds.GetFind(find_service_pb2.GetFindRequest(instruction_id=answer.receipt.instruction_id))
    )
    assert told.reason == "UNKNOWN_INSTRUCTION"
    unknown = await refusal(draft(pair, delegation(kind="NONSENSE")))
    assert unknown.fields == ["order.kind"]


async def test_forms_say_which_fields_an_act_needs(pair: Pair) -> None:
    forms = (
        await pair.sender.as_("judge").delegations.DescribeActs(
            pb.DescribeActsRequest(kind="ENTRUST_REGISTRABLE")
        )
    ).forms
    house = next(form for form in forms if form.act == item_pb2.ACT_SEAL_PROPERTY and form.longest_years == 3)
    assert {field.path: field.alternatives for field in house.item_fields if field.alternatives} == {
        "property.immovable.certificate": [
            "property.immovable.certificate",
            "property.immovable.unit",
        ],
        "property.immovable.unit": ["property.immovable.certificate", "property.immovable.unit"],
    }
    assert "occupation" in {field.path for field in house.outcome_fields if field.required}


async def test_sums_name_only_matters_that_the_reader_may_know_of(pair: Pair) -> None:
    await put_case(pair)
    await draft(pair, delegation(freeze(100)))
    await issued(pair, delegation(freeze(100_000)), FREEZE_PAPERS)
    request = pb.GetSumsRequest(case_number=CASE)
    other = (await pair.sender.as_("other_judge").delegations.GetSums(request)).sums
    assert (other.ordered_fen, len(other.instructions)) == (100_000, 0)
    chief = (await pair.sender.as_("chief").delegations.GetSums(request)).sums
    assert [each.ordered_fen for each in chief.instructions] == [100_000]
