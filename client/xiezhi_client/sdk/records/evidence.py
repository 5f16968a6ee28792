"""Proofs from the hub's log. Notes and proofs are the exact bytes that the verifier reads."""

from dataclasses import dataclass

from xiezhi.v1 import directory_service_pb2, evidence_service_pb2, receipt_paper_service_pb2
from xiezhi_client.sdk.record import Record
from xiezhi_client.sdk.records.court import CourtKey
from xiezhi_client.sdk.records.event import BodyPart, EventRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint(Record[evidence_service_pb2.GetCheckpointResponse]):
    """The newest checkpoint, a signed note, and the log's verifier key (pin it elsewhere; do not trust this one)."""

    checkpoint: bytes = b""
    log_vkey: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InclusionProof(Record[evidence_service_pb2.GetInclusionProofResponse]):
    """Proof that an entry stands in the tree of a size; hashes of 32 bytes."""

    log_index: int = 0
    tree_size: int = 0
    leaf_hash: bytes = b""
    path: tuple[bytes, ...] = ()
    checkpoint: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceReceipt(Record[evidence_service_pb2.GetReceiptResponse]):
    """A receipt for one event (存证回执), to be checked offline."""

    record: EventRecord | None = None
    tlog_proof: bytes = b""
    court_key: CourtKey | None = None
    key_record: EventRecord | None = None
    key_tlog_proof: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartProof(Record[evidence_service_pb2.PartProof]):
    """One part of an event's body with the receipt and the path that tie it to the log, without the other parts."""

    receipt: EvidenceReceipt | None = None
    part: BodyPart | None = None
    index: int = 0
    count: int = 0
    path: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptPaper(Record[receipt_paper_service_pb2.MakeReceiptPaperResponse]):
    """A receipt as a PDF of one page, with the receipt itself attached."""

    file_name: str = ""
    content: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook(Record[directory_service_pb2.GetRulebookResponse]):
    """A rulebook: TOML under the SHA-256 (hex) of its content."""

    hash: str = ""
    content: bytes = b""
