"""What the node was told once and for all when it joined, and the seat that follows from it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from xiezhi.v1 import court_pb2
from xiezhi_desk.terms import COURT_LEVELS
from xiezhi_domain.courts import Court, CourtTree
from xiezhi_domain.errors import Reason, Unavailable
from xiezhi_domain.events.header import Header
from xiezhi_domain.evidence.note import VerifierKey
from xiezhi_domain.keyring import KeyFacts, Purpose
from xiezhi_domain.rulebook import Rulebook
from xiezhi_domain.terms import CourtLevel, EventKind
from xiezhi_journal import tables
from xiezhi_journal.bulk import upsert_rows
from xiezhi_node.calendar_in_force import CalendarInForce
from xiezhi_node.rulebooks_in_force import RulebooksInForce
from xiezhi_node.seat import LogKeys, Seat

_NOW, _EVERY = "log_vkeys_now", "log_vkeys_every"


@dataclass(frozen=True, slots=True)
class Pins:
    """Kept as rows of `pin`, one for each field."""

    court: str
    hub_court: str
    origin: str
    log_vkey: str
    link_address: str


def read_pins(connection: Connection) -> Pins | None:
    """Return what was pinned, or None if the node has not joined."""
    rows = {row.name: row.value for row in connection.execute(select(tables.pin))}
    return Pins(**{name: rows[name] for name in Pins.__slots__}) if "court" in rows else None


def write_pins(connection: Connection, pins: Pins) -> None:
    """Pin once: values are kept, never replaced by others.

    :raises Unavailable: something else was pinned before.
    """
    before = read_pins(connection)
    if before is not None and (before.court, before.origin, before.log_vkey) != (
        pins.court,
        pins.origin,
        pins.log_vkey,
    ):
        raise Unavailable(Reason.INTERNAL, "本节点已加入另一平台，不能改换；请使用新的数据目录")
    upsert_rows(connection, tables.pin, [(name, getattr(pins, name)) for name in Pins.__slots__])


def read_log_keys(connection: Connection) -> LogKeys:
    """Return the keys of the log that followed the pinned one."""
    rows = {row.name: row.value for row in connection.execute(select(tables.pin))}
    return LogKeys(tuple(rows.get(_NOW, "").split()), tuple(rows.get(_EVERY, "").split()))


def write_log_keys(connection: Connection, keys: LogKeys) -> None:
    """Keep the keys of the log that followed the pinned one."""
    upsert_rows(connection, tables.pin, [(_NOW, " ".join(keys.now)), (_EVERY, " ".join(keys.every))])


def every_log_key(connection: Connection, pins: Pins) -> tuple[VerifierKey, ...]:
    """Return every key of the log that this node has trusted, under which what it has stored is read."""
    vkeys = dict.fromkeys((pins.log_vkey, *read_log_keys(connection).every))
    return tuple(VerifierKey.parse(each) for each in vkeys)


def write_courts(connection: Connection, courts: Iterable[court_pb2.Court], now: int) -> None:
    """Keep what the hub's directory says of courts."""
    upsert_rows(
        connection,
        tables.court,
        [
            (
                court.code,
                court.name,
                COURT_LEVELS.from_proto(court.level, "level"),
                court.superior,
                now if court.joined else 0,
                court.last_heard.ToMilliseconds() if court.HasField("last_heard") else 0,
            )
            for court in courts
        ],
    )


def note_joined(connection: Connection, header: Header, at: int) -> None:
    """Note at *at* that a court has joined, if *header* gives it a cosigning key: only nodes have one.

    The hub tells the connected nodes at once; whoever was away, and the court that joined, learn it from their feed.
    """
    if header.kind == EventKind.KEY_REVOKED or KeyFacts.of(header).purpose is not Purpose.COSIGN:
        return
    table = tables.court
    connection.execute(
        update(table).where(table.c.code == header.sender, table.c.joined_at == 0).values(joined_at=at)
    )


def read_courts(connection: Connection) -> CourtTree:
    """Return the tree of the directory's courts; a superior that is not in the directory ends the climb."""
    rows = connection.execute(select(tables.court).order_by(tables.court.c.code)).all()
    codes = {row.code for row in rows}
    return CourtTree(
        Court(
            code=row.code,
            name=row.name,
            level=CourtLevel(row.level),
            superior=row.superior if row.superior in codes else None,
            valid_from=None,
            valid_to=None,
            source="directory",
        )
        for row in rows
    )


def store_rulebook(connection: Connection, rulebook: Rulebook) -> None:
    """Keep a rulebook."""
    upsert_rows(connection, tables.rulebook, [(rulebook.hash, rulebook.content, True)])


def seat_of(connection: Connection, pins: Pins, rulebooks: RulebooksInForce) -> Seat:
    """Return the seat that the pins describe."""
    return Seat(
        court=pins.court,
        hub_court=pins.hub_court,
        origin=pins.origin,
        log_vkey=pins.log_vkey,
        courts=read_courts(connection),
        in_force=CalendarInForce.read(connection),
        rulebooks=rulebooks,
        log_keys=read_log_keys(connection),
    )
