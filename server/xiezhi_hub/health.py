"""The hub's health: red when it cannot store, sign or extend its log; told to balancers and to Prometheus."""

import asyncio
import shutil
from collections.abc import Sequence
from functools import partial
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy import Connection, Table, func, select

from xiezhi_domain.errors import DomainError
from xiezhi_domain.evidence.merkle import EMPTY_ROOT, verify_consistency
from xiezhi_hub.log_head import SignedHead, read_head
from xiezhi_hub.parts import MIB, Parts
from xiezhi_journal import tables
from xiezhi_journal.translog import consistency_proof
from xiezhi_wire.listener import Listener

_log = structlog.get_logger(__name__)

EVERY_SECONDS: Final = 5.0
LAGGING_MS: Final = 10 * 60_000
"""A joined court that was not heard for so long is counted as lagging."""


class Health:
    """Looks after a serving hub. *listeners* turn red and green; the link stays green while the hub recovers."""

    def __init__(self, parts: Parts, listeners: Sequence[Listener], registry: CollectorRegistry) -> None:
        self._parts = parts
        self._listeners = listeners
        self._seen = SignedHead(0, EMPTY_ROOT)
        self._problem = ""
        self._open = Gauge("xiezhi_hub_open", "Whether the hub rules and signs.", registry=registry)
        self._size = Gauge("xiezhi_hub_log_size", "Entries of the log.", registry=registry)
        self._held = Gauge("xiezhi_hub_quarantined_events", "Events put aside.", registry=registry)
        self._lagging = Gauge("xiezhi_hub_lagging_courts", "Joined courts not heard.", registry=registry)

    async def run(self) -> None:
        """Look every few seconds, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(EVERY_SECONDS)

    async def look(self) -> str:
        """Measure, and turn the listeners red or green; returns what is wrong, in Chinese."""
        try:
            problem = await self._find_problem()
            await self._measure()
        except DomainError as error:
            problem = error.message
        if problem != self._problem:
            _log.warning("health_changed", healthy=not problem, problem=problem)
        self._problem = problem
        for listener in self._listeners:
            recovering = bool(self._parts.gate.why) and listener.name != "link"
            await listener.set_serving(serving=not problem and not recovering)
        return problem or self._parts.gate.why

    async def _find_problem(self) -> str:
        hub = self._parts.hub
        if hub.journal.writer.failing:
            return f"最近一次写入失败（{hub.journal.writer.failing}）"
        if self._parts.head_keeper.problem:
            return self._parts.head_keeper.problem
        disk = await asyncio.to_thread(shutil.disk_usage, hub.settings.data_dir)
        if disk.free < hub.settings.min_free_mib * MIB:
            return f"磁盘剩余空间不足 {hub.settings.min_free_mib} MiB"
        return await hub.journal.read(self._extends)

    def _extends(self, connection: Connection) -> str:
        """Return what is wrong if the log is not a continuation of itself."""
        head, seen = read_head(connection), self._seen
        if seen.size and head.size >= seen.size:
            proof = consistency_proof(connection, seen.size, head.size)
            try:
                verify_consistency(seen.size, seen.root, head.size, head.root, proof)
            except DomainError:
                return "平台日志不是由先前的日志增加而来，请立即停止使用并联系技术支持"
        elif head.size < seen.size:
            return "平台日志变短，请立即停止使用并联系技术支持"
        self._seen = head
        return ""

    async def _measure(self) -> None:
        journal = self._parts.hub.journal
        self._open.set(self._parts.gate.is_open)
        self._size.set(self._seen.size)
        self._held.set(await journal.read(partial(_count, table=tables.quarantine)))
        self._lagging.set(await journal.read(partial(_lagging, since=journal.clock() - LAGGING_MS)))


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _lagging(connection: Connection, since: int) -> int:
    court = tables.court
    query = select(func.count()).where(court.c.joined_at > 0, court.c.heard_at < since)
    return connection.scalar(query) or 0
