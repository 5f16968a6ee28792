"""The matters of a sheet: what lists show of each, and what its accepted history says of its times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, or_

from xiezhi_domain.errors import DomainError, LimitExceeded, Reason
from xiezhi_domain.indicators import MatterRecord, Period
from xiezhi_journal.reading import MAX_PAGE, Box, Filters, MatterRow, Page, list_instructions
from xiezhi_journal.reading.lists import OPEN, of_a_trial
from xiezhi_journal.tables import instruction
from xiezhi_node.confidentiality import visible
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller

MOST_ROWS: Final = 50_000


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One matter. `record` is None while nothing of it is accepted, or where its kind is in no figure."""

    matter: MatterRow
    record: MatterRecord | None
    kind_name: str
    other_court: str
    return_reason: str


def matters_of_period(
    connection: Connection, caller: Caller, seat: Seat, box: Box, period: Period
) -> list[MatterRow]:
    """Return the matters that began in *period* or were open at its beginning, oldest first, as *caller* may see them.

    What belongs to a trial is left out: the ledger is what the court sends up.

    :raises LimitExceeded: TOO_LARGE.
    """
    table = instruction.c
    begun = and_(table.issued_at > 0, table.issued_at < period.end_ms)
    lived = or_(OPEN, table.updated_at >= period.start_ms)
    also = and_(begun, lived, ~of_a_trial(), visible(caller, seat.rulebook))
    return _all(connection, Filters(box=box), also)


def open_received(connection: Connection, caller: Caller, seat: Seat, officer: str) -> list[MatterRow]:
    """Return the open received matters, of one officer's account or of all, oldest first.

    :raises LimitExceeded: TOO_LARGE.
    """
    filters = Filters(box=Box.RECEIVED, open_only=True, officer=officer)
    return _all(connection, filters, visible(caller, seat.rulebook))


def sheet_rows(
    matters: Sequence[MatterRow], records: Mapping[str, MatterRecord], seat: Seat
) -> list[SheetRow]:
    """Return *matters* with what else their lines need."""
    return [_row(matter, records.get(matter.instruction), seat) for matter in matters]


def _all(connection: Connection, filters: Filters, also: ColumnElement[bool]) -> list[MatterRow]:
    rows: list[MatterRow] = []
    page = Page(MAX_PAGE)
    while True:
        found = list_instructions(connection, filters, page, also)
        rows += found.rows
        if len(rows) > MOST_ROWS:
            raise LimitExceeded(Reason.TOO_LARGE, f"超过 {MOST_ROWS} 行，请缩短期间后分次导出")
        if not found.next_token:
            return rows[::-1]
        page = Page(MAX_PAGE, found.next_token)


def _row(matter: MatterRow, record: MatterRecord | None, seat: Seat) -> SheetRow:
    rules = seat.rulebook.kinds.get(matter.kind)
    other = matter.receiver if matter.sent else matter.sender
    reason = record.returned.reason if record and record.returned else ""
    return SheetRow(
        matter=matter,
        record=record,
        kind_name=rules.name if rules else matter.kind,
        other_court=_court_name(seat, other),
        return_reason=rules.return_reasons.get(reason, reason) if rules else reason,
    )


def _court_name(seat: Seat, code: str) -> str:
    try:
        return seat.courts.get(code).name
    except DomainError:
        return code
