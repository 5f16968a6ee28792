"""The decision on a handover at the hub's pages: drafted on the matter, read, approved by another, shown to both."""

import re
from datetime import timedelta

import httpx
from tests.integration.hub.court import RECEIVER
from tests.integration.workbench.browser import OWN, Browser, field
from tests.integration.workbench_at_hub.scene import Scene
from tests.stage.people import RECORD

from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import Reason
from xiezhi_domain.terms import Action, DisposalDecision, PaperType, Role, State
from xiezhi_journal.journal import system_clock

UNTIL = str(to_date(system_clock()) + timedelta(30))
DRAFT = re.compile(r'href="/decisions/([0-9a-f-]{36})"')


async def drafted(browser: Browser, matter: str, **typed: str) -> httpx.Response:
    form = await browser.get(f"/decisions/new?matter={matter}")
    assert form.status_code == 200, form.text
    names = ("csrf", "request_id", "draft_id", "instruction_id")
    told = {"decision": "DEADLINE", "until_on": UNTIL, "ground": "首封案件尚在审理<b>"}
    return await browser.post("/decisions/drafts", {name: field(form, name) for name in names} | told | typed)


async def press(browser: Browser, draft: str, decision: str, **typed: str) -> httpx.Response:
    shown = await browser.get(f"/decisions/{draft}")
    names = [name for name in ("csrf", "request_id", "seen") if f'name="{name}"' in shown.text]
    values = {name: field(shown, name) for name in names} | {"decision": decision}
    return await browser.post(f"/decisions/{draft}/decision", values | typed)


async def test_a_decision_is_drafted_on_the_matter_read_and_approved_by_another(scene: Scene) -> None:
    browser, chief = await scene.browser(Role.SUPERVISOR), await scene.browser(Role.BUREAU_CHIEF)
    matter = await scene.handover()
    assert f'href="/decisions/new?matter={matter}"' in (await browser.get(f"/matters/{matter}")).text
    waiting = (await browser.get("/decisions?view=handovers")).text
    assert f'href="/decisions/new?matter={matter}"' in waiting
    done = await drafted(browser, matter)
    assert done.status_code == 303, done.text
    draft = done.headers["location"].removeprefix("/decisions/")
    own = (await browser.get(f"/decisions/{draft}")).text
    assert "首封案件尚在审理&lt;b&gt;" in own
    assert 'value="approve"' not in own
    assert Reason.WRONG_ROLE.zh in own
    assert "已有待审批的决定拟稿" in (await browser.get(f"/matters/{matter}")).text
    listed = (await chief.get("/decisions?state=WAITING")).text
    assert DRAFT.findall(listed) == [draft]
    assert DisposalDecision.DEADLINE.zh in listed
    stale = await press(chief, draft, "approve", seen="00" * 32, opinion="同意")
    assert stale.status_code == 409
    assert "同意" in stale.text
    issued = await press(chief, draft, "approve", opinion="同意")
    assert issued.headers.get("location") == f"/decisions/{draft}", issued.text
    shown = (await browser.get(f"/decisions/{draft}")).text
    assert "审批意见：同意" in shown
    assert "/decision" + '"' not in shown
    of_matter = (await browser.get(f"/matters/{matter}")).text
    assert State.DISPOSAL_ORDERED.zh in of_matter
    assert f"至 {UNTIL}" in of_matter


async def test_what_is_typed_wrong_is_told_at_its_field_and_papers_stay(scene: Scene) -> None:
    browser, chief = await scene.browser(Role.SUPERVISOR), await scene.browser(Role.BUREAU_CHIEF)
    matter = await scene.handover()
    form = await browser.get(f"/decisions/new?matter={matter}")
    assert RECEIVER in form.text
    names = ("csrf", "request_id", "draft_id", "instruction_id")
    values = {name: field(form, name) for name in names} | {
        "decision": "DEADLINE",
        "ground": "逾期未答复",
        "documents.0.paper_type": PaperType.OTHER.value,
    }
    file = {"documents.0.file": ("决定书.pdf", RECORD.read_bytes(), "application/pdf")}
    wrong = await browser.client.post("/decisions/drafts", data=values, files=file, headers=OWN)
    assert wrong.status_code == 422
    assert 'id="w-until_on"' in wrong.text
    assert "逾期未答复" in wrong.text
    kept = {"documents.kept": field(wrong, "documents.kept"), "request_id": field(wrong, "request_id")}
    court = values | kept | {"until_on": UNTIL, "court": RECEIVER}
    assert 'id="w-court"' in (await browser.post("/decisions/drafts", court)).text
    done = await browser.post("/decisions/drafts", values | kept | {"until_on": UNTIL})
    assert done.status_code == 303, done.text
    draft = done.headers["location"]
    (paper,) = re.findall(
        r'href="(/matters/[0-9a-f-]{36}/documents/[0-9a-f]{64})"', (await chief.get(draft)).text
    )
    assert (await chief.get(paper)).content == RECORD.read_bytes()
    await press(chief, draft.removeprefix("/decisions/"), "approve")
    path = f"/matters/{matter}/documents/{paper.rsplit('/', 1)[1]}"
    assert path in (await browser.get(f"/matters/{matter}")).text
    assert (await browser.get(path)).content == RECORD.read_bytes()


async def test_a_draft_is_rejected_with_a_reason_or_discarded_by_its_author(scene: Scene) -> None:
    browser, chief = await scene.browser(Role.SUPERVISOR), await scene.browser(Role.COURT_LEADER)
    matter = await scene.handover()
    draft = (await drafted(browser, matter)).headers["location"].removeprefix("/decisions/")
    assert Action.DISCARD.zh not in (await chief.get(f"/decisions/{draft}")).text
    assert (await press(browser, draft, "approve", seen="00" * 32)).status_code == 403
    wordless = await press(chief, draft, "reject")
    assert wordless.status_code == 422
    assert 'id="w-opinion"' in wordless.text
    assert (await press(chief, draft, "reject", opinion="理由不充分")).status_code == 303
    assert "理由不充分" in (await browser.get(f"/matters/{matter}")).text
    second = (await drafted(browser, matter)).headers["location"].removeprefix("/decisions/")
    assert (await press(chief, second, "discard")).status_code == 403
    gone = await press(browser, second, "discard")
    assert gone.headers.get("location") == "/decisions", gone.text
    left = await browser.get("/decisions")
    assert State.DISCARDED.zh in left.text
    assert DRAFT.findall(left.text) == [draft]
    assert DRAFT.findall((await browser.get("/decisions?state=DISCARDED")).text) == [second]
    assert DRAFT.findall((await browser.get(f"/decisions?court={RECEIVER}&state=REJECTED")).text) == [draft]


async def test_its_author_writes_a_waiting_draft_anew(scene: Scene) -> None:
    browser, chief = await scene.browser(Role.SUPERVISOR), await scene.browser(Role.BUREAU_CHIEF)
    matter = await scene.handover()
    draft = (await drafted(browser, matter)).headers["location"].removeprefix("/decisions/")
    assert f'href="/decisions/new?draft={draft}"' in (await browser.get(f"/decisions/{draft}")).text
    assert f'href="/decisions/new?draft={draft}"' not in (await chief.get(f"/decisions/{draft}")).text
    form = await browser.get(f"/decisions/new?draft={draft}")
    assert "目前不能拟写" not in form.text
    assert "首封案件尚在审理&lt;b&gt;" in form.text
    names = ("csrf", "request_id", "draft_id", "waits", "instruction_id")
    values = {name: field(form, name) for name in names} | {"decision": "ELEVATE", "ground": ""}
    wrong = await browser.post("/decisions/drafts", values)
    assert wrong.status_code == 422
    saved = await browser.post("/decisions/drafts", values | {"ground": "应由本院处置"})
    assert saved.headers.get("location") == f"/decisions/{draft}", saved.text
    shown = (await chief.get(f"/decisions/{draft}")).text
    assert "应由本院处置" in shown
    assert DisposalDecision.ELEVATE.zh in shown
    assert "只有拟稿人可以修改" in (await chief.get(f"/decisions/new?draft={draft}")).text
    assert (await press(chief, draft, "approve")).status_code == 303
    assert (await browser.get(f"/decisions/new?draft={draft}")).status_code == 404


async def test_who_may_not_is_told_why(scene: Scene) -> None:
    chief, auditor = await scene.browser(Role.BUREAU_CHIEF), await scene.browser(Role.AUDITOR)
    statistician = await scene.browser(Role.STATISTICIAN)
    matter = await scene.handover()
    form = (await chief.get(f"/decisions/new?matter={matter}")).text
    assert f"目前不能拟写：{Reason.WRONG_ROLE.zh}" in form
    assert 'action="/decisions/drafts"' not in form
    assert f"不能拟写决定：{Reason.WRONG_ROLE.zh}" in (await auditor.get(f"/matters/{matter}")).text
    assert "本院的决定" not in (await statistician.get(f"/matters/{matter}")).text
    refused = await auditor.get("/decisions")
    assert refused.status_code == 403
    assert Reason.WRONG_ROLE.zh in refused.text
    for wrong, status in (("page=x", 422), ("matter=0591+99", 404), ("state=x", 200)):
        assert (await chief.get(f"/decisions?{wrong}")).status_code == status
    assert (await chief.get("/decisions/new")).headers["location"] == "/decisions?view=handovers"
    assert (await chief.get("/decisions/00000000-0000-7000-8000-000000000001")).status_code == 404
