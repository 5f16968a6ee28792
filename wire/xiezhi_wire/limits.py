"""Rate limits: one token bucket for each caller (design §9)."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from math import ceil

from xiezhi_domain.errors import LimitExceeded, Reason


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at_ms: int


class RateLimiter:
    """Lets each key do ``per_second`` things on average and ``burst`` at once.

    ``clock_ms`` is a monotonic clock in milliseconds; ``refusal`` is what is told beyond the limit, else the
    reason's own text.
    """

    # Full buckets say nothing and are dropped when this many have gathered.
    _SWEEP_AT = 10_000

    def __init__(self, per_second: float, burst: int, clock_ms: Callable[[], int], refusal: str = "") -> None:
        if per_second <= 0 or burst < 1:
            raise ValueError("a rate limit needs a positive rate and a burst of at least 1")
        self._per_ms = per_second / 1000
        self._burst = burst
        self._clock_ms = clock_ms
        self._refusal = refusal
        self._buckets: dict[Hashable, _Bucket] = {}
        self._sweep_at = self._SWEEP_AT

    def take(self, key: Hashable, cost: int = 1) -> None:
        """Counts ``cost`` things (at most the burst) against ``key``.

        Raises:
            LimitExceeded: `RATE_LIMITED` with the time after which the same would be let through; nothing is
            counted.

        """
        now_ms = self._clock_ms()
        bucket = self._bucket(key, now_ms)
        bucket.tokens = self._filled(bucket, now_ms)
        bucket.at_ms = now_ms
        lacking = min(cost, self._burst) - bucket.tokens
        if lacking > 0:
            retry_after_ms = ceil(lacking / self._per_ms)
            raise LimitExceeded(Reason.RATE_LIMITED, self._refusal, retry_after_ms=retry_after_ms)
        bucket.tokens = -lacking

    def _bucket(self, key: Hashable, now_ms: int) -> _Bucket:
        bucket = self._buckets.get(key)
        if bucket is None:
            if len(self._buckets) >= self._sweep_at:
                self._sweep(now_ms)
            bucket = self._buckets[key] = _Bucket(self._burst, now_ms)
        return bucket

    def _sweep(self, now_ms: int) -> None:
        self._buckets = {
            key: bucket for key, bucket in self._buckets.items() if self._filled(bucket, now_ms) < self._burst
        }
        # Where most buckets are in use, sweeping at each new key would cost more than the memory.
        self._sweep_at = max(self._SWEEP_AT, 2 * len(self._buckets))

    def _filled(self, bucket: _Bucket, now_ms: int) -> float:
        return min(self._burst, bucket.tokens + (now_ms - bucket.at_ms) * self._per_ms)
