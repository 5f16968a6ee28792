"""One matter on one page: where it stands, what both courts did, what is owed, and what the reader may do now."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import (
    ActionOffer,
    Instruction,
    InstructionSummary,
    ItemOutcome,
    MatterDeadlines,
    NotFound,
    TimelineEntry,
    XiezhiError,
)
from xiezhi_domain.orders.form import ORDERS, REQUESTS
from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.terms import Action, EventKind, Kind
from xiezhi_workbench.decided import DRAFT_STATES, decided
from xiezhi_workbench.form_fields import ActionForm
from xiezhi_workbench.page import Page, Problem, page, status_of
from xiezhi_workbench.pages.erasures import DRAFTING
from xiezhi_workbench.received_forms import court_forms
from xiezhi_workbench.road import Step, steps
from xiezhi_workbench.superior_forms import superior_forms
from xiezhi_workbench.words import is_final

TALK: Final = frozenset(
    {EventKind.CONTACT_LOGGED, EventKind.CALL_LOGGED, EventKind.NUDGED, EventKind.NUDGE_ANSWERED}
    | {EventKind.CONFIRMATION_NUDGED}
)
"""What makes up the thread of communication."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that one look at a matter fetches."""

    instruction: Instruction
    summary: InstructionSummary
    rules: KindRules
    timeline: tuple[TimelineEntry, ...]
    deadlines: MatterDeadlines
    forms: Mapping[Action, ActionForm]
    """Of the actions that are taken here, at a node or at the hub."""
    appeals: tuple[str, ...] = ()
    """What the courts wait for; known at the hub."""

    @property
    def road(self) -> list[Step]:
        """The ladder as a picture."""
        return steps(self.rules, self.summary, self.timeline)

    @property
    def talk(self) -> list[TimelineEntry]:
        """Calls, notes and nudges of both courts."""
        return [entry for entry in self.timeline if entry.kind in TALK]

    @property
    def outcomes(self) -> dict[int, ItemOutcome]:
        """What was reported last, by the number of the item."""
        return {outcome.number: outcome for outcome in self.instruction.outcomes}

    @property
    def offers(self) -> list[ActionOffer]:
        """What the reader may do now, as far as there is a form for it."""
        return [offer for offer in self._taken_here() if offer.allowed]

    @property
    def withheld(self) -> list[ActionOffer]:
        """What he may not do now, each with the reason."""
        return [offer for offer in self._taken_here() if not offer.allowed]

    @property
    def is_order(self) -> bool:
        """Whether it is a superior's order, which has a page of its own."""
        return self.summary.kind in ORDERS

    @property
    def may_redraft(self) -> bool:
        """Whether the reader may change the draft."""
        return any(each.allowed and each.action == Action.CREATE for each in self.instruction.actions)

    def _taken_here(self) -> Sequence[ActionOffer]:
        return [offer for offer in self.instruction.actions if offer.action in self.forms]


async def rules_of(page: Page, instruction: Instruction) -> KindRules:
    """Give the rules that a matter pins, of its kind and between its courts."""
    book = await page.rulebooks.pinned(page.client, instruction.rulebook)
    summary = instruction.summary or InstructionSummary()
    return book.rules(summary.kind, summary.sender, summary.receiver)


async def look(page: Page, *, unmask: bool = False, purpose: str = "") -> Seen:
    """Fetch the matter of the address, by id or by number. Raise `NotFound`, `NotAllowed`, `InvalidInput`."""
    named = page.request.path_params["id"]
    if page.is_hub:
        return await _look_from_above(page, named)
    instruction = await page.client.instructions.get(named, unmask=unmask, purpose=purpose)
    summary = instruction.summary or InstructionSummary()
    rules, timeline, deadlines = await asyncio.gather(
        rules_of(page, instruction),
        page.client.instructions.timeline(summary.instruction_id),
        page.client.deadlines.of_matter(summary.instruction_id),
    )
    return Seen(instruction, summary, rules, timeline, deadlines, forms_of(page, summary.kind))


async def _look_from_above(page: Page, named: str) -> Seen:
    """Fetch what the superior sees of a matter, without names and words."""
    found, deadlines = await asyncio.gather(
        page.client.superior.get(named), page.client.deadlines.of_matter(named)
    )
    instruction = found.matter or Instruction()
    summary = instruction.summary or InstructionSummary()
    rules = await rules_of(page, instruction)
    forms = forms_of(page, summary.kind)
    return Seen(instruction, summary, rules, found.timeline, deadlines, forms, found.appeals)


def forms_of(page: Page, kind: str) -> Mapping[Action, ActionForm]:
    """Give the forms of the actions that are taken here in matters of *kind*."""
    return superior_forms(kind) if page.is_hub else court_forms(kind)


@page
async def show(page: Page) -> Response:
    """Show a matter; right after an action, also that it was taken."""
    try:
        seen = await look(page)
    except NotFound:
        if not page.told:
            raise
        # Whoever has given a matter away may not see it any more.
        return page.render("matter/gone.html")
    if page.is_hub:
        return await _from_above(page, seen)
    return page.render("matter/one.html", seen=seen, unmasked=False, problem=None, purpose="")


@page
async def read(page: Page) -> Response:
    """Show at the hub what the courts wrote in a matter; the purpose goes into the record of access."""
    try:
        entries = await page.client.superior.read(page.request.path_params["id"], page.text("purpose"))
    except XiezhiError as error:
        return await _from_above(page, await look(page), error=error)
    return await _from_above(page, await look(page), entries)


async def _from_above(
    page: Page,
    seen: Seen,
    read: Sequence[TimelineEntry] | None = None,
    error: XiezhiError | None = None,
) -> Response:
    about = seen.summary
    return page.render(
        "matter/hub.html",
        status_of(error) if error else 200,
        seen=seen,
        read=read,
        problem=Problem.of(error) if error else None,
        purpose=page.text("purpose"),
        ORDERS=ORDERS,
        REQUESTS=REQUESTS,
        decided=await decided(page.client, about.instruction_id) if about.kind == Kind.HANDOVER else None,
        draft_states=DRAFT_STATES,
        may_erase=is_final(about.state) and not DRAFTING.isdisjoint(page.roles),
    )


@page
async def unmask(page: Page) -> Response:
    """Show the matter with numbers in full, once; the purpose goes into the record of access."""
    purpose = page.text("purpose")
    problem = None
    try:
        seen = await look(page, unmask=True, purpose=purpose)
    except XiezhiError as error:
        problem, status = Problem.of(error), status_of(error)
        seen = await look(page)
    else:
        status = 200
    return page.render(
        "matter/one.html",
        status,
        seen=seen,
        unmasked=problem is None,
        problem=problem,
        purpose=purpose,
    )


@page
async def receipt(page: Page) -> Response:
    """Give the evidence receipt of one step, as the offline verifier reads it."""
    event_id = page.request.path_params["event"]
    evidence = await page.client.evidence.receipt(event_id)
    name = f"{quote(event_id, safe='')}.receipt"
    return Response(
        evidence.to_proto().SerializeToString(),
        media_type="application/octet-stream",
        headers={"content-disposition": f"attachment; filename*=UTF-8''{name}"},
    )


@page
async def receipt_paper(page: Page) -> Response:
    """Give the same receipt as a page to print and file, which the verifier reads too."""
    paper = await page.client.evidence.receipt_paper(page.request.path_params["event"])
    name = quote(paper.file_name, safe="")
    return Response(
        paper.content,
        media_type="application/pdf",
        headers={"content-disposition": f"attachment; filename*=UTF-8''{name}"},
    )


routes: Final = [
    Route("/matters/{id}", show),
    Route("/matters/{id}/read", read, methods=["POST"]),
    Route("/matters/{id}/unmask", unmask, methods=["POST"]),
    Route("/matters/{id}/receipts/{event}", receipt),
    Route("/matters/{id}/receipts/{event}/paper", receipt_paper),
]
