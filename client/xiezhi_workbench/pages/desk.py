"""工作台: what waits for whoever is signed in, each with the list that holds the rest."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import (
    AwaitingMatter,
    Client,
    Deadline,
    InstructionSummary,
    Overview,
    ReturnedWork,
)
from xiezhi_client.sdk.vocabulary import Box, InstructionState
from xiezhi_domain.terms import Role, State
from xiezhi_workbench.asking import due_today, first, if_allowed, longest_overdue
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
    rows: Sequence[InstructionSummary]
    more: bool

    @property
    def count(self) -> str:
        """The number as it is shown."""
        return f"{_COUNTED}+" if self.more else str(len(self.rows))

    @property
    def first(self) -> Sequence[InstructionSummary]:
        """Those that are listed here."""
        return self.rows[:_SHOWN]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a tray holds: matters of a list in some states, for people with some roles; without roles for everybody."""

    title: str
    tone: str
    box: Box
    states: tuple[InstructionState, ...]
    mine: bool = False
    roles: frozenset[Role] = frozenset()

    async def of(self, client: Client) -> Tray:
        """Give the tray as it is now. Raise `NotAllowed`."""
        found = await client.instructions.page(self.box, self.states, mine_only=self.mine, page_size=_COUNTED)
        pairs = [("state", each) for each in self.states] + [("mine", "1")] * self.mine
        path = f"/{self.box.lower()}?{urlencode(pairs)}"
        return Tray(self.title, self.tone, path, found.instructions, bool(found.next_page_token))


_APPROVES: Final = frozenset({Role.BUREAU_CHIEF, Role.COURT_LEADER, Role.CENTRE_DIRECTOR})
_SEALS: Final = frozenset({Role.CENTRE_OFFICER, Role.CENTRE_DIRECTOR, Role.SEAL_KEEPER})
_ASSIGNS: Final = frozenset({Role.CENTRE_OFFICER, Role.CENTRE_DIRECTOR, Role.BUREAU_CHIEF, Role.DUTY_OFFICER})
_CONSENTS: Final = frozenset({Role.CENTRE_DIRECTOR, Role.BUREAU_CHIEF})
_HANDLES: Final = frozenset({Role.FIELD_OFFICER, Role.JUDGE, Role.ASSISTANT})

_ASKED: Final = (
    Asked(State.AWAITING_APPROVAL.zh, "wait", "SENT", ("AWAITING_APPROVAL",), roles=_APPROVES),
    Asked(State.AWAITING_SEAL.zh, "wait", "SENT", ("AWAITING_SEAL",), roles=_SEALS),
    Asked("未签收", "wait", "RECEIVED", ("AWAITING_SIGNATURE",)),
    Asked("待分派", "wait", "RECEIVED", ("SIGNED",), roles=_ASSIGNS),
    Asked(State.RETURN_PROPOSED.zh, "wait", "RECEIVED", ("RETURN_PROPOSED",), roles=_CONSENTS),
    Asked("我在办理", "work", "RECEIVED", ("IN_PROGRESS",), mine=True, roles=_HANDLES),
    Asked("待我确认", "work", "SENT", ("REPORTED",), mine=True),
    Asked("被退回", "wrong", "SENT", ("APPROVAL_REJECTED", "RETURNED")),
    Asked(State.REWORK.zh, "wrong", "RECEIVED", ("REWORK",)),
)
"""In the order in which they are shown; whom the server gives nothing of one, it is not shown to."""


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
        (overview, late, awaiting), courts = await asyncio.gather(
            _of_hub(page.client), page.client.directory.courts(joined_only=True)
        )
        joined = {court.code for court in courts}
        late_rows, withheld = late or ((), 0)
        return page.render(
            template,
            overview=overview,
            late=late_rows,
            withheld=withheld,
            awaiting=awaiting,
            joined=joined,
        )
    today, trays, returned = await _of_node(page)
    return page.render(template, due_today=today, trays=trays, returned=returned)


async def _of_node(page: Page) -> tuple[DueToday | None, list[Tray], tuple[ReturnedWork, ...] | None]:
    asked = [each for each in _ASKED if not each.roles or not each.roles.isdisjoint(page.roles)]
    today, returned, found = await asyncio.gather(
        if_allowed(_due_today(page.client)),
        if_allowed(page.client.instructions.returned_work()),
        asyncio.gather(*(if_allowed(each.of(page.client)) for each in asked)),
    )
    return today, [tray for tray in found if tray is not None], returned


async def _of_hub(
    client: Client,
) -> tuple[Overview | None, tuple[list[InstructionSummary], int] | None, list[AwaitingMatter] | None]:
    return await asyncio.gather(
        if_allowed(client.supervision.overview()),
        if_allowed(longest_overdue(client, _SHOWN)),
        if_allowed(first(client.superior.awaiting(page_size=_COUNTED), _COUNTED)),
    )


async def _due_today(client: Client) -> DueToday:
    """Look one further than is counted, to know whether there are more."""
    found, _ = await due_today(client, _COUNTED + 1)
    return DueToday(found[:_COUNTED], more=len(found) > _COUNTED)


routes = [Route("/", show), Route("/desk/board", board)]
