"""Orders of the superior: never by one person, never returned; matters moved once; candidates without names."""

from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest
from sqlalchemy import Connection, select
from tests.integration.hub.told import refusal
from tests.integration.journal.scene import RECEIVER, SENDER, THIRD
from tests.integration.moves.ordered import CLAIM, RECOVERED, brought
from tests.integration.moves.play import Play
from tests.integration.moves.stand import Stand, open_stand
from tests.integration.node.pair import new_id

from xiezhi.v1 import court_pb2, order_pb2, related_case_service_pb2
from xiezhi.v1 import instruction_service_pb2 as matters
from xiezhi.v1 import order_service_pb2 as pb
from xiezhi.v1.order_service_pb2_grpc import OrderServiceStub
from xiezhi_desk.documents import store as documents
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.terms import EventKind, PaperType, State
from xiezhi_hub.related import store
from xiezhi_journal import tables
from xiezhi_journal.reading import history, read_summary

CASE = f"（2026）{RECEIVER}执1号"
RULES = shipped_rulebook()


@pytest.fixture
async def stand(journal_url: str, tmp_path: Path) -> AsyncIterator[Stand]:
    """The hub stands on the database under test."""
    urls = [journal_url, f"sqlite:///{tmp_path / 'sender.db'}", f"sqlite:///{tmp_path / 'receiver.db'}"]
    async with open_stand(urls, tmp_path) as stand:
        yield stand


def hub(stand: Stand, name: str) -> OrderServiceStub:
    return stand.desk.stub(OrderServiceStub, name)


async def drafted(stand: Stand, name: str, *papers: PaperType, new_court: str = THIRD) -> pb.OrderDraft:
    """A designation of *new_court*, drafted by *name*."""
    play = Play(stand, RULES.kind("ORDER_DESIGNATE"))
    draft_id = new_id(stand.clock)
    order = order_pb2.CourtOrder(
        kind="ORDER_DESIGNATE",
        subject="关于指定执行的裁定",
        about="INTERFERENCE",
        requirement="原案销案，由接收法院立案执行",
        ground="受到干扰",
        new_court=new_court,
        cases=[
            order_pb2.OrderedCase(court=RECEIVER, case_number=CASE, claim_fen=CLAIM, recovered_fen=RECOVERED)
        ],
        documents=[await brought(play, draft_id, paper, name) for paper in papers],
    )
    request = pb.DraftOrderRequest(request_id=new_id(stand.clock), order=order, draft_id=draft_id)
    return (await hub(stand, name).DraftOrder(request)).draft


async def issued(stand: Stand, new_court: str = THIRD) -> dict[str, str]:
    """Such an order, issued: its matters by court."""
    papers = (PaperType.ORDER_RULING, PaperType.HEARING_RECORD)
    draft = await drafted(stand, "supervisor", *papers, new_court=new_court)
    assert not draft.lacking
    approve = pb.ApproveOrderRequest(
        request_id=new_id(stand.clock), draft_id=draft.draft_id, seen=draft.content_hash
    )
    receipts = (await hub(stand, "chief").ApproveOrder(approve)).receipts
    await stand.exchange()
    return dict(zip(sorted((RECEIVER, new_court)), (each.instruction_id for each in receipts), strict=True))


async def test_an_order_that_lacks_its_ruling_is_not_issued(stand: Stand) -> None:
    draft = await drafted(stand, "supervisor")
    assert any("执行裁定书" in each for each in draft.lacking)
    assert any("听取意见笔录或报请报告" in each for each in draft.lacking)
    approve = pb.ApproveOrderRequest(
        request_id=new_id(stand.clock), draft_id=draft.draft_id, seen=draft.content_hash
    )
    with pytest.raises(grpc.aio.AioRpcError, match="缺少执行裁定书") as refused:
        await hub(stand, "chief").ApproveOrder(approve)
    assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION


async def test_who_drafts_does_not_approve(stand: Stand) -> None:
    draft = await drafted(stand, "director", PaperType.ORDER_RULING, PaperType.HEARING_RECORD)
    caller = stand.desk.callers["chief"]
    stand.desk.callers["chief"] = stand.desk.callers["director"].__class__(
        stand.desk.callers["director"].account_id,
        caller.name,
        caller.court,
        caller.roles,
        session_id="h-both",
    )
    approve = pb.ApproveOrderRequest(
        request_id=new_id(stand.clock), draft_id=draft.draft_id, seen=draft.content_hash
    )
    code, _, _ = await refusal(hub(stand, "chief").ApproveOrder(approve))
    assert code is grpc.StatusCode.PERMISSION_DENIED


async def test_a_lower_court_returns_no_order(stand: Stand) -> None:
    matter = (await issued(stand))[RECEIVER]
    propose = matters.ProposeReturnRequest(
        request_id=new_id(stand.clock),
        instruction_id=matter,
        reason="OTHER",
        text="不宜办理",
        contact=court_pb2.Officer(name="测试联系人", phone="0512-00000001"),
    )
    withdraw = matters.WithdrawInstructionRequest(
        request_id=new_id(stand.clock), instruction_id=matter, reason="不宜办理"
    )
    with pytest.raises(grpc.aio.AioRpcError, match=r"不得退回.*执行规定 第70条"):
        await stand.receiver.as_("field").matters.ProposeReturn(propose)
    with pytest.raises(grpc.aio.AioRpcError, match=r"不得撤回.*执行规定 第70条"):
        await stand.receiver.as_("director").matters.WithdrawInstruction(withdraw)


async def test_matters_go_over_once_and_none_is_lost(stand: Stand) -> None:
    order = (await issued(stand))[RECEIVER]
    play = Play(stand, RULES.kind("ORDER_DESIGNATE"))
    await play.send_for_case(CASE)
    await play.send_for_case(CASE)
    before = stand.hub.journal.read_now(lambda connection: open_matters_of(connection, RECEIVER))
    request = pb.MoveMattersRequest(request_id=new_id(stand.clock), instruction_id=order)
    look = pb.GetOrderRequest(instruction_id=order, purpose="跟踪落实")
    stay = (await hub(stand, "supervisor").GetOrder(look)).order.kept
    assert [each.reason for each in stay] == ["可以移转，尚未移转"] * 2
    moved = await hub(stand, "supervisor").MoveMatters(request)
    assert not (await hub(stand, "supervisor").GetOrder(look)).order.kept
    again = await hub(stand, "supervisor").MoveMatters(request)
    await stand.exchange()
    assert (len(moved.moved), list(moved.moved)) == (2, list(again.moved))
    for matter in before:
        at_hub, new, old = (
            node.journal.read_now(lambda connection, each=matter: read_summary(connection, each))
            for node in (stand.hub, stand.third.node, stand.receiver.node)
        )
        assert at_hub is not None
        assert new is not None
        assert old is not None
        assert (at_hub.sender, new.sender, new.number) == (THIRD, THIRD, at_hub.number)
        assert old.state is State.REROUTED or not old.open
        rows = stand.hub.journal.read_now(lambda connection, each=matter: history(connection, each))
        assert [row.kind for row in rows].count("SenderTransferred") == 1
    nothing = pb.MoveMattersRequest(request_id=new_id(stand.clock), instruction_id=order)
    code, _, _ = await refusal(hub(stand, "supervisor").MoveMatters(nothing))
    assert code is grpc.StatusCode.FAILED_PRECONDITION


async def test_what_the_new_court_was_asked_itself_ends_in_its_case(stand: Stand) -> None:
    order = (await issued(stand, SENDER))[RECEIVER]
    play = Play(stand, RULES.kind("ORDER_DESIGNATE"))
    await play.send_for_case(CASE)
    [matter] = stand.hub.journal.read_now(lambda connection: open_matters_of(connection, RECEIVER))
    request = pb.MoveMattersRequest(request_id=new_id(stand.clock), instruction_id=order)
    answer = await hub(stand, "supervisor").MoveMatters(request)
    await stand.exchange()
    rows = [
        node.journal.read_now(lambda connection: read_summary(connection, matter))
        for node in (stand.hub, stand.sender.node, stand.receiver.node)
    ]
    assert [(row.state, row.open, row.sender, row.receiver) for row in rows if row] == [
        (State.TERMINATED, False, RECEIVER, SENDER)
    ] * 3
    assert (list(answer.moved), list(answer.merged)) == ([], [row.number for row in rows[:1] if row])
    look = pb.GetOrderRequest(instruction_id=order, purpose="跟踪落实")
    assert not (await hub(stand, "supervisor").GetOrder(look)).order.kept
    kinds = [row.kind for row in stand.hub.journal.read_now(lambda connection: history(connection, matter))]
    assert kinds[-1] == EventKind.MERGED


def open_matters_of(connection: Connection, sender: str) -> list[str]:
    """The open matters of a court that are no orders."""
    row = tables.instruction.c
    query = select(row.instruction).where(row.sender == sender, row.open)
    return list(connection.scalars(query))


async def test_ten_open_cases_of_one_debtor_are_a_candidate_and_one_click_a_draft(stand: Stand) -> None:
    for court, count in ((RECEIVER, 7), (THIRD, 3)):
        cases = [
            related_case_service_pb2.MarkedCase(
                case_number=f"（2026）{court}执{number}号",
                marks=[b"d" * 32, b"a" * 32],
                debtor_marks=[b"d" * 32],
            )
            for number in range(1, count + 1)
        ]
        await stand.hub.journal.write(
            lambda connection, court=court, cases=cases: store.put_cases(connection, court, "key", "r", cases)
        )
    [candidate] = (await hub(stand, "supervisor").ListCandidates(pb.ListCandidatesRequest())).candidates
    assert (len(candidate.cases), candidate.suggested_court) == (10, RECEIVER)
    assert "未确认" in candidate.reason
    request = pb.DraftFromCandidateRequest(
        request_id=new_id(stand.clock), candidate_id=candidate.candidate_id
    )
    draft = (await hub(stand, "supervisor").DraftFromCandidate(request)).draft
    assert (draft.order.kind, draft.order.new_court) == ("ORDER_CONCENTRATE", RECEIVER)
    assert {each.court for each in draft.order.cases} == {THIRD}
    assert draft.lacking


async def test_what_is_approved_is_what_was_read(stand: Stand) -> None:
    papers = (PaperType.ORDER_RULING, PaperType.HEARING_RECORD)
    read = await drafted(stand, "supervisor", *papers)
    order = order_pb2.CourtOrder()
    order.CopyFrom(read.order)
    order.requirement = "改由第三法院执行"
    rewrite = pb.DraftOrderRequest(request_id=new_id(stand.clock), order=order, draft_id=read.draft_id)
    rewritten = (await hub(stand, "supervisor").DraftOrder(rewrite)).draft
    for seen in ("", read.content_hash):
        approve = pb.ApproveOrderRequest(request_id=new_id(stand.clock), draft_id=read.draft_id, seen=seen)
        with pytest.raises(grpc.aio.AioRpcError, match="已被拟稿人修改") as refused:
            await hub(stand, "chief").ApproveOrder(approve)
        assert refused.value.code() is grpc.StatusCode.ABORTED
    approve = pb.ApproveOrderRequest(
        request_id=new_id(stand.clock), draft_id=read.draft_id, seen=rewritten.content_hash
    )
    assert len((await hub(stand, "chief").ApproveOrder(approve)).receipts) == 2


async def test_an_author_discards_his_draft_and_its_papers_are_named_no_more(stand: Stand) -> None:
    kept = await drafted(stand, "supervisor", PaperType.ORDER_RULING)
    gone = await drafted(stand, "supervisor", PaperType.ORDER_RULING)
    discard = pb.DiscardOrderDraftRequest(request_id=new_id(stand.clock), draft_id=gone.draft_id)
    assert (await refusal(hub(stand, "director").DiscardOrderDraft(discard)))[1] == "FORBIDDEN"
    answer = (await hub(stand, "supervisor").DiscardOrderDraft(discard)).draft
    assert (answer.state, answer.own) == (pb.ORDER_DRAFT_STATE_DISCARDED, True)
    assert (await hub(stand, "supervisor").DiscardOrderDraft(discard)).draft == answer
    for name, own in (("supervisor", True), ("chief", False)):
        drafts = (await hub(stand, name).ListOrderDrafts(pb.ListOrderDraftsRequest())).drafts
        assert [(each.draft_id, each.own) for each in drafts] == [(kept.draft_id, own)]
    approve = pb.ApproveOrderRequest(
        request_id=new_id(stand.clock), draft_id=gone.draft_id, seen=gone.content_hash
    )
    assert (await refusal(hub(stand, "chief").ApproveOrder(approve)))[1] == "WRONG_STATE"
    journal, later = stand.hub.journal, stand.clock.now + 1
    await journal.write(lambda connection: documents.forget_abandoned(connection, later))
    left = [
        len(await journal.read(lambda connection, of=each: documents.list_documents(connection, of.draft_id)))
        for each in (kept, gone)
    ]
    assert left == [1, 0]
