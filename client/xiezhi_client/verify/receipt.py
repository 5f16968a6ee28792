"""Checking a receipt (存证回执): what a court said, what the hub ruled, and that both stand in the log."""

from dataclasses import dataclass

from xiezhi_client.sdk.records.event import EventRecord, PushProof
from xiezhi_client.sdk.records.evidence import EvidenceReceipt
from xiezhi_client.verify.signatures import is_signed
from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.header import Header, decode_header
from xiezhi_domain.events.kinds import KEY_EVENTS
from xiezhi_domain.events.ruling import Ruling, decode_ruling, entry_leaf
from xiezhi_domain.evidence import push
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_domain.evidence.note import VerifierKey
from xiezhi_domain.evidence.tlogproof import TlogProof
from xiezhi_domain.evidence.trust import TrustedLog
from xiezhi_domain.keyring import KeyFacts, Purpose


@dataclass(frozen=True, slots=True)
class VerifiedReceipt:
    """What a receipt proves: the event, the ruling, its place in the log, the size of the checkpoint over it."""

    header: Header
    ruling: Ruling
    log_index: int
    checkpoint_size: int


def verify_receipt(receipt: EvidenceReceipt, origin: str, log_vkey: str) -> VerifiedReceipt:
    """Return what *receipt* proves under the pinned *origin* and verifier key of the log.

    :raises FormatError: a part is missing or malformed.
    :raises ProofError: a signature, a place in a tree or the court's key does not hold; says which.
    """
    if receipt.record is None or receipt.key_record is None:
        raise FormatError("回执缺少事件或密钥登记记录")
    trusted = TrustedLog(origin, (VerifierKey.parse(log_vkey),))
    header, size = _logged(receipt.record, receipt.tlog_proof, trusted)
    key_header, _ = _logged(receipt.key_record, receipt.key_tlog_proof, trusted)
    public_key = _event_key(key_header, header)
    if receipt.key_record.log_index > receipt.record.log_index:
        raise ProofError("签名密钥的登记晚于该事件")
    _check_push(receipt.record, header, public_key)
    return VerifiedReceipt(header, decode_ruling(receipt.record.ruling), receipt.record.log_index, size)


def _logged(record: EventRecord, proof_file: bytes, trusted: TrustedLog) -> tuple[Header, int]:
    """Return the header of a record and the size of the checkpoint under which its entry was proven."""
    proof = TlogProof.parse(proof_file)
    if proof.index != record.log_index:
        raise ProofError("存在性证明的序号与记录不一致")
    opened = proof.verify(entry_leaf(record.header, record.ruling), trusted, is_signed)
    return decode_header(record.header), opened.checkpoint.size


def _event_key(key_header: Header, header: Header) -> bytes:
    if key_header.kind not in KEY_EVENTS:
        raise ProofError("密钥登记记录不是密钥事件")
    facts = KeyFacts.of(key_header)
    if (key_header.sender, facts.key_id, facts.purpose) != (header.sender, header.key, Purpose.EVENT):
        raise ProofError("所附密钥不是行为法院签署该事件的密钥")
    return facts.public_key


def _check_push(record: EventRecord, header: Header, public_key: bytes) -> None:
    if record.push is None:
        raise FormatError("回执缺少法院签名")
    proof = _proof(record.push)
    if (proof.court, proof.key_id) != (header.sender, header.key):
        raise ProofError("法院签名与事件头不一致")
    push.check_membership(proof, record.header)
    push.check_signature(proof, public_key, is_signed)


def _proof(record: PushProof) -> push.PushProof:
    return push.PushProof(
        record.court,
        record.key_id,
        record.first_position,
        record.count,
        record.root,
        record.signature,
        record.index,
        record.path,
    )
