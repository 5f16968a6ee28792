"""What a court pushes is ruled on, logged, signed and fed; what can never be is rejected; on both databases."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest
from sqlalchemy import select
from tests.integration.hub.court import (
    HUB_COURT,
    ORIGIN,
    RECEIVER,
    SENDER,
    Court,
    Link,
    base_on,
    header_of,
    instruction_of,
    new_key,
    unpacked,
    upload,
)
from tests.integration.hub.stand import Serving, new_hub
from tests.integration.hub.told import refusal

from xiezhi.v1 import document_service_pb2 as documents
from xiezhi.v1 import event_pb2, link_service_pb2
from xiezhi.v1.document_service_pb2_grpc import DocumentServiceStub
from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi_domain.events.feed import FIRST, feed_item_hash
from xiezhi_domain.events.header import Base, encode_header, header_hash
from xiezhi_domain.events.ids import stream_id
from xiezhi_domain.events.ruling import decode_ruling, entry_leaf
from xiezhi_domain.evidence.canonical import format_base64
from xiezhi_domain.evidence.trust import TrustedLog
from xiezhi_journal import tables
from xiezhi_journal.headfile import HeadFile
from xiezhi_journal.journal import system_clock
from xiezhi_journal.keys import verify_signature
from xiezhi_journal.proofs import stored_event

KEYS = 6
"""Directory entries on every feed: two of the hub, two of each court."""


@pytest.fixture
async def hub(tmp_path: Path, journal_url: str) -> AsyncIterator[Serving]:
    async with new_hub(tmp_path / "hub", database=journal_url) as serving:
        yield serving


@pytest.fixture
async def sender(hub: Serving, tmp_path: Path) -> Court:
    return await hub.joined(SENDER, tmp_path)


@pytest.fixture
async def receiver(hub: Serving, sender: Court, tmp_path: Path) -> Court:
    return await hub.joined(RECEIVER, tmp_path)


@pytest.fixture
async def link(hub: Serving, sender: Court, receiver: Court) -> AsyncIterator[Link]:
    """The sender's stream, after the keys."""
    async with hub.connect(sender) as channel:
        link = Link(channel)
        await link.hello()
        await link.items(KEYS)
        yield link


def ruled(item: link_service_pb2.FeedItem) -> tuple[str, bool, str]:
    ruling = decode_ruling(item.record.ruling)
    return header_of(item.record).kind, ruling.accepted, ruling.reason


async def rejected(link: Link) -> link_service_pb2.Rejected:
    return (await link.receive()).rejected


async def test_an_order_reaches_both_courts(hub: Serving, sender: Court, receiver: Court, link: Link) -> None:
    order = sender.issue(RECEIVER)
    await link.push(order)
    [own] = await link.items(1)
    assert ruled(own) == ("Issued", True, "")
    # The sender has just pushed the body, so that it is not sent back.
    assert (own.record.header, own.record.push) == (order.header, order.push)
    assert not own.record.body
    async with hub.connect(receiver) as channel:
        there = Link(channel)
        await there.hello()
        last = (await there.items(KEYS + 1))[-1]
        assert last.record.body == order.body
        await there.push(receiver.follow("Delivered", order, SENDER))
        assert ruled((await there.items(1))[0]) == ("Delivered", True, "")
    assert ruled((await link.items(1))[0]) == ("Delivered", True, "")


async def test_feeds_are_chained_and_covered_by_signed_checkpoints(
    hub: Serving, sender: Court, link: Link
) -> None:
    await link.push(*(sender.issue(RECEIVER, number) for number in (1, 2, 3)))
    previous, seen = FIRST, 0
    log = TrustedLog(ORIGIN, (hub.parts.hub.journal.signer.verifier_key,))
    while seen < 3:
        deliver = (await link.receive()).deliver
        size = log.open(deliver.checkpoint, verify_signature).checkpoint.size
        for item in deliver.items:
            seen += 1
            leaf = entry_leaf(item.record.header, item.record.ruling)
            previous = feed_item_hash(previous, item.feed_seq, item.record.log_index, leaf)
            assert (item.feed_seq, item.item_hash) == (seen, previous)
            assert item.record.log_index < size


async def test_a_refusal_comes_back_to_its_court_alone(
    hub: Serving, sender: Court, receiver: Court, link: Link
) -> None:
    order = sender.issue(RECEIVER)
    await link.push(order, sender.follow("Confirmed", order, RECEIVER, {"role": "JUDGE"}))
    assert [ruled(item) for item in await link.items(2)] == [
        ("Issued", True, ""),
        ("Confirmed", False, "WRONG_STATE"),
    ]
    async with hub.connect(receiver) as channel:
        there = Link(channel)
        await there.hello()
        assert [header_of(item.record).kind for item in await there.items(KEYS + 1)][KEYS:] == ["Issued"]


async def test_a_repeated_push_changes_nothing(hub: Serving, sender: Court, link: Link) -> None:
    order = sender.issue(RECEIVER)
    await link.push(order)
    await link.items(1)
    size = await log_size(hub)
    await link.push(order)
    await link.push(sender.issue(RECEIVER, 2))
    assert [header_of(item.record).facts["number"] for item in await link.items(1)] == ["苏0591委〔2026〕2号"]
    assert await log_size(hub) == size + 1


async def log_size(hub: Serving) -> int:
    return await hub.parts.hub.journal.read(
        lambda connection: connection.scalar(select(tables.head.c.log_size))
    )


async def test_the_head_file_follows_every_ruling(hub: Serving, sender: Court, link: Link) -> None:
    await link.push(sender.issue(RECEIVER))
    await link.items(1)
    record = HeadFile(hub.parts.hub.paths.head_file).read()
    assert record is not None
    assert record.size == await log_size(hub)
    assert record.note == await hub.parts.link._hub.checkpoint()


async def test_a_head_file_that_cannot_be_written_turns_health_red_and_holds_nothing_back(
    hub: Serving, sender: Court, link: Link
) -> None:
    path, health = hub.parts.hub.paths.head_file, hub.health()
    hub.parts.head_file.close()
    path.rename(path.with_name("aside"))
    path.mkdir()
    assert await health.look() == ""
    await link.push(sender.issue(RECEIVER))
    assert ruled((await link.items(1))[0]) == ("Issued", True, "")
    assert "日志头文件" in await health.look()
    path.rmdir()
    path.with_name("aside").rename(path)
    await link.push(sender.issue(RECEIVER, 2))
    await link.items(1)
    assert await health.look() == ""
    record = HeadFile(path).read()
    assert record is not None
    assert record.size == await log_size(hub)


@pytest.mark.parametrize("harm", ["signature", "header", "body", "path"])
async def test_what_is_forged_never_comes_into_the_log(
    hub: Serving, sender: Court, link: Link, harm: str
) -> None:
    size = await log_size(hub)
    record = sender.issue(RECEIVER)
    whole = unpacked(record)
    if harm == "signature":
        whole.push.signature = bytes(64)
    elif harm == "header":
        whole.header = record.header.replace(RECEIVER.encode(), "苏0505".encode())
    elif harm == "body":
        whole.body.parts[0].content = b"other words"
    else:
        whole.push.path.append(bytes(32))
    record = stored_event(whole)
    await link.push(record)
    answer = await rejected(link)
    assert (answer.retry, answer.reason) == (
        False,
        "MALFORMED" if harm in ("body", "path") else "SIGNATURE_INVALID",
    )
    assert answer.header_sha256 == hashlib.sha256(record.header).digest()
    assert await log_size(hub) == size


@pytest.mark.parametrize("field", ["push", "body"])
@pytest.mark.parametrize("more", [b"\xff", b"\xfa\x01\x04note"], ids=["no message", "a field unknown here"])
async def test_bytes_that_nobody_has_signed_are_not_stored(
    hub: Serving, sender: Court, link: Link, field: str, more: bytes
) -> None:
    size = await log_size(hub)
    record = sender.issue(RECEIVER)
    setattr(record, field, getattr(record, field) + more)
    await link.push(record, sender.issue(RECEIVER, 2))
    answer = await rejected(link)
    assert (answer.retry, answer.reason, answer.index) == (False, "MALFORMED", 0)
    # What was pushed with it is ruled on: the stream goes on.
    assert ruled((await link.items(1))[0]) == ("Issued", True, "")
    assert await log_size(hub) == size + 1


async def test_another_courts_event_is_rejected(
    hub: Serving, sender: Court, receiver: Court, link: Link
) -> None:
    await link.push(receiver.issue(SENDER))
    answer = await rejected(link)
    assert (answer.reason, answer.retry) == ("WRONG_COURT", False)


async def test_garbage_is_rejected_and_the_stream_lives_on(hub: Serving, sender: Court, link: Link) -> None:
    await link.push(StoredEvent(header=b"{}"), sender.issue(RECEIVER))
    frames = [await link.receive(), await link.receive()]
    kinds = sorted(frame.WhichOneof("frame") for frame in frames)
    assert kinds == ["deliver", "rejected"]


async def test_an_event_of_the_future_is_refused(hub: Serving, sender: Court, link: Link) -> None:
    await link.push(sender.issue(RECEIVER, at=system_clock() + 3_600_000))
    assert ruled((await link.items(1))[0]) == ("Issued", False, "CLOCK_SKEW")


async def test_missing_documents_hold_back_the_matter_and_no_other(
    hub: Serving, sender: Court, link: Link
) -> None:
    content = b"%PDF-1.7 test"
    sha256 = hashlib.sha256(content).digest()
    order = sender.issue(RECEIVER, documents=[sha256])
    later = sender.follow("MaterialSupplied", order, RECEIVER, {"role": "JUDGE"})
    other = sender.issue(RECEIVER, 2)
    await link.push(order, later, other)
    answers = {"rejected": 0, "deliver": 0}
    for _ in range(3):
        frame = await link.receive()
        kind = frame.WhichOneof("frame")
        assert kind is not None
        answers[kind] += 1
        if kind == "rejected":
            assert (frame.rejected.reason, frame.rejected.retry) == ("DOCUMENT_MISSING", True)
    assert answers == {"rejected": 2, "deliver": 1}
    async with hub.connect(sender) as channel:
        await upload(channel, instruction_of(order), content)
    await link.push(order, later)
    assert [ruled(item)[:2] for item in await link.items(2)] == [("Issued", True), ("MaterialSupplied", True)]


async def test_documents_are_for_the_parties(
    hub: Serving, sender: Court, receiver: Court, link: Link, tmp_path: Path
) -> None:
    content = b"%PDF-1.7 test"
    sha256 = hashlib.sha256(content).digest()
    order = sender.issue(RECEIVER, documents=[sha256])
    stranger = await hub.joined("苏0505", tmp_path)
    async with hub.connect(sender) as channel:
        await upload(channel, instruction_of(order), content)
    async with hub.connect(stranger) as channel:
        # Not even before the matter exists may another court add to it.
        answer = await refusal(upload(channel, instruction_of(order), b"%PDF-1.7 other"))
        assert answer == (grpc.StatusCode.PERMISSION_DENIED, "FORBIDDEN", [])
    await link.push(order)
    await link.items(3)
    wanted = documents.DownloadDocumentRequest(instruction_id=instruction_of(order), sha256=sha256)
    async with hub.connect(receiver) as channel:
        pieces = [piece.data async for piece in DocumentServiceStub(channel).DownloadDocument(wanted)]
        assert b"".join(pieces) == content
    async with hub.connect(stranger) as channel:
        answer = await refusal(DocumentServiceStub(channel).DownloadDocument(wanted).read())
        assert answer == (grpc.StatusCode.PERMISSION_DENIED, "FORBIDDEN", [])


async def test_a_key_unknown_to_the_log_signs_nothing(
    hub: Serving, sender: Court, link: Link, tmp_path: Path
) -> None:
    impostor = Court(SENDER, tmp_path / "impostor")
    await link.push(impostor.issue(RECEIVER))
    answer = await rejected(link)
    assert (answer.reason, answer.retry) == ("KEY_UNKNOWN", False)


async def test_two_key_events_of_one_push_follow_each_other(hub: Serving, sender: Court, link: Link) -> None:
    """The second builds on the first, which is not in the database yet when both are ruled on together."""
    last = await hub.parts.hub.journal.read(
        lambda connection: (
            connection.execute(
                select(tables.event.c.header)
                .where(tables.event.c.instruction == stream_id(SENDER))
                .order_by(tables.event.c.position.desc())
            )
            .scalars()
            .first()
        )
    )
    base, events = base_on(StoredEvent(header=last), 2), []
    for _ in range(2):
        key = new_key()
        facts = {"purpose": "COSIGN", "key": key.key_id, "public": format_base64(key.public_key)}
        body = event_pb2.Body()
        header = sender.header("KeyAdded", stream_id(SENDER), HUB_COURT, base, facts, body)
        base = Base(header.id, base.seq + 1, header_hash(encode_header(header)))
        events.append((header, body))
    await link.push(*sender.sign(*events))
    assert [ruled(item) for item in await link.items(2)] == [("KeyAdded", True, "")] * 2


async def test_a_restored_node_is_refilled_with_bodies(hub: Serving, sender: Court, link: Link) -> None:
    order = sender.issue(RECEIVER)
    await link.push(order)
    await link.items(1)
    async with hub.connect(sender) as channel:
        restored = Link(channel)
        await restored.hello()
        last = (await restored.items(KEYS + 1))[-1]
    assert last.record.body == order.body


async def test_a_clock_far_off_is_refused(hub: Serving, sender: Court) -> None:
    async with hub.connect(sender) as channel:
        link = Link(channel)
        await link.send(hello=link_service_pb2.Hello(protocol_version=1, clock_ms=system_clock() - 3_600_000))
        assert await link.ended() is grpc.StatusCode.FAILED_PRECONDITION


async def test_urgent_matters_have_their_own_lane(hub: Serving, sender: Court, link: Link) -> None:
    await link.push(sender.issue(RECEIVER, lane=3), sender.issue(RECEIVER, lane=1))
    items = await link.items(2)
    assert sorted((item.lane, item.feed_seq) for item in items) == [(1, KEYS + 1), (3, 1)]
