"""Courts, their codes (法院代字) and the tree of superiors.

A code is `最高法`, a province's abbreviation for its High Court, or that and two digits (intermediate) or
four (basic): 法〔2015〕137号 arts 4-5. Codes are data from a table with a source each. They are never
computed from district codes: a re-zoned court keeps its old code (art. 13), and new courts count from 91 up.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final

from xiezhi_domain.errors import InvalidInput, NotAllowed, NotFound, Reason
from xiezhi_domain.terms import CourtLevel
from xiezhi_domain.typed_text import half_width

PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋内陕吉闽贵粤青藏川宁琼军兵"
COURT_CODE: Final = rf"(?:最高法|[{PROVINCES}](?:[0-9]{{4}}|[0-9]{{2}})?)"
"""A regular expression of the shape of a court code, after `half_width`."""

_WHOLE_CODE: Final = re.compile(COURT_CODE)


@dataclass(frozen=True, slots=True)
class Court:
    """One court under one code.

    `superior` is the code of the next higher court, None at the top. The code is valid from `valid_from` to
    `valid_to`, both days included, None meaning open. `source` says how the code is known; the shipped table
    uses C (seen together with the court), D (derived from GB/T 2260 by art. 5), or both.
    """

    code: str
    name: str
    level: CourtLevel
    superior: str | None
    valid_from: date | None
    valid_to: date | None
    source: str

    def is_valid_on(self, day: date) -> bool:
        """Say whether the code was in use on `day`."""
        begun = self.valid_from is None or self.valid_from <= day
        ended = self.valid_to is not None and self.valid_to < day
        return begun and not ended


def parse_court_code(text: str, field: str = "court") -> str:
    """Give the code in normal form; it need not exist. Raise `InvalidInput` where the shape is wrong."""
    code = half_width(text)
    if not _WHOLE_CODE.fullmatch(code):
        raise InvalidInput.in_field(
            field, "法院代字不正确：应为“最高法”，或省份简称加 2 位、4 位数字，例如 苏、苏05、苏0591"
        )
    return code


class CourtTree:
    """Courts and their superiors; immutable. A court is its own superior wherever superiors are compared."""

    def __init__(self, courts: Iterable[Court]) -> None:
        """Build the tree. Raise `InvalidInput` for a code twice, an unknown superior, or a circle."""
        by_code: dict[str, Court] = {}
        for court in courts:
            if court.code in by_code:
                raise InvalidInput.in_field("code", f"法院代字重复：{court.code}")
            by_code[court.code] = court
        self._by_code: Mapping[str, Court] = MappingProxyType(by_code)
        self._chains: Mapping[str, tuple[Court, ...]] = MappingProxyType(
            {code: self._climb(court) for code, court in by_code.items()}
        )
        self._subtrees: Mapping[str, frozenset[str]] = MappingProxyType(_subtrees(self._chains))

    def _climb(self, court: Court) -> tuple[Court, ...]:
        chain = [court]
        while (superior := chain[-1].superior) is not None:
            if superior not in self._by_code:
                raise InvalidInput.in_field("superior", f"{chain[-1].code} 的上级法院不在名录中：{superior}")
            chain.append(self._by_code[superior])
            if len(chain) > len(self._by_code):
                raise InvalidInput.in_field("superior", f"{court.code} 的上级法院关系成环")
        return tuple(chain)

    def __iter__(self) -> Iterator[Court]:
        """Give the courts in the order in which they came."""
        return iter(self._by_code.values())

    def __len__(self) -> int:
        """Give the number of courts."""
        return len(self._by_code)

    def __contains__(self, code: object) -> bool:
        """Say whether there is a court of this code."""
        return code in self._by_code

    def get(self, code: str) -> Court:
        """Give the court of `code`. Raise `NotFound` (`UNKNOWN_COURT`)."""
        court = self._by_code.get(code)
        if court is None:
            raise NotFound(
                Reason.UNKNOWN_COURT, f"没有这个法院代字：{code}，请核对", metadata={"court": code}
            )
        return court

    def superiors(self, code: str) -> tuple[Court, ...]:
        """Give the courts above `code`, nearest first, without itself. Raise `NotFound`."""
        self.get(code)
        return self._chains[code][1:]

    def subordinates(self, code: str) -> tuple[Court, ...]:
        """Give the courts whose next higher court is `code`. Raise `NotFound`."""
        self.get(code)
        return tuple(court for court in self if court.superior == code)

    def subtree(self, code: str) -> frozenset[str]:
        """Give the codes of `code` and of every court below it. Raise `NotFound`."""
        self.get(code)
        return self._subtrees[code]

    def lowest_common_superior(self, a: str, b: str) -> Court:
        """Give the nearest court that is a superior of both; between 苏05 and 苏0591 it is 苏05.

        Raise `NotFound` for an unknown court and `NotAllowed` (`NO_COMMON_HUB`) where the tree knows none.
        """
        self.get(a)
        self.get(b)
        for court in self._chains[a]:
            if b in self._subtrees[court.code]:
                return court
        raise NotAllowed(Reason.NO_COMMON_HUB, metadata={"courts": f"{a},{b}"})


def _subtrees(chains: Mapping[str, tuple[Court, ...]]) -> dict[str, frozenset[str]]:
    below: dict[str, set[str]] = {code: set() for code in chains}
    for code, chain in chains.items():
        for superior in chain:
            below[superior.code].add(code)
    return {code: frozenset(codes) for code, codes in below.items()}


@cache
def shipped_courts() -> CourtTree:
    """Give the tree of the courts that ship with the platform (`data/courts.toml`)."""
    text = resources.files("xiezhi_domain").joinpath("data/courts.toml").read_text(encoding="utf-8")
    return CourtTree(_court(row) for row in tomllib.loads(text)["court"])


def _court(row: Mapping[str, Any]) -> Court:
    return Court(
        code=row["code"],
        name=row["name"],
        level=CourtLevel(row["level"]),
        superior=row.get("superior"),
        valid_from=row.get("valid_from"),
        valid_to=row.get("valid_to"),
        source=row["source"],
    )
