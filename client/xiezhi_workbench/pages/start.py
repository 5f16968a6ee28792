"""发起事项: from a kind and the number of a case to a draft that says what it still lacks, and to approval.

One page for every kind: what it asks is the description of the kind's order (`starting`) and the rulebook. Each button
sends the whole form, so that nothing typed is lost; scripts swap only what has changed.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, cast
from urllib.parse import quote

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import (
    Case,
    Document,
    NotFound,
    Overloaded,
    Unavailable,
    XiezhiError,
    new_instruction_id,
    new_request_id,
)
from xiezhi_client.sdk.vocabulary import InstructionState
from xiezhi_client.sdk.vocabulary import PaperType as PaperName
from xiezhi_domain.terms import Action, PaperType
from xiezhi_workbench.asking import first
from xiezhi_workbench.entering import Entered, kept_papers, upload
from xiezhi_workbench.page import Page, Problem, page, status_of
from xiezhi_workbench.pages.act import later, taken
from xiezhi_workbench.security import FILES
from xiezhi_workbench.starting.entries import rows_of, shown_at, typed_from
from xiezhi_workbench.starting.shapes import Shape
from xiezhi_workbench.starting.sheet import Sheet, Situation
from xiezhi_workbench.starting.starts import offered

HERE: Final = "/new"
_LISTED: Final = 50
_DRAFTS: Final[tuple[InstructionState, ...]] = ("DRAFT", "APPROVAL_REJECTED", "REFUSED_BY_HUB")


@page
async def kinds(page: Page) -> Response:
    """Offer the kinds that the reader may start, and the drafts to go on with."""
    rulebook = await page.rulebooks.in_force(page.client)
    rows = page.client.instructions.list("SENT", _DRAFTS, mine_only=True, page_size=_LISTED)
    return page.render(
        "start/kinds.html",
        kinds=offered(rulebook.kinds, page.roles),
        drafts=await first(rows, _LISTED),
        case=page.request.query_params.get("case", "").strip(),
    )


@page
async def begin(page: Page) -> Response:
    """Choose the case, or show the form for the one that the address names, or a stored draft."""
    situation = await Situation.of(page)
    if matter := page.request.query_params.get("matter", ""):
        return await _go_on(page, situation, matter)
    number = page.request.query_params.get("case", "").strip()
    if not number:
        return await _choose(page, situation)
    try:
        case = await page.client.cases.get(number)
    except NotFound as error:
        return await _choose(page, situation, number, error)
    ticked = situation.start.ticked
    subjects = tuple(each.number for each in case.subjects if each.role in ticked)
    sheet = Sheet(new_instruction_id(), case, subjects=subjects)
    return await _shown(page, situation, sheet)


@page
async def fetch_case(page: Page) -> Response:
    """Take a case from the court's case system."""
    number = page.text("case")
    try:
        taken_over = await page.client.dossiers.import_case(number)
    except (Unavailable, Overloaded) as error:
        return later(page, error)
    except XiezhiError as error:
        return await _choose(page, await Situation.of(page), number, error)
    found = taken_over.case_file.case_number if taken_over.case_file else number
    return page.see(f"{HERE}/{quote(page.request.path_params['kind'])}?case={quote(found)}")


@page
async def send(page: Page) -> Response:
    """Do what the button says: change the form, store the draft, or hand it in."""
    try:
        return await _sent(page)
    except (Unavailable, Overloaded) as error:
        return later(page, error)


@page
async def check(page: Page) -> Response:
    """Say what is wrong with what is typed so far, and what it still lacks."""
    situation = await Situation.of(page)
    # Asking for the case would be recorded as a look at personal data, every few words.
    sheet = situation.read(page, Case(case_number=page.text("case")))
    _, wrong = situation.plain(sheet)
    return page.render("start/told.html", told=situation.told(sheet, page), wrong=wrong)


async def _sent(page: Page) -> Response:
    situation = await Situation.of(page)
    sheet = situation.read(page, await page.client.cases.get(page.text("case")))
    entered = Entered(kept=kept_papers(page.form))
    await upload(page.client, sheet.matter, page.form, entered)
    sheet.add_papers(_named(page, entered.kept))
    if entered.wrong:
        sheet.problem = Problem("请按提示补充或修改", entered.wrong)
        return await _shown(page, situation, sheet, 422)
    done, _, what = page.text("do").partition(":")
    if done in ("save", "submit"):
        return await _stored(page, situation, sheet, hand_in=done == "submit")
    situation.change(sheet, done, what)
    return await _shown(page, situation, sheet)


async def _stored(page: Page, situation: Situation, sheet: Sheet, *, hand_in: bool) -> Response:
    """Store the draft; hand it in where that is wanted and no paper lacks."""
    start, client = situation.start, page.client
    try:
        plain, wrong = situation.plain(sheet)
        if wrong:
            sheet.problem = Problem("请按提示补充或修改", wrong)
            return await _shown(page, situation, sheet, 422)
        if sheet.picks:
            sheet.add_papers(await client.dossiers.attach(sheet.matter, sheet.case.case_number, sheet.picks))
            sheet.picks = []
            plain, _ = situation.plain(sheet)
        order = start.order(situation.rules.kind, plain)
        answer = await start.draft(client, order, sheet.matter, page.text("request_id"))
        if start.get is None:
            return page.see(f"/matters/{sheet.matter}", taken(Action.REQUEST_ORDER, answer))
        sheet.stored = answer
        if hand_in and not answer.missing_papers:
            receipt = await client.instructions.submit(sheet.matter, request_id=page.text("submit_id"))
            return page.see(f"/matters/{sheet.matter}", taken(Action.SUBMIT, receipt))
    except (Unavailable, Overloaded):
        raise
    except XiezhiError as error:
        told = Problem.of(error)
        fields = {shown_at(start.root, path): message for path, message in told.fields.items()}
        sheet.problem = Problem(told.message, fields, told.retry_after)
        return await _shown(page, situation, sheet, status_of(error))
    return await _shown(page, situation, sheet)


async def _go_on(page: Page, situation: Situation, matter: str) -> Response:
    """Show a stored draft as it was typed."""
    get = situation.start.get
    if get is None:
        return page.see(f"/matters/{matter}")
    order, instruction = await get(page.client, matter)
    case = await page.client.cases.get(order.case_number)
    typed = typed_from(order)
    types = {each.sha256: each.paper_type for each in instruction.documents}
    for at, row in enumerate(rows_of(typed, "documents")):
        typed[f"documents[{at}].paper_type"] = types.get(row["sha256"], "") or row.get("paper_type", "")
    return await _shown(page, situation, Sheet(matter, case, typed, order.subject_numbers, is_draft=True))


async def _choose(
    page: Page, situation: Situation, number: str = "", error: XiezhiError | None = None
) -> Response:
    """Show the cases of the court whose number contains what is searched for."""
    text = page.request.query_params.get("text", "").strip()
    cases = await first(page.client.cases.list(text, page_size=_LISTED), _LISTED)
    return page.render(
        "start/case.html",
        status_of(error) if error else 200,
        rules=situation.rules,
        cases=cases,
        text=text,
        number=number,
        problem=Problem.of(error) if error else None,
    )


async def _shown(page: Page, situation: Situation, sheet: Sheet, status: int = 200) -> Response:
    if sheet.wants_dossier:
        await sheet.open_dossier(page.client)
    return page.render(
        "start/form.html",
        status,
        sheet=sheet,
        start=situation.start,
        told=situation.told(sheet, page),
        courts=situation.courts,
        address=f"{HERE}/{situation.rules.kind}",
        request_id=new_request_id(),
        submit_id=new_request_id(),
        wrong=sheet.problem.fields if sheet.problem else {},
        Shape=Shape,
    )


def _named(page: Page, kept: Sequence[Document]) -> list[Document]:
    """Give the papers with their types; of those that came in pieces the form carries hash and type."""
    said = (value.split(" ") for value in page.form.getlist("documents.type") if isinstance(value, str))
    types = {pair[0]: pair[-1] for pair in said if pair[-1] in set(PaperType)}
    return [
        each if each.paper_type else replace(each, paper_type=cast(PaperName, types.get(each.sha256, "")))
        for each in kept
    ]


routes: Final = [
    Route("/new", kinds),
    Route("/new/{kind}", begin),
    Route("/new/{kind}", send, methods=["POST"], middleware=[FILES]),
    Route("/new/{kind}/case", fetch_case, methods=["POST"]),
    Route("/new/{kind}/check", check, methods=["POST"], middleware=[FILES]),
]
