"""People and programs of a court."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import account_journal_service_pb2, account_service_pb2, second_factor_service_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.court import Officer
from xiezhi_client.sdk.vocabulary import AccountEventKind, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(Record[account_service_pb2.Account]):
    """A person or a program of the court; `locked_until` is told by the server and never taken.

    `must_change_password`: somebody else chose the password; it is taken where one is set.
    """

    account_id: str = ""
    login: str = ""
    officer: Officer | None = None
    roles: tuple[Role, ...] = ()
    disabled: bool = False
    locked_until: datetime | None = None
    must_change_password: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession(Record[account_service_pb2.Session]):
    """A session of a person that goes on; last used to the minute."""

    account_id: str = ""
    started_at: datetime | None = None
    last_used_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(Record[account_service_pb2.SignInResponse]):
    """A session: its bearer token, its latest end, whose it is, and what a person is told of the account.

    That is when and from where it signed in before, and how often that was refused since.
    """

    session_token: str = ""
    expires_at: datetime | None = None
    account: Account | None = None
    court: str = ""
    previous_at: datetime | None = None
    previous_address: str = ""
    refused_since: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Me(Record[account_service_pb2.GetMeResponse]):
    """Who the caller is."""

    account: Account | None = None
    court: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken(Record[account_service_pb2.ApiToken]):
    """A token of a program, without the token itself; last used to the minute, None for never."""

    token_id: str = ""
    account_id: str = ""
    label: str = ""
    roles: tuple[Role, ...] = ()
    made_at: datetime | None = None
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked: bool = False
    may_approve: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactor(Record[second_factor_service_pb2.GetSecondFactorResponse]):
    """Since when an account has a second factor, None where it has none, and what its court demands."""

    set_at: datetime | None = None
    recovery_codes_left: int = 0
    demanded: bool = False
    minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSecondFactor(Record[second_factor_service_pb2.BeginSecondFactorResponse]):
    """The secret of a new second factor, typed or as a URI for a QR code; shown this once."""

    secret: str = ""
    uri: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEvent(Record[account_journal_service_pb2.AccountEvent]):
    """An entry of the journal of accounts; `account_id` is empty for a login that nobody has."""

    at: datetime | None = None
    kind: AccountEventKind = ""
    account_id: str = ""
    login: str = ""
    name: str = ""
    by_account_id: str = ""
    by_name: str = ""
    address: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEventPage(Record[account_journal_service_pb2.ListAccountEventsResponse]):
    """Entries, the last first; `next_page_token` is empty at the end."""

    events: tuple[AccountEvent, ...] = ()
    next_page_token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewApiToken(Record[account_service_pb2.CreateApiTokenResponse]):
    """A token for a program; `token` is shown this once."""

    token_id: str = ""
    token: str = ""
