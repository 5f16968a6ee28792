"""`FindService`: 查人找物."""

# Methods are named by the contract.
# ruff: noqa: N802

import os
from functools import partial
from typing import Any, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import find_service_pb2 as pb
from xiezhi.v1 import instruction_pb2
from xiezhi.v1.find_service_pb2_grpc import FindServiceServicer
from xiezhi_desk.requests import LONGEST_REQUEST_ID, principal, request_key
from xiezhi_domain.errors import DomainError, InvalidInput, Reason, Unavailable
from xiezhi_domain.events.ids import check_uuid7, uuid7
from xiezhi_journal.journal import Journal
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.writer import Work
from xiezhi_node.acting.issue import Issue
from xiezhi_node.acting.once import act_once
from xiezhi_node.finding.batch import prepare_batch, rows_of
from xiezhi_node.finding.checks import CheckedOrder
from xiezhi_node.finding.drafts import draft_request, draft_work
from xiezhi_node.instructions.actions import Acting, Report, report_progress
from xiezhi_node.instructions.looking import Look, Looking
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class FindService(FindServiceServicer):
    """Serves find instructions. What each method refuses is said in the contract."""

    def __init__(self, journal: Journal, seat: Seat) -> None:
        self._journal = journal
        self._seat = seat
        self._looking = Looking(journal, seat)

    async def DraftFind(self, request: pb.DraftFindRequest, _context: _Context) -> pb.DraftFindResponse:
        """Store a draft and say what it lacks."""
        caller = current_caller()
        key = request_key(caller, "DraftFind", request)
        instruction = self._id(request.instruction_id)
        found: list[CheckedOrder] = []

        def prepare(connection: Connection) -> Work[Ledger, bytes]:
            draft = draft_request(connection, self._seat, caller, key, instruction)
            work, checked = draft_work(connection, draft, caller, request.order)
            found.append(checked)
            return work

        answer = await act_once(self._journal, key, prepare)
        return pb.DraftFindResponse(
            receipt=instruction_pb2.ActionReceipt.FromString(answer),
            missing_papers=[paper for checked in found for paper in checked.missing_papers],
            warnings=[warning for checked in found for warning in checked.warnings],
        )

    async def IssueFinds(self, request: pb.IssueFindsRequest, _context: _Context) -> pb.IssueFindsResponse:
        """Issue a batch; each order succeeds or fails alone."""
        caller = current_caller()
        if not 0 < len(request.request_id) <= LONGEST_REQUEST_ID:
            raise InvalidInput.in_field("request_id", f"请求编号必填，最长 {LONGEST_REQUEST_ID} 个字符")
        rows = rows_of(request, principal(caller), self._journal.clock())
        prepared = await self._journal.read(partial(prepare_batch, seat=self._seat, caller=caller, rows=rows))
        works = [work for work in prepared if isinstance(work, Issue)]
        answers = iter(await self._journal.writer.submit_all(works))
        results = [next(answers) if isinstance(each, Issue) else each for each in prepared]
        return pb.IssueFindsResponse(
            results=[
                _result(issue.row, result) for issue, result in zip(request.issues, results, strict=True)
            ]
        )

    async def RecordFindings(
        self, request: pb.RecordFindingsRequest, _context: _Context
    ) -> pb.RecordFindingsResponse:
        """Record what was found, as progress of the matter."""
        caller = current_caller()
        key = request_key(caller, "RecordFindings", request)
        acting = Acting(
            self._seat,
            self._journal.rulebooks,
            caller,
            key,
            request.instruction_id,
            self._journal.clock(),
        )
        report = Report(request.text, request.outcomes, request.documents)
        prepare = partial(report_progress, acting=acting, report=report)
        answer = await act_once(self._journal, key, prepare)
        return pb.RecordFindingsResponse(receipt=instruction_pb2.ActionReceipt.FromString(answer))

    async def GetFind(self, request: pb.GetFindRequest, _context: _Context) -> pb.GetFindResponse:
        """Return the order of a matter, in full to those who work on it."""
        look = Look(current_caller(), "GetFind", request.instruction_id, request.purpose)
        seen = await self._looking.at(look)
        return pb.GetFindResponse(order=seen.order, instruction=seen.instruction)

    def _id(self, given: str) -> str:
        if given:
            return check_uuid7(given, "instruction_id")
        return uuid7(self._journal.clock(), os.urandom(10))


def _result(row: str, result: bytes | BaseException) -> pb.FindIssueResult:
    if isinstance(result, bytes):
        return pb.FindIssueResult(row=row, receipt=instruction_pb2.ActionReceipt.FromString(result))
    error = result if isinstance(result, DomainError) else Unavailable(Reason.INTERNAL)
    field = error.fields[0].field if error.fields else ""
    return pb.FindIssueResult(row=row, reason=error.reason, message=error.message, field=field)
