"""协调与指令: orders of the superior up to their end, what lower courts ask for, cases proposed for 交叉执行."""

import asyncio
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import Client, InvalidInput, IssuedOrder, XiezhiError
from xiezhi_client.typed.money import yuan
from xiezhi_domain.orders.form import Part
from xiezhi_domain.terms import EventKind, Kind, State
from xiezhi_workbench.asking import first, if_allowed
from xiezhi_workbench.entering import typed_back
from xiezhi_workbench.order_cases import at_court, balance_of, case_lines
from xiezhi_workbench.page import Page, Problem, page, status_of
from xiezhi_workbench.pages.matter import Seen, look
from xiezhi_workbench.pages.purpose import ask_purpose

HERE: Final = "/orders"
_ORDER: Final = "决定内容和落实情况"
_REQUEST: Final = "报请内容"
_MOST: Final = 200
_VIEWS: Final = ("orders", "requests", "drafts", "candidates")
_PARTS: Final = {
    Part.OLD_COURT: "原执行法院",
    Part.NEW_COURT: "接收案件的法院",
    Part.KEEPS: "继续执行",
    Part.LENDS: "出借执行力量",
    Part.BOUND: "受决定约束",
}


@page
async def show(page: Page) -> Response:
    """Show one of the lists, and how long the others are."""
    return await _shown(page, page.request.query_params.get("view", _VIEWS[0]))


async def _shown(page: Page, view: str, error: XiezhiError | None = None) -> Response:
    return page.render(
        "orders/lists.html",
        status_of(error) if error else 200,
        view=view if view in _VIEWS else _VIEWS[0],
        typed=typed_back(page.form),
        most=_MOST,
        problem=Problem.of(error) if error else None,
        **await _lists(page.client),
    )


async def _lists(client: Client) -> dict[str, Any]:
    """Read all lists at once; one that is not for this person is empty."""
    orders, requests, drafts, candidates = await asyncio.gather(
        if_allowed(first(client.orders.list(open_only=True), _MOST)),
        if_allowed(first(client.request_desk.list(open_only=True), _MOST)),
        if_allowed(client.orders.drafts(waiting_only=True, page_size=_MOST)),
        if_allowed(client.orders.candidates()),
    )
    return {
        "orders": orders or (),
        "requests": requests or (),
        "drafts": drafts or (),
        "candidates": candidates or (),
    }


@page
async def decide_draft(page: Page) -> Response:
    """Approve somebody's draft, which issues it to all its courts, or do not; or discard one's own."""
    draft_id, opinion, request_id = page.text("draft_id"), page.text("opinion"), page.text("request_id")
    try:
        if page.text("decision") == "approve":
            receipts = await page.client.orders.approve(
                draft_id, opinion, seen=page.text("seen"), request_id=request_id
            )
            return page.see(f"{HERE}?view=orders", f"已下发至 {len(receipts)} 个法院。")
        if page.text("decision") == "discard":
            await page.client.orders.discard(draft_id, request_id=request_id)
            return page.see(f"{HERE}?view=drafts", f"拟稿{State.DISCARDED.zh}。")
        await page.client.orders.reject(draft_id, opinion, request_id=request_id)
    except XiezhiError as error:
        return await _shown(page, "drafts", error)
    return page.see(f"{HERE}?view=drafts", "已退回，不予下发。")


@page
async def from_candidate(page: Page) -> Response:
    """Draft what a candidate suggests, and go on with it in the form."""
    try:
        draft = await page.client.orders.draft_from_candidate(
            page.text("candidate_id"), request_id=page.text("request_id")
        )
    except XiezhiError as error:
        return await _shown(page, "candidates", error)
    return page.see(f"{HERE}/new?draft={draft.draft_id}")


@page
async def one(page: Page) -> Response:
    """Show an order that this court has received, and what may be done about it; at the hub ask what it is read for."""
    seen = await look(page)
    if page.is_hub:
        return ask_purpose(page, seen, _ORDER)
    return _shown_order(page, seen, await page.client.received_orders.get(seen.summary.instruction_id))


@page
async def read(page: Page) -> Response:
    """Show an order with what became of it at all its courts; the purpose goes into the record of access."""
    seen = await look(page)
    try:
        found = await page.client.orders.get(seen.summary.instruction_id, page.text("purpose"))
    except InvalidInput as error:
        return ask_purpose(page, seen, _ORDER, error)
    return _shown_order(page, seen, found)


def _shown_order(page: Page, seen: Seen, found: IssuedOrder) -> Response:
    return page.render(
        "orders/one.html",
        found=found,
        here=at_court(found, seen.summary.instruction_id),
        seen=seen,
        parts=_PARTS,
        yuan=yuan,
        lines=case_lines(found),
        balance_of=balance_of,
    )


@page
async def ask_for_request(page: Page) -> Response:
    """Ask what a request is read for."""
    return ask_purpose(page, await look(page), _REQUEST)


@page
async def request(page: Page) -> Response:
    """Show what a lower court asks for, and what may be done about it; the purpose goes into the record of access."""
    seen = await look(page)
    try:
        found = await page.client.request_desk.get(seen.summary.instruction_id, page.text("purpose"))
    except InvalidInput as error:
        return ask_purpose(page, seen, _REQUEST, error)
    return page.render(
        "orders/request.html",
        found=found,
        seen=seen,
        is_dispute=seen.summary.kind == Kind.COORDINATION_DISPUTE,
        decided=EventKind.REQUEST_DECIDED in {entry.kind for entry in seen.timeline},
        yuan=yuan,
    )


routes = [
    Route(HERE, show),
    Route(f"{HERE}/from-candidate", from_candidate, methods=["POST"]),
    Route(f"{HERE}/drafts/decision", decide_draft, methods=["POST"]),
    Route("/requests/{id}", ask_for_request),
    Route("/requests/{id}", request, methods=["POST"]),
    Route(f"{HERE}/{{id}}", one),
    Route(f"{HERE}/{{id}}", read, methods=["POST"]),
]
