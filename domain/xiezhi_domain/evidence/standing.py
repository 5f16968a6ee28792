"""Accepted and witnessed told apart: who cosigned the checkpoint that a proof stands under, by the reader's policy."""

from dataclasses import dataclass
from typing import Any, Self

from xiezhi_domain.evidence.trust import OpenedCheckpoint
from xiezhi_domain.evidence.witness import WitnessPolicy
from xiezhi_domain.terms import LogStanding


@dataclass(frozen=True, slots=True)
class Standing:
    """The pinned witnesses that cosigned, of how many, and how many of them the reader's policy asks for."""

    cosigned: tuple[str, ...] = ()
    pinned: int = 0
    needed: int = 0

    @classmethod
    def of(cls, opened: OpenedCheckpoint, policy: WitnessPolicy) -> Self:
        """Return what a checkpoint is worth that was opened with the keys of *policy*."""
        names = sorted({each.witness.name for each in opened.cosignatures})
        return cls(tuple(names), len(policy.witnesses), policy.needed)

    @property
    def worth(self) -> LogStanding:
        """Witnessed where enough have cosigned; accepted, which is the log's own word, otherwise."""
        enough = 0 < self.needed <= len(self.cosigned)
        return LogStanding.WITNESSED if enough else LogStanding.ACCEPTED

    def words(self) -> str:
        """Say it in Chinese, with the numbers that it follows from."""
        if not self.pinned:
            return f"{LogStanding.ACCEPTED.zh}（未登记见证方，不判断是否{LogStanding.WITNESSED.zh}）"
        names = f"：{'、'.join(self.cosigned)}" if self.cosigned else ""
        counted = f"{self.pinned} 家见证方中 {len(self.cosigned)} 家会签，须 {self.needed} 家{names}"
        if self.worth is LogStanding.WITNESSED:
            return f"{LogStanding.ACCEPTED.zh}，{LogStanding.WITNESSED.zh}（{counted}）"
        return f"{LogStanding.ACCEPTED.zh}，未达到{LogStanding.WITNESSED.zh}（{counted}）"

    def plain(self) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "standing": str(self.worth),
            "cosigned": list(self.cosigned),
            "witnesses": self.pinned,
            "witnesses_needed": self.needed,
        }
