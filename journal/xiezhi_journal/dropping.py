"""What a refusal leaves of a matter at the acting court (ADR 0002)."""

from collections.abc import Collection

from msgspec.structs import replace
from sqlalchemy import Connection, or_, select

from xiezhi.v1 import event_pb2
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.rulebook import Rulebook
from xiezhi_domain.terms import EventKind
from xiezhi_journal import tables
from xiezhi_journal.labels import labels_after
from xiezhi_journal.matter import Labels, Matter

# What decides who is shown as the officer; case and subjects are known from the first event on.
_NAMING_OFFICERS = (EventKind.ISSUED, EventKind.ASSIGNED, EventKind.HANDED_BACK)


def drop_from(
    connection: Connection,
    matter: Matter,
    event_id: str,
    at: int,
    rulebook: Rulebook,
    court: str,
    accepted: Collection[str] = (),
) -> Matter:
    """Return the matter without the pending event *event_id* and all after it, its lists as they were before.

    *accepted*: ids of events that the transaction of *connection* has seen accepted and may not have written yet.
    """
    after = matter.drop_from(event_id, at, rulebook)
    dropped = matter.pending[len(after.pending) :]
    if after.view is None or not any(event.header.kind in _NAMING_OFFICERS for event in dropped):
        return after
    standing = {event.header.id for event in after.pending} | set(accepted)
    return replace(after, labels=_labels(connection, after, standing, court))


def _labels(connection: Connection, matter: Matter, standing: Collection[str], court: str) -> Labels:
    """Return the labels that the court's accepted events and those *standing* give the matter."""
    event, body, ruling = tables.event, tables.body, tables.ruling
    query = (
        select(event.c.header, body.c.content)
        .join(body, body.c.position == event.c.position)
        .join(ruling, ruling.c.position == event.c.position, isouter=True)
        .where(
            event.c.instruction == matter.id,
            event.c.court == court,
            event.c.kind.in_(_NAMING_OFFICERS),
            or_(ruling.c.accepted, event.c.event_id.in_(standing)),
        )
        .order_by(event.c.position)
    )
    labels = matter.labels._replace(officer="", officer_name="")
    for row in connection.execute(query):
        labels = labels_after(
            labels, decode_header(row.header), event_pb2.Body.FromString(row.content), court
        )
    return labels
