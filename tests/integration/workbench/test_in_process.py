"""Lists, imports and 登记查询 over the real services of a node and a simulated registry, all in this process."""

import asyncio
import csv
import io
import re
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import httpx
import pytest
from openpyxl import load_workbook
from tests.integration.node.pair import CASE, Court
from tests.integration.registries.stand import Stand, open_stand, seal_car, simulator
from tests.integration.workbench.browser import OWN, Browser, field
from tests.integration.workbench.in_process import workbench
from tests.stage.company import eventually

from xiezhi.v1.outside_service_pb2_grpc import add_OutsideServiceServicer_to_server
from xiezhi.v1.view_service_pb2_grpc import add_ViewServiceServicer_to_server
from xiezhi_client.batch.columns import COLUMNS
from xiezhi_desk.views.service import ViewService
from xiezhi_domain.terms import AnswerState, ControlAction, State
from xiezhi_node.outside.service import OutsideService

HOSTILE = "<img src=x onerror=alert(1)>"


def _add(court: Court, server: grpc.aio.Server) -> None:
    journal = court.node.journal
    add_ViewServiceServicer_to_server(ViewService(journal), server)
    add_OutsideServiceServicer_to_server(OutsideService(journal, court.node.seat), server)


@pytest.fixture
async def stand(tmp_path: Path) -> AsyncIterator[Stand]:
    """A receiver with a registry, and a sender, each with a desk that a workbench can show."""
    urls = [f"sqlite:///{tmp_path / name}.db" for name in ("hub", "sender", "receiver")]
    async with simulator(tmp_path / "tls") as connector, open_stand(urls, connector, more=_add) as stand:
        yield stand


@pytest.fixture
async def officer(stand: Stand) -> AsyncIterator[Browser]:
    """The officer who works on matters of the receiver."""
    async with workbench(stand.pair.receiver, "field") as browser:
        yield browser


@pytest.fixture
async def judge(stand: Stand) -> AsyncIterator[Browser]:
    """The judge of the sender."""
    async with workbench(stand.pair.sender, "judge") as browser:
        yield browser


def matters_in(text: str) -> list[str]:
    return re.findall(r'href="/matters/([0-9a-f-]{36})" data-open', text)


# --- Lists -----------------------------------------------------------------------------------------------------------


async def test_a_view_is_kept_under_a_name_and_opens_the_list(stand: Stand, officer: Browser) -> None:
    matter = await stand.asked()
    query = f"state={State.IN_PROGRESS}&person=%E6%B5%8B%E8%AF%95%E7%94%B2"
    listed = await officer.get(f"/received?{query}")
    assert matters_in(listed.text) == [matter]
    wanted = {name: field(listed, name) for name in ("csrf", "request_id", "query")}
    wanted |= {"list": "/received", "name": "我的在办", "is_default": "1"}
    saved = await officer.post("/views", wanted)
    assert saved.headers["location"] == f"/received?{query}"
    opened = await officer.get("/received")
    assert (opened.status_code, opened.headers["location"]) == (303, f"/received?{query}")
    shown = (await officer.get(f"/received?{query}")).text
    assert re.search(r'aria-current="true">我的在办', shown)
    again = await officer.post("/views", wanted | {"request_id": "another"})
    assert again.status_code == 422
    assert "已有同名视图" in again.text
    assert "我的在办" not in (await officer.get("/sent")).text
    view = re.search(r'action="/views/([^"/]+)/delete"', shown)
    assert view
    await officer.post(f"/views/{view[1]}", wanted | {"request_id": "third", "is_default": ""})
    assert (await officer.get("/received")).status_code == 200
    await officer.post(f"/views/{view[1]}/delete", wanted)
    assert "我的在办" not in (await officer.get("/received")).text


async def test_every_filter_narrows(stand: Stand, officer: Browser) -> None:
    matter = await stand.asked()

    async def found(**query: str) -> bool:
        answer = await officer.get("/received", params=query)
        assert answer.status_code == 200, answer.text
        return matter in matters_in(answer.text)

    for narrowing in (
        *({"kind": "FIND"}, {"state": State.IN_PROGRESS}, {"court": stand.pair.sender.code}),
        *({"case": CASE[:8]}, {"person": "测试甲"}, {"person": "测试field"}, {"from": "2000-01-01"}),
        *({"until": "2100-01-01"}, {"channel": "PLATFORM"}, {"open": "1"}, {"mine": "1"}, {"text": CASE}),
    ):
        assert await found(**narrowing), narrowing
    for narrowing in (
        *({"kind": "HANDOVER"}, {"state": State.CONFIRMED}, {"court": "苏0581"}, {"case": "没有"}),
        *({"person": "没有"}, {"from": "2100-01-01"}, {"until": "2000-01-01"}, {"channel": "PAPER"}),
    ):
        assert not await found(**narrowing), narrowing
    wrong = await officer.get("/received", params={"from": "昨天"})
    assert "日期应写成" in wrong.text


# --- Imports ---------------------------------------------------------------------------------------------------------


def order_sheet(*changes: dict[str, str]) -> bytes:
    """A filled-in sheet for 查人找物, one row for each of the changes."""
    usual = {"案号": CASE, "受托法院": "苏0591", "对象序号": "1", "办理行为": "查找人员"}
    usual |= {"办理要求": "查找下落", "请求内容": "请协助"}
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, [column.title for column in COLUMNS])
    writer.writeheader()
    writer.writerows(usual | each for each in changes)
    return file.getvalue().encode("utf-8-sig")


async def import_sheet(browser: Browser, content: bytes) -> httpx.Response:
    values = {"csrf": await browser.token("/import"), "kind": "FIND"}
    file = {"file": ("事项.csv", content, "text/csv")}
    return await browser.client.post("/import", data=values, files=file, headers=OWN)


async def test_a_sheet_becomes_drafts_once_however_often_it_is_sent(
    stand: Stand, judge: Browser, officer: Browser
) -> None:
    await stand.asked()  # which loads the case
    template = await judge.get("/import/template?kind=FIND")
    assert next(cell.value for cell in load_workbook(io.BytesIO(template.content)).active[1]) == "案号"
    sheet = order_sheet({"办理线索": "甲"}, {"案号": "（2026）苏0505执98765号"})
    drafted = []
    for _ in range(2):
        sent = await import_sheet(judge, sheet)
        assert sent.status_code == 303, sent.text

        async def is_over(path: str = sent.headers["location"]) -> str:
            text = (await judge.get(f"{path}/rows")).text
            return text if "导入结束" in text else ""

        text = await eventually(is_over)
        drafted.append(matters_in(text))
        assert "共 2 行，已起草 1 件，1 行有问题" in text
        assert "本院没有登记该案件" in text
    assert len(drafted[0]) == 1
    assert drafted[0] == drafted[1]
    assert (await officer.get(sent.headers["location"])).status_code == 404


async def test_what_is_wrong_in_a_sheet_is_shown_at_its_cell(judge: Browser) -> None:
    sheet = order_sheet({}, {"期限天数": HOSTILE, "文书": "委托函=/etc/hostname"})
    answer = await import_sheet(judge, sheet)
    assert answer.status_code == 422
    assert HOSTILE not in answer.text
    assert re.findall(r'<th scope="row">(\d+)</th>', answer.text) == ["3"]
    assert re.search(r'class="cell-wrong">&lt;img[^<]*<span class="cell-why">应为数字', answer.text)
    assert re.search(r'class="cell-why">找不到文件', answer.text)
    assert (await import_sheet(judge, b"no such columns")).status_code == 422


# --- 登记查询 --------------------------------------------------------------------------------------------------------


async def test_registries_are_asked_at_one_click_and_answers_reported(stand: Stand, officer: Browser) -> None:
    matter = await stand.asked()
    path = f"/matters/{matter}/queries"
    page = await officer.get(path)
    obligors = re.search(r'id="f-subject".*?</select>', page.text, re.DOTALL)
    assert obligors
    assert "测试甲" in obligors[0]
    assert "测试丁" not in obligors[0]
    asked = {name: field(page, name) for name in ("csrf", "request_id")}
    asked |= {"item": "1", "subject": "1", "purpose": "核实财产"}
    sent = [await officer.post(path, asked) for _ in range(2)]  # A second click asks nothing new.
    query = sent[0].headers["location"]
    assert sent[1].headers["location"] == query

    async def all_answered() -> str:
        answer = await officer.get(f"{query}/answers?seen=0")
        return answer.text if answer.text and "hx-get" not in answer.text else ""

    shown = await eventually(all_answered)
    assert "已返回 13 / 13" in shown
    assert "演示新村九幢房屋" in shown
    assert AnswerState.ASKED.zh not in shown
    assert (await officer.get(f"{query}/answers?seen=13")).status_code == 204
    listed = (await officer.get(path)).text
    assert query in listed
    report = {name: field(await officer.get(query), name) for name in ("csrf", "request_id")}
    done = await officer.post(f"{query}/report", report | {"category": ["IMMOVABLE"]})
    assert done.headers["location"] == query
    after = (await officer.get(query)).text
    assert "已填报为办理项 1 的进展" in after
    assert after.count("badge-mark tone-done") == 1
    again = await officer.post(f"{query}/report", report | {"request_id": "2", "category": ["IMMOVABLE"]})
    assert again.status_code == 409
    other = f"/matters/00000000-0000-7000-8000-000000000000/queries/{query.rpartition('/')[2]}"
    assert (await officer.get(other)).status_code == 404


async def test_nobody_but_an_obligor_is_asked_about(stand: Stand, officer: Browser) -> None:
    path = f"/matters/{await stand.asked()}/queries"
    page = await officer.get(path)
    asked = {name: field(page, name) for name in ("csrf", "request_id")}
    refused = await officer.post(path, asked | {"item": "1", "subject": "3", "purpose": "核实财产"})
    assert refused.status_code == 403
    assert "登记查询只能针对案件的" in refused.text
    assert 'value="核实财产"' in refused.text


async def test_a_registry_acts_once_and_says_what_it_did(stand: Stand, officer: Browser) -> None:
    matter = await stand.sealing(seal_car())
    path = f"/matters/{matter}/queries"
    page = await officer.get(path)
    assert ControlAction.SEAL.zh in page.text
    wanted = {name: field(page, name) for name in ("csrf", "request_id")} | {"item": "1"}
    for request_id in ("1", "2"):
        done = await officer.post(f"/matters/{matter}/controls", wanted | {"request_id": request_id})
        assert done.status_code == 200, done.text
        assert "已办理" in done.text
    refused = await officer.post(f"/matters/{matter}/controls", wanted | {"action": ControlAction.WATCH})
    assert refused.status_code == 403
    assert "登记机构只能" in refused.text


async def test_a_person_under_watch_that_is_seen_is_told(stand: Stand, officer: Browser) -> None:
    matter = await stand.asked()
    watching = asyncio.create_task(stand.desk.watch())
    try:
        page = await officer.get(f"/matters/{matter}/queries")
        assert 'data-hits="' in page.text
        wanted = {name: field(page, name) for name in ("csrf", "request_id")} | {"item": "2"}
        done = await officer.post(f"/matters/{matter}/controls", wanted | {"action": ControlAction.WATCH})
        assert "已办理" in done.text, done.text
    finally:
        watching.cancel()
