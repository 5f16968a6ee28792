"""A desk under test: a journal in a real database, real gRPC with the whole chain, a clock that the test turns."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import grpc
from argon2.profiles import CHEAPEST
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status
from prometheus_client import CollectorRegistry
from tests.databases import create_schema

from xiezhi_desk.accounts.assembly import AccountRules, account_services
from xiezhi_desk.accounts.passwords import Passwords
from xiezhi_desk.accounts.session import SessionLimits
from xiezhi_desk.accounts.sessions import Sessions
from xiezhi_desk.federation.settings import FederationSettings
from xiezhi_journal.engine import open_writer_engine
from xiezhi_journal.journal import Journal
from xiezhi_wire.accounting import Accounting
from xiezhi_wire.credentials import Authenticator, bearer
from xiezhi_wire.errors import DETAILS_KEY
from xiezhi_wire.forwarding import NOBODY, Forwarding
from xiezhi_wire.interceptors import ChainParts, standard_chain
from xiezhi_wire.limits import RateLimiter
from xiezhi_wire.listener import Service
from xiezhi_wire.policy import MethodPolicy
from xiezhi_wire.second_factor import NO_DEMAND, SecondFactorDemand
from xiezhi_wire.streams import LiveStreams
from xiezhi_wire.transport import CHANNEL_OPTIONS, SERVER_OPTIONS

COURT = "苏0508"
MINUTE = 60_000
ADMIN_PASSWORD = "a password for tests"

POLICY = MethodPolicy.load(
    """
    ["xiezhi.v1.AccountService"]
    SignIn = "public"
    SignOut = ["session", "first-password"]
    GetMe = ["session", "first-password"]
    GetStorageKey = "session"
    ChangePassword = ["session", "first-password"]
    ListAccounts = "session"
    CreateAccount = "ADMINISTRATOR"
    UpdateAccount = "ADMINISTRATOR"
    ImportStaff = "ADMINISTRATOR"
    ListSessions = "ADMINISTRATOR"
    EndSessions = "ADMINISTRATOR"
    UnlockAccount = "ADMINISTRATOR"
    CreateApiToken = "ADMINISTRATOR"
    ListApiTokens = "session"
    RevokeApiToken = "session"

    ["xiezhi.v1.IdentityService"]
    GetIdentityProvider = "public"
    BeginFederatedSignIn = "public"
    FinishFederatedSignIn = "public"
    GetIdentity = "ADMINISTRATOR"
    BindIdentity = "ADMINISTRATOR"
    UnbindIdentity = "ADMINISTRATOR"

    ["xiezhi.v1.SecondFactorService"]
    GetSecondFactor = "session"
    BeginSecondFactor = "session"
    FinishSecondFactor = "session"
    ConfirmSecondFactor = "session"
    RemoveSecondFactor = "session"
    ResetSecondFactor = "ADMINISTRATOR"

    ["xiezhi.v1.AccountJournalService"]
    ListAccountEvents = "session"

    ["xiezhi.v1.InstructionService"]
    ApproveInstruction = "BUREAU_CHIEF"

    ["xiezhi.v1.DocumentService"]
    StartUpload = ["node", "JUDGE", "ASSISTANT"]
    UploadDocument = ["node", "JUDGE", "ASSISTANT"]
    DownloadDocument = ["node", "session"]
    """
)


class Clock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.now = 1_800_000_000_000

    def __call__(self) -> int:
        return self.now


@contextmanager
def open_journal(url: str, clock: Clock) -> Iterator[Journal]:
    engine = open_writer_engine(url)
    create_schema(engine)
    engine.dispose()
    journal = Journal(url, court=COURT, clock=clock)
    journal.start()
    try:
        yield journal
    finally:
        journal.close()


@dataclass
class Accounts:
    """What serves accounts."""

    journal: Journal
    passwords: Passwords = field(default_factory=lambda: Passwords(CHEAPEST))
    demanded: bool = False
    failures_per_address: int = 30
    federation: FederationSettings | None = None
    sign_ins_per_minute: int = 1_000
    sessions_per_account: int = 20
    keys: Path | None = None
    """Where the key file lies; else it is forgotten at once."""

    def __post_init__(self) -> None:
        self.sessions = Sessions(self.journal, SessionLimits(of_one_account=self.sessions_per_account))
        self.demand = SecondFactorDemand(self.demanded, minutes=10, clock_ms=self.journal.clock)

    def services(self) -> list[Service]:
        with TemporaryDirectory() as folder:
            key_file = Path(self.keys or folder, "accounts.secret")
            rules = AccountRules(
                key_file,
                self.demand,
                self.failures_per_address,
                self.federation,
                self.sign_ins_per_minute,
            )
            return account_services(self.journal, self.passwords, self.sessions, rules)


@asynccontextmanager
async def serving(
    journal: Journal,
    authenticator: Authenticator,
    *services: Service,
    demand: SecondFactorDemand = NO_DEMAND,
    forwarding: Forwarding = NOBODY,
) -> AsyncIterator[grpc.aio.Channel]:
    parts = ChainParts(
        Accounting(CollectorRegistry()),
        (authenticator,),
        POLICY,
        RateLimiter(1_000, 1_000, journal.clock),
        LiveStreams(),
        second_factor=demand,
        forwarding=forwarding,
    )
    server = grpc.aio.server(interceptors=[standard_chain(parts)], options=SERVER_OPTIONS)
    for service in services:
        service.add(service.servicer, server)
    port = server.add_secure_port("127.0.0.1:0", grpc.local_server_credentials())
    await server.start()
    options = (*CHANNEL_OPTIONS, ("grpc.use_local_subchannel_pool", 1))
    credentials = grpc.local_channel_credentials()
    try:
        async with grpc.aio.secure_channel(f"127.0.0.1:{port}", credentials, options=options) as channel:
            yield channel
    finally:
        await server.stop(0)


def by_token(accounts: Accounts) -> Authenticator:
    return bearer(accounts.sessions, accounts.journal.clock)


def signed(token: str) -> tuple[tuple[str, str], ...]:
    return (("authorization", f"Bearer {token}"),)


@dataclass
class Refusal:
    """What a failed call told."""

    code: grpc.StatusCode
    reason: str
    message: str
    retry_ms: int
    fields: list[str]
    metadata: dict[str, str]


async def refusal(call: Any) -> Refusal:
    """Awaits ``call``, which must fail, and reads what it tells."""
    try:
        await call
    except grpc.aio.AioRpcError as error:
        return _told(error)
    raise AssertionError("the call was not refused")


def _told(error: grpc.aio.AioRpcError) -> Refusal:
    status = Status.FromString(dict(error.trailing_metadata())[DETAILS_KEY])
    details: dict[Callable[[], Any], Any] = {}
    for kind in (ErrorInfo, RetryInfo, BadRequest):
        details[kind] = kind()
        for packed in status.details:
            if packed.Is(kind.DESCRIPTOR):
                packed.Unpack(details[kind])
    return Refusal(
        error.code(),
        details[ErrorInfo].reason,
        status.message,
        details[RetryInfo].retry_delay.ToMilliseconds(),
        [violation.field for violation in details[BadRequest].field_violations],
        dict(details[ErrorInfo].metadata),
    )
