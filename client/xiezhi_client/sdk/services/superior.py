"""What the common superior decides about matters between its courts; on the hub's desk.

Every action takes the matter by id or number and, as options, what the steps in `ladder` take. It raises what they
raise: `WrongState` with the rule that forbids it, `NotAllowed`, `InvalidInput`. Nothing is pending: the hub has ruled.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Unpack

from xiezhi.v1 import superior_service_pb2 as pb
from xiezhi.v1.superior_service_pb2_grpc import SuperiorServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.kinds import Moment, Name
from xiezhi_client.sdk.records.court import Officer
from xiezhi_client.sdk.records.event import TimelineEntry
from xiezhi_client.sdk.records.instruction import ActionReceipt
from xiezhi_client.sdk.records.superior import AwaitingMatter, MatterToDecide, SupervisorCall
from xiezhi_client.sdk.services.ladder import Options, common
from xiezhi_client.sdk.vocabulary import Appeal

_APPEAL = Name(pb.Appeal.DESCRIPTOR)
_MOMENT = Moment()


class Superior:
    """`SuperiorService`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = SuperiorServiceStub(calls.channel)

    async def awaiting(self, appeal: Appeal = "", *, page_size: int = 0) -> AsyncIterator[AwaitingMatter]:
        """Matters in which courts wait for a decision, oldest first; for *appeal*, or for any."""
        request = pb.ListAwaitingRequest(appeal=_APPEAL.to_proto(appeal), page_size=page_size)
        while True:
            page = await self._calls.unary(self._stub.ListAwaiting, request)
            for matter in page.matters:
                yield AwaitingMatter.from_proto(matter)
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    async def get(self, instruction_id: str) -> MatterToDecide:
        """One matter by id or number, without names and words: where it stands, what may be done in it."""
        request = pb.GetMatterRequest(instruction_id=instruction_id)
        return MatterToDecide.from_proto(await self._calls.unary(self._stub.GetMatter, request))

    async def read(self, instruction_id: str, purpose: str) -> tuple[TimelineEntry, ...]:
        """What the courts wrote in a matter; recorded as a look, with what it was for."""
        request = pb.ReadMatterRequest(instruction_id=instruction_id, purpose=purpose)
        answer = await self._calls.unary(self._stub.ReadMatter, request)
        return tuple(map(TimelineEntry.from_proto, answer.timeline))

    async def calls(self, purpose: str, *, page_size: int = 0) -> AsyncIterator[SupervisorCall]:
        """Calls of the command centre (电话催办), newest first; recorded as looks, with what they were for."""
        request = pb.ListSupervisorCallsRequest(page_size=page_size, purpose=purpose)
        while True:
            page = await self._calls.unary(self._stub.ListSupervisorCalls, request)
            for call in page.calls:
                yield SupervisorCall.from_proto(call)
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    async def reroute(
        self, instruction_id: str, court: str, text: str, **options: Unpack[Options]
    ) -> ActionReceipt:
        """Send a matter to the right court, which gets the whole history; its clock starts afresh."""
        request = pb.RerouteMatterRequest(**common(instruction_id, options), court=court, text=text)
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.RerouteMatter, request)).receipt)

    async def refuse_reroute(
        self, instruction_id: str, text: str, **options: Unpack[Options]
    ) -> ActionReceipt:
        """Leave a matter where it is although its receiver named another court."""
        request = pb.RefuseRerouteRequest(**common(instruction_id, options), text=text)
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.RefuseReroute, request)).receipt)

    async def forward(
        self, instruction_id: str, court: str, text: str, **options: Unpack[Options]
    ) -> ActionReceipt:
        """Hand a matter that the hub's own court has received on to a court below it."""
        request = pb.ForwardMatterRequest(**common(instruction_id, options), court=court, text=text)
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.ForwardMatter, request)).receipt)

    async def transfer_sender(
        self, instruction_id: str, court: str, reason: str, text: str, **options: Unpack[Options]
    ) -> ActionReceipt:
        """Put the court that has the case now in the sender's place; *reason* is a code of the rulebook."""
        request = pb.TransferSenderRequest(
            **common(instruction_id, options), court=court, reason=reason, text=text
        )
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.TransferSender, request)).receipt)

    async def refuse_transfer(
        self, instruction_id: str, reason: str, text: str, **options: Unpack[Options]
    ) -> ActionReceipt:
        """Leave the sending court as it is although it asked for a change; *reason* is a code of the rulebook."""
        request = pb.RefuseTransferRequest(**common(instruction_id, options), reason=reason, text=text)
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.RefuseTransfer, request)).receipt)

    async def rule_on_objection(
        self, instruction_id: str, text: str, *, upheld: bool, **options: Unpack[Options]
    ) -> ActionReceipt:
        """Rule on an objection to a return; an upheld one lets the work go on."""
        request = pb.RuleOnObjectionRequest(**common(instruction_id, options), upheld=upheld, text=text)
        return ActionReceipt.from_proto(
            (await self._calls.unary(self._stub.RuleOnObjection, request)).receipt
        )

    async def rule_on_dispute(
        self, instruction_id: str, ruling: str, text: str, **options: Unpack[Options]
    ) -> ActionReceipt:
        """Rule on help asked for after a second rejection; *ruling* is a code of the rulebook."""
        request = pb.RuleOnDisputeRequest(**common(instruction_id, options), ruling=ruling, text=text)
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.RuleOnDispute, request)).receipt)

    async def rule_on_complaint(
        self, instruction_id: str, ruling: str, text: str, **options: Unpack[Options]
    ) -> ActionReceipt:
        """Rule on a complaint; *ruling* is a code of the rulebook."""
        request = pb.RuleOnComplaintRequest(**common(instruction_id, options), ruling=ruling, text=text)
        return ActionReceipt.from_proto(
            (await self._calls.unary(self._stub.RuleOnComplaint, request)).receipt
        )

    async def stop(
        self, instruction_id: str, reason: str, text: str, **options: Unpack[Options]
    ) -> ActionReceipt:
        """Stop the work."""
        request = pb.StopMatterRequest(**common(instruction_id, options), reason=reason, text=text)
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.StopMatter, request)).receipt)

    async def suspend(
        self, instruction_id: str, reason: str, text: str, *, until_on: str = "", **options: Unpack[Options]
    ) -> ActionReceipt:
        """Pause the work and its clocks; 暂缓执行 names its last day, *until_on*."""
        request = pb.SuspendMatterRequest(
            **common(instruction_id, options), reason=reason, text=text, until_on=until_on
        )
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.SuspendMatter, request)).receipt)

    async def extend_suspension(
        self, instruction_id: str, until_on: str, text: str, **options: Unpack[Options]
    ) -> ActionReceipt:
        """Lengthen 暂缓执行 to a later last day; the president of the superior court alone."""
        request = pb.ExtendSuspensionRequest(**common(instruction_id, options), until_on=until_on, text=text)
        answer = await self._calls.unary(self._stub.ExtendSuspension, request)
        return ActionReceipt.from_proto(answer.receipt)

    async def resume(self, instruction_id: str, text: str, **options: Unpack[Options]) -> ActionReceipt:
        """Let the work go on; the end of the period moves by the pause."""
        request = pb.ResumeMatterRequest(**common(instruction_id, options), text=text)
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.ResumeMatter, request)).receipt)

    async def log_call(
        self,
        instruction_id: str,
        text: str,
        called_at: datetime,
        *,
        counterpart: Officer | None = None,
        promise_at: datetime | None = None,
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Record a call: when, with whom, what was promised for when."""
        request = pb.LogSupervisorCallRequest(
            **common(instruction_id, options),
            text=text,
            called_at=_MOMENT.to_proto(called_at),
            promise_at=None if promise_at is None else _MOMENT.to_proto(promise_at),
            counterpart=None if counterpart is None else counterpart.to_proto(),
        )
        answer = await self._calls.unary(self._stub.LogSupervisorCall, request)
        return ActionReceipt.from_proto(answer.receipt)
