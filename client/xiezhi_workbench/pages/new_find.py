"""发起事项, 查人找物: from the number of a case to a draft that says what it still lacks, and to approval."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import (
    Case,
    Document,
    Draft,
    FindOrder,
    InvalidInput,
    Item,
    Overloaded,
    Unavailable,
    XiezhiError,
    new_instruction_id,
    new_request_id,
)
from xiezhi_client.sdk.vocabulary import Act as ActName
from xiezhi_client.sdk.vocabulary import Urgency
from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.terms import Act, Kind, PaperType
from xiezhi_workbench.asking import first
from xiezhi_workbench.entering import PAPER_ROWS, Entered, kept_papers, typed_back, upload
from xiezhi_workbench.page import Page, Problem, page, status_of
from xiezhi_workbench.pages.act import later

ITEM_ROWS: Final = 4
_LISTED: Final = 50
_LARGEST_FORM: Final = 64 * 1024 * 1024
_NUMBER: Final = re.compile(r"^[0-9]{1,4}$")
_ITEM: Final = re.compile(r"^order\.items\[(\d+)\]\.?")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the form shows: the draft's id, what was typed, papers uploaded, what is wrong, what it still lacks."""

    instruction_id: str
    typed: Mapping[str, str] = field(default_factory=dict)
    subjects: Sequence[int] = ()
    kept: Sequence[Document] = ()
    problem: Problem | None = None
    draft: Draft | None = None
    request_id: str = ""
    submit_id: str = field(default_factory=new_request_id)
    """The request id of handing it in, which follows the draft."""


@page
async def begin(page: Page) -> Response:
    """Choose the case, or go on with the form of the one that the address names, or with a draft."""
    if matter := page.request.query_params.get("matter", ""):
        return await _go_on(page, matter)
    number = page.request.query_params.get("case", "").strip()
    if not number:
        return await _choose(page)
    case = await page.client.cases.get(number)
    sheet = Sheet(new_instruction_id(), subjects=_debtors(case), request_id=new_request_id())
    return await _shown(page, case, sheet)


@page
async def save(page: Page) -> Response:
    """Store the draft; if asked, and nothing is missing, hand it in for approval."""
    try:
        return await _saved(page)
    except (Unavailable, Overloaded) as error:
        return later(page, error)


async def _saved(page: Page) -> Response:
    case = await page.client.cases.get(page.text("case_number"))
    matter, subjects = page.text("instruction_id"), _chosen(page.form)
    entered = Entered(kept=kept_papers(page.form))
    await upload(page.client, matter, page.form, entered)
    typed, request_id = typed_back(page.form), page.text("request_id")
    entered.wrong |= _without_act(page)
    if entered.wrong:
        problem = Problem("请按提示补充或修改", entered.wrong)
        sheet = Sheet(matter, typed, subjects, entered.kept, problem, request_id=request_id)
        return await _shown(page, case, sheet, 422)
    rows = [row for row in range(_rows(page.form)) if page.text(f"items.{row}.act") in set(Act)]
    try:
        order = _order(page, case, subjects, entered.kept, rows)
        draft = await page.client.find.draft(order, matter, request_id=request_id)
        if "submit" in page.form and not draft.missing_papers:
            await page.client.instructions.submit(matter, request_id=page.text("submit_id"))
            return page.see(f"/matters/{matter}?done=SUBMIT")
    except (Unavailable, Overloaded):
        raise
    except XiezhiError as error:
        told = Problem.of(error)
        fields = {_shown_at(path, rows): message for path, message in told.fields.items()}
        problem = Problem(told.message, fields, told.retry_after)
        sheet = Sheet(matter, typed, subjects, entered.kept, problem, request_id=new_request_id())
        return await _shown(page, case, sheet, status_of(error))
    sheet = Sheet(matter, typed, subjects, entered.kept, draft=draft, request_id=new_request_id())
    return await _shown(page, case, sheet)


async def _choose(page: Page) -> Response:
    """Show the cases of the court whose number contains what is searched for."""
    text = page.request.query_params.get("text", "").strip()
    cases = await first(page.client.cases.list(text, page_size=_LISTED), _LISTED)
    return page.render("new/case.html", cases=cases, text=text)


async def _go_on(page: Page, matter: str) -> Response:
    """Show a stored draft as it was typed."""
    order, instruction = await page.client.find.get(matter)
    case = await page.client.cases.get(order.case_number)
    typed = {
        "receiver": order.receiver,
        "request_text": order.request_text,
        "why_not_query": order.why_not_query,
        "limit_days": str(order.limit_days or ""),
        "urgency": order.urgency,
        "urgency_code": order.urgency_code,
        "urgency_reason": order.urgency_reason,
    }
    for row, item in enumerate(order.items):
        values = {
            "act": item.act,
            "subject": str(item.subject_number),
            "scope": item.scope,
            "clue": item.clue,
        }
        typed |= {f"items.{row}.{name}": value for name, value in values.items()}
    uploaded = {each.sha256: each for each in instruction.documents}
    kept = [uploaded.get(each.sha256, each) for each in order.documents]
    sheet = Sheet(matter, typed, order.subject_numbers, kept, request_id=new_request_id())
    return await _shown(page, case, sheet)


def _order(
    page: Page, case: Case, subjects: tuple[int, ...], papers: Sequence[Document], rows: Sequence[int]
) -> FindOrder:
    """Give the order that was typed, with the items of *rows*. Raise `InvalidInput`."""
    days = page.text("limit_days")
    if days and not _NUMBER.match(days):
        raise InvalidInput.in_field("order.limit_days", "请填写天数")
    urgent: Urgency = "URGENT" if page.text("urgency") == "URGENT" else "NORMAL"
    return FindOrder(
        case_number=case.case_number,
        receiver=page.text("receiver"),
        subject_numbers=subjects,
        items=tuple(_item(page, number, row) for number, row in enumerate(rows, 1)),
        documents=tuple(papers),
        request_text=page.text("request_text"),
        why_not_query=page.text("why_not_query"),
        limit_days=int(days or 0),
        urgency=urgent,
        urgency_code=page.text("urgency_code") if urgent == "URGENT" else "",
        urgency_reason=page.text("urgency_reason") if urgent == "URGENT" else "",
    )


def _without_act(page: Page) -> dict[str, str]:
    """Give what is wrong with rows that are filled in and do not say what is to be done."""
    return {
        f"items.{row}.act": "请选择行为"
        for row in range(_rows(page.form))
        if page.text(f"items.{row}.act") not in set(Act)
        and any(page.text(f"items.{row}.{name}") for name in ("act", "subject", "scope", "clue"))
    }


def _item(page: Page, number: int, row: int) -> Item:
    subject = page.text(f"items.{row}.subject")
    return Item(
        number=number,
        act=cast(ActName, page.text(f"items.{row}.act")),
        subject_number=int(subject) if _NUMBER.match(subject) else 0,
        scope=page.text(f"items.{row}.scope"),
        clue=page.text(f"items.{row}.clue"),
    )


def _rows(sent: Mapping[str, Any]) -> int:
    """Give how many rows of items a form has; as many as a draft has, and some more."""
    return max(
        [ITEM_ROWS, *(int(name.split(".")[1]) + 1 for name in sent if re.match(r"items\.\d{1,3}\.", name))]
    )


def _shown_at(path: str, rows: Sequence[int]) -> str:
    """Give the field of the form that the server's *path* means."""
    if (match := _ITEM.match(path)) and int(match[1]) < len(rows):
        return f"items.{rows[int(match[1])]}.{path[match.end() :].replace('subject_number', 'subject')}"
    return "documents" if path.startswith("order.documents") else path.removeprefix("order.")


def _chosen(sent: FormData) -> tuple[int, ...]:
    return tuple(
        int(each) for each in sent.getlist("subject") if isinstance(each, str) and _NUMBER.match(each)
    )


def _debtors(case: Case) -> list[int]:
    """Give those whom a search is about as a rule; others can be ticked."""
    return [each.number for each in case.subjects if each.role == "DEBTOR"]


async def _shown(page: Page, case: Case, sheet: Sheet, status: int = 200) -> Response:
    courts, rules = await asyncio.gather(page.client.directory.courts(joined_only=True), _rules(page))
    return page.render(
        "new/find.html",
        status,
        case=case,
        sheet=sheet,
        rules=rules,
        item_rows=_rows(sheet.typed),
        paper_rows=PAPER_ROWS,
        acts=[(act.value, act.zh) for act in Act if act in rules.acts],
        court_options=[(each.code, each.name) for each in courts if each.code != page.me.court],
        paper_types=[(each.value, each.zh) for each in PaperType],
        address=f"/new/find?case={quote(case.case_number)}",
    )


async def _rules(page: Page) -> KindRules:
    return (await page.rulebooks.in_force(page.client)).kind(Kind.FIND)


_FILES: Final[Any] = Middleware(RequestBodyLimitMiddleware, max_body_size=_LARGEST_FORM)
routes: Final = [
    Route("/new/find", begin),
    Route("/new/find", save, methods=["POST"], middleware=[_FILES]),
]
