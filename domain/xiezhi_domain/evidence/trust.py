"""What a reader pins of a log, and what a checkpoint is worth under it.

Pinned means: written in the reader's own configuration, never taken from the server (protocol §7).
*Signed* is the log's own word. *Witnessed* needs k cosignatures of the n pinned witnesses; k is the reader's
policy.
"""

from dataclasses import dataclass

from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.cosignature import Cosignature, open_cosignatures
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_domain.evidence.note import SignatureCheck, VerifierKey, open_note


@dataclass(frozen=True, slots=True)
class OpenedCheckpoint:
    """A checkpoint that pinned log keys signed, and the verified cosignatures of pinned witnesses."""

    checkpoint: Checkpoint
    signed_by: tuple[VerifierKey, ...]
    cosignatures: tuple[Cosignature, ...]


@dataclass(frozen=True, slots=True)
class TrustedLog:
    """A log as a reader pins it: origin, log keys (two while the log key rotates), witnesses' keys."""

    origin: str
    log_keys: tuple[VerifierKey, ...]
    witnesses: tuple[VerifierKey, ...] = ()

    def open(self, data: bytes, verify: SignatureCheck) -> OpenedCheckpoint:
        """Return the checkpoint whose signed note is *data*.

        :raises FormatError: not a checkpoint's note, or pinned keys that contradict each other.
        :raises ProofError: another log's checkpoint, no signature by a pinned log key, or a false signature
            by any pinned key.
        """
        opened = open_note(data, self.log_keys, verify)
        checkpoint = Checkpoint.parse(opened.note.text)
        if checkpoint.origin != self.origin:
            raise ProofError(f"检查点属于日志 {checkpoint.origin}，而不是 {self.origin}")
        cosignatures = open_cosignatures(opened.note, self.witnesses, verify)
        return OpenedCheckpoint(checkpoint, opened.signed_by, cosignatures)
