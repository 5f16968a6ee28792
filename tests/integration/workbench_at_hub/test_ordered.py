"""An order of the superior at the court that is ordered: what it says, what the court records and reports."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.integration.workbench.administration.house import COURT, HUB, House, open_house
from tests.integration.workbench.browser import Browser
from tests.integration.workbench_at_hub.test_deciding import press
from tests.integration.workbench_at_hub.test_elevating import ONE, TWO, elevated

from xiezhi_domain.terms import Action, Role
from xiezhi_papers.workshop import Workshop


@pytest.fixture
async def house(tmp_path: Path, workshop: Workshop) -> AsyncIterator[House]:
    async with open_house(tmp_path, workshop) as house:
        yield house


async def shown(browser: Browser, path: str, *wanted: str) -> str:
    """A page once it has all that is wanted."""
    async with asyncio.timeout(60):
        while True:
            answer = await browser.get(path)
            if answer.status_code == 200 and all(each in answer.text for each in wanted):
                return answer.text
            await asyncio.sleep(0.1)


async def test_old_cases_are_struck_off_and_new_ones_recorded_to_the_fen(house: House) -> None:
    assert ONE.startswith(f"（2026）{COURT}")
    supervisor, hub_chief = (
        await house.browse(HUB, Role.SUPERVISOR),
        await house.browse(HUB, Role.BUREAU_CHIEF),
    )
    judge, chief = await house.browse(COURT, Role.JUDGE), await house.browse(COURT, Role.BUREAU_CHIEF)
    order = await elevated(supervisor, hub_chief)
    page = f"/orders/{order}"
    await shown(chief, f"/matters/{order}", f'href="{page}"')
    assert (await press(chief, order, Action.SIGN)).status_code == 303
    received = await shown(judge, page, "原案销案，由本院立案执行", Action.CLOSE_OLD_CASE.zh)
    assert "0.50" in received

    await supervisor.read_until(page, Action.ELEVATE_CASE.zh)
    changed = await press(hub_chief, order, Action.CHANGE_ORDER, text="利息增加", balance_fen="120")
    assert changed.status_code == 303, changed.text
    form = await shown(judge, f"/matters/{order}/act/{Action.CLOSE_OLD_CASE.value}", "余额合计 120.00 元")
    begun = dict(re.findall(r'name="(closing\.[^"]+)" value="([^"]*)"', form))
    assert begun == {
        "closing.0.case_number": ONE,
        "closing.0.balance_fen": "",
        "closing.1.case_number": TWO,
        "closing.1.balance_fen": "",
    }
    typed = begun | {"closing.0.balance_fen": "119.5", "closing.1.balance_fen": "0.51"}
    more = await press(judge, order, Action.CLOSE_OLD_CASE, **typed)
    assert re.search(r'id="w-closing"[^>]*>余额合计', more.text)
    assert 'value="119.5"' in more.text
    typed |= {"closing.1.balance_fen": "0", "closed_at": "2099-01-01T09:00"}
    ahead = await press(judge, order, Action.CLOSE_OLD_CASE, **typed)
    assert re.search(r'id="w-closed_at"[^>]*>时间不能晚于现在', ahead.text)
    done = await press(judge, order, Action.CLOSE_OLD_CASE, **typed | {"closed_at": "2026-11-20T09:30"})
    assert done.headers.get("location") == f"/matters/{order}", done.text

    path = f"/matters/{order}/act/{Action.ELEVATE_CASE.value}"
    filing = await shown(supervisor, path, "余额合计 119.50 元")
    cells = dict(re.findall(r'name="(filing\.[^"]+)" value="([^"]*)"', filing))
    assert [cells["filing.0.balance_fen"], cells["filing.1.balance_fen"]] == ["119.50", "0.00"]
    cells |= {f"filing.{row}.new_case_number": f"（2026）苏05执{row + 1}号" for row in range(2)}
    cells["filed_at"] = "2026-11-21T10:00"
    assert (await press(supervisor, order, Action.ELEVATE_CASE, **cells)).status_code == 303
    times = ("2026-11-20 09:30", "2026-11-21 10:00")
    await shown(judge, page, "（2026）苏05执2号", "119.50", "0.00", *times)
    reported = await press(chief, order, Action.ANSWER_ORDER, result="DONE", text="已销案并移送材料")
    assert reported.status_code == 303, reported.text
    await supervisor.read_until(page, "已销案并移送材料")


async def test_a_difficulty_is_reported_and_answered(house: House) -> None:
    supervisor, hub_chief = (
        await house.browse(HUB, Role.SUPERVISOR),
        await house.browse(HUB, Role.BUREAU_CHIEF),
    )
    order = await elevated(supervisor, hub_chief)
    judge = await house.browse(COURT, Role.JUDGE)
    page = f"/orders/{order}"
    await shown(judge, page)
    lacking = await press(judge, order, Action.CONSULT, text="材料在审计单位")
    assert 'id="w-matter"' in lacking.text
    asked = await press(judge, order, Action.CONSULT, matter="DIFFICULTY", text="材料在审计单位")
    assert asked.status_code == 303, asked.text
    await shown(judge, page, "本院的请示或困难报告等待批复")
    await supervisor.read_until(page, "材料在审计单位")
    answered = await press(supervisor, order, Action.ANSWER_CONSULTATION, text="可先移送其余材料")
    assert answered.status_code == 303, answered.text
    assert "等待批复" not in await shown(judge, page, "可先移送其余材料")
