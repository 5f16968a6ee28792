"""The deadlines of a matter as this node's copy of its history makes them, pending events included."""

from typing import NamedTuple

from sqlalchemy import Connection, select

from xiezhi_domain.clocks import Accepted, Deadline, Setting, approval_time, plan_of, stages_of
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.ladder import Instruction
from xiezhi_domain.terms import Action
from xiezhi_journal import tables
from xiezhi_journal.clockwork import read_outages
from xiezhi_journal.matter import Rulebooks
from xiezhi_journal.reading import history
from xiezhi_node.seat import Seat


class Preview(NamedTuple):
    """A matter and its deadlines, as far as somebody can be late with them."""

    matter: Instruction
    deadlines: list[Deadline]


def preview(connection: Connection, seat: Seat, rulebooks: Rulebooks, instruction: str) -> Preview | None:
    """Return a matter and its deadlines; None while it is a draft.

    What was refused counts for nothing; an own event that the hub has not ruled on counts from its own time.

    :raises DomainError: an event before the others is missing, or is of a kind that this program does not know.
    """
    rows = [row for row in history(connection, instruction) if row.accepted is not False]
    if not rows:
        return None
    headers = [decode_header(row.header) for row in rows]
    events = [
        Accepted(seq, header, row.ruled_at or header.at)
        for seq, (row, header) in enumerate(zip(rows, headers, strict=True), 1)
    ]
    setting = Setting(seat.calendar, seat.hub_court, read_outages(connection))
    *_, last = stages_of(events, rulebooks, setting)
    matter = last.after
    duties = plan_of(rulebooks[matter.rulebook].rules(matter.kind, matter.sender, matter.receiver)).duties
    return Preview(matter, [each for each in last.clocks.deadlines if each.clock in duties])


def time_for_approval(connection: Connection, instruction: str) -> int:
    """Return for how long (ms) a matter of this court lay with those who approve and seal."""
    table, event = tables.draft_step, tables.event
    query = select(table.c.action, table.c.at).where(table.c.instruction == instruction).order_by(table.c.id)
    steps = [(action, at) for action, at in connection.execute(query)]
    first = connection.scalar(
        select(event.c.header).where(event.c.instruction == instruction).order_by(event.c.position).limit(1)
    )
    if steps and first is not None and steps[-1][0] != Action.AFFIX_SEAL:
        steps.append((Action.AFFIX_SEAL, decode_header(first).at))
    return approval_time(steps)
