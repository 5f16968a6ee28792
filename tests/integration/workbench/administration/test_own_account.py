"""我的账号: one's password, one-time codes and log; an approval that waits for a code; what administrators see."""

import base64
import html
import re
import time

import httpx
import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from tests.integration.workbench.administration.house import COURT, HUB, PASSWORD, House
from tests.integration.workbench.browser import Browser, field

from xiezhi_domain.terms import Role

pytestmark = pytest.mark.asyncio(loop_scope="module")

NODE_SETTINGS = {"second_factor_for_approvals": True}
CHIEF = Role.BUREAU_CHIEF
# There is no such 督办: what is let through to it finds nothing.
DECISION = "/urged/01900000-0000-7000-8000-000000000000/decision"


async def send(browser: Browser, path: str, **values: object) -> httpx.Response:
    """Send a form with the token of the session."""
    return await browser.post(path, {"csrf": await browser.token("/account"), **values})


async def set_up(browser: Browser, password: str = PASSWORD) -> tuple[TOTP, list[str]]:
    """Bind an app; give it and the recovery codes."""
    begun = await send(browser, "/account/second-factor", password=password)
    assert "data:image/svg+xml" in begun.text
    hidden = {name: field(begun, name) for name in ("secret", "uri")}
    padded = hidden["secret"] + "=" * (-len(hidden["secret"]) % 8)
    totp = TOTP(base64.b32decode(padded), 6, SHA1(), 30)
    wrong = await send(browser, "/account/second-factor/finish", code="abc", **hidden)
    assert (wrong.status_code, field(wrong, "secret")) == (403, hidden["secret"])
    done = await send(browser, "/account/second-factor/finish", code=shown(totp), **hidden)
    assert done.status_code == 200, done.text
    return totp, re.findall(r"<code>([^<]+)</code>", done.text)


def shown(totp: TOTP, steps: int = 0) -> str:
    """What the app shows, now or a few half minutes later."""
    return totp.generate(int(time.time()) + 30 * steps).decode()


async def test_an_approval_waits_for_a_code_and_goes_on_with_it(house: House) -> None:
    browser = await house.browse(COURT, CHIEF)
    approval = {"decision": "approve", "opinion": "同意\n上报", "request_id": "one"}
    _, recovery = await set_up(browser)
    assert len(recovery) == 10

    again = await house.browse(COURT)
    refused = await again.sign_in(CHIEF.lower(), PASSWORD)
    assert (refused.status_code, "需要动态口令" in refused.text) == (403, True)
    signed = await again.post(
        "/sign-in", {"login": CHIEF.lower(), "password": PASSWORD, "code": recovery[0], "next": ""}
    )
    assert signed.status_code == 303
    # Shown at sign-in, it is good for a while: the action gets through to a matter that there is not.
    assert (await send(again, DECISION, **approval)).status_code == 404

    await house.node.journal.write(
        lambda connection: connection.exec_driver_sql("UPDATE session SET confirmed_at = 1")
    )
    house.node.sessions.forget_all()
    asked = await send(again, DECISION, **approval)
    assert (asked.status_code, "输入动态口令" in asked.text) == (403, True)
    carried = dict(re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', asked.text, re.DOTALL))
    assert {name: html.unescape(text) for name, text in carried.items()} == approval
    wrong = await send(again, DECISION, **approval, one_time_code="000000x")
    assert (wrong.status_code, "不正确" in wrong.text) == (403, True)
    assert (await send(again, DECISION, **approval, one_time_code=recovery[1])).status_code == 404
    assert (await send(again, DECISION, **approval)).status_code == 404

    log = (await again.get("/account")).text
    for word in ("动态口令绑定", "使用恢复码", "还剩 8 个", "二次验证", "127.0.0.1"):
        assert word in log, word
    await send(again, "/account/second-factor/remove", password=PASSWORD, code=recovery[2])
    assert (await (await house.browse(COURT)).sign_in(CHIEF.lower(), PASSWORD)).status_code == 303


async def test_an_administrator_removes_what_somebody_has_lost(house: House) -> None:
    officer = await house.browse(HUB, Role.DUTY_OFFICER)
    await set_up(officer)
    admin = await house.browse(HUB, Role.ADMINISTRATOR)
    [which] = re.findall(
        r'/admin/accounts/([0-9a-f-]{36})">值班员演', (await admin.get("/admin/accounts")).text
    )
    page = (await admin.get(f"/admin/accounts/{which}")).text
    assert "解除动态口令" in page
    removed = await send(admin, f"/admin/accounts/{which}/second-factor")
    assert removed.status_code == 303
    assert (await (await house.browse(HUB)).sign_in("duty_officer", PASSWORD)).status_code == 303
    log = (await admin.get("/admin/account-log?account=duty_officer")).text
    assert "系统管理员演" in log
    assert "动态口令解除" in log
    assert (await officer.get("/admin/account-log")).status_code == 403


async def test_a_password_is_changed_by_who_knows_the_old_one(house: House) -> None:
    browser = await house.browse(COURT, Role.STATISTICIAN)
    new = "another-for-tests-4712"
    wrong = await send(
        browser, "/account/password", old_password="not the password", new_password=new, again=new
    )
    assert (wrong.status_code, "密码不正确" in wrong.text) == (422, True)
    assert (
        "不一致"
        in (await send(browser, "/account/password", old_password=PASSWORD, new_password=new, again="x")).text
    )
    done = await send(browser, "/account/password", old_password=PASSWORD, new_password=new, again=new)
    assert done.status_code == 303
    assert (await (await house.browse(COURT)).sign_in("statistician", new)).status_code == 303
    await send(browser, "/account/password", old_password=new, new_password=PASSWORD, again=PASSWORD)
