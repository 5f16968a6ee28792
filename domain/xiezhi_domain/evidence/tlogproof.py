"""Proof files (C2SP tlog-proof): that a log holds an entry, to be checked without any connection.

The file is a header (format line, optional line of extra data, index, inclusion proof), an empty line, and
the log's checkpoint with its signatures, byte for byte. The extra data is *not* covered by any
signature: what is read from it must be tied to the leaf by the reader.
"""

from dataclasses import dataclass
from typing import Self

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.canonical import (
    format_base64,
    parse_base64,
    parse_decimal,
    parse_hash,
    require_hashes,
    require_integer,
)
from xiezhi_domain.evidence.merkle import verify_inclusion
from xiezhi_domain.evidence.note import MAX_NOTE_BYTES, SignatureCheck
from xiezhi_domain.evidence.trust import OpenedCheckpoint, TrustedLog

FORMAT_LINE = "c2sp.org/tlog-proof@v1"
MAX_PATH = 63
MAX_EXTRA_BYTES = 1024 * 1024
_MAX_FILE_BYTES = 2 * MAX_EXTRA_BYTES + MAX_NOTE_BYTES


@dataclass(frozen=True, slots=True)
class TlogProof:
    """A proof file: leaf index, inclusion proof (leaf's sibling first), checkpoint's note, extra data if any.

    :raises FormatError: an index out of range, more than 63 proof hashes, a hash of another length, a note
        of more than 256 KiB, extra data that is there but empty or of more than 1 MiB.
    """

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def __post_init__(self) -> None:
        require_integer(self.index, "记录序号")
        require_hashes(self.path, "包含证明的节点")
        if len(self.path) > MAX_PATH:
            raise FormatError(f"包含证明超过 {MAX_PATH} 行")
        if len(self.checkpoint) > MAX_NOTE_BYTES:
            raise FormatError("证明文件中的检查点过大")
        if self.extra is not None and not 0 < len(self.extra) <= MAX_EXTRA_BYTES:
            raise FormatError("证明文件的附加数据为空或者过大")

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Return the proof that the file holds; nothing is verified yet.

        :raises FormatError: not a proof file.
        """
        if len(data) > _MAX_FILE_BYTES:
            raise FormatError(f"证明文件超过 {_MAX_FILE_BYTES} 字节")
        header, separator, checkpoint = data.partition(b"\n\n")
        if not separator or not header.isascii():
            raise FormatError("证明文件应为文件头、空行、检查点")
        lines = header.decode("ascii").split("\n")
        if lines.pop(0) != FORMAT_LINE:
            raise FormatError(f"证明文件的第一行应为 {FORMAT_LINE}")
        extra = parse_base64(_take(lines, "extra "), "附加数据") if _has(lines, "extra ") else None
        index = parse_decimal(_take(lines, "index "), "记录序号")
        return cls(index, tuple(parse_hash(line, "包含证明的节点") for line in lines), checkpoint, extra)

    def format(self) -> bytes:
        """Return the bytes of the file."""
        lines = [FORMAT_LINE]
        if self.extra is not None:
            lines.append(f"extra {format_base64(self.extra)}")
        lines.append(f"index {self.index}")
        lines += map(format_base64, self.path)
        return "\n".join(lines).encode() + b"\n\n" + self.checkpoint

    def verify(self, leaf_hash: bytes, log: TrustedLog, verify: SignatureCheck) -> OpenedCheckpoint:
        """Check that *log* holds *leaf_hash* at this proof's index; return the checkpoint that proves it.

        The answer lists the witnesses that cosigned; how many are enough is the reader's policy.

        :raises FormatError: a malformed checkpoint, or an inclusion proof that cannot be of this size.
        :raises ProofError: the checkpoint is not of the pinned log, a pinned key's signature is false, or
            the leaf is not in the tree at this index.
        """
        opened = log.open(self.checkpoint, verify)
        tree = opened.checkpoint
        verify_inclusion(leaf_hash, self.index, tree.size, self.path, tree.root)
        return opened


def _has(lines: list[str], prefix: str) -> bool:
    return bool(lines) and lines[0].startswith(prefix)


def _take(lines: list[str], prefix: str) -> str:
    """Take the first line off and return what follows *prefix* in it."""
    if not _has(lines, prefix):
        raise FormatError(f"证明文件缺少以“{prefix.strip()}”开头的一行")
    return lines.pop(0).removeprefix(prefix)
