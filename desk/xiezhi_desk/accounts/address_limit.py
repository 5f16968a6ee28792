"""Stopping an address for a while that many failed sign-ins come from, whatever accounts they tried.

Beside the lock-out of each account, which a guesser goes round by trying one password on many of them.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from xiezhi_domain.errors import DomainError, LimitExceeded, Reason

FAILURES_PER_ADDRESS: Final = 30
_MOST_ADDRESSES: Final = 10_000
_FORGIVEN_MS: Final = 60_000
"""One failure is forgiven in this time."""
_WHOLE_NETWORK: Final = 64
"""Bits of an IPv6 address that one household or office has: the rest is its own to choose (RFC 6177)."""
_FAILED: Final = frozenset(
    {
        Reason.BAD_CREDENTIALS,
        Reason.SECOND_FACTOR_WRONG,
        Reason.FEDERATED_SIGN_IN_REFUSED,
        Reason.IDENTITY_NOT_BOUND,
    }
)


@dataclass(slots=True)
class _Failures:
    """What failures cost, in ms that have to pass until all are forgiven, as it was at a time."""

    cost: int
    at: int


class AddressLimit:
    """Lets each address fail *most* times, and then once a minute.

    In memory and for the last 10,000 addresses: after a restart they begin anew. *clock* is in ms since 1970. The
    machine itself is not counted: a workbench there that does not tell its browsers' addresses is many people.
    """

    def __init__(self, most: int, clock: Callable[[], int]) -> None:
        self._most = most
        self._clock = clock
        self._failures: OrderedDict[str, _Failures] = OrderedDict()

    @contextmanager
    def one_try(self, address: str) -> Iterator[None]:
        """Let a sign-in be tried inside the block; it is counted first, and not if it does not fail.

        Counted first, because many tries sent at once would all be let through before the first has failed.

        :raises LimitExceeded: ADDRESS_LOCKED with the time left.
        """
        key = _counted(address)
        if key is None:
            yield
            return
        self._charge(key)
        try:
            yield
        except DomainError as error:
            if error.reason not in _FAILED:
                self._take_back(key)
            raise
        except BaseException:
            self._take_back(key)
            raise
        else:
            self._take_back(key)

    def _charge(self, key: str) -> None:
        now = self._clock()
        before = self._failures.get(key, _Failures(0, now))
        cost = max(0, before.cost - (now - before.at)) + _FORGIVEN_MS
        beyond = cost - self._most * _FORGIVEN_MS
        if beyond > 0:
            raise LimitExceeded(Reason.ADDRESS_LOCKED, retry_after_ms=beyond)
        self._failures[key] = _Failures(cost, now)
        self._failures.move_to_end(key)
        if len(self._failures) > _MOST_ADDRESSES:
            self._failures.popitem(last=False)

    def _take_back(self, key: str) -> None:
        failures = self._failures.get(key)
        if failures is None:
            return
        failures.cost = max(0, failures.cost - _FORGIVEN_MS)
        if not failures.cost:
            del self._failures[key]


def _counted(address: str) -> str | None:
    """Return what an address is counted as; None for the machine itself, and for what is no address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    if parsed.is_loopback:
        return None
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, _WHOLE_NETWORK), strict=False))
    return str(parsed)
