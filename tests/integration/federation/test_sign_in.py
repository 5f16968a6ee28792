"""Sign-in by a real identity provider: who gets in, and every way in which somebody does not."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

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
from tests.integration.federation.provider import RunningProvider
from tests.integration.federation.real_provider import ACR

from xiezhi.v1 import account_journal_service_pb2 as journal_pb
from xiezhi.v1 import account_service_pb2 as accounts_pb
from xiezhi.v1 import (
    court_pb2,
    instruction_service_pb2,
    instruction_service_pb2_grpc,
)
from xiezhi.v1 import identity_service_pb2 as pb
from xiezhi.v1.account_journal_service_pb2_grpc import AccountJournalServiceStub
from xiezhi.v1.account_service_pb2_grpc import AccountServiceStub
from xiezhi.v1.identity_service_pb2_grpc import IdentityServiceStub
from xiezhi_desk.accounts.bootstrap import create_first_administrator
from xiezhi_desk.federation.settings import load_federation
from xiezhi_domain.errors import Reason
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
class Desk:
    clock: Clock
    provider: RunningProvider
    channel: grpc.aio.Channel
    admin: str = ""
    person: str = "person-1"
    chief: accounts_pb.Account | None = None

    @property
    def identities(self) -> IdentityServiceStub:
        return IdentityServiceStub(self.channel)

    @property
    def accounts(self) -> AccountServiceStub:
        return AccountServiceStub(self.channel)

    async def begin(self) -> pb.BeginFederatedSignInResponse:
        return await self.identities.BeginFederatedSignIn(pb.BeginFederatedSignInRequest())

    async def visit(self, begun: pb.BeginFederatedSignInResponse) -> pb.FinishFederatedSignInRequest:
        """Show the provider who one is; return what the browser brings back."""
        sent_back = (await self.provider.visit(begun.address, self.person)).headers["location"]
        back = parse_qs(urlsplit(sent_back).query)
        return pb.FinishFederatedSignInRequest(
            code=back["code"][0], state=back["state"][0], pending=begun.pending
        )

    async def finish(self, request: pb.FinishFederatedSignInRequest) -> accounts_pb.SignInResponse:
        return (await self.identities.FinishFederatedSignIn(request)).signed_in

    async def sign_in(self) -> accounts_pb.SignInResponse:
        return await self.finish(await self.visit(await self.begin()))

    async def by_password(self, login: str = "chief", password: str = PASSWORD) -> str:
        request = accounts_pb.SignInRequest(login=login, password=password)
        return (await self.accounts.SignIn(request)).session_token

    async def bind(self, subject: str = "person-1", account_id: str = "") -> None:
        request = pb.BindIdentityRequest(account_id=account_id or self.chief.account_id, subject=subject)
        await self.identities.BindIdentity(request, metadata=signed(self.admin))

    async def update(self, request_id: str, **changes: Any) -> None:
        account = accounts_pb.Account()
        account.CopyFrom(self.chief)
        account.MergeFrom(accounts_pb.Account(**changes))
        request = accounts_pb.UpdateAccountRequest(request_id=request_id, account=account)
        await self.accounts.UpdateAccount(request, metadata=signed(self.admin))

    async def approve(self, token: str) -> None:
        stub = instruction_service_pb2_grpc.InstructionServiceStub(self.channel)
        request = instruction_service_pb2.ApproveInstructionRequest()
        await stub.ApproveInstruction(request, metadata=signed(token))

    async def events(self) -> list[tuple[str, str]]:
        """Kind and detail, the first entry first."""
        stub = AccountJournalServiceStub(self.channel)
        request = journal_pb.ListAccountEventsRequest(everybody=True)
        found = (await stub.ListAccountEvents(request, metadata=signed(self.admin))).events
        prefix = "ACCOUNT_EVENT_KIND_"
        return [
            (journal_pb.AccountEventKind.Name(each.kind).removeprefix(prefix), each.detail)
            for each in reversed(found)
        ]


@pytest.fixture
async def open_desk(
    journal: Journal, clock: Clock, provider: RunningProvider, tmp_path: Path
) -> AsyncIterator[Callable[..., Any]]:
    async with AsyncExitStack() as stack:

        async def begin(sign_ins_per_minute: int = 1_000, **settings: Any) -> Desk:
            federation = load_federation(provider.settings(tmp_path, **settings))
            accounts = Accounts(
                journal,
                demanded=True,
                federation=federation,
                keys=tmp_path,
                sign_ins_per_minute=sign_ins_per_minute,
            )
            stack.callback(accounts.passwords.close)
            await create_first_administrator(journal, accounts.passwords, "admin", ADMIN_PASSWORD)
            approvals = Service.of(instruction_service_pb2, instruction_service_pb2_grpc, Instructions())
            served = (*accounts.services(), approvals)
            channel = await stack.enter_async_context(
                serving(journal, by_token(accounts), *served, demand=accounts.demand)
            )
            desk = Desk(clock, provider, channel)
            desk.admin = await desk.by_password("admin", ADMIN_PASSWORD)
            request = accounts_pb.CreateAccountRequest(request_id="chief", account=CHIEF, password=PASSWORD)
            desk.chief = (await desk.accounts.CreateAccount(request, metadata=signed(desk.admin))).account
            return desk

        yield begin


@pytest.fixture
async def desk(open_desk: Callable[..., Any]) -> Desk:
    desk = await open_desk()
    await desk.bind()
    return desk


async def test_whom_the_provider_names_gets_in(desk: Desk) -> None:
    signed_in = await desk.sign_in()
    assert signed_in.account.login == "chief"
    me = await desk.accounts.GetMe(accounts_pb.GetMeRequest(), metadata=signed(signed_in.session_token))
    assert me.account.account_id == desk.chief.account_id
    name = await desk.identities.GetIdentityProvider(pb.GetIdentityProviderRequest())
    assert name.name == "统一身份认证"
    assert (await desk.events())[-2:] == [
        ("IDENTITY_BOUND", desk.provider.issuer),
        ("SIGNED_IN", "统一身份认证"),
    ]


@pytest.mark.parametrize(
    "order",
    [
        {"claims": {"nonce": "of another sign-in"}},
        {"without": ["nonce"]},
        {"claims": {"aud": "another-client"}},
        {"claims": {"aud": ["xiezhi-test", "another-client"]}},
        {"claims": {"azp": "another-client"}},
        {"claims": {"iss": "https://another.example"}},
        {"claims": {"exp": 1}},
        {"without": ["exp"]},
        {"claims": {"exp": "never"}},
        {"claims": {"iat": 99_999_999_999}},
        {"without": ["sub"]},
        {"claims": {"sub": ["person-1"]}},
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "RS512"},
        {"foreign_key": True},
    ],
    ids=str,
)
async def test_a_token_that_is_not_good_lets_nobody_in(desk: Desk, order: dict[str, Any]) -> None:
    desk.provider.does(**order)
    refused = await refusal(desk.sign_in())
    assert (refused.code, refused.reason) == (
        grpc.StatusCode.UNAUTHENTICATED,
        Reason.FEDERATED_SIGN_IN_REFUSED,
    )
    assert "重新登录" in refused.message
    assert "SIGNED_IN" not in [kind for kind, detail in await desk.events() if detail]


async def test_what_came_back_is_good_once_and_in_its_own_browser(desk: Desk) -> None:
    begun = await desk.begin()
    other = await desk.begin()
    back = await desk.visit(begun)
    # Somebody's link with his own code and state signs nobody else in as him.
    for pending in (other.pending, "", "x" * 100, begun.pending[:-4] + "AAAA"):
        foreign = pb.FinishFederatedSignInRequest(code=back.code, state=back.state, pending=pending)
        assert (await refusal(desk.finish(foreign))).reason == Reason.FEDERATED_SIGN_IN_REFUSED
    assert await desk.finish(back)
    again = await refusal(desk.finish(back))
    assert (again.reason, "已经完成" in again.message) == (Reason.FEDERATED_SIGN_IN_REFUSED, True)
    # Nor is a code good for another sign-in: its verifier is not there.
    mixed = pb.FinishFederatedSignInRequest(
        code=(await desk.visit(await desk.begin())).code,
        state=(await desk.visit(other)).state,
        pending=other.pending,
    )
    assert (await refusal(desk.finish(mixed))).reason == Reason.FEDERATED_SIGN_IN_REFUSED


async def test_who_takes_too_long_begins_anew(desk: Desk) -> None:
    back = await desk.visit(await desk.begin())
    desk.clock.now += 10 * MINUTE
    assert "用时过长" in (await refusal(desk.finish(back))).message


async def test_a_new_key_of_the_provider_is_found_and_asked_for_at_a_bounded_rate(desk: Desk) -> None:
    await desk.sign_in()
    asked = desk.provider.does(rotate=True)["asked_for_keys"]
    for _ in range(3):
        assert (await refusal(desk.sign_in())).reason == Reason.FEDERATED_SIGN_IN_REFUSED
    assert desk.provider.does()["asked_for_keys"] == asked
    desk.clock.now += MINUTE // 2
    assert (await desk.sign_in()).account.login == "chief"
    assert desk.provider.does()["asked_for_keys"] == asked + 1


async def test_with_the_provider_away_passwords_open(desk: Desk) -> None:
    desk.provider.does(down=True)
    refused = await refusal(desk.sign_in())
    assert (refused.code, refused.reason) == (
        grpc.StatusCode.UNAVAILABLE,
        Reason.IDENTITY_PROVIDER_UNREACHABLE,
    )
    assert "用密码登录" in refused.message
    assert await desk.by_password()


async def test_a_provider_that_calls_itself_otherwise_is_not_asked(open_desk: Callable[..., Any]) -> None:
    desk = await open_desk()
    desk.provider.does(issuer="https://another.example")
    refused = await refusal(desk.begin())
    assert (refused.code, "不符" in refused.message) == (grpc.StatusCode.UNAVAILABLE, True)


async def test_sign_ins_by_password_and_by_the_provider_are_counted_as_one(
    open_desk: Callable[..., Any],
) -> None:
    desk = await open_desk(sign_ins_per_minute=2)
    await desk.bind()
    await desk.by_password()
    await desk.sign_in()
    told = await refusal(desk.sign_in())
    assert (told.reason, told.retry_ms) == (Reason.RATE_LIMITED, 30_000)


async def test_nobody_is_matched_by_name_or_made(open_desk: Callable[..., Any]) -> None:
    desk = await open_desk()
    desk.person = "chief"
    desk.provider.does(claims={"preferred_username": "chief", "name": "测试局长", "email": "chief@x.example"})
    refused = await refusal(desk.sign_in())
    assert (refused.code, refused.reason) == (
        grpc.StatusCode.PERMISSION_DENIED,
        Reason.IDENTITY_NOT_BOUND,
    )
    accounts = await desk.accounts.ListAccounts(
        accounts_pb.ListAccountsRequest(), metadata=signed(desk.admin)
    )
    assert {each.login for each in accounts.accounts} == {"admin", "chief"}
    assert (await desk.events())[-1] == ("SIGN_IN_REFUSED", "统一身份认证：身份未绑定账号")


async def test_a_disabled_or_locked_account_stays_shut(desk: Desk) -> None:
    for _ in range(5):
        await refusal(desk.by_password(password="not the password"))
    assert (await refusal(desk.sign_in())).reason == Reason.ACCOUNT_LOCKED
    desk.clock.now += 2 * MINUTE
    assert await desk.sign_in()
    await desk.update("disable", disabled=True)
    refused = await refusal(desk.sign_in())
    assert (refused.reason, "停用" in refused.message) == (Reason.FORBIDDEN, True)
    assert (await desk.events())[-1][0] == "SIGN_IN_REFUSED"


async def test_an_identity_has_one_account_and_ends_its_sessions(desk: Desk) -> None:
    me = await desk.accounts.GetMe(accounts_pb.GetMeRequest(), metadata=signed(desk.admin))
    taken = await refusal(desk.bind(account_id=me.account.account_id))
    assert (taken.code, taken.reason) == (grpc.StatusCode.ALREADY_EXISTS, Reason.IDENTITY_TAKEN)
    assert (await refusal(desk.bind(" person-2"))).fields == ["subject"]
    session = (await desk.sign_in()).session_token
    ask = accounts_pb.GetMeRequest()
    # The same again changes nothing.
    await desk.bind()
    await desk.accounts.GetMe(ask, metadata=signed(session))
    request = pb.UnbindIdentityRequest(account_id=desk.chief.account_id)
    assert (
        await refusal(desk.identities.UnbindIdentity(request, metadata=signed(session)))
    ).reason == Reason.WRONG_ROLE
    for _ in range(2):
        await desk.identities.UnbindIdentity(request, metadata=signed(desk.admin))
    assert (await refusal(desk.accounts.GetMe(ask, metadata=signed(session)))).reason == Reason.SIGNED_OUT
    assert (await refusal(desk.sign_in())).reason == Reason.IDENTITY_NOT_BOUND
    assert [kind for kind, _ in await desk.events()].count("IDENTITY_UNBOUND") == 1
    assert "person-1" not in str(await desk.events())


async def test_passwords_of_the_bound_may_be_shut_but_for_an_emergency(open_desk: Callable[..., Any]) -> None:
    desk = await open_desk(passwords_of_bound=False, break_glass=["admin"])
    assert await desk.by_password()
    await desk.bind()
    refused = await refusal(desk.by_password())
    assert (refused.reason, "统一身份认证" in refused.message) == (Reason.FORBIDDEN, True)
    # Who does not know the password learns nothing.
    assert (await refusal(desk.by_password(password="not it"))).reason == Reason.BAD_CREDENTIALS
    me = await desk.accounts.GetMe(accounts_pb.GetMeRequest(), metadata=signed(desk.admin))
    await desk.bind("person-2", me.account.account_id)
    assert await desk.by_password("admin", ADMIN_PASSWORD)


async def test_a_second_factor_shown_to_the_provider_counts_if_the_court_says_so(
    open_desk: Callable[..., Any],
) -> None:
    desk = await open_desk(second_factor_amr=["otp"])
    await desk.bind()
    assert "max_age=600" in (await desk.begin()).address
    now = desk.clock.now // 1000
    orders = [
        ({"claims": {"amr": ["pwd"]}}, Reason.SECOND_FACTOR_MISSING),
        ({"claims": {"amr": ["otp"]}, "without": ["auth_time"]}, Reason.SECOND_FACTOR_MISSING),
        ({"claims": {"amr": "otp"}}, Reason.FEDERATED_SIGN_IN_REFUSED),
        # From a session at the provider that is older than what the court allows.
        ({"claims": {"amr": ["otp"], "auth_time": now - 601}}, Reason.SECOND_FACTOR_REQUIRED),
    ]
    for order, reason in orders:
        desk.provider.does(**order)

        async def signs_in_and_approves() -> None:
            await desk.approve((await desk.sign_in()).session_token)

        assert (await refusal(signs_in_and_approves())).reason == reason
    desk.provider.does(claims={"amr": ["pwd", "otp"]})
    session = (await desk.sign_in()).session_token
    await desk.approve(session)
    desk.clock.now += 10 * MINUTE
    assert (await refusal(desk.approve(session))).reason == Reason.SECOND_FACTOR_REQUIRED


async def test_what_the_provider_says_of_itself_about_the_factor_counts_too(
    open_desk: Callable[..., Any],
) -> None:
    """Nothing is spoiled here: class and time are those that the provider's own form has led to."""
    desk = await open_desk(second_factor_acr=[ACR])
    await desk.bind()
    await desk.approve((await desk.sign_in()).session_token)


async def test_the_provider_itself_refuses_wrong_passwords_and_wrong_clients(
    open_desk: Callable[..., Any], tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.secret"
    wrong.write_text("not the secret of this client\n")
    desk = await open_desk(client_secret_file=str(wrong))
    await desk.bind()
    begun = await desk.begin()
    no_code = await desk.provider.visit(begun.address, password="not what person-1 knows")
    assert (no_code.status_code, "location" in no_code.headers) == (403, False)
    refused = await refusal(desk.finish(await desk.visit(begun)))
    assert refused.reason == Reason.FEDERATED_SIGN_IN_REFUSED


async def test_the_providers_word_counts_for_nothing_without_a_setting(desk: Desk) -> None:
    desk.provider.does(claims={"amr": ["otp"], "acr": "gold", "auth_time": desk.clock.now // 1000})
    session = (await desk.sign_in()).session_token
    assert (await refusal(desk.approve(session))).reason == Reason.SECOND_FACTOR_MISSING


@pytest.mark.parametrize("same_key", [True, False])
async def test_a_restart_between_begin_and_end_does_no_harm(
    desk: Desk, journal: Journal, provider: RunningProvider, tmp_path: Path, *, same_key: bool
) -> None:
    back = await desk.visit(await desk.begin())
    federation = load_federation(provider.settings(tmp_path))
    accounts = Accounts(journal, federation=federation, keys=tmp_path if same_key else None)
    async with serving(journal, by_token(accounts), *accounts.services()) as channel:
        restarted = Desk(desk.clock, provider, channel)
        if same_key:
            assert (await restarted.finish(back)).account.login == "chief"
        else:
            # The key file was lost: who was under way begins anew.
            assert "重新登录" in (await refusal(restarted.finish(back))).message
            assert await restarted.sign_in()
    accounts.passwords.close()


async def test_without_a_provider_the_desk_says_so(journal: Journal, clock: Clock) -> None:
    accounts = Accounts(journal)
    async with serving(journal, by_token(accounts), *accounts.services()) as channel:
        stub = IdentityServiceStub(channel)
        assert (await stub.GetIdentityProvider(pb.GetIdentityProviderRequest())).name == ""
        refused = await refusal(stub.BeginFederatedSignIn(pb.BeginFederatedSignInRequest()))
        assert (refused.code, "密码" in refused.message) == (grpc.StatusCode.FAILED_PRECONDITION, True)
    accounts.passwords.close()
