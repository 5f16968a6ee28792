"""What the hub judges all deadlines with: the calendar in force, recorded outages, the ladder's rules, its own record.

Read once and kept beside the cache of the writer, whose transactions alone change it.
"""

from functools import lru_cache, partial
from typing import NamedTuple

from sqlalchemy import Connection, select

from xiezhi_domain.calendar import WorkingCalendar, parse_calendar, shipped_calendar
from xiezhi_domain.clocks import Outage, Setting
from xiezhi_domain.clocks.verdict import was_cut_off
from xiezhi_domain.escalation import EscalationRules, load_rules, shipped_rules
from xiezhi_domain.events.header import Seen
from xiezhi_journal import tables
from xiezhi_journal.ledger import Ledger

_CACHE = "clockwork"
_parsed = lru_cache(maxsize=4)(parse_calendar)


class Clockwork(NamedTuple):
    """Calendar, outages and rules that hold now."""

    calendar: WorkingCalendar
    outages: tuple[Outage, ...]
    rules: EscalationRules

    def setting(self, connection: Connection, superior: str) -> Setting:
        """Return what clocks are run with; late events are held against what *connection* has on record."""
        seen_at = partial(_seen_at, connection)
        return Setting(self.calendar, superior, self.outages, seen_at, partial(_was_cut_off, connection))


def clockwork_of(ledger: Ledger) -> Clockwork:
    """Return what holds now in this transaction."""
    found = ledger.cache.extras.get(_CACHE)
    if found is None:
        found = ledger.cache.extras[_CACHE] = read_clockwork(ledger.connection)
    assert isinstance(found, Clockwork)
    return found


def change_clockwork(ledger: Ledger, after: Clockwork) -> None:
    """Let *after* hold from now on in this transaction."""
    before = clockwork_of(ledger)
    ledger.cache.extras[_CACHE] = after
    ledger.on_undo(lambda: ledger.cache.extras.__setitem__(_CACHE, before))


def read_clockwork(connection: Connection) -> Clockwork:
    """Return what holds now."""
    calendar, _ = read_published_calendar(connection)
    return Clockwork(calendar, read_outages(connection), read_rules(connection))


class PublishedCalendar(NamedTuple):
    """A calendar, and when the hub published it (ms)."""

    calendar: WorkingCalendar
    published_at: int


def read_published_calendar(connection: Connection) -> PublishedCalendar:
    """Return the calendar that was published last; before the first the one that ships with the platform, at 0."""
    table = tables.calendar
    query = select(table.c.content, table.c.published_at).order_by(table.c.published_at.desc(), table.c.hash)
    row = connection.execute(query.limit(1)).one_or_none()
    return PublishedCalendar(*((_parsed(row.content), row.published_at) if row else (shipped_calendar(), 0)))


def read_outages(connection: Connection) -> tuple[Outage, ...]:
    """Return all recorded 通信故障, oldest first."""
    table = tables.outage
    query = select(table.c.court, table.c.started_at, table.c.ended_at).order_by(
        table.c.started_at, table.c.event_id
    )
    return tuple(Outage(*row) for row in connection.execute(query))


def read_rules(connection: Connection) -> EscalationRules:
    """Return the version of the ladder that is in force."""
    table = tables.escalation_rules
    row = connection.execute(select(table).order_by(table.c.version.desc()).limit(1)).one_or_none()
    return shipped_rules() if row is None else load_rules(row.content, row.version)


def _seen_at(connection: Connection, seen: Seen) -> int:
    """Return when the log was first as large as an event claims to have seen it; 0 for the empty log."""
    table = tables.checkpoint
    query = select(table.c.signed_at).where(table.c.size <= seen.size).order_by(table.c.size.desc()).limit(1)
    return connection.scalar(query) or 0


def _was_cut_off(connection: Connection, court: str, claimed: int, due: int) -> bool:
    table = tables.link_gap
    query = select(table.c.court, table.c.started_at, table.c.ended_at).where(
        table.c.court == court, table.c.ended_at >= due
    )
    return was_cut_off([Outage(*row) for row in connection.execute(query)], court, claimed, due)
