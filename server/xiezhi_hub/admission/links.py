"""The state of the courts' links, from what is stored and from what the hub's end of the link has measured."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, case, func, select

from xiezhi.v1 import admission_service_pb2 as pb
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.terms import Mark, State
from xiezhi_hub.enrolment.certificates import validity
from xiezhi_hub.enrolment.tokens import invited_until
from xiezhi_journal import tables
from xiezhi_journal.reading import shows_mark
from xiezhi_link.hub_end import SeenStream

Waiting = Mapping[str, tuple[int, int]]
"""By court: items of the feed that were not acknowledged, and when the oldest of them was ruled on (ms, 0: none)."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the journal says of the courts' links."""

    courts: Mapping[str, Any]
    certificates: Mapping[str, int]
    invited: Mapping[str, int]
    on_the_way: Mapping[str, tuple[int, int]]
    """By receiver: matters in transit, and those of them that count as 未到达."""
    waiting: Waiting


def read_stored(
    connection: Connection, now: int, behind: Mapping[str, Mapping[int, tuple[int, int]]]
) -> Stored:
    """Return what is stored; *behind* has last acknowledged and last item by court and lane."""
    court = tables.court
    rows = connection.execute(select(court.c.code, court.c.joined_at, court.c.heard_at))
    return Stored(
        courts={row.code: row for row in rows},
        certificates=validity(connection),
        invited=invited_until(connection, now),
        on_the_way=_on_the_way(connection),
        waiting={code: _waiting(connection, code, lanes) for code, lanes in behind.items()},
    )


def _on_the_way(connection: Connection) -> dict[str, tuple[int, int]]:
    matter = tables.instruction.c
    undelivered = func.sum(case((shows_mark(Mark.UNDELIVERED), 1), else_=0))
    query = select(matter.receiver, func.count(), undelivered).group_by(matter.receiver)
    query = query.where(matter.open, matter.state == State.IN_TRANSIT)
    return {court: (int(count), int(late or 0)) for court, count, late in connection.execute(query)}


def _waiting(connection: Connection, court: str, lanes: Mapping[int, tuple[int, int]]) -> tuple[int, int]:
    behind = {lane: (acknowledged, end) for lane, (acknowledged, end) in lanes.items() if end > acknowledged}
    oldest = [_ruled_at(connection, court, lane, after + 1) for lane, (after, _) in behind.items()]
    return sum(end - after for after, end in behind.values()), min(oldest, default=0)


def _ruled_at(connection: Connection, court: str, lane: int, feed_seq: int) -> int:
    feed, ruling = tables.feed.c, tables.ruling.c
    query = select(ruling.ruled_at).join_from(tables.feed, tables.ruling, ruling.log_index == feed.log_index)
    query = query.where(feed.court == court, feed.lane == lane, feed.feed_seq == feed_seq)
    return connection.scalar(query) or 0


def link_message(code: str, stored: Stored, seen: SeenStream | None, *, connected: bool) -> pb.CourtLink:
    """Return the link of one court."""
    row, until = stored.courts[code], stored.certificates.get(code)
    in_transit, undelivered = stored.on_the_way.get(code, (0, 0))
    items, since = stored.waiting.get(code, (0, 0))
    return pb.CourtLink(
        court=code,
        joined_at=to_timestamp(row.joined_at) if row.joined_at else None,
        last_heard=to_timestamp(row.heard_at) if row.heard_at else None,
        connected=connected,
        stream=_stream(seen) if seen else None,
        waiting_items=items,
        waiting_since=to_timestamp(since) if since else None,
        in_transit=in_transit,
        undelivered=undelivered,
        certificate_ends_at=to_timestamp(until) if until else None,
        disabled=row.joined_at > 0 and until == 0,
        invited_until=to_timestamp(stored.invited[code]) if code in stored.invited else None,
    )


def _stream(seen: SeenStream) -> pb.LinkStream:
    hello, welcome = seen.greeting.hello, seen.greeting.welcome
    return pb.LinkStream(
        opened_at=to_timestamp(welcome.clock_ms),
        program_version=hello.program_version,
        clock_offset_ms=hello.clock_ms - welcome.clock_ms,
        certificate_serial=seen.certificate.serial,
        certificate_ends_at=to_timestamp(seen.certificate.not_after_ms),
    )
