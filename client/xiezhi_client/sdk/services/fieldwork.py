"""批量现场查控: sheets of visits and their results. On a node's desk."""

from collections.abc import AsyncIterator, Sequence

from xiezhi.v1 import field_service_pb2 as pb
from xiezhi.v1 import ledger_service_pb2
from xiezhi.v1.field_service_pb2_grpc import FieldServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.records.court import Officer
from xiezhi_client.sdk.records.fieldwork import (
    FieldItem,
    FieldReport,
    FieldReported,
    FieldSheet,
    FieldVisit,
)
from xiezhi_client.sdk.services.ledgers import SheetFile, whole_file
from xiezhi_client.sdk.vocabulary import SheetFormat


class FieldWork:
    """`FieldService`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = FieldServiceStub(calls.channel)

    async def waiting(self, *, area: str = "", due_by: str = "") -> tuple[FieldVisit, ...]:
        """Items that need a visit, in the order in which they would be visited; `due_by` is YYYY-MM-DD."""
        request = pb.ListFieldItemsRequest(area=area, due_by=due_by)
        answer = await self._calls.unary(self._stub.ListFieldItems, request)
        return tuple(map(FieldVisit.from_proto, answer.visits))

    async def make(
        self,
        day: str,
        officers: Sequence[Officer],
        items: Sequence[FieldItem] = (),
        *,
        area: str = "",
        note: str = "",
        request_id: str = "",
    ) -> FieldSheet:
        """Put items (all of `area` if none is named) on one sheet. Raise `InvalidInput`, `WrongState`, `NotFound`."""
        request = pb.MakeFieldSheetRequest(
            request_id=request_id or new_request_id(),
            day=day,
            officers=[officer.to_proto() for officer in officers],
            items=[item.to_proto() for item in items],
            area=area,
            note=note,
        )
        return FieldSheet.from_proto((await self._calls.unary(self._stub.MakeFieldSheet, request)).sheet)

    async def list(self, *, open_only: bool = False, page_size: int = 0) -> AsyncIterator[FieldSheet]:
        """Sheets, newest first, without their visits."""
        request = pb.ListFieldSheetsRequest(open_only=open_only, page_size=page_size)
        while True:
            page = await self._calls.unary(self._stub.ListFieldSheets, request)
            for sheet in page.sheets:
                yield FieldSheet.from_proto(sheet)
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    async def get(self, sheet_id: str, *, purpose: str = "") -> FieldSheet:
        """Give a sheet with its visits. Recorded as a look at personal data. Raise `NotFound`."""
        request = pb.GetFieldSheetRequest(sheet_id=sheet_id, purpose=purpose)
        return FieldSheet.from_proto((await self._calls.unary(self._stub.GetFieldSheet, request)).sheet)

    async def export(self, sheet_id: str, purpose: str, sheet_format: SheetFormat = "XLSX") -> SheetFile:
        """Give a sheet as a file to take along. Recorded, with its purpose. Raise `NotFound`, `InvalidInput`."""
        wanted = ledger_service_pb2.SheetFormat.Value(f"SHEET_FORMAT_{sheet_format or 'UNSPECIFIED'}")
        request = pb.ExportFieldSheetRequest(sheet_id=sheet_id, format=wanted, purpose=purpose)
        pieces = self._calls.stream(self._stub.ExportFieldSheet, request)
        return await whole_file(pieces)

    async def report(
        self, sheet_id: str, reports: Sequence[FieldReport], *, request_id: str = ""
    ) -> FieldReported:
        """Split results back to their matters, each item once; a matter that refuses holds up no other."""
        request = pb.ReportFieldSheetRequest(
            request_id=request_id or new_request_id(),
            sheet_id=sheet_id,
            reports=[report.to_proto() for report in reports],
        )
        return FieldReported.from_proto(await self._calls.unary(self._stub.ReportFieldSheet, request))

    async def close(self, sheet_id: str, *, request_id: str = "") -> FieldSheet:
        """Take the visits that were not made off the sheet, so that another day can have them."""
        request = pb.CloseFieldSheetRequest(request_id=request_id or new_request_id(), sheet_id=sheet_id)
        return FieldSheet.from_proto((await self._calls.unary(self._stub.CloseFieldSheet, request)).sheet)
