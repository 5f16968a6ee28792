"""Following orders where something goes wrong meanwhile: each order on its own, and nothing done that is not."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import update
from tests.integration.erasing.scene import PAPER, Erasing, erasing, found_in
from tests.integration.journal.scene import RECEIVER, SENDER
from tests.integration.node.linked import copy_of, restore

from xiezhi_desk.documents.files import FileStorage
from xiezhi_domain.events.header import decode_header, encode_header
from xiezhi_journal import tables
from xiezhi_journal.erasures import NODE, answer_to, begin_again, erasure_of, unfinished
from xiezhi_journal.journal import Journal


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Erasing]:
    urls = [f"sqlite:///{tmp_path / name}.db" for name in ("hub", "sender", "receiver")]
    async with erasing(urls, tmp_path) as stage:
        yield stage


async def test_what_comes_during_the_sweep_is_erased_too(
    stage: Erasing, monkeypatch: pytest.MonkeyPatch
) -> None:
    matter = await stage.ended()
    await stage.order(matter)
    await stage.pair.exchange()
    receiver = stage.nodes[RECEIVER]
    sweep = Journal.sweep

    async def coming(journal: Journal, touched: object) -> None:
        await sweep(journal, touched)
        await journal.write(lambda connection: begin_again(connection, matter))

    monkeypatch.setattr(Journal, "sweep", coming)
    await receiver.eraser.follow()
    assert [each.due for each in receiver.journal.read_now(unfinished)] == [True]
    monkeypatch.undo()
    await receiver.eraser.follow()
    assert receiver.journal.read_now(unfinished) == []


async def test_one_file_that_cannot_go_keeps_no_other_order_waiting(
    stage: Erasing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, other = await stage.ended(), await stage.ended()
    for matter in (stuck, other):
        await stage.order(matter)
    await stage.pair.exchange()
    receiver, refused = stage.nodes[RECEIVER], []
    delete = FileStorage.delete

    def failing(storage: FileStorage, sha256: bytes) -> None:
        if not refused or sha256 in refused:
            refused[:] = [sha256]
            raise PermissionError(13, "Permission denied")
        delete(storage, sha256)

    monkeypatch.setattr(FileStorage, "delete", failing)
    await receiver.eraser.follow()
    assert [each.instruction for each in receiver.journal.read_now(unfinished)] == [stuck]
    monkeypatch.undo()
    await receiver.eraser.follow()
    assert receiver.journal.read_now(unfinished) == []
    assert found_in(tmp_path / "receiver", PAPER) == set()


async def test_restored_documents_go_before_anybody_is_served(stage: Erasing, tmp_path: Path) -> None:
    matter = await stage.ended()
    receiver = stage.nodes[RECEIVER]
    backup = copy_of(receiver.journal)
    await stage.order(matter)
    await stage.pair.exchange()
    await stage.settle()
    restore(receiver.journal, backup)
    receiver.has_paper(matter, RECEIVER, f"{PAPER} again", stage.pair.clock.now)
    assert found_in(tmp_path / "receiver", PAPER)
    await receiver.eraser.take_back_restored()
    assert found_in(tmp_path / "receiver", PAPER) == set()


@pytest.mark.parametrize("wrong", ["refused", "foreign", "facts"])
async def test_only_its_own_accepted_event_is_an_answer(stage: Erasing, wrong: str) -> None:
    matter = await stage.ended()
    given = await stage.order(matter)
    await stage.pair.exchange()
    await stage.settle()
    sender = stage.nodes[SENDER]
    table = tables.event
    row = sender.journal.read_now(
        lambda connection: connection.execute(
            table.select().where(table.c.kind == "Erased", table.c.court == SENDER)
        ).one()
    )
    changes = {
        "refused": update(tables.ruling)
        .where(tables.ruling.c.position == row.position)
        .values(accepted=False),
        "foreign": update(table).where(table.c.position == row.position).values(court=RECEIVER),
        "facts": update(table)
        .where(table.c.position == row.position)
        .values(header=_without_facts(row.header)),
    }
    erasure = sender.journal.read_now(lambda connection: connection.execute(tables.erasure.select()).one())
    own = erasure_of(erasure)
    assert own.order_id == given.order_id
    assert (
        sender.journal.read_now(lambda connection: answer_to(connection, own, SENDER, NODE)) == row.event_id
    )
    await sender.journal.write(lambda connection: connection.execute(changes[wrong]))
    assert sender.journal.read_now(lambda connection: answer_to(connection, own, SENDER, NODE)) == ""


def _without_facts(header: bytes) -> bytes:
    return encode_header(replace(decode_header(header), facts={}))
