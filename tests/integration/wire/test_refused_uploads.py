"""Callers who still send when their call is refused: they hear why, and nobody keeps the server by sending on."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
from google.protobuf.wrappers_pb2 import StringValue
from tests.integration.wire.pki import Pki
from tests.integration.wire.test_chain import Desk, bearing, reason, row
from tests.integration.wire.toys import call, toy_service

from xiezhi_domain.errors import InvalidInput, NotAllowed, Reason

_UPLOADS = 600
_AT_ONCE = 20


async def refuse_the_first(requests: AsyncIterator[StringValue], _context: Any) -> StringValue:
    async for _request in requests:
        raise InvalidInput(Reason.OFFSET_OUT_OF_RANGE)
    raise NotAllowed(Reason.FORBIDDEN)


async def pieces(late_by_ms: int) -> AsyncIterator[StringValue]:
    """Two pieces, the second of which meets the refusal on its way, before it or after it."""
    yield StringValue(value="first")
    await asyncio.sleep(late_by_ms * 0.0003)
    yield StringValue(value="x" * 1_000)


async def endless(size: int, pause_s: float) -> AsyncIterator[StringValue]:
    while True:
        yield StringValue(value="x" * size)
        await asyncio.sleep(pause_s)


async def heard(upload: Any) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.aio.AioRpcError) as ended:
        await upload
    return ended.value.code(), reason(ended.value) if ended.value.trailing_metadata() else ""


@pytest.mark.parametrize(
    ("metadata", "status"),
    [
        (bearing("judge-token"), (grpc.StatusCode.OUT_OF_RANGE, "OFFSET_OUT_OF_RANGE")),
        ((), (grpc.StatusCode.UNAUTHENTICATED, "SIGNED_OUT")),
    ],
    ids=["by the handler", "before the handler"],
)
async def test_a_refusal_in_the_middle_of_an_upload_is_always_heard(
    pki: Pki, metadata: Any, status: tuple[grpc.StatusCode, str]
) -> None:
    desk = Desk(pki, policy=row('"session"'), burst=10_000)
    told: Counter[tuple[grpc.StatusCode, str]] = Counter()
    async with desk.serving(toy_service(Upload=refuse_the_first)) as channel:
        upload = call(channel, "Upload")
        for _ in range(_UPLOADS // _AT_ONCE):
            told.update(
                await asyncio.gather(
                    *(heard(upload(pieces(number % 10), metadata=metadata)) for number in range(_AT_ONCE))
                )
            )
    assert told == {status: _UPLOADS}


@pytest.mark.parametrize(("size", "pause_s"), [(1, 0.01), (500_000, 0.0)], ids=["drop by drop", "in a flood"])
async def test_who_sends_without_end_is_refused_all_the_same(pki: Pki, size: int, pause_s: float) -> None:
    desk = Desk(pki, policy=row('"session"'))
    async with desk.serving(toy_service(Upload=refuse_the_first)) as channel:
        code, _ = await heard(
            call(channel, "Upload")(endless(size, pause_s), metadata=bearing("judge-token"))
        )
        # Cut off while it sends, a client may lose the words (grpc#36066); that the call has ended, it learns.
        assert code in {grpc.StatusCode.OUT_OF_RANGE, grpc.StatusCode.INTERNAL}
    assert desk.counted("Upload", "OUT_OF_RANGE") == 1


async def test_who_stops_sending_without_an_end_is_refused_all_the_same(pki: Pki) -> None:
    async def one_then_silence() -> AsyncIterator[StringValue]:
        yield StringValue(value="first")
        await asyncio.Event().wait()

    async def tired(requests: AsyncIterator[StringValue], _context: Any) -> StringValue:
        reading = aiter(requests)
        await anext(reading)
        try:
            await asyncio.wait_for(anext(reading), 0.1)
        except TimeoutError:
            raise InvalidInput(Reason.TIMED_OUT) from None
        raise AssertionError("nothing comes")

    desk = Desk(pki, policy=row('"session"'))
    async with desk.serving(toy_service(Upload=tired)) as channel:
        told = await heard(call(channel, "Upload")(one_then_silence(), metadata=bearing("judge-token")))
    assert told[1] == "TIMED_OUT"
