"""督办管理: what is late or waits for the intermediate court, and what it does about it."""

import asyncio
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import (
    Client,
    Proposal,
    UrgeDraft,
    WrongState,
    XiezhiError,
)
from xiezhi_domain.terms import ProposalDecision, Rung
from xiezhi_workbench.asking import first, if_allowed
from xiezhi_workbench.entering import typed_back
from xiezhi_workbench.page import Page, Problem, page, status_of

HERE: Final = "/supervise"
_MOST: Final = 200
"""Rows of a list; what is longer says so and is narrowed by court."""
_VIEWS: Final = ("proposals", "late", "urges", "drafts")


@page
async def show(page: Page) -> Response:
    """Show one of the lists, and how long the others are."""
    query = page.request.query_params
    return await shown(page, query.get("view", _VIEWS[0]), query.get("court", ""))


async def shown(page: Page, view: str, court: str, error: XiezhiError | None = None) -> Response:
    """Show the list *view* of a court, or of all, with what went wrong."""
    lists = await _lists(page.client, court)
    courts = await page.client.directory.courts()
    return page.render(
        "supervise/lists.html",
        status_of(error) if error else 200,
        problem=Problem.of(error) if error else None,
        typed=typed_back(page.form),
        view=view if view in _VIEWS else _VIEWS[0],
        court_code=court,
        courts=[(each.code, each.name) for each in courts if each.code != page.me.court],
        most=_MOST,
        rungs=Rung,
        decisions=ProposalDecision,
        **lists,
    )


async def _lists(client: Client, court: str) -> dict[str, Any]:
    """Read all lists at once; one that is not for this person is empty."""
    issued = client.urges.list(court, open_only=True, page_size=_MOST)
    run_out = client.deadlines.open(court, overdue_only=True, page_size=_MOST)
    drafts, urges, proposals, late = await asyncio.gather(
        if_allowed(client.urges.drafts(waiting_only=True, page_size=_MOST)),
        if_allowed(first(issued, _MOST)),
        if_allowed(client.escalation.proposals(court, page_size=_MOST)),
        if_allowed(first(run_out, _MOST)),
    )
    return {
        "drafts": [each for each in drafts or () if not court or _is_to(each, court)],
        "urges": urges or (),
        "proposals": proposals or (),
        "late": late or (),
        "withheld": {"urges": issued.withheld, "late": run_out.withheld},
    }


def _is_to(draft: UrgeDraft, court: str) -> bool:
    return draft.order is not None and any(target.court == court for target in draft.order.targets)


# --- Proposals of the ladder --------------------------------------------------------------------------------------


@page
async def decide(page: Page) -> Response:
    """Note what people made of a proposal, found again by what names it."""
    wanted = tuple(page.text(name) for name in ("instruction_id", "clock", "round", "step"))
    owner, court = page.text("owner"), page.text("court")
    try:
        proposals = await page.client.escalation.proposals(owner, page_size=_MOST)
        proposal = next((each for each in proposals if _name(each) == wanted), None)
        if proposal is None:
            raise WrongState("PROPOSAL_GONE", "该建议已不在待决定之列，可能已由他人决定")
        taken = page.text("decision") == ProposalDecision.TAKEN
        await page.client.escalation.decide(proposal, "TAKEN" if taken else "DISMISSED")
    except XiezhiError as error:
        return await shown(page, "proposals", court, error)
    return page.see(f"{HERE}?view=proposals&court={quote(court)}")


def _name(proposal: Proposal) -> tuple[str, ...]:
    deadline = proposal.deadline
    if deadline is None:
        return ()
    return deadline.instruction_id, deadline.clock, str(deadline.round), proposal.step


routes = [Route(HERE, show), Route(f"{HERE}/proposals", decide, methods=["POST"])]
