"""What the common superior decides about matters between its courts, seen at every court."""

from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest
from tests.integration.hub.told import refusal
from tests.integration.journal.scene import RECEIVER, SENDER, THIRD
from tests.integration.node.pair import Court, new_id
from tests.integration.node.trio import Trio, open_trio

from xiezhi.v1 import case_pb2, court_pb2, event_pb2, instruction_pb2, remedy_pb2
from xiezhi.v1 import instruction_service_pb2 as matters
from xiezhi.v1 import superior_service_pb2 as pb
from xiezhi.v1.superior_service_pb2_grpc import SuperiorServiceStub
from xiezhi_desk.bodies import documents_of
from xiezhi_domain.terms import EventKind, State
from xiezhi_journal.reading import history, read_summary
from xiezhi_node.documents import documents_of as documents_here

Code = grpc.StatusCode


@pytest.fixture
async def trio(journal_url: str, tmp_path: Path) -> AsyncIterator[Trio]:
    """The hub stands on the database under test."""
    urls = [journal_url, f"sqlite:///{tmp_path / 'sender.db'}", f"sqlite:///{tmp_path / 'receiver.db'}"]
    async with open_trio(urls, tmp_path) as trio:
        yield trio


def superior(trio: Trio, name: str = "officer") -> SuperiorServiceStub:
    return trio.desk.stub(SuperiorServiceStub, name)


def row_at(court: Court, instruction: str):
    return court.node.journal.read_now(lambda connection: read_summary(connection, instruction))


def kinds_at(journal, instruction: str) -> list[str]:
    rows = journal.read_now(lambda connection: history(connection, instruction))
    return [row.kind for row in rows if row.accepted]


async def rerouted(trio: Trio, instruction: str, court: str = THIRD) -> instruction_pb2.ActionReceipt:
    request = pb.RerouteMatterRequest(
        request_id=new_id(trio.clock), instruction_id=instruction, court=court, text="财产在该院辖区"
    )
    answer = await superior(trio).RerouteMatter(request)
    await trio.exchange()
    return answer.receipt


async def test_the_right_court_gets_history_and_documents_and_can_work(trio: Trio) -> None:
    instruction = await trio.issued()
    receipt = await rerouted(trio, instruction)
    assert (receipt.state, receipt.pending) == (instruction_pb2.INSTRUCTION_STATE_IN_TRANSIT, False)
    expected = [EventKind.ISSUED, EventKind.DELIVERED, EventKind.REROUTED, EventKind.DELIVERED]
    assert kinds_at(trio.third.node.journal, instruction) == expected
    assert kinds_at(trio.sender.node.journal, instruction) == expected
    here = trio.third.node.journal.read_now(lambda connection: documents_here(connection, instruction))
    assert len(here) == 1
    row = row_at(trio.third, instruction)
    assert (row.receiver, row.state, row.sent) == (THIRD, State.AWAITING_SIGNATURE, False)
    await trio.third.as_("centre").matters.AssignInstruction(
        matters.AssignInstructionRequest(
            request_id=new_id(trio.clock),
            instruction_id=instruction,
            assignee_account_id=trio.third.account("field"),
        )
    )
    await trio.exchange()
    assert row_at(trio.sender, instruction).state is State.IN_PROGRESS


async def test_the_old_court_reads_until_then(trio: Trio) -> None:
    instruction = await trio.issued()
    await rerouted(trio, instruction)
    assert kinds_at(trio.receiver.node.journal, instruction) == [
        EventKind.ISSUED,
        EventKind.DELIVERED,
        EventKind.REROUTED,
    ]
    row = row_at(trio.receiver, instruction)
    assert (row.state, row.open) == (State.REROUTED, False)
    sign = matters.SignInstructionRequest(request_id=new_id(trio.clock), instruction_id=instruction)
    code, reason, _ = await refusal(trio.receiver.as_("centre").matters.SignInstruction(sign))
    assert (code, reason) == (Code.PERMISSION_DENIED, "WRONG_COURT")


async def test_what_the_old_court_did_meanwhile_comes_back_to_its_desk(trio: Trio) -> None:
    instruction = await trio.issued()
    sign = matters.SignInstructionRequest(request_id=new_id(trio.clock), instruction_id=instruction)
    await trio.receiver.as_("centre").matters.SignInstruction(sign)
    await rerouted(trio, instruction)
    returned = await trio.receiver.as_("centre").matters.ListReturnedWork(matters.ListReturnedWorkRequest())
    assert [work.reason for work in returned.returned] == ["WRONG_COURT"]


async def test_back_to_the_first_court_nothing_is_told_twice(trio: Trio) -> None:
    instruction = await trio.issued()
    await rerouted(trio, instruction)
    await rerouted(trio, instruction, RECEIVER)
    assert kinds_at(trio.receiver.node.journal, instruction) == kinds_at(trio.hub.journal, instruction)
    assert row_at(trio.receiver, instruction).state is State.AWAITING_SIGNATURE
    assert row_at(trio.third, instruction).state is State.REROUTED


async def test_the_rebuilt_rows_are_the_same(trio: Trio) -> None:
    instruction = await trio.issued()
    await rerouted(trio, instruction)
    for journal in (trio.hub.journal, trio.receiver.node.journal, trio.third.node.journal):
        before = journal.read_now(lambda connection: read_summary(connection, instruction))
        journal.rebuild()
        assert journal.read_now(lambda connection: read_summary(connection, instruction)) == before


async def test_the_case_moves_to_another_court(trio: Trio) -> None:
    instruction = await trio.issued()
    request = pb.TransferSenderRequest(
        request_id=new_id(trio.clock),
        instruction_id=instruction,
        court=THIRD,
        reason="DESIGNATED",
        text="（2026）苏05执指1号裁定",
    )
    await superior(trio).TransferSender(request)
    await trio.exchange()
    third, old = row_at(trio.third, instruction), row_at(trio.sender, instruction)
    assert (third.sender, third.sent, third.open) == (THIRD, True, True)
    assert (old.sender, old.sent, old.open) == (THIRD, True, False)
    assert third.number == old.number


async def test_a_transfer_that_is_asked_for_waits_until_it_is_ordered(trio: Trio) -> None:
    instruction = await trio.issued()
    asked = remedy_pb2.ChangeCaseStatusRequest(
        request_id=new_id(trio.clock),
        instruction_id=instruction,
        status=case_pb2.CASE_STATUS_CHANGE_DESIGNATED,
        choice=case_pb2.CASE_CHOICE_TRANSFER,
        court=THIRD,
    )
    await trio.sender.as_("judge").matters.ChangeCaseStatus(asked)
    await trio.exchange()
    waiting = await superior(trio).ListAwaiting(pb.ListAwaitingRequest(appeal=pb.APPEAL_TRANSFER))
    assert [list(each.appeals) for each in waiting.matters] == [[pb.APPEAL_TRANSFER]]
    order = pb.TransferSenderRequest(
        request_id=new_id(trio.clock),
        instruction_id=instruction,
        court=THIRD,
        reason="DESIGNATED",
        text="（2026）苏05执指1号裁定",
    )
    await superior(trio).TransferSender(order)
    assert not (await superior(trio).ListAwaiting(pb.ListAwaitingRequest())).matters


async def test_a_transfer_that_is_refused_is_the_senders_choice_again(trio: Trio) -> None:
    instruction = await trio.issued()
    request = pb.RefuseTransferRequest(
        request_id=new_id(trio.clock),
        instruction_id=instruction,
        reason="NOT_MOVED",
        text="案件仍由原法院执行",
    )
    unasked = await refusal(superior(trio).RefuseTransfer(request))
    assert unasked == (Code.FAILED_PRECONDITION, "WRONG_STATE", [])
    asked = remedy_pb2.ChangeCaseStatusRequest(
        request_id=new_id(trio.clock),
        instruction_id=instruction,
        status=case_pb2.CASE_STATUS_CHANGE_DESIGNATED,
        choice=case_pb2.CASE_CHOICE_TRANSFER,
        court=THIRD,
    )
    await trio.sender.as_("judge").matters.ChangeCaseStatus(asked)
    await trio.exchange()
    request.request_id, request.text = new_id(trio.clock), ""
    assert (await refusal(superior(trio).RefuseTransfer(request)))[2] == ["text"]
    request.request_id, request.text = new_id(trio.clock), "案件仍由原法院执行"
    await superior(trio).RefuseTransfer(request)
    await trio.exchange()
    assert not (await superior(trio).ListAwaiting(pb.ListAwaitingRequest())).matters
    for court in (trio.sender, trio.receiver):
        row = row_at(court, instruction)
        assert (row.sender, row.overlays) == (SENDER, "case_status")
    seen = await trio.sender.as_("judge").matters.GetTimeline(
        matters.GetTimelineRequest(instruction_id=instruction)
    )
    last = seen.entries[-1]
    assert last.words == "不予变更委托法院"
    assert last.text == "理由：案件未移送、指定或提级\n案件仍由原法院执行"


async def test_an_upheld_objection_lets_the_work_go_on(trio: Trio) -> None:
    instruction = await trio.issued()
    await trio.assigned(instruction)
    await returned(trio, instruction)
    await trio.sender.as_("director").matters.ObjectToReturn(
        remedy_pb2.ObjectToReturnRequest(
            request_id=new_id(trio.clock), instruction_id=instruction, text="线索明确，不应退回"
        )
    )
    await trio.exchange()
    waiting = await superior(trio).ListAwaiting(pb.ListAwaitingRequest())
    assert [list(each.appeals) for each in waiting.matters] == [[pb.APPEAL_OBJECTION]]
    rule = pb.RuleOnObjectionRequest(
        request_id=new_id(trio.clock), instruction_id=instruction, upheld=True, text="退回理由不成立"
    )
    await superior(trio).RuleOnObjection(rule)
    await trio.exchange()
    assert row_at(trio.receiver, instruction).state is State.IN_PROGRESS
    assert not (await superior(trio).ListAwaiting(pb.ListAwaitingRequest())).matters


async def returned(trio: Trio, instruction: str) -> None:
    desk = trio.receiver
    contact = court_pb2.Officer(name="测试field", phone="0512-00000000")
    await desk.as_("field").matters.LogContact(
        matters.LogContactRequest(
            request_id=new_id(trio.clock), instruction_id=instruction, counterpart=contact, text="已沟通"
        )
    )
    await desk.as_("field").matters.ProposeReturn(
        matters.ProposeReturnRequest(
            request_id=new_id(trio.clock),
            instruction_id=instruction,
            reason="SUBJECT_UNCLEAR",
            text="对象信息不明",
            contact=contact,
        )
    )
    await desk.as_("director").matters.ApproveReturn(
        matters.ApproveReturnRequest(request_id=new_id(trio.clock), instruction_id=instruction)
    )
    await trio.exchange()


async def test_a_pause_moves_the_end(trio: Trio) -> None:
    instruction = await trio.issued()
    due = row_at(trio.sender, instruction).due_at
    suspend = pb.SuspendMatterRequest(
        request_id=new_id(trio.clock), instruction_id=instruction, reason="STAYED", text="中止执行"
    )
    await superior(trio, "director").SuspendMatter(suspend)
    trio.clock.now += 3 * 86_400_000
    resume = pb.ResumeMatterRequest(
        request_id=new_id(trio.clock), instruction_id=instruction, text="恢复执行"
    )
    await superior(trio, "director").ResumeMatter(resume)
    await trio.exchange()
    row = row_at(trio.receiver, instruction)
    assert row.state is State.AWAITING_SIGNATURE
    assert due < row.due_at


async def test_what_the_rulebook_forbids_is_told_with_its_rule_and_leaves_no_entry(trio: Trio) -> None:
    instruction = await trio.issued()
    size = len(kinds_at(trio.hub.journal, instruction))
    request = pb.RuleOnComplaintRequest(
        request_id=new_id(trio.clock), instruction_id=instruction, ruling="UPHELD", text="成立"
    )
    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await superior(trio).RuleOnComplaint(request)
    assert "没有未处理的投诉（依据：工作规则建议稿 §7）" in (failed.value.details() or "")
    assert len(kinds_at(trio.hub.journal, instruction)) == size


async def test_a_repeated_request_does_it_once(trio: Trio) -> None:
    instruction = await trio.issued()
    request = pb.RerouteMatterRequest(
        request_id="once", instruction_id=instruction, court=THIRD, text="财产在该院辖区"
    )
    first = await superior(trio).RerouteMatter(request)
    assert await superior(trio).RerouteMatter(request) == first
    request.court = RECEIVER
    code, reason, _ = await refusal(superior(trio).RerouteMatter(request))
    assert (code, reason) == (Code.ALREADY_EXISTS, "REQUEST_ID_REUSED")


@pytest.mark.parametrize(
    ("name", "court", "reason"),
    [
        ("statistician", THIRD, "WRONG_ROLE"),
        ("officer", "京01", "INVALID_FIELD"),
        ("officer", SENDER, "WRONG_COURT"),
    ],
)
async def test_who_may_reroute_where(trio: Trio, name: str, court: str, reason: str) -> None:
    instruction = await trio.issued()
    request = pb.RerouteMatterRequest(
        request_id=new_id(trio.clock), instruction_id=instruction, court=court, text="改派"
    )
    _, told, _ = await refusal(superior(trio, name).RerouteMatter(request))
    assert told == reason


async def test_the_order_of_the_new_court_is_whole(trio: Trio) -> None:
    """The documents that the first event names are those of the sender."""
    instruction = await trio.issued()
    await rerouted(trio, instruction)
    rows = trio.third.node.journal.read_now(lambda connection: history(connection, instruction, bodies=True))
    named = documents_of(event_pb2.Body.FromString(rows[0].body))
    here = trio.third.node.journal.read_now(lambda connection: documents_here(connection, instruction))
    assert {each.sha256 for each in named} == {each.sha256 for each in here}


async def test_only_what_the_hubs_own_court_received_is_handed_on(trio: Trio) -> None:
    instruction = await trio.issued()
    request = pb.ForwardMatterRequest(
        request_id=new_id(trio.clock), instruction_id=instruction, court=THIRD, text="交由该院办理"
    )
    _, reason, _ = await refusal(superior(trio).ForwardMatter(request))
    assert reason == "WRONG_COURT"
