"""The number of a matter, short enough to be said on the phone: `苏0591委〔2026〕1187号`.

It is found by `0591 1187`. The sender's node makes it offline and never uses one twice; it is a
name for people, not an identity.
"""

import re
from dataclasses import dataclass
from typing import Final, Self

from xiezhi_domain.courts import COURT_CODE
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.typed_text import half_width, round_brackets

ENTRUSTED: Final = "委"
"""The word of the series in which courts number what they send."""

TRIAL: Final = "试"
"""The word of the series in which a court numbers what it sends while it tries the platform out (practice.md §18 ⑧)."""

EXAMPLE: Final = "苏0591委〔2026〕1187号"

TRIAL_MARK: Final = f"{TRIAL}〔"
"""What the numbers of a trial have, and no others."""

_FULL: Final = re.compile(rf"({COURT_CODE})([一-龥])\(([0-9]{{4}})\)0*([1-9][0-9]{{0,8}})号?")
_WRITTEN: Final = re.compile(rf"({COURT_CODE})([一-龥])〔([0-9]{{4}})〕([1-9][0-9]{{0,8}})号")
_SHORT: Final = re.compile(rf"({COURT_CODE}|[0-9]{{4}}|[0-9]{{2}}) 0*([1-9][0-9]{{0,8}})号?")


@dataclass(frozen=True, slots=True)
class MatterNumber:
    """`court` code, `year`, running `number` in the court's `series` of that year."""

    court: str
    year: int
    number: int
    series: str = ENTRUSTED

    @classmethod
    def parse(cls, text: str, field: str = "matter_number") -> Self:
        """Read the full form, whatever its brackets, spaces and digit widths. Raise `InvalidInput`."""
        match = _FULL.fullmatch(round_brackets(half_width(text)))
        if match is None:
            raise InvalidInput.in_field(field, f"事项编号不正确，例如{EXAMPLE}")
        return cls(match[1], int(match[3]), int(match[4]), match[2])

    @classmethod
    def written(cls, text: str) -> Self | None:
        """Read a number that is spelled exactly as numbers are written; None for any other spelling."""
        match = _WRITTEN.fullmatch(text)
        return None if match is None else cls(match[1], int(match[3]), int(match[4]), match[2])

    @property
    def short(self) -> str:
        """What one says on the phone: the court's digits (or its word, if it has none) and the number."""
        return f"{_spoken(self.court)} {self.number}"

    def __str__(self) -> str:
        """Give the full form."""
        return f"{self.court}{self.series}〔{self.year}〕{self.number}号"


@dataclass(frozen=True, slots=True)
class MatterQuery:
    """A matter number as typed into a search box; None is what was not typed.

    `court` is a full code or only its digits, so several matters may match.
    """

    court: str
    number: int
    year: int | None = None
    series: str | None = None

    def matches(self, matter: MatterNumber) -> bool:
        """Say whether `matter` is meant."""
        return (
            self.court in {matter.court, _spoken(matter.court)}
            and self.number == matter.number
            and self.year in {None, matter.year}
            and self.series in {None, matter.series}
        )


def parse_search(text: str) -> MatterQuery | None:
    """Read `0591 1187`, `苏0591 1187` or a full number; None where `text` is something else to search for."""
    full = _FULL.fullmatch(round_brackets(half_width(text)))
    if full is not None:
        return MatterQuery(full[1], int(full[4]), int(full[3]), full[2])
    short = _SHORT.fullmatch(" ".join(half_width(word) for word in text.split()))
    if short is not None:
        return MatterQuery(short[1], int(short[2]))
    return None


def _spoken(court: str) -> str:
    return court[1:] if court[-1].isdigit() else court
