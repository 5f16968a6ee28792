"""At a court's node: a reply to a 督办 with 审签, and an objection to the court's own figures."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.integration.workbench.administration.house import COURT, HUB, House, open_house
from tests.integration.workbench.browser import OWN, Browser, field
from tests.stage.people import RECORD

from xiezhi_domain.terms import PaperType, Role
from xiezhi_papers.workshop import Workshop


@pytest.fixture
async def house(tmp_path: Path, workshop: Workshop) -> AsyncIterator[House]:
    async with open_house(tmp_path, workshop) as house:
        yield house


async def sent(browser: Browser, page: str, path: str, **typed: str) -> str:
    """Where a form of *page*, filled in, leads."""
    shown = await browser.get(page)
    names = [
        name
        for name in ("csrf", "request_id", "base_event_id", "draft_id", "seen")
        if f'name="{name}"' in shown.text
    ]
    answer = await browser.post(path, {name: field(shown, name) for name in names} | typed)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def reply_with_a_paper(browser: Browser, page: str, text: str) -> None:
    shown = await browser.get(page)
    values = {name: field(shown, name) for name in ("csrf", "request_id")} | {"text": text}
    values["documents.0.paper_type"] = PaperType.ENFORCEMENT_RECORD.value
    files = {"documents.0.file": ("执行笔录.pdf", RECORD.read_bytes(), "application/pdf")}
    answer = await browser.client.post(f"{page}/reply", data=values, files=files, headers=OWN)
    assert answer.status_code == 303, answer.text


async def shown(browser: Browser, path: str, pattern: str) -> str:
    """The first group of *pattern* in a page, once it is there."""
    async with asyncio.timeout(60):
        while not (found := re.search(pattern, (await browser.get(path)).text)):
            await asyncio.sleep(0.1)
    return found[1]


async def test_a_reply_goes_up_with_the_bureau_chiefs_word_alone(house: House) -> None:
    supervisor, hub_chief = (
        await house.browse(HUB, Role.SUPERVISOR),
        await house.browse(HUB, Role.BUREAU_CHIEF),
    )
    typed = {
        "court": COURT,
        "about": "SIGNING",
        "subject": "关于签收的督办",
        "ground": "逾期",
        "requirement": "<b>签收</b>",
    }
    await sent(supervisor, "/supervise/new", "/supervise/drafts", **typed)
    await sent(hub_chief, "/supervise?view=drafts", "/supervise/drafts/decision", decision="approve")
    officer, director = (
        await house.browse(COURT, Role.CENTRE_OFFICER),
        await house.browse(COURT, Role.CENTRE_DIRECTOR),
    )
    chief = await house.browse(COURT, Role.BUREAU_CHIEF)
    urge = await shown(officer, "/urged", r'href="/urged/([0-9a-f-]{36})"')
    page = f"/urged/{urge}"
    assert "&lt;b&gt;签收" in (await officer.get(page)).text
    await sent(director, f"/matters/{urge}/act/SIGN", f"/matters/{urge}/act/SIGN")
    await reply_with_a_paper(officer, page, "已全部签收")
    own = await officer.get(page)
    values = {name: field(own, name) for name in ("csrf", "request_id")} | {"decision": "approve"}
    assert (await officer.post(f"{page}/decision", values)).status_code == 403
    await sent(chief, page, f"{page}/decision", decision="reject", opinion="请写明件数")
    given_back = await officer.get(page)
    assert "请写明件数" in given_back.text
    kept = field(given_back, "documents.kept")
    await sent(officer, page, f"{page}/reply", text="五件已全部签收", **{"documents.kept": kept})
    await sent(chief, page, f"{page}/decision", decision="approve")
    answer = await supervisor.read_until(f"/supervise/urges/{urge}", "五件已全部签收")
    assert "执行笔录.pdf" in answer
    await sent(
        supervisor,
        f"/matters/{urge}/act/CLOSE_SUPERVISION",
        f"/matters/{urge}/act/CLOSE_SUPERVISION",
        result="DONE",
    )


async def test_a_court_objects_to_its_own_figures_at_its_node(house: House) -> None:
    statistician, chief = (
        await house.browse(HUB, Role.STATISTICIAN),
        await house.browse(COURT, Role.BUREAU_CHIEF),
    )
    period = await shown(statistician, "/statistics", r'<option value="(\d{4}-\d\d-\d\d/[^"]+)"')
    path = await sent(statistician, "/statistics", "/statistics/bulletins", period=period)
    own = await chief.get(path)
    assert "只显示本院数据" in own.text
    assert "常熟" not in own.text
    wrong = await chief.post(f"{path}/objections", {"csrf": field(own, "csrf"), "text": ""})
    assert wrong.status_code == 422
    await sent(chief, path, f"{path}/objections", text="两件应计入上月", indicator="COMPLETED_IN_TIME")
    assert "两件应计入上月" in (await statistician.get(path)).text
    file = await chief.get(f"{path}/files/PDF")
    assert file.content.startswith(b"%PDF")
