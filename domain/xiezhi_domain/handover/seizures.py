"""Seizures as headers state them: numbers, court codes, closed codes and days; nothing that people write.

A row is ``[number, court, purpose, seized_on, expires_on]``; days are ``2026-11-22``. A seizure that waits may have no
end yet (empty): its period begins when it takes effect.
"""

import re
from datetime import date
from typing import Final, NamedTuple

from xiezhi_domain.courts import COURT_CODE
from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.canonical_json import JsonValue
from xiezhi_domain.terms import SeizurePurpose

MOST_SEIZURES: Final = 64
"""As many as one statement may name; so many courts behind one property have not been heard of."""


_COURT: Final = re.compile(COURT_CODE)


class StatedSeizure(NamedTuple):
    """A seizure as a court states it; `number` is its own within the matter."""

    number: int
    court: str
    purpose: str
    seized_on: str
    expires_on: str

    def encode(self) -> JsonValue:
        """Return the row as it stands in a header."""
        return [*self]


def is_day(value: JsonValue) -> bool:
    """Return whether *value* is a day in its one spelling."""
    if not isinstance(value, str):
        return False
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def stated_seizures(rows: JsonValue) -> tuple[StatedSeizure, ...]:
    """Return the seizures that a fact states.

    :raises FormatError: not of that shape, a number twice, or an end before the beginning.
    """
    if not isinstance(rows, list) or len(rows) > MOST_SEIZURES:
        raise FormatError("查封情况的写法不正确")
    found: dict[int, StatedSeizure] = {}
    for row in rows:
        stated = _stated(row)
        if stated.number in found:
            raise FormatError("查封情况的序号重复")
        found[stated.number] = stated
    return tuple(found.values())


def _stated(row: JsonValue) -> StatedSeizure:
    match row:
        case [int(number), str(court), str(purpose), str(seized_on), str(expires_on)] if (
            type(number) is int
            and number > 0
            and _COURT.fullmatch(court)
            and purpose in SeizurePurpose.__members__
            and is_day(seized_on)
            and (not expires_on or (is_day(expires_on) and expires_on >= seized_on))
        ):
            return StatedSeizure(number, court, purpose, seized_on, expires_on)
        case _:
            raise FormatError("查封情况的写法不正确")
