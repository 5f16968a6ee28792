"""账号与角色: the people and programs of the court: who they are, what they may do, where they are signed in."""

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Final, cast

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import Account, NotFound, Officer, XiezhiError
from xiezhi_client.sdk.vocabulary import Role as RoleName
from xiezhi_domain.terms import Role
from xiezhi_workbench import administering, words
from xiezhi_workbench.page import Page, Problem, page, status_of

HERE: Final = f"{administering.HERE}/accounts"


@page
async def show(page: Page) -> Response:
    """List the accounts, with who is signed in."""
    query = page.request.query_params
    role, wanted = query.get("role", ""), query.get("name", "").strip().casefold()
    accounts, sessions = await asyncio.gather(page.client.accounts.list(), page.client.accounts.sessions())
    found = [
        each
        for each in accounts
        if (not role or role in each.roles) and wanted in f"{_name(each)} {each.login}".casefold()
    ]
    return page.render(
        "accounts/list.html",
        tabs=_tabs(page),
        accounts=found,
        signed_in=Counter(each.account_id for each in sessions),
        all_roles=Role,
        role=role,
        name=query.get("name", ""),
        locked={each.account_id for each in accounts if _is_locked(each)},
    )


@page
async def new(page: Page) -> Response:
    """Show the form of a new account."""
    return _form(page, Account(officer=Officer()))


@page
async def create(page: Page) -> Response:
    """Make an account and show its first password, this once."""
    account = replace(_typed(page, Account()), must_change_password=True)
    request_id = page.text("request_id")
    # A program signs in with tokens alone.
    password = "" if account.roles == (Role.INTEGRATION.value,) else administering.password_of(request_id)
    try:
        made = await page.client.accounts.create(account, password, request_id=request_id)
    except XiezhiError as error:
        return _form(page, account, error)
    return await _one(page, made.account_id, password=password, word="账号已建立")


@page
async def one(page: Page) -> Response:
    """Show an account."""
    return await _one(page, page.request.path_params["id"])


@page
async def change(page: Page) -> Response:
    """Change name, contact and roles."""
    which = page.request.path_params["id"]
    changed = _typed(page, await _find(page, which))
    try:
        await page.client.accounts.update(changed, request_id=page.text("request_id"))
    except XiezhiError as error:
        return await _one(page, which, error=error, typed=changed)
    return page.see(f"{HERE}/{which}", "已保存")


@page
async def act(page: Page) -> Response:
    """Disable, enable, unlock, end sessions or a token, remove one-time codes, or set another random password."""
    which, request_id = page.request.path_params["id"], page.text("request_id")
    accounts, account = page.client.accounts, await _find(page, which)
    told, password = "", ""
    try:
        match page.request.path_params["step"]:
            case "disable":
                await accounts.update(replace(account, disabled=True), request_id=request_id)
                told = "账号已停用，其会话已全部结束"
            case "enable":
                await accounts.update(replace(account, disabled=False), request_id=request_id)
                told = "账号已启用"
            case "unlock":
                await accounts.unlock(which)
                told = "账号已解锁"
            case "second-factor":
                await page.client.second_factor.reset(which)
                told = "动态口令已解除，请其尽快重新绑定"
            case "revoke":
                await accounts.revoke_token(page.request.query_params.get("token_id", ""))
                told = "令牌已吊销"
            case "sessions":
                told = f"已结束会话 {await accounts.end_sessions(which, request_id=request_id)} 个"
            case "password":
                password = administering.password_of(request_id)
                first = replace(account, must_change_password=True)
                await accounts.update(first, new_password=password, request_id=request_id)
    except XiezhiError as error:
        return await _one(page, which, error=error)
    if password:
        return await _one(page, which, password=password, word="密码已重置，原有会话已全部结束")
    return page.see(f"{HERE}/{which}", told)


@page
async def bind(page: Page) -> Response:
    """Bind an account to an identity, or take the one that it has away."""
    which, subject = page.request.path_params["id"], page.text("subject").strip()
    identities = page.client.identities
    try:
        await (identities.unbind(which) if page.text("remove") else identities.bind(which, subject))
    except XiezhiError as error:
        return await _one(page, which, error=error)
    told = "统一身份已解除绑定" if page.text("remove") else "统一身份已绑定"
    return page.see(f"{HERE}/{which}", f"{told}，原有会话已全部结束")


async def _one(
    page: Page,
    which: str,
    *,
    password: str = "",
    word: str = "",
    error: XiezhiError | None = None,
    typed: Account | None = None,
) -> Response:
    account, sessions, factor, tokens, identity, provider = await asyncio.gather(
        _find(page, which),
        page.client.accounts.sessions(which),
        page.client.second_factor.get(which),
        page.client.accounts.tokens(which),
        page.client.identities.get(which),
        page.client.identities.provider(),
    )
    return page.render(
        "accounts/one.html",
        status_of(error) if error else 200,
        tabs=_tabs(page),
        account=account,
        typed=typed or account,
        sessions=sessions,
        factor=factor,
        tokens=tokens,
        identity=identity,
        provider=provider,
        locked=_is_locked(account),
        password=password,
        word=word,
        all_roles=Role,
        is_own=account.account_id == (page.me.account.account_id if page.me.account else ""),
        problem=Problem.of(error) if error else None,
    )


def _form(page: Page, account: Account, error: XiezhiError | None = None) -> Response:
    return page.render(
        "accounts/new.html",
        status_of(error) if error else 200,
        tabs=_tabs(page),
        typed=account,
        all_roles=Role,
        problem=Problem.of(error) if error else None,
    )


async def _find(page: Page, which: str) -> Account:
    accounts = await page.client.accounts.list()
    found = next((each for each in accounts if each.account_id == which), None)
    if found is None:
        raise NotFound("UNKNOWN_ACCOUNT", "没有这个账号")
    return found


def _typed(page: Page, before: Account) -> Account:
    """Give the account as the form has it; login and state are left as they are."""
    person = replace(
        before.officer or Officer(),
        name=page.text("account.officer.name"),
        phone=page.text("account.officer.phone"),
        mobile=page.text("account.officer.mobile"),
        work_certificate=page.text("account.officer.work_certificate"),
        duty_certificate=page.text("account.officer.duty_certificate"),
        certificates_valid_until=page.text("account.officer.certificates_valid_until"),
    )
    roles = tuple(cast(RoleName, role) for role in page.form.getlist("account.roles") if role in set(Role))
    return replace(before, login=before.login or page.text("account.login"), officer=person, roles=roles)


def _name(account: Account) -> str:
    return account.officer.name if account.officer else ""


def _is_locked(account: Account) -> bool:
    return bool(account.locked_until and account.locked_until > words.now())


def _tabs(page: Page) -> object:
    return administering.tabs(page.roles, is_hub=page.is_hub)


routes = [
    Route(HERE, show),
    Route(HERE, create, methods=["POST"]),
    Route(f"{HERE}/new", new),
    Route(f"{HERE}/{{id}}", one),
    Route(f"{HERE}/{{id}}", change, methods=["POST"]),
    Route(f"{HERE}/{{id}}/identity", bind, methods=["POST"]),
    Route(f"{HERE}/{{id}}/{{step}}", act, methods=["POST"]),
]
