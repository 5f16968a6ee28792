"""One transaction of the writer: what its items add, undo and write."""

from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Connection

from xiezhi_domain.events.header import Header, encode_header, header_hash
from xiezhi_domain.events.ruling import Ruling
from xiezhi_domain.rulebook import Rulebook
from xiezhi_journal import tables
from xiezhi_journal.bulk import add_counts, delete_rows, insert_rows, upsert_rows
from xiezhi_journal.keys import SigningKey
from xiezhi_journal.ledger.reads import Reads
from xiezhi_journal.ledger.state import Cache, KnownEvent, NewEvent, RequestKey
from xiezhi_journal.ledger.writes import lock_head, move_head, sign_own, write_events
from xiezhi_journal.matter import LISTED_BY, Matter, PendingEvent, Rulebooks, is_listed_alike, to_row

CACHED_MATTERS: Final = 20_000


class Ledger(Reads):
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
        super().__init__(connection, cache)
        self.court = court
        self.key = key
        # Of its own: what is published here is known to others when it is committed.
        self.rulebooks: dict[str, Rulebook] = dict(rulebooks)
        self.now = now
        self.head = lock_head(connection)
        if cache.head != self.head:
            cache.clear()
        self._changed: dict[str, Matter] = {}
        self.undo: list[Callable[[], Any]] | None = None
        """The steps that undo what the running item has added; None between items."""
        self.own: list[NewEvent] = []
        self.events: list[NewEvent] = []
        self.rows: dict[str, list[tuple[Any, ...]]] = {}
        self.puts: dict[str, dict[tuple[Any, ...], tuple[Any, ...]]] = {}
        self.counts: Counter[tuple[str, str, str]] = Counter()
        self._settled: list[tuple[int]] = []
        self._dropped: list[tuple[Any, ...]] = []
        self._before_flush: list[Callable[[Ledger], None]] = []

    # --- Requests ----------------------------------------------------------------------------------------------------

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
            NewEvent(header, data, header_hash(data), body, push, journal_position, 0), self.events
        )

    def append_own(self, header: Header, body: bytes) -> KnownEvent:
        """Store an event of this court. It is signed when the transaction is written (protocol §2)."""
        data = encode_header(header)
        return self._append(NewEvent(header, data, header_hash(data), body, b"", 0, 0), self.own)

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

    def add_rulebook(self, rulebook: Rulebook) -> None:
        """Keep a rulebook; it holds for what comes after it in this transaction too."""
        self.put_row(tables.rulebook.name, (rulebook.hash,), (rulebook.hash, rulebook.content, True))
        if rulebook.hash not in self.rulebooks:
            self.rulebooks[rulebook.hash] = rulebook
            self.on_undo(lambda: self.rulebooks.pop(rulebook.hash))

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
        if self.undo is not None:
            self.undo.append(step)

    def before_flush(self, step: "Callable[[Ledger], None]") -> None:
        """Run *step* with this ledger once before everything is written, however often it is asked for.

        It must not hold the ledger itself: a circle would keep all of a batch until the garbage collector comes by.
        """
        if step not in self._before_flush:
            self._before_flush.append(step)

    def attempt(self) -> "Attempt":
        """Undo what is added inside, if it ends with an error; attempts may stand inside attempts."""
        return Attempt(self)

    # --- Writing -----------------------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Sign own events and write everything added."""
        sign_own(self.own, self.court, self.key)
        for step in self._before_flush:
            step(self)
        write_events(self.connection, [*self.own, *self.events])
        for name, rows in self.rows.items():
            insert_rows(self.connection, tables.metadata.tables[name], rows)
        for name, puts in self.puts.items():
            upsert_rows(self.connection, tables.metadata.tables[name], list(puts.values()))
        self._write_matters()
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

    # --- Not written yet ---------------------------------------------------------------------------------------------

    def accepted_entries(self, instruction: str) -> dict[int, bytes]:
        """Return the matter's accepted entries that this transaction knows: log index → leaf hash."""
        known = [event for event in self._known.values() if event and event.instruction == instruction]
        return {event.log_index: event.leaf for event in known if event.ruling and event.ruling.accepted}

    def added_bodies(self, instruction: str) -> list[tuple[int, bytes]]:
        """Return position and body of the matter's events that this transaction adds."""
        added = [new for new in (*self.own, *self.events) if new.header.instruction == instruction]
        return [(new.position, new.body) for new in added]

    # --- Inside ------------------------------------------------------------------------------------------------------

    def _append(self, new: NewEvent, to: list[NewEvent]) -> KnownEvent:
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

    def _write_matters(self) -> None:
        new: list[tuple[Any, ...]] = []
        known: list[tuple[Any, ...]] = []
        for matter in self._changed.values():
            before = self.cache.matters.get(matter.id)
            rows = known if before is not None and is_listed_alike(before, matter) else new
            rows.append(to_row(matter, self.court, self.rulebooks, is_hub=self.head.log_size > 0))
        upsert_rows(self.connection, tables.instruction, new)
        upsert_rows(self.connection, tables.instruction, known, keeping=LISTED_BY)

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
            move_head(self.connection, self.head)


class Attempt:
    """The block of `Ledger.attempt`. A class of its own: a generator would cost every item thrice as much."""

    __slots__ = ("_head", "_ledger", "_outer", "_steps")

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._outer = ledger.undo
        self._head = ledger.head.copy()
        self._steps: list[Callable[[], Any]] = []

    def __enter__(self) -> None:
        self._ledger.undo = self._steps

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        ledger, outer = self._ledger, self._outer
        if kind is not None:
            for step in reversed(self._steps):
                step()
            ledger.head = self._head
        elif outer is not None:
            outer.extend(self._steps)
        ledger.undo = outer
