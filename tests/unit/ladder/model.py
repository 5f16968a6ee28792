"""Hub and courts in memory: ADR 0002 as a program, to be read beside it.

Only what the ladder needs is here: no bodies, no signatures, one lane. Every event travels as its bytes.
"""

from dataclasses import dataclass, field

from tests.example_rules import EXAMPLE_RULES

from xiezhi_domain.calendar import shipped_calendar
from xiezhi_domain.errors import Reason
from xiezhi_domain.events.feed import FIRST, feed_item_hash
from xiezhi_domain.events.header import Base, Header, Seen, decode_header, encode_header, header_hash
from xiezhi_domain.events.ids import uuid7
from xiezhi_domain.events.ruling import (
    Ruling,
    decode_entry,
    decode_ruling,
    encode_entry,
    encode_ruling,
    refusal,
)
from xiezhi_domain.evidence.merkle import leaf_hash
from xiezhi_domain.ladder import Footing, Instruction, Refusal, Standing, Step, decide, fold

RULES = EXAMPLE_RULES
CALENDAR = shipped_calendar()
HUB_COURT = "苏05"
ORIGIN = "hub.su05.example/xiezhi"


@dataclass
class Clock:
    """The one source of time and ids; courts and hub read it, tests move it."""

    now: int = 1_767_225_600_000
    ids: int = 0

    def new_id(self) -> str:
        self.ids += 1
        return uuid7(self.now, self.ids.to_bytes(10, "big"))


@dataclass(frozen=True)
class Item:
    """An item of a court's feed: the entry, and the chain by which a gap or a swap is noticed."""

    feed_seq: int
    log_index: int
    entry: bytes
    hash: bytes


@dataclass
class Matter:
    """What the hub holds of one instruction. `accepted` and `refused` are by event id.

    `entries` are the log indexes of what was accepted, `fed` how many of them each court was fed.
    """

    state: Instruction | None = None
    accepted: dict[str, Step] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    last_at: int = 0
    entries: list[int] = field(default_factory=list)
    fed: dict[str, int] = field(default_factory=dict)

    def footing(self, base: Base) -> Footing:
        """Find out where the event stands on which another one builds."""
        if base.id in self.refused:
            return Footing(Standing.REFUSED, winner=self.refused[base.id])
        if self.state is None and not base.id:
            return Footing(Standing.HEAD)
        step = self.accepted.get(base.id)
        if step is None or self.state is None or step.hash != base.hash:
            return Footing(Standing.UNKNOWN)
        return Footing(Standing.HEAD if step == self.state.head else Standing.BEHIND, step.seq)


class Hub:
    """Rules on every event once, logs each ruling, and puts it on the feeds of whom it concerns."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.log: list[bytes] = []
        self.matters: dict[str, Matter] = {}
        self.feeds: dict[str, list[Item]] = {}

    def push(self, data: bytes) -> None:
        """Take an event; a repeated one changes nothing, because its answer lies on the feed already."""
        header = decode_header(data)
        matter = self.matters.setdefault(header.instruction, Matter())
        if header.id in matter.accepted or header.id in matter.refused:
            return
        refused = decide(matter.state, header, matter.footing(header.base), RULES, HUB_COURT, CALENDAR)
        head = matter.state.head if matter.state else Step()
        at = max(self.clock.now, matter.last_at + 1)
        matter.last_at = at
        if refused:
            matter.refused[header.id] = refused.winner
            ruling = refusal(refused.reason, head.seq, head.leaf, at, refused.winner)
            self._publish(data, ruling, {header.sender})
            return
        ruling = Ruling(True, head.seq + 1, head.leaf, at)
        before = self._parties(matter)
        entry = self._publish(data, ruling, set())
        step = Step(ruling.seq, header.id, header_hash(data), leaf_hash(entry).hex())
        matter.accepted[header.id] = step
        matter.entries.append(len(self.log) - 1)
        matter.state = fold(matter.state, header, step, at, RULES)
        for court in {*before, *self._parties(matter), HUB_COURT}:
            self._bring_up_to_date(matter, court)

    def _parties(self, matter: Matter) -> set[str]:
        return {matter.state.sender, matter.state.receiver} if matter.state else set()

    def _bring_up_to_date(self, matter: Matter, court: str) -> None:
        """Append what the court has not been fed of the matter: all of it, where it has just become a party."""
        for index in matter.entries[matter.fed.get(court, 0) :]:
            self._feed(court, index)
        matter.fed[court] = len(matter.entries)

    def _publish(self, data: bytes, ruling: Ruling, courts: set[str]) -> bytes:
        entry = encode_entry(data, encode_ruling(ruling))
        self.log.append(entry)
        for court in courts:
            self._feed(court, len(self.log) - 1)
        return entry

    def _feed(self, court: str, index: int) -> None:
        feed = self.feeds.setdefault(court, [])
        previous = feed[-1].hash if feed else FIRST
        chained = feed_item_hash(previous, len(feed) + 1, index, leaf_hash(self.log[index]))
        feed.append(Item(len(feed) + 1, index, self.log[index], chained))


@dataclass(frozen=True)
class Pending:
    """An own event that the hub has not answered yet."""

    header: Header
    data: bytes


@dataclass(frozen=True)
class ReturnedWork:
    """What goes back to the desk of the acting user: the event, why, and what won over it."""

    header: Header
    reason: Reason
    winner: str


class Court:
    """A node: the accepted history as the feed brought it, and the chain of own pending events on top."""

    def __init__(self, name: str, clock: Clock) -> None:
        self.name = name
        self.clock = clock
        self.accepted: dict[str, Instruction] = {}
        self.pending: dict[str, list[Pending]] = {}
        self.returned: list[ReturnedWork] = []
        self.journal: list[bytes] = []
        self.pushed = 0
        self.cursor = 0
        self.feed_head = FIRST

    def view(self, matter: str) -> Instruction | None:
        """Return what the court's users see: the pending chain folded on top of the accepted history."""
        state = self.accepted.get(matter)
        for event in self.pending.get(matter, []):
            step = Step((state.head.seq if state else 0) + 1, event.header.id, header_hash(event.data))
            state = fold(state, event.header, step, event.header.at, RULES)
        return state

    def draft(self, matter: str, kind: str, to: str, facts: dict) -> Header:
        """Write the header of an event that builds on what the users see now."""
        view = self.view(matter)
        base = Base(view.head.id, view.head.seq, view.head.hash) if view else Base()
        first = {"hub": ORIGIN, "rulebook": RULES.hash} if kind == "Issued" else {}
        seen, now, key = Seen(ORIGIN), self.clock.now, "01" + "00" * 15
        return Header(
            self.clock.new_id(), matter, kind, self.name, to, base, seen, now, key, "00" * 32, facts, **first
        )

    def judge(self, header: Header) -> Refusal | None:
        """Ask before the event is made what the hub would say, as far as the court knows."""
        view = self.view(header.instruction)
        footing = Footing(Standing.HEAD, view.head.seq if view else 0)
        return decide(view, header, footing, RULES, HUB_COURT, CALENDAR)

    def make(self, header: Header) -> Refusal | None:
        """Store an event as pending, if the court's own judgement allows it. The hub hears of it later."""
        refused = self.judge(header)
        if refused is None:
            event = Pending(header, encode_header(header))
            self.pending.setdefault(header.instruction, []).append(event)
            self.journal.append(event.data)
        return refused

    def deliver(self, item: Item) -> None:
        """Take an item of the feed: check the chain, store, move the cursor. Repeats are harmless."""
        if item.feed_seq <= self.cursor:
            return
        chained = feed_item_hash(self.feed_head, self.cursor + 1, item.log_index, leaf_hash(item.entry))
        assert (item.feed_seq, item.hash) == (self.cursor + 1, chained), "the hub withholds or swaps items"
        self.cursor, self.feed_head = item.feed_seq, item.hash
        data, ruling = decode_entry(item.entry)
        if decode_ruling(ruling).accepted:
            self._accept(data, decode_ruling(ruling), leaf_hash(item.entry).hex())
        else:
            self._drop_chain(decode_header(data), decode_ruling(ruling))

    def _accept(self, data: bytes, ruling: Ruling, leaf: str) -> None:
        header = decode_header(data)
        before = self.accepted.get(header.instruction)
        head = before.head if before else Step()
        assert (ruling.seq, ruling.prev) == (head.seq + 1, head.leaf), "the hub left out an event"
        step = Step(ruling.seq, header.id, header_hash(data), leaf)
        self.accepted[header.instruction] = fold(before, header, step, ruling.at, RULES)
        chain = self.pending.get(header.instruction, [])
        self.pending[header.instruction] = [event for event in chain if event.header.id != header.id]

    def _drop_chain(self, refused: Header, ruling: Ruling) -> None:
        """Drop the refused event and all that build on it; an event dropped before is found gone."""
        chain = self.pending.get(refused.instruction, [])
        ids = [event.header.id for event in chain]
        if refused.id in ids:
            first = ids.index(refused.id)
            reasons = [Reason(ruling.reason)] + [Reason.BASE_REFUSED] * (len(chain) - first - 1)
            self.returned += [
                ReturnedWork(event.header, reason, ruling.winner)
                for event, reason in zip(chain[first:], reasons, strict=True)
            ]
            self.pending[refused.instruction] = chain[:first]
