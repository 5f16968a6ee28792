"""督办 from the draft at the hub to its end, at the court that is urged and on the matter that it is about."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import grpc
import pytest
from sqlalchemy import select
from tests.integration.hub.told import refusal
from tests.integration.journal.scene import RECEIVER, THIRD
from tests.integration.node.pair import Court, new_id
from tests.integration.node.trio import Trio, open_trio

from xiezhi.v1 import document_pb2, instruction_pb2, remedy_pb2, urge_pb2
from xiezhi.v1 import document_service_pb2 as documents
from xiezhi.v1 import instruction_service_pb2 as matters
from xiezhi.v1 import urge_service_pb2 as pb
from xiezhi.v1 import urged_service_pb2 as urged
from xiezhi.v1.document_service_pb2_grpc import DocumentServiceStub
from xiezhi.v1.urge_service_pb2_grpc import UrgeServiceStub
from xiezhi.v1.urged_service_pb2_grpc import UrgedServiceStub, add_UrgedServiceServicer_to_server
from xiezhi_desk.documents.store import list_documents
from xiezhi_domain.court_time import to_date
from xiezhi_domain.terms import EventKind, State
from xiezhi_journal import tables
from xiezhi_journal.reading import history, read_summary
from xiezhi_node.urged.service import UrgedService

Code = grpc.StatusCode


def serve_urged(court: Court, server: grpc.aio.Server) -> None:
    add_UrgedServiceServicer_to_server(UrgedService(court.node.journal, court.node.seat), server)


@pytest.fixture
async def trio(journal_url: str, tmp_path: Path) -> AsyncIterator[Trio]:
    """The hub stands on the database under test."""
    urls = [journal_url, f"sqlite:///{tmp_path / 'sender.db'}", f"sqlite:///{tmp_path / 'receiver.db'}"]
    async with open_trio(urls, tmp_path, serve_urged) as trio:
        yield trio


def hub(trio: Trio, name: str) -> UrgeServiceStub:
    return trio.desk.stub(UrgeServiceStub, name)


def node(trio: Trio, name: str) -> UrgedServiceStub:
    return trio.receiver.stub(UrgedServiceStub, name)


def an_order(*targets: urge_pb2.UrgeTarget, **changes: object) -> urge_pb2.UrgeOrder:
    order = urge_pb2.UrgeOrder(
        subject="关于逾期未签收事项的督办",
        about="SIGNING",
        requirement="请于期限内签收并报告原因",
        ground="已超过签收期限",
        case_number="（2026）苏0505执1234号",
        targets=targets or [urge_pb2.UrgeTarget(court=RECEIVER)],
    )
    order.MergeFrom(urge_pb2.UrgeOrder(**changes))  # type: ignore[arg-type]  # as the test says
    return order


async def drafted(trio: Trio, order: urge_pb2.UrgeOrder, draft_id: str = "") -> pb.UrgeDraft:
    request = pb.DraftUrgeRequest(request_id=new_id(trio.clock), order=order, draft_id=draft_id)
    return (await hub(trio, "supervisor").DraftUrge(request)).draft


def approval(trio: Trio, draft: pb.UrgeDraft, opinion: str = "") -> pb.ApproveUrgeRequest:
    """The request of somebody who has read the draft as it is given here."""
    return pb.ApproveUrgeRequest(
        request_id=new_id(trio.clock), draft_id=draft.draft_id, opinion=opinion, seen=draft.content_hash
    )


async def issued(trio: Trio, order: urge_pb2.UrgeOrder | None = None) -> list[instruction_pb2.ActionReceipt]:
    draft = await drafted(trio, order or an_order())
    answer = await hub(trio, "chief").ApproveUrge(approval(trio, draft, "同意"))
    await trio.exchange()
    return list(answer.receipts)


async def signed(trio: Trio) -> str:
    [receipt] = await issued(trio)
    sign = matters.SignInstructionRequest(
        request_id=new_id(trio.clock), instruction_id=receipt.instruction_id
    )
    await trio.receiver.as_("centre").matters.SignInstruction(sign)
    await trio.exchange()
    return receipt.instruction_id


async def replied(trio: Trio, urge: str, text: str = "已签收并分派") -> None:
    draft = urged.DraftReplyRequest(request_id=new_id(trio.clock), instruction_id=urge, text=text)
    await node(trio, "centre").DraftReply(draft)
    waits = await node(trio, "chief").GetReceivedUrge(urged.GetReceivedUrgeRequest(instruction_id=urge))
    approve = urged.ApproveReplyRequest(
        request_id=new_id(trio.clock),
        instruction_id=urge,
        opinion="同意上报",
        seen=waits.urge.reply_draft_hash,
    )
    await node(trio, "chief").ApproveReply(approve)
    await trio.exchange()


def at(court: Court, instruction: str):
    return court.node.journal.read_now(lambda connection: read_summary(connection, instruction))


def kinds(journal, instruction: str) -> list[str]:
    return [row.kind for row in journal.read_now(lambda connection: history(connection, instruction))]


async def test_from_draft_to_closing(trio: Trio) -> None:
    urge = await signed(trio)
    await replied(trio, urge)
    back = pb.ReturnReplyRequest(request_id=new_id(trio.clock), instruction_id=urge, text="请附分派记录")
    await hub(trio, "supervisor").ReturnReply(back)
    await trio.exchange()
    assert at(trio.receiver, urge).state is State.IN_PROGRESS
    await replied(trio, urge, "已分派给测试field")
    close = pb.CloseUrgeRequest(request_id=new_id(trio.clock), instruction_id=urge, result="DONE")
    receipt = (await hub(trio, "supervisor").CloseUrge(close)).receipt
    await trio.exchange()
    assert receipt.matter_number == "苏05督〔2026〕1号"
    assert at(trio.receiver, urge).state is State.SUPERVISION_DONE
    expected = [
        *(EventKind.ISSUED, EventKind.DELIVERED, EventKind.SIGNED, EventKind.SUPERVISION_REPLIED),
        *(EventKind.REPLY_RETURNED, EventKind.SUPERVISION_REPLIED, EventKind.SUPERVISION_CLOSED),
    ]
    assert kinds(trio.hub.journal, urge) == kinds(trio.receiver.node.journal, urge) == expected
    seen = (
        await hub(trio, "supervisor").GetUrge(pb.GetUrgeRequest(instruction_id=urge, purpose="审核回复"))
    ).urge
    assert [reply.text for reply in seen.replies] == ["已签收并分派", "已分派给测试field"]
    assert seen.replies[0].drafted_by.officer.name == "测试centre"
    assert seen.approval.approved_by.officer.name == "中院chief"
    looks = trio.hub.journal.read_now(lambda connection: connection.execute(select(tables.access)).all())
    assert [(look.account, look.object, look.purpose) for look in looks] == [
        ("hub-supervisor", urge, "审核回复")
    ]


async def uploaded(trio: Trio, draft_id: str, content: bytes, name: str) -> document_pb2.Document:
    """A document as the supervisor brings it to the hub."""
    files = trio.desk.stub(DocumentServiceStub, name)
    letter = document_pb2.Document(
        sha256=hashlib.sha256(content).digest(),
        name="督办函.pdf",
        size=len(content),
        paper_type=document_pb2.PAPER_TYPE_SUPERVISION_LETTER,
    )
    start = documents.StartUploadRequest(instruction_id=draft_id, document=letter)
    place = await files.StartUpload(start)
    piece = documents.UploadDocumentRequest(upload_id=place.upload_id, data=content)
    await files.UploadDocument(iter([piece]))
    return letter


async def test_its_papers_come_with_it(trio: Trio) -> None:
    draft_id, content = new_id(trio.clock), b"%PDF-1.7 supervision"
    letter = await uploaded(trio, draft_id, content, "supervisor")
    order = an_order(
        urge_pb2.UrgeTarget(court=RECEIVER),
        urge_pb2.UrgeTarget(court=THIRD),
        documents=[document_pb2.Document(sha256=letter.sha256)],
    )
    draft = await drafted(trio, order, draft_id)
    assert [(each.name, each.size) for each in draft.order.documents] == [("督办函.pdf", len(content))]
    receipts = (await hub(trio, "chief").ApproveUrge(approval(trio, draft))).receipts
    became = select(tables.handed_on.c.instruction).where(tables.handed_on.c.draft_id == draft_id)
    found = await trio.hub.journal.read(lambda connection: set(connection.scalars(became)))
    assert found == {each.instruction_id for each in receipts}
    await trio.exchange()
    for court, receipt in zip((trio.receiver, trio.third), receipts, strict=True):
        urge = receipt.instruction_id
        assert kinds(court.node.journal, urge) == [EventKind.ISSUED, EventKind.DELIVERED]
        one = urged.GetReceivedUrgeRequest(instruction_id=urge)
        seen = (await court.stub(UrgedServiceStub, "chief").GetReceivedUrge(one)).urge
        assert [each.sha256 for each in seen.order.documents] == [letter.sha256]
        shown = await court.as_("chief").matters.GetInstruction(
            matters.GetInstructionRequest(instruction_id=urge)
        )
        assert [each.sha256 for each in shown.instruction.documents] == [letter.sha256]
        wanted = documents.DownloadDocumentRequest(instruction_id=urge, sha256=letter.sha256)
        files = trio.desk.stub(DocumentServiceStub, "chief")
        assert b"".join([piece.data async for piece in files.DownloadDocument(wanted)]) == content


async def test_papers_go_only_with_what_is_going_to_be_drafted(trio: Trio) -> None:
    [receipt] = await issued(trio)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await uploaded(trio, receipt.instruction_id, b"late", "supervisor")
    assert refused.value.code() is Code.PERMISSION_DENIED
    assert (await refusal(drafted(trio, an_order(), receipt.instruction_id)))[2] == ["draft_id"]


async def test_its_author_writes_a_waiting_draft_anew(trio: Trio) -> None:
    """Nobody else does, who read it before does not issue it, and what was taken out of it goes nowhere."""
    draft_id = new_id(trio.clock)
    wrong = await uploaded(trio, draft_id, b"%PDF-1.7 of another matter", "supervisor")
    read = await drafted(trio, an_order(documents=[document_pb2.Document(sha256=wrong.sha256)]), draft_id)
    supervisor, chief = (trio.desk.callers[name] for name in ("supervisor", "chief"))
    away = frozenset({(supervisor.account_id, supervisor.name)})
    trio.desk.callers["other"] = replace(supervisor, account_id=chief.account_id, stands_in_for=away)
    again = pb.DraftUrgeRequest(request_id=new_id(trio.clock), order=an_order(), draft_id=draft_id)
    assert (await refusal(hub(trio, "other").DraftUrge(again)))[1] == "FORBIDDEN"
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await uploaded(trio, draft_id, b"%PDF-1.7 of a stranger", "other")
    assert refused.value.code() is Code.PERMISSION_DENIED
    right = await uploaded(trio, draft_id, b"%PDF-1.7 of this matter", "supervisor")
    order = an_order(documents=[document_pb2.Document(sha256=right.sha256)])
    order.requirement = "请即签收"
    anew = await drafted(trio, order, draft_id)
    listed = (await hub(trio, "chief").ListUrgeDrafts(pb.ListUrgeDraftsRequest())).drafts
    assert [(each.order.requirement, each.rewritable) for each in listed] == [("请即签收", False)]
    assert (anew.rewritable, anew.content_hash) == (True, listed[0].content_hash)
    assert (await refusal(hub(trio, "chief").ApproveUrge(approval(trio, read))))[1] == "STALE_BASE"
    [receipt] = (await hub(trio, "chief").ApproveUrge(approval(trio, anew))).receipts
    lie_here = trio.hub.journal.read_now(partial(list_documents, instruction_id=receipt.instruction_id))
    assert [each.spec.sha256 for each in lie_here] == [right.sha256]
    assert (await refusal(drafted(trio, order, draft_id)))[1] == "WRONG_STATE"


async def test_several_courts_get_one_each(trio: Trio) -> None:
    targets = [urge_pb2.UrgeTarget(court=RECEIVER), urge_pb2.UrgeTarget(court=THIRD)]
    receipts = await issued(trio, an_order(*targets))
    assert [each.matter_number for each in receipts] == ["苏05督〔2026〕1号", "苏05督〔2026〕2号"]
    for court, receipt in zip((trio.receiver, trio.third), receipts, strict=True):
        received = court.stub(UrgedServiceStub, "chief")
        rows = (await received.ListReceivedUrges(urged.ListReceivedUrgesRequest(open_only=True))).urges
        assert [row.instruction_id for row in rows] == [receipt.instruction_id]
        one = urged.GetReceivedUrgeRequest(instruction_id=receipt.instruction_id)
        order = (await received.GetReceivedUrge(one)).urge.order
        assert [target.court for target in order.targets] == [court.code]
    listed = await hub(trio, "director").ListUrges(pb.ListUrgesRequest(court=THIRD))
    assert [row.matter_number for row in listed.urges] == ["苏05督〔2026〕2号"]


async def test_what_it_is_about_shows_it_at_both_courts_until_the_last_ends(trio: Trio) -> None:
    instruction = await trio.issued()
    target = urge_pb2.UrgeTarget(court=RECEIVER, instruction_ids=[at(trio.sender, instruction).number])
    first, second = [(await issued(trio, an_order(target)))[0].instruction_id for _ in range(2)]
    for urge, marked in ((first, True), (second, False)):
        for court in (trio.sender, trio.receiver):
            assert instruction_pb2.MARK_SUPERVISED in await marks(court, instruction)
        revoke = pb.RevokeUrgeRequest(request_id=new_id(trio.clock), instruction_id=urge, text="已签收")
        await hub(trio, "supervisor").RevokeUrge(revoke)
        await trio.exchange()
        for court in (trio.sender, trio.receiver):
            assert (instruction_pb2.MARK_SUPERVISED in await marks(court, instruction)) is marked
    expected = [EventKind.ISSUED, EventKind.DELIVERED, EventKind.SUPERVISED, EventKind.SUPERVISED]
    assert kinds(trio.sender.node.journal, instruction) == [*expected, EventKind.SUPERVISION_ENDED]


async def marks(court: Court, instruction: str) -> list[int]:
    rows = await court.as_("centre").matters.ListInstructions(matters.ListInstructionsRequest())
    return [mark for row in rows.instructions if row.instruction_id == instruction for mark in row.marks]


async def test_more_time_is_asked_for_and_granted(trio: Trio) -> None:
    urge = await signed(trio)
    due = at(trio.receiver, urge).due_at
    until = to_date(due + 5 * 86_400_000).isoformat()
    ask = remedy_pb2.AskExtensionRequest(
        request_id=new_id(trio.clock),
        instruction_id=urge,
        until_on=until,
        reason="COMPLEX",
        text="需实地核查",
    )
    await trio.receiver.as_("director").matters.AskExtension(ask)
    await trio.exchange()
    seen = (
        await hub(trio, "supervisor").GetUrge(pb.GetUrgeRequest(instruction_id=urge, purpose="审核回复"))
    ).urge
    assert to_date(seen.asked_due_at.ToMilliseconds()).isoformat() == until
    grant = pb.GrantUrgeExtensionRequest(request_id=new_id(trio.clock), instruction_id=urge)
    await hub(trio, "supervisor").GrantUrgeExtension(grant)
    await trio.exchange()
    assert to_date(at(trio.receiver, urge).due_at).isoformat() == until


async def test_nobody_approves_his_own_draft_or_reply(trio: Trio) -> None:
    approve = approval(trio, await drafted(trio, an_order()))
    assert (await refusal(hub(trio, "supervisor").ApproveUrge(approve)))[1] == "WRONG_ROLE"
    supervisor, chief = trio.desk.callers["supervisor"], trio.desk.callers["chief"]
    trio.desk.callers["double"] = replace(supervisor, roles=supervisor.roles | chief.roles)
    approve.request_id = new_id(trio.clock)
    assert (await refusal(hub(trio, "double").ApproveUrge(approve)))[1] == "SAME_PERSON"


async def test_an_author_discards_his_own_draft(trio: Trio) -> None:
    draft = await drafted(trio, an_order())
    discard = pb.DiscardUrgeDraftRequest(request_id=new_id(trio.clock), draft_id=draft.draft_id)
    supervisor = trio.desk.callers["supervisor"]
    trio.desk.callers["other"] = replace(supervisor, account_id=trio.desk.callers["chief"].account_id)
    assert (await refusal(hub(trio, "other").DiscardUrgeDraft(discard)))[1] == "FORBIDDEN"
    away = frozenset({(supervisor.account_id, supervisor.name)})
    trio.desk.callers["other"] = replace(trio.desk.callers["other"], stands_in_for=away)
    answer = (await hub(trio, "other").DiscardUrgeDraft(discard)).draft
    assert (answer.state, answer.own) == (pb.URGE_DRAFT_STATE_DISCARDED, True)
    assert not (await hub(trio, "supervisor").ListUrgeDrafts(pb.ListUrgeDraftsRequest())).drafts
    assert (await refusal(hub(trio, "chief").ApproveUrge(approval(trio, draft))))[1] == "WRONG_STATE"


async def test_a_reply_goes_back_to_its_author(trio: Trio) -> None:
    urge = await signed(trio)
    approve = urged.ApproveReplyRequest(request_id=new_id(trio.clock), instruction_id=urge)
    assert (await refusal(node(trio, "chief").ApproveReply(approve)))[0] is Code.NOT_FOUND
    draft = urged.DraftReplyRequest(request_id=new_id(trio.clock), instruction_id=urge, text="正在办理")
    await node(trio, "centre").DraftReply(draft)
    waits = await node(trio, "chief").GetReceivedUrge(urged.GetReceivedUrgeRequest(instruction_id=urge))
    approve.MergeFrom(
        urged.ApproveReplyRequest(request_id=new_id(trio.clock), seen=waits.urge.reply_draft_hash)
    )
    assert (await refusal(node(trio, "director").ApproveReply(approve)))[1] == "WRONG_ROLE"
    reject = urged.RejectReplyRequest(
        request_id=new_id(trio.clock), instruction_id=urge, opinion="请写明日期"
    )
    await node(trio, "chief").RejectReply(reject)
    seen = await node(trio, "centre").GetReceivedUrge(urged.GetReceivedUrgeRequest(instruction_id=urge))
    assert (seen.urge.reply_draft.text, seen.urge.reply_remark) == ("正在办理", "请写明日期")
    assert (await refusal(node(trio, "chief").ApproveReply(approve)))[0] is Code.NOT_FOUND


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"about": "WEATHER"}, "order.about"),
        ({"limit_days": 90}, "order.limit_days"),
        ({"documents": [document_pb2.Document(sha256=bytes(32))]}, "order.documents[0]"),
        ({"targets": [urge_pb2.UrgeTarget(court="京01")]}, "order.targets[1].court"),
        (
            {"targets": [urge_pb2.UrgeTarget(court=THIRD, instruction_ids=["苏0505委〔2026〕9号"])]},
            "order.targets[1].instruction_ids[0]",
        ),
    ],
)
async def test_what_may_not_be_drafted(trio: Trio, changes: dict, field: str) -> None:
    request = pb.DraftUrgeRequest(request_id=new_id(trio.clock), order=an_order(**changes))
    assert (await refusal(hub(trio, "supervisor").DraftUrge(request)))[2] == [field]


async def test_the_court_urged_cannot_end_it(trio: Trio) -> None:
    urge = await signed(trio)
    withdraw = matters.WithdrawInstructionRequest(
        request_id=new_id(trio.clock), instruction_id=urge, reason="不办"
    )
    code, _, _ = await refusal(trio.receiver.as_("director").matters.WithdrawInstruction(withdraw))
    assert code is not Code.OK
    seen = await trio.receiver.as_("chief").matters.GetInstruction(
        matters.GetInstructionRequest(instruction_id=urge)
    )
    actions = {offer.action for offer in seen.instruction.actions if offer.allowed}
    assert instruction_pb2.ACTION_REPLY in actions
    assert instruction_pb2.ACTION_CLOSE_SUPERVISION not in actions


async def test_a_reply_that_was_written_anew_since_it_was_read_is_not_sent(trio: Trio) -> None:
    urge = await signed(trio)
    draft = urged.DraftReplyRequest(request_id=new_id(trio.clock), instruction_id=urge, text="正在办理")
    await node(trio, "centre").DraftReply(draft)
    wanted = urged.GetReceivedUrgeRequest(instruction_id=urge)
    read = (await node(trio, "chief").GetReceivedUrge(wanted)).urge
    draft = urged.DraftReplyRequest(request_id=new_id(trio.clock), instruction_id=urge, text="已经办结")
    await node(trio, "centre").DraftReply(draft)
    for seen in ("", read.reply_draft_hash):
        approve = urged.ApproveReplyRequest(request_id=new_id(trio.clock), instruction_id=urge, seen=seen)
        assert (await refusal(node(trio, "chief").ApproveReply(approve)))[1] == "STALE_BASE"
    waits = (await node(trio, "chief").GetReceivedUrge(wanted)).urge
    assert (waits.reply_draft.text, len(waits.replies)) == ("已经办结", 0)
