"""处置权移交 at the hub: decisions on their way and issued, the handovers that wait for one; one draft, decided on."""

from dataclasses import dataclass
from typing import Any, Final, cast
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import DecisionDraft, InvalidInput, ListFilter, NotAllowed, NotFound, XiezhiError
from xiezhi_client.sdk.vocabulary import DecisionDraftState
from xiezhi_domain.courts import shipped_courts
from xiezhi_domain.terms import Kind, State
from xiezhi_workbench.asking import if_allowed
from xiezhi_workbench.decided import DRAFT_STATES
from xiezhi_workbench.lists import court_code
from xiezhi_workbench.page import Page, Problem, page, status_of

HERE: Final = "/decisions"
_UNDECIDED: Final = ("AWAITING_DECISION", "DISPOSAL_ORDERED")
"""States of a handover in which a decision may be due: reported to the superior; a limit set to the first court."""
_ROWS: Final = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to, as its address says: handovers that wait, or drafts in a state."""

    handovers: bool = False
    state: DecisionDraftState = ""
    court: str = ""
    matter: str = ""
    page_token: str = ""

    @classmethod
    def of(cls, query: QueryParams) -> "Wanted":
        """Read an address; what is no state is left out."""
        state = cast(DecisionDraftState, query.get("state", ""))
        return cls(
            query.get("view") == "handovers",
            state if state in DRAFT_STATES else "",
            court_code(query.get("court", "").strip()),
            query.get("matter", "").strip(),
            query.get("page", ""),
        )

    def address(self, page_token: str = "") -> str:
        """Write the address of this list, or of another page of it."""
        view = "handovers" if self.handovers else ""
        words = (("view", view), ("state", self.state), ("court", self.court), ("matter", self.matter))
        return f"{HERE}?{urlencode([pair for pair in (*words, ('page', page_token)) if pair[1]])}"

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return bool(self.state or self.court or self.matter)


@page
async def show(page: Page) -> Response:
    """Show a page of one of the lists; what is wrong with its address, or why it is not for the reader, above it."""
    wanted = Wanted.of(page.request.query_params)
    found: dict[str, Any] = {"rows": (), "next": ""}
    problem, status = None, 200
    try:
        found = await (_handovers if wanted.handovers else _drafts)(page, wanted)
    except (InvalidInput, NotFound, NotAllowed) as error:
        problem, status = Problem.of(error), status_of(error)
    return page.render(
        "decisions/list.html",
        status,
        wanted=wanted,
        problem=problem,
        states=DRAFT_STATES,
        courts=[(court.code, court.name) for court in shipped_courts()],
        first=wanted.address() if wanted.page_token else "",
        **found,
    )


async def _drafts(page: Page, wanted: Wanted) -> dict[str, Any]:
    found = await page.client.decisions.page(
        wanted.state, wanted.court, wanted.matter, page_size=_ROWS, page_token=wanted.page_token
    )
    return {"rows": found.drafts, "next": _next(wanted, found.next_page_token)}


async def _handovers(page: Page, wanted: Wanted) -> dict[str, Any]:
    narrowed = ListFilter(
        kinds=(Kind.HANDOVER.value,), states=_UNDECIDED, other_court=wanted.court, text=wanted.matter
    )
    found = await page.client.supervision.page(narrowed, page_size=_ROWS, page_token=wanted.page_token)
    return {"rows": found.instructions, "next": _next(wanted, found.next_page_token)}


def _next(wanted: Wanted, token: str) -> str:
    return wanted.address(token) if token else ""


@page
async def one(page: Page) -> Response:
    """Show a draft to be read and decided on, or what became of it."""
    return await _shown(page, await page.client.decisions.get(page.request.path_params["id"]))


async def _shown(page: Page, draft: DecisionDraft, error: XiezhiError | None = None) -> Response:
    order = draft.order
    seen = await if_allowed(page.client.decisions.handover(order.instruction_id)) if order else None
    return page.render(
        "decisions/one.html",
        status_of(error) if error else 200,
        draft=draft,
        order=order,
        matter=draft.instruction,
        record=seen.record if seen else None,
        offers={offer.action: offer for offer in draft.actions},
        states=DRAFT_STATES,
        opinion=page.text("opinion"),
        problem=Problem.of(error) if error else None,
    )


@page
async def decide(page: Page) -> Response:
    """Approve the draft that was read, which issues it, or do not; or discard one's own."""
    draft_id, request_id = page.request.path_params["id"], page.text("request_id")
    decisions, opinion = page.client.decisions, page.text("opinion")
    try:
        if page.text("decision") == "approve":
            await decisions.approve(draft_id, opinion, seen=page.text("seen"), request_id=request_id)
            return page.see(f"{HERE}/{draft_id}", "已审批并下发，双方法院不得退回或者拒绝。")
        if page.text("decision") == "discard":
            await decisions.discard(draft_id, request_id=request_id)
            return page.see(HERE, f"拟稿{State.DISCARDED.zh}。")
        await decisions.reject(draft_id, opinion, request_id=request_id)
    except XiezhiError as error:
        return await _shown(page, await decisions.get(draft_id), error)
    return page.see(f"{HERE}/{draft_id}", "已退回，不予下发。")


routes = [
    Route(HERE, show),
    Route(f"{HERE}/{{id}}", one),
    Route(f"{HERE}/{{id}}/decision", decide, methods=["POST"]),
]
