"""The key of the hub's own events is exchanged while it runs; what it signed before and after is good everywhere."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest
from tests.cut_off import CutOffDisk
from tests.integration.hub.court import HUB_COURT, SENDER, Link
from tests.integration.hub.stand import Serving, new_hub, serving
from tests.integration.hub.story import collect, publish_overlay, snapshot
from tests.integration.link.house import eventually
from tests.integration.node.test_joining import joined_node, linked, publications

from xiezhi_client.verify.audit import Audit, run_audit
from xiezhi_client.verify.findings import Verdict
from xiezhi_client.verify.pins import Pins
from xiezhi_domain.errors import Unavailable
from xiezhi_domain.keyring import CourtKey
from xiezhi_hub.doctor import examine_journal
from xiezhi_hub.event_key import prepare_exchange
from xiezhi_hub.opening import open_hub
from xiezhi_hub.recovery.gate import Phase
from xiezhi_journal.keyrings import read_keyring
from xiezhi_journal.keys import SigningKey, next_key
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.quarantine import KEYS
from xiezhi_journal.tables import head, quarantine
from xiezhi_node.node import Node
from xiezhi_wire.startup import StartupError

ALARMS = quarantine.select().where(quarantine.c.source == KEYS)


@pytest.fixture
async def hub(tmp_path: Path, journal_url: str) -> AsyncIterator[Serving]:
    async with new_hub(tmp_path / "hub", database=journal_url) as hub:
        yield hub


def key_path(hub: Serving) -> Path:
    return hub.parts.hub.paths.event_key


def hub_keys(at: Serving | Node) -> list[CourtKey]:
    """The hub's own keys, in the order of the log."""
    journal = at.journal if isinstance(at, Node) else at.parts.hub.journal
    keyring = journal.read_now(read_keyring)
    return [key for key_id, key in keyring.keys.items() if key_id in keyring.of_hub()]


def valid_key(at: Serving | Node) -> str:
    [key] = [key for key in hub_keys(at) if key.ended_index is None]
    return key.key_id


def started_anew(hub: Serving) -> None:
    """The key is read from its file, as by a program that starts."""
    hub.parts.hub.journal.key = SigningKey.load(key_path(hub))
    hub.parts.event_key.begin()


async def exchange(hub: Serving) -> str:
    new = prepare_exchange(key_path(hub))
    await hub.parts.event_key.look()
    return new


def journal_position(hub: Serving) -> int:
    position: int = hub.parts.hub.journal.read_now(
        lambda connection: connection.execute(head.select()).one().journal_position
    )
    return position


async def test_nodes_and_auditors_take_what_the_hub_signs_before_and_after(tmp_path: Path) -> None:
    async with (
        new_hub(tmp_path / "hub") as hub,
        joined_node(hub, SENDER, tmp_path / "sender") as node,
        joined_node(hub, HUB_COURT, tmp_path / "beside") as beside,
        linked(node),
        linked(beside),
    ):
        settings, old = hub.parts.hub.settings, hub.parts.hub.journal.key
        assert old is not None
        new = await exchange(hub)
        assert [(key.key_id, key.ended_index is None) for key in hub_keys(hub)] == [
            (old.key_id, False),
            (new, True),
        ]
        assert hub_keys(hub)[0].ended_index == hub_keys(hub)[1].added_index
        await publish_overlay(hub)
        for each in (node, beside):
            await eventually(lambda each=each: len(each.journal.read_now(publications)) == 2)
            assert hub_keys(each) == hub_keys(hub)
            assert each.journal.read_now(lambda connection: connection.execute(ALARMS).all()) == []
        pins = Pins(settings.origin, (hub.parts.hub.journal.signer.verifier_key.format(),))
        audited = await asyncio.to_thread(run_audit, Audit(str(settings.data_dir / "journal.db"), pins))
        assert audited.verdict is Verdict.CHECKED, audited.lines()
    async with serving(settings) as hub:
        assert hub.parts.hub.journal.key is not None
        assert hub.parts.hub.journal.key.key_id == new
        again = await exchange(hub)
        assert [key.key_id for key in hub_keys(hub)] == [old.key_id, new, again]


async def test_what_the_hub_signed_is_none_of_what_its_courts_node_made(hub: Serving, tmp_path: Path) -> None:
    """A node that believed in more would give itself numbers anew, or wait for its own events for ever."""
    court = await hub.joined(HUB_COURT, tmp_path)
    async with hub.connect(court) as channel:
        made = (await Link(channel).hello()).ruled_position
    await publish_overlay(hub)
    for _ in range(2):
        await exchange(hub)
        async with hub.connect(court) as channel:
            assert (await Link(channel).hello()).ruled_position == made
    assert journal_position(hub) > made


@pytest.mark.parametrize("anew", [False, True])
async def test_an_exchange_that_is_cut_off_at_any_step_is_finished(hub: Serving, anew: bool) -> None:
    path = key_path(hub)
    for at in count(1):
        old, disk = valid_key(hub), CutOffDisk(path.parent, at)
        with disk.cutting():
            await exchange(hub)
        if anew:
            started_anew(hub)
        if valid_key(hub) == old and not next_key(path).exists():
            prepare_exchange(path)
        await hub.parts.event_key.look()
        key = hub.parts.hub.journal.key
        assert key is not None
        assert valid_key(hub) == key.key_id == SigningKey.load(path).key_id != old
        assert not list(path.parent.glob("event-*"))
        if not disk.reached:
            break
    assert at > 4


async def test_a_key_that_is_in_the_log_signs_whatever_follows_the_commit(hub: Serving) -> None:
    """The head file cannot be written, say: the old key has ended all the same."""
    journal = hub.parts.hub.journal
    goes_on = journal.after_commit

    def fails(_ledger: Ledger) -> None:
        raise OSError("the disk says no")

    journal.after_commit = fails
    with pytest.raises(Unavailable):
        await exchange(hub)
    journal.after_commit = goes_on
    assert journal.key is not None
    assert journal.key.key_id == valid_key(hub) == SigningKey.load(key_path(hub)).key_id


async def test_a_key_from_an_old_backup_starts_no_hub(tmp_path: Path) -> None:
    old = tmp_path / "old.pem"
    async with new_hub(tmp_path / "hub") as hub:
        settings, path = hub.parts.hub.settings, key_path(hub)
        shutil.copy(path, old)
        await exchange(hub)
        prepare_exchange(path)
        with pytest.raises(StartupError, match="正在更换"):
            prepare_exchange(path)
        await hub.parts.event_key.look()
    shutil.copy(old, path)
    with pytest.raises(StartupError, match="备份恢复"):
        async with serving(settings):
            pass
    opened = open_hub(settings)
    found = opened.journal.read_now(lambda connection: examine_journal(connection, opened))
    opened.journal.close()
    assert [each.good for each in found if each.subject == "签名密钥"] == [False]


async def test_a_restored_hub_knows_what_it_signed_with_former_keys(tmp_path: Path) -> None:
    """The database is of before the exchange, the key of after it; the rest comes from a node's copy."""
    async with new_hub(tmp_path / "hub") as hub:
        settings, court = hub.parts.hub.settings, await hub.joined(SENDER, tmp_path)
        database, backup = settings.data_dir / "journal.db", tmp_path / "backup.db"
        await asyncio.to_thread(back_up, database, backup)
        await publish_overlay(hub)
        new = await exchange(hub)
        held, state, position = await collect(hub, court), await snapshot(hub), journal_position(hub)
    for path in database.parent.glob("journal.db*"):
        path.unlink()
    shutil.copy(backup, database)
    async with serving(settings) as hub:
        assert hub.parts.gate.phase is Phase.RECOVERING
        await hub.parts.recovery.take(SENDER, held, done=True)
        assert hub.parts.gate.is_open
        assert await snapshot(hub) == state
        # No position that was signed, under whichever key, is given again.
        assert journal_position(hub) == position
        assert valid_key(hub) == new
        await exchange(hub)
        assert journal_position(hub) == position + 1


def back_up(database: Path, backup: Path) -> None:
    with sqlite3.connect(database) as source, sqlite3.connect(backup) as target:
        source.backup(target)
    source.close()
    target.close()
