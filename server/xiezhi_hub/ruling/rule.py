"""Ruling on an event about a matter: decided on the hub's own history, in the writer (protocol §3, §11)."""

from dataclasses import dataclass
from typing import Final

from xiezhi_domain.court_time import to_date
from xiezhi_domain.courts import CourtTree
from xiezhi_domain.errors import DomainError, Reason, Unavailable
from xiezhi_domain.events.header import Header
from xiezhi_domain.events.ruling import Ruling, encode_ruling, entry_leaf
from xiezhi_domain.ladder import Refusal, Step, decide, fold
from xiezhi_domain.ladder.facts import LANES
from xiezhi_domain.rulebook import Rulebook, accepted_for_new, rulebook_in_force
from xiezhi_hub.ruling.check import CLOCK_TOLERANCE_MS, CheckedEvent
from xiezhi_hub.ruling.cross_check import wrong_reference
from xiezhi_hub.ruling.erasures import append_orders
from xiezhi_journal.clockwork import clockwork_of
from xiezhi_journal.deadlines import follow_event
from xiezhi_journal.feeds import append_history, append_to_feed
from xiezhi_journal.keyrings import keyring_of
from xiezhi_journal.labels import case_number_of
from xiezhi_journal.ledger import KnownEvent, Ledger
from xiezhi_journal.matter import Labels, Matter, begun_matter

NORMAL_LANE: Final = 2
_ACCEPTED: Final = "rulebooks_accepted"


@dataclass(frozen=True, slots=True)
class Seat:
    """Where this hub sits: its own court, its log's origin, the courts it knows."""

    court: str
    origin: str
    courts: CourtTree

    def is_home_of(self, sender: str, receiver: str) -> bool:
        """Return whether this hub is the one at the lowest common superior of two courts (protocol §9)."""
        try:
            return self.courts.lowest_common_superior(sender, receiver).code == self.court
        except DomainError:
            return False


@dataclass(frozen=True, slots=True)
class RuleOnEvent:
    """Work for the writer: one ruling. A repeated event changes nothing; its answer is on the feed.

    `before` is the id of an event of the same court and matter that has to be ruled on first; empty where none has.
    """

    event: CheckedEvent
    seat: Seat
    before: str = ""

    def prepare(self, ledger: Ledger) -> None:
        """Ask for the matter, and whether the event was ruled on before."""
        ledger.want_matter(self.event.header.instruction)
        ledger.want_event(self.event.header.id)
        ledger.want_event(self.before)

    def run(self, ledger: Ledger) -> None:
        """Rule, log, feed.

        :raises Unavailable: DOCUMENT_MISSING; what it builds on is still to come.
        """
        if self.before and ledger.known(self.before) is None:
            raise Unavailable(Reason.DOCUMENT_MISSING)
        if ledger.known(self.event.header.id) is None:
            rule_on(ledger, self.event, self.seat)


def rule_on(ledger: Ledger, event: CheckedEvent, seat: Seat) -> Ruling:
    """Rule on a new event and enter the ruling; returns it."""
    matter = ledger.matter(event.header.instruction)
    head = matter.accepted.head if matter and matter.accepted else Step()
    ruling = make_ruling(ledger, head, _refusal(ledger, event, matter, seat))
    enter(ledger, event, ruling, seat)
    return ruling


def enter(ledger: Ledger, event: CheckedEvent, ruling: Ruling, seat: Seat) -> None:
    """Add event and ruling, the log entry, the feeds, and what follows for the matter.

    Nothing but the log's entries decides what happens here, so that a hub that lost something gets the same again.
    """
    header = event.header
    matter = ledger.matter(header.instruction)
    known = append_event(ledger, event)
    log_index, leaf = log_ruling(ledger, known, event.data, ruling)
    lane = _lane(header, matter)
    if not ruling.accepted:
        append_to_feed(ledger, header.sender, lane, log_index, leaf)
        return
    pinned = matter.accepted.rulebook if matter and matter.accepted else header.rulebook
    after = _advance(matter, event, ruling, leaf, ledger.rulebooks[pinned])
    ledger.save(after)
    if after.accepted is not None:
        first = matter is None or matter.accepted is None
        follow_event(ledger, header, ruling.at, after.accepted, first=first)
    _count(ledger, matter, after)
    _feed(ledger, matter, after, seat.court, lane, (log_index, leaf))


def _feed(
    ledger: Ledger, before: Matter | None, after: Matter, hub_court: str, lane: int, entry: tuple[int, bytes]
) -> None:
    """Give an accepted entry to both courts and the hub's own.

    A court that becomes a party gets the whole history, in which the entry is the last; the one in whose place it
    comes gets the entry too, and none after it (protocol §4).
    """
    told = [after.sender, after.receiver, hub_court]
    if before is not None and (before.sender, before.receiver) != (after.sender, after.receiver):
        told += [before.sender, before.receiver]
        for court in {after.sender, after.receiver} - {before.sender, before.receiver, hub_court}:
            append_history(ledger, court, lane, after.id)
            append_orders(ledger, court, after.id, lane)
            told.remove(court)
    for court in dict.fromkeys(told):
        append_to_feed(ledger, court, lane, *entry)


def append_event(ledger: Ledger, event: CheckedEvent) -> KnownEvent:
    """Store the event; one of the hub itself is signed with this transaction."""
    if not event.push_bytes:
        return ledger.append_own(event.header, event.body_bytes)
    return ledger.append(event.header, event.data, event.body_bytes, event.push_bytes, event.journal_position)


def make_ruling(ledger: Ledger, head: Step, refusal: Refusal | None) -> Ruling:
    """Return the ruling on an event that comes after *head*, at the hub's next moment."""
    at = max(ledger.now, ledger.head.ruled_at + 1)
    if refusal is None:
        return Ruling(True, head.seq + 1, head.leaf, at)
    return Ruling(False, head.seq, head.leaf, at, refusal.reason, refusal.winner)


def log_ruling(ledger: Ledger, known: KnownEvent, data: bytes, ruling: Ruling) -> tuple[int, bytes]:
    """Give the ruling the next log index; returns index and leaf hash."""
    encoded = encode_ruling(ruling)
    leaf = entry_leaf(data, encoded)
    log_index = ledger.head.log_size
    ledger.move_head(log_size=log_index + 1, ruled_at=ruling.at)
    ledger.rule(known, ruling, log_index, leaf, encoded)
    return log_index, leaf


def _refusal(ledger: Ledger, event: CheckedEvent, matter: Matter | None, seat: Seat) -> Refusal | None:
    header = event.header
    history = matter.accepted if matter else None
    key = keyring_of(ledger).valid(header.key, ledger.head.log_size)
    if key is None:
        return Refusal(Reason.KEY_REVOKED)
    if header.at > ledger.now + CLOCK_TOLERANCE_MS:
        return Refusal(Reason.CLOCK_SKEW)
    rulebook = ledger.rulebooks.get(history.rulebook if history else header.rulebook)
    if rulebook is None:
        return Refusal(Reason.RULEBOOK_UNKNOWN if header.rulebook else Reason.UNKNOWN_INSTRUCTION)
    if history is None and not _is_home(header, seat):
        return Refusal(Reason.NO_COMMON_HUB)
    if history is None and rulebook.hash not in _accepted_now(ledger):
        return Refusal(Reason.RULEBOOK_NOT_IN_FORCE)
    footing, calendar = ledger.footing(history, header.base), clockwork_of(ledger).calendar
    refused = decide(history, header, footing, rulebook, seat.court, calendar)
    if refused is not None or history is None:
        return refused
    move = rulebook.kind(history.kind).moves[header.kind]
    if not (move.logged or move.linked):
        return None
    return wrong_reference(ledger, header, move, seat.court)


def _accepted_now(ledger: Ledger) -> frozenset[str]:
    """Return the rulebooks that a new matter may pin, that of a court whose clock is a little ahead among them."""
    today, soon = to_date(ledger.now), to_date(ledger.now + CLOCK_TOLERANCE_MS)
    key = (today, soon, len(ledger.rulebooks))
    known: tuple[object, frozenset[str]] | None = ledger.cache.extras.get(_ACCEPTED)
    if known is None or known[0] != key:
        rulebooks = ledger.rulebooks.values()
        accepted = accepted_for_new(rulebooks, today) | {rulebook_in_force(rulebooks, soon).hash}
        known = ledger.cache.extras[_ACCEPTED] = (key, accepted)
    return known[1]


def _is_home(header: Header, seat: Seat) -> bool:
    return header.hub == seat.origin and seat.is_home_of(header.sender, header.to)


def _advance(
    matter: Matter | None, event: CheckedEvent, ruling: Ruling, leaf: bytes, rulebook: Rulebook
) -> Matter:
    if matter is not None:
        return matter.accept(event.header, event.hash, ruling, leaf, rulebook)
    step = Step(ruling.seq, event.header.id, event.hash, leaf.hex())
    first = fold(None, event.header, step, ruling.at, rulebook)
    return begun_matter(first, Labels(case_number=case_number_of(event.body)))


def _lane(header: Header, matter: Matter | None) -> int:
    if matter is not None and matter.accepted is not None:
        return matter.accepted.lane
    lane = header.facts.get("lane")
    # A boolean is an integer too, and no lane.
    return lane if type(lane) is int and lane in LANES else NORMAL_LANE


def _count(ledger: Ledger, before: Matter | None, after: Matter) -> None:
    was = (before.sender, before.receiver, before.state) if before is not None else None
    now = (after.sender, after.receiver, after.state)
    if was == now:
        return
    if was is not None:
        ledger.count(was, -1)
    ledger.count(now, 1)
