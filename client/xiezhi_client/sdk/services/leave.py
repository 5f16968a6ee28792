"""Leave, substitution, hand-over."""

from collections.abc import Sequence

from xiezhi.v1 import leave_service_pb2 as pb
from xiezhi.v1.leave_service_pb2_grpc import LeaveServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.records.staff import HandOverResult, Leave, Owned


class Leaves:
    """`LeaveService`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = LeaveServiceStub(calls.channel)

    async def enter(
        self,
        first_day: str,
        last_day: str,
        reason: str,
        *,
        account_id: str = "",
        substitute_id: str = "",
        request_id: str = "",
    ) -> Leave:
        """Enter a leave of the caller, or of an account; of more than a day with a substitute (id or login).

        Raise `InvalidInput`, `WrongState` (somebody is away already), `NotAllowed`.
        """
        request = pb.EnterLeaveRequest(
            request_id=request_id or new_request_id(),
            account_id=account_id,
            substitute_id=substitute_id,
            first_day=first_day,
            last_day=last_day,
            reason=reason,
        )
        return Leave.from_proto((await self._calls.unary(self._stub.EnterLeave, request)).leave)

    async def end(self, leave_id: str) -> None:
        """End a leave now. Raise `NotFound`, `NotAllowed`."""
        await self._calls.unary(self._stub.EndLeave, pb.EndLeaveRequest(leave_id=leave_id))

    async def list(self) -> tuple[Leave, ...]:
        """Leaves that are not over."""
        answer = await self._calls.unary(self._stub.ListLeaves, pb.ListLeavesRequest())
        return tuple(map(Leave.from_proto, answer.leaves))

    async def owned(self, account_id: str) -> Owned:
        """Open matters that a person owns. Raise `NotFound`."""
        request = pb.ListOwnedRequest(account_id=account_id)
        return Owned.from_proto(await self._calls.unary(self._stub.ListOwned, request))

    async def hand_over(
        self,
        account_id: str,
        reason: str,
        *,
        successor_id: str = "",
        matter_ids: Sequence[str] = (),
        request_id: str = "",
    ) -> tuple[HandOverResult, ...]:
        """Hand open matters (all, or those named) to a successor, or to the caller; each alone.

        `reason` is a code of the rulebook, such as ``LEFT``. Raise `InvalidInput`, `NotFound`.
        """
        request = pb.HandOverRequest(
            request_id=request_id or new_request_id(),
            account_id=account_id,
            successor_id=successor_id,
            reason=reason,
            matter_ids=matter_ids,
        )
        answer = await self._calls.unary(self._stub.HandOver, request)
        return tuple(map(HandOverResult.from_proto, answer.results))
