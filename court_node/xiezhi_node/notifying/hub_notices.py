"""What the hub tells this court about its deadlines, fetched as it comes: the hub alone decides what is late."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Self

import structlog
from sqlalchemy import Connection, select

from xiezhi.v1 import deadline_service_pb2 as pb
from xiezhi.v1.deadline_pb2 import Notice
from xiezhi.v1.deadline_service_pb2_grpc import DeadlineServiceStub
from xiezhi_desk.notifying.gathering import Found, read_mark
from xiezhi_desk.notifying.matters import ToldDeadline, deadline_occasions
from xiezhi_desk.notifying.occasion import Occasion
from xiezhi_desk.notifying.rules import Rules
from xiezhi_desk.notifying.schedule import STALE_MS
from xiezhi_desk.terms import RUNGS
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.terms import Role
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_link.hub_channel import HubChannel
from xiezhi_node.hub_calls import CALL_TIMEOUT_S, from_hub
from xiezhi_node.notifying.matters import told_matters
from xiezhi_node.seat import Seat

ASK_EVERY_S: Final = 20.0
"""The hub's scheduler looks twice a minute."""
AT_ONCE: Final = 200
_MATTER: Final = tables.instruction.c.instruction
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Last:
    """The last notice that was read: its number, and what tells it from another with that number."""

    number: int = 0
    mark: str = ""

    @classmethod
    def of(cls, notice: Notice) -> Self:
        """Return *notice* as one remembers it."""
        what = (
            notice.instruction_id,
            notice.clock,
            notice.rung,
            notice.due_at.ToJsonString(),
            notice.at.ToJsonString(),
        )
        return cls(notice.notice_id, hashlib.sha256("/".join(map(str, what)).encode()).hexdigest()[:32])


class HubNotices:
    """Follows the notices of the hub by their number, as long as the last one that was read is still the same.

    A hub that was restored gives numbers again, and its log's name is what it was. So the last notice is asked for
    again each time; where it is another one or none, everything is read anew, and what is known makes nothing new. A
    notice that comes before its matter, which travels by itself, holds the place back until the matter is here, or the
    notice too old to be told.
    """

    name = "notifications_hub"

    def __init__(
        self, journal: Journal, seat: Seat, rules: Rules, hub: HubChannel, ask_every_s: float = ASK_EVERY_S
    ) -> None:
        self._journal = journal
        self._seat = seat
        self._rules = rules
        self._hub = hub
        self._ask_every_s = ask_every_s
        self._ask_at = 0.0

    async def newest(self) -> int:
        """Return the beginning: what is long past is left out by its age."""
        return 0

    async def after(self, place: int) -> Found:
        """Return what the hub has told since; nothing as long as it was asked just now.

        :raises DomainError: the hub cannot be reached.
        """
        now = asyncio.get_running_loop().time()
        if now < self._ask_at:
            return Found((), place)
        self._ask_at = now + self._ask_every_s
        last = _Last(place, await self._journal.read(partial(read_mark, name=self.name)))
        last, notices, more = await self._behind(last)
        found = await self._journal.read(partial(self._found, last=last, notices=notices, more=more))
        while more and not found.more:
            # The place is held back; what lies behind this page is told all the same.
            following = await self._ask(notices[-1].notice_id)
            notices, more = [*notices, *following], len(following) == AT_ONCE
            found = await self._journal.read(partial(self._found, last=last, notices=notices, more=more))
        if found.more:
            self._ask_at = now
        return found

    async def _behind(self, last: _Last) -> tuple[_Last, Sequence[Notice], bool]:
        """Return where to go on, what lies behind it, and whether there is more; the beginning, if *last* is gone."""
        if not last.mark:
            notices = await self._ask(last.number)
            return last, notices, len(notices) == AT_ONCE
        notices = await self._ask(last.number - 1)
        if notices and _Last.of(notices[0]) == last:
            return last, notices[1:], len(notices) == AT_ONCE
        _log.warning("notices_given_again", place=last.number)
        notices = await self._ask(0)
        return _Last(), notices, len(notices) == AT_ONCE

    async def _ask(self, after: int) -> Sequence[Notice]:
        request = pb.ListNoticesRequest(after_id=after, page_size=AT_ONCE)
        stub = DeadlineServiceStub(self._hub.channel)
        return (await from_hub(stub.ListNotices(request, timeout=CALL_TIMEOUT_S))).notices

    def _found(self, connection: Connection, last: _Last, notices: Sequence[Notice], *, more: bool) -> Found:
        """Return what *notices* behind *last* give to tell, and the place before the first whose matter is not here."""
        here = set(
            connection.scalars(select(_MATTER).where(_MATTER.in_({each.instruction_id for each in notices})))
        )
        told_since = self._journal.clock() - STALE_MS
        held_back = False
        for each in notices:
            held_back = each.instruction_id not in here and each.at.ToMilliseconds() > told_since
            if held_back:
                break
            last = _Last.of(each)
        occasions = self._occasions(connection, notices)
        return Found(occasions, last.number, more=more and not held_back, mark=last.mark)

    def _occasions(self, connection: Connection, notices: Sequence[Notice]) -> list[Occasion]:
        instructions = {each.instruction_id for each in notices}
        matters = told_matters(connection, self._seat, instructions, self._journal.clock())
        return [
            occasion
            for each in notices
            if (matter := matters.get(each.instruction_id)) is not None and (told := _told(each)) is not None
            for occasion in deadline_occasions(self._rules, matter, told)
        ]


def _told(notice: Notice) -> ToldDeadline | None:
    """Return what a notice says; None for a rung of a newer hub, which holds up none of the others."""
    try:
        rung = RUNGS.from_proto(notice.rung, "rung")
    except InvalidInput:
        _log.warning("notice_of_an_unknown_rung", notice=notice.notice_id, rung=notice.rung)
        return None
    return ToldDeadline(
        at=notice.at.ToMilliseconds(),
        clock=notice.clock,
        rung=rung,
        due_at=notice.due_at.ToMilliseconds(),
        roles=frozenset(Role(each) for each in notice.roles if each in set(Role)),
    )
