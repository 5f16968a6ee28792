"""Events of the hub's stream that move deadlines: a calendar is published, an outage (通信故障) is recorded.

The calendar travels in the event's body, so that every court has it before it can need it.
"""

from datetime import date, datetime, time
from typing import Final

from xiezhi.v1 import event_pb2
from xiezhi_domain.calendar import WorkingCalendar, parse_calendar
from xiezhi_domain.clocks import Outage
from xiezhi_domain.court_time import SHANGHAI, to_ms
from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.canonical_json import exact_fields
from xiezhi_domain.events.header import Header
from xiezhi_domain.terms import EventKind, OutageReason
from xiezhi_journal import tables
from xiezhi_journal.clockwork import Clockwork
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.moving import Move, Standing, carry_out, charged_to, due_from, find_move, standing_of

CALENDAR_PART: Final = "calendar"
_CALENDAR: Final = {"calendar": str, "moved": int, "list": str}
_OUTAGE: Final = {"court": str, "start": int, "end": int, "reason": str, "moved": int, "list": str}


def check_time_event(header: Header) -> None:
    """Check the facts of an event that moves deadlines.

    :raises FormatError: they are not of its kind.
    """
    fields = _CALENDAR if header.kind == EventKind.CALENDAR_PUBLISHED else _OUTAGE
    facts = exact_fields(header.facts, fields, "日历或通信故障事件")
    if fields is _OUTAGE and (
        facts["reason"] not in OutageReason.__members__ or facts["start"] >= facts["end"]
    ):
        raise FormatError("通信故障的起止或原因不正确")


def apply_time_event(ledger: Ledger, header: Header, body: event_pb2.Body, at: int) -> None:
    """Take an accepted one in: keep what it says, and move the deadlines that it moves."""
    if header.kind == EventKind.CALENDAR_PUBLISHED:
        content = calendar_content(body)
        calendar = parse_calendar(content)
        row = (calendar.content_hash.hex(), content, at, header.id)
        ledger.put_row(tables.calendar.name, row[:1], row)
        after, move = with_calendar(standing_of(ledger), calendar)
    else:
        facts = exact_fields(header.facts, _OUTAGE, "通信故障事件")
        outage = Outage(facts["court"], facts["start"], facts["end"])
        ledger.add_row(tables.outage.name, (header.id, *outage, facts["reason"], at))
        after, move = with_outage(standing_of(ledger), outage)
    carry_out(ledger, header.id, after, move)


def with_calendar(standing: Standing, calendar: WorkingCalendar) -> tuple[Clockwork, Move]:
    """Return what holds under *calendar*, and what it moves."""
    before = standing.clockwork
    after = before._replace(calendar=calendar)
    rows = set(before.calendar.rows.items()) ^ set(calendar.rows.items())
    days = [day for day, _ in rows]
    days += [date(year, 1, 1) for year in before.calendar.complete_years ^ calendar.complete_years]
    days += [each.since for each in set(before.calendar.hours) ^ set(calendar.hours)]
    if not days:
        return after, Move([], [])
    first = to_ms(datetime.combine(min(days), time.min, SHANGHAI))
    return after, find_move(standing, after, due_from(first))


def with_outage(standing: Standing, outage: Outage) -> tuple[Clockwork, Move]:
    """Return what holds with *outage* on record, and what it moves."""
    before = standing.clockwork
    after = before._replace(outages=(*before.outages, outage))
    return after, find_move(standing, after, charged_to(outage.court, outage.start))


def calendar_content(body: event_pb2.Body) -> bytes:
    """Return the bytes of the calendar that a body carries.

    :raises FormatError: it carries none.
    """
    for part in body.parts:
        if part.name == CALENDAR_PART:
            return part.content
    raise FormatError("日历事件缺少日历内容")
