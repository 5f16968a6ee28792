"""收到的督办: what the superior urges this court about; replies, written by one and signed off by the bureau chief."""

from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import XiezhiError
from xiezhi_domain.terms import Kind, PaperType
from xiezhi_workbench.asking import first
from xiezhi_workbench.entering import PAPER_ROWS, Entered, kept_papers, typed_back, upload
from xiezhi_workbench.form_fields import Field, Shape
from xiezhi_workbench.page import Page, Problem, page, status_of
from xiezhi_workbench.security import FILES

HERE: Final = "/urged"
_MOST: Final = 200
_PAPERS: Final = Field("documents", "附上文书", Shape.DOCUMENTS, hint="PDF、OFD 或图片")


@page
async def show(page: Page) -> Response:
    """Show what the court was urged about, the last first."""
    urges = await first(page.client.received_urges.list(page_size=_MOST), _MOST)
    return page.render("urged/list.html", urges=urges, most=_MOST)


@page
async def one(page: Page) -> Response:
    """Show one with its replies, and the reply that waits for the bureau chief."""
    return await _one(page)


@page
async def reply(page: Page) -> Response:
    """Write the reply; it waits for the bureau chief, and replaces the one before."""
    which, papers = page.request.path_params["id"], Entered(kept=kept_papers(page.form))
    await upload(page.client, which, page.form, papers)
    if papers.wrong:
        return await _one(page, problem=Problem("请按提示补充或修改", papers.wrong), papers=papers)
    try:
        await page.client.received_urges.draft_reply(
            which, page.text("text"), papers.kept, request_id=page.text("request_id")
        )
    except XiezhiError as error:
        return await _one(page, error, papers=papers)
    return page.see(f"{HERE}/{which}", "回复已拟写，经执行局长审签后上报。")


@page
async def decide(page: Page) -> Response:
    """Sign somebody's reply off, which sends it up, or give it back."""
    which, opinion, request_id = page.request.path_params["id"], page.text("opinion"), page.text("request_id")
    urges = page.client.received_urges
    try:
        if page.text("decision") == "approve":
            await urges.approve_reply(
                which,
                opinion,
                seen=page.text("seen"),
                base_event_id=page.text("base_event_id"),
                request_id=request_id,
            )
            return page.see(f"{HERE}/{which}", "已审签，回复已上报中院。")
        await urges.reject_reply(which, opinion, request_id=request_id)
    except XiezhiError as error:
        return await _one(page, error)
    return page.see(f"{HERE}/{which}", "已退回拟写人修改。")


async def _one(
    page: Page,
    error: XiezhiError | None = None,
    problem: Problem | None = None,
    papers: Entered | None = None,
) -> Response:
    found = await page.client.received_urges.get(page.request.path_params["id"])
    # The form starts from the reply that stands, its text and its papers alike.
    written = found.reply_draft.documents if found.reply_draft else ()
    book = await page.rulebooks.in_force(page.client)
    status = status_of(error) if error else 422 if problem else 200
    return page.render(
        "urged/one.html",
        status,
        urge=found,
        about=book.kind(Kind.SUPERVISION).reasons["about"],
        kept=papers.kept if papers else written,
        typed=typed_back(page.form),
        papers_field=_PAPERS,
        paper_rows=PAPER_ROWS,
        paper_types=[(each.value, each.zh) for each in PaperType],
        problem=Problem.of(error) if error else problem,
    )


routes = [
    Route(HERE, show),
    Route(f"{HERE}/{{id}}", one),
    Route(f"{HERE}/{{id}}/reply", reply, methods=["POST"], middleware=[FILES]),
    Route(f"{HERE}/{{id}}/decision", decide, methods=["POST"]),
]
