"""One-time codes over real gRPC: set, asked for at sign-in and before approvals, used once, removed."""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import grpc
import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import select
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
from xiezhi.v1 import account_service_pb2 as accounts_pb
from xiezhi.v1 import court_pb2, instruction_service_pb2, instruction_service_pb2_grpc
from xiezhi.v1 import second_factor_service_pb2 as pb
from xiezhi.v1.account_journal_service_pb2_grpc import AccountJournalServiceStub
from xiezhi.v1.account_service_pb2_grpc import AccountServiceStub
from xiezhi.v1.second_factor_service_pb2_grpc import SecondFactorServiceStub
from xiezhi_client.sdk import (
    SECOND_FACTOR_REQUIRED,
    SECOND_FACTOR_WRONG,
    Client,
    NotAllowed,
    RetryPolicy,
    XiezhiError,
)
from xiezhi_client.sdk.calls import Calls
from xiezhi_desk.accounts.bootstrap import create_first_administrator
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import Reason
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_wire.listener import Service

PASSWORD = "the chief's password"
CHIEF = accounts_pb.Account(
    login="chief",
    officer=court_pb2.Officer(name="测试局长"),
    roles=[court_pb2.ROLE_BUREAU_CHIEF],
)


class Instructions(instruction_service_pb2_grpc.InstructionServiceServicer):
    """Approves whatever gets through the chain."""

    async def ApproveInstruction(self, _request: Any, _context: Any) -> Any:  # noqa: N802  # of the contract
        return instruction_service_pb2.ApproveInstructionResponse()


@dataclass
class Phone:
    """An app with a secret."""

    clock: Clock
    secret: str

    def code(self, steps: int = 0) -> str:
        padded = self.secret + "=" * (-len(self.secret) % 8)
        totp = TOTP(base64.b32decode(padded), 6, SHA1(), 30)
        return totp.generate(self.clock.now // 1000 + 30 * steps).decode()

    def next_code(self) -> str:
        """What it shows half a minute later."""
        self.clock.now += MINUTE // 2
        return self.code()

    def wrong_code(self) -> str:
        return f"{(int(self.code()) + 500_000) % 1_000_000:06}"


@dataclass
class Desk:
    clock: Clock
    journal: Journal
    channel: grpc.aio.Channel
    admin: str = ""
    chief: str = ""
    account_id: str = ""

    @property
    def accounts(self) -> AccountServiceStub:
        return AccountServiceStub(self.channel)

    @property
    def factors(self) -> SecondFactorServiceStub:
        return SecondFactorServiceStub(self.channel)

    async def sign_in(self, login: str = "chief", password: str = PASSWORD, code: str = "") -> str:
        request = accounts_pb.SignInRequest(login=login, password=password, code=code)
        return (await self.accounts.SignIn(request)).session_token

    async def begin(self, password: str = PASSWORD) -> Phone:
        request = pb.BeginSecondFactorRequest(password=password)
        begun = await self.factors.BeginSecondFactor(request, metadata=signed(self.chief))
        assert begun.secret in begun.uri
        return Phone(self.clock, begun.secret)

    async def finish(self, code: str) -> list[str]:
        request = pb.FinishSecondFactorRequest(code=code)
        answer = await self.factors.FinishSecondFactor(request, metadata=signed(self.chief))
        return list(answer.recovery_codes)

    async def set_up(self) -> tuple[Phone, list[str]]:
        phone = await self.begin()
        return phone, await self.finish(phone.code())

    async def confirm(self, code: str) -> pb.ConfirmSecondFactorResponse:
        request = pb.ConfirmSecondFactorRequest(code=code)
        return await self.factors.ConfirmSecondFactor(request, metadata=signed(self.chief))

    async def remove(self, password: str, code: str) -> None:
        request = pb.RemoveSecondFactorRequest(password=password, code=code)
        await self.factors.RemoveSecondFactor(request, metadata=signed(self.chief))

    async def approve(self, token: str = "") -> None:
        stub = instruction_service_pb2_grpc.InstructionServiceStub(self.channel)
        request = instruction_service_pb2.ApproveInstructionRequest()
        await stub.ApproveInstruction(request, metadata=signed(token or self.chief))

    async def standing(self, token: str = "", account_id: str = "") -> pb.GetSecondFactorResponse:
        request = pb.GetSecondFactorRequest(account_id=account_id)
        return await self.factors.GetSecondFactor(request, metadata=signed(token or self.chief))

    async def events(self) -> list[str]:
        """What the journal says of the chief, the first entry first."""
        stub = AccountJournalServiceStub(self.channel)
        request = journal_pb.ListAccountEventsRequest(account="chief")
        answer = await stub.ListAccountEvents(request, metadata=signed(self.admin))
        names = [journal_pb.AccountEventKind.Name(each.kind) for each in reversed(answer.events)]
        return [name.removeprefix("ACCOUNT_EVENT_KIND_") for name in names]


@pytest.fixture
async def desk(journal: Journal, clock: Clock) -> AsyncIterator[Desk]:
    accounts = Accounts(journal, demanded=True)
    await create_first_administrator(journal, accounts.passwords, "admin", ADMIN_PASSWORD)
    approvals = Service.of(instruction_service_pb2, instruction_service_pb2_grpc, Instructions())
    served = (*accounts.services(), approvals)
    async with serving(journal, by_token(accounts), *served, demand=accounts.demand) as channel:
        desk = Desk(clock, journal, channel)
        desk.admin = await desk.sign_in("admin", ADMIN_PASSWORD)
        request = accounts_pb.CreateAccountRequest(request_id="chief", account=CHIEF, password=PASSWORD)
        made = await desk.accounts.CreateAccount(request, metadata=signed(desk.admin))
        desk.account_id = made.account.account_id
        desk.chief = await desk.sign_in()
        yield desk
    accounts.passwords.close()


def told(refused: Refusal) -> tuple[grpc.StatusCode, str]:
    return refused.code, refused.reason


WRONG = (grpc.StatusCode.PERMISSION_DENIED, Reason.SECOND_FACTOR_WRONG)
REQUIRED = (grpc.StatusCode.PERMISSION_DENIED, Reason.SECOND_FACTOR_REQUIRED)
MISSING = (grpc.StatusCode.PERMISSION_DENIED, Reason.SECOND_FACTOR_MISSING)
LOCKED = (grpc.StatusCode.RESOURCE_EXHAUSTED, Reason.ACCOUNT_LOCKED)


async def test_sign_in_asks_for_a_code_once_one_is_set(desk: Desk) -> None:
    phone, recovery = await desk.set_up()
    assert len(recovery) == 10
    standing = await desk.standing()
    assert (standing.set_at.ToMilliseconds(), standing.recovery_codes_left) == (desk.clock.now, 10)
    assert told(await refusal(desk.sign_in())) == REQUIRED
    # What set it up is used up.
    assert told(await refusal(desk.sign_in(code=phone.code()))) == WRONG
    code = phone.next_code()
    assert await desk.sign_in(code=code)
    assert told(await refusal(desk.sign_in(code=code))) == WRONG
    assert (await refusal(desk.sign_in(password="not the password", code=phone.next_code()))).reason == (
        Reason.BAD_CREDENTIALS
    )


async def test_what_was_begun_asks_for_nothing_and_sets_nothing_without_its_first_code(desk: Desk) -> None:
    assert (await refusal(desk.begin("not the password"))).reason == Reason.BAD_CREDENTIALS
    assert (await refusal(desk.finish("000000"))).code == grpc.StatusCode.FAILED_PRECONDITION
    first = await desk.begin()
    assert await desk.sign_in()
    phone = await desk.begin()
    assert told(await refusal(desk.finish(first.code()))) == WRONG
    await desk.finish(phone.code())
    again = await refusal(desk.begin())
    assert again.code == grpc.StatusCode.FAILED_PRECONDITION
    assert "已绑定" in again.message


async def test_wrong_codes_close_the_account_and_a_missing_one_forgives_none(desk: Desk) -> None:
    phone, _ = await desk.set_up()
    for _ in range(4):
        assert told(await refusal(desk.sign_in(code=phone.wrong_code()))) == WRONG
        assert told(await refusal(desk.sign_in())) == REQUIRED
    assert told(await refusal(desk.sign_in(code=phone.wrong_code()))) == WRONG
    assert told(await refusal(desk.sign_in(code=phone.next_code()))) == LOCKED
    # A session that was stolen before guesses no further either.
    assert told(await refusal(desk.confirm(phone.code()))) == LOCKED
    assert (await desk.events())[-2:] == ["SIGN_IN_REFUSED", "LOCKED"]


async def test_wrong_codes_of_a_session_count_too(desk: Desk) -> None:
    phone, _ = await desk.set_up()
    for _ in range(5):
        assert told(await refusal(desk.confirm(phone.wrong_code()))) == WRONG
    assert told(await refusal(desk.confirm(phone.next_code()))) == LOCKED
    assert (await desk.events())[-2:] == ["CHECK_REFUSED", "LOCKED"]


async def test_a_new_password_forgives_no_wrong_codes(desk: Desk) -> None:
    """Who knows the password would guess codes as long as he likes."""
    phone, _ = await desk.set_up()
    for _ in range(4):
        assert told(await refusal(desk.confirm(phone.wrong_code()))) == WRONG
    request = accounts_pb.ChangePasswordRequest(old_password=PASSWORD, new_password="a new one of the chief")
    await desk.accounts.ChangePassword(request, metadata=signed(desk.chief))
    assert told(await refusal(desk.confirm(phone.wrong_code()))) == WRONG
    assert told(await refusal(desk.confirm(phone.next_code()))) == LOCKED


async def test_an_approval_demands_a_code_that_was_shown_lately(desk: Desk) -> None:
    refused = await refusal(desk.approve())
    assert told(refused) == MISSING
    assert "绑定" in refused.message
    phone, _ = await desk.set_up()
    await desk.approve()
    desk.clock.now += 10 * MINUTE
    assert told(await refusal(desk.approve())) == REQUIRED
    until = (await desk.confirm(phone.code())).confirmed_until
    assert until.ToMilliseconds() == desk.clock.now + 10 * MINUTE
    await desk.approve()
    # It was shown in that session, not in another one.
    elsewhere = await desk.sign_in(code=phone.next_code())
    await desk.approve(elsewhere)
    desk.clock.now += 10 * MINUTE
    await desk.confirm(phone.code())
    await desk.approve()
    assert told(await refusal(desk.approve(elsewhere))) == REQUIRED


async def test_a_recovery_code_stands_in_for_the_phone_once(desk: Desk) -> None:
    _, recovery = await desk.set_up()
    token = await desk.sign_in(code=recovery[3].upper())
    assert (await desk.standing(token)).recovery_codes_left == 9
    assert told(await refusal(desk.sign_in(code=recovery[3]))) == WRONG
    desk.clock.now += 10 * MINUTE
    await desk.confirm(recovery[4])
    await desk.approve()
    assert "RECOVERY_CODE_USED" in await desk.events()


async def test_it_is_removed_with_password_and_code(desk: Desk) -> None:
    phone, recovery = await desk.set_up()
    assert (await refusal(desk.remove("not the password", phone.next_code()))).reason == (
        Reason.BAD_CREDENTIALS
    )
    assert told(await refusal(desk.remove(PASSWORD, phone.wrong_code()))) == WRONG
    await desk.remove(PASSWORD, phone.code())
    assert await desk.sign_in()
    assert told(await refusal(desk.approve())) == MISSING
    assert told(await refusal(desk.confirm(recovery[0]))) == MISSING
    assert (await desk.standing()).recovery_codes_left == 0


async def test_an_administrator_removes_that_of_others(desk: Desk) -> None:
    await desk.set_up()
    request = pb.ResetSecondFactorRequest(account_id=desk.account_id)
    assert (
        await refusal(desk.factors.ResetSecondFactor(request, metadata=signed(desk.chief)))
    ).reason == Reason.WRONG_ROLE
    await desk.factors.ResetSecondFactor(request, metadata=signed(desk.admin))
    assert told(await refusal(desk.approve())) == MISSING
    assert await desk.sign_in()
    assert not (await desk.standing(desk.admin, desk.account_id)).HasField("set_at")
    me = (await desk.accounts.GetMe(accounts_pb.GetMeRequest(), metadata=signed(desk.admin))).account
    own = pb.ResetSecondFactorRequest(account_id=me.account_id)
    assert (
        await refusal(desk.factors.ResetSecondFactor(own, metadata=signed(desk.admin)))
    ).reason == Reason.FORBIDDEN
    assert "SECOND_FACTOR_REMOVED" in await desk.events()


async def test_nobody_sees_how_it_stands_with_others(desk: Desk) -> None:
    admin = (await desk.accounts.GetMe(accounts_pb.GetMeRequest(), metadata=signed(desk.admin))).account
    refused = await refusal(desk.standing(account_id=admin.account_id))
    assert refused.reason == Reason.FORBIDDEN


async def test_a_program_approves_only_if_its_token_says_so(desk: Desk) -> None:
    tokens = {}
    for may_approve in (False, True):
        request = accounts_pb.CreateApiTokenRequest(
            request_id=f"token-{may_approve}",
            account_id=desk.account_id,
            roles=[court_pb2.ROLE_BUREAU_CHIEF],
            expires_at=to_timestamp(desk.clock.now + 60 * MINUTE),
            label="办案系统",
            may_approve=may_approve,
        )
        made = await desk.accounts.CreateApiToken(request, metadata=signed(desk.admin))
        tokens[may_approve] = made.token
    assert (await refusal(desk.approve(tokens[False]))).reason == Reason.FORBIDDEN
    await desk.approve(tokens[True])
    begin = pb.BeginSecondFactorRequest(password=PASSWORD)
    refused = await refusal(desk.factors.BeginSecondFactor(begin, metadata=signed(tokens[True])))
    assert refused.reason == Reason.FORBIDDEN


async def test_nobody_makes_himself_a_token_that_approves(desk: Desk) -> None:
    me = (await desk.accounts.GetMe(accounts_pb.GetMeRequest(), metadata=signed(desk.admin))).account
    ends = to_timestamp(desk.clock.now + 60 * MINUTE)
    request = accounts_pb.CreateApiTokenRequest(
        request_id="own",
        account_id=me.account_id,
        roles=me.roles,
        expires_at=ends,
        label="自动审批",
        may_approve=True,
    )
    refused = await refusal(desk.accounts.CreateApiToken(request, metadata=signed(desk.admin)))
    assert (refused.reason, "另一名" in refused.message) == (Reason.FORBIDDEN, True)
    # Nor does a program that administers.
    request.may_approve = False
    program = (await desk.accounts.CreateApiToken(request, metadata=signed(desk.admin))).token
    request.request_id, request.may_approve, request.account_id = "other", True, desk.account_id
    request.roles[:] = [court_pb2.ROLE_BUREAU_CHIEF]
    refused = await refusal(desk.accounts.CreateApiToken(request, metadata=signed(program)))
    assert (refused.reason, "程序令牌" in refused.message) == (Reason.FORBIDDEN, True)


async def test_neither_secret_nor_codes_are_kept(desk: Desk) -> None:
    phone, recovery = await desk.set_up()
    kept = []
    for table in tables.metadata.sorted_tables:
        rows = await desk.journal.read(
            lambda connection, table=table: connection.execute(select(table)).all()
        )
        kept += [value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row]
    raw = base64.b32decode(phone.secret + "=" * (-len(phone.secret) % 8))
    secrets = [raw, phone.secret.encode(), *(code.encode() for code in recovery)]
    secrets += [code.replace("-", "").encode() for code in recovery]
    assert kept
    assert not [value for value in kept for secret in secrets if secret in value]


async def test_the_sdk_asks_for_a_code_and_makes_the_same_call_again(desk: Desk) -> None:
    phone, _ = await desk.set_up()
    desk.clock.now += 10 * MINUTE
    client = Client(Calls(desk.channel, RetryPolicy(attempts=1), desk.chief))
    with pytest.raises(NotAllowed) as refused:
        await client.instructions.approve("x", "同意")
    assert refused.value.reason == SECOND_FACTOR_REQUIRED
    typed = iter(["", phone.wrong_code(), "", phone.wrong_code(), phone.code()])
    told_before: list[str] = []

    async def ask(wrong: XiezhiError | None) -> str:
        told_before.append(wrong.reason if wrong else "")
        return next(typed)

    client.ask_for_code(ask)
    for reason in (SECOND_FACTOR_REQUIRED, SECOND_FACTOR_WRONG):
        with pytest.raises(NotAllowed) as refused:
            await client.instructions.approve("x", "同意")
        assert refused.value.reason == reason
    await client.instructions.approve("x", "同意")
    assert told_before == ["", "", SECOND_FACTOR_WRONG, "", SECOND_FACTOR_WRONG]
    # It is good for a while, and nobody is asked again.
    await client.instructions.approve("x", "同意")
    assert next(typed, None) is None
