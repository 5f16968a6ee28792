"""Copies of the log that contradict each other: one court's node cannot keep a hub closed, nor close it for good."""

import shutil
from collections.abc import Sequence

from tests.integration.hub.court import RECEIVER, SENDER, Link, header_of
from tests.integration.hub.stand import Serving, serving
from tests.integration.hub.story import Story, answer_recall, snapshot

from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi_hub.recovery.gate import Phase


def everything(story: Story) -> dict[int, StoredEvent]:
    return {record.log_index: record for records in story.held.values() for record in records}


def ruled_otherwise(record: StoredEvent) -> StoredEvent:
    """An entry that is well formed in every respect, and that the hub has never made."""
    forged = StoredEvent()
    forged.CopyFrom(record)
    forged.ruling = forged.ruling.replace(b'"seq":2', b'"seq":3')
    assert forged.ruling != record.ruling
    return forged


def delivered(story: Story) -> StoredEvent:
    """The first lost entry, which both courts hold."""
    return next(record for record in story.held[RECEIVER] if header_of(record).kind == "Delivered")


async def test_what_one_court_says_last_does_not_overrule_the_others(story: Story) -> None:
    story.restore()
    async with serving(story.settings) as hub:
        recovery = hub.parts.recovery
        *first, last = story.held[SENDER]
        await recovery.take(SENDER, first, done=False)
        await recovery.take(RECEIVER, [ruled_otherwise(delivered(story))], done=True)
        await recovery.take(SENDER, [last], done=True)
        assert hub.parts.gate.is_open
        assert await snapshot(hub) == story.state


async def test_a_forged_whole_makes_the_hub_ask_the_others_again(story: Story) -> None:
    story.restore()
    true = everything(story)
    forged = {**true, delivered(story).log_index: ruled_otherwise(delivered(story))}
    async with (
        serving(story.settings) as hub,
        hub.connect(story.sender) as one,
        hub.connect(story.receiver) as two,
    ):
        sender, receiver = Link(one), Link(two)
        await sender.hello(last_checkpoint=story.checkpoint)
        await receiver.hello(last_checkpoint=story.checkpoint)
        # The honest node is asked and has nothing to say yet; the other one gives everything, one entry forged.
        await answer_recall(sender, [])
        await answer_recall(receiver, list(forged.values()))
        await answer_recall(sender, list(true.values()))
        await sender.ended()
        assert hub.parts.gate.is_open
        assert await snapshot(hub) == story.state


async def test_what_no_court_has_signed_is_not_kept(story: Story) -> None:
    story.restore()
    async with serving(story.settings) as hub:
        recovery = hub.parts.recovery
        lost = delivered(story)
        forged = StoredEvent()
        forged.CopyFrom(lost)
        forged.header = lost.header.replace(b'"Delivered"', b'"Undelivered"')
        await recovery.take(RECEIVER, [forged], done=False)
        first, _ = recovery.recall_range()
        assert first == lost.log_index


async def gone_on_alone(story: Story) -> None:
    """Database and head file are yesterday's, and the hub rules on something before anybody tells it."""
    story.restore()
    shutil.rmtree(story.settings.data_dir / "head")
    (story.settings.data_dir / "head").mkdir()
    async with serving(story.settings) as hub:
        for court in (SENDER, RECEIVER):
            await hub.parts.recovery.hear(court, b"")
        assert await hub.parts.intake.rule(SENDER, [story.sender.issue(RECEIVER, 20)]) == [None]


async def tell(hub: Serving, court: str, records: Sequence[StoredEvent]) -> None:
    first, end = hub.parts.recovery.recall_range()
    held = [record for record in records if first <= record.log_index < end]
    await hub.parts.recovery.take(court, held, done=True)


async def test_a_hub_whose_log_is_no_beginning_of_the_longer_one_says_so(story: Story) -> None:
    await gone_on_alone(story)
    async with serving(story.settings) as hub:
        await hub.parts.recovery.hear(SENDER, story.checkpoint)
        assert hub.parts.gate.phase is Phase.RECOVERING
        await tell(hub, SENDER, story.held[SENDER])
        assert hub.parts.gate.phase is Phase.RECOVERING
        await tell(hub, RECEIVER, story.held[RECEIVER])
        await tell(hub, SENDER, story.held[SENDER])
        assert hub.parts.gate.phase is Phase.DIVERGED
        assert f"第 {delivered(story).log_index} 条" in hub.parts.gate.why


async def test_the_proof_stands_against_a_liar(story: Story) -> None:
    await gone_on_alone(story)
    order = next(record for record in story.held[SENDER] if header_of(record).kind == "Issued")
    forged = StoredEvent()
    forged.CopyFrom(order)
    forged.ruling = order.ruling.replace(b'"seq":1', b'"seq":2')
    async with serving(story.settings) as hub:
        await hub.parts.recovery.hear(SENDER, story.checkpoint)
        await tell(hub, SENDER, story.held[SENDER])
        await tell(hub, RECEIVER, [forged])
        await tell(hub, SENDER, story.held[SENDER])
        assert hub.parts.gate.phase is Phase.DIVERGED


async def test_a_liar_alone_closes_no_hub_for_good(story: Story) -> None:
    story.restore()
    order = next(record for record in story.held[RECEIVER] if header_of(record).kind == "Issued")
    forged = StoredEvent()
    forged.CopyFrom(order)
    forged.ruling = order.ruling.replace(b'"seq":1', b'"seq":2')
    entries = {**everything(story), order.log_index: forged}
    entries[delivered(story).log_index] = ruled_otherwise(delivered(story))
    async with serving(story.settings) as hub:
        await tell(hub, RECEIVER, list(entries.values()))
        await tell(hub, RECEIVER, list(entries.values()))
        assert hub.parts.gate.phase is Phase.RECOVERING
        await tell(hub, SENDER, list(everything(story).values()))
        assert hub.parts.gate.is_open
