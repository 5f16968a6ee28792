"""The scheduler: climbs the supervisor's ladder for every deadline whose time has come, each rung exactly once.

It is also the one that looks for limits whose running out is an event of the log, such as 未到达.

All that it knows is in the rows: when a deadline has to be looked at, and what was fired. A firing and its effect
are one transaction under one unique key, so that neither a kill nor days of downtime nor a clock that is set back
fires anything twice or leaves it out.
"""

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple

import structlog
from sqlalchemy import ColumnElement, Connection, bindparam, literal_column, select

from xiezhi_domain.clocks import Deadline
from xiezhi_domain.errors import DomainError
from xiezhi_domain.escalation import Climb, climbs_of
from xiezhi_domain.escalation.climb import NEVER
from xiezhi_domain.ladder import Instruction
from xiezhi_domain.rulebook.model import KindRules, Limit
from xiezhi_domain.terms import DeadlineState
from xiezhi_hub.deadlines.notices import notice_row
from xiezhi_hub.deadlines.running_out import log_running_out
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal import tables
from xiezhi_journal.clockwork import Clockwork, clockwork_of
from xiezhi_journal.deadlines import clocks_of, deadline_row
from xiezhi_journal.journal import Journal
from xiezhi_journal.ledger import Ledger

_log = structlog.get_logger(__name__)

LOOK_EVERY_SECONDS: Final = 30.0
AT_ONCE: Final = 200
"""Deadlines that one transaction looks at: the writer has others to answer."""

_DEADLINE, _FIRING = tables.deadline, tables.firing
_OPEN: Final[ColumnElement[bool]] = literal_column("deadline.open")
_WAITING = (
    select(_DEADLINE.c.instruction, _DEADLINE.c.clock, _DEADLINE.c.round)
    .where(_OPEN, _DEADLINE.c.next_at <= bindparam("now"))
    .order_by(_DEADLINE.c.next_at, _DEADLINE.c.instruction, _DEADLINE.c.clock)
    .limit(AT_ONCE)
)
_FIRED = select(_FIRING.c.step).where(
    _FIRING.c.instruction == bindparam("instruction"),
    _FIRING.c.clock == bindparam("clock"),
    _FIRING.c.round == bindparam("round"),
    _FIRING.c.due_at == bindparam("due_at"),
)


class Waiting(NamedTuple):
    """A deadline that has to be looked at."""

    instruction: str
    clock: str
    round: int


class Scheduler:
    """Looks for deadlines whose time has come, in order, a bounded number at a time."""

    def __init__(self, journal: Journal, seat: Seat, gate: Gate) -> None:
        self._journal = journal
        self._seat = seat
        self._gate = gate

    async def run(self) -> None:
        """Look again and again, until cancelled; without a pause while there is more than one tick's work."""
        while True:
            more = False
            try:
                more = await self.tick() == AT_ONCE
            except DomainError as error:
                _log.warning("deadlines_not_looked_at", reason=error.reason)
            await asyncio.sleep(0 if more else LOOK_EVERY_SECONDS)

    async def tick(self) -> int:
        """Climb what has to be climbed now; returns how many deadlines were looked at."""
        if not self._gate.is_open:
            return 0
        waiting = await self._journal.read(partial(_waiting, now=self._journal.clock()))
        answers = await self._journal.writer.submit_all([LookAt(each, self._seat) for each in waiting])
        failed = [answer for answer in answers if isinstance(answer, BaseException)]
        if failed:
            # They are looked at again at the next tick; the others are done.
            _log.warning("deadlines_not_looked_at", count=len(failed), problem=str(failed[0]))
        return len(answers) - len(failed)


@dataclass(frozen=True, slots=True)
class LookAt:
    """Work for the writer: log that one deadline has run out, climb its rungs whose time has come."""

    waiting: Waiting
    seat: Seat

    def prepare(self, ledger: Ledger) -> None:
        """Ask for the matter."""
        ledger.want_matter(self.waiting.instruction)

    def run(self, ledger: Ledger) -> int:
        """Climb them, in order; returns how many were climbed."""
        matter, deadline = ledger.matter(self.waiting.instruction), self._running(ledger)
        if matter is None or matter.accepted is None or deadline is None:
            return 0
        history = matter.accepted
        rules = ledger.rulebooks[history.rulebook].rules(history.kind, history.sender, history.receiver)
        log_running_out(ledger, self.seat, history, deadline, rules)
        return _climb(ledger, history, deadline, rules)

    def _running(self, ledger: Ledger) -> Deadline | None:
        """Return the deadline as it is now, if its clock runs."""
        instruction, clock, round_ = self.waiting
        clocks = clocks_of(ledger, instruction)
        if clocks is None:
            return None
        found = (each for each in clocks.deadlines if (each.clock, each.round) == (clock, round_))
        return next((each for each in found if each.state is DeadlineState.RUNNING), None)


def _climb(ledger: Ledger, matter: Instruction, deadline: Deadline, rules: KindRules) -> int:
    clockwork, now = clockwork_of(ledger), ledger.now
    limit = rules.limits[deadline.clock]
    climbs = climbs_of(deadline, limit, clockwork.rules, clockwork.calendar)
    fired = _fired(ledger, matter, deadline)
    due = [climb for climb in climbs if climb.at <= now and climb.step not in fired]
    for climb in due:
        _fire(ledger, matter, deadline, limit, climb, clockwork)
    moments = [climb.at for climb in climbs] + ([deadline.due_at + 1] if limit.logs else [])
    next_at = min((at for at in moments if at > now), default=NEVER)
    row = (*deadline_row(matter, deadline, rules, clockwork)[:-1], next_at)
    ledger.put_row(_DEADLINE.name, row[:3], row)
    return len(due)


def _fire(
    ledger: Ledger,
    matter: Instruction,
    deadline: Deadline,
    limit: Limit,
    climb: Climb,
    clockwork: Clockwork,
) -> None:
    key = (matter.id, deadline.clock, deadline.round, deadline.due_at, climb.step)
    step = clockwork.rules.step(climb.step)
    assert step is not None, "a climb is of a step of the rules"
    row = (
        *key,
        str(climb.rung),
        deadline.owner,
        climb.at,
        ledger.now,
        climb.automatic,
        clockwork.rules.version,
        0,
        "",
        "",
    )
    ledger.add_row(_FIRING.name, row)
    if climb.automatic:
        notice = notice_row(matter, deadline, limit, climb, step, ledger.now)
        ledger.add_row(tables.notice.name, notice)


def _fired(ledger: Ledger, matter: Instruction, deadline: Deadline) -> set[str]:
    key: dict[str, Any] = {
        "instruction": matter.id,
        "clock": deadline.clock,
        "round": deadline.round,
        "due_at": deadline.due_at,
    }
    written = set(ledger.connection.scalars(_FIRED, key))
    added = ledger.rows.get(_FIRING.name, ())
    return written | {row[4] for row in added if row[:4] == tuple(key.values())}


def _waiting(connection: Connection, now: int) -> list[Waiting]:
    return [Waiting(*row) for row in connection.execute(_WAITING, {"now": now})]
