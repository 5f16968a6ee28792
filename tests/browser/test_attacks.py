"""What others write stays text, what other sites send is refused, and a session ends where it has to."""

from dataclasses import replace

import pytest
from playwright.async_api import BrowserContext, Route, expect
from tests.browser.chromium import require_chromium
from tests.browser.conftest import OpenWindow
from tests.browser.window import Window
from tests.stage.company import Company
from tests.stage.people import (
    CHIEF,
    DISPATCHER,
    GUSU,
    JUDGE,
    LETTER,
    PARK,
    SEALER,
    SPECIALIST,
    case,
    order,
)
from tests.stage.plugin import Stage

from xiezhi_client.sdk import InvalidInput, new_instruction_id
from xiezhi_domain.terms import Action, State

require_chromium()

pytestmark = pytest.mark.timeout(600)

MARKUP = '"><img src=x onerror=alert(1)>'
FILE_NAME = "&lt;img src=x onerror=alert(1)&gt;.pdf"
CASE = "（2022）苏0591执4711号"
ELSEWHERE = "https://elsewhere.invalid"


async def hostile_matter(company: Company) -> str:
    """A matter with markup wherever the sender may write."""
    judge, matter = await company.client(JUDGE), new_instruction_id()
    debtor = case().subjects[0]
    debtor = replace(debtor, person=replace(debtor.person, name=MARKUP))
    await judge.cases.put(replace(case(), case_number=CASE, cause=MARKUP, subjects=(debtor,)))
    content = LETTER.read_bytes()
    with pytest.raises(InvalidInput):
        await judge.documents.upload(matter, content, "ENTRUSTMENT_LETTER", name=f"{MARKUP}.pdf")
    letter = await judge.documents.upload(matter, content, "ENTRUSTMENT_LETTER", name=FILE_NAME)
    items = tuple(replace(each, scope=MARKUP, clue=MARKUP) for each in order().items)
    await judge.find.draft(order((letter,), case_number=CASE, items=items, request_text=MARKUP), matter)
    await judge.instructions.submit(matter)
    await (await company.client(CHIEF)).instructions.approve(matter, MARKUP)
    await (await company.client(SEALER)).instructions.affix_seal(matter)
    await company.until(DISPATCHER, matter, State.AWAITING_SIGNATURE, settled=True)
    return matter


async def test_markup_of_others_is_text_on_every_page(open_window: OpenWindow, company: Company) -> None:
    matter = await hostile_matter(company)
    await (await company.client(DISPATCHER)).instructions.log_contact(matter, JUDGE.officer, MARKUP)
    centre, judge = await open_window(GUSU), await open_window(PARK)
    await centre.sign_in(DISPATCHER)
    await judge.sign_in(JUDGE)
    pages = (
        f"/received?text={CASE}",
        f"/matters/{matter}",
        f"/matters/{matter}/act/{Action.SIGN_AND_ASSIGN}",
    )
    for window, path in (
        *((centre, page) for page in (*pages, f"/received?text={MARKUP}")),
        *((judge, page) for page in (f"/sent?text={CASE}", f"/matters/{matter}", f"/new/FIND?case={CASE}")),
    ):
        await window.go(path)
        assert await window.page.locator("img[src=x]").count() == 0, path
    await expect(centre.page.locator("[data-search]")).to_have_value(MARKUP)
    await centre.go(f"/matters/{matter}")
    for heading in ("h-items", "h-subjects", "h-talk", "h-order"):
        section = centre.page.locator(f"section[aria-labelledby={heading}]")
        await expect(section).to_contain_text(MARKUP)
    await expect(centre.page.locator("section[aria-labelledby=h-papers]")).to_contain_text(FILE_NAME)
    # A complaint is also what the content security policy had to stop: there was nothing to stop.
    assert centre.complaints + judge.complaints == []


async def lure(context: BrowserContext, target: str) -> None:
    """Let another site have a page with a form that is sent to the workbench."""
    page = f'<form method="post" action="{target}"><button>领取</button></form>'

    async def answer(route: Route) -> None:
        await route.fulfill(body=page, content_type="text/html; charset=utf-8")

    await context.route(f"{ELSEWHERE}/**", answer)


async def test_another_site_cannot_act_for_who_is_signed_in(
    open_window: OpenWindow, company: Company
) -> None:
    matter = await company.deliver()
    window = await open_window(GUSU)
    await window.sign_in(DISPATCHER)
    address = window.page.url.rstrip("/")
    await lure(window.page.context, f"{address}/matters/{matter}/act/{Action.SIGN}")
    await window.page.goto(f"{ELSEWHERE}/")
    async with window.page.expect_response(f"{address}/matters/**") as response:
        await window.page.get_by_role("button").click()
    assert (await response.value).status == 403
    # Nor by a form of our own page that has lost its token.
    await window.go(f"/matters/{matter}/act/{Action.SIGN}")
    await window.page.locator("main input[name=csrf]").evaluate("field => field.value = 'guessed'")
    async with window.page.expect_response(f"{address}/matters/**") as response:
        await window.page.locator("main").get_by_role("button", name=Action.SIGN.zh, exact=True).click()
    assert (await response.value).status == 403
    assert (await company.summary(DISPATCHER, matter)).state == State.AWAITING_SIGNATURE


async def refused(window: Window, path: str, status: int) -> None:
    answer = await window.page.goto(window.address + path)
    assert answer is not None
    assert answer.status == status, f"{path}: {answer.status}"
    await expect(window.page.locator("main")).to_be_visible()


async def test_pages_of_other_roles_are_neither_offered_nor_given(
    open_window: OpenWindow, company: Company
) -> None:
    matter = await company.deliver()
    window = await open_window(GUSU)
    await window.sign_in(SPECIALIST)
    menu = window.page.get_by_role("navigation", name="功能菜单")
    await expect(menu.get_by_role("link", name="受托事项")).to_be_visible()
    for word in (Action.CREATE.zh, "统计通报", "督办管理", "指挥大屏"):
        await expect(menu.get_by_role("link", name=word)).to_have_count(0)
    await refused(window, "/statistics", 403)
    # Not assigned to him: for him there is no such matter.
    await refused(window, f"/matters/{matter}", 404)
    judge = await open_window(PARK)
    await judge.sign_in(JUDGE)
    await refused(judge, f"/matters/{matter}/act/{Action.AFFIX_SEAL}", 409)
    await expect(judge.page.get_by_role("alert").filter(has_text="现在不能")).to_be_visible()
    await expect(judge.page.locator("main form")).to_have_count(0)


async def test_after_the_session_has_ended_one_signs_in_and_goes_on(
    open_window: OpenWindow, company: Company, stage: Stage
) -> None:
    matter = await company.deliver()
    window = await open_window(GUSU)
    await window.sign_in(DISPATCHER)
    await window.go(f"/matters/{matter}")
    await stage.restart_workbench(GUSU)  # It keeps sessions in memory alone.
    await window.page.get_by_role("link", name=Action.SIGN_AND_ASSIGN.zh, exact=True).click()
    await window.page.wait_for_url("**/sign-in?next=*")
    await window.enter(DISPATCHER)
    await window.page.wait_for_url(f"**/matters/{matter}/act/{Action.SIGN_AND_ASSIGN}")
    # A page that is open and only waits is led there by itself.
    await window.go("/")
    await stage.restart_workbench(GUSU)
    await window.page.wait_for_url("**/sign-in*")
