"""Making and changing accounts and API tokens. Functions for the journal's `write` and `write_once`."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import account_service_pb2 as pb
from xiezhi_desk.account_journal.recording import Occasion
from xiezhi_desk.accounts import bearer_store, store
from xiezhi_desk.accounts.account import Account
from xiezhi_desk.accounts.bearer_store import ApiToken
from xiezhi_desk.accounts.convert import changed_account
from xiezhi_desk.accounts.lockout import Tries
from xiezhi_desk.accounts.passwords import check_password
from xiezhi_domain.errors import InvalidInput, NotAllowed, NotFound, Reason, WrongState
from xiezhi_domain.terms import AccountEventKind, Role
from xiezhi_wire.caller import Caller

LONGEST_LABEL: Final = 100
LONGEST_TOKEN_MS: Final = 366 * 24 * 3_600_000


def check_first_password(account: Account, password: str) -> None:
    """Check the password of a new account; a program may have none and then uses API tokens alone.

    :raises InvalidInput: naming ``password``.
    """
    if password or Role.INTEGRATION not in account.roles:
        check_password(password, account.login, "password")


def closes_freely(_connection: Connection, _account: Account) -> None:
    """Let any account be closed: where nobody owns anything."""


def update_account(
    connection: Connection,
    wanted: pb.Account,
    new_hash: str,
    on: Occasion,
    may_close: Callable[[Connection, Account], None] = closes_freely,
) -> Account:
    """Store the account as it shall be and return it; where its rights shrink its sessions end.

    *new_hash* is that of a new password, empty to leave the old one; *on* says who changes it and when;
    *may_close* refuses to disable an account.

    :raises NotFound: UNKNOWN_ACCOUNT.
    :raises InvalidInput: as `changed_account`.
    :raises NotAllowed: as `check_own_roles`.
    :raises WrongState: it would take the last administrator away.
    """
    before = store.get_account(connection, wanted.account_id)
    after = changed_account(before, wanted)
    check_own_roles(before, after, on.by)
    if after.disabled and not before.disabled:
        may_close(connection, before)
    if _administers(before) and not _administers(after):
        _require_other_administrator(connection, before.account_id)
    if new_hash:
        must_change = wanted.must_change_password
        after = replace(
            after, password_hash=new_hash, failures=0, locked_until=0, must_change_password=must_change
        )
    store.replace_account(connection, after)
    if new_hash or after.disabled or not before.roles <= after.roles:
        bearer_store.end_sessions_of(connection, after.account_id)
    _note_changes(connection, before, after, on)
    if new_hash:
        on.note(connection, AccountEventKind.PASSWORD_RESET, after.account_id)
    return after


def add_account(connection: Connection, account: Account, on: Occasion) -> None:
    """Add an account.

    :raises Conflict: LOGIN_TAKEN.
    """
    store.add_account(connection, account)
    on.note(connection, AccountEventKind.CREATED, account.account_id, roles_in_words(account.roles))


def roles_in_words(roles: frozenset[Role]) -> str:
    """Return roles as people read them."""
    return "、".join(role.zh for role in Role if role in roles)


def check_own_roles(before: Account, after: Account, by: str) -> None:
    """Let pass a change that does not give further roles to the account of who makes it.

    :raises NotAllowed: FORBIDDEN.
    """
    if by == before.account_id and not after.roles <= before.roles:
        raise NotAllowed(Reason.FORBIDDEN, f"不能给自己增加岗位，请由另一名{Role.ADMINISTRATOR.zh}办理")


def set_own_password(
    connection: Connection, account: Account, password_hash: str, on: Occasion, *, but: bytes
) -> None:
    """Store a password that its owner chose; all sessions end but the one whose token has this hash."""
    on.note(connection, AccountEventKind.PASSWORD_CHANGED, account.account_id)
    changed = replace(account, password_hash=password_hash, must_change_password=False)
    store.replace_account(connection, changed)
    bearer_store.let_session_go_on(connection, but)
    bearer_store.end_sessions_of(connection, account.account_id, but=but)


def unlock_account(connection: Connection, account_id: str, on: Occasion) -> Account:
    """Forget the wrong passwords of an account and return it.

    :raises NotFound: UNKNOWN_ACCOUNT.
    """
    account = store.get_account(connection, account_id)
    store.set_tries(connection, account_id, Tries())
    on.note(connection, AccountEventKind.UNLOCKED, account_id)
    return replace(account, failures=0, locked_until=0)


def add_api_token(connection: Connection, token: ApiToken, on: Occasion) -> None:
    """Store a new token.

    :raises NotFound: UNKNOWN_ACCOUNT.
    :raises InvalidInput: it wants roles that its account has not, or ends in the past or in more than a year.
    """
    account = store.get_account(connection, token.account_id)
    if not token.roles <= account.roles:
        raise InvalidInput.in_field("roles", "令牌的岗位不能超出账号的岗位")
    if not on.at < token.expires_at <= on.at + LONGEST_TOKEN_MS:
        raise InvalidInput.in_field("expires_at", "有效期应晚于现在，最长一年")
    bearer_store.add_api_token(connection, token)
    words = [token.label, roles_in_words(token.roles), *(["可审批、签章"] if token.may_approve else [])]
    on.note(connection, AccountEventKind.TOKEN_MADE, token.account_id, "；".join(words))


def check_may_vouch(caller: Caller, account_id: str) -> None:
    """Let a person make a token that approves and seals for an account that is not his own.

    Else a program made itself a stronger token, and a person got round the second factor that his court demands of him.

    :raises NotAllowed: FORBIDDEN.
    """
    if caller.token_id is not None:
        raise NotAllowed(Reason.FORBIDDEN, "程序令牌不能签发可以审批、签章的令牌，请由系统管理员登录后办理")
    if caller.account_id == account_id:
        raise NotAllowed(
            Reason.FORBIDDEN, f"不能给自己签发可以审批、签章的令牌，请由另一名{Role.ADMINISTRATOR.zh}办理"
        )


def revoke_api_token(connection: Connection, token_id: str, caller: Caller, on: Occasion) -> None:
    """End a token of the caller's own account, or as an administrator of any; ending it again changes nothing.

    :raises NotFound: TOKEN_INVALID; there is no such token, or not for this caller.
    """
    token = bearer_store.find_token(connection, token_id)
    is_own = token is not None and token.account_id == caller.account_id
    if token is None or not (is_own or Role.ADMINISTRATOR in caller.roles):
        raise NotFound(Reason.TOKEN_INVALID, "没有这个令牌，请核对标识")
    if not token.revoked:
        bearer_store.revoke_api_token(connection, token_id)
        on.note(connection, AccountEventKind.TOKEN_REVOKED, token.account_id, token.label)


def whose_tokens(caller: Caller, account_id: str, *, everybody: bool) -> str | None:
    """Return the account whose tokens a caller asks for and may see, None for all; by default his own.

    :raises NotAllowed: FORBIDDEN; only administrators see those of others.
    """
    wanted = account_id or (None if everybody else caller.account_id)
    if wanted != caller.account_id and Role.ADMINISTRATOR not in caller.roles:
        raise NotAllowed(Reason.FORBIDDEN, f"他人的令牌由{Role.ADMINISTRATOR.zh}查看")
    return wanted


def check_label(label: str) -> str:
    """Return what a token is for, without space around it.

    :raises InvalidInput: naming ``label``; it is empty or very long.
    """
    stripped = label.strip()
    if not 0 < len(stripped) <= LONGEST_LABEL:
        raise InvalidInput.in_field("label", f"用途必填，最长 {LONGEST_LABEL} 个字")
    return stripped


def _note_changes(connection: Connection, before: Account, after: Account, on: Occasion) -> None:
    if before.roles != after.roles:
        words = f"{roles_in_words(before.roles)} → {roles_in_words(after.roles)}"
        on.note(connection, AccountEventKind.ROLES_CHANGED, after.account_id, words)
    if before.disabled != after.disabled:
        kind = AccountEventKind.DISABLED if after.disabled else AccountEventKind.ENABLED
        on.note(connection, kind, after.account_id)


def _administers(account: Account) -> bool:
    return Role.ADMINISTRATOR in account.roles and not account.disabled


def _require_other_administrator(connection: Connection, account_id: str) -> None:
    administrators = store.list_accounts(connection, Role.ADMINISTRATOR)
    if not any(_administers(each) and each.account_id != account_id for each in administrators):
        raise WrongState(Reason.WRONG_STATE, f"至少应保留一名可用的{Role.ADMINISTRATOR.zh}")
