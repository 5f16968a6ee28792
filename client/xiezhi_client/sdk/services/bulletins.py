"""Bulletins: read and objected to by courts, made by the intermediate court."""

from collections.abc import AsyncIterator, Sequence

from xiezhi.v1 import bulletin_editor_service_pb2 as editing
from xiezhi.v1 import bulletin_service_pb2 as pb
from xiezhi.v1 import indicator_pb2
from xiezhi.v1.bulletin_editor_service_pb2_grpc import BulletinEditorServiceStub
from xiezhi.v1.bulletin_service_pb2_grpc import BulletinServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.records.bulletin import Bulletin, BulletinSummary, DataObjection
from xiezhi_client.sdk.records.figure import IndicatorChoice, Period
from xiezhi_client.sdk.services.ledgers import SheetFile, whole_file
from xiezhi_client.sdk.vocabulary import BulletinFormat, Indicator


class Bulletins:
    """`BulletinService`, and `BulletinEditorService` on the hub's desk."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = BulletinServiceStub(calls.channel)
        self._editor = BulletinEditorServiceStub(calls.channel)

    async def list(self, *, page_size: int = 0) -> AsyncIterator[BulletinSummary]:
        """Give the bulletins, newest first."""
        request = pb.ListBulletinsRequest(page_size=page_size)
        while True:
            page = await self._calls.unary(self._stub.ListBulletins, request)
            for bulletin in page.bulletins:
                yield BulletinSummary.from_proto(bulletin)
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    async def get(self, bulletin_id: str) -> Bulletin:
        """Give one bulletin with its figures and corrections. Raise `NotFound`."""
        request = pb.GetBulletinRequest(bulletin_id=bulletin_id)
        return Bulletin.from_proto(await self._calls.unary(self._stub.GetBulletin, request))

    async def object(
        self, bulletin_id: str, text: str, *, indicator: Indicator = "", request_id: str = ""
    ) -> DataObjection:
        """File an objection to the court's own figures (数据异议). Raise `NotFound`, `WrongState`, `InvalidInput`."""
        request = pb.FileDataObjectionRequest(
            request_id=request_id or new_request_id(),
            bulletin_id=bulletin_id,
            indicator=indicator_pb2.Indicator.Value(f"INDICATOR_{indicator or 'UNSPECIFIED'}"),
            text=text,
        )
        answer = await self._calls.unary(self._stub.FileDataObjection, request)
        return DataObjection.from_proto(answer.objection)

    async def objections(self, bulletin_id: str) -> tuple[DataObjection, ...]:
        """Give the objections to a bulletin: a court's own, or all of them at the hub."""
        request = pb.ListDataObjectionsRequest(bulletin_id=bulletin_id)
        answer = await self._calls.unary(self._stub.ListDataObjections, request)
        return tuple(map(DataObjection.from_proto, answer.objections))

    async def export(self, bulletin_id: str, paper_format: BulletinFormat) -> SheetFile:
        """Give a bulletin as a paper with tables and charts. Raise `NotFound`, `InvalidInput`."""
        request = pb.ExportBulletinRequest(
            bulletin_id=bulletin_id,
            format=pb.BulletinFormat.Value(f"BULLETIN_FORMAT_{paper_format or 'UNSPECIFIED'}"),
        )
        pieces = self._calls.stream(self._stub.ExportBulletin, request)
        return await whole_file(pieces)

    async def draft(
        self, period: Period, choices: Sequence[IndicatorChoice] = (), *, request_id: str = ""
    ) -> BulletinSummary:
        """Draw up the draft of a period at the log's present end. Raise `InvalidInput`."""
        request = editing.DraftBulletinRequest(
            request_id=request_id or new_request_id(),
            period=period.to_proto(),
            choices=[choice.to_proto() for choice in choices],
        )
        answer = await self._calls.unary(self._editor.DraftBulletin, request)
        return BulletinSummary.from_proto(answer.bulletin)

    async def answer(
        self, objection_id: str, answer: str, *, upheld: bool, request_id: str = ""
    ) -> DataObjection:
        """Answer an objection. Raise `NotFound`, `WrongState`, `InvalidInput`."""
        request = editing.AnswerDataObjectionRequest(
            request_id=request_id or new_request_id(), objection_id=objection_id, upheld=upheld, answer=answer
        )
        answered = await self._calls.unary(self._editor.AnswerDataObjection, request)
        return DataObjection.from_proto(answered.objection)

    async def publish(self, bulletin_id: str, *, request_id: str = "") -> BulletinSummary:
        """Publish a draft that somebody else has drawn up. Raise `NotFound`, `NotAllowed`, `WrongState`."""
        request = editing.PublishBulletinRequest(
            request_id=request_id or new_request_id(), bulletin_id=bulletin_id
        )
        answer = await self._calls.unary(self._editor.PublishBulletin, request)
        return BulletinSummary.from_proto(answer.bulletin)

    async def discard(self, bulletin_id: str, *, request_id: str = "") -> BulletinSummary:
        """Discard a draft. Raise `NotFound`, `WrongState`."""
        request = editing.DiscardBulletinRequest(
            request_id=request_id or new_request_id(), bulletin_id=bulletin_id
        )
        answer = await self._calls.unary(self._editor.DiscardBulletin, request)
        return BulletinSummary.from_proto(answer.bulletin)
