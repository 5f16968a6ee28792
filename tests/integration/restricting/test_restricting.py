"""A matter whose reading is restricted exists for leaders alone, at the hub and at both courts, until it is lifted."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
from sqlalchemy import select
from tests.integration.erasing.scene import DRAFTER, LEADER, Erasing, erasing
from tests.integration.journal.scene import RECEIVER, SENDER
from tests.integration.node.pair import Court, new_id

from xiezhi.v1 import instruction_service_pb2 as matters
from xiezhi.v1 import restriction_service_pb2 as pb
from xiezhi.v1 import superior_service_pb2, supervision_service_pb2
from xiezhi_domain.errors import InvalidInput, NotFound, WrongState
from xiezhi_domain.terms import EventKind
from xiezhi_hub.document_access import HubDocumentAccess
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.restricting.service import RestrictionService
from xiezhi_hub.superior.service import SuperiorService
from xiezhi_hub.supervision.service import SupervisionService
from xiezhi_journal import tables
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.restrictions import restriction_facts
from xiezhi_node.acting.stream import add_stream_event
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller, acting

WHY = {"reason": "未成年人案件", "legal_ground": "刑事诉讼法第二百八十六条"}
SEEING_ALL = ("judge", "centre", "director", "chief", "field")


@dataclass
class Stage:
    """Hub and two courts, and what people of the hub's court have."""

    erasing: Erasing
    service: RestrictionService
    superior: SuperiorService
    supervision: SupervisionService
    access: HubDocumentAccess

    async def order(self, matter: str, *, restricted: bool = True, **what: str) -> pb.Restriction:
        request = pb.OrderRestrictionRequest(
            request_id=new_id(self.erasing.pair.clock),
            order=pb.RestrictionOrder(instruction_id=matter, restricted=restricted, **(WHY | what)),
        )
        with acting(LEADER):
            given = (await self.service.OrderRestriction(request, None)).restriction
            assert (await self.service.OrderRestriction(request, None)).restriction == given
        await self.erasing.pair.exchange()
        return given

    async def hub_shows(self, caller: Caller, matter: str) -> tuple[bool, bool, bool]:
        """Whether somebody finds a matter in the list, reads it, and has its papers."""
        read = superior_service_pb2.ReadMatterRequest(instruction_id=matter, purpose="核对")
        wanted = supervision_service_pb2.ListMattersRequest()
        with acting(caller):
            listed = (await self.supervision.ListMatters(wanted, None)).instructions
            try:
                is_read = bool((await self.superior.ReadMatter(read, None)).timeline)
            except NotFound:
                is_read = False
        papers = await self.access.may_read(caller, matter, b"")
        return matter in {each.instruction_id for each in listed}, is_read, papers


@dataclass(frozen=True)
class Forged:
    """A court that gives the order itself."""

    seat: Seat
    order: pb.RestrictionOrder

    def prepare(self, ledger: Ledger) -> None:
        """Need nothing."""

    def run(self, ledger: Ledger) -> None:
        facts = restriction_facts(self.order)
        add_stream_event(ledger, self.seat, EventKind.RESTRICTION_ORDERED, facts)


async def court_shows(court: Court, name: str, matter: str) -> bool:
    """Whether somebody at a court finds a matter in the list and by its id; both say the same."""
    stubs = court.as_(name).matters
    box = matters.BOX_SENT if court.code == SENDER else matters.BOX_RECEIVED
    listed = await stubs.ListInstructions(matters.ListInstructionsRequest(box=box))
    in_list = matter in {each.instruction_id for each in listed.instructions}
    try:
        await stubs.GetInstruction(matters.GetInstructionRequest(instruction_id=matter))
        code = grpc.StatusCode.OK
    except grpc.aio.AioRpcError as error:
        code = error.code()
    assert code is (grpc.StatusCode.OK if in_list else grpc.StatusCode.NOT_FOUND)
    return in_list


@pytest.fixture
async def stage(journal_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    urls = [journal_url, f"sqlite:///{tmp_path / 'sender.db'}", f"sqlite:///{tmp_path / 'receiver.db'}"]
    async with erasing(urls, tmp_path) as each:
        gate = Gate()
        gate.open()
        hub = each.pair.hub
        yield Stage(
            each,
            RestrictionService(hub.journal, hub.seat, gate),
            SuperiorService(hub.journal, hub.seat, gate),
            SupervisionService(hub.journal, hub.seat, lambda: ()),
            HubDocumentAccess(hub.journal, gate),
        )


async def test_a_restricted_matter_exists_for_leaders_alone_until_it_is_lifted(stage: Stage) -> None:
    matter = await stage.erasing.ended()
    pair = stage.erasing.pair
    courts = (pair.sender, pair.receiver)
    for court in courts:
        assert await court_shows(court, "centre", matter)
    assert await stage.hub_shows(DRAFTER, matter) == (True, True, True)
    given = await stage.order(matter)
    for court in courts:
        assert not any([await court_shows(court, name, matter) for name in SEEING_ALL])
        assert await court_shows(court, "leader", matter)
    assert await stage.hub_shows(DRAFTER, matter) == (False, False, False)
    assert await stage.hub_shows(LEADER, matter) == (True, True, True)
    listed = await stage.service.ListRestrictions(pb.ListRestrictionsRequest(), None)
    assert [each.order_id for each in listed.restrictions] == [given.order_id]
    assert given.order.ordered_by == LEADER.name
    await stage.order(matter, restricted=False)
    for court in courts:
        assert await court_shows(court, "centre", matter)
    assert await stage.hub_shows(DRAFTER, matter) == (True, True, True)
    assert not (await stage.service.ListRestrictions(pb.ListRestrictionsRequest(), None)).restrictions
    lifted = await stage.service.ListRestrictions(pb.ListRestrictionsRequest(lifted_too=True), None)
    assert [each.order.restricted for each in lifted.restrictions] == [False]


async def test_what_cannot_be_ordered_is_refused_with_what_is_wrong(stage: Stage) -> None:
    matter = await stage.erasing.ended()
    open_one = await stage.erasing.pair.issued()
    with pytest.raises(InvalidInput, match=r"order\.reason|必填"):
        await stage.order(matter, reason=" ")
    with pytest.raises(WrongState, match="尚未办结"):
        await stage.order(open_one)
    with pytest.raises(WrongState, match="未限制查阅"):
        await stage.order(matter, restricted=False)
    with pytest.raises(NotFound):
        await stage.order("没有这个编号")
    await stage.order(matter)
    with pytest.raises(WrongState, match="已限制查阅"):
        await stage.order(matter)


async def test_a_rebuild_keeps_it(stage: Stage) -> None:
    matter = await stage.erasing.ended()
    await stage.order(matter)
    for holder in stage.erasing.holders:
        holder.journal.rebuild()
    pair = stage.erasing.pair
    assert not await court_shows(pair.receiver, "centre", matter)
    assert await stage.hub_shows(DRAFTER, matter) == (False, False, False)


async def test_no_court_orders_it(stage: Stage) -> None:
    matter = await stage.erasing.ended()
    court, hub = stage.erasing.pair.receiver, stage.erasing.pair.hub
    order = pb.RestrictionOrder(instruction_id=matter, restricted=True, **WHY)
    await court.node.journal.submit(Forged(court.node.seat, order))
    await stage.erasing.pair.exchange()
    event, ruling = tables.event.c, tables.ruling.c
    query = (
        select(ruling.accepted)
        .join(tables.event, event.position == ruling.position)
        .where(event.kind == EventKind.RESTRICTION_ORDERED)
    )
    assert await hub.journal.read(lambda connection: list(connection.scalars(query))) == [False]
    assert await court_shows(court, "centre", matter)
    assert await stage.hub_shows(DRAFTER, matter) == (True, True, True)


async def test_only_those_who_hold_the_matter_are_told(stage: Stage) -> None:
    matter = await stage.erasing.ended()
    given = await stage.order(matter)
    feed, ruling, event = tables.feed.c, tables.ruling.c, tables.event.c
    query = (
        select(feed.court)
        .join(tables.ruling, ruling.log_index == feed.log_index)
        .join(tables.event, event.position == ruling.position)
        .where(event.event_id == given.order_id)
    )
    journal = stage.erasing.pair.hub.journal
    told = set(await journal.read(lambda connection: list(connection.scalars(query))))
    assert {SENDER, RECEIVER} <= told
    assert "苏0509" not in told


async def test_a_look_by_a_leader_is_on_record(stage: Stage) -> None:
    matter = await stage.erasing.ended()
    await stage.order(matter)
    assert (await stage.hub_shows(LEADER, matter))[1]
    looks = tables.access.c
    query = select(looks.account).where(looks.object == matter, looks.method == "ReadMatter")
    journal = stage.erasing.pair.hub.journal
    assert await journal.read(lambda connection: list(connection.scalars(query))) == [LEADER.account_id]
