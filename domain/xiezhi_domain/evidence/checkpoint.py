"""Checkpoints (C2SP tlog-checkpoint): what a log states about itself at one size.

The text of the signed note has three lines: origin, tree size, root in base64. Extension lines, which the
format allows, are refused: auditors cannot check them, and newer cosignatures do not cover them.
"""

from dataclasses import dataclass
from typing import Self

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.canonical import (
    format_base64,
    parse_decimal,
    parse_hash,
    require_hash,
    require_integer,
    require_line,
)
from xiezhi_domain.evidence.merkle import EMPTY_ROOT

_LINES = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's name (origin), its number of leaves, and the root (32 bytes) over them.

    :raises FormatError: an origin that is no line, a size out of range, a root that is no hash or, at size 0,
        not the empty root.
    """

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        require_line(self.origin, "日志名称")
        require_integer(self.size, "记录数")
        require_hash(self.root, "根哈希")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise FormatError("空日志的根哈希不对")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the checkpoint that the text of a note states.

        :raises FormatError: not exactly the three lines.
        """
        lines = text.removesuffix("\n").split("\n")
        if not text.endswith("\n") or len(lines) != _LINES:
            raise FormatError("检查点应为三行：日志名称、记录数、根哈希")
        origin, size, root = lines
        return cls(origin, parse_decimal(size, "记录数"), parse_hash(root, "根哈希"))

    def format(self) -> str:
        """Return the text of the note, with its final newline."""
        return f"{self.origin}\n{self.size}\n{format_base64(self.root)}\n"
