"""Checks of citizen ids (GB 11643-1999) and unified social credit codes (GB 32100-2015), and their masking.

What is decided here, and why:

- A wrong length or character is refused: nothing can be done with such a number.
- A citizen id with a wrong check digit is refused, because nearly always it is a typing error; with a reason
  it passes with a warning, because wrongly issued numbers exist.
- A credit code with a wrong check character only warns: issued codes with one are known.
- An area or birth date that cannot be is a warning, never a refusal: tables of areas lag behind.
- Old 15-digit ids are accepted with a note; they have no check digit.

No message repeats the number.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from stdnum import numdb
from stdnum.cn import ric, uscc

from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.typed_text import half_width

_CITIZEN_ID: Final = re.compile(r"[0-9]{17}[0-9X]")
_OLD_CITIZEN_ID: Final = re.compile(r"[0-9]{15}")
# 登记管理部门 and 机构类别, six digits of area, then no I, O, S, V, Z (GB 32100 art. 4).
_CREDIT_CODE: Final = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_SHOWN_BEFORE: Final = 6
_SHOWN_AFTER: Final = 4
_SHORTEST_SHOWN: Final = 15


@dataclass(frozen=True, slots=True)
class CheckedId:
    """A number in normal form, and the Chinese warnings that a clerk should see; none if all is well."""

    number: str
    warnings: tuple[str, ...] = ()


def check_citizen_id(text: str, override_reason: str = "", *, field: str = "citizen_id") -> CheckedId:
    """Check a citizen id (公民身份号码) of 18 or 15 characters; a lower-case x becomes X.

    Raise `InvalidInput` for a wrong shape, and for a wrong check digit unless `override_reason` is given.
    """
    number = half_width(text).upper()
    if _OLD_CITIZEN_ID.fullmatch(number):
        return CheckedId(number, ("15 位旧身份证号码没有校验码，请尽量核实 18 位号码",))
    if not _CITIZEN_ID.fullmatch(number):
        raise InvalidInput.in_field(
            field, "身份证号码应为 18 位：前 17 位为数字，最后一位为数字或 X（旧证 15 位数字）"
        )
    warnings = _birth_and_area(number)
    if ric.calc_check_digit(number) == number[-1]:
        return CheckedId(number, warnings)
    if not override_reason.strip():
        raise InvalidInput.in_field(field, "身份证号码校验码不符，请核对；确认证件如此的，请填写理由后提交")
    return CheckedId(number, ("身份证号码校验码不符，已按填写的理由接受", *warnings))


def check_credit_code(text: str, *, field: str = "credit_code") -> CheckedId:
    """Check a unified social credit code (统一社会信用代码). Raise `InvalidInput` for a wrong shape."""
    number = half_width(text).upper().replace("-", "")
    if not _CREDIT_CODE.fullmatch(number):
        raise InvalidInput.in_field(
            field,
            "统一社会信用代码应为 18 位：第 3 至 8 位为数字，其余为数字或大写字母（不含 I、O、S、V、Z）",
        )
    if uscc.calc_check_digit(number) != number[-1]:
        return CheckedId(number, ("统一社会信用代码校验码不符，请与营业执照核对",))
    return CheckedId(number)


def mask(number: str) -> str:
    """Give the first 6 and last 4 characters with stars between (前6后4); only stars for shorter numbers.

    Under 15 characters too little would stay hidden.
    """
    if len(number) < _SHORTEST_SHOWN:
        return "*" * len(number)
    hidden = len(number) - _SHOWN_BEFORE - _SHOWN_AFTER
    return number[:_SHOWN_BEFORE] + "*" * hidden + number[-_SHOWN_AFTER:]


def _birth_and_area(number: str) -> tuple[str, ...]:
    warnings = []
    try:
        date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
    except ValueError:
        warnings.append("身份证号码中的出生日期不存在，请核对")
    # Not `ric.get_birth_place`: it refuses areas younger than the holder, who may have got the id later.
    areas = numdb.get("cn/loc").info(number[:6])
    if not any("county" in properties for _, properties in areas):
        warnings.append("身份证号码前 6 位不是已知的地区代码，请核对")
    return tuple(warnings)
