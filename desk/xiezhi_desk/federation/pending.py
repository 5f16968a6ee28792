"""What a browser keeps between the begin and the end of a sign-in: locked, so that a restart in between does no harm.

Nothing is kept here for who only begins. The browser's copy binds the end to the browser that began: a link with the
code and state of somebody else signs nobody in (RFC 6749 §10.12).
"""

import base64
import binascii
import hashlib
import json
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Final, Self

from xiezhi_desk.second_factor.locking import SecretLock
from xiezhi_domain.errors import NotAllowed, Reason, WrongState

LIFE_MS: Final = 10 * 60_000
_RANDOM_BYTES: Final = 32
_PURPOSE: Final = "federated sign-in"
_LONGEST: Final = 2_048
_MOST_USED: Final = 100_000


@dataclass(frozen=True, slots=True)
class Pending:
    """A sign-in that was begun at a time (ms since 1970): its state, nonce, and the verifier of its PKCE challenge."""

    at: int
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)

    @classmethod
    def begin(cls, now: int) -> Self:
        """Return a new one."""
        return cls(now, *(secrets.token_urlsafe(_RANDOM_BYTES) for _ in range(3)))


class PendingSignIns:
    """Locks what browsers keep, and takes each once. *clock* is in ms since 1970."""

    def __init__(self, lock: SecretLock, clock: Callable[[], int]) -> None:
        self._lock = lock
        self._clock = clock
        self._used: OrderedDict[bytes, int] = OrderedDict()

    def begin(self) -> tuple[Pending, str]:
        """Return a new sign-in, and what its browser keeps of it."""
        pending = Pending.begin(self._clock())
        locked = self._lock.lock(json.dumps(asdict(pending)).encode(), _PURPOSE)
        return pending, base64.urlsafe_b64encode(locked).decode()

    def take(self, kept: str, state: str) -> Pending:
        """Return the sign-in that a browser has kept, this once, if the provider's *state* is its own.

        :raises NotAllowed: FEDERATED_SIGN_IN_REFUSED.
        """
        now = self._clock()
        pending = self._open(kept)
        if not secrets.compare_digest(pending.state.encode(), state.encode()):
            raise NotAllowed(Reason.FEDERATED_SIGN_IN_REFUSED)
        if not 0 <= now - pending.at < LIFE_MS:
            raise NotAllowed(Reason.FEDERATED_SIGN_IN_REFUSED, "登录用时过长，请重新登录")
        self._use(hashlib.sha256(pending.state.encode()).digest(), now)
        return pending

    def _open(self, kept: str) -> Pending:
        try:
            locked = base64.b64decode(kept[:_LONGEST], altchars=b"-_", validate=True)
            return Pending(**json.loads(self._lock.open(locked, _PURPOSE)))
        except (binascii.Error, ValueError, WrongState):
            raise NotAllowed(Reason.FEDERATED_SIGN_IN_REFUSED) from None

    def _use(self, hashed: bytes, now: int) -> None:
        if hashed in self._used:
            raise NotAllowed(Reason.FEDERATED_SIGN_IN_REFUSED, "该次登录已经完成，请重新登录")
        self._used[hashed] = now
        while self._used and (
            len(self._used) > _MOST_USED or now - next(iter(self._used.values())) >= LIFE_MS
        ):
            self._used.popitem(last=False)
