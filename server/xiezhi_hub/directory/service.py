"""`DirectoryService`: courts, keys, rulebooks, duties and channels, for nodes and for the hub's people."""

# Methods are named by the contract.
# ruff: noqa: N802

from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import channel_pb2
from xiezhi.v1 import directory_service_pb2 as pb
from xiezhi.v1.directory_service_pb2_grpc import DirectoryServiceServicer
from xiezhi_desk.calendars import calendar_of_year
from xiezhi_desk.channels import LONGEST_GROUND, add_policy, check_rules, read_policy
from xiezhi_desk.directory import key_message, list_courts
from xiezhi_desk.once import act_once
from xiezhi_desk.own_rules import first_day
from xiezhi_desk.requests import request_key
from xiezhi_desk.roster.store import replace_since
from xiezhi_desk.rulebooks import published_messages, rulebook_content
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import Conflict, InvalidInput, Reason
from xiezhi_domain.rulebook import Rulebook, newest_rulebook
from xiezhi_domain.rulebook.document import UNNAMED, documents_of
from xiezhi_domain.rulebook.publishing import check_areas, next_rulebook
from xiezhi_hub.directory.duties import duties_of_request, whom_to_call
from xiezhi_hub.directory.rulebooks import PublishRulebook, require_newest, require_not_past, told
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal.clockwork import read_published_calendar
from xiezhi_journal.journal import Journal
from xiezhi_journal.keyrings import read_keyring
from xiezhi_journal.rulebooks import read_publications
from xiezhi_wire.caller import current_caller, current_node

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class DirectoryService(DirectoryServiceServicer):
    """Serves the directory in the journal; *policy_set* is called when another channel policy is in force."""

    def __init__(
        self, journal: Journal, seat: Seat, gate: Gate, policy_set: Callable[[], None] = lambda: None
    ) -> None:
        self._journal = journal
        self._seat = seat
        self._gate = gate
        self._policy_set = policy_set

    async def ListCourts(self, request: pb.ListCourtsRequest, _context: _Context) -> pb.ListCourtsResponse:
        """Return the courts."""
        courts = await self._journal.read(partial(list_courts, joined_only=request.joined_only))
        return pb.ListCourtsResponse(courts=courts)

    async def ListKeys(self, request: pb.ListKeysRequest, _context: _Context) -> pb.ListKeysResponse:
        """Return the keys of a court, or all, in the order of the log."""
        keyring = await self._journal.read(read_keyring)
        keys = keyring.of_court(request.court) if request.court else keyring.keys.values()
        return pb.ListKeysResponse(keys=[key_message(key) for key in keys])

    async def GetDuty(self, request: pb.GetDutyRequest, _context: _Context) -> pb.GetDutyResponse:
        """Return whom to call."""
        hub_court = self._journal.court
        at = request.at.ToMilliseconds() if request.HasField("at") else self._journal.clock()
        query = partial(whom_to_call, hub_court=hub_court, court=request.court or hub_court, at=at)
        return await self._journal.read(query)

    async def PublishRoster(
        self, request: pb.PublishRosterRequest, _context: _Context
    ) -> pb.PublishRosterResponse:
        """Keep what a node tells of its court's duties."""
        court = current_node().court
        duties = duties_of_request(court, request)
        since = request.since.ToMilliseconds()
        await self._journal.write(partial(replace_since, court=court, since=since, duties=duties))
        return pb.PublishRosterResponse()

    async def GetChannelPolicy(
        self, request: pb.GetChannelPolicyRequest, _context: _Context
    ) -> pb.GetChannelPolicyResponse:
        """Return a version of the channel policy."""
        policy = await self._journal.read(partial(read_policy, version=request.version))
        return pb.GetChannelPolicyResponse(policy=policy)

    async def SetChannelPolicy(
        self, request: pb.SetChannelPolicyRequest, _context: _Context
    ) -> pb.SetChannelPolicyResponse:
        """Put a new version in force."""
        caller = current_caller()
        rules = check_rules(request.rules)
        ground = request.ground.strip()
        if not 0 < len(ground) <= LONGEST_GROUND:
            raise InvalidInput.in_field("ground", f"请填写依据的文件，最长 {LONGEST_GROUND} 个字")

        def work(connection: Connection) -> bytes:
            seen = read_policy(connection).version
            if seen != request.seen_version:
                raise Conflict(Reason.STALE_BASE, f"渠道规则已有第 {seen} 版，请查看后重新修改")
            policy = channel_pb2.ChannelPolicy(
                version=seen + 1, rules=rules, ground=ground, set_at=to_timestamp(self._journal.clock())
            )
            add_policy(connection, policy, caller.account_id)
            return pb.SetChannelPolicyResponse(policy=policy).SerializeToString()

        key = request_key(caller, "SetChannelPolicy", request)
        answer = await self._journal.write_once(key, work)
        self._policy_set()
        return pb.SetChannelPolicyResponse.FromString(answer)

    async def GetRulebook(self, request: pb.GetRulebookRequest, _context: _Context) -> pb.GetRulebookResponse:
        """Return a rulebook."""
        return rulebook_content(self._journal.rulebooks, request, self._journal.clock())

    async def ListRulebooks(
        self, _request: pb.ListRulebooksRequest, _context: _Context
    ) -> pb.ListRulebooksResponse:
        """Return what was published."""
        journal = self._journal
        found = await journal.read(partial(read_publications, hub_court=self._seat.court))
        return pb.ListRulebooksResponse(
            rulebooks=published_messages(found, journal.rulebooks, journal.clock())
        )

    async def GetCalendar(self, request: pb.GetCalendarRequest, _context: _Context) -> pb.GetCalendarResponse:
        """Return the calendar of a year as it was published last."""
        published = await self._journal.read(read_published_calendar)
        return calendar_of_year(request, *published, self._journal.clock())

    async def PublishRulebook(
        self, request: pb.PublishRulebookRequest, _context: _Context
    ) -> pb.PublishRulebookResponse:
        """Publish a rulebook, or tell what it would change."""
        self._gate.require_open()
        key = request_key(current_caller(), "PublishRulebook", request)
        newest = newest_rulebook(self._journal.rulebooks.values())

        def prepare(_connection: Connection) -> PublishRulebook:
            return PublishRulebook(self._seat, key, newest, self._next_rulebook(newest, request))

        if request.dry_run:
            work = await self._journal.read(prepare)
            return told(newest, work.rulebook)
        return pb.PublishRulebookResponse.FromString(await act_once(self._journal, key, prepare))

    def _next_rulebook(self, newest: Rulebook, request: pb.PublishRulebookRequest) -> Rulebook:
        """Return what a request would publish after *newest*; it takes a while, so it is asked in a reader's thread."""
        if request.seen:
            require_newest(newest, request.seen)
        documents = [
            part
            for document in request.documents
            for part in documents_of(document.name.strip() or UNNAMED, document.content.encode())
        ]
        check_areas(documents, self._seat.court, self._seat.courts.subtree(self._seat.court))
        rulebook = next_rulebook(newest, documents, first_day(request.valid_from), request.version)
        require_not_past(rulebook, self._journal.clock())
        return rulebook
