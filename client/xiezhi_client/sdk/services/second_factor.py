"""The second factor of people: one-time codes beside the password."""

from datetime import UTC, datetime

from xiezhi.v1 import second_factor_service_pb2 as pb
from xiezhi.v1.second_factor_service_pb2_grpc import SecondFactorServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.records.account import NewSecondFactor, SecondFactor


class SecondFactors:
    """`SecondFactorService`. A wrong code counts like a wrong password, so no code is sent twice."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = SecondFactorServiceStub(calls.channel)

    async def get(self, account_id: str = "") -> SecondFactor:
        """How it stands with the caller, or as an administrator with somebody. Raise `NotAllowed` (of others)."""
        request = pb.GetSecondFactorRequest(account_id=account_id)
        return SecondFactor.from_proto(await self._calls.unary(self._stub.GetSecondFactor, request))

    async def begin(self, password: str) -> NewSecondFactor:
        """Make a new secret for the caller's app. Raise `NotSignedIn` (password), `WrongState`, `Overloaded`."""
        request = pb.BeginSecondFactorRequest(password=password)
        answer = await self._calls.unary(self._stub.BeginSecondFactor, request, repeat=False)
        return NewSecondFactor.from_proto(answer)

    async def finish(self, code: str) -> tuple[str, ...]:
        """Set what was begun, with a first code; gives the recovery codes, shown this once.

        Raise `NotAllowed` (SECOND_FACTOR_WRONG), `WrongState`, `Overloaded`.
        """
        request = pb.FinishSecondFactorRequest(code=code)
        answer = await self._calls.unary(self._stub.FinishSecondFactor, request, repeat=False)
        return tuple(answer.recovery_codes)

    async def confirm(self, code: str) -> datetime:
        """Show it again for approvals and seals in this session; gives until when it is good.

        Raise `NotAllowed` (SECOND_FACTOR_WRONG, SECOND_FACTOR_MISSING), `Overloaded`.
        """
        request = pb.ConfirmSecondFactorRequest(code=code)
        answer = await self._calls.unary(self._stub.ConfirmSecondFactor, request, repeat=False)
        return answer.confirmed_until.ToDatetime(tzinfo=UTC)

    async def remove(self, password: str, code: str) -> None:
        """Remove the caller's own. Raise `NotSignedIn` (password), `NotAllowed` (code; none is set), `Overloaded`."""
        request = pb.RemoveSecondFactorRequest(password=password, code=code)
        await self._calls.unary(self._stub.RemoveSecondFactor, request, repeat=False)

    async def reset(self, account_id: str) -> None:
        """Remove that of somebody who has lost it, as an administrator. Raise `NotFound`, `NotAllowed`."""
        await self._calls.unary(
            self._stub.ResetSecondFactor, pb.ResetSecondFactorRequest(account_id=account_id)
        )
