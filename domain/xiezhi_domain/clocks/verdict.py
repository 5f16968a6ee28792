"""Whether what met a deadline came in time: the three times of its event (protocol §5)."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from xiezhi_domain.terms import TimeVerdict

_SENDING_MS: Final = 60_000
"""An event may have been made just before the line went down, and not have left."""


class Times(NamedTuple):
    """The times of an event, ms since 1970: claimed by the court, its checkpoint's, accepted by the hub."""

    claimed: int
    not_before: int
    not_after: int

    @property
    def are_bracketed(self) -> bool:
        """Whether the claim lies between the two times that the court could not choose."""
        return self.not_before <= self.claimed <= self.not_after


class Outage(NamedTuple):
    """An interval (ms) in which a court could not be reached.

    Either 通信故障, recorded by the hub's command centre, or a gap in the hub's own record of the link.
    """

    court: str
    start: int
    end: int


def judge(due: int, times: Times, *, was_cut_off: bool) -> TimeVerdict:
    """Return whether an event with these *times* met a deadline at *due* (ms).

    In time if accepted in time, or claimed in time, bracketed, and the hub's own record shows that the court was cut
    off between its claim and the deadline (*was_cut_off*). Claimed in time without that: for a person to decide.
    """
    if times.not_after <= due:
        return TimeVerdict.IN_TIME
    if times.claimed > due:
        return TimeVerdict.LATE
    if was_cut_off and times.are_bracketed:
        return TimeVerdict.IN_TIME
    return TimeVerdict.TO_BE_CHECKED


def was_cut_off(gaps: Iterable[Outage], court: str, claimed: int, due: int) -> bool:
    """Return whether the link of *court* was down from when it acted, as it claims, until after the deadline."""
    return any(gap.court == court and gap.start <= claimed + _SENDING_MS and due <= gap.end for gap in gaps)
