"""The node as a witness: it checks and stores a checkpoint before it cosigns it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import structlog

from xiezhi.v1.evidence_service_pb2 import GetConsistencyProofRequest
from xiezhi.v1.evidence_service_pb2_grpc import EvidenceServiceStub
from xiezhi.v1.link_service_pb2 import CheckpointNotice, Cosignature
from xiezhi_domain.errors import DomainError, Reason, Unavailable
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.cosignature import cosign
from xiezhi_domain.evidence.misconduct import Misconduct
from xiezhi_domain.evidence.note import COSIGNATURE_ED25519, VerifierKey
from xiezhi_domain.evidence.trust import OpenedCheckpoint, TrustedLog
from xiezhi_domain.evidence.witness import WitnessPolicy, fault_between
from xiezhi_domain.terms import LogFault
from xiezhi_journal.headfile import HeadFile
from xiezhi_journal.journal import Journal
from xiezhi_journal.keys import SigningKey, verify_signature
from xiezhi_journal.misconduct import MisconductFiles
from xiezhi_journal.signer_line import SignerAway
from xiezhi_link.hub_channel import HubChannel
from xiezhi_node.hub_calls import CALL_TIMEOUT_S, from_hub
from xiezhi_node.seat import Seat
from xiezhi_node.witnessing.store import KeepCheckpoint, Kept, Known, kept_of, read_known

Prove = Callable[[int, int], Awaitable[Sequence[bytes]]]
"""Asks the hub for the consistency proof between two sizes; raises DomainError where it gives none."""

_CONTRADICTION = "平台给出的日志与本院所存的矛盾，已停止连接并留存记录，请联系上级法院"
_log = structlog.get_logger(__name__)


def ask_hub(hub: HubChannel) -> Prove:
    """Return the way to ask the hub of the link."""

    async def prove(first: int, second: int) -> Sequence[bytes]:
        request = GetConsistencyProofRequest(first_size=first, second_size=second)
        stub = EvidenceServiceStub(hub.channel)
        return (await from_hub(stub.GetConsistencyProof(request, timeout=CALL_TIMEOUT_S))).path

    return prove


class Witness:
    """Cosigns with the node's own key; a node without one only checks and stores."""

    def __init__(
        self,
        journal: Journal,
        seat: Seat,
        key: SigningKey | None,
        policy: WitnessPolicy,
        prove: Prove,
        files: MisconductFiles,
        head: HeadFile | None = None,
    ) -> None:
        """*head* keeps what was cosigned last outside the database: a restored witness still does not go back."""
        self._head = head
        self._remembered = _remembered(head)
        self._journal = journal
        self._seat = seat
        self._key = key
        self._policy = policy
        self._prove = prove
        self._files = files

    def cosign_with(self, key: SigningKey) -> None:
        """Cosign with another key from now on."""
        self._key = key

    def open(self, note: bytes) -> OpenedCheckpoint:
        """Return the checkpoint of a note, checked under the pinned log key and the pinned witnesses' keys.

        :raises DomainError: another log's, or a false signature.
        """
        return TrustedLog(self._seat.origin, self._seat.trusted_keys, self._policy.witnesses).open(
            note, verify_signature
        )

    async def vouch(self, notice: CheckpointNotice) -> Cosignature | None:
        """Check a checkpoint against all that it has to extend, store it, and return the cosignature.

        None: it is an older one, this node is catching up, or the hub cannot be asked for a proof now.

        :raises Unavailable: SIGNATURE_INVALID; it contradicts what is stored, which is kept as a file.
        :raises DomainError: it is no checkpoint of the pinned log.
        """
        opened = self.open(notice.checkpoint)
        offered = Kept(opened.checkpoint, notice.checkpoint)
        known = await self._journal.read(partial(read_known, size=opened.checkpoint.size))
        try:
            for each in (*known.both, *self._forgotten(known)):
                await self._hold_against(each, offered, notice.consistency)
        except _NoProof as error:
            _log.warning("consistency_not_proven", size=opened.checkpoint.size, problem=str(error))
            return None
        # A restored node may have cosigned more than it remembers.
        if self._seat.catching_up.is_behind or known.is_beyond(offered.checkpoint):
            return None
        if any(each.checkpoint.size > offered.checkpoint.size for each in self._forgotten(known)):
            return None
        met = self._policy.is_met(opened)
        work = KeepCheckpoint(self._seat.origin, offered, known.cosigned, witnessed=met)
        if not await self._journal.submit(work) or self._key is None:
            return None
        if not await asyncio.to_thread(self._remember, offered):
            return None
        try:
            return await asyncio.to_thread(self._cosign, offered.checkpoint, self._key)
        except SignerAway as error:
            _log.warning("not_cosigned", size=offered.checkpoint.size, problem=error.message)
            return None

    def _forgotten(self, known: Known) -> list[Kept]:
        """Return what was cosigned last, where the database was restored to before that."""
        last, cosigned = self._remembered, known.cosigned
        if last is None or (cosigned is not None and cosigned.checkpoint.size >= last.checkpoint.size):
            return []
        return [last]

    def _remember(self, offered: Kept) -> bool:
        """Keep outside the database what is going to be cosigned; returns whether it is on disk."""
        if self._head is None:
            return True
        try:
            self._head.write(offered.checkpoint.size, offered.checkpoint.root, offered.note)
        except (OSError, DomainError) as error:
            _log.error("cosigned_head_not_written", size=offered.checkpoint.size, problem=str(error))
            return False
        return True

    def _cosign(self, checkpoint: Checkpoint, key: SigningKey) -> Cosignature:
        name = VerifierKey(self._seat.court, COSIGNATURE_ED25519, key.public_key)
        line = cosign(checkpoint, name, self._journal.clock() // 1000, key.sign)
        return Cosignature(size=checkpoint.size, signature_line=line.format().encode())

    async def _hold_against(self, known: Kept, offered: Kept, given: Sequence[bytes]) -> None:
        """Check that *offered* extends *known*, with the proof that came along or one that the hub is asked for."""
        proof: Sequence[bytes] = given
        fault = fault_between(known.checkpoint, offered.checkpoint, proof)
        if fault in (LogFault.NOT_EXTENDED, LogFault.SHRUNK):
            # The proof that came along begins at the last notice of the stream, which need not be the last one kept.
            smaller, larger = sorted((known, offered), key=lambda each: each.checkpoint.size)
            proof = await self._ask(smaller.checkpoint.size, larger.checkpoint.size)
            fault = self._fault(known.checkpoint, offered.checkpoint, proof)
        if fault is not None:
            self.record(fault, known.note, offered.note, tuple(proof))
            raise Unavailable(Reason.SIGNATURE_INVALID, _CONTRADICTION)

    async def _ask(self, smaller: int, larger: int) -> Sequence[bytes]:
        try:
            return await self._prove(smaller, larger)
        except DomainError as error:
            if error.reason is Reason.OFFSET_OUT_OF_RANGE:
                # It denies having what it signed: there is no proof.
                return ()
            raise _NoProof(error.message) from error

    def _fault(self, known: Checkpoint, offered: Checkpoint, proof: Sequence[bytes]) -> LogFault | None:
        if offered.size >= known.size:
            return fault_between(known, offered, proof)
        # An older head of the same log: a notice that a newer stream has overtaken.
        return LogFault.SHRUNK if fault_between(offered, known, proof) else None

    def record(self, fault: LogFault, first: bytes, second: bytes, proof: tuple[bytes, ...] = ()) -> None:
        """Keep two notes that do not fit, in the order in which they came."""
        found = Misconduct(fault, first, second, proof, self._seat.court, self._journal.clock())
        self._files.keep(found)


def _remembered(head: HeadFile | None) -> Kept | None:
    """Return what the file says was cosigned last. With a damaged one nothing is cosigned: it cannot be written."""
    try:
        record = head.read() if head is not None else None
    except DomainError as error:
        _log.error("cosigned_head_damaged", problem=error.message)
        return None
    return kept_of(record.note) if record is not None else None


class _NoProof(Exception):  # noqa: N818  # says what is missing, and is no fault of anybody yet
    """The hub could not be asked, or answered with an error."""
