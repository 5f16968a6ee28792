"""系统管理: the way in, 系统状态, 连接器 and 谁看过."""

from datetime import datetime, time, timedelta
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import LookPage, NotAllowed, XiezhiError
from xiezhi_domain.court_time import SHANGHAI
from xiezhi_workbench.administering import HERE, tabs
from xiezhi_workbench.days import typed_day
from xiezhi_workbench.page import Page, Problem, page, status_of

_LOOKS: Final = 100
_METHODS: Final = {
    "GetInstruction": "查看事项",
    "GetSupervisedHistory": "查看事项经过",
    "ReadMatter": "阅看事项内容",
    "GetFieldSheet": "查看外勤任务单",
    "ListFieldItems": "查看外勤办理项",
    "GetCase": "查看案件",
    "PutCase": "变更案件承办人",
    "GetDossier": "查看卷宗",
    "DownloadDocument": "下载文书",
    "GetQuery": "查看查询结果",
    "RunQuery": "发起查询",
    "WatchHits": "接收布控反馈",
    "MakeLetter": "生成文书",
    "MakeLetters": "批量生成文书",
    "ExportMatter": "导出事项",
    "ExportList": "导出清单",
    "ExportMatters": "导出全市清单",
    "ListSupervisorCalls": "查看电话催办登记",
    "ListLooks": "查看本记录",
}
"""What people call the methods that are looked by most; others are shown by their name in the contract."""


@page
async def enter(page: Page) -> Response:
    """Lead to the first page that this person may use."""
    offered = tabs(page.roles, is_hub=page.is_hub)
    if not offered:
        raise NotAllowed("WRONG_ROLE", "您的岗位没有系统管理的权限")
    return page.see(offered[0].path)


@page
async def status(page: Page) -> Response:
    """Show how the program is."""
    return _shown(page, "admin/status.html", system=await page.client.administration.status())


@page
async def connectors(page: Page) -> Response:
    """Show the programs beside the node."""
    return _shown(page, "admin/connectors.html", connectors=await page.client.connectors.list())


@page
async def looks(page: Page) -> Response:
    """Show the form; with a purpose, the record of looks. Sent as a form: a purpose stands in no address."""
    found, error = LookPage(), None
    wanted = {
        name: page.text(name) for name in ("purpose", "who", "person", "object", "first", "last", "unmasked")
    }
    if page.request.method == "POST":
        try:
            found = await _find(page, wanted)
        except XiezhiError as refused:
            error = refused
    return _shown(
        page,
        "admin/looks.html",
        status_of(error) if error else 200,
        problem=Problem.of(error) if error else None,
        wanted=wanted,
        found=found,
        asked=page.request.method == "POST" and error is None,
        methods=_METHODS,
    )


async def _find(page: Page, wanted: dict[str, str]) -> LookPage:
    since, until = bounds(wanted["first"], wanted["last"])
    return await page.client.administration.looks(
        wanted["purpose"],
        who=wanted["who"],
        object=wanted["object"],
        person=wanted["person"],
        since=since,
        until=until,
        unmasked_only=bool(wanted["unmasked"]),
        page_size=_LOOKS,
        page_token=page.text("page"),
    )


def bounds(first: str, last: str) -> tuple[datetime | None, datetime | None]:
    """Give when *first* begins in China and when *last* is over; None for a field left empty. Raise `InvalidInput`."""
    since = typed_day(first, "first") if first else None
    until = typed_day(last, "last") + timedelta(days=1) if last else None
    return (
        datetime.combine(since, time.min, SHANGHAI) if since else None,
        datetime.combine(until, time.min, SHANGHAI) if until else None,
    )


def _shown(page: Page, template: str, status: int = 200, **context: Any) -> Response:
    return page.render(template, status, tabs=tabs(page.roles, is_hub=page.is_hub), **context)


routes = [
    Route(HERE, enter),
    Route(f"{HERE}/status", status),
    Route(f"{HERE}/connectors", connectors),
    Route(f"{HERE}/looks", looks, methods=["GET", "POST"]),
]
