"""督办管理: what is late or waits for the intermediate court, and what it does about it."""

import asyncio
import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import (
    AwaitingMatter,
    Client,
    InvalidInput,
    Proposal,
    UrgeOrder,
    UrgeTarget,
    WrongState,
    XiezhiError,
)
from xiezhi_client.sdk.services.ladder import Options
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.terms import Appeal, ProposalDecision, Rung
from xiezhi_workbench.asking import first, if_allowed
from xiezhi_workbench.entering import typed_back
from xiezhi_workbench.page import Page, Problem, page, status_of

HERE: Final = "/supervise"
_MOST: Final = 200
"""Rows of a list; what is longer says so and is narrowed by court."""
_DAYS: Final = re.compile(r"[0-9]{1,4}")
_VIEWS: Final = ("proposals", "late", "urges", "drafts", "awaiting")


@page
async def show(page: Page) -> Response:
    """Show one of the lists, and how long the others are."""
    query = page.request.query_params
    return await _shown(page, query.get("view", _VIEWS[0]), query.get("court", ""))


async def _shown(page: Page, view: str, court: str, error: XiezhiError | None = None) -> Response:
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
        appeals=Appeal,
        rungs=Rung,
        decisions=ProposalDecision,
        **lists,
    )


async def _lists(client: Client, court: str) -> dict[str, Any]:
    """Read all lists at once; one that is not for this person is empty."""
    drafts, urges, proposals, late, awaiting = await asyncio.gather(
        if_allowed(client.urges.drafts(waiting_only=True)),
        if_allowed(first(client.urges.list(court, open_only=True, page_size=_MOST), _MOST)),
        if_allowed(client.escalation.proposals(court, page_size=_MOST)),
        if_allowed(first(client.deadlines.open(court, overdue_only=True, page_size=_MOST), _MOST)),
        if_allowed(first(client.superior.awaiting(page_size=_MOST), _MOST, _with(court))),
    )
    return {
        "drafts": drafts or (),
        "urges": urges or (),
        "proposals": proposals or (),
        "late": late or (),
        "awaiting": awaiting or (),
    }


def _with(court: str) -> Callable[[AwaitingMatter], bool]:
    """Give whether a matter lies with *court*; with any, if it is empty."""
    return lambda each: not court or (each.instruction is not None and court == each.instruction.receiver)


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
        return await _shown(page, "proposals", court, error)
    return page.see(f"{HERE}?view=proposals&court={quote(court)}")


def _name(proposal: Proposal) -> tuple[str, ...]:
    deadline = proposal.deadline
    if deadline is None:
        return ()
    return deadline.instruction_id, deadline.clock, str(deadline.round), proposal.step


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
    """Draft it; somebody else approves."""
    days = page.text("limit_days")
    order = UrgeOrder(
        subject=page.text("subject"),
        about=page.text("about"),
        requirement=page.text("requirement"),
        ground=page.text("ground"),
        limit_days=int(days) if _DAYS.fullmatch(days) else 0,
        urgent=bool(page.text("urgent")),
        case_number=page.text("case_number"),
        targets=(UrgeTarget(court=page.text("court"), instruction_ids=_words(page.text("matters"))),),
    )
    try:
        if days and not _DAYS.fullmatch(days):
            raise InvalidInput.in_field("limit_days", "请填写天数，不超过四位整数")
        await page.client.urges.draft(order, request_id=page.text("request_id"))
    except XiezhiError as error:
        return await _form(page, order, error)
    return page.see(f"{HERE}?view=drafts")


async def _form(page: Page, order: UrgeOrder, error: XiezhiError | None = None) -> Response:
    courts = await page.client.directory.courts(joined_only=True)
    return page.render(
        "supervise/draft.html",
        status_of(error) if error else 200,
        order=order,
        target=order.targets[0],
        limit_days=page.text("limit_days"),
        courts=[(each.code, each.name) for each in courts if each.code != page.me.court],
        about=_reasons("about"),
        problem=Problem.of(error) if error else None,
    )


@page
async def decide_draft(page: Page) -> Response:
    """Approve somebody's draft, which issues it, or do not."""
    draft_id, opinion, request_id = page.text("draft_id"), page.text("opinion"), page.text("request_id")
    try:
        if page.text("decision") == "approve":
            await page.client.urges.approve(draft_id, opinion, request_id=request_id)
            return page.see(f"{HERE}?view=urges")
        await page.client.urges.reject(draft_id, opinion, request_id=request_id)
    except XiezhiError as error:
        return await _shown(page, "drafts", "", error)
    return page.see(f"{HERE}?view=drafts")


# --- One 督办 -----------------------------------------------------------------------------------------------------


@page
async def urge(page: Page) -> Response:
    """Show one with its replies and its timeline."""
    return await _urge(page)


@page
async def act(page: Page) -> Response:
    """Return the reply, close, revoke, grant or refuse more time; what is refused is shown above the form."""
    urges, which, text = page.client.urges, page.request.path_params["id"], page.text("text")
    seen = _options(page)
    try:
        match page.request.path_params["step"]:
            case "return":
                await urges.return_reply(which, text, **seen)
            case "close":
                await urges.close(which, page.text("result"), text, **seen)
            case "revoke":
                await urges.revoke(which, text, **seen)
            case "grant":
                await urges.grant_extension(which, page.text("until_on"), text, **seen)
            case "refuse":
                await urges.refuse_extension(which, text, **seen)
    except XiezhiError as error:
        return await _urge(page, error)
    return page.see(f"{HERE}/urges/{which}")


async def _urge(page: Page, error: XiezhiError | None = None) -> Response:
    found = await page.client.urges.get(page.request.path_params["id"])
    return page.render(
        "supervise/urge.html",
        status_of(error) if error else 200,
        urge=found,
        about=dict(_reasons("about")),
        results=_reasons("supervision_result"),
        step=page.request.path_params.get("step", ""),
        typed=typed_back(page.form),
        problem=Problem.of(error) if error else None,
    )


# --- 改派 ---------------------------------------------------------------------------------------------------------


@page
async def moving(page: Page) -> Response:
    """Show the form that sends a matter to the right court, or leaves it where it is."""
    return await _moving(page)


@page
async def move(page: Page) -> Response:
    """Reroute a matter, hand it on (转办), or refuse to."""
    superior, which, text = page.client.superior, page.request.path_params["id"], page.text("text")
    seen = _options(page)
    try:
        match page.text("decision"):
            case "reroute":
                await superior.reroute(which, page.text("court"), text, **seen)
            case "forward":
                await superior.forward(which, page.text("court"), text, **seen)
            case _:
                await superior.refuse_reroute(which, text, **seen)
    except XiezhiError as error:
        return await _moving(page, error)
    return page.see(f"{HERE}?view=awaiting")


async def _moving(page: Page, error: XiezhiError | None = None) -> Response:
    which = page.request.path_params["id"]
    rows = page.client.superior.awaiting(page_size=_MOST)
    found = [each async for each in rows if each.instruction and each.instruction.instruction_id == which]
    courts = await page.client.directory.courts(joined_only=True)
    return page.render(
        "supervise/moving.html",
        status_of(error) if error else 200,
        matter=found[0].instruction if found else None,
        which=which,
        typed=typed_back(page.form),
        courts=[(each.code, each.name) for each in courts],
        problem=Problem.of(error) if error else None,
    )


def _options(page: Page) -> Options:
    """Give what every step takes: the last event that was shown, the id that the form was given."""
    return {"base_event_id": page.text("base_event_id"), "request_id": page.text("request_id")}


def _reasons(table: str) -> list[tuple[str, str]]:
    """Give the codes of the rulebook with their words, for a 督办."""
    return list(shipped_rulebook().kinds["SUPERVISION"].reasons.get(table, {}).items())


def _words(text: str) -> tuple[str, ...]:
    """Give numbers written in one field, with commas or spaces between."""
    for comma in "，、,":
        text = text.replace(comma, " ")
    return tuple(text.split())


routes = [
    Route(HERE, show),
    Route(f"{HERE}/proposals", decide, methods=["POST"]),
    Route(f"{HERE}/new", new),
    Route(f"{HERE}/drafts", draft, methods=["POST"]),
    Route(f"{HERE}/drafts/decision", decide_draft, methods=["POST"]),
    Route(f"{HERE}/urges/{{id}}", urge),
    Route(f"{HERE}/urges/{{id}}/{{step}}", act, methods=["POST"]),
    Route(f"{HERE}/moving/{{id}}", moving),
    Route(f"{HERE}/moving/{{id}}", move, methods=["POST"]),
]
