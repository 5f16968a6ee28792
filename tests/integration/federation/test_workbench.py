"""Sign-in by the identity provider as a browser sees it, at a node that has joined a hub."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.integration.federation.provider import RunningProvider
from tests.integration.federation.real_provider import FINISH
from tests.integration.workbench.administration.conftest import WORKSHOP
from tests.integration.workbench.administration.house import COURT, HUB, House, open_house
from tests.integration.workbench.browser import Browser

from xiezhi_desk.federation.examining import examine_federation
from xiezhi_desk.federation.settings import load_federation
from xiezhi_domain.terms import Role
from xiezhi_wire.startup import StartupError

JUDGE = Role.JUDGE


@pytest.fixture
async def federated_house(
    request: pytest.FixtureRequest, tmp_path: Path, provider: RunningProvider
) -> AsyncIterator[House]:
    settings = provider.settings(tmp_path)
    async with open_house(tmp_path, request.config.stash[WORKSHOP], federation_file=settings) as house:
        yield house


async def go(browser: Browser, provider: RunningProvider, path: str) -> str:
    """Follow the link to the provider; give the path on which it sends back."""
    sent = await browser.get(path)
    assert (sent.status_code, sent.headers["location"].startswith(provider.issuer)) == (303, True)
    back = urlsplit((await provider.visit(sent.headers["location"])).headers["location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == FINISH
    return f"{back.path}?{back.query}"


async def test_a_judge_comes_by_the_courts_identity(
    federated_house: House, provider: RunningProvider
) -> None:
    house = federated_house
    admin = await house.browse(COURT, Role.ADMINISTRATOR)
    people = (await admin.get("/admin/accounts?role=JUDGE")).text
    [account_id] = {each[:36] for each in people.split("/admin/accounts/")[1:] if each.count("-", 0, 36) == 4}
    token = await admin.token(f"/admin/accounts/{account_id}")
    values = {"csrf": token, "subject": "person-1"}
    bound = await admin.post(f"/admin/accounts/{account_id}/identity", values)
    assert bound.status_code == 303
    assert "person-1" in (await admin.get(f"/admin/accounts/{account_id}")).text

    browser = await house.browse(COURT)
    form = (await browser.get("/sign-in?next=/account")).text
    assert "用统一身份认证登录" in form
    assert "/sign-in/federated?next=/account" in form
    back = await go(browser, provider, "/sign-in/federated?next=/account")
    # In another browser what came back is good for nothing.
    stranger = await house.browse(COURT)
    await go(stranger, provider, "/sign-in/federated")
    refused = await stranger.get(back)
    assert (refused.status_code, "重新登录" in refused.text) == (401, True)
    assert "__Host-sid" not in stranger.client.cookies
    entered = await browser.get(back)
    assert (entered.status_code, entered.headers["location"]) == (303, "/account")
    assert (await browser.get("/account")).status_code == 200
    assert "__Host-federated" not in browser.client.cookies
    # Nobody is led elsewhere.
    back = await go(browser, provider, "/sign-in/federated?next=//evil.example")
    assert (await browser.get(back)).headers["location"] == "/"

    provider.does(down=True)
    away = await browser.get(await go(browser, provider, "/sign-in/federated"))
    assert (away.status_code, "用密码登录" in away.text) == (503, True)
    assert await house.browse(COURT, JUDGE)
    # The hub has no provider, and says nothing of one.
    assert "federated" not in (await (await house.browse(HUB)).get("/sign-in")).text


def test_doctor_tells_whether_the_provider_is_there(provider: RunningProvider, tmp_path: Path) -> None:
    file = provider.settings(tmp_path)
    assert examine_federation(file).good
    assert examine_federation(None).good
    (tmp_path / "client.secret").chmod(0o644)
    assert "chmod 600" in examine_federation(file).text
    provider.does(issuer="https://another.example")
    file = provider.settings(tmp_path)
    assert "不符" in examine_federation(file).text
    gone = provider.settings(tmp_path, issuer="https://127.0.0.1:9")
    assert (examine_federation(gone).good, "127.0.0.1:9" in examine_federation(gone).text) == (False, True)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"issuer": "http://plain.example"}, "issuer"),
        ({"algorithms": ["HS256"]}, "algorithms"),
        ({"algorithms": ["none"]}, "algorithms"),
        ({"passwords_of_bound": False}, "break_glass"),
        ({"client_secret": "in the text"}, "client_secret"),
        ({"client_secret_file": "/nowhere/secret"}, "client_secret_file"),
    ],
    ids=str,
)
def test_settings_that_are_not_sound_are_refused(
    provider: RunningProvider, tmp_path: Path, wrong: dict[str, object], told: str
) -> None:
    with pytest.raises(StartupError, match=told):
        load_federation(provider.settings(tmp_path, **wrong))
