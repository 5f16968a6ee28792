"""Who makes the present call: a person or program of a court, a court's node, or a court that joins.

A caller is set by the chain of ``interceptors`` for the time of one call. Handlers ask for the kind of caller
that their method's row in the policy admits; another kind is refused, not crashed on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Protocol

from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_domain.terms import Role
from xiezhi_wire.peer import PeerCertificate


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in person (``session_id``) or a program with an API token (``token_id``) of ``court``.

    ``stands_in_for`` has id and name of those in whose place the person acts now (practice.md §15).
    ``confirmed_at`` is when the person last showed his second factor in this session, in ms since 1970, 0 for never and
    None where he has none; ``may_approve`` says of a program's token that it approves and seals without;
    ``must_change_password`` that the person signed in with a password that somebody else chose.
    """

    account_id: str
    name: str = field(repr=False)
    court: str
    roles: frozenset[Role]
    session_id: str | None = None
    token_id: str | None = None
    stands_in_for: frozenset[tuple[str, str]] = field(default=frozenset(), repr=False)
    confirmed_at: int | None = None
    may_approve: bool = False
    must_change_password: bool = False

    @property
    def accounts(self) -> frozenset[str]:
        """The accounts whose matters are this person's to work on: the own one and those stood in for."""
        return frozenset({self.account_id, *(account for account, _ in self.stands_in_for)})

    @property
    def names(self) -> frozenset[str]:
        """The names under which cases know those accounts."""
        return frozenset({self.name, *(name for _, name in self.stands_in_for)})


@dataclass(frozen=True, slots=True)
class JoinCaller:
    """A court that shows a join token; whether the token is used up is the enrolment's to decide."""

    court: str
    token_hash: bytes = field(repr=False)


AnyCaller = Caller | PeerCertificate | JoinCaller


class SessionReader(Protocol):
    """Where sessions and API tokens are kept."""

    def knows(self, token: str) -> bool:
        """Whether the bearer token stood for somebody when it was looked up last: then showing it is no guess."""

    async def lookup(self, token: str) -> Caller | None:
        """The caller that the bearer token stands for; None for an unknown, ended or revoked one."""


class JoinReader(Protocol):
    """Where join tokens are kept."""

    async def lookup(self, token_hash: bytes) -> JoinCaller | None:
        """The court that the token is for; None for an unknown or expired one."""


_current: ContextVar[AnyCaller | None] = ContextVar("xiezhi_caller", default=None)


def any_caller() -> AnyCaller | None:
    """Who makes the present call, of any kind; None for nobody known."""
    return _current.get()


def current_caller() -> Caller:
    """The signed-in person or program that makes the present call.

    Raises:
        NotAllowed: `SIGNED_OUT`; somebody else makes it.

    """
    caller = _current.get()
    if not isinstance(caller, Caller):
        raise NotAllowed(Reason.SIGNED_OUT)
    return caller


def current_node() -> PeerCertificate:
    """The court's node that makes the present call.

    Raises:
        NotAllowed: `CERTIFICATE_INVALID`; somebody else makes it.

    """
    caller = _current.get()
    if not isinstance(caller, PeerCertificate):
        raise NotAllowed(Reason.CERTIFICATE_INVALID)
    return caller


def current_joiner() -> JoinCaller:
    """The joining court that makes the present call.

    Raises:
        NotAllowed: `TOKEN_INVALID`; somebody else makes it.

    """
    caller = _current.get()
    if not isinstance(caller, JoinCaller):
        raise NotAllowed(Reason.TOKEN_INVALID)
    return caller


@contextmanager
def acting(caller: AnyCaller | None) -> Iterator[None]:
    """Makes ``caller`` the one whom the functions above return, inside the block."""
    token = _current.set(caller)
    try:
        yield
    finally:
        _current.reset(token)
