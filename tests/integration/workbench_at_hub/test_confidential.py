"""保密办理 at the hub's workbench: who may not know of such matters reads how many there are, and no more."""

from tests.integration.hub.court import DAY_MS, SENDER
from tests.integration.workbench_at_hub.scene import Scene

from xiezhi_domain.terms import Role
from xiezhi_journal.journal import system_clock

LEFT_OUT = "另有 1 件保密办理或者限制查阅的事项"


async def test_lists_count_what_they_do_not_name(scene: Scene) -> None:
    matter, number = await scene.matter(), f"{SENDER}委〔2026〕1号"
    supervisor, statistician = (
        await scene.browser(Role.SUPERVISOR),
        await scene.browser(Role.STATISTICIAN),
    )
    scene.hub.parts.hub.journal.clock = lambda: system_clock() + 60 * DAY_MS
    # Sessions are over after so many days.
    for browser, login in ((supervisor, "supervisor"), (statistician, "statistician")):
        assert (await browser.sign_in(login, "a long enough password")).status_code == 303
    for path in ("/", "/matters?all=1", "/matters?overdue=1", "/supervise?view=late", "/screen"):
        named, bare = (await supervisor.get(path)).text, (await statistician.get(path)).text
        assert (number in named, LEFT_OUT in named) == (True, False), path
        assert (number in bare, matter in bare, LEFT_OUT in bare) == (False, False, True), path
        assert not any(words in bare for words in ("还没有事项", "没有逾期的期限", "没有超期事项")), path
    found = (await statistician.get(f"/matters?text={number}")).text
    assert (LEFT_OUT in found, "没有符合条件的事项" in found) == (False, True)
    assert (await statistician.get(f"/matters/{matter}")).status_code == 404
    assert (await statistician.get(f"/matters/{number}")).status_code == 404
