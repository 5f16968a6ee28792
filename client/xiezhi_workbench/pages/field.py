"""现场办理: what an officer has to visit, on a phone that may be without a line; results come in when it has one again.

What there is to visit is fetched by the page's script, which keeps it, and what is entered, in the browser until it is
sent. What a browser keeps of the page is its shell, which names nobody and lets nobody in; what there is to visit says
whose it is and how long it may be shown. Every result carries a request id of its own, so that sending it twice reports
it once.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from xiezhi_client.sdk import (
    Document,
    FieldReport,
    FieldVisit,
    InvalidInput,
    ItemOutcome,
    NotFound,
    WrongState,
    XiezhiError,
)
from xiezhi_client.sdk.vocabulary import Outcome as OutcomeName
from xiezhi_domain.court_time import SHANGHAI
from xiezhi_domain.terms import Act, Outcome
from xiezhi_workbench.answering import refused, sent_object, text_of
from xiezhi_workbench.asking import first
from xiezhi_workbench.page import Page, page, render
from xiezhi_workbench.pages.matter import rules_of
from xiezhi_workbench.rendering import STATIC_FILES
from xiezhi_workbench.sessions import Sessions
from xiezhi_workbench.words import left, left_tone, moment, word

_PURPOSE: Final = "现场办理"
_MOST_SHEETS: Final = 20
_MOST_MATTERS: Final = 100
"""Taken along at once; what is due first comes first."""
_MOMENT: Final = "%Y-%m-%dT%H:%M"
_WORKER: Final = STATIC_FILES / "field-worker.js"


@dataclass(frozen=True, slots=True)
class Task:
    """A visit to be made; `sheet` is the id of the 外勤任务单 that it is on, if it is on one."""

    visit: FieldVisit
    sheet: str = ""


@page
async def show(page: Page) -> Response:
    """Show the page."""
    return page.render("field/field.html")


async def shell(request: Request) -> Response:
    """Give what a browser keeps of the page: the same for everybody, with neither a name nor a token."""
    return render(request, "field/field.html", page=None)


async def worker(request: Request) -> Response:
    """Give the script that keeps the page in the browser; from the root, so that it may."""
    del request
    return FileResponse(_WORKER, media_type="text/javascript", headers={"cache-control": "no-cache"})


@page
async def tasks(page: Page) -> Response:
    """Give what the reader has to visit, for him alone and until his session ends. Recorded as a look at personal data.

    `csrf` is for the shell, which has no token of its own.
    """
    try:
        found = await _tasks(page)
        reasons = await _reasons(page, {task.visit.instruction_id for task in found})
    except XiezhiError as error:
        return refused(error)
    sessions: Sessions = page.request.app.state.sessions
    idle, longest = sessions.limits(page.session)
    content = {
        "owner": page.me.account.account_id if page.me.account else "",
        "csrf": page.session.csrf,
        "idle_seconds": idle,
        "seconds_left": longest,
        "tasks": [_told(task) for task in found],
        "reasons": reasons,
        "outcomes": [[each.value, each.zh] for each in Outcome],
    }
    return JSONResponse(content)


@page
async def report(page: Page) -> Response:
    """Report the result of one item, once for each `request_id`."""
    try:
        sent = await sent_object(page.request)
        await _report(page, sent)
    except XiezhiError as error:
        return refused(error)
    return JSONResponse({"reported": True})


async def _tasks(page: Page) -> list[Task]:
    fieldwork = page.client.fieldwork
    sheets = await first(fieldwork.list(open_only=True), _MOST_SHEETS)
    whole, waiting = await asyncio.gather(
        asyncio.gather(*(fieldwork.get(sheet.sheet_id, purpose=_PURPOSE) for sheet in sheets)),
        fieldwork.waiting(),
    )
    planned = [
        Task(visit, sheet.sheet_id)
        for sheet in sorted(whole, key=lambda sheet: sheet.day)
        for visit in sheet.visits
        if not visit.event_id
    ]
    found = [*planned, *map(Task, waiting)]
    matters = list(dict.fromkeys(task.visit.instruction_id for task in found))[:_MOST_MATTERS]
    return [task for task in found if task.visit.instruction_id in matters]


async def _reasons(page: Page, matters: set[str]) -> dict[str, list[list[str]]]:
    """Give, for each matter, the reasons for which an item may stay undone, with their words."""

    async def of(matter: str) -> tuple[str, list[list[str]]]:
        try:
            rules = await rules_of(page, await page.client.instructions.get(matter))
        except NotFound:
            # Given to somebody else meanwhile.
            return matter, []
        return matter, [[code, said] for code, said in rules.item_reasons.items()]

    return dict(await asyncio.gather(*map(of, sorted(matters))))


def _told(task: Task) -> dict[str, Any]:
    visit = task.visit
    return {
        "key": f"{visit.instruction_id}/{visit.item_number}",
        "matter": visit.instruction_id,
        "item": visit.item_number,
        "sheet": task.sheet,
        "number": visit.matter_number,
        "act": word(Act, visit.act),
        "area": visit.area,
        "address": visit.address,
        "subject": visit.subject_name,
        "words": "；".join(text for text in (visit.scope, visit.clue) if text),
        "risk": visit.risk_note,
        "urgent": visit.urgent,
        "due": moment(visit.due_at),
        "left": left(visit.due_at),
        "tone": left_tone(visit.due_at),
        "sender": visit.sender,
    }


async def _report(page: Page, sent: dict[str, Any]) -> None:
    """Report on the sheet, or on the matter itself where the item is on none."""
    matter, sheet, request_id = (text_of(sent, name) for name in ("matter", "sheet", "request_id"))
    if not request_id:
        raise InvalidInput.in_field("request_id", "提交的内容无法识别，请刷新页面后再试")
    outcome, papers = _outcome(sent), [Document(sha256=sha256) for sha256 in _papers(sent)]
    text = _text(sent)
    if not sheet:
        await page.client.instructions.report_progress(matter, text, [outcome], papers, request_id=request_id)
        return
    told = FieldReport(instruction_id=matter, outcomes=(outcome,), text=text, documents=tuple(papers))
    [result] = (await page.client.fieldwork.report(sheet, [told], request_id=request_id)).results
    if result.receipt is None:
        raise WrongState(result.reason, result.message)


def _outcome(sent: dict[str, Any]) -> ItemOutcome:
    number, outcome = sent.get("item"), text_of(sent, "outcome")
    if not isinstance(number, int) or outcome not in set(Outcome):
        raise InvalidInput.in_field("outcome", "请选择结果")
    return ItemOutcome(
        number=number,
        outcome=cast(OutcomeName, outcome),
        reason=text_of(sent, "reason"),
        note=text_of(sent, "note"),
        done_at=_moment(text_of(sent, "done_at")),
        document_sha256s=tuple(_papers(sent)),
    )


def _papers(sent: dict[str, Any]) -> Sequence[str]:
    papers = sent.get("documents", [])
    if not isinstance(papers, list) or not all(isinstance(each, str) for each in papers):
        raise InvalidInput.in_field("documents", "照片和视频的校验值无法识别，请刷新页面后再试")
    try:
        return [bytes.fromhex(each).hex() for each in papers]
    except ValueError:
        raise InvalidInput.in_field("documents", "照片和视频的校验值无法识别，请刷新页面后再试") from None


def _text(sent: dict[str, Any]) -> str:
    """Put what was done into a sentence: where, when, what."""
    when = moment(_moment(text_of(sent, "done_at")))
    place, note = text_of(sent, "place"), text_of(sent, "note")
    where = f"{when} 在{place}现场办理" if place else f"{when} 现场办理"
    return f"{where}：{note}" if note else where


def _moment(text: str) -> datetime:
    try:
        return datetime.strptime(text, _MOMENT).replace(tzinfo=SHANGHAI)
    except ValueError:
        raise InvalidInput.in_field("done_at", "请填写到场时间，格式应为 2026-11-22T09:30") from None


routes: Final = [
    Route("/field", show),
    Route("/field/shell", shell),
    Route("/field/tasks", tasks),
    Route("/field/reports", report, methods=["POST"]),
    Route("/field-worker.js", worker),
]
