"""工作台: what waits for whoever is signed in, each with the list that holds the rest."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import (
    AwaitingMatter,
    Client,
    Deadline,
    InstructionPage,
    InstructionSummary,
    NotAllowed,
    Overview,
    ReturnedWork,
)
from xiezhi_domain.terms import State
from xiezhi_workbench.page import Page, background, page

_SHOWN: Final = 6
_COUNTED: Final = 99
"""Counted up to here; what is more is written 99+."""

Answer = TypeVar("Answer")


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
    due_today, trays, returned = await _of_node(page.client)
    return page.render(template, due_today=due_today, trays=trays, returned=returned)


async def _of_node(client: Client) -> tuple[DueToday | None, list[Tray], tuple[ReturnedWork, ...] | None]:
    lists = client.instructions
    waiting, sent_back, redo, reported, due_today, returned = await asyncio.gather(
        _allowed(lists.page("RECEIVED", ("AWAITING_SIGNATURE",), page_size=_COUNTED)),
        _allowed(lists.page("SENT", ("APPROVAL_REJECTED", "RETURNED"), page_size=_COUNTED)),
        _allowed(lists.page("RECEIVED", ("REWORK",), page_size=_COUNTED)),
        _allowed(lists.page("SENT", ("REPORTED",), mine_only=True, page_size=_COUNTED)),
        _allowed(_due_today(client)),
        _allowed(lists.returned_work()),
    )
    trays = [
        _tray("未签收", "wait", f"/received?state={State.AWAITING_SIGNATURE}", waiting),
        _tray("被退回", "wrong", f"/sent?state={State.APPROVAL_REJECTED}&state={State.RETURNED}", sent_back),
        _tray(State.REWORK.zh, "wrong", f"/received?state={State.REWORK}", redo),
        _tray("待我确认", "work", f"/sent?state={State.REPORTED}&mine=1", reported),
    ]
    return due_today, [tray for tray in trays if tray is not None], returned


async def _of_hub(
    client: Client,
) -> tuple[Overview | None, list[InstructionSummary] | None, list[AwaitingMatter] | None]:
    return await asyncio.gather(
        _allowed(client.supervision.overview()), _allowed(_late(client)), _allowed(_awaiting(client))
    )


def _tray(title: str, tone: str, path: str, found: InstructionPage | None) -> Tray | None:
    if found is None:
        return None
    return Tray(title, tone, path, found.instructions, bool(found.next_page_token))


async def _due_today(client: Client) -> DueToday:
    """Give the first deadline of today of each matter, up to the bound."""
    found: dict[str, Deadline] = {}
    async for deadline in client.deadlines.open(today_only=True, page_size=_COUNTED):
        if len(found) == _COUNTED and deadline.instruction_id not in found:
            return DueToday(tuple(found.values()), more=True)
        found.setdefault(deadline.instruction_id, deadline)
    return DueToday(tuple(found.values()), more=False)


async def _late(client: Client) -> list[InstructionSummary]:
    rows = []
    async for row in client.supervision.overdue(page_size=_SHOWN):
        rows.append(row)
        if len(rows) == _SHOWN:
            break
    return rows


async def _awaiting(client: Client) -> list[AwaitingMatter]:
    rows = []
    async for row in client.superior.awaiting(page_size=_COUNTED):
        rows.append(row)
        if len(rows) == _COUNTED:
            break
    return rows


async def _allowed(call: Awaitable[Answer]) -> Answer | None:
    """Give the answer, or None where it is not for this person to see."""
    try:
        return await call
    except NotAllowed:
        return None


routes = [Route("/", show), Route("/desk/board", board)]
