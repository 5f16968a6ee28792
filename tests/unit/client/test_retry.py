"""When a call is tried again."""

import pytest

from xiezhi_client.sdk.errors import InvalidInput, Overloaded, Unavailable
from xiezhi_client.sdk.retry import Backoff, RetryPolicy

POLICY = RetryPolicy(attempts=3, first_wait=0.0, longest_wait=0.001)
LOST = Unavailable("CONNECTION_LOST", "")


async def pauses(backoff: Backoff, error: Exception, limit: int = 20) -> int:
    for count in range(limit):
        try:
            await backoff.pause(error)
        except type(error):
            return count
    return limit


async def test_attempts_are_counted() -> None:
    assert await pauses(Backoff(POLICY), LOST) == 2


async def test_a_lasting_error_is_raised_at_once() -> None:
    assert await pauses(Backoff(POLICY), InvalidInput("INVALID_FIELD", "")) == 0
    assert await pauses(Backoff(POLICY, endless=True), InvalidInput("INVALID_FIELD", "")) == 0


async def test_a_server_that_asks_for_more_than_our_patience_is_left() -> None:
    assert await pauses(Backoff(POLICY), Overloaded("ACCOUNT_LOCKED", "", (), 900)) == 0
    assert await pauses(Backoff(POLICY), Overloaded("RATE_LIMITED", "", (), 0.001)) == 2
    assert await pauses(Backoff(POLICY), Overloaded("TOO_LARGE", "")) == 0


async def test_endless_is_endless() -> None:
    assert await pauses(Backoff(POLICY, endless=True), LOST) == 20
    await Backoff(POLICY).pause()


async def test_getting_further_forgets_failures_and_standing_still_does_not() -> None:
    backoff = Backoff(POLICY)
    for position in (10, 20, 30):
        backoff.reached(position)
        await backoff.pause(LOST)
        await backoff.pause(LOST)
    backoff.reached(30)
    with pytest.raises(Unavailable):
        await backoff.pause(LOST)
