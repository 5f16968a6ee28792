"""A hub and courts on real journals, without a network: what travels between them is handed over as messages.

The hub rules with `xiezhi_hub`, the courts act and take with `xiezhi_node`; both stand on the journal under test.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.databases import create_schema
from tests.example_rules import EXAMPLE_RULES

from xiezhi.v1 import case_pb2, court_pb2, event_pb2, link_service_pb2, party_pb2
from xiezhi_domain.calendar import shipped_calendar
from xiezhi_domain.courts import shipped_courts
from xiezhi_domain.events.header import Base, Header, Seen, encode_header
from xiezhi_domain.events.ids import uuid7
from xiezhi_domain.events.kinds import DIRECTORY_EVENTS
from xiezhi_domain.evidence.push import sign_push
from xiezhi_domain.keyring import Purpose
from xiezhi_domain.rulebook import Rulebook
from xiezhi_domain.terms import State
from xiezhi_hub.feeding import to_entry
from xiezhi_hub.hub_journal import HubJournal
from xiezhi_hub.ruling.check import CheckedEvent, PushChecker
from xiezhi_hub.ruling.directory import RuleOnDirectoryEvent
from xiezhi_hub.ruling.rule import RuleOnEvent
from xiezhi_hub.ruling.rule import Seat as HubSeat
from xiezhi_journal import tables
from xiezhi_journal.bulk import insert_rows
from xiezhi_journal.feeds import read_feed
from xiezhi_journal.journal import Journal
from xiezhi_journal.keyrings import read_keyring
from xiezhi_journal.keys import SigningKey
from xiezhi_journal.matter import Labels, Matter
from xiezhi_journal.proofs import encode_push
from xiezhi_journal.reading import pending_after
from xiezhi_journal.translog import LogSigner
from xiezhi_link.feed_entry import FeedEntry
from xiezhi_node.acting.compose import compose_body
from xiezhi_node.acting.own import OwnEvent, add_own_event
from xiezhi_node.calendar_in_force import CalendarInForce
from xiezhi_node.rulebooks_in_force import RulebooksInForce
from xiezhi_node.seat import Seat as NodeSeat
from xiezhi_node.taking.check import FeedChecker
from xiezhi_node.taking.take import TakeFeed

HUB_COURT, SENDER, RECEIVER, THIRD = "苏05", "苏0505", "苏0591", "苏0508"
ORIGIN = "hub.su05.example/xiezhi"
RULES = EXAMPLE_RULES
START = 1_767_225_600_000
DAY = 86_400_000


def signing_key(seed: int) -> SigningKey:
    """A key made from one byte, so that the same court has it again after a restart."""
    return SigningKey._of(Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


KEYS = {
    SENDER: signing_key(1),
    RECEIVER: signing_key(2),
    HUB_COURT: signing_key(3),
    THIRD: signing_key(4),
}
LOG_KEY = LogSigner(ORIGIN, signing_key(9))


JournalT = TypeVar("JournalT", bound=Journal)


@dataclass
class Clock:
    """Moves only when told."""

    now: int = START

    def __call__(self) -> int:
        return self.now


def set_up(journal: JournalT, rulebook: Rulebook = RULES) -> JournalT:
    """The journal as a program has it; a new database gets the schema and the keys of all courts."""
    create_schema(journal._writing)
    journal.rulebooks[rulebook.hash] = rulebook
    with journal._writing.begin() as connection:
        if not read_keyring(connection).keys:
            rows = [(key.key_id, name, Purpose.EVENT, key.public_key, 0, -1) for name, key in KEYS.items()]
            insert_rows(connection, tables.court_key, rows)
    return journal


def issued_facts(number: str, *, due: int = START + 7 * DAY) -> dict:
    """The facts of an order to find a person."""
    return {
        "kind": "FIND",
        "number": number,
        "lane": 2,
        "urgent": False,
        "limit_days": 7,
        "due": due,
        "role": "CENTRE_OFFICER",
        "items": [[1, "LOCATE_PERSON"], [2, "QUERY"]],
        "papers": {"ENTRUSTMENT_LETTER": 1},
        "documents": 0,
    }


def order_parts(number: int) -> list[tuple[str, bytes]]:
    """The parts of an order's body; the people in it are impossible."""
    case = case_pb2.Case(case_number=f"（2026）苏0505执{number}号", court=SENDER)
    person = party_pb2.Person(name=f"测试甲{number}", identity_number="320500189901010016")
    company = party_pb2.Organisation(name="测试乙有限公司", credit_code="91320500MA0000007J")
    subjects = [party_pb2.Subject(number=1, person=person), party_pb2.Subject(number=2, organisation=company)]
    return [
        ("actor", officer_actor("a-centre", "测试丁").SerializeToString()),
        (
            "approval",
            event_pb2.ApprovalRecord(drafted_by=officer_actor("a-sender", "测试丙")).SerializeToString(),
        ),
        ("case", case.SerializeToString()),
        *((f"subject/{subject.number}", subject.SerializeToString()) for subject in subjects),
    ]


def officer_actor(account: str, name: str) -> event_pb2.Actor:
    return event_pb2.Actor(account_id=account, officer=court_pb2.Officer(name=name))


def order_labels(number: int) -> Labels:
    """What the sender's lists show of such an order."""
    return Labels(f"（2026）苏0505执{number}号", f"测试甲{number}、测试乙有限公司", "a-sender", "测试丙")


def issued_records(count: int, *, first: int = 1, batch: int = 512) -> list[link_service_pb2.StoredEvent]:
    """Orders of the sender's court as they arrive at a hub, signed in pushes of *batch*."""
    key, records = KEYS[SENDER], []
    for start in range(first, first + count, batch):
        numbers = range(start, min(start + batch, first + count))
        bodies = [compose_body(order_parts(number)) for number in numbers]
        headers = [
            encode_header(_issued_header(number, body[1], key.key_id))
            for number, body in zip(numbers, bodies, strict=True)
        ]
        proofs = sign_push(SENDER, key.key_id, start, headers, key.sign)
        for header, proof, body in zip(headers, proofs, bodies, strict=True):
            push = encode_push(proof)
            records.append(link_service_pb2.StoredEvent(header=header, push=push, body=body[0]))
    return records


def _issued_header(number: int, commitment: str, key_id: str) -> Header:
    return Header(
        id=uuid7(START + number, os.urandom(10)),
        instruction=uuid7(START + number, os.urandom(10)),
        kind="Issued",
        sender=SENDER,
        to=RECEIVER,
        base=Base(),
        seen=Seen(ORIGIN),
        at=START,
        key=key_id,
        body=commitment,
        facts=issued_facts(f"苏0505委〔2026〕{number}号"),
        hub=ORIGIN,
        rulebook=RULES.hash,
    )


class Hub:
    """The hub of the intermediate court."""

    def __init__(self, url: str, clock: Clock, rulebook: Rulebook = RULES) -> None:
        self.url = url
        self.journal = set_up(
            HubJournal(url, court=HUB_COURT, key=KEYS[HUB_COURT], signer=LOG_KEY, clock=clock), rulebook
        )
        self.seat = HubSeat(HUB_COURT, ORIGIN, shipped_courts())

    def checked(self, court: str, records: Sequence[link_service_pb2.StoredEvent]) -> list:
        """Events of a court as work for the writer."""
        checker = PushChecker(court, self.journal.read_now(read_keyring))
        return [self._work(checker.check(record)) for record in records]

    def _work(self, event: CheckedEvent) -> RuleOnEvent | RuleOnDirectoryEvent:
        kind = RuleOnDirectoryEvent if event.header.kind in DIRECTORY_EVENTS else RuleOnEvent
        return kind(event, self.seat)

    async def push(self, court: str, records: Sequence[link_service_pb2.StoredEvent]) -> list:
        """Rule on what a court sends."""
        return await self.journal.writer.submit_all(self.checked(court, records))

    def feed(self, court: str, lane: int, after: int, limit: int) -> list[link_service_pb2.FeedItem]:
        """The next items of a court's feed."""
        rows = self.journal.read_now(lambda connection: read_feed(connection, court, lane, after, limit))
        return as_messages([to_entry(row, lane) for row in rows])


def as_messages(entries: Sequence[FeedEntry]) -> list[link_service_pb2.FeedItem]:
    """Entries of a feed as they are sent."""
    items = [link_service_pb2.FeedItem() for _ in entries]
    for item, entry in zip(items, entries, strict=True):
        entry.fill(item)
    return items


@dataclass(frozen=True)
class Make:
    """An own event of a court about a matter; a new matter begins with its order."""

    seat: NodeSeat
    instruction: str
    event: OwnEvent
    number: int = 0
    labels: Labels | None = None

    def prepare(self, ledger) -> None:
        ledger.want_matter(self.instruction)

    def run(self, ledger) -> Matter:
        matter = ledger.matter(self.instruction) or self._drafted(ledger)
        return add_own_event(ledger, self.seat, matter, self.event, self.labels)

    def _drafted(self, ledger) -> Matter:
        return Matter(
            id=self.instruction,
            kind="FIND",
            number=f"{self.seat.court}委〔2026〕{self.number}号",
            sender=self.seat.court,
            receiver=self.event.to,
            item_count=2,
            local_state=State.AWAITING_SEAL,
            accepted=None,
            view=None,
            pending=(),
            labels=Labels(),
            updated_at=ledger.now,
        )


@dataclass
class Node:
    """The node of a basic court."""

    url: str
    court: str
    clock: Clock
    pushed: int = 0
    cursor: int = 0
    rulebook: Rulebook = RULES
    journal: Journal = field(init=False)
    seat: NodeSeat = field(init=False)

    def __post_init__(self) -> None:
        journal = Journal(self.url, court=self.court, key=KEYS[self.court], clock=self.clock)
        self.journal = set_up(journal, self.rulebook)
        self.seat = NodeSeat(
            court=self.court,
            hub_court=HUB_COURT,
            origin=ORIGIN,
            log_vkey="",
            courts=shipped_courts(),
            in_force=CalendarInForce(shipped_calendar()),
            rulebooks=RulebooksInForce(journal.rulebooks, self.clock),
        )

    def issue(self, number: int, to: str) -> Make:
        """An order of this court."""
        event = OwnEvent(
            "Issued",
            to,
            issued_facts(f"{self.court}委〔2026〕{number}号", due=self.clock.now + 8 * DAY),
            order_parts(number),
            rulebook=RULES.hash,
        )
        return Make(self.seat, uuid7(self.clock.now, os.urandom(10)), event, number, order_labels(number))

    async def push_to(self, hub: Hub, limit: int = 1024) -> None:
        """Send what waits for the hub."""
        pending = self.journal.read_now(lambda connection: pending_after(connection, self.pushed, limit))
        if pending:
            self.pushed = pending[-1].journal_position
            await hub.push(self.court, [each.event for each in pending])

    async def pull_from(self, hub: Hub, limit: int = 1024) -> None:
        """Take what the hub has for this court."""
        items = hub.feed(self.court, 2, self.cursor, limit)
        if items:
            checker = FeedChecker(self.journal.read_now(read_keyring))
            checked = [checker.check(item) for item in items]
            await self.journal.submit(TakeFeed(self.seat, checked, None, b""))
            self.cursor = items[-1].feed_seq
