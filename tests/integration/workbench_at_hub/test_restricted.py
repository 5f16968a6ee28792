"""限制查阅 at the hub's workbench: a leader orders it, and a matter is gone for the others until it is lifted."""

from tests.integration.hub.court import instruction_of
from tests.integration.workbench.browser import Browser, field
from tests.integration.workbench_at_hub.scene import Scene

from xiezhi_domain.terms import Role

HERE = "/admin/restrictions"
WHY = {"reason": "未成年人案件 <b>", "ground": "刑事诉讼法第二百八十六条"}


async def decide(browser: Browser, matter: str, measure: str, **typed: str) -> tuple[int, str]:
    """Send the form with what a court leader typed; returns the status and the page that answers or follows."""
    page = await browser.get(HERE)
    hidden = {name: field(page, name) for name in ("csrf", "request_id")}
    answer = await browser.post(HERE, hidden | WHY | {"matter": matter, "measure": measure} | typed)
    return answer.status_code, (await browser.get(HERE)).text if answer.status_code == 303 else answer.text


async def test_a_leader_restricts_and_lifts_and_others_see_numbers_alone(scene: Scene) -> None:
    issued = await scene.issue()
    matter = instruction_of(issued)
    leader, other = await scene.browser(Role.COURT_LEADER), await scene.browser(Role.SUPERVISOR)
    status, text = await decide(leader, matter, "restrict")
    assert (status, "尚未办结" in text) == (409, True)
    await scene.answered(issued, "Withdrawn", "JUDGE")
    status, text = await decide(leader, matter, "restrict", reason=" ")
    assert (status, "必填" in text, WHY["ground"] in text) == (422, True, True)
    assert (await other.get(f"/matters/{matter}")).status_code == 200
    status, text = await decide(leader, matter, "restrict")
    assert (status, "已限制查阅" in text, "未成年人案件 &lt;b&gt;" in text) == (303, True, True)
    assert f'href="/matters/{matter}"' in text
    assert (await leader.get(f"/matters/{matter}")).status_code == 200
    assert (await other.get(f"/matters/{matter}")).status_code == 404
    seen = (await other.get(HERE)).text
    assert ("限制查阅" in seen, matter in seen, "提交决定</button>" in seen) == (True, False, False)
    status, text = await decide(leader, matter, "lift")
    assert (status, "没有限制查阅的事项" in text) == (303, True)
    assert (await other.get(f"/matters/{matter}")).status_code == 200
    assert "已解除" in (await other.get(f"{HERE}?lifted=1")).text


async def test_only_a_leader_decides(scene: Scene) -> None:
    other = await scene.browser(Role.CENTRE_DIRECTOR)
    page = await other.get("/admin/calendar")
    hidden = {name: field(page, name) for name in ("csrf", "request_id") if f'name="{name}"' in page.text}
    answer = await other.post(HERE, hidden | WHY | {"matter": "任一", "measure": "restrict"})
    assert answer.status_code == 403
