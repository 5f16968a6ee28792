"""Rows of trials, and what they have left. Functions for the journal's `read` and `write`."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, true

from xiezhi.v1 import trial_service_pb2 as pb
from xiezhi_desk.accounts.store import find_account
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.terms import State
from xiezhi_journal.reading.lists import of_a_trial
from xiezhi_journal.tables import instruction, outside_matter, trial_run

DRAFTS: Final = (
    State.DRAFT,
    State.AWAITING_APPROVAL,
    State.APPROVAL_REJECTED,
    State.AWAITING_SEAL,
    State.DISCARDED,
)


def running(connection: Connection) -> Row[Any] | None:
    """Return the trial that runs; None without one."""
    return connection.execute(select(trial_run).where(trial_run.c.cleared_at == 0)).one_or_none()


def trial_runs(connection: Connection) -> bool:
    """Return whether a trial runs."""
    return running(connection) is not None


def unsent() -> ColumnElement[bool]:
    """Return the condition on `instruction` under which a matter never left this court."""
    return and_(instruction.c.sent, instruction.c.state.in_(DRAFTS), instruction.c.accepted == "")


def shown(connection: Connection) -> ColumnElement[bool]:
    """Return the condition under which lists show a matter: those of a trial only while it runs, or while open."""
    runs = [row.cleared_at == 0 for row in connection.execute(select(trial_run.c.cleared_at))]
    return true() if any(runs) or not runs else or_(~of_a_trial(), instruction.c.open)


def read_trial(connection: Connection) -> pb.Trial:
    """Return the trial that runs with what it has left so far; an empty one without one."""
    row = running(connection)
    if row is None:
        return pb.Trial()
    by = find_account(connection, row.started_by)
    return pb.Trial(
        running=True,
        started_at=to_timestamp(row.started_at),
        started_by=by.officer.name if by else "",
        drafts=_count(connection, instruction, of_a_trial(), unsent()),
        open_matters=_count(connection, instruction, of_a_trial(), ~unsent(), instruction.c.open),
        closed_matters=_count(connection, instruction, of_a_trial(), ~unsent(), ~instruction.c.open),
        outside_matters=_count(connection, outside_matter, outside_matter.c.trial),
    )


def real_matters(connection: Connection) -> int:
    """Return how many matters of the platform are none of a trial."""
    return _count(connection, instruction, ~of_a_trial())


def _count(connection: Connection, table: Any, *conditions: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(table).where(*conditions)) or 0
