"""The form in which an order is drafted, from nothing, from a request, or written anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import (
    CourtOrder,
    Document,
    NotFound,
    Overloaded,
    Unavailable,
    XiezhiError,
    new_instruction_id,
)
from xiezhi_domain.orders.form import ORDERS
from xiezhi_domain.terms import Kind, PaperType
from xiezhi_workbench.entering import PAPER_ROWS, Entered, kept_papers, typed_back, upload
from xiezhi_workbench.form_fields import Field, Shape
from xiezhi_workbench.order_form import CASE_ROWS, FORCE_ROWS, read_order, typed_of
from xiezhi_workbench.page import Page, Problem, page, status_of
from xiezhi_workbench.pages.act import later
from xiezhi_workbench.pages.orders import HERE
from xiezhi_workbench.security import FILES

_PAPERS: Final = Field("documents", "文书", Shape.DOCUMENTS, hint="决定书等，PDF、OFD 或图片")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the form shows: the draft's id, what was typed, papers uploaded, courts chosen, what is wrong."""

    draft_id: str
    typed: Mapping[str, Any]
    kept: Sequence[Document] = ()
    others: Sequence[str] = ()
    lacking: Sequence[str] = ()
    problem: Problem | None = None
    status: int = 200
    request_id: str = field(default="")


@page
async def new(page: Page) -> Response:
    """Show the form: empty, with what a request asks for, or with a waiting draft."""
    query = page.request.query_params
    if draft_id := query.get("draft"):
        drafts = await page.client.orders.drafts(waiting_only=True)
        found = next((each for each in drafts if each.draft_id == draft_id), None)
        if found is None or found.order is None:
            raise NotFound("UNKNOWN_DRAFT", "该拟稿已不在待审批之列")
        order = found.order
        sheet = Sheet(draft_id, typed_of(order), order.documents, order.other_courts, found.lacking)
        return await _shown(page, sheet)
    order = await _asked(page, query["request"]) if query.get("request") else CourtOrder()
    return await _shown(page, Sheet(new_instruction_id(), typed_of(order), others=order.other_courts))


async def _asked(page: Page, number: str) -> CourtOrder:
    """Give the order that a request asks for."""
    asked = await page.client.request_desk.get(number)
    found = asked.request
    if found is None:
        return CourtOrder()
    is_dispute = found.kind == Kind.COORDINATION_DISPUTE
    return CourtOrder(
        kind=Kind.COORDINATION_DECISION if is_dispute else found.order_kind,
        subject=f"关于{found.subject}的决定",
        about=found.about,
        ground=found.position,
        cases=found.cases,
        other_courts=(found.other_court,) if found.other_court else (),
        request_ids=(number,),
        hearing=asked.hearings[-1] if asked.hearings else None,
    )


@page
async def save(page: Page) -> Response:
    """Keep the draft; it may still lack things, which are then told. Somebody else approves."""
    try:
        return await _saved(page)
    except (Unavailable, Overloaded) as error:
        return later(page, error)


async def _saved(page: Page) -> Response:
    draft_id, papers = page.text("draft_id"), Entered(kept=kept_papers(page.form))
    await upload(page.client, draft_id, page.form, papers)
    read = read_order(page.form, tuple(papers.kept))
    others = read.order.other_courts
    typed, wrong = typed_back(page.form), {**papers.wrong, **read.wrong}
    if wrong:
        problem = Problem("请按提示补充或修改", wrong)
        return await _shown(page, Sheet(draft_id, typed, papers.kept, others, (), problem, 422))
    try:
        draft = await page.client.orders.draft(read.order, draft_id, request_id=page.text("request_id"))
    except (Unavailable, Overloaded):
        raise
    except XiezhiError as error:
        told = Problem.of(error)
        fields = {read.shown_at(path): message for path, message in told.fields.items()}
        problem = Problem(told.message, fields, told.retry_after)
        return await _shown(page, Sheet(draft_id, typed, papers.kept, others, (), problem, status_of(error)))
    if draft.lacking:
        return page.see(f"{HERE}/new?draft={draft.draft_id}", "已保存，还缺下列内容才能审批。")
    return page.see(f"{HERE}?view=drafts", "决定已拟写，等待他人审批。")


async def _shown(page: Page, sheet: Sheet) -> Response:
    book = await page.rulebooks.in_force(page.client)
    courts = await page.client.directory.courts(joined_only=True)
    return page.render(
        "orders/draft.html",
        sheet.status,
        sheet=sheet,
        typed=sheet.typed,
        problem=sheet.problem,
        kinds=[(kind.value, kind.zh) for kind in Kind if kind in ORDERS],
        about=list(book.kind(Kind.ORDER_INSTRUCT).reasons["about"].items()),
        courts=[(each.code, each.name) for each in courts],
        case_rows=CASE_ROWS,
        force_rows=FORCE_ROWS,
        papers_field=_PAPERS,
        paper_rows=PAPER_ROWS,
        paper_types=[(each.value, each.zh) for each in PaperType],
    )


routes = [
    Route(f"{HERE}/new", new),
    Route(f"{HERE}/drafts", save, methods=["POST"], middleware=[FILES]),
]
