"""Matters: reading, listing, watching; what the hub refused. The steps are in `ladder` and `remedies`."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import aclosing
from typing import TypedDict, Unpack

from xiezhi.v1 import instruction_service_pb2 as pb
from xiezhi.v1.instruction_pb2 import InstructionState as StateEnum
from xiezhi_client.sdk.errors import XiezhiError
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.kinds import Name
from xiezhi_client.sdk.records.event import EventRecord, TimelineEntry
from xiezhi_client.sdk.records.instruction import (
    Change,
    Instruction,
    InstructionPage,
    InstructionSummary,
    ReturnedWork,
)
from xiezhi_client.sdk.retry import Backoff
from xiezhi_client.sdk.services.remedies import Remedies
from xiezhi_client.sdk.vocabulary import Box, InstructionState

_BOX = Name(pb.Box.DESCRIPTOR)
_STATE = Name(StateEnum.DESCRIPTOR)


class Filters(TypedDict, total=False):
    """Which matters a list shows; what is left out does not narrow it."""

    open_only: bool
    other_court: str
    text: str
    """Words looked for in case number, matter number and names of subjects."""
    overdue_only: bool
    mine_only: bool
    kinds: Iterable[str]
    case_number: str
    """Piece of the case number."""
    person: str
    """Piece of the name of a subject, or of who works on it here."""
    due_from: str
    """First day on which to be due, YYYY-MM-DD."""
    due_until: str
    """Last day on which to be due, YYYY-MM-DD."""
    page_size: int
    """Rows for each request, 50 if left out, at most 500."""


class Instructions(Remedies):
    """`InstructionService`."""

    async def get(self, instruction_id: str, *, unmask: bool = False, purpose: str = "") -> Instruction:
        """Give a matter, by id or by the number said on the phone, with all that the reader may see.

        Recorded as a look at personal data; unmasking needs a purpose. Raise `NotFound`, `NotAllowed`.
        """
        request = pb.GetInstructionRequest(instruction_id=instruction_id, unmask=unmask, purpose=purpose)
        return Instruction.from_proto(
            (await self._calls.unary(self._stub.GetInstruction, request)).instruction
        )

    async def list(
        self, box: Box = "", states: Iterable[InstructionState] = (), **filters: Unpack[Filters]
    ) -> AsyncIterator[InstructionSummary]:
        """Matters, newest first; pages are fetched as the caller goes on."""
        request = pb.ListInstructionsRequest(
            box=_BOX.to_proto(box), states=[_STATE.to_proto(state) for state in states], **filters
        )
        while True:
            page = await self._calls.unary(self._stub.ListInstructions, request)
            for instruction in page.instructions:
                yield InstructionSummary.from_proto(instruction)
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    async def page(
        self,
        box: Box = "",
        states: Iterable[InstructionState] = (),
        *,
        page_token: str = "",
        **filters: Unpack[Filters],
    ) -> InstructionPage:
        """Give one page of the list, from `InstructionPage.next_page_token` of the page before on.

        Raise `InvalidInput` for a token of another list.
        """
        request = pb.ListInstructionsRequest(
            box=_BOX.to_proto(box),
            states=[_STATE.to_proto(state) for state in states],
            page_token=page_token,
            **filters,
        )
        return InstructionPage.from_proto(await self._calls.unary(self._stub.ListInstructions, request))

    async def timeline(self, instruction_id: str) -> tuple[TimelineEntry, ...]:
        """Give the timeline of both courts, oldest first."""
        request = pb.GetTimelineRequest(instruction_id=instruction_id)
        answer = await self._calls.unary(self._stub.GetTimeline, request)
        return tuple(map(TimelineEntry.from_proto, answer.entries))

    async def history(self, instruction_id: str, *, with_bodies: bool = False) -> tuple[EventRecord, ...]:
        """Give the events with everything that proves them; bodies are recorded as a look at personal data."""
        request = pb.GetHistoryRequest(instruction_id=instruction_id, with_bodies=with_bodies)
        answer = await self._calls.unary(self._stub.GetHistory, request)
        return tuple(map(EventRecord.from_proto, answer.records))

    async def watch(self, after: int = 0, box: Box = "") -> AsyncGenerator[Change, None]:
        """Tell what changes after the cursor `after`, for ever; each change once, none missed.

        After a broken line it goes on from the last change that it gave, without an end. For a mirror, store
        `Change.cursor` together with what was made of the change. -1 begins with the next change: until that
        one arrived there is no cursor, so what happens while the line is broken is not told.
        Raise `NotSignedIn` when the session ends, `NotAllowed`.
        """
        request = pb.WatchInstructionsRequest(after=after, box=_BOX.to_proto(box))
        backoff = Backoff(self._calls.policy, endless=True)
        while True:
            broken: XiezhiError | None = None
            try:
                async with aclosing(self._calls.stream(self._stub.WatchInstructions, request)) as changes:
                    async for change in changes:
                        # A server that goes on from a little earlier must not make us repeat.
                        if change.cursor > request.after:
                            request.after = change.cursor
                            backoff.reached(change.cursor)
                            yield Change.from_proto(change)
            except XiezhiError as error:
                broken = error
            await backoff.pause(broken)

    async def returned_work(self, *, whole_court: bool = False) -> tuple[ReturnedWork, ...]:
        """What the hub refused and lies on the caller's desk again, or on any desk of the court; newest first."""
        request = pb.ListReturnedWorkRequest(whole_court=whole_court)
        answer = await self._calls.unary(self._stub.ListReturnedWork, request)
        return tuple(map(ReturnedWork.from_proto, answer.returned))

    async def dismiss_returned_work(self, event_id: str, *, request_id: str = "") -> None:
        """Take returned work off the desk, done again or given up."""
        request = pb.DismissReturnedWorkRequest(request_id=request_id or new_request_id(), event_id=event_id)
        await self._calls.unary(self._stub.DismissReturnedWork, request)
