"""A receipt of the hub, checked under what this node has pinned before anybody prints it."""

from dataclasses import dataclass

from xiezhi.v1.evidence_service_pb2 import GetReceiptResponse
from xiezhi_domain.errors import DomainError, Reason, Unavailable
from xiezhi_domain.events.header import Header, decode_header
from xiezhi_domain.events.ruling import Ruling, decode_ruling, entry_leaf
from xiezhi_domain.evidence.receiptcode import ReceiptCode
from xiezhi_domain.evidence.standing import Standing
from xiezhi_domain.evidence.tlogproof import TlogProof
from xiezhi_domain.evidence.trust import TrustedLog
from xiezhi_domain.evidence.witness import WitnessPolicy
from xiezhi_journal.keys import verify_signature
from xiezhi_node.seat import Seat


@dataclass(frozen=True, slots=True)
class CheckedReceipt:
    """What the log has: the event, the ruling, where, and who vouches for it by this court's own policy."""

    header: Header
    ruling: Ruling
    code: ReceiptCode
    standing: Standing


def check_receipt(receipt: GetReceiptResponse, seat: Seat, policy: WitnessPolicy) -> CheckedReceipt:
    """Return what *receipt* proves.

    :raises Unavailable: SIGNATURE_INVALID; it does not hold.
    """
    record = receipt.record
    try:
        log = TrustedLog(seat.origin, seat.trusted_keys, policy.witnesses)
        proof = TlogProof.parse(receipt.tlog_proof)
        leaf = entry_leaf(record.header, record.ruling)
        opened = proof.verify(leaf, log, verify_signature)
        header, ruling = decode_header(record.header), decode_ruling(record.ruling)
    except DomainError as error:
        text = f"平台给出的存证回执不成立（{error.message}），请勿使用，并报告上级法院"
        raise Unavailable(Reason.SIGNATURE_INVALID, text) from error
    tree = opened.checkpoint
    code = ReceiptCode(tree.origin, proof.index, leaf, tree.size, tree.root)
    return CheckedReceipt(header, ruling, code, Standing.of(opened, policy))
