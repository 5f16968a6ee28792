"""Everything that a program needs to tell people outside the platform, put together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self

from xiezhi_desk.notifying.delivery import Delivery
from xiezhi_desk.notifying.digest import HourlyLimit
from xiezhi_desk.notifying.gathering import Gatherer, Source, Subscribe
from xiezhi_desk.notifying.opening import Ways, open_ways
from xiezhi_desk.notifying.pruning import Pruner
from xiezhi_desk.notifying.queueing import Queueing
from xiezhi_desk.notifying.settings import NotifyingSettings, load_notifying
from xiezhi_journal.journal import Journal
from xiezhi_wire.program import BackgroundTask


@dataclass(frozen=True, slots=True)
class Notifying:
    """Settings, ways out, the ones who queue, send and delete."""

    settings: NotifyingSettings
    ways: Ways
    gatherer: Gatherer
    delivery: Delivery
    pruner: Pruner

    @classmethod
    def around(
        cls, journal: Journal, file: Path | None, sources: Callable[[NotifyingSettings], Sequence[Source]]
    ) -> Self:
        """Return what the notifications file asks for; *sources* are what the program follows under its rules.

        :raises StartupError: the file or a secret that it names is not in order.
        """
        settings = load_notifying(file)
        ways = open_ways(settings, journal.clock)
        hooks = {table.name: table.kinds for table in settings.webhooks}
        queueing = Queueing(journal.court, settings.rules, settings.wording, settings.channels, hooks)
        gatherer = Gatherer(journal, queueing, sources(settings))
        limit = HourlyLimit(settings.sms.per_hour) if settings.sms else None
        delivery, pruner = Delivery(journal, ways, settings.quiet, limit), Pruner(journal, settings.keep_days)
        return cls(settings, ways, gatherer, delivery, pruner)

    def tasks(self, subscribe: Subscribe) -> dict[str, BackgroundTask]:
        """Return the background tasks by name: none where no way out is configured."""
        if not self.settings.channels:
            return {}
        sending: dict[str, BackgroundTask] = {
            f"notifications_{channel.lower()}": partial(self.delivery.run, channel)
            for channel in self.settings.channels
        }
        gathering = partial(self.gatherer.run, subscribe)
        return {"notifications": gathering, "notifications_pruned": self.pruner.run, **sending}

    async def close(self) -> None:
        """Let go of connections."""
        await self.ways.close()
