"""`FieldService`: one round of visits for items of many matters."""

# Methods are named by the contract.
# ruff: noqa: N802

from collections.abc import AsyncIterator
from functools import partial
from typing import Any, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import field_service_pb2 as pb
from xiezhi.v1 import instruction_pb2
from xiezhi.v1.field_service_pb2_grpc import FieldServiceServicer
from xiezhi_desk.access import Access, check_purpose, record_access
from xiezhi_desk.once import act_once, stored_answer
from xiezhi_desk.requests import request_key
from xiezhi_domain.calendar import end_of_day_ms
from xiezhi_domain.errors import DomainError, InvalidInput
from xiezhi_journal import journal as journals
from xiezhi_journal.journal import Journal
from xiezhi_journal.ledger import RequestKey
from xiezhi_journal.reading import Page
from xiezhi_node.fieldwork import store
from xiezhi_node.fieldwork.making import prepare_sheet
from xiezhi_node.fieldwork.printing import TITLE, field_sheet
from xiezhi_node.fieldwork.splitting import hand_over_documents, prepare_report, with_named_documents
from xiezhi_node.fieldwork.visits import waiting_visits
from xiezhi_node.instructions.actions import Acting
from xiezhi_node.ordering.item_checks import parse_day
from xiezhi_node.seat import Seat
from xiezhi_node.sheets.printing import Press, ending_of, pieces_of
from xiezhi_wire.caller import Caller, current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class FieldService(FieldServiceServicer):
    """Serves sheets of visits. What each method refuses is said in the contract."""

    def __init__(self, journal: Journal, seat: Seat, press: Press) -> None:
        self._journal = journal
        self._seat = seat
        self._press = press

    async def ListFieldItems(
        self, request: pb.ListFieldItemsRequest, _context: _Context
    ) -> pb.ListFieldItemsResponse:
        """Return the items that wait for a visit."""
        caller = current_caller()
        await self._record(caller, "ListFieldItems", "", "")
        find = partial(
            waiting_visits,
            caller=caller,
            seat=self._seat,
            area=request.area.strip(),
            due_before=_end_of_day(request.due_by),
        )
        return pb.ListFieldItemsResponse(visits=await self._journal.read(find))

    async def MakeFieldSheet(
        self, request: pb.MakeFieldSheetRequest, _context: _Context
    ) -> pb.MakeFieldSheetResponse:
        """Put items on a sheet."""
        caller = current_caller()
        key = request_key(caller, "MakeFieldSheet", request)
        sheet_id = await self._journal.read(partial(stored_answer, key=key))
        if sheet_id is None:
            now = self._journal.clock()
            prepare = partial(prepare_sheet, seat=self._seat, caller=caller, request=request, now=now)
            sheet = await self._journal.read(prepare)

            def keep(connection: Connection) -> bytes:
                store.add_sheet(connection, sheet)
                return sheet.sheet_id.encode()

            sheet_id = await self._journal.write_once(key, keep)
        return pb.MakeFieldSheetResponse(sheet=await self._sheet(caller, sheet_id.decode()))

    async def ListFieldSheets(
        self, request: pb.ListFieldSheetsRequest, _context: _Context
    ) -> pb.ListFieldSheetsResponse:
        """Return the sheets."""
        page = Page.of(request.page_size, request.page_token)
        find = partial(store.list_sheets, caller=current_caller(), page=page, open_only=request.open_only)
        return await self._journal.read(find)

    async def GetFieldSheet(
        self, request: pb.GetFieldSheetRequest, _context: _Context
    ) -> pb.GetFieldSheetResponse:
        """Return a sheet, after the look is on record."""
        caller, purpose = current_caller(), check_purpose(request.purpose)
        sheet = await self._sheet(caller, request.sheet_id)
        await self._record(caller, "GetFieldSheet", sheet.sheet_id, purpose)
        return pb.GetFieldSheetResponse(sheet=sheet)

    async def ExportFieldSheet(
        self, request: pb.ExportFieldSheetRequest, _context: _Context
    ) -> AsyncIterator[pb.ExportFieldSheetResponse]:
        """Give a sheet as a file, after the look is on record."""
        caller, ending = current_caller(), ending_of(request.format)
        purpose = check_purpose(request.purpose)
        if not purpose:
            raise InvalidInput.in_field("purpose", "导出表格应填写事由")
        sheet, now = await self._sheet(caller, request.sheet_id), self._journal.clock()
        await self._record(caller, "ExportFieldSheet", sheet.sheet_id, purpose)
        court = self._seat.courts.get(self._seat.court).name
        content = await self._press.print(field_sheet(sheet, court, now), ending, now)
        yield pb.ExportFieldSheetResponse(file_name=f"{TITLE}-{sheet.day}.{ending}")
        for piece in pieces_of(content):
            yield pb.ExportFieldSheetResponse(data=piece)

    async def ReportFieldSheet(
        self, request: pb.ReportFieldSheetRequest, _context: _Context
    ) -> pb.ReportFieldSheetResponse:
        """Split results back, matter by matter."""
        caller = current_caller()
        request_key(caller, "ReportFieldSheet", request)
        if len({report.instruction_id for report in request.reports}) != len(request.reports):
            raise InvalidInput.in_field("reports", "同一事项的结果请填写在一处")
        sheet = await self._sheet(caller, request.sheet_id)
        results = [await self._split(caller, request, sheet, report) for report in request.reports]
        now = await self._sheet(caller, request.sheet_id)
        return pb.ReportFieldSheetResponse(results=results, sheet=now)

    async def CloseFieldSheet(
        self, request: pb.CloseFieldSheetRequest, _context: _Context
    ) -> pb.CloseFieldSheetResponse:
        """Take off what was not visited."""
        caller = current_caller()
        key = request_key(caller, "CloseFieldSheet", request)
        sheet = await self._sheet(caller, request.sheet_id)

        def close(connection: Connection) -> bytes:
            store.close_visits(connection, sheet)
            return b""

        await self._journal.write_once(key, close)
        return pb.CloseFieldSheetResponse(sheet=await self._sheet(caller, sheet.sheet_id))

    async def _split(
        self,
        caller: Caller,
        request: pb.ReportFieldSheetRequest,
        sheet: pb.FieldSheet,
        report: pb.FieldReport,
    ) -> pb.FieldReportResult:
        """Report one matter; what it refuses is told and holds up no other."""
        result = pb.FieldReportResult(instruction_id=report.instruction_id)
        try:
            receipt = await self._report(caller, request.request_id, sheet, with_named_documents(report))
            result.receipt.CopyFrom(receipt)
        except DomainError as error:
            result.reason, result.message = error.reason, error.message
        return result

    async def _report(
        self, caller: Caller, request_id: str, sheet: pb.FieldSheet, report: pb.FieldReport
    ) -> instruction_pb2.ActionReceipt:
        key = _key(caller, f"{request_id}/{report.instruction_id}", report)
        acting = Acting(
            self._seat, self._journal.rulebooks, caller, key, report.instruction_id, self._journal.clock()
        )
        if report.documents:
            court = self._seat.court
            hand_over = partial(hand_over_documents, sheet=sheet, report=report, court=court)
            await self._journal.write(hand_over)
        prepare = partial(prepare_report, acting=acting, sheet_id=sheet.sheet_id, report=report)
        answer = await act_once(self._journal, key, prepare)
        return instruction_pb2.ActionReceipt.FromString(answer)

    async def _sheet(self, caller: Caller, sheet_id: str) -> pb.FieldSheet:
        return await self._journal.read(partial(store.get_sheet, caller=caller, sheet_id=sheet_id))

    async def _record(self, caller: Caller, method: str, what: str, purpose: str) -> None:
        looked = Access(self._journal.clock(), caller.account_id, method, what, purpose, True)
        await self._journal.write(partial(record_access, access=looked))


def _key(caller: Caller, request_id: str, report: pb.FieldReport) -> RequestKey:
    content = report.SerializeToString(deterministic=True)
    return journals.request_key(caller.account_id, "ReportFieldSheet", request_id, content)


def _end_of_day(text: str) -> int:
    """Return the end (ms) of a day; 0 for none.

    :raises InvalidInput: it is none.
    """
    if not text:
        return 0
    day = parse_day(text)
    if day is None:
        raise InvalidInput.in_field("due_by", "日期格式应为 2026-11-22")
    return end_of_day_ms(day) + 1
