"""What readers ask: histories and changes, lists by pages, figures. On connections that never wait for the writer."""

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
    is_overdue,
    list_instructions,
    overdue,
    read_summary,
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
    "history",
    "is_overdue",
    "list_instructions",
    "overdue",
    "overview",
    "pending_after",
    "read_summary",
    "ruled_records",
    "shows_mark",
    "waits_for",
]
