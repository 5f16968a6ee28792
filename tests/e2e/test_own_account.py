"""One's own account by the `xiezhi` command: one-time codes, the account log, API tokens."""

import base64
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from tests.stage.company import Company
from tests.stage.people import CHIEF, GUSU, GUSU_CHIEF, PASSWORD
from tests.stage.plugin import Stage
from tests.stage.terminals import Terminals

REFUSED = 1

pytestmark = pytest.mark.long


@pytest.fixture
def terminals(stage: Stage, tmp_path: Path) -> Terminals:
    return Terminals(stage, tmp_path)


async def test_codes_at_sign_in_and_what_is_told_of_the_account(
    terminals: Terminals, company: Company, stage: Stage, tmp_path: Path
) -> None:
    await terminals.log_in(CHIEF)
    assert (await terminals.json(CHIEF, "second-factor", "show"))["set_at"] is None
    factors = (await company.client(CHIEF)).second_factor
    begun = await factors.begin(PASSWORD)
    padded = begun.secret + "=" * (-len(begun.secret) % 8)
    totp = TOTP(base64.b32decode(padded), 6, SHA1(), 30)
    recovery = await factors.finish(totp.generate(int(time.time())).decode())

    desk = stage.endpoints[CHIEF.place]
    sign_in = ("login", "--user", CHIEF.login, "--address", desk["desk"], "--ca", desk["ca"], "--stdin")
    refused = await terminals.run(CHIEF, *sign_in, text=PASSWORD, code=REFUSED)
    assert "需要动态口令" in refused["err"]
    await terminals.run(CHIEF, *sign_in, "--code", recovery[0], text=PASSWORD)
    assert (await terminals.json(CHIEF, "second-factor", "show"))["recovery_codes_left"] == 9
    wrong = await terminals.run(CHIEF, "second-factor", "confirm", "--code", recovery[0], code=REFUSED)
    assert "不正确" in wrong["err"]
    await terminals.run(CHIEF, "second-factor", "confirm", "--code", recovery[1])

    kinds = [each["kind"] for each in await terminals.json(CHIEF, "account", "log", "--limit", "4")]
    assert kinds == ["CONFIRMED", "RECOVERY_CODE_USED", "CHECK_REFUSED", "SIGNED_IN"]
    shown = (await terminals.run(CHIEF, "account", "log"))["out"]
    assert "动态口令绑定" in shown
    assert not [code for code in recovery if code in shown]
    await terminals.run(CHIEF, "second-factor", "remove", "--stdin", text=f"{PASSWORD}\n{recovery[2]}\n")
    await terminals.log_in(CHIEF)


async def test_tokens_are_made_listed_and_revoked(terminals: Terminals, stage: Stage) -> None:
    admin = stage.administrators[GUSU]["login"]
    await terminals.log_in(admin, stage.administrators[GUSU]["password"], GUSU)
    owner = ("account", "token", GUSU_CHIEF.login, "--role", "执行局长")
    await terminals.json(admin, *owner, "--label", "自动审批", "--may-approve")
    [theirs] = await terminals.json(admin, "account", "tokens", GUSU_CHIEF.login)
    assert (theirs["label"], theirs["may_approve"]) == ("自动审批", True)
    making = ("account", "token", admin, "--label", "夜间对账", "--role", "系统管理员")
    made = await terminals.json(admin, *making)
    [listed] = await terminals.json(admin, "account", "tokens")
    assert (listed["label"], listed["may_approve"], listed["last_used_at"]) == ("夜间对账", False, None)
    assert "夜间对账" in (await terminals.run(admin, "account", "tokens", "--all"))["out"]
    await terminals.run(admin, "account", "revoke-token", made["token_id"])
    [ended] = await terminals.json(admin, "account", "tokens", admin)
    assert ended["revoked"]
