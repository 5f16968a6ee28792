"""The form in which an order to erase is drafted; a leader approves it."""

import re
from collections.abc import Sequence
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import (
    ErasedContent,
    ErasureOrder,
    Instruction,
    InvalidInput,
    TimelineEntry,
    XiezhiError,
)
from xiezhi_workbench import administering
from xiezhi_workbench.page import Page, Problem, page, status_of
from xiezhi_workbench.pages.erasures import HERE

_NEW: Final = f"{HERE}/new"
_WHOLE: Final = "whole"
_HASH: Final = re.compile(r"^[0-9a-f]{64}$")
_LISTED: Final = re.compile(r"^order\.(contents|documents)\[\d+\].*")


@page
async def new(page: Page) -> Response:
    """Show the form about the matter of the address, by id or number; without one, where to take it from."""
    matter = page.request.query_params.get("matter", "").strip()
    if not matter:
        return page.see(HERE, "请打开要清除的事项，从事项页面拟写清除决定。")
    return await _shown(page, matter)


@page
async def draft(page: Page) -> Response:
    """Draft what was chosen; or first name the papers of the matter, which is a look and goes on record."""
    matter = page.text("matter")
    try:
        if page.text("ask") == "papers":
            return await _shown(page, matter, read=await _papers(page, matter))
        drafted = await page.client.erasures.draft(_order(page, matter), request_id=page.text("request_id"))
    except XiezhiError as error:
        return await _shown(page, matter, error)
    return page.see(f"{HERE}/drafts/{drafted.draft_id}", "清除决定已拟写，等待分管院领导审批。")


async def _papers(page: Page, matter: str) -> Sequence[TimelineEntry]:
    return await page.client.superior.read(matter, page.text("purpose"))


def _order(page: Page, matter: str) -> ErasureOrder:
    """Give what was chosen; where everything goes, what else was ticked goes with it."""
    whole = page.text("extent") == _WHOLE
    events, hashes = _ticked(page, "event"), _ticked(page, "document")
    if not whole and not events and not hashes:
        raise InvalidInput.in_field("order.contents", "请勾选要清除的步骤内容或文书，或选择清除全部内容")
    return ErasureOrder(
        instruction_id=matter,
        whole=whole,
        contents=() if whole else tuple(ErasedContent(event_id=each) for each in events),
        documents=() if whole else tuple(bytes.fromhex(each) for each in hashes if _HASH.match(each)),
        with_case=page.text("with_case") == "1",
        reason=page.text("order.reason"),
        legal_ground=page.text("order.legal_ground"),
    )


def _ticked(page: Page, name: str) -> list[str]:
    return [value for value in page.form.getlist(name) if isinstance(value, str) and value]


async def _shown(
    page: Page, matter: str, error: XiezhiError | None = None, read: Sequence[TimelineEntry] | None = None
) -> Response:
    seen = await page.client.superior.get(matter)
    instruction = seen.matter or Instruction()
    return page.render(
        "admin/erasure_draft.html",
        status_of(error) if error else 200,
        tabs=administering.tabs(page.roles, is_hub=page.is_hub),
        matter=instruction.summary,
        steps=[each for each in seen.timeline if each.log_index >= 0],
        papers=_named(page) if read is None else _found(read),
        papers_read=read is not None,
        ticked={*_ticked(page, "event"), *_ticked(page, "document")},
        typed={
            name: page.text(name)
            for name in ("extent", "with_case", "order.reason", "order.legal_ground", "purpose")
        },
        problem=_problem(error) if error else None,
    )


def _found(read: Sequence[TimelineEntry]) -> list[tuple[str, str]]:
    """Give the papers of a matter, each once: hash and name."""
    return list({paper.sha256: paper.name for each in read for paper in each.documents}.items())


def _named(page: Page) -> list[tuple[str, str]]:
    """Give the papers that the form has named already, so that nobody looks twice for them."""
    pairs = (value.partition(" ") for value in _ticked(page, "paper"))
    return [(sha256, name) for sha256, _, name in pairs if _HASH.match(sha256)]


def _problem(error: XiezhiError) -> Problem:
    """Give what is wrong; what is wrong with one thing in a list stands below the list."""
    found = Problem.of(error)
    fields = {_LISTED.sub("order.contents", name): message for name, message in found.fields.items()}
    return Problem(found.message, fields, found.retry_after)


routes = [Route(_NEW, new), Route(_NEW, draft, methods=["POST"])]
