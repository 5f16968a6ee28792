"""A node that has joined a real hub, and how it says that it is well."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Connection, text
from tests.integration.hub.court import SENDER
from tests.integration.hub.stand import new_hub
from tests.integration.link.house import eventually

from xiezhi_domain.evidence.errors import ProofError
from xiezhi_journal import tables
from xiezhi_journal.journal import system_clock
from xiezhi_journal.migrate import upgrade
from xiezhi_journal.quarantine import FEED, KEYS, LOG, quarantine
from xiezhi_node.config import NodeSettings
from xiezhi_node.health import look, watch_health
from xiezhi_node.joining import join, make_desk_certificate
from xiezhi_node.node import Node, open_node
from xiezhi_papers.workshop import Workshop
from xiezhi_wire.jointoken import decode


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[Node]:
    async with new_hub(tmp_path / "hub") as hub:
        settings = NodeSettings(data_dir=tmp_path / "node", min_free_mib=1)
        settings.paths.create()
        await asyncio.to_thread(upgrade, settings.database_url)
        await join(settings, decode(await hub.token(SENDER)))
        make_desk_certificate(settings, SENDER, system_clock())
        node = open_node(settings, Workshop())
        node.journal.start()
        yield node
        await node.hub.close()
        await node.close()


class Desk:
    """What balancers are told."""

    def __init__(self) -> None:
        self.told: list[bool] = []

    async def set_serving(self, *, serving: bool) -> None:
        self.told.append(serving)


async def rename(node: Node, old: str, new: str) -> None:
    await node.journal.write(
        lambda connection: connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))
    )


async def test_a_node_that_has_joined_is_well(node: Node) -> None:
    assert await look(node) == ""
    assert REGISTRY.get_sample_value("xiezhi_node_pending_events") == 2
    assert REGISTRY.get_sample_value("xiezhi_node_link_up") == 0
    assert not await node.renewal.look()


async def test_what_accuses_the_hub_is_measured_apart_from_what_was_put_aside(node: Node) -> None:
    def hold(connection: Connection) -> None:
        for at, source in enumerate((FEED, KEYS, LOG)):
            quarantine(connection, source, f"event-{at}", ProofError("测试"), at)
        connection.execute(tables.unproven.insert().values(log_index=7, event_id="e", lane=2, feed_seq=1))

    await node.journal.write(hold)
    await look(node)
    names = ("quarantined_events", "log_alarms", "unproven_entries")
    assert [REGISTRY.get_sample_value(f"xiezhi_node_{name}") for name in names] == [1, 2, 1]


async def test_a_database_that_cannot_be_read_turns_health_red_and_ends_no_program(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xiezhi_node.health.EVERY_S", 0.01)
    desk = Desk()
    watching = asyncio.create_task(watch_health(node, desk))  # type: ignore[arg-type]  # what it is told is enough
    await rename(node, "pending", "away")
    await eventually(lambda: desk.told == [False])
    assert await look(node)
    await rename(node, "away", "pending")
    await eventually(lambda: desk.told == [False, True])
    assert not watching.done()
    watching.cancel()


async def test_a_data_directory_that_is_gone_turns_health_red(node: Node) -> None:
    directory = node.settings.data_dir
    directory.rename(directory.with_name("away"))
    assert "数据目录" in await look(node)
    directory.with_name("away").rename(directory)
    assert await look(node) == ""
