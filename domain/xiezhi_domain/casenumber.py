"""Case numbers (案号): read as people write them, written as the rule says.

Since 2016: `（收案年度）法院代字 类型代字 案件编号 号`, 法〔2015〕137号 arts 2-10.
Before: `（2015）芙民初字第7479号`, a local court word and type without a boundary between them.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final, Self

from xiezhi_domain.courts import COURT_CODE
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.typed_text import half_width, round_brackets

NEW_FORM_SINCE: Final = 2016
EXAMPLE: Final = "（2022）苏0591执1234号"
_OLD_EXAMPLE: Final = "（2015）芙民初字第7479号"
_FOUNDING: Final = 1949

_YEAR: Final = re.compile(r"\(([0-9]{4})\)(.*)")
_TAIL: Final = re.compile(r"(.*?)([0-9]{1,9})(-[0-9]{1,3})?号(之[一二三四五六七八九十百]+)?")
_NEW_HEAD: Final = re.compile(rf"({COURT_CODE})(.*)")
_OLD_HEAD: Final = re.compile(r"([一-龥]{1,10})字第?")
_TYPE: Final = re.compile(r"[一-龥]{1,3}")


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """One case number in its parts.

    `court` is the court's code, in old numbers its local word. `type_code` is empty where an old number ends
    in a local type that the table does not know; `court` then holds both. `suffix` is what a ruling adds:
    `之一` after 号, or `-1` before it in old numbers.
    """

    year: int
    court: str
    type_code: str
    number: int
    suffix: str = ""

    @classmethod
    def parse(cls, text: str, field: str = "case_number") -> Self:
        """Read a number with any brackets, full-width digits and spaces; leading zeros are dropped (art. 10).

        Raise `InvalidInput`, which says what is wrong but does not repeat the number.
        """
        written = round_brackets(half_width(text))
        if not written:
            raise InvalidInput.in_field(field, f"请填写案号，例如{EXAMPLE}")
        year, rest = _read_year(written, field)
        head, number, dash, suffix = _read_tail(rest, field)
        if _OLD_HEAD.fullmatch(head):
            court, type_code = _read_old_head(head, year, field)
            return cls(year, court, type_code, number, dash + suffix)
        if dash:
            raise InvalidInput.in_field(field, f"案件编号应为连续的数字，例如{EXAMPLE}")
        court, type_code = _read_new_head(head, year, field)
        return cls(year, court, type_code, number, suffix)

    @property
    def is_old_form(self) -> bool:
        """Whether the number is written in the form before 2016."""
        return self.year < NEW_FORM_SINCE

    @property
    def type_name(self) -> str:
        """The Chinese name of the type, or the type code itself where the table does not know it."""
        return case_types().get(self.type_code, self.type_code)

    def __str__(self) -> str:
        """Give the number in normal form, with full-width brackets."""
        if not self.is_old_form:
            return f"（{self.year}）{self.court}{self.type_code}{self.number}号{self.suffix}"
        before, after = (self.suffix, "") if self.suffix.startswith("-") else ("", self.suffix)
        return f"（{self.year}）{self.court}{self.type_code}字第{self.number}{before}号{after}"


@cache
def case_types() -> Mapping[str, str]:
    """Give type code -> Chinese name of the shipped table (`data/case_types.toml`)."""
    text = resources.files("xiezhi_domain").joinpath("data/case_types.toml").read_text(encoding="utf-8")
    return MappingProxyType({row["code"]: row["name"] for row in tomllib.loads(text)["type"]})


def _read_year(written: str, field: str) -> tuple[int, str]:
    match = _YEAR.fullmatch(written)
    if match is None:
        raise InvalidInput.in_field(field, f"案号应以括号中的四位收案年度开头，例如{EXAMPLE}")
    year = int(match[1])
    if year < _FOUNDING:
        raise InvalidInput.in_field(field, "案号中的收案年度不正确，请核对")
    return year, match[2]


def _read_tail(rest: str, field: str) -> tuple[str, int, str, str]:
    if "号" not in rest:
        raise InvalidInput.in_field(field, f"案号缺少“号”字，例如{EXAMPLE}")
    match = _TAIL.fullmatch(rest)
    if match is None:
        raise InvalidInput.in_field(
            field, f"案号的案件编号不正确：“号”字前应为数字，“号”字后只能是“之一”等，例如{EXAMPLE}"
        )
    if int(match[2]) == 0:
        raise InvalidInput.in_field(field, "案号的案件编号不能为 0")
    return match[1], int(match[2]), match[3] or "", match[4] or ""


def _read_new_head(head: str, year: int, field: str) -> tuple[str, str]:
    if year < NEW_FORM_SINCE:
        raise InvalidInput.in_field(field, f"2016 年以前的案号应有“字第”二字，例如{_OLD_EXAMPLE}")
    match = _NEW_HEAD.fullmatch(head)
    if match is None or match[2][:1].isdigit():
        raise InvalidInput.in_field(
            field, f"案号的法院代字不正确：应为“最高法”，或省份简称加 2 位、4 位数字，例如{EXAMPLE}"
        )
    if not _TYPE.fullmatch(match[2]):
        raise InvalidInput.in_field(field, "案号的类型代字不正确：应为 1 至 3 个汉字，例如 执、执恢、执保")
    return match[1], match[2]


def _read_old_head(head: str, year: int, field: str) -> tuple[str, str]:
    if year >= NEW_FORM_SINCE:
        raise InvalidInput.in_field(field, f"2016 年起的案号没有“字第”二字，例如{EXAMPLE}")
    word = head.removesuffix("第").removesuffix("字")
    known = [code for code in case_types() if word.endswith(code) and word != code]
    type_code = max(known, key=len, default="")
    return word.removesuffix(type_code), type_code
