"""What the superior drafts (督办, orders, decisions on handovers): a form with papers, open until it is approved."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import (
    Client,
    CourtOrder,
    DecisionDraft,
    DecisionOrder,
    NotFound,
    OrderDraft,
    Overloaded,
    Unavailable,
    UrgeDraft,
    UrgeOrder,
    XiezhiError,
)
from xiezhi_domain.terms import PaperType
from xiezhi_workbench.entering import PAPER_ROWS, Entered, kept_papers, typed_back, upload
from xiezhi_workbench.form_fields import Field
from xiezhi_workbench.page import Page, Problem, page, status_of
from xiezhi_workbench.pages.act import later
from xiezhi_workbench.security import FILES

MOST_DRAFTS = 200
"""Drafts that wait, as a list shows them."""
OrderT = TypeVar("OrderT", UrgeOrder, DecisionOrder, CourtOrder)
DraftT = TypeVar("DraftT", UrgeDraft, DecisionDraft, OrderDraft)


@dataclass(frozen=True, slots=True)
class ReadForm(Generic[OrderT]):
    """A form as it was read: the order without papers, what nobody can make sense of by the name of the form's field.

    `shown_at` gives the field of the form that the server's path means.
    """

    order: OrderT
    wrong: Mapping[str, str]
    shown_at: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Sheet(Generic[OrderT]):
    """What a form shows: the draft's id, what it says with its papers, what was typed, what it lacks, what is wrong.

    `waits`: the draft is kept already. `locked`: it is another's, to be read alone.
    """

    draft_id: str
    order: OrderT
    typed: Mapping[str, Any] = field(default_factory=dict)
    lacking: Sequence[str] = ()
    waits: bool = False
    locked: bool = False
    problem: Problem | None = None
    status: int = 200


@dataclass(frozen=True, slots=True)
class DraftForm(Generic[OrderT, DraftT]):
    """One of the three: how its form is read, kept and shown, and where its author goes once it is kept."""

    papers: Field
    read: Callable[[FormData], ReadForm[OrderT]]
    draft: Callable[[Client, OrderT, str, str], Awaitable[DraftT]]
    """Draft the order under the id of the draft, by the id of the request."""
    show: Callable[[Page, Sheet[OrderT]], Awaitable[Response]]
    done: Callable[[Page, DraftT], Response]

    async def save(self, page: Page) -> Response:
        """Keep the draft; what is wrong is shown in the form, with the papers that are there already."""
        try:
            return await self._saved(page)
        except (Unavailable, Overloaded) as error:
            return later(page, error)

    async def _saved(self, page: Page) -> Response:
        draft_id, papers = page.text("draft_id"), Entered(kept=kept_papers(page.form))
        await upload(page.client, draft_id, page.form, papers)
        read = self.read(page.form)
        order = replace(read.order, documents=tuple(papers.kept))
        sheet = Sheet(draft_id, order, typed_back(page.form), waits=bool(page.text("waits")))
        if wrong := {**papers.wrong, **read.wrong}:
            problem = Problem("请按提示补充或修改", wrong)
            return await self.show(page, replace(sheet, problem=problem, status=422))
        try:
            kept = await self.draft(page.client, order, draft_id, page.text("request_id"))
        except (Unavailable, Overloaded):
            raise
        except XiezhiError as error:
            told = Problem.of(error)
            fields = {read.shown_at(path): message for path, message in told.fields.items()}
            problem = Problem(told.message, fields, told.retry_after)
            return await self.show(page, replace(sheet, problem=problem, status=status_of(error)))
        return self.done(page, kept)

    def render(self, page: Page, template: str, sheet: Sheet[OrderT], **context: Any) -> Response:
        """Give the page of the form, with what every form of a draft shows."""
        return page.render(
            template,
            sheet.status,
            sheet=sheet,
            order=sheet.order,
            problem=sheet.problem,
            typed=sheet.typed,
            papers_field=self.papers,
            paper_rows=PAPER_ROWS,
            paper_types=[(each.value, each.zh) for each in PaperType],
            **context,
        )

    def routes(self, here: str, new: Callable[[Page], Awaitable[Response]]) -> list[Route]:
        """Give where the form is opened and where it is sent."""
        return [
            Route(f"{here}/new", page(new)),
            Route(f"{here}/drafts", page(self.save), methods=["POST"], middleware=[FILES]),
        ]


def waiting(drafts: Iterable[DraftT], draft_id: str) -> DraftT:
    """Give the draft of those that wait. Raise `NotFound`."""
    found = next((each for each in drafts if each.draft_id == draft_id and each.order), None)
    if found is None:
        raise NotFound("UNKNOWN_DRAFT", "该拟稿已不在待审批之列")
    return found
