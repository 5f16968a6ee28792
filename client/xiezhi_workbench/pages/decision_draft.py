"""The form in which a decision on a handover is drafted, with papers; somebody else approves it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import (
    DecisionOrder,
    Document,
    Overloaded,
    SupervisedHandover,
    Unavailable,
    XiezhiError,
    new_instruction_id,
)
from xiezhi_client.sdk.vocabulary import DisposalDecision as DecisionName
from xiezhi_domain.terms import DisposalDecision, PaperType
from xiezhi_workbench.entering import PAPER_ROWS, Entered, kept_papers, typed_back, upload
from xiezhi_workbench.form_fields import Field, Shape
from xiezhi_workbench.page import Page, Problem, page, status_of
from xiezhi_workbench.pages.act import later
from xiezhi_workbench.pages.decisions import HERE
from xiezhi_workbench.security import FILES
from xiezhi_workbench.words import court, known

_PAPERS: Final = Field(
    "documents", "附件（双方法院都能看到）", Shape.DOCUMENTS, hint="决定书、裁定书等，PDF、OFD 或图片"
)
_FIELD: Final = re.compile(r"^order\.(\w+)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the form shows: the draft's id, the order so far, papers uploaded, what is wrong."""

    draft_id: str
    order: DecisionOrder
    kept: Sequence[Document] = ()
    problem: Problem | None = None
    status: int = 200


@page
async def new(page: Page) -> Response:
    """Show the form about the handover that it was opened from; without one, the handovers to choose from."""
    matter = page.request.query_params.get("matter", "").strip()
    if not matter:
        return page.see(f"{HERE}?view=handovers", "请从待决定的移交中选择事项拟写决定。")
    return await _shown(page, Sheet(new_instruction_id(), DecisionOrder(instruction_id=matter)))


@page
async def draft(page: Page) -> Response:
    """Draft it; what is wrong is shown in the form, with the papers that are there already."""
    try:
        return await _drafted(page)
    except (Unavailable, Overloaded) as error:
        return later(page, error)


async def _drafted(page: Page) -> Response:
    draft_id, order, papers = page.text("draft_id"), _order(page), Entered(kept=kept_papers(page.form))
    await upload(page.client, draft_id, page.form, papers)
    if papers.wrong:
        problem = Problem("请按提示补充或修改", papers.wrong)
        return await _shown(page, Sheet(draft_id, order, papers.kept, problem, 422))
    whole = replace(order, documents=tuple(papers.kept))
    try:
        kept = await page.client.decisions.draft(whole, draft_id, request_id=page.text("request_id"))
    except (Unavailable, Overloaded):
        raise
    except XiezhiError as error:
        told = Problem.of(error)
        fields = {_shown_at(path): message for path, message in told.fields.items()}
        problem = Problem(told.message, fields, told.retry_after)
        return await _shown(page, Sheet(draft_id, order, papers.kept, problem, status_of(error)))
    return page.see(f"{HERE}/{kept.draft_id}", "决定已拟写，等待他人审批。")


def _order(page: Page) -> DecisionOrder:
    """Give what was typed, without papers."""
    return DecisionOrder(
        instruction_id=page.text("instruction_id"),
        decision=cast(DecisionName, known(DisposalDecision, page.text("decision"))),
        until_on=page.text("until_on"),
        ground=page.text("ground"),
        court=page.text("court"),
    )


def _shown_at(path: str) -> str:
    """Give the field of the form that the server's *path* means."""
    found = _FIELD.match(path)
    return found[1] if found else path


async def _shown(page: Page, sheet: Sheet) -> Response:
    seen = await page.client.decisions.handover(sheet.order.instruction_id)
    return page.render(
        "decisions/draft.html",
        sheet.status,
        sheet=sheet,
        order=sheet.order,
        matter=seen.instruction,
        record=seen.record,
        why_not=seen.why_not_draft,
        problem=sheet.problem,
        typed=typed_back(page.form),
        decisions=[(each.value, each.zh) for each in DisposalDecision],
        courts=designable(seen),
        papers_field=_PAPERS,
        paper_rows=PAPER_ROWS,
        paper_types=[(each.value, each.zh) for each in PaperType],
    )


def designable(seen: SupervisedHandover) -> list[tuple[str, str]]:
    """Give the courts that a decision may designate, with their place: both parties, others whose seizures stand."""
    matter = seen.instruction
    parties = {matter.sender: "商请法院", matter.receiver: "首封法院"} if matter else {}
    register = seen.record.register if seen.record else ()
    others = [each.seizure.court for each in register if each.seizure and each.rank]
    return [
        (code, f"{parties.get(code, '轮候法院')} {court(code)}")
        for code in dict.fromkeys([*parties, *others])
    ]


routes = [
    Route(f"{HERE}/new", new),
    Route(f"{HERE}/drafts", draft, methods=["POST"], middleware=[FILES]),
]
