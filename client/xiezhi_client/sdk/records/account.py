"""People and programs of a court."""

from dataclasses import dataclass
from datetime import datetime

from xiezhi.v1 import account_service_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.court import Officer
from xiezhi_client.sdk.vocabulary import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(Record[account_service_pb2.Account]):
    """A person or a program of the court; `locked_until` is told by the server and never taken."""

    account_id: str = ""
    login: str = ""
    officer: Officer | None = None
    roles: tuple[Role, ...] = ()
    disabled: bool = False
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession(Record[account_service_pb2.Session]):
    """A session of a person that goes on; last used to the minute."""

    account_id: str = ""
    started_at: datetime | None = None
    last_used_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(Record[account_service_pb2.SignInResponse]):
    """A session: its bearer token, its latest end, whose it is."""

    session_token: str = ""
    expires_at: datetime | None = None
    account: Account | None = None
    court: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Me(Record[account_service_pb2.GetMeResponse]):
    """Who the caller is."""

    account: Account | None = None
    court: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken(Record[account_service_pb2.CreateApiTokenResponse]):
    """A token for a program; `token` is shown this once."""

    token_id: str = ""
    token: str = ""
