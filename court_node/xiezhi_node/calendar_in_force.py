"""The working calendar that this node counts by now: the one that the hub published last, as far as it was heard."""

from dataclasses import dataclass

from sqlalchemy import Connection

from xiezhi_domain.calendar import WorkingCalendar
from xiezhi_journal.clockwork import read_published_calendar
from xiezhi_journal.ledger import Ledger


@dataclass(slots=True)
class CalendarInForce:
    """Kept in memory for limits, drafts and lists; `published_at` is 0 for the calendar that ships."""

    calendar: WorkingCalendar
    published_at: int = 0

    @classmethod
    def read(cls, connection: Connection) -> "CalendarInForce":
        """Return what holds by the journal."""
        return cls(*read_published_calendar(connection))

    def take(self, ledger: Ledger, calendar: WorkingCalendar, published_at: int) -> None:
        """Count by *calendar* from now on, unless a later one is known; an undone event changes nothing."""
        if published_at < self.published_at:
            return
        before = (self.calendar, self.published_at)
        self._set(calendar, published_at)
        ledger.on_undo(lambda: self._set(*before))

    def _set(self, calendar: WorkingCalendar, published_at: int) -> None:
        self.calendar, self.published_at = calendar, published_at
