"""The text of the QR code on a printed receipt: which entry of which log, under which checkpoint.

It ties the sheet of paper to the proof: whoever scans it holds it against a verified receipt. It proves nothing alone.
"""

from dataclasses import dataclass
from typing import Final, Self

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.canonical import (
    format_base64,
    parse_decimal,
    parse_hash,
    require_hash,
    require_integer,
    require_line,
)

FORMAT_LINE: Final = "xiezhi/receipt/v1"
_LINES: Final = 6


@dataclass(frozen=True, slots=True)
class ReceiptCode:
    """Name of the log, index and leaf hash of the entry, size and root of the checkpoint that it was proven under.

    :raises FormatError: an origin that is no line, a number out of range, a hash of another length.
    """

    origin: str
    index: int
    leaf: bytes
    size: int
    root: bytes

    def __post_init__(self) -> None:
        require_line(self.origin, "日志名称")
        require_integer(self.index, "记录序号")
        require_hash(self.leaf, "叶哈希")
        require_integer(self.size, "记录数")
        require_hash(self.root, "根哈希")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the code that a scanner read; spaces around lines do not count.

        :raises FormatError: not such a code.
        """
        lines = [line.strip() for line in text.strip().splitlines()]
        if len(lines) != _LINES or lines[0] != FORMAT_LINE:
            raise FormatError(f"不是存证回执的二维码：应为 {_LINES} 行文字，第一行是 {FORMAT_LINE}")
        _, origin, index, leaf, size, root = lines
        return cls(
            origin,
            parse_decimal(index, "记录序号"),
            parse_hash(leaf, "叶哈希"),
            parse_decimal(size, "记录数"),
            parse_hash(root, "根哈希"),
        )

    def format(self) -> str:
        """Return the text: a line each for format, log, index, leaf hash, size and root."""
        values = (self.origin, self.index, format_base64(self.leaf), self.size, format_base64(self.root))
        return "\n".join((FORMAT_LINE, *map(str, values)))
