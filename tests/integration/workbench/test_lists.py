"""工作台 and lists over real programs: what is shown, to whom, and how matters are assigned in bulk."""

import asyncio
import html
import io
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from openpyxl import load_workbook
from tests.integration.workbench.browser import Browser, field
from tests.stage.company import Company, eventually
from tests.stage.people import (
    CASE_NUMBER,
    DISPATCHER,
    GUSU,
    HUB,
    JUDGE,
    PARK,
    SPECIALIST,
    SUPERVISOR,
    case,
)

from xiezhi_domain.court_time import to_date
from xiezhi_domain.terms import State

Browse = Callable[[str], Awaitable[Browser]]
HOSTILE = "<img src=x onerror=alert(1)>"


def matters_in(text: str) -> list[str]:
    """The ids of the matters that a page has rows of."""
    return re.findall(r'href="/matters/([0-9a-f-]{36})" data-open', text)


async def test_what_waits_is_counted_listed_and_assigned(browse: Browse, company: Company) -> None:
    matters = sorted([await company.deliver(), await company.deliver()], reverse=True)
    browser = await (await browse(GUSU)).enter(DISPATCHER)
    desk = (await browser.get("/")).text
    link = f'href="/received?state={State.AWAITING_SIGNATURE}"'
    listed = await browser.get(f"/received?state={State.AWAITING_SIGNATURE}")
    waiting = matters_in(listed.text)
    assert waiting[:2] == matters
    assert re.search(rf"{re.escape(link)}><span>未签收</span><strong>{len(waiting)}</strong>", desk)
    wanted = {
        "csrf": field(listed, "csrf"),
        "request_id": field(listed, "request_id"),
        "matter": [*matters, "00000000-0000-7000-8000-000000000000"],
        "assignee": await company.account_id(SPECIALIST),
        "note": "请今日上门",
    }
    for _ in range(2):  # A second click does the same once.
        done = (await browser.post("/received/assign", wanted)).text
        assert "共 3 件：办成 2 件，未办成 1 件" in done
        assert done.count(State.IN_PROGRESS.zh) == 2
    kinds = await company.kinds(DISPATCHER, matters[0])
    assert kinds.count("Assigned") == 1
    still = matters_in((await browser.get(f"/received?state={State.AWAITING_SIGNATURE}")).text)
    assert not set(still) & set(matters)
    own = await (await browse(GUSU)).enter(SPECIALIST)
    assert set(matters) <= set(matters_in((await own.get("/received?mine=1&open=1")).text))


async def test_lists_are_narrowed_by_their_address(browse: Browse, company: Company) -> None:
    matter = await company.deliver()
    browser = await (await browse(PARK)).enter(JUDGE)

    async def found(query: str) -> bool:
        answer = await browser.get(f"/sent?{query}")
        assert answer.status_code == 200
        return matter in matters_in(answer.text)

    assert await found("")
    assert await found(f"kind=FIND&court={GUSU}&state=AWAITING_SIGNATURE&open=1&mine=1")
    assert await found(f"text={CASE_NUMBER}")
    assert await found("court=姑苏")
    assert await found("state=NO_SUCH_STATE")
    assert await found(f"case={CASE_NUMBER[:8]}&person=张某演&channel=PLATFORM")
    today = to_date(time.time_ns() // 1_000_000)
    assert await found(f"from={today}&until={today + timedelta(days=90)}")
    for query in (f"until={today - timedelta(days=1)}", "case=没有", "person=没有这个人", "channel=PAPER"):
        assert not await found(query)
    for query in ("kind=HANDOVER", "court=苏0581", "state=CONFIRMED", "text=没有这个人", "overdue=1"):
        assert not await found(query)
    assert "请" in (await browser.get("/sent?page=not-a-token")).text


async def test_a_list_is_exported_as_it_is_narrowed(browse: Browse, company: Company) -> None:
    matter = await company.deliver()
    number = (await company.summary(DISPATCHER, matter)).matter_number
    for place, player, path in ((GUSU, DISPATCHER, "/received"), (HUB, SUPERVISOR, "/matters")):
        browser = await (await browse(place)).enter(player)
        wanted = {"csrf": await browser.token(), "list": path, "query": f"text={number}"}
        answer = await browser.post("/lists/export", wanted | {"purpose": "每周核对"})
        assert answer.status_code == 200, answer.text
        cells = [cell for row in load_workbook(io.BytesIO(answer.content)).active.values for cell in row]
        assert cells.count(number) == 1
        unsaid = {"csrf": await browser.token(), "list": path, "query": ""}
        answer = await browser.post("/lists/export", unsaid)
        assert answer.status_code == 422
        assert "事由" in answer.text


async def test_a_list_goes_on_where_the_page_before_ended(browse: Browse, company: Company) -> None:
    judge = await company.client(JUDGE)
    for _ in range(3):
        await company.draft()
    first = await judge.instructions.page("SENT", page_size=2)
    second = await judge.instructions.page("SENT", page_size=2, page_token=first.next_page_token)
    whole = [row.instruction_id async for row in judge.instructions.list("SENT", page_size=500)]
    pages = [row.instruction_id for page in (first, second) for row in page.instructions]
    assert pages == whole[:4]
    browser = await (await browse(PARK)).enter(JUDGE)
    shown = matters_in((await browser.get(f"/sent?page={first.next_page_token}")).text)
    assert shown == whole[2:52]


async def test_a_hostile_name_is_text(browse: Browse, company: Company) -> None:
    judge = await company.client(JUDGE)
    number = "（2022）苏0591执4321号"
    debtor = replace(case().subjects[0], person=replace(case().subjects[0].person, name=HOSTILE))
    await judge.cases.put(replace(case(), case_number=number, subjects=(debtor,)))
    matter = await company.draft(case_number=number)
    text = (await (await (await browse(PARK)).enter(JUDGE)).get(f"/sent?text={number}")).text
    assert matters_in(text) == [matter]
    assert HOSTILE not in text
    assert html.escape(HOSTILE) in text


async def test_what_is_typed_comes_back_as_text(browse: Browse) -> None:
    browser = await (await browse(PARK)).enter(JUDGE)
    text = (await browser.get("/sent", params={"text": '"><script>alert(1)</script>'})).text
    assert "<script>alert" not in text


async def test_who_may_not_assign_is_not_offered_to(browse: Browse, company: Company) -> None:
    matter = await company.deliver()
    browser = await (await browse(GUSU)).enter(SPECIALIST)
    page = await browser.get("/received")
    assert "/received/assign" not in page.text
    wanted = {
        "csrf": field(page, "csrf"),
        "request_id": "11111111-1111-4111-8111-111111111111",
        "matter": matter,
        "assignee": await company.account_id(SPECIALIST),
    }
    answer = await browser.post("/received/assign", wanted)
    assert answer.status_code == 403
    assert (await company.summary(DISPATCHER, matter)).state == "AWAITING_SIGNATURE"


async def test_nothing_chosen_is_said(browse: Browse) -> None:
    browser = await (await browse(GUSU)).enter(DISPATCHER)
    answer = await browser.post("/received/assign", {"csrf": await browser.token()})
    assert answer.status_code == 422
    assert "勾选" in answer.text


async def test_the_hub_lists_matters_without_names(browse: Browse, company: Company) -> None:
    matter = await company.deliver()
    browser = await (await browse(HUB)).enter(SUPERVISOR)
    answer = await browser.get(f"/matters?court={GUSU}&open=1")
    assert matter in matters_in(answer.text)
    assert "张某演" not in answer.text
    assert matter not in matters_in((await browser.get("/matters?kind=HANDOVER")).text)


async def test_an_open_page_is_told_of_a_change_and_of_nothing_else(browse: Browse, company: Company) -> None:
    browser = await (await browse(GUSU)).enter(DISPATCHER)
    matter = await company.deliver()
    async with browser.client.stream("GET", "/live") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.aiter_lines()
        assert await anext(lines) == "retry: 3000"
        await company.assign(matter)
        told = [line async for line in _until_changed(lines)]
    assert "event: changed" in told
    assert not any(matter in line for line in told)


async def test_the_page_of_a_matter_is_told_of_its_own_changes_alone(
    browse: Browse, company: Company
) -> None:
    browser = await (await browse(GUSU)).enter(DISPATCHER)
    matter = await company.deliver()
    assert f'data-live="/live?matter={matter}"' in (await browser.get(f"/matters/{matter}")).text
    heard: dict[str, list[str]] = {}

    async def listen(address: str) -> None:
        async with browser.client.stream("GET", address) as stream:
            lines = heard[address] = []
            async for line in _until_changed(stream.aiter_lines()):
                lines.append(line)

    async def both_listen() -> bool:
        return len(heard) == 2 and all(heard.values())

    async with asyncio.TaskGroup() as group:
        another = group.create_task(listen("/live?matter=01HZZZZZZZZZZZZZZZZZZZZZZZ"))
        its_own = group.create_task(listen(f"/live?matter={matter}"))
        await eventually(both_listen)
        await company.assign(matter)
        await its_own
        another.cancel()
    assert "event: changed" not in heard["/live?matter=01HZZZZZZZZZZZZZZZZZZZZZZZ"]


async def _until_changed(lines):
    async for line in lines:
        yield line
        if line == "event: changed":
            return
