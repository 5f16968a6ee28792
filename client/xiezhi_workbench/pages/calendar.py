"""工作日历: a year as a table; at the hub its arrangement is imported, after a look at the deadlines that it moves."""

import calendar
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import (
    CalendarDay,
    CalendarPublished,
    InvalidInput,
    WorkingHours,
    XiezhiError,
    YearCalendar,
)
from xiezhi_domain.plain_values import read_toml
from xiezhi_domain.terms import Role
from xiezhi_workbench import administering, words
from xiezhi_workbench.numbers import whole
from xiezhi_workbench.page import Page, Problem, page, status_of

HERE: Final = f"{administering.HERE}/calendar"
_PUBLISHES: Final = frozenset({Role.ADMINISTRATOR.value, Role.CENTRE_DIRECTOR.value})
_SATURDAY: Final = 5
_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 2100
"""As the contract has them (`GetCalendar`)."""
_LONGEST: Final = 100_000


@page
async def show(page: Page) -> Response:
    """Show a year."""
    return await _shown(page)


@page
async def bring(page: Page) -> Response:
    """Tell which deadlines an arrangement would move, or publish what was told."""
    tried, error, text = None, None, ""
    publishing = page.text("step") == "publish"
    try:
        text = await _text(page)
        year, days, source, hours = _arrangement(text)
        tried = await page.client.escalation.publish_calendar(
            year, days, source, hours, dry_run=not publishing, request_id=page.text("request_id")
        )
        if publishing:
            return page.see(f"{HERE}?year={year}", f"{year} 年安排已发布，变动期限 {tried.moved} 项")
    except XiezhiError as refused:
        tried, error = None, refused
    return await _shown(page, text, tried, error)


async def _shown(
    page: Page, text: str = "", tried: CalendarPublished | None = None, error: XiezhiError | None = None
) -> Response:
    wanted = page.request.query_params.get("year", "")
    this_year = words.now().year
    year = _year(wanted, f"年份应在 {_FIRST_YEAR} 至 {_LAST_YEAR} 之间") if wanted else this_year
    found = await page.client.directory.calendar(year)
    return page.render(
        "admin/calendar.html",
        status_of(error) if error else 200,
        tabs=administering.tabs(page.roles, is_hub=page.is_hub),
        found=found,
        months=list(_months(found)),
        this_year=this_year,
        may_import=page.is_hub and not _PUBLISHES.isdisjoint(page.roles),
        text=text,
        tried=tried,
        problem=Problem.of(error) if error else None,
    )


def _months(year: YearCalendar) -> Iterator[tuple[int, list[list[tuple[int, str, str]]]]]:
    """Give each month as weeks from Monday on, a day as its number (0: of another month), its look and its word."""
    decided = {each.day: each.is_workday for each in year.days}
    provisional = frozenset(year.provisional)
    for month in range(1, 13):
        weeks = calendar.Calendar().monthdayscalendar(year.year, month)
        yield (
            month,
            [
                [
                    _look(date(year.year, month, day), decided, provisional) if day else (0, "", "")
                    for day in week
                ]
                for week in weeks
            ],
        )


def _look(day: date, decided: Mapping[str, bool], provisional: frozenset[str]) -> tuple[int, str, str]:
    text, weekend = day.isoformat(), day.weekday() >= _SATURDAY
    if text in provisional:
        return day.day, "provisional", "法定节假日（暂定）"
    if text in decided:
        if decided[text]:
            return (day.day, "made-up", "调休上班") if weekend else (day.day, "", "工作日")
        return day.day, "holiday", "放假"
    return (day.day, "off", "周末") if weekend else (day.day, "", "工作日")


async def _text(page: Page) -> str:
    """Give what was sent: the file chosen now, else the text that the form carried. Raise `InvalidInput`."""
    file = page.form.get("file")
    if isinstance(file, UploadFile) and file.filename:
        try:
            return (await file.read()).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise InvalidInput.in_field("file", "文件应为 UTF-8 文本") from None
    text = page.text("text").replace("\r\n", "\n")
    if not text:
        raise InvalidInput.in_field("file", "请选择年度安排文件（TOML）")
    return text


def _arrangement(text: str) -> tuple[int, list[CalendarDay], str, WorkingHours | None]:
    """Give year, days, source and working hours of an arrangement. Raise `InvalidInput`."""
    if len(text) > _LONGEST:
        raise InvalidInput.in_field("file", "文件太大，请核对")
    try:
        told: dict[str, Any] = read_toml(text)
        days = [CalendarDay(day=str(day)) for day in told["free"]]
        days += [CalendarDay(day=str(day), is_workday=True) for day in told["work"]]
        year, source = str(told["year"]), str(told["source"])
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput.in_field("file", f"应写明 year、source、free、work：{error}") from None
    hours = WorkingHours.from_plain(told["hours"], "hours") if "hours" in told else None
    return _year(year, "year 应为四位数字的年份"), days, source, hours


def _year(text: str, message: str) -> int:
    return whole(text, "year", message, least=_FIRST_YEAR, most=_LAST_YEAR)


routes = [Route(HERE, show), Route(HERE, bring, methods=["POST"])]
