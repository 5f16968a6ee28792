"""Ruling on key and directory events: a court's own stream, about no matter (protocol §6)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import update

from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import DomainError, NotFound, Reason
from xiezhi_domain.events.canonical_json import exact_fields
from xiezhi_domain.events.header import Header
from xiezhi_domain.events.kinds import KEY_EVENTS, TIME_EVENTS
from xiezhi_domain.events.ruling import Ruling
from xiezhi_domain.keyring import KeyFacts, decide_key_event, wrong_signer
from xiezhi_domain.ladder import Refusal, Step
from xiezhi_domain.terms import EventKind
from xiezhi_hub.bulletins.published import PUBLISHED_FACTS, note_published
from xiezhi_hub.deadlines.time_events import apply_time_event, check_time_event
from xiezhi_hub.ruling.check import CheckedEvent
from xiezhi_hub.ruling.erasures import enter_answer, enter_order, wrong_answer, wrong_order
from xiezhi_hub.ruling.restrictions import enter_restriction, wrong_restriction
from xiezhi_hub.ruling.rule import Seat, append_event, log_ruling, make_ruling
from xiezhi_journal import tables
from xiezhi_journal.erasures import HUB, NODE
from xiezhi_journal.feeds import append_to_feed
from xiezhi_journal.keyrings import apply_key_event, keyring_of, last_step
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.look_seals import SEALED_FACTS
from xiezhi_journal.rulebooks import RULEBOOK_FACTS, published_rulebook

DIRECTORY_LANE = 1
"""Keys travel with the urgent matters, before what they sign can arrive."""

_HEADS = "stream_heads"


@dataclass(frozen=True, slots=True)
class RuleOnDirectoryEvent:
    """Work for the writer: one ruling on an event of a court's own stream, fed to all whom it concerns.

    `enrolling` says that it came with a join token of that court.
    """

    event: CheckedEvent
    seat: Seat
    enrolling: bool = False

    def prepare(self, ledger: Ledger) -> None:
        """Ask whether the event was ruled on before."""
        ledger.want_event(self.event.header.id)

    def run(self, ledger: Ledger) -> None:
        """Rule, log, feed; nothing if it was done before."""
        if ledger.known(self.event.header.id) is None:
            rule_on_directory_event(ledger, self.event, self.seat, enrolling=self.enrolling)


def rule_on_directory_event(
    ledger: Ledger, event: CheckedEvent, seat: Seat, *, enrolling: bool = False
) -> Ruling:
    """Rule on a new event and enter the ruling; returns it."""
    head = stream_head(ledger, event.header.instruction)
    refusal = _wrong_base(event.header, head, enrolling=enrolling) or _wrong_event(
        ledger, event, seat, enrolling=enrolling
    )
    ruling = make_ruling(ledger, head, refusal)
    enter_directory_event(ledger, event, ruling, seat)
    return ruling


def enter_directory_event(ledger: Ledger, event: CheckedEvent, ruling: Ruling, seat: Seat) -> None:
    """Add event and ruling, the log entry, the feeds, and the key. As `rule.enter`: of the log's entries alone.

    Of keys and rules every court that this hub serves is told, joined or not: one that joins later finds on its feed
    every key before whatever that key signed.
    """
    header = event.header
    known = append_event(ledger, event)
    log_index, leaf = log_ruling(ledger, known, event.data, ruling)
    if not ruling.accepted:
        append_to_feed(ledger, header.sender, DIRECTORY_LANE, log_index, leaf)
        return
    _move_head(ledger, header.instruction, Step(ruling.seq, header.id, known.hash, leaf.hex()))
    if header.kind in KEY_EVENTS:
        apply_key_event(ledger, header, log_index)
        _note_joined(ledger, header, ruling.at)
    if header.kind == EventKind.RULEBOOK_PUBLISHED:
        ledger.add_rulebook(published_rulebook(header, event.body))
    if header.kind in TIME_EVENTS:
        apply_time_event(ledger, header, event.body, ruling.at)
    if header.kind == EventKind.BULLETIN_PUBLISHED:
        note_published(ledger.connection, header, event.body, ruling.at)
    for court in _told(ledger, event, ruling, seat, log_index):
        append_to_feed(ledger, court, DIRECTORY_LANE, log_index, leaf)


def _told(ledger: Ledger, event: CheckedEvent, ruling: Ruling, seat: Seat, log_index: int) -> list[str]:
    """Keep what an accepted event says of the contents of matters, and return the courts that are told of the event."""
    header = event.header
    if header.kind == EventKind.ERASURE_ORDERED:
        return enter_order(ledger, event, log_index, ruling.at)
    if header.kind == EventKind.ERASED:
        return enter_answer(ledger, header, ruling.at, seat.court)
    if header.kind == EventKind.RESTRICTION_ORDERED:
        return enter_restriction(ledger, event, log_index, ruling.at)
    if header.kind == EventKind.LOOKS_SEALED:
        return sorted({header.sender, seat.court})
    return sorted(seat.courts.subtree(seat.court))


_OF_NO_ORDER: Final = frozenset({EventKind.ERASED, EventKind.LOOKS_SEALED})
"""What a court's program says of itself builds on nothing: hub and node of one court share its stream."""


def _wrong_base(header: Header, head: Step, *, enrolling: bool) -> Refusal | None:
    if enrolling and not header.base.id:
        # A court that joins does not know its stream: the hub's own has entries of the hub already.
        return None
    if header.kind in _OF_NO_ORDER:
        return None
    if (header.base.id, header.base.hash) == (head.id, head.hash):
        return None
    return Refusal(Reason.STALE_BASE, head.id)


def _wrong_event(ledger: Ledger, event: CheckedEvent, seat: Seat, *, enrolling: bool) -> Refusal | None:
    header, keyring = event.header, keyring_of(ledger)
    if header.kind == EventKind.RULEBOOK_PUBLISHED:
        return wrong_signer(keyring, header) or _wrong_rulebook(ledger, event, seat)
    if header.kind == EventKind.BULLETIN_PUBLISHED:
        return wrong_signer(keyring, header) or _wrong_bulletin(ledger, header, seat)
    if header.kind in TIME_EVENTS:
        return wrong_signer(keyring, header) or _wrong_time_event(ledger, header, seat)
    if header.kind == EventKind.ERASURE_ORDERED:
        return wrong_signer(keyring, header) or wrong_order(ledger, event, own_key_id(ledger))
    if header.kind == EventKind.ERASED:
        return wrong_signer(keyring, header) or wrong_answer(ledger, header, own_key_id(ledger))
    if header.kind == EventKind.RESTRICTION_ORDERED:
        return wrong_signer(keyring, header) or wrong_restriction(ledger, event, own_key_id(ledger))
    if header.kind == EventKind.LOOKS_SEALED:
        return wrong_signer(keyring, header) or _wrong_seal_of_looks(header, own_key_id(ledger))
    if enrolling and header.kind in (EventKind.KEY_ADDED, EventKind.KEY_REPLACED):
        # The hub's key is no key of its court's node, which joins as every other node does and can lose its own only.
        keyring = keyring.of_nodes()
    return decide_key_event(keyring, header, superior=_superior(header, seat), enrolling=enrolling)


_PREVIOUS: Final = {"previous_origin": str, "previous_size": str, "previous_root": str}


def _wrong_rulebook(ledger: Ledger, event: CheckedEvent, seat: Seat) -> Refusal | None:
    """Judge the publishing of a rulebook, which the hub alone does; it may name the log that this one follows."""
    header = event.header
    if header.sender != seat.court or header.key != own_key_id(ledger):
        return Refusal(Reason.WRONG_COURT)
    follows = not _PREVIOUS.keys().isdisjoint(header.facts)
    try:
        exact_fields(header.facts, RULEBOOK_FACTS | _PREVIOUS if follows else RULEBOOK_FACTS, "规则库事件")
        published_rulebook(header, event.body)
    except DomainError as error:
        return Refusal(error.reason, detail=error.message)
    return None


def _wrong_bulletin(ledger: Ledger, header: Header, seat: Seat) -> Refusal | None:
    """Judge the publishing of a bulletin, which the hub alone does, after its draft was shown to the courts."""
    if header.sender != seat.court or header.key != own_key_id(ledger):
        return Refusal(Reason.WRONG_COURT)
    try:
        exact_fields(header.facts, PUBLISHED_FACTS, "统计通报事件")
    except DomainError as error:
        return Refusal(error.reason, detail=error.message)
    return None


def _wrong_time_event(ledger: Ledger, header: Header, seat: Seat) -> Refusal | None:
    """Judge what moves deadlines: the hub alone says it, its own court's node does not."""
    if header.sender != seat.court or header.key != own_key_id(ledger):
        return Refusal(Reason.WRONG_COURT)
    try:
        check_time_event(header)
    except DomainError as error:
        return Refusal(error.reason, detail=error.message)
    return None


def _wrong_seal_of_looks(header: Header, hub_key: str) -> Refusal | None:
    """Judge a seal: of a day, by the holder of the looks; the hub's own has the hub's key, and no other has it."""
    try:
        facts = exact_fields(header.facts, SEALED_FACTS, "查看记录封存")
        day = date.fromisoformat(str(facts["day"]))
    except DomainError as error:
        return Refusal(error.reason, detail=error.message)
    except ValueError:
        return Refusal(Reason.MALFORMED, detail="封存的日期无法识别")
    if facts["holder"] != (HUB if header.key == hub_key else NODE) or day >= to_date(header.at):
        return Refusal(Reason.MALFORMED, detail="封存者不是所称的一方，或者该日尚未结束")
    return None


def own_key_id(ledger: Ledger) -> str:
    """Return the id of the key with which the hub signs its own events."""
    assert ledger.key is not None, "a hub that rules has an event key of its own"
    return ledger.key.key_id


def _note_joined(ledger: Ledger, header: Header, at: int) -> None:
    """Note that a court has joined: it has an event key that is none of the hub's own."""
    facts = KeyFacts.of(header)
    if facts.key_id not in keyring_of(ledger).of_nodes().keys or header.kind == EventKind.KEY_REVOKED:
        return
    court = tables.court
    ledger.connection.execute(
        update(court).where(court.c.code == header.sender, court.c.joined_at == 0).values(joined_at=at)
    )


def stream_head(ledger: Ledger, stream: str) -> Step:
    """Return the last accepted step of a stream, this transaction's included."""
    heads: dict[str, Step] = ledger.cache.extras.setdefault(_HEADS, {})
    if stream not in heads:
        heads[stream] = last_step(ledger.connection, stream)
    return heads[stream]


def _move_head(ledger: Ledger, stream: str, step: Step) -> None:
    heads: dict[str, Step] = ledger.cache.extras.setdefault(_HEADS, {})
    before = stream_head(ledger, stream)
    heads[stream] = step
    ledger.on_undo(lambda: heads.__setitem__(stream, before))


def _superior(header: Header, seat: Seat) -> str:
    try:
        return seat.courts.get(header.sender).superior or ""
    except NotFound:
        return ""
