"""`FindService`: 查人找物."""

# Methods are named by the contract.
# ruff: noqa: N802

from functools import partial
from typing import Any, TypeAlias

import grpc

from xiezhi.v1 import find_service_pb2 as pb
from xiezhi.v1.find_service_pb2_grpc import FindServiceServicer
from xiezhi_desk.requests import request_key
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_journal.journal import Journal
from xiezhi_node.instructions.actions import report_progress
from xiezhi_node.instructions.looking import Look, Looking
from xiezhi_node.instructions.reporting import Report
from xiezhi_node.instructions.requests import take_action
from xiezhi_node.ordering.batch import BatchRequest, issue_batch
from xiezhi_node.ordering.drafts import store_draft
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
        receipt, checked = await store_draft(
            self._journal, self._seat, caller, key, request.instruction_id, request.order
        )
        response = pb.DraftFindResponse(receipt=receipt)
        if checked is not None:
            response.missing_papers.extend(checked.missing_papers)
            response.warnings.extend(checked.warnings)
        return response

    async def IssueFinds(self, request: pb.IssueFindsRequest, _context: _Context) -> pb.IssueFindsResponse:
        """Issue a batch; each order succeeds or fails alone."""
        caller = current_caller()
        batch = BatchRequest("IssueFinds", request.request_id, request.issues)
        results = await issue_batch(self._journal, self._seat, caller, batch, pb.FindIssueResult)
        return pb.IssueFindsResponse(results=results)

    async def RecordFindings(
        self, request: pb.RecordFindingsRequest, _context: _Context
    ) -> pb.RecordFindingsResponse:
        """Record what was found, as progress of the matter."""
        report = Report(request.text, request.outcomes, request.documents)
        prepare = partial(report_progress, report=report)
        receipt = await take_action(self._journal, self._seat, "RecordFindings", request, prepare)
        return pb.RecordFindingsResponse(receipt=receipt)

    async def GetFind(self, request: pb.GetFindRequest, _context: _Context) -> pb.GetFindResponse:
        """Return the order of a matter, in full to those who work on it."""
        look = Look(current_caller(), "GetFind", request.instruction_id, request.purpose)
        seen = await self._looking.at(look)
        if not isinstance(seen.order, pb.FindOrder):
            raise NotFound(Reason.UNKNOWN_INSTRUCTION)
        return pb.GetFindResponse(order=seen.order, instruction=seen.instruction)
