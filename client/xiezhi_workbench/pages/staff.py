"""人员名单: people from a spreadsheet: checked cell by cell, then imported; first passwords as a file, given once."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.people.staff import COLUMNS, staff_problems, staff_rows
from xiezhi_client.sdk import Client, StaffResult, StaffRow, XiezhiError
from xiezhi_client.sheets.reading import Problem as CellProblem
from xiezhi_client.sheets.reading import parse_sheet
from xiezhi_workbench import administering
from xiezhi_workbench.page import Page, Problem, page, status_of
from xiezhi_workbench.pages.duty import MOST_UNPACKED, chosen_sheet, sheet_template

HERE: Final = f"{administering.HERE}/accounts/staff"
_AT_ONCE: Final = 50


@page
async def show(page: Page) -> Response:
    """Show the form."""
    return _shown(page)


@page
async def template(page: Page) -> Response:
    """Give the empty list."""
    del page
    return sheet_template(COLUMNS, "staff.xlsx")


@page
async def bring(page: Page) -> Response:
    """Check a list, or import it; what is wrong in any row stops it before anything is made."""
    try:
        name, data = await chosen_sheet(page)
        sheet = await run_in_threadpool(parse_sheet, data, name, COLUMNS, MOST_UNPACKED)
        rows, problems = staff_rows(sheet)
        planned = [] if problems else await _bring(page.client, rows, check_only=True)
        problems = problems or staff_problems(planned)
        if problems or page.text("step") == "check":
            return _shown(page, planned, problems)
        # What is there as the list says is left alone: a row brought again would be answered as it was the first time.
        news = [(row, plan) for row, plan in zip(rows, planned, strict=True) if plan.outcome != "UNCHANGED"]
        ready = [
            replace(row, password=administering.password_of(row.request_id))
            if plan.outcome == "CREATED"
            else row
            for row, plan in news
        ]
        brought = await _bring(page.client, ready, check_only=False)
    except XiezhiError as error:
        return _shown(page, error=error)
    became = {result.row: result for result in brought}
    done = [became.get(plan.row, plan) for plan in planned]
    return _shown(page, done, staff_problems(done), secrets=_passwords(ready, brought), imported=True)


async def _bring(client: Client, rows: Sequence[StaffRow], *, check_only: bool) -> list[StaffResult]:
    return [
        result
        for start in range(0, len(rows), _AT_ONCE)
        for result in await client.accounts.import_staff(
            rows[start : start + _AT_ONCE], check_only=check_only
        )
    ]


def _passwords(rows: Sequence[StaffRow], done: Sequence[StaffResult]) -> str:
    """Give login, name and first password of those whose accounts were made, as CSV; empty for none."""
    made = {result.row for result in done if result.outcome == "CREATED"}
    file = io.StringIO()
    writer = csv.writer(file)
    for row in rows:
        if row.row in made and row.account and row.account.officer:
            writer.writerow((row.account.login, row.account.officer.name, row.password))
    return file.getvalue()


def _shown(
    page: Page,
    results: Sequence[StaffResult] = (),
    problems: Sequence[CellProblem] = (),
    *,
    secrets: str = "",
    imported: bool = False,
    error: XiezhiError | None = None,
) -> Response:
    return page.render(
        "accounts/staff.html",
        status_of(error) if error else (422 if problems else 200),
        tabs=administering.tabs(page.roles, is_hub=page.is_hub),
        counts=Counter(result.outcome for result in results),
        results=results,
        problems=problems,
        secrets=secrets,
        imported=imported,
        problem=Problem.of(error) if error else None,
    )


routes = [
    Route(HERE, show),
    Route(HERE, bring, methods=["POST"]),
    Route(f"{HERE}/template.xlsx", template),
]
