"""系统管理: its pages side by side, each for those who may use it, and what their forms have in common."""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from typing import Final

from xiezhi_domain.terms import Role
from xiezhi_workbench.menu import Entry

HERE: Final = "/admin"
_STATUS: Final = frozenset({Role.ADMINISTRATOR, Role.CENTRE_DIRECTOR, Role.AUDITOR})
_MANAGING: Final = frozenset({Role.ADMINISTRATOR, Role.CENTRE_DIRECTOR})
_LOOKING: Final = _STATUS | {Role.CENTRE_OFFICER, Role.COURT_LEADER, Role.BUREAU_CHIEF, Role.SUPERVISOR}

TABS: Final = (
    Entry(f"{HERE}/status", "系统状态", "", roles=_STATUS),
    Entry(f"{HERE}/accounts", "账号与角色", "", roles=frozenset({Role.ADMINISTRATOR})),
    Entry(f"{HERE}/account-log", "账号日志", "", roles=frozenset({Role.ADMINISTRATOR, Role.AUDITOR})),
    Entry(f"{HERE}/calendar", "工作日历", "", roles=_LOOKING),
    Entry(f"{HERE}/rules", "规则库", "", roles=_LOOKING),
    Entry(f"{HERE}/templates", "文书模板", "", at_hub=False, roles=_MANAGING),
    Entry(f"{HERE}/channels", "渠道", "", roles=_LOOKING),
    Entry(f"{HERE}/connectors", "连接器", "", at_hub=False, roles=_STATUS | {Role.CENTRE_OFFICER}),
    Entry(f"{HERE}/restrictions", "限制查阅", "", at_node=False, roles=_LOOKING - {Role.ADMINISTRATOR}),
    Entry(f"{HERE}/erasures", "清除内容", "", at_node=False, roles=_LOOKING - {Role.ADMINISTRATOR}),
    Entry(f"{HERE}/looks", "谁看过", "", roles=frozenset({Role.AUDITOR, Role.COURT_LEADER})),
)
"""In the order in which they are shown; what a person may do there, the server says."""

ROLES: Final = frozenset[Role]().union(*(tab.roles for tab in TABS))
"""Who is offered any of them."""

# Without what is mistaken for something else in print: 0 O o, 1 l I.
_LETTERS: Final = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH: Final = 16
_SECRET: Final = secrets.token_bytes(32)


def tabs(roles: Collection[str], *, is_hub: bool) -> tuple[Entry, ...]:
    """Give the pages for somebody with *roles*."""
    return tuple(tab for tab in TABS if tab.is_for(roles, is_hub=is_hub))


def password_of(request_id: str) -> str:
    """Give the random password that belongs to a request: the same one again where a form is sent twice.

    It is kept nowhere; whoever does not have the secret of this process cannot work it out.
    """
    number = int.from_bytes(hmac.digest(_SECRET, request_id.encode(), hashlib.sha512))
    letters = []
    for _ in range(_LENGTH):
        number, at = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[at])
    return "".join(letters)
