"""整理扫描件: pictures and PDF put in order on a page, and bound as one paper of each type for a matter."""

import asyncio
import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from starlette.datastructures import UploadFile
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from xiezhi_client.sdk import InvalidInput, XiezhiError
from xiezhi_client.sdk.vocabulary import PaperType as PaperName
from xiezhi_domain.plain_values import read_json
from xiezhi_domain.terms import PaperType
from xiezhi_workbench.answering import refused
from xiezhi_workbench.apart import do
from xiezhi_workbench.page import Page, page
from xiezhi_workbench.pages.matter import look
from xiezhi_workbench.scans import MOST_PAGES, Sheet

_MIB: Final = 1024 * 1024
_LARGEST_FILE: Final = 50 * _MIB
_LARGEST_BATCH: Final = 200 * _MIB
_MOST_AT_ONCE: Final = 2
"""Batches that are bound at the same time; more wait, because each is held in memory."""
_LEAF_S: Final = 30
_BIND_S: Final = 120
"""Seconds for one file, and for everything that is bound at once."""
_binding: Final = asyncio.Semaphore(_MOST_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A paper to be bound: its type, and its pages in order."""

    paper_type: PaperName
    sheets: Sequence[Sheet]


@page
async def show(page: Page) -> Response:
    """Show where scans are put in order, for a matter that the reader may see."""
    seen = await look(page)
    return page.render("scans/sheets.html", seen=seen, most_pages=MOST_PAGES, largest=_LARGEST_BATCH)


@page
async def leaf(page: Page) -> Response:
    """Give small pictures of the pages of one file, which is not kept."""
    try:
        async with _binding:
            [content] = await _files(page, 1)
            pictures = await do("thumbnails", [content], seconds=_LEAF_S)
    except XiezhiError as error:
        return refused(error)
    return JSONResponse({"pages": [base64.b64encode(picture).decode() for picture in pictures]})


@page
async def upload(page: Page) -> Response:
    """Bind what the plan says and upload it for the matter; the same plan again uploads nothing twice."""
    matter = page.request.path_params["id"]
    try:
        plan = _plan(page.text("plan"))
        papers = [await _upload(page, matter, *paper) for paper in await _bound(page, plan)]
    except XiezhiError as error:
        return refused(error)
    return JSONResponse({"papers": papers})


async def _bound(page: Page, plan: Sequence[Wanted]) -> list[tuple[PaperName, bytes]]:
    async with _binding:
        files = await _files(page, MOST_PAGES)
        if any(not 0 <= sheet.file < len(files) for wanted in plan for sheet in wanted.sheets):
            raise _unreadable()
        sheets = [[[sheet.file, sheet.page, sheet.turn] for sheet in wanted.sheets] for wanted in plan]
        papers = await do("bind", files, sheets, seconds=_BIND_S)
    return [(wanted.paper_type, paper) for wanted, paper in zip(plan, papers, strict=True)]


async def _upload(page: Page, matter: str, paper_type: PaperName, content: bytes) -> dict[str, Any]:
    name = f"{PaperType(paper_type).zh}（扫描件）.pdf"
    document = await page.client.documents.upload(matter, content, paper_type, name=name)
    return {"name": document.name, "sha256": document.sha256, "size": document.size}


async def _files(page: Page, most: int) -> list[bytes]:
    """Give the files that were sent, in their order. Raise `InvalidInput`."""
    sent = [each for each in page.form.getlist("file") if isinstance(each, UploadFile)]
    if not 0 < len(sent) <= most:
        raise InvalidInput.in_field("file", f"请选择 1 至 {most} 个文件")
    return [await each.read() for each in sent]


def _plan(text: str) -> list[Wanted]:
    """Read which papers are wanted: `[{"type": …, "sheets": [[file, page, turn], …]}, …]`. Raise `InvalidInput`."""
    try:
        wanted = [
            Wanted(
                cast(PaperName, PaperType(each["type"]).value), [Sheet(*map(int, s)) for s in each["sheets"]]
            )
            for each in read_json(text)
        ]
    except (ValueError, TypeError, KeyError):
        raise _unreadable() from None
    if not wanted or sum(len(each.sheets) for each in wanted) > MOST_PAGES:
        raise InvalidInput.in_field("plan", f"一次可以整理 1 至 {MOST_PAGES} 页")
    return wanted


def _unreadable() -> InvalidInput:
    return InvalidInput.in_field("plan", "页面顺序无法识别，请刷新页面后再试")


def _limit(size: int) -> Any:
    return [Middleware(RequestBodyLimitMiddleware, max_body_size=size)]


routes: Final = [
    Route("/matters/{id}/scans", show, methods=["GET"]),
    Route("/matters/{id}/scans", upload, methods=["POST"], middleware=_limit(_LARGEST_BATCH)),
    Route("/matters/{id}/scans/leaf", leaf, methods=["POST"], middleware=_limit(_LARGEST_FILE)),
]
