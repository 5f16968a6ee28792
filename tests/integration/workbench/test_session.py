"""Who gets in, who is kept out, and what every answer carries."""

from collections.abc import Awaitable, Callable

import pytest
from tests.integration.workbench.browser import Browser
from tests.stage.company import Company
from tests.stage.people import COLLEAGUE, DISPATCHER, GUSU, HUB, JUDGE, PARK, PASSWORD, SUPERVISOR
from tests.stage.plugin import Stage

Browse = Callable[[str], Awaitable[Browser]]


async def test_who_is_not_signed_in_is_asked_to_and_led_back(browse: Browse) -> None:
    browser = await browse(GUSU)
    answer = await browser.get("/received?state=AWAITING_SIGNATURE")
    assert answer.status_code == 303
    there = answer.headers["location"]
    assert there == "/sign-in?next=%2Freceived%3Fstate%3DAWAITING_SIGNATURE"
    assert 'value="/received?state=AWAITING_SIGNATURE"' in (await browser.get(there)).text
    answer = await browser.sign_in(DISPATCHER.login, onward="/received?state=AWAITING_SIGNATURE")
    assert answer.headers["location"] == "/received?state=AWAITING_SIGNATURE"


@pytest.mark.parametrize("onward", ["//evil.example/", "https://evil.example/", "/\\evil.example", "evil"])
async def test_nobody_is_led_to_another_site(browse: Browse, onward: str) -> None:
    browser = await browse(GUSU)
    answer = await browser.sign_in(DISPATCHER.login, onward=onward)
    assert answer.headers["location"] == "/"


async def test_a_wrong_password_is_said_in_chinese(browse: Browse) -> None:
    browser = await browse(GUSU)
    answer = await browser.sign_in(DISPATCHER.login, "wrong-password-0000")
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert f'value="{DISPATCHER.login}"' in answer.text
    assert "wrong-password-0000" not in answer.text
    assert "set-cookie" not in answer.headers


async def test_the_cookie_is_for_this_host_and_no_script(browse: Browse) -> None:
    browser = await browse(GUSU)
    cookie = (await browser.sign_in(DISPATCHER.login)).headers["set-cookie"]
    assert cookie.startswith("__Host-sid=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


async def test_the_desk_says_who_is_signed_in(browse: Browse) -> None:
    text = (await (await (await browse(GUSU)).enter(DISPATCHER)).get("/")).text
    assert DISPATCHER.name in text
    assert "苏州市姑苏区人民法院" in text


async def test_the_hub_shows_its_own_desk(browse: Browse) -> None:
    browser = await (await browse(HUB)).enter(SUPERVISOR)
    text = (await browser.get("/")).text
    assert 'href="/matters"' in text
    assert 'href="/received"' not in text
    assert (await browser.get("/matters?overdue=1")).status_code == 200


async def test_after_signing_out_the_cookie_opens_nothing(browse: Browse) -> None:
    browser = await (await browse(GUSU)).enter(DISPATCHER)
    cookie = browser.client.cookies["__Host-sid"]
    answer = await browser.post("/sign-out", {"csrf": await browser.token()})
    assert answer.headers["location"] == "/sign-in"
    answer = await (await browse(GUSU)).get("/", headers={"cookie": f"__Host-sid={cookie}"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


async def test_who_signs_in_is_told_once_of_the_time_before(browse: Browse) -> None:
    await (await browse(GUSU)).enter(DISPATCHER)
    await (await browse(GUSU)).sign_in(DISPATCHER.login, "wrong-password-0000")
    browser = await (await browse(GUSU)).enter(DISPATCHER)
    told = (await browser.get("/")).text
    assert "上次登录：" in told
    assert "此后有 1 次登录未成功" in told
    assert "上次登录：" not in (await browser.get("/")).text


async def test_a_new_sign_in_ends_the_session_before(browse: Browse) -> None:
    browser, other = await (await browse(GUSU)).enter(DISPATCHER), await browse(GUSU)
    before = browser.client.cookies["__Host-sid"]
    await browser.enter(DISPATCHER)
    assert browser.client.cookies["__Host-sid"] != before
    answer = await other.get("/", headers={"cookie": f"__Host-sid={before}"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


async def test_a_session_that_the_server_has_ended_is_over_here_too(browse: Browse, company: Company) -> None:
    browser = await (await browse(GUSU)).enter(COLLEAGUE)
    assert (await browser.get("/received")).status_code == 200
    # A new password ends all other sessions of the account.
    await (await company.client(COLLEAGUE)).accounts.change_password(PASSWORD, f"{PASSWORD}-another")
    for _ in range(2):
        answer = await browser.get("/received")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Freceived")
    fragment = await browser.get("/desk/board", headers={"hx-request": "true"})
    assert fragment.headers["hx-redirect"] == "/sign-in"


async def test_a_workbench_that_was_started_again_knows_nobody(browse: Browse, stage: Stage) -> None:
    browser = await (await browse(PARK)).enter(JUDGE)
    await stage.restart_workbench(PARK)
    assert (await browser.get("/")).headers["location"] == "/sign-in"
    await browser.enter(JUDGE)
    assert (await browser.get("/")).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}],
)
async def test_what_another_site_sends_is_refused(browse: Browse, headers: dict[str, str]) -> None:
    browser = await (await browse(GUSU)).enter(DISPATCHER)
    answer = await browser.post("/sign-out", {"csrf": await browser.token()}, headers)
    assert answer.status_code == 403
    assert (await browser.get("/")).status_code == 200


@pytest.mark.parametrize("token", ["", "wrong"])
async def test_a_form_without_the_token_does_nothing(browse: Browse, token: str) -> None:
    browser = await (await browse(GUSU)).enter(DISPATCHER)
    assert (await browser.post("/sign-out", {"csrf": token})).status_code == 403
    assert (await browser.get("/")).status_code == 200


async def test_every_answer_lets_no_foreign_script_run(browse: Browse) -> None:
    browser = await browse(GUSU)
    answers = [await browser.get(path) for path in ("/", "/sign-in", "/nowhere", "/static/xiezhi.js")]
    await browser.enter(DISPATCHER)
    answers += [
        await browser.get(path) for path in ("/", "/sent", "/received", "/matters/unknown", "/static/no")
    ]
    answers.append(await browser.post("/received", {}))
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "<script>" not in answer.text
        assert " style=" not in answer.text


async def test_pages_are_kept_nowhere_and_files_for_long(browse: Browse) -> None:
    browser = await (await browse(GUSU)).enter(DISPATCHER)
    assert (await browser.get("/")).headers["cache-control"] == "no-store"
    assert "immutable" in (await browser.get("/static/xiezhi.css")).headers["cache-control"]
    assert (await browser.get("/static/missing.css")).headers["cache-control"] == "no-store"


async def test_too_much_at_once_is_not_read(browse: Browse) -> None:
    browser = await browse(GUSU)
    assert (await browser.sign_in("a" * 3_000_000)).status_code == 413


async def test_an_account_of_another_court_is_unknown(browse: Browse) -> None:
    assert (await (await browse(GUSU)).sign_in(JUDGE.login)).status_code == 401
