"""A right that went behind the process's back: its stream is closed five seconds later at the latest (protocol §13)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import Connection, delete, update
from tests.integration.desk.desk import MINUTE, Accounts, Clock

from xiezhi.v1 import court_pb2
from xiezhi_desk.accounts import bearer_store, store
from xiezhi_desk.accounts.account import Account
from xiezhi_desk.accounts.bearer import Bearer, new_token, token_hash
from xiezhi_desk.accounts.bearer_store import ApiToken
from xiezhi_desk.accounts.session import SessionLimits
from xiezhi_domain.errors import DomainError, NotAllowed, Reason
from xiezhi_domain.terms import Role
from xiezhi_hub.enrolment.certificates import REFRESH_SECONDS
from xiezhi_journal.engine import open_writer_engine
from xiezhi_journal.journal import Journal
from xiezhi_journal.tables import account, api_token, session
from xiezhi_wire.caller import Caller
from xiezhi_wire.streams import (
    BELIEVED_SECONDS,
    RECHECK_SECONDS,
    RIGHTS_GONE_SECONDS,
    ROUND_SECONDS,
    LiveStreams,
)

SECOND = 1_000
JUDGE = Account(
    "a1", "judge", court_pb2.Officer(name="测试法官"), frozenset({Role.JUDGE, Role.ASSISTANT}), "its hash"
)


def test_what_is_believed_and_the_next_answer_are_within_the_limit() -> None:
    assert BELIEVED_SECONDS + RECHECK_SECONDS + ROUND_SECONDS <= RIGHTS_GONE_SECONDS == 5.0
    assert SessionLimits().cached_ms <= BELIEVED_SECONDS * SECOND
    # Reading the list of certificates closes their streams itself.
    assert REFRESH_SECONDS + ROUND_SECONDS <= RIGHTS_GONE_SECONDS


@dataclass
class Person:
    """The judge with a session or an API token, and another process on the same database."""

    url: str
    journal: Journal
    clock: Clock
    accounts: Accounts
    token: str = ""

    async def begin(self, kind: Bearer) -> None:
        self.token = new_token(kind)
        now = self.clock.now

        def work(connection: Connection) -> None:
            store.add_account(connection, JUDGE)
            hashed, until = token_hash(self.token), now + 60 * MINUTE
            if kind is Bearer.SESSION:
                bearer_store.add_session(connection, hashed, JUDGE.account_id, now, until, 0)
            else:
                made = ApiToken("t1", hashed, JUDGE.account_id, JUDGE.roles, "夜间导入", until)
                bearer_store.add_api_token(connection, made)

        await self.journal.write(work)

    def elsewhere(self, work: Callable[[Connection], object]) -> None:
        engine = open_writer_engine(self.url)
        with engine.begin() as connection:
            work(connection)
        engine.dispose()


@pytest.fixture
async def person(journal: Journal, journal_url: str, clock: Clock) -> AsyncIterator[Person]:
    accounts = Accounts(journal)
    yield Person(journal_url, journal, clock, accounts)
    accounts.passwords.close()


def disabled(connection: Connection) -> None:
    connection.execute(update(account).values(disabled=True))


def role_taken(connection: Connection) -> None:
    connection.execute(update(account).values(roles=Role.ASSISTANT.value))


def session_ended(connection: Connection) -> None:
    connection.execute(delete(session))


def other_password(connection: Connection) -> None:
    bearer_store.end_sessions_of(connection, JUDGE.account_id)
    connection.execute(update(account).values(password_hash="another"))


def token_revoked(connection: Connection) -> None:
    connection.execute(update(api_token).values(revoked=True))


def token_narrowed(connection: Connection) -> None:
    connection.execute(update(api_token).values(roles=Role.ASSISTANT.value))


SESSIONS = [disabled, role_taken, session_ended, other_password]
TOKENS = [disabled, role_taken, token_revoked, token_narrowed]


@pytest.mark.parametrize(
    ("kind", "goes"),
    [*((Bearer.SESSION, way) for way in SESSIONS), *((Bearer.API_TOKEN, way) for way in TOKENS)],
)
async def test_the_stream_of_a_right_that_went_elsewhere_ends_within_five_seconds(
    person: Person, kind: Bearer, goes: Callable[[Connection], None]
) -> None:
    sessions, streams, begun = person.accounts.sessions, LiveStreams(), asyncio.Event()
    await person.begin(kind)
    assert await sessions.lookup(person.token) is not None
    gone_at = person.clock.now + 1
    person.elsewhere(goes)
    # The worst case: the stream begins with what was looked up before, in the last moment in which that is believed.
    person.clock.now += int(BELIEVED_SECONDS * SECOND) - 1
    caller = await sessions.lookup(person.token)
    assert isinstance(caller, Caller)

    async def stream() -> None:
        with streams.register(caller):
            begun.set()
            await asyncio.Event().wait()

    serving = asyncio.create_task(stream())
    await begun.wait()
    # A round has just gone by, and the next one takes as long as it may.
    person.clock.now += int((RECHECK_SECONDS + ROUND_SECONDS) * SECOND)
    await streams.recheck_once(sessions.signed_out)
    with pytest.raises(DomainError) as ended:
        await serving
    assert isinstance(ended.value, NotAllowed)
    assert ended.value.reason is Reason.SIGNED_OUT
    assert person.clock.now - gone_at <= RIGHTS_GONE_SECONDS * SECOND
    if goes in {role_taken, token_narrowed}:
        left = await sessions.lookup(person.token)
        assert left is not None
        assert left.roles == {Role.ASSISTANT}
    else:
        assert await sessions.lookup(person.token) is None


async def test_a_clock_that_is_put_back_prolongs_nothing(person: Person) -> None:
    await person.begin(Bearer.SESSION)
    sessions = person.accounts.sessions
    assert await sessions.lookup(person.token) is not None
    person.elsewhere(session_ended)
    person.clock.now -= 60 * MINUTE
    assert await sessions.lookup(person.token) is None
