"""Checking a receipt (存证回执): what a court said, what the hub ruled, and that both stand in the log."""

from dataclasses import dataclass

from xiezhi_client.sdk.records.event import BodyPart, EventRecord, PushProof
from xiezhi_client.sdk.records.evidence import EvidenceReceipt
from xiezhi_client.verify.log_tree import explain_signers
from xiezhi_client.verify.pins import Pins
from xiezhi_client.verify.signatures import is_signed
from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.header import Header, decode_header
from xiezhi_domain.events.kinds import KEY_EVENTS
from xiezhi_domain.events.ruling import Ruling, decode_entry, decode_ruling, entry_leaf
from xiezhi_domain.evidence import push
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_domain.evidence.merkle import leaf_hash
from xiezhi_domain.evidence.standing import Standing
from xiezhi_domain.evidence.tlogproof import TlogProof
from xiezhi_domain.evidence.trust import OpenedCheckpoint, TrustedLog
from xiezhi_domain.keyring import KeyFacts, Purpose


@dataclass(frozen=True, slots=True)
class VerifiedReceipt:
    """What a receipt proves: the event, the ruling, its place in the log by the entry's hash, the checkpoint over it.

    `standing` says who vouches for that checkpoint besides the log; `court_signed` that the court's signature was
    checked, which a proof file alone does not have; `part` is the one part of the body that was shown with it.
    """

    header: Header
    ruling: Ruling
    log_index: int
    leaf: bytes
    checkpoint: Checkpoint
    standing: Standing
    court_signed: bool = True
    part: BodyPart | None = None

    @property
    def checkpoint_size(self) -> int:
        """How many entries the checkpoint covers."""
        return self.checkpoint.size


def verify_receipt(receipt: EvidenceReceipt, origin: str, *log_vkeys: str) -> VerifiedReceipt:
    """Return what *receipt* proves under the pinned *origin* and verifier keys of the log.

    There are two keys where the log's was rotated; one of them has to have signed each checkpoint.

    :raises FormatError: a part is missing or malformed.
    :raises ProofError: a signature, a place in a tree or the court's key does not hold; says which.
    """
    return check_receipt(receipt, Pins(origin, log_vkeys))


def check_receipt(receipt: EvidenceReceipt, pins: Pins) -> VerifiedReceipt:
    """Return what *receipt* proves under *pins*, whose witnesses are counted.

    :raises FormatError: a part is missing or malformed.
    :raises ProofError: a signature, a place in a tree or the court's key does not hold; says which.
    """
    if receipt.record is None or receipt.key_record is None:
        raise FormatError("回执缺少事件或密钥登记记录")
    trusted, record = pins.trusted, receipt.record
    header, opened = _logged(record, receipt.tlog_proof, trusted)
    key_header, _ = _logged(receipt.key_record, receipt.key_tlog_proof, trusted)
    public_key = _event_key(key_header, header)
    if receipt.key_record.log_index > receipt.record.log_index:
        raise ProofError("签名密钥的登记晚于该事件")
    _check_push(receipt.record, header, public_key)
    return VerifiedReceipt(
        header,
        decode_ruling(record.ruling),
        record.log_index,
        entry_leaf(record.header, record.ruling),
        opened.checkpoint,
        Standing.of(opened, pins.policy),
    )


def verify_proof(proof_file: bytes, entry: bytes | None, pins: Pins) -> VerifiedReceipt:
    """Return what a bare proof file (C2SP tlog-proof) proves: that the log has this entry, at this place.

    *entry* are the bytes of the log entry; where they are None, the file's extra data has to be the entry.

    :raises FormatError: the file or the entry is malformed, or there is no entry.
    :raises ProofError: checkpoint or place do not hold.
    """
    proof = TlogProof.parse(proof_file)
    entry = proof.extra if entry is None else entry
    if entry is None:
        raise FormatError(
            "证明文件不含日志记录本身，不知道它证明的是哪一项：请核验同名的 .receipt 回执，"
            "或者将该项记录存为同名的 .entry 文件再核验"
        )
    header, ruling = decode_entry(entry)
    opened = _proven(proof, leaf_hash(entry), pins.trusted)
    return VerifiedReceipt(
        decode_header(header),
        decode_ruling(ruling),
        proof.index,
        leaf_hash(entry),
        opened.checkpoint,
        Standing.of(opened, pins.policy),
        court_signed=False,
    )


def _logged(record: EventRecord, proof_file: bytes, trusted: TrustedLog) -> tuple[Header, OpenedCheckpoint]:
    """Return the header of a record and the checkpoint under which its entry was proven."""
    proof = TlogProof.parse(proof_file)
    if proof.index != record.log_index:
        raise ProofError("存在性证明的序号与记录不一致")
    opened = _proven(proof, entry_leaf(record.header, record.ruling), trusted)
    return decode_header(record.header), opened


def _proven(proof: TlogProof, leaf: bytes, trusted: TrustedLog) -> OpenedCheckpoint:
    """Return the checkpoint under which *leaf* was proven."""
    try:
        trusted.open(proof.checkpoint, is_signed)
    except ProofError as error:
        raise ProofError(
            f"平台日志的检查点不成立：{explain_signers(proof.checkpoint, trusted, error)}"
        ) from None
    return proof.verify(leaf, trusted, is_signed)


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
