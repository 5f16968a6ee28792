"""What a witness checks before it cosigns, and how many witnesses are enough (protocol §7)."""

from collections.abc import Sequence
from dataclasses import dataclass

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_domain.evidence.merkle import verify_consistency
from xiezhi_domain.evidence.note import COSIGNATURE_ED25519, VerifierKey
from xiezhi_domain.evidence.trust import OpenedCheckpoint
from xiezhi_domain.terms import LogFault


@dataclass(frozen=True, slots=True)
class WitnessPolicy:
    """The witnesses that a reader pins, and how many of them are enough. None pinned: nothing is ever witnessed.

    :raises FormatError: a key that is no cosigner's, a name or key given twice, *needed* out of range.
    """

    witnesses: tuple[VerifierKey, ...] = ()
    needed: int = 0

    def __post_init__(self) -> None:
        if any(witness.signature_type != COSIGNATURE_ED25519 for witness in self.witnesses):
            raise FormatError("见证方的公钥串不是见证密钥")
        for values in (
            {witness.name for witness in self.witnesses},
            {witness.public_key for witness in self.witnesses},
        ):
            if len(values) != len(self.witnesses):
                raise FormatError("见证方的名称或公钥有重复")
        if not min(1, len(self.witnesses)) <= self.needed <= len(self.witnesses):
            raise FormatError(f"见证门槛应为 1 至 {len(self.witnesses)}（未登记见证方时为 0）")

    @property
    def tolerated(self) -> int:
        """How many colluding witnesses cannot make two histories both count as witnessed: f < 2k − n."""
        return max(0, 2 * self.needed - len(self.witnesses) - 1)

    def is_met(self, opened: OpenedCheckpoint) -> bool:
        """Return whether enough of the pinned witnesses cosigned; *opened* was opened with their keys."""
        names = {each.witness for each in opened.cosignatures} & set(self.witnesses)
        return self.needed > 0 and len(names) >= self.needed


def fault_between(known: Checkpoint, offered: Checkpoint, proof: Sequence[bytes]) -> LogFault | None:
    """Return how *offered*, shown after *known* by the same log, does not fit it; None if it extends it.

    *proof* is the log's consistency proof between both. A log of no entries is extended by any other.
    """
    if offered.size < known.size:
        return LogFault.SHRUNK
    if offered.size == known.size:
        return None if offered.root == known.root else LogFault.TWO_ROOTS
    if known.size == 0:
        return None
    try:
        verify_consistency(known.size, known.root, offered.size, offered.root, proof)
    except (FormatError, ProofError):
        return LogFault.NOT_EXTENDED
    return None
