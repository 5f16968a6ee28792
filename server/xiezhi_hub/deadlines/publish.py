"""Publishing a calendar and recording an outage: one entry of the log each, with what it moved, in one transaction."""

import json
import os
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection

from xiezhi.v1 import event_pb2
from xiezhi_domain.calendar import WorkingCalendar
from xiezhi_domain.clocks import Outage
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import Conflict, InvalidInput, Reason
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.evidence.parts import SALT_BYTES
from xiezhi_domain.terms import EventKind, OutageReason
from xiezhi_hub.deadlines.time_events import CALENDAR_PART, with_calendar, with_outage
from xiezhi_hub.ruling.directory import rule_on_directory_event
from xiezhi_hub.ruling.own import own_directory_event
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal.clockwork import read_clockwork
from xiezhi_journal.ledger import Ledger, RequestKey
from xiezhi_journal.matter import Rulebooks
from xiezhi_journal.moving import Move, Moved, Standing, standing_of


class Published(NamedTuple):
    """The entry of the log, and how many deadlines it moved."""

    event_id: str
    moved: int
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class PublishCalendar:
    """Work for the writer: the arrangement of a year, laid over the calendar in force."""

    seat: Seat
    rows: WorkingCalendar
    year: int
    request: RequestKey | None = None

    def prepare(self, ledger: Ledger) -> None:
        """Ask whether it was done before."""
        _ask(ledger, self.request)

    def run(self, ledger: Ledger) -> Published:
        """Publish it; the same request again publishes nothing and has the same answer.

        :raises Conflict: it is in force already.
        :raises InvalidInput: other working hours would hold from today or earlier.
        """
        done = _done(ledger, self.request)
        if done is not None:
            return done
        standing = standing_of(ledger)
        calendar = _laid_over(standing, self.rows, self.year, ledger.now)
        _, move = with_calendar(standing, calendar)
        hash_ = calendar.content_hash.hex()
        body = event_pb2.Body()
        body.parts.add(name=CALENDAR_PART, salt=os.urandom(SALT_BYTES), content=calendar.canonical_bytes())
        facts: JsonObject = {"calendar": hash_, **_told(move)}
        event = own_directory_event(ledger, self.seat, EventKind.CALENDAR_PUBLISHED, facts, body)
        rule_on_directory_event(ledger, event, self.seat)
        return _remembered(ledger, self.request, Published(event.header.id, len(move.moved), hash_))


@dataclass(frozen=True, slots=True)
class RecordOutage:
    """Work for the writer: a court could not be reached."""

    seat: Seat
    outage: Outage
    reason: OutageReason
    request: RequestKey | None = None

    def prepare(self, ledger: Ledger) -> None:
        """Ask whether it was done before."""
        _ask(ledger, self.request)

    def run(self, ledger: Ledger) -> Published:
        """Record it; the same request again records nothing and has the same answer."""
        done = _done(ledger, self.request)
        if done is not None:
            return done
        _, move = with_outage(standing_of(ledger), self.outage)
        court, start, end = self.outage
        facts: JsonObject = {
            "court": court,
            "start": start,
            "end": end,
            "reason": str(self.reason),
            **_told(move),
        }
        event = own_directory_event(ledger, self.seat, EventKind.OUTAGE_RECORDED, facts)
        rule_on_directory_event(ledger, event, self.seat)
        return _remembered(ledger, self.request, Published(event.header.id, len(move.moved)))


def try_calendar(
    connection: Connection, *, court: str, rulebooks: Rulebooks, rows: WorkingCalendar, year: int, now: int
) -> tuple[str, list[Moved]]:
    """Return the hash (hex) of the calendar that publishing a year would make, and what it would move at *now* (ms).

    Judging all open matters takes a while, so it is read, not asked of the writer.

    :raises Conflict: it is in force already.
    :raises InvalidInput: other working hours would hold from today or earlier.
    """
    standing = Standing(connection, court, rulebooks, read_clockwork(connection))
    calendar = _laid_over(standing, rows, year, now)
    _, move = with_calendar(standing, calendar)
    return calendar.content_hash.hex(), move.moved


def _laid_over(standing: Standing, rows: WorkingCalendar, year: int, now: int) -> WorkingCalendar:
    """Return the calendar in force with the arrangement of a year laid over it.

    :raises Conflict: it is in force already.
    :raises InvalidInput: other working hours would hold from today or earlier.
    """
    _require_ahead(rows, now)
    before = standing.clockwork.calendar
    calendar = before.with_rows(rows.rows.values(), complete_years={year}, hours=rows.hours)
    if calendar.content_hash == before.content_hash:
        raise Conflict(Reason.INVALID_FIELD, "该年度安排已在使用，无需再次发布")
    return calendar


def _require_ahead(rows: WorkingCalendar, now: int) -> None:
    """Let pass working hours that hold from tomorrow on, at the earliest: what runs today ends as it was told."""
    today = to_date(now)
    if any(hours.since <= today for hours in rows.hours):
        raise InvalidInput.in_field("hours.since", f"工作时间最早自明天起变更（今天是 {today}）")


def _told(move: Move) -> JsonObject:
    return {"moved": len(move.moved), "list": move.digest}


def _ask(ledger: Ledger, request: RequestKey | None) -> None:
    if request is not None:
        ledger.want_request(request)


def _done(ledger: Ledger, request: RequestKey | None) -> Published | None:
    answered = ledger.answered(request) if request is not None else None
    return Published(*json.loads(answered)) if answered is not None else None


def _remembered(ledger: Ledger, request: RequestKey | None, done: Published) -> Published:
    if request is not None:
        ledger.remember(request, json.dumps(done).encode())
    return done
