"""Courts and keys of the directory as the contract shows them; hub and node hold them in the same tables."""

from typing import Any, Final

from sqlalchemy import Connection, select

from xiezhi.v1 import court_pb2, key_pb2
from xiezhi_desk.terms import COURT_LEVELS
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.keyring import CourtKey, Purpose
from xiezhi_domain.terms import CourtLevel
from xiezhi_journal.tables import court as table

_PURPOSES: Final = {
    Purpose.EVENT: key_pb2.KEY_PURPOSE_EVENT,
    Purpose.COSIGN: key_pb2.KEY_PURPOSE_COSIGN,
}
_VALID: Final = -1


def list_courts(connection: Connection, *, joined_only: bool = False) -> list[court_pb2.Court]:
    """Return the courts by code, or those that have joined."""
    query = select(table).order_by(table.c.code)
    if joined_only:
        query = query.where(table.c.joined_at > 0)
    return [court_message(row) for row in connection.execute(query)]


def court_message(row: Any) -> court_pb2.Court:
    """Return a row of `court` as a message."""
    return court_pb2.Court(
        code=row.code,
        name=row.name,
        level=COURT_LEVELS.to_proto(CourtLevel(row.level)),
        superior=row.superior,
        joined=row.joined_at > 0,
        last_heard=to_timestamp(row.heard_at) if row.heard_at else None,
    )


def key_message(key: CourtKey) -> key_pb2.CourtKey:
    """Return a key as a message; one that is still valid has -1 for the index of its end."""
    return key_pb2.CourtKey(
        court=key.court,
        key_id=key.key_id,
        purpose=_PURPOSES[key.purpose],
        public_key=key.public_key,
        added_at_index=key.added_index,
        ended_at_index=_VALID if key.ended_index is None else key.ended_index,
    )
