"""Who is signed in: sessions of browsers, kept in this process alone.

A browser holds an opaque random token; here only its SHA-256 is kept, so that what can be read from memory or a dump
signs nobody in. A session ends by sign-out, after a time without a click, after a time in any case, and when the server
ends the session behind it. All end with the process.
"""

import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from xiezhi_client.sdk import Client, Me

COOKIE: Final = "__Host-sid"
"""A name that browsers accept over HTTPS alone, for this host and all its paths."""
_TOKEN_BYTES: Final = 32
_MOST_TOLD: Final = 8
_NS_OF_SECOND: Final = 1_000_000_000
_NS_OF_MINUTE: Final = 60 * _NS_OF_SECOND


@dataclass(slots=True)
class Session:
    """One browser that somebody has signed in with; moments in nanoseconds since 1970."""

    client: Client = field(repr=False)
    """The connection to the desk, as this person."""
    me: Me
    began_at: int
    seen_at: int
    must_change_password: bool = False
    """Begun with a password that somebody else chose: nothing else is open before it is changed."""
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(_TOKEN_BYTES), repr=False)
    """Goes into every form; what comes back without it did not come from a page of ours."""
    _told: dict[str, str] = field(default_factory=dict)
    """What was done, by the path of the page that is to say so; in the order in which it was done."""

    def tell(self, path: str, words: str) -> None:
        """Let the page at *path* say *words* when it is opened next; pages that never are do not pile up."""
        self._told.pop(path, None)
        self._told[path] = words
        if len(self._told) > _MOST_TOLD:
            del self._told[next(iter(self._told))]

    def told(self, path: str) -> str:
        """Give what the page at *path* has to say, once."""
        return self._told.pop(path, "")


class Sessions:
    """All sessions of this process."""

    def __init__(self, idle_minutes: int, session_minutes: int) -> None:
        self._idle = idle_minutes * _NS_OF_MINUTE
        self._longest = session_minutes * _NS_OF_MINUTE
        self._by_digest: dict[bytes, Session] = {}

    def begin(
        self,
        client: Client,
        me: Me,
        *,
        must_change_password: bool = False,
        told: Mapping[str, str] | None = None,
    ) -> str:
        """Begin a session and give the token for its cookie. `told`: what pages are to say first, by their paths."""
        now = time.time_ns()
        self._forget_ended(now)
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        self._by_digest[_digest(token)] = Session(
            client, me, now, now, must_change_password, _told=dict(told or {})
        )
        return token

    def find(self, token: str, *, clicked: bool = True) -> Session | None:
        """Give the session of a cookie, None if there is none or it has ended.

        What the page fetches by itself is not *clicked*, and does not keep a session alive.
        """
        digest = _digest(token)
        session = self._by_digest.get(digest)
        if session is None:
            return None
        now = time.time_ns()
        if self._ended(session, now):
            del self._by_digest[digest]
            return None
        if clicked:
            session.seen_at = now
        return session

    def end(self, token: str) -> None:
        """End the session of a cookie, if there is one."""
        self._by_digest.pop(_digest(token), None)

    def limits(self, session: Session) -> tuple[int, int]:
        """Give the seconds after which a session ends without a click, and those until it ends in any case."""
        left = self._longest - (time.time_ns() - session.began_at)
        return self._idle // _NS_OF_SECOND, max(0, left) // _NS_OF_SECOND

    def _forget_ended(self, now: int) -> None:
        ended = [digest for digest, session in self._by_digest.items() if self._ended(session, now)]
        for digest in ended:
            del self._by_digest[digest]

    def _ended(self, session: Session, now: int) -> bool:
        return now - session.seen_at >= self._idle or now - session.began_at >= self._longest


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
