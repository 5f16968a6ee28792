"""How much one account or address may have: sessions, sign-ins, tokens that nobody knows."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import grpc
import pytest
from sqlalchemy import func, select
from tests.integration.desk.desk import (
    ADMIN_PASSWORD,
    MINUTE,
    Accounts,
    Clock,
    Refusal,
    by_token,
    refusal,
    serving,
    signed,
)

from xiezhi.v1 import account_journal_service_pb2 as journal_pb
from xiezhi.v1 import account_service_pb2 as pb
from xiezhi.v1.account_journal_service_pb2_grpc import AccountJournalServiceStub
from xiezhi.v1.account_service_pb2_grpc import AccountServiceStub
from xiezhi_desk.accounts.bearer import Bearer, new_token
from xiezhi_desk.accounts.bootstrap import create_first_administrator
from xiezhi_desk.accounts.limits import SESSIONS_PER_ACCOUNT, SIGN_INS_PER_MINUTE
from xiezhi_desk.accounts.session import SessionLimits
from xiezhi_domain.errors import Reason
from xiezhi_journal.journal import Journal
from xiezhi_journal.tables import session
from xiezhi_wire.forwarding import Forwarding

EXHAUSTED = grpc.StatusCode.RESOURCE_EXHAUSTED
SECRET = "a-secret-of-the-workbench-alone-4711"


@dataclass
class Desk:
    journal: Journal
    clock: Clock
    channel: grpc.aio.Channel

    async def sign_in(self, login: str = "admin", password: str = ADMIN_PASSWORD) -> str:
        request = pb.SignInRequest(login=login, password=password)
        return (await AccountServiceStub(self.channel).SignIn(request)).session_token

    async def me(self, token: str, address: str = "192.0.2.7") -> pb.Account:
        told = (("x-workbench", SECRET), ("x-client-address", address))
        stub = AccountServiceStub(self.channel)
        return (await stub.GetMe(pb.GetMeRequest(), metadata=(*signed(token), *told))).account

    async def stranger(self, address: str = "192.0.2.7") -> Refusal:
        return await refusal(self.me(new_token(Bearer.SESSION), address))

    async def sessions(self) -> int:
        count = select(func.count()).select_from(session)
        return await self.journal.read(lambda connection: connection.scalar(count) or 0)

    async def ends(self, token: str) -> list[str]:
        """What the journal tells of sessions that were ended."""
        request = journal_pb.ListAccountEventsRequest()
        stub = AccountJournalServiceStub(self.channel)
        events = (await stub.ListAccountEvents(request, metadata=signed(token))).events
        return [each.detail for each in events if each.kind == journal_pb.ACCOUNT_EVENT_KIND_SESSIONS_ENDED]


Opening = Callable[..., Any]


@pytest.fixture
async def open_desk(journal: Journal, clock: Clock) -> AsyncIterator[Opening]:
    async with AsyncExitStack() as stack:

        async def begin(**limits: int) -> Desk:
            accounts = Accounts(journal, **limits)
            stack.callback(accounts.passwords.close)
            await create_first_administrator(journal, accounts.passwords, "admin", ADMIN_PASSWORD)
            served = serving(journal, by_token(accounts), *accounts.services(), forwarding=Forwarding(SECRET))
            return Desk(journal, clock, await stack.enter_async_context(served))

        yield begin


def test_who_signs_in_all_the_time_ends_no_session_in_which_somebody_works() -> None:
    """Use is noted once in a while; in between no more sessions begin than an account may have beside that one."""
    minutes = SessionLimits().noted_ms / MINUTE
    at_most = SIGN_INS_PER_MINUTE * (1 + minutes)
    assert at_most < SESSIONS_PER_ACCOUNT


async def test_one_session_more_ends_the_one_that_was_not_used_for_longest(open_desk: Opening) -> None:
    desk = await open_desk(sessions_per_account=2)
    computer, phone = await desk.sign_in(), await desk.sign_in()
    desk.clock.now += 2 * MINUTE
    await desk.me(computer)
    desk.clock.now += 2 * MINUTE
    run_of_a_program = await desk.sign_in()
    for token in (computer, run_of_a_program):
        assert (await desk.me(token)).login == "admin"
    assert (await refusal(desk.me(phone))).reason == Reason.SIGNED_OUT
    assert await desk.sessions() == 2
    assert await desk.ends(computer) == ["1 个，同时登录超过 2 个，最久未用的先结束"]


async def test_sign_ins_without_end_leave_no_more_rows_than_one_may_have(open_desk: Opening) -> None:
    desk = await open_desk(sessions_per_account=3)
    tokens = [await desk.sign_in() for _ in range(7)]
    assert await desk.sessions() == 3
    assert (await desk.me(tokens[-1])).login == "admin"


async def test_sessions_that_ran_out_are_removed_and_count_for_nothing(open_desk: Opening) -> None:
    desk = await open_desk(sessions_per_account=2)
    for _ in range(2):
        await desk.sign_in()
    desk.clock.now += 31 * MINUTE
    token = await desk.sign_in()
    assert await desk.sessions() == 1
    assert await desk.ends(token) == []


async def test_good_sign_ins_are_limited_too_and_close_no_account(open_desk: Opening) -> None:
    desk = await open_desk(sign_ins_per_minute=6)
    for _ in range(6):
        await desk.sign_in()
    stopped = [await refusal(desk.sign_in()) for _ in range(6)]
    assert {(each.code, each.reason, each.retry_ms) for each in stopped} == {
        (EXHAUSTED, Reason.RATE_LIMITED, MINUTE // 6)
    }
    assert "程序令牌" in stopped[0].message
    # What was refused was no try at the password: the account is open.
    assert (await refusal(desk.sign_in("nobody"))).reason == Reason.BAD_CREDENTIALS
    desk.clock.now += MINUTE // 6
    await desk.sign_in()
    assert (await refusal(desk.sign_in())).reason == Reason.RATE_LIMITED


async def test_tokens_that_nobody_knows_are_counted_by_address_before_they_are_looked_up(
    open_desk: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xiezhi_wire.credentials._WRONG_PER_ADDRESS", 3)
    desk = await open_desk()
    known, other = await desk.sign_in(), await desk.sign_in()
    await desk.me(known)
    for _ in range(3):
        assert (await desk.stranger()).reason == Reason.SIGNED_OUT
    stopped = await desk.stranger()
    assert (stopped.code, stopped.reason, stopped.retry_ms) == (EXHAUSTED, Reason.ADDRESS_LOCKED, 200)
    # Not looked up: a good one is not told apart from a wrong one. Who was known goes on, and elsewhere all is well.
    assert (await refusal(desk.me(other))).reason == Reason.ADDRESS_LOCKED
    assert (await desk.me(known)).login == (await desk.me(other, "192.0.2.8")).login == "admin"
    desk.clock.now += 200
    assert (await desk.stranger()).reason == Reason.SIGNED_OUT
