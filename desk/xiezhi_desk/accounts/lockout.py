"""Closing an account for a while after wrong passwords: five for free, then each one costs twice the last."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from xiezhi_domain.errors import LimitExceeded, Reason

_MOST_STRANGERS: Final = 10_000


@dataclass(frozen=True, slots=True)
class LockOut:
    """The rule: after `tries` failures closed for `first_ms`, doubled with each further one up to `longest_ms`."""

    tries: int = 5
    first_ms: int = 60_000
    longest_ms: int = 3_600_000

    def closed_for(self, failures: int) -> int:
        """Return for how many ms an account is closed after so many failures."""
        beyond = failures - self.tries
        if beyond < 0:
            return 0
        # Capped before it is doubled: a program that tries for days must not make us count with huge numbers.
        return min(self.first_ms << min(beyond, 32), self.longest_ms)


@dataclass(frozen=True, slots=True)
class Tries:
    """Tries since the last good one, and until when (ms since 1970) there is no other."""

    failures: int = 0
    locked_until: int = 0

    def charged(self, rule: LockOut, now: int) -> "Tries":
        """Return this with one try more, counted before the password is looked at.

        Counted before, because many tries sent at once would all be looked at before the first has failed.

        :raises LimitExceeded: ACCOUNT_LOCKED with the time left.
        """
        if now < self.locked_until:
            raise LimitExceeded(Reason.ACCOUNT_LOCKED, retry_after_ms=self.locked_until - now)
        failures = self.failures + 1
        return Tries(failures, now + rule.closed_for(failures) if rule.closed_for(failures) else 0)


class Strangers:
    """Counts tries for logins that nobody has like those that somebody has, so that locking tells neither apart.

    In memory and for the last 10,000 of them: after a restart they begin anew.
    """

    def __init__(self, rule: LockOut) -> None:
        self._rule = rule
        self._tries: OrderedDict[str, Tries] = OrderedDict()

    def charge(self, login: str, now: int) -> None:
        """Count a try.

        :raises LimitExceeded: ACCOUNT_LOCKED with the time left.
        """
        self._tries[login] = self._tries.get(login, Tries()).charged(self._rule, now)
        self._tries.move_to_end(login)
        if len(self._tries) > _MOST_STRANGERS:
            self._tries.popitem(last=False)
