"""What `doctor` says of orders to erase and of the record of looks, the same at hub and node."""

from collections.abc import Iterator

from sqlalchemy import Connection

from xiezhi_journal.erasures import unfinished
from xiezhi_journal.look_seals import changed_days, seals


def examine_erasures(connection: Connection, court: str, holder: str) -> Iterator[tuple[str, bool, str]]:
    """Yield subject, whether it is good, and what was found; *holder* is the hub or the node of *court*."""
    waiting = [each for each in unfinished(connection) if each.due]
    text = "无" if not waiting else f"{len(waiting)} 项尚未清除完毕，程序运行时会自动继续"
    yield "待清除", not waiting, text
    changed = changed_days(connection, court, holder)
    if changed:
        text = f"{'、'.join(changed)} 的查看记录与平台日志中封存的不符，可能被改动，请报告审计人员"
    else:
        text = f"已封存 {len(seals(connection, court, holder))} 天，与记录相符"
    yield "查看记录", not changed, text
