"""A process killed in the middle: what it had acknowledged is there, and what is there hangs together."""

from itertools import islice

import pytest
from sqlalchemy import select
from tests.faults.children import Child
from tests.integration.journal.scene import (
    HUB_COURT,
    KEYS,
    LOG_KEY,
    ORIGIN,
    RECEIVER,
    SENDER,
    Clock,
    Hub,
    Node,
    issued_records,
)
from tests.integration.journal.test_rebuild import projections

from xiezhi_domain.events.feed import FIRST, feed_item_hash
from xiezhi_domain.evidence.merkle import root_of
from xiezhi_domain.evidence.push import check_membership, check_signature
from xiezhi_domain.evidence.trust import TrustedLog
from xiezhi_journal import migrate, tables
from xiezhi_journal.journal import Journal
from xiezhi_journal.keys import verify_signature
from xiezhi_journal.proofs import decode_push
from xiezhi_journal.reading import pending_after
from xiezhi_journal.rebuild import rebuild
from xiezhi_journal.translog import newest_checkpoint

pytestmark = pytest.mark.children(1)


def acknowledged_before_the_kill(child: Child, url: str, function: str, count: int) -> set[str]:
    """Ids of the events that the child said are stored; it was killed after *count* of them, while it wrote on."""
    child.start("tests.faults.writing", function, url)
    lines = child.lines()
    seen = set(islice(lines, count))
    child.kill()
    return seen | set(lines)


def stored(journal: Journal) -> list:
    table = tables.event
    return journal.read_now(
        lambda connection: connection.execute(select(table).order_by(table.c.position)).all()
    )


def assert_projections_hold(journal: Journal) -> None:
    before = projections(journal)
    journal.writer.run_now(_Rebuild(journal))
    assert projections(journal) == before


class _Rebuild:
    def __init__(self, journal: Journal) -> None:
        self.journal = journal

    def prepare(self, ledger) -> None:
        pass

    def run(self, ledger) -> None:
        rebuild(ledger.connection, self.journal.court, self.journal.rulebooks)


@pytest.mark.parametrize("count", [1, 30, 150])
def test_a_node_keeps_what_it_has_acknowledged(journal_url, child, count):
    acknowledged = acknowledged_before_the_kill(child(), journal_url, "act_for_ever", count)
    node = Node(journal_url, SENDER, Clock())
    # Writing first waits for what PostgreSQL may still be committing for the dead process.
    node.journal.writer.run_now(node.issue(100_000, RECEIVER))
    events = stored(node.journal)
    assert len(acknowledged) >= count
    assert acknowledged <= {row.event_id for row in events}
    assert [row.position for row in events] == list(range(1, len(events) + 1))
    pending = node.journal.read_now(lambda connection: pending_after(connection, 0, 10_000, 1 << 30))
    for number, each in enumerate(pending, 1):
        proof = decode_push(each.event.push)
        check_membership(proof, each.event.header)
        check_signature(proof, KEYS[SENDER].public_key, verify_signature)
        assert proof.position == number
    assert len(pending) == len(events)
    assert_projections_hold(node.journal)
    node.journal.close()


@pytest.mark.parametrize("count", [1, 60])
def test_a_hub_keeps_what_it_has_ruled(journal_url, child, count):
    acknowledged = acknowledged_before_the_kill(child(), journal_url, "rule_for_ever", count)
    hub = Hub(journal_url, Clock())
    [work] = hub.checked(SENDER, issued_records(1, first=100_000))
    hub.journal.writer.run_now(work)
    events = stored(hub.journal)
    assert acknowledged <= {row.event_id for row in events}
    size = len(events)
    rulings = hub.journal.read_now(
        lambda connection: connection.execute(select(tables.ruling).order_by(tables.ruling.c.log_index)).all()
    )
    assert [row.log_index for row in rulings] == list(range(size))
    note = hub.journal.read_now(newest_checkpoint)
    checkpoint = TrustedLog(ORIGIN, (LOG_KEY.verifier_key,)).open(note, verify_signature).checkpoint
    assert (checkpoint.size, checkpoint.root) == (size, root_of([row.leaf for row in rulings]))
    for court in (SENDER, RECEIVER, HUB_COURT):
        previous = FIRST
        items = hub.feed(court, 2, 0, size + 1)
        assert [item.record.log_index for item in items] == list(range(size))
        for item in items:
            leaf = rulings[item.record.log_index].leaf
            previous = feed_item_hash(previous, item.feed_seq, item.record.log_index, leaf)
            assert item.item_hash == previous
    assert_projections_hold(hub.journal)
    hub.journal.close()


@pytest.mark.children(1)
def test_two_that_migrate_at_once_take_turns(journal_url, child):
    pair = [child(), child()]
    for process in pair:
        process.start("tests.faults.writing", "migrate_now", journal_url)
    assert [list(process.lines()) for process in pair] == [["done"], ["done"]]
    assert migrate.is_current(journal_url)
