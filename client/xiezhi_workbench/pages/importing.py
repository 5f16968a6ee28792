"""批量导入: the template, the filled-in sheet, what is wrong in which cell, rows as they go through."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.batch.drafting import check_rows
from xiezhi_client.batch.forms import OrderForm, form_of
from xiezhi_client.batch.orders import RowOrder
from xiezhi_client.sdk import InvalidInput, NotFound, XiezhiError
from xiezhi_client.sheets.columns import Column
from xiezhi_client.sheets.reading import Problem as CellProblem
from xiezhi_client.sheets.reading import Row, Sheet, parse_sheet
from xiezhi_client.sheets.template import write_template
from xiezhi_domain.terms import Kind
from xiezhi_workbench.imports import Import, Imports, forget, new_folder
from xiezhi_workbench.page import Page, Problem, background, page, status_of
from xiezhi_workbench.words import known, word

KINDS: Final = (
    *(Kind.FIND, Kind.ENTRUST_DEPOSIT, Kind.ENTRUST_REGISTRABLE, Kind.ENTRUST_EQUITY),
    *(Kind.ENTRUST_SERVICE, Kind.ENTRUST_INVESTIGATION, Kind.COURT_ASSISTANCE),
)
"""What can be drafted from a row each."""
MOST_SHOWN: Final = 200
"""Rows with something wrong that are shown at once; nobody mends more before sending the sheet again."""
_LARGEST_FORM: Final = 64 * 1024 * 1024
"""Bytes; a sheet and the papers that its rows name."""
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Checked:
    """A sheet with cells that are wrong: the first rows of those, and what is wrong in each cell of it."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    """At most `MOST_SHOWN`."""
    more: int
    """Rows with something wrong that are not among `rows`."""
    found: int
    """Cells that are wrong, in all rows."""
    _messages: dict[tuple[int, str], list[str]]

    @classmethod
    def of(cls, sheet: Sheet, columns: Sequence[Column], problems: Sequence[CellProblem]) -> "Checked":
        """Give what is shown of a sheet."""
        messages: dict[tuple[int, str], list[str]] = {}
        for each in problems:
            messages.setdefault((each.row, each.column), []).append(each.message)
        numbers = {row for row, _ in messages}
        rows = [row for row in sheet.rows if row.number in numbers]
        return cls(columns, rows[:MOST_SHOWN], len(rows[MOST_SHOWN:]), len(problems), messages)

    def wrong(self, row: Row, column: Column) -> str:
        """Say what is wrong in a cell; nothing where nothing is."""
        return "；".join(self._messages.get((row.number, column.title), ()))


def _imports(page: Page) -> Imports:
    imports: Imports = page.request.app.state.imports
    return imports


def _owner(page: Page) -> str:
    return page.me.account.account_id if page.me.account else ""


@page
async def start(page: Page) -> Response:
    """Offer the template and take a sheet."""
    return _show(page)


def _show(page: Page, error: XiezhiError | None = None, checked: Checked | None = None) -> Response:
    chosen = page.text("kind") or known(Kind, page.request.query_params.get("kind", "")) or Kind.FIND.value
    return page.render(
        "import/start.html",
        422 if checked else status_of(error) if error else 200,
        kinds=[(kind.value, kind.zh) for kind in KINDS],
        chosen=chosen,
        problem=Problem.of(error) if error else None,
        checked=checked,
        submit=bool(page.text("submit")),
        imports=_imports(page).of(_owner(page)),
    )


@page
async def template(page: Page) -> Response:
    """Give the empty sheet of a kind. Raise `NotFound`."""
    kind = known(Kind, page.request.query_params.get("kind", ""))
    form, file = await form_of(page.client, kind), io.BytesIO()
    await run_in_threadpool(write_template, file, form.columns)
    name = quote(f"{word(Kind, kind)}导入模板.xlsx", safe="")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(file.getvalue(), media_type=_XLSX, headers=headers)


@page
async def take(page: Page) -> Response:
    """Check a whole sheet, and let its rows through if nothing is wrong in any."""
    folder = new_folder()
    started = False
    try:
        made = await _made(page, folder)
        if isinstance(made, Import):
            _imports(page).start(made, page.client)
            started = True
    except XiezhiError as error:
        return _show(page, error)
    finally:
        if not started:
            forget(folder)
    if isinstance(made, Checked):
        return await run_in_threadpool(_show, page, checked=made)
    return page.see(f"/import/{made.import_id}")


async def _made(page: Page, folder: Path) -> Import | Checked:
    kind, file = known(Kind, page.text("kind")), page.form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise InvalidInput.in_field("file", "请选择填好的表格")
    form = await form_of(page.client, kind)
    papers = await _papers(page, folder)
    sheet = await run_in_threadpool(parse_sheet, await file.read(), file.filename, form.columns)
    orders, problems = await run_in_threadpool(check_rows, sheet, form, papers.get)
    if problems:
        return await run_in_threadpool(Checked.of, sheet, form.columns, problems)
    return _import(page, file.filename, kind, sheet, form, orders, folder)


def _import(
    page: Page,
    name: str,
    kind: str,
    sheet: Sheet,
    form: OrderForm,
    orders: Sequence[RowOrder],
    folder: Path,
) -> Import:
    return Import(
        owner=_owner(page),
        file_name=name,
        kind=kind,
        sha256=sheet.sha256,
        form=form,
        orders=orders,
        submit=bool(page.text("submit")),
        folder=folder,
    )


async def _papers(page: Page, folder: Path) -> dict[str, Path]:
    """Put the papers that came along into a folder; by their names, no other file of this machine is found."""
    found = {}
    for position, sent in enumerate(page.form.getlist("papers")):
        if isinstance(sent, UploadFile) and sent.filename:
            name = Path(sent.filename.replace("\\", "/")).name
            place = folder / str(position)
            place.mkdir()
            await run_in_threadpool((place / name).write_bytes, await sent.read())
            found[name] = place / name
    return found


def _mine(page: Page) -> Import:
    found = _imports(page).find(page.request.path_params["import"], _owner(page))
    if found is None:
        raise NotFound("UNKNOWN_QUERY", "这次导入已不在工作台，请重新上传同一文件：已起草的不会重复")
    return found


@page
async def one(page: Page) -> Response:
    """Show an import."""
    return page.render("import/one.html", made=_mine(page))


@background
async def rows(page: Page) -> Response:
    """Give what an open page shows of its import."""
    return page.render("import/rows.html", made=_mine(page))


@page
async def go_on(page: Page) -> Response:
    """Let the rows through that did not go."""
    made = _mine(page)
    _imports(page).start(made, page.client)
    return page.see(f"/import/{made.import_id}")


_FILES: Final[Any] = Middleware(RequestBodyLimitMiddleware, max_body_size=_LARGEST_FORM)
routes: Final = [
    Route("/import", start),
    Route("/import", take, methods=["POST"], middleware=[_FILES]),
    Route("/import/template", template),
    Route("/import/{import}", one),
    Route("/import/{import}/rows", rows),
    Route("/import/{import}/continue", go_on, methods=["POST"]),
]
