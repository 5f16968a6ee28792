"""清除内容 at the hub: drafted from an ended matter, ordered by a leader who names it, answered by its holders."""

import re

from tests.integration.hub.court import instruction_of
from tests.integration.workbench.browser import Browser, field
from tests.integration.workbench_at_hub.scene import Scene

from xiezhi_domain.terms import Role

HERE = "/admin/erasures"
WHY = {"order.reason": "误录案外人资料 <b>", "order.legal_ground": "个人信息保护法第四十七条"}


async def ended(scene: Scene) -> str:
    issued = await scene.issue()
    await scene.answered(issued, "Withdrawn", "JUDGE")
    return instruction_of(issued)


async def send(browser: Browser, path: str, **typed: object) -> tuple[int, str]:
    """Send the form of a page; returns the status and the page that answers or follows."""
    page = await browser.get(path)
    hidden = {name: field(page, name) for name in ("csrf", "request_id")}
    answer = await browser.post(path.partition("?")[0], hidden | typed)
    if answer.status_code != 303:
        return answer.status_code, answer.text
    return 303, (await browser.get(answer.headers["location"])).text


async def draft(browser: Browser, matter: str, **typed: object) -> tuple[int, str]:
    wanted = {"matter": matter, "extent": "whole", **WHY} | typed
    return await send(browser, f"{HERE}/new?matter={matter}", **wanted)


async def draft_path(browser: Browser) -> str:
    """The page of the draft that is listed first."""
    found = re.search(rf'href="({HERE}/drafts/[^"]+)"', (await browser.get(HERE)).text)
    assert found
    return found[1]


async def test_one_drafts_a_leader_orders_and_everybody_sees_who_has_not_answered(scene: Scene) -> None:
    matter = await ended(scene)
    drafter, leader = await scene.browser(Role.SUPERVISOR), await scene.browser(Role.COURT_LEADER)
    link = f'href="{HERE}/new?matter={matter}"'
    assert link in (await drafter.get(f"/matters/{matter}")).text
    assert link not in (await leader.get(f"/matters/{matter}")).text
    status, text = await draft(drafter, matter)
    assert (status, "等待分管院领导审批" in text, "误录案外人资料 &lt;b&gt;" in text) == (303, True, True)
    assert "同意清除</button>" not in text
    assert (await draft(drafter, matter))[0] == 409
    path = await draft_path(leader)
    page = await leader.get(path)
    assert all(words in page.text for words in ("全部内容和文书", "任何人都不能恢复", "同意清除</button>"))
    seen = {"decision": "approve", "seen": field(page, "seen")}
    status, text = await send(leader, path, **seen, confirmation="别的一件")
    assert (status, "确认清除的是这一件" in text) == (422, True)
    number = re.search(r"请输入事项编号 (\S+)，", text)
    assert number
    assert (await send(drafter, path, **seen, confirmation=number[1]))[0] == 403
    status, text = await send(
        leader, path, **seen, confirmation=number[1].translate({0x3014: "(", 0x3015: ")"})
    )
    assert (status, "已责令清除" in text, "尚未全部清除" in text) == (303, True, True)

    await scene.hub.parts.eraser.follow()
    text = (await drafter.get(HERE)).text
    assert (text.count("已清除</span>"), text.count("未回报</span>")) == (1, 2)


async def test_parts_and_papers_are_chosen_and_what_is_wrong_is_told_at_its_field(scene: Scene) -> None:
    matter = await ended(scene)
    drafter = await scene.browser(Role.CENTRE_OFFICER)
    form = f"{HERE}/new?matter={matter}"
    events = re.findall(r'name="event" value="([^"]+)"', (await drafter.get(form)).text)
    assert len(events) > 1
    status, text = await draft(drafter, matter, extent="parts")
    assert (status, 'id="w-extent">请勾选' in text) == (422, True)
    status, text = await draft(drafter, matter, **{"order.reason": " ", "event": events[0]}, extent="parts")
    assert (status, 'id="w-order.reason">必填' in text) == (422, True)
    assert re.search(rf'value="{events[0]}" checked', text)
    status, text = await draft(drafter, matter, ask="papers")
    assert (status, 'id="w-purpose"' in text) == (422, True)
    status, text = await draft(drafter, matter, ask="papers", purpose="核对误录的文书")
    assert (status, 'name="document"' in text or "该事项没有文书" in text) == (200, True)
    status, text = await draft(drafter, matter, extent="parts", event=events[:1])
    assert (status, "1 个步骤的内容" in text) == (303, True)


async def test_a_draft_is_refused_with_a_reason_or_given_up(scene: Scene) -> None:
    matter = await ended(scene)
    drafter, leader = await scene.browser(Role.CENTRE_DIRECTOR), await scene.browser(Role.COURT_LEADER)
    await draft(drafter, matter)
    path = await draft_path(leader)
    assert (await send(leader, path, decision="reject"))[0] == 422
    status, text = await send(leader, path, decision="reject", opinion="依据不足")
    assert (status, "未同意</span>" in text, "依据不足" in text) == (303, True, True)
    await draft(drafter, matter)
    status, text = await send(drafter, await draft_path(drafter), decision="discard")
    assert (status, "已废弃清除决定拟稿" in text, "等待审批</span>" in text) == (303, True, False)


async def test_an_open_matter_and_those_whose_roles_do_not_may_are_refused(scene: Scene) -> None:
    matter = await scene.matter()
    drafter, other = await scene.browser(Role.SUPERVISOR), await scene.browser(Role.STATISTICIAN)
    assert f"{HERE}/new" not in (await drafter.get(f"/matters/{matter}")).text
    status, text = await draft(drafter, matter)
    assert (status, "尚未办结" in text) == (409, True)
    assert (await other.get(HERE)).status_code == 403
    assert (await drafter.get(f"{HERE}/drafts/{matter}")).status_code == 404
