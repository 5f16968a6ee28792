"""`BulletinService`: bulletins for the hub's people, and for courts' nodes as far as they may see them."""

# Methods are named by the contract.
# ruff: noqa: N802

import os
from collections.abc import AsyncIterator, Iterable
from functools import partial
from typing import Any, TypeAlias

import grpc
from sqlalchemy import ColumnElement, Connection, true

from xiezhi.v1 import bulletin_service_pb2 as pb
from xiezhi.v1.bulletin_service_pb2_grpc import BulletinServiceServicer
from xiezhi_desk.requests import request_key
from xiezhi_desk.statistics.bulletin_paper import bulletin_paper
from xiezhi_desk.statistics.bulletin_press import BulletinPress, pieces_of
from xiezhi_desk.statistics.messages import correction_message, figure_message
from xiezhi_desk.statistics.records import MatterRecords
from xiezhi_desk.terms import INDICATORS
from xiezhi_domain.errors import NotFound, Reason, WrongState
from xiezhi_domain.events.ids import uuid7
from xiezhi_domain.indicators import Edition
from xiezhi_domain.indicators.bulletin import Bulletin, Correction, corrections
from xiezhi_domain.indicators.frozen import decode_bulletin
from xiezhi_domain.terms import BulletinState
from xiezhi_hub.bulletins import store
from xiezhi_hub.bulletins.editor import check_text
from xiezhi_hub.bulletins.messages import objection_message, summary_message
from xiezhi_hub.bulletins.publish import require_draft
from xiezhi_hub.confidentiality import current_reader
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import Page
from xiezhi_journal.tables import bulletin as table
from xiezhi_wire.caller import any_caller, current_node
from xiezhi_wire.peer import PeerCertificate

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class BulletinService(BulletinServiceServicer):
    """Shows bulletins. What each method refuses is said in the contract."""

    def __init__(
        self, journal: Journal, seat: Seat, records: MatterRecords, edition: Edition, press: BulletinPress
    ) -> None:
        self._journal = journal
        self._seat = seat
        self._records = records
        self._edition = edition
        self._press = press

    async def ListBulletins(
        self, request: pb.ListBulletinsRequest, _context: _Context
    ) -> pb.ListBulletinsResponse:
        """Return a page of bulletins."""
        page = Page.of(request.page_size, request.page_token)
        visible = _visible(_court())
        rows, token = await self._journal.read(partial(store.list_bulletins, page=page, also=visible))
        summaries = [summary_message(row, self._seat.court) for row in rows]
        return pb.ListBulletinsResponse(bulletins=summaries, next_page_token=token)

    async def GetBulletin(self, request: pb.GetBulletinRequest, _context: _Context) -> pb.GetBulletinResponse:
        """Return a bulletin as far as the caller may see it."""
        return await self._seen(request.bulletin_id, _court())

    async def ExportBulletin(
        self, request: pb.ExportBulletinRequest, _context: _Context
    ) -> AsyncIterator[pb.ExportBulletinResponse]:
        """Give a bulletin as a file in pieces."""
        self._press.require_format(request.format)
        courts = self._seat.courts
        found = await self._seen(request.bulletin_id, _court())
        fonts = self._press.font_directory
        paper = bulletin_paper(found, self._edition, lambda code: courts.get(code).name, fonts)
        for piece in pieces_of(*await self._press.print(paper, request.format)):
            yield piece

    async def _seen(self, bulletin_id: str, court: str) -> pb.GetBulletinResponse:
        """Return a bulletin as far as a *court* may see it; the hub's people, where it is empty, see all of it."""
        row = await self._journal.read(partial(_find, bulletin_id=bulletin_id, court=court))
        frozen = decode_bulletin(row.content)
        in_part = bool(court) and row.state is not BulletinState.PUBLISHED
        shown = frozen.of_court(court) if in_part else frozen
        response = pb.GetBulletinResponse(
            bulletin=summary_message(row, self._seat.court),
            figures=[figure_message(line, self._edition) for line in shown.lines],
            content=b"" if in_part else row.content,
        )
        if row.state is BulletinState.PUBLISHED:
            found, response.corrected_at_log_size = await self._corrections(frozen)
            response.corrections.extend(_correction(each, court) for each in found)
            if not court:
                await self._keep_known(response.corrections)
        return response

    async def _keep_known(self, corrections: Iterable[pb.FigureCorrection]) -> None:
        """Leave out the matters of which the caller may not know; the figures count them."""
        lists = [matters for each in corrections for matters in (each.entered, each.left)]
        ids = {matter.instruction_id for matters in lists for matter in matters}
        known = await self._journal.read(partial(current_reader(self._journal).known, matters=ids))
        for matters in lists:
            kept = [matter for matter in matters if matter.instruction_id in known]
            del matters[:]
            matters.extend(kept)

    async def FileDataObjection(
        self, request: pb.FileDataObjectionRequest, _context: _Context
    ) -> pb.FileDataObjectionResponse:
        """Store a court's objection."""
        caller = current_node()
        key = request_key(caller, "FileDataObjection", request)
        indicator = INDICATORS.from_proto(request.indicator, "indicator").value if request.indicator else ""
        now = self._journal.clock()
        objection = store.Objection(
            objection_id=uuid7(now, os.urandom(10)),
            bulletin_id=request.bulletin_id,
            court=caller.court,
            indicator=indicator,
            text=check_text(request.text, "text"),
            filed_at=now,
        )

        def work(connection: Connection) -> bytes:
            row = _find(connection, objection.bulletin_id, caller.court)
            require_draft(row)
            if now > row.objections_until:
                raise WrongState(Reason.WRONG_STATE, "数据异议期已满，请与中院联系")
            store.add_objection(connection, objection)
            response = pb.FileDataObjectionResponse(objection=objection_message(objection))
            return response.SerializeToString()

        return pb.FileDataObjectionResponse.FromString(await self._journal.write_once(key, work))

    async def ListDataObjections(
        self, request: pb.ListDataObjectionsRequest, _context: _Context
    ) -> pb.ListDataObjectionsResponse:
        """Return the objections to a bulletin that the caller may see."""
        wanted = partial(store.objections_to, bulletin_id=request.bulletin_id, court=_court())
        rows = await self._journal.read(wanted)
        return pb.ListDataObjectionsResponse(objections=[objection_message(row) for row in rows])

    async def _corrections(self, frozen: Bulletin) -> tuple[list[Correction], int]:
        since = frozen.period.start_ms
        then = await self._records.read(since, frozen.log_size)
        now = await self._records.read(since)
        return corrections(frozen, self._edition, then.records, now.records), now.log_size


def _court() -> str:
    """Return the court whose node calls; empty for the hub's own people."""
    caller = any_caller()
    return caller.court if isinstance(caller, PeerCertificate) else ""


def _visible(court: str) -> ColumnElement[bool]:
    """Return the condition under which a bulletin is shown: what was discarded is nothing to a court."""
    return table.c.state != BulletinState.DISCARDED.value if court else true()


def _find(connection: Connection, bulletin_id: str, court: str) -> store.StoredBulletin:
    row = store.get_bulletin(connection, bulletin_id)
    if court and row.state is BulletinState.DISCARDED:
        raise NotFound(Reason.UNKNOWN_BULLETIN)
    return row


def _correction(correction: Correction, court: str) -> pb.FigureCorrection:
    """Return a correction; a court is told the matters of its own figures alone."""
    message = correction_message(correction)
    if court and correction.line.key.court != court:
        message.ClearField("entered")
        message.ClearField("left")
    return message
