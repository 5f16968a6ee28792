"""The token bucket, on a clock that the test turns."""

import pytest

from xiezhi_domain.errors import LimitExceeded, Reason
from xiezhi_wire.limits import RateLimiter


class Clock:
    def __init__(self) -> None:
        self.now_ms = 1_000

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_the_burst_passes_and_the_next_is_told_when_to_come_back(clock: Clock) -> None:
    limiter = RateLimiter(per_second=2, burst=3, clock_ms=clock)
    for _ in range(3):
        limiter.take("a")
    with pytest.raises(LimitExceeded) as refused:
        limiter.take("a")
    assert (refused.value.reason, refused.value.retry_after_ms) == (Reason.RATE_LIMITED, 500)
    clock.now_ms += refused.value.retry_after_ms
    limiter.take("a")


def test_one_caller_does_not_use_up_anothers_share(clock: Clock) -> None:
    limiter = RateLimiter(per_second=1, burst=1, clock_ms=clock)
    limiter.take("a")
    limiter.take("b")
    with pytest.raises(LimitExceeded):
        limiter.take("a")


def test_a_refused_call_costs_nothing(clock: Clock) -> None:
    limiter = RateLimiter(per_second=1, burst=2, clock_ms=clock)
    limiter.take("a", cost=2)
    for _ in range(5):
        with pytest.raises(LimitExceeded):
            limiter.take("a")
    clock.now_ms += 1_000
    limiter.take("a")


def test_a_cost_above_the_burst_passes_with_a_full_bucket(clock: Clock) -> None:
    limiter = RateLimiter(per_second=1, burst=2, clock_ms=clock)
    limiter.take("a", cost=50)
    with pytest.raises(LimitExceeded) as refused:
        limiter.take("a", cost=50)
    assert refused.value.retry_after_ms == 2_000


def test_full_buckets_are_forgotten_and_used_ones_are_not(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RateLimiter, "_SWEEP_AT", 4)
    limiter = RateLimiter(per_second=1, burst=1, clock_ms=clock)
    for key in range(4):
        limiter.take(key)
    clock.now_ms += 1_000
    limiter.take(0)
    limiter.take("new")
    assert set(limiter._buckets) == {0, "new"}


@pytest.mark.parametrize(("per_second", "burst"), [(0, 1), (-1, 1), (1, 0)])
def test_a_limit_that_lets_nothing_through_is_refused(per_second: float, burst: int, clock: Clock) -> None:
    with pytest.raises(ValueError, match="rate limit"):
        RateLimiter(per_second, burst, clock)
