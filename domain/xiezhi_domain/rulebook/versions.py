"""Which of the published rulebooks holds for new matters on a day; a matter that was issued keeps the one it pins.

The hub publishes them in one order: none is valid from an earlier day than the one before it.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from xiezhi_domain.rulebook.model import Rulebook


@lru_cache(maxsize=256)  # asked for every order, of the same few rulebooks
def version_number(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, so that 2026.10 comes after 2026.9."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def next_version(version: str) -> str:
    """Return the version after *version*: 2026.2 after 2026.1."""
    *before, last = version_number(version) or (0,)
    return ".".join(str(part) for part in (*before, last + 1))


def in_order(rulebooks: Iterable[Rulebook]) -> list[Rulebook]:
    """Return rulebooks in the order in which they come into force."""
    return sorted(rulebooks, key=lambda each: (each.valid_from, version_number(each.version), each.hash))


def newest_rulebook(rulebooks: Iterable[Rulebook]) -> Rulebook:
    """Return the last of them, in force already or not; there is one at least."""
    return in_order(rulebooks)[-1]


def rulebook_in_force(rulebooks: Iterable[Rulebook], day: date) -> Rulebook:
    """Return the rulebook for new matters on *day*; the first holds before its day too. There is one at least."""
    ordered = in_order(rulebooks)
    return next((each for each in reversed(ordered) if each.valid_from <= day), ordered[0])


def accepted_for_new(rulebooks: Iterable[Rulebook], day: date) -> frozenset[str]:
    """Return the hashes of those that a new matter may pin when the hub rules on it on *day* (protocol §10).

    That is the one in force, and each that was until another took its place less than that one's `grace_days` ago: a
    court whose line was down has sent in good faith under the rules that it knew. The hub's day counts, as everywhere
    (protocol §5); what comes later goes back to the sender's desk and is checked again under the new rules. One that
    is not in force yet is no rulebook of that day.
    """
    ordered = in_order(rulebooks)
    found = {rulebook_in_force(ordered, day).hash}
    for replaced, by in pairwise(ordered):
        if by.valid_from <= day < by.valid_from + timedelta(days=by.grace_days):
            found.add(replaced.hash)
    return frozenset(found)
