"""Items of the feed that are not as usual: what the node lets in, what it puts aside, what stops the link."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest
from sqlalchemy import update
from tests.integration.journal.scene import (
    KEYS,
    LOG_KEY,
    ORIGIN,
    RECEIVER,
    RULES,
    SENDER,
    Clock,
    Hub,
    Make,
    Node,
    signing_key,
)
from tests.integration.node.beside import Beside, beside
from tests.integration.node.linked import HubEnd, NodeEnd
from tests.unit.ladder.moves import facts_of

from xiezhi.v1 import event_pb2, link_service_pb2
from xiezhi.v1.link_service_pb2 import FeedItem
from xiezhi_domain.errors import DomainError, FormatError, Reason, Unavailable
from xiezhi_domain.events.feed import FIRST, feed_item_hash
from xiezhi_domain.events.header import Base, Header, Seen, decode_header, encode_header
from xiezhi_domain.events.ids import stream_id, uuid7
from xiezhi_domain.events.ruling import Ruling, encode_ruling, entry_leaf, refusal
from xiezhi_domain.evidence.canonical import format_base64
from xiezhi_domain.evidence.parts import Part
from xiezhi_domain.evidence.push import sign_push
from xiezhi_domain.keyring import CourtKey, Keyring, Purpose
from xiezhi_domain.terms import State
from xiezhi_hub.ruling.check import PushChecker
from xiezhi_journal import tables
from xiezhi_journal.keyrings import read_keyring
from xiezhi_journal.keys import SigningKey
from xiezhi_journal.proofs import encode_push
from xiezhi_journal.quarantine import FEED
from xiezhi_journal.quarantine import KEYS as ALARMS
from xiezhi_journal.translog import LogSigner
from xiezhi_link.hub_channel import HubChannel
from xiezhi_node.acting.compose import compose_body
from xiezhi_node.acting.own import OwnEvent
from xiezhi_node.doctor import examine_journal
from xiezhi_node.pins import Pins, write_pins
from xiezhi_node.taking.again import take_again
from xiezhi_node.taking.check import FeedChecker


class Courts:
    """A sender whose orders lie at the hub, and the receiver's node before them."""

    def __init__(self, urls: dict[str, str], directory: Path, beside: Beside, channel: HubChannel) -> None:
        clock = Clock()
        self.beside = beside
        self.hub = HubEnd(Hub(f"sqlite:///{directory / 'hub.db'}", clock))
        self.sender, self.receiver = (
            NodeEnd(self.hub, Node(urls[court], court, clock), directory / court, channel)
            for court in (SENDER, RECEIVER)
        )

    async def send(self, number: int) -> Make:
        make = self.sender.node.issue(number, RECEIVER)
        await self.sender.node.journal.submit(make)
        await self.sender.push()
        return make

    def close(self) -> None:
        for end in (self.sender, self.receiver):
            end.node.journal.close()
        self.hub.close()


@pytest.fixture
async def courts(journal_url: str, tmp_path: Path) -> AsyncIterator[Courts]:
    urls = {SENDER: f"sqlite:///{tmp_path / 's.db'}", RECEIVER: journal_url}
    async with beside() as services:
        courts = Courts(urls, tmp_path, *services)
        for end in (courts.sender, courts.receiver):
            await end.meet()
        yield courts
        courts.close()


def quarantined(end: NodeEnd) -> list[tuple[str, str]]:
    return [(row.event_id, row.reason) for row in end.rows(tables.quarantine)]


def stored(end: NodeEnd) -> list[str]:
    return [row.event_id for row in end.rows(tables.event)]


# --- Bodies ----------------------------------------------------------------------------------------------------------


async def test_another_courts_event_without_its_body_stops_the_link(courts: Courts) -> None:
    await courts.send(1)
    [item] = courts.receiver.items()
    item.record.ClearField("body")
    with pytest.raises(FormatError):
        await courts.receiver.take([item])
    assert stored(courts.receiver) == []
    await courts.receiver.pull()
    assert len(stored(courts.receiver)) == 2
    assert quarantined(courts.receiver) == []


async def test_an_own_event_comes_back_without_its_body(courts: Courts) -> None:
    make = await courts.send(1)
    [item] = courts.sender.items()
    item.record.ClearField("body")
    await courts.sender.take([item])
    [row] = courts.sender.rows(tables.instruction)
    assert (row.instruction, row.pending, row.case_number) == (make.instruction, 0, "（2026）苏0505执1号")
    assert len(courts.sender.rows(tables.body)) == 1


async def test_an_event_that_has_no_parts_needs_no_body(courts: Courts) -> None:
    await courts.send(1)
    await courts.receiver.pull()
    await courts.receiver.push()
    await courts.sender.pull(limit=1)
    [receipt] = courts.sender.items()
    receipt.record.ClearField("body")
    await courts.sender.take([receipt])
    assert [decode_header(row.header).kind for row in courts.sender.rows(tables.event)] == [
        "Issued",
        "Delivered",
    ]


async def test_a_part_that_no_order_has_erased_is_refused_by_the_hub_and_put_aside_by_the_node(
    courts: Courts,
) -> None:
    await courts.send(1)
    [item] = courts.receiver.items()
    body = event_pb2.Body.FromString(item.record.body)
    part = body.parts[0]
    # The commitment still holds; what the hub rules on would not be there for anybody to read.
    part.CopyFrom(
        event_pb2.BodyPart(name=part.name, erased_hash=Part(part.name, part.salt, part.content).hash)
    )
    item.record.body = body.SerializeToString()
    await courts.receiver.take([item])
    [held] = courts.receiver.rows(tables.quarantine)
    assert (held.source, held.reason) == (FEED, "SIGNATURE_INVALID")
    # Nothing is shown as if it had arrived, and nobody is told that it had.
    assert (courts.receiver.rows(tables.instruction), courts.receiver.rows(tables.pending)) == ([], [])
    checker = PushChecker(SENDER, courts.hub.hub.journal.read_now(read_keyring))
    with pytest.raises(FormatError):
        checker.check(item.record)


# --- Keys ------------------------------------------------------------------------------------------------------------


def refused_item(key: SigningKey, ruling: Ruling) -> link_service_pb2.FeedItem:
    """An own event of the receiver, signed with *key*, with the hub's answer."""
    _, commitment = compose_body([])
    header = encode_header(
        Header(
            id=uuid7(1, os.urandom(10)),
            instruction=uuid7(1, os.urandom(10)),
            kind="Signed",
            sender=RECEIVER,
            to=SENDER,
            base=Base(),
            seen=Seen(ORIGIN),
            at=1,
            key=key.key_id,
            body=commitment,
            facts=facts_of("Signed", "CENTRE_OFFICER"),
        )
    )
    [proof] = sign_push(RECEIVER, key.key_id, 1, [header], key.sign)
    data = encode_ruling(ruling)
    leaf = entry_leaf(header, data)
    push = encode_push(proof)
    record = link_service_pb2.StoredEvent(header=header, push=push, ruling=data, log_index=9)
    return link_service_pb2.FeedItem(
        lane=link_service_pb2.LANE_NORMAL,
        feed_seq=1,
        item_hash=feed_item_hash(FIRST, 1, 9, leaf),
        record=record,
    )


def keyring(key: SigningKey, ended: int | None) -> Keyring:
    return Keyring({key.key_id: CourtKey(RECEIVER, key.key_id, Purpose.EVENT, key.public_key, 0, ended)})


async def test_what_was_refused_for_its_ended_key_is_taken(courts: Courts) -> None:
    """Without that the link would stop at it for ever."""
    key = KEYS[RECEIVER]
    item = refused_item(key, refusal(Reason.KEY_REVOKED, 0, "", 1, ""))
    checked = FeedChecker(keyring(key, ended=5)).check(item)
    assert (checked.header.key, checked.ruling.accepted) == (key.key_id, False)


async def test_nothing_else_is_taken_under_an_ended_or_unknown_key(courts: Courts) -> None:
    key, refused = KEYS[RECEIVER], refusal(Reason.KEY_REVOKED, 0, "", 1, "")
    with pytest.raises(DomainError):
        FeedChecker(keyring(key, ended=5)).check(refused_item(key, Ruling(True, 1, "", 1)))
    with pytest.raises(DomainError):
        FeedChecker(keyring(key, ended=5)).check(refused_item(signing_key(7), refused))
    forged = refused_item(key, refused)
    push = event_pb2.PushProof.FromString(forged.record.push)
    push.signature = bytes(64)
    forged.record.push = push.SerializeToString()
    with pytest.raises(DomainError):
        FeedChecker(keyring(key, ended=5)).check(forged)


def key_item(court: str, key: SigningKey, signer: SigningKey, feed_seq: int, log_index: int) -> FeedItem:
    """An accepted `KeyAdded` of *court*, as the hub gives it to every court."""
    _, commitment = compose_body([])
    facts = {"purpose": "EVENT", "key": key.key_id, "public": format_base64(key.public_key)}
    header = encode_header(
        Header(
            id=uuid7(1, os.urandom(10)),
            instruction=stream_id(court),
            kind="KeyAdded",
            sender=court,
            to=SENDER,
            base=Base(),
            seen=Seen(ORIGIN),
            at=1,
            key=signer.key_id,
            body=commitment,
            facts=facts,
        )
    )
    [proof] = sign_push(court, signer.key_id, 1, [header], signer.sign)
    ruling = encode_ruling(Ruling(True, 1, "", log_index))
    hashed = feed_item_hash(FIRST, feed_seq, log_index, entry_leaf(header, ruling))
    push = encode_push(proof)
    record = link_service_pb2.StoredEvent(header=header, push=push, ruling=ruling, log_index=log_index)
    return FeedItem(lane=link_service_pb2.LANE_URGENT, feed_seq=feed_seq, item_hash=hashed, record=record)


def key_findings(end: NodeEnd) -> list[tuple[bool, str]]:
    """What the doctor says of the keys, and of what could not be taken."""
    pins = Pins(RECEIVER, SENDER, ORIGIN, LOG_KEY.verifier_key.format(), "127.0.0.1:1")
    with end.node.journal._writing.begin() as connection:
        write_pins(connection, pins)
        # The first entry of a log is the hub's; the scene's keys come from nowhere.
        connection.execute(update(tables.court_key).values(added_at_index=-1))
    found = end.node.journal.read_now(examine_journal)
    return [(each.good, each.text) for each in found if each.subject in ("密钥登记", "隔离区")]


async def test_a_forged_court_is_not_believed_and_raises_the_alarm(courts: Courts) -> None:
    end, forged = courts.receiver, signing_key(9)
    assert key_findings(end) == [(True, "无"), (True, "无异常")]
    await end.take([key_item(SENDER, forged, forged, 1, 7)])
    keys = end.node.journal.read_now(read_keyring).keys
    assert forged.key_id not in keys
    assert [row.source for row in end.rows(tables.quarantine)] == [ALARMS]
    handled, [good, text] = key_findings(end)
    assert handled == (True, "无")
    assert (good, SENDER in text) == (False, True)
    # It is never tried again, and the link goes on.
    await take_again(end.node.journal, end.node.seat)
    assert [row.source for row in end.rows(tables.quarantine)] == [ALARMS]
    await courts.send(1)
    await end.pull()
    assert len(end.rows(tables.instruction)) == 1


@pytest.mark.parametrize("stolen", [True, False])
async def test_a_key_of_the_own_court_that_was_not_made_here_raises_the_alarm(
    courts: Courts, stolen: bool
) -> None:
    """Also where it bears the court's own signature: somebody has its key."""
    end, foreign = courts.receiver, signing_key(9)
    key_findings(end)
    await end.take([key_item(RECEIVER, foreign, KEYS[RECEIVER] if stolen else foreign, 1, 7)])
    assert (foreign.key_id in end.node.journal.read_now(read_keyring).keys) is stolen
    [(_, _), (good, text)] = key_findings(end)
    assert (good, "本院" in text) == (False, True)


async def test_a_first_key_of_a_court_raises_no_alarm(courts: Courts) -> None:
    end, first = courts.receiver, signing_key(9)
    await end.take([key_item("苏0599", first, first, 1, 7)])
    assert first.key_id in end.node.journal.read_now(read_keyring).keys
    assert key_findings(end) == [(True, "无"), (True, "无异常")]


# --- Rulebooks that are not here -------------------------------------------------------------------------------------


@pytest.fixture
def without_rulebooks(courts: Courts) -> NodeEnd:
    """A node that has no rulebook, and two orders that pin one."""
    courts.receiver.node.journal.rulebooks.clear()
    return courts.receiver


@pytest.mark.parametrize("content", [None, b"= =", b'title = "another"\n'])
async def test_a_rulebook_that_cannot_be_had_or_read_puts_its_matter_aside(
    courts: Courts, without_rulebooks: NodeEnd, content: bytes | None
) -> None:
    if content is not None:
        courts.beside.rulebooks[RULES.hash] = content
    await courts.send(1)
    end = without_rulebooks
    [item] = end.items()
    await end.pull()
    event = decode_header(item.record.header)
    assert courts.beside.asked == [RULES.hash]
    assert quarantined(end) == [(event.id, Reason.RULEBOOK_UNKNOWN)]
    assert stored(end) == [event.id]
    # The link goes on, with other matters too; the rulebook that comes with them is what this one waited for.
    courts.beside.rulebooks[RULES.hash] = RULES.content
    other = await courts.send(2)
    await end.pull()
    matters = {row.instruction for row in end.rows(tables.instruction)}
    assert matters == {event.instruction, other.instruction}
    assert quarantined(end) == []
    assert end.items() == []


async def test_a_rulebook_that_the_hub_has_by_now_is_fetched_at_the_next_welcome(
    courts: Courts, without_rulebooks: NodeEnd
) -> None:
    make = await courts.send(1)
    await without_rulebooks.pull()
    courts.beside.rulebooks[RULES.hash] = RULES.content
    await without_rulebooks.meet()
    [matter] = without_rulebooks.rows(tables.instruction)
    assert (matter.instruction, matter.pending) == (make.instruction, 1)
    assert quarantined(without_rulebooks) == []


@pytest.mark.parametrize("retry", [True, False])
async def test_a_rejected_event_does_not_end_the_stream(courts: Courts, retry: bool) -> None:
    make = courts.sender.node.issue(1, RECEIVER)
    await courts.sender.node.journal.submit(make)
    [event] = courts.sender.rows(tables.event)
    reason = Reason.RECOVERING if retry else Reason.MALFORMED
    rejected = link_service_pb2.Rejected(event_id=event.event_id, reason=reason, message="测试", retry=retry)
    await courts.sender.port.rejected(rejected)
    assert len(courts.sender.rows(tables.pending)) == int(retry)


async def test_what_was_put_aside_is_taken_again_in_order_and_once(
    courts: Courts, without_rulebooks: NodeEnd
) -> None:
    make = await courts.send(1)
    end, seat = without_rulebooks, without_rulebooks.node.seat
    await courts.sender.pull()
    withdrawal = OwnEvent("Withdrawn", RECEIVER, facts_of("Withdrawn", "JUDGE"), [])
    await courts.sender.node.journal.submit(Make(courts.sender.node.seat, make.instruction, withdrawal))
    await courts.sender.push()
    await end.pull()
    journal = end.node.journal
    await take_again(journal, seat)
    assert [reason for _, reason in quarantined(end)] == [Reason.RULEBOOK_UNKNOWN, Reason.MALFORMED]
    journal.rulebooks[RULES.hash] = RULES
    held = [row.position for row in end.rows(tables.event)]
    before = len(end.rows(tables.change))
    await take_again(journal, seat)
    await take_again(journal, seat)
    assert quarantined(end) == []
    # Whoever watches sees both steps, once.
    told = [row.position for row in end.rows(tables.change)[before:]]
    assert [position for position in told if position in held] == held
    await end.push()
    await end.pull()
    [matter] = end.rows(tables.instruction)
    assert matter.state == State.WITHDRAWN
    assert journal.rebuild().skipped == ()
    assert end.rows(tables.instruction) == [matter]


async def test_what_a_rebuild_has_put_into_its_place_is_received(
    courts: Courts, without_rulebooks: NodeEnd
) -> None:
    await courts.send(1)
    end = without_rulebooks
    await end.pull()
    journal = end.node.journal
    journal.rulebooks[RULES.hash] = RULES
    journal.rebuild()
    await take_again(journal, end.node.seat)
    assert quarantined(end) == []
    assert [decode_header(row.header).kind for row in end.rows(tables.event)] == ["Issued", "Delivered"]


async def test_another_rulebook_than_the_one_asked_for_is_not_kept(
    courts: Courts, without_rulebooks: NodeEnd
) -> None:
    courts.beside.rulebooks[RULES.hash] = RULES.content + b"\n"
    await courts.send(1)
    await without_rulebooks.pull()
    assert without_rulebooks.node.journal.rulebooks == {}
    assert without_rulebooks.rows(tables.rulebook) == []
    assert len(quarantined(without_rulebooks)) == 1


async def test_a_hub_that_does_not_answer_is_asked_again(courts: Courts, without_rulebooks: NodeEnd) -> None:
    courts.beside.rulebooks[RULES.hash] = RULES.content
    await courts.send(1)
    courts.beside.away = True
    with pytest.raises(grpc.RpcError):
        await without_rulebooks.pull()
    assert stored(without_rulebooks) == []
    courts.beside.away = False
    await without_rulebooks.pull()
    assert quarantined(without_rulebooks) == []
    assert len(without_rulebooks.rows(tables.instruction)) == 1


# --- Checkpoints -----------------------------------------------------------------------------------------------------


def signed_checkpoint(size: int, root: bytes) -> bytes:
    return LOG_KEY.sign(size, root)


async def test_a_checkpoint_that_does_not_cover_the_items_is_refused(courts: Courts) -> None:
    await courts.send(1)
    old = await courts.hub.port.checkpoint()
    await courts.send(2)
    end = courts.receiver
    with pytest.raises(FormatError):
        await end.take(end.items(), old)
    assert stored(end) == []
    await end.take(end.items()[:1], old)
    await end.pull()
    assert [row.size for row in end.rows(tables.checkpoint)] == [1, 2]


async def test_a_second_root_for_a_stored_size_ends_the_link(courts: Courts) -> None:
    await courts.send(1)
    end = courts.receiver
    await end.pull()
    other = signed_checkpoint(1, bytes(32))
    for take in (
        lambda: end.take(end.items(), other),
        lambda: end.port.checkpoint(link_service_pb2.CheckpointNotice(checkpoint=other)),
        lambda: end.port.welcomed(link_service_pb2.Welcome(origin=ORIGIN, checkpoint=other)),
    ):
        with pytest.raises(Unavailable) as caught:
            await take()
        assert caught.value.reason is Reason.SIGNATURE_INVALID
    assert [row.root for row in end.rows(tables.checkpoint)] != [bytes(32)]


async def test_a_checkpoint_of_another_key_is_refused(courts: Courts) -> None:
    await courts.send(1)
    end = courts.receiver
    forged = LogSigner(ORIGIN, signing_key(8)).sign(1, bytes(32))
    with pytest.raises(DomainError):
        await end.take(end.items(), forged)
    assert stored(end) == []


async def test_a_hub_whose_log_is_shorter_than_before_is_left(courts: Courts) -> None:
    await courts.send(1)
    first = await courts.hub.port.checkpoint()
    await courts.send(2)
    await courts.receiver.pull()
    with pytest.raises(Unavailable):
        await courts.receiver.port.welcomed(link_service_pb2.Welcome(origin=ORIGIN, checkpoint=first))
