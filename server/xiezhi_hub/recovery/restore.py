"""Putting lost entries back: checked against the root that the hub itself once signed, stored as they were."""

from collections.abc import Sequence
from dataclasses import dataclass

from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.events.kinds import DIRECTORY_EVENTS, KEY_EVENTS
from xiezhi_domain.events.ruling import decode_ruling, entry_leaf
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_domain.evidence.merkle import CompactRange
from xiezhi_domain.keyring import CourtKey, KeyFacts, Keyring, Purpose
from xiezhi_hub.ruling.check import CheckedEvent, PushChecker
from xiezhi_hub.ruling.directory import enter_directory_event
from xiezhi_hub.ruling.rule import Seat, enter
from xiezhi_journal.keyrings import keyring_of
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.proofs import decode_body, kept_commitment


def check_form(record: StoredEvent, keyring: Keyring) -> None:
    """Check that a recalled entry is complete in itself and that a court has signed it.

    A key that *keyring* does not have may have been lost with the entry that added it: `RestoreEntries` looks again.

    :raises FormatError: malformed, or its body is missing or another one.
    :raises ProofError: a signature does not hold.
    """
    header = decode_header(record.header)
    decode_ruling(record.ruling)
    if kept_commitment(decode_body(record.body)) != header.body:
        raise FormatError("取回的记录缺少事件内容，或与承诺不符")
    if header.key in keyring.keys:
        PushChecker(header.sender, keyring, kept=True).check(record)


@dataclass(frozen=True, slots=True)
class RestoreEntries:
    """Work for the writer: the entries that lead from the log as it is to *goal*, all or none.

    The root proves that every ruling is the hub's own; the courts' signatures are checked all the same.
    """

    records: Sequence[StoredEvent]
    goal: Checkpoint
    seat: Seat

    def prepare(self, ledger: Ledger) -> None:
        """Ask for the matters and for what is known of the events."""
        for record in self.records:
            header = decode_header(record.header)
            ledger.want_matter(header.instruction)
            ledger.want_event(header.id)

    def run(self, ledger: Ledger) -> None:
        """Store them.

        :raises ProofError: they do not lead there, or a signature does not hold.
        """
        self._check_root(ledger)
        with ledger.connection.begin_nested():
            for record in self.records:
                self._enter(ledger, record)

    def _check_root(self, ledger: Ledger) -> None:
        frontier = CompactRange.decode(ledger.head.log_frontier)
        frontier.append_many(entry_leaf(record.header, record.ruling) for record in self.records)
        if (frontier.size, frontier.root()) != (self.goal.size, self.goal.root):
            raise ProofError("取回的记录与已签发的检查点不符")

    def _enter(self, ledger: Ledger, record: StoredEvent) -> None:
        event = _check(keyring_of(ledger), record)
        ruling = decode_ruling(record.ruling)
        if event.header.key in keyring_of(ledger).of_hub():
            # A position once signed must never be given again.
            last = max(event.journal_position, ledger.head.journal_position)
            ledger.move_head(journal_position=last)
        put = enter_directory_event if event.header.kind in DIRECTORY_EVENTS else enter
        put(ledger, event, ruling, self.seat)


def _check(keyring: Keyring, record: StoredEvent) -> CheckedEvent:
    header = decode_header(record.header)
    if header.kind in KEY_EVENTS:
        facts = KeyFacts.of(header)
        if facts.key_id == header.key and facts.key_id not in keyring.keys:
            # A court's first key signs the event that adds it.
            first = CourtKey(header.sender, facts.key_id, Purpose.EVENT, facts.public_key, record.log_index)
            keyring = Keyring({**keyring.keys, facts.key_id: first})
    return PushChecker(header.sender, keyring, kept=True).check(record)
