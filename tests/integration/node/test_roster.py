"""Duty rosters: entered at a court, told to the hub, asked for by another court."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import grpc
import pytest
from prometheus_client import CollectorRegistry
from tests.integration.journal.scene import HUB_COURT
from tests.integration.node.pair import RECEIVER, Court, Pair
from tests.integration.node.test_evidence import Line, node

from xiezhi.v1 import channel_pb2, directory_service_pb2_grpc
from xiezhi.v1 import directory_service_pb2 as pb
from xiezhi.v1 import roster_service_pb2 as roster_pb
from xiezhi_desk.roster.duty import start_of
from xiezhi_desk.roster.service import RosterService
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import Conflict, DomainError, InvalidInput, NotFound, Reason
from xiezhi_domain.terms import Role
from xiezhi_hub.directory.courts import add_courts, courts_of_hub
from xiezhi_hub.directory.service import DirectoryService as HubDirectory
from xiezhi_hub.recovery.gate import Gate
from xiezhi_link.signal import Signal
from xiezhi_node.directory.service import DirectoryService
from xiezhi_node.directory.standing import Standing
from xiezhi_wire.accounting import Accounting
from xiezhi_wire.caller import Caller, acting
from xiezhi_wire.interceptors import ChainParts, standard_chain
from xiezhi_wire.limits import RateLimiter
from xiezhi_wire.policy import MethodPolicy
from xiezhi_wire.streams import LiveStreams

POLICY = '["xiezhi.v1.DirectoryService"]\n' + "\n".join(
    f'{name} = "node"' for name in ("GetDuty", "PublishRoster", "GetChannelPolicy")
)
HOUR = 3_600_000
HUB_DIRECTOR = Caller("hub-director", "测试", HUB_COURT, frozenset({Role.CENTRE_DIRECTOR}), session_id="s")


@dataclass
class Place:
    """A court's roster and directory, with a line of its own to the hub."""

    court: Court
    line: Line

    @property
    def standing(self) -> Standing:
        return Standing(self.court.node.journal, self.line, Signal())

    async def enter(self, *entries: roster_pb.RosterEntry, **more: object) -> roster_pb.ImportRosterResponse:
        request = roster_pb.ImportRosterRequest(request_id=str(hash(str(entries))), entries=entries, **more)
        with acting(self.court.callers["director"]):
            return await RosterService(self.court.node.journal).ImportRoster(request, None)

    async def roster(self) -> list[roster_pb.RosterEntry]:
        answer = await RosterService(self.court.node.journal).ListRoster(roster_pb.ListRosterRequest(), None)
        return list(answer.entries)

    async def duty(self, court: str, at: int) -> pb.GetDutyResponse:
        service = DirectoryService(self.court.node.journal, self.court.node.seat, self.line)
        return await service.GetDuty(pb.GetDutyRequest(court=court, at=to_timestamp(at)), None)


@asynccontextmanager
async def place(pair: Pair, court: Court) -> AsyncIterator[Place]:
    parts = ChainParts(
        Accounting(CollectorRegistry()),
        (node(court.code),),
        MethodPolicy.load(POLICY),
        RateLimiter(1_000, 1_000, pair.clock),
        LiveStreams(),
    )
    server = grpc.aio.server(interceptors=[standard_chain(parts)])
    gate = Gate()
    gate.open()
    hub = HubDirectory(pair.hub.journal, pair.hub.seat, gate)
    directory_service_pb2_grpc.add_DirectoryServiceServicer_to_server(hub, server)
    port = server.add_secure_port("127.0.0.1:0", grpc.local_server_credentials())
    await server.start()
    options = [("grpc.use_local_subchannel_pool", 1)]
    try:
        async with grpc.aio.secure_channel(
            f"127.0.0.1:{port}", grpc.local_channel_credentials(), options=options
        ) as channel:
            yield Place(court, Line(channel))
    finally:
        await server.stop(0)


@pytest.fixture(autouse=True)
async def courts(pair: Pair) -> None:
    tree = pair.sender.node.seat.courts
    known = courts_of_hub(tree, HUB_COURT)
    await pair.hub.journal.write(lambda connection: add_courts(connection, known))


@pytest.fixture
async def sender(pair: Pair) -> AsyncIterator[Place]:
    async with place(pair, pair.sender) as here:
        yield here


@pytest.fixture
async def receiver(pair: Pair) -> AsyncIterator[Place]:
    async with place(pair, pair.receiver) as here:
        yield here


def midnight(pair: Pair) -> int:
    return start_of(to_date(pair.clock.now))


def entry(pair: Pair, name: str = "值班甲", **more: str) -> roster_pb.RosterEntry:
    values = {"day": to_date(pair.clock.now).isoformat(), "mobile": "13900000001"}
    return roster_pb.RosterEntry(row=2, name=name, **(values | more))


async def test_another_court_sees_whom_to_call(pair: Pair, sender: Place, receiver: Place) -> None:
    today = midnight(pair)
    night = entry(pair, begins="17:30", ends="08:30", phone="0512-00000009", deputy="替补", deputy_phone="1")
    assert (await receiver.enter(night)).days == 1
    await receiver.standing.tell_duties()
    answer = await sender.duty(RECEIVER, today + 26 * HOUR)
    assert not answer.fallback
    [duty] = answer.duties
    assert (duty.court, duty.name, duty.phone, duty.deputy) == (RECEIVER, "值班甲", "0512-00000009", "替补")
    assert duty.ends_at.ToMilliseconds() == today + 32 * HOUR + HOUR // 2
    assert not (await sender.duty(RECEIVER, today + 12 * HOUR)).duties


async def test_what_is_replaced_is_replaced_at_the_hub_too(
    pair: Pair, sender: Place, receiver: Place
) -> None:
    at = midnight(pair) + HOUR
    await receiver.enter(entry(pair, "甲"), entry(pair, "乙"))
    await receiver.standing.tell_duties()
    await receiver.enter(entry(pair, "丙"))
    await receiver.standing.tell_duties()
    assert [duty.name for duty in (await sender.duty(RECEIVER, at)).duties] == ["丙"]
    assert [(each.name, each.mobile, each.ends) for each in await receiver.roster()] == [
        ("丙", "13900000001", "24:00")
    ]


async def test_nobody_on_duty_is_answered_with_the_duty_of_the_hub(
    pair: Pair, sender: Place, receiver: Place
) -> None:
    at = midnight(pair) + HOUR
    with acting(HUB_DIRECTOR):
        request = roster_pb.ImportRosterRequest(request_id="hub", entries=[entry(pair, "中院值班")])
        await RosterService(pair.hub.journal).ImportRoster(request, None)
    for asking in (sender, receiver):
        answer = await asking.duty(RECEIVER, at)
        assert answer.fallback
        assert [(duty.court, duty.name) for duty in answer.duties] == [(HUB_COURT, "中院值班")]
    with pytest.raises(DomainError) as unknown:
        await sender.duty("京0101", at)
    assert unknown.value.reason == Reason.UNKNOWN_COURT


async def test_a_wrong_roster_is_told_cell_by_cell_and_not_stored(pair: Pair, receiver: Place) -> None:
    bad = entry(pair, "", mobile="", day="今天", begins="25:00", deputy="替补")
    answer = await receiver.enter(entry(pair), bad)
    fields = {problem.problem.field for problem in answer.problems}
    assert {"name", "phone", "deputy_phone", "day"} <= fields
    assert await receiver.roster() == []
    assert (await receiver.enter(entry(pair), check_only=True)).days == 1
    assert await receiver.roster() == []
    with pytest.raises(InvalidInput):
        await receiver.enter()


async def test_the_channel_policy_is_versioned_and_comes_to_the_nodes(pair: Pair, sender: Place) -> None:
    gate = Gate()
    gate.open()
    hub = HubDirectory(pair.hub.journal, pair.hub.seat, gate)
    rule = channel_pb2.ChannelRule(kind="FIND", receiver=RECEIVER, channel=channel_pb2.CHANNEL_PAPER)

    async def set_policy(seen: int, *rules: channel_pb2.ChannelRule) -> channel_pb2.ChannelPolicy:
        request = pb.SetChannelPolicyRequest(
            request_id=f"{seen}{rules}", seen_version=seen, rules=rules, ground="苏中法〔2026〕演示1号"
        )
        with acting(HUB_DIRECTOR):
            return (await hub.SetChannelPolicy(request, None)).policy

    await sender.standing.fetch_policy()
    first = await set_policy(0, rule)
    second = await set_policy(1)
    assert (first.version, second.version) == (1, 2)
    with pytest.raises(Conflict):
        await set_policy(1, rule)
    with pytest.raises(InvalidInput):
        await set_policy(2, channel_pb2.ChannelRule(receiver="不是法院", channel=1))
    await sender.standing.fetch_policy()
    directory = DirectoryService(sender.court.node.journal, sender.court.node.seat, sender.line)
    assert (await directory.GetChannelPolicy(pb.GetChannelPolicyRequest(), None)).policy == second
    old = await hub.GetChannelPolicy(pb.GetChannelPolicyRequest(version=1), None)
    assert old.policy == first
    with pytest.raises(NotFound):
        await hub.GetChannelPolicy(pb.GetChannelPolicyRequest(version=9), None)
