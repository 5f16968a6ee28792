"""The node's health: red when it cannot store or sign, told to balancers by gRPC health and to people by doctor."""

import asyncio
import shutil
from functools import partial

import structlog
from prometheus_client import Gauge
from sqlalchemy import Connection, Table, func, select

from xiezhi_domain.errors import DomainError
from xiezhi_journal import tables
from xiezhi_journal.quarantine import ALARMS
from xiezhi_node.node import Node
from xiezhi_wire.listener import Listener

EVERY_S = 5.0
MIB = 1024 * 1024
_log = structlog.get_logger(__name__)

LINK_UP = Gauge("xiezhi_node_link_up", "Whether the hub has welcomed this node on the present stream.")
PENDING = Gauge("xiezhi_node_pending_events", "Own events that the hub has not ruled on.")
QUARANTINED = Gauge("xiezhi_node_quarantined_events", "Events that this node could not take or send.")
UNPROVEN = Gauge("xiezhi_node_unproven_entries", "Delivered entries not yet proven to be in the hub's log.")
LOG_ALARMS = Gauge("xiezhi_node_log_alarms", "Key entries, deliveries and logs that accuse the hub.")
CLOCK_OFFSET = Gauge("xiezhi_node_clock_offset_ms", "How much the hub's clock is ahead.")


async def watch_health(node: Node, desk: Listener) -> None:
    """Look every few seconds, until cancelled."""
    healthy = True
    while True:
        problem = await look(node)
        if bool(problem) is healthy:
            healthy = not problem
            _log.warning("health_changed", healthy=healthy, problem=problem)
            await desk.set_serving(serving=healthy)
        await asyncio.sleep(EVERY_S)


async def look(node: Node) -> str:
    """Measure, and return what is wrong, in Chinese; empty while all is well."""
    try:
        await _measure(node)
        return await red(node)
    except DomainError as error:
        return error.message
    except OSError as error:
        return f"数据目录无法读取：{error.strerror}"


async def red(node: Node) -> str:
    """Return why the node cannot do its work, in Chinese; empty while it can."""
    if node.journal.writer.failing:
        return f"最近一次写入失败（{node.journal.writer.failing}）"
    free = await asyncio.to_thread(shutil.disk_usage, node.settings.data_dir)
    if free.free < node.settings.min_free_mib * MIB:
        return f"磁盘剩余空间不足 {node.settings.min_free_mib} MiB"
    return node.signed.problem


async def _measure(node: Node) -> None:
    state = node.link.state
    LINK_UP.set(state.connected)
    if state.clock_offset_ms is not None:
        CLOCK_OFFSET.set(state.clock_offset_ms)
    for gauge, table in ((PENDING, tables.pending), (UNPROVEN, tables.unproven)):
        gauge.set(await node.journal.read(partial(_count, table=table)))
    held, alarms = await node.journal.read(_count_quarantine)
    QUARANTINED.set(held)
    LOG_ALARMS.set(alarms)


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _count_quarantine(connection: Connection) -> tuple[int, int]:
    """Return how many events are held, and how many alarms there are."""
    source = tables.quarantine.c.source
    alarms = connection.scalar(select(func.count()).where(source.in_(ALARMS))) or 0
    return _count(connection, tables.quarantine) - alarms, alarms
