"""Duty rosters, and whom to call at a court."""

from collections.abc import Sequence
from datetime import datetime

from xiezhi.v1 import directory_service_pb2, roster_service_pb2
from xiezhi.v1.directory_service_pb2_grpc import DirectoryServiceStub
from xiezhi.v1.roster_service_pb2_grpc import RosterServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.kinds import Moment
from xiezhi_client.sdk.records.staff import OnDuty, RosterEntry, RosterImport


class Rosters:
    """`RosterService`, and the duties in `DirectoryService`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = RosterServiceStub(calls.channel)
        self._directory = DirectoryServiceStub(calls.channel)

    async def import_entries(
        self, entries: Sequence[RosterEntry], *, check_only: bool = False, request_id: str = ""
    ) -> RosterImport:
        """Replace the duties of the days that the entries name, all or none; says what is wrong."""
        request = roster_service_pb2.ImportRosterRequest(
            request_id=request_id or new_request_id(),
            entries=[entry.to_proto() for entry in entries],
            check_only=check_only,
        )
        return RosterImport.from_proto(await self._calls.unary(self._stub.ImportRoster, request))

    async def list(self, from_day: str = "", to_day: str = "") -> tuple[RosterEntry, ...]:
        """Duties of the own court, from today for a month where no days (YYYY-MM-DD) are named."""
        request = roster_service_pb2.ListRosterRequest(from_day=from_day, to_day=to_day)
        answer = await self._calls.unary(self._stub.ListRoster, request)
        return tuple(map(RosterEntry.from_proto, answer.entries))

    async def on_duty(self, court: str = "", at: datetime | None = None) -> OnDuty:
        """Whom to call at a court, now or at a time. Raise `NotFound` (no such court), `Unavailable`."""
        moment = Moment().to_proto(at) if at else None
        request = directory_service_pb2.GetDutyRequest(court=court, at=moment)
        return OnDuty.from_proto(await self._calls.unary(self._directory.GetDuty, request))
