"""What the doctor finds in a node that is running."""

import asyncio
from collections.abc import Iterator

from xiezhi_domain.court_time import to_text
from xiezhi_node.doctor import Finding, examine_files, examine_journal
from xiezhi_node.health import look
from xiezhi_node.node import Node


async def examine_running(node: Node) -> list[Finding]:
    """Return what was found; registries are told by their own service."""
    problem = await look(node)
    files = await asyncio.to_thread(examine_files, node.settings)
    stored = await node.journal.read(examine_journal)
    return [Finding("运行", not problem, problem or "正常"), *_link(node), *files, *stored]


def _link(node: Node) -> Iterator[Finding]:
    state = node.link.state
    if state.connected_since_ms is None:
        why = f"：{state.last_error}" if state.last_error else ""
        yield Finding("与中院平台的连接", False, f"未连接{why}")
        return
    recovering = "，平台正在恢复" if state.recovering else ""
    text = f"自 {to_text(state.connected_since_ms)} 起，平台版本 {state.hub_version}{recovering}"
    yield Finding("与中院平台的连接", not state.recovering, text)
    if state.clock_offset_ms is not None:
        yield Finding("时钟", True, f"与平台相差 {round(state.clock_offset_ms / 1000, 1) + 0:+.1f} 秒")
