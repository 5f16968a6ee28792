"""`DelegationService`: 事项委托 and 协助执行(法院间)."""

# Methods are named by the contract.
# ruff: noqa: N802

from functools import partial
from typing import Any, TypeAlias

import grpc
from sqlalchemy import Connection, select

from xiezhi.v1 import delegation_service_pb2 as pb
from xiezhi_desk.requests import request_key
from xiezhi_desk.terms import FOLLOW_UPS
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_journal import tables
from xiezhi_node.cases.checks import normal_case_number
from xiezhi_node.cases.store import get_case
from xiezhi_node.confidentiality import visible
from xiezhi_node.delegation.follow_up import follow_up_order
from xiezhi_node.delegation.forms import act_forms
from xiezhi_node.delegation.whole_case_methods import WholeCaseMethods
from xiezhi_node.instructions.actions import complete, report_progress
from xiezhi_node.instructions.looking import Look
from xiezhi_node.instructions.matters import Seen
from xiezhi_node.instructions.reporting import Report
from xiezhi_node.instructions.requests import take_action
from xiezhi_node.ordering.batch import BatchRequest, issue_batch
from xiezhi_node.ordering.drafts import store_draft
from xiezhi_node.ordering.sums import read_sums, to_case_sums
from xiezhi_wire.caller import current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class DelegationService(WholeCaseMethods):
    """Serves delegations. What each method refuses is said in the contract."""

    # --- The sender --------------------------------------------------------------------------------------------------

    async def DraftDelegation(
        self, request: pb.DraftDelegationRequest, _context: _Context
    ) -> pb.DraftDelegationResponse:
        """Store a draft; say what it lacks, and what the case has ordered already."""
        caller = current_caller()
        key = request_key(caller, "DraftDelegation", request)
        receipt, checked = await store_draft(
            self._journal, self._seat, caller, key, request.instruction_id, request.order
        )
        response = pb.DraftDelegationResponse(receipt=receipt)
        if checked is not None:
            response.missing_papers.extend(checked.missing_papers)
            response.warnings.extend(checked.warnings)
            response.sums.CopyFrom(await self._sums(checked.order.case_number))
        return response

    async def IssueDelegations(
        self, request: pb.IssueDelegationsRequest, _context: _Context
    ) -> pb.IssueDelegationsResponse:
        """Issue a batch; each order succeeds or fails alone."""
        batch = BatchRequest("IssueDelegations", request.request_id, request.issues)
        results = await issue_batch(
            self._journal, self._seat, current_caller(), batch, pb.DelegationIssueResult
        )
        return pb.IssueDelegationsResponse(results=results)

    async def PrepareFollowUp(
        self, request: pb.PrepareFollowUpRequest, _context: _Context
    ) -> pb.PrepareFollowUpResponse:
        """Return an order that renews or releases what a matter has achieved."""
        wanted = FOLLOW_UPS.from_proto(request.follow_up, "follow_up")
        # Numbers in full, or the new order would name masked accounts.
        look = Look(current_caller(), "PrepareFollowUp", request.instruction_id, wanted.zh, unmask=True)
        seen, order = await self._seen(look)
        content = self._seat.rulebook.rules(order.kind, self._seat.court, order.receiver).content
        return pb.PrepareFollowUpResponse(order=follow_up_order(seen.instruction, order, content, wanted))

    async def GetSums(self, request: pb.GetSumsRequest, _context: _Context) -> pb.GetSumsResponse:
        """Return what was ordered and what is controlled for a case."""
        case_number = normal_case_number(request.case_number, "case_number")
        return pb.GetSumsResponse(sums=await self._sums(case_number, request.bundle_id))

    # --- The receiver ------------------------------------------------------------------------------------------------

    async def RecordOutcomes(
        self, request: pb.RecordOutcomesRequest, _context: _Context
    ) -> pb.RecordOutcomesResponse:
        """Record outcomes of items, as progress of the matter."""
        prepare = partial(report_progress, report=Report(request.text, request.outcomes, request.documents))
        receipt = await take_action(self._journal, self._seat, "RecordOutcomes", request, prepare)
        return pb.RecordOutcomesResponse(receipt=receipt)

    async def CompleteDelegation(
        self, request: pb.CompleteDelegationRequest, _context: _Context
    ) -> pb.CompleteDelegationResponse:
        """Report the result."""
        prepare = partial(complete, report=Report(request.text, request.outcomes, request.documents))
        receipt = await take_action(self._journal, self._seat, "CompleteDelegation", request, prepare)
        return pb.CompleteDelegationResponse(receipt=receipt)

    # --- Both --------------------------------------------------------------------------------------------------------

    async def GetDelegation(
        self, request: pb.GetDelegationRequest, _context: _Context
    ) -> pb.GetDelegationResponse:
        """Return the order of a matter, in full to those who work on it."""
        look = Look(current_caller(), "GetDelegation", request.instruction_id, request.purpose)
        seen, order = await self._seen(look)
        response = pb.GetDelegationResponse(order=order, instruction=seen.instruction)
        if seen.instruction.summary.sender == self._seat.court:
            response.sums.CopyFrom(await self._sums(order.case_number, order.bundle_id))
        return response

    async def DescribeActs(
        self, request: pb.DescribeActsRequest, _context: _Context
    ) -> pb.DescribeActsResponse:
        """Return how orders of a kind and their outcomes are filled in."""
        return pb.DescribeActsResponse(forms=act_forms(self._seat.rulebook.kind(request.kind)))

    async def _seen(self, look: Look) -> tuple[Seen, pb.DelegationOrder]:
        seen = await self._looking.at(look)
        if not isinstance(seen.order, pb.DelegationOrder):
            raise NotFound(Reason.UNKNOWN_INSTRUCTION)
        return seen, seen.order

    async def _sums(self, case_number: str, bundle: str = "") -> pb.CaseSums:
        """Return the sums of a case; of its matters only those are named that the caller may know of."""
        caller, seat = current_caller(), self._seat

        def read(connection: Connection) -> pb.CaseSums:
            case = get_case(connection, case_number)
            sums = read_sums(connection, seat.rulebooks, case_number, bundle)
            row = tables.instruction.c
            seen = visible(caller, seat.rulebook)
            known = select(row.instruction).where(row.case_number == case_number, seen)
            return to_case_sums(sums, case, bundle, frozenset(connection.scalars(known)))

        return await self._journal.read(read)
