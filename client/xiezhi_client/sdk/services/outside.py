"""Channels, matters of other channels, trials."""

from collections.abc import AsyncIterator, Sequence

from xiezhi.v1 import directory_service_pb2, trial_service_pb2
from xiezhi.v1 import outside_service_pb2 as pb
from xiezhi.v1.channel_pb2 import Channel as ChannelEnum
from xiezhi.v1.directory_service_pb2_grpc import DirectoryServiceStub
from xiezhi.v1.instruction_pb2 import InstructionState as StateEnum
from xiezhi.v1.instruction_pb2 import Result as ResultEnum
from xiezhi.v1.instruction_service_pb2 import Box as BoxEnum
from xiezhi.v1.outside_service_pb2_grpc import OutsideServiceStub
from xiezhi.v1.trial_service_pb2_grpc import TrialServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.kinds import Name
from xiezhi_client.sdk.records.outside import (
    ChannelAdvice,
    ChannelPolicy,
    ChannelRule,
    OutsideHistory,
    OutsideMatter,
    OutsidePage,
    OutsideResult,
    OutsideRow,
    Trial,
)
from xiezhi_client.sdk.records.view import ListFilter
from xiezhi_client.sdk.vocabulary import Box, Channel, InstructionState, Result

_CHANNEL, _STATE = Name(ChannelEnum.DESCRIPTOR), Name(StateEnum.DESCRIPTOR)
_RESULT, _BOX = Name(ResultEnum.DESCRIPTOR), Name(BoxEnum.DESCRIPTOR)


class Outside:
    """`OutsideService`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = OutsideServiceStub(calls.channel)

    async def register(
        self, rows: Sequence[OutsideRow], *, check_only: bool = False
    ) -> tuple[OutsideResult, ...]:
        """Register at most 200 matters, each alone; `check_only` only says what is wrong."""
        request = pb.RegisterOutsideRequest(rows=[row.to_proto() for row in rows], check_only=check_only)
        answer = await self._calls.unary(self._stub.RegisterOutside, request)
        return tuple(map(OutsideResult.from_proto, answer.results))

    async def step(
        self,
        outside_id: str,
        state: InstructionState,
        happened_on: str,
        text: str = "",
        *,
        result: Result = "",
        request_id: str = "",
    ) -> OutsideMatter:
        """Note what became of a matter (id or number). Raise `NotFound`, `WrongState`, `InvalidInput`."""
        request = pb.RecordOutsideStepRequest(
            request_id=request_id or new_request_id(),
            outside_id=outside_id,
            state=_STATE.to_proto(state),
            happened_on=happened_on,
            text=text,
            result=_RESULT.to_proto(result),
        )
        answer = await self._calls.unary(self._stub.RecordOutsideStep, request)
        return OutsideMatter.from_proto(answer.matter)

    async def get(self, outside_id: str) -> OutsideHistory:
        """One matter (id or number) with its steps. Raise `NotFound`."""
        request = pb.GetOutsideRequest(outside_id=outside_id)
        return OutsideHistory.from_proto(await self._calls.unary(self._stub.GetOutside, request))

    async def list(
        self,
        channel: Channel = "",
        box: Box = "",
        *,
        open_only: bool = False,
        overdue_only: bool = False,
        page_size: int = 0,
    ) -> AsyncIterator[OutsideMatter]:
        """Matters, newest first, page after page."""
        token = ""
        while True:
            request = pb.ListOutsideRequest(
                channel=_CHANNEL.to_proto(channel),
                box=_BOX.to_proto(box),
                open_only=open_only,
                overdue_only=overdue_only,
                page_size=page_size,
                page_token=token,
            )
            answer = await self._calls.unary(self._stub.ListOutside, request)
            for matter in answer.matters:
                yield OutsideMatter.from_proto(matter)
            token = answer.next_page_token
            if not token:
                return

    async def page(
        self, wanted: ListFilter, channel: Channel = "", *, page_size: int = 0, page_token: str = ""
    ) -> OutsidePage:
        """Give one page of the matters of a channel, or of all. Raise `InvalidInput` for a token of another list."""
        request = pb.ListOutsideRequest(
            channel=_CHANNEL.to_proto(channel),
            box=_BOX.to_proto(wanted.box),
            open_only=wanted.open_only,
            overdue_only=wanted.overdue_only,
            page_size=page_size,
            page_token=page_token,
            filter=wanted.to_proto(),
        )
        return OutsidePage.from_proto(await self._calls.unary(self._stub.ListOutside, request))

    async def check_channel(self, kind: str, receiver: str) -> ChannelAdvice:
        """Which channel a new matter has to take."""
        request = pb.CheckChannelRequest(kind=kind, receiver=receiver)
        return ChannelAdvice.from_proto(await self._calls.unary(self._stub.CheckChannel, request))


class Channels:
    """The channel policy in `DirectoryService`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = DirectoryServiceStub(calls.channel)

    async def policy(self, version: int = 0) -> ChannelPolicy:
        """Give a version of the policy, the one in force for 0. Raise `NotFound`."""
        request = directory_service_pb2.GetChannelPolicyRequest(version=version)
        answer = await self._calls.unary(self._stub.GetChannelPolicy, request)
        return ChannelPolicy.from_proto(answer.policy)

    async def set_policy(
        self, rules: Sequence[ChannelRule], ground: str, *, seen_version: int, request_id: str = ""
    ) -> ChannelPolicy:
        """Put a new version in force, at the hub. Raise `Conflict` (another one is in force), `InvalidInput`."""
        request = directory_service_pb2.SetChannelPolicyRequest(
            request_id=request_id or new_request_id(),
            seen_version=seen_version,
            rules=[rule.to_proto() for rule in rules],
            ground=ground,
        )
        answer = await self._calls.unary(self._stub.SetChannelPolicy, request)
        return ChannelPolicy.from_proto(answer.policy)


class Trials:
    """`TrialService`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = TrialServiceStub(calls.channel)

    async def get(self) -> Trial:
        """Whether a trial runs, and what it has left."""
        answer = await self._calls.unary(self._stub.GetTrial, trial_service_pb2.GetTrialRequest())
        return Trial.from_proto(answer.trial)

    async def start(self) -> Trial:
        """Begin a trial. Raise `WrongState`."""
        request = trial_service_pb2.StartTrialRequest()
        answer = await self._calls.unary(self._stub.StartTrial, request, repeat=False)
        return Trial.from_proto(answer.trial)

    async def clear(self, seen: int) -> Trial:
        """End the trial and clear the `seen` drafts and registered matters. Raise `WrongState`, `Conflict`."""
        request = trial_service_pb2.ClearTrialRequest(seen=seen)
        answer = await self._calls.unary(self._stub.ClearTrial, request, repeat=False)
        return Trial.from_proto(answer.trial)
