"""Each day's record of looks has its root in the log: a row that is changed or removed is found out."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from tests.integration.journal.scene import DAY, SENDER
from tests.integration.node.pair import Pair, open_pair

from xiezhi_desk.access import Access, record_access
from xiezhi_desk.erasing.examining import examine_erasures
from xiezhi_desk.sealing_looks import LookSealer
from xiezhi_journal import tables
from xiezhi_journal.erasures import NODE
from xiezhi_journal.look_seals import changed_days, seals
from xiezhi_node.look_sealing import seal_looks


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    urls = [f"sqlite:///{tmp_path / name}.db" for name in ("hub", "sender", "receiver")]
    async with open_pair(urls) as pair:
        yield pair


async def looked(pair: Pair, *objects: str) -> None:
    for each in objects:
        look = Access(pair.clock.now, "a", "GetInstruction", each, "核对")
        await pair.sender.node.journal.write(lambda connection, look=look: record_access(connection, look))


def sealer(pair: Pair) -> LookSealer:
    node = pair.sender.node
    return LookSealer(node.journal, SENDER, NODE, partial(seal_looks, node.journal, node.seat))


async def test_days_that_are_over_are_sealed_once_and_logged(pair: Pair) -> None:
    await looked(pair, "one", "two")
    await sealer(pair).seal_days()
    pair.clock.now += DAY
    await looked(pair, "three")
    await sealer(pair).seal_days()
    await sealer(pair).seal_days()
    await pair.exchange()
    for journal in (pair.sender.node.journal, pair.hub.journal):
        [seal] = journal.read_now(partial(seals, court=SENDER, holder=NODE))
        assert seal["count"] == 2
    assert pair.sender.node.journal.read_now(partial(changed_days, court=SENDER, holder=NODE)) == []


async def test_a_look_that_was_changed_or_removed_is_found_out(pair: Pair) -> None:
    journal = pair.sender.node.journal
    await looked(pair, "one", "two", "three")
    pair.clock.now += DAY
    await sealer(pair).seal_days()
    changed = partial(changed_days, court=SENDER, holder=NODE)
    look = tables.access
    await journal.write(
        lambda connection: connection.execute(update(look).where(look.c.object == "one").values(account="b"))
    )
    assert len(journal.read_now(changed)) == 1
    await journal.write(
        lambda connection: connection.execute(update(look).where(look.c.object == "one").values(account="a"))
    )
    assert journal.read_now(changed) == []
    await journal.write(lambda connection: connection.execute(delete(look).where(look.c.object == "two")))
    found = journal.read_now(lambda connection: list(examine_erasures(connection, SENDER, NODE)))
    assert [(subject, good) for subject, good, _ in found] == [("待清除", True), ("查看记录", False)]
