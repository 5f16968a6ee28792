"""What the hub's stream says about time, as this node keeps it: calendars and outages."""

from typing import Final

from xiezhi.v1 import event_pb2
from xiezhi_domain.calendar import parse_calendar
from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.canonical_json import typed_fields
from xiezhi_domain.events.header import Header
from xiezhi_domain.terms import EventKind
from xiezhi_journal import tables
from xiezhi_journal.ledger import Ledger
from xiezhi_node.calendar_in_force import CalendarInForce

_OUTAGE: Final = {"court": str, "start": int, "end": int, "reason": str}
_CALENDAR_PART: Final = "calendar"


def note_time_event(
    ledger: Ledger, in_force: CalendarInForce, header: Header, body: event_pb2.Body | None, at: int
) -> None:
    """Keep what an event of the hub's stream says that was accepted at *at* (ms); a calendar is in force at once.

    :raises FormatError: it does not say what its kind says.
    """
    if header.kind == EventKind.OUTAGE_RECORDED:
        facts = typed_fields(header.facts, _OUTAGE, "通信故障事件")
        row = (header.id, facts["court"], facts["start"], facts["end"], facts["reason"], at)
        ledger.put_row(tables.outage.name, (header.id,), row)
        return
    content = next((part.content for part in body.parts if part.name == _CALENDAR_PART), b"") if body else b""
    calendar = parse_calendar(content)
    hash_ = calendar.content_hash.hex()
    if hash_ != header.facts.get("calendar"):
        raise FormatError("工作日历与其哈希不符")
    ledger.put_row(tables.calendar.name, (hash_,), (hash_, content, at, header.id))
    in_force.take(ledger, calendar, at)
