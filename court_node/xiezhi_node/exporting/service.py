"""`ExportService`: taking data out, each time recorded with its reason."""

# Methods are named by the contract.
# ruff: noqa: N802

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Any, Final, TypeAlias

import grpc
from sqlalchemy import Connection, and_

from xiezhi.v1 import channel_pb2, event_pb2, evidence_service_pb2
from xiezhi.v1 import export_service_pb2 as pb
from xiezhi.v1.export_service_pb2_grpc import ExportServiceServicer
from xiezhi_desk.access import Access, check_purpose, record_access
from xiezhi_desk.documents.documents import Documents
from xiezhi_desk.timelines import to_entry
from xiezhi_domain.court_time import to_date, to_text
from xiezhi_domain.errors import DomainError, InvalidInput, LimitExceeded, Reason
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import MAX_PAGE, Filters, MatterRow, Page, history, list_instructions
from xiezhi_node.confidentiality import visible, works_on
from xiezhi_node.document_access import NodeDocumentAccess
from xiezhi_node.evidence.service import EvidenceService
from xiezhi_node.exporting.archive import Archive, Exported
from xiezhi_node.exporting.listing import csv_of, outside_row, platform_row, sheet_of
from xiezhi_node.instructions.looking import Look, Looking
from xiezhi_node.instructions.service import filters_of
from xiezhi_node.instructions.summaries import to_summary
from xiezhi_node.outside.service import wanted_of
from xiezhi_node.outside.store import list_matters, visible_outside
from xiezhi_node.seat import Seat
from xiezhi_node.trial.store import shown
from xiezhi_node.witnessing.marking import mark_witnessed
from xiezhi_papers.jobs import MAKE_XLSX
from xiezhi_papers.workshop import Workshop
from xiezhi_wire.caller import Caller, current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
PIECE: Final = 256 * 1024
MOST_ROWS: Final = 50_000
MAKE_S: Final = 120.0
_EVERYTHING: Final = "*"


class ExportService(ExportServiceServicer):
    """Serves exports of what the caller may see."""

    def __init__(
        self,
        journal: Journal,
        seat: Seat,
        documents: Documents,
        evidence: EvidenceService,
        workshop: Workshop,
    ) -> None:
        self._journal = journal
        self._workshop = workshop
        self._seat = seat
        self._documents = documents
        self._evidence = evidence
        self._looking = Looking(journal, seat)
        self._access = NodeDocumentAccess(journal, seat)

    async def ExportMatter(
        self, request: pb.ExportMatterRequest, context: _Context
    ) -> AsyncIterator[pb.ExportMatterResponse]:
        """Give one matter as a ZIP, after the look is on record."""
        caller, purpose = current_caller(), _purpose(request.purpose)
        look = Look(caller, "ExportMatter", request.instruction_id, purpose, request.unmask)
        exported = await self._exported(look, context)
        archive = await asyncio.to_thread(Archive, exported, self._seat)
        try:
            await self._add_documents(archive, exported, caller)
            await asyncio.to_thread(archive.finish)
            name = exported.file_name
            while data := await asyncio.to_thread(archive.file.read, PIECE):
                yield pb.ExportMatterResponse(file_name=name, data=data)
                name = ""
        finally:
            archive.close()

    async def ExportList(
        self, request: pb.ExportListRequest, _context: _Context
    ) -> AsyncIterator[pb.ExportListResponse]:
        """Give a list as a spreadsheet, after the look is on record."""
        caller, now, purpose = current_caller(), self._journal.clock(), _purpose(request.purpose)
        if request.format not in {pb.LIST_FORMAT_XLSX, pb.LIST_FORMAT_CSV}:
            raise InvalidInput.in_field("format", "请选择 XLSX 或 CSV")
        platform, outside = await self._rows(request, caller, now)
        look = Access(now, caller.account_id, "ExportList", _EVERYTHING, purpose)
        await self._journal.write(partial(record_access, access=look))
        lines = (f"导出人：{caller.name}　{to_text(now)}", f"事由：{purpose}")
        if request.format == pb.LIST_FORMAT_CSV:
            name, content = "事项清单.csv", csv_of([*platform, *outside])
        else:
            sheet = sheet_of(platform, outside, lines)
            name, content = "事项清单.xlsx", await self._workshop.run(MAKE_XLSX, sheet, MAKE_S)
        for start in range(0, len(content), PIECE):
            yield pb.ExportListResponse(
                file_name=name if not start else "", data=content[start : start + PIECE]
            )

    # --- One matter --------------------------------------------------------------------------------------------------

    async def _exported(self, look: Look, context: _Context) -> Exported:
        instruction = (await self._looking.at(look)).instruction
        entries = await self._journal.read(
            partial(
                self._entries, instruction=instruction.summary.instruction_id, kind=instruction.summary.kind
            )
        )
        receipts, remarks = await self._receipts(entries, context)
        return Exported(
            instruction,
            entries,
            receipts,
            look.caller.name,
            self._journal.clock(),
            look.purpose,
            look.unmask,
            remarks,
        )

    def _entries(
        self, connection: Connection, instruction: str, kind: str
    ) -> Sequence[event_pb2.TimelineEntry]:
        rules = self._seat.rulebook.kinds.get(kind)
        entries = [to_entry(row, rules) for row in history(connection, instruction, bodies=True)]
        mark_witnessed(connection, entries)
        return entries

    async def _receipts(
        self, entries: Sequence[event_pb2.TimelineEntry], context: _Context
    ) -> tuple[dict[str, bytes], list[str]]:
        """Return the receipts of the steps that were ruled on, and what is to be said where some are missing."""
        receipts: dict[str, bytes] = {}
        for entry in entries:
            if entry.pending:
                continue
            request = evidence_service_pb2.GetReceiptRequest(event_id=entry.event_id)
            try:
                receipt = await self._evidence.GetReceipt(request, context)
            except DomainError as error:
                return receipts, [f"部分存证回执未能取得（{error.message}），可稍后重新导出。"]
            receipts[entry.event_id] = receipt.SerializeToString()
        return receipts, []

    async def _add_documents(self, archive: Archive, exported: Exported, caller: Caller) -> None:
        matter = exported.instruction.summary.instruction_id
        for document in exported.instruction.documents:
            if not await self._access.may_read(caller, matter, document.sha256):
                continue
            look = Access(
                exported.at, caller.account_id, "ExportMatter", document.sha256.hex(), exported.purpose
            )
            await self._journal.write(partial(record_access, access=look))
            with archive.open_document(document) as file:
                async for data in self._documents.chunks(document.sha256, 0):
                    await asyncio.to_thread(file.write, data)

    # --- A list ------------------------------------------------------------------------------------------------------

    async def _rows(
        self, request: pb.ExportListRequest, caller: Caller, now: int
    ) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
        seat = self._seat

        with_platform = request.channel in {channel_pb2.CHANNEL_UNSPECIFIED, channel_pb2.CHANNEL_PLATFORM}
        with_outside = not with_platform or (request.with_outside and not request.channel)

        def query(connection: Connection) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
            filters = filters_of(request.filter, now)
            mine_only = request.filter.mine_only
            matters = (
                _matters(connection, filters, caller, seat, mine_only=mine_only) if with_platform else []
            )
            platform = [platform_row(to_summary(row, seat, now), seat.court) for row in matters]
            return platform, self._outside(connection, request, caller) if with_outside else []

        return await self._journal.read(query)

    def _outside(
        self, connection: Connection, request: pb.ExportListRequest, caller: Caller
    ) -> list[tuple[str, ...]]:
        seen = visible_outside(caller, self._seat.rulebook, mine_only=request.filter.mine_only)
        today, calendar = to_date(self._journal.clock()), self._seat.calendar
        wanted = wanted_of(request.filter, request.channel, today)
        rows, token = list[tuple[str, ...]](), ""
        while True:
            found, token = list_matters(connection, wanted, seen, Page.of(MAX_PAGE, token))
            rows += [outside_row(each.message(today, calendar)) for each in found]
            if not token:
                return rows


def _matters(
    connection: Connection, filters: Filters, caller: Caller, seat: Seat, *, mine_only: bool
) -> list[MatterRow]:
    also = and_(visible(caller, seat.rulebook), shown(connection))
    if mine_only:
        also = and_(also, works_on(caller))
    rows, page = list[MatterRow](), Page(MAX_PAGE)
    while True:
        found = list_instructions(connection, filters, page, also)
        rows += found.rows
        if len(rows) > MOST_ROWS:
            raise LimitExceeded(Reason.TOO_LARGE, f"一次最多导出 {MOST_ROWS} 件，请缩小范围")
        if not found.next_token:
            return rows
        page = Page(MAX_PAGE, found.next_token)


def _purpose(text: str) -> str:
    purpose = check_purpose(text)
    if not purpose:
        raise InvalidInput.in_field("purpose", "导出须填写事由")
    return purpose
