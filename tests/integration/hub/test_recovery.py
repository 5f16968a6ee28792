"""A hub that lost something: closed until it has it back, healed from its nodes' copies, never overruling a root."""

import asyncio
import shutil
import sqlite3

import grpc
import pytest
from sqlalchemy import select
from tests.integration.hub.court import RECEIVER, SENDER, Link, header_of, instruction_of
from tests.integration.hub.stand import serving
from tests.integration.hub.story import Story, answer_recall, snapshot

from xiezhi.v1 import link_service_pb2
from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi_hub.doctor import examine
from xiezhi_hub.recovery.gate import Phase
from xiezhi_journal import tables
from xiezhi_journal.headfile import HeadFile


async def test_a_hub_that_lost_nothing_opens_at_once(story: Story) -> None:
    async with serving(story.settings) as hub:
        assert hub.parts.gate.is_open
        assert await snapshot(hub) == story.state


async def test_a_restored_hub_is_closed(story: Story) -> None:
    story.restore()
    async with serving(story.settings) as hub:
        assert hub.parts.gate.phase is Phase.RECOVERING
        async with hub.connect(story.sender) as channel:
            link = Link(channel)
            welcome = await link.hello(last_checkpoint=story.checkpoint)
            assert welcome.recovering
            assert (await link.receive()).WhichOneof("frame") == "recall"
            await link.push(story.sender.issue(RECEIVER, 4))
            rejected = (await link.receive()).rejected
            assert (rejected.reason, rejected.retry) == ("RECOVERING", True)
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await hub.joined("苏0506", story.directory)
        assert refused.value.code() is grpc.StatusCode.UNAVAILABLE


async def test_a_restored_hub_heals_from_what_its_nodes_hold(story: Story) -> None:
    story.restore()
    async with serving(story.settings) as hub:
        async with hub.connect(story.sender) as one, hub.connect(story.receiver) as two:
            sender, receiver = Link(one), Link(two)
            await sender.hello(last_checkpoint=story.checkpoint)
            await receiver.hello(last_checkpoint=story.checkpoint)
            await answer_recall(receiver, story.held[RECEIVER])
            # The refused event went to the sender's court alone.
            assert hub.parts.gate.phase is Phase.RECOVERING
            await answer_recall(sender, story.held[SENDER])
            # The streams end when the hub has opened: nodes say their cursors anew.
            assert await sender.ended() is grpc.StatusCode.UNAVAILABLE
        assert hub.parts.gate.is_open
        assert await snapshot(hub) == story.state
        assert story.rulebook in hub.parts.hub.journal.rulebooks
        assert HeadFile(hub.parts.hub.paths.head_file).read().note == await hub.parts.link._hub.checkpoint()
        # It joined after the backup: its keys come from the log, its certificate from the list beside the head file.
        async with hub.connect(story.third) as channel:
            link = Link(channel)
            assert not (await link.hello(last_checkpoint=story.checkpoint)).recovering
    async with serving(story.settings) as hub:
        assert hub.parts.gate.is_open


async def test_a_healed_hub_rules_on(story: Story) -> None:
    story.restore()
    async with serving(story.settings) as hub:
        recovery = hub.parts.recovery
        for court, records in story.held.items():
            await recovery.take(court, records, done=True)
        assert hub.parts.gate.is_open
        order = story.sender.issue(RECEIVER, 9)
        signed = story.receiver.follow("Delivered", order, SENDER)
        assert await hub.parts.intake.rule(SENDER, [order]) == [None]
        assert await hub.parts.intake.rule(RECEIVER, [signed]) == [None]
        states = await hub.parts.hub.journal.read(
            lambda connection: connection.execute(
                select(tables.instruction.c.state).where(
                    tables.instruction.c.instruction == instruction_of(order)
                )
            ).scalar_one()
        )
    assert states == "AWAITING_SIGNATURE"


async def test_forged_entries_do_not_open_the_hub(story: Story) -> None:
    story.restore()
    async with serving(story.settings) as hub:
        recovery = hub.parts.recovery
        records = {record.log_index: record for court in story.held.values() for record in court}
        first, _ = recovery.recall_range()
        forged = StoredEvent()
        forged.CopyFrom(records[first])
        forged.ruling = forged.ruling.replace(b'"seq":2', b'"seq":3')
        await recovery.take(
            RECEIVER, [forged, *(records[index] for index in records if index > first)], done=True
        )
        assert hub.parts.gate.phase is Phase.RECOVERING
        # All is asked for anew, and the true entries are taken.
        await recovery.take(SENDER, list(records.values()), done=True)
        assert hub.parts.gate.is_open


async def test_entries_without_their_bodies_are_not_taken(story: Story) -> None:
    story.restore()
    async with serving(story.settings) as hub:
        for court, records in story.held.items():
            bare = [
                StoredEvent(header=r.header, push=r.push, ruling=r.ruling, log_index=r.log_index)
                for r in records
            ]
            await hub.parts.recovery.take(court, bare, done=True)
        assert hub.parts.gate.phase is Phase.RECOVERING
        missing = hub.parts.recovery.recall_range()
        kinds = {header_of(r).kind for r in story.held[SENDER] if missing[0] <= r.log_index < missing[1]}
        assert "Issued" in kinds


async def test_a_node_that_knows_more_closes_an_open_hub(story: Story) -> None:
    """Both the database and the head file were restored: nobody but the nodes can tell."""
    story.restore()
    shutil.rmtree(story.settings.data_dir / "head")
    with sqlite3.connect(story.database) as connection:
        size, root, note = connection.execute(
            "SELECT size, root, note FROM checkpoint ORDER BY size DESC LIMIT 1"
        ).fetchone()
    connection.close()
    (story.settings.data_dir / "head").mkdir()
    HeadFile(story.settings.data_dir / "head" / "log.head").write(size, root, note)
    async with serving(story.settings) as hub:
        assert hub.parts.gate.is_open
        async with hub.connect(story.receiver) as other, hub.connect(story.sender) as channel:
            bystander = Link(other)
            await bystander.hello()
            with pytest.raises(grpc.aio.AioRpcError) as ended:
                await Link(channel).hello(last_checkpoint=story.checkpoint)
            assert ended.value.code() is grpc.StatusCode.UNAVAILABLE
            assert hub.parts.gate.phase is Phase.RECOVERING
            # Who was connected before is asked, too: all streams end, and all nodes come back.
            assert await bystander.ended() is grpc.StatusCode.UNAVAILABLE
            assert (await Link(channel).hello(last_checkpoint=story.checkpoint)).recovering
            again = Link(other)
            assert (await again.hello()).recovering
            await answer_recall(again, story.held[RECEIVER])


async def test_without_a_head_file_more_than_half_of_the_courts_are_heard_first(story: Story) -> None:
    shutil.rmtree(story.settings.data_dir / "head")
    (story.settings.data_dir / "head").mkdir()
    async with serving(story.settings) as hub:
        recovery = hub.parts.recovery
        assert hub.parts.gate.phase is Phase.RECOVERING
        await recovery.hear(SENDER, story.checkpoint)
        await recovery.hear(SENDER, story.checkpoint)
        assert hub.parts.gate.phase is Phase.RECOVERING
        await recovery.hear(RECEIVER, b"")
        assert hub.parts.gate.is_open


async def test_another_root_at_the_same_size_is_never_overruled(story: Story) -> None:
    """The restored hub went on with other entries: two logs under one name."""
    story.restore()
    shutil.rmtree(story.settings.data_dir / "head")
    (story.settings.data_dir / "head").mkdir()
    async with serving(story.settings) as hub:
        await hub.parts.recovery.hear(SENDER, b"")
        await hub.parts.recovery.hear(RECEIVER, b"")
        assert hub.parts.gate.is_open
        for number in range(20, 40):
            assert await hub.parts.intake.rule(SENDER, [story.sender.issue(RECEIVER, number)]) == [None]
        async with hub.connect(story.receiver) as channel:
            link = Link(channel)
            await link.send(
                hello=link_service_pb2.Hello(
                    protocol_version=1,
                    clock_ms=hub.parts.hub.journal.clock(),
                    last_checkpoint=story.checkpoint,
                )
            )
            assert await link.ended() is grpc.StatusCode.FAILED_PRECONDITION
    shutil.rmtree(story.settings.data_dir / "head")
    (story.settings.data_dir / "head").mkdir()
    async with serving(story.settings) as hub:
        with pytest.raises(Exception, match="FEED_DIVERGED"):
            await hub.parts.recovery.hear(RECEIVER, story.checkpoint)
        assert hub.parts.gate.phase is Phase.DIVERGED
        await hub.parts.recovery.hear(SENDER, b"")
        assert hub.parts.gate.phase is Phase.DIVERGED


async def test_a_checkpoint_that_this_hub_never_signed_is_refused(story: Story) -> None:
    text, line, signature = story.checkpoint.partition(b"\n14\n")
    assert line
    async with serving(story.settings) as hub, hub.connect(story.sender) as channel:
        link = Link(channel)
        await link.send(
            hello=link_service_pb2.Hello(
                protocol_version=1,
                clock_ms=hub.parts.hub.journal.clock(),
                last_checkpoint=text + b"\n99\n" + signature,
            )
        )
        assert await link.ended() is grpc.StatusCode.FAILED_PRECONDITION
        assert hub.parts.gate.is_open


async def test_a_log_key_that_is_not_the_logs_keeps_the_hub_closed(story: Story) -> None:
    key = story.settings.data_dir / "keys" / "log.pem"
    shutil.copy(story.settings.data_dir / "keys" / "event.pem", key)
    async with serving(story.settings) as hub:
        assert hub.parts.gate.phase is Phase.DIVERGED


async def test_doctor_says_what_is_missing(story: Story) -> None:
    before = {finding.subject: finding for finding in await asyncio.to_thread(examine, story.settings)}
    assert before["平台日志"].good
    await asyncio.to_thread(story.restore)
    after = {finding.subject: finding for finding in await asyncio.to_thread(examine, story.settings)}
    assert not after["平台日志"].good
    assert "缺少" in after["平台日志"].text
