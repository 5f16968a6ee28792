"""The form in which a 督办 is drafted, to one court or several, with papers; somebody else approves it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import (
    Document,
    Overloaded,
    Unavailable,
    UrgeOrder,
    UrgeTarget,
    XiezhiError,
    new_instruction_id,
)
from xiezhi_domain.terms import Kind, PaperType
from xiezhi_workbench.entering import PAPER_ROWS, Entered, kept_papers, typed_back, upload
from xiezhi_workbench.form_fields import Field, Shape
from xiezhi_workbench.page import Page, Problem, page, status_of
from xiezhi_workbench.pages.act import later
from xiezhi_workbench.pages.supervise import HERE
from xiezhi_workbench.security import FILES

_PAPERS: Final = Field(
    "documents", "附件（每个被督办法院各收一份）", Shape.DOCUMENTS, hint="督办函等，PDF、OFD 或图片"
)
_DAYS: Final = re.compile(r"[0-9]{1,4}")
_LINKED: Final = re.compile(r"^order\.targets\[\d+\]\.instruction_ids")
_FIELD: Final = re.compile(r"^order\.(\w+)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the form shows: the draft's id, the order so far, papers uploaded, what is wrong."""

    draft_id: str
    order: UrgeOrder
    kept: Sequence[Document] = ()
    problem: Problem | None = None
    status: int = 200


@page
async def new(page: Page) -> Response:
    """Show the form, filled with the court and the matter that it was opened from."""
    query = page.request.query_params
    order = UrgeOrder(
        about=query.get("about", ""),
        targets=(UrgeTarget(court=query.get("court", ""), instruction_ids=_words(query.get("matter", ""))),),
    )
    return await _shown(page, Sheet(new_instruction_id(), order))


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
    if wrong := {**papers.wrong, **_wrong(page, order)}:
        return await _shown(
            page, Sheet(draft_id, order, papers.kept, Problem("请按提示补充或修改", wrong), 422)
        )
    whole = replace(order, documents=tuple(papers.kept))
    try:
        await page.client.urges.draft(whole, draft_id, request_id=page.text("request_id"))
    except (Unavailable, Overloaded):
        raise
    except XiezhiError as error:
        told = Problem.of(error)
        fields = {_shown_at(path): message for path, message in told.fields.items()}
        problem = Problem(told.message, fields, told.retry_after)
        return await _shown(page, Sheet(draft_id, order, papers.kept, problem, status_of(error)))
    return page.see(f"{HERE}?view=drafts", "督办已拟写，等待他人审批。")


def _order(page: Page) -> UrgeOrder:
    """Give what was typed, without papers."""
    days, matters = page.text("limit_days"), _words(page.text("matters"))
    courts = [code for code in page.form.getlist("court") if isinstance(code, str) and code]
    return UrgeOrder(
        subject=page.text("subject"),
        about=page.text("about"),
        requirement=page.text("requirement"),
        ground=page.text("ground"),
        limit_days=int(days) if _DAYS.fullmatch(days) else 0,
        urgent=bool(page.text("urgent")),
        case_number=page.text("case_number"),
        targets=tuple(UrgeTarget(court=code, instruction_ids=matters) for code in courts),
    )


def _wrong(page: Page, order: UrgeOrder) -> dict[str, str]:
    """Give what the server cannot tell of what was typed, by field."""
    wrong, days = dict[str, str](), page.text("limit_days")
    if days and not _DAYS.fullmatch(days):
        wrong["limit_days"] = "请填写天数，不超过四位整数"
    if page.text("matters") and len(order.targets) > 1:
        wrong["matters"] = "同时督办几个法院的，不填关联事项；需要关联的请分别拟写"
    return wrong


def _shown_at(path: str) -> str:
    """Give the field of the form that the server's *path* means."""
    if _LINKED.match(path):
        return "matters"
    found = _FIELD.match(path)
    return found[1] if found else path


async def _shown(page: Page, sheet: Sheet) -> Response:
    courts = await page.client.directory.courts(joined_only=True)
    targets = sheet.order.targets
    return page.render(
        "supervise/draft.html",
        sheet.status,
        sheet=sheet,
        order=sheet.order,
        problem=sheet.problem,
        typed=typed_back(page.form),
        chosen={target.court for target in targets},
        matters=page.text("matters") or "，".join(next((each.instruction_ids for each in targets), ())),
        courts=[(each.code, each.name) for each in courts if each.code != page.me.court],
        about=await reasons(page, "about"),
        papers_field=_PAPERS,
        paper_rows=PAPER_ROWS,
        paper_types=[(each.value, each.zh) for each in PaperType],
    )


async def reasons(page: Page, table: str) -> list[tuple[str, str]]:
    """Give the codes of the rulebook in force with their words, for a 督办."""
    book = await page.rulebooks.in_force(page.client)
    return list(book.kind(Kind.SUPERVISION).reasons.get(table, {}).items())


def _words(text: str) -> tuple[str, ...]:
    """Give numbers written in one field, with commas or spaces between."""
    for comma in "，、,":
        text = text.replace(comma, " ")
    return tuple(text.split())


routes = [
    Route(f"{HERE}/new", new),
    Route(f"{HERE}/drafts", draft, methods=["POST"], middleware=[FILES]),
]
