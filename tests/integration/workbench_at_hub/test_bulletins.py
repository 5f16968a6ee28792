"""统计通报 from the draft to the corrections, by the hub's pages; and as files."""

from io import BytesIO
from uuid import uuid4

from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader
from tests.integration.workbench.browser import Browser, field
from tests.integration.workbench_at_hub.scene import Scene

from xiezhi.v1 import bulletin_service_pb2 as pb
from xiezhi.v1.bulletin_service_pb2_grpc import BulletinServiceStub
from xiezhi_domain.terms import BulletinState, Role

TEXT = "<b>两件</b>应计入上月"


async def finished(scene: Scene, number: int) -> None:
    record = await scene.then(await scene.issue(number), "Signed", "CENTRE_OFFICER")
    record = await scene.then(record, "Assigned", "CENTRE_OFFICER")
    await scene.then(record, "Completed", "JUDGE", outcomes=[[1, "DONE", ""]])


async def drawn_up(scene: Scene, browser: Browser) -> str:
    """The path of the draft of the last month that is over, of a hub 70 days on."""
    table = await browser.get("/statistics")
    values = {name: field(table, name) for name in ("csrf", "request_id")}
    wrong = await browser.post("/statistics/bulletins", values)
    assert wrong.status_code == 422
    period = table.text.partition('<optgroup label="月">')[2].partition('value="')[2].partition('"')[0]
    done = await browser.post("/statistics/bulletins", values | {"period": period})
    assert done.status_code == 303, done.text
    return str(done.headers["location"])


async def end(browser: Browser, path: str, decision: str) -> str:
    page = await browser.get(path)
    values = {name: field(page, name) for name in ("csrf", "request_id")} | {"decision": decision}
    return (await browser.post(f"{path}/end", values)).text


async def test_a_bulletin_is_objected_to_answered_and_published_by_another(scene: Scene) -> None:
    await finished(scene, 1)
    statistician = await scene.browser(Role.STATISTICIAN)
    path = await drawn_up(scene, statistician)
    assert BulletinState.DRAFT.zh in (await statistician.get(path)).text
    async with scene.hub.connect(scene.receiver) as channel:
        objection = pb.FileDataObjectionRequest(
            request_id=str(uuid4()), bulletin_id=path.rpartition("/")[2], text=TEXT
        )
        await BulletinServiceStub(channel).FileDataObjection(objection)
    page = await statistician.get(path)
    assert "&lt;b&gt;两件" in page.text
    names = ("csrf", "request_id", "objection_id")
    values = {name: field(page, name) for name in names} | {"decision": "dismiss"}
    wrong = await statistician.post(f"{path}/answers", values | {"answer": ""})
    assert wrong.status_code == 422
    done = await statistician.post(f"{path}/answers", values | {"answer": "已计入"})
    assert done.headers.get("location") == path, done.text
    assert "已计入" in (await statistician.get(path)).text
    scene.go_to_day(20)
    director = await scene.browser(Role.CENTRE_DIRECTOR)
    await end(director, path, "publish")
    shown = (await director.get(path)).text
    assert BulletinState.PUBLISHED.zh in shown
    assert "没有更正" in shown


async def test_a_draft_is_discarded(scene: Scene) -> None:
    browser = await scene.browser(Role.STATISTICIAN)
    path = await drawn_up(scene, browser)
    await end(browser, path, "discard")
    assert BulletinState.DISCARDED.zh in (await browser.get(path)).text


async def test_a_bulletin_is_taken_home_in_three_formats(scene: Scene) -> None:
    browser = await scene.browser(Role.STATISTICIAN)
    path = await drawn_up(scene, browser)
    word = await browser.get(f"{path}/files/WORD")
    assert word.status_code == 200, word.text
    tables = Document(BytesIO(word.content)).tables
    assert any("姑苏" in cell.text for row in tables[0].rows for cell in row.cells)
    pdf = await browser.get(f"{path}/files/PDF")
    assert "执行协作通报" in "".join(each.extract_text() for each in PdfReader(BytesIO(pdf.content)).pages)
    xlsx = await browser.get(f"{path}/files/XLSX")
    assert "各院指标" in load_workbook(BytesIO(xlsx.content)).sheetnames
    assert "filename*=UTF-8''" in xlsx.headers["content-disposition"]
    assert (await browser.get(f"{path}/files/HTML")).status_code == 404
