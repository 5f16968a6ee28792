"""What was accepted: a matter as it stands by that, and histories by sets of matters, for figures.

Histories are as the first so many entries of the log have them. What is asked never changes once the log has grown
past it, so that a reader may go on over many short transactions and holds up nobody.
"""

from collections.abc import Collection, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import Connection, func, or_, select

from xiezhi_domain.clocks import Accepted
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.ladder import Instruction
from xiezhi_journal import tables
from xiezhi_journal.matter import from_row
from xiezhi_journal.reading.lists import OPEN


class AcceptedHistory(NamedTuple):
    """The accepted events of a matter in the order of the log, and the index of the last of them."""

    id: str
    events: Sequence[Accepted]
    last_index: int


def read_accepted(connection: Connection, instruction: str) -> Instruction | None:
    """Return a matter as its accepted events made it; None where there is none of this id, or none was accepted."""
    table = tables.instruction
    row = connection.execute(table.select().where(table.c.instruction == instruction)).one_or_none()
    return from_row(row, ()).accepted if row is not None else None


def log_size(connection: Connection) -> int:
    """Return how many entries of the log are known here: at a node, up to the last that came on its feed."""
    last = connection.scalar(select(func.max(tables.ruling.c.log_index)))
    return 0 if last is None else last + 1


def matters_touched(connection: Connection, since: int, after: str, limit: int) -> list[str]:
    """Return up to *limit* matters after the id *after* that are open or were changed at *since* (ms) or later."""
    table = tables.instruction
    query = (
        select(table.c.instruction)
        .where(table.c.instruction > after, or_(OPEN, table.c.updated_at >= since))
        .order_by(table.c.instruction)
        .limit(limit)
    )
    return list(connection.scalars(query))


def accepted_histories(
    connection: Connection, matters: Collection[str], before_index: int | None = None
) -> list[AcceptedHistory]:
    """Return the histories of *matters*, of entries before *before_index* (None: all), without those that are empty."""
    event, ruling = tables.event, tables.ruling
    query = (
        select(event.c.instruction, event.c.header, ruling.c.seq, ruling.c.ruled_at, ruling.c.log_index)
        .join(ruling, ruling.c.position == event.c.position)
        .where(event.c.instruction.in_(matters), ruling.c.accepted)
        .order_by(event.c.instruction, ruling.c.log_index)
    )
    if before_index is not None:
        query = query.where(ruling.c.log_index < before_index)
    histories = []
    for matter, rows in groupby(connection.execute(query), key=attrgetter("instruction")):
        told = list(rows)
        events = [Accepted(row.seq, decode_header(row.header), row.ruled_at) for row in told]
        histories.append(AcceptedHistory(matter, events, told[-1].log_index))
    return histories
