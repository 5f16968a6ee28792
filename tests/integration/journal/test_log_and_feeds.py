"""The hub's log and feeds: chained, gapless and provable over batches and restarts."""

import os
import random
from dataclasses import dataclass
from itertools import pairwise

import pytest
from sqlalchemy import select
from tests.integration.journal.scene import (
    HUB_COURT,
    LOG_KEY,
    ORIGIN,
    RECEIVER,
    SENDER,
    Clock,
    Hub,
    as_messages,
    issued_records,
)

from xiezhi_domain.events.feed import FIRST, feed_item_hash
from xiezhi_domain.events.ruling import decode_entry, encode_entry
from xiezhi_domain.evidence.merkle import leaf_hash, root_of, verify_consistency, verify_inclusion
from xiezhi_domain.evidence.trust import TrustedLog
from xiezhi_hub.feeding import Feeds
from xiezhi_journal import tables
from xiezhi_journal.feeds import feed_item
from xiezhi_journal.keys import verify_signature
from xiezhi_journal.translog import (
    checkpoint_at,
    consistency_proof,
    inclusion_proof,
    newest_checkpoint,
)

LOG = TrustedLog(ORIGIN, (LOG_KEY.verifier_key,))


async def ruled_in_batches(url: str, count: int) -> Hub:
    """A hub that has ruled on *count* events, a few in each commit, and was restarted on the way."""
    chance = random.Random(count)
    records = issued_records(count)
    while records:
        hub = Hub(url, Clock())
        hub.journal.start()
        for _ in range(4):
            size = chance.randrange(1, 25)
            batch, records = records[:size], records[size:]
            await hub.push(SENDER, batch)
            # A court that heard no answer sends it again.
            await hub.push(SENDER, batch)
        if not records:
            return hub
        hub.journal.close()
    raise AssertionError


def checkpoints(hub: Hub) -> list:
    table = tables.checkpoint
    return hub.journal.read_now(
        lambda connection: connection.execute(select(table).order_by(table.c.size)).all()
    )


async def test_feeds_are_gapless_and_chained(journal_url):
    hub = await ruled_in_batches(journal_url, 120)
    for court in (SENDER, RECEIVER, HUB_COURT):
        previous = FIRST
        items = hub.feed(court, 2, 0, 1000)
        assert [item.feed_seq for item in items] == list(range(1, 121))
        for item in items:
            leaf = leaf_hash(encode_entry(item.record.header, item.record.ruling))
            previous = feed_item_hash(previous, item.feed_seq, item.record.log_index, leaf)
            assert item.item_hash == previous
            stored = hub.journal.read_now(
                lambda connection, court=court, seq=item.feed_seq: feed_item(connection, court, 2, seq)
            )
            assert stored == previous
    assert [item.feed_seq for item in hub.feed(SENDER, 2, 50, 7)] == list(range(51, 58))
    assert hub.feed(SENDER, 1, 0, 10) == []
    hub.journal.close()


async def test_every_entry_is_proven_under_every_checkpoint(journal_url):
    hub = await ruled_in_batches(journal_url, 150)
    entries = [
        encode_entry(item.record.header, item.record.ruling) for item in hub.feed(HUB_COURT, 2, 0, 1000)
    ]
    leaves = [leaf_hash(entry) for entry in entries]
    found = checkpoints(hub)
    assert found[-1].size == 150
    assert len(found) > 8

    def check(connection):
        for row in found:
            opened = LOG.open(row.note, verify_signature).checkpoint
            assert (opened.size, opened.root) == (row.size, row.root)
            assert row.root == root_of(leaves[: row.size])
            assert checkpoint_at(connection, row.size) == row.note
            for index in range(row.size):
                path = inclusion_proof(connection, index, row.size)
                verify_inclusion(leaves[index], index, row.size, path, row.root)
        for old in found:
            for new in found:
                if old.size <= new.size:
                    proof = consistency_proof(connection, old.size, new.size)
                    verify_consistency(old.size, old.root, new.size, new.root, proof)
        assert newest_checkpoint(connection) == found[-1].note

    hub.journal.read_now(check)
    for entry in entries:
        assert encode_entry(*decode_entry(entry)) == entry
    hub.journal.close()


def test_an_empty_log_has_no_checkpoint(journal_url):
    hub = Hub(journal_url, Clock())
    assert hub.journal.read_now(newest_checkpoint) == b""
    assert hub.journal.read_now(lambda connection: checkpoint_at(connection, 1)) == b""
    hub.journal.close()


@dataclass(frozen=True)
class Enter:
    """Rulings of which only the leaves matter."""

    leaves: list[bytes]

    def prepare(self, ledger) -> None:
        pass

    def run(self, ledger) -> None:
        for leaf in self.leaves:
            index = ledger.head.log_size
            ledger.move_head(log_size=index + 1, ruled_at=index)
            row = (index, index + 1, True, 1, "", "", index, leaf, b"")
            ledger.add_row(tables.ruling.name, row)


@pytest.mark.parametrize("journal_url", ["sqlite"], indirect=True)
def test_the_rows_above_the_leaves_are_the_roots_of_whole_subtrees(journal_url):
    hub = Hub(journal_url, Clock())
    leaves = [os.urandom(32) for _ in range(70_000)]
    cuts = [0, 1, 255, 256, 257, 40_000, 65_535, 65_536, 65_700, 70_000]
    for start, end in pairwise(cuts):
        hub.journal.writer.run_now(Enter(leaves[start:end]))
    table = tables.log_hash
    rows = hub.journal.read_now(
        lambda connection: connection.execute(select(table).order_by(table.c.level, table.c.number)).all()
    )
    whole = {1: 256, 2: 65_536}
    expected = [
        (level, number, root_of(leaves[number * width : (number + 1) * width]))
        for level, width in whole.items()
        for number in range(len(leaves) // width)
    ]
    assert [tuple(row) for row in rows] == expected

    def check(connection):
        sizes = [row.size for row in checkpoints(hub)]
        assert sizes == cuts[1:]
        roots = {row.size: row.root for row in checkpoints(hub)}
        assert roots[70_000] == root_of(leaves)
        for index in (0, 255, 256, 65_535, 65_536, 69_999):
            path = inclusion_proof(connection, index, 70_000)
            verify_inclusion(leaves[index], index, 70_000, path, roots[70_000])
        for old in sizes:
            proof = consistency_proof(connection, old, 70_000)
            verify_consistency(old, roots[old], 70_000, roots[70_000], proof)

    hub.journal.read_now(check)
    hub.journal.close()


@pytest.mark.parametrize("recent_bytes", [0, 20_000, 1_000_000])
async def test_what_is_sent_is_what_is_stored_however_much_is_remembered(journal_url, recent_bytes):
    hub = Hub(journal_url, Clock())
    feeds = Feeds(hub.journal, recent_bytes)
    hub.journal.after_commit = feeds.committed
    hub.journal.start()
    records = issued_records(60)
    for start in range(0, 60, 20):
        await hub.push(SENDER, records[start : start + 20])
    for court in (SENDER, RECEIVER, HUB_COURT):
        stored = hub.feed(court, 2, 0, 1000)
        sent = []
        while found := await feeds.items(court, 2, len(sent), 9_000):
            assert len(found) == 1 or sum(entry.size for entry in found) < 9_500
            sent += found
        assert as_messages(sent) == stored
    hub.journal.close()
