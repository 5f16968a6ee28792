"""The court's own keys are exchanged while the node works, and nothing is ever under a key that has ended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import pytest
from tests.cut_off import CutOffDisk
from tests.integration.hub.court import SENDER
from tests.integration.hub.stand import Serving, new_hub
from tests.integration.link.house import eventually
from tests.integration.node.test_joining import joined_node, linked

from xiezhi_domain.errors import Unavailable
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.events.ids import stream_id
from xiezhi_domain.keyring import CourtKey, Purpose
from xiezhi_domain.terms import EventKind
from xiezhi_hub import administration
from xiezhi_hub.opening import open_hub
from xiezhi_journal.keyrings import read_keyring
from xiezhi_journal.keys import SigningKey
from xiezhi_journal.migrate import upgrade
from xiezhi_journal.quarantine import KEYS
from xiezhi_journal.reading import HistoryRow, history
from xiezhi_journal.tables import quarantine
from xiezhi_node.config import NodeSettings
from xiezhi_node.doctor import examine_files
from xiezhi_node.joining import join
from xiezhi_node.key_change import KeyExchange, KeyName, prepare_exchange, under_exchange
from xiezhi_node.node import Node, open_node
from xiezhi_node.witnessing.exporting import own_witness_key
from xiezhi_papers.workshop import Workshop
from xiezhi_wire.jointoken import decode
from xiezhi_wire.startup import StartupError


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Serving]:
    async with new_hub(tmp_path / "hub") as hub:
        yield hub


def keys(at: Node | Serving, purpose: Purpose) -> list[CourtKey]:
    """The court's keys, in the order of the log."""
    journal = at.journal if isinstance(at, Node) else at.parts.hub.journal
    found = journal.read_now(read_keyring).of_court(SENDER)
    return [key for key in found if key.purpose is purpose]


def own_events(node: Node) -> list[HistoryRow]:
    return node.journal.read_now(lambda connection: history(connection, stream_id(SENDER)))


async def exchanged(node: Node, looking: KeyExchange | None = None) -> None:
    """Look again and again, as the program does, until nothing is under exchange."""
    async with asyncio.timeout(30):
        while under_exchange(node.settings.paths):
            await (looking or node.keys).look()
            await asyncio.sleep(0.05)


async def test_an_event_key_is_exchanged_with_an_overlap(hub: Serving, tmp_path: Path) -> None:
    async with joined_node(hub, SENDER, tmp_path) as node:
        paths, old = node.settings.paths, node.journal.key
        assert old is not None
        async with linked(node):
            await eventually(lambda: keys(node, Purpose.EVENT))
            new = prepare_exchange(paths, KeyName.EVENT)
            with pytest.raises(StartupError, match="正在更换"):
                prepare_exchange(paths, KeyName.EVENT)
            assert any(each.subject == EventKind.KEY_ROTATED.zh for each in examine_files(node.settings))
            await exchanged(node)
        assert node.journal.key is not None
        assert node.journal.key.key_id == new == SigningKey.load(paths.event_key).key_id
        for each in (node, hub):
            first, second = keys(each, Purpose.EVENT)
            assert (first.key_id, second.key_id, second.ended_index) == (old.key_id, new, None)
            # Both were good between the two entries.
            assert first.ended_index is not None
            assert second.added_index < first.ended_index
        *_, added, revoked = own_events(node)
        assert [(each.kind, each.accepted) for each in (added, revoked)] == [
            ("KeyAdded", True),
            ("KeyRevoked", True),
        ]
        assert (decode_header(added.header).key, decode_header(revoked.header).key) == (old.key_id, new)
        assert not list(paths.event_key.parent.glob("event-*.pem"))
        alarms = quarantine.select().where(quarantine.c.source == KEYS)
        assert node.journal.read_now(lambda connection: connection.execute(alarms).all()) == []


async def test_the_old_key_stays_good_while_something_under_it_is_pending(
    hub: Serving, tmp_path: Path
) -> None:
    """A link that carries nothing else: what the old key signed comes to the hub after the new key."""
    async with joined_node(hub, SENDER, tmp_path) as node:
        async with linked(node):
            await eventually(lambda: keys(node, Purpose.EVENT))
            prepare_exchange(node.settings.paths, KeyName.EVENT)
            await node.keys.look()
            await eventually(lambda: len(keys(node, Purpose.EVENT)) == 2)
        # Signed by the old key, which goes on signing until the new one is taken up.
        prepare_exchange(node.settings.paths, KeyName.COSIGN)
        await node.keys._exchange_cosign_key(node.journal.read_now(read_keyring))
        await node.keys.look()
        await node.keys.look()
        assert [key.ended_index for key in keys(node, Purpose.EVENT)] == [None, None]
        assert [row.accepted for row in own_events(node)][-1] is None
        async with linked(node):
            await exchanged(node)
        assert [row.accepted for row in own_events(node)] == [True] * 5
        assert [key.ended_index is None for key in keys(hub, Purpose.EVENT)] == [False, True]


async def test_a_cosigning_key_is_exchanged(hub: Serving, tmp_path: Path) -> None:
    async with joined_node(hub, SENDER, tmp_path) as node:
        before = own_witness_key(node.settings)
        async with linked(node):
            await eventually(lambda: keys(node, Purpose.COSIGN))
            prepare_exchange(node.settings.paths, KeyName.COSIGN)
            await exchanged(node)
        old, new = keys(hub, Purpose.COSIGN)
        assert (old.public_key, old.ended_index) == (before.public_key, new.added_index)
        assert own_witness_key(node.settings).public_key == new.public_key


@pytest.mark.parametrize("anew", [False, True])
@pytest.mark.parametrize("name", KeyName)
async def test_an_exchange_that_is_cut_off_at_any_step_is_finished(
    hub: Serving, tmp_path: Path, name: KeyName, anew: bool
) -> None:
    async with joined_node(hub, SENDER, tmp_path) as node, linked(node):
        paths, purpose, cosigning = node.settings.paths, Purpose(name.name), list[SigningKey]()
        looking = KeyExchange(paths, node.journal, node.seat, cosigning.append)
        path = {KeyName.EVENT: paths.event_key, KeyName.COSIGN: paths.cosign_key}[name]
        await eventually(lambda: keys(node, purpose))
        for at in count(1):
            old, disk = SigningKey.load(path).key_id, CutOffDisk(path.parent, at)
            with disk.cutting():
                prepare_exchange(paths, name)
                await exchanged(node, looking)
            if anew:  # the keys are read from their files then
                node.journal.key = SigningKey.load(paths.event_key)
                cosigning.append(SigningKey.load(paths.cosign_key))
            if not under_exchange(paths) and SigningKey.load(path).key_id == old:
                prepare_exchange(paths, name)
            await exchanged(node, looking)
            new = SigningKey.load(path).key_id
            assert new != old
            for each in (node, hub):
                assert [key.key_id for key in keys(each, purpose) if key.ended_index is None] == [new]
            signing = node.journal.key if name is KeyName.EVENT else cosigning[-1]
            assert signing is not None
            assert signing.key_id == new
            assert {each.name for each in path.parent.iterdir()} == {"event.pem", "cosign.pem"}
            if not disk.reached:
                break
        assert at > 4


async def test_a_key_that_ended_before_it_was_taken_up_is_dropped(hub: Serving, tmp_path: Path) -> None:
    """The court's keys were replaced while one was being exchanged."""
    async with joined_node(hub, SENDER, tmp_path) as node:
        settings = node.settings
        async with linked(node):
            await eventually(lambda: keys(node, Purpose.EVENT))
            prepare_exchange(settings.paths, KeyName.EVENT)
            await node.keys.look()
            await eventually(lambda: len(keys(hub, Purpose.EVENT)) == 2)
    async with joined_anew(hub, settings, replacing_keys=True) as node, linked(node):
        await eventually(lambda: len(keys(node, Purpose.EVENT)) == 3)
        await exchanged(node)
        [good] = [key for key in keys(hub, Purpose.EVENT) if key.ended_index is None]
        assert good.key_id == SigningKey.load(settings.paths.event_key).key_id
        assert len(keys(hub, Purpose.EVENT)) == 3


async def test_a_key_whose_entry_is_not_here_yet_waits(hub: Serving, tmp_path: Path) -> None:
    """What stands beside the key in use came with files of before, the log comes over the feed."""
    async with joined_node(hub, SENDER, tmp_path) as node:
        before = node.settings.paths.event_key.with_name("event-before.pem")
        SigningKey.generate(before)
        await node.keys.look()
        assert before.exists()
        assert [row.kind for row in own_events(node)] == ["KeyAdded", "KeyAdded"]


@asynccontextmanager
async def joined_anew(
    hub: Serving, settings: NodeSettings, *, replacing_keys: bool = False
) -> AsyncIterator[Node]:
    """The node of these settings, which was stopped, after it has joined again."""
    await join(settings, decode(await hub.token(SENDER)), replacing_keys=replacing_keys)
    node = open_node(settings, Workshop())
    node.journal.start()
    yield node
    await node.hub.close()
    await node.close()


async def test_a_court_joins_anew_and_keeps_its_data(hub: Serving, tmp_path: Path) -> None:
    """Its certificate has ended while it was away; its keys in the log are those of before."""
    async with joined_node(hub, SENDER, tmp_path) as node:
        settings = node.settings
        async with linked(node):
            await eventually(lambda: len(keys(node, Purpose.EVENT)) == 1)
            prepare_exchange(settings.paths, KeyName.EVENT)
            await exchanged(node)
    before, events = keys(hub, Purpose.EVENT), len(own_events(node))
    await asyncio.to_thread(administration.revoke, open_hub(hub.parts.hub.settings), SENDER)
    await hub.parts.revocations.refresh()
    async with joined_anew(hub, settings) as node, linked(node):
        await eventually(lambda: node.link.state.connected)
        assert keys(hub, Purpose.EVENT) == before
        assert len(own_events(node)) == events


async def test_lost_keys_are_replaced_with_the_token_of_the_superior(hub: Serving, tmp_path: Path) -> None:
    async with joined_node(hub, SENDER, tmp_path) as node:
        settings = node.settings
        async with linked(node):
            await eventually(lambda: len(keys(node, Purpose.COSIGN)) == 1)
    stolen = SigningKey.load(settings.paths.event_key)
    settings.paths.cosign_key.unlink()
    async with joined_anew(hub, settings, replacing_keys=True) as node:
        async with linked(node):
            await eventually(lambda: len(keys(node, Purpose.COSIGN)) == 2)
            async with asyncio.timeout(30):
                while keys(hub, Purpose.COSIGN)[0].ended_index is None:
                    await node.keys.look()
                    await asyncio.sleep(0.05)
        old, new = keys(hub, Purpose.EVENT)
        assert (old.key_id, old.ended_index) == (stolen.key_id, new.added_index)
        assert (new.key_id, new.ended_index) == (SigningKey.load(settings.paths.event_key).key_id, None)
        assert [key.ended_index is None for key in keys(hub, Purpose.COSIGN)] == [False, True]
        alarms = quarantine.select().where(quarantine.c.source == KEYS)
        assert node.journal.read_now(lambda connection: connection.execute(alarms).all()) == []


async def test_keys_are_not_replaced_where_there_is_no_data(hub: Serving, tmp_path: Path) -> None:
    async with joined_node(hub, SENDER, tmp_path):
        pass
    fresh = NodeSettings(data_dir=tmp_path / "fresh", min_free_mib=1)
    fresh.paths.create()
    await asyncio.to_thread(upgrade, fresh.database_url)
    token = decode(await hub.token(SENDER))
    with pytest.raises(Unavailable, match="恢复数据库备份"):
        await join(fresh, token, replacing_keys=True)
    assert [key.ended_index for key in keys(hub, Purpose.EVENT)] == [None]
