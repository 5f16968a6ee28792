"""Join tokens: printed once, kept as a hash, bound to a court, used once, for a day (protocol §13)."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_hub.directory.courts import get_court
from xiezhi_journal.bulk import insert_rows
from xiezhi_journal.journal import Journal
from xiezhi_journal.tables import join_token as table
from xiezhi_wire.caller import JoinCaller
from xiezhi_wire.jointoken import JoinToken, token_hash


@dataclass(frozen=True, slots=True)
class StoredToken:
    """A token as it is kept. `used_by` is the hash of the join request that used it up, `answer` what it got."""

    court: str
    expires_at: int
    used_by: bytes
    answer: bytes


def store_token(connection: Connection, token: JoinToken, now: int, lifetime_ms: int) -> None:
    """Keep a new token; expired ones are swept away.

    :raises NotFound: UNKNOWN_COURT; the directory has no such court.
    """
    get_court(connection, token.court)
    connection.execute(delete(table).where(table.c.expires_at <= now))
    insert_rows(connection, table, [(token_hash(token.secret), token.court, now + lifetime_ms, b"", b"")])


def find_token(connection: Connection, hashed: bytes, now: int) -> StoredToken | None:
    """Return a token that has not expired."""
    query = select(table).where(table.c.token_hash == hashed, table.c.expires_at > now)
    row: Any = connection.execute(query).one_or_none()
    return StoredToken(row.court, row.expires_at, row.used_by, row.answer) if row else None


def use_token(connection: Connection, hashed: bytes, request_hash: bytes, answer: bytes) -> None:
    """Use a token up."""
    values = {"used_by": request_hash, "answer": answer}
    connection.execute(update(table).where(table.c.token_hash == hashed).values(values))


def take_back_tokens(connection: Connection, court: str) -> None:
    """Forget the tokens of a court that nobody has used."""
    connection.execute(delete(table).where(table.c.court == court, table.c.used_by == b""))


def invited_until(connection: Connection, now: int) -> dict[str, int]:
    """Return until when (ms) courts with an unused token can join."""
    query = select(table.c.court, func.max(table.c.expires_at)).group_by(table.c.court)
    query = query.where(table.c.used_by == b"", table.c.expires_at > now)
    return {court: int(expires_at) for court, expires_at in connection.execute(query)}


def require_unused(token: StoredToken | None) -> None:
    """Let an unused token pass.

    :raises NotAllowed: TOKEN_INVALID.
    """
    if token is None or token.used_by:
        raise NotAllowed(Reason.TOKEN_INVALID)


class JoinTokens:
    """The tokens in the journal; a `JoinReader` for the wire. Used ones count, for repeated requests."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def find(self, hashed: bytes) -> StoredToken | None:
        """Return a token that has not expired."""
        return await self._journal.read(partial(find_token, hashed=hashed, now=self._journal.clock()))

    async def lookup(self, token_hash: bytes) -> JoinCaller | None:
        """Return the court that the token is for; None for an unknown or expired one."""
        found = await self.find(token_hash)
        return None if found is None else JoinCaller(found.court, token_hash)
