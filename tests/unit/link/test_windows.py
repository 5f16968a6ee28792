"""Windows of both directions, and the order of lanes."""

import asyncio
from collections.abc import Sequence
from hashlib import sha256

import pytest

from xiezhi.v1.link_service_pb2 import (
    LANE_BULK,
    LANE_NORMAL,
    LANE_URGENT,
    ConnectResponse,
    Deliver,
    FeedCursor,
    FeedItem,
    Hello,
    Push,
    Rejected,
    StoredEvent,
)
from xiezhi_domain.errors import Reason, WrongState
from xiezhi_link.batches import frames_of
from xiezhi_link.feed_entry import FeedEntry
from xiezhi_link.feed_pump import FeedPump
from xiezhi_link.inbox import Inbox
from xiezhi_link.lane_window import LaneWindow
from xiezhi_link.push_queue import PushQueue
from xiezhi_link.push_ruling import PushRuling
from xiezhi_link.settings import BATCH_EVENTS, FRAME_ROOM_BYTES

COURT = "苏0508"


def record(name: str, size: int = 100) -> StoredEvent:
    return StoredEvent(header=name.encode().ljust(size, b"."))


def entry(lane: int, seq: int, size: int = 100, body: bytes = b"") -> FeedEntry:
    header = record(f"{lane}/{seq}", size).header
    item_hash = sha256(b"%d/%d" % (lane, seq)).digest()
    return FeedEntry(lane, seq, item_hash, seq, header, b"", body, b"", sha256(header).hexdigest())


def item(lane: int, seq: int) -> FeedItem:
    message = FeedItem()
    entry(lane, seq).fill(message)
    return message


def cursor(to: FeedEntry) -> FeedCursor:
    return FeedCursor(lane=to.lane, feed_seq=to.feed_seq, item_hash=to.item_hash)  # type: ignore[arg-type]


def test_an_entry_becomes_the_message_that_says_it_and_tells_its_size_at_most() -> None:
    told = FeedEntry(3, 1 << 60, bytes(32), 1 << 60, b"h" * 3_500, b"p" * 900, b"b" * 200_000, b"r" * 300, "")
    message = Deliver().items.add()
    told.fill(message)
    said = message.record
    assert (message.lane, message.feed_seq) == (told.lane, told.feed_seq)
    assert (message.item_hash, said.log_index) == (told.item_hash, told.log_index)
    assert (said.header, said.push) == (told.header, told.push)
    assert (said.body, said.ruling) == (told.body, told.ruling)
    assert Deliver(items=[message]).ByteSize() <= told.size + 6


def test_frames_hold_what_fits_and_keep_the_order() -> None:
    records = [record(str(number), 300_000) for number in range(7)]
    frames = list(frames_of(records, StoredEvent.ByteSize))
    assert [len(frame) for frame in frames] == [3, 3, 1]
    assert [each for frame in frames for each in frame] == records
    assert all(Push(records=frame).ByteSize() <= FRAME_ROOM_BYTES for frame in frames)
    assert list(frames_of([], StoredEvent.ByteSize)) == []
    assert [len(frame) for frame in frames_of(records, StoredEvent.ByteSize, room=10)] == [1] * 7


def test_an_acknowledgement_makes_room() -> None:
    window = LaneWindow(COURT, LANE_NORMAL, 4, 1_000)
    items = [entry(LANE_NORMAL, seq) for seq in (5, 6, 7)]
    window.sent(items)
    assert window.last_sent == 7
    assert window.room == 1_000 - sum(each.size for each in items)
    window.acknowledge(cursor(items[1]))
    assert window.room == 1_000 - items[2].size
    window.acknowledge(cursor(items[0]))
    window.acknowledge(cursor(items[2]))
    assert window.room == 1_000


@pytest.mark.parametrize(
    "wrong",
    [
        FeedCursor(lane=LANE_NORMAL, feed_seq=3, item_hash=cursor(entry(LANE_NORMAL, 3)).item_hash),
        FeedCursor(lane=LANE_NORMAL, feed_seq=2, item_hash=bytes(32)),
    ],
)
def test_an_acknowledgement_of_another_feed_is_an_alarm(wrong: FeedCursor) -> None:
    window = LaneWindow(COURT, LANE_NORMAL, 0, 1_000)
    window.sent([entry(LANE_NORMAL, seq) for seq in (1, 2)])
    with pytest.raises(WrongState) as refused:
        window.acknowledge(wrong)
    assert refused.value.reason is Reason.FEED_DIVERGED


class Feeds:
    """The part of a hub that the pump asks."""

    def __init__(self) -> None:
        self.lanes: dict[int, list[FeedEntry]] = {LANE_URGENT: [], LANE_NORMAL: [], LANE_BULK: []}
        self.sent: list[Deliver] = []

    def add(self, lane: int, count: int = 1, size: int = 100) -> None:
        feed = self.lanes[lane]
        first = len(feed) + 1
        feed.extend(entry(lane, seq, size) for seq in range(first, first + count))

    async def feed(self, court: str, lane: int, after: int, max_bytes: int) -> list[FeedEntry]:
        found: list[FeedEntry] = []
        for each in self.lanes[lane][after:]:
            if found and sum(one.size for one in found) + each.size > max_bytes:
                break
            found.append(each)
        return found

    async def checkpoint(self) -> bytes:
        return b"checkpoint"

    async def send(self, response: ConnectResponse) -> None:
        self.sent.append(response.deliver)

    def pump(self, window: int, *cursors: FeedCursor) -> FeedPump:
        windows = dict.fromkeys(self.lanes, window)
        return FeedPump(self, COURT, Hello(cursors=cursors), windows, self.send)  # type: ignore[arg-type]

    @property
    def sent_lanes(self) -> list[int]:
        return [each.lane for frame in self.sent for each in frame.items]


async def test_lanes_are_served_in_their_order_each_within_its_window() -> None:
    feeds = Feeds()
    one = entry(LANE_BULK, 1).size
    for lane in (LANE_BULK, LANE_NORMAL, LANE_URGENT):
        feeds.add(lane, 5)
    pump = feeds.pump(2 * one)
    while await pump.send_next():
        pass
    assert feeds.sent_lanes == [LANE_URGENT] * 2 + [LANE_NORMAL] * 2 + [LANE_BULK] * 2
    pump.acknowledge([cursor(feeds.lanes[LANE_BULK][1])])
    feeds.add(LANE_URGENT)
    assert await pump.send_next()
    assert feeds.sent_lanes[6:] == [LANE_BULK] * 2
    pump.acknowledge([cursor(feeds.lanes[LANE_URGENT][0])])
    assert await pump.send_next()
    assert feeds.sent_lanes[8:] == [LANE_URGENT]
    assert all(frame.checkpoint == b"checkpoint" for frame in feeds.sent)


async def test_an_item_larger_than_the_window_is_sent() -> None:
    feeds = Feeds()
    feeds.add(LANE_NORMAL, 3, size=5_000)
    pump = feeds.pump(1_000)
    assert await pump.send_next()
    assert not await pump.send_next()
    pump.acknowledge([cursor(feeds.lanes[LANE_NORMAL][0])])
    assert await pump.send_next()
    assert [len(frame.items) for frame in feeds.sent] == [1, 1]


async def test_the_pump_begins_after_the_cursor() -> None:
    feeds = Feeds()
    feeds.add(LANE_NORMAL, 5)
    pump = feeds.pump(10_000, cursor(feeds.lanes[LANE_NORMAL][2]))
    assert await pump.send_next()
    assert [each.feed_seq for each in feeds.sent[0].items] == [4, 5]


async def test_bodies_of_pushed_events_stay_away_and_no_others() -> None:
    feeds = Feeds()
    feeds.lanes[LANE_NORMAL] = [entry(LANE_NORMAL, seq, body=b"body") for seq in (1, 2)]
    pump = feeds.pump(10_000)
    pump.note_pushed([StoredEvent(header=feeds.lanes[LANE_NORMAL][1].header, body=b"body")])
    assert await pump.send_next()
    assert [bool(each.record.body) for each in feeds.sent[0].items] == [True, False]


async def test_a_full_push_queue_makes_the_reader_wait_until_there_are_rulings() -> None:
    queue = PushQueue(250)
    frame = Push(records=[record("a"), record("b")])
    await queue.put(frame)
    await queue.put(frame)
    blocked = asyncio.create_task(queue.put(frame))
    batch = await queue.take(3)
    await asyncio.sleep(0.01)
    # Taken is not ruled on.
    assert not blocked.done()
    assert [(pushed.index, pushed.record) for pushed in batch] == [
        (0, frame.records[0]),
        (1, frame.records[1]),
        (0, frame.records[0]),
    ]
    await queue.ruled(batch)
    await blocked
    await queue.close()
    assert [pushed.index for pushed in await queue.take(BATCH_EVENTS)] == [1, 0, 1]
    assert await queue.take(BATCH_EVENTS) == []


async def test_frames_that_wait_are_ruled_on_together_up_to_the_batch_limit() -> None:
    batches: list[int] = []
    sent: list[ConnectResponse] = []

    async def rule(records: Sequence[StoredEvent]) -> Sequence[Rejected | None]:
        batches.append(len(records))
        return [Rejected(reason="MALFORMED") if b"bad" in each.header else None for each in records]

    async def send(response: ConnectResponse) -> None:
        sent.append(response)

    ruling = PushRuling(10_000_000, rule, send)
    for number in range(600):
        await ruling.put(Push(records=[record(f"{number}a"), record(f"{number}b")]))
    await ruling.put(Push(records=[record("good"), record("bad")]))
    await ruling.close()
    await ruling.run()
    assert batches == [BATCH_EVENTS, 1_202 - BATCH_EVENTS]
    (answer,) = (response.rejected for response in sent)
    assert (answer.index, answer.header_sha256) == (1, sha256(record("bad").header).digest())


async def test_the_inbox_gives_urgent_first_and_keeps_lanes_in_order() -> None:
    inbox = Inbox(1_000_000)
    await inbox.put(Deliver(items=[item(LANE_BULK, seq) for seq in range(1, 1_101)], checkpoint=b"1"))
    await inbox.put(Deliver(items=[item(LANE_URGENT, 1), item(9, 1)], checkpoint=b"2"))
    first, second = await inbox.take(), await inbox.take()
    assert first
    assert second
    assert (len(first.items), first.checkpoint, first.items[0].lane) == (BATCH_EVENTS, b"2", LANE_URGENT)
    bulk = [*first.items[1:], *second.items]
    assert [(each.lane, each.feed_seq) for each in bulk] == [(LANE_BULK, seq) for seq in range(1, 1_101)]


async def test_a_full_inbox_makes_the_reader_wait_and_a_closed_one_lets_everybody_go() -> None:
    inbox = Inbox(150)
    await inbox.put(Deliver(items=[item(LANE_NORMAL, 1), item(LANE_NORMAL, 2)]))
    blocked = asyncio.create_task(inbox.put(Deliver(items=[item(LANE_NORMAL, 3)])))
    await asyncio.sleep(0.01)
    assert not blocked.done()
    taken = await inbox.take()
    assert taken
    assert len(taken.items) == 2
    await blocked
    await inbox.close()
    await inbox.put(Deliver(items=[item(LANE_NORMAL, 4)]))
    assert await inbox.take() is None
