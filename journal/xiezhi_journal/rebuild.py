"""Dropping the projections and making them again from what happened: events, rulings, bodies.

A hub's history is the order of its log; a node's is the order of its changes, which tells when an own event was
stored and when its answer came. What only a draft knows is no projection and is left alone.
"""

from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, Select, delete, func, literal, or_, select, update

from xiezhi.v1 import event_pb2
from xiezhi_domain.errors import DomainError, FormatError, NotFound, Reason
from xiezhi_domain.events.header import Header, decode_header, header_hash
from xiezhi_domain.events.kinds import DIRECTORY_EVENTS
from xiezhi_domain.events.ruling import Ruling, decode_ruling
from xiezhi_domain.ladder import Step, fold, issued_facts
from xiezhi_domain.rulebook import Rulebook
from xiezhi_journal import tables
from xiezhi_journal.bulk import add_counts, insert_rows, upsert_rows
from xiezhi_journal.deadlines import rebuild_deadlines
from xiezhi_journal.dropping import drop_from
from xiezhi_journal.figure_records import drop_records
from xiezhi_journal.labels import case_number_of, labels_after
from xiezhi_journal.matter import Labels, Matter, PendingEvent, Rulebooks, begun_matter, to_row
from xiezhi_journal.previews import forget_previews
from xiezhi_journal.quarantine import OUTBOX

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many matters a rebuild made, and the ids of the events that could not be projected."""

    matters: int
    skipped: tuple[str, ...]


def rebuild(connection: Connection, court: str, rulebooks: Rulebooks) -> Rebuilt:
    """Drop `instruction`, `tally`, `pending` and `deadline` and make them again, in the transaction of *connection*.

    The records of figures are dropped: a program that runs makes them again in the background (`figure_records`).
    *court* is the court of this program, *rulebooks* has every rulebook that a matter pins. Caches of running
    programs are void after it.
    """
    is_hub = bool(connection.scalar(select(tables.head.c.log_size)))
    replay = _Replay(connection, court, rulebooks, is_hub)
    _drop(connection)
    moments = _moments_of_hub() if is_hub else _moments_of_node()
    rows = connection.execute(moments, execution_options={"yield_per": CHUNK})
    made = 0
    waiting: list[Matter] = []
    live: set[str] = set()
    for _, history in groupby(rows, key=attrgetter("instruction")):
        matter = replay.matter_after(history)
        if matter is not None:
            waiting.append(matter)
            live.update(event.header.id for event in matter.pending)
        if len(waiting) == CHUNK:
            made += _write(connection, court, rulebooks, waiting, is_hub=is_hub)
            waiting = []
    made += _write(connection, court, rulebooks, waiting, is_hub=is_hub)
    add_counts(connection, tables.tally, replay.counts)
    if is_hub:
        rebuild_deadlines(connection, court, rulebooks)
    else:
        forget_previews(connection)
    _fill_outbox(connection, court, live)
    drop_records(connection)
    connection.execute(update(tables.head).values(commits=tables.head.c.commits + 1))
    return Rebuilt(made, tuple(replay.skipped))


@dataclass(slots=True)
class _Replay:
    """Takes the events of one matter after the other through what the programs did with them."""

    connection: Connection
    court: str
    rulebooks: Rulebooks
    is_hub: bool
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    skipped: list[str] = field(default_factory=list)

    def matter_after(self, history: Iterable[Any]) -> Matter | None:
        """Return the matter that a history makes; an event that does not fit changes nothing, as when it came."""
        matter: Matter | None = None
        for moment in history:
            try:
                matter = self._after(matter, moment)
            except DomainError:
                self.skipped.append(moment.event_id)
        if self.is_hub and matter is not None:
            self.counts[matter.sender, matter.receiver, matter.state] += 1
        return matter

    def _after(self, matter: Matter | None, moment: Any) -> Matter | None:
        header = decode_header(moment.header)
        body = event_pb2.Body.FromString(moment.body or b"")
        if (
            moment.court == self.court
            and moment.mention == 1
            and (moment.ruling is None or moment.mentions > 1)
        ):
            return self._store(matter, moment, header, body)
        if moment.ruling is None:
            return self._drop(matter, header.id, moment.given_up_at) if matter else None
        ruling = decode_ruling(moment.ruling)
        if ruling.accepted:
            return self._accept(matter, moment, header, ruling, body)
        if matter is not None and _is_pending(matter, header.id):
            return self._drop(matter, header.id, ruling.at)
        return matter

    def _store(self, matter: Matter | None, moment: Any, header: Header, body: event_pb2.Body) -> Matter:
        if matter is None or matter.view is None:
            matter = _drafted(header)
        rulebook = self._rulebook(matter.view.rulebook if matter.view else header.rulebook)
        event = PendingEvent(moment.journal_position, moment.position, header, header_hash(moment.header))
        after = matter.add_pending(event, rulebook)
        return replace(after, labels=labels_after(matter.labels, header, body, self.court))

    def _accept(
        self, matter: Matter | None, moment: Any, header: Header, ruling: Ruling, body: event_pb2.Body
    ) -> Matter:
        head = matter.accepted.head if matter and matter.accepted else Step()
        if matter is not None and moment.mention > 1 and head.seq >= ruling.seq:
            # Told again when the node took it out of quarantine; here it had its place from the first.
            return matter
        if (ruling.seq, ruling.prev) != (head.seq + 1, head.leaf):
            raise FormatError("裁定的序号或前一记录与所存历史不衔接")
        rulebook = self._rulebook(matter.accepted.rulebook if matter and matter.accepted else header.rulebook)
        hash_ = header_hash(moment.header)
        if matter is None:
            step = Step(ruling.seq, header.id, hash_, moment.leaf.hex())
            after = begun_matter(fold(None, header, step, ruling.at, rulebook), Labels())
        else:
            after = matter.accept(header, hash_, ruling, moment.leaf, rulebook)
        if self.is_hub:
            return replace(after, labels=Labels(case_number_of(body))) if matter is None else after
        if matter is not None and _is_pending(matter, header.id):
            return after
        return replace(after, labels=labels_after(after.labels, header, body, self.court))

    def _drop(self, matter: Matter, event_id: str, at: int) -> Matter:
        if not _is_pending(matter, event_id) or matter.view is None:
            return matter
        rulebook = self._rulebook(matter.view.rulebook)
        return drop_from(self.connection, matter, event_id, at, rulebook, self.court)

    def _rulebook(self, pinned: str) -> Rulebook:
        found = self.rulebooks.get(pinned)
        if found is None:
            raise NotFound(Reason.RULEBOOK_UNKNOWN, metadata={"rulebook": pinned})
        return found


def _drafted(header: Header) -> Matter:
    """Return the matter before its first event, as far as that event says it."""
    facts = issued_facts(header.facts)
    return Matter(
        id=header.instruction,
        kind=facts.kind,
        number=facts.number,
        sender=header.sender,
        receiver=header.to,
        item_count=len(facts.items),
        local_state=None,
        accepted=None,
        view=None,
        pending=(),
        labels=Labels(),
        updated_at=header.at,
    )


def _is_pending(matter: Matter, event_id: str) -> bool:
    return any(event.header.id == event_id for event in matter.pending)


def _moments_of_hub() -> Select[Any]:
    event, ruling, body = tables.event, tables.ruling, tables.body
    return (
        select(
            event,
            ruling.c.ruling,
            ruling.c.leaf,
            body.c.content.label("body"),
            literal(1).label("mention"),
            literal(1).label("mentions"),
        )
        .join(ruling, ruling.c.position == event.c.position)
        .join(body, body.c.position == event.c.position, isouter=True)
        .where(event.c.kind.not_in(DIRECTORY_EVENTS))
        .order_by(event.c.instruction, ruling.c.log_index)
    )


def _moments_of_node() -> Select[Any]:
    event, ruling, body, change = tables.event, tables.ruling, tables.body, tables.change
    given_up_at = (
        select(func.max(tables.quarantine.c.at))
        .where(tables.quarantine.c.source == OUTBOX, tables.quarantine.c.event_id == event.c.event_id)
        .scalar_subquery()
    )
    return (
        select(
            event,
            ruling.c.ruling,
            ruling.c.leaf,
            body.c.content.label("body"),
            func.row_number().over(partition_by=change.c.position, order_by=change.c.change).label("mention"),
            func.count().over(partition_by=change.c.position).label("mentions"),
            given_up_at.label("given_up_at"),
        )
        .join(change, change.c.position == event.c.position)
        .join(ruling, ruling.c.position == event.c.position, isouter=True)
        .join(body, body.c.position == event.c.position, isouter=True)
        .where(event.c.kind.not_in(DIRECTORY_EVENTS))
        .order_by(event.c.instruction, change.c.change)
    )


def _drop(connection: Connection) -> None:
    """Drop what shows events; a row without any belongs to a draft."""
    instruction = tables.instruction
    connection.execute(delete(instruction).where(or_(instruction.c.accepted != "", instruction.c.view != "")))
    connection.execute(delete(tables.tally))
    connection.execute(delete(tables.pending))


def _write(
    connection: Connection, court: str, rulebooks: Rulebooks, matters: list[Matter], *, is_hub: bool
) -> int:
    """Write the rows of *matters*. One whose events were all refused is a draft again, and that may have changed."""
    table = tables.instruction
    empty = [matter.id for matter in matters if matter.view is None]
    drafts = set(connection.scalars(select(table.c.instruction).where(table.c.instruction.in_(empty))))
    rows = [to_row(matter, court, rulebooks, is_hub=is_hub) for matter in matters if matter.id not in drafts]
    upsert_rows(connection, table, rows)
    return len(rows)


def _fill_outbox(connection: Connection, court: str, live: Container[str]) -> None:
    """Fill the outbox with the own events that have no ruling and were not given up; *live* ones stand in views."""
    event, ruling, quarantine = tables.event, tables.ruling, tables.quarantine
    given_up = select(quarantine.c.event_id).where(quarantine.c.source == OUTBOX)
    query = (
        select(
            event.c.journal_position, event.c.position, event.c.event_id, event.c.instruction, event.c.kind
        )
        .join(ruling, ruling.c.position == event.c.position, isouter=True)
        .where(event.c.court == court, ruling.c.position.is_(None), event.c.event_id.not_in(given_up))
        .order_by(event.c.journal_position)
    )
    rows = [
        (*row[:4], row.kind not in DIRECTORY_EVENTS and row.event_id not in live)
        for row in connection.execute(query)
    ]
    insert_rows(connection, tables.pending, rows)
