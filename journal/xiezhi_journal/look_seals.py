"""The root of a day's looks as it stands in the log: whoever has the rows can show that none was changed or removed."""

from datetime import date, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, or_, select

from xiezhi_domain.calendar import end_of_day_ms
from xiezhi_domain.court_time import to_date
from xiezhi_domain.events.canonical_json import JsonObject, encode_canonical
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.events.ids import stream_id
from xiezhi_domain.evidence.merkle import leaf_hash, root_of
from xiezhi_domain.terms import EventKind
from xiezhi_journal import tables

SEALED_FACTS: Final = {"day": str, "count": int, "root": str, "holder": str}
"""The facts of `LooksSealed`: the day of the court's time, how many looks it had, their root in hex, node or hub."""

_look = tables.access.c


class DayOfLooks(NamedTuple):
    """A day of the record; `root` is the RFC 6962 root over its rows, in the order in which they were written."""

    day: date
    looks: int
    root: bytes


def day_of_looks(connection: Connection, day: date) -> DayOfLooks:
    """Return a day of the record as it stands now.

    A row is the canonical JSON of its columns; so the day can be checked wherever the rows have been taken.
    """
    start, end = end_of_day_ms(day - timedelta(days=1)) + 1, end_of_day_ms(day)
    query = select(tables.access).where(_look.at >= start, _look.at <= end).order_by(_look.id)
    leaves = [leaf_hash(encode_canonical(dict(row))) for row in connection.execute(query).mappings()]
    return DayOfLooks(day, len(leaves), root_of(leaves))


def days_to_seal(connection: Connection, court: str, holder: str, now: int) -> list[date]:
    """Return the days before today, in order, that had looks and are not sealed. *now* is in ms."""
    sealed = [str(facts["day"]) for facts in seals(connection, court, holder)]
    after = end_of_day_ms(date.fromisoformat(max(sealed))) if sealed else -1
    times = connection.scalars(select(_look.at).where(_look.at > after))
    today = to_date(now)
    return sorted({day for day in map(to_date, times) if day < today})


def seals(connection: Connection, court: str, holder: str) -> list[JsonObject]:
    """Return the facts of the seals that *holder*, the hub or the node, of *court* has made, in their order.

    Those that the hub refused are none; those that it has not ruled on yet are.
    """
    event, ruling = tables.event.c, tables.ruling.c
    query = (
        select(event.header)
        .outerjoin(tables.ruling, ruling.position == event.position)
        .where(event.instruction == stream_id(court), event.kind == EventKind.LOOKS_SEALED)
        .where(or_(ruling.accepted.is_(None), ruling.accepted))
        .order_by(event.position)
    )
    facts = [decode_header(header).facts for header in connection.scalars(query)]
    return [each for each in facts if each["holder"] == holder]


def sealed_facts(looks: DayOfLooks, holder: str) -> JsonObject:
    """Return the facts of the event that seals a day."""
    return {
        "day": looks.day.isoformat(),
        "count": looks.looks,
        "root": looks.root.hex(),
        "holder": holder,
    }


def changed_days(connection: Connection, court: str, holder: str) -> list[str]:
    """Return the sealed days whose looks are not what the log says of them."""
    return [
        str(facts["day"])
        for facts in seals(connection, court, holder)
        if sealed_facts(day_of_looks(connection, date.fromisoformat(str(facts["day"]))), holder) != facts
    ]
