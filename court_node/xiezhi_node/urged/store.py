"""Replies to 督办 that wait for the 执行局长, as rows."""

from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, delete, select

from xiezhi_domain.errors import NotFound, Reason
from xiezhi_journal.bulk import upsert_rows
from xiezhi_journal.tables import reply_draft as table


@dataclass(frozen=True, slots=True)
class StoredReply:
    """A row of `reply_draft`; `content` is an `UrgeReply`. A `remark` says why it came back to its author."""

    instruction: str
    content: bytes
    author: str
    drafted_at: int
    remark: str = ""

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) of what it says, papers included."""
        return sha256(self.content).hexdigest()


def put_reply(connection: Connection, reply: StoredReply) -> None:
    """Keep a reply in the place of the one before."""
    upsert_rows(connection, table, [tuple(asdict(reply).values())])


def find_reply(connection: Connection, instruction: str) -> StoredReply | None:
    """Return the reply that lies here."""
    row: Any = connection.execute(select(table).where(table.c.instruction == instruction)).one_or_none()
    return StoredReply(*row) if row is not None else None


def get_waiting(connection: Connection, instruction: str) -> StoredReply:
    """Return the reply that waits to be signed off.

    :raises NotFound: none waits.
    """
    reply = find_reply(connection, instruction)
    if reply is None or reply.remark:
        raise NotFound(Reason.UNKNOWN_INSTRUCTION, "没有待审签的督办回复，请先由承办人拟写")
    return reply


def drop_reply(connection: Connection, instruction: str) -> None:
    """Forget the reply: it was sent."""
    connection.execute(delete(table).where(table.c.instruction == instruction))
