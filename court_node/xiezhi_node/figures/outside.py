"""Registered matters of other channels (台账登记) as records: their days were typed by people, and no log proves them.

They stand in figures of their own, because figures of different channels are never mixed (practice.md §14).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Connection, select

from xiezhi_domain.calendar import end_of_day_ms
from xiezhi_domain.court_time import SHANGHAI, to_ms
from xiezhi_domain.indicators import MatterRecord, Work
from xiezhi_domain.indicators.record import Pause, Return
from xiezhi_domain.terms import Channel, State
from xiezhi_journal.tables import outside_matter, outside_step

_PAUSED: Final = frozenset({State.SUSPENDED, State.AWAITING_SUPPLEMENT})
"""States in which the clock stands still."""


def outside_records(connection: Connection, court: str) -> list[MatterRecord]:
    """Return the records of the matters that *court* has registered; what belongs to a trial is left out."""
    matter, step = outside_matter, outside_step
    query = (
        select(matter, step.c.state.label("step"), step.c.happened_on)
        .join(step, step.c.outside_id == matter.c.outside_id)
        .where(~matter.c.trial)
        .order_by(matter.c.outside_id, step.c.happened_on, step.c.id)
    )
    rows = connection.execute(query)
    return [_record(list(steps), court) for _, steps in groupby(rows, key=attrgetter("outside_id"))]


def _record(steps: Sequence[Any], court: str) -> MatterRecord:
    first = steps[0]
    begun = _day_ms(first.began_on)
    record = MatterRecord(
        id=first.outside_id,
        number=first.external_number,
        kind=first.kind,
        work=Work.COOPERATION,
        sender=court if first.sent else first.other_court,
        receiver=first.other_court if first.sent else court,
        accepted_at=begun,
        start=begun,
        channel=Channel(first.channel),
        ranked_from=_day_ms(first.ranked_from) if first.backfilled else 0,
        due=end_of_day_ms(date.fromisoformat(first.due_on)) if first.due_on else None,
    )
    for row in steps:
        state, at = State(row.step), _day_ms(row.happened_on)
        record = _after(_resumed(record, at), state, at)
        if state in _PAUSED:
            record = replace(record, pauses=(*record.pauses, Pause(at)))
    return replace(record, due=None) if _stands_still(record) else record


def _stands_still(record: MatterRecord) -> bool:
    """Say whether the clock stands now; one that had run out before does not."""
    pause = record.pauses[-1] if record.pauses else None
    return pause is not None and pause.end is None and record.due is not None and pause.start <= record.due


def _resumed(record: MatterRecord, at: int) -> MatterRecord:
    """Let a clock that stands go on: its end moves by as long as it stood."""
    if not record.pauses or record.pauses[-1].end is not None:
        return record
    pause = replace(record.pauses[-1], end=at)
    moved = record.due + at - pause.start if record.due is not None and _stands_still(record) else record.due
    return replace(record, pauses=(*record.pauses[:-1], pause), due=moved)


def _after(record: MatterRecord, state: State, at: int) -> MatterRecord:
    match state:
        case State.SIGNED | State.IN_PROGRESS if record.signed_at is None:
            return replace(record, answered_at=record.answered_at or at, signed_at=at)
        case State.AWAITING_SUPPLEMENT:
            return replace(record, answered_at=record.answered_at or at, papers_asked=True)
        case State.REPORTED | State.CONFIRMED if record.ended_at is None:
            return replace(record, ended_at=at)
        case State.REWORK:
            return replace(record, ended_at=None)
        case State.RETURNED:
            return replace(record, returned=Return(at, ""))
        case State.WITHDRAWN | State.TERMINATED:
            return replace(record, left_at=at)
    return record


def _day_ms(text: str) -> int:
    return to_ms(datetime.combine(date.fromisoformat(text), time.min, SHANGHAI))
