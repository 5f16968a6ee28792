"""Ordered erasure: gone from every file of hub and both nodes, and everything that was proven stays so."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.integration.erasing.scene import (
    DRAFTER,
    PAPER,
    SECRETS,
    Erasing,
    erasing,
    events_of,
    found_in,
)
from tests.integration.journal.scene import HUB_COURT, RECEIVER, SENDER, THIRD, Node
from tests.integration.node.linked import copy_of, restore

from xiezhi.v1 import erasure_service_pb2 as pb
from xiezhi.v1 import event_pb2
from xiezhi_domain.errors import InvalidInput, NotAllowed, WrongState
from xiezhi_domain.events.header import decode_header
from xiezhi_journal import tables
from xiezhi_journal.bulk import insert_rows
from xiezhi_journal.erasures import Erasure
from xiezhi_journal.keyrings import read_keyring
from xiezhi_journal.proofs import kept_commitment
from xiezhi_journal.reading import history
from xiezhi_node.erasing import answer_order
from xiezhi_node.taking.again import take_again
from xiezhi_node.taking.check import FeedChecker
from xiezhi_node.taking.take import TakeFeed
from xiezhi_wire.caller import acting


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Erasing]:
    """All three on SQLite, so that every byte lies below one folder."""
    urls = [f"sqlite:///{tmp_path / name}.db" for name in ("hub", "sender", "receiver")]
    async with erasing(urls, tmp_path) as stage:
        yield stage


async def test_no_file_of_hub_or_node_holds_what_was_erased(stage: Erasing, tmp_path: Path) -> None:
    matter = await stage.ended()
    before = found_in(tmp_path, *SECRETS, PAPER)
    # Every word lies somewhere, and at each of the three something does.
    assert {word for _, word in before} == {*SECRETS, PAPER}
    assert {whose for whose, _ in before} >= {"hub", "sender", "receiver"}
    await stage.order(matter)
    await stage.pair.exchange()
    await stage.settle()
    assert found_in(tmp_path, *SECRETS, PAPER) == set()
    assert found_in(tmp_path, matter)


async def test_the_hub_shows_who_has_answered_and_who_has_not(stage: Erasing) -> None:
    matter = await stage.ended()
    given = await stage.order(matter)
    assert [each.HasField("answered_at") for each in given.holders] == [False] * 3
    await stage.pair.exchange()
    await stage.hub.eraser.follow()
    await stage.nodes[SENDER].eraser.follow()
    await stage.pair.exchange()
    [shown] = await stage.listed()
    assert [(each.court, each.hub) for each in shown.holders if not each.HasField("answered_at")] == [
        (RECEIVER, False)
    ]
    assert not shown.done
    await stage.settle()
    [shown] = await stage.listed()
    assert shown.done
    assert {(each.court, each.hub) for each in shown.holders} == {
        (HUB_COURT, True),
        (SENDER, False),
        (RECEIVER, False),
    }
    assert all(each.parts and each.documents == 1 for each in shown.holders)


async def test_commitments_stand_and_no_part_is_left(stage: Erasing) -> None:
    matter = await stage.ended()
    await stage.order(matter)
    await stage.pair.exchange()
    await stage.settle()
    for holder in stage.holders:
        rows = await holder.journal.read(lambda connection: history(connection, matter, bodies=True))
        assert len(rows) > 5
        for row in rows:
            body = event_pb2.Body.FromString(row.body or b"")
            assert not any(part.salt or part.content for part in body.parts)
            assert kept_commitment(body) == decode_header(row.header).body


async def test_a_rebuild_brings_nothing_back_and_changes_nothing(stage: Erasing, tmp_path: Path) -> None:
    matter = await stage.ended()
    await stage.order(matter)
    await stage.pair.exchange()
    await stage.settle()
    table = tables.instruction
    for holder in stage.holders:
        before = holder.journal.read_now(lambda connection: connection.execute(select(table)).all())
        holder.journal.rebuild()
        after = holder.journal.read_now(lambda connection: connection.execute(select(table)).all())
        assert before == after
        assert (after[0].case_number, after[0].subject_names) == ("", "")
    assert found_in(tmp_path, *SECRETS, PAPER) == set()


async def test_a_node_that_was_away_erases_when_it_is_back(stage: Erasing, tmp_path: Path) -> None:
    pair = stage.pair
    matter = await stage.ended()
    await stage.order(matter)
    await pair.pull(pair.sender)
    await stage.hub.eraser.follow()
    await stage.nodes[SENDER].eraser.follow()
    assert {whose for whose, _ in found_in(tmp_path, *SECRETS)} == {"receiver"}
    await pair.exchange()
    await stage.settle()
    assert found_in(tmp_path, *SECRETS, PAPER) == set()


async def test_one_part_and_one_paper_go_and_the_rest_stays(stage: Erasing, tmp_path: Path) -> None:
    matter = await stage.ended()
    events = await events_of(stage.pair.sender, matter)
    papers = await stage.hub.journal.read(
        lambda connection: list(connection.scalars(select(tables.document_of.c.sha256)))
    )
    content = pb.ErasedContent(event_id=events["Issued"], part_names=["subject/1"])
    await stage.order(matter, contents=[content], documents=papers)
    await stage.pair.exchange()
    await stage.settle()
    row = stage.nodes[RECEIVER].journal.read_now(
        lambda connection: connection.execute(select(tables.instruction)).one()
    )
    assert (row.case_number != "", row.subject_names) == (True, "")
    assert found_in(tmp_path, PAPER) == set()
    told = found_in(tmp_path, "已到现场寻访")
    assert {whose for whose, _ in told} == {"hub", "sender", "receiver"}
    # The case stays in the register of the sender's court, which is its own.
    assert {whose for whose, _ in found_in(tmp_path, "320500189901010016")} == {"sender"}


async def test_an_order_is_drafted_by_one_and_approved_by_another(stage: Erasing) -> None:
    matter = await stage.ended()
    draft = await stage.draft(matter)
    with acting(DRAFTER), pytest.raises(NotAllowed):
        await stage.service.ApproveErasure(
            pb.ApproveErasureRequest(request_id="a", draft_id=draft.draft_id, seen=draft.content_hash), None
        )
    with pytest.raises(WrongState):
        await stage.draft(matter)


async def test_open_matters_and_empty_orders_are_refused(stage: Erasing) -> None:
    with pytest.raises(WrongState):
        await stage.draft(await stage.pair.issued())
    matter = await stage.ended()
    with pytest.raises(InvalidInput):
        await stage.draft(matter, whole=False)
    with pytest.raises(InvalidInput):
        await stage.draft(matter, contents=[pb.ErasedContent(event_id="x")])
    with pytest.raises(InvalidInput):
        await stage.draft(matter, documents=[bytes(32)])


async def test_a_restored_backup_is_erased_before_anybody_is_served(stage: Erasing, tmp_path: Path) -> None:
    matter = await stage.ended()
    receiver = stage.nodes[RECEIVER]
    backup = copy_of(receiver.journal)
    await stage.order(matter)
    await stage.pair.exchange()
    await stage.settle()
    restore(receiver.journal, backup)
    assert found_in(tmp_path, SECRETS[0]) != set()
    # The line is down: what has to go is known from the list beside the database.
    await receiver.eraser.take_back_restored()
    row = receiver.journal.read_now(lambda connection: connection.execute(select(tables.instruction)).one())
    assert (row.case_number, row.subject_names) == ("", "")
    bodies = receiver.journal.read_now(lambda connection: history(connection, matter, bodies=True))
    assert not any(SECRETS[0].encode() in (each.body or b"") for each in bodies)
    answered = [each.answered_at for each in (await stage.listed())[0].holders]
    # The node takes its feed again, finds its own answer in it and makes no other.
    stage.pair.receiver.cursors.update(dict.fromkeys(stage.pair.receiver.cursors, 0))
    await stage.pair.exchange()
    await stage.settle()
    assert found_in(tmp_path, *SECRETS, PAPER) == set()
    assert [each.answered_at for each in (await stage.listed())[0].holders] == answered


async def test_a_history_that_comes_erased_waits_for_its_order(stage: Erasing, tmp_path: Path) -> None:
    pair, matter = stage.pair, await stage.ended()
    await stage.order(matter)
    await pair.exchange()
    await stage.settle()
    node = Node(f"sqlite:///{tmp_path}/another.db", RECEIVER, pair.clock)
    node.journal.start()
    # As a restored node is until its feed has come.
    node.seat.catching_up.doubt()
    checker = FeedChecker(node.journal.read_now(read_keyring))
    lanes = {lane: pair.hub.feed(RECEIVER, lane, 0, 1_000) for lane in (1, 2)}
    checked = {lane: [checker.check(item) for item in items] for lane, items in lanes.items()}
    await node.journal.submit(TakeFeed(node.seat, checked[2], None, b""))

    def held() -> int:
        return len(
            node.journal.read_now(lambda connection: connection.execute(select(tables.quarantine)).all())
        )

    assert held() == len(checked[2])
    await node.journal.submit(TakeFeed(node.seat, checked[1], None, b""))
    await take_again(node.journal, node.seat)
    assert held() == 0
    row = node.journal.read_now(lambda connection: connection.execute(select(tables.instruction)).one())
    assert (row.instruction, row.open, row.subject_names) == (matter, False, "")
    node.journal.close()


async def test_nobody_else_answers_for_a_holder(stage: Erasing, tmp_path: Path) -> None:
    matter = await stage.ended()
    given = await stage.order(matter)
    third = Node(f"sqlite:///{tmp_path}/another.db", THIRD, stage.pair.clock)
    third.journal.start()
    erasure = Erasure(given.order_id, matter, given.log_index, 0, b"", done_at=1)
    await third.journal.write(lambda connection: insert_rows(connection, tables.erasure, [erasure.row()]))
    await answer_order(third.journal, third.seat, erasure)
    await third.push_to(stage.pair.hub)
    [shown] = await stage.listed()
    assert {each.court for each in shown.holders} == {HUB_COURT, SENDER, RECEIVER}
    assert not any(each.HasField("answered_at") for each in shown.holders)
    ruled = stage.pair.hub.journal.read_now(
        lambda connection: connection.execute(
            select(tables.ruling.c.reason)
            .join(tables.event, tables.event.c.position == tables.ruling.c.position)
            .where(tables.event.c.court == THIRD)
        ).scalar_one()
    )
    assert ruled == "WRONG_COURT"
    third.journal.close()


async def test_other_courts_hear_nothing_of_it(stage: Erasing) -> None:
    matter = await stage.ended()
    await stage.order(matter)
    await stage.pair.exchange()
    await stage.settle()
    assert stage.pair.hub.feed(THIRD, 1, 0, 100) == []
    kinds = {decode_header(item.record.header).kind for item in stage.pair.hub.feed(RECEIVER, 1, 0, 100)}
    assert kinds == {"ErasureOrdered", "Erased"}
