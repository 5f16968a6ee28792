"""督办规则配置: the ladder against late courts, and what it, or another, would have caught over a past period."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import DryRun, XiezhiError
from xiezhi_domain.court_time import SHANGHAI
from xiezhi_domain.escalation.rules import EscalationStep, load_rules
from xiezhi_domain.rulebook.model import Unit
from xiezhi_domain.terms import Rung
from xiezhi_workbench import words
from xiezhi_workbench.days import typed_day
from xiezhi_workbench.page import Page, Problem, page, status_of

HERE: Final = "/ladder-rules"
_UNITS: Final = {Unit.WORKING_DAYS: "个工作日", Unit.HOURS: "小时", Unit.MINUTES: "分钟"}


@dataclass(frozen=True, slots=True)
class Tried:
    """What was tried: the period, the court, and what the rules would have done."""

    first: date
    last: date
    court: str
    found: DryRun

    @property
    def counts(self) -> list[tuple[Rung, int]]:
        """How often each rung would have been climbed, in the order of the ladder."""
        counted = Counter(str(each.rung) for each in self.found.climbed)
        return [(rung, counted[rung.value]) for rung in Rung if counted[rung.value]]


@page
async def show(page: Page) -> Response:
    """Show the rules in force as a table and as they are written."""
    return await _shown(page)


@page
async def change(page: Page) -> Response:
    """Try what was written over a past period, or put it in force."""
    content = page.text("content")
    try:
        if page.text("do") == "set":
            version = await page.client.escalation.set_rules(content)
            return page.see(HERE, f"第 {version} 版规则已生效。")
        first, last = (typed_day(page.text(name), name) for name in ("first", "last"))
        until = min(datetime.combine(last + timedelta(days=1), time.min, SHANGHAI), words.now())
        since = datetime.combine(first, time.min, SHANGHAI)
        court = page.text("court")
        found = await page.client.escalation.dry_run(since, until, content=content, court=court)
    except XiezhiError as error:
        return await _shown(page, error=error)
    return await _shown(page, tried=Tried(first, last, court, found))


async def _shown(page: Page, tried: Tried | None = None, error: XiezhiError | None = None) -> Response:
    rules = await page.client.escalation.rules()
    courts = await page.client.directory.courts(joined_only=True)
    first, last = last_month(words.now().date())
    return page.render(
        "supervise/rules.html",
        status_of(error) if error else 200,
        rules=rules,
        steps=load_rules(rules.content, rules.version).steps,
        when=when,
        content=page.text("content") or rules.content,
        first=page.text("first") or first,
        last=page.text("last") or last,
        court_code=page.text("court"),
        courts=[(each.code, each.name) for each in courts],
        rungs=Rung,
        tried=tried,
        problem=Problem.of(error) if error else None,
    )


def when(step: EscalationStep) -> str:
    """Say when a step is taken, counted from the end of the limit."""
    if step.amount is None:
        return "届满前，按各期限自定的工作日"
    if step.amount == 0:
        return "届满时"
    side = "后" if step.amount > 0 else "前"
    return f"届满{side} {abs(step.amount)} {_UNITS[step.unit]}"


def last_month(today: date) -> tuple[date, date]:
    """Give the first and the last day of the month before."""
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


routes = [Route(HERE, show), Route(HERE, change, methods=["POST"])]
