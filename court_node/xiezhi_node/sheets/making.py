"""台账 and 交办单 as sheets."""

from collections.abc import Sequence
from itertools import groupby

from xiezhi_domain.court_time import to_text
from xiezhi_domain.indicators import Period
from xiezhi_domain.terms import Channel
from xiezhi_journal.reading import Box
from xiezhi_node.sheets.layout import Layout
from xiezhi_node.sheets.rows import SheetRow
from xiezhi_papers.sheets import Group, Sheet

_NOBODY = "尚未指定人员"


def ledger(layout: Layout, rows: Sequence[SheetRow], court: str, box: Box, period: Period, now: int) -> Sheet:
    """Return the ledger of *period*, one line for each matter; *court* is the name of the court that keeps it."""
    return Sheet(
        title=layout.title or f"{box.value}台账",
        lines=(f"{court}　{period.words}", f"共 {len(rows)} 件　制表时间 {to_text(now)}"),
        columns=layout.columns,
        groups=(Group("", layout.lines(rows)),),
    )


def handout(layout: Layout, rows: Sequence[SheetRow], court: str, now: int) -> Sheet:
    """Return the hand-out sheet: the matters of each officer together, with lines to sign on."""
    by_officer = sorted(rows, key=lambda row: (row.matter.officer_name, row.matter.due_at))
    groups, serial = [], 1
    for officer, found in groupby(by_officer, key=lambda row: row.matter.officer_name):
        own = list(found)
        heading = f"承办：{officer or _NOBODY}　{len(own)} 件"
        groups.append(Group(heading, layout.lines(own, serial)))
        serial += len(own)
    return Sheet(
        title=layout.title or "交办单",
        lines=(f"{court}　共 {len(rows)} 件　交办时间 {to_text(now)}",),
        columns=layout.columns,
        groups=tuple(groups),
        foot=(
            "交办人（签名）：　　　　　　　　年　　月　　日",
            "接收人（签名）：　　　　　　　　年　　月　　日",
        ),
    )


def of_channel(rows: Sequence[SheetRow], channel: Channel | None) -> list[SheetRow]:
    """Return the rows of one channel; all of them for None."""
    return [
        row
        for row in rows
        if channel is None or (row.record.channel if row.record else Channel.PLATFORM) is channel
    ]
