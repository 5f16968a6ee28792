"""A list as a spreadsheet, narrowed as it is shown. Hub or node record who took it and why; a node writes it, too."""

import io
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import InstructionSummary
from xiezhi_client.sheets.writing import write_xlsx
from xiezhi_domain.terms import Kind, Mark, State
from xiezhi_workbench import words
from xiezhi_workbench.page import Page, page
from xiezhi_workbench.pages.matters import meant

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TITLES: Final = (
    *("事项编号", "案号", "类型", "委托法院", "受托法院"),
    *("发出", "办结期限", "状态", "标记"),
)


@page
async def export(page: Page) -> Response:
    """Give the whole list as XLSX; the reason is required. Raise `InvalidInput`."""
    which, wanted = meant(page)
    if page.is_hub:
        rows = list(map(_row, await page.client.supervision.export(wanted.filter, page.text("purpose"))))
        return _file(f"{which.title}.xlsx", await run_in_threadpool(_written, rows))
    name, content = await page.client.exports.list_content(
        wanted.filter, page.text("purpose"), channel=wanted.channel or "PLATFORM"
    )
    return _file(name, content)


def _row(each: InstructionSummary) -> tuple[str, ...]:
    return (
        each.matter_number,
        each.case_number,
        words.word(Kind, each.kind),
        words.court(each.sender),
        words.court(each.receiver),
        words.moment(each.issued_at),
        words.moment(each.due_at),
        words.word(State, each.state),
        "、".join(words.word(Mark, mark) for mark in each.marks),
    )


def _written(rows: Iterable[tuple[str, ...]]) -> bytes:
    file = io.BytesIO()
    write_xlsx(file, _TITLES, rows)
    return file.getvalue()


def _file(name: str, content: bytes) -> Response:
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=_XLSX, headers={"content-disposition": disposition})


routes = [Route("/lists/export", export, methods=["POST"])]
