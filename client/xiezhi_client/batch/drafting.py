"""Every row becomes a draft, with its papers, and is handed in if asked.

All rows are checked before the first is sent. Request ids are made of the file's hash and the row (protocol §12),
so the same file can be imported again after a crash or a correction of the line: nothing is drafted twice, and
the node chooses the ids of the matters.
"""

from dataclasses import dataclass, replace

from xiezhi_client.batch.forms import OrderForm
from xiezhi_client.batch.orders import RowOrder
from xiezhi_client.orders import AnyDraft, draft
from xiezhi_client.sdk import (
    ActionReceipt,
    Client,
    InvalidInput,
    Unavailable,
    XiezhiError,
    batch_request_id,
)
from xiezhi_client.sheets.columns import title_of_field
from xiezhi_client.sheets.reading import Problem, Sheet
from xiezhi_client.typed.papers import FindFile, upload
from xiezhi_client.typed.words import words
from xiezhi_domain.terms import PaperType


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row."""

    row: int
    receipt: ActionReceipt | None = None
    problem: Problem | None = None
    note: str = ""


def check_rows(sheet: Sheet, form: OrderForm, find: FindFile) -> tuple[list[RowOrder], list[Problem]]:
    """Give the orders of all rows, and all that is wrong with the others. Raise `InvalidInput` for an empty sheet."""
    if not sheet.rows:
        raise InvalidInput.in_field("file", "表格没有内容")
    read = [form.read(row, find) for row in sheet.rows]
    problems = [problem for each in read if isinstance(each, list) for problem in each]
    return [each for each in read if isinstance(each, RowOrder)], problems


async def draft_row(client: Client, batch: str, form: OrderForm, row: RowOrder, *, submit: bool) -> RowResult:
    """Draft, and go on from there; an absent server ends the import, anything else fails this row alone."""
    receipt = None
    try:
        drafted = await draft(client, row.order, "", _request_id(batch, row, "draft"))
        receipt = drafted.receipt or ActionReceipt()
        return await _go_on(client, batch, row, drafted, receipt, submit=submit)
    except Unavailable:
        raise
    except XiezhiError as error:
        return RowResult(row.number, receipt, _problem_of(form, row, error))


async def _go_on(
    client: Client,
    batch: str,
    row: RowOrder,
    drafted: AnyDraft,
    receipt: ActionReceipt,
    *,
    submit: bool,
) -> RowResult:
    """Upload under the id that the node chose, draft again with the papers, hand in."""
    which = receipt.instruction_id
    if row.papers:
        order = replace(row.order, documents=await upload(client, which, row.papers))
        drafted = await draft(client, order, which, _request_id(batch, row, "papers"))
    if drafted.missing_papers:
        missing = words(PaperType, tuple(paper.paper_type for paper in drafted.missing_papers))
        return RowResult(row.number, receipt, note=f"已起草，尚缺文书：{missing}")
    if submit:
        request_id = _request_id(batch, row, "submit")
        receipt = await client.instructions.submit(which, request_id=request_id)
    return RowResult(row.number, receipt)


def _request_id(batch: str, row: RowOrder, step: str) -> str:
    return batch_request_id(batch, f"{row.number}/{step}")


def _problem_of(form: OrderForm, row: RowOrder, error: XiezhiError) -> Problem:
    columns = dict.fromkeys(
        title_of_field(form.columns, each.field.removeprefix("order.")) for each in error.fields
    )
    messages = dict.fromkeys(each.message for each in error.fields)
    return Problem(row.number, "、".join(columns), "；".join(messages) or error.message)
