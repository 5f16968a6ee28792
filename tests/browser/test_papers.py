"""Papers from a browser whose line breaks: dropped on a form, put together from scans, taken on a phone."""

import asyncio
import io
import re
from datetime import datetime

import pytest
from PIL import Image
from playwright.async_api import Dialog, Page, Route, expect
from tests.browser.chromium import require_chromium
from tests.browser.conftest import OpenWindow
from tests.browser.window import Window
from tests.stage.company import Company
from tests.stage.people import COLLEAGUE, GUSU, PASSWORD, RECORD, SPECIALIST

from xiezhi_client.sdk import FieldItem
from xiezhi_domain.court_time import SHANGHAI
from xiezhi_domain.terms import Action

require_chromium()

pytestmark = [pytest.mark.timeout(600), pytest.mark.long]

PHONE = (390, 844)
WAITING = re.compile("等待网络|网络中断")
KEPT = "navigator.serviceWorker.controller && await caches.match('/field')"
NO_ENTRIES = "(await xiezhiStorage.all('entries')).length === 0"
NO_TASKS = "(await xiezhiStorage.all('tasks')).length === 0"
OVER = """async () => {
  for (const each of await xiezhiStorage.all("tasks")) await xiezhiStorage.put("tasks", {...each, until: Date.now()});
}"""
"""Lets the session be over, as far as the browser can tell."""

KEPT_OPENLY = """async () => {
  const rows = [...await xiezhiStorage.all("entries"), ...await xiezhiStorage.all("tasks")];
  const files = await Promise.all(rows.flatMap((row) => Object.values(row.files || {})).map((file) => file.text()));
  const told = rows.map((row) => JSON.stringify(row) + new TextDecoder().decode(row.locked.content));
  if (!files.length || told.length < 2) throw new Error("nothing is kept");
  return [...told, ...files].join();
}"""
"""Everything that the browser keeps of 现场办理, as who looks into it without the key reads it."""

LARGE = b"".join(b"%09d\n" % number for number in range(900_000))
"""A text of nine megabytes, which goes up in many pieces."""


def photograph() -> dict[str, object]:
    """A small picture, as a camera gives it."""
    target = io.BytesIO()
    Image.new("RGB", (640, 480), "steelblue").save(target, "JPEG")
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": target.getvalue()}


async def at_work(company: Company) -> str:
    """A matter that the specialist works on."""
    matter = await company.deliver()
    await company.assign(matter)
    await company.until(SPECIALIST, matter, "IN_PROGRESS", settled=True)
    return matter


async def test_a_paper_goes_on_where_the_line_broke(open_window: OpenWindow, company: Company) -> None:
    matter = await at_work(company)
    window = await open_window(GUSU)
    await window.sign_in(SPECIALIST)
    await window.go(f"/matters/{matter}/act/{Action.REPORT_PROGRESS.value}")
    page = window.page
    started: list[str] = []

    async def break_the_line(route: object) -> None:
        started.append(route.request.url)
        if len(started) == 5:
            await page.context.set_offline(True)
        await route.continue_()

    await page.route("**/uploads/*", break_the_line)
    await page.locator("[data-type]").select_option("OTHER")
    file = {"name": "通话清单.txt", "mimeType": "text/plain", "buffer": LARGE}
    await page.get_by_label("选择要上传的文件").set_input_files(files=[file])
    said = page.locator("[data-files] [data-part=said]")
    await expect(said).to_contain_text("网络中断")
    await page.get_by_label("进展情况").fill("已调取通话清单")
    await page.get_by_role("button", name=Action.REPORT_PROGRESS.zh).click()
    await expect(page.get_by_text("文书还在上传")).to_be_visible()
    await page.context.set_offline(False)
    await expect(said).to_contain_text("已上传，随本表提交")
    assert all("offset=0" not in url for url in started[6:])
    await page.get_by_role("button", name=Action.REPORT_PROGRESS.zh).click()
    await page.wait_for_url(re.compile(f"/matters/{matter}(\\?.*)?$"))
    await expect(page.get_by_role("link", name="下载 通话清单.txt")).to_be_visible()
    assert await window.findings() == []
    await window.picture("node-matter-papers")


async def test_what_is_not_accepted_is_said_at_the_file(open_window: OpenWindow, company: Company) -> None:
    matter = await at_work(company)
    window = await open_window(GUSU)
    await window.sign_in(SPECIALIST)
    await window.go(f"/matters/{matter}")
    page = window.page
    await page.locator("[data-type]").select_option("OTHER")
    wrong = [
        {"name": "工具.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"},
        {"name": "假的.pdf", "mimeType": "application/pdf", "buffer": b"no PDF at all"},
    ]
    await page.get_by_label("选择要上传的文件").set_input_files(files=wrong)
    rows = page.locator("[data-files] li")
    await expect(rows.nth(0)).to_contain_text("不接受这种文件")
    await expect(rows.nth(1).locator("[data-part=said]")).to_have_class("tone-wrong")
    await page.get_by_label("选择要上传的文件").set_input_files(RECORD)
    await expect(rows.nth(2)).to_contain_text("已上传")
    assert await window.findings() == []
    await window.picture("node-matter-drop")
    await page.reload()
    await expect(page.get_by_role("link", name="下载 执行笔录.pdf")).to_be_visible()


async def test_scans_are_put_in_order_by_keyboard_and_bound_by_type(
    open_window: OpenWindow, company: Company
) -> None:
    matter = await at_work(company)
    window = await open_window(GUSU)
    await window.sign_in(SPECIALIST)
    await window.go(f"/matters/{matter}/scans")
    page = window.page
    await page.get_by_label("选择扫描件").set_input_files(files=[photograph()])
    sheets = page.locator(".sheet")
    await expect(sheets).to_have_count(1)
    await page.get_by_label("选择扫描件").set_input_files(RECORD)
    await expect(sheets.nth(1)).to_contain_text("执行笔录.pdf")
    await expect(page.get_by_role("button", name="合成并上传")).to_be_disabled()
    await sheets.nth(0).focus()
    await page.keyboard.press("r")
    await page.keyboard.press("Alt+ArrowRight")
    await expect(sheets.nth(1)).to_be_focused()
    await expect(sheets.nth(1)).to_have_accessible_name(re.compile("IMG_0001.jpg，已旋转 90 度"))
    await sheets.nth(0).get_by_role("combobox").select_option("ENFORCEMENT_RECORD")
    await sheets.nth(1).get_by_role("combobox").select_option("PHOTO")
    assert await window.findings() == []
    await window.picture("node-scans")
    await page.get_by_role("button", name="合成并上传").click()
    await expect(page.locator("[data-said]")).to_contain_text(
        "已上传：执行笔录（扫描件）.pdf、照片（扫描件）.pdf"
    )
    await window.go(f"/matters/{matter}")
    await expect(page.get_by_role("link", name="下载 照片（扫描件）.pdf")).to_be_visible()
    assert window.complaints == []


async def until(page: Page, condition: str) -> None:
    """Wait for a condition that awaits; `wait_for_function` takes its promise for true."""
    again = "await new Promise((over) => setTimeout(over, 50))"
    await page.evaluate(f"async () => {{ while (!({condition})) {again}; }}")


async def fill_in(window: Window, number: str, act: str, note: str) -> None:
    visit = window.page.locator(".visit").filter(has_text=number).filter(has_text=act)
    await visit.locator("summary").click()
    await visit.get_by_label("结果").select_option("DONE")
    await visit.get_by_label("现场情况").fill(note)
    await visit.get_by_label("拍照或者选择照片").set_input_files(files=[photograph()])
    await expect(visit.locator(".shot")).to_have_count(1)
    await visit.get_by_role("button", name="填写完成，发送").click()


async def test_what_was_entered_without_a_line_is_sent_once(
    open_window: OpenWindow, company: Company
) -> None:
    matter = await at_work(company)
    number = (await company.summary(SPECIALIST, matter)).matter_number
    window = await open_window(GUSU)
    await window.sign_in(SPECIALIST)
    await window.go("/field", PHONE)
    page, unsent = window.page, window.page.locator("[data-unsent]")
    await expect(page.locator(".visit").filter(has_text=number)).to_have_count(2)
    assert await window.findings() == []
    assert not await window.too_wide()
    await window.picture("node-field-390")
    await until(page, KEPT)
    await page.context.set_offline(True)
    await fill_in(window, number, "查找人员", "当面核对身份")
    await expect(unsent).to_contain_text(WAITING)
    await window.picture("node-field-offline-390")
    kept = await page.evaluate(KEPT_OPENLY)
    assert number not in kept
    assert "当面核对身份" not in kept
    assert "JFIF" not in kept
    await page.reload()
    await expect(unsent).to_contain_text(WAITING)
    await expect(page.locator(".visit").filter(has_text=number)).to_have_count(2)
    await page.context.set_offline(False)
    await expect(unsent).to_be_hidden()
    await expect(page.locator(".visit").filter(has_text=number)).to_have_count(1)
    assert (await company.kinds(SPECIALIST, matter)).count("ProgressReported") == 1
    await page.context.clear_cookies()
    await fill_in(window, number, "现场勘查", "大门上锁")
    await expect(page.get_by_text("登录已失效。本机有 1 项内容尚未发送")).to_be_visible()
    await expect(page.locator("[data-field]")).not_to_contain_text(number)
    assert await page.evaluate("xiezhiStorage.key.get()") is None
    assert await window.findings() == []
    await window.picture("node-field-ended-390")
    await page.get_by_role("link", name="重新登录").click()
    await page.get_by_label("账号").fill(SPECIALIST.login)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/field")
    await until(page, NO_ENTRIES)
    await expect(unsent).to_be_hidden()
    await expect(page.locator(".visit").filter(has_text=number)).to_have_count(0)
    assert (await company.kinds(SPECIALIST, matter)).count("ProgressReported") == 2
    seen = await (await company.client(SPECIALIST)).instructions.get(matter)
    assert {outcome.number: outcome.note for outcome in seen.outcomes} == {1: "当面核对身份", 2: "大门上锁"}
    assert sum(document.paper_type == "PHOTO" for document in seen.documents) == 1


async def test_without_a_line_nothing_is_shown_after_the_session(
    open_window: OpenWindow, company: Company
) -> None:
    matter = await at_work(company)
    number = (await company.summary(SPECIALIST, matter)).matter_number
    window = await open_window(GUSU)
    await window.sign_in(SPECIALIST)
    await window.go("/field", PHONE)
    page, shown = window.page, window.page.locator("[data-field]")
    await until(page, KEPT)
    await page.context.set_offline(True)
    await fill_in(window, number, "查找人员", "当面核对身份")
    await page.reload()
    await expect(shown).to_contain_text(number)
    assert SPECIALIST.name not in await page.content()
    await page.evaluate(OVER)
    await page.reload()
    await expect(page.get_by_text("登录已失效。本机有 1 项内容尚未发送")).to_be_visible()
    await expect(shown).not_to_contain_text(number)
    assert await page.evaluate("xiezhiStorage.all('tasks')") == []
    await window.picture("node-field-over-390")
    await page.context.set_offline(False)
    await expect(shown).to_contain_text(number)
    await expect(page.locator("[data-unsent]")).to_be_hidden()
    assert (await company.kinds(SPECIALIST, matter)).count("ProgressReported") == 1
    await page.context.clear_cookies()
    await window.sign_in(COLLEAGUE)
    await until(page, NO_TASKS)


async def test_one_that_is_refused_holds_up_no_other_and_none_comes_back(
    open_window: OpenWindow, company: Company
) -> None:
    matter = await at_work(company)
    number = (await company.summary(SPECIALIST, matter)).matter_number
    fieldwork = (await company.client(SPECIALIST)).fieldwork
    today = datetime.now(SHANGHAI).date().isoformat()
    items = (FieldItem(instruction_id=matter, item_number=1),)
    sheet = await fieldwork.make(today, (SPECIALIST.officer, COLLEAGUE.officer), items)
    window = await open_window(GUSU)
    await window.sign_in(SPECIALIST)
    await window.go("/field", PHONE)
    page = window.page
    visits, unsent = page.locator(".visit").filter(has_text=number), page.locator("[data-unsent]")
    await expect(visits).to_have_count(2)
    await page.context.set_offline(True)
    await fill_in(window, number, "查找人员", "当面核对身份")
    await fill_in(window, number, "现场勘查", "大门上锁")
    await fieldwork.close(sheet.sheet_id)
    asked, sent = asyncio.Event(), asyncio.Event()

    async def answer_late(route: Route) -> None:
        answer = await route.fetch()
        asked.set()
        await sent.wait()
        await route.fulfill(response=answer)

    async def send_after(route: Route) -> None:
        await asked.wait()
        await route.continue_()

    await page.route("**/field/tasks", answer_late)
    await page.route("**/uploads", send_after)
    await page.context.set_offline(False)
    await expect(unsent).to_contain_text("未被受理：办理项 1 不在该任务单上")
    await expect(unsent.locator("li")).to_have_count(1)
    await page.evaluate("document.querySelector('.visit').classList.add('drawn-before')")
    sent.set()
    await expect(page.locator(".drawn-before")).to_have_count(0)
    await expect(visits).to_have_count(1)
    await window.picture("node-field-refused-390")
    assert (await company.kinds(SPECIALIST, matter)).count("ProgressReported") == 1


async def test_leaving_clears_what_the_browser_kept(open_window: OpenWindow, company: Company) -> None:
    matter = await at_work(company)
    number = (await company.summary(SPECIALIST, matter)).matter_number
    window = await open_window(GUSU)
    await window.sign_in(SPECIALIST)
    await window.go("/field", PHONE)
    page = window.page
    visit = page.locator(".visit").filter(has_text=number).first
    await visit.locator("summary").click()
    await visit.get_by_label("现场情况").fill("尚未填完")
    await expect(page.locator("[data-unsent]")).to_contain_text("填写中")
    await page.reload()
    await expect(page.locator(".visit").filter(has_text=number).first).to_contain_text("已填写")
    asked: list[str] = []

    async def agree(dialog: Dialog) -> None:
        asked.append(dialog.message)
        await dialog.accept()

    page.remove_listener("dialog", window._refuse)
    page.on("dialog", agree)
    await page.get_by_role("button", name="退出").click()
    await page.wait_for_url("**/sign-in")
    assert len(asked) == 1
    assert "没有发送" in asked[0]
    assert await page.evaluate("async () => (await indexedDB.databases()).length + localStorage.length") == 0


async def test_leaving_keeps_what_others_have_not_sent(open_window: OpenWindow, company: Company) -> None:
    matter = await at_work(company)
    number = (await company.summary(SPECIALIST, matter)).matter_number
    window = await open_window(GUSU)
    await window.sign_in(SPECIALIST)
    await window.go("/field", PHONE)
    page = window.page
    visit = page.locator(".visit").filter(has_text=number).first
    await visit.locator("summary").click()
    await visit.get_by_label("现场情况").fill("尚未填完")
    await expect(page.locator("[data-unsent]")).to_contain_text("填写中")
    await page.context.clear_cookies()
    await window.sign_in(COLLEAGUE)
    await window.go("/field", PHONE)
    await expect(page.locator("[data-others]")).to_contain_text("1 项")
    await page.evaluate("xiezhiStorage.put('uploads', {key: '1', owner: 'somebody', at: Date.now()})")
    await page.get_by_role("button", name="退出").click()
    await page.wait_for_url("**/sign-in")
    assert window.complaints == []
    await window.sign_in(SPECIALIST)
    await window.go("/field", PHONE)
    await expect(page.locator("[data-unsent]")).to_contain_text("填写中")
    assert await page.evaluate("xiezhiStorage.all('uploads').then((all) => all.length)") == 1
