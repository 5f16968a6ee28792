"""Accounts over real gRPC: sign-in, lock-out, sessions, tokens, administration."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import grpc
import pytest
from argon2.profiles import CHEAPEST
from sqlalchemy import select
from tests.integration.desk.desk import (
    ADMIN_PASSWORD,
    COURT,
    MINUTE,
    Accounts,
    Clock,
    by_token,
    refusal,
    serving,
    signed,
)

from xiezhi.v1 import account_service_pb2 as pb
from xiezhi.v1 import court_pb2
from xiezhi.v1.account_service_pb2_grpc import AccountServiceStub
from xiezhi_desk.accounts.authentication import Authentication
from xiezhi_desk.accounts.bootstrap import create_first_administrator
from xiezhi_desk.accounts.passwords import Passwords
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import Conflict, DomainError, NotAllowed, Reason, WrongState
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal

NOT_FOUND = grpc.StatusCode.NOT_FOUND
JUDGE_PASSWORD = "the judge's password"
JUDGE = pb.Account(
    login="judge",
    officer=court_pb2.Officer(name="测试法官", phone="0512-00000000"),
    roles=[court_pb2.ROLE_JUDGE, court_pb2.ROLE_ASSISTANT],
)
PROGRAM = pb.Account(
    login="importer",
    officer=court_pb2.Officer(name="测试程序"),
    roles=[court_pb2.ROLE_INTEGRATION, court_pb2.ROLE_ASSISTANT],
)


@dataclass
class Desk:
    journal: Journal
    clock: Clock
    accounts: Accounts
    stub: AccountServiceStub
    admin: str = ""

    async def sign_in(self, login: str, password: str) -> pb.SignInResponse:
        return await self.stub.SignIn(pb.SignInRequest(login=login, password=password))

    async def create(self, account: pb.Account, password: str, request_id: str = "create") -> pb.Account:
        request = pb.CreateAccountRequest(request_id=request_id, account=account, password=password)
        answer = await self.stub.CreateAccount(request, metadata=signed(self.admin))
        return answer.account

    async def update(
        self, account: pb.Account, new_password: str = "", request_id: str = "update"
    ) -> pb.Account:
        request = pb.UpdateAccountRequest(request_id=request_id, account=account, new_password=new_password)
        answer = await self.stub.UpdateAccount(request, metadata=signed(self.admin))
        return answer.account

    async def me(self, token: str) -> pb.Account:
        return (await self.stub.GetMe(pb.GetMeRequest(), metadata=signed(token))).account

    async def token(self, account: pb.Account, **changes: Any) -> pb.CreateApiTokenResponse:
        wanted = {
            "request_id": "token",
            "account_id": account.account_id,
            "roles": [court_pb2.ROLE_ASSISTANT],
            "expires_at": to_timestamp(self.clock.now + 60 * MINUTE),
            "label": "夜间导入",
        }
        request = pb.CreateApiTokenRequest(**(wanted | changes))
        return await self.stub.CreateApiToken(request, metadata=signed(self.admin))


@pytest.fixture
async def desk(journal: Journal, clock: Clock) -> AsyncIterator[Desk]:
    accounts = Accounts(journal)
    await create_first_administrator(journal, accounts.passwords, "Admin", ADMIN_PASSWORD)
    async with serving(journal, by_token(accounts), *accounts.services()) as channel:
        desk = Desk(journal, clock, accounts, AccountServiceStub(channel))
        desk.admin = (await desk.sign_in("admin", ADMIN_PASSWORD)).session_token
        yield desk
    accounts.passwords.close()


async def test_signing_in_and_out(desk: Desk) -> None:
    answer = await desk.sign_in(" ＡＤＭＩＮ", ADMIN_PASSWORD)
    assert answer.court == COURT
    assert answer.expires_at.ToMilliseconds() == desk.clock.now + 12 * 60 * MINUTE
    assert list(answer.account.roles) == [court_pb2.ROLE_ADMINISTRATOR]
    assert await desk.me(answer.session_token) == answer.account
    await desk.stub.SignOut(pb.SignOutRequest(), metadata=signed(answer.session_token))
    ended = await refusal(desk.me(answer.session_token))
    assert (ended.code, ended.reason) == (grpc.StatusCode.UNAUTHENTICATED, Reason.SIGNED_OUT)
    assert (await desk.me(desk.admin)).login == "admin"


async def test_neither_tokens_nor_passwords_are_kept(desk: Desk) -> None:
    account = await desk.create(PROGRAM, "")
    token = (await desk.token(account)).token
    kept = []
    for table in tables.metadata.sorted_tables:
        rows = await desk.journal.read(
            lambda connection, table=table: connection.execute(select(table)).all()
        )
        kept += [
            str(value).encode() if not isinstance(value, bytes) else value for row in rows for value in row
        ]
    assert kept
    for secret in (desk.admin, token, ADMIN_PASSWORD):
        assert not [value for value in kept if secret.encode() in value]


async def test_an_administrator_opens_an_account_and_ends_its_sessions(desk: Desk) -> None:
    judge = await desk.create(JUDGE, JUDGE_PASSWORD)
    token = (await desk.sign_in("judge", JUDGE_PASSWORD)).session_token
    sessions = pb.ListSessionsRequest(account_id=judge.account_id)
    [open_] = (await desk.stub.ListSessions(sessions, metadata=signed(desk.admin))).sessions
    assert (open_.account_id, open_.started_at.ToMilliseconds()) == (judge.account_id, desk.clock.now)
    everybody = (await desk.stub.ListSessions(pb.ListSessionsRequest(), metadata=signed(desk.admin))).sessions
    assert len(everybody) == 2
    for _ in range(5):
        await refusal(desk.sign_in("judge", "not the password"))
    listed = await desk.stub.ListAccounts(pb.ListAccountsRequest(), metadata=signed(desk.admin))
    [closed] = [each for each in listed.accounts if each.login == "judge"]
    assert closed.locked_until.ToMilliseconds() > desk.clock.now
    unlock = pb.UnlockAccountRequest(account_id=judge.account_id)
    assert (
        await refusal(desk.stub.UnlockAccount(unlock, metadata=signed(token)))
    ).reason == Reason.WRONG_ROLE
    opened = await desk.stub.UnlockAccount(unlock, metadata=signed(desk.admin))
    assert not opened.account.HasField("locked_until")
    assert (await desk.sign_in("judge", JUDGE_PASSWORD)).session_token
    end = pb.EndSessionsRequest(account_id=judge.account_id, request_id="end")
    assert (await desk.stub.EndSessions(end, metadata=signed(desk.admin))).ended == 2
    assert (await desk.stub.EndSessions(end, metadata=signed(desk.admin))).ended == 2
    assert (await refusal(desk.me(token))).reason == Reason.SIGNED_OUT
    assert not (await desk.stub.ListSessions(sessions, metadata=signed(desk.admin))).sessions
    unknown = pb.EndSessionsRequest(account_id="nobody", request_id="unknown")
    assert (await refusal(desk.stub.EndSessions(unknown, metadata=signed(desk.admin)))).code == NOT_FOUND


@pytest.mark.parametrize("login", ["admin", "nobody"])
async def test_wrong_passwords_close_the_account_known_or_not(desk: Desk, login: str) -> None:
    for _ in range(5):
        wrong = await refusal(desk.sign_in(login, "not the password"))
        assert (wrong.code, wrong.reason) == (grpc.StatusCode.UNAUTHENTICATED, Reason.BAD_CREDENTIALS)
    closed = await refusal(desk.sign_in(login, ADMIN_PASSWORD))
    assert (closed.code, closed.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, Reason.ACCOUNT_LOCKED)
    assert closed.retry_ms == MINUTE
    desk.clock.now += MINUTE
    assert (await refusal(desk.sign_in(login, "not the password"))).reason == Reason.BAD_CREDENTIALS
    assert (await refusal(desk.sign_in(login, ADMIN_PASSWORD))).retry_ms == 2 * MINUTE


async def test_of_a_huge_login_little_is_kept(journal: Journal) -> None:
    """Logins that nobody has are counted in memory."""
    passwords = Passwords(CHEAPEST)
    authentication = Authentication(journal, passwords)
    for end in "xy":
        with pytest.raises(NotAllowed):
            await authentication.prove("a" * 1_000_000 + end, "x")
    kept = authentication._strangers._tries
    assert [(len(login), tries.failures) for login, tries in kept.items()] == [(65, 2)]
    passwords.close()


@pytest.mark.parametrize("login", ["admin", "nobody"])
async def test_guesses_sent_at_once_get_no_more_tries(desk: Desk, login: str) -> None:
    told = await asyncio.gather(*(refusal(desk.sign_in(login, "not the password")) for _ in range(20)))
    reasons = Counter(each.reason for each in told)
    assert reasons == {Reason.BAD_CREDENTIALS: 5, Reason.ACCOUNT_LOCKED: 15}


async def test_a_right_password_forgives_the_wrong_ones(desk: Desk) -> None:
    for _ in range(3):
        for _ in range(4):
            await refusal(desk.sign_in("admin", "not the password"))
        await desk.sign_in("admin", ADMIN_PASSWORD)


async def test_a_session_ends_when_unused_and_in_any_case(desk: Desk) -> None:
    token = (await desk.sign_in("admin", ADMIN_PASSWORD)).session_token
    for _ in range(24):
        desk.clock.now += 29 * MINUTE
        await desk.me(token)
    desk.clock.now += 24 * MINUTE
    assert (await refusal(desk.me(token))).reason == Reason.SIGNED_OUT
    again = (await desk.sign_in("admin", ADMIN_PASSWORD)).session_token
    desk.clock.now += 30 * MINUTE
    assert (await refusal(desk.me(again))).reason == Reason.SIGNED_OUT
    await desk.sign_in("admin", ADMIN_PASSWORD)
    kept = await desk.journal.read(lambda connection: connection.execute(select(tables.session)).all())
    assert len(kept) == 1


@pytest.mark.parametrize(
    "token", ["", "xzs_short", "xzs_" + "A" * 43, "xzt_" + "A" * 43, "xzs_" + "A" * 42 + "\u4e00"]
)
async def test_made_up_tokens(desk: Desk, token: str) -> None:
    assert await desk.accounts.sessions.lookup(token) is None


async def test_everybody_has_a_storage_key_of_his_own_and_no_token_gets_it(desk: Desk) -> None:
    async def key(token: str) -> bytes:
        return (await desk.stub.GetStorageKey(pb.GetStorageKeyRequest(), metadata=signed(token))).key

    await desk.create(JUDGE, JUDGE_PASSWORD)
    judge = (await desk.sign_in("judge", JUDGE_PASSWORD)).session_token
    own = await key(judge)
    assert len(own) == 32
    await desk.stub.SignOut(pb.SignOutRequest(), metadata=signed(judge))
    assert (await refusal(key(judge))).reason == Reason.SIGNED_OUT
    assert await key((await desk.sign_in("judge", JUDGE_PASSWORD)).session_token) == own
    assert await key(desk.admin) != own
    program = await desk.create(PROGRAM, "", "program")
    assert (await refusal(key((await desk.token(program)).token))).reason == Reason.FORBIDDEN


async def test_a_new_password_ends_all_other_sessions(desk: Desk) -> None:
    other = (await desk.sign_in("admin", ADMIN_PASSWORD)).session_token
    await desk.me(other)
    request = pb.ChangePasswordRequest(old_password=ADMIN_PASSWORD, new_password="another good password")
    await desk.stub.ChangePassword(request, metadata=signed(desk.admin))
    assert (await desk.me(desk.admin)).login == "admin"
    assert (await refusal(desk.me(other))).reason == Reason.SIGNED_OUT
    assert (await refusal(desk.sign_in("admin", ADMIN_PASSWORD))).reason == Reason.BAD_CREDENTIALS
    await desk.sign_in("admin", "another good password")


@pytest.mark.parametrize(
    ("old", "new", "reason", "fields"),
    [
        ("not the password", "another good password", Reason.BAD_CREDENTIALS, []),
        (ADMIN_PASSWORD, "short", Reason.INVALID_FIELD, ["new_password"]),
        (ADMIN_PASSWORD, ADMIN_PASSWORD, Reason.INVALID_FIELD, ["new_password"]),
    ],
)
async def test_a_password_is_not_changed(
    desk: Desk, old: str, new: str, reason: Reason, fields: list[str]
) -> None:
    request = pb.ChangePasswordRequest(old_password=old, new_password=new)
    told = await refusal(desk.stub.ChangePassword(request, metadata=signed(desk.admin)))
    assert (told.reason, told.fields) == (reason, fields)
    await desk.sign_in("admin", ADMIN_PASSWORD)


async def test_a_stolen_session_cannot_guess_the_password_for_ever(desk: Desk) -> None:
    request = pb.ChangePasswordRequest(old_password="a guess", new_password="another good password")
    told = [await refusal(desk.stub.ChangePassword(request, metadata=signed(desk.admin))) for _ in range(6)]
    assert [each.reason for each in told] == [Reason.BAD_CREDENTIALS] * 5 + [Reason.ACCOUNT_LOCKED]


async def test_making_an_account_twice_makes_one(desk: Desk) -> None:
    first = await desk.create(JUDGE, JUDGE_PASSWORD)
    assert await desk.create(JUDGE, JUDGE_PASSWORD) == first
    assert (await refusal(desk.create(PROGRAM, ""))).reason == Reason.REQUEST_ID_REUSED
    taken = await refusal(desk.create(JUDGE, JUDGE_PASSWORD, "create-2"))
    assert (taken.code, taken.reason) == (grpc.StatusCode.ALREADY_EXISTS, Reason.LOGIN_TAKEN)
    answer = await desk.stub.ListAccounts(pb.ListAccountsRequest(), metadata=signed(desk.admin))
    assert sorted(account.login for account in answer.accounts) == ["admin", "judge"]
    answer = await desk.stub.ListAccounts(
        pb.ListAccountsRequest(role=court_pb2.ROLE_ASSISTANT), metadata=signed(desk.admin)
    )
    assert list(answer.accounts) == [first]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"login": "a b/../c"}, "account.login"),
        ({"login": "x"}, "account.login"),
        ({"officer": court_pb2.Officer(name=" ")}, "account.officer.name"),
        ({"officer": court_pb2.Officer(name="测试", phone="1" * 65)}, "account.officer.phone"),
        (
            {"officer": court_pb2.Officer(name="测试", certificates_valid_until="2026-13-01")},
            "account.officer.certificates_valid_until",
        ),
        ({"roles": []}, "account.roles"),
        ({"roles": [court_pb2.ROLE_UNSPECIFIED]}, "account.roles[0]"),
        ({"roles": [77]}, "account.roles[0]"),
    ],
)
async def test_a_wrong_entry_names_its_field(desk: Desk, change: dict[str, Any], field: str) -> None:
    entries = {"login": "judge", "officer": JUDGE.officer, "roles": JUDGE.roles} | change
    told = await refusal(desk.create(pb.Account(**entries), JUDGE_PASSWORD))
    assert (told.code, told.fields) == (grpc.StatusCode.INVALID_ARGUMENT, [field])


async def test_only_a_program_may_be_without_a_password(desk: Desk) -> None:
    assert (await refusal(desk.create(JUDGE, ""))).fields == ["password"]
    await desk.create(PROGRAM, "")
    assert (await refusal(desk.sign_in("importer", ""))).reason == Reason.BAD_CREDENTIALS


async def test_rights_that_shrink_end_sessions_others_do_not(desk: Desk) -> None:
    judge = await desk.create(JUDGE, JUDGE_PASSWORD)
    token = (await desk.sign_in("judge", JUDGE_PASSWORD)).session_token
    await desk.me(token)
    judge.officer.phone = "0512-11111111"
    judge.roles.append(court_pb2.ROLE_BUREAU_CHIEF)
    assert await desk.update(judge) == judge
    assert len((await desk.me(token)).roles) == 3
    del judge.roles[:]
    judge.roles.append(court_pb2.ROLE_ASSISTANT)
    await desk.update(judge, request_id="update-2")
    assert (await refusal(desk.me(token))).reason == Reason.SIGNED_OUT


async def test_a_disabled_account_is_out_and_stays_out(desk: Desk) -> None:
    judge = await desk.create(JUDGE, JUDGE_PASSWORD)
    token = (await desk.sign_in("judge", JUDGE_PASSWORD)).session_token
    caller = await desk.accounts.sessions.lookup(token)
    assert caller is not None
    assert not await desk.accounts.sessions.signed_out({caller})
    judge.disabled = True
    await desk.update(judge)
    assert (await refusal(desk.me(token))).reason == Reason.SIGNED_OUT
    assert await desk.accounts.sessions.signed_out({caller}) == [caller]
    told = await refusal(desk.sign_in("judge", JUDGE_PASSWORD))
    assert (told.code, told.reason) == (grpc.StatusCode.PERMISSION_DENIED, Reason.FORBIDDEN)
    assert (await refusal(desk.sign_in("judge", "not the password"))).reason == Reason.BAD_CREDENTIALS


async def test_an_administrator_sets_a_new_password_and_opens_the_account(desk: Desk) -> None:
    judge = await desk.create(JUDGE, JUDGE_PASSWORD)
    token = (await desk.sign_in("judge", JUDGE_PASSWORD)).session_token
    for _ in range(5):
        await refusal(desk.sign_in("judge", "not the password"))
    await desk.update(judge, new_password="a new good password")
    assert (await refusal(desk.me(token))).reason == Reason.SIGNED_OUT
    await desk.sign_in("judge", "a new good password")


async def test_what_an_update_cannot_do(desk: Desk) -> None:
    admin = await desk.me(desk.admin)
    admin.disabled = True
    last = await refusal(desk.update(admin))
    assert (last.code, last.reason) == (grpc.StatusCode.FAILED_PRECONDITION, Reason.WRONG_STATE)
    judge = await desk.create(JUDGE, JUDGE_PASSWORD)
    judge.login = "other"
    assert (await refusal(desk.update(judge))).fields == ["account.login"]
    judge.account_id = "no such account"
    assert (await refusal(desk.update(judge))).code == grpc.StatusCode.NOT_FOUND


async def test_nobody_gives_himself_roles(desk: Desk) -> None:
    admin = await desk.me(desk.admin)
    admin.roles.append(court_pb2.ROLE_JUDGE)
    own = await refusal(desk.update(admin))
    assert (own.code, own.reason) == (grpc.StatusCode.PERMISSION_DENIED, Reason.FORBIDDEN)
    row = pb.StaffRow(request_id="file/1", row=1, account=admin)
    for check_only in (True, False):
        listed = pb.ImportStaffRequest(rows=[row], check_only=check_only)
        answer = await desk.stub.ImportStaff(listed, metadata=signed(desk.admin))
        assert answer.results[0].outcome == pb.STAFF_OUTCOME_REFUSED
        assert "不能给自己增加岗位" in answer.results[0].problems[0].message
    assert list((await desk.me(desk.admin)).roles) == [court_pb2.ROLE_ADMINISTRATOR]
    other = await desk.create(JUDGE, JUDGE_PASSWORD)
    other.roles.append(court_pb2.ROLE_AUDITOR)
    assert court_pb2.ROLE_AUDITOR in (await desk.update(other)).roles


async def test_a_token_is_narrower_than_its_account(desk: Desk) -> None:
    program = await desk.create(PROGRAM, "")
    made = await desk.token(program)
    assert list((await desk.me(made.token)).roles) == [court_pb2.ROLE_ASSISTANT]
    repeated = await desk.token(program)
    assert (repeated.token_id, repeated.token) == (made.token_id, "")
    administer = pb.CreateApiTokenRequest(request_id="token", account_id=program.account_id)
    told = await refusal(desk.stub.CreateApiToken(administer, metadata=signed(made.token)))
    assert told.reason == Reason.WRONG_ROLE
    change = pb.ChangePasswordRequest(old_password="", new_password="another good password")
    assert (
        await refusal(desk.stub.ChangePassword(change, metadata=signed(made.token)))
    ).reason == Reason.FORBIDDEN


async def test_a_token_loses_what_its_account_loses(desk: Desk) -> None:
    program = await desk.create(PROGRAM, "")
    made = await desk.token(program)
    caller = await desk.accounts.sessions.lookup(made.token)
    assert caller is not None
    assert not await desk.accounts.sessions.signed_out({caller})
    del program.roles[:]
    program.roles.append(court_pb2.ROLE_INTEGRATION)
    await desk.update(program)
    assert list((await desk.me(made.token)).roles) == []
    assert await desk.accounts.sessions.signed_out({caller}) == [caller]


async def test_a_token_ends_by_time_or_by_hand(desk: Desk) -> None:
    program = await desk.create(PROGRAM, "")
    made = await desk.token(program)
    await desk.me(made.token)
    used = await desk.journal.read(lambda connection: connection.scalar(select(tables.api_token.c.used_at)))
    assert used == desk.clock.now
    revoke = pb.RevokeApiTokenRequest(token_id=made.token_id)
    for _ in range(2):
        await desk.stub.RevokeApiToken(revoke, metadata=signed(desk.admin))
        assert (await refusal(desk.me(made.token))).reason == Reason.SIGNED_OUT
    unknown = pb.RevokeApiTokenRequest(token_id="no such token")
    await refusal(desk.stub.RevokeApiToken(unknown, metadata=signed(desk.admin)))
    short = await desk.token(program, request_id="token-2", expires_at=to_timestamp(desk.clock.now + MINUTE))
    desk.clock.now += MINUTE
    assert (await refusal(desk.me(short.token))).reason == Reason.SIGNED_OUT


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"roles": [court_pb2.ROLE_ADMINISTRATOR]}, "roles"),
        ({"roles": []}, "roles"),
        ({"expires_at": None}, "expires_at"),
        ({"expires_at": to_timestamp(1)}, "expires_at"),
        ({"expires_at": to_timestamp(2_000_000_000_000)}, "expires_at"),
        ({"label": " "}, "label"),
        ({"request_id": ""}, "request_id"),
    ],
)
async def test_a_token_is_not_made(desk: Desk, change: dict[str, Any], field: str) -> None:
    program = await desk.create(PROGRAM, "")
    assert (await refusal(desk.token(program, **change))).fields == [field]


async def test_there_is_one_first_administrator(desk: Desk) -> None:
    with pytest.raises(WrongState):
        await create_first_administrator(desk.journal, desk.accounts.passwords, "second", ADMIN_PASSWORD)


async def test_a_first_administrator_needs_a_login_that_is_free(journal: Journal) -> None:
    accounts = Accounts(journal)
    for bad in (("x", ADMIN_PASSWORD), ("admin", "short")):
        with pytest.raises(DomainError):
            await create_first_administrator(journal, accounts.passwords, *bad)
    await create_first_administrator(journal, accounts.passwords, "admin", ADMIN_PASSWORD)
    with pytest.raises((WrongState, Conflict)):
        await create_first_administrator(journal, accounts.passwords, "admin", ADMIN_PASSWORD)
    accounts.passwords.close()
