"""Deadlines as messages, and which of them a list asks for; alike at hub and node."""

import json

from xiezhi.v1 import deadline_pb2 as pb
from xiezhi.v1 import deadline_service_pb2 as service_pb
from xiezhi_desk.terms import DEADLINE_STATES, TIME_VERDICTS
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.calendar import end_of_day_ms
from xiezhi_domain.clocks import Deadline, Pause
from xiezhi_domain.clocks.deadline import NotBefore
from xiezhi_domain.court_time import to_date
from xiezhi_domain.ladder import Instruction
from xiezhi_domain.ladder.instruction import decode_instruction
from xiezhi_domain.rulebook.model import Unit
from xiezhi_domain.terms import DeadlineState, TimeVerdict
from xiezhi_journal.matter import Rulebooks
from xiezhi_journal.reading.deadlines import DeadlineFilters, DeadlineRow


def deadline_message(matter: Instruction, deadline: Deadline, rulebooks: Rulebooks, now: int) -> pb.Deadline:
    """Return a deadline as it stands at *now* (ms)."""
    rules = rulebooks[matter.rulebook].rules(matter.kind, matter.sender, matter.receiver)
    message = pb.Deadline(
        instruction_id=matter.id,
        matter_number=matter.number,
        kind=matter.kind,
        clock=deadline.clock,
        title=rules.limits[deadline.clock].title,
        round=deadline.round,
        owner=deadline.owner,
        started_at=to_timestamp(deadline.started_at),
        due_at=to_timestamp(deadline.due_at),
        state=DEADLINE_STATES.to_proto(deadline.state_at(now)),
        provisional=deadline.provisional,
        pauses=[_pause(each) for each in deadline.pauses],
        not_before=[to_timestamp(each.due_at) for each in deadline.extensions],
    )
    if deadline.ended_at:
        message.ended_at.CopyFrom(to_timestamp(deadline.ended_at))
    if deadline.verdict is not None:
        message.verdict = TIME_VERDICTS.to_proto(deadline.verdict)
    return message


def row_message(row: DeadlineRow, rulebooks: Rulebooks, now: int) -> pb.Deadline:
    """Return the deadline of a row as it stands at *now* (ms)."""
    adjustments = tuple(
        NotBefore(*each) if len(each) == 1 else Pause(*each) for each in json.loads(row.pauses or "[]")
    )
    deadline = Deadline(
        clock=row.clock,
        round=row.round,
        owner=row.owner,
        started_at=row.started_at,
        due_at=row.due_at,
        amount=0,
        unit=Unit.DAYS,
        state=DeadlineState(row.state),
        ended_at=row.ended_at,
        verdict=TimeVerdict(row.verdict) if row.verdict else None,
        provisional=row.provisional,
        adjustments=adjustments,
    )
    return deadline_message(decode_instruction(row.view), deadline, rulebooks, now)


def deadline_filters(request: service_pb.ListDeadlinesRequest, now: int) -> DeadlineFilters:
    """Return which open deadlines *request* asks for at *now* (ms)."""
    before = [request.due_before.ToMilliseconds()] if request.HasField("due_before") else []
    if request.today_only:
        before.append(end_of_day_ms(to_date(now)) + 1)
    return DeadlineFilters(
        court=request.court,
        clock=request.clock,
        due_from=now if request.today_only else 0,
        due_before=min(before, default=0),
        overdue_at=now if request.overdue_only else 0,
    )


def _pause(pause: Pause) -> pb.ClockPause:
    message = pb.ClockPause(start=to_timestamp(pause.start))
    if pause.end:
        message.end.CopyFrom(to_timestamp(pause.end))
    return message
