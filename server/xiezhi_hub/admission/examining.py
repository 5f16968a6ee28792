"""What the doctor finds in a hub that is running."""

import asyncio

from xiezhi_hub.doctor import Finding, examine_files, examine_journal
from xiezhi_hub.parts import Parts


async def examine_running(parts: Parts) -> list[Finding]:
    """Return what was found; documents are counted elsewhere, and not looked for one by one."""
    files = await asyncio.to_thread(examine_files, parts.hub.settings)
    journal = parts.hub.journal
    stored = await journal.read(lambda connection: examine_journal(connection, parts.hub))
    return [_running(parts), *files, *stored]


def _running(parts: Parts) -> Finding:
    failing = parts.hub.journal.writer.failing
    problem = f"最近一次写入失败（{failing}）" if failing else parts.head_keeper.problem or parts.gate.why
    if not problem and not parts.gate.is_open:
        problem = "正在恢复，暂不裁定"
    return Finding("运行", not problem, problem or "正常裁定")
