"""The form in which a decision on a handover is drafted, with papers, or written anew; somebody else approves it."""

import re
from typing import Final, cast

from starlette.datastructures import FormData
from starlette.responses import Response

from xiezhi_client.sdk import Client, DecisionDraft, DecisionOrder, SupervisedHandover, new_instruction_id
from xiezhi_client.sdk.vocabulary import DisposalDecision as DecisionName
from xiezhi_domain.terms import DisposalDecision
from xiezhi_workbench.drafting import DraftForm, ReadForm, Sheet, waiting
from xiezhi_workbench.form_fields import Field, Shape
from xiezhi_workbench.page import Page
from xiezhi_workbench.pages.decisions import HERE
from xiezhi_workbench.words import court, known

_PAPERS: Final = Field(
    "documents", "附件（双方法院都能看到）", Shape.DOCUMENTS, hint="决定书、裁定书等，PDF、OFD 或图片"
)
_FIELD: Final = re.compile(r"^order\.(\w+)")


async def new(page: Page) -> Response:
    """Show the form about the handover that it was opened from, or with a waiting draft.

    Without either, the handovers to choose from.
    """
    query = page.request.query_params
    if draft_id := query.get("draft"):
        found = await page.client.decisions.get(draft_id)
        order = waiting([found] if found.state == "WAITING" else (), draft_id).order or DecisionOrder()
        return await _shown(page, Sheet(draft_id, order, waits=True, locked=not found.rewritable))
    matter = query.get("matter", "").strip()
    if not matter:
        return page.see(f"{HERE}?view=handovers", "请从待决定的移交中选择事项拟写决定。")
    return await _shown(page, Sheet(new_instruction_id(), DecisionOrder(instruction_id=matter)))


def _read(sent: FormData) -> ReadForm[DecisionOrder]:
    """Read what was typed, without papers."""
    text = {name: value.strip() for name, value in sent.items() if isinstance(value, str)}
    order = DecisionOrder(
        instruction_id=text.get("instruction_id", ""),
        decision=cast(DecisionName, known(DisposalDecision, text.get("decision", ""))),
        until_on=text.get("until_on", ""),
        ground=text.get("ground", ""),
        court=text.get("court", ""),
    )
    return ReadForm(order, {}, _shown_at)


def _shown_at(path: str) -> str:
    found = _FIELD.match(path)
    return found[1] if found else path


async def _draft(client: Client, order: DecisionOrder, draft_id: str, request_id: str) -> DecisionDraft:
    return await client.decisions.draft(order, draft_id, request_id=request_id)


def _done(page: Page, draft: DecisionDraft) -> Response:
    return page.see(f"{HERE}/{draft.draft_id}", "决定已拟写，等待他人审批。")


async def _shown(page: Page, sheet: Sheet[DecisionOrder]) -> Response:
    seen = await page.client.decisions.handover(sheet.order.instruction_id)
    return FORM.render(
        page,
        "decisions/draft.html",
        sheet,
        matter=seen.instruction,
        record=seen.record,
        # A draft that waits is why no other can be drafted; its author writes this one.
        why_not="" if sheet.waits else seen.why_not_draft,
        decisions=[(each.value, each.zh) for each in DisposalDecision],
        courts=designable(seen),
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


FORM: Final = DraftForm(_PAPERS, _read, _draft, _shown, _done)
routes = FORM.routes(HERE, new)
