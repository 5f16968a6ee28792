"""`InstructionService`: what all kinds of matters share."""

# Methods are named by the contract.
# ruff: noqa: N802

from collections.abc import Sequence
from functools import partial
from typing import Any, Final, TypeAlias

import grpc
from sqlalchemy import Connection, and_

from xiezhi.v1 import instruction_service_pb2 as pb
from xiezhi_desk.days import first_moment, moment_after
from xiezhi_desk.requests import request_key
from xiezhi_desk.terms import STATES
from xiezhi_desk.timelines import to_entry
from xiezhi_domain.errors import InvalidInput, NotAllowed, Reason
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import Box, Filters, HistoryRow, Page, event_record, history, list_instructions
from xiezhi_link.signal import Signal
from xiezhi_node.confidentiality import find_visible, may_unmask, visible, works_on
from xiezhi_node.instructions.looking import Look, Looking
from xiezhi_node.instructions.remedy_methods import RemedyMethods
from xiezhi_node.instructions.returned import dismiss_returned, list_returned
from xiezhi_node.instructions.summaries import to_summary
from xiezhi_node.instructions.watching import FROM_NOW, Watching, WatchLimits
from xiezhi_node.seat import Seat
from xiezhi_node.trial.store import shown
from xiezhi_node.witnessing.marking import mark_witnessed
from xiezhi_wire.caller import current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
_BOXES: Final = {pb.BOX_UNSPECIFIED: Box.ALL, pb.BOX_SENT: Box.SENT, pb.BOX_RECEIVED: Box.RECEIVED}
_EVERYTHING: Final = "*"
"""What a stream looks at, in the record of access."""


class InstructionService(RemedyMethods):
    """Serves matters: the steps of the ladder, and reading. *committed* is told after each commit of the journal."""

    def __init__(
        self, journal: Journal, seat: Seat, committed: Signal, limits: WatchLimits | None = None
    ) -> None:
        super().__init__(journal, seat)
        self._looking = Looking(journal, seat)
        self._watching = Watching(journal, seat, committed, limits)

    # --- Reading -----------------------------------------------------------------------------------------------------

    async def GetInstruction(
        self, request: pb.GetInstructionRequest, _context: _Context
    ) -> pb.GetInstructionResponse:
        """Return a matter with everything around it."""
        look = Look(
            current_caller(), "GetInstruction", request.instruction_id, request.purpose, request.unmask
        )
        return pb.GetInstructionResponse(instruction=(await self._looking.at(look)).instruction)

    async def ListInstructions(
        self, request: pb.ListInstructionsRequest, _context: _Context
    ) -> pb.ListInstructionsResponse:
        """Return a page of matters."""
        caller, now = current_caller(), self._journal.clock()
        also = and_(visible(caller, self._seat.rulebook), await self._journal.read(shown))
        if request.mine_only:
            also = and_(also, works_on(caller))
        query = partial(
            list_instructions,
            filters=filters_of(request, now),
            page=Page.of(request.page_size, request.page_token),
            also=also,
        )
        page = await self._journal.read(query)
        return pb.ListInstructionsResponse(
            instructions=[to_summary(row, self._seat, now) for row in page.rows],
            next_page_token=page.next_token,
        )

    async def GetTimeline(self, request: pb.GetTimelineRequest, _context: _Context) -> pb.GetTimelineResponse:
        """Return the timeline of both courts."""
        look = Look(current_caller(), "GetTimeline", request.instruction_id)
        kind, rows, _ = await self._events(look, bodies=True)
        await self._looking.record(look, request.instruction_id)
        rules = self._seat.rulebook.kinds.get(kind)
        entries = [to_entry(row, rules) for row in rows]
        await self._journal.read(partial(mark_witnessed, entries=entries))
        return pb.GetTimelineResponse(entries=entries)

    async def GetHistory(self, request: pb.GetHistoryRequest, _context: _Context) -> pb.GetHistoryResponse:
        """Return the events with everything that proves them; bodies, which are in full, to those who work on it."""
        look = Look(current_caller(), "GetHistory", request.instruction_id, unmask=request.with_bodies)
        _, rows, works = await self._events(look, bodies=request.with_bodies)
        if request.with_bodies:
            if not works:
                raise NotAllowed(Reason.FORBIDDEN, "完整内容仅限办理该事项的人员查看")
            await self._looking.record(look, request.instruction_id)
        return pb.GetHistoryResponse(records=[event_record(row) for row in rows])

    async def WatchInstructions(  # type: ignore[override]  # grpc takes a coroutine that writes as well
        self, request: pb.WatchInstructionsRequest, context: _Context
    ) -> None:
        """Tell what changes, for ever."""
        caller = current_caller()
        if request.after < FROM_NOW:
            raise InvalidInput.in_field("after", "起始位置应为 -1、0 或最后收到的位置")
        await self._looking.record(Look(caller, "WatchInstructions", ""), _EVERYTHING)
        await self._watching.follow(caller, request.after, _box(request.box), context.write)

    # --- Returned work -----------------------------------------------------------------------------------------------

    async def ListReturnedWork(
        self, request: pb.ListReturnedWorkRequest, _context: _Context
    ) -> pb.ListReturnedWorkResponse:
        """Return what the hub refused and is not dismissed."""
        query = partial(
            list_returned, seat=self._seat, caller=current_caller(), whole_court=request.whole_court
        )
        return pb.ListReturnedWorkResponse(returned=await self._journal.read(query))

    async def DismissReturnedWork(
        self, request: pb.DismissReturnedWorkRequest, _context: _Context
    ) -> pb.DismissReturnedWorkResponse:
        """Take returned work off the desk."""
        caller = current_caller()

        def work(connection: Connection) -> bytes:
            dismiss_returned(connection, caller, request.event_id)
            return b""

        await self._journal.write_once(request_key(caller, "DismissReturnedWork", request), work)
        return pb.DismissReturnedWorkResponse()

    # --- Inside ------------------------------------------------------------------------------------------------------

    async def _events(self, look: Look, *, bodies: bool) -> tuple[str, Sequence[HistoryRow], bool]:
        """Return kind and events of a matter, and whether the reader works on it.

        :raises NotFound: UNKNOWN_INSTRUCTION.
        """

        def query(connection: Connection) -> tuple[str, Sequence[HistoryRow], bool]:
            row = find_visible(connection, look.caller, self._seat.rulebook, look.wanted)
            events = history(connection, row.instruction, bodies=bodies)
            return row.kind, events, may_unmask(connection, look.caller, row.instruction)

        return await self._journal.read(query)


def filters_of(request: pb.ListInstructionsRequest, now: int) -> Filters:
    """Return what a list shows that is asked for at *now* (ms).

    :raises InvalidInput: a state or box that this version does not know, no day.
    """
    return Filters(
        box=_box(request.box),
        states=STATES.all_from_proto(request.states, "states"),
        kinds=frozenset(request.kinds),
        open_only=request.open_only,
        other_court=request.other_court,
        text=request.text,
        overdue_at=now if request.overdue_only else 0,
        case_number=request.case_number,
        person=request.person,
        due_from=first_moment(request.due_from, "due_from"),
        due_before=moment_after(request.due_until, "due_until"),
    )


def _box(number: int) -> Box:
    box = _BOXES.get(pb.Box.ValueType(number))
    if box is None:
        raise InvalidInput.in_field("box", "选项无法识别，请升级程序或重新选择")
    return box
