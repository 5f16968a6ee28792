"""How often and after which pauses a call is repeated.

A loop of our own instead of gRPC's service config: it honours `RetryInfo`, goes on over reconnections for as
long as a transfer moves, and is one place to read.
"""

import asyncio
import random
from dataclasses import dataclass

from xiezhi_client.sdk.errors import XiezhiError


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How patient a client is; all times in seconds."""

    attempts: int = 5
    """Tries of one call before its error is raised."""
    first_wait: float = 0.2
    """Longest pause after the first failure; it doubles with each further one."""
    longest_wait: float = 10.0
    """Longest pause, also where a server asks for more: then its error is raised instead."""
    attempt_timeout: float = 30.0
    """How long one try of a unary call may take."""


class Backoff:
    """The pauses between the tries of one call, with full jitter."""

    def __init__(self, policy: RetryPolicy, *, endless: bool = False) -> None:
        """Begin; `endless` never gives up while the error may pass, as a watch must not."""
        self._policy = policy
        self._endless = endless
        self._failures = 0
        self._furthest = 0

    def reached(self, position: int) -> None:
        """Forget the failures if a transfer is now further than it ever was."""
        if position > self._furthest:
            self._furthest = position
            self._failures = 0

    async def pause(self, error: XiezhiError | None = None) -> None:
        """Wait before the next try. Raise `error` where another try makes no sense."""
        self._failures += 1
        if error is not None and not self._worth_another_try(error):
            raise error
        grown = self._policy.first_wait * 2 ** min(self._failures - 1, 30)
        pause = random.uniform(0, min(grown, self._policy.longest_wait))  # noqa: S311  spreads load, hides nothing
        asked = error.retry_after if error is not None else None
        await asyncio.sleep(max(pause, asked or 0.0))

    def _worth_another_try(self, error: XiezhiError) -> bool:
        if not error.transient:
            return False
        if self._endless:
            return True
        asked_too_much = error.retry_after is not None and error.retry_after > self._policy.longest_wait
        return self._failures < self._policy.attempts and not asked_too_much
