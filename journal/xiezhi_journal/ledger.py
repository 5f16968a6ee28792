"""The ledger: one transaction of the writer, seen by the items that it holds.

Items say what they need (`want_…`), everything is read in a few statements, items decide over an overlay, everything
is written in sets. What the last committed transactions left is kept in a cache, because the writer is the only one
who changes it; if the head row is not the one the cache belongs to, another process has written and the cache is void.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from xiezhi_domain.errors import Conflict, Reason
from xiezhi_domain.events.header import Base, Header, encode_header, header_hash
from xiezhi_domain.events.ruling import Ruling
from xiezhi_domain.evidence.push import MAX_COUNT, PushProof, sign_push
from xiezhi_domain.ladder import Footing, Instruction, Standing
from xiezhi_journal import tables
from xiezhi_journal.bulk import add_counts, delete_rows, insert_rows, upsert_rows
from xiezhi_journal.keys import SigningKey
from xiezhi_journal.matter import Matter, PendingEvent, Rulebooks, from_row, pending_from_row, to_row
from xiezhi_journal.proofs import encode_push

CACHED_MATTERS = 20_000
CHUNK = 500
"""Most values in one IN list; SQLite's oldest limit is 999."""

# Queries of every transaction, built once: building one costs SQLAlchemy ten times as much as running it.
_HEAD = select(tables.head).where(tables.head.c.id == 1).with_for_update()
_MOVE_HEAD = tables.head.update().where(tables.head.c.id == 1)
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


@dataclass(slots=True)
class Head:
    """The row that the writer locks: how far everything has come. The ledger alone moves it."""

    position: int = 0
    journal_position: int = 0
    change: int = 0
    log_size: int = 0
    log_frontier: bytes = bytes(8)
    ruled_at: int = 0
    commits: int = 0

    def copy(self) -> "Head":
        """Return another one at the same place."""
        return Head(
            self.position,
            self.journal_position,
            self.change,
            self.log_size,
            self.log_frontier,
            self.ruled_at,
            self.commits,
        )


@dataclass(frozen=True, slots=True)
class RequestKey:
    """What makes a request the same request (protocol §12); `content_hash` is its SHA-256."""

    principal: str
    method: str
    request_id: str
    content_hash: bytes

    @property
    def key(self) -> tuple[str, str, str]:
        """The primary key."""
        return (self.principal, self.method, self.request_id)


class KnownEvent(NamedTuple):
    """An event that is stored, and how it was ruled on; `ruling` is None while pending."""

    id: str
    instruction: str
    position: int
    hash: str
    ruling: Ruling | None
    log_index: int
    leaf: bytes


@dataclass(slots=True)
class Cache:
    """What committed transactions left behind, valid for `head`."""

    head: Head | None = None
    matters: "OrderedDict[str, Matter]" = field(default_factory=OrderedDict)
    extras: dict[str, Any] = field(default_factory=dict)

    def clear(self) -> None:
        """Forget everything."""
        self.head = None
        self.matters.clear()
        self.extras.clear()


@dataclass(slots=True)
class _NewEvent:
    header: Header
    data: bytes
    hash: str
    body: bytes
    push: bytes
    journal_position: int
    position: int


class Ledger:
    """One transaction. `court` is the court of this program; `key` signs its own events."""

    def __init__(
        self,
        connection: Connection,
        cache: Cache,
        court: str,
        key: SigningKey | None,
        rulebooks: Rulebooks,
        now: int,
    ) -> None:
        self.connection = connection
        self.court = court
        self.key = key
        self.rulebooks = rulebooks
        self.now = now
        self.cache = cache
        self.head = self._lock_head()
        self._matters: dict[str, Matter | None] = {}
        self._known: dict[str, KnownEvent | None] = {}
        self._requests: dict[tuple[str, str, str], tuple[bytes, bytes] | None] = {}
        self._wanted_matters: set[str] = set()
        self._wanted_events: set[str] = set()
        self._wanted_requests: set[tuple[str, str, str]] = set()
        self._changed: dict[str, Matter] = {}
        self._undo: list[Callable[[], None]] | None = None
        self.own: list[_NewEvent] = []
        self.events: list[_NewEvent] = []
        self.rows: dict[str, list[tuple[Any, ...]]] = {}
        self.puts: dict[str, dict[tuple[Any, ...], tuple[Any, ...]]] = {}
        self.counts: Counter[tuple[str, str, str]] = Counter()
        self._settled: list[tuple[int]] = []
        self._dropped: list[tuple[Any, ...]] = []
        self._before_flush: list[Callable[[], None]] = []

    # --- Reading by set ----------------------------------------------------------------------------------------------

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

    # --- Requests ----------------------------------------------------------------------------------------------------

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

    def remember(self, key: RequestKey, response: bytes) -> None:
        """Keep the answer to a request."""
        previous = self._requests.get(key.key)
        self._requests[key.key] = (key.content_hash, response)
        self.on_undo(lambda: self._requests.__setitem__(key.key, previous))
        self.add_row(tables.request.name, (*key.key, key.content_hash, response, self.now))

    # --- Adding ------------------------------------------------------------------------------------------------------

    def save(self, matter: Matter) -> None:
        """Keep a matter as it has become."""
        before, changed_before = self.matter(matter.id), self._changed.get(matter.id)

        def undo() -> None:
            self._matters[matter.id] = before
            if changed_before is None:
                del self._changed[matter.id]
            else:
                self._changed[matter.id] = changed_before

        self._matters[matter.id] = matter
        self._changed[matter.id] = matter
        self.on_undo(undo)

    def append(
        self, header: Header, data: bytes, body: bytes, push: bytes, journal_position: int
    ) -> KnownEvent:
        """Store another court's event; returns it as known, without a ruling."""
        return self._append(
            _NewEvent(header, data, header_hash(data), body, push, journal_position, 0), self.events
        )

    def append_own(self, header: Header, body: bytes) -> KnownEvent:
        """Store an event of this court. It is signed when the transaction is written (protocol §2)."""
        data = encode_header(header)
        return self._append(_NewEvent(header, data, header_hash(data), body, b"", 0, 0), self.own)

    def rule(self, known: KnownEvent, ruling: Ruling, log_index: int, leaf: bytes, data: bytes) -> None:
        """Store the ruling on an event."""
        ruled = KnownEvent(known.id, known.instruction, known.position, known.hash, ruling, log_index, leaf)
        self._known[known.id] = ruled
        self.on_undo(lambda: self._known.__setitem__(known.id, known))
        self.add_row(
            tables.ruling.name,
            (
                log_index,
                known.position,
                ruling.accepted,
                ruling.seq,
                ruling.reason,
                ruling.winner,
                ruling.at,
                leaf,
                data,
            ),
        )

    def tell_change(self, position: int) -> None:
        """Tell watchers that the event at *position* was stored or ruled on."""
        self.head.change += 1
        self.add_row(tables.change.name, (self.head.change, position))

    def add_row(self, table: str, row: tuple[Any, ...]) -> None:
        """Insert *row* when the transaction is written."""
        rows = self.rows.setdefault(table, [])
        rows.append(row)
        self.on_undo(rows.pop)

    def put_row(self, table: str, key: tuple[Any, ...], row: tuple[Any, ...]) -> None:
        """Insert *row*, or replace the one with this primary *key*, when the transaction is written."""
        puts = self.puts.setdefault(table, {})
        before = puts.get(key)
        puts[key] = row
        self.on_undo(lambda: puts.pop(key) if before is None else puts.__setitem__(key, before))

    def settle_pending(self, journal_position: int) -> None:
        """Take an own event out of the outbox: the hub has answered it."""
        self._settled.append((journal_position,))
        self.on_undo(self._settled.pop)

    def drop_pending(self, event: PendingEvent) -> None:
        """Keep an own event in the outbox, where it waits for its answer, but out of later readings of its matter."""
        header = event.header
        self._dropped.append((event.journal_position, event.position, header.id, header.instruction, True))
        self.on_undo(self._dropped.pop)

    def count(self, key: tuple[str, str, str], by: int) -> None:
        """Add to the tally of (sender, receiver, state)."""
        self.counts[key] += by
        self.on_undo(lambda: self.counts.__setitem__(key, self.counts[key] - by))

    def move_head(self, **values: Any) -> None:
        """Move the head on. An attempt that fails moves it back by itself."""
        for name, value in values.items():
            setattr(self.head, name, value)

    def on_undo(self, step: Callable[[], Any]) -> None:
        """Run *step* if the item that is running now ends with an error."""
        if self._undo is not None:
            self._undo.append(step)

    def before_flush(self, step: Callable[[], None]) -> None:
        """Run *step* once before everything is written, however often it is asked for."""
        if step not in self._before_flush:
            self._before_flush.append(step)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Undo what is added inside, if it ends with an error; attempts may stand inside attempts."""
        outer, self._undo = self._undo, []
        steps, head = self._undo, self.head.copy()
        try:
            yield
        except BaseException:
            for step in reversed(steps):
                step()
            self.head = head
            raise
        else:
            if outer is not None:
                outer.extend(steps)
        finally:
            self._undo = outer

    # --- Writing -----------------------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Sign own events and write everything added."""
        self._sign_own()
        for step in self._before_flush:
            step()
        self._write_events()
        for name, rows in self.rows.items():
            insert_rows(self.connection, tables.metadata.tables[name], rows)
        for name, puts in self.puts.items():
            upsert_rows(self.connection, tables.metadata.tables[name], list(puts.values()))
        upsert_rows(
            self.connection,
            tables.instruction,
            [to_row(matter, self.court) for matter in self._changed.values()],
        )
        upsert_rows(self.connection, tables.pending, self._dropped)
        delete_rows(self.connection, tables.pending, self._settled)
        add_counts(self.connection, tables.tally, self.counts)
        self._write_head()

    def committed(self) -> None:
        """Keep what this transaction left for the next ones."""
        self.cache.head = self.head
        matters = self.cache.matters
        for identifier, matter in self._matters.items():
            if matter is not None:
                matters[identifier] = matter
                matters.move_to_end(identifier)
        while len(matters) > CACHED_MATTERS:
            matters.popitem(last=False)

    # --- Inside ------------------------------------------------------------------------------------------------------

    def _lock_head(self) -> Head:
        row = self.connection.execute(_HEAD).one_or_none()
        if row is None:
            head = Head()
            insert_rows(self.connection, tables.head, [(1, 0, 0, 0, 0, head.log_frontier, 0, 0)])
        else:
            head = Head(*row[1:])
        if self.cache.head != head:
            self.cache.clear()
        return head

    def _append(self, new: _NewEvent, to: list[_NewEvent]) -> KnownEvent:
        self.head.position += 1
        new.position = self.head.position
        if to is self.own:
            self.head.journal_position += 1
            new.journal_position = self.head.journal_position
        to.append(new)
        self.on_undo(to.pop)
        known = KnownEvent(new.header.id, new.header.instruction, new.position, new.hash, None, -1, b"")
        self._known[new.header.id] = known
        self.on_undo(lambda: self._known.pop(new.header.id))
        return known

    def own_position(self, event_id: str) -> int:
        """Return the journal position that an own event of this transaction was given."""
        return next(new.journal_position for new in reversed(self.own) if new.header.id == event_id)

    def _sign_own(self) -> None:
        key = self.key
        for push in _pushes(self.own):
            assert key is not None, "only a program with a signing key acts for its court"
            first = push[0].journal_position
            proofs = sign_push(self.court, key.key_id, first, [new.data for new in push], key.sign)
            for new, proof in zip(push, proofs, strict=True):
                new.push = encode_push(proof)

    def _write_events(self) -> None:
        added = [*self.own, *self.events]
        insert_rows(
            self.connection,
            tables.event,
            [
                (
                    new.position,
                    new.header.id,
                    new.header.instruction,
                    new.header.kind,
                    new.header.sender,
                    new.data,
                    new.push,
                    new.journal_position,
                )
                for new in added
            ],
        )
        insert_rows(self.connection, tables.body, [(new.position, new.body) for new in added if new.body])

    def _write_head(self) -> None:
        # Repeats and refusals change nothing and cost no write. Everything else is counted, drafts too, which move
        # nothing else in the head: caches of other processes are void after it.
        if (
            self._changed
            or any(self.rows.values())
            or any(self.puts.values())
            or self.head != self.cache.head
        ):
            self.head.commits += 1
            self.connection.execute(_MOVE_HEAD, asdict(self.head))

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


def _pushes(events: list[_NewEvent]) -> Iterator[list[_NewEvent]]:
    """Yield the events that one signature covers: their journal positions follow one another (protocol §2).

    They do not where a restored node took an own event back between two new ones.
    """
    start = 0
    for end, event in enumerate(events):
        if end - start == MAX_COUNT or event.journal_position != events[start].journal_position + end - start:
            yield events[start:end]
            start = end
    if events:
        yield events[start:]


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


__all__ = ["Cache", "Head", "KnownEvent", "Ledger", "PushProof", "RequestKey"]
