"""A node that joins a real hub, and what it then knows of the courts."""

import asyncio
from functools import partial
from pathlib import Path

from tests.integration.hub.court import HUB_COURT, RECEIVER, SENDER
from tests.integration.hub.stand import new_hub
from tests.integration.link.house import eventually

from xiezhi_desk.directory import list_courts
from xiezhi_journal.migrate import upgrade
from xiezhi_node.config import NodeSettings
from xiezhi_node.joining import join
from xiezhi_node.node import Node, open_node
from xiezhi_wire.jointoken import decode


def joined_at(node: Node) -> set[str]:
    courts = node.journal.read_now(partial(list_courts, joined_only=True))
    return {court.code for court in courts}


async def test_who_has_joined_is_known_of_oneself_and_of_who_joined_while_one_was_away(
    tmp_path: Path,
) -> None:
    async with new_hub(tmp_path / "hub") as hub:
        settings = NodeSettings(data_dir=tmp_path / "node", min_free_mib=1)
        settings.paths.create()
        await asyncio.to_thread(upgrade, settings.database_url)
        await join(settings, decode(await hub.token(SENDER)))
        await hub.joined(RECEIVER, tmp_path)
        node = open_node(settings)
        assert joined_at(node) == set()
        node.journal.start()
        link = asyncio.create_task(node.link.run())
        await eventually(lambda: joined_at(node) == {SENDER, RECEIVER})
        await hub.joined(HUB_COURT, tmp_path)
        await eventually(lambda: joined_at(node) == {SENDER, RECEIVER, HUB_COURT})
        link.cancel()
        await asyncio.wait([link])
        await node.hub.close()
        await node.close()
