"""Drafts of the superior: what is erased of a matter is erased of the drafts that it came from, with their papers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Table, insert, select
from tests.integration.erasing.scene import Erasing, erasing, found_in
from tests.integration.journal.scene import HUB_COURT
from tests.integration.node.pair import new_id

from xiezhi_desk.erasing.drafts import note_handed_on
from xiezhi_journal import tables

WORDS, PAPER = "拟稿中写明了测试丙的住处", "%PDF-1.4 拟稿所附的材料：测试丙"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Erasing]:
    urls = [f"sqlite:///{tmp_path / name}.db" for name in ("hub", "sender", "receiver")]
    async with erasing(urls, tmp_path) as stage:
        yield stage


async def drafted(stage: Erasing, table: Table, **values: str) -> str:
    """The id of a draft at the hub that was issued, with a paper of its own."""
    draft_id = new_id(stage.pair.clock)
    stage.hub.has_paper(draft_id, HUB_COURT, PAPER, stage.pair.clock.now)
    row = {"draft_id": draft_id, "state": "ISSUED", "content": WORDS.encode(), "author": "someone"}
    rest = {
        column.name: "" for column in table.columns if column.name not in row and not values.get(column.name)
    }
    times = {"drafted_at": 1, "decided_at": 1}
    await stage.hub.journal.write(
        lambda connection: connection.execute(insert(table).values(row | rest | times | values))
    )
    return draft_id


async def erased(stage: Erasing, matter: str) -> None:
    await stage.order(matter)
    await stage.pair.exchange()
    await stage.settle()


async def left(stage: Erasing, table: Table) -> list[str]:
    return await stage.hub.journal.read(lambda connection: list(connection.scalars(select(table.c.draft_id))))


@pytest.mark.parametrize("table", [tables.urge_draft, tables.order_draft], ids=["urge", "order"])
async def test_a_draft_goes_with_the_matter_that_it_became(
    stage: Erasing, tmp_path: Path, table: Table
) -> None:
    matter, draft = await stage.ended(), await drafted(stage, table)
    other = await drafted(stage, table)
    await stage.hub.journal.write(lambda connection: note_handed_on(connection, draft, matter))
    assert {word for _, word in found_in(tmp_path, WORDS, PAPER)} == {WORDS, PAPER}
    await erased(stage, matter)
    assert await left(stage, table) == [other]
    await stage.hub.journal.write(lambda connection: note_handed_on(connection, other, matter))
    await erased(stage, matter)
    assert await left(stage, table) == []
    assert found_in(tmp_path, WORDS, PAPER) == set()


async def test_a_decision_goes_with_its_handover_issued_or_not(stage: Erasing, tmp_path: Path) -> None:
    matter = await stage.ended()
    await drafted(stage, tables.disposal_draft, instruction=matter, state="REJECTED")
    assert {word for _, word in found_in(tmp_path, WORDS, PAPER)} == {WORDS, PAPER}
    await erased(stage, matter)
    assert await left(stage, tables.disposal_draft) == []
    assert found_in(tmp_path, WORDS, PAPER) == set()


async def test_papers_of_a_draft_stay_for_another_matter_that_it_became(
    stage: Erasing, tmp_path: Path
) -> None:
    matter, another = await stage.ended(), new_id(stage.pair.clock)
    draft = await drafted(stage, tables.urge_draft)
    stage.hub.has_paper(another, HUB_COURT, PAPER, stage.pair.clock.now)

    def both(connection: Connection) -> None:
        note_handed_on(connection, draft, matter)
        note_handed_on(connection, draft, matter)
        note_handed_on(connection, draft, another)

    await stage.hub.journal.write(both)
    await erased(stage, matter)
    assert {word for _, word in found_in(tmp_path, WORDS, PAPER)} == {PAPER}
    of = tables.document_of.c
    holders = select(of.instruction).where(of.instruction.in_([matter, draft, another]))
    assert await stage.hub.journal.read(lambda connection: list(connection.scalars(holders))) == [another]
