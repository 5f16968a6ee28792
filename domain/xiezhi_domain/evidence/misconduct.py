"""A record of two checkpoints of one log that do not fit, as one file that anyone can check with the pinned key.

Two signed roots at one size convict the log by themselves. The other two faults are what somebody was shown: both
signatures are checked, but that the smaller log came later, or that no better proof exists, is the holder's word; the
log can still answer by a proof that holds (ADR 0012).

The file is JSON of one line (RFC 8785): ``format``, ``kind``, ``first`` and ``second`` (the notes as text), ``proof``
(base64, as it was given), ``court`` (whose node found it) and ``found_at`` (ms since 1970).
"""

import json
from dataclasses import dataclass
from typing import Any, Final, Self

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.canonical import format_base64, parse_base64, require_integer
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_domain.evidence.merkle import verify_consistency
from xiezhi_domain.evidence.note import MAX_NOTE_BYTES, SignatureCheck
from xiezhi_domain.evidence.tlogproof import MAX_PATH
from xiezhi_domain.evidence.trust import TrustedLog
from xiezhi_domain.evidence.witness import fault_between
from xiezhi_domain.terms import LogFault

FORMAT: Final = "xiezhi/misconduct/v1"
MAX_FILE_BYTES: Final = 4 * MAX_NOTE_BYTES


@dataclass(frozen=True, slots=True)
class Examined:
    """What a record shows under the pinned keys. *proven*: the two signatures alone convict the log."""

    fault: LogFault
    first: Checkpoint
    second: Checkpoint
    proven: bool


@dataclass(frozen=True, slots=True)
class Misconduct:
    """Two notes of one log in the order in which they were shown, and the consistency proof given between them."""

    fault: LogFault
    first: bytes
    second: bytes
    proof: tuple[bytes, ...]
    court: str
    found_at: int

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Return the record that the file holds; nothing is verified yet.

        :raises FormatError: not such a file.
        """
        if len(data) > MAX_FILE_BYTES:
            raise FormatError(f"日志异常记录超过 {MAX_FILE_BYTES} 字节")
        try:
            return cls._of(json.loads(data))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            raise FormatError("不是日志异常记录文件") from None

    @classmethod
    def _of(cls, values: Any) -> Self:
        if values["format"] != FORMAT:
            raise FormatError("不是日志异常记录文件")
        if len(values["proof"]) > 2 * MAX_PATH:
            raise FormatError("日志异常记录中的一致性证明过长")
        return cls(
            fault=LogFault(values["kind"]),
            first=values["first"].encode(),
            second=values["second"].encode(),
            proof=tuple(parse_base64(each, "一致性证明的节点") for each in values["proof"]),
            court=str(values["court"]),
            found_at=require_integer(values["found_at"], "发现时间"),
        )

    def format(self) -> bytes:
        """Return the bytes of the file."""
        values = {
            "court": self.court,
            "first": self.first.decode(),
            "format": FORMAT,
            "found_at": self.found_at,
            "kind": str(self.fault),
            "proof": [format_base64(each) for each in self.proof],
            "second": self.second.decode(),
        }
        return (json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n").encode()

    def examine(self, log: TrustedLog, verify: SignatureCheck) -> Examined:
        """Check both notes under the pinned keys and say what they show.

        :raises FormatError: a note is malformed.
        :raises ProofError: a note is not the pinned log's, or both notes fit together.
        """
        first = log.open(self.first, verify).checkpoint
        second = log.open(self.second, verify).checkpoint
        fault = fault_between(first, second, self.proof)
        if fault is not self.fault or (fault is LogFault.SHRUNK and self._fits(second, first)):
            raise ProofError("两个检查点并不矛盾，该文件不能说明平台日志异常")
        return Examined(fault, first, second, proven=fault is LogFault.TWO_ROOTS)

    def _fits(self, smaller: Checkpoint, larger: Checkpoint) -> bool:
        # A log may show an older head for good reasons; with the proof that both are one log it has shown no other.
        try:
            verify_consistency(smaller.size, smaller.root, larger.size, larger.root, self.proof)
        except (FormatError, ProofError):
            return False
        return True


def is_misconduct(data: bytes) -> bool:
    """Return whether *data* looks like such a file, for readers that take several kinds of file."""
    return data.lstrip()[:1] == b"{" and FORMAT.encode() in data[:MAX_FILE_BYTES]
