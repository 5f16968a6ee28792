"""提级: an order that takes two cases away, its balance changed, and the new cases recorded, by the hub's pages."""

import re

from tests.integration.hub.court import RECEIVER
from tests.integration.workbench.browser import OWN, Browser, field
from tests.integration.workbench_at_hub.scene import Scene
from tests.integration.workbench_at_hub.test_deciding import press
from tests.stage.people import RECORD

from xiezhi_domain.terms import Action, PaperType, Role

ONE, TWO = (f"（2026）{RECEIVER}执{number}号" for number in (1, 2))
ELEVATE = Action.ELEVATE_CASE


async def elevated(supervisor: Browser, chief: Browser) -> str:
    """The id of an order that elevates two cases of a court, with 100.00 and 0.50 yuan left."""
    form = await supervisor.get("/orders/new")
    names = ("csrf", "request_id", "draft_id")
    values = {name: field(form, name) for name in names} | {
        "kind": "ORDER_ELEVATE",
        "about": "INTERFERENCE",
        "subject": "关于提级执行的裁定",
        "ground": "长期受到干扰",
        "requirement": "原案销案，由本院立案执行",
        "new_court": "苏05",
        "cases.0.court": RECEIVER,
        "cases.0.case_number": ONE,
        "cases.0.claim": "100",
        "cases.1.court": RECEIVER,
        "cases.1.case_number": TWO,
        "cases.1.claim": "1",
        "cases.1.recovered": "0.50",
        "documents.0.paper_type": PaperType.ORDER_RULING.value,
        "documents.1.paper_type": PaperType.HEARING_RECORD.value,
    }
    heard = await supervisor.post("/orders/drafts", values | {"hearing.summary": "双方均无异议"})
    assert 'id="w-hearing.held_on"' in heard.text
    values |= {"hearing.summary": "双方均无异议", "hearing.held_on": "2026-11-20"}
    wrong = await supervisor.post("/orders/drafts", values | {"cases.1.recovered": "2"})
    assert 'id="w-cases.1.recovered"' in wrong.text
    files = {
        f"documents.{row}.file": (f"{row}.pdf", RECORD.read_bytes() + b"\n" * row, "application/pdf")
        for row in range(2)
    }
    await supervisor.client.post("/orders/drafts", data=values, files=files, headers=OWN)
    drafts = await chief.get("/orders?view=drafts")
    decision = {name: field(drafts, name) for name in (*names, "seen")} | {"decision": "approve"}
    issued = await chief.post("/orders/drafts/decision", decision)
    assert issued.headers.get("location") == "/orders?view=orders", issued.text
    (order,) = re.findall(r'href="/orders/([0-9a-f-]{36})"', (await supervisor.get("/orders")).text)
    return order


def rows(page: str) -> dict[str, str]:
    """What the form begins with, by the names of cells."""
    inputs = re.findall(r'name="(filing\.[^"]+)" value="([^"]*)"', page)
    assert inputs, page
    return dict(inputs)


async def test_new_cases_are_recorded_row_by_row_and_nothing_typed_is_lost(scene: Scene) -> None:
    supervisor, chief = await scene.browser(Role.SUPERVISOR), await scene.browser(Role.BUREAU_CHIEF)
    order = await elevated(supervisor, chief)
    path = f"/matters/{order}/act/{ELEVATE.value}"
    shown = await supervisor.get(path)
    begun = rows(shown.text)
    assert [begun["filing.0.old_case_number"], begun["filing.1.old_case_number"]] == [ONE, TWO]
    assert [begun["filing.0.balance_fen"], begun["filing.1.balance_fen"]] == ["100.00", "0.50"]
    assert "合计 <b>100.50</b> 元" in shown.text
    page = (await supervisor.read(f"/orders/{order}")).text
    assert f'href="/matters/{order}/act/{ELEVATE.value}"' in page
    assert "2026-11-20：双方均无异议" in page

    typed = begun | {"filing.0.new_case_number": "（2026）苏05执77号", "filing.1.new_case_number": "执78"}
    unread = await press(supervisor, order, ELEVATE, **typed)
    assert unread.status_code == 422
    assert re.search(r'id="w-filing\.1\.new_case_number"[^>]*>[^<]', unread.text)
    assert rows(unread.text) == typed

    typed |= {"filing.1.new_case_number": f"（2026）{RECEIVER}执78号"}
    refused = await press(supervisor, order, ELEVATE, **typed)
    assert refused.status_code == 422
    assert re.search(r'id="w-filing\.1\.new_case_number"[^>]*>新案应为本院案件', refused.text)
    typed |= {"filing.1.new_case_number": "（2026）苏05执78号", "filing.1.balance_fen": "0.51"}
    more = await press(supervisor, order, ELEVATE, **typed)
    assert re.search(r'id="w-filing"[^>]*>立案金额合计', more.text)
    assert rows(more.text) == typed

    done = await press(supervisor, order, ELEVATE, **typed | {"filing.1.balance_fen": "0.5"}, text="已立案")
    assert done.headers.get("location") == f"/matters/{order}", done.text
    page = (await supervisor.read(f"/orders/{order}")).text
    assert "（2026）苏05执78号" in page
    assert (await supervisor.get(path)).status_code == 409


async def test_a_balance_is_changed_to_nothing_and_stays_where_it_is_not_entered(scene: Scene) -> None:
    supervisor, chief = await scene.browser(Role.SUPERVISOR), await scene.browser(Role.BUREAU_CHIEF)
    order = await elevated(supervisor, chief)
    assert Action.CHANGE_ORDER.zh in (await supervisor.read(f"/orders/{order}")).text
    kept = await press(chief, order, Action.CHANGE_ORDER, text="补充理由", balance_fen="")
    assert kept.status_code == 303, kept.text
    assert "100.50" in (await supervisor.read(f"/orders/{order}")).text
    wrong = await press(chief, order, Action.CHANGE_ORDER, text="已全部到位", balance_fen="零")
    assert wrong.status_code == 422
    assert 'value="零"' in wrong.text
    changed = await press(chief, order, Action.CHANGE_ORDER, text="已全部到位", balance_fen="0")
    assert changed.status_code == 303, changed.text
    page = (await supervisor.read(f"/orders/{order}")).text
    assert re.search(r'class="number">0\.00</td>', page)
    assert "100.50" not in page
    begun = rows((await supervisor.get(f"/matters/{order}/act/{ELEVATE.value}")).text)
    assert begun["filing.0.balance_fen"] == ""


async def test_what_is_typed_is_checked_without_a_look(scene: Scene) -> None:
    browser = await scene.browser(Role.SUPERVISOR)
    path = f"/matters/none/act/{ELEVATE.value}/check?kind=ORDER_ELEVATE"
    csrf = await browser.token()
    cells = {"old_case_number": ONE, "new_case_number": "苏05", "balance_fen": "1.5"}
    typed = {f"filing.0.{name}": text for name, text in cells.items()} | {"filing.1.new_case_number": ""}
    told = await browser.post(path, typed | {"csrf": csrf})
    assert told.status_code == 200, told.text
    assert re.findall(r'data-wrong="([^"]+)"', told.text) == ["filing.0.new_case_number"]
    assert (await browser.post(path, typed)).status_code == 403
    assert (await browser.post(path.replace(ELEVATE.value, "NONE"), {"csrf": csrf})).status_code == 404


async def test_who_may_not_record_is_told_why(scene: Scene) -> None:
    supervisor, chief = await scene.browser(Role.SUPERVISOR), await scene.browser(Role.BUREAU_CHIEF)
    order = await elevated(supervisor, chief)
    leader = await scene.browser(Role.COURT_LEADER)
    page = await leader.get(f"/matters/{order}/act/{ELEVATE.value}")
    assert page.status_code == 409
    assert f"现在不能“{ELEVATE.zh}”：" in page.text
    assert 'name="filing.0' not in page.text
