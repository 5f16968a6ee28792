"""How streams begin and end: who is let in, who is thrown out, and what is left behind."""

import asyncio

import grpc
import pytest
import structlog
from tests.integration.link.conftest import HubWith
from tests.integration.link.events import A, B, event
from tests.integration.link.house import QUICK, House, eventually
from tests.integration.link.memory_node import MemoryNode
from tests.integration.link.raw import raw_link
from tests.integration.wire.pki import Pki

from xiezhi.v1.link_service_pb2 import (
    LANE_NORMAL,
    LANE_URGENT,
    Ack,
    ConnectRequest,
    FeedCursor,
    Hello,
    Push,
)
from xiezhi_domain.errors import Reason, Unavailable
from xiezhi_link.node_end import LinkClient
from xiezhi_link.settings import HubEndSettings


@pytest.mark.parametrize(
    ("first", "code", "reason"),
    [
        (ConnectRequest(push=Push()), grpc.StatusCode.INVALID_ARGUMENT, "MALFORMED"),
        (
            ConnectRequest(hello=Hello(protocol_version=2)),
            grpc.StatusCode.FAILED_PRECONDITION,
            "PROTOCOL_UNSUPPORTED",
        ),
        (
            ConnectRequest(
                hello=Hello(
                    protocol_version=1,
                    cursors=[FeedCursor(lane=LANE_NORMAL, feed_seq=9, item_hash=bytes(32))],
                )
            ),
            grpc.StatusCode.FAILED_PRECONDITION,
            "FEED_DIVERGED",
        ),
        (
            ConnectRequest(hello=Hello(protocol_version=1, cursors=[FeedCursor(feed_seq=1)])),
            grpc.StatusCode.INVALID_ARGUMENT,
            "MALFORMED",
        ),
    ],
)
async def test_a_stream_that_begins_wrong_is_refused(
    house: House, pki: Pki, first: ConnectRequest, code: grpc.StatusCode, reason: str
) -> None:
    async with raw_link(house, pki.node(A, "a")[0]) as link:
        await link.send(first)
        assert await link.end() == (code, reason)
    assert house.servicer.connected == frozenset()


async def test_a_cursor_with_another_hash_is_refused_and_alarmed(
    house: House, pki: Pki, node_b: MemoryNode
) -> None:
    house.hub.accept_all([event(A, B, position) for position in range(1, 4)])
    material = pki.node(B, "b")[0]
    async with house.linked(node_b, material):
        await eventually(lambda: len(node_b.taken) == 3)
    node_b.lanes[LANE_NORMAL][-1].item_hash = bytes(32)
    with structlog.testing.capture_logs() as logs:
        async with house.linked(node_b, material) as link:
            await eventually(lambda: link.state.last_error == Reason.FEED_DIVERGED.zh)
            assert not link.state.connected
    alarms = [each for each in logs if each["event"] == "feed_diverged"]
    assert alarms
    assert (alarms[0]["log_level"], alarms[0]["court"], alarms[0]["feed_seq"]) == ("error", B, 3)


async def test_an_acknowledgement_of_what_was_not_sent_ends_the_stream(house: House, pki: Pki) -> None:
    async with raw_link(house, pki.node(A, "a")[0]) as link:
        await link.greet()
        await link.send(ConnectRequest(ack=Ack(cursors=[FeedCursor(lane=LANE_NORMAL, feed_seq=1)])))
        assert await link.end() == (grpc.StatusCode.FAILED_PRECONDITION, "FEED_DIVERGED")


async def test_the_hub_sends_no_more_than_the_window_of_a_silent_node(hub_with: HubWith, pki: Pki) -> None:
    window = 10_000
    house = await hub_with(HubEndSettings(lane_window_bytes={1: window, 2: window, 3: window}, poll_s=0.01))
    house.hub.accept_all([event(A, B, position, size=1_000) for position in range(1, 101)])
    async with raw_link(house, pki.node(B, "b")[0]) as link:
        await link.greet()
        items = await link.items_until(lambda items: sum(item.ByteSize() for item in items) >= window)
        # Urgent items have a window of their own; each of them shows that the pump was at work meanwhile.
        for position in range(101, 104):
            house.hub.accept_all([event(A, B, position, lane=LANE_URGENT)])
            (urgent,) = await link.items_until(bool)
            assert urgent.lane == LANE_URGENT
        assert sum(item.ByteSize() for item in items) <= window + items[0].ByteSize() + 10
        last = items[-1]
        stored = FeedCursor(lane=last.lane, feed_seq=last.feed_seq, item_hash=last.item_hash)
        await link.send(ConnectRequest(ack=Ack(cursors=[stored])))
        (following, *_) = await link.items_until(bool)
        assert (following.lane, following.feed_seq) == (LANE_NORMAL, last.feed_seq + 1)


async def test_the_same_court_connects_again_and_the_first_stream_ends(house: House, pki: Pki) -> None:
    material = pki.node(A, "a")[0]
    async with raw_link(house, material) as first, raw_link(house, material) as second:
        await first.greet()
        await second.greet()
        assert await first.end() == (grpc.StatusCode.ABORTED, "LINK_REPLACED")
        assert house.servicer.connected == {A}
        house.hub.accept_all([event(B, A, 1)])
        assert len(await second.items_until(bool)) == 1


async def test_a_wrong_hello_does_not_end_the_good_stream(house: House, pki: Pki) -> None:
    material = pki.node(A, "a")[0]
    async with raw_link(house, material) as good, raw_link(house, material) as wrong:
        await good.greet()
        await wrong.send(ConnectRequest(hello=Hello(protocol_version=9)))
        await wrong.end()
        house.hub.accept_all([event(B, A, 1)])
        assert len(await good.items_until(bool)) == 1


async def test_a_recovering_hub_rejects_pushes_for_another_try(house: House, pki: Pki) -> None:
    house.hub.recovering = True
    async with raw_link(house, pki.node(A, "a")[0]) as link:
        assert (await link.greet()).recovering
        await link.send(ConnectRequest(push=Push(records=[event(A, B, 1), event(A, B, 2)])))
        answers = [(await link.receive()).rejected for _ in range(2)]
        assert [(each.index, each.reason, each.retry) for each in answers] == [
            (0, "RECOVERING", True),
            (1, "RECOVERING", True),
        ]
        house.hub.recovering = False
        assert await link.end() == (grpc.StatusCode.UNAVAILABLE, "RECOVERING")
    assert not house.hub.log


async def test_pushes_that_came_together_are_ruled_on_together(house: House, pki: Pki) -> None:
    house.hub.open.clear()
    async with raw_link(house, pki.node(A, "a")[0]) as link:
        await link.greet()
        for position in range(1, 31):
            await link.send(ConnectRequest(push=Push(records=[event(A, B, position)])))
        # Frames are read in their order: once the hub knows of this one, all pushes wait for their ruling.
        await link.send(ConnectRequest(ack=Ack(cursors=[FeedCursor(lane=LANE_NORMAL)])))
        await eventually(lambda: (A, LANE_NORMAL) in house.hub.stored)
        await link.leave()
        house.hub.open.set()
        # The node has left, and still everything is ruled on that it had pushed.
        assert await link.end() == (grpc.StatusCode.OK, "")
    assert house.hub.batches == [1, 29]


async def test_a_revoked_certificate_ends_the_stream(house: House, pki: Pki, node_a: MemoryNode) -> None:
    material, issued = pki.node(A, "a")
    watch = asyncio.create_task(house.close_revoked())
    async with house.linked(node_a, material) as link:
        await eventually(lambda: link.state.connected)
        house.revoked.add(issued.serial)
        await eventually(lambda: link.state.last_error == Reason.CERTIFICATE_INVALID.zh)
        await eventually(lambda: house.servicer.connected == frozenset())
        house.revoked.clear()
        await eventually(lambda: link.state.connected)
    watch.cancel()


async def test_a_hub_with_another_log_is_refused(house: House, pki: Pki, node_a: MemoryNode) -> None:
    node_a.pinned_origin = "other.test/log"
    node_a.act(B)
    async with house.linked(node_a, pki.node(A, "a")[0]) as link:
        await eventually(lambda: link.state.last_error == "枢纽的日志名称与本机登记的不一致")
        assert link.state.connected_since_ms is None
    assert not house.hub.log


async def test_the_state_tells_clock_version_and_error(house: House, pki: Pki, node_a: MemoryNode) -> None:
    async with house.linked(node_a, pki.node(A, "a")[0]) as link:
        await eventually(lambda: link.state.connected)
        assert (link.state.clock_offset_ms, link.state.hub_version) == (7_000, "test")
        assert (link.state.last_error, link.state.connected_since_ms) == ("", 1_000)
        await house.kill()
        await eventually(lambda: link.state.last_error == "连不上枢纽，请检查网络、枢纽地址和双方证书")
        assert (link.state.lag_ms, link.state.clock_offset_ms) == (None, 7_000)


async def test_a_stop_finishes_what_is_being_stored(house: House, pki: Pki, node_b: MemoryNode) -> None:
    house.hub.accept_all([event(A, B, 1)])
    node_b.open.clear()
    async with house.linked(node_b, pki.node(B, "b")[0]) as link:
        await node_b.taking.wait()
        link.stop()
        node_b.open.set()
    assert len(node_b.taken) == 1
    await eventually(lambda: house.hub.stored == {(B, LANE_NORMAL): 1})
    assert not link.state.last_error


async def test_a_cancelled_link_leaves_at_once(house: House, pki: Pki, node_b: MemoryNode) -> None:
    house.hub.accept_all([event(A, B, 1)])
    node_b.open.clear()
    client = LinkClient(node_b, house.channel(pki.node(B, "b")[0]), QUICK)
    running = asyncio.create_task(client.run())
    await node_b.taking.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await eventually(lambda: house.servicer.connected == frozenset())


async def test_a_renewed_certificate_moves_the_stream_to_a_new_channel(
    house: House, pki: Pki, node_a: MemoryNode
) -> None:
    material, old = pki.node(A, "a")
    channel = house.channel(material)
    client = LinkClient(node_a, channel, QUICK)
    running = asyncio.create_task(client.run())
    node_a.act(B)
    await eventually(lambda: len(node_a.taken) == 1)
    before = channel.channel
    renewed, _ = pki.node(A, "renewed")
    assert material.certificate
    assert material.key
    assert renewed.certificate
    assert renewed.key
    renewed.key.replace(material.key)
    renewed.certificate.replace(material.certificate)
    client.certificate_changed()
    await eventually(lambda: len(node_a.welcomes) == 2)
    assert channel.channel is not before
    house.revoked.add(old.serial)
    node_a.act(B)
    await eventually(lambda: len(node_a.taken) == 2)
    assert client.state.last_error == ""
    client.stop()
    await running


async def test_a_flapping_link_leaves_nothing_behind(house: House, pki: Pki, node_a: MemoryNode) -> None:
    channel = house.channel(pki.node(A, "a")[0])
    client = LinkClient(node_a, channel, QUICK)
    running = asyncio.create_task(client.run())
    await eventually(lambda: client.state.connected)
    first, tasks = channel.channel, len(asyncio.all_tasks())
    for flap in range(50):
        node_a.act(B)
        await eventually(lambda flap=flap: len(node_a.taken) == flap + 1)  # type: ignore[misc]
        welcomes = len(node_a.welcomes)
        if flap % 10:
            house.streams.close_all(Unavailable(Reason.STOPPING))
        else:
            await house.kill()
            await house.start()
        await eventually(lambda welcomes=welcomes: len(node_a.welcomes) > welcomes)  # type: ignore[misc]
    await eventually(lambda: client.state.connected and len(asyncio.all_tasks()) <= tasks)
    assert channel.channel is first
    assert len(house.streams) == 1
    client.stop()
    await running
