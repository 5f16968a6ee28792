"""The event that publishes a bulletin: what it says, and what follows from it wherever it is entered.

The frozen figures are in its body, so that every court of the hub keeps them with their proof, and a hub that lost its
database gets them back with the event.
"""

from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import bulletin_service_pb2 as pb
from xiezhi.v1 import event_pb2
from xiezhi_domain.errors import NotFound
from xiezhi_domain.events.header import Header
from xiezhi_domain.indicators.frozen import decode_bulletin
from xiezhi_domain.terms import BulletinState
from xiezhi_hub.bulletins.store import StoredBulletin, add_bulletin, change_bulletin, get_bulletin
from xiezhi_journal.proofs import part_content

PART: Final = "bulletin"
PUBLISHED_FACTS: Final = {
    "bulletin": str,
    "hash": str,
    "first": str,
    "last": str,
    "log_size": int,
    "edition": str,
}
"""The facts of the header: id and SHA-256 of the bulletin, its period, the log's size and the definitions' hash."""


def note_published(connection: Connection, header: Header, body: event_pb2.Body, at: int) -> None:
    """Note that the bulletin of the event *header* was published at *at* (ms); one that was lost is put back."""
    bulletin_id = str(header.facts["bulletin"])
    try:
        get_bulletin(connection, bulletin_id)
    except NotFound:
        add_bulletin(connection, _restored(bulletin_id, body))
    change_bulletin(
        connection, bulletin_id, state=BulletinState.PUBLISHED.value, published_at=at, event_id=header.id
    )


def _restored(bulletin_id: str, body: event_pb2.Body) -> StoredBulletin:
    published = pb.PublishedBulletin.FromString(part_content(body, PART))
    frozen = decode_bulletin(published.content)
    return StoredBulletin(
        bulletin_id=bulletin_id,
        state=BulletinState.DRAFT,
        first_day=frozen.period.first.isoformat(),
        last_day=frozen.period.last.isoformat(),
        log_size=frozen.log_size,
        content=published.content,
        drawn_up_by="",
        drawn_up_at=published.drawn_up_at.ToMilliseconds(),
        objections_until=published.objections_until.ToMilliseconds(),
    )
