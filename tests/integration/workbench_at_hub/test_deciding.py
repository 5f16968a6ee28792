"""What the superior does at the hub's pages: rulings, calls, 督办, orders; and what it may read of a matter."""

import re

import httpx
from tests.integration.hub.court import RECEIVER, SENDER, instruction_of
from tests.integration.workbench.browser import OWN, Browser, field
from tests.integration.workbench_at_hub.scene import Scene
from tests.stage.people import RECORD

from xiezhi_domain.errors import Reason
from xiezhi_domain.escalation.rules import shipped_rules
from xiezhi_domain.terms import Action, PaperType, Role, State
from xiezhi_journal.reading import read_summary


async def press(browser: Browser, matter: str, action: Action, /, **typed: str) -> httpx.Response:
    path = f"/matters/{matter}/act/{action.value}"
    shown = await browser.get(path)
    assert shown.status_code == 200, shown.text
    names = ("csrf", "request_id", "base_event_id")
    return await browser.post(path, {name: field(shown, name) for name in names} | typed)


async def test_one_matter_says_what_may_be_done_and_why_not(scene: Scene) -> None:
    matter = await scene.matter()
    text = (await (await scene.browser(Role.SUPERVISOR)).get(f"/matters/{matter}")).text
    assert f'href="/matters/{matter}/act/REROUTE"' in text
    assert f'href="/matters/{matter}/act/RULE_ON_COMPLAINT"' not in text
    assert f"<dt>{Action.RULE_ON_COMPLAINT.zh}</dt>" in text
    assert Reason.WRONG_ROLE.zh in text


async def test_a_call_is_logged_and_stands_in_the_register(scene: Scene) -> None:
    browser, matter = await scene.browser(Role.CENTRE_OFFICER), await scene.matter()
    path = f"/matters/{matter}/act/LOG_CALL"
    assert re.search(r'name="called_at"[^>]* value="20\d\d-', (await browser.get(path)).text)
    typed = {
        "counterpart.name": "顾专员",
        "counterpart.phone": "0512-00000002",
        "text": "<b>今日</b>签收",
        "called_at": "2026-11-20T09:30",
        "promise_at": "2026-11-21T17:00",
    }
    wrong = await press(browser, matter, Action.LOG_CALL, **typed | {"text": ""})
    assert wrong.status_code == 422
    assert "顾专员" in wrong.text
    done = await press(browser, matter, Action.LOG_CALL, **typed)
    assert done.headers.get("location") == f"/matters/{matter}", done.text
    asked = await browser.get("/supervise/calls")
    assert "顾专员" not in asked.text
    csrf = field(asked, "csrf")
    refused = await browser.post("/supervise/calls", {"csrf": csrf, "purpose": ""})
    assert refused.status_code == 422
    assert "查看通话记录应填写查看事由" in refused.text
    text = (await browser.post("/supervise/calls", {"csrf": csrf, "purpose": "核对承诺"})).text
    assert "&lt;b&gt;今日&lt;/b&gt;签收" in text
    assert "顾专员" in text


async def test_words_are_shown_once_a_purpose_is_on_record(scene: Scene) -> None:
    browser, matter = await scene.browser(Role.SUPERVISOR), await scene.matter()
    typed = {"counterpart.name": "顾专员", "text": "承诺明日", "called_at": "2026-11-20T09:30"}
    await press(browser, matter, Action.LOG_CALL, **typed)
    page = await browser.get(f"/matters/{matter}")
    assert "承诺明日" not in page.text
    csrf = field(page, "csrf")
    refused = await browser.post(f"/matters/{matter}/read", {"csrf": csrf, "purpose": ""})
    assert refused.status_code == 422
    read = await browser.post(f"/matters/{matter}/read", {"csrf": csrf, "purpose": "核实催办"})
    assert "承诺明日" in read.text


async def test_what_was_done_is_said_once_and_no_address_claims_it(scene: Scene) -> None:
    browser, matter = await scene.browser(Role.SUPERVISOR), await scene.matter()
    refused = await press(browser, matter, Action.REROUTE, court=SENDER, text="财产在该院辖区")
    assert refused.status_code == 403
    assert "财产在该院辖区" in refused.text
    done = await press(browser, matter, Action.STOP, reason="SUPERIOR_ORDER", text="案件已提级执行")
    assert done.headers.get("location") == f"/matters/{matter}", done.text
    assert f"“{Action.STOP.zh}”已提交" in (await browser.get(f"/matters/{matter}")).text
    for address in (f"/matters/{matter}", f"/matters/{matter}?done=STOP"):
        assert "已提交" not in (await browser.get(address)).text


async def test_a_complaint_is_listed_and_ruled_on_by_a_form(scene: Scene) -> None:
    record = await scene.issue()
    scene.go_to_day(30)
    browser = await scene.browser(Role.SUPERVISOR)
    record = await scene.answered(record, "Complained", "JUDGE", reason="LATE")
    matter = instruction_of(record)
    assert f"/matters/{matter}/act/{Action.RULE_ON_COMPLAINT.value}" in (await browser.get("/appeals")).text
    assert matter not in (await browser.get("/rerouting")).text
    await scene.then(record, "ComplaintExplained", "CENTRE_DIRECTOR")
    done = await press(browser, matter, Action.RULE_ON_COMPLAINT, ruling="UPHELD", text="应按期办理")
    assert done.headers.get("location") == f"/matters/{matter}", done.text
    assert matter not in (await browser.get("/appeals")).text


async def test_what_is_late_is_listed(scene: Scene) -> None:
    matter = await scene.matter()
    scene.go_to_day(30)
    browser = await scene.browser(Role.SUPERVISOR)
    late = await browser.get("/supervise?view=late")
    assert matter in late.text


async def test_the_ladder_is_tried_over_the_month_before(scene: Scene) -> None:
    browser = await scene.browser(Role.SUPERVISOR)
    shown = await browser.get("/ladder-rules")
    assert shown.text.count('<th scope="row">') >= len(shipped_rules().steps)
    values = {"csrf": field(shown, "csrf"), "first": "2026-10-01", "last": "2026-10-31"}
    tried = await browser.post(
        "/ladder-rules", values | {"content": shipped_rules().content, "court": "", "do": "try"}
    )
    assert tried.status_code == 200, tried.text
    assert "试运行结果" in tried.text
    wrong = await browser.post("/ladder-rules", values | {"content": "[step.x]\nrung = 1", "do": "try"})
    assert wrong.status_code == 422
    assert "[step.x]" in wrong.text
    refused = await browser.post("/ladder-rules", values | {"content": shipped_rules().content, "do": "set"})
    assert refused.status_code == 403


async def test_a_supervision_is_drafted_for_two_courts_and_issued_by_another(scene: Scene) -> None:
    browser, chief = await scene.browser(Role.SUPERVISOR), await scene.browser(Role.BUREAU_CHIEF)
    form = await browser.get(f"/supervise/new?court={RECEIVER}")
    names = ("csrf", "request_id", "draft_id")
    values = {name: field(form, name) for name in names} | {
        "court": [RECEIVER, SENDER],
        "about": "SIGNING",
        "subject": "关于及时签收的督办",
        "ground": "多件事项逾期未签收",
        "requirement": "三日内全部签收",
        "limit_days": "5",
    }
    wrong = await browser.post("/supervise/drafts", values | {"matters": "0591 1"})
    assert wrong.status_code == 422
    assert "0591 1" in wrong.text
    short = await browser.post("/supervise/drafts", values | {"ground": ""})
    assert 'id="w-ground"' in short.text
    done = await browser.post("/supervise/drafts", values)
    assert done.headers.get("location") == "/supervise?view=drafts", done.text
    drafts = await chief.get("/supervise?view=drafts")
    decision = {name: field(drafts, name) for name in (*names, "seen")} | {"decision": "approve"}
    assert (await chief.post("/supervise/drafts/decision", decision)).status_code == 303
    listed = (await browser.get("/supervise?view=urges")).text
    urges = re.findall(r'href="/supervise/urges/([0-9a-f-]{36})"', listed)
    assert len(urges) == 2


async def test_a_draft_names_its_matter_by_number_again(scene: Scene) -> None:
    browser, matter = await scene.browser(Role.SUPERVISOR), await scene.matter()
    number = scene.hub.parts.hub.journal.read_now(lambda connection: read_summary(connection, matter)).number
    form = await browser.get(f"/supervise/new?court={RECEIVER}&matter={number}")
    names = ("csrf", "request_id", "draft_id")
    values = {name: field(form, name) for name in names} | {
        "court": RECEIVER,
        "about": "SIGNING",
        "subject": "关于及时签收的督办",
        "ground": "逾期未签收",
        "requirement": "三日内签收",
        "matters": number,
    }
    assert (await browser.post("/supervise/drafts", values)).status_code == 303
    again = await browser.get(f"/supervise/new?draft={values['draft_id']}")
    assert f'value="{number}"' in again.text
    assert matter not in again.text
    anew = values | {name: field(again, name) for name in ("request_id", "waits")}
    assert (await browser.post("/supervise/drafts", anew)).status_code == 303


async def test_a_supervision_takes_its_papers_to_every_court(scene: Scene) -> None:
    browser, chief = await scene.browser(Role.SUPERVISOR), await scene.browser(Role.BUREAU_CHIEF)
    form = await browser.get("/supervise/new")
    names = ("csrf", "request_id", "draft_id")
    values = {name: field(form, name) for name in names} | {
        "court": [RECEIVER, SENDER],
        "about": "SIGNING",
        "subject": "关于及时签收的督办",
        "ground": "多件事项逾期未签收",
        "requirement": "三日内全部签收",
        "documents.0.paper_type": PaperType.SUPERVISION_LETTER.value,
    }
    assert f'data-dropzone="{values["draft_id"]}"' in form.text
    file = {"documents.0.file": ("督办函.pdf", RECORD.read_bytes(), "application/pdf")}
    untyped = values | {"documents.0.paper_type": ""}
    wrong = await browser.client.post("/supervise/drafts", data=untyped, files=file, headers=OWN)
    assert "请选择“督办函.pdf”的文书类型" in wrong.text
    lacking = await browser.client.post(
        "/supervise/drafts", data=values | {"subject": ""}, files=file, headers=OWN
    )
    assert lacking.status_code == 422
    assert "多件事项逾期未签收" in lacking.text
    kept = {"documents.kept": field(lacking, "documents.kept"), "request_id": field(lacking, "request_id")}
    done = await browser.post("/supervise/drafts", values | kept)
    assert done.headers.get("location") == "/supervise?view=drafts", done.text
    drafts = await chief.get("/supervise?view=drafts")
    (waiting,) = re.findall(r'href="(/matters/[0-9a-f-]{36}/documents/[0-9a-f]{64})"', drafts.text)
    assert (await chief.get(waiting)).content == RECORD.read_bytes()
    decision = {name: field(drafts, name) for name in (*names, "seen")} | {"decision": "approve"}
    assert (await chief.post("/supervise/drafts/decision", decision)).status_code == 303
    listed = (await browser.get("/supervise?view=urges")).text
    urges = re.findall(r'href="/supervise/urges/([0-9a-f-]{36})"', listed)
    assert len(urges) == 2
    for urge in urges:
        text = (await browser.read(f"/supervise/urges/{urge}")).text
        (paper,) = re.findall(rf'href="(/matters/{urge}/documents/[0-9a-f]{{64}})">督办函.pdf</a>', text)
        given = await browser.get(paper)
        assert given.content == RECORD.read_bytes()
        assert given.headers["content-type"] == "application/pdf"


async def test_an_order_is_completed_approved_and_followed_up(scene: Scene) -> None:
    browser, chief = await scene.browser(Role.SUPERVISOR), await scene.browser(Role.BUREAU_CHIEF)
    form = await browser.get("/orders/new")
    names = ("csrf", "request_id", "draft_id")
    typed = {
        "kind": "ORDER_URGE",
        "subject": "关于督促执行的决定",
        "about": "NOT_ENFORCED",
        "ground": "六个月未执行",
        "requirement": "一个月内执行",
        "cases.0.court": RECEIVER,
        "cases.0.case_number": "（2026）苏0508执1号",
        "cases.0.claim": "一百",
    }
    values = {name: field(form, name) for name in names} | typed
    wrong = await browser.post("/orders/drafts", values)
    assert wrong.status_code == 422
    assert 'id="w-cases.0.claim"' in wrong.text
    assert "六个月未执行" in wrong.text
    values |= {"request_id": field(wrong, "request_id"), "cases.0.claim": "100000"}
    values |= {"cases.0.case_number": "没有这样的案号"}
    assert 'id="w-cases.0.case_number"' in (await browser.post("/orders/drafts", values)).text
    values |= {"cases.0.case_number": "（2026）苏0508执1号"}
    lacking = await browser.post("/orders/drafts", values)
    assert lacking.headers.get("location", "").startswith("/orders/new?draft="), lacking.text
    again = await browser.get(lacking.headers["location"])
    assert "审批前还缺" in again.text
    assert "还缺下列内容" in again.text
    values |= {"request_id": field(again, "request_id"), "documents.0.paper_type": PaperType.URGE_ORDER.value}
    file = {"documents.0.file": ("督促执行令.pdf", RECORD.read_bytes(), "application/pdf")}
    done = await browser.client.post("/orders/drafts", data=values, files=file, headers=OWN)
    assert done.headers.get("location") == "/orders?view=drafts", done.text
    drafts = await chief.get("/orders?view=drafts")
    told = {name: field(drafts, name) for name in (*names, "seen")}
    decision = told | {"decision": "approve", "opinion": "同意"}
    issued = await chief.post("/orders/drafts/decision", decision)
    assert issued.headers.get("location") == "/orders?view=orders", issued.text
    listed = (await browser.get("/orders")).text
    (order,) = re.findall(r'href="/orders/([0-9a-f-]{36})"', listed)
    for unread in (await browser.get(f"/orders/{order}"), await browser.read(f"/orders/{order}", " ")):
        assert "一个月内执行" not in unread.text
        assert 'name="purpose"' in unread.text
    assert 'id="w-purpose"' in unread.text
    shown = (await browser.read(f"/orders/{order}")).text
    assert "一个月内执行" in shown
    assert "督促执行令.pdf" in shown
    assert Action.CLOSE_ORDER.zh in shown
    revoked = await press(chief, order, Action.REVOKE, text="已执行完毕")
    assert revoked.status_code == 303, revoked.text


async def test_requests_and_candidates_have_their_lists(scene: Scene) -> None:
    browser = await scene.browser(Role.SUPERVISOR)
    for view in ("requests", "drafts", "candidates", "unknown"):
        assert (await browser.get(f"/orders?view={view}")).status_code == 200


async def test_authors_discard_their_drafts_and_do_not_decide_on_them(scene: Scene) -> None:
    browser, chief = await scene.browser(Role.SUPERVISOR), await scene.browser(Role.BUREAU_CHIEF)
    names = ("csrf", "request_id", "draft_id")
    for path, form, more in (
        ("/supervise", "/supervise/new", {"court": RECEIVER, "about": "SIGNING"}),
        ("/orders", "/orders/new", {"kind": "ORDER_URGE", "about": "NOT_ENFORCED"}),
    ):
        shown = await browser.get(form)
        typed = {"subject": "不再需要的拟稿", "ground": "六个月未执行", "requirement": "一个月内执行"}
        values = {name: field(shown, name) for name in names}
        await browser.post(f"{path}/drafts", values | typed | more)
        own = await browser.get(f"{path}?view=drafts")
        others = await chief.get(f"{path}?view=drafts")
        assert Action.DISCARD.zh in own.text
        assert 'value="approve"' not in own.text
        assert Action.DISCARD.zh not in others.text
        decision = {name: field(own, name) for name in names} | {"decision": "discard"}
        done = await browser.post(f"{path}/drafts/decision", decision)
        assert done.headers.get("location") == f"{path}?view=drafts", done.text
        left = (await browser.get(f"{path}?view=drafts")).text
        assert values["draft_id"] not in left
        assert State.DISCARDED.zh in left


async def test_authors_write_their_waiting_drafts_anew(scene: Scene) -> None:
    """The form begins with what waits; who has read it before does not issue it; others read it alone."""
    browser, chief = await scene.browser(Role.SUPERVISOR), await scene.browser(Role.BUREAU_CHIEF)
    names = ("csrf", "request_id", "draft_id")
    for path, more in (
        ("/supervise", {"court": [RECEIVER, SENDER], "about": "SIGNING", "limit_days": "5"}),
        ("/orders", {"kind": "ORDER_URGE", "about": "NOT_ENFORCED", "other_courts": [SENDER]}),
    ):
        shown = await browser.get(f"{path}/new")
        typed = {"subject": "关于办理的拟稿", "ground": "六个月未执行", "requirement": "一个月内执行"}
        paper = {"documents.0.paper_type": PaperType.OTHER.value}
        file = {"documents.0.file": ("材料.pdf", RECORD.read_bytes(), "application/pdf")}
        values = {name: field(shown, name) for name in names} | typed | more
        await browser.client.post(f"{path}/drafts", data=values | paper, files=file, headers=OWN)
        form = f"{path}/new?draft={values['draft_id']}"
        assert form.replace("&", "&amp;") in (await browser.get(f"{path}?view=drafts")).text
        others = await chief.get(form)
        assert "六个月未执行" in others.text
        assert "只有拟稿人可以修改" in others.text
        assert "保存修改" not in others.text
        before = await chief.get(f"{path}?view=drafts")
        assert f'href="{form}">修改' not in before.text
        again = await browser.get(form)
        assert "六个月未执行" in again.text
        assert re.findall(r'value="(\S+)" checked', again.text) == sorted(more.get("court", [SENDER]))
        kept = {name: field(again, name) for name in (*names, "waits", "documents.kept")}
        assert kept["draft_id"] == values["draft_id"]
        anew = typed | more | kept | {"requirement": "十日内执行"}
        lacking = await browser.post(f"{path}/drafts", anew | {"limit_days": "多"})
        assert lacking.status_code == 422
        assert "保存修改" in lacking.text
        saved = await browser.post(f"{path}/drafts", anew)
        assert saved.status_code == 303, saved.text
        drafts = (await browser.get(f"{path}?view=drafts")).text
        assert drafts.count("关于办理的拟稿") == 1
        assert "十日内执行" in drafts
        assert "材料.pdf" in drafts
        if path == "/supervise":
            decision = {name: field(before, name) for name in (*names, "seen")} | {"decision": "approve"}
            stale = await chief.post("/supervise/drafts/decision", decision)
            assert stale.status_code == 409
            assert "重新审阅" in stale.text
