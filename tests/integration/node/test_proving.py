"""A node that checks what its feed brings: gaps, entries that the log does not have, histories that others saw."""

from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection
from tests.integration.journal.scene import (
    HUB_COURT,
    LOG_KEY,
    ORIGIN,
    RECEIVER,
    SENDER,
    Clock,
    Hub,
    Node,
    issued_records,
)
from tests.integration.node.linked import NORMAL, HubEnd, NodeEnd

from xiezhi.v1.event_pb2 import TimelineEntry
from xiezhi.v1.feed_proof_service_pb2 import ProveFeedRequest
from xiezhi.v1.link_service_pb2 import CheckpointNotice, FeedItem
from xiezhi_client.verify.misconduct import examined_file
from xiezhi_client.verify.pins import Pins as Pinned
from xiezhi_domain.errors import DomainError, FormatError, NotAllowed, Reason
from xiezhi_domain.events.feed import FIRST, feed_item_hash
from xiezhi_domain.events.ruling import decode_ruling, encode_ruling, entry_leaf
from xiezhi_domain.evidence.canonical import format_base64
from xiezhi_hub.evidence.feed_proofs import MOST_ITEMS, FeedProofService
from xiezhi_journal import tables
from xiezhi_journal.migrate import NEWEST
from xiezhi_journal.quarantine import LOG
from xiezhi_journal.translog import consistency_proof, newest_checkpoint
from xiezhi_node.config import NodeSettings
from xiezhi_node.doctor import examine_journal
from xiezhi_node.pins import Pins, write_pins
from xiezhi_node.taking.proofs import BrokenFeedError
from xiezhi_node.witnessing.comparing import compare_checkpoints
from xiezhi_node.witnessing.exporting import export_checkpoints
from xiezhi_node.witnessing.marking import mark_witnessed
from xiezhi_node.witnessing.proving import ItemProof, LogProver
from xiezhi_node.witnessing.store import What
from xiezhi_wire.caller import acting
from xiezhi_wire.peer import PeerCertificate


class Line:
    """What a node asks its hub, without a network."""

    def __init__(self, hub: Hub, court: str) -> None:
        self._hub, self._court = hub, court
        self.asked = 0

    async def items(self, lane: int, feed_seqs: Sequence[int], size: int) -> Mapping[int, ItemProof]:
        self.asked += 1
        request = ProveFeedRequest(lane=lane, feed_seqs=feed_seqs, tree_size=size)
        with acting(PeerCertificate(self._court, "01", 1 << 50)):
            answer = await FeedProofService(self._hub.journal).ProveFeed(request, None)
        return {each.feed_seq: ItemProof(each.log_index, tuple(each.path)) for each in answer.proofs}

    async def prove(self, first: int, second: int) -> Sequence[bytes]:
        return await self._hub.journal.read(partial(consistency_proof, first=first, second=second))


class Scene:
    """A hub and the receiver's node, which follows its log; nothing is witnessed unless the test says so."""

    def __init__(self, url: str, directory: Path) -> None:
        self.directory, self.clock = directory, Clock()
        self.hub = HubEnd(Hub(url, self.clock))
        node = Node(f"sqlite:///{directory / 'node.db'}", RECEIVER, self.clock)
        self.end = NodeEnd(self.hub, node, directory / "documents")
        self.line = Line(self.hub.hub, RECEIVER)

    @property
    def prover(self) -> LogProver:
        return LogProver(self.end.node.journal, self.line.items, self.line.prove)

    async def send(self, count: int, first: int = 1) -> None:
        await self.hub.hub.push(SENDER, issued_records(count, first=first))

    async def vouch(self) -> None:
        """The node checks and keeps the hub's newest checkpoint; enough witnesses have cosigned it."""
        await self.vouch_again()
        journal, vouched = self.end.node.journal, tables.vouched
        [row] = self.end.rows(vouched)
        await journal.write(
            lambda connection: connection.execute(vouched.insert().values((What.WITNESSED, *row[1:])))
        )

    async def vouch_again(self) -> None:
        """The node checks and keeps the hub's newest checkpoint, whose proof it asks the hub for."""
        note = await self.hub.hub.journal.read(newest_checkpoint)
        witness = self.end.port._witness
        witness._prove = self.line.prove
        await witness.vouch(CheckpointNotice(checkpoint=note))

    async def witnessed(self, count: int) -> list[bool]:
        entries = [TimelineEntry(log_index=index) for index in range(count)]
        await self.end.node.journal.read(partial(mark_witnessed, entries=entries))
        return [entry.witnessed for entry in entries]

    async def alarms(self) -> list[str]:
        rows = self.end.rows(tables.quarantine)
        assert {row.source for row in rows} <= {LOG}
        return [row.detail for row in rows]

    async def doctor(self) -> tuple[bool, str]:
        pins = Pins(RECEIVER, HUB_COURT, ORIGIN, LOG_KEY.verifier_key.format(), "127.0.0.1:1")
        await self.end.node.journal.write(partial(write_pins, pins=pins))
        found = await self.end.node.journal.read(examine_journal)
        [finding] = [each for each in found if each.subject == "日志核对"]
        return finding.good, finding.text

    def close(self) -> None:
        self.end.node.journal.close()
        self.hub.close()


@pytest.fixture
async def scene(journal_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    scene = Scene(journal_url, tmp_path)
    await scene.end.meet()
    yield scene
    scene.close()


async def test_an_entry_is_witnessed_only_once_it_is_proven_to_stand_in_the_log(scene: Scene) -> None:
    await scene.send(3)
    await scene.end.pull()
    await scene.vouch()
    assert await scene.witnessed(3) == [False, False, False]
    assert await scene.doctor() == (True, "3 项记录待核对是否在平台日志中")
    assert not await scene.prover.prove_some()
    assert await scene.witnessed(4) == [True, True, True, False]
    assert (await scene.doctor())[0]
    assert await scene.alarms() == []
    await scene.prover.prove_some()
    assert scene.line.asked == 1, "what is proven is not asked again"


async def test_what_lies_beyond_the_checkpoint_that_was_vouched_for_waits(scene: Scene) -> None:
    await scene.send(2)
    await scene.end.pull()
    await scene.vouch()
    await scene.send(2, first=3)
    await scene.end.pull()
    await scene.prover.prove_some()
    assert [row.log_index for row in scene.end.rows(tables.unproven)] == [2, 3]


def forged(items: list[FeedItem]) -> list[FeedItem]:
    """The same items, the second with a ruling of which the log knows nothing, and the chain made to fit."""
    previous = FIRST
    for number, item in enumerate(items, 1):
        record = item.record
        if number == 2:
            ruling = decode_ruling(record.ruling)
            record.ruling = encode_ruling(type(ruling)(**{**_fields(ruling), "at": ruling.at + 1}))
        leaf = entry_leaf(record.header, record.ruling)
        previous = feed_item_hash(previous, item.feed_seq, record.log_index, leaf)
        item.item_hash = previous
    return items


def _fields(struct: object) -> dict:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


async def test_an_entry_that_is_not_in_the_log_raises_the_alarm_and_is_never_witnessed(scene: Scene) -> None:
    await scene.send(3)
    await scene.end.take(forged(scene.end.items()))
    await scene.vouch()
    await scene.prover.prove_some()
    assert await scene.witnessed(3) == [True, False, True]
    [alarm] = await scene.alarms()
    assert "称在日志第 1 项" in alarm
    good, text = await scene.doctor()
    assert not good
    assert alarm in text
    await scene.prover.prove_some()
    assert len(await scene.alarms()) == 1, "it is told once"


async def test_a_hub_that_denies_what_it_delivered_raises_the_alarm(scene: Scene) -> None:
    await scene.send(2)
    await scene.end.pull()
    await scene.vouch()
    feed = tables.feed
    await scene.hub.hub.journal.write(
        lambda connection: connection.execute(
            feed.delete().where(feed.c.court == RECEIVER, feed.c.feed_seq == 2)
        )
    )
    await scene.prover.prove_some()
    assert await scene.witnessed(2) == [True, False]
    assert len(await scene.alarms()) == 1


async def test_a_hub_that_cannot_be_asked_is_accused_of_nothing(scene: Scene) -> None:
    await scene.send(1)
    await scene.end.pull()
    await scene.vouch()

    async def nothing(*_: object) -> Mapping[int, ItemProof]:
        raise DomainError(Reason.HUB_UNREACHABLE)

    with pytest.raises(DomainError):
        await LogProver(scene.end.node.journal, nothing, scene.line.prove).prove_some()
    assert await scene.alarms() == []
    assert len(scene.end.rows(tables.unproven)) == 1


async def test_a_gap_in_the_feed_is_told_until_the_hub_has_filled_it(scene: Scene) -> None:
    await scene.send(3)
    items = scene.end.items()
    for _ in range(2):  # the line is opened again, and again the item is missing
        with pytest.raises(FormatError, match="缺少第 2 项"):
            await scene.end.take([items[0], items[2]])
    [alarm] = await scene.alarms()
    assert "普通通道的收件流缺少第 2 项" in alarm
    assert not (await scene.doctor())[0]
    assert scene.end.rows(tables.event) == []
    await scene.end.take(items)
    assert await scene.alarms() == []
    assert (await scene.doctor())[0]


async def test_a_feed_that_breaks_off_its_chain_is_told(scene: Scene) -> None:
    await scene.send(2)
    items = scene.end.items()
    items[1].item_hash = bytes(32)
    with pytest.raises(BrokenFeedError):
        await scene.end.take(items)
    assert "不衔接" in (await scene.alarms())[0]


def checkpoint_roots(connection: Connection) -> dict[int, bytes]:
    return {row.size: row.root for row in connection.execute(tables.checkpoint.select())}


async def claim(scene: Scene, size: int, root: bytes) -> None:
    row = (SENDER, size, format_base64(root), "an-event")
    await scene.end.node.journal.write(
        lambda connection: connection.execute(tables.seen_elsewhere.insert().values(row))
    )


async def test_what_another_court_has_seen_is_held_against_the_own_log(scene: Scene, tmp_path: Path) -> None:
    await scene.send(3)
    roots = await scene.hub.hub.journal.read(checkpoint_roots)
    await scene.send(2, first=4)
    await scene.end.pull()
    await scene.vouch()
    for size, root in roots.items():
        await claim(scene, size, root)
        await scene.prover.prove_some()
        assert await scene.alarms() == []
        assert scene.end.rows(tables.seen_elsewhere) == []
    await claim(scene, 3, bytes(32))
    await scene.prover.prove_some()
    [alarm] = await scene.alarms()
    assert SENDER in alarm
    assert "不是同一份" in alarm


async def test_each_court_asks_about_its_own_feed_and_not_too_much_at_once(scene: Scene) -> None:
    await scene.send(2)
    assert len(await Line(scene.hub.hub, RECEIVER).items(NORMAL, [1, 2, 9], 2)) == 2
    assert await Line(scene.hub.hub, "苏0509").items(NORMAL, [1, 2], 2) == {}
    with pytest.raises(FormatError):
        await scene.line.items(NORMAL, range(1, MOST_ITEMS + 2), 2)
    with pytest.raises(DomainError, match="OFFSET_OUT_OF_RANGE"):
        await scene.line.items(NORMAL, [1], 3)
    with pytest.raises(NotAllowed):
        await FeedProofService(scene.hub.hub.journal).ProveFeed(ProveFeedRequest(tree_size=1), None)


def settings_of(end: NodeEnd, directory: Path) -> NodeSettings:
    """The settings under which a court's operator compares; its node has joined."""
    settings = NodeSettings(data_dir=directory / end.node.court, database=end.node.url)
    settings.paths.create()
    pins = Pins(end.node.court, HUB_COURT, ORIGIN, LOG_KEY.verifier_key.format(), "127.0.0.1:1")
    with end.node.journal._writing.begin() as connection:
        write_pins(connection, pins)
        # The tests' schema is that of the migrations, without their mark.
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num TEXT)")
        connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{NEWEST}')")
    return settings


async def test_two_nodes_that_were_shown_two_histories_convict_the_hub(scene: Scene, tmp_path: Path) -> None:
    """The sender was shown another log. It acts; its signed header tells the receiver, and their files convict."""
    url = f"sqlite:///{tmp_path / 'sender.db'}"
    double = Hub(f"sqlite:///{tmp_path / 'double.db'}", scene.clock)
    double.journal.start()
    sender = NodeEnd(scene.hub, Node(url, SENDER, scene.clock), tmp_path / "documents")
    try:
        await double.push(SENDER, issued_records(2, first=50))
        other = await double.journal.read(newest_checkpoint)
        await sender.port._witness.vouch(CheckpointNotice(checkpoint=other))
        await scene.send(2)
        await scene.end.pull()
        await scene.vouch()

        await sender.node.journal.submit(sender.node.issue(7, RECEIVER))
        # A hub that looks would refuse it (`ruling.seen`); one that shows two logs lets it pass.
        await sender.node.push_to(scene.hub.hub)
        await scene.end.pull()
        await scene.vouch_again()
        await scene.prover.prove_some()
        [alarm] = await scene.alarms()
        assert f"{SENDER} 签名声明所见的平台日志（2 项）" in alarm

        theirs, own = settings_of(sender, tmp_path), settings_of(scene.end, tmp_path)
        export_checkpoints(theirs, tmp_path / "theirs.json")
        common, different = compare_checkpoints(own, tmp_path / "theirs.json", 1)
        assert (common, different) == (1, 1)
        [kept] = own.paths.misconduct.iterdir()
        shown = examined_file(kept, Pinned(ORIGIN, (LOG_KEY.verifier_key.format(),)))
        assert shown.examined.proven
    finally:
        sender.node.journal.close()
        double.journal.close()
