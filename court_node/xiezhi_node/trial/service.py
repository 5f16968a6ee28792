"""`TrialService`: trying the platform out."""

# Methods are named by the contract.
# ruff: noqa: N802

from typing import Any, TypeAlias

import grpc

from xiezhi.v1 import trial_service_pb2 as pb
from xiezhi.v1.trial_service_pb2_grpc import TrialServiceServicer
from xiezhi_journal.journal import Journal
from xiezhi_node.trial.store import read_trial
from xiezhi_node.trial.works import Clear, Start
from xiezhi_wire.caller import current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class TrialService(TrialServiceServicer):
    """Serves the trial in the journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def GetTrial(self, _request: pb.GetTrialRequest, _context: _Context) -> pb.GetTrialResponse:
        """Return the trial with what it has left so far."""
        return pb.GetTrialResponse(trial=await self._journal.read(read_trial))

    async def StartTrial(self, _request: pb.StartTrialRequest, _context: _Context) -> pb.StartTrialResponse:
        """Begin a trial."""
        trial = await self._journal.submit(Start(current_caller().account_id))
        return pb.StartTrialResponse(trial=trial)

    async def ClearTrial(self, request: pb.ClearTrialRequest, _context: _Context) -> pb.ClearTrialResponse:
        """End the trial and clear what it has left."""
        trial = await self._journal.submit(Clear(current_caller().account_id, request.seen))
        return pb.ClearTrialResponse(trial=trial)
