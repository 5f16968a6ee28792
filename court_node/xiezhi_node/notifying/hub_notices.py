"""What the hub tells this court about its deadlines, fetched as it comes: the hub alone decides what is late."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Final

import structlog
from sqlalchemy import Connection

from xiezhi.v1 import deadline_pb2
from xiezhi.v1 import deadline_service_pb2 as pb
from xiezhi.v1.deadline_service_pb2_grpc import DeadlineServiceStub
from xiezhi_desk.notifying.gathering import Found
from xiezhi_desk.notifying.matters import ToldDeadline, deadline_occasions
from xiezhi_desk.notifying.occasion import Occasion
from xiezhi_desk.notifying.rules import Rules
from xiezhi_desk.terms import RUNGS
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.terms import Role
from xiezhi_journal.journal import Journal
from xiezhi_link.hub_channel import HubChannel
from xiezhi_node.hub_calls import CALL_TIMEOUT_S, from_hub
from xiezhi_node.notifying.matters import told_matters
from xiezhi_node.seat import Seat

ASK_EVERY_S: Final = 20.0
"""The hub's scheduler looks twice a minute."""
AT_ONCE: Final = 200
_log = structlog.get_logger(__name__)


class HubNotices:
    """Follows the notices of the hub by their number."""

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
        request = pb.ListNoticesRequest(after_id=place, page_size=AT_ONCE)
        stub = DeadlineServiceStub(self._hub.channel)
        notices = (await from_hub(stub.ListNotices(request, timeout=CALL_TIMEOUT_S))).notices
        if not notices:
            return Found((), place)
        occasions = await self._journal.read(partial(self._occasions, notices=notices))
        more = len(notices) == AT_ONCE
        if more:
            self._ask_at = now
        return Found(occasions, notices[-1].notice_id, more=more)

    def _occasions(self, connection: Connection, notices: Sequence[deadline_pb2.Notice]) -> list[Occasion]:
        instructions = {each.instruction_id for each in notices}
        matters = told_matters(connection, self._seat, instructions, self._journal.clock())
        return [
            occasion
            for each in notices
            if (matter := matters.get(each.instruction_id)) is not None and (told := _told(each)) is not None
            for occasion in deadline_occasions(self._rules, matter, told)
        ]


def _told(notice: deadline_pb2.Notice) -> ToldDeadline | None:
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
