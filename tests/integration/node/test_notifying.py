"""What a node tells its people of: events of its matters as the hub has ruled on them, once each."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
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
from xiezhi_desk.notifying.notifying import Notifying
from xiezhi_desk.notifying.rules import shipped_rules
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.terms import NotificationChannel, NotificationState
from xiezhi_journal import tables
from xiezhi_node.deadlines.service import DeadlineService
from xiezhi_node.notifying.changes import Changes
from xiezhi_node.notifying.hub_notices import HubNotices
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
        return deadlines_pb.ListNoticesResponse(notices=new)

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
