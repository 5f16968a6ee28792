"""Reading by set: what the items of a transaction need, in a few statements, and how they then see it."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from xiezhi_domain.errors import Conflict, Reason
from xiezhi_domain.events.header import Base, header_hash
from xiezhi_domain.events.ruling import Ruling
from xiezhi_domain.ladder import Footing, Instruction, Standing
from xiezhi_journal import tables
from xiezhi_journal.ledger.state import Cache, KnownEvent, RequestKey
from xiezhi_journal.matter import Matter, PendingEvent, from_row, pending_from_row

CHUNK: Final = 500
"""Most values in one IN list; SQLite's oldest limit is 999."""

# Queries of every transaction, built once: building one costs SQLAlchemy ten times as much as running it.
_MATTERS = select(tables.instruction).where(
    tables.instruction.c.instruction.in_(bindparam("ids", expanding=True))
)
_KNOWN = (
    select(
        tables.event.c.event_id,
        tables.event.c.instruction,
        tables.event.c.position,
        tables.event.c.header,
        tables.ruling,
    )
    .join(tables.ruling, tables.ruling.c.position == tables.event.c.position, isouter=True)
    .where(tables.event.c.event_id.in_(bindparam("ids", expanding=True)))
)
_REQUESTS = select(
    tables.request.c.request_id, tables.request.c.content_hash, tables.request.c.response
).where(
    tables.request.c.principal == bindparam("principal"),
    tables.request.c.method == bindparam("method"),
    tables.request.c.request_id.in_(bindparam("ids", expanding=True)),
)


class Reads:
    """What a transaction has read, and what its items have made of it since."""

    def __init__(self, connection: Connection, cache: Cache) -> None:
        self.connection = connection
        self.cache = cache
        self._matters: dict[str, Matter | None] = {}
        self._known: dict[str, KnownEvent | None] = {}
        self._requests: dict[tuple[str, str, str], tuple[bytes, bytes] | None] = {}
        self._wanted_matters: set[str] = set()
        self._wanted_events: set[str] = set()
        self._wanted_requests: set[tuple[str, str, str]] = set()

    def want_matter(self, instruction: str) -> None:
        """Ask for a matter."""
        self._wanted_matters.add(instruction)

    def want_event(self, event_id: str) -> None:
        """Ask whether and how an event is known."""
        if event_id:
            self._wanted_events.add(event_id)

    def want_request(self, key: RequestKey) -> None:
        """Ask whether a request was answered before."""
        self._wanted_requests.add(key.key)

    def read(self) -> None:
        """Read what was asked for."""
        self._read_matters(self._wanted_matters)
        self._read_known(self._wanted_events)
        self._read_requests()

    def matter(self, instruction: str) -> Matter | None:
        """Return a matter as it is now in this transaction."""
        if instruction not in self._matters:
            self._read_matters({instruction})
        return self._matters[instruction]

    def known(self, event_id: str) -> KnownEvent | None:
        """Return what is known about an event, this transaction's own additions included."""
        if event_id not in self._known:
            self._read_known({event_id})
        return self._known[event_id]

    def accepted_of(self, instruction: str) -> set[str]:
        """Return the ids of the matter's events that this transaction knows to be accepted."""
        known = [event for event in self._known.values() if event and event.instruction == instruction]
        return {event.id for event in known if event.ruling and event.ruling.accepted}

    def footing(self, history: Instruction | None, base: Base) -> Footing:
        """Return where *base* stands in *history*, which it was said to belong to (ADR 0002)."""
        if history is None and not base.id:
            return Footing(Standing.HEAD)
        if history is not None and (base.id, base.hash) == (history.head.id, history.head.hash):
            return Footing(Standing.HEAD, history.head.seq)
        known = self.known(base.id) if base.id else None
        if known is None or known.hash != base.hash or known.ruling is None:
            return Footing(Standing.UNKNOWN)
        if history is not None and known.instruction != history.id:
            return Footing(Standing.UNKNOWN)
        if not known.ruling.accepted:
            return Footing(Standing.REFUSED, winner=known.ruling.winner)
        return Footing(Standing.BEHIND, known.ruling.seq)

    def answered(self, key: RequestKey) -> bytes | None:
        """Return the stored answer to the same request, or None if it is new.

        :raises Conflict: REQUEST_ID_REUSED, if it was used for other content.
        """
        found = self._requests.get(key.key)
        if found is None:
            return None
        content_hash, response = found
        if content_hash != key.content_hash:
            raise Conflict(Reason.REQUEST_ID_REUSED)
        return response

    def _read_matters(self, wanted: Iterable[str]) -> None:
        missing = []
        for identifier in wanted:
            if identifier in self._matters:
                continue
            cached = self.cache.matters.get(identifier)
            self._matters[identifier] = cached
            if cached is None:
                missing.append(identifier)
        for part in _chunks(missing):
            rows = self.connection.execute(_MATTERS, {"ids": part}).all()
            pending = self._read_pending([row.instruction for row in rows if row.pending])
            for row in rows:
                self._matters[row.instruction] = from_row(row, tuple(pending.get(row.instruction, ())))

    def _read_pending(self, instructions: list[str]) -> dict[str, list[PendingEvent]]:
        found: dict[str, list[PendingEvent]] = {}
        if instructions:
            pending, event = tables.pending, tables.event
            query = (
                select(pending.c.instruction, pending.c.journal_position, pending.c.position, event.c.header)
                .join(event, event.c.position == pending.c.position)
                .where(pending.c.instruction.in_(instructions), ~pending.c.dropped)
                .order_by(pending.c.journal_position)
            )
            for row in self.connection.execute(query):
                found.setdefault(row.instruction, []).append(pending_from_row(row))
        return found

    def _read_known(self, wanted: Iterable[str]) -> None:
        missing = [identifier for identifier in wanted if identifier not in self._known]
        for identifier in missing:
            self._known[identifier] = None
        for part in _chunks(missing):
            for row in self.connection.execute(_KNOWN, {"ids": part}):
                self._known[row.event_id] = _known(row)

    def _read_requests(self) -> None:
        by_caller: dict[tuple[str, str], list[str]] = {}
        for principal, method, request_id in self._wanted_requests:
            by_caller.setdefault((principal, method), []).append(request_id)
        for (principal, method), ids in by_caller.items():
            for part in _chunks(ids):
                values = {"principal": principal, "method": method, "ids": part}
                for row in self.connection.execute(_REQUESTS, values):
                    self._requests[(principal, method, row.request_id)] = (row.content_hash, row.response)


def _known(row: Any) -> KnownEvent:
    ruling = None
    if row.log_index is not None:
        # Only what rulings refer to is needed of the stored one; `prev` stays in its bytes.
        ruling = Ruling(row.accepted, row.seq, "", row.ruled_at, row.reason, row.winner)
    index = -1 if row.log_index is None else row.log_index
    return KnownEvent(
        row.event_id, row.instruction, row.position, header_hash(row.header), ruling, index, row.leaf or b""
    )


def _chunks(values: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
