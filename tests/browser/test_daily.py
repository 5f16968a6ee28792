"""A day at the desk: many matters at once, forms with mistakes, a server that goes away, a slow line, paper."""

import pytest
from playwright.async_api import expect
from tests.browser.chromium import require_chromium
from tests.browser.conftest import OpenWindow
from tests.browser.hands import BOTH
from tests.stage.company import PATIENCE_S, Company
from tests.stage.people import DISPATCHER, GUSU, SPECIALIST
from tests.stage.plugin import Stage

from xiezhi_domain.terms import Action, Outcome, State

require_chromium()

pytestmark = [pytest.mark.timeout(600), pytest.mark.long]

FIRST_VIEW_BYTES = 300 * 1024


@pytest.mark.parametrize("way", BOTH)
async def test_many_are_assigned_at_once(way: str, open_window: OpenWindow, company: Company) -> None:
    matters = [await company.deliver(), await company.deliver()]
    window = await open_window(GUSU)
    await window.sign_in(DISPATCHER)
    await window.go(f"/received?state={State.AWAITING_SIGNATURE}")
    page, hands = window.page, BOTH[way](window.page)
    if way == "keyboard":  # The newest stand first: one line down, tick it, twice.
        for key in ("j", "x", "j", "x"):
            await page.keyboard.press(key)
    else:
        for matter in matters:
            await hands.tick(page.locator(f"[data-select][value='{matter}']"))
    await expect(page.locator("[data-chosen]").first).to_have_text("2")
    await hands.choose(page.get_by_label("承办人", exact=True), SPECIALIST.name)
    await hands.press(page.locator("main").get_by_role("button", name=Action.SIGN_AND_ASSIGN.zh, exact=True))
    await expect(page.get_by_role("status")).to_contain_text("办成 2 件，未办成 0 件")
    for matter in matters:
        assert (await company.summary(DISPATCHER, matter)).state == State.IN_PROGRESS
    assert window.complaints == []


async def test_a_form_says_what_is_wrong_where_it_is_and_keeps_what_was_typed(
    open_window: OpenWindow, company: Company
) -> None:
    matter = await company.deliver()
    await company.assign(matter)
    window = await open_window(GUSU)
    await window.sign_in(SPECIALIST)
    await window.go(f"/matters/{matter}/act/{Action.COMPLETE}")
    page = window.page
    result = page.get_by_label("结果", exact=True).first
    await result.select_option(label=Outcome.DONE.zh)
    await page.get_by_label("备注").nth(1).fill("现场无人")
    await page.locator("main").get_by_role("button", name=Action.COMPLETE.zh, exact=True).click()
    await expect(page.get_by_role("alert").filter(has_text="请按提示")).to_be_visible()
    for wrong in (page.get_by_label("办理情况"), page.get_by_label("结果", exact=True).nth(1)):
        await expect(wrong).to_have_attribute("aria-invalid", "true")
        told = page.locator(f"[id='{await wrong.get_attribute('aria-describedby')}']")
        await expect(told).to_contain_text("请")
    await expect(page.get_by_label("备注").nth(1)).to_have_value("现场无人")
    await expect(result).to_have_value(Outcome.DONE)
    assert await window.findings() == []


async def test_a_page_goes_on_after_its_server_was_away(
    open_window: OpenWindow, company: Company, stage: Stage
) -> None:
    window = await open_window(GUSU)
    await window.sign_in(DISPATCHER)
    card = window.page.locator(".count-card", has_text="未签收").locator("strong")
    before = int(await card.inner_text())
    await company.deliver()
    await expect(card).to_have_text(str(before + 1), timeout=PATIENCE_S * 1000)
    other = await window.page.context.new_page()
    await stage.kill(GUSU)
    await other.goto(f"{window.address}/received")
    await expect(other.locator("main")).to_contain_text("连接不上服务器")
    await stage.start(GUSU)
    await company.deliver()
    # Not loaded anew: the page that was open all the time hears of it.
    await expect(card).to_have_text(str(before + 2), timeout=PATIENCE_S * 1000)


async def test_the_first_view_is_light(open_window: OpenWindow) -> None:
    window = await open_window(GUSU)
    await window.sign_in(DISPATCHER)
    for path in ("/", "/received"):
        session = await window.page.context.new_cdp_session(window.page)
        await session.send("Network.enable")
        await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        moved: list[float] = []
        session.on(
            "Network.loadingFinished", lambda event, moved=moved: moved.append(event["encodedDataLength"])
        )
        await window.go(path)
        await window.page.wait_for_load_state("load")
        assert len(moved) > 5, "style, scripts and the page itself have been counted"
        assert sum(moved) < FIRST_VIEW_BYTES, f"{path}: {sum(moved)} bytes"
        await session.detach()


async def test_paper_gets_the_matter_and_nothing_to_click(open_window: OpenWindow, company: Company) -> None:
    matter = await company.deliver()
    window = await open_window(GUSU)
    await window.sign_in(DISPATCHER)
    await window.go(f"/matters/{matter}")
    await window.page.emulate_media(media="print")
    for name in (".bar", ".side", ".actions"):
        await expect(window.page.locator(name).first).to_be_hidden()
    for heading in ("事项信息", "办理项", "办理轨迹"):
        await expect(window.page.get_by_role("heading", name=heading)).to_be_visible()
    assert not await window.too_wide()
