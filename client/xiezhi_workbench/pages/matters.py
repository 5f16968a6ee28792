"""委托事项, 受托事项 at a court, 全市事项 at the hub: lists that are narrowed by their address, and bulk work."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from starlette.datastructures import QueryParams
from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import (
    Account,
    BatchActResult,
    InstructionPage,
    InstructionSummary,
    InvalidInput,
    OutsideMatter,
    SavedView,
    XiezhiError,
)
from xiezhi_domain.courts import shipped_courts
from xiezhi_domain.terms import Channel, Kind, Role, State
from xiezhi_workbench.asking import if_allowed
from xiezhi_workbench.lists import ALL, LISTS, RECEIVED, SENT, List, Wanted, as_view, tabs
from xiezhi_workbench.page import Page, Problem, page, status_of

_ROWS: Final = 50
_ASSIGNS: Final = frozenset({Role.CENTRE_OFFICER, Role.CENTRE_DIRECTOR, Role.DUTY_OFFICER})
_WORKS: Final = frozenset({Role.FIELD_OFFICER, Role.JUDGE, Role.ASSISTANT})
"""Who is offered as the officer of a matter."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of a list: matters of the platform, or those of another channel; or what is wrong with its address."""

    rows: Sequence[InstructionSummary] = ()
    outside: Sequence[OutsideMatter] = ()
    next_token: str = ""
    withheld: int = 0
    problem: Problem | None = None


@page
async def sent(page: Page) -> Response:
    """Show what this court has sent."""
    return await _open(page, SENT)


@page
async def received(page: Page) -> Response:
    """Show what this court has received."""
    return await _open(page, RECEIVED)


@page
async def everything(page: Page) -> Response:
    """Show the matters between all courts of the hub; a court has lists of its own."""
    return await _open(page, ALL) if page.is_hub else page.see(RECEIVED.path)


async def _open(page: Page, which: List) -> Response:
    """Show a list as its address says; where that says nothing, as the view that it opens with."""
    query = page.request.query_params
    views = await page.client.views.list()
    if not query:
        for view in views:
            if view.is_default and view.filter is not None and view.filter.box == which.box:
                return page.see(Wanted.kept(view).address(which))
    return await _show(page, which, Wanted.of(query, which.box), views)


async def _show(
    page: Page, which: List, wanted: Wanted, views: Sequence[SavedView], error: XiezhiError | None = None
) -> Response:
    """Show a list; *error* is what was refused to be done with it."""
    found, officers = await asyncio.gather(_find(page, which, wanted), _officers(page, which, wanted))
    problem = found.problem or (Problem.of(error) if error else None)
    return page.render(
        "matters/list.html",
        status_of(error) if error else 200,
        which=which,
        wanted=wanted,
        tabs=tabs(views, which, wanted),
        problem=problem,
        found=found,
        next=wanted.address(which, found.next_token) if found.next_token else "",
        first=wanted.address(which) if wanted.page_token else "",
        states=[(state.value, state.zh) for state in State],
        kinds=[(kind.value, kind.zh) for kind in Kind],
        channels=[(channel.value, channel.zh) for channel in Channel],
        courts=_courts(),
        officers=officers,
    )


async def _find(page: Page, which: List, wanted: Wanted) -> Found:
    try:
        return await _asked(page, which, wanted)
    except InvalidInput as refused:
        return Found(problem=Problem.of(refused))


async def _asked(page: Page, which: List, wanted: Wanted) -> Found:
    if page.is_hub:
        all_courts = await page.client.supervision.page(
            wanted.filter, page_size=_ROWS, page_token=wanted.page_token
        )
        return Found(
            all_courts.instructions,
            next_token=all_courts.next_page_token,
            withheld=all_courts.withheld,
        )
    if wanted.channel:
        others = await page.client.outside.page(
            wanted.filter, wanted.channel, page_size=_ROWS, page_token=wanted.page_token
        )
        return Found(outside=others.matters, next_token=others.next_page_token)
    matters = await _of_node(page, which, wanted)
    return Found(matters.instructions, next_token=matters.next_page_token)


async def _of_node(page: Page, which: List, wanted: Wanted) -> InstructionPage:
    chosen = wanted.filter
    return await page.client.instructions.page(
        which.box,
        chosen.states,
        kinds=chosen.kinds,
        other_court=chosen.other_court,
        text=chosen.text,
        case_number=chosen.case_number,
        person=chosen.person,
        due_from=chosen.due_from,
        due_until=chosen.due_until,
        open_only=chosen.open_only,
        overdue_only=chosen.overdue_only,
        mine_only=chosen.mine_only,
        page_size=_ROWS,
        page_token=wanted.page_token,
    )


def _courts() -> list[tuple[str, str]]:
    return [(court.code, court.name) for court in shipped_courts()]


async def _officers(page: Page, which: List, wanted: Wanted) -> Sequence[Account]:
    """Give who may be assigned a matter of this list, to those who may assign."""
    if which is not RECEIVED or wanted.channel or not any(role in _ASSIGNS for role in page.roles):
        return ()
    accounts = await if_allowed(page.client.accounts.list()) or ()
    return [each for each in accounts if not each.disabled and any(role in _WORKS for role in each.roles)]


@page
async def assign(page: Page) -> Response:
    """签收并分派 of all chosen matters; each alone, each with its result."""
    chosen = [str(each) for each in page.form.getlist("matter")]
    officer = page.text("assignee")
    if not chosen or not officer:
        problem = Problem("请先勾选事项，再选择承办人")
        return page.render("matters/assigned.html", 422, problem=problem, results=(), names={})
    results = await page.client.instructions.batch(
        "ASSIGN",
        chosen,
        assignee_account_id=officer,
        text=page.text("note"),
        request_id=page.text("request_id"),
    )
    names = {matter: page.text(f"number-{matter}") or matter for matter in chosen}
    return page.render("matters/assigned.html", problem=None, results=_ordered(results), names=names)


def _ordered(results: Sequence[BatchActResult]) -> list[BatchActResult]:
    """Put what failed first: somebody has to look at it."""
    return sorted(results, key=lambda result: result.receipt is not None)


def meant(page: Page) -> tuple[List, Wanted]:
    """Give the list that a form beside it means, and what it was narrowed to."""
    which = LISTS.get(page.text("list"), ALL if page.is_hub else RECEIVED)
    return which, Wanted.of(QueryParams(page.text("query")), which.box)


@page
async def save_view(page: Page) -> Response:
    """Keep what a list is narrowed to under a name."""
    which, wanted = meant(page)
    view = as_view(wanted, page.text("name"), is_default=bool(page.text("is_default")))
    try:
        await page.client.views.put(view, request_id=page.text("request_id"))
    except XiezhiError as error:
        return await _show(page, which, wanted, await page.client.views.list(), error)
    return page.see(wanted.address(which), f"已保存视图“{view.name}”")


@page
async def change_view(page: Page) -> Response:
    """Let the list open with a view, or with it no more."""
    which, wanted = meant(page)
    kept = {view.view_id: view for view in await page.client.views.list()}
    view = kept.get(page.request.path_params["view"])
    if view is not None:
        changed = replace(view, is_default=bool(page.text("is_default")))
        await page.client.views.put(changed, request_id=page.text("request_id"))
    return page.see(wanted.address(which))


@page
async def delete_view(page: Page) -> Response:
    """Delete a view; its list stays as it is narrowed."""
    which, wanted = meant(page)
    await page.client.views.delete(page.request.path_params["view"])
    return page.see(wanted.address(which), "已删除视图")


routes = [
    Route(SENT.path, sent),
    Route(RECEIVED.path, received),
    Route(ALL.path, everything),
    Route("/received/assign", assign, methods=["POST"]),
    Route("/views", save_view, methods=["POST"]),
    Route("/views/{view}", change_view, methods=["POST"]),
    Route("/views/{view}/delete", delete_view, methods=["POST"]),
]
