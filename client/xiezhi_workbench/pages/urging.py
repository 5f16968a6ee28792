"""督办: drafted by one, approved by another; one of them with its replies, and what is decided on it."""

import re
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import InvalidInput, UrgeOrder, UrgeTarget, XiezhiError
from xiezhi_domain.terms import Kind
from xiezhi_workbench.page import Page, Problem, page, status_of
from xiezhi_workbench.pages import supervise
from xiezhi_workbench.pages.matter import look
from xiezhi_workbench.pages.supervise import HERE

_DAYS: Final = re.compile(r"[0-9]{1,4}")


# --- Drafts -------------------------------------------------------------------------------------------------------


@page
async def new(page: Page) -> Response:
    """Show the form of a 督办, filled with the court and the matter that it was opened from."""
    query = page.request.query_params
    order = UrgeOrder(
        about=query.get("about", ""),
        targets=(UrgeTarget(court=query.get("court", ""), instruction_ids=_words(query.get("matter", ""))),),
    )
    return await _form(page, order)


@page
async def draft(page: Page) -> Response:
    """Draft it, to one court or several; somebody else approves."""
    days, matters = page.text("limit_days"), _words(page.text("matters"))
    courts = [code for code in page.form.getlist("court") if isinstance(code, str) and code]
    order = UrgeOrder(
        subject=page.text("subject"),
        about=page.text("about"),
        requirement=page.text("requirement"),
        ground=page.text("ground"),
        limit_days=int(days) if _DAYS.fullmatch(days) else 0,
        urgent=bool(page.text("urgent")),
        case_number=page.text("case_number"),
        targets=tuple(UrgeTarget(court=code, instruction_ids=matters) for code in courts),
    )
    try:
        if days and not _DAYS.fullmatch(days):
            raise InvalidInput.in_field("limit_days", "请填写天数，不超过四位整数")
        if matters and len(courts) > 1:
            raise InvalidInput.in_field("matters", "同时督办几个法院的，不填关联事项；需要关联的请分别拟写")
        await page.client.urges.draft(order, request_id=page.text("request_id"))
    except XiezhiError as error:
        return await _form(page, order, error)
    return page.see(f"{HERE}?view=drafts", "督办已拟写，等待他人审批。")


async def _form(page: Page, order: UrgeOrder, error: XiezhiError | None = None) -> Response:
    courts = await page.client.directory.courts(joined_only=True)
    return page.render(
        "supervise/draft.html",
        status_of(error) if error else 200,
        order=order,
        chosen={target.court for target in order.targets},
        matters=page.text("matters") or "，".join(next((each.instruction_ids for each in order.targets), ())),
        limit_days=page.text("limit_days"),
        courts=[(each.code, each.name) for each in courts if each.code != page.me.court],
        about=await _reasons(page, "about"),
        problem=Problem.of(error) if error else None,
    )


@page
async def decide_draft(page: Page) -> Response:
    """Approve somebody's draft, which issues it, or do not."""
    draft_id, opinion, request_id = page.text("draft_id"), page.text("opinion"), page.text("request_id")
    try:
        if page.text("decision") == "approve":
            await page.client.urges.approve(draft_id, opinion, request_id=request_id)
            return page.see(f"{HERE}?view=urges", "已审批并下发。")
        await page.client.urges.reject(draft_id, opinion, request_id=request_id)
    except XiezhiError as error:
        return await supervise.shown(page, "drafts", "", error)
    return page.see(f"{HERE}?view=drafts", "已退回，不予下发。")


# --- One 督办 -----------------------------------------------------------------------------------------------------


@page
async def urge(page: Page) -> Response:
    """Show one with its replies, and what may be done about it."""
    seen = await look(page)
    found = await page.client.urges.get(seen.summary.instruction_id)
    about = dict(await _reasons(page, "about"))
    return page.render("supervise/urge.html", urge=found, seen=seen, about=about)


async def _reasons(page: Page, table: str) -> list[tuple[str, str]]:
    """Give the codes of the rulebook in force with their words, for a 督办."""
    book = await page.rulebooks.in_force(page.client)
    return list(book.kind(Kind.SUPERVISION).reasons.get(table, {}).items())


def _words(text: str) -> tuple[str, ...]:
    """Give numbers written in one field, with commas or spaces between."""
    for comma in "，、,":
        text = text.replace(comma, " ")
    return tuple(text.split())


routes = [
    Route(f"{HERE}/new", new),
    Route(f"{HERE}/drafts", draft, methods=["POST"]),
    Route(f"{HERE}/drafts/decision", decide_draft, methods=["POST"]),
    Route(f"{HERE}/urges/{{id}}", urge),
]
