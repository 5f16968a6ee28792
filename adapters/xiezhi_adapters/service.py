"""`CaseSource` over the records of an adapter."""

# Methods are named by the contract.
# ruff: noqa: N802

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final, TypeAlias

import grpc

from xiezhi.v1 import case_pb2
from xiezhi.v1 import case_source_pb2 as pb
from xiezhi.v1.case_source_pb2_grpc import CaseSourceServicer
from xiezhi_adapters.feedback import keep_feedback
from xiezhi_adapters.records import CaseRecord, CaseRecords, DossierFile
from xiezhi_domain.errors import InvalidInput, NotFound, Reason, Unavailable

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
PIECE_BYTES: Final = 256 * 1024
MOST_ROWS: Final = 500
LOOK_EVERY_S: Final = 2.0


class CaseSourceService(CaseSourceServicer):
    """Serves the records, read in threads. What each method refuses is said in the contract."""

    def __init__(self, records: CaseRecords, look_every_s: float = LOOK_EVERY_S) -> None:
        self._records = records
        self._look_every_s = look_every_s
        # Adapters keep what they have read; one reader at a time.
        self._reading = asyncio.Lock()

    async def GetCase(
        self, request: pb.CaseSourceGetCaseRequest, _context: _Context
    ) -> pb.CaseSourceGetCaseResponse:
        """Return a case."""
        record = await self._find(request.case_number)
        return pb.CaseSourceGetCaseResponse(case_file=record.case)

    async def ListDocuments(
        self, request: pb.CaseSourceListDocumentsRequest, _context: _Context
    ) -> pb.CaseSourceListDocumentsResponse:
        """Return a page of a dossier."""
        record = await self._find(request.case_number)
        first, after, token = _page(request.page_token, request.page_size, len(record.documents))
        documents = [each.document for each in record.documents[first:after]]
        return pb.CaseSourceListDocumentsResponse(documents=documents, next_page_token=token)

    async def FetchDocument(
        self, request: pb.CaseSourceFetchDocumentRequest, _context: _Context
    ) -> AsyncIterator[pb.CaseSourceFetchDocumentResponse]:
        """Give a paper in pieces; its hash is taken first, so that both ends mean the same bytes."""
        record = await self._find(request.case_number)
        file = next(
            (each for each in record.documents if each.document.document_id == request.document_id), None
        )
        if file is None:
            raise NotFound(Reason.UNKNOWN_DOCUMENT)
        document = await _measured(file)
        if not 0 <= request.offset <= document.size:
            raise InvalidInput(Reason.OFFSET_OUT_OF_RANGE)
        yield pb.CaseSourceFetchDocumentResponse(document=document)
        offset = request.offset
        while data := await asyncio.to_thread(_read, file.path, offset):
            yield pb.CaseSourceFetchDocumentResponse(data=data)
            offset += len(data)

    async def ListOpenCases(
        self, request: pb.CaseSourceListOpenCasesRequest, _context: _Context
    ) -> pb.CaseSourceListOpenCasesResponse:
        """Return a page of open cases, or of what changed since a time."""
        since = request.since.ToMilliseconds() if request.HasField("since") else None
        records = await self._read_all()
        wanted = (
            [each for each in records if not each.closed]
            if since is None
            else [each for each in records if each.changed_at >= since]
        )
        first, after, token = _page(request.page_token, request.page_size, len(wanted))
        cases = [_open_case(each) for each in wanted[first:after]]
        return pb.CaseSourceListOpenCasesResponse(cases=cases, next_page_token=token)

    async def PushFeedback(
        self, request: pb.CaseSourcePushFeedbackRequest, _context: _Context
    ) -> pb.CaseSourcePushFeedbackResponse:
        """Write a result down, once."""
        feedback = request.feedback
        if not feedback.feedback_id:
            raise InvalidInput.in_field("feedback.feedback_id", "必填")
        async with self._reading:
            folder = await asyncio.to_thread(self._records.feedback_folder, feedback.case_number)
        try:
            await asyncio.to_thread(keep_feedback, folder, feedback)
        except OSError as error:
            raise Unavailable(Reason.DISK_FULL, "办结反馈无法写入案件文件夹，请检查磁盘和权限") from error
        return pb.CaseSourcePushFeedbackResponse()

    async def WatchCases(
        self, _request: pb.CaseSourceWatchCasesRequest, _context: _Context
    ) -> AsyncIterator[pb.CaseSourceWatchCasesResponse]:
        """Give each change once on this stream. Files keep no order, so there is no cursor."""
        told: set[str] = set()
        while True:
            for change in await self._changes():
                if change.change_id not in told:
                    told.add(change.change_id)
                    yield pb.CaseSourceWatchCasesResponse(change=change)
            await asyncio.sleep(self._look_every_s)

    async def _find(self, case_number: str) -> CaseRecord:
        async with self._reading:
            return await asyncio.to_thread(self._records.find, case_number)

    async def _read_all(self) -> list[CaseRecord]:
        async with self._reading:
            return await asyncio.to_thread(lambda: list(self._records.readable()))

    async def _changes(self) -> list[case_pb2.CaseChange]:
        records = await self._read_all()
        found = [each.message(record.case.case_number) for record in records for each in record.changes]
        return sorted(found, key=lambda change: change.happened_at.ToMilliseconds())


def _page(token: str, size: int, total: int) -> tuple[int, int, str]:
    """Return where a page begins and ends, and the token of the next."""
    if token and not token.isdecimal():
        raise InvalidInput.in_field("page_token", "翻页标记无效，请重新查询")
    first = int(token or 0)
    after = first + min(size or MOST_ROWS, MOST_ROWS)
    return first, after, str(after) if after < total else ""


async def _measured(file: DossierFile) -> case_pb2.DossierDocument:
    document = case_pb2.DossierDocument()
    document.CopyFrom(file.document)
    document.size, document.sha256 = await asyncio.to_thread(_measure, file.path)
    return document


def _measure(path: Path) -> tuple[int, bytes]:
    with path.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").digest()
        return content.tell(), sha256


def _read(path: Path, offset: int) -> bytes:
    with path.open("rb") as content:
        content.seek(offset)
        return content.read(PIECE_BYTES)


def _open_case(record: CaseRecord) -> pb.OpenCase:
    case = record.case
    return pb.OpenCase(
        case_number=case.case_number, officer=case.judge, stage=case.stage, closed=record.closed
    )
