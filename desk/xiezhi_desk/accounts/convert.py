"""Accounts as messages, and what messages say about accounts, checked."""

from dataclasses import replace
from typing import Any

from xiezhi.v1 import account_service_pb2 as pb
from xiezhi_desk.accounts.account import Account, check_login, check_officer, check_roles
from xiezhi_desk.accounts.bearer_store import ApiToken
from xiezhi_desk.accounts.session import SignedIn
from xiezhi_desk.terms import ROLES
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import InvalidInput


def to_message(account: Account) -> pb.Account:
    """Return the account as a message; nothing of its password is in it."""
    message = pb.Account(
        account_id=account.account_id,
        login=account.login,
        officer=account.officer,
        roles=ROLES.all_to_proto(account.roles),
        disabled=account.disabled,
        must_change_password=account.must_change_password,
    )
    if account.locked_until:
        message.locked_until.CopyFrom(to_timestamp(account.locked_until))
    return message


def signed_in_message(signed_in: SignedIn, court: str) -> pb.SignInResponse:
    """Return what a program or workbench of *court* is told that has signed somebody in."""
    session, account, before = signed_in
    message = pb.SignInResponse(
        session_token=session.token,
        expires_at=to_timestamp(session.expires_at),
        account=to_message(account),
        court=court,
        previous_address=before.address,
        refused_since=before.refused_since,
    )
    if before.at:
        message.previous_at.CopyFrom(to_timestamp(before.at))
    return message


def session_message(row: Any) -> pb.Session:
    """Return a row of `bearer_store.list_sessions` as a message."""
    return pb.Session(
        account_id=row.account_id,
        started_at=to_timestamp(row.started_at),
        last_used_at=to_timestamp(row.seen_at),
        expires_at=to_timestamp(row.expires_at),
    )


def token_message(token: ApiToken) -> pb.ApiToken:
    """Return a token as a message; nothing of its secret is in it."""
    message = pb.ApiToken(
        token_id=token.token_id,
        account_id=token.account_id,
        label=token.label,
        roles=ROLES.all_to_proto(token.roles),
        expires_at=to_timestamp(token.expires_at),
        revoked=token.revoked,
        may_approve=token.may_approve,
    )
    if token.made_at:
        message.made_at.CopyFrom(to_timestamp(token.made_at))
    if token.used_at:
        message.last_used_at.CopyFrom(to_timestamp(token.used_at))
    return message


def new_account(message: pb.Account, account_id: str) -> Account:
    """Return the account that a message wants made.

    :raises InvalidInput: naming the field below ``account``.
    """
    return Account(
        account_id=account_id,
        login=check_login(message.login, "account.login"),
        officer=check_officer(message.officer, "account.officer"),
        roles=check_roles(ROLES.all_from_proto(message.roles, "account.roles"), "account.roles"),
        disabled=message.disabled,
        must_change_password=message.must_change_password,
    )


def changed_account(account: Account, message: pb.Account) -> Account:
    """Return the account as a message wants it to be.

    :raises InvalidInput: as `new_account`; a login stays what it is, because records name it.
    """
    wanted = new_account(message, account.account_id)
    if wanted.login != account.login:
        raise InvalidInput.in_field("account.login", "登录名不能修改，请另建账号")
    return replace(account, officer=wanted.officer, roles=wanted.roles, disabled=wanted.disabled)
