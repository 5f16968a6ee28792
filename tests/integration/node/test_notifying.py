"""What a node tells its people of: events of its matters as the hub has ruled on them, once each."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import grpc
import pytest
from sqlalchemy import func, select, update
from tests.integration.journal.scene import THIRD
from tests.integration.node.pair import Court, Pair, new_id
from tests.integration.node.trio import Trio, open_trio

from xiezhi.v1 import deadline_pb2
from xiezhi.v1 import deadline_service_pb2 as deadlines_pb
from xiezhi.v1 import instruction_service_pb2 as pb
from xiezhi.v1 import superior_service_pb2 as superior_pb
from xiezhi.v1.deadline_service_pb2_grpc import (
    DeadlineServiceServicer,
    add_DeadlineServiceServicer_to_server,
)
from xiezhi.v1.superior_service_pb2_grpc import SuperiorServiceStub
from xiezhi_desk.notifying.facts import CONFIDENTIAL_TEXT
from xiezhi_desk.notifying.gathering import read_place
from xiezhi_desk.notifying.notifying import Notifying
from xiezhi_desk.notifying.rules import shipped_rules
from xiezhi_desk.notifying.schedule import STALE_MS
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.terms import NotificationChannel, NotificationState
from xiezhi_journal import tables
from xiezhi_node.deadlines.service import DeadlineService
from xiezhi_node.notifying.changes import Changes
from xiezhi_node.notifying.hub_notices import AT_ONCE, HubNotices
from xiezhi_wire.caller import acting


@pytest.fixture
async def trio(tmp_path: Path) -> AsyncIterator[Trio]:
    urls = [f"sqlite:///{tmp_path / name}.db" for name in ("hub", "sender", "receiver")]
    async with open_trio(urls, tmp_path) as trio:
        yield trio


DAY = 24 * 3_600_000
WAY = '[sms]\nurl = "http://127.0.0.1:1/sms"\n'


class Told:
    """The notifications of a court that follows its changes."""

    def __init__(self, court: Court, folder: Path) -> None:
        self._journal = court.node.journal
        file = folder / f"{court.code}.toml"
        file.write_text(WAY, "utf-8")
        self._sources: list[Any] = []

        def sources(settings: Any) -> list[Any]:
            self._sources.append(Changes(self._journal, court.node.seat, settings.rules))
            return self._sources

        self.notifying = Notifying.around(self._journal, file, sources)

    def follow(self, source: Any) -> None:
        """Follow something else."""
        self._sources[0] = source

    async def count(self) -> int:
        query = select(func.count()).select_from(tables.notification)
        return await self._journal.read(lambda connection: connection.scalar(query))

    async def matters(self) -> set[str]:
        """The matters that something was told of."""
        query = select(tables.notification.c.instruction)
        return set(await self._journal.read(lambda connection: connection.scalars(query).all()))

    async def place(self) -> int | None:
        """How far the source was followed."""
        return await self._journal.read(partial(read_place, name=self._sources[0].name))

    async def states(self) -> dict[str, NotificationState]:
        """How the notification of each matter stands."""
        table = tables.notification
        query = select(table.c.instruction, table.c.state)
        rows = await self._journal.read(lambda connection: connection.execute(query).all())
        return {row.instruction: NotificationState(row.state) for row in rows}

    async def over_by(self) -> list[str]:
        """The events that make the oldest notification untrue."""
        query = select(tables.notification.c.over_by).order_by(tables.notification.c.queued_at).limit(1)
        return str(await self._journal.read(lambda connection: connection.scalar(query))).split()

    async def put_back(self) -> None:
        """Let everything be tried anew."""
        anew = update(tables.notification).values(state="QUEUED", next_at=1)
        await self._journal.write(lambda connection: connection.execute(anew))

    async def gather(self) -> set[tuple[str, str]]:
        """Kind and addressee of everything that was queued so far."""
        await self.notifying.gatherer.gather(self._sources[0])
        table = tables.notification
        query = select(table.c.kind, table.c.name, table.c.text)
        rows = await self._journal.read(lambda connection: connection.execute(query).all())
        assert {row.text for row in rows} <= {CONFIDENTIAL_TEXT}, "查人找物 is confidential"
        return {(row.kind, row.name) for row in rows}


async def test_each_court_is_told_what_concerns_it(pair: Pair, tmp_path: Path) -> None:
    sender, receiver = Told(pair.sender, tmp_path), Told(pair.receiver, tmp_path)
    await sender.gather()
    await receiver.gather()
    identifier = await pair.issued()
    assert await receiver.gather() == {("ARRIVED", "测试centre")}
    assert await sender.gather() == set()
    centre = pair.receiver.as_("centre").matters
    await centre.SignInstruction(
        pb.SignInstructionRequest(request_id=new_id(pair.clock), instruction_id=identifier)
    )
    await centre.AssignInstruction(
        pb.AssignInstructionRequest(
            request_id=new_id(pair.clock),
            instruction_id=identifier,
            assignee_account_id=pair.receiver.account("field"),
        )
    )
    # Nothing is told of what the hub has still to rule on.
    assert await receiver.gather() == {("ARRIVED", "测试centre")}
    await pair.exchange()
    assert await receiver.gather() == {("ARRIVED", "测试centre"), ("ASSIGNED", "测试field")}
    assert await receiver.gather() == {("ARRIVED", "测试centre"), ("ASSIGNED", "测试field")}
    await sender.notifying.close()
    await receiver.notifying.close()


async def test_what_others_have_dealt_with_meanwhile_is_out_of_date(pair: Pair, tmp_path: Path) -> None:
    receiver = Told(pair.receiver, tmp_path)
    await receiver.gather()
    identifier = await pair.issued()
    other = await pair.issued()
    assert await receiver.gather() == {("ARRIVED", "测试centre")}
    pair.clock.now += 1_000
    await pair.receiver.as_("centre").matters.SignInstruction(
        pb.SignInstructionRequest(request_id=new_id(pair.clock), instruction_id=identifier)
    )
    await receiver.notifying.delivery.send_due(NotificationChannel.SMS)
    # The hub has not ruled on it yet.
    assert NotificationState.OUTDATED not in (await receiver.states()).values()
    await receiver.put_back()
    await pair.exchange()
    await receiver.notifying.delivery.send_due(NotificationChannel.SMS)
    states = await receiver.states()
    assert states[identifier] is NotificationState.OUTDATED
    assert states[other] is not NotificationState.OUTDATED
    await receiver.notifying.close()


async def test_who_has_a_matter_no_more_is_told(trio: Trio, tmp_path: Path) -> None:
    sender, receiver = Told(trio.sender, tmp_path), Told(trio.receiver, tmp_path)
    identifier = await trio.issued()
    await sender.gather()
    await receiver.gather()
    transfer = superior_pb.TransferSenderRequest(
        request_id=new_id(trio.clock),
        instruction_id=identifier,
        court=THIRD,
        reason="DESIGNATED",
        text="（2026）苏05执指1号裁定",
    )
    await trio.desk.stub(SuperiorServiceStub, "director").TransferSender(transfer)
    await trio.exchange()
    assert await sender.gather() == {("HALTED", "测试judge"), ("HALTED", "测试centre")}
    assert ("HALTED", "测试centre") in await receiver.gather()
    await sender.notifying.close()
    await receiver.notifying.close()


async def test_what_was_before_it_was_configured_is_not_told(pair: Pair, tmp_path: Path) -> None:
    await pair.issued()
    receiver = Told(pair.receiver, tmp_path)
    assert await receiver.gather() == set()
    await receiver.notifying.close()


class Ladder(DeadlineServiceServicer):
    """The hub's end: notices in the order of their numbers."""

    def __init__(self) -> None:
        self.notices: list[deadline_pb2.Notice] = []

    async def ListNotices(  # noqa: N802  named by the contract
        self, request: Any, _context: Any
    ) -> deadlines_pb.ListNoticesResponse:
        new = [each for each in self.notices if each.notice_id > request.after_id]
        return deadlines_pb.ListNoticesResponse(notices=new[: request.page_size or None])

    def tell(self, number: int, instruction: str, rung: deadline_pb2.Rung, at: int, due_at: int) -> None:
        notice = deadline_pb2.Notice(
            notice_id=number,
            roles=["JUDGE", "CENTRE_DIRECTOR"],
            instruction_id=instruction,
            clock="handle",
            rung=rung,
        )
        notice.at.FromMilliseconds(at)
        notice.due_at.FromMilliseconds(due_at)
        self.notices.append(notice)


@dataclass
class Line:
    """A line to the hub."""

    channel: grpc.aio.Channel


async def test_what_the_hubs_ladder_says_reaches_officer_and_leaders(pair: Pair, tmp_path: Path) -> None:
    identifier, now = await pair.issued(), pair.clock.now
    ladder, server = Ladder(), grpc.aio.server()
    add_DeadlineServiceServicer_to_server(ladder, server)
    port = server.add_secure_port("127.0.0.1:0", grpc.local_server_credentials())
    await server.start()
    court = pair.sender
    async with grpc.aio.secure_channel(f"127.0.0.1:{port}", grpc.local_channel_credentials()) as channel:
        told = Told(court, tmp_path)
        notices = HubNotices(court.node.journal, court.node.seat, shipped_rules(), Line(channel), 0.0)
        told.follow(notices)
        ladder.tell(3, identifier, deadline_pb2.RUNG_REMIND, now, now + DAY)
        ladder.tell(7, "of-another-court", deadline_pb2.RUNG_BREACH, now, now)
        assert await told.gather() == {("DUE_SOON", "测试judge")}
        # A newer hub may name a rung that this version does not know: the others are told all the same.
        ladder.tell(8, identifier, 99, now, now + DAY)
        ladder.tell(9, identifier, deadline_pb2.RUNG_BREACH, now, now - 1)
        after = await told.gather()
        assert after == {("DUE_SOON", "测试judge"), ("OVERDUE", "测试judge"), ("OVERDUE", "测试director")}
        # A hub that was restored says the same under other numbers.
        ladder.tell(12, identifier, deadline_pb2.RUNG_BREACH, now + 1_000, now - 1)
        assert await told.gather() == after
        # What is long past was told by others.
        ladder.tell(13, identifier, deadline_pb2.RUNG_ALERT, now - 5 * DAY, now + DAY)
        assert await told.gather() == after
        assert await told.count() == 3
        meets = shipped_rulebook().kinds["FIND"].limits["handle"].stops
        assert {"END", *meets} <= set(await told.over_by())
        await told.notifying.close()
    await server.stop(0)


@asynccontextmanager
async def following(court: Court, folder: Path) -> AsyncIterator[tuple[Ladder, Told]]:
    """What the hub's ladder says, and the notifications of a court that follows it."""
    ladder, server = Ladder(), grpc.aio.server()
    add_DeadlineServiceServicer_to_server(ladder, server)
    port = server.add_secure_port("127.0.0.1:0", grpc.local_server_credentials())
    await server.start()
    async with grpc.aio.secure_channel(f"127.0.0.1:{port}", grpc.local_channel_credentials()) as channel:
        told = Told(court, folder)
        told.follow(HubNotices(court.node.journal, court.node.seat, shipped_rules(), Line(channel), 0.0))
        yield ladder, told
        await told.notifying.close()
    await server.stop(0)


async def test_a_notice_that_comes_before_its_matter_is_told_with_it(pair: Pair, tmp_path: Path) -> None:
    now, coming = pair.clock.now, new_id(pair.clock)
    here = await pair.issued()
    async with following(pair.receiver, tmp_path) as (ladder, told):
        ladder.tell(1, coming, deadline_pb2.RUNG_BREACH, now, now - 1)
        ladder.tell(2, here, deadline_pb2.RUNG_BREACH, now, now - 1)
        await told.gather()
        assert await told.matters() == {here}
        ladder.tell(3, here, deadline_pb2.RUNG_REMIND, now, now + DAY)
        await told.gather()
        before = await told.count()
        await pair.issued(instruction=coming)
        await told.gather()
        assert await told.matters() == {here, coming}
        assert await told.count() == before + 1
        assert await told.place() == 3


async def test_a_matter_that_never_comes_holds_nothing_up_for_good(pair: Pair, tmp_path: Path) -> None:
    now, here = pair.clock.now, await pair.issued()
    async with following(pair.receiver, tmp_path) as (ladder, told):
        ladder.tell(1, "never", deadline_pb2.RUNG_BREACH, now, now - 1)
        for number in range(2, AT_ONCE + 3):
            ladder.tell(number, here, deadline_pb2.RUNG_BREACH, now, now - number)
        await told.gather()
        assert await told.count() == AT_ONCE + 1
        assert await told.place() == 0
        pair.clock.now += STALE_MS
        await told.gather()
        assert await told.place() == AT_ONCE + 2


@pytest.mark.parametrize("numbers", [range(2, 3), range(2, 4), range(2, 6)])
async def test_what_a_restored_hub_says_under_numbers_given_again_is_told(
    pair: Pair, tmp_path: Path, numbers: range
) -> None:
    now, identifier = pair.clock.now, await pair.issued()
    async with following(pair.receiver, tmp_path) as (ladder, told):
        for number in (1, 2, 3):
            ladder.tell(number, identifier, deadline_pb2.RUNG_BREACH, now, now - number)
        await told.gather()
        before = await told.count()
        # The backup was made after the first; what is said now has ended in the meantime.
        del ladder.notices[1:]
        for number in numbers:
            ladder.tell(number, identifier, deadline_pb2.RUNG_BREACH, now + 1_000, now - 10 * number)
        await told.gather()
        assert await told.count() == before + len(numbers)
        assert await told.place() == numbers[-1]
        await told.gather()
        assert await told.count() == before + len(numbers)


async def test_notices_of_confidential_matters_are_for_those_concerned_alone(pair: Pair) -> None:
    identifier, now = await pair.issued(), pair.clock.now
    ladder, server = Ladder(), grpc.aio.server()
    ladder.tell(1, identifier, deadline_pb2.RUNG_REMIND, now, now)
    add_DeadlineServiceServicer_to_server(ladder, server)
    port = server.add_secure_port("127.0.0.1:0", grpc.local_server_credentials())
    await server.start()
    court = pair.sender
    async with grpc.aio.secure_channel(f"127.0.0.1:{port}", grpc.local_channel_credentials()) as channel:
        service = DeadlineService(court.node.journal, court.node.seat, Line(channel))
        shown = {}
        for name in ("judge", "centre", "other_judge", "administrator"):
            with acting(court.callers[name]):
                answer = await service.ListNotices(deadlines_pb.ListNoticesRequest(), None)
            shown[name] = [notice.instruction_id for notice in answer.notices]
    await server.stop(0)
    assert shown == {"judge": [identifier], "centre": [identifier], "other_judge": [], "administrator": []}
