"""What an order to erase means in the bodies of events: parts become their hashes, commitments stand."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, or_, select, update

from xiezhi.v1 import erasure_service_pb2 as pb
from xiezhi.v1 import event_pb2
from xiezhi_domain.evidence.parts import part_hash
from xiezhi_journal import tables
from xiezhi_journal.erasures import Erasure


class _Stored(NamedTuple):
    position: int
    event_id: str
    body: event_pb2.Body


def erase_contents(connection: Connection, erasure: Erasure) -> int:
    """Erase in stored bodies what is ordered; returns how many parts are erased by then, those before included."""
    order, erased = erasure.order, 0
    for stored in _meant(connection, erasure):
        before = stored.body.SerializeToString()
        erased += erase_parts(stored.body, stored.event_id, order)
        content = stored.body.SerializeToString()
        if content != before:
            table = tables.body
            connection.execute(
                update(table).where(table.c.position == stored.position).values(content=content)
            )
    return erased


def erase_parts(body: event_pb2.Body, event_id: str, order: pb.ErasureOrder) -> int:
    """Put their hashes in the place of the parts that *order* means; returns how many it means."""
    meant = [part for part in body.parts if _is_meant(part.name, event_id, order)]
    for part in meant:
        if not part.erased_hash:
            hash_ = part_hash(part.name, part.salt, part.content)
            part.CopyFrom(event_pb2.BodyPart(name=part.name, erased_hash=hash_))
    return len(meant)


def has_erased_parts(body: event_pb2.Body) -> bool:
    """Return whether anything of a body was erased."""
    return any(part.erased_hash for part in body.parts)


def _is_meant(name: str, event_id: str, order: pb.ErasureOrder) -> bool:
    return order.whole or any(
        content.event_id == event_id and (not content.part_names or name in content.part_names)
        for content in order.contents
    )


def _meant(connection: Connection, erasure: Erasure) -> Iterator[_Stored]:
    """Return the matter's bodies from before the order. What waits for the hub comes after it in any case."""
    event, body, ruling = tables.event, tables.body, tables.ruling
    query = (
        select(event.c.position, event.c.event_id, body.c.content)
        .join(body, body.c.position == event.c.position)
        .join(ruling, ruling.c.position == event.c.position, isouter=True)
        .where(
            event.c.instruction == erasure.instruction,
            or_(ruling.c.log_index.is_(None), ruling.c.log_index < erasure.log_index),
            event.c.position.not_in(select(tables.pending.c.position)),
        )
    )
    for row in connection.execute(query).all():
        yield _Stored(row.position, row.event_id, event_pb2.Body.FromString(row.content))
