"""`AdmissionService`: 法院接入, on the hub's desk."""

# Methods are named by the contract.
# ruff: noqa: N802

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import admission_service_pb2 as pb
from xiezhi.v1.admission_service_pb2_grpc import AdmissionServiceServicer
from xiezhi_desk.requests import request_key
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import Reason, Unavailable
from xiezhi_hub.admission.inviting import invitation, own_court, shut_out
from xiezhi_hub.admission.links import link_message, read_stored
from xiezhi_hub.directory.courts import get_court
from xiezhi_hub.feeding import Feeds
from xiezhi_hub.opening import Hub
from xiezhi_hub.recovery.gate import Gate
from xiezhi_link.hub_end import LinkServicer
from xiezhi_wire.caller import current_caller
from xiezhi_wire.startup import StartupError

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class AdmissionService(AdmissionServiceServicer):
    """Serves what the link has measured; *revoked* is awaited when certificates were revoked."""

    def __init__(
        self, hub: Hub, gate: Gate, link: LinkServicer, feeds: Feeds, revoked: Callable[[], Awaitable[None]]
    ) -> None:
        self._hub = hub
        self._gate = gate
        self._link = link
        self._feeds = feeds
        self._revoked = revoked

    async def ListLinks(self, _request: pb.ListLinksRequest, _context: _Context) -> pb.ListLinksResponse:
        """Return the links of all courts of the hub."""
        journal, seat = self._hub.journal, self._hub.seat
        now, seen, connected = journal.clock(), dict(self._link.seen), self._link.connected
        behind = {court: self._behind(court, stream.acknowledged) for court, stream in seen.items()}
        stored = await journal.read(partial(read_stored, now=now, behind=behind))
        courts = sorted(seat.courts.subtree(seat.court) & stored.courts.keys())
        return pb.ListLinksResponse(
            links=[
                link_message(code, stored, seen.get(code), connected=code in connected) for code in courts
            ],
            recovering=not self._gate.is_open,
            problem=self._gate.why,
            read_at=to_timestamp(now),
        )

    async def InviteCourt(self, request: pb.InviteCourtRequest, _context: _Context) -> pb.InviteCourtResponse:
        """Make a token; a repeated request is answered without it."""
        journal = self._hub.journal
        key = request_key(current_caller(), "InviteCourt", request)
        try:
            invited = invitation(self._hub, request.court)
        except StartupError as error:
            raise Unavailable(Reason.INTERNAL, str(error)) from error
        made = []

        def work(connection: Connection) -> bytes:
            invited.keep(connection)
            made.append(invited.token.encode())
            return pb.InviteCourtResponse(expires_at=to_timestamp(invited.expires_at)).SerializeToString()

        told = pb.InviteCourtResponse.FromString(await journal.write_once(key, work))
        told.token = made[0] if made else ""
        return told

    async def DisableCourt(
        self, request: pb.DisableCourtRequest, _context: _Context
    ) -> pb.DisableCourtResponse:
        """Shut a court out; its streams end before the answer."""
        journal, code = self._hub.journal, own_court(self._hub, request.court)
        key = request_key(current_caller(), "DisableCourt", request)

        def work(connection: Connection) -> bytes:
            get_court(connection, code)
            serials = shut_out(connection, code, journal.clock())
            return pb.DisableCourtResponse(serials=serials).SerializeToString()

        answer = await journal.write_once(key, work)
        await self._revoked()
        return pb.DisableCourtResponse.FromString(answer)

    def _behind(self, court: str, acknowledged: Mapping[int, int]) -> dict[int, tuple[int, int]]:
        """Return by lane what was acknowledged last and where the lane ends."""
        return {
            int(end.lane): (acknowledged.get(end.lane, 0), end.feed_seq) for end in self._feeds.ends(court)
        }
