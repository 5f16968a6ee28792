"""The form in which a 督办 is drafted, to one court or several, or written anew; somebody else approves it."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from starlette.datastructures import FormData
from starlette.responses import Response

from xiezhi_client.sdk import Client, UrgeDraft, UrgeOrder, UrgeTarget, new_instruction_id
from xiezhi_domain.terms import Kind
from xiezhi_workbench.drafting import MOST_DRAFTS, DraftForm, ReadForm, Sheet, waiting
from xiezhi_workbench.form_fields import Field, Shape
from xiezhi_workbench.page import Page
from xiezhi_workbench.pages.supervise import HERE

_PAPERS: Final = Field(
    "documents", "附件（每个被督办法院各收一份）", Shape.DOCUMENTS, hint="督办函等，PDF、OFD 或图片"
)
_DAYS: Final = re.compile(r"[0-9]{1,4}")
_LINKED: Final = re.compile(r"^order\.targets\[\d+\]\.instruction_ids")
_FIELD: Final = re.compile(r"^order\.(\w+)")
_SEVERAL: Final = "同时督办几个法院的，不填关联事项；需要关联的请分别拟写"


async def new(page: Page) -> Response:
    """Show the form, filled with the court and the matter that it was opened from, or with a waiting draft."""
    query = page.request.query_params
    if draft_id := query.get("draft"):
        drafts = await page.client.urges.drafts(waiting_only=True, page_size=MOST_DRAFTS)
        found = waiting(drafts, draft_id)
        order = found.order or UrgeOrder()
        numbers = {each.instruction_id: each.matter_number for each in found.matters}
        typed = _typed_of(order, numbers)
        sheet = Sheet(draft_id, order, typed, waits=True, locked=not found.rewritable)
        return await _shown(page, sheet)
    target = UrgeTarget(court=query.get("court", ""), instruction_ids=_words(query.get("matter", "")))
    order = UrgeOrder(about=query.get("about", ""), targets=(target,))
    return await _shown(page, Sheet(new_instruction_id(), order, _typed_of(order)))


def _typed_of(order: UrgeOrder, numbers: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """Give what the form shows otherwise than the order says it: a single court's matters by number in one field."""
    linked = order.targets[0].instruction_ids if len(order.targets) == 1 else ()
    matters = "，".join(numbers.get(each, each) for each in linked)
    return {"limit_days": str(order.limit_days or ""), "matters": matters}


def _read(sent: FormData) -> ReadForm[UrgeOrder]:
    """Read what was typed, without papers."""
    text = {name: value.strip() for name, value in sent.items() if isinstance(value, str)}
    days, matters = text.get("limit_days", ""), _words(text.get("matters", ""))
    courts = [code for code in sent.getlist("court") if isinstance(code, str) and code]
    wrong = dict[str, str]()
    if days and not _DAYS.fullmatch(days):
        wrong["limit_days"] = "请填写天数，不超过四位整数"
    if matters and len(courts) > 1:
        wrong["matters"] = _SEVERAL
    targets = tuple(
        UrgeTarget(court=code, instruction_ids=matters or _words(text.get(f"linked.{code}", "")))
        for code in courts
    )
    order = UrgeOrder(
        subject=text.get("subject", ""),
        about=text.get("about", ""),
        requirement=text.get("requirement", ""),
        ground=text.get("ground", ""),
        case_number=text.get("case_number", ""),
        property=text.get("property", ""),
        complaint_event_id=text.get("complaint_event_id", ""),
        limit_days=int(days) if _DAYS.fullmatch(days) else 0,
        urgent=bool(text.get("urgent")),
        targets=targets,
    )
    return ReadForm(order, wrong, _shown_at)


def _shown_at(path: str) -> str:
    if _LINKED.match(path):
        return "matters"
    found = _FIELD.match(path)
    return found[1] if found else path


async def _draft(client: Client, order: UrgeOrder, draft_id: str, request_id: str) -> UrgeDraft:
    return await client.urges.draft(order, draft_id, request_id=request_id)


def _done(page: Page, draft: UrgeDraft) -> Response:
    del draft
    return page.see(f"{HERE}?view=drafts", "督办已拟写，等待他人审批。")


async def _shown(page: Page, sheet: Sheet[UrgeOrder]) -> Response:
    courts = await page.client.directory.courts(joined_only=True)
    targets = sheet.order.targets
    return FORM.render(
        page,
        "supervise/draft.html",
        sheet,
        chosen={target.court for target in targets},
        # What the form has no field for goes along: of several courts each keeps the matters that it was linked to.
        linked={each.court: each.instruction_ids for each in targets} if len(targets) > 1 else {},
        courts=[(each.code, each.name) for each in courts if each.code != page.me.court],
        about=await reasons(page, "about"),
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


FORM: Final = DraftForm(_PAPERS, _read, _draft, _shown, _done)
routes = FORM.routes(HERE, new)
