"""What a court's own node may try with good keys: it does not come into the log, and no other court is harmed."""

import hashlib
import os
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select
from tests.integration.hub.court import (
    HUB_COURT,
    ORIGIN,
    RECEIVER,
    SENDER,
    Court,
    Link,
    case_body,
    header_of,
    joining,
    new_key,
    unpacked,
    upload,
)
from tests.integration.hub.stand import Serving, new_hub
from tests.integration.hub.told import refusal

from xiezhi.v1 import event_pb2
from xiezhi.v1.enrolment_service_pb2_grpc import EnrolmentServiceStub
from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi_domain.events.header import Base, Header, Seen, header_hash
from xiezhi_domain.events.ids import stream_id, uuid7
from xiezhi_domain.events.ruling import decode_ruling
from xiezhi_domain.evidence.canonical import format_base64
from xiezhi_domain.evidence.merkle import leaf_hash
from xiezhi_domain.rulebook import load_rulebook, shipped_rulebook
from xiezhi_hub.doctor import examine_journal
from xiezhi_hub.log_head import read_head
from xiezhi_journal import tables
from xiezhi_journal.journal import system_clock
from xiezhi_journal.keyrings import last_step, read_keyring
from xiezhi_journal.keys import SigningKey
from xiezhi_journal.proofs import body_commitment
from xiezhi_journal.rulebooks import published_body, published_facts
from xiezhi_journal.translog import checkpoint_at, log_entries
from xiezhi_wire.jointoken import decode


@pytest.fixture
async def hub(tmp_path: Path, journal_url: str) -> AsyncIterator[Serving]:
    async with new_hub(tmp_path / "hub", database=journal_url) as serving:
        yield serving


@pytest.fixture
async def sender(hub: Serving, tmp_path: Path) -> Court:
    return await hub.joined(SENDER, tmp_path)


async def ruled(hub: Serving, court: Court, *records: StoredEvent) -> list[tuple[str, bool]]:
    """Reason and retry of each rejection; empty and False where there was a ruling."""
    answers = await hub.parts.intake.rule(court.code, records)
    return [(answer.reason, answer.retry) if answer else ("", False) for answer in answers]


async def rulings(hub: Serving, record: StoredEvent) -> list[tuple[bool, str]]:
    """How the hub has ruled on an event; nothing if it never came into the log."""
    query = (
        select(tables.ruling.c.ruling)
        .join(tables.event, tables.event.c.position == tables.ruling.c.position)
        .where(tables.event.c.header == record.header)
    )
    rows = await hub.parts.hub.journal.read(lambda connection: connection.scalars(query).all())
    return [(ruling.accepted, ruling.reason) for ruling in map(decode_ruling, rows)]


async def fed(hub: Serving, court: str) -> int:
    """How many items a court's feed has."""
    query = select(func.count()).where(tables.feed.c.court == court)
    return await hub.parts.hub.journal.read(lambda connection: connection.scalar(query)) or 0


def signed_again(
    court: Court, record: StoredEvent, body: event_pb2.Body | None = None, **changes: object
) -> StoredEvent:
    """The event with another header or body, signed by the court as it should be."""
    body = body or event_pb2.Body.FromString(record.body)
    header: Header = replace(header_of(record), body=body_commitment(body), **changes)  # type: ignore[arg-type]  # as the test says
    [made] = court.sign((header, body))
    return made


@pytest.mark.parametrize(("field", "value"), [("first_position", 77), ("count", 1)])
async def test_a_push_with_numbers_outside_the_signature_reaches_nobody(
    hub: Serving, sender: Court, field: str, value: int
) -> None:
    orders = [sender.issue(RECEIVER, 1), sender.issue(RECEIVER, 2)]
    bodies = [(header_of(order), event_pb2.Body.FromString(order.body)) for order in orders]
    first, second = sender.sign(*bodies)
    push = event_pb2.PushProof.FromString(second.push)
    setattr(push, field, value)
    second.push = push.SerializeToString()
    before = await fed(hub, RECEIVER)
    [good, (reason, retry)] = await ruled(hub, sender, first, second)
    assert (good, retry) == (("", False), False)
    assert reason in ("SIGNATURE_INVALID", "MALFORMED")
    assert await fed(hub, RECEIVER) == before + 1


@pytest.mark.parametrize("spell", ["urn:uuid:{}".format, str.upper, lambda text: text.replace("-", "")])
@pytest.mark.parametrize("field", ["id", "instruction"])
async def test_an_id_has_one_spelling(hub: Serving, sender: Court, field: str, spell) -> None:
    order = sender.issue(RECEIVER)
    other = spell(uuid7(system_clock(), os.urandom(10)))
    record = signed_again(sender, order, **{field: other})
    assert await ruled(hub, sender, record) == [("MALFORMED", False)]
    assert await rulings(hub, record) == []


@pytest.mark.parametrize("said", [0, 2])
async def test_an_order_names_as_many_documents_as_it_says(hub: Serving, sender: Court, said: int) -> None:
    order = sender.issue(RECEIVER)
    facts = {**header_of(order).facts, "documents": said}
    record = signed_again(sender, order, case_body(1, [bytes(32)]), facts=facts)
    assert await ruled(hub, sender, record) == [("MALFORMED", False)]


@pytest.mark.parametrize(
    "facts",
    [
        {"note": "320500189901010016"},
        {"number": "测试甲"},
        {"papers": {"320500189901010016": 1}},
        {"due": 2**53 - 1},
        {"due": 1},
        {"lane": True},
    ],
)
async def test_orders_say_nothing_that_the_rulebook_does_not_bound(
    hub: Serving, sender: Court, facts: dict
) -> None:
    order = sender.issue(RECEIVER)
    record = signed_again(sender, order, facts={**header_of(order).facts, **facts})
    before = await fed(hub, RECEIVER)
    await ruled(hub, sender, record)
    assert [accepted for accepted, _ in await rulings(hub, record)] == [False]
    assert await fed(hub, RECEIVER) == before


async def test_control_characters_do_not_stop_the_others(hub: Serving, sender: Court) -> None:
    order = sender.issue(RECEIVER)
    facts = {**header_of(order).facts, "number": "\0"}
    record = signed_again(sender, order, facts=facts)
    other = sender.issue(RECEIVER, 2)
    assert await ruled(hub, sender, record, other) == [("MALFORMED", False), ("", False)]
    assert await rulings(hub, other) == [(True, "")]


async def stream_base(hub: Serving, court: str) -> Base:
    """The head of a court's own stream, to build on."""
    step = await hub.parts.hub.journal.read(lambda connection: last_step(connection, stream_id(court)))
    return Base(step.id, step.seq, step.hash)


def key_facts(key: SigningKey, **more: object) -> dict:
    return {"purpose": "EVENT", "key": key.key_id, "public": format_base64(key.public_key), **more}


async def own_stream(
    hub: Serving,
    court: Court,
    kind: str,
    facts: dict,
    base: Base | None = None,
    body: event_pb2.Body | None = None,
) -> StoredEvent:
    """An event of the court's own stream, on its head unless *base* says otherwise."""
    body = body or event_pb2.Body()
    base = base or await stream_base(hub, court.code)
    [record] = court.sign((court.header(kind, stream_id(court.code), HUB_COURT, base, facts, body), body))
    return record


RULEBOOK = shipped_rulebook()


async def test_an_ended_key_publishes_no_rulebook(hub: Serving, tmp_path: Path) -> None:
    own = await hub.joined(HUB_COURT, tmp_path)
    ended, fresh = own.event_key, new_key()
    rotated = await own_stream(hub, own, "KeyRotated", key_facts(fresh, old=ended.key_id))
    assert await ruled(hub, own, rotated) == [("", False)]
    before = await fed(hub, RECEIVER)
    published = await own_stream(
        hub, own, "RulebookPublished", published_facts(RULEBOOK), body=published_body(RULEBOOK)
    )
    assert await ruled(hub, own, published) == [("", False)]
    assert await rulings(hub, published) == [(False, "KEY_REVOKED")]
    assert await fed(hub, RECEIVER) == before


async def test_an_ended_key_moves_no_matter(hub: Serving, sender: Court) -> None:
    running = sender.issue(RECEIVER)
    assert await ruled(hub, sender, running) == [("", False)]
    ended = sender.event_key
    rotated = await own_stream(hub, sender, "KeyRotated", key_facts(new_key(), old=ended.key_id))
    assert await ruled(hub, sender, rotated) == [("", False)]
    before = await fed(hub, RECEIVER)
    new, more = sender.issue(RECEIVER, 2), sender.follow("MessageSent", running, RECEIVER)
    assert await ruled(hub, sender, new, more) == [("", False)] * 2
    assert await rulings(hub, new) == await rulings(hub, more) == [(False, "KEY_REVOKED")]
    assert await fed(hub, RECEIVER) == before


async def test_the_hub_alone_publishes_rulebooks(hub: Serving, tmp_path: Path) -> None:
    known = set(hub.parts.hub.journal.rulebooks)
    own = await hub.joined(HUB_COURT, tmp_path)
    changed = load_rulebook(RULEBOOK.content.replace(b'version = "2026.1"', b'version = "2026.2"'))
    published = await own_stream(
        hub, own, "RulebookPublished", published_facts(changed), body=published_body(changed)
    )
    await ruled(hub, own, published)
    assert await rulings(hub, published) == [(False, "WRONG_COURT")]
    assert set(hub.parts.hub.journal.rulebooks) == known


async def test_the_hubs_key_outlives_the_loss_of_its_courts_node(hub: Serving, tmp_path: Path) -> None:
    own = await hub.joined(HUB_COURT, tmp_path / "before")
    again = Court(HUB_COURT, tmp_path / "after")
    token = decode(await hub.token(HUB_COURT))
    hub_key = hub.parts.hub.journal.key.key_id
    for replaces, accepted in (([hub_key, own.event_key.key_id], False), ([own.event_key.key_id], True)):
        facts = key_facts(again.event_key, approved_by="苏", replaces=sorted(replaces))
        first = await own_stream(hub, again, "KeyReplaced", facts, Base())
        base = Base(header_of(first).id, 1, header_hash(first.header))
        cosigning = {**key_facts(again.cosign_key), "purpose": "COSIGN"}
        request = again.join_request(token)
        del request.key_events[:]
        request.key_events.extend(
            [unpacked(first), unpacked(await own_stream(hub, again, "KeyAdded", cosigning, base))]
        )
        async with joining(token, hub.authority) as channel:
            call = EnrolmentServiceStub(channel).Join(request)
            if accepted:
                await call
            else:
                assert (await refusal(call))[1] == "INVALID_FIELD"
    keyring = await hub.parts.hub.journal.read(read_keyring)
    assert keyring.keys[hub_key].ended_index is None
    assert keyring.keys[own.event_key.key_id].ended_index is not None


async def test_what_builds_on_a_held_event_waits_for_it_from_call_to_call(
    hub: Serving, sender: Court
) -> None:
    content = b"%PDF-1.7 test"
    order = sender.issue(RECEIVER, documents=[hashlib.sha256(content).digest()])
    later = sender.follow("MaterialSupplied", order, RECEIVER, {"role": "JUDGE"})
    missing = ("DOCUMENT_MISSING", True)
    assert await ruled(hub, sender, order) == [missing]
    assert await ruled(hub, sender, later) == [missing]
    assert await ruled(hub, sender, later, order) == [missing, missing]
    async with hub.connect(sender) as channel:
        await upload(channel, header_of(order).instruction, content)
    assert await ruled(hub, sender, later) == [missing]
    assert await ruled(hub, sender, order) == [("", False)]
    assert await ruled(hub, sender, later) == [("", False)]
    assert await rulings(hub, order) == await rulings(hub, later) == [(True, "")]


async def test_a_node_that_connects_anew_is_judged_by_what_it_pushes_then(
    hub: Serving, sender: Court
) -> None:
    """It was restored from a backup and has lost the event that its later ones were held for."""
    order = sender.issue(RECEIVER, documents=[bytes(32)])
    later = sender.follow("MaterialSupplied", order, RECEIVER, {"role": "JUDGE"})
    await ruled(hub, sender, order)
    async with hub.connect(sender) as channel:
        link = Link(channel)
        await link.hello()
        assert await ruled(hub, sender, later) == [("", False)]
    assert await rulings(hub, later) == [(False, "UNKNOWN_INSTRUCTION")]


async def told_of(hub: Serving, court: str) -> None:
    """The doctor tells of *court*, once, and of no other; of nobody where it is empty."""
    found = await hub.parts.hub.journal.read(lambda connection: examine_journal(connection, hub.parts.hub))
    [finding] = [each for each in found if each.subject == "日志核对"]
    assert finding.good is (not court)
    assert not court or f"1 家法院所见不同，最早：{court} 签名声明" in finding.text
    [others] = [each for each in found if each.subject == "隔离区"]
    assert others.good


@pytest.mark.parametrize("harm", ["origin", "size", "root", "root of nothing", "inside a batch"])
async def test_nobody_has_seen_what_the_log_never_was(hub: Serving, sender: Court, harm: str) -> None:
    head = await hub.parts.hub.journal.read(read_head)
    root = format_base64(head.root)
    claim = {
        "origin": Seen("hub.su06.example/xiezhi", head.size, root),
        "size": Seen(ORIGIN, head.size + 1, root),
        "root": Seen(ORIGIN, head.size, format_base64(bytes(32))),
        "root of nothing": Seen(ORIGIN, 0, root),
        "inside a batch": Seen(ORIGIN, 1, format_base64(bytes(32))),
    }[harm]
    record = signed_again(sender, sender.issue(RECEIVER), seen=claim)
    assert await ruled(hub, sender, record) == [("MALFORMED", False)]
    assert await ruled(hub, sender, record) == [("MALFORMED", False)]
    assert await rulings(hub, record) == []
    await told_of(hub, sender.code if harm != "origin" else "")
    true = signed_again(sender, sender.issue(RECEIVER), seen=Seen(ORIGIN, head.size, root))
    await ruled(hub, sender, true)
    assert await rulings(hub, true) == [(True, "")]


async def test_a_root_inside_a_batch_is_told_from_the_stored_hashes(hub: Serving, sender: Court) -> None:
    """No checkpoint was signed there, and a court whose hub was restored may still have seen one."""
    read = hub.parts.hub.journal.read
    assert not await read(partial(checkpoint_at, size=1))
    [first] = await read(partial(log_entries, first=0, count=1))
    record = signed_again(
        sender, sender.issue(RECEIVER), seen=Seen(ORIGIN, 1, format_base64(leaf_hash(first)))
    )
    await ruled(hub, sender, record)
    assert await rulings(hub, record) == [(True, "")]
