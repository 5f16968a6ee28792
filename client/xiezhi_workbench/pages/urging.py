"""督办: a draft is decided on by another than its author; one that was issued, with its replies."""

from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import InvalidInput, XiezhiError
from xiezhi_domain.terms import State
from xiezhi_workbench.page import Page, page
from xiezhi_workbench.pages import supervise
from xiezhi_workbench.pages.matter import look
from xiezhi_workbench.pages.purpose import ask_purpose
from xiezhi_workbench.pages.supervise import HERE
from xiezhi_workbench.pages.urge_draft import reasons

_CONTENT: Final = "督办内容和回复"


@page
async def decide_draft(page: Page) -> Response:
    """Approve somebody's draft, which issues it, or do not; or discard one's own."""
    draft_id, opinion, request_id = page.text("draft_id"), page.text("opinion"), page.text("request_id")
    try:
        if page.text("decision") == "approve":
            await page.client.urges.approve(draft_id, opinion, seen=page.text("seen"), request_id=request_id)
            return page.see(f"{HERE}?view=urges", "已审批并下发。")
        if page.text("decision") == "discard":
            await page.client.urges.discard(draft_id, request_id=request_id)
            return page.see(f"{HERE}?view=drafts", f"拟稿{State.DISCARDED.zh}。")
        await page.client.urges.reject(draft_id, opinion, request_id=request_id)
    except XiezhiError as error:
        return await supervise.shown(page, "drafts", "", error)
    return page.see(f"{HERE}?view=drafts", "已退回，不予下发。")


@page
async def ask(page: Page) -> Response:
    """Ask what one is read for."""
    return ask_purpose(page, await look(page), _CONTENT)


@page
async def urge(page: Page) -> Response:
    """Show one with its replies, and what may be done about it; the purpose goes into the record of access."""
    seen = await look(page)
    try:
        found = await page.client.urges.get(seen.summary.instruction_id, page.text("purpose"))
    except InvalidInput as error:
        return ask_purpose(page, seen, _CONTENT, error)
    about = dict(await reasons(page, "about"))
    return page.render("supervise/urge.html", urge=found, seen=seen, about=about)


routes = [
    Route(f"{HERE}/drafts/decision", decide_draft, methods=["POST"]),
    Route(f"{HERE}/urges/{{id}}", ask),
    Route(f"{HERE}/urges/{{id}}", urge, methods=["POST"]),
]
