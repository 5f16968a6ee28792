"""People at the workbench in a real browser: by keyboard, at all sizes, without a complaint of browser or axe."""

import re

import pytest
from playwright.async_api import expect
from tests.browser.chromium import require_chromium
from tests.browser.conftest import OpenWindow
from tests.browser.pages import PAGES
from tests.browser.window import DESK, EVERY_SIZE, PHONE
from tests.stage.company import Company
from tests.stage.people import (
    DISPATCHER,
    GUSU,
    HUB,
    HUB_LEADER,
    JUDGE,
    LETTER,
    PASSWORD,
    SPECIALIST,
    SUPERVISOR,
    Player,
)
from tests.stage.plugin import Stage

from xiezhi_domain.terms import Action, PaperType

require_chromium()

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.long,
]  # Every page at every size, on a machine that may be busy.

PATHS = "links => links.map(each => each.getAttribute('href'))"
SCREENS = ((1366, 768), (1920, 1080), (3840, 2160))


async def test_somebody_signs_in_finds_a_matter_and_opens_it_by_keyboard_alone(
    open_window: OpenWindow, company: Company
) -> None:
    matter = await company.deliver()
    number = (await company.summary(DISPATCHER, matter)).matter_number
    window = await open_window(GUSU)
    await window.sign_in(DISPATCHER)
    await window.go("/received")
    press = window.page.keyboard.press
    await press("/")
    await window.page.keyboard.insert_text(number)
    await press("Enter")
    await window.page.wait_for_url("**/received?*text=*")
    await press("j")
    await expect(window.page.locator("[data-row].current [data-open]")).to_have_text(number)
    await press("Enter")
    await window.page.wait_for_url(re.compile(f"/matters/{matter}$"))


async def test_who_is_not_signed_in_finds_a_page_without_complaint(open_window: OpenWindow) -> None:
    window = await open_window(GUSU)
    assert await window.look_over([("sign-in", "/sign-in")]) == []


@pytest.mark.parametrize("player", PAGES, ids=lambda player: f"{player.login} of {player.place}")
async def test_no_page_has_complaints(
    player: Player, open_window: OpenWindow, company: Company, stage: Stage
) -> None:
    matter, assigned = await company.deliver(), await company.deliver()
    await company.assign(assigned)
    window = await open_window(player.place)
    password = stage.administrators[player.place]["password"] if player.login == "admin" else PASSWORD
    await window.sign_in(player, password)
    pages = [(name, path.format(matter=matter, assigned=assigned)) for name, path in PAGES[player]]
    assert await window.look_over(pages) == []


async def test_the_forms_of_a_matter_are_without_complaint(open_window: OpenWindow, company: Company) -> None:
    """Every form that is offered to somebody at each stage of a matter, each at another size in turn."""
    draft, delivered, assigned = await company.draft(), await company.deliver(), await company.deliver()
    await company.assign(assigned)
    reported = await company.report()
    looked_over: set[str] = set()
    for player, matter in (
        *((JUDGE, draft), (JUDGE, delivered), (DISPATCHER, delivered)),
        *((SPECIALIST, assigned), (JUDGE, reported), (DISPATCHER, reported)),
    ):
        window = await open_window(player.place)
        await window.sign_in(player)
        await window.go(f"/matters/{matter}")
        for path in await window.page.locator(".actions a").evaluate_all(PATHS):
            name = f"act-{path.rpartition('/')[2]}"
            if name not in looked_over:
                size = EVERY_SIZE[len(looked_over) % len(EVERY_SIZE)]
                assert await window.look_over([(name, path)], [size]) == []
                looked_over.add(name)
    assert {f"act-{action}" for action in (Action.SUBMIT, Action.COMPLETE, Action.CONFIRM)} <= looked_over


async def test_the_screen_fits_every_wall_and_follows_what_happens(
    open_window: OpenWindow, company: Company
) -> None:
    window = await open_window(HUB)
    await window.sign_in(SUPERVISOR)
    for size in SCREENS:
        assert await window.look_over([("screen", "/screen")], [size]) == []
        height = await window.page.evaluate("document.documentElement.scrollHeight")
        assert height <= size[1], f"{size}: {height} px high"
    tiles = window.page.locator(".tiles dd")
    before = int((await tiles.first.inner_text()).split()[0].rstrip("件"))
    await company.deliver()
    await expect(tiles.first).to_contain_text(str(before + 1))
    assert window.complaints == []


async def test_a_click_on_an_indicator_says_how_it_is_counted(open_window: OpenWindow) -> None:
    window = await open_window(HUB)
    await window.sign_in(SUPERVISOR)
    await window.go("/screen", SCREENS[0])
    button = window.page.locator("button[data-definition]").first
    told = window.page.locator(f"#{await button.get_attribute('data-definition')}")
    await expect(told).to_be_hidden()
    await button.focus()
    await window.page.keyboard.press("Enter")
    await expect(told).to_be_visible()
    await expect(told).to_contain_text("口径")
    assert await window.findings() == []


async def test_a_proposal_to_urge_becomes_a_draft_with_papers_and_is_written_anew(
    open_window: OpenWindow, company: Company
) -> None:
    matter = await company.deliver()
    number = (await company.summary(DISPATCHER, matter)).matter_number
    window = await open_window(HUB)
    await window.sign_in(SUPERVISOR)
    await window.go(f"/supervise/new?court={GUSU}&matter={number}&about=SIGNING")
    page = window.page
    await page.get_by_label("标题").fill("关于尽快签收的督办")
    await page.get_by_label("事实和依据").fill("逾期未签收")
    await page.get_by_label("要求", exact=False).last.fill("请即签收并报告")
    await page.get_by_label("拖入文件的文书类型").select_option(PaperType.SUPERVISION_LETTER)
    await page.get_by_label("选择要上传的文件").set_input_files(LETTER)
    await expect(page.locator("[data-files]")).to_contain_text("已上传，随本表提交")
    await page.get_by_role("button", name="提交审批").click()
    await page.wait_for_url("**/supervise?view=drafts")
    row = page.get_by_role("row", name=re.compile("关于尽快签收的督办"))
    await row.get_by_role("link", name="修改").click()
    await expect(page.get_by_label("标题")).to_have_value("关于尽快签收的督办")
    await expect(page.get_by_label(re.compile(f"已上传：{LETTER.name}"))).to_be_checked()
    await page.get_by_label("要求", exact=False).last.fill("请于今日签收并报告")
    await page.get_by_role("button", name="保存修改").click()
    await page.wait_for_url("**/supervise?view=drafts")
    await expect(row).to_contain_text("请于今日签收并报告")
    await row.get_by_text(Action.DISCARD.zh, exact=True).click()
    # No colour between two.
    await page.mouse.move(0, 0)
    for size in (DESK, PHONE):
        await page.set_viewport_size({"width": size[0], "height": size[1]})
        assert await window.findings() == []
        assert not await window.too_wide()
        await window.picture(f"hub-own-draft-{size[0]}")
    [draft] = await (await company.client(SUPERVISOR)).urges.drafts(waiting_only=True)
    assert [target.instruction_ids for target in draft.order.targets] == [(matter,)]
    assert [paper.name for paper in draft.order.documents] == [LETTER.name]
    assert window.complaints == []


async def test_rows_of_a_form_are_checked_and_added_up_while_one_types(
    open_window: OpenWindow, company: Company
) -> None:
    order = await company.elevate()
    window = await open_window(HUB)
    await window.sign_in(SUPERVISOR)
    path, page = f"/matters/{order}/act/{Action.ELEVATE_CASE}", window.page
    assert await window.look_over([("hub-elevate", path), ("hub-order-asked", f"/orders/{order}")]) == []
    await page.get_by_label("查看事由").fill("跟踪落实情况")
    await page.get_by_role("button", name="查看决定内容").click()
    await expect(page.get_by_role("heading", name="案件和余额")).to_be_visible()
    assert await window.findings() == []
    await window.picture("hub-order")
    await window.go(path)
    number, balance = (
        page.locator(f'[id="f-filing.0.{name}"]') for name in ("new_case_number", "balance_fen")
    )
    wrong = page.locator('[id="w-filing.0.new_case_number"]')
    await number.focus()
    await page.keyboard.insert_text("苏05执77号")
    await expect(wrong).to_contain_text("收案年度")
    await expect(number).to_have_attribute("aria-invalid", "true")
    assert await window.findings() == []
    await number.fill("（2026）苏05执77号")
    await expect(wrong).to_be_empty()
    await page.keyboard.press("Tab")
    await expect(balance).to_be_focused()
    await page.keyboard.insert_text("1200")
    await expect(page.locator("#told")).to_contain_text("1,200.00 元")
    await balance.fill("1,199.99")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/matters/{order}")
    await expect(page.get_by_role("status").first).to_contain_text(Action.ELEVATE_CASE.zh)
    assert window.complaints == []


async def test_an_order_to_erase_is_drafted_and_given_by_a_leader(
    open_window: OpenWindow, company: Company
) -> None:
    matter = await company.report()
    await (await company.client(JUDGE)).instructions.confirm(matter, "已收悉")
    number = (await company.until(JUDGE, matter, "CONFIRMED", settled=True)).matter_number
    drafter, leader = await open_window(HUB), await open_window(HUB)
    await drafter.sign_in(SUPERVISOR)
    await leader.sign_in(HUB_LEADER)
    page = drafter.page
    await drafter.go(f"/matters/{matter}")
    await page.get_by_role("link", name="拟写清除决定").click()
    assert await drafter.look_over([("hub-erasure-new", f"/admin/erasures/new?matter={matter}")]) == []
    await page.get_by_label("查看事由").fill("核对误录的文书")
    await page.get_by_role("button", name="列出文书").click()
    await expect(page.get_by_role("group", name="文书").get_by_role("checkbox").first).to_be_visible()
    assert await drafter.findings() == []
    await page.get_by_label("全部内容和文书").focus()
    await page.keyboard.press("Space")
    await page.get_by_label("理由", exact=False).fill("误录案外人资料")
    await page.get_by_label("法律依据").fill("个人信息保护法第四十七条")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/admin/erasures/drafts/*")
    path = page.url.removeprefix(drafter.address)
    assert await leader.look_over([("hub-erasures-waiting", "/admin/erasures"), ("hub-erasure", path)]) == []
    await leader.page.get_by_label("事项编号").fill(number)
    await leader.page.get_by_role("button", name="同意清除").click()
    await leader.page.wait_for_url("**/admin/erasures")
    await expect(leader.page.get_by_role("status").first).to_contain_text(f"已责令清除：{number}")
    assert await leader.look_over([("hub-erasures", "/admin/erasures")]) == []
    assert drafter.complaints == []
