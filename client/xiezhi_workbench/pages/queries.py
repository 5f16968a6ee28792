"""登记查询 of a matter: one click for all registries, answers as they come, acts of registries, persons seen."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Final, cast

from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from xiezhi_client.sdk import (
    HitTold,
    Instruction,
    InstructionSummary,
    Item,
    ItemControlled,
    NotFound,
    RegistryCategory,
    RegistryQuery,
    Subject,
    XiezhiError,
)
from xiezhi_client.sdk.vocabulary import ControlAction as ControlName
from xiezhi_domain.registries import CONTROLS, OBLIGORS, OBLIGORS_SOURCE, ON_PERSONS
from xiezhi_domain.terms import Act, AnswerState, ControlAction
from xiezhi_workbench.asking import first, if_allowed
from xiezhi_workbench.numbers import LARGEST_INT32, LARGEST_INT64, whole
from xiezhi_workbench.page import Page, Problem, background, page, status_of
from xiezhi_workbench.pages.live import KEEP_ALIVE_S, lasts
from xiezhi_workbench.words import known

_LATEST: Final = 20
"""So many queries of a matter are shown."""
_NOTHING_NEW: Final = 204


@dataclass(frozen=True, slots=True)
class Asking:
    """A matter as the page of its queries shows it."""

    instruction: Instruction
    categories: tuple[RegistryCategory, ...]
    queries: Sequence[RegistryQuery]

    @property
    def summary(self) -> InstructionSummary:
        """The matter in short."""
        return self.instruction.summary or InstructionSummary()

    @property
    def obligors(self) -> list[Subject]:
        """Who may be asked about: nobody else of the case (`xiezhi_domain.registries.obligors`)."""
        case = self.instruction.case_file
        return [each for each in case.subjects if each.role in OBLIGORS] if case else []

    @property
    def controlled(self) -> list[tuple[Item, tuple[ControlAction, ...]]]:
        """The items that registries can act on, with what they can do."""
        return [(item, acts) for item in self.instruction.items if (acts := _acts(item))]

    @property
    def watches(self) -> bool:
        """Whether somebody of the matter can be under watch."""
        return any(ON_PERSONS & set(acts) for _, acts in self.controlled)


def _acts(item: Item) -> tuple[ControlAction, ...]:
    """Give what a registry can do for an item: what it orders, and tell how its property stands."""
    ordered = CONTROLS.get(Act(item.act), ()) if item.act in set(Act) else ()
    return (*ordered, ControlAction.QUERY) if item.property else ordered


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed for a query that was refused."""

    item: int = 0
    subject: int = 0
    region: str = ""
    purpose: str = ""
    categories: Sequence[str] = field(default_factory=tuple)


async def _look(page: Page) -> Asking:
    instruction = await page.client.instructions.get(page.request.path_params["id"])
    summary = instruction.summary or InstructionSummary()
    queries = await if_allowed(first(page.client.queries.list(summary.instruction_id), _LATEST))
    return Asking(instruction, await page.client.queries.categories(), queries or ())


async def _show(
    page: Page,
    error: XiezhiError | None = None,
    typed: Typed | None = None,
    done: ItemControlled | None = None,
) -> Response:
    return page.render(
        "queries/matter.html",
        status_of(error) if error else 200,
        asking=await _look(page),
        typed=typed or Typed(),
        problem=Problem.of(error) if error else None,
        done=done,
        source=OBLIGORS_SOURCE,
    )


@page
async def show(page: Page) -> Response:
    """Show what was asked for a matter, and what may be asked."""
    return await _show(page)


@page
async def ask(page: Page) -> Response:
    """Ask the registries; the node goes on by itself, the page of the query shows what comes."""
    typed = Typed(
        _number(page.text("item"), "item"),
        _number(page.text("subject"), "subject"),
        page.text("region"),
        page.text("purpose"),
        [str(each) for each in page.form.getlist("category")],
    )
    matter = page.request.path_params["id"]
    asked = page.client.queries.run(
        matter,
        typed.item,
        subject_number=typed.subject,
        categories=typed.categories,
        region=typed.region,
        purpose=typed.purpose,
        request_id=page.text("request_id"),
    )
    try:
        async with aclosing(asked) as telling:
            query = (await anext(telling)).query or RegistryQuery()
    except XiezhiError as error:
        return await _show(page, error, typed)
    return page.see(f"/matters/{matter}/queries/{query.query_id}")


@page
async def result(page: Page) -> Response:
    """Show a query with its answers; recorded as a look."""
    query = await _query(page)
    reported = "reported" in page.request.query_params
    return page.render(
        "queries/query.html", query=query, settled=settled(query), problem=None, reported=reported
    )


@background
async def answers(page: Page) -> Response:
    """Give the answers again once there are more than the page has; nothing is recorded while there are none."""
    matter, wanted = page.request.path_params["id"], page.request.path_params["query"]
    listed = await first(page.client.queries.list(matter), 1, lambda each: each.query_id == wanted)
    if listed and settled(listed[0]) <= _number(page.request.query_params.get("seen", ""), "seen"):
        return Response(status_code=_NOTHING_NEW)
    query = await _query(page)
    return page.render("queries/answers.html", query=query, settled=settled(query))


@page
async def report(page: Page) -> Response:
    """Report the chosen answers as findings of their item."""
    query = await _query(page)
    chosen = [str(each) for each in page.form.getlist("category")]
    try:
        await page.client.queries.report(
            query.query_id, categories=chosen, request_id=page.text("request_id")
        )
    except XiezhiError as error:
        return page.render(
            "queries/query.html",
            status_of(error),
            query=query,
            settled=settled(query),
            problem=Problem.of(error),
        )
    told = f"已填报为办理项 {query.item_number} 的进展"
    return page.see(f"/matters/{query.instruction_id}/queries/{query.query_id}", told)


@page
async def control(page: Page) -> Response:
    """Let a registry act for an item; the node asks it once, whoever presses again."""
    matter, action = page.request.path_params["id"], known(ControlAction, page.text("action"))
    try:
        done = await page.client.queries.control(
            matter,
            _number(page.text("item"), "item"),
            action=cast(ControlName, action),
            request_id=page.text("request_id"),
        )
    except XiezhiError as error:
        return await _show(page, error)
    return await _show(page, done=done)


@background
async def hits(page: Page) -> Response:
    """Tell of persons seen, as events of a stream whose ids are the node's cursors; recorded as a look."""
    after = _number(page.request.headers.get("last-event-id", ""), "last-event-id", LARGEST_INT64)
    headers = {"x-accel-buffering": "no"}
    return StreamingResponse(_tell(page, after), media_type="text/event-stream", headers=headers)


async def _tell(page: Page, after: int) -> AsyncIterator[str]:
    told: asyncio.Queue[str] = asyncio.Queue()
    hearing = asyncio.create_task(_hear(page, after, told))
    stopping: asyncio.Event = page.request.app.state.stopping
    stopped = asyncio.create_task(stopping.wait())
    try:
        yield "retry: 5000\n\n"
        while not stopping.is_set() and lasts(page):
            next_one = asyncio.create_task(told.get())
            await asyncio.wait({next_one, stopped}, timeout=KEEP_ALIVE_S, return_when=asyncio.FIRST_COMPLETED)
            if not next_one.done():
                next_one.cancel()
            yield next_one.result() if next_one.done() and not next_one.cancelled() else ": keep-alive\n\n"
    finally:
        hearing.cancel()
        stopped.cancel()


async def _hear(page: Page, after: int, told: "asyncio.Queue[str]") -> None:
    """Put every hit into *told* as an event of the stream; then that there are no more for this person."""
    try:
        async with aclosing(page.client.queries.hits(after, page.request.path_params["id"])) as telling:
            async for hit in telling:
                await told.put(_event(hit))
    except XiezhiError:
        await told.put("event: ended\ndata: \n\n")


def _event(told: HitTold) -> str:
    plain = told.hit.to_plain() if told.hit else {}
    shown = {name: plain.get(name, "") for name in ("seen_at", "place", "text")}
    shown |= {
        "person": told.hit.holder.name if told.hit and told.hit.holder else "",
        "item": told.item_number,
    }
    return f"id: {told.cursor}\nevent: hit\ndata: {json.dumps(shown, ensure_ascii=False)}\n\n"


async def _query(page: Page) -> RegistryQuery:
    """Give the query of the address. Raise `NotFound`, also where it is another matter's."""
    query = await page.client.queries.get(page.request.path_params["query"])
    if query.instruction_id != page.request.path_params["id"]:
        raise NotFound("UNKNOWN_QUERY", "找不到该次登记查询，请核对")
    return query


def settled(query: RegistryQuery) -> int:
    """Count the categories that are not being asked any more."""
    return sum(each.state != AnswerState.ASKED for each in query.answers)


def _number(text: str, field: str, most: int = LARGEST_INT32) -> int:
    """Give a number of a request; 0 where it brought none. Raise `InvalidInput`."""
    return whole(text, field, "编号无法识别，请刷新页面后再试", most=most) if text else 0


_MATTER: Final = "/matters/{id}/queries"
routes: Final = [
    Route(_MATTER, show),
    Route(_MATTER, ask, methods=["POST"]),
    Route("/matters/{id}/controls", control, methods=["POST"]),
    Route("/matters/{id}/hits", hits),
    Route(_MATTER + "/{query}", result),
    Route(_MATTER + "/{query}/answers", answers),
    Route(_MATTER + "/{query}/report", report, methods=["POST"]),
]
