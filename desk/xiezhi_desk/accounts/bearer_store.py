"""Rows of sessions and API tokens, and the callers that they stand for. Functions for `read` and `write`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, delete, insert, or_, select, update

from xiezhi_desk.accounts.store import roles_from_text, roles_to_text
from xiezhi_domain.terms import Role
from xiezhi_journal.tables import account, api_token, second_factor, session


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token for a program; `used_at` is 0 for one that was never used. Times are in ms since 1970.

    `made_at` is 0 where that was not recorded yet; `may_approve`: it approves and seals without a second factor.
    """

    token_id: str
    token_hash: bytes = field(repr=False)
    account_id: str
    roles: frozenset[Role]
    label: str
    expires_at: int
    revoked: bool = False
    used_at: int = 0
    made_at: int = 0
    may_approve: bool = False


@dataclass(frozen=True, slots=True)
class Bound:
    """What a bearer token is bound to: an account that may act, the roles, when it was last used and when it ends.

    `confirmed_at`, `may_approve` and `must_change_password` as in `Caller`.
    """

    account_id: str
    name: str = field(repr=False)
    roles: frozenset[Role]
    seen_at: int
    expires_at: int
    session_id: str | None = None
    token_id: str | None = None
    confirmed_at: int | None = None
    may_approve: bool = False
    must_change_password: bool = False


_ACTING: Final = (account.c.account_id, account.c.name, account.c.roles)


def add_session(
    connection: Connection,
    hashed: bytes,
    account_id: str,
    now: int,
    expires_at: int,
    confirmed_at: int,
    *,
    must_change_password: bool = False,
) -> None:
    """Begin a session; *confirmed_at* is when a second factor was shown for it, 0 for never."""
    connection.execute(
        insert(session),
        {
            "token_hash": hashed,
            "account_id": account_id,
            "started_at": now,
            "seen_at": now,
            "expires_at": expires_at,
            "confirmed_at": confirmed_at,
            "must_change_password": must_change_password,
        },
    )


def find_session(connection: Connection, hashed: bytes) -> Bound | None:
    """Return what a session is bound to, unless its account is disabled; whether it has run out is not asked here."""
    own = session.c
    query = (
        select(
            *_ACTING,
            own.seen_at,
            own.expires_at,
            own.confirmed_at,
            own.must_change_password,
            second_factor.c.set_at,
        )
        .join_from(session, account, session.c.account_id == account.c.account_id)
        .join(second_factor, second_factor.c.account_id == account.c.account_id, isouter=True)
        .where(session.c.token_hash == hashed, ~account.c.disabled)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    roles = roles_from_text(row.roles)
    return Bound(
        row.account_id,
        row.name,
        roles,
        row.seen_at,
        row.expires_at,
        session_id=hashed.hex(),
        # Without one of our own it may have been shown to the identity provider.
        confirmed_at=row.confirmed_at if row.set_at or row.confirmed_at else None,
        must_change_password=row.must_change_password,
    )


def confirm_session(connection: Connection, hashed: bytes, now: int) -> None:
    """Remember that a second factor was shown in a session."""
    connection.execute(update(session).where(session.c.token_hash == hashed).values(confirmed_at=now))


def unconfirm_sessions_of(connection: Connection, account_id: str) -> None:
    """Forget that second factors were shown in the sessions of an account."""
    connection.execute(update(session).where(session.c.account_id == account_id).values(confirmed_at=0))


def let_session_go_on(connection: Connection, hashed: bytes) -> None:
    """Ask nothing more of a session whose password is its owner's own now."""
    connection.execute(
        update(session).where(session.c.token_hash == hashed).values(must_change_password=False)
    )


def touch_session(connection: Connection, hashed: bytes, now: int) -> None:
    """Remember that a session was used."""
    connection.execute(update(session).where(session.c.token_hash == hashed).values(seen_at=now))


def end_session(connection: Connection, hashed: bytes) -> None:
    """End a session."""
    connection.execute(delete(session).where(session.c.token_hash == hashed))


def end_sessions_of(connection: Connection, account_id: str, *, but: bytes = b"") -> int:
    """End the sessions of an account and return how many; *but* is the hash of the one that goes on."""
    theirs = session.c.account_id == account_id
    return connection.execute(delete(session).where(theirs, session.c.token_hash != but)).rowcount


def end_longest_unused(connection: Connection, account_id: str, leave: int) -> int:
    """End the sessions of an account but the *leave* that were used last, and return how many."""
    theirs = session.c.account_id == account_id
    used_last = select(session.c.token_hash).where(theirs)
    used_last = used_last.order_by(session.c.seen_at.desc(), session.c.started_at.desc()).limit(leave)
    return connection.execute(delete(session).where(theirs, session.c.token_hash.not_in(used_last))).rowcount


def list_sessions(connection: Connection, now: int, idle_since: int, account_id: str = "") -> Sequence[Any]:
    """Return the sessions of an account, or all, that have not run out, the last used first.

    Rows have account_id, started_at, seen_at and expires_at; token hashes stay where they are.
    """
    row = session.c
    query = select(row.account_id, row.started_at, row.seen_at, row.expires_at)
    query = query.where(row.expires_at > now, row.seen_at > idle_since)
    if account_id:
        query = query.where(row.account_id == account_id)
    return connection.execute(query.order_by(row.seen_at.desc(), row.started_at.desc())).all()


def sweep_sessions(connection: Connection, now: int, idle_since: int) -> None:
    """Delete the sessions that have run out."""
    over = or_(session.c.expires_at <= now, session.c.seen_at <= idle_since)
    connection.execute(delete(session).where(over))


def add_api_token(connection: Connection, token: ApiToken) -> None:
    """Add a token."""
    connection.execute(
        insert(api_token),
        {
            "token_id": token.token_id,
            "token_hash": token.token_hash,
            "account_id": token.account_id,
            "roles": roles_to_text(token.roles),
            "label": token.label,
            "expires_at": token.expires_at,
            "revoked": token.revoked,
            "used_at": token.used_at,
            "made_at": token.made_at,
            "may_approve": token.may_approve,
        },
    )


def find_token(connection: Connection, token_id: str) -> ApiToken | None:
    """Return the token with this id, whatever became of it."""
    query = select(api_token).where(api_token.c.token_id == token_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else _token(row)


def list_tokens(connection: Connection, account_id: str | None) -> Sequence[ApiToken]:
    """Return the tokens of an account, or all, the newest first."""
    query = select(api_token).order_by(api_token.c.made_at.desc(), api_token.c.expires_at.desc())
    if account_id is not None:
        query = query.where(api_token.c.account_id == account_id)
    return [_token(row) for row in connection.execute(query)]


def find_api_token(connection: Connection, hashed: bytes) -> Bound | None:
    """Return what a token is bound to, unless it is revoked or its account disabled."""
    return _bound_token(connection, _tokens().where(api_token.c.token_hash == hashed))


def find_api_token_by_id(connection: Connection, token_id: str) -> Bound | None:
    """Return what a token is bound to, as `find_api_token`."""
    return _bound_token(connection, _tokens().where(api_token.c.token_id == token_id))


def touch_api_token(connection: Connection, token_id: str, now: int) -> None:
    """Remember that a token was used."""
    connection.execute(update(api_token).where(api_token.c.token_id == token_id).values(used_at=now))


def revoke_api_token(connection: Connection, token_id: str) -> None:
    """End a token."""
    connection.execute(update(api_token).where(api_token.c.token_id == token_id).values(revoked=True))


def _token(row: Row[Any]) -> ApiToken:
    return ApiToken(
        token_id=row.token_id,
        token_hash=row.token_hash,
        account_id=row.account_id,
        roles=roles_from_text(row.roles),
        label=row.label,
        expires_at=row.expires_at,
        revoked=row.revoked,
        used_at=row.used_at,
        made_at=row.made_at,
        may_approve=row.may_approve,
    )


def _tokens() -> Select[Any]:
    return (
        select(
            *_ACTING,
            api_token.c.token_id,
            api_token.c.roles.label("token_roles"),
            api_token.c.used_at,
            api_token.c.expires_at,
            api_token.c.may_approve,
        )
        .join_from(api_token, account, api_token.c.account_id == account.c.account_id)
        .where(~api_token.c.revoked, ~account.c.disabled)
    )


def _bound_token(connection: Connection, query: Select[Any]) -> Bound | None:
    row: Row[Any] | None = connection.execute(query).one_or_none()
    if row is None:
        return None
    # A token cannot do more than its account, also after the account has lost a role.
    roles = roles_from_text(row.roles) & roles_from_text(row.token_roles)
    return Bound(
        row.account_id,
        row.name,
        roles,
        row.used_at,
        row.expires_at,
        token_id=row.token_id,
        may_approve=row.may_approve,
    )
