"""Both ends of the link together: order, resumption, refilling, windows, lanes."""

import asyncio

import structlog
from tests.integration.link.conftest import HubWith
from tests.integration.link.events import A, B, event, matter, position_of, read
from tests.integration.link.house import QUICK, House, eventually
from tests.integration.link.line import cut_line
from tests.integration.link.memory_node import MemoryNode
from tests.integration.wire.pki import Pki

from xiezhi.v1.court_pb2 import Court
from xiezhi.v1.link_service_pb2 import LANE_BULK, LANE_NORMAL, LANE_URGENT, DirectoryUpdate, Rejected
from xiezhi_link.hub_channel import HubChannel
from xiezhi_link.node_end import LinkClient
from xiezhi_link.settings import LANES, HubEndSettings


def positions(node: MemoryNode, lane: int = LANE_NORMAL) -> list[int]:
    return [position_of(item.record) for item in node.lanes.get(lane, [])]


async def test_events_arrive_in_order_and_the_answers_come_back(
    house: House, pki: Pki, node_a: MemoryNode, node_b: MemoryNode
) -> None:
    for number in range(60):
        node_a.act(B, lane=LANES[number % 3])
    async with (
        house.linked(node_a, pki.node(A, "a")[0]),
        house.linked(node_b, pki.node(B, "b")[0]) as link,
    ):
        await eventually(lambda: len(node_b.taken) == 60)
        node_b.act(A)
        await eventually(lambda: len(node_a.taken) == 61 and link.state.lag_ms == 0)
        assert link.state.connected
        await eventually(lambda: house.hub.stored.get((B, LANE_NORMAL)) == 21)
    for start, lane in enumerate(LANES):
        assert positions(node_b, lane)[:20] == list(range(start + 1, 61, 3))
        assert positions(node_a, lane)[:20] == list(range(start + 1, 61, 3))
    assert all(item.record.body for item in node_b.taken if read(item.record).sender == A)
    assert not any(item.record.body for item in node_a.taken if read(item.record).sender == A)
    assert set(house.hub.times_pushed.values()) == {1}


async def test_what_goes_on_while_the_node_is_busy_comes_in_batches(
    house: House, pki: Pki, node_b: MemoryNode
) -> None:
    node_b.open.clear()
    async with house.linked(node_b, pki.node(B, "b")[0]):
        house.hub.accept_all([event(A, B, 1)])
        await node_b.taking.wait()
        for position in range(2, 101):
            house.hub.accept_all([event(A, B, position)])
            await asyncio.sleep(0)
        node_b.open.set()
        await eventually(lambda: len(node_b.taken) == 100)
    assert node_b.batches[0] == 1
    assert len(node_b.batches) < 100


async def test_the_link_resumes_after_the_hub_was_killed(
    house: House, pki: Pki, node_a: MemoryNode, node_b: MemoryNode
) -> None:
    node_b.open.clear()
    async with (
        house.linked(node_a, pki.node(A, "a")[0]) as link_a,
        house.linked(node_b, pki.node(B, "b")[0]) as link_b,
    ):
        for round_number in range(5):
            for _ in range(40):
                node_a.act(B, size=2_000)
            await eventually(lambda seen=40 * round_number: len(house.hub.log) > seen)  # type: ignore[misc]
            node_b.open.set()
            await house.kill()
            await eventually(lambda: not link_a.state.connected and not link_b.state.connected)
            node_a.act(B)
            await house.start()
        await eventually(lambda: len(node_b.taken) == len(node_a.taken) == 205)
        assert link_a.state.last_error
    assert positions(node_b) == list(range(1, 206))
    assert len(house.hub.log) == 205


async def test_the_link_resumes_after_the_line_was_cut(
    house: House, pki: Pki, node_a: MemoryNode, node_b: MemoryNode
) -> None:
    with structlog.testing.capture_logs() as logs:
        await play_with_a_cut_line(house, pki, node_a, node_b)
    assert positions(node_a) == positions(node_b) == list(range(1, 201))
    # A line that breaks is no error of the programs.
    assert not [each for each in logs if each["log_level"] == "error"]


async def play_with_a_cut_line(house: House, pki: Pki, node_a: MemoryNode, node_b: MemoryNode) -> None:
    async with cut_line(house) as line, house.linked(node_b, pki.node(B, "b")[0]) as link_b:
        client = LinkClient(node_a, HubChannel(line.address, pki.node(A, "a")[0]), QUICK)
        running = asyncio.create_task(client.run())
        for round_number in range(10):
            for _ in range(20):
                node_a.act(B, size=20_000)
            await eventually(lambda seen=20 * round_number: len(house.hub.log) > seen)  # type: ignore[misc]
            line.cut()
        await eventually(lambda: len(node_b.taken) == len(node_a.taken) == 200)
        assert client.state.last_error
        assert not link_b.state.last_error
        client.stop()
        await running


async def test_the_cursor_wins_and_a_restored_node_is_refilled(
    house: House, pki: Pki, node_a: MemoryNode
) -> None:
    material = pki.node(A, "a")[0]
    for _ in range(20):
        node_a.act(B)
    async with house.linked(node_a, material):
        await eventually(lambda: house.hub.stored.get((A, LANE_NORMAL)) == 20)
    node_a.restore_backup(LANE_NORMAL, feed_seq=5, position=5)
    async with house.linked(node_a, material):
        await eventually(lambda: len(node_a.lanes[LANE_NORMAL]) == 20)
    with_body = [bool(item.record.body) for item in node_a.lanes[LANE_NORMAL]]
    # The first five are from before the backup; what it had lost comes back with its content.
    assert with_body == [False] * 5 + [True] * 15
    assert [cursor.feed_seq for cursor in house.hub.hellos[-1].cursors] == [5]


async def test_a_restored_node_that_acts_before_it_connects_gets_the_bodies_that_it_lost(
    house: House, pki: Pki, node_a: MemoryNode
) -> None:
    material = pki.node(A, "a")[0]
    for _ in range(10):
        node_a.act(B)
    lost = [record.header for record in node_a.journal[5:]]
    async with house.linked(node_a, material):
        await eventually(lambda: house.hub.stored.get((A, LANE_NORMAL)) == 10)
    node_a.restore_backup(LANE_NORMAL, feed_seq=5, position=5)
    # It gives the positions of the lost events to new ones.
    for _ in range(10):
        node_a.act(B)
    async with house.linked(node_a, material):
        await eventually(lambda: len(node_a.lanes[LANE_NORMAL]) >= 10)
    taken = {item.record.header: bool(item.record.body) for item in node_a.lanes[LANE_NORMAL]}
    assert [taken[header] for header in lost] == [True] * 5


async def test_pushes_stay_within_the_window_of_the_hub(
    hub_with: HubWith, pki: Pki, node_a: MemoryNode
) -> None:
    window = 10_000
    house = await hub_with(HubEndSettings(poll_s=0.05, push_window_bytes=window))
    events = [node_a.act(B, size=1_000) for _ in range(100)]
    one = max(record.ByteSize() for record in events)
    node_a.open.clear()
    async with house.linked(node_a, pki.node(A, "a")[0]):
        await eventually(lambda: sum(record.ByteSize() for record in house.hub.log) >= window)
        # The node stores no answers, so nothing has left its window.
        assert sum(house.hub.times_pushed.values()) * one <= window + 2 * one
        node_a.open.set()
        await eventually(lambda: len(node_a.taken) == 100)
    assert positions(node_a) == list(range(1, 101))


async def test_urgent_overtakes_bulk(hub_with: HubWith, pki: Pki, node_b: MemoryNode) -> None:
    windows: dict[int, int] = {LANE_URGENT: 20_000, LANE_NORMAL: 20_000, LANE_BULK: 20_000}
    house = await hub_with(HubEndSettings(lane_window_bytes=windows, poll_s=0.05))
    house.hub.accept_all([event(A, B, position, lane=LANE_BULK, size=1_000) for position in range(1, 201)])
    node_b.open.clear()
    async with house.linked(node_b, pki.node(B, "b")[0]) as link:
        await eventually(lambda: link.state.connected)
        house.hub.accept_all([event(A, B, 201, lane=LANE_URGENT)])
        node_b.open.set()
        await eventually(lambda: len(node_b.taken) == 201)
    place = [item.lane for item in node_b.taken].index(LANE_URGENT)
    # At most what was under way in the bulk lane and at the node came before.
    assert place * 1_000 <= 2 * windows[LANE_BULK]
    assert positions(node_b, LANE_BULK) == list(range(1, 201))


def rejection(reason: str, *, retry: bool) -> Rejected:
    return Rejected(reason=reason, message="试验", retry=retry)


async def test_what_may_be_tried_again_is_pushed_again_and_nothing_overtakes_it(
    house: House, pki: Pki, node_a: MemoryNode
) -> None:
    first = node_a.act(B, instruction=matter("one"))
    second = node_a.act(B, instruction=matter("one"))
    other = node_a.act(B, instruction=matter("two"))
    for record in (first, second):
        house.hub.rejections[record.header] = [rejection("DOCUMENT_MISSING", retry=True) for _ in range(3)]
    async with house.linked(node_a, pki.node(A, "a")[0]):
        await eventually(lambda: len(node_a.taken) == 3)
    pushed = house.hub.times_pushed
    assert (pushed[first.header], pushed[second.header], pushed[other.header]) == (4, 4, 1)
    assert positions(node_a) == [3, 1, 2]
    assert [each.retry for each in node_a.rejections] == [True] * 6


async def test_what_can_never_be_ruled_on_is_pushed_once(house: House, pki: Pki, node_a: MemoryNode) -> None:
    forged = node_a.act(B)
    house.hub.rejections[forged.header] = [rejection("SIGNATURE_INVALID", retry=False)]
    node_a.act(B)
    async with house.linked(node_a, pki.node(A, "a")[0]) as link:
        await eventually(lambda: len(node_a.taken) == 1)
        await eventually(lambda: node_a.rejections)
        node_a.act(B)
        await eventually(lambda: len(node_a.taken) == 2)
        assert link.state.lag_ms == 0
    assert positions(node_a) == [2, 3]
    assert house.hub.times_pushed[forged.header] == 1
    assert node_a.rejections[0].index == 0


async def test_events_wait_for_their_documents_and_hold_up_nobody_else(
    house: House, pki: Pki, node_a: MemoryNode
) -> None:
    waiting = node_a.act(B, instruction=matter("one"))
    node_a.without_documents.add(waiting.header)
    async with house.linked(node_a, pki.node(A, "a")[0]):
        node_a.act(B, instruction=matter("one"))
        node_a.act(B, instruction=matter("two"))
        await eventually(lambda: positions(node_a) == [3])
        node_a.without_documents.clear()
        await eventually(lambda: positions(node_a) == [3, 1, 2])


async def test_a_recovering_hub_gets_back_what_it_lost(
    house: House, pki: Pki, node_a: MemoryNode, node_b: MemoryNode
) -> None:
    lost = [event(A, B, position, size=300_000) for position in range(1, 11)]
    house.hub.accept_all(lost)
    node_b.held = list(house.hub.log)
    house.hub.recovering, house.hub.missing = True, (4, 10)
    node_a.act(B, instruction=matter("new"))
    async with (
        house.linked(node_b, pki.node(B, "b")[0]) as link_b,
        house.linked(node_a, pki.node(A, "a")[0]),
    ):
        await house.hub.returned_all.wait()
        await eventually(lambda: len(house.hub.returned) == 6)
        assert link_b.state.recovering
        assert [record.log_index for record in house.hub.returned] == list(range(4, 10))
        assert not node_b.taken
        assert len(house.hub.log) == 10
        house.hub.recovering, house.hub.missing = False, None
        await eventually(lambda: len(node_b.taken) == 11 and not link_b.state.recovering)
    assert len(house.hub.log) == 11


async def test_checkpoints_are_cosigned_and_the_directory_is_told(
    house: House, pki: Pki, node_b: MemoryNode
) -> None:
    async with house.linked(node_b, pki.node(B, "b")[0]):
        await eventually(lambda: house.servicer.connected == {B})
        house.hub.accept_all([event(A, B, 1)])
        await eventually(lambda: (B, 1) in house.witnesses.cosignatures)
        house.servicer.announce(DirectoryUpdate(courts=[Court(code=A), Court(code=B)]))
        await eventually(lambda: node_b.courts == [A, B])
    assert node_b.notices[0].consistency == [b"checkpoint 0"]
    await eventually(lambda: house.servicer.connected == frozenset())


async def test_one_court_alone_is_told_to_ask_again(
    house: House, pki: Pki, node_a: MemoryNode, node_b: MemoryNode
) -> None:
    async with house.linked(node_a, pki.node(A, "a")[0]), house.linked(node_b, pki.node(B, "b")[0]):
        await eventually(lambda: house.servicer.connected == {A, B})
        house.servicer.announce(DirectoryUpdate(ask_again=True), A)
        await eventually(lambda: node_a.asked == 1)
        house.servicer.announce(DirectoryUpdate(courts=[Court(code=A)], ask_again=True))
        await eventually(lambda: (node_a.asked, node_b.asked) == (2, 1))
        assert node_a.courts == node_b.courts == [A]
