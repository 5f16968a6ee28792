"""Sessions of browsers: found by their token alone, and over by time or by leaving."""

import time

import pytest

from xiezhi_client.sdk import Client, Me
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.channel import open_channel
from xiezhi_client.sdk.retry import RetryPolicy
from xiezhi_workbench.sessions import Sessions

MINUTE = 60 * 1_000_000_000


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = time.time_ns()
        monkeypatch.setattr(time, "time_ns", lambda: self.now)

    def pass_minutes(self, minutes: int) -> None:
        self.now += minutes * MINUTE


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
async def client() -> Client:
    async with open_channel("127.0.0.1:1", b"") as channel:
        yield Client(Calls(channel, RetryPolicy()))


@pytest.fixture
def sessions(clock: Clock) -> Sessions:
    return Sessions(idle_minutes=30, session_minutes=100)


def test_a_session_is_found_by_its_token_alone(sessions: Sessions, client: Client) -> None:
    me = Me(court="苏0508")
    token = sessions.begin(client, me)
    assert sessions.find(token).me == me
    assert sessions.find("") is sessions.find(token[:-1]) is None
    assert sessions.begin(client, me) != token


def test_neither_token_is_kept_nor_written(sessions: Sessions, client: Client) -> None:
    token = sessions.begin(client, Me())
    assert token not in repr(vars(sessions))
    assert sessions.find(token).csrf not in repr(sessions.find(token))


def test_it_ends_after_a_time_without_a_click(sessions: Sessions, client: Client, clock: Clock) -> None:
    token = sessions.begin(client, Me())
    clock.pass_minutes(29)
    assert sessions.find(token)
    clock.pass_minutes(29)
    assert sessions.find(token, clicked=False)
    clock.pass_minutes(1)
    assert sessions.find(token) is None
    assert sessions.find(token) is None


def test_it_ends_in_any_case(sessions: Sessions, client: Client, clock: Clock) -> None:
    token = sessions.begin(client, Me())
    for _ in range(4):
        clock.pass_minutes(20)
        assert sessions.find(token)
    clock.pass_minutes(20)
    assert sessions.find(token) is None


def test_it_says_how_long_it_lasts(sessions: Sessions, client: Client, clock: Clock) -> None:
    session = sessions.find(sessions.begin(client, Me()))
    assert session is not None
    clock.pass_minutes(90)
    assert sessions.limits(session) == (30 * 60, 10 * 60)
    clock.pass_minutes(90)
    assert sessions.limits(session) == (30 * 60, 0)


def test_leaving_ends_one_session(sessions: Sessions, client: Client) -> None:
    here, there = sessions.begin(client, Me()), sessions.begin(client, Me())
    sessions.end(here)
    sessions.end("unknown")
    assert sessions.find(here) is None
    assert sessions.find(there)


def test_ended_sessions_are_forgotten(sessions: Sessions, client: Client, clock: Clock) -> None:
    sessions.begin(client, Me())
    clock.pass_minutes(31)
    sessions.begin(client, Me())
    assert len(sessions._by_digest) == 1


async def test_a_page_says_once_what_was_done(sessions: Sessions, client: Client) -> None:
    session = sessions.find(sessions.begin(client, Me()))
    assert session is not None
    session.tell("/matters/1", "已提交")
    assert session.told("/matters/2") == ""
    assert session.told("/matters/1") == "已提交"
    assert session.told("/matters/1") == ""


async def test_what_no_page_says_does_not_pile_up(sessions: Sessions, client: Client) -> None:
    session = sessions.find(sessions.begin(client, Me()))
    assert session is not None
    for number in range(100):
        session.tell(f"/matters/{number}", "已提交")
    told = [session.told(f"/matters/{number}") for number in range(100)]
    assert told[-1] == "已提交"
    assert sum(map(bool, told)) < 10
