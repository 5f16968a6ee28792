"""An account, and what may be entered for one."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from xiezhi.v1 import court_pb2
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.terms import Role
from xiezhi_domain.typed_text import half_width

# Letters of any script, because courts sign in with names as well as with numbers.
LONGEST_LOGIN: Final = 64
_LOGIN: Final = re.compile(rf"[\w.@-]{{2,{LONGEST_LOGIN}}}")
LONGEST_NAME: Final = 64
_CONTACTS: Final = ("phone", "mobile", "work_certificate", "duty_certificate")


@dataclass(frozen=True, slots=True)
class Account:
    """A person or a program. `password_hash` is empty for a program, which signs in with API tokens alone.

    `failures` counts tries since the last good one; `locked_until` is in ms since 1970; `must_change_password`:
    somebody else chose the password.
    """

    account_id: str
    login: str
    officer: court_pb2.Officer = field(repr=False)
    roles: frozenset[Role]
    password_hash: str = field(repr=False, default="")
    disabled: bool = False
    failures: int = 0
    locked_until: int = 0
    must_change_password: bool = False


def normal_login(text: str) -> str:
    """Return a login as it is stored and compared: half width, lower case."""
    return half_width(text).casefold()


def check_login(text: str, where: str) -> str:
    """Return the login in its normal form.

    :raises InvalidInput: naming the field *where*.
    """
    login = normal_login(text)
    if not _LOGIN.fullmatch(login):
        raise InvalidInput.in_field(where, "登录名应为 2 至 64 个字符，可用文字、数字和 . _ - @")
    return login


def check_roles(roles: frozenset[Role], where: str) -> frozenset[Role]:
    """Return *roles* if there are any.

    :raises InvalidInput: naming the field *where*.
    """
    if not roles:
        raise InvalidInput.in_field(where, "请至少选择一个岗位")
    return roles


def check_officer(officer: court_pb2.Officer, where: str) -> court_pb2.Officer:
    """Return the person's entry if it has a name and everything in it is of a sensible length.

    :raises InvalidInput: naming the field below *where*.
    """
    if not officer.name.strip():
        raise InvalidInput.in_field(f"{where}.name", "姓名必填")
    for name in ("name", *_CONTACTS):
        if len(getattr(officer, name)) > LONGEST_NAME:
            raise InvalidInput.in_field(f"{where}.{name}", f"最长 {LONGEST_NAME} 个字符")
    _check_day(officer.certificates_valid_until, f"{where}.certificates_valid_until")
    return officer


def _check_day(text: str, where: str) -> None:
    try:
        good = not text or date.fromisoformat(text).isoformat() == text
    except ValueError:
        good = False
    if not good:
        raise InvalidInput.in_field(where, "日期格式应为 2026-11-22")
