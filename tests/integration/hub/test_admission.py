"""法院接入 and 系统管理 at the hub: what is told of links is what was measured; who may invite and shut out."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Self

import grpc
import pytest
from cryptography import x509
from tests.integration.hub.court import HUB_COURT, RECEIVER, SENDER, Court, Link, instruction_of
from tests.integration.hub.stand import HOUR_MS, Serving, new_hub
from tests.integration.hub.test_desk import signed_in
from tests.integration.hub.told import refusal

from xiezhi.v1 import administration_service_pb2 as administration
from xiezhi.v1 import admission_service_pb2 as pb
from xiezhi.v1.administration_service_pb2_grpc import AdministrationServiceStub
from xiezhi.v1.admission_service_pb2_grpc import AdmissionServiceStub
from xiezhi_domain.court_time import to_ms
from xiezhi_domain.terms import Role
from xiezhi_wire.jointoken import decode

CLOCK_AHEAD_MS = 4_000
THREE = 3
KEYS = 6
"""Items of the feed after two courts have joined."""
Code = grpc.StatusCode


@pytest.fixture
async def hub(tmp_path: Path, journal_url: str) -> AsyncIterator[Serving]:
    async with new_hub(tmp_path / "hub", database=journal_url) as serving:
        yield serving


@pytest.fixture
async def sender(hub: Serving, tmp_path: Path) -> Court:
    await hub.joined(RECEIVER, tmp_path)
    return await hub.joined(SENDER, tmp_path)


class Asking:
    """Somebody at the hub's desk."""

    def __init__(self, hub: Serving, role: Role) -> None:
        self._hub = hub
        self._role = role

    async def __aenter__(self) -> Self:
        self._person = signed_in(self._hub, self._role)
        self._bearing = (await self._person.__aenter__()).bearing
        self._channel = self._hub.anybody("desk")
        self.admission = AdmissionServiceStub(self._channel)
        self.administration = AdministrationServiceStub(self._channel)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._channel.close()
        await self._person.__aexit__(*error)

    async def links(self) -> dict[str, pb.CourtLink]:
        answer = await self.admission.ListLinks(pb.ListLinksRequest(), metadata=self._bearing)
        assert not answer.recovering
        return {link.court: link for link in answer.links}

    async def invite(self, court: str, request_id: str = "invite") -> pb.InviteCourtResponse:
        request = pb.InviteCourtRequest(request_id=request_id, court=court)
        return await self.admission.InviteCourt(request, metadata=self._bearing)

    async def disable(self, court: str, request_id: str = "disable") -> list[str]:
        request = pb.DisableCourtRequest(court=court, request_id=request_id)
        return list((await self.admission.DisableCourt(request, metadata=self._bearing)).serials)

    async def looks(self, **wanted: object) -> administration.ListLooksResponse:
        request = administration.ListLooksRequest(**wanted)  # type: ignore[arg-type]  # as the test says
        return await self.administration.ListLooks(request, metadata=self._bearing)

    async def status(self) -> administration.GetSystemStatusResponse:
        request = administration.GetSystemStatusRequest()
        return await self.administration.GetSystemStatus(request, metadata=self._bearing)


async def test_a_link_is_told_as_it_was_measured(hub: Serving, sender: Court) -> None:
    shown = x509.load_pem_x509_certificates((sender.directory / "tls.pem").read_bytes())[0]
    async with Asking(hub, Role.ADMINISTRATOR) as admin:
        before = (await admin.links())[SENDER]
        assert before.joined_at.ToMilliseconds() > 0
        assert (before.connected, before.HasField("stream"), before.waiting_items) == (False, False, 0)
        async with hub.connect(sender) as channel:
            link = Link(channel)
            await link.hello(clock_ms=hub.parts.hub.journal.clock() + CLOCK_AHEAD_MS)
            open_ = (await admin.links())[SENDER]
            assert open_.connected
            # Hello was under way for a while, in which the hub's clock went on.
            assert 0 < open_.stream.clock_offset_ms <= CLOCK_AHEAD_MS
            assert open_.stream.certificate_ends_at.ToMilliseconds() == to_ms(shown.not_valid_after_utc)
            assert int(open_.stream.certificate_serial, 16) == shown.serial_number
            assert open_.waiting_items == KEYS
            assert open_.waiting_since.ToMilliseconds() > 0
            await link.items(KEYS)
            await link.leave()
        ended = (await admin.links())[SENDER]
        assert (ended.connected, ended.waiting_items) == (False, 0)
        assert not ended.HasField("waiting_since")
        assert ended.stream == open_.stream


async def test_matters_on_their_way_are_counted_at_their_receiver(hub: Serving, sender: Court) -> None:
    async with Asking(hub, Role.DUTY_OFFICER) as officer, hub.connect(sender) as channel:
        link = Link(channel)
        await link.hello()
        await link.items(KEYS)
        await link.push(sender.issue(RECEIVER))
        await link.items(1)
        told = await officer.links()
        assert (told[RECEIVER].in_transit, told[RECEIVER].undelivered) == (1, 0)
        assert (told[SENDER].in_transit, told[SENDER].undelivered) == (0, 0)
        assert not told[HUB_COURT].joined_at.seconds


async def test_a_court_is_invited_once_and_joins_by_it(hub: Serving, tmp_path: Path) -> None:
    async with Asking(hub, Role.ADMINISTRATOR) as admin:
        invited = await admin.invite(SENDER)
        assert decode(invited.token).court == SENDER
        now = hub.parts.hub.journal.clock()
        assert now < invited.expires_at.ToMilliseconds() <= now + 24 * HOUR_MS
        again = await admin.invite(SENDER)
        assert (again.token, again.expires_at) == ("", invited.expires_at)
        assert (await admin.links())[SENDER].invited_until == invited.expires_at
        court = Court(SENDER, tmp_path)
        await court.join(invited.token, hub.authority)
        link = (await admin.links())[SENDER]
        assert link.joined_at.seconds
        assert not link.HasField("invited_until")
        assert (await refusal(admin.invite("京01", "another")))[0] == Code.PERMISSION_DENIED


async def test_a_court_that_is_shut_out_loses_its_link_and_its_tokens(hub: Serving, sender: Court) -> None:
    async with Asking(hub, Role.ADMINISTRATOR) as admin, hub.connect(sender) as channel:
        link = Link(channel)
        await link.hello()
        await admin.invite(SENDER)
        [serial] = await admin.disable(SENDER)
        assert (await admin.links())[SENDER].stream.certificate_serial == serial
        assert await link.ended() == Code.UNAUTHENTICATED
        told = (await admin.links())[SENDER]
        assert (told.disabled, told.HasField("invited_until")) == (True, False)
        assert not told.HasField("certificate_ends_at")
        assert await admin.disable(SENDER) == [serial]
        assert await admin.disable(SENDER, "again") == []


async def test_nobody_else_lets_courts_in_or_out(hub: Serving) -> None:
    for role in set(Role) - {Role.ADMINISTRATOR}:
        async with Asking(hub, role) as somebody:
            for asked in (somebody.invite(SENDER), somebody.disable(SENDER)):
                assert (await refusal(asked))[0] == Code.PERMISSION_DENIED, role


async def test_the_hub_tells_how_it_is(hub: Serving, sender: Court) -> None:
    async with Asking(hub, Role.ADMINISTRATOR) as admin:
        status = await admin.status()
        found = {each.subject: each for each in status.findings}
        assert {"运行", "磁盘", "平台日志", "时钟", "隔离区", "各院节点"} <= found.keys()
        assert found["运行"].good
        assert status.log_size > 0
        assert status.log_size == hub.parts.head_file.read().size
        assert 0 < status.disk_free < status.disk_total
        assert status.schema_version
        assert re.match(r"(SQLite|PostgreSQL) \d+", status.database_version)
        hub.parts.gate.recover("日志缺少记录")
        [running, *_] = (await admin.status()).findings
        assert (running.good, running.text) == (False, "日志缺少记录")


async def test_looks_are_read_with_names_and_numbers_and_are_looks_themselves(
    hub: Serving, sender: Court
) -> None:
    order = sender.issue(RECEIVER)
    assert await hub.parts.intake.rule(SENDER, [order]) == [None]
    instruction = instruction_of(order)
    async with Asking(hub, Role.AUDITOR) as auditor:
        [mine] = (await auditor.looks(object=instruction, purpose="核对")).looks
        assert (mine.object, mine.purpose, mine.method) == (instruction, "核对", "ListLooks")
        assert mine.matter_number.endswith("1号")
        assert mine.account_id == Role.AUDITOR.lower()
        number = mine.matter_number
        assert len((await auditor.looks(object=number, purpose="核对")).looks) == 1
        assert len((await auditor.looks(who=mine.account_id, purpose="核对")).looks) == THREE
        assert not (await auditor.looks(who="nobody", purpose="核对")).looks
        assert not (await auditor.looks(unmasked_only=True, purpose="核对")).looks
        first = await auditor.looks(page_size=2, purpose="核对")
        second = await auditor.looks(page_size=2, page_token=first.next_page_token, purpose="核对")
        assert first.looks[-1].at.ToMilliseconds() >= second.looks[0].at.ToMilliseconds()
        assert (await refusal(auditor.looks(purpose=" ")))[2] == ["purpose"]
    async with Asking(hub, Role.ADMINISTRATOR) as admin:
        assert (await refusal(admin.looks(purpose="核对")))[0] == Code.PERMISSION_DENIED
