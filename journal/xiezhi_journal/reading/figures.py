"""Counts for the hub: from the tally that is kept with every ruling, and from the index of what is due."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from xiezhi_domain.ladder import FINAL_STATES
from xiezhi_domain.terms import State
from xiezhi_journal import tables
from xiezhi_journal.reading.lists import OPEN, of_a_trial, receiver_is_late


@dataclass(frozen=True, slots=True)
class CourtFigures:
    """What one court has sent and received; open means that no final state is reached."""

    sent_open: int
    received_open: int
    received_overdue: int
    received_by_state: Mapping[State, int]


@dataclass(frozen=True, slots=True)
class Overview:
    """All matters by (sender, receiver, state), what is overdue by receiver, and the log's size at that moment.

    What belongs to a trial is left out.
    """

    log_size: int
    counts: Mapping[tuple[str, str, State], int]
    overdue: Mapping[str, int]

    def flows(self) -> Mapping[tuple[str, str], int]:
        """Return the open matters by (sender, receiver)."""
        flows: Counter[tuple[str, str]] = Counter()
        for (sender, receiver, state), count in self.counts.items():
            if state not in FINAL_STATES:
                flows[sender, receiver] += count
        return flows

    def of(self, court: str) -> CourtFigures:
        """Return the figures of one court."""
        received: Counter[State] = Counter()
        sent_open = 0
        for (sender, receiver, state), count in self.counts.items():
            if receiver == court:
                received[state] += count
            if sender == court and state not in FINAL_STATES:
                sent_open += count
        received_open = sum(count for state, count in received.items() if state not in FINAL_STATES)
        return CourtFigures(sent_open, received_open, self.overdue.get(court, 0), received)


def overview(connection: Connection, now: int) -> Overview:
    """Return the figures of all courts at *now* (ms)."""
    tally, instruction = tables.tally, tables.instruction
    tallied = connection.execute(select(tally).where(tally.c["count"] != 0))
    counts = Counter({(sender, receiver, State(state)): count for sender, receiver, state, count in tallied})
    late = connection.execute(
        select(instruction.c.receiver, func.count().label("matters"))
        .where(OPEN, receiver_is_late(now), ~of_a_trial())
        .group_by(instruction.c.receiver)
    )
    return Overview(
        connection.scalar(select(tables.head.c.log_size)) or 0,
        counts - _of_trials(connection),
        {row.receiver: row.matters for row in late},
    )


def _of_trials(connection: Connection) -> Counter[tuple[str, str, State]]:
    """Count the matters of trials; their numbers are looked for in the index, which is a fraction of the table."""
    table = tables.instruction
    numbers = select(table.c.number).where(of_a_trial())
    query = select(table.c.sender, table.c.receiver, table.c.state, func.count().label("matters"))
    rows = connection.execute(
        query.where(table.c.number.in_(numbers)).group_by(table.c.sender, table.c.receiver, table.c.state)
    )
    return Counter({(row.sender, row.receiver, State(row.state)): row.matters for row in rows})
