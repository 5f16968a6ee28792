"""通报: drawn up, objected to by the courts, answered, published; corrected afterwards; taken home as a file."""

import asyncio
from typing import Final, cast
from urllib.parse import quote

from starlette.datastructures import QueryParams
from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import Bulletin, BulletinSummary, InvalidInput, NotFound, Period, XiezhiError
from xiezhi_client.sdk.vocabulary import BulletinFormat
from xiezhi_client.sdk.vocabulary import Indicator as IndicatorName
from xiezhi_domain.errors import DomainError
from xiezhi_domain.terms import Channel, Indicator
from xiezhi_workbench import periods
from xiezhi_workbench.asking import if_allowed
from xiezhi_workbench.entering import typed_back
from xiezhi_workbench.page import Page, Problem, page, status_of
from xiezhi_workbench.pages.statistics import HERE, VOCABULARIES, Wanted, shown, table_of

_BULLETINS: Final = f"{HERE}/bulletins"
_MEDIA: Final[dict[str, str]] = {
    "WORD": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "PDF": "application/pdf",
    "XLSX": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@page
async def draw_up(page: Page) -> Response:
    """Draw up the draft of a period, with the definitions that the page of figures had."""
    try:
        period = periods.chosen(page.text("period"))
        if period is None:
            raise InvalidInput.in_field("period", "请选择统计期间")
        names = {f"by-{each.value}": page.text(f"by-{each.value}") for each in Indicator}
        wanted = Wanted.of(QueryParams(names))
        drawn = await page.client.bulletins.draft(
            Period(first_day=period.first.isoformat(), last_day=period.last.isoformat()),
            [wanted.choice(each) for each in Indicator],
            request_id=page.text("request_id"),
        )
    except (XiezhiError, DomainError) as error:
        return await shown(page, error)
    return page.see(f"{_BULLETINS}/{drawn.bulletin_id}", "通报已拟制，各法院可以看到本院数据并提出数据异议。")


@page
async def one(page: Page) -> Response:
    """Show one bulletin as it was frozen, what courts object to, and what was corrected since."""
    return await _one(page)


async def _one(page: Page, error: XiezhiError | None = None) -> Response:
    which = page.request.path_params["id"]
    found, objections = await asyncio.gather(
        page.client.bulletins.get(which), if_allowed(page.client.bulletins.objections(which))
    )
    figures = [each for each in found.figures if each.channel == Channel.PLATFORM]
    return page.render(
        "statistics/bulletin.html",
        status_of(error) if error else 200,
        found=found,
        summary=found.bulletin or BulletinSummary(),
        wanted=_wanted(found),
        table=table_of(figures),
        objections=objections or (),
        object_options=[(each.value, each.zh) for each in Indicator],
        typed=typed_back(page.form),
        problem=Problem.of(error) if error else None,
        **VOCABULARIES,
    )


def _wanted(found: Bulletin) -> Wanted:
    """Give what the lists behind the figures are asked for with."""
    period = (found.bulletin or BulletinSummary()).period or Period()
    return Wanted.of(QueryParams({"first": period.first_day, "last": period.last_day}))


@page
async def object_to(page: Page) -> Response:
    """File an objection to the figures of one's own court (数据异议); at a node."""
    which, named = page.request.path_params["id"], page.text("indicator")
    indicator = cast(IndicatorName, named if named in Indicator.__members__ else "")
    try:
        await page.client.bulletins.object(
            which, page.text("text"), indicator=indicator, request_id=page.text("request_id")
        )
    except XiezhiError as error:
        return await _one(page, error)
    return page.see(f"{_BULLETINS}/{which}", "数据异议已提交中院。")


@page
async def answer(page: Page) -> Response:
    """Answer an objection; at the hub."""
    which, upheld = page.request.path_params["id"], page.text("decision") == "uphold"
    try:
        await page.client.bulletins.answer(
            page.text("objection_id"), page.text("answer"), upheld=upheld, request_id=page.text("request_id")
        )
    except XiezhiError as error:
        return await _one(page, error)
    more = "请更正有误的事项后重新拟制通报，本稿不能发布。" if upheld else ""
    return page.see(f"{_BULLETINS}/{which}", f"数据异议已答复。{more}")


@page
async def end(page: Page) -> Response:
    """Publish a draft, or discard it; at the hub."""
    which, request_id = page.request.path_params["id"], page.text("request_id")
    try:
        if page.text("decision") == "publish":
            await page.client.bulletins.publish(which, request_id=request_id)
            told = "通报已发布，各法院都能看到。"
        else:
            await page.client.bulletins.discard(which, request_id=request_id)
            told = "通报草稿已作废。"
    except XiezhiError as error:
        return await _one(page, error)
    return page.see(f"{_BULLETINS}/{which}", told)


@page
async def take_home(page: Page) -> Response:
    """Give the bulletin as Word, PDF or a workbook, with tables and charts."""
    named = page.request.path_params["format"]
    if named not in _MEDIA:
        raise NotFound("UNKNOWN_FORMAT", "没有这种格式")
    file = await page.client.bulletins.export(page.request.path_params["id"], cast(BulletinFormat, named))
    return Response(
        file.content,
        media_type=_MEDIA[named],
        headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(file.name)}"},
    )


routes = [
    Route(_BULLETINS, draw_up, methods=["POST"]),
    Route(f"{_BULLETINS}/{{id}}", one),
    Route(f"{_BULLETINS}/{{id}}/objections", object_to, methods=["POST"]),
    Route(f"{_BULLETINS}/{{id}}/answers", answer, methods=["POST"]),
    Route(f"{_BULLETINS}/{{id}}/end", end, methods=["POST"]),
    Route(f"{_BULLETINS}/{{id}}/files/{{format}}", take_home),
]
