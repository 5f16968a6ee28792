"""Trying a calendar: judging all open matters anew holds nobody up."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.integration.hub.court import instruction_of
from tests.integration.hub.stand import Serving, new_hub
from tests.integration.hub.test_desk import PASSWORD, signed_in
from tests.integration.hub.test_scheduler import arrived, at

from xiezhi.v1 import escalation_service_pb2 as ladder
from xiezhi.v1.account_service_pb2 import SignInRequest
from xiezhi.v1.account_service_pb2_grpc import AccountServiceStub
from xiezhi.v1.escalation_service_pb2_grpc import EscalationServiceStub
from xiezhi_domain.terms import Role

TRIED = ladder.PublishCalendarRequest(
    request_id="calendar-1",
    year=2026,
    source="测试安排",
    days=[ladder.CalendarDay(day="2026-12-14")],
    dry_run=True,
)


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Serving]:
    async with new_hub(tmp_path / "hub") as serving:
        yield serving


async def test_a_calendar_is_tried_while_the_writer_is_busy(hub: Serving, tmp_path: Path) -> None:
    order = await arrived(hub, tmp_path)
    at(hub, "2026-12-07 12:00")
    begun, answered = threading.Event(), threading.Event()

    def hold(_connection: object) -> bool:
        begun.set()
        return answered.wait(30)

    async with signed_in(hub, Role.CENTRE_DIRECTOR), hub.anybody("desk") as channel:
        asked = SignInRequest(login=Role.CENTRE_DIRECTOR.lower(), password=PASSWORD)
        token = (await AccountServiceStub(channel).SignIn(asked)).session_token
        held = asyncio.create_task(hub.parts.hub.journal.write(hold))
        assert await asyncio.to_thread(begun.wait, 30)
        call = EscalationServiceStub(channel).PublishCalendar
        tried = await call(TRIED, metadata=(("authorization", f"Bearer {token}"),))
        answered.set()
        # Had the answer waited for the writer, the writer would have given up waiting for it.
        assert await held
    assert [each.instruction_id for each in tried.deadlines] == [instruction_of(order)]
