"""Checks on feed items that need no history: they are what the courts signed and what the hub logged."""

import msgspec

from xiezhi.v1 import event_pb2, link_service_pb2
from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.header import Header, decode_header, header_hash
from xiezhi_domain.events.kinds import KEY_EVENTS
from xiezhi_domain.events.ruling import Ruling, decode_ruling, entry_leaf
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_domain.evidence.push import PushVerifier
from xiezhi_domain.keyring import KeyFacts, Keyring, Purpose, refused_by_log
from xiezhi_journal.keys import verify_signature
from xiezhi_journal.proofs import decode_body, decode_push, kept_commitment


class CheckedItem(msgspec.Struct, frozen=True, gc=False):
    """A feed item whose event, ruling and body hold together. `body` is None where it was left out or has no parts."""

    lane: int
    feed_seq: int
    item_hash: bytes
    header: Header
    data: bytes
    hash: str
    body: event_pb2.Body | None
    body_bytes: bytes
    push_bytes: bytes
    journal_position: int
    ruling: Ruling
    ruling_bytes: bytes
    log_index: int
    leaf: bytes


class FeedChecker:
    """Checks items in the order of the feed; accepted key events count for the items after them."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._pushes = PushVerifier(verify_signature)

    def check(self, item: link_service_pb2.FeedItem) -> CheckedItem:
        """Return the checked item.

        :raises FormatError: malformed header, ruling, body or proof.
        :raises ProofError: a signature, a place in a push or a commitment does not hold.
        """
        record = item.record
        data, push_bytes, ruling_bytes = record.header, record.push, record.ruling
        header, ruling, proof = decode_header(data), decode_ruling(ruling_bytes), decode_push(push_bytes)
        if header.sender != proof.court or header.key != proof.key_id:
            raise FormatError("事件头与推送证明不一致")
        self._pushes.check(proof, data, self._public_key(header, ruling, record.log_index))
        body_bytes = record.body
        body = decode_body(body_bytes) if body_bytes else None
        if body is not None and kept_commitment(body) != header.body:
            raise ProofError("事件内容与事件头中的承诺不符")
        if ruling.accepted and header.kind in KEY_EVENTS:
            self._count(header, record.log_index)
        return CheckedItem(
            item.lane,
            item.feed_seq,
            item.item_hash,
            header,
            data,
            header_hash(data),
            body,
            body_bytes,
            push_bytes,
            proof.position,
            ruling,
            ruling_bytes,
            record.log_index,
            entry_leaf(data, ruling_bytes),
        )

    def _count(self, header: Header, log_index: int) -> None:
        # One that the log does not justify counts for nothing: `TakeFeed` keeps it and raises the alarm.
        if refused_by_log(self._keyring, header, log_index) is None:
            self._keyring = self._keyring.apply(header, log_index)

    def _public_key(self, header: Header, ruling: Ruling, log_index: int) -> bytes:
        key = self._keyring.valid(header.key, log_index)
        if key is None and not ruling.accepted:
            # Refused because its key had ended, among other reasons: it is the acting court's event all the same.
            key = self._keyring.keys.get(header.key)
        if key is not None and key.court == header.sender and key.purpose is Purpose.EVENT:
            return key.public_key
        if header.kind in KEY_EVENTS:
            facts = KeyFacts.of(header)
            if facts.key_id == header.key:
                # A court's first key signs the event that adds it; whether it may be one is judged where it is counted.
                return facts.public_key
        raise ProofError(f"{header.sender} 的签名密钥未登记")
