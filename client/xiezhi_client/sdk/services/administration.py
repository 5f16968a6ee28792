"""法院接入, 系统管理: links of courts, the program itself, who looked at whose data, programs beside a node."""

from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp

from xiezhi.v1 import administration_service_pb2, admission_service_pb2, connector_service_pb2
from xiezhi.v1.administration_service_pb2_grpc import AdministrationServiceStub
from xiezhi.v1.admission_service_pb2_grpc import AdmissionServiceStub
from xiezhi.v1.connector_service_pb2_grpc import ConnectorServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.kinds import Moment
from xiezhi_client.sdk.records.administration import (
    ConnectorStatus,
    CourtInvitation,
    Links,
    LookPage,
    SystemStatus,
)


class Admission:
    """`AdmissionService`, on the hub's desk."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = AdmissionServiceStub(calls.channel)

    async def links(self) -> Links:
        """The links of all courts of the hub, as they are now."""
        request = admission_service_pb2.ListLinksRequest()
        return Links.from_proto(await self._calls.unary(self._stub.ListLinks, request))

    async def invite(self, court: str, *, request_id: str = "") -> CourtInvitation:
        """Make a token with which a court joins; it is shown this once. Raise `NotFound`, `NotAllowed`."""
        request = admission_service_pb2.InviteCourtRequest(
            request_id=request_id or new_request_id(), court=court
        )
        return CourtInvitation.from_proto(await self._calls.unary(self._stub.InviteCourt, request))

    async def disable(self, court: str, *, request_id: str = "") -> tuple[str, ...]:
        """Revoke every certificate of a court; gives their serial numbers. Raise `NotFound`, `NotAllowed`."""
        request = admission_service_pb2.DisableCourtRequest(
            court=court, request_id=request_id or new_request_id()
        )
        return tuple((await self._calls.unary(self._stub.DisableCourt, request)).serials)


class Administration:
    """`AdministrationService`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = AdministrationServiceStub(calls.channel)

    async def status(self) -> SystemStatus:
        """How the program is."""
        request = administration_service_pb2.GetSystemStatusRequest()
        return SystemStatus.from_proto(await self._calls.unary(self._stub.GetSystemStatus, request))

    async def looks(
        self,
        purpose: str,
        *,
        who: str = "",
        object: str = "",  # noqa: A002  # the name in the contract
        person: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        unmasked_only: bool = False,
        page_size: int = 0,
        page_token: str = "",
    ) -> LookPage:
        """A page of looks at personal data, the last first; this call is on record itself. Raise `InvalidInput`.

        `who` is an account id, a login or a name, `object` a matter (id or number), a case number or a hash, `person`
        somebody who stands in what was looked at: a name, a number or a phone.
        """
        request = administration_service_pb2.ListLooksRequest(
            who=who,
            object=object,
            person=person,
            since=_moment(since),
            until=_moment(until),
            unmasked_only=unmasked_only,
            purpose=purpose,
            page_size=page_size,
            page_token=page_token,
        )
        return LookPage.from_proto(await self._calls.unary(self._stub.ListLooks, request))


class Connectors:
    """`ConnectorService`, on the desk of a node."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = ConnectorServiceStub(calls.channel)

    async def list(self) -> tuple[ConnectorStatus, ...]:
        """The case source and the registries, each with how it has answered."""
        request = connector_service_pb2.ListConnectorsRequest()
        answer = await self._calls.unary(self._stub.ListConnectors, request)
        return tuple(map(ConnectorStatus.from_proto, answer.connectors))


def _moment(when: datetime | None) -> Timestamp | None:
    return None if when is None else Moment().to_proto(when)
