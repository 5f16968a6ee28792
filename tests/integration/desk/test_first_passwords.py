"""Passwords that somebody else chose: who signs in with one changes it before anything else."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from tests.integration.desk.desk import ADMIN_PASSWORD, Accounts, by_token, refusal, serving, signed

from xiezhi.v1 import account_service_pb2 as pb
from xiezhi.v1 import court_pb2
from xiezhi.v1.account_service_pb2_grpc import AccountServiceStub
from xiezhi_desk.accounts.bootstrap import create_first_administrator
from xiezhi_domain.errors import Reason
from xiezhi_journal.journal import Journal

FIRST, OWN = "the first password", "a password of my own"


@dataclass
class Desk:
    stub: AccountServiceStub
    admin: str

    async def sign_in(self, login: str, password: str) -> str:
        request = pb.SignInRequest(login=login, password=password)
        return (await self.stub.SignIn(request)).session_token

    async def create(self, login: str, *, must_change: bool) -> pb.Account:
        account = pb.Account(
            login=login,
            officer=court_pb2.Officer(name="测试法官"),
            roles=[court_pb2.ROLE_ADMINISTRATOR],
            must_change_password=must_change,
        )
        request = pb.CreateAccountRequest(request_id=login, account=account, password=FIRST)
        return (await self.stub.CreateAccount(request, metadata=signed(self.admin))).account

    async def update(self, account: pb.Account, **changes: Any) -> pb.Account:
        request = pb.UpdateAccountRequest(request_id=str(uuid.uuid4()), account=account, **changes)
        return (await self.stub.UpdateAccount(request, metadata=signed(self.admin))).account

    async def list(self, token: str) -> pb.ListAccountsResponse:
        return await self.stub.ListAccounts(pb.ListAccountsRequest(), metadata=signed(token))

    async def change(self, token: str, old: str, new: str) -> None:
        request = pb.ChangePasswordRequest(old_password=old, new_password=new)
        await self.stub.ChangePassword(request, metadata=signed(token))


@pytest.fixture
async def desk(journal: Journal) -> AsyncIterator[Desk]:
    accounts = Accounts(journal)
    await create_first_administrator(journal, accounts.passwords, "Admin", ADMIN_PASSWORD)
    async with serving(journal, by_token(accounts), *accounts.services()) as channel:
        stub = AccountServiceStub(channel)
        answer = await stub.SignIn(pb.SignInRequest(login="admin", password=ADMIN_PASSWORD))
        yield Desk(stub, answer.session_token)
    accounts.passwords.close()


async def test_with_a_first_password_nothing_is_open_but_changing_it(desk: Desk) -> None:
    await desk.create("judge", must_change=True)
    token, other = [await desk.sign_in("judge", FIRST) for _ in range(2)]
    me = await desk.stub.GetMe(pb.GetMeRequest(), metadata=signed(token))
    assert me.account.must_change_password
    shut = await refusal(desk.list(token))
    assert shut.reason == Reason.PASSWORD_NOT_OWN

    assert (await refusal(desk.change(token, FIRST, FIRST))).reason == Reason.INVALID_FIELD
    assert (await refusal(desk.list(token))).reason == Reason.PASSWORD_NOT_OWN
    await desk.change(token, FIRST, OWN)
    assert len((await desk.list(token)).accounts) == 2
    assert (await refusal(desk.list(other))).reason == Reason.SIGNED_OUT
    assert (await desk.list(await desk.sign_in("judge", OWN))).accounts


async def test_who_chose_his_password_himself_is_let_in(desk: Desk) -> None:
    await desk.create("judge", must_change=False)
    assert (await desk.list(await desk.sign_in("judge", FIRST))).accounts


async def test_a_password_set_by_an_administrator_is_a_first_one_again(desk: Desk) -> None:
    account = await desk.create("judge", must_change=False)
    account.must_change_password = True
    unchanged = await desk.update(account)
    assert not unchanged.must_change_password, "only a password that is set can be a first one"
    assert (await desk.update(account, new_password="set by the office")).must_change_password
    token = await desk.sign_in("judge", "set by the office")
    assert (await refusal(desk.list(token))).reason == Reason.PASSWORD_NOT_OWN
    # Other changes leave it as it is.
    account.must_change_password = False
    account.officer.phone = "0512-00000001"
    assert (await desk.update(account, new_password="")).must_change_password


async def test_signing_out_stays_open(desk: Desk) -> None:
    await desk.create("judge", must_change=True)
    token = await desk.sign_in("judge", FIRST)
    await desk.stub.SignOut(pb.SignOutRequest(), metadata=signed(token))
    assert (await refusal(desk.list(token))).reason == Reason.SIGNED_OUT
