"""Proofs from the hub's transparency log."""

from xiezhi.v1 import evidence_service_pb2 as pb
from xiezhi.v1.evidence_service_pb2_grpc import EvidenceServiceStub
from xiezhi.v1.receipt_paper_service_pb2 import MakeReceiptPaperRequest
from xiezhi.v1.receipt_paper_service_pb2_grpc import ReceiptPaperServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.records.evidence import (
    Checkpoint,
    EvidenceReceipt,
    InclusionProof,
    ReceiptPaper,
)


class Evidence:
    """`EvidenceService`, and at a node `ReceiptPaperService`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = EvidenceServiceStub(calls.channel)
        self._papers = ReceiptPaperServiceStub(calls.channel)

    async def checkpoint(self) -> Checkpoint:
        """Give the newest checkpoint."""
        return Checkpoint.from_proto(
            await self._calls.unary(self._stub.GetCheckpoint, pb.GetCheckpointRequest())
        )

    async def inclusion_proof(self, log_index: int, tree_size: int = 0) -> InclusionProof:
        """Prove that an entry stands in the log of `tree_size`, 0 meaning the newest checkpoint's.

        Raise `NotFound`, `InvalidInput` (size beyond the log), `NotAllowed`.
        """
        request = pb.GetInclusionProofRequest(log_index=log_index, tree_size=tree_size)
        return InclusionProof.from_proto(await self._calls.unary(self._stub.GetInclusionProof, request))

    async def consistency_proof(self, first_size: int, second_size: int) -> tuple[bytes, ...]:
        """Prove that the log of `second_size` extends that of `first_size`: hashes of 32 bytes."""
        request = pb.GetConsistencyProofRequest(first_size=first_size, second_size=second_size)
        return tuple((await self._calls.unary(self._stub.GetConsistencyProof, request)).path)

    async def receipt(self, event_id: str) -> EvidenceReceipt:
        """Give the receipt for one event (存证回执). Raise `NotFound`, `WrongState` (not ruled on yet)."""
        request = pb.GetReceiptRequest(event_id=event_id)
        return EvidenceReceipt.from_proto(await self._calls.unary(self._stub.GetReceipt, request))

    async def receipt_paper(self, event_id: str) -> ReceiptPaper:
        """Print the receipt for one event, at a node alone: a PDF that `xiezhi verify` reads. Raise as `receipt`."""
        request = MakeReceiptPaperRequest(event_id=event_id)
        return ReceiptPaper.from_proto(await self._calls.unary(self._papers.MakeReceiptPaper, request))
