"""Events that could not be taken or sent: kept, shown by doctor, looked at by people."""

from sqlalchemy import Connection, insert

from xiezhi_domain.errors import DomainError
from xiezhi_journal import tables

OUTBOX = "outbox"
FEED = "feed"
KEYS = "keys"
"""Key entries of the log that raised the alarm (protocol §6); they are never tried again."""
LOG = "log"
"""What the hub delivered or other courts saw that does not fit the log which this node follows; never tried again."""
ALARMS = (KEYS, LOG)
"""Sources that accuse the hub; the others are what this program could not go on with."""


def quarantine(
    connection: Connection, source: str, event_id: str, error: DomainError, at: int, record: bytes = b""
) -> None:
    """Note an event of the feed or the outbox (*source*) that this program cannot go on with, and why."""
    connection.execute(
        insert(tables.quarantine).values(
            source=source, event_id=event_id, reason=error.reason, detail=error.message, record=record, at=at
        )
    )
