"""Orders that a program brings approved, many at once, and findings recorded while work goes on."""

from tests.integration.desk.desk import refusal
from tests.integration.node.pair import Pair, a_case, an_order, new_id

from xiezhi.v1 import case_service_pb2, event_pb2, instruction_pb2, item_pb2, property_pb2
from xiezhi.v1 import find_service_pb2 as pb
from xiezhi.v1 import instruction_service_pb2 as service_pb
from xiezhi_journal import tables


def approval(**changes: object) -> event_pb2.ApprovalRecord:
    fields = {
        "drafted_by": {"officer": {"name": "测试judge"}},
        "approved_by": {"officer": {"name": "测试chief"}},
        "opinion": "同意",
        "external_reference": "审批〔2026〕12号",
    }
    return event_pb2.ApprovalRecord(**(fields | changes))


async def issue(pair: Pair, row: str, **changes: object) -> pb.FindIssue:
    identifier = new_id(pair.clock)
    document = await pair.sender.has_document(identifier, f"委托函{identifier}")
    fields = {
        "row": row,
        "instruction_id": identifier,
        "order": an_order(document),
        "approval": approval(),
        "bulk": True,
    }
    return pb.FindIssue(**(fields | changes))


async def put_case(pair: Pair) -> None:
    await pair.sender.as_("program").cases.PutCase(
        case_service_pb2.PutCaseRequest(request_id="case", case_file=a_case())
    )


async def test_a_batch_is_issued_and_each_order_fails_alone(pair: Pair) -> None:
    await put_case(pair)
    good = [await issue(pair, f"g{row}") for row in range(3)]
    bad_order = await issue(pair, "b1")
    bad_order.order.items[1].scope = ""
    no_papers = await issue(pair, "b2")
    del no_papers.order.documents[:]
    unapproved = await issue(pair, "b3", approval=approval(approved_by={}))
    no_case = await issue(pair, "b4")
    no_case.order.case_number = "（2026）苏0505执9999号"
    bad_id = await issue(pair, "b5", instruction_id="x")
    issues = [good[0], bad_order, good[1], no_papers, unapproved, no_case, bad_id, good[2]]
    request = pb.IssueFindsRequest(request_id="batch", issues=issues)
    program = pair.sender.as_("program").finds
    results = (await program.IssueFinds(request)).results
    assert [(result.row, result.reason, result.field) for result in results] == [
        ("g0", "", ""),
        ("b1", "INVALID_FIELD", "order.items[1].scope"),
        ("g1", "", ""),
        ("b2", "PAPERS_MISSING", ""),
        ("b3", "INVALID_FIELD", "approval.approved_by.officer.name"),
        ("b4", "UNKNOWN_CASE", ""),
        ("b5", "INVALID_FIELD", "instruction_id"),
        ("g2", "", ""),
    ]
    assert all(result.receipt.pending for result in results if not result.reason)
    assert (await program.IssueFinds(request)).results == results
    other = pb.IssueFindsRequest(request_id="batch", issues=[await issue(pair, "g0")])
    [reused] = (await program.IssueFinds(other)).results
    assert reused.reason == "REQUEST_ID_REUSED"
    await pair.exchange()
    received = await pair.receiver.as_("centre").matters.ListInstructions(
        service_pb.ListInstructionsRequest(box=service_pb.BOX_RECEIVED)
    )
    assert {row.instruction_id for row in received.instructions} == {each.instruction_id for each in good}
    assert {row.state for row in received.instructions} == {
        instruction_pb2.INSTRUCTION_STATE_AWAITING_SIGNATURE
    }


async def test_the_orders_of_a_batch_share_one_push(pair: Pair) -> None:
    await put_case(pair)
    issues = [await issue(pair, str(row)) for row in range(20)]
    await pair.sender.as_("program").finds.IssueFinds(pb.IssueFindsRequest(request_id="b", issues=issues))
    pushes = pair.sender.node.journal.read_now(
        lambda connection: connection.scalars(
            tables.event.select().with_only_columns(tables.event.c.push)
        ).all()
    )
    assert {event_pb2.PushProof.FromString(push).count for push in pushes} == {20}


async def test_a_batch_is_for_programs_and_of_good_shape(pair: Pair) -> None:
    await put_case(pair)
    one = await issue(pair, "1")
    request = pb.IssueFindsRequest(request_id="b", issues=[one, one])
    assert (await refusal(pair.sender.as_("judge").finds.IssueFinds(request))).reason == "WRONG_ROLE"
    program = pair.sender.as_("program").finds
    assert (await refusal(program.IssueFinds(request))).fields == ["issues[1].row"]
    assert (await refusal(program.IssueFinds(pb.IssueFindsRequest(request_id="b")))).fields == ["issues"]
    many = pb.IssueFindsRequest(request_id="b", issues=[pb.FindIssue(row=str(row)) for row in range(513)])
    assert (await refusal(program.IssueFinds(many))).reason == "TOO_LARGE"
    del request.issues[1]
    request.request_id = ""
    assert (await refusal(program.IssueFinds(request))).fields == ["request_id"]


async def test_findings_are_recorded_while_work_goes_on(pair: Pair) -> None:
    identifier = await pair.issued()
    await pair.assigned(identifier)
    deposit = property_pb2.Deposit(bank="测试银行", account="6200000000000000000")
    found = property_pb2.Property(
        category=property_pb2.PROPERTY_CATEGORY_BANK_DEPOSIT, description="存款", deposit=deposit
    )
    request = pb.RecordFindingsRequest(
        request_id="f1",
        instruction_id=identifier,
        outcomes=[item_pb2.ItemOutcome(number=1, findings=[{"property": found, "source": "现场"}])],
        text="已到银行核实",
    )
    field = pair.receiver.as_("field")
    await field.finds.RecordFindings(request)
    done = item_pb2.ItemOutcome(number=1, outcome=item_pb2.OUTCOME_DONE, note="已见本人")
    await field.finds.RecordFindings(
        pb.RecordFindingsRequest(request_id="f2", instruction_id=identifier, outcomes=[done])
    )
    more = item_pb2.ItemOutcome(number=1, findings=[{"site": "厂房空置", "source": "现场"}])
    await field.finds.RecordFindings(
        pb.RecordFindingsRequest(request_id="f3", instruction_id=identifier, outcomes=[more])
    )
    await pair.exchange()
    judge = pair.sender.as_("judge").matters
    seen = await judge.GetInstruction(service_pb.GetInstructionRequest(instruction_id=identifier))
    [outcome] = seen.instruction.outcomes
    assert (outcome.outcome, outcome.note) == (item_pb2.OUTCOME_DONE, "已见本人")
    assert [finding.site for finding in outcome.findings] == ["厂房空置"]
    timeline = await judge.GetTimeline(service_pb.GetTimelineRequest(instruction_id=identifier))
    first = next(entry for entry in timeline.entries if entry.text == "已到银行核实")
    assert first.outcomes[0].findings[0].property.deposit.account == "620000*********0000"
    empty = pb.RecordFindingsRequest(request_id="f4", instruction_id=identifier)
    assert (await refusal(field.finds.RecordFindings(empty))).fields == ["text"]


async def test_an_order_is_read_as_it_was_issued(pair: Pair) -> None:
    identifier = await pair.issued()
    for court, name in ((pair.sender, "judge"), (pair.receiver, "centre")):
        answer = await court.as_(name).finds.GetFind(pb.GetFindRequest(instruction_id=identifier))
        assert [item.scope for item in answer.order.items] == ["查找下落1", "查找下落2"]
        assert answer.order.request_text == "请协助查找被执行人下落"
        assert len(answer.order.documents) == 1
        assert answer.instruction.summary.instruction_id == identifier
