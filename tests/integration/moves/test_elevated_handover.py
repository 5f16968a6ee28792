"""提级 ends a handover and goes on as an order: each names the other, and the hub believes neither without looking."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.integration.desk.desk import refusal
from tests.integration.journal.scene import RULES
from tests.integration.moves.courses import COURSES
from tests.integration.moves.handovers import draft_decision, draft_designation, draft_elevation
from tests.integration.moves.play import Play
from tests.integration.moves.stand import Stand, open_stand
from tests.integration.moves.steps import DecisionDrafted, Prepared
from tests.integration.node.remedies import timeline

from xiezhi.v1 import disposal_decision_service_pb2 as decisions
from xiezhi.v1 import superior_service_pb2
from xiezhi.v1.disposal_decision_service_pb2_grpc import DisposalDecisionServiceStub
from xiezhi.v1.superior_service_pb2_grpc import SuperiorServiceStub
from xiezhi_domain.events.header import Header, decode_header
from xiezhi_domain.ladder import Refusal
from xiezhi_domain.terms import EventKind, Kind
from xiezhi_hub.ruling.cross_check import wrong_reference
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.reading import history

[ELEVATED] = [each for each in COURSES if (each.ladder, each.name) == ("handover", "elevated")]
UNKNOWN = "00000000-0000-7000-8000-000000000001"


@pytest.fixture
async def stand(journal_url: str, tmp_path: Path) -> AsyncIterator[Stand]:
    urls = [journal_url, *(f"sqlite:///{tmp_path / name}.db" for name in ("sender", "receiver"))]
    async with open_stand(urls, tmp_path) as stand:
        yield stand


@dataclass(frozen=True)
class Look:
    """Work for the hub's writer: what it would say of *header*."""

    header: Header
    hub_court: str

    def prepare(self, ledger: Ledger) -> None:
        """Need nothing."""

    def run(self, ledger: Ledger) -> Refusal | None:
        """Hold the header against the log."""
        move = RULES.kind(Kind.HANDOVER).moves[self.header.kind]
        return wrong_reference(ledger, self.header, move, self.hub_court)


async def played(stand: Stand, *, ruled: bool = True) -> Play:
    """The course, to its end or to where its ruling is to be drafted."""
    play = Play(stand, RULES.kind(Kind.HANDOVER))
    for step in ELEVATED.steps:
        if isinstance(step, Prepared) and not ruled:
            break
        await play.step(step)
    return play


def header_of(stand: Stand, instruction: str, kind: str) -> Header:
    rows = stand.hub.journal.read_now(lambda connection: history(connection, instruction))
    return next(decode_header(row.header) for row in rows if row.kind == kind)


async def judged(stand: Stand, header: Header, **facts: object) -> str:
    """The fact that the hub does not believe; empty if it believes all."""
    told = replace(header, facts={**header.facts, **facts})
    refused = await stand.hub.journal.submit(Look(told, stand.own.code))
    return refused.detail if refused else ""


async def test_both_histories_name_the_other_and_nothing_else_is_believed(stand: Stand) -> None:
    play = await played(stand)
    issued = header_of(stand, play.instruction, EventKind.DISPOSAL_ORDER_ISSUED)
    [order] = issued.facts["orders"]
    assert header_of(stand, order, EventKind.ISSUED).facts["links"] == [play.instruction]
    assert await judged(stand, issued) == ""
    for false in ([], [UNKNOWN], [play.instruction], [order, UNKNOWN]):
        assert await judged(stand, issued, orders=false) == "orders"
    escalated = header_of(stand, play.instruction, EventKind.HANDOVER_ESCALATED)
    assert await judged(stand, escalated) == ""
    assert await judged(stand, escalated, entry=escalated.facts["entry"] + 1) == "entry"
    assert await judged(stand, escalated, arrival=UNKNOWN) == "entry"


async def test_both_courts_read_of_the_order_in_the_timeline_of_the_handover(stand: Stand) -> None:
    play = await played(stand)
    for court in (stand.sender, stand.receiver):
        assert any("决定编号" in text for _, text in await timeline(court, play.instruction))


async def test_an_order_of_another_kind_is_not_its_ruling(stand: Stand) -> None:
    play = await played(stand, ruled=False)
    request = superior_service_pb2.ListAwaitingRequest(appeal=superior_service_pb2.APPEAL_RULING)
    awaiting = await stand.desk.stub(SuperiorServiceStub, "supervisor").ListAwaiting(request)
    assert [each.instruction.instruction_id for each in awaiting.matters] == [play.instruction]
    assert "已决定提级执行" in (await refusal(draft_designation(play))).message
    await draft_elevation(play)


async def test_an_order_is_the_ruling_of_no_handover_that_waits_for_none(stand: Stand) -> None:
    play = await played(stand)
    assert "尚未下发裁定" in (await refusal(draft_elevation(play))).message


async def test_whom_the_ground_does_not_allow_nobody_designates(stand: Stand) -> None:
    play = Play(stand, RULES.kind(Kind.HANDOVER))
    for step in ELEVATED.steps[:4]:
        await play.step(step)
    designate = decisions.DISPOSAL_DECISION_DESIGNATE
    told = await refusal(draft_decision(play, designate, 0, stand.third.code))
    assert "首封法院（限期处置）" in told.message
    assert told.fields == ["order.court"]
    elevate = decisions.DISPOSAL_DECISION_ELEVATE
    assert (await refusal(draft_decision(play, elevate, 0, stand.third.code))).fields == ["order.court"]


async def test_a_decision_is_approved_as_it_was_read(stand: Stand) -> None:
    play = Play(stand, RULES.kind(Kind.HANDOVER))
    for step in ELEVATED.steps:
        await play.step(step)
        if isinstance(step, DecisionDrafted):
            break
    chief = stand.desk.stub(DisposalDecisionServiceStub, "chief")
    approve = decisions.ApproveDecisionRequest(request_id=play.new_id(), draft_id=play.draft)
    for seen in ("", "00" * 32):
        approve.seen = seen
        assert (await refusal(chief.ApproveDecision(approve))).reason == "STALE_BASE"
    [waiting] = (
        await chief.ListDecisionDrafts(decisions.ListDecisionDraftsRequest(waiting_only=True))
    ).drafts
    approve.seen = waiting.content_hash
    assert (await chief.ApproveDecision(approve)).receipt.instruction_id == play.instruction
