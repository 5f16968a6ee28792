"""What no honest node sends, under a node's real certificate: refused with a reason, and nobody else is troubled."""

import os

import grpc
import pytest
from msgspec.structs import replace
from tests.faults.books import check_books
from tests.faults.raw_link import raw_link
from tests.stage.company import Company
from tests.stage.people import DISPATCHER, GUSU, JUDGE, PARK
from tests.stage.plugin import Stage

from xiezhi.v1.event_pb2 import Body, BodyPart, EventRecord, PushProof
from xiezhi_domain.events.header import decode_header, encode_header
from xiezhi_domain.events.ids import uuid7
from xiezhi_domain.evidence.push import sign_push
from xiezhi_journal.keys import SigningKey
from xiezhi_journal.proofs import body_commitment, encode_push

pytestmark = pytest.mark.long

OVER_256_KIB = 300 * 1024
OVER_A_FRAME = 2 * 1024 * 1024
HOUR_MS = 3_600_000


async def test_poisoned_events_never_come_into_the_log(stage: Stage, company: Company) -> None:
    matter = await company.deliver()
    dispatcher = await company.client(DISPATCHER)
    history = await dispatcher.instructions.history(matter, with_bodies=True)
    issued, delivered = (record.to_proto() for record in history)
    size_before = await check_books(stage, (PARK, GUSU))
    await stage.stop(GUSU)
    poison = {
        "MALFORMED": _changed(delivered, header=b"\x00not a header"),
        "WRONG_COURT": issued,
        "SIGNATURE_INVALID": _changed(delivered, header=_with_another_id(delivered.header)),
    }
    large = _signed(stage, delivered, b"x" * OVER_256_KIB)
    swapped = _signed(stage, delivered, b"said")
    swapped.body.parts[0].content = b"said otherwise"
    async with raw_link(stage, GUSU) as link:
        await link.greet()
        await link.push(*poison.values(), large, swapped)
        rejected = await link.rejections(len(poison) + 2)
        assert [each.reason for each in rejected] == [*poison, "MALFORMED", "MALFORMED"]
        assert all(each.message and not each.retry for each in rejected)
        # The other court's link goes on beside it.
        sent = await company.send()
        await company.until(JUDGE, sent, "IN_TRANSIT", settled=True)

    await stage.start(GUSU)
    await company.until(DISPATCHER, sent, "AWAITING_SIGNATURE", settled=True)
    await company.until(JUDGE, sent, "AWAITING_SIGNATURE", settled=True)
    await company.assign(matter)
    await company.until(JUDGE, matter, "IN_PROGRESS", settled=True)
    assert await check_books(stage, (PARK, GUSU)) == size_before + 4


async def test_a_frame_beyond_the_limit_ends_only_its_own_stream(stage: Stage, company: Company) -> None:
    matter = await company.deliver()
    await stage.stop(GUSU)
    async with raw_link(stage, GUSU) as link:
        await link.greet()
        await link.push(EventRecord(header=b"x" * OVER_A_FRAME))
        with pytest.raises(grpc.aio.AioRpcError) as ended:
            await link.rejections(1)
        assert ended.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    await stage.start(GUSU)
    await company.assign(matter)
    await company.until(JUDGE, matter, "IN_PROGRESS", settled=True)


@pytest.mark.parametrize("offset_ms", [HOUR_MS, -HOUR_MS])
async def test_a_node_with_a_wrong_clock_is_not_let_in(stage: Stage, offset_ms: int) -> None:
    await stage.stop(GUSU)
    async with raw_link(stage, GUSU, clock_offset_ms=offset_ms) as link:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await link.greet()
    assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert "请校准时间" in refused.value.details()


def _changed(record: EventRecord, *, header: bytes) -> EventRecord:
    changed = EventRecord()
    changed.CopyFrom(record)
    changed.header = header
    return changed


def _with_another_id(data: bytes) -> bytes:
    header = decode_header(data)
    return encode_header(replace(header, id=uuid7(header.at, os.urandom(10))))


def _signed(stage: Stage, like: EventRecord, content: bytes) -> EventRecord:
    """An event with the court's true signature over the commitment to `content`."""
    key = SigningKey.load(stage.data(GUSU) / "keys" / "event.pem")
    body = Body(parts=[BodyPart(name="prose", salt=os.urandom(32), content=content)])
    header = decode_header(_with_another_id(like.header))
    data = encode_header(replace(header, body=body_commitment(body)))
    (proof,) = sign_push(GUSU, key.key_id, 1_000, [data], key.sign)
    return EventRecord(header=data, push=PushProof.FromString(encode_push(proof)), body=body)
