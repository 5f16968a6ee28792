"""The people of this court as events name them."""

from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import event_pb2
from xiezhi_desk.accounts.store import find_account, get_account
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.terms import Role
from xiezhi_node.acting.act import Person
from xiezhi_wire.caller import Caller

ASSIGNABLE: Final = frozenset({Role.FIELD_OFFICER, Role.CENTRE_OFFICER, Role.JUDGE})
"""Who can be given a matter to work on, by the contract."""


def person_of(connection: Connection, caller: Caller) -> Person:
    """Return the caller as the one who acts, with the roles that the session or token has.

    :raises NotFound: UNKNOWN_ACCOUNT.
    """
    account = get_account(connection, caller.account_id)
    actor = event_pb2.Actor(account_id=account.account_id, officer=account.officer)
    return Person(account.account_id, caller.roles, actor)


def assignee_of(connection: Connection, account_id: str, field: str) -> event_pb2.Actor:
    """Return the officer to whom a matter is given.

    :raises InvalidInput: naming *field*; no such account, a closed one, or one that does no such work.
    """
    account = find_account(connection, account_id) if account_id else None
    if account is None:
        raise InvalidInput.in_field(field, "请选择本院的办理人")
    if account.disabled:
        raise InvalidInput.in_field(field, "该账号已停用，请另选办理人")
    if not account.roles & ASSIGNABLE:
        words = "、".join(role.zh for role in sorted(ASSIGNABLE))
        raise InvalidInput.in_field(field, f"办理人应为{words}，请另选")
    return event_pb2.Actor(account_id=account.account_id, officer=account.officer)


def approver_of(connection: Connection, account_id: str, field: str) -> Person:
    """Return the person of this court who approved by word of mouth, with his roles.

    :raises InvalidInput: naming *field*; no such account, or a closed one.
    """
    account = find_account(connection, account_id) if account_id else None
    if account is None or account.disabled:
        raise InvalidInput.in_field(field, "请选择口头同意的本院审批人")
    actor = event_pb2.Actor(account_id=account.account_id, officer=account.officer)
    return Person(account.account_id, account.roles, actor)
