"""Drafts of the decision on a handover: whose they are, how they are listed, and what goes with the decision."""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from tests.integration.desk.desk import refusal
from tests.integration.journal.scene import RULES
from tests.integration.moves.courses import COURSES
from tests.integration.moves.handovers import draft_decision
from tests.integration.moves.play import Play
from tests.integration.moves.stand import Stand, open_stand
from tests.integration.node.test_urges import uploaded

from xiezhi.v1 import disposal_decision_service_pb2 as pb
from xiezhi.v1 import document_pb2, event_pb2, instruction_pb2, instruction_service_pb2
from xiezhi.v1 import document_service_pb2 as documents
from xiezhi.v1.disposal_decision_service_pb2_grpc import DisposalDecisionServiceStub
from xiezhi.v1.document_service_pb2_grpc import DocumentServiceStub
from xiezhi_desk.documents import store
from xiezhi_desk.documents.collect import KEPT_MS
from xiezhi_domain.errors import Reason
from xiezhi_domain.terms import EventKind, Kind
from xiezhi_journal.reading import history

[SILENT] = [each for each in COURSES if (each.ladder, each.name) == ("handover", "silent, and late again")]
DEADLINE, DESIGNATE = pb.DISPOSAL_DECISION_DEADLINE, pb.DISPOSAL_DECISION_DESIGNATE
REPORTED = 4
"""So many steps of the course bring the handover to its superior."""


@pytest.fixture
async def stand(journal_url: str, tmp_path: Path) -> AsyncIterator[Stand]:
    urls = [journal_url, *(f"sqlite:///{tmp_path / name}.db" for name in ("sender", "receiver"))]
    async with open_stand(urls, tmp_path) as stand:
        yield stand


async def reported(stand: Stand, more: int = 0) -> Play:
    """A handover that waits for a decision, so many steps *more* of its course on."""
    play = Play(stand, RULES.kind(Kind.HANDOVER))
    for step in SILENT.steps[: REPORTED + more]:
        await play.step(step)
    return play


def hub(stand: Stand, name: str) -> DisposalDecisionServiceStub:
    return stand.desk.stub(DisposalDecisionServiceStub, name)


async def draft_of(stand: Stand, play: Play, name: str) -> pb.DecisionDraft:
    return (await hub(stand, name).GetDecisionDraft(pb.GetDecisionDraftRequest(draft_id=play.draft))).draft


async def offered(stand: Stand, play: Play, name: str) -> dict[str, str]:
    """Why somebody may not do what there is to do with the draft, by the action; empty: he may."""
    actions = (await draft_of(stand, play, name)).actions
    return {
        instruction_pb2.Action.Name(each.action).removeprefix("ACTION_"): each.why_not for each in actions
    }


async def why_not_draft(stand: Stand, play: Play, name: str) -> str:
    asked = pb.GetHandoverRecordRequest(instruction_id=play.instruction)
    return (await hub(stand, name).GetHandoverRecord(asked)).why_not_draft


async def listed(stand: Stand, **asked: object) -> list[str]:
    answer = await hub(stand, "supervisor").ListDecisionDrafts(pb.ListDecisionDraftsRequest(**asked))
    return [draft.draft_id for draft in answer.drafts]


def discard(play: Play) -> pb.DiscardDecisionDraftRequest:
    return pb.DiscardDecisionDraftRequest(request_id=play.new_id(), draft_id=play.draft)


async def reject(stand: Stand, play: Play) -> None:
    request = pb.RejectDecisionRequest(request_id=play.new_id(), draft_id=play.draft, opinion="重拟")
    await hub(stand, "chief").RejectDecision(request)


async def test_a_draft_says_what_its_reader_may_do_and_why_not(stand: Stand) -> None:
    play = await reported(stand)
    role = Reason.WRONG_ROLE.zh
    assert await why_not_draft(stand, play, "supervisor") == ""
    assert await why_not_draft(stand, play, "chief") == role
    await draft_decision(play, DEADLINE, 30)
    assert "已有待审批的决定拟稿" in await why_not_draft(stand, play, "supervisor")
    assert await offered(stand, play, "supervisor") == {
        "APPROVE": role,
        "REJECT_APPROVAL": role,
        "DISCARD": "",
    }
    assert await offered(stand, play, "officer") == {
        "APPROVE": role,
        "REJECT_APPROVAL": role,
        "DISCARD": "只有拟稿人可以废弃该决定拟稿",
    }
    assert await offered(stand, play, "chief") == {"APPROVE": "", "REJECT_APPROVAL": "", "DISCARD": role}
    seen = await draft_of(stand, play, "chief")
    assert seen.instruction.instruction_id == play.instruction
    await reject(stand, play)
    assert await offered(stand, play, "chief") == {}


async def test_what_is_drafted_too_early_or_too_long_is_told_before_it_is_approved(stand: Stand) -> None:
    play = await reported(stand, more=2)
    await draft_decision(play, DESIGNATE, 0)
    told = (await offered(stand, play, "chief"))["APPROVE"]
    assert told, "the limit that was set to the first court still runs"
    approve = pb.ApproveDecisionRequest(request_id=play.new_id(), draft_id=play.draft)
    approve.seen = (await draft_of(stand, play, "chief")).content_hash
    assert (await refusal(hub(stand, "chief").ApproveDecision(approve))).message == told
    other = await reported(stand)
    await draft_decision(other, DEADLINE, 400)
    assert (await offered(stand, other, "chief"))["APPROVE"] != ""


async def test_its_author_alone_discards_a_draft(stand: Stand) -> None:
    play = await reported(stand)
    await draft_decision(play, DEADLINE, 30)
    assert (await refusal(hub(stand, "officer").DiscardDecisionDraft(discard(play)))).reason == "FORBIDDEN"
    request = discard(play)
    gone = (await hub(stand, "supervisor").DiscardDecisionDraft(request)).draft
    assert (gone.state, gone.decided_by) == (pb.DECISION_DRAFT_STATE_DISCARDED, "中院supervisor")
    assert (await hub(stand, "supervisor").DiscardDecisionDraft(request)).draft == gone
    assert "已废弃" in (await refusal(hub(stand, "supervisor").DiscardDecisionDraft(discard(play)))).message
    approve = pb.ApproveDecisionRequest(request_id=play.new_id(), draft_id=play.draft, seen=gone.content_hash)
    assert (await refusal(hub(stand, "chief").ApproveDecision(approve))).reason == "WRONG_STATE"
    assert await listed(stand) == []
    assert await listed(stand, state=pb.DECISION_DRAFT_STATE_DISCARDED) == [gone.draft_id]
    await draft_decision(play, DEADLINE, 20)
    assert await listed(stand, waiting_only=True) == [play.draft]


async def test_its_author_writes_a_waiting_draft_anew_on_the_same_handover(stand: Stand) -> None:
    play, other = await reported(stand), await reported(stand)
    await draft_decision(play, DEADLINE, 30)
    read = await draft_of(stand, play, "supervisor")
    assert read.rewritable
    assert not (await draft_of(stand, play, "officer")).rewritable
    again = pb.DraftDecisionRequest(request_id=play.new_id(), order=read.order, draft_id=play.draft)
    again.order.ground = "首封债权已进入执行"
    stand.desk.callers["another"] = replace(stand.desk.callers["supervisor"], account_id="another")
    assert (await refusal(hub(stand, "another").DraftDecision(again))).reason == "FORBIDDEN"
    moved = pb.DraftDecisionRequest(request_id=play.new_id(), order=again.order, draft_id=play.draft)
    moved.order.instruction_id = other.instruction
    told = await refusal(hub(stand, "supervisor").DraftDecision(moved))
    assert told.fields == ["order.instruction_id"]
    anew = (await hub(stand, "supervisor").DraftDecision(again)).draft
    assert (anew.order.ground, anew.draft_id) == ("首封债权已进入执行", read.draft_id)
    assert await listed(stand, waiting_only=True) == [read.draft_id]
    approve = pb.ApproveDecisionRequest(request_id=play.new_id(), draft_id=play.draft, seen=read.content_hash)
    assert (await refusal(hub(stand, "chief").ApproveDecision(approve))).reason == "STALE_BASE"
    approve = pb.ApproveDecisionRequest(request_id=play.new_id(), draft_id=play.draft, seen=anew.content_hash)
    await hub(stand, "chief").ApproveDecision(approve)
    late = pb.DraftDecisionRequest(request_id=play.new_id(), order=anew.order, draft_id=play.draft)
    assert (await refusal(hub(stand, "supervisor").DraftDecision(late))).reason == "WRONG_STATE"


async def test_drafts_are_listed_page_by_page_those_that_wait_first(stand: Stand) -> None:
    play, expected = await reported(stand), []
    for days in (10, 20, 30):
        await draft_decision(play, DEADLINE, days)
        await reject(stand, play)
        expected.insert(0, play.draft)
    other = await reported(stand)
    await draft_decision(other, DEADLINE, 30)
    await draft_decision(play, DEADLINE, 40)
    expected = [play.draft, other.draft, *expected]
    found, token = [], ""
    while True:
        request = pb.ListDecisionDraftsRequest(page_size=2, page_token=token)
        page = await hub(stand, "supervisor").ListDecisionDrafts(request)
        found += [draft.draft_id for draft in page.drafts]
        token = page.next_page_token
        if not token:
            break
    assert found == expected
    assert await listed(stand, instruction_id=other.instruction) == [other.draft]
    assert await listed(stand, state=pb.DECISION_DRAFT_STATE_REJECTED) == expected[2:]
    assert await listed(stand, court=stand.sender.code) == expected
    assert await listed(stand, court=stand.third.code) == []
    for wrong, field in (({"page_token": "x"}, "page_token"), ({"state": 9}, "state")):
        request = pb.ListDecisionDraftsRequest(**wrong)
        assert (await refusal(hub(stand, "supervisor").ListDecisionDrafts(request))).fields == [field]


async def test_papers_go_with_the_decision_to_both_courts(stand: Stand) -> None:
    play, content = await reported(stand), b"%PDF-1.7 decision"
    draft_id = play.new_id()
    paper = await uploaded(stand, draft_id, content, "supervisor")
    order = pb.DecisionOrder(
        instruction_id=play.instruction, decision=pb.DISPOSAL_DECISION_ELEVATE, ground="首封法院逾期未答复"
    )
    order.documents.append(document_pb2.Document(sha256=bytes(32)))
    request = pb.DraftDecisionRequest(request_id=play.new_id(), order=order, draft_id=draft_id)
    told = await refusal(hub(stand, "supervisor").DraftDecision(request))
    assert told.fields == ["order.documents[0]"]
    request.order.documents[0].sha256 = paper.sha256
    draft = (await hub(stand, "supervisor").DraftDecision(request)).draft
    assert [(each.name, each.size) for each in draft.order.documents] == [(paper.name, len(content))]
    approve = pb.ApproveDecisionRequest(request_id=play.new_id(), draft_id=draft_id, seen=draft.content_hash)
    await hub(stand, "chief").ApproveDecision(approve)
    await stand.exchange()
    wanted = documents.DownloadDocumentRequest(instruction_id=play.instruction, sha256=paper.sha256)
    files = stand.desk.stub(DocumentServiceStub, "chief")
    assert b"".join([piece.data async for piece in files.DownloadDocument(wanted)]) == content
    for court, name in ((stand.sender, "judge"), (stand.receiver, "chief")):
        asked = instruction_service_pb2.GetTimelineRequest(instruction_id=play.instruction)
        entries = (await court.as_(name).matters.GetTimeline(asked)).entries
        [told] = [entry for entry in entries if entry.kind == EventKind.DISPOSAL_ELEVATED]
        assert [each.sha256 for each in told.documents] == [paper.sha256]
        fetched = court.node.journal.read_now(partial(store.list_documents, instruction_id=play.instruction))
        assert paper.sha256 in [each.spec.sha256 for each in fetched]


async def test_papers_of_a_draft_stay_until_it_is_discarded(stand: Stand) -> None:
    play = await reported(stand)
    draft_id = play.new_id()
    paper = await uploaded(stand, draft_id, b"%PDF-1.7 decision", "supervisor")
    await draft_decision(play, DEADLINE, 30, draft_id=draft_id, documents=[paper])
    journal, later = stand.hub.journal, stand.clock.now + KEPT_MS

    async def left() -> int:
        await journal.write(lambda connection: store.forget_abandoned(connection, later))
        return len(await journal.read(lambda connection: store.list_documents(connection, draft_id)))

    assert await left() == 1
    await hub(stand, "supervisor").DiscardDecisionDraft(discard(play))
    assert await left() == 0


async def test_without_papers_a_decision_is_signed_as_it_always_was(stand: Stand) -> None:
    play = await reported(stand, more=2)
    rows = stand.hub.journal.read_now(lambda connection: history(connection, play.instruction, bodies=True))
    [row] = [row for row in rows if row.kind == EventKind.DISPOSAL_DEADLINE_SET]

    assert [part.name for part in event_pb2.Body.FromString(row.body).parts] == ["actor", "approval", "prose"]
