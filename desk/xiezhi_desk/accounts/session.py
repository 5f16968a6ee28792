"""A session: its limits, its beginning, and whom it was begun for."""

from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from sqlalchemy import Connection

from xiezhi_desk.account_journal.before import Before
from xiezhi_desk.accounts.account import Account
from xiezhi_desk.accounts.limits import SESSIONS_PER_ACCOUNT
from xiezhi_wire.streams import BELIEVED_SECONDS


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long a session lives unused and at most, how long a look-up is believed, how often use is noted; in ms.

    `of_one_account`: how many an account may have. One more ends the one that was not used for longest: people whose
    browsers and phones forgot to sign out are not shut out, nor programs that sign in with each run.
    """

    idle_ms: int = 30 * 60_000
    absolute_ms: int = 12 * 3_600_000
    cached_ms: int = int(BELIEVED_SECONDS * 1000)
    noted_ms: int = 60_000
    of_one_account: int = SESSIONS_PER_ACCOUNT


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session that has begun: its token, shown once, and when it ends at the latest (ms since 1970)."""

    token: str = field(repr=False)
    expires_at: int


class SignedIn(NamedTuple):
    """Somebody who has signed in: the session, the account as it is then, and what is told of the sign-in before."""

    session: NewSession
    account: Account
    before: Before


class BeginSession(Protocol):
    """Begins a session in a transaction; `confirmed_at`: when a second factor was shown (ms since 1970; 0: none).

    `must_change_password`: the password that was typed is to be changed before anything else.
    """

    def __call__(
        self, connection: Connection, *, confirmed_at: int = 0, must_change_password: bool = False
    ) -> Before:
        """Begin it; return what is told of the sign-in before."""
