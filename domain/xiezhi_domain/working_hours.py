"""When courts work on a working day: data with a source, as every rule has, and a mark whether a court confirmed it."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from importlib import resources
from itertools import chain, pairwise
from typing import Final

from xiezhi_domain.errors import InvalidInput

MOST_SPANS: Final = 4
_SPAN: Final = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Begin and end of each stretch of work in a day, in order; where that stands, and whether it was confirmed.

    They hold from the day `since` on: what other hours would make of a period that is over concerns nobody.
    """

    since: date
    spans: tuple[tuple[time, time], ...]
    source: str
    confirmed: bool

    @classmethod
    def of(cls, since: date, spans: Iterable[str], source: str, *, confirmed: bool) -> "WorkingHours":
        """Return the hours that texts like 09:00-12:00 spell.

        :raises InvalidInput: naming the field: no hours, not in order, or a source that is not one line.
        """
        found = tuple(_span(text) for text in spans)
        times = list(chain.from_iterable(found))
        if not 0 < len(found) <= MOST_SPANS or any(end <= begin for begin, end in pairwise(times)):
            message = "工作时间按先后写作 09:00-12:00、14:00-18:00，不能重叠"
            raise InvalidInput.in_field("hours.spans", message)
        if not source.isprintable() or not source.strip():
            raise InvalidInput.in_field("hours.source", "请用一行文字写明工作时间的依据")
        return cls(since, found, source, confirmed)

    @property
    def texts(self) -> list[str]:
        """The stretches as `of` reads them."""
        return [f"{begin:%H:%M}-{end:%H:%M}" for begin, end in self.spans]

    def line(self) -> str:
        """Return the line of a calendar that says it: first day, stretches, 1 where it was confirmed, source."""
        return f"{self.since} {','.join(self.texts)} {self.confirmed:d} {self.source}"

    @classmethod
    def parse(cls, line: str) -> "WorkingHours":
        """Return the hours of a `line`.

        :raises ValueError: it is none.
        :raises InvalidInput: as `of`.
        """
        since, spans, confirmed, source = line.split(" ", 3)
        return cls.of(date.fromisoformat(since), spans.split(","), source, confirmed=bool(int(confirmed)))


@cache
def shipped_hours() -> WorkingHours:
    """Return the hours that hold where a calendar states none (`data/working_hours.toml`)."""
    text = resources.files("xiezhi_domain").joinpath("data/working_hours.toml").read_text(encoding="utf-8")
    told = tomllib.loads(text)
    return WorkingHours.of(date.min, told["hours"], told["source"], confirmed=told["confirmed"])


def _span(text: str) -> tuple[time, time]:
    found = _SPAN.fullmatch(text.strip())
    try:
        if found is not None:
            return time.fromisoformat(found[1]), time.fromisoformat(found[2])
    except ValueError:
        pass
    raise InvalidInput.in_field("hours.spans", f"“{text.strip()[:20]}” 不是时间段，请写作 09:00-12:00")
