"""`SuperiorService`: decisions of the common superior, on the hub's desk."""

# Methods are named by the contract.
# ruff: noqa: N802

from functools import partial
from typing import Any, TypeAlias

import grpc

from xiezhi.v1 import superior_service_pb2 as pb
from xiezhi.v1.superior_service_pb2_grpc import SuperiorServiceServicer
from xiezhi_desk.access import require_purpose
from xiezhi_desk.orders import day
from xiezhi_desk.requests import principal
from xiezhi_domain.calendar import end_of_day_ms
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.terms import EventKind
from xiezhi_hub.confidentiality import current_reader, find_matter
from xiezhi_hub.looking import look_into
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.ruling.rule import Seat
from xiezhi_hub.superior.acting import SuperiorMove
from xiezhi_hub.superior.awaiting import awaiting_decision
from xiezhi_hub.superior.calls import CallsLook, looked_at
from xiezhi_hub.superior.desk import SuperiorDesk, prose
from xiezhi_hub.superior.matters import Looking, read_matter, timeline
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import Page, read_summary
from xiezhi_wire.caller import current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class SuperiorService(SuperiorServiceServicer):
    """Serves the superior's decisions. What each method refuses is said in the contract."""

    def __init__(self, journal: Journal, seat: Seat, gate: Gate) -> None:
        self._journal = journal
        self._seat = seat
        self._desk = SuperiorDesk(journal, seat, gate)

    async def ListAwaiting(
        self, request: pb.ListAwaitingRequest, _context: _Context
    ) -> pb.ListAwaitingResponse:
        """Return matters that wait for a decision."""
        query = partial(
            awaiting_decision,
            appeal=request.appeal,
            page=Page.of(request.page_size, request.page_token),
            now=self._journal.clock(),
            reader=current_reader(self._journal),
        )
        return await self._journal.read(query)

    async def GetMatter(self, request: pb.GetMatterRequest, _context: _Context) -> pb.GetMatterResponse:
        """Return a matter with what the caller may do in it."""
        journal = self._journal
        looking = Looking(self._seat, journal.rulebooks, current_reader(journal), journal.clock())
        return await journal.read(partial(read_matter, looking=looking, wanted=request.instruction_id))

    async def ReadMatter(self, request: pb.ReadMatterRequest, _context: _Context) -> pb.ReadMatterResponse:
        """Return what the courts wrote, after the look is on record."""
        purpose = require_purpose(request.purpose, "查看事项内容应填写查看事由")
        journal = self._journal
        instruction = await look_into(journal, "ReadMatter", request.instruction_id, purpose)
        query = partial(timeline, instruction=instruction, rulebooks=journal.rulebooks, bodies=True)
        return pb.ReadMatterResponse(timeline=await journal.read(query))

    async def ListSupervisorCalls(
        self, request: pb.ListSupervisorCallsRequest, _context: _Context
    ) -> pb.ListSupervisorCallsResponse:
        """Return a page of the register of calls, with the looks on record."""
        purpose = require_purpose(request.purpose, "查看通话记录应填写查看事由")
        caller = current_caller()
        look = CallsLook(principal(caller), caller.roles, purpose, self._journal.clock())
        page = Page.of(request.page_size, request.page_token)
        return await self._journal.write(partial(looked_at, look=look, court=self._seat.court, page=page))

    async def RerouteMatter(
        self, request: pb.RerouteMatterRequest, _context: _Context
    ) -> pb.RerouteMatterResponse:
        """Send a matter to the right court."""
        court = self._other_court(request.court)
        move = SuperiorMove(EventKind.REROUTED, parts=prose("text", request.text), court=court)
        return pb.RerouteMatterResponse(receipt=await self._desk.act("RerouteMatter", request, move))

    async def RefuseReroute(
        self, request: pb.RefuseRerouteRequest, _context: _Context
    ) -> pb.RefuseRerouteResponse:
        """Leave a matter where it is."""
        move = SuperiorMove(EventKind.REROUTE_REFUSED, parts=prose("text", request.text))
        return pb.RefuseRerouteResponse(receipt=await self._desk.act("RefuseReroute", request, move))

    async def ForwardMatter(
        self, request: pb.ForwardMatterRequest, _context: _Context
    ) -> pb.ForwardMatterResponse:
        """Hand a matter on to a court below."""
        court = self._other_court(request.court)
        move = SuperiorMove(EventKind.FORWARDED, parts=prose("text", request.text), court=court)
        return pb.ForwardMatterResponse(receipt=await self._desk.act("ForwardMatter", request, move))

    async def TransferSender(
        self, request: pb.TransferSenderRequest, _context: _Context
    ) -> pb.TransferSenderResponse:
        """Change the sending court; a matter that this court was asked itself ends in its case."""
        court, parts = self._court(request.court), prose("text", request.text)
        facts: JsonObject = {"reason": request.reason}
        find = partial(find_matter, wanted=request.instruction_id, reader=current_reader(self._journal))
        instruction = await self._journal.read(find)
        row = await self._journal.read(partial(read_summary, instruction=instruction))
        if row is not None and row.receiver == court:
            move = SuperiorMove(EventKind.MERGED, facts, parts)
        else:
            move = SuperiorMove(EventKind.SENDER_TRANSFERRED, facts, parts, court)
        return pb.TransferSenderResponse(receipt=await self._desk.act("TransferSender", request, move))

    async def RefuseTransfer(
        self, request: pb.RefuseTransferRequest, _context: _Context
    ) -> pb.RefuseTransferResponse:
        """Leave the sending court as it is."""
        move = SuperiorMove(
            EventKind.TRANSFER_REFUSED, {"reason": request.reason}, prose("text", request.text)
        )
        return pb.RefuseTransferResponse(receipt=await self._desk.act("RefuseTransfer", request, move))

    async def RuleOnObjection(
        self, request: pb.RuleOnObjectionRequest, _context: _Context
    ) -> pb.RuleOnObjectionResponse:
        """Rule on an objection to a return."""
        kind = EventKind.OBJECTION_UPHELD if request.upheld else EventKind.OBJECTION_DISMISSED
        move = SuperiorMove(kind, parts=prose("text", request.text))
        return pb.RuleOnObjectionResponse(receipt=await self._desk.act("RuleOnObjection", request, move))

    async def RuleOnDispute(
        self, request: pb.RuleOnDisputeRequest, _context: _Context
    ) -> pb.RuleOnDisputeResponse:
        """Rule on help asked for after a second rejection."""
        move = SuperiorMove(EventKind.DISPUTE_RULED, {"ruling": request.ruling}, prose("text", request.text))
        return pb.RuleOnDisputeResponse(receipt=await self._desk.act("RuleOnDispute", request, move))

    async def RuleOnComplaint(
        self, request: pb.RuleOnComplaintRequest, _context: _Context
    ) -> pb.RuleOnComplaintResponse:
        """Rule on a complaint."""
        move = SuperiorMove(
            EventKind.COMPLAINT_RULED, {"ruling": request.ruling}, prose("text", request.text)
        )
        return pb.RuleOnComplaintResponse(receipt=await self._desk.act("RuleOnComplaint", request, move))

    async def StopMatter(self, request: pb.StopMatterRequest, _context: _Context) -> pb.StopMatterResponse:
        """Stop the work."""
        move = SuperiorMove(EventKind.STOPPED, {"reason": request.reason}, prose("text", request.text))
        return pb.StopMatterResponse(receipt=await self._desk.act("StopMatter", request, move))

    async def SuspendMatter(
        self, request: pb.SuspendMatterRequest, _context: _Context
    ) -> pb.SuspendMatterResponse:
        """Pause the work."""
        facts: JsonObject = {"reason": request.reason, **_until(request.until_on)}
        move = SuperiorMove(EventKind.SUSPENDED, facts, prose("text", request.text))
        return pb.SuspendMatterResponse(receipt=await self._desk.act("SuspendMatter", request, move))

    async def ExtendSuspension(
        self, request: pb.ExtendSuspensionRequest, _context: _Context
    ) -> pb.ExtendSuspensionResponse:
        """Lengthen a suspension."""
        if not request.until_on:
            raise InvalidInput.in_field("until_on", "请填写延长后暂缓执行届满之日，例如 2026-12-31")
        move = SuperiorMove(
            EventKind.SUSPENSION_EXTENDED, _until(request.until_on), prose("text", request.text)
        )
        return pb.ExtendSuspensionResponse(receipt=await self._desk.act("ExtendSuspension", request, move))

    async def ResumeMatter(
        self, request: pb.ResumeMatterRequest, _context: _Context
    ) -> pb.ResumeMatterResponse:
        """Let the work go on."""
        move = SuperiorMove(EventKind.RESUMED, parts=prose("text", request.text))
        return pb.ResumeMatterResponse(receipt=await self._desk.act("ResumeMatter", request, move))

    async def LogSupervisorCall(
        self, request: pb.LogSupervisorCallRequest, _context: _Context
    ) -> pb.LogSupervisorCallResponse:
        """Record a call."""
        if not request.HasField("called_at"):
            raise InvalidInput.in_field("called_at", "请填写通话时间")
        facts: JsonObject = {"called": request.called_at.ToMilliseconds()}
        if request.HasField("promise_at"):
            facts["promise"] = request.promise_at.ToMilliseconds()
        parts = prose("text", request.text, request.counterpart)
        move = SuperiorMove(EventKind.CALL_LOGGED, facts, parts)
        return pb.LogSupervisorCallResponse(receipt=await self._desk.act("LogSupervisorCall", request, move))

    def _court(self, code: str) -> str:
        if code not in self._seat.courts.subtree(self._seat.court):
            raise InvalidInput.in_field("court", "请选择本枢纽服务的法院，并核对法院代字")
        return code

    def _other_court(self, code: str) -> str:
        if code == self._seat.court:
            raise InvalidInput.in_field("court", "请选择下级法院")
        return self._court(code)


def _until(text: str) -> JsonObject:
    """Return the fact that states the last day of a suspension; none for an empty text.

    :raises InvalidInput: naming ``until_on``.
    """
    return {"until": end_of_day_ms(day(text, "until_on"))} if text else {}
