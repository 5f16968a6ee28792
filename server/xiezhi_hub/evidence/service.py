"""`EvidenceService`: checkpoints, proofs and receipts."""

# Methods are named by the contract.
# ruff: noqa: N802

from dataclasses import replace
from functools import partial
from typing import Any, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import evidence_service_pb2 as pb
from xiezhi.v1.evidence_service_pb2_grpc import EvidenceServiceServicer
from xiezhi_desk.directory import key_message
from xiezhi_domain.errors import InvalidInput, Reason
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.evidence.tlogproof import TlogProof
from xiezhi_hub.evidence.entries import entry_at, entry_of_event, require_allowed, row_of
from xiezhi_hub.hub_journal import HubJournal
from xiezhi_hub.log_head import SignedHead, read_head
from xiezhi_hub.witnesses.store import best_head, cosigned_note, read_lines
from xiezhi_journal.keyrings import read_keyring
from xiezhi_journal.reading import event_record
from xiezhi_journal.translog import LogHashes, checkpoint_at, consistency_proof, inclusion_proof
from xiezhi_wire.caller import AnyCaller, any_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class EvidenceService(EvidenceServiceServicer):
    """Serves proofs from the journal. What each method refuses is said in the contract."""

    def __init__(self, journal: HubJournal) -> None:
        self._journal = journal

    async def GetCheckpoint(
        self, _request: pb.GetCheckpointRequest, _context: _Context
    ) -> pb.GetCheckpointResponse:
        """Return the newest checkpoint."""
        head = await self._journal.read(_newest)
        log_vkey = self._journal.signer.verifier_key.format()
        return pb.GetCheckpointResponse(checkpoint=head.note, log_vkey=log_vkey)

    async def GetInclusionProof(
        self, request: pb.GetInclusionProofRequest, _context: _Context
    ) -> pb.GetInclusionProofResponse:
        """Return the proof that an entry stands in the log."""
        return await self._journal.read(partial(_inclusion, request=request, caller=any_caller()))

    async def GetConsistencyProof(
        self, request: pb.GetConsistencyProofRequest, _context: _Context
    ) -> pb.GetConsistencyProofResponse:
        """Return the proof that one checkpoint extends another."""
        return await self._journal.read(partial(_consistency, request=request))

    async def GetReceipt(self, request: pb.GetReceiptRequest, _context: _Context) -> pb.GetReceiptResponse:
        """Return the receipt of an event."""
        return await self._journal.read(partial(_receipt, event_id=request.event_id, caller=any_caller()))


def _newest(connection: Connection) -> SignedHead:
    head = read_head(connection)
    return replace(head, note=cosigned_note(head.note, read_lines(connection, head.size)))


def _inclusion(
    connection: Connection, request: pb.GetInclusionProofRequest, caller: AnyCaller | None
) -> pb.GetInclusionProofResponse:
    head = read_head(connection)
    size = request.tree_size or head.size
    index = request.log_index
    if not 0 <= index < size <= head.size:
        raise _out_of_range(head)
    require_allowed(connection, entry_at(connection, index), caller)
    [leaf] = LogHashes(connection).read(0, index, 1)
    return pb.GetInclusionProofResponse(
        log_index=index,
        tree_size=size,
        leaf_hash=leaf,
        path=inclusion_proof(connection, index, size),
        checkpoint=cosigned_note(checkpoint_at(connection, size), read_lines(connection, size)),
    )


def _consistency(
    connection: Connection, request: pb.GetConsistencyProofRequest
) -> pb.GetConsistencyProofResponse:
    head = read_head(connection)
    if not 1 <= request.first_size <= request.second_size <= head.size:
        raise _out_of_range(head)
    path = consistency_proof(connection, request.first_size, request.second_size)
    return pb.GetConsistencyProofResponse(path=path)


def _receipt(connection: Connection, event_id: str, caller: AnyCaller | None) -> pb.GetReceiptResponse:
    entry = entry_of_event(connection, event_id, caller)
    row = row_of(connection, entry)
    key = read_keyring(connection).keys[decode_header(row.header).key]
    head = best_head(connection, max(row.log_index, key.added_index), read_head(connection))
    key_row = row_of(connection, entry_at(connection, key.added_index))
    return pb.GetReceiptResponse(
        record=event_record(row),
        tlog_proof=_proof_file(connection, row.log_index, head),
        court_key=key_message(key),
        key_record=event_record(key_row),
        key_tlog_proof=_proof_file(connection, key.added_index, head),
    )


def _proof_file(connection: Connection, index: int, head: SignedHead) -> bytes:
    path = inclusion_proof(connection, index, head.size)
    return TlogProof(index, path, head.note).format()


def _out_of_range(head: SignedHead) -> InvalidInput:
    return InvalidInput(
        Reason.OFFSET_OUT_OF_RANGE, "序号或长度超出平台日志的范围，请核对", metadata={"size": str(head.size)}
    )
