"""The hub's side of cosigning (`xiezhi_link.ports.WitnessPort`): everybody is asked for the same checkpoint.

Every commit makes a checkpoint; if each court cosigned the one it happened to be shown, none would ever have many
cosignatures. So one checkpoint at a time is put to all courts and goes out again as it gathers cosignatures; after
some seconds the newest takes its place. Nobody is waited for: a slow witness is missing from a round, no more.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Final

import structlog
from sqlalchemy import Connection

from xiezhi.v1.link_service_pb2 import CheckpointNotice, Cosignature
from xiezhi_domain.errors import DomainError, FormatError
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.cosignature import open_cosignatures
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_domain.evidence.note import COSIGNATURE_ED25519, Note, NoteSignature, VerifierKey
from xiezhi_domain.keyring import Purpose
from xiezhi_hub.hub_journal import HubJournal
from xiezhi_hub.log_head import read_head
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.witnesses.store import cosigned_note, read_lines, store_line
from xiezhi_journal.keyrings import read_keyring
from xiezhi_journal.keys import verify_signature
from xiezhi_journal.translog import consistency_proof

ROUND_S: Final = 15.0
"""How long one checkpoint is put to the courts: shown, cosigned, and shown again with what the others signed."""

MOST_WAITING: Final = 256
"""Cosignatures that wait to be checked; what comes beyond is dropped, its court is asked again."""

MAX_LINE_BYTES: Final = 512

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Round:
    """The checkpoint that is put to the courts, and the lines that it has gathered by court."""

    checkpoint: Checkpoint
    note: bytes
    began: float
    lines: dict[str, bytes] = field(default_factory=dict)

    @property
    def cosigned(self) -> bytes:
        """The note with all that it has gathered."""
        return cosigned_note(self.note, self.lines)


class Witnesses:
    """What is put to the courts, and what comes back. Belongs to the event loop's thread."""

    def __init__(self, journal: HubJournal, gate: Gate, clock_s: Callable[[], float] = monotonic) -> None:
        self._journal = journal
        self._gate = gate
        self._clock_s = clock_s
        self._round: Round | None = None
        self._previous: Round | None = None
        self._turning = asyncio.Lock()
        self._waiting: asyncio.Queue[tuple[str, Cosignature]] = asyncio.Queue(MOST_WAITING)

    async def notice(self, court: str, after: bytes) -> CheckpointNotice | None:
        """Return the checkpoint of this round, with the proof that it extends *after*.

        None if the court has it with all its cosignatures, or has seen a newer one.
        """
        if not self._gate.is_open:
            return None
        turn = await self._current()
        if turn is None:
            return None
        before = Checkpoint.parse(Note.parse(after).text).size if after else 0
        note = turn.cosigned
        if before > turn.checkpoint.size or (note == after and court in turn.lines):
            return None
        return CheckpointNotice(checkpoint=note, consistency=await self._proof(before, turn.checkpoint.size))

    async def _proof(self, before: int, size: int) -> list[bytes]:
        if not 0 < before < size:
            return []
        return await self._journal.read(partial(consistency_proof, first=before, second=size))

    async def _current(self) -> Round | None:
        turn = self._round
        if turn is not None and self._clock_s() - turn.began < ROUND_S:
            return turn
        async with self._turning:
            if self._round is turn:
                await self._turn()
            return self._round

    async def _turn(self) -> None:
        following = await self._journal.read(partial(_begin, began=self._clock_s()))
        now = self._round
        # The same checkpoint has another note where the log's key was exchanged meanwhile.
        if following is not None and (now is None or following.note != now.note):
            self._round, self._previous = following, now

    async def cosigned(self, court: str, cosignature: Cosignature) -> None:
        """Put a node's cosignature to the others that wait; checked and kept beside the court's stream."""
        try:
            self._waiting.put_nowait((court, cosignature))
        except asyncio.QueueFull:
            _log.warning("cosignature_dropped", court=court)

    async def run(self) -> None:
        """Check and keep what comes, until cancelled."""
        while True:
            court, cosignature = await self._waiting.get()
            await self.take(court, cosignature)

    async def take(self, court: str, cosignature: Cosignature) -> None:
        """Check and keep one cosignature; a wrong one, or one of an older round, is logged."""
        turns = (self._round, self._previous)
        turn = next((each for each in turns if each and each.checkpoint.size == cosignature.size), None)
        if turn is None or court in turn.lines:
            return
        try:
            line = await self._journal.read(
                partial(_checked, court=court, turn=turn, line=cosignature.signature_line)
            )
            await self._journal.write(partial(store_line, size=turn.checkpoint.size, court=court, line=line))
        except (DomainError, FormatError, ProofError) as error:
            _log.warning("cosignature_refused", court=court, size=cosignature.size, problem=error.message)
        else:
            turn.lines[court] = line


def _begin(connection: Connection, began: float) -> Round | None:
    head = read_head(connection)
    if not head.note:
        return None
    checkpoint = Checkpoint.parse(Note.parse(head.note).text)
    return Round(checkpoint, head.note, began, read_lines(connection, head.size))


def _checked(connection: Connection, court: str, turn: Round, line: bytes) -> bytes:
    """Return the one line of *court*'s valid cosigning key, as it is written.

    :raises FormatError, ProofError: it is no such line.
    """
    if len(line) > MAX_LINE_BYTES:
        raise FormatError("见证签名行过长")
    try:
        signature = NoteSignature.parse(line.decode())
    except UnicodeDecodeError:
        raise FormatError("见证签名行不是 UTF-8 编码") from None
    keys = [
        VerifierKey(court, COSIGNATURE_ED25519, key.public_key)
        for key in read_keyring(connection).of_court(court)
        if key.purpose is Purpose.COSIGN and key.ended_index is None
    ]
    note = Note(turn.checkpoint.format(), (signature,))
    if not open_cosignatures(note, keys, verify_signature):
        raise ProofError("不是该院登记的见证密钥所签")
    return signature.format().encode()
