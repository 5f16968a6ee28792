"""Stopping an address for a while that fails too often to show who it is, whomever it tried to be.

Beside the lock-out of each account, which a guesser goes round by trying one password on many of them.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from xiezhi_domain.errors import DomainError, LimitExceeded, Reason

_MOST_ADDRESSES: Final = 10_000
_WHOLE_NETWORK: Final = 64
"""Bits of an IPv6 address that one household or office has: the rest is its own to choose (RFC 6177)."""


@dataclass(slots=True)
class _Failures:
    """What failures cost, in ms that have to pass until all are forgiven, as it was at a time."""

    cost: int
    at: int


class AddressLimit:
    """Lets each address fail *most* times for one of the *failures*, and then once in *forgiven_ms*.

    In memory and for the last 10,000 addresses: after a restart they begin anew. *clock* is in ms. The machine itself
    is not counted: a workbench there that does not tell its browsers' addresses is many people.
    """

    def __init__(
        self, most: int, failures: Collection[Reason], forgiven_ms: int, clock: Callable[[], int]
    ) -> None:
        self._most = most
        self._counts = frozenset(failures)
        self._forgiven_ms = forgiven_ms
        self._clock = clock
        self._failures: OrderedDict[str, _Failures] = OrderedDict()

    @contextmanager
    def one_try(self, address: str) -> Iterator[None]:
        """Let somebody try inside the block; it is counted first, and not if it does not fail.

        Counted first, because many tries sent at once would all be let through before the first has failed. A try that
        its caller gives up stays counted: it has cost as much.

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
            if error.reason not in self._counts:
                self._take_back(key)
            raise
        except Exception:
            self._take_back(key)
            raise
        else:
            self._take_back(key)

    def _charge(self, key: str) -> None:
        now = self._clock()
        before = self._failures.get(key, _Failures(0, now))
        cost = max(0, before.cost - (now - before.at)) + self._forgiven_ms
        beyond = cost - self._most * self._forgiven_ms
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
        failures.cost = max(0, failures.cost - self._forgiven_ms)
        if not failures.cost:
            del self._failures[key]


@lru_cache(maxsize=4096)
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
