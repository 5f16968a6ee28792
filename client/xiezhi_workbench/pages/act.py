"""The form of one action on a matter. What is wrong is said at its field, and nothing that was typed is lost."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import (
    Account,
    ActionReceipt,
    Conflict,
    Court,
    Document,
    MovedMatters,
    NotFound,
    Overloaded,
    Unavailable,
    WrongState,
    XiezhiError,
    new_request_id,
)
from xiezhi_domain.terms import Action, Mark, PaperType, Role, Term
from xiezhi_workbench import words
from xiezhi_workbench.asking import if_allowed
from xiezhi_workbench.entering import PAPER_ROWS, Entered, carried, read, typed_back, upload
from xiezhi_workbench.form_fields import ActionForm, Begun, Shape
from xiezhi_workbench.page import Page, Problem, page, status_of
from xiezhi_workbench.pages.matter import Seen, forms_of, look
from xiezhi_workbench.row_fields import row_numbers, totals, typed_rows
from xiezhi_workbench.security import FILES
from xiezhi_workbench.words import word

_MOVED_ON: Final = frozenset({"WRONG_STATE", "STALE_BASE", "BASE_REFUSED", "DUPLICATE_EVENT"})
"""Reasons which mean that the matter is not any more as it was shown."""
_LOOK_AGAIN: Final = "{message}。以下为事项现在的情况，您填写的内容仍然保留，请核对后再提交。"


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form shows: what was typed, the papers uploaded, ids of the request, what is wrong."""

    typed: Mapping[str, str] = field(default_factory=dict)
    kept: Sequence[Document] = ()
    request_id: str = ""
    base_event_id: str = ""
    problem: Problem | None = None
    status: int = 200


@page
async def show(page: Page) -> Response:
    """Show the form of an action, or why it cannot be taken."""
    seen = await look(page)
    form = _form(page, seen.forms)
    filled = Filled(_now(form), request_id=new_request_id(), base_event_id=seen.summary.last_event_id)
    return await _shown(page, form, seen, filled)


@page
async def act(page: Page) -> Response:
    """Take the action; where it is refused, show the form again with what was typed."""
    try:
        return await _acted(page)
    except (Unavailable, Overloaded) as error:
        return later(page, error)


def later(page: Page, error: XiezhiError) -> Response:
    """Offer to send the same form again, where the server cannot even be asked for what the form shows."""
    return page.render(
        "act/later.html", status_of(error), problem=Problem.of(error), carried=carried(page.form)
    )


async def _acted(page: Page) -> Response:
    seen = await look(page)
    form = _form(page, seen.forms)
    entered = read(form, page.form, seen.instruction.items)
    if form.takes_files:
        under = page.text("request_id") if form.brings_papers else seen.summary.instruction_id
        await upload(page.client, under, page.form, entered)
        _require_papers(form, entered)
    if entered.wrong:
        problem = Problem("请按提示补充或修改", entered.wrong)
        return await _again(page, form, seen, entered, problem)
    try:
        receipt = await _take(page, form, seen, entered)
    except (WrongState, Conflict) as error:
        return await _stale(page, form, error, entered)
    except XiezhiError as error:
        told = Problem.of(error)
        fields = {entered.shown_at(path): message for path, message in told.fields.items()}
        problem = Problem(told.message, fields, told.retry_after)
        return await _again(page, form, seen, entered, problem, status_of(error))
    return page.see(f"/matters/{seen.summary.instruction_id}", taken(form.action, receipt))


def taken(action: Action, receipt: ActionReceipt) -> str:
    """Say that an action was taken, and whether the hub has still to rule on it."""
    return f"“{action.zh}”已提交{f'，{Mark.PENDING.zh}' if receipt.pending else ''}。"


@page
async def check(page: Page) -> Response:
    """Say what is wrong with what is typed so far; the desk is not asked, which would be recorded as a look."""
    form = _form(page, forms_of(page, page.request.query_params.get("kind", "")))
    wrong = read(form, page.form, ()).wrong
    typed = typed_back(page.form)
    # What is still empty is said when it is sent.
    wrong = {name: message for name, message in wrong.items() if typed.get(name, "").strip()}
    return page.render("act/told.html", totals=totals(form, typed), wrong=wrong)


def _form(page: Page, forms: Mapping[Action, ActionForm]) -> ActionForm:
    """Give the form that the address names."""
    named = page.request.path_params["action"]
    form = forms.get(Action(named)) if named in set(Action) else None
    if form is None:
        raise NotFound("UNKNOWN_ACTION", "没有这个操作")
    return form


async def _take(page: Page, form: ActionForm, seen: Seen, entered: Entered) -> ActionReceipt:
    method = getattr(getattr(page.client, form.service), form.method)
    options = {"request_id": page.text("request_id"), "base_event_id": page.text("base_event_id")}
    answer = await method(seen.summary.instruction_id, **entered.values, **options)
    return cast(ActionReceipt, answer.receipt if isinstance(answer, MovedMatters) else answer)


def _now(form: ActionForm) -> dict[str, str]:
    """Give the moments that have to be stated: they begin with now."""
    now = f"{words.now():%Y-%m-%dT%H:%M}"
    return {each.name: now for each in form.fields if each.shape is Shape.MOMENT and each.required}


def _require_papers(form: ActionForm, entered: Entered) -> None:
    asked = next(each for each in form.fields if each.shape is Shape.DOCUMENTS)
    if asked.required and not entered.kept:
        entered.wrong.setdefault(asked.name, f"请选择{asked.label}")


async def _again(
    page: Page, form: ActionForm, seen: Seen, entered: Entered, problem: Problem, status: int = 422
) -> Response:
    """Show the form with what was typed; the request keeps its id, because nothing was done."""
    request_id, base = page.text("request_id"), page.text("base_event_id")
    filled = Filled(typed_back(page.form), entered.kept, request_id, base, problem, status)
    return await _shown(page, form, seen, filled)


async def _stale(page: Page, form: ActionForm, error: XiezhiError, entered: Entered) -> Response:
    """Show the matter as it is now, and the form anew on top of that."""
    seen = await look(page)
    told = Problem.of(error)
    if isinstance(error, Conflict) or error.reason in _MOVED_ON:
        told = Problem(_LOOK_AGAIN.format(message=told.message), told.fields)
    base = seen.summary.last_event_id
    filled = Filled(typed_back(page.form), entered.kept, new_request_id(), base, told, status_of(error))
    return await _shown(page, form, seen, filled)


async def _shown(page: Page, form: ActionForm, seen: Seen, filled: Filled) -> Response:
    offer = next((each for each in seen.instruction.actions if each.action == form.action), None)
    allowed = offer is not None and offer.allowed
    is_shown = allowed or filled.problem is not None
    people, courts, begun = await asyncio.gather(
        _people(page, form), _courts(page, form), _begun(page, form, seen, wanted=is_shown)
    )
    typed = typed_rows(form, begun) | dict(filled.typed)
    return page.render(
        "act/form.html",
        filled.status if is_shown else 409,
        form=form,
        seen=seen,
        typed=typed,
        begun=begun,
        row_numbers=row_numbers,
        totals=totals(form, typed),
        wrong={},
        kept=filled.kept,
        request_id=filled.request_id,
        base_event_id=filled.base_event_id,
        problem=filled.problem,
        allowed=allowed,
        why_not=offer.why_not if offer else "",
        people_options=[(each.account_id, _name(each)) for each in people],
        court_options=[(each.code, each.name) for each in courts],
        paper_types=_options(PaperType),
        term_options=_options,
        paper_rows=PAPER_ROWS,
        Shape=Shape,
    )


async def _begun(page: Page, form: ActionForm, seen: Seen, *, wanted: bool) -> dict[str, Begun]:
    """Give the rows with which each field of rows begins, by its name; to ask for them is recorded as a look."""
    return {
        each.name: await each.rows.begin(page.client, seen.summary) if wanted else Begun()
        for each in form.fields
        if each.rows
    }


async def _people(page: Page, form: ActionForm) -> list[Account]:
    """Give those of the court who can be chosen; nobody where the reader may not list them."""
    if not _asks(form, Shape.PERSON):
        return []
    accounts = await if_allowed(page.client.accounts.list()) or ()
    return [each for each in accounts if not each.disabled]


async def _courts(page: Page, form: ActionForm) -> tuple[Court, ...]:
    return await page.client.directory.courts(joined_only=True) if _asks(form, Shape.COURT) else ()


def _options(vocabulary: type[Term]) -> list[tuple[str, str]]:
    return [(member.value, member.zh) for member in vocabulary]


def _name(account: Account) -> str:
    """Give a person as he is chosen: name and roles."""
    name = account.officer.name if account.officer else account.login
    return f"{name}（{'、'.join(word(Role, role) for role in account.roles)}）"


def _asks(form: ActionForm, shape: Shape) -> bool:
    return any(each.shape is shape for each in form.fields)


routes: Final = [
    Route("/matters/{id}/act/{action}", show),
    Route("/matters/{id}/act/{action}", act, methods=["POST"], middleware=[FILES]),
    Route("/matters/{id}/act/{action}/check", check, methods=["POST"]),
]
