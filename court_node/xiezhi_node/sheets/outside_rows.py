"""Registered matters of other channels as lines of the ledger: what goes up has them all (practice.md §18 ⑤)."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, or_, select

from xiezhi_domain.calendar import end_of_day_ms
from xiezhi_domain.court_time import SHANGHAI, to_ms
from xiezhi_domain.indicators import Period
from xiezhi_domain.terms import State
from xiezhi_journal.reading import Box, MatterRow
from xiezhi_journal.tables import outside_matter, outside_step
from xiezhi_node.outside.store import visible_outside
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller


def outside_of_period(
    connection: Connection, caller: Caller, seat: Seat, box: Box, period: Period
) -> list[MatterRow]:
    """Return what the court has registered and what began in *period* or was open at its beginning, oldest first.

    As *caller* may see it, and without what belongs to a trial.
    """
    matter, step = outside_matter.c, outside_step.c
    moved = select(step.outside_id).where(step.happened_on >= period.first.isoformat())
    query = (
        select(outside_matter)
        .where(
            matter.sent.is_(box is Box.SENT),
            ~matter.trial,
            matter.began_on <= period.last.isoformat(),
            or_(matter.open, matter.outside_id.in_(moved)),
            visible_outside(caller, seat.rulebook),
        )
        .order_by(matter.began_on, matter.outside_id)
    )
    return [_row(row, seat.court) for row in connection.execute(query)]


def _row(row: Any, court: str) -> MatterRow:
    return MatterRow(
        instruction=row.outside_id,
        number=row.external_number,
        kind=row.kind,
        sender=court if row.sent else row.other_court,
        receiver=row.other_court if row.sent else court,
        sent=row.sent,
        state=State(row.state),
        open=row.open,
        urgent=False,
        pending=0,
        case_number=row.case_number,
        subject_names=row.subject_names,
        officer=row.officer,
        officer_name=row.officer_name,
        issued_at=to_ms(datetime.combine(date.fromisoformat(row.began_on), time.min, SHANGHAI)),
        due_at=end_of_day_ms(date.fromisoformat(row.due_on)) if row.due_on else 0,
        updated_at=row.registered_at,
        item_count=0,
        result=row.result,
        last_event="",
    )
