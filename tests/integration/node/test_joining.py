"""A node that joins a real hub, and what it then learns over the link."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, select
from tests.integration.hub.court import HUB_COURT, RECEIVER, SENDER, instruction_of
from tests.integration.hub.stand import Serving, new_hub
from tests.integration.hub.story import publish_overlay
from tests.integration.link.house import eventually

from xiezhi_desk.directory import list_courts
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_journal import tables
from xiezhi_journal.migrate import upgrade
from xiezhi_journal.rulebooks import Publication, read_publications
from xiezhi_node.config import NodeSettings
from xiezhi_node.joining import join
from xiezhi_node.node import Node, open_node
from xiezhi_papers.workshop import Workshop
from xiezhi_wire.jointoken import decode


@asynccontextmanager
async def joined_node(hub: Serving, court: str, directory: Path) -> AsyncIterator[Node]:
    """A node that has joined, and has not met the hub on the link yet."""
    settings = NodeSettings(data_dir=directory / "node", min_free_mib=1)
    settings.paths.create()
    await asyncio.to_thread(upgrade, settings.database_url)
    await join(settings, decode(await hub.token(court)))
    node = open_node(settings, Workshop())
    node.journal.start()
    yield node
    await node.hub.close()
    await node.close()


@asynccontextmanager
async def linked(node: Node) -> AsyncIterator[None]:
    link = asyncio.create_task(node.link.run())
    try:
        yield
        assert not link.done()
    finally:
        link.cancel()
        await asyncio.wait([link])


def joined(node: Node) -> set[str]:
    courts = node.journal.read_now(partial(list_courts, joined_only=True))
    return {court.code for court in courts}


def matters(node: Node) -> list[str]:
    query = select(tables.instruction.c.instruction)
    return list(node.journal.read_now(lambda connection: connection.scalars(query).all()))


def publications(connection: Connection) -> list[Publication]:
    return read_publications(connection, HUB_COURT)


async def test_who_has_joined_is_known_of_oneself_and_of_who_joined_while_one_was_away(
    tmp_path: Path,
) -> None:
    async with new_hub(tmp_path / "hub") as hub, joined_node(hub, SENDER, tmp_path) as node:
        await hub.joined(RECEIVER, tmp_path)
        assert joined(node) == set()
        async with linked(node):
            await eventually(lambda: joined(node) == {SENDER, RECEIVER})
            await hub.joined(HUB_COURT, tmp_path)
            await eventually(lambda: joined(node) == {SENDER, RECEIVER, HUB_COURT})


async def test_a_rulebook_that_the_hub_cannot_give_now_is_asked_for_by_the_next_stream(
    tmp_path: Path,
) -> None:
    async with new_hub(tmp_path / "hub") as hub, joined_node(hub, RECEIVER, tmp_path) as node:
        async with linked(node):
            await eventually(lambda: node.journal.read_now(publications))
        sender = await hub.joined(SENDER, tmp_path)
        order = sender.issue(RECEIVER)
        await hub.parts.intake.rule(SENDER, [order])
        # Matters have lanes of their own and may come before the publication of what they pin.
        at_hub, held = hub.parts.hub.journal.rulebooks, dict(node.journal.rulebooks)
        at_hub.clear()
        node.journal.rulebooks.clear()
        async with linked(node):
            await eventually(lambda: node.link.state.last_error)
            assert matters(node) == []
            at_hub.update(held)
            await eventually(lambda: matters(node) == [instruction_of(order)])


async def test_a_court_that_joins_later_has_the_rulebook_in_force(tmp_path: Path) -> None:
    async with new_hub(tmp_path / "hub") as hub:
        shipped, rulebook = shipped_rulebook().hash, await publish_overlay(hub)
        async with joined_node(hub, RECEIVER, tmp_path) as node:
            assert node.seat.rulebook.hash == rulebook
            async with linked(node):
                await eventually(lambda: len(node.journal.read_now(publications)) == 2)
            assert set(node.journal.rulebooks) == {shipped, rulebook}
