"""`BulletinEditorService`: drawing up, answering objections, publishing."""

# Methods are named by the contract.
# ruff: noqa: N802

import asyncio
import os
from dataclasses import replace
from functools import partial
from typing import Any, Final, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import bulletin_editor_service_pb2 as pb
from xiezhi.v1.bulletin_editor_service_pb2_grpc import BulletinEditorServiceServicer
from xiezhi_desk.requests import principal, request_key
from xiezhi_desk.statistics.questions import choices_of, period_of
from xiezhi_desk.statistics.records import MatterRecords
from xiezhi_domain.calendar import end_of_day_ms
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import InvalidInput, Reason, WrongState
from xiezhi_domain.events.ids import uuid7
from xiezhi_domain.indicators import Edition, Period
from xiezhi_domain.indicators.bulletin import Bulletin, draw_up
from xiezhi_domain.indicators.comparison import ranked_courts
from xiezhi_domain.indicators.frozen import encode_bulletin
from xiezhi_domain.terms import BulletinState
from xiezhi_hub.bulletins import store
from xiezhi_hub.bulletins.messages import objection_message, summary_message
from xiezhi_hub.bulletins.publish import PublishBulletin, require_draft
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal.clockwork import read_published_calendar
from xiezhi_journal.journal import Journal
from xiezhi_wire.caller import Caller, current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"

LONGEST_TEXT: Final = 1_000


class BulletinEditorService(BulletinEditorServiceServicer):
    """Makes bulletins of what *records* hold. What each method refuses is said in the contract."""

    def __init__(
        self,
        journal: Journal,
        seat: Seat,
        gate: Gate,
        records: MatterRecords,
        edition: Edition,
    ) -> None:
        self._journal = journal
        self._seat = seat
        self._gate = gate
        self._records = records
        self._edition = edition

    async def DraftBulletin(
        self, request: pb.DraftBulletinRequest, _context: _Context
    ) -> pb.DraftBulletinResponse:
        """Draw up the draft of a period."""
        caller = current_caller()
        key = request_key(caller, "DraftBulletin", request)
        row = await self._draft(request, caller)
        response = pb.DraftBulletinResponse(bulletin=summary_message(row, self._seat.court))

        def work(connection: Connection) -> bytes:
            store.add_bulletin(connection, row)
            return response.SerializeToString()

        return pb.DraftBulletinResponse.FromString(await self._journal.write_once(key, work))

    async def AnswerDataObjection(
        self, request: pb.AnswerDataObjectionRequest, _context: _Context
    ) -> pb.AnswerDataObjectionResponse:
        """Answer an objection."""
        caller = current_caller()
        key = request_key(caller, "AnswerDataObjection", request)
        answer = check_text(request.answer, "answer")

        def work(connection: Connection) -> bytes:
            found = store.get_objection(connection, request.objection_id)
            require_draft(store.get_bulletin(connection, found.bulletin_id))
            if found.answered_at:
                raise WrongState(Reason.WRONG_STATE, "该数据异议已经答复，请刷新后查看")
            answered = replace(
                found,
                upheld=request.upheld,
                answer=answer,
                answered_by=principal(caller),
                answered_at=self._journal.clock(),
            )
            store.answer_objection(connection, answered)
            response = pb.AnswerDataObjectionResponse(objection=objection_message(answered))
            return response.SerializeToString()

        return pb.AnswerDataObjectionResponse.FromString(await self._journal.write_once(key, work))

    async def PublishBulletin(
        self, request: pb.PublishBulletinRequest, _context: _Context
    ) -> pb.PublishBulletinResponse:
        """Publish a draft."""
        self._gate.require_open()
        caller = current_caller()
        key = request_key(caller, "PublishBulletin", request)
        work = PublishBulletin(key, request.bulletin_id, principal(caller), self._seat)
        return pb.PublishBulletinResponse.FromString(await self._journal.submit(work))

    async def DiscardBulletin(
        self, request: pb.DiscardBulletinRequest, _context: _Context
    ) -> pb.DiscardBulletinResponse:
        """Discard a draft."""
        key = request_key(current_caller(), "DiscardBulletin", request)

        def work(connection: Connection) -> bytes:
            row = store.get_bulletin(connection, request.bulletin_id)
            require_draft(row)
            store.change_bulletin(connection, row.bulletin_id, state=BulletinState.DISCARDED.value)
            discarded = replace(row, state=BulletinState.DISCARDED)
            summary = summary_message(discarded, self._seat.court)
            return pb.DiscardBulletinResponse(bulletin=summary).SerializeToString()

        return pb.DiscardBulletinResponse.FromString(await self._journal.write_once(key, work))

    async def _draft(self, request: pb.DraftBulletinRequest, caller: Caller) -> store.StoredBulletin:
        period, now = period_of(request.period), self._journal.clock()
        if period.end_ms > now:
            raise InvalidInput.in_field("period", "统计期间尚未结束，请在期间结束后起草通报")
        frozen = await self._figures(request, period)
        calendar, _ = await self._journal.read(read_published_calendar)
        until = calendar.add_working_days(to_date(now), self._edition.objection_working_days)
        return store.StoredBulletin(
            bulletin_id=uuid7(now, os.urandom(10)),
            state=BulletinState.DRAFT,
            first_day=period.first.isoformat(),
            last_day=period.last.isoformat(),
            log_size=frozen.log_size,
            content=encode_bulletin(frozen),
            drawn_up_by=principal(caller),
            drawn_up_at=now,
            objections_until=end_of_day_ms(until),
        )

    async def _figures(self, request: pb.DraftBulletinRequest, period: Period) -> Bulletin:
        chosen = choices_of(request.choices, self._edition, period.last, only_named=False)
        since = min(period.previous.start_ms, period.year_before.start_ms)
        snapshot = await self._records.read(since)
        courts = self._seat.courts.subtree(self._seat.court)
        count = partial(
            draw_up,
            snapshot.records,
            period,
            self._edition,
            chosen,
            courts,
            rivals=ranked_courts(snapshot.joined_at, period) & courts,
            publisher=self._seat.court,
            log_size=snapshot.log_size,
        )
        return await asyncio.to_thread(count)


def check_text(text: str, field: str) -> str:
    """Return what people wrote, without space around it.

    :raises InvalidInput: nothing, or too much.
    """
    stripped = text.strip()
    if not 0 < len(stripped) <= LONGEST_TEXT:
        raise InvalidInput.in_field(field, f"必填，最长 {LONGEST_TEXT} 个字")
    return stripped
