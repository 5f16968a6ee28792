"""What may be entered as a leave."""

from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection

from xiezhi_desk.accounts.account import Account
from xiezhi_desk.accounts.store import find_account
from xiezhi_domain.errors import InvalidInput, Reason, WrongState
from xiezhi_domain.terms import Role
from xiezhi_node.leave.store import Leave, leaves_within

LONGEST_REASON: Final = 200
LONGEST_DAYS: Final = 366
DAYS_ALONE: Final = 1
"""A longer leave needs a substitute (practice.md §15)."""

WORKING: Final = frozenset(
    {
        Role.JUDGE,
        Role.ASSISTANT,
        Role.BUREAU_CHIEF,
        Role.CENTRE_DIRECTOR,
        Role.CENTRE_OFFICER,
        Role.FIELD_OFFICER,
    }
)
"""Roles in which matters are worked on: who stands in has to have those of the person who is away."""


def check_leave(connection: Connection, leave: Leave, today: date) -> None:
    """Let pass a leave that can be entered today.

    :raises InvalidInput: naming the field.
    :raises WrongState: the person is away on such a day already, or the substitute is.
    """
    away = _account(connection, leave.account, "account_id")
    if leave.first_day < today:
        raise InvalidInput.in_field("first_day", "起始日不能早于今天")
    days = (leave.last_day - leave.first_day).days + 1
    if not 0 < days <= LONGEST_DAYS:
        raise InvalidInput.in_field("last_day", "截止日不能早于起始日，且请假最长一年")
    if not 0 < len(leave.reason) <= LONGEST_REASON:
        raise InvalidInput.in_field("reason", f"请填写请假事由，最长 {LONGEST_REASON} 个字")
    if not leave.substitute and days + _days_alone_beside(connection, leave) > DAYS_ALONE:
        raise InvalidInput.in_field("substitute_id", "请假超过一天须先指定代理人")
    if leave.substitute:
        _check_substitute(connection, leave, away)
    if any(each.account == leave.account for each in _others(connection, leave.account, leave)):
        raise WrongState(Reason.WRONG_STATE, "这些日期已登记请假，请核对")
    if any(each.substitute == leave.account for each in _others(connection, leave.account, leave)):
        raise WrongState(Reason.WRONG_STATE, "请假人在此期间为他人代理，请先为其更换代理人")


def _check_substitute(connection: Connection, leave: Leave, away: Account) -> None:
    substitute = _account(connection, leave.substitute, "substitute_id")
    if leave.substitute == leave.account:
        raise InvalidInput.in_field("substitute_id", "代理人不能是请假人本人")
    lacking = (away.roles & WORKING) - substitute.roles
    if lacking:
        words = "、".join(role.zh for role in sorted(lacking))
        raise InvalidInput.in_field("substitute_id", f"代理人缺少岗位：{words}，请另选或先增加岗位")
    if any(each.account == leave.substitute for each in _others(connection, leave.substitute, leave)):
        raise WrongState(Reason.WRONG_STATE, "代理人在此期间也请假，请另选代理人")


def _days_alone_beside(connection: Connection, leave: Leave) -> int:
    """Return the days of absence without a substitute just before and after, so that a long leave is not cut up."""
    around = leaves_within(
        connection, leave.account, leave.first_day - timedelta(1), leave.last_day + timedelta(1)
    )
    return sum(
        (each.last_day - each.first_day).days + 1
        for each in around
        if each.account == leave.account and not each.substitute
    )


def _others(connection: Connection, account: str, leave: Leave) -> list[Leave]:
    return [*leaves_within(connection, account, leave.first_day, leave.last_day)]


def _account(connection: Connection, account_id: str, field: str) -> Account:
    account = find_account(connection, account_id) if account_id else None
    if account is None or account.disabled:
        raise InvalidInput.in_field(field, "请选择本院可用的账号")
    return account
