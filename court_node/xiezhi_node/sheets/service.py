"""`LedgerService` on a node's desk."""

# Methods are named by the contract.
# ruff: noqa: N802

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import ledger_service_pb2 as pb
from xiezhi.v1.ledger_service_pb2_grpc import LedgerServiceServicer
from xiezhi_desk.access import Access, check_purpose, record_access
from xiezhi_desk.requests import principal
from xiezhi_desk.statistics.questions import channel_of, period_of
from xiezhi_desk.statistics.records import MatterRecords
from xiezhi_domain.errors import InvalidInput, NotFound, Reason
from xiezhi_domain.indicators import Period
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import Box, MatterRow, find_by_number, read_summary
from xiezhi_node.confidentiality import find_visible
from xiezhi_node.seat import Seat
from xiezhi_node.sheets.layout import Layouts
from xiezhi_node.sheets.making import handout, ledger, of_channel
from xiezhi_node.sheets.outside_rows import outside_of_period
from xiezhi_node.sheets.printing import Press, ending_of, pieces_of
from xiezhi_node.sheets.rows import matters_of_period, open_received, sheet_rows
from xiezhi_wire.caller import Caller, current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"

_BOXES: Final = {pb.LEDGER_BOX_SENT: Box.SENT, pb.LEDGER_BOX_RECEIVED: Box.RECEIVED}
_MOST_NAMED: Final = 500


@dataclass(frozen=True, slots=True)
class Printer:
    """What sheets are made with: the court's layouts, and the press."""

    layouts: Layouts
    press: Press


class LedgerService(LedgerServiceServicer):
    """Makes the court's sheets from its journal. What each method refuses is said in the contract."""

    def __init__(self, journal: Journal, seat: Seat, records: MatterRecords, printer: Printer) -> None:
        self._journal = journal
        self._seat = seat
        self._records = records
        self._printer = printer

    async def ExportLedger(
        self, request: pb.ExportLedgerRequest, _context: _Context
    ) -> AsyncIterator[pb.ExportLedgerResponse]:
        """Give the ledger of a period in pieces, after the look is on record."""
        caller, period, ending = current_caller(), period_of(request.period), ending_of(request.format)
        box = _BOXES.get(request.box)
        if box is None:
            raise InvalidInput.in_field("box", "必填，请选择台账范围")
        channel = channel_of(request.channel, "channel") if request.channel else None
        await self._record(caller, "ExportLedger", period.words, request.purpose)
        find = partial(self._of_period, caller=caller, box=box, period=period)
        matters = await self._journal.read(find)
        snapshot = await self._records.read(period.start_ms)
        records = {record.id: record for record in snapshot.records}
        rows = of_channel(sheet_rows(matters, records, self._seat), channel)
        sheet = ledger(self._printer.layouts.ledger, rows, self._court, box, period, self._journal.clock())
        content = await self._printer.press.print(sheet, ending, self._journal.clock())
        yield pb.ExportLedgerResponse(file_name=f"{sheet.title}-{period.words}.{ending}")
        for piece in pieces_of(content):
            yield pb.ExportLedgerResponse(data=piece)

    async def ExportHandout(
        self, request: pb.ExportHandoutRequest, _context: _Context
    ) -> AsyncIterator[pb.ExportHandoutResponse]:
        """Give a hand-out sheet in pieces, after the look is on record."""
        caller, ending, now = current_caller(), ending_of(request.format), self._journal.clock()
        if len(request.instruction_ids) > _MOST_NAMED:
            raise InvalidInput.in_field("instruction_ids", f"一次最多 {_MOST_NAMED} 件")
        await self._record(caller, "ExportHandout", "", request.purpose)
        find = partial(
            self._received,
            caller=caller,
            named=list(request.instruction_ids),
            officer=request.officer_account_id,
        )
        matters = await self._journal.read(find)
        snapshot = await self._records.read(now)
        records = {record.id: record for record in snapshot.records}
        rows = sheet_rows(matters, records, self._seat)
        sheet = handout(self._printer.layouts.handout, rows, self._court, now)
        content = await self._printer.press.print(sheet, ending, self._journal.clock())
        yield pb.ExportHandoutResponse(file_name=f"{sheet.title}.{ending}")
        for piece in pieces_of(content):
            yield pb.ExportHandoutResponse(data=piece)

    @property
    def _court(self) -> str:
        return self._seat.courts.get(self._seat.court).name

    def _of_period(self, connection: Connection, caller: Caller, box: Box, period: Period) -> list[MatterRow]:
        of_platform = matters_of_period(connection, caller, self._seat, box, period)
        return of_platform + outside_of_period(connection, caller, self._seat, box, period)

    def _received(
        self, connection: Connection, caller: Caller, named: Sequence[str], officer: str
    ) -> list[MatterRow]:
        if not named:
            return open_received(connection, caller, self._seat, officer)
        matters = (self._named(connection, caller, name) for name in named)
        return [matter for matter in matters if not officer or matter.officer == officer]

    def _named(self, connection: Connection, caller: Caller, name: str) -> MatterRow:
        """Return the received matter named by id or by number."""
        identifier = name if read_summary(connection, name) else find_by_number(connection, name.strip())
        matter = read_summary(connection, identifier) if identifier else None
        if matter is None or matter.sent:
            raise NotFound(Reason.UNKNOWN_INSTRUCTION)
        find_visible(connection, caller, self._seat.rulebook, matter.instruction)
        return matter

    async def _record(self, caller: Caller, method: str, what: str, purpose: str) -> None:
        checked = check_purpose(purpose)
        if not checked:
            raise InvalidInput.in_field("purpose", "导出表格应填写事由")
        look = Access(self._journal.clock(), principal(caller), method, what, checked)
        await self._journal.write(partial(record_access, access=look))
