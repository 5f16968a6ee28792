"""The form in which an order is drafted, from nothing, from a request, or written anew."""

from typing import Final

from starlette.datastructures import FormData
from starlette.responses import Response

from xiezhi_client.sdk import Client, CourtOrder, OrderDraft, new_instruction_id
from xiezhi_domain.orders.form import ORDERS
from xiezhi_domain.terms import Kind
from xiezhi_workbench.drafting import MOST_DRAFTS, DraftForm, ReadForm, Sheet, waiting
from xiezhi_workbench.form_fields import Field, Shape
from xiezhi_workbench.order_form import CASE_ROWS, FORCE_ROWS, keep_officers, read_order, typed_of
from xiezhi_workbench.page import Page
from xiezhi_workbench.pages.orders import HERE

_DRAFTING: Final = "据此拟写决定"
"""What a request is read for here, in the words of the button that leads here."""
_PAPERS: Final = Field("documents", "文书", Shape.DOCUMENTS, hint="决定书等，PDF、OFD 或图片")


async def new(page: Page) -> Response:
    """Show the form: empty, with what a request asks for, or with a waiting draft."""
    query = page.request.query_params
    if draft_id := query.get("draft"):
        drafts = await page.client.orders.drafts(waiting_only=True, page_size=MOST_DRAFTS)
        found = waiting(drafts, draft_id)
        order = found.order or CourtOrder()
        lacking, locked = found.lacking, not found.rewritable
        sheet = Sheet(draft_id, order, typed_of(order), lacking, waits=True, locked=locked)
        return await _shown(page, sheet)
    order = await _asked(page, query["request"]) if query.get("request") else CourtOrder()
    return await _shown(page, Sheet(new_instruction_id(), order, typed_of(order)))


async def _asked(page: Page, number: str) -> CourtOrder:
    """Give the order that a request asks for."""
    asked = await page.client.request_desk.get(number, _DRAFTING)
    found = asked.request
    if found is None:
        return CourtOrder()
    is_dispute = found.kind == Kind.COORDINATION_DISPUTE
    return CourtOrder(
        kind=Kind.COORDINATION_DECISION if is_dispute else found.order_kind,
        subject=f"关于{found.subject}的决定",
        about=found.about,
        ground=found.position,
        cases=found.cases,
        other_courts=(found.other_court,) if found.other_court else (),
        request_ids=(number,),
        hearing=asked.hearings[-1] if asked.hearings else None,
    )


def _read(sent: FormData) -> ReadForm[CourtOrder]:
    read = read_order(sent)
    return ReadForm(read.order, read.wrong, read.shown_at)


async def _draft(client: Client, order: CourtOrder, draft_id: str, request_id: str) -> OrderDraft:
    drafts = await client.orders.drafts(waiting_only=True, page_size=MOST_DRAFTS)
    before = next((each.order for each in drafts if each.draft_id == draft_id), None)
    kept = keep_officers(order, before) if before else order
    return await client.orders.draft(kept, draft_id, request_id=request_id)


def _done(page: Page, draft: OrderDraft) -> Response:
    """Go to the list; back into the form with what still lacks things, which are then told."""
    if draft.lacking:
        return page.see(f"{HERE}/new?draft={draft.draft_id}", "已保存，还缺下列内容才能审批。")
    return page.see(f"{HERE}?view=drafts", "决定已拟写，等待他人审批。")


async def _shown(page: Page, sheet: Sheet[CourtOrder]) -> Response:
    book = await page.rulebooks.in_force(page.client)
    courts = await page.client.directory.courts(joined_only=True)
    return FORM.render(
        page,
        "orders/draft.html",
        sheet,
        kinds=[(kind.value, kind.zh) for kind in Kind if kind in ORDERS],
        about=list(book.kind(Kind.ORDER_INSTRUCT).reasons["about"].items()),
        courts=[(each.code, each.name) for each in courts],
        case_rows=max(CASE_ROWS, len(sheet.order.cases)),
        force_rows=max(FORCE_ROWS, len(sheet.order.forces)),
    )


FORM: Final = DraftForm(_PAPERS, _read, _draft, _shown, _done)
routes = FORM.routes(HERE, new)
