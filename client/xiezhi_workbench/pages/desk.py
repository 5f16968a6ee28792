"""工作台: what waits for whoever is signed in, each with the list that holds the rest."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import (
    AwaitingMatter,
    Client,
    Deadline,
    InstructionPage,
    InstructionSummary,
    Overview,
    ReturnedWork,
)
from xiezhi_domain.terms import State
from xiezhi_workbench.asking import due_today, first, if_allowed
from xiezhi_workbench.page import Page, background, page

_SHOWN: Final = 6
_COUNTED: Final = 99
"""Counted up to here; what is more is written 99+."""


@dataclass(frozen=True, slots=True)
class Tray:
    """One heading of 工作台: how many, the first of them, and where all of them are listed."""

    title: str
    tone: str
    path: str
    rows: Sequence[InstructionSummary] = ()
    more: bool = False
    anchor: str = ""

    @property
    def count(self) -> str:
        """The number as it is shown."""
        return f"{_COUNTED}+" if self.more else str(len(self.rows))

    @property
    def first(self) -> Sequence[InstructionSummary]:
        """Those that are listed here."""
        return self.rows[:_SHOWN]


@dataclass(frozen=True, slots=True)
class DueToday:
    """The periods that end today, one line for each matter."""

    rows: Sequence[Deadline]
    more: bool

    @property
    def count(self) -> str:
        """The number as it is shown."""
        return f"{_COUNTED}+" if self.more else str(len(self.rows))

    @property
    def first(self) -> Sequence[Deadline]:
        """Those that are listed here."""
        return self.rows[:_SHOWN]


@page
async def show(page: Page) -> Response:
    """Show what waits."""
    return await _show(page, "desk/desk.html")


@background
async def board(page: Page) -> Response:
    """Give the changing part, which the open page fetches when something has happened."""
    return await _show(page, "desk/board.html")


async def _show(page: Page, template: str) -> Response:
    if page.is_hub:
        overview, late, awaiting = await _of_hub(page.client)
        return page.render(template, overview=overview, late=late, awaiting=awaiting)
    today, trays, returned = await _of_node(page.client)
    return page.render(template, due_today=today, trays=trays, returned=returned)


async def _of_node(client: Client) -> tuple[DueToday | None, list[Tray], tuple[ReturnedWork, ...] | None]:
    lists = client.instructions
    waiting, sent_back, redo, reported, today, returned = await asyncio.gather(
        if_allowed(lists.page("RECEIVED", ("AWAITING_SIGNATURE",), page_size=_COUNTED)),
        if_allowed(lists.page("SENT", ("APPROVAL_REJECTED", "RETURNED"), page_size=_COUNTED)),
        if_allowed(lists.page("RECEIVED", ("REWORK",), page_size=_COUNTED)),
        if_allowed(lists.page("SENT", ("REPORTED",), mine_only=True, page_size=_COUNTED)),
        if_allowed(_due_today(client)),
        if_allowed(lists.returned_work()),
    )
    trays = [
        _tray("未签收", "wait", f"/received?state={State.AWAITING_SIGNATURE}", waiting),
        _tray("被退回", "wrong", f"/sent?state={State.APPROVAL_REJECTED}&state={State.RETURNED}", sent_back),
        _tray(State.REWORK.zh, "wrong", f"/received?state={State.REWORK}", redo),
        _tray("待我确认", "work", f"/sent?state={State.REPORTED}&mine=1", reported),
    ]
    return today, [tray for tray in trays if tray is not None], returned


async def _of_hub(
    client: Client,
) -> tuple[Overview | None, list[InstructionSummary] | None, list[AwaitingMatter] | None]:
    return await asyncio.gather(
        if_allowed(client.supervision.overview()),
        if_allowed(first(client.supervision.overdue(page_size=_SHOWN), _SHOWN)),
        if_allowed(first(client.superior.awaiting(page_size=_COUNTED), _COUNTED)),
    )


def _tray(title: str, tone: str, path: str, found: InstructionPage | None) -> Tray | None:
    if found is None:
        return None
    return Tray(title, tone, path, found.instructions, bool(found.next_page_token))


async def _due_today(client: Client) -> DueToday:
    """Look one further than is counted, to know whether there are more."""
    found = await due_today(client, _COUNTED + 1)
    return DueToday(found[:_COUNTED], more=len(found) > _COUNTED)


routes = [Route("/", show), Route("/desk/board", board)]
