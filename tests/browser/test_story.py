"""查人找物 there and back at the workbenches of two courts: with the mouse, and with the keyboard alone."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect
from tests.browser.chromium import require_chromium
from tests.browser.conftest import OpenWindow
from tests.browser.hands import BOTH, Hands
from tests.browser.window import Window
from tests.stage.company import Company
from tests.stage.people import (
    CASE_NUMBER,
    CHIEF,
    DEBTOR,
    DISPATCHER,
    JUDGE,
    LETTER,
    PAPERS,
    SEALER,
    SPECIALIST,
    Player,
)

from xiezhi_domain.terms import Act, Action, Kind, Outcome, PaperType, State, SubjectRole

require_chromium()

pytestmark = pytest.mark.timeout(600)

PHOTO = PAPERS / "现场照片-车辆.jpg"


@dataclass
class Seat:
    """Somebody at a workbench, and how he works it."""

    window: Window
    page: Page
    hands: Hands

    async def open(self, matter: str) -> None:
        """Open the matter from 工作台, where it turns up by itself."""
        await self.hands.press(self.page.locator(f'main a[href="/matters/{matter}"]').first)
        await self.page.wait_for_url(f"**/matters/{matter}")

    async def begin(self, action: Action) -> None:
        await self.hands.press(self.page.locator("main").get_by_role("link", name=action.zh, exact=True))

    async def finish(self, action: Action) -> None:
        """Press the button of the form, and see that it was taken."""
        await self.hands.press(self.page.locator("main").get_by_role("button", name=action.zh, exact=True))
        await expect(self.page.get_by_role("status")).to_contain_text(action.zh)

    async def attach(self, paper: PaperType, file: Path) -> None:
        """Upload a paper with the form that is open."""
        await self.hands.choose(self.field("拖入文件的文书类型"), paper.zh)
        await self.hands.attach(self.field("选择要上传的文件"), file)
        await expect(self.page.locator("[data-files] li").first).to_contain_text("随本表提交")

    def field(self, label: str, *, exact: bool = False) -> Locator:
        return self.page.locator("main").get_by_label(label, exact=exact)


Sit = Callable[[Player, str], Awaitable[Seat]]


@pytest.fixture
def sit(open_window: OpenWindow) -> Sit:
    async def down(player: Player, way: str) -> Seat:
        window = await open_window(player.place)
        await window.sign_in(player)
        return Seat(window, window.page, BOTH[way](window.page))

    return down


async def draft(judge: Seat) -> str:
    """发起事项 for the case, two items and the letter; gives the matter, which waits for approval then."""
    hands, field = judge.hands, judge.field
    for link in (Action.CREATE.zh, Kind.FIND.zh, CASE_NUMBER):
        await hands.press(judge.page.get_by_role("link", name=link))
    await hands.write(field("受托法院"), "姑苏")
    about = f"{SubjectRole(DEBTOR.role).zh} {DEBTOR.person.name}"
    for row in (0, 1):
        if row:
            await hands.press(judge.page.get_by_role("button", name="添加办理项"))
        await hands.choose(field("行为").nth(row), Act.LOCATE_PERSON.zh)
        await hands.choose(judge.page.get_by_role("combobox", name="事项对象").nth(row), about)
        await hands.write(field("办理范围").nth(row), "核实下落")
        await hands.write(field("线索").nth(row), f"演示路{row + 1}号")
    await hands.write(field("请求内容"), "请协助查找被执行人。")
    await hands.write(field("为何网络查控不能解决"), "线索需现场核实")
    await judge.attach(PaperType.ENTRUSTMENT_LETTER, LETTER)
    await expect(judge.page.locator("#told")).to_contain_text("已附")
    await judge.finish(Action.SUBMIT)
    return judge.page.url.partition("/matters/")[2].partition("?")[0]


async def decide(seat: Seat, matter: str, action: Action, words: dict[str, str] | None = None) -> None:
    """Open the matter from 工作台, take an action, write what its form asks for."""
    await seat.open(matter)
    await seat.begin(action)
    for label, text in (words or {}).items():
        await seat.hands.write(seat.field(label), text)
    await seat.finish(action)


async def assign(centre: Seat, matter: str) -> None:
    await centre.open(matter)
    await centre.begin(Action.SIGN_AND_ASSIGN)
    await centre.hands.choose(centre.field("承办人*", exact=True), SPECIALIST.name)
    await centre.finish(Action.SIGN_AND_ASSIGN)


async def report(officer: Seat, matter: str) -> None:
    """办结反馈: one item done, the other not, with a photo."""
    hands, field = officer.hands, officer.field
    await officer.open(matter)
    await officer.begin(Action.COMPLETE)
    await hands.write(field("办理情况"), "已找到被执行人")
    await hands.choose(field("结果", exact=True).nth(0), Outcome.DONE.zh)
    await hands.choose(field("结果", exact=True).nth(1), Outcome.NOT_DONE.zh)
    await hands.choose(field("未办成的原因").nth(1), "人员已离开")
    await officer.attach(PaperType.PHOTO, PHOTO)
    await officer.finish(Action.COMPLETE)


@pytest.mark.parametrize("way", ["mouse", pytest.param("keyboard", marks=pytest.mark.long)])
async def test_a_search_there_and_back(way: str, sit: Sit, company: Company) -> None:
    # Those who wait sit at 工作台 from the beginning: what they are to do turns up there by itself.
    judge, centre, officer = [await sit(player, way) for player in (JUDGE, DISPATCHER, SPECIALIST)]
    matter = await draft(judge)
    await decide(await sit(CHIEF, way), matter, Action.APPROVE, {"审批意见": "同意"})
    await decide(await sit(SEALER, way), matter, Action.AFFIX_SEAL)
    await judge.hands.press(judge.page.get_by_role("link", name="工作台"))
    await assign(centre, matter)
    await report(officer, matter)
    await decide(judge, matter, Action.CONFIRM, {"确认意见": "属实"})
    await company.until(DISPATCHER, matter, State.CONFIRMED, settled=True)
    await company.check_receipts(matter)
    papers = (await (await company.client(JUDGE)).instructions.get(matter)).documents
    assert [paper.name for paper in papers] == [LETTER.name, PHOTO.name]
    assert judge.window.complaints + centre.window.complaints + officer.window.complaints == []
