"""Dates, sums and lists as letters print them."""

from collections.abc import Iterable
from datetime import date
from typing import Final

_DIGITS: Final = "〇一二三四五六七八九"
_TEN: Final = 10
_FEN: Final = 100


def chinese_date(day: date) -> str:
    """Return a day as the foot of a court's paper says it: 二〇二六年十一月二十二日."""
    year = "".join(_DIGITS[int(digit)] for digit in str(day.year))
    return f"{year}年{_below_hundred(day.month)}月{_below_hundred(day.day)}日"


def plain_date(day: date) -> str:
    """Return a day inside a text: 2026年11月22日."""
    return f"{day.year}年{day.month}月{day.day}日"


def money(fen: int) -> str:
    """Return a sum in yuan with its unit; no word for none."""
    return f"{fen // _FEN:,}.{fen % _FEN:02d}元"


def listed(names: Iterable[str]) -> str:
    """Return names as a sentence lists them."""
    return "、".join(name for name in names if name)


def _below_hundred(number: int) -> str:
    tens, ones = divmod(number, _TEN)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")
