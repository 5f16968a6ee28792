"""`ReceiptPaperService` on a node's desk."""

# Methods are named by the contract.
# ruff: noqa: N802

from functools import partial
from typing import Any, Final, TypeAlias

import grpc
from sqlalchemy import Connection, select

from xiezhi.v1 import receipt_paper_service_pb2 as pb
from xiezhi.v1.evidence_service_pb2 import GetReceiptRequest
from xiezhi.v1.receipt_paper_service_pb2_grpc import ReceiptPaperServiceServicer
from xiezhi_domain.evidence.witness import WitnessPolicy
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_node.evidence.checking import check_receipt
from xiezhi_node.evidence.page import page_of
from xiezhi_node.evidence.service import EvidenceService
from xiezhi_node.seat import Seat
from xiezhi_node.sheets.printing import Press
from xiezhi_papers.jobs import MAKE_RECEIPT_PDF

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"

MAKE_S: Final = 60.0


class ReceiptPaperService(ReceiptPaperServiceServicer):
    """Prints the receipts that `EvidenceService` gives, to those whom it gives them."""

    def __init__(
        self, journal: Journal, seat: Seat, evidence: EvidenceService, policy: WitnessPolicy, press: Press
    ) -> None:
        self._journal = journal
        self._seat = seat
        self._evidence = evidence
        self._policy = policy
        self._press = press

    async def MakeReceiptPaper(
        self, request: pb.MakeReceiptPaperRequest, context: _Context
    ) -> pb.MakeReceiptPaperResponse:
        """Return the page with the receipt attached."""
        receipt = await self._evidence.GetReceipt(GetReceiptRequest(event_id=request.event_id), context)
        checked = check_receipt(receipt, self._seat, self._policy)
        number = await self._journal.read(partial(_number, instruction=checked.header.instruction))
        paper = page_of(
            checked,
            number,
            self._seat,
            receipt.SerializeToString(deterministic=True),
            self._press.font_directory,
            self._journal.clock(),
        )
        content = await self._press.workshop.run(MAKE_RECEIPT_PDF, paper, MAKE_S)
        return pb.MakeReceiptPaperResponse(file_name=f"存证回执-{checked.header.id}.pdf", content=content)


def _number(connection: Connection, instruction: str) -> str:
    table = tables.instruction.c
    return connection.scalar(select(table.number).where(table.instruction == instruction)) or ""
