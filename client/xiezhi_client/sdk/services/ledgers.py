"""The sheets that a court prints: 台账 and 交办单. On a node's desk."""

from collections.abc import AsyncIterable, Sequence
from dataclasses import dataclass

from xiezhi.v1 import bulletin_service_pb2 as bulletin_pb
from xiezhi.v1 import channel_pb2
from xiezhi.v1 import field_service_pb2 as field_pb
from xiezhi.v1 import ledger_service_pb2 as pb
from xiezhi.v1.ledger_service_pb2_grpc import LedgerServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.records.figure import Period
from xiezhi_client.sdk.vocabulary import Channel, LedgerBox, SheetFormat

_Piece = (
    pb.ExportLedgerResponse
    | pb.ExportHandoutResponse
    | field_pb.ExportFieldSheetResponse
    | bulletin_pb.ExportBulletinResponse
)


@dataclass(frozen=True, slots=True)
class SheetFile:
    """A sheet as a file: the name that the node proposes, and the bytes."""

    name: str
    content: bytes


class Ledgers:
    """`LedgerService`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = LedgerServiceStub(calls.channel)

    async def export(
        self,
        period: Period,
        box: LedgerBox,
        purpose: str,
        *,
        sheet_format: SheetFormat = "XLSX",
        channel: Channel = "",
    ) -> SheetFile:
        """Give the ledger of a period. Recorded as a look at personal data, with its purpose. Raise `InvalidInput`."""
        request = pb.ExportLedgerRequest(
            period=period.to_proto(),
            box=pb.LedgerBox.Value(f"LEDGER_BOX_{box or 'UNSPECIFIED'}"),
            format=pb.SheetFormat.Value(f"SHEET_FORMAT_{sheet_format or 'UNSPECIFIED'}"),
            channel=channel_pb2.Channel.Value(f"CHANNEL_{channel or 'UNSPECIFIED'}"),
            purpose=purpose,
        )
        pieces = self._calls.stream(self._stub.ExportLedger, request)
        return await whole_file(pieces)

    async def handout(
        self,
        purpose: str,
        *,
        instruction_ids: Sequence[str] = (),
        officer_account_id: str = "",
        sheet_format: SheetFormat = "XLSX",
    ) -> SheetFile:
        """Give the hand-out sheet of matters (all open ones if none is named). Raise `InvalidInput`, `NotFound`."""
        request = pb.ExportHandoutRequest(
            instruction_ids=instruction_ids,
            officer_account_id=officer_account_id,
            format=pb.SheetFormat.Value(f"SHEET_FORMAT_{sheet_format or 'UNSPECIFIED'}"),
            purpose=purpose,
        )
        pieces = self._calls.stream(self._stub.ExportHandout, request)
        return await whole_file(pieces)


async def whole_file(pieces: AsyncIterable[_Piece]) -> SheetFile:
    """Put a file together from its pieces."""
    name, content = "", bytearray()
    async for piece in pieces:
        name = name or piece.file_name
        content += piece.data
    return SheetFile(name, bytes(content))
