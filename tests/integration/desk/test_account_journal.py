"""The journal of accounts: what it tells, to whom, and what it never holds."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import grpc
import pytest
from tests.integration.desk.desk import (
    ADMIN_PASSWORD,
    MINUTE,
    Accounts,
    Clock,
    by_token,
    refusal,
    serving,
    signed,
)

from xiezhi.v1 import account_journal_service_pb2 as pb
from xiezhi.v1 import account_service_pb2 as accounts_pb
from xiezhi.v1 import court_pb2
from xiezhi.v1.account_journal_service_pb2_grpc import AccountJournalServiceStub
from xiezhi.v1.account_service_pb2_grpc import AccountServiceStub
from xiezhi_desk.accounts.bootstrap import create_first_administrator
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import Reason
from xiezhi_journal.journal import Journal

PASSWORD = "the judge's password"
JUDGE = accounts_pb.Account(
    login="judge",
    officer=court_pb2.Officer(name="测试法官"),
    roles=[court_pb2.ROLE_JUDGE],
)


@dataclass
class Desk:
    clock: Clock
    channel: grpc.aio.Channel
    admin: str = ""

    @property
    def accounts(self) -> AccountServiceStub:
        return AccountServiceStub(self.channel)

    async def sign_in(self, login: str, password: str) -> str:
        request = accounts_pb.SignInRequest(login=login, password=password)
        return (await self.accounts.SignIn(request)).session_token

    async def create(self, account: accounts_pb.Account) -> accounts_pb.Account:
        request = accounts_pb.CreateAccountRequest(
            request_id=account.login, account=account, password=PASSWORD
        )
        return (await self.accounts.CreateAccount(request, metadata=signed(self.admin))).account

    async def update(self, account: accounts_pb.Account, request_id: str, password: str = "") -> None:
        request = accounts_pb.UpdateAccountRequest(
            request_id=request_id, account=account, new_password=password
        )
        await self.accounts.UpdateAccount(request, metadata=signed(self.admin))

    async def make_token(self, account: accounts_pb.Account) -> accounts_pb.CreateApiTokenResponse:
        request = accounts_pb.CreateApiTokenRequest(
            request_id="token",
            account_id=account.account_id,
            roles=[court_pb2.ROLE_JUDGE],
            expires_at=to_timestamp(self.clock.now + 60 * MINUTE),
            label="夜间导入",
        )
        return await self.accounts.CreateApiToken(request, metadata=signed(self.admin))

    async def tokens(self, caller: str, account_id: str = "", *, everybody: bool = False) -> list[str]:
        request = accounts_pb.ListApiTokensRequest(account_id=account_id, everybody=everybody)
        answer = await self.accounts.ListApiTokens(request, metadata=signed(caller))
        return [each.label for each in answer.tokens]

    async def revoke(self, caller: str, token_id: str) -> None:
        request = accounts_pb.RevokeApiTokenRequest(token_id=token_id)
        await self.accounts.RevokeApiToken(request, metadata=signed(caller))

    async def page(self, caller: str = "", **wanted: object) -> pb.ListAccountEventsResponse:
        stub = AccountJournalServiceStub(self.channel)
        request = pb.ListAccountEventsRequest(**wanted)  # type: ignore[arg-type]  # as the caller says
        return await stub.ListAccountEvents(request, metadata=signed(caller or self.admin))

    async def events(self, **wanted: object) -> list[tuple[str, str, str]]:
        """Kind, who did it, detail; the first entry first."""
        found = (await self.page(**wanted)).events
        prefix = "ACCOUNT_EVENT_KIND_"
        names = [pb.AccountEventKind.Name(each.kind).removeprefix(prefix) for each in found]
        return [(name, each.by_name, each.detail) for name, each in zip(names, found, strict=True)][::-1]


@pytest.fixture
async def desk(journal: Journal, clock: Clock) -> AsyncIterator[Desk]:
    accounts = Accounts(journal)
    await create_first_administrator(journal, accounts.passwords, "admin", ADMIN_PASSWORD)
    async with serving(journal, by_token(accounts), *accounts.services()) as channel:
        desk = Desk(clock, channel)
        desk.admin = await desk.sign_in("admin", ADMIN_PASSWORD)
        yield desk
    accounts.passwords.close()


async def test_what_is_done_to_an_account_is_told(desk: Desk) -> None:
    judge = await desk.create(JUDGE)
    await desk.sign_in("judge", PASSWORD)
    await refusal(desk.sign_in("judge", "not the password"))
    token = await desk.make_token(judge)
    for _ in range(2):
        me = await desk.accounts.GetMe(accounts_pb.GetMeRequest(), metadata=signed(token.token))
        desk.clock.now += MINUTE
    await desk.revoke(desk.admin, token.token_id)
    await desk.revoke(desk.admin, token.token_id)
    judge.roles.append(court_pb2.ROLE_AUDITOR)
    await desk.update(judge, "roles")
    judge.disabled = True
    await desk.update(judge, "disable")
    await refusal(desk.sign_in("judge", PASSWORD))
    judge.disabled = False
    await desk.update(judge, "enable", "another password of hers")
    assert await desk.events(account="judge") == [
        ("CREATED", "admin", "承办法官"),
        ("SIGNED_IN", "测试法官", ""),
        ("SIGN_IN_REFUSED", "", "密码不正确"),
        ("TOKEN_MADE", "admin", "夜间导入；承办法官"),
        ("TOKEN_FIRST_USED", "测试法官", "夜间导入"),
        ("TOKEN_REVOKED", "admin", "夜间导入"),
        ("ROLES_CHANGED", "admin", "承办法官 → 承办法官、审计员"),
        ("DISABLED", "admin", ""),
        ("SIGN_IN_REFUSED", "", "账号已停用"),
        ("ENABLED", "admin", ""),
        ("PASSWORD_RESET", "admin", ""),
    ]
    assert me.account.login == "judge"
    entries = (await desk.page(account=judge.account_id)).events
    assert {each.login for each in entries} == {"judge"}
    assert {each.address for each in entries} <= {"127.0.0.1", "::1"}


async def test_a_login_that_nobody_has_is_not_told(desk: Desk) -> None:
    """People type their passwords there."""
    await refusal(desk.sign_in("my password is secret", "x"))
    [refused] = (await desk.page(everybody=True, kinds=[pb.ACCOUNT_EVENT_KIND_SIGN_IN_REFUSED])).events
    assert (refused.account_id, refused.login, refused.detail) == ("", "", "没有这个登录名")
    # The first administrator was made on the machine itself.
    first = (await desk.page(everybody=True)).events[-1]
    assert (first.login, first.by_name, first.address) == ("admin", "", "")


async def test_a_guesser_does_not_fill_the_journal(desk: Desk) -> None:
    await desk.create(JUDGE)
    for guess in range(20):
        await refusal(desk.sign_in(f"nobody-{guess}", "x"))
    for _ in range(3):
        await refusal(desk.sign_in("judge", "not the password"))
    refused = {"kinds": [pb.ACCOUNT_EVENT_KIND_SIGN_IN_REFUSED], "everybody": True}
    assert await desk.events(**refused) == [
        ("SIGN_IN_REFUSED", "", "没有这个登录名，一分钟内共 20 次"),
        ("SIGN_IN_REFUSED", "", "密码不正确，一分钟内共 3 次"),
    ]
    desk.clock.now += MINUTE
    await refusal(desk.sign_in("nobody", "x"))
    assert len(await desk.events(**refused)) == 3


async def test_who_signs_in_is_told_of_the_time_before_and_of_what_failed_since(desk: Desk) -> None:
    async def sign_in() -> accounts_pb.SignInResponse:
        return await desk.accounts.SignIn(accounts_pb.SignInRequest(login="judge", password=PASSWORD))

    await desk.create(JUDGE)
    await refusal(desk.sign_in("judge", "not the password"))
    first, began = await sign_in(), desk.clock.now
    assert (first.HasField("previous_at"), first.refused_since) == (False, 1)
    desk.clock.now += MINUTE
    for _ in range(3):
        await refusal(desk.sign_in("judge", "not the password"))
    desk.clock.now += MINUTE
    await refusal(desk.sign_in("judge", "not the password"))
    second = await sign_in()
    assert (second.previous_at.ToMilliseconds(), second.refused_since) == (began, 4)
    assert second.previous_address in {"127.0.0.1", "::1"}
    assert (await sign_in()).refused_since == 0
    # Within the same minute, too: what was refused before the sign-in is told of no more.
    await refusal(desk.sign_in("judge", "not the password"))
    assert (await sign_in()).refused_since == 1


async def test_everybody_reads_his_own_and_administrators_all(desk: Desk) -> None:
    await desk.create(JUDGE)
    judge = await desk.sign_in("judge", PASSWORD)
    for wanted in ({}, {"account": "Judge"}):
        assert {each.login for each in (await desk.page(judge, **wanted)).events} == {"judge"}
    for wanted in ({"everybody": True}, {"account": "admin"}, {"account": "nobody"}):
        assert (await refusal(desk.page(judge, **wanted))).reason == Reason.FORBIDDEN
    assert (await refusal(desk.page(account="nobody"))).reason == Reason.UNKNOWN_ACCOUNT
    assert {each.login for each in (await desk.page(everybody=True)).events} == {"admin", "judge"}


async def test_pages_follow_each_other_without_gap(desk: Desk) -> None:
    await desk.create(JUDGE)
    for _ in range(4):
        desk.clock.now += MINUTE
        await desk.sign_in("judge", PASSWORD)
    whole = (await desk.page(everybody=True)).events
    read, token = [], ""
    while True:
        page = await desk.page(everybody=True, page_size=2, page_token=token)
        read += page.events
        token = page.next_page_token
        if not token:
            break
    assert len(whole) == 7
    assert read == list(whole)
    since, until = to_timestamp(desk.clock.now - MINUTE), to_timestamp(desk.clock.now)
    assert len((await desk.page(everybody=True, since=since, until=until)).events) == 1


async def test_tokens_are_seen_and_ended_by_their_owner_and_administrators(desk: Desk) -> None:
    judge = await desk.create(JUDGE)
    made = await desk.make_token(judge)
    own = await desk.sign_in("judge", PASSWORD)
    assert await desk.tokens(own) == ["夜间导入"]
    assert await desk.tokens(desk.admin) == []
    assert await desk.tokens(desk.admin, judge.account_id) == ["夜间导入"]
    assert await desk.tokens(desk.admin, everybody=True) == ["夜间导入"]
    assert (await refusal(desk.tokens(own, everybody=True))).reason == Reason.FORBIDDEN
    await desk.create(accounts_pb.Account(login="clerk", officer=JUDGE.officer, roles=JUDGE.roles))
    other = await desk.sign_in("clerk", PASSWORD)
    # Whose it is, is not told either.
    assert (await refusal(desk.revoke(other, made.token_id))).reason == Reason.TOKEN_INVALID
    assert (await refusal(desk.tokens(other, judge.account_id))).reason == Reason.FORBIDDEN
    await desk.revoke(own, made.token_id)
    ended = await refusal(desk.accounts.GetMe(accounts_pb.GetMeRequest(), metadata=signed(made.token)))
    assert ended.reason == Reason.SIGNED_OUT
    assert (await refusal(desk.revoke(own, "none"))).code == grpc.StatusCode.UNAUTHENTICATED
