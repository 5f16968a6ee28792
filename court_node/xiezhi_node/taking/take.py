"""Taking feed items into the journal, in the writer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace
from sqlalchemy import select, text

from xiezhi_domain.errors import DomainError, FormatError, NotFound, Reason
from xiezhi_domain.events.feed import FIRST, feed_item_hash
from xiezhi_domain.events.kinds import DIRECTORY_EVENTS, KEY_EVENTS, TIME_EVENTS
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.parts import commitment
from xiezhi_domain.ladder import Step, fold
from xiezhi_domain.terms import EventKind, State
from xiezhi_journal import tables
from xiezhi_journal.bulk import upsert_rows
from xiezhi_journal.keyrings import keyring_of
from xiezhi_journal.labels import labels_after
from xiezhi_journal.ledger import KnownEvent, Ledger
from xiezhi_journal.matter import Labels, Matter, begun_matter
from xiezhi_journal.quarantine import FEED, quarantine
from xiezhi_journal.restrictions import note_restriction, ordered_restriction
from xiezhi_journal.rulebooks import published_rulebook
from xiezhi_node.acting.numbers import number_was_given
from xiezhi_node.acting.own import OwnEvent, add_own_event
from xiezhi_node.deadlines.taking import note_time_event
from xiezhi_node.seat import Seat, store_checkpoint
from xiezhi_node.taking.check import CheckedItem
from xiezhi_node.taking.erasures import hold_to_orders, take_order
from xiezhi_node.taking.keys import take_key_event
from xiezhi_node.taking.proofs import BrokenFeedError, note_seen, want_proof
from xiezhi_node.taking.refused import return_to_desk
from xiezhi_node.taking.wanted import waiting_matters, want_documents, want_earlier_documents

_CURSORS = "cursors"
EMPTY_COMMITMENT = commitment(()).hex()
"""What the header of an event without parts commits to."""


@dataclass(frozen=True, slots=True)
class TakeFeed:
    """Work for the writer: items of the feed in order, and a checkpoint that covers them.

    An item that is already there changes nothing. An item that cannot be projected is quarantined and the cursor
    moves on; only a gap or a broken chain stops the link (protocol §4).
    """

    seat: Seat
    items: Sequence[CheckedItem]
    checkpoint: Checkpoint | None
    note: bytes

    def prepare(self, ledger: Ledger) -> None:
        """Ask for the matters and for what is known of the events."""
        for item in self.items:
            ledger.want_matter(item.header.instruction)
            ledger.want_event(item.header.id)

    def run(self, ledger: Ledger) -> dict[int, tuple[int, bytes]]:
        """Store everything; returns the cursors of the lanes that moved: lane → (feed_seq, item hash)."""
        cursors = cursors_of(ledger)
        new, moved = _in_order(self.items, cursors)
        _check_bodies(ledger, new)
        for item in new:
            _take_or_quarantine(ledger, self.seat, item)
            note_seen(ledger, self.seat, item.header)
        _move_cursors(ledger, cursors, moved)
        if self.checkpoint is not None:
            store_checkpoint(ledger, self.seat.origin, self.checkpoint.size, self.checkpoint.root, self.note)
        return moved


def cursors_of(ledger: Ledger) -> dict[int, tuple[int, bytes]]:
    """Return the cursors of all lanes: lane → (feed_seq, item hash)."""
    cursors: dict[int, tuple[int, bytes]] | None = ledger.cache.extras.get(_CURSORS)
    if cursors is None:
        rows = ledger.connection.execute(select(tables.cursor))
        cursors = {row.lane: (row.feed_seq, row.item_hash) for row in rows}
        ledger.cache.extras[_CURSORS] = cursors
    return cursors


def _move_cursors(
    ledger: Ledger, cursors: dict[int, tuple[int, bytes]], moved: dict[int, tuple[int, bytes]]
) -> None:
    upsert_rows(ledger.connection, tables.cursor, [(lane, *cursor) for lane, cursor in moved.items()])
    ledger.cache.extras[_CURSORS] = {**cursors, **moved}
    ledger.on_undo(lambda: ledger.cache.extras.__setitem__(_CURSORS, cursors))


def _in_order(
    items: Sequence[CheckedItem], cursors: dict[int, tuple[int, bytes]]
) -> tuple[list[CheckedItem], dict[int, tuple[int, bytes]]]:
    """Return the items that are new, and the cursors after them; all are looked at before any is stored."""
    new: list[CheckedItem] = []
    moved: dict[int, tuple[int, bytes]] = {}
    for item in items:
        feed_seq, previous = moved.get(item.lane) or cursors.get(item.lane, (0, FIRST))
        if item.feed_seq <= feed_seq:
            continue
        if item.feed_seq != feed_seq + 1:
            raise BrokenFeedError(item.lane, f"收件流缺少第 {feed_seq + 1} 项")
        if item.item_hash != feed_item_hash(previous, item.feed_seq, item.log_index, item.leaf):
            raise BrokenFeedError(item.lane, f"收件流第 {item.feed_seq} 项与前一项不衔接")
        moved[item.lane] = (item.feed_seq, item.item_hash)
        new.append(item)
    return new, moved


def _check_bodies(ledger: Ledger, items: Sequence[CheckedItem]) -> None:
    """Refuse an event without its body, unless it is one that lies here: the hub leaves out no other."""
    for item in items:
        if (
            item.body is None
            and item.header.body != EMPTY_COMMITMENT
            and ledger.known(item.header.id) is None
        ):
            raise FormatError(f"收件流第 {item.feed_seq} 项缺少内容")


def _take_or_quarantine(ledger: Ledger, seat: Seat, item: CheckedItem) -> None:
    try:
        with ledger.attempt():
            _take(ledger, seat, item)
    except DomainError as error:
        # The bytes are kept all the same; what they would do is shown by doctor and looked at by people.
        with ledger.attempt():
            _store(ledger, item)
        quarantine(ledger.connection, FEED, item.header.id, error, ledger.now)


def _take(ledger: Ledger, seat: Seat, item: CheckedItem) -> None:
    made_here = ledger.known(item.header.id) is not None
    if _store(ledger, item) is not None:
        project(ledger, seat, item, made_here=made_here)


def project(ledger: Ledger, seat: Seat, item: CheckedItem, *, made_here: bool = True) -> None:
    """Do what a stored event and its ruling do: to the keyring, to its matter, on the desk of who acted.

    *made_here* says that this node made the event, so that its key event needs no alarm.

    :raises DomainError: this program cannot: no rulebook, an unknown kind, an event before it that was not projected.
    """
    if item.header.kind in DIRECTORY_EVENTS:
        if item.ruling.accepted and item.header.kind in KEY_EVENTS:
            take_key_event(ledger, seat, item, made_here=made_here)
        if item.ruling.accepted and item.header.kind == EventKind.RULEBOOK_PUBLISHED:
            ledger.add_rulebook(published_rulebook(item.header, item.body))
        if item.ruling.accepted and item.header.kind in TIME_EVENTS:
            note_time_event(ledger, seat.in_force, item.header, item.body, item.ruling.at)
        if item.ruling.accepted and item.header.kind == EventKind.ERASURE_ORDERED:
            take_order(ledger, item)
        if item.ruling.accepted and item.header.kind == EventKind.RESTRICTION_ORDERED:
            note_restriction(
                ledger, ordered_restriction(item.header, item.body, item.log_index, item.ruling.at)
            )
        return
    hold_to_orders(ledger, item)
    matter = ledger.matter(item.header.instruction)
    if item.ruling.accepted:
        _accept(ledger, seat, item, matter)
    elif matter is not None:
        return_to_desk(ledger, item, matter)


def _store(ledger: Ledger, item: CheckedItem) -> KnownEvent | None:
    """Store event and ruling; returns None if the ruling was stored before."""
    known = ledger.known(item.header.id)
    if known is not None and known.ruling is not None:
        return None
    if known is None:
        known = ledger.append(item.header, item.data, item.body_bytes, item.push_bytes, item.journal_position)
        if _is_own(ledger, item) and item.journal_position > ledger.head.journal_position:
            # An own event that comes back to a restored node: its position must not be given again.
            ledger.move_head(journal_position=item.journal_position)
    elif known.hash != item.hash:
        raise FormatError("同一事件编号对应不同内容")
    else:
        ledger.settle_pending(item.journal_position)
    ledger.rule(known, item.ruling, item.log_index, item.leaf, item.ruling_bytes)
    want_proof(ledger, item)
    ledger.tell_change(known.position)
    return known


def _is_own(ledger: Ledger, item: CheckedItem) -> bool:
    """Return whether this node made the event: in the hub's own court the hub acts, too, with a key of its own."""
    if ledger.key is None or item.header.sender != ledger.court:
        return False
    # Under the key of now or one before it.
    return item.header.key == ledger.key.key_id or item.header.key in keyring_of(ledger).of_nodes().keys


def _accept(ledger: Ledger, seat: Seat, item: CheckedItem, matter: Matter | None) -> None:
    _check_history(item, matter)
    pinned = matter.accepted.rulebook if matter and matter.accepted else item.header.rulebook
    rulebook = ledger.rulebooks.get(pinned)
    if rulebook is None:
        raise NotFound(Reason.RULEBOOK_UNKNOWN, metadata={"rulebook": pinned})
    if matter is None:
        step = Step(item.ruling.seq, item.header.id, item.hash, item.leaf.hex())
        first = fold(None, item.header, step, item.ruling.at, rulebook)
        after = begun_matter(first, Labels())
        if item.header.sender == seat.court:
            number_was_given(ledger, after.number)
    else:
        after = matter.accept(item.header, item.hash, item.ruling, item.leaf, rulebook)
    stored_here = matter is not None and any(event.header.id == item.header.id for event in matter.pending)
    if item.body is not None and not stored_here:
        after = replace(after, labels=labels_after(after.labels, item.header, item.body, seat.court))
    ledger.save(after)
    was_party = matter is None or seat.court in (matter.sender, matter.receiver)
    follow_up(ledger, seat, item, after, was_party=was_party)


def follow_up(
    ledger: Ledger, seat: Seat, item: CheckedItem, after: Matter, *, was_party: bool = False
) -> None:
    """Ask for the documents that an accepted event names; make the receipt if *after* waits for none.

    A court that becomes a party with this event asks for all documents of the history.
    """
    party = seat.court in (after.sender, after.receiver)
    if party and not was_party:
        want_earlier_documents(ledger, after.id)
    complete = want_documents(ledger, item, party=party)
    if complete:
        acknowledge_arrival(ledger, seat, item.header.instruction)


def _check_history(item: CheckedItem, matter: Matter | None) -> None:
    head = matter.accepted.head if matter and matter.accepted else Step()
    if (item.ruling.seq, item.ruling.prev) != (head.seq + 1, head.leaf):
        raise FormatError("平台裁定的序号或前一记录与本院所存历史不衔接")


def acknowledge_arrival(ledger: Ledger, seat: Seat, instruction: str) -> None:
    """Make the receipt that is due for a matter that this court receives, once everything lies here (protocol §4).

    Which event a machine answers with which receipt is the rulebook's to say: orders, and stops (practice.md §4, §5).
    """
    matter = ledger.matter(instruction)
    if matter is None or matter.view is None or matter.receiver != seat.court or seat.catching_up.is_behind:
        return
    view, rules = matter.view, ledger.rulebooks[matter.view.rulebook].kind(matter.kind)
    for kind in dict.fromkeys(rules.receipts.values()):
        move = rules.moves[kind]
        if view.state in move.origins and not (move.once and kind in view.times):
            add_own_event(ledger, seat, matter, OwnEvent(kind, matter.sender, {}, ()))
            return


_UNRECEIVED: Final = (State.IN_TRANSIT, State.ISSUED, State.STOPPED_AWAITING_REPORT)


@dataclass(frozen=True, slots=True)
class AcknowledgeArrivals:
    """Work for the writer: make every receipt that is missing: the node was behind, or its receipt was refused."""

    seat: Seat

    def prepare(self, ledger: Ledger) -> None:
        """Need nothing beforehand."""

    def run(self, ledger: Ledger) -> None:
        """Look at the matters that are still on their way here and wait for no document."""
        table = tables.instruction
        query = select(table.c.instruction).where(
            table.c.receiver == self.seat.court, table.c.state.in_(_UNRECEIVED), text("open")
        )
        for instruction in list(ledger.connection.scalars(query)):
            if instruction not in waiting_matters(ledger):
                acknowledge_arrival(ledger, self.seat, instruction)


__all__ = ["AcknowledgeArrivals", "TakeFeed", "acknowledge_arrival", "cursors_of", "follow_up", "project"]
