"""Making and changing accounts and API tokens. Functions for the journal's `write` and `write_once`."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import account_service_pb2 as pb
from xiezhi_desk.accounts import bearer_store, store
from xiezhi_desk.accounts.account import Account
from xiezhi_desk.accounts.bearer_store import ApiToken
from xiezhi_desk.accounts.convert import changed_account
from xiezhi_desk.accounts.lockout import Tries
from xiezhi_desk.accounts.passwords import check_password
from xiezhi_domain.errors import InvalidInput, NotAllowed, Reason, WrongState
from xiezhi_domain.terms import Role

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
    by: str,
    may_close: Callable[[Connection, Account], None] = closes_freely,
) -> Account:
    """Store the account as it shall be and return it; where its rights shrink its sessions end.

    *new_hash* is that of a new password, empty to leave the old one; *by* is the account id of who changes it;
    *may_close* refuses to disable an account.

    :raises NotFound: UNKNOWN_ACCOUNT.
    :raises InvalidInput: as `changed_account`.
    :raises NotAllowed: as `check_own_roles`.
    :raises WrongState: it would take the last administrator away.
    """
    before = store.get_account(connection, wanted.account_id)
    after = changed_account(before, wanted)
    check_own_roles(before, after, by)
    if after.disabled and not before.disabled:
        may_close(connection, before)
    if _administers(before) and not _administers(after):
        _require_other_administrator(connection, before.account_id)
    if new_hash:
        after = replace(after, password_hash=new_hash, failures=0, locked_until=0)
    store.replace_account(connection, after)
    if new_hash or after.disabled or not before.roles <= after.roles:
        bearer_store.end_sessions_of(connection, after.account_id)
    return after


def check_own_roles(before: Account, after: Account, by: str) -> None:
    """Let pass a change that does not give further roles to the account of who makes it.

    :raises NotAllowed: FORBIDDEN.
    """
    if by == before.account_id and not after.roles <= before.roles:
        raise NotAllowed(Reason.FORBIDDEN, f"不能给自己增加岗位，请由另一名{Role.ADMINISTRATOR.zh}办理")


def set_own_password(connection: Connection, account: Account, password_hash: str, *, but: bytes) -> None:
    """Store a new password; all sessions end but the one whose token has this hash."""
    store.replace_account(connection, replace(account, password_hash=password_hash))
    bearer_store.end_sessions_of(connection, account.account_id, but=but)


def unlock_account(connection: Connection, account_id: str) -> Account:
    """Forget the wrong passwords of an account and return it.

    :raises NotFound: UNKNOWN_ACCOUNT.
    """
    account = store.get_account(connection, account_id)
    store.set_tries(connection, account_id, Tries())
    return replace(account, failures=0, locked_until=0)


def add_api_token(connection: Connection, token: ApiToken, now: int) -> None:
    """Store a new token.

    :raises NotFound: UNKNOWN_ACCOUNT.
    :raises InvalidInput: it wants roles that its account has not, or ends in the past or in more than a year.
    """
    account = store.get_account(connection, token.account_id)
    if not token.roles <= account.roles:
        raise InvalidInput.in_field("roles", "令牌的岗位不能超出账号的岗位")
    if not now < token.expires_at <= now + LONGEST_TOKEN_MS:
        raise InvalidInput.in_field("expires_at", "有效期应晚于现在，最长一年")
    bearer_store.add_api_token(connection, token)


def check_label(label: str) -> str:
    """Return what a token is for, without space around it.

    :raises InvalidInput: naming ``label``; it is empty or very long.
    """
    stripped = label.strip()
    if not 0 < len(stripped) <= LONGEST_LABEL:
        raise InvalidInput.in_field("label", f"用途必填，最长 {LONGEST_LABEL} 个字")
    return stripped


def _administers(account: Account) -> bool:
    return Role.ADMINISTRATOR in account.roles and not account.disabled


def _require_other_administrator(connection: Connection, account_id: str) -> None:
    administrators = store.list_accounts(connection, Role.ADMINISTRATOR)
    if not any(_administers(each) and each.account_id != account_id for each in administrators):
        raise WrongState(Reason.WRONG_STATE, f"至少应保留一名可用的{Role.ADMINISTRATOR.zh}")
