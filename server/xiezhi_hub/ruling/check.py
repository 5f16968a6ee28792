"""Checks on a pushed event that need no history: form, signature, commitment, size.

What fails here never comes into the log: nobody is known to have said it.
"""

import msgspec

from xiezhi.v1 import document_pb2, event_pb2
from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi_domain.errors import FormatError, NotAllowed, Reason
from xiezhi_domain.events.header import Header, decode_header, header_hash
from xiezhi_domain.events.ids import check_uuid7, stream_id
from xiezhi_domain.events.kinds import DIRECTORY_EVENTS
from xiezhi_domain.evidence.push import PushProof, PushVerifier
from xiezhi_domain.keyring import Keyring, Purpose
from xiezhi_domain.terms import EventKind
from xiezhi_journal.keys import verify_signature
from xiezhi_journal.proofs import (
    DOCUMENTS,
    body_commitment,
    decode_body,
    decode_push,
    is_erased,
    kept_commitment,
    named_documents,
)

MAX_BODY_BYTES = 256 * 1024
CLOCK_TOLERANCE_MS = 10 * 60 * 1000
"""How far a claimed time may lie ahead of the hub's clock."""


class CheckedEvent(msgspec.Struct, frozen=True, gc=False):
    """An event whose court, bytes and body are beyond doubt.

    `push_bytes` is empty for an event of the hub itself, which is signed when it is stored.
    """

    header: Header
    data: bytes
    hash: str
    body: event_pb2.Body
    body_bytes: bytes
    push_bytes: bytes
    journal_position: int
    documents: tuple[document_pb2.Document, ...]


class PushChecker:
    """Checks events of one court; signatures of a push are checked once for all its events."""

    def __init__(self, court: str, keyring: Keyring, *, kept: bool = False) -> None:
        """*kept*: of events that were ruled on before parts may have been erased since."""
        self._court = court
        self._keyring = keyring
        self._commitment = kept_commitment if kept else body_commitment
        self._pushes = PushVerifier(verify_signature)

    def check(self, record: StoredEvent) -> CheckedEvent:
        """Return the event of *record*.

        :raises FormatError: malformed header, body or proof.
        :raises ProofError: the signature, the place in the push or the commitment does not hold.
        :raises NotAllowed: another court's event (WRONG_COURT), or a key that is not known (KEY_UNKNOWN).
        """
        data, push_bytes, body_bytes = record.header, record.push, record.body
        header, proof = decode_header(data), decode_push(push_bytes)
        self._check_court(header, proof)
        self._pushes.check(proof, data, self._public_key(header))
        if len(body_bytes) > MAX_BODY_BYTES:
            raise FormatError(f"事件内容超过 {MAX_BODY_BYTES} 字节")
        body = decode_body(body_bytes)
        if self._commitment(body) != header.body:
            raise FormatError("事件内容与事件头中的承诺不符")
        documents = named_documents(body)
        if (
            header.kind == EventKind.ISSUED
            and header.facts.get("documents") != len(documents)
            and not is_erased(body, DOCUMENTS)
        ):
            raise FormatError("事件头中的文书份数与事件内容不符")
        return CheckedEvent(
            header,
            data,
            header_hash(data),
            body,
            body_bytes,
            push_bytes,
            proof.position,
            documents,
        )

    def _check_court(self, header: Header, proof: PushProof) -> None:
        if header.sender != self._court or proof.court != self._court:
            raise NotAllowed(Reason.WRONG_COURT, "事件的行为法院与连接的证书不一致")
        if header.key != proof.key_id:
            raise FormatError("事件头与推送证明中的密钥编号不一致")
        _check_id(header.id, "id")
        if header.kind in DIRECTORY_EVENTS:
            if header.instruction != stream_id(self._court):
                raise FormatError("目录类事件不在本院的事件流中")
        else:
            _check_id(header.instruction, "instruction")

    def _public_key(self, header: Header) -> bytes:
        key = self._keyring.keys.get(header.key)
        if key is None or key.court != self._court or key.purpose is not Purpose.EVENT:
            raise NotAllowed(Reason.KEY_UNKNOWN)
        return key.public_key


def _check_id(text: str, field: str) -> None:
    """Let pass a UUIDv7 in its one spelling: another would be another id to everybody who compares."""
    if check_uuid7(text, field) != text:
        raise FormatError("编号不是规范写法")
