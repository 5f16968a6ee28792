"""What `QueryService` works with, and the tasks that keep it going."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from xiezhi_journal.journal import Journal
from xiezhi_link.signal import Signal
from xiezhi_node.registries.acts import RegistryActs
from xiezhi_node.registries.asking import Again, Asking
from xiezhi_node.registries.connector import Connector, Tries
from xiezhi_node.registries.hits import HitWatcher
from xiezhi_node.registries.queries import Queries
from xiezhi_node.registries.settings import RegistrySettings
from xiezhi_node.seat import Seat


@dataclass(frozen=True, slots=True)
class RegistryDesk:
    """The registries of this court and what uses them."""

    settings: RegistrySettings
    connectors: Mapping[str, Connector]
    asking: Asking
    queries: Queries
    acts: RegistryActs
    watchers: tuple[HitWatcher, ...]

    @classmethod
    def around(
        cls,
        journal: Journal,
        seat: Seat,
        settings: RegistrySettings,
        commits: Signal,
        tries: Tries | None = None,
        again: Again | None = None,
    ) -> Self:
        """Return the desk around the configured registries; nothing runs yet."""
        connectors = {
            name: Connector(table, journal.clock, tries) for name, table in settings.connectors.items()
        }
        asking = Asking(journal, connectors, settings.categories, again)
        return cls(
            settings=settings,
            connectors=connectors,
            asking=asking,
            queries=Queries(journal, seat, settings, asking, commits),
            acts=RegistryActs(journal, seat, settings, connectors),
            watchers=tuple(HitWatcher(journal, each) for each in connectors.values() if each.table.watch),
        )

    async def watch(self) -> None:
        """Hear of persons seen, from every registry that tells, until cancelled."""
        async with asyncio.TaskGroup() as following:
            following.create_task(asyncio.Event().wait())
            for watcher in self.watchers:
                following.create_task(watcher.run())

    async def close(self) -> None:
        """Leave what is being asked and close every channel."""
        await self.asking.stop()
        for connector in self.connectors.values():
            await connector.close()
