"""Which passwords are good enough, and how long an account is closed after wrong ones."""

import asyncio
from collections.abc import Iterator

import pytest
from argon2.profiles import CHEAPEST, RFC_9106_LOW_MEMORY

from xiezhi_desk.accounts.lockout import LockOut, Strangers, Tries
from xiezhi_desk.accounts.passwords import MOST_WAITING, Passwords, check_password
from xiezhi_domain.errors import InvalidInput, LimitExceeded, Reason

GOOD = "correct horse battery"


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    passwords = Passwords(CHEAPEST)
    yield passwords
    passwords.close()


@pytest.mark.parametrize("bad", ["", "a" * 11, "a" * 257, "judge.of.suzhou", "JUDGE.of.suzhou"])
def test_weak_passwords_name_their_field(bad: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_password(bad, "judge.of.suzhou", "new_password")
    assert refused.value.fields[0].field == "new_password"
    assert not bad or bad not in str(refused.value)


@pytest.mark.parametrize(
    "easy", ["Password1234", "123456789012", "987654321098", "abababababab", "QWERTYUIOPAS"]
)
def test_passwords_that_everybody_guesses_are_refused(easy: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_password(easy, "judge", "password")
    assert refused.value.fields[0].field == "password"
    assert "过于常见或简单" in str(refused.value)


def test_twelve_characters_of_any_script_will_do() -> None:
    assert check_password("执行局的口令要足够长才行", "judge", "password")


async def test_a_hash_fits_its_password_only(passwords: Passwords) -> None:
    hashed = await passwords.hash(GOOD)
    assert hashed.startswith("$argon2id$")
    assert await passwords.matches(hashed, GOOD)
    assert not await passwords.matches(hashed, GOOD + " ")


async def test_the_same_password_from_another_keyboard(passwords: Passwords) -> None:
    hashed = await passwords.hash("caf\u00e9 de la gare")
    assert await passwords.matches(hashed, "cafe\u0301\u3000de la gare")


@pytest.mark.parametrize("stored", ["", "no hash at all", "$argon2id$v=19$broken"])
async def test_nothing_fits_what_is_no_hash(passwords: Passwords, stored: str) -> None:
    assert not await passwords.matches(stored, "nobody has this password")


def test_the_parameters_are_those_of_the_rfc() -> None:
    shipped, cheap = Passwords(), Passwords(CHEAPEST)
    try:
        hashed = cheap._hasher.hash(GOOD)
        assert shipped.is_outdated(hashed)
        assert not cheap.is_outdated(hashed)
        assert RFC_9106_LOW_MEMORY.memory_cost == 64 * 1024
    finally:
        shipped.close()
        cheap.close()


async def test_more_than_can_wait_are_sent_away(passwords: Passwords) -> None:
    tries = [asyncio.create_task(passwords.matches("", GOOD)) for _ in range(MOST_WAITING + 5)]
    ends = await asyncio.gather(*tries, return_exceptions=True)
    refused = [end for end in ends if isinstance(end, LimitExceeded)]
    assert len(refused) == 5
    assert all(end.reason is Reason.RATE_LIMITED and end.retry_after_ms > 0 for end in refused)
    assert await passwords.matches("", GOOD) is False


def test_the_fifth_failure_closes_and_each_further_one_doubles() -> None:
    rule = LockOut(tries=5, first_ms=60_000, longest_ms=3_600_000)
    closed = [rule.closed_for(failures) for failures in (4, 5, 6, 7, 11, 12, 10_000)]
    assert closed == [0, 60_000, 120_000, 240_000, 3_600_000, 3_600_000, 3_600_000]


def test_a_try_while_closed_costs_nothing_and_tells_when_to_come_back() -> None:
    tries = Tries(5, locked_until=10_000)
    with pytest.raises(LimitExceeded) as refused:
        tries.charged(LockOut(), 4_000)
    assert (refused.value.reason, refused.value.retry_after_ms) == (Reason.ACCOUNT_LOCKED, 6_000)
    assert tries.charged(LockOut(), 10_000) == Tries(6, 10_000 + 120_000)


def test_strangers_are_locked_like_those_we_know() -> None:
    strangers = Strangers(LockOut(tries=2))
    strangers.charge("nobody", 0)
    strangers.charge("nobody", 0)
    for _ in range(2):
        with pytest.raises(LimitExceeded):
            strangers.charge("nobody", 1)
    strangers.charge("somebody else", 1)
    strangers.charge("nobody", 60_000)
