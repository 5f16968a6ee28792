"""When a notification is tried: pauses after failures, the end of trying, the hours in which phones stay quiet."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, Self

from xiezhi_domain.court_time import SHANGHAI, to_datetime, to_ms

FIRST_PAUSE_MS: Final = 15_000
LONGEST_PAUSE_MS: Final = 3_600_000
GIVE_UP_MS: Final = 24 * 3_600_000
"""How long one is tried. What is older than `STALE_MS` when it is found, is not told any more."""
STALE_MS: Final = 3 * 24 * 3_600_000
_HOURS: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The hours of the day, in court time, in which no SMS goes out but of urgent matters; none if both are equal.

    Limits end at midnight: without this, what they run out for would wake people. Urgent matters run through nights
    and holidays (practice.md §13).
    """

    begins: time = time.min
    ends: time = time.min

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the hours written as 22:00-07:30; empty is none.

        :raises ValueError: it is not written so.
        """
        if not text:
            return cls()
        found = _HOURS.fullmatch(text)
        if found is None:
            raise ValueError("时间段应写作 22:00-07:30")
        hours = [int(each) for each in found.groups()]
        return cls(time(hours[0], hours[1]), time(hours[2], hours[3]))

    def end_after(self, at: int) -> int:
        """Return when the quiet that holds at *at* ends, both in ms; 0 if it is not quiet then."""
        now = to_datetime(at).astimezone(SHANGHAI)
        clock = now.time()
        over_midnight = self.begins > self.ends
        inside = (
            clock >= self.begins or clock < self.ends if over_midnight else self.begins <= clock < self.ends
        )
        if not inside:
            return 0
        day = now.date() + timedelta(days=over_midnight and clock >= self.begins)
        return to_ms(datetime.combine(day, self.ends, SHANGHAI))


def pause_after(attempts: int, asked_ms: int = 0) -> int:
    """Return the pause in ms after a failed try, the *attempts*-th; the gateway may have asked for a longer one."""
    pause: int = FIRST_PAUSE_MS * 2 ** min(max(attempts - 1, 0), 20)
    return min(max(pause, asked_ms), LONGEST_PAUSE_MS)
