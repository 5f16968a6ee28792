"""通讯录与值班: whom to call at which court now, the court's own roster, leave and who stands in."""

import io
from collections.abc import Sequence
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.people.roster import COLUMNS, roster_entry, roster_problems
from xiezhi_client.sdk import InvalidInput, XiezhiError, batch_request_id
from xiezhi_client.sheets.reading import Problem as CellProblem
from xiezhi_client.sheets.reading import parse_sheet
from xiezhi_client.sheets.template import write_template
from xiezhi_domain.terms import Role
from xiezhi_workbench.asking import if_allowed
from xiezhi_workbench.page import Page, Problem, page, status_of

HERE: Final = "/duty"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_UNPACKED: Final = 16 * 1024 * 1024
"""Bytes that a list of people may unpack to; 5,000 rows are some 4 MB."""
_IMPORTS: Final = frozenset({"CENTRE_DIRECTOR", "CENTRE_OFFICER", "ADMINISTRATOR"})


@page
async def show(page: Page) -> Response:
    """Show who is on duty, the roster, and who is away."""
    return await _shown(page)


@page
async def template(page: Page) -> Response:
    """Give the empty roster."""
    del page
    return sheet_template(COLUMNS, "roster.xlsx")


def sheet_template(columns: Sequence[object], name: str) -> Response:
    """Give an empty sheet that explains itself."""
    file = io.BytesIO()
    write_template(file, columns)  # type: ignore[arg-type]  # columns of a sheet, whoever names them
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(file.getvalue(), media_type=XLSX, headers=headers)


@page
async def bring(page: Page) -> Response:
    """Check a roster or import it; what is wrong is told cell by cell, and nothing is imported then."""
    problems: list[CellProblem] = []
    try:
        name, data = await chosen_sheet(page)
        sheet = await run_in_threadpool(parse_sheet, data, name, COLUMNS, MOST_UNPACKED)
        problems = [problem for row in sheet.rows for problem in row.problems]
        if not sheet.rows:
            raise InvalidInput.in_field("file", "值班表没有内容")
        if not problems:
            entries = [roster_entry(row) for row in sheet.rows]
            request_id = batch_request_id(sheet.sha256, "roster")
            done = await page.client.rosters.import_entries(entries, request_id=request_id)
            problems = roster_problems(done)
            if not problems:
                return page.see(HERE, f"已导入 {len(entries)} 班，{done.days} 天")
    except XiezhiError as error:
        return await _shown(page, error=error)
    return await _shown(page, problems=problems)


async def chosen_sheet(page: Page) -> tuple[str, bytes]:
    """Give name and content of the sheet that was chosen. Raise `InvalidInput`."""
    file = page.form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise InvalidInput.in_field("file", "请选择 XLSX 或 CSV 文件")
    return file.filename, await file.read()


@page
async def leave(page: Page) -> Response:
    """Enter a leave with who stands in."""
    try:
        await page.client.leaves.enter(
            page.text("first_day"),
            page.text("last_day"),
            page.text("reason"),
            account_id=page.text("account_id"),
            substitute_id=page.text("substitute_id"),
            request_id=page.text("request_id"),
        )
    except XiezhiError as error:
        return await _shown(page, error=error)
    return page.see(HERE, "已登记请假")


@page
async def back(page: Page) -> Response:
    """End a leave now."""
    try:
        await page.client.leaves.end(page.text("leave_id"))
    except XiezhiError as error:
        return await _shown(page, error=error)
    return page.see(HERE, "已销假，代理即时结束")


async def _shown(
    page: Page, problems: Sequence[CellProblem] = (), error: XiezhiError | None = None
) -> Response:
    client, court = page.client, page.request.query_params.get("court", "")
    courts = await client.directory.courts()
    on_duty = await if_allowed(client.rosters.on_duty(court))
    leaves = () if page.is_hub else await client.leaves.list()
    people = await if_allowed(client.accounts.list()) if not page.is_hub else None
    return page.render(
        "duty/show.html",
        status_of(error) if error else (422 if problems else 200),
        courts=[(each.code, each.name) for each in courts],
        court=court or page.me.court,
        on_duty=on_duty,
        roster=await client.rosters.list(),
        leaves=leaves,
        people=[
            (each.account_id, each.officer.name)
            for each in people or ()
            if each.officer and not each.disabled
        ],
        may_import=not _IMPORTS.isdisjoint(page.roles),
        for_others=Role.CENTRE_DIRECTOR in page.roles,
        own_id=page.me.account.account_id if page.me.account else "",
        problems=problems,
        typed={
            name: page.text(name)
            for name in ("first_day", "last_day", "reason", "account_id", "substitute_id")
        },
        problem=Problem.of(error) if error else None,
    )


routes = [
    Route(HERE, show),
    Route(f"{HERE}/roster.xlsx", template),
    Route(f"{HERE}/roster", bring, methods=["POST"]),
    Route(f"{HERE}/leave", leave, methods=["POST"]),
    Route(f"{HERE}/leave/end", back, methods=["POST"]),
]
