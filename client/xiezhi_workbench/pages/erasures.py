"""清除内容: what was ordered at the hub to be erased and who has not answered; drafts, and a leader's word on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import (
    CourtLink,
    Erasure,
    ErasureDraft,
    ErasureHolder,
    ErasureOrder,
    InvalidInput,
    NotFound,
    TimelineEntry,
    XiezhiError,
)
from xiezhi_domain.terms import Role
from xiezhi_workbench import administering, words
from xiezhi_workbench.asking import if_allowed
from xiezhi_workbench.page import Page, Problem, page, status_of

HERE: Final = f"{administering.HERE}/erasures"
DRAFTING: Final = frozenset({Role.SUPERVISOR, Role.CENTRE_OFFICER, Role.CENTRE_DIRECTOR})
"""Who is offered to draft an order; the server says who may."""
_MOST: Final = 200
_SOON: Final = timedelta(days=1)
"""A node erases within minutes once it has the order: what takes longer has a cause that somebody should look for."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One of those who held a matter, and since when it has owed its answer; None once it has answered."""

    holder: ErasureHolder
    waits_since: datetime | None
    connected: bool | None
    """Whether its node is on the line; None where that is not known, or it is the hub itself."""

    @property
    def late(self) -> bool:
        """Whether it should have answered."""
        return self.waits_since is not None and words.now() - self.waits_since > _SOON

    @property
    def days(self) -> int:
        """Whole days for which it has not answered."""
        return (words.now() - self.waits_since).days if self.waits_since else 0


def _holdings(erasure: Erasure, links: Mapping[str, CourtLink]) -> list[Holding]:
    return [
        Holding(
            each,
            None if each.answered_at else erasure.ordered_at,
            None if each.hub or each.court not in links else links[each.court].connected,
        )
        for each in erasure.holders
    ]


@page
async def show(page: Page) -> Response:
    """Show orders with who has answered, and the drafts that are none yet."""
    query = page.request.query_params
    open_only = query.get("open", "") == "1"
    found = await page.client.erasures.page(open_only=open_only, page_token=query.get("page", ""))
    links = await if_allowed(page.client.admission.links())
    by_court = {each.court: each for each in links.links} if links else {}
    drafts = await page.client.erasures.drafts(page_size=_MOST)
    return page.render(
        "admin/erasures.html",
        tabs=administering.tabs(page.roles, is_hub=page.is_hub),
        found=found,
        holdings={each.order_id: _holdings(each, by_court) for each in found.erasures},
        drafts=[each for each in drafts if each.state in {"WAITING", "REJECTED"}],
        open_only=open_only,
        may_draft=not DRAFTING.isdisjoint(page.roles),
    )


# --- A draft ------------------------------------------------------------------------------------------------------


@page
async def read(page: Page) -> Response:
    """Show a draft with what would be gone."""
    return await _shown(page, await _draft(page))


@page
async def decide(page: Page) -> Response:
    """Order what a draft says, refuse it, or give it up."""
    draft = await _draft(page)
    number, opinion, request_id = draft.matter_number, page.text("opinion"), page.text("request_id")
    erasures = page.client.erasures
    try:
        match page.text("decision"):
            case "approve":
                _require_confirmed(page, number)
                await erasures.approve(draft.draft_id, opinion, seen=page.text("seen"), request_id=request_id)
                return page.see(HERE, f"已责令清除：{number}。各方清除以后自动回报。")
            case "reject":
                await erasures.reject(draft.draft_id, opinion, request_id=request_id)
                return page.see(HERE, f"未同意清除：{number}")
            case _:
                await erasures.discard(draft.draft_id, request_id=request_id)
                return page.see(HERE, f"已废弃清除决定拟稿：{number}")
    except XiezhiError as error:
        return await _shown(page, draft, error)


def _require_confirmed(page: Page, number: str) -> None:
    """Let pass who has typed the number of what will be gone: a button is pressed too easily.

    Raise `InvalidInput`.
    """
    if _bare(page.text("confirmation")) != _bare(number):
        raise InvalidInput.in_field("confirmation", f"请输入事项编号 {number}，确认清除的是这一件")


def _bare(number: str) -> str:
    """Give a number without its brackets and spaces, which everybody types in another way."""
    return "".join(filter(str.isalnum, number))


async def _draft(page: Page) -> ErasureDraft:
    """Give the draft of the address. Raise `NotFound`."""
    wanted = page.request.path_params["id"]
    for draft in await page.client.erasures.drafts(page_size=_MOST):
        if draft.draft_id == wanted:
            return draft
    raise NotFound("NOT_FOUND", "找不到该清除决定拟稿，可能已被废弃")


async def _shown(page: Page, draft: ErasureDraft, error: XiezhiError | None = None) -> Response:
    order = draft.order or ErasureOrder()
    timeline = await _timeline(page, order)
    return page.render(
        "admin/erasure.html",
        status_of(error) if error else 200,
        tabs=administering.tabs(page.roles, is_hub=page.is_hub),
        draft=draft,
        order=order,
        steps={each.event_id: each for each in timeline},
        waits=draft.state == "WAITING",
        own=bool(
            page.me.account and page.me.account.officer and page.me.account.officer.name == draft.author
        ),
        may_decide=Role.COURT_LEADER in page.roles,
        may_draft=not DRAFTING.isdisjoint(page.roles),
        opinion=page.text("opinion"),
        problem=Problem.of(error) if error else None,
    )


async def _timeline(page: Page, order: ErasureOrder) -> tuple[TimelineEntry, ...]:
    """Give the steps by which parts are named; none where the reading of the matter is restricted."""
    try:
        return (await page.client.superior.get(order.instruction_id)).timeline
    except NotFound:
        return ()


routes = [
    Route(HERE, show),
    Route(f"{HERE}/drafts/{{id}}", read),
    Route(f"{HERE}/drafts/{{id}}", decide, methods=["POST"]),
]
