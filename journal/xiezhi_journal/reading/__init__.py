"""What readers ask: histories and changes, lists by pages, figures. On connections that never wait for the writer."""

from xiezhi_journal.reading.accepted import read_accepted
from xiezhi_journal.reading.day import HourOfDay, day_curve
from xiezhi_journal.reading.figures import CourtFigures, Overview, overview
from xiezhi_journal.reading.history import (
    Change,
    EventRow,
    HistoryRow,
    OutboxEvent,
    changes_after,
    event_record,
    find_by_number,
    history,
    pending_after,
    ruled_records,
)
from xiezhi_journal.reading.lists import (
    Box,
    Filters,
    MatterPage,
    MatterRow,
    found_in,
    is_overdue,
    list_instructions,
    numbered,
    of_a_trial,
    overdue,
    read_summary,
    receiver_is_late,
    shows_mark,
    waits_for,
)
from xiezhi_journal.reading.paging import MAX_PAGE, Page

__all__ = [
    "MAX_PAGE",
    "Box",
    "Change",
    "CourtFigures",
    "EventRow",
    "Filters",
    "HistoryRow",
    "HourOfDay",
    "MatterPage",
    "MatterRow",
    "OutboxEvent",
    "Overview",
    "Page",
    "changes_after",
    "day_curve",
    "event_record",
    "find_by_number",
    "found_in",
    "history",
    "is_overdue",
    "list_instructions",
    "numbered",
    "of_a_trial",
    "overdue",
    "overview",
    "pending_after",
    "read_accepted",
    "read_summary",
    "receiver_is_late",
    "ruled_records",
    "shows_mark",
    "waits_for",
]
