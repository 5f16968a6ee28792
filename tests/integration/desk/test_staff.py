"""Staff lists over real gRPC: checked, made, changed, repeated."""

import uuid
from collections.abc import AsyncIterator

import grpc
import pytest
from tests.integration.desk.desk import Accounts, Clock, by_token, refusal, serving, signed
from tests.integration.desk.test_accounts import ADMIN_PASSWORD, JUDGE, JUDGE_PASSWORD, Desk

from xiezhi.v1 import account_service_pb2 as pb
from xiezhi.v1 import court_pb2
from xiezhi.v1.account_service_pb2_grpc import AccountServiceStub
from xiezhi_desk.accounts.bootstrap import create_first_administrator
from xiezhi_domain.errors import Reason
from xiezhi_journal.journal import Journal

FIRST_PASSWORD = "first password of a clerk"


@pytest.fixture
async def desk(journal: Journal, clock: Clock) -> AsyncIterator[Desk]:
    accounts = Accounts(journal)
    await create_first_administrator(journal, accounts.passwords, "Admin", ADMIN_PASSWORD)
    async with serving(journal, by_token(accounts), *accounts.services()) as channel:
        desk = Desk(journal, clock, accounts, AccountServiceStub(channel))
        desk.admin = (await desk.sign_in("admin", ADMIN_PASSWORD)).session_token
        yield desk
    accounts.passwords.close()


def row(number: int, login: str, *, password: str = FIRST_PASSWORD, **officer: str) -> pb.StaffRow:
    person = court_pb2.Officer(**{"name": f"测试{number}"} | officer)
    account = pb.Account(login=login, officer=person, roles=[court_pb2.ROLE_FIELD_OFFICER])
    return pb.StaffRow(request_id=f"file/{number}", row=number, account=account, password=password)


def update(account: pb.Account) -> pb.UpdateAccountRequest:
    return pb.UpdateAccountRequest(request_id=str(uuid.uuid4()), account=account)


async def bring(desk: Desk, *rows: pb.StaffRow, check_only: bool = False) -> list[pb.StaffResult]:
    request = pb.ImportStaffRequest(rows=rows, check_only=check_only)
    return list((await desk.stub.ImportStaff(request, metadata=signed(desk.admin))).results)


async def logins(desk: Desk) -> set[str]:
    answer = await desk.stub.ListAccounts(pb.ListAccountsRequest(), metadata=signed(desk.admin))
    return {account.login for account in answer.accounts}


async def test_a_dry_run_says_what_would_become_of_each_row(desk: Desk) -> None:
    await desk.create(JUDGE, JUDGE_PASSWORD)
    bad = row(4, "x", name="", certificates_valid_until="明年")
    rows = [row(2, "new", password=""), row(3, "judge"), bad, row(5, "twice"), row(6, "TWICE")]
    results = await bring(desk, *rows, check_only=True)
    assert [result.outcome for result in results] == [
        pb.STAFF_OUTCOME_CREATED,
        pb.STAFF_OUTCOME_UPDATED,
        *[pb.STAFF_OUTCOME_REFUSED] * 3,
    ]
    assert {problem.field for problem in results[2].problems} == {"account.login", "account.officer.name"}
    assert "重复" in results[3].problems[0].message
    assert await logins(desk) == {"admin", "judge"}


async def test_rows_are_made_and_changed_alone(desk: Desk) -> None:
    judge = await desk.create(JUDGE, JUDGE_PASSWORD)
    weak = row(4, "weak", password="short")
    results = await bring(desk, row(2, "new", mobile="13900000000"), row(3, "judge", name="改名"), weak)
    assert [result.outcome for result in results] == [
        pb.STAFF_OUTCOME_CREATED,
        pb.STAFF_OUTCOME_UPDATED,
        pb.STAFF_OUTCOME_REFUSED,
    ]
    assert results[2].problems[0].field == "password"
    made = await desk.sign_in("new", FIRST_PASSWORD)
    assert made.account.officer.mobile == "13900000000"
    changed = (await desk.sign_in("judge", JUDGE_PASSWORD)).account
    assert (changed.account_id, changed.officer.name) == (judge.account_id, "改名")
    assert list(changed.roles) == [court_pb2.ROLE_FIELD_OFFICER]


async def test_a_list_brought_again_changes_nothing(desk: Desk) -> None:
    rows = [row(2, "one"), row(3, "two")]
    first = await bring(desk, *rows)
    other_password = [row(2, "one", password="another password"), rows[1]]
    assert await bring(desk, *other_password) == first
    assert (await desk.sign_in("one", FIRST_PASSWORD)).account == first[0].account
    assert [result.outcome for result in await bring(desk, *rows, check_only=True)] == [
        pb.STAFF_OUTCOME_UNCHANGED
    ] * 2


async def test_a_list_cannot_take_the_last_administrator_away(desk: Desk) -> None:
    [made] = await bring(desk, row(2, "second"))
    second = made.account
    second.roles[:] = [court_pb2.ROLE_ADMINISTRATOR]
    second = (await desk.stub.UpdateAccount(update(second), metadata=signed(desk.admin))).account
    token = (await desk.sign_in("second", FIRST_PASSWORD)).session_token
    admin = (await desk.stub.GetMe(pb.GetMeRequest(), metadata=signed(desk.admin))).account
    admin.roles.append(court_pb2.ROLE_FIELD_OFFICER)
    await desk.stub.UpdateAccount(update(admin), metadata=signed(token))
    second.disabled = True
    await desk.stub.UpdateAccount(update(second), metadata=signed(desk.admin))
    [result] = await bring(desk, row(3, "admin"))
    assert result.outcome == pb.STAFF_OUTCOME_REFUSED
    assert "至少应保留一名" in result.problems[0].message


async def test_a_list_has_rows_and_not_too_many(desk: Desk) -> None:
    assert (await refusal(bring(desk))).code == grpc.StatusCode.INVALID_ARGUMENT
    many = await refusal(bring(desk, *(row(number, f"p{number}") for number in range(51))))
    assert many.reason == Reason.TOO_LARGE
