"""Papers that scripts of our pages send: in pieces, as scans, from the field; what is refused is said in JSON."""

import hashlib
import io
import json
from collections.abc import Awaitable, Callable
from datetime import datetime

import httpx
import pytest
from PIL import Image
from pypdf import PdfReader
from tests.integration.workbench.browser import OWN, Browser
from tests.stage.company import Company
from tests.stage.people import COLLEAGUE, GUSU, RECORD, SPECIALIST
from tests.stage.plugin import Stage

from xiezhi_client.sdk import FieldItem, new_request_id
from xiezhi_domain.court_time import SHANGHAI

# The stage is set up within the first test, on a machine that may be busy.
pytestmark = pytest.mark.timeout(600)

Browse = Callable[[str], Awaitable[Browser]]
LARGE = b"".join(b"%09d\n" % number for number in range(150_000))
PIECE = 600_000


async def at_work(company: Company) -> str:
    """A matter that the specialist works on."""
    matter = await company.deliver()
    await company.assign(matter)
    await company.until(SPECIALIST, matter, "IN_PROGRESS", settled=True)
    return matter


async def headers(browser: Browser) -> dict[str, str]:
    return {**OWN, "x-csrf-token": await browser.token()}


def named(content: bytes, name: str = "清单.txt", **changes: object) -> dict[str, object]:
    digest = hashlib.sha256(content).hexdigest()
    return {"name": name, "size": len(content), "sha256": digest, "paper_type": "OTHER"} | changes


async def begin(browser: Browser, matter: str, document: dict[str, object]) -> httpx.Response:
    return await browser.client.post(
        f"/matters/{matter}/uploads", json=document, headers=await headers(browser)
    )


async def piece(browser: Browser, matter: str, upload: str, offset: int, content: bytes) -> httpx.Response:
    path = f"/matters/{matter}/uploads/{upload}?offset={offset}"
    return await browser.client.put(path, content=content, headers=await headers(browser))


async def test_a_paper_goes_on_after_workbench_and_node_were_started_again(
    browse: Browse, company: Company, stage: Stage
) -> None:
    matter = await at_work(company)
    browser = await (await browse(GUSU)).enter(SPECIALIST)
    place = (await begin(browser, matter, named(LARGE))).json()
    assert (place["offset"], place["present"]) == (0, False)
    answer = await piece(browser, matter, place["upload"], 0, LARGE[:PIECE])
    assert answer.json() == {"offset": PIECE, "done": False}
    await stage.stop(GUSU)
    away = await piece(browser, matter, place["upload"], PIECE, LARGE[PIECE:])
    assert (away.status_code, away.json()["again"]) == (503, True)
    await stage.start(GUSU)
    await stage.restart_workbench(GUSU)
    await browser.enter(SPECIALIST)
    lost = await piece(browser, matter, place["upload"], 7, LARGE[7:PIECE])
    assert (lost.status_code, lost.json()["again"]) == (422, True)
    place = (await begin(browser, matter, named(LARGE))).json()
    assert place["offset"] == PIECE
    answer = await piece(browser, matter, place["upload"], PIECE, LARGE[PIECE:])
    assert answer.json() == {"offset": len(LARGE), "done": True}
    assert (await begin(browser, matter, named(LARGE))).json()["present"]
    assert "清单.txt" in (await browser.get(f"/matters/{matter}")).text
    assert (
        f'value="{hashlib.sha256(LARGE).hexdigest()} 清单.txt"'
        in (await browser.get(f"/matters/{matter}/act/COMPLETE")).text
    )


async def test_what_is_refused_says_why_and_that_trying_again_is_no_use(
    browse: Browse, company: Company
) -> None:
    matter = await at_work(company)
    browser = await (await browse(GUSU)).enter(SPECIALIST)
    for document, said in (
        (named(b"x", size=2 << 30), "过大"),
        (named(b"x", paper_type=""), "请选择文书类型"),
        (named(b"x", sha256="no"), "校验值"),
        (named(b"x", size="1"), "大小"),
    ):
        answer = await begin(browser, matter, document)
        assert answer.status_code in {409, 422}
        assert not answer.json()["again"]
        assert said in answer.text or "MB" in answer.text
    program = b"MZ" + bytes(100)
    place = (await begin(browser, matter, named(program, "工具.pdf"))).json()
    answer = await piece(browser, matter, place["upload"], 0, program)
    assert (answer.status_code, answer.json()["again"]) == (409, False)
    stranger = await (await browse(GUSU)).enter(COLLEAGUE)
    assert (await begin(stranger, matter, named(LARGE))).status_code in {403, 404}


async def test_no_piece_is_taken_without_the_token_or_the_session(browse: Browse, company: Company) -> None:
    matter = await at_work(company)
    browser = await (await browse(GUSU)).enter(SPECIALIST)
    for path in (f"/matters/{matter}/uploads", "/field/reports", f"/matters/{matter}/scans"):
        assert (await browser.client.post(path, json={}, headers=OWN)).status_code == 403
        assert (await (await browse(GUSU)).client.post(path, json={}, headers=OWN)).status_code == 303


async def test_scans_are_bound_by_type_and_again_without_a_second_copy(
    browse: Browse, company: Company
) -> None:
    matter = await at_work(company)
    browser = await (await browse(GUSU)).enter(SPECIALIST)
    target = io.BytesIO()
    Image.new("RGB", (300, 400), "white").save(target, "PNG")
    files = [("file", ("a.png", target.getvalue())), ("file", ("b.pdf", RECORD.read_bytes()))]
    pages = len(PdfReader(RECORD).pages)
    path, token = f"/matters/{matter}/scans", await headers(browser)
    leaf = await browser.client.post(f"{path}/leaf", files=files[1:], headers=token)
    assert len(leaf.json()["pages"]) == pages
    plan = [
        {"type": "SITE_RECORD", "sheets": [[1, 0, 0], [0, 0, 90]]},
        {"type": "PHOTO", "sheets": [[0, 0, 0]]},
    ]
    for _ in range(2):
        answer = await browser.client.post(path, files=files, data={"plan": json.dumps(plan)}, headers=token)
        assert [paper["name"] for paper in answer.json()["papers"]] == [
            "现场笔录（扫描件）.pdf",
            "照片（扫描件）.pdf",
        ]
    seen = await (await company.client(SPECIALIST)).instructions.get(matter)
    assert sorted((each.paper_type, each.pages) for each in seen.documents if "扫描" in each.name) == [
        ("PHOTO", 1),
        ("SITE_RECORD", 2),
    ]
    for wrong in (
        "",
        "[]",
        '[{"type": "NONE", "sheets": [[0, 0, 0]]}]',
        '[{"type": "PHOTO", "sheets": [[9, 0, 0]]}]',
    ):
        answer = await browser.client.post(path, files=files, data={"plan": wrong}, headers=token)
        assert answer.status_code == 422, wrong


async def test_a_result_from_the_field_is_reported_once(browse: Browse, company: Company) -> None:
    matter = await at_work(company)
    browser = await (await browse(GUSU)).enter(SPECIALIST)
    token = await headers(browser)
    told = (await browser.get("/field/tasks")).json()
    mine = [task for task in told["tasks"] if task["matter"] == matter]
    assert [task["item"] for task in mine] == [1, 2]
    assert told["reasons"][matter]
    result = {
        "request_id": "5c1f2f5e-5be3-4d61-9a0e-0a3f2f1f9b11",
        "matter": matter,
        "item": 1,
        "outcome": "DONE",
        "done_at": "2026-11-22T09:30",
        "place": "演示路一号",
        "note": "已当面核对身份",
    }
    lacking = await browser.client.post("/field/reports", json=result | {"done_at": ""}, headers=token)
    assert (lacking.status_code, list(lacking.json()["fields"])) == (422, ["done_at"])
    for _ in range(2):
        answer = await browser.client.post("/field/reports", json=result, headers=token)
        assert answer.json() == {"reported": True}, answer.text
    assert (await company.kinds(SPECIALIST, matter)).count("ProgressReported") == 1
    left = (await browser.get("/field/tasks")).json()["tasks"]
    assert [task["item"] for task in left if task["matter"] == matter] == [2]


async def test_a_visit_of_a_sheet_is_reported_on_it(browse: Browse, company: Company) -> None:
    matter = await at_work(company)
    officer = await company.client(SPECIALIST)
    sheet = await officer.fieldwork.make(
        datetime.now(SHANGHAI).date().isoformat(),
        (SPECIALIST.officer, COLLEAGUE.officer),
        (FieldItem(instruction_id=matter, item_number=2, address="演示新村九幢"),),
    )
    browser = await (await browse(GUSU)).enter(SPECIALIST)
    told = (await browser.get("/field/tasks")).json()["tasks"]
    mine = {task["item"]: task for task in told if task["matter"] == matter}
    assert (mine[2]["sheet"], mine[2]["address"], mine[1]["sheet"]) == (sheet.sheet_id, "演示新村九幢", "")
    result = {
        "request_id": new_request_id(),
        "sheet": sheet.sheet_id,
        "matter": matter,
        "item": 2,
        "outcome": "DONE",
        "done_at": "2026-11-22T09:30",
    }
    token = await headers(browser)
    answer = await browser.client.post("/field/reports", json=result, headers=token)
    assert answer.json() == {"reported": True}, answer.text
    assert (await officer.fieldwork.get(sheet.sheet_id)).reported_count == 1
    another = result | {"request_id": new_request_id()}
    again = await browser.client.post("/field/reports", json=another, headers=token)
    assert (again.status_code, again.json()["again"]) == (409, False)
    assert "已经填报" in again.json()["message"]


async def test_a_browser_keeps_of_the_field_what_is_the_same_for_everybody(
    browse: Browse, company: Company
) -> None:
    await at_work(company)
    stranger, browser = await browse(GUSU), await (await browse(GUSU)).enter(SPECIALIST)
    shell = (await stranger.get("/field/shell")).text
    assert shell == (await browser.get("/field/shell")).text
    assert "现场办理" in shell
    for secret in (SPECIALIST.name, "data-csrf", 'name="csrf"', await browser.token()):
        assert secret not in shell
    assert "张某演" not in (await browser.get("/field")).text
    worker = await browser.get("/field-worker.js")
    assert worker.headers["content-type"].startswith("text/javascript")


async def test_what_there_is_to_visit_says_whose_it_is_and_how_long(browse: Browse, company: Company) -> None:
    await at_work(company)
    owners = set()
    for player in (SPECIALIST, COLLEAGUE):
        browser = await (await browse(GUSU)).enter(player)
        told = (await browser.get("/field/tasks")).json()
        assert told["csrf"] == await browser.token()
        assert 0 < told["idle_seconds"] <= told["seconds_left"]
        assert f'data-owner="{told["owner"]}"' in (await browser.get("/field")).text
        owners.add(told["owner"])
    assert len(owners) == 2
    assert (await (await browse(GUSU)).get("/field/tasks")).status_code == 303


async def test_leaving_clears_the_browser_when_asked(browse: Browse) -> None:
    browser = await (await browse(GUSU)).enter(SPECIALIST)
    kept = await browser.post("/sign-out", {"csrf": await browser.token()})
    assert "clear-site-data" not in kept.headers
    await browser.enter(SPECIALIST)
    cleared = await browser.post("/sign-out", {"csrf": await browser.token(), "clear": "yes"})
    assert cleared.headers["clear-site-data"] == '"storage"'
