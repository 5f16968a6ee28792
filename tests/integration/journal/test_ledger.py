"""Requests answered once, caches that know when they are stale, own events signed."""

import asyncio
from dataclasses import dataclass, replace

import msgspec
import pytest
from sqlalchemy import select
from tests.integration.journal.scene import (
    KEYS,
    RECEIVER,
    SENDER,
    Clock,
    Hub,
    Node,
    issued_records,
    set_up,
)

from xiezhi_domain.errors import Conflict, Reason
from xiezhi_domain.evidence.push import MAX_COUNT, check_membership, check_signature
from xiezhi_journal import tables
from xiezhi_journal.bulk import insert_rows
from xiezhi_journal.journal import Journal, request_key
from xiezhi_journal.keys import verify_signature
from xiezhi_journal.proofs import decode_push
from xiezhi_journal.reading import OutboxEvent, pending_after
from xiezhi_node.acting.own import OwnEvent


@pytest.fixture
def journal(journal_url):
    opened = set_up(Journal(journal_url, court=SENDER, clock=Clock()))
    opened.start()
    yield opened
    opened.close()


@dataclass
class Times:
    """Plain work that counts how often it was run."""

    done: int = 0

    def __call__(self, connection) -> bytes:
        self.done += 1
        insert_rows(connection, tables.serial, [(f"{self.done}", 1)])
        return b"answer %d" % self.done


async def test_the_same_request_is_answered_alike_and_done_once(journal):
    work, key = Times(), request_key("judge", "/x/Act", "r1", b"content")
    first = [journal.write_once(key, work) for _ in range(3)]
    answers = await asyncio.gather(*first)
    assert answers == [b"answer 1"] * 3
    assert await journal.write_once(key, work) == b"answer 1"
    assert work.done == 1


async def test_other_content_under_the_same_id_is_refused_in_one_batch_and_later(journal):
    work = Times()
    keys = [request_key("judge", "/x/Act", "r1", content) for content in (b"one", b"other")]
    tasks = [journal.write_once(key, work) for key in keys]
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert answers[0] == b"answer 1"
    assert answers[1].reason is Reason.REQUEST_ID_REUSED
    with pytest.raises(Conflict):
        await journal.write_once(keys[1], work)
    assert work.done == 1


async def test_a_request_is_of_its_caller_and_method(journal):
    work = Times()
    keys = [
        request_key(principal, method, "r1", b"content")
        for principal in ("judge", "clerk")
        for method in ("/x/Act", "/x/Other")
    ]
    answers = await asyncio.gather(*(journal.write_once(key, work) for key in keys))
    assert sorted(answers) == [b"answer %d" % number for number in range(1, 5)]


async def test_a_request_that_failed_can_be_made_again(journal):
    key = request_key("judge", "/x/Act", "r1", b"content")

    def fail(connection):
        insert_rows(connection, tables.serial, [("lost", 1)])
        raise Conflict(Reason.STALE_BASE)

    with pytest.raises(Conflict):
        await journal.write_once(key, fail)
    work = Times()
    assert await journal.write_once(key, work) == b"answer 1"
    names = journal.read_now(lambda connection: connection.scalars(select(tables.serial.c.series)).all())
    assert names == ["1"]


def test_what_another_process_has_ruled_voids_the_cache(journal_url):
    hubs = [Hub(journal_url, Clock()) for _ in range(2)]
    records = issued_records(6)
    for number, record in enumerate(records):
        hub = hubs[number // 2 % 2]
        hub.journal.writer.run_now(hub.checked(SENDER, [record])[0])
    seqs = [item.feed_seq for item in hubs[0].feed(RECEIVER, 2, 0, 10)]
    assert seqs == [1, 2, 3, 4, 5, 6]
    for hub in hubs:
        hub.journal.close()


def test_what_another_process_has_drafted_voids_the_cache(journal_url):
    """A draft moves no position of the head; the next transaction of the other process must see it all the same."""
    nodes = [Node(journal_url, SENDER, Clock()) for _ in range(2)]
    make = nodes[0].issue(1, RECEIVER)

    @dataclass
    class Rename:
        name: str

        def prepare(self, ledger):
            ledger.want_matter(make.instruction)

        def run(self, ledger):
            matter = ledger.matter(make.instruction) or make._drafted(ledger)
            before = matter.labels.case_number
            ledger.save(msgspec.structs.replace(matter, labels=matter.labels._replace(case_number=self.name)))
            return before

    names = ["a", "b", "c", "d", "e"]
    before = [
        nodes[number // 2 % 2].journal.writer.run_now(Rename(name)) for number, name in enumerate(names)
    ]
    assert before == ["", "a", "b", "c", "d"]
    for node in nodes:
        node.journal.close()


def proven(pending: list[OutboxEvent]) -> list[int]:
    """Journal positions of events, each proven by its own proof alone."""
    for _, _, event in pending:
        proof = decode_push(event.push)
        check_membership(proof, event.header)
        check_signature(proof, KEYS[SENDER].public_key, verify_signature)
    positions = [decode_push(each.event.push).position for each in pending]
    assert positions == [each.journal_position for each in pending]
    return positions


async def test_every_own_event_is_signed_also_over_a_push_and_over_restarts(journal_url):
    for first, count in ((1, 1), (2, MAX_COUNT + 80), (MAX_COUNT + 82, 3)):
        node = Node(journal_url, SENDER, Clock())
        tasks = [
            asyncio.create_task(node.journal.submit(node.issue(number, RECEIVER)))
            for number in range(first, first + count)
        ]
        await asyncio.sleep(0)
        node.journal.start()
        await asyncio.gather(*tasks)
        pending = node.journal.read_now(lambda connection: pending_after(connection, 0, 10_000, 1 << 30))
        assert proven(pending) == list(range(1, first + count))
        node.journal.close()
    assert max(decode_push(each.event.push).count for each in pending) == MAX_COUNT


async def test_an_own_event_that_failed_takes_no_position(journal_url):
    node = Node(journal_url, SENDER, Clock())
    node.journal.start()
    good = [node.issue(number, RECEIVER) for number in (1, 2)]
    impossible = replace(
        good[0], instruction=good[1].instruction, event=OwnEvent("Confirmed", RECEIVER, {}, ())
    )
    answers = await node.journal.writer.submit_all([good[0], impossible, good[1]])
    assert isinstance(answers[1], Exception)
    assert proven(node.journal.read_now(lambda connection: pending_after(connection, 0, 10))) == [1, 2]
    node.journal.close()


@dataclass(frozen=True)
class MoveOn:
    """What taking an own event back does on a restored node: its position must not be given again."""

    journal_position: int

    def prepare(self, ledger) -> None:
        pass

    def run(self, ledger) -> None:
        ledger.move_head(journal_position=self.journal_position)


async def test_own_events_of_one_commit_need_not_follow_one_another(journal_url):
    node = Node(journal_url, SENDER, Clock())
    node.journal.start()
    works = [
        node.issue(1, RECEIVER),
        node.issue(2, RECEIVER),
        MoveOn(10),
        node.issue(3, RECEIVER),
        MoveOn(11),
    ]
    await node.journal.writer.submit_all([*works, node.issue(4, RECEIVER)])
    pending = node.journal.read_now(lambda connection: pending_after(connection, 0, 10))
    assert proven(pending) == [1, 2, 11, 12]
    assert [decode_push(each.event.push).count for each in pending] == [2, 2, 2, 2]
    node.journal.close()
