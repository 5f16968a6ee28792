"""Who looked at this person: looks at the matters, cases and papers in which he stands, and at nothing else."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.integration.erasing.scene import SECRETS, Erasing, erasing
from tests.integration.journal.scene import SENDER
from tests.integration.node.pair import CASE

from xiezhi.v1 import administration_service_pb2 as pb
from xiezhi_desk.access import Access, record_access
from xiezhi_desk.administration import looked_at
from xiezhi_desk.administration.looks import filter_of, look_page
from xiezhi_domain.errors import InvalidInput
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import Page

NAME, NUMBER = SECRETS[:2]


@pytest.fixture
async def stage(journal_url: str, tmp_path: Path) -> AsyncIterator[Erasing]:
    """The sender's journal is the one under test."""
    urls = [f"sqlite:///{tmp_path}/hub.db", journal_url, f"sqlite:///{tmp_path}/receiver.db"]
    async with erasing(urls, tmp_path) as stage:
        yield stage


async def looked(journal: Journal, *objects: str) -> None:
    """Somebody has looked at *objects*, one after the other."""
    for at, each in enumerate(objects, start=1):
        look = Access(at, "somebody", "GetInstruction", each, "核对")
        await journal.write(lambda connection, look=look: record_access(connection, look))


async def found(journal: Journal, person: str, **wanted: object) -> set[str]:
    request = pb.ListLooksRequest(person=person, who="somebody", **wanted)
    page = await journal.read(
        lambda connection: look_page(connection, filter_of(connection, request), Page.of(50, ""))
    )
    return {each.object for each in page.looks}


async def test_looks_are_found_by_who_stands_in_what_was_looked_at(stage: Erasing) -> None:
    matter, journal = await stage.ended(), stage.nodes[SENDER].journal
    of = tables.document_of.c
    paper = await journal.read(
        lambda connection: connection.scalar(select(of.sha256).where(of.instruction == matter))
    )
    assert paper is not None
    await looked(journal, matter, CASE, paper.hex(), "（2026）苏0505执999号", "f" * 64, "z" * 64, "")
    about = {matter, CASE, paper.hex()}
    assert await found(journal, NAME) == about
    assert await found(journal, NUMBER) == about
    assert await found(journal, f" {NAME} ") == about
    assert await found(journal, "别的人") == set()
    assert await found(journal, NAME[:1]) == set()
    assert await found(journal, NAME, object=CASE) == {CASE}


async def test_what_was_erased_names_nobody_any_more(stage: Erasing) -> None:
    matter, journal = await stage.ended(), stage.nodes[SENDER].journal
    await looked(journal, matter)
    assert await found(journal, NAME) == {matter}
    await stage.order(matter)
    await stage.pair.exchange()
    await stage.settle()
    assert await found(journal, NAME) == set()


async def test_more_than_can_be_searched_is_refused_with_what_to_do(
    stage: Erasing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looked_at, "MOST_OBJECTS", 1)
    journal = stage.nodes[SENDER].journal
    await looked(journal, "a", "b")
    with pytest.raises(InvalidInput, match="缩小起止日期"):
        await found(journal, NAME)
