"""Changes as they come: gapless, for whom they are, from a cursor on."""

import asyncio
from typing import Any

import pytest
from tests.integration.desk.desk import refusal
from tests.integration.node.pair import Pair, new_id

from xiezhi.v1 import instruction_pb2
from xiezhi.v1 import instruction_service_pb2 as pb
from xiezhi_domain.errors import LimitExceeded, NotAllowed, Reason
from xiezhi_journal.reading import Box
from xiezhi_node.instructions.watching import Watching, WatchLimits

QUIET_S = 0.4


async def take(stream: Any, count: int) -> list[pb.WatchInstructionsResponse]:
    async with asyncio.timeout(20):
        return [await stream.read() for _ in range(count)]


async def nothing_more(stream: Any) -> bool:
    reading = asyncio.ensure_future(stream.read())
    done, _ = await asyncio.wait([reading], timeout=QUIET_S)
    stream.cancel()
    await asyncio.wait([reading])
    return not done


async def sign(pair: Pair, identifier: str) -> None:
    await pair.receiver.as_("centre").matters.SignInstruction(
        pb.SignInstructionRequest(request_id=new_id(pair.clock), instruction_id=identifier)
    )


async def test_a_watcher_is_told_everything_once_and_can_go_on(pair: Pair) -> None:
    identifier = await pair.issued()
    centre = pair.receiver.as_("centre").matters
    stream = centre.WatchInstructions(pb.WatchInstructionsRequest())
    changes = await take(stream, 3)
    # Issued with its ruling; Delivered when it was made and when the hub had ruled on it.
    assert [change.entry.kind for change in changes] == ["Issued", "Delivered", "Delivered"]
    assert {change.instruction.instruction_id for change in changes} == {identifier}
    await sign(pair, identifier)
    [signed] = await take(stream, 1)
    assert (signed.entry.words, signed.entry.pending) == ("签收", True)
    assert signed.instruction.state == instruction_pb2.INSTRUCTION_STATE_SIGNED
    await pair.exchange()
    [ruled] = await take(stream, 1)
    assert not ruled.entry.pending
    cursors = [change.cursor for change in (*changes, signed, ruled)]
    assert cursors == sorted(set(cursors))
    assert await nothing_more(stream)
    again = centre.WatchInstructions(pb.WatchInstructionsRequest(after=changes[-1].cursor))
    assert [change.cursor for change in await take(again, 2)] == cursors[-2:]
    again.cancel()


async def test_a_watcher_may_begin_with_the_next_change(pair: Pair) -> None:
    identifier = await pair.issued()
    stream = pair.receiver.as_("centre").matters.WatchInstructions(pb.WatchInstructionsRequest(after=-1))
    first = asyncio.ensure_future(stream.read())
    await asyncio.sleep(QUIET_S)
    await sign(pair, identifier)
    assert (await first).entry.kind == "Signed"
    stream.cancel()


async def test_a_watcher_hears_only_of_what_he_may_know(pair: Pair) -> None:
    identifier = await pair.issued()
    stream = pair.receiver.as_("field").matters.WatchInstructions(pb.WatchInstructionsRequest())
    assert await nothing_more(stream)
    await pair.assigned(identifier)
    stream = pair.receiver.as_("field").matters.WatchInstructions(pb.WatchInstructionsRequest())
    [first] = await take(stream, 1)
    assert first.instruction.instruction_id == identifier
    stream.cancel()
    sent = pair.receiver.as_("centre").matters.WatchInstructions(pb.WatchInstructionsRequest(box=pb.BOX_SENT))
    assert await nothing_more(sent)


async def test_a_session_that_ends_takes_its_stream_along(pair: Pair) -> None:
    stream = pair.receiver.as_("centre").matters.WatchInstructions(pb.WatchInstructionsRequest())
    reading = asyncio.ensure_future(stream.read())
    async with asyncio.timeout(20):
        while not len(pair.receiver.streams):
            await asyncio.sleep(0.01)
    pair.receiver.streams.close_all(NotAllowed(Reason.SIGNED_OUT))
    assert (await refusal(reading)).reason == "SIGNED_OUT"


async def test_a_bad_cursor_is_told(pair: Pair) -> None:
    stream = pair.receiver.as_("centre").matters.WatchInstructions(pb.WatchInstructionsRequest(after=-2))
    assert (await refusal(stream.read())).fields == ["after"]


async def test_who_does_not_read_is_cut_off(pair: Pair) -> None:
    await pair.issued()
    court = pair.receiver
    limits = WatchLimits(poll_s=0.05, write_s=0.05)
    watching = Watching(court.node.journal, court.node.seat, court.commits, limits)

    async def never(_: pb.WatchInstructionsResponse) -> None:
        await asyncio.Event().wait()

    with pytest.raises(LimitExceeded) as cut_off:
        await watching.follow(court.callers["centre"], 0, Box.ALL, never)
    assert cut_off.value.reason is Reason.RATE_LIMITED
