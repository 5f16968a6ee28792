"""`DirectoryService` on a node's desk."""

# Methods are named by the contract.
# ruff: noqa: N802

from functools import partial
from typing import Any, TypeAlias

import grpc

from xiezhi.v1 import directory_service_pb2 as pb
from xiezhi.v1.directory_service_pb2_grpc import DirectoryServiceServicer, DirectoryServiceStub
from xiezhi_desk.calendars import calendar_of_year
from xiezhi_desk.channels import read_policy
from xiezhi_desk.directory import key_message, list_courts
from xiezhi_desk.roster.store import duties_at
from xiezhi_desk.rulebooks import published_messages, rulebook_content
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_journal.journal import Journal
from xiezhi_journal.keyrings import read_keyring
from xiezhi_journal.rulebooks import read_publications
from xiezhi_link.hub_channel import HubChannel
from xiezhi_node.hub_calls import CALL_TIMEOUT_S, from_hub
from xiezhi_node.seat import Seat

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class DirectoryService(DirectoryServiceServicer):
    """Serves what this node holds from the hub; for the duties of other courts it asks the hub."""

    def __init__(self, journal: Journal, seat: Seat, hub: HubChannel) -> None:
        self._journal = journal
        self._seat = seat
        self._hub = hub

    async def ListCourts(self, request: pb.ListCourtsRequest, _context: _Context) -> pb.ListCourtsResponse:
        """Return the courts as the hub told them last."""
        courts = await self._journal.read(partial(list_courts, joined_only=request.joined_only))
        return pb.ListCourtsResponse(courts=courts)

    async def ListKeys(self, request: pb.ListKeysRequest, _context: _Context) -> pb.ListKeysResponse:
        """Return the keys of a court, or all, in the order of the hub's log, as this node has checked them."""
        keyring = await self._journal.read(read_keyring)
        keys = keyring.of_court(request.court) if request.court else keyring.keys.values()
        return pb.ListKeysResponse(keys=[key_message(key) for key in keys])

    async def GetDuty(self, request: pb.GetDutyRequest, _context: _Context) -> pb.GetDutyResponse:
        """Return whom to call; at this court as this node knows it, elsewhere as the hub does."""
        at = request.at.ToMilliseconds() if request.HasField("at") else self._journal.clock()
        court = request.court or self._seat.court
        if court == self._seat.court:
            duties = await self._journal.read(partial(duties_at, court=court, at=at))
            if duties:
                return pb.GetDutyResponse(duties=[duty.message() for duty in duties])
        asked = pb.GetDutyRequest(court=court, at=to_timestamp(at))
        stub = DirectoryServiceStub(self._hub.channel)
        return await from_hub(stub.GetDuty(asked, timeout=CALL_TIMEOUT_S))

    async def GetChannelPolicy(
        self, request: pb.GetChannelPolicyRequest, _context: _Context
    ) -> pb.GetChannelPolicyResponse:
        """Return the channel policy as the hub told it last."""
        policy = await self._journal.read(partial(read_policy, version=request.version))
        return pb.GetChannelPolicyResponse(policy=policy)

    async def PublishRoster(
        self, _request: pb.PublishRosterRequest, _context: _Context
    ) -> pb.PublishRosterResponse:
        """Refuse: rosters are published at the hub; this node does so by itself."""
        raise NotAllowed(Reason.FORBIDDEN)

    async def SetChannelPolicy(
        self, _request: pb.SetChannelPolicyRequest, _context: _Context
    ) -> pb.SetChannelPolicyResponse:
        """Refuse: the channel policy is the intermediate court's, at the hub."""
        raise NotAllowed(Reason.FORBIDDEN)

    async def PublishRulebook(
        self, _request: pb.PublishRulebookRequest, _context: _Context
    ) -> pb.PublishRulebookResponse:
        """Refuse: rulebooks are the intermediate court's, at the hub."""
        raise NotAllowed(Reason.FORBIDDEN)

    async def ListRulebooks(
        self, _request: pb.ListRulebooksRequest, _context: _Context
    ) -> pb.ListRulebooksResponse:
        """Return what the hub has published, as this node took it from its feed."""
        journal = self._journal
        found = await journal.read(partial(read_publications, hub_court=self._seat.hub_court))
        return pb.ListRulebooksResponse(
            rulebooks=published_messages(found, journal.rulebooks, journal.clock())
        )

    async def GetCalendar(self, request: pb.GetCalendarRequest, _context: _Context) -> pb.GetCalendarResponse:
        """Return the calendar of a year by which this node counts."""
        in_force = self._seat.in_force
        return calendar_of_year(request, in_force.calendar, in_force.published_at, self._journal.clock())

    async def GetRulebook(self, request: pb.GetRulebookRequest, _context: _Context) -> pb.GetRulebookResponse:
        """Return a rulebook, the one in force for new matters where none is named."""
        return rulebook_content(self._journal.rulebooks, request, self._journal.clock())
