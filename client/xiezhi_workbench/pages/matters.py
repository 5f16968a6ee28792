"""委托事项, 受托事项 at a court, 全市事项 at the hub: lists that are narrowed by their address, and bulk work."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import Account, BatchActResult, InstructionPage, InvalidInput
from xiezhi_client.sdk.vocabulary import Box, InstructionState
from xiezhi_domain.courts import shipped_courts
from xiezhi_domain.terms import Kind, Role, State
from xiezhi_workbench.asking import if_allowed
from xiezhi_workbench.page import Page, Problem, page
from xiezhi_workbench.words import known

_ROWS: Final = 50
_ASSIGNS: Final = frozenset({Role.CENTRE_OFFICER, Role.CENTRE_DIRECTOR, Role.DUTY_OFFICER})
_WORKS: Final = frozenset({Role.FIELD_OFFICER, Role.JUDGE, Role.ASSISTANT})
"""Who is offered as the officer of a matter."""


@dataclass(frozen=True, slots=True)
class List:
    """One of the lists."""

    path: str
    title: str
    box: Box


SENT: Final = List("/sent", "委托事项", "SENT")
RECEIVED: Final = List("/received", "受托事项", "RECEIVED")
ALL: Final = List("/matters", "全市事项", "")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to, as its address says."""

    states: tuple[str, ...]
    kinds: tuple[str, ...]
    court: str
    text: str
    open_only: bool
    overdue_only: bool
    mine_only: bool
    page_token: str

    @classmethod
    def of(cls, query: QueryParams) -> "Wanted":
        """Read an address; words that no vocabulary has are left out."""
        return cls(
            states=tuple(each for each in query.getlist("state") if known(State, each)),
            kinds=tuple(each for each in query.getlist("kind") if known(Kind, each)),
            court=_court_code(query.get("court", "").strip()),
            text=query.get("text", "").strip(),
            open_only=bool(query.get("open")),
            overdue_only=bool(query.get("overdue")),
            mine_only=bool(query.get("mine")),
            page_token=query.get("page", ""),
        )

    def query(self, page_token: str = "") -> str:
        """Write the address again, for another page."""
        pairs = [("state", each) for each in self.states] + [("kind", each) for each in self.kinds]
        words = (("court", self.court), ("text", self.text), ("page", page_token))
        ticks = (("open", self.open_only), ("overdue", self.overdue_only), ("mine", self.mine_only))
        pairs += [(name, "1") for name, on in ticks if on] + [(name, word) for name, word in words if word]
        return urlencode(pairs)

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return bool(self.query())


def _court_code(typed: str) -> str:
    """Give the code of a court named by code, by name or by a piece of it that only one has; else what was typed."""
    courts = shipped_courts()
    if not typed or typed in courts:
        return typed
    found = [court.code for court in courts if typed in court.name]
    return found[0] if len(found) == 1 else typed


@page
async def sent(page: Page) -> Response:
    """Show what this court has sent."""
    return await _show(page, SENT)


@page
async def received(page: Page) -> Response:
    """Show what this court has received."""
    return await _show(page, RECEIVED)


@page
async def everything(page: Page) -> Response:
    """Show the matters between all courts of the hub; a court has lists of its own."""
    return await _show(page, ALL) if page.is_hub else page.see(RECEIVED.path)


async def _show(page: Page, which: List) -> Response:
    wanted = Wanted.of(page.request.query_params)
    problem, found = None, InstructionPage()
    try:
        found = await (_of_hub(page, wanted) if page.is_hub else _of_node(page, which, wanted))
    except InvalidInput as error:
        problem = Problem.of(error)
    return page.render(
        "matters/list.html",
        which=which,
        wanted=wanted,
        problem=problem,
        rows=found.instructions,
        next=f"{which.path}?{wanted.query(found.next_page_token)}" if found.next_page_token else "",
        first=f"{which.path}?{wanted.query()}" if wanted.page_token else "",
        states=[(state.value, state.zh) for state in State],
        kinds=[(kind.value, kind.zh) for kind in Kind],
        courts=_courts(),
        officers=await _officers(page) if which is RECEIVED else (),
    )


async def _of_node(page: Page, which: List, wanted: Wanted) -> InstructionPage:
    return await page.client.instructions.page(
        which.box,
        cast("tuple[InstructionState, ...]", wanted.states),
        kinds=wanted.kinds,
        other_court=wanted.court,
        text=wanted.text,
        open_only=wanted.open_only,
        overdue_only=wanted.overdue_only,
        mine_only=wanted.mine_only,
        page_size=_ROWS,
        page_token=wanted.page_token,
    )


async def _of_hub(page: Page, wanted: Wanted) -> InstructionPage:
    return await page.client.supervision.page(
        cast("tuple[InstructionState, ...]", wanted.states),
        wanted.kinds,
        court=wanted.court,
        number=wanted.text,
        open_only=wanted.open_only,
        overdue_only=wanted.overdue_only,
        page_size=_ROWS,
        page_token=wanted.page_token,
    )


def _courts() -> list[tuple[str, str]]:
    return [(court.code, court.name) for court in shipped_courts()]


async def _officers(page: Page) -> Sequence[Account]:
    """Give who may be assigned a matter, to those who may assign."""
    if not any(role in _ASSIGNS for role in page.roles):
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


routes = [
    Route(SENT.path, sent),
    Route(RECEIVED.path, received),
    Route(ALL.path, everything),
    Route("/received/assign", assign, methods=["POST"]),
]
