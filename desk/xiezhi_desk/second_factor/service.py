"""`SecondFactorService`: the second factor of people."""

# Methods are named by the contract.
# ruff: noqa: N802

from typing import Any, TypeAlias

import grpc

from xiezhi.v1 import second_factor_service_pb2 as pb
from xiezhi.v1.second_factor_service_pb2_grpc import SecondFactorServiceServicer
from xiezhi_desk.second_factor.second_factors import SecondFactors
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_domain.terms import Role
from xiezhi_wire.caller import current_caller
from xiezhi_wire.second_factor import SecondFactorDemand

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class SecondFactorService(SecondFactorServiceServicer):
    """Serves the second factors of one court. What each method refuses is said in the contract."""

    def __init__(self, second_factors: SecondFactors, demand: SecondFactorDemand) -> None:
        self._second_factors = second_factors
        self._demand = demand

    async def GetSecondFactor(
        self, request: pb.GetSecondFactorRequest, _context: _Context
    ) -> pb.GetSecondFactorResponse:
        """Return how it stands with an account, and what the court demands."""
        caller = current_caller()
        account_id = request.account_id or caller.account_id
        if account_id != caller.account_id and Role.ADMINISTRATOR not in caller.roles:
            raise NotAllowed(Reason.FORBIDDEN, f"他人的动态口令由{Role.ADMINISTRATOR.zh}查看")
        standing = await self._second_factors.standing(account_id)
        answer = pb.GetSecondFactorResponse(
            recovery_codes_left=standing.recovery_codes_left,
            demanded=self._demand.demanded,
            minutes=self._demand.minutes,
        )
        if standing.set_at:
            answer.set_at.CopyFrom(to_timestamp(standing.set_at))
        return answer

    async def BeginSecondFactor(
        self, request: pb.BeginSecondFactorRequest, _context: _Context
    ) -> pb.BeginSecondFactorResponse:
        """Return a new secret for the caller's app."""
        begun = await self._second_factors.begin(current_caller(), request.password)
        return pb.BeginSecondFactorResponse(secret=begun.secret, uri=begun.uri)

    async def FinishSecondFactor(
        self, request: pb.FinishSecondFactorRequest, _context: _Context
    ) -> pb.FinishSecondFactorResponse:
        """Set what was begun."""
        recovery = await self._second_factors.finish(current_caller(), request.code)
        return pb.FinishSecondFactorResponse(recovery_codes=recovery)

    async def ConfirmSecondFactor(
        self, request: pb.ConfirmSecondFactorRequest, _context: _Context
    ) -> pb.ConfirmSecondFactorResponse:
        """Take a code for approvals and seals."""
        at = await self._second_factors.confirm(current_caller(), request.code)
        return pb.ConfirmSecondFactorResponse(confirmed_until=to_timestamp(self._demand.good_until(at)))

    async def RemoveSecondFactor(
        self, request: pb.RemoveSecondFactorRequest, _context: _Context
    ) -> pb.RemoveSecondFactorResponse:
        """Remove the caller's own."""
        await self._second_factors.remove(current_caller(), request.password, request.code)
        return pb.RemoveSecondFactorResponse()

    async def ResetSecondFactor(
        self, request: pb.ResetSecondFactorRequest, _context: _Context
    ) -> pb.ResetSecondFactorResponse:
        """Remove that of somebody else."""
        await self._second_factors.reset(current_caller(), request.account_id)
        return pb.ResetSecondFactorResponse()
