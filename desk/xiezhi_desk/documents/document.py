"""A document, and what may be said of one."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from xiezhi_domain.errors import InvalidInput, Reason, WrongState
from xiezhi_domain.terms import PaperType, SealState

SHA256_BYTES: Final = 32
LONGEST_NAME: Final = 255
_MIB: Final = 1024 * 1024

ACCEPTED: Final[Mapping[str, int]] = MappingProxyType(
    {
        "application/pdf": 200 * _MIB,
        "application/ofd": 200 * _MIB,
        "image/tiff": 200 * _MIB,
        "image/jpeg": 50 * _MIB,
        "image/png": 50 * _MIB,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": 50 * _MIB,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": 50 * _MIB,
        "text/plain": 10 * _MIB,
        "video/mp4": 1024 * _MIB,
    }
)
"""The media types that are accepted, and the most bytes of each."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most bytes of each accepted media type; what is not in it is refused."""

    max_bytes: Mapping[str, int] = field(default_factory=lambda: ACCEPTED)

    def check_size(self, size: int) -> None:
        """Refuse what is too large for every type, before anything is sent.

        :raises WrongState: DOCUMENT_TOO_LARGE.
        """
        if size > max(self.max_bytes.values()):
            raise WrongState(Reason.DOCUMENT_TOO_LARGE)

    def check(self, media_type: str, size: int) -> None:
        """Refuse what is of a type that is not accepted, or too large for its type.

        :raises WrongState: DOCUMENT_TYPE_REFUSED or DOCUMENT_TOO_LARGE.
        """
        most = self.max_bytes.get(media_type)
        if most is None:
            raise WrongState(Reason.DOCUMENT_TYPE_REFUSED, metadata={"media_type": media_type})
        if size > most:
            raise WrongState(
                Reason.DOCUMENT_TOO_LARGE,
                f"此类文书最大 {most // _MIB} MB，请压缩或拆分后上传",
                metadata={"media_type": media_type, "max_bytes": str(most)},
            )


@dataclass(frozen=True, slots=True)
class DocumentSpec:
    """What a document list says of a document of one instruction: size in bytes, name as people know it."""

    instruction: str
    sha256: bytes
    size: int
    name: str = field(repr=False)
    paper_type: PaperType


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document of an instruction as it lies here: `stored_at` (ms since 1970) is when it came for this one.

    `pages` is 0 for types without pages; `seal` is what checking its seals showed as it arrived.
    """

    spec: DocumentSpec
    media_type: str
    stored_at: int
    pages: int = 0
    seal: SealState = SealState.UNCHECKED


def check_sha256(sha256: bytes, field_name: str) -> bytes:
    """Return a document's hash.

    :raises InvalidInput: naming the field, if it is not 32 bytes long.
    """
    if len(sha256) != SHA256_BYTES:
        raise InvalidInput.in_field(field_name, f"校验值应为 {SHA256_BYTES} 字节")
    return sha256


def check_size(size: int, field_name: str) -> int:
    """Return a document's size.

    :raises InvalidInput: naming the field, if it is empty.
    """
    if size < 1:
        raise InvalidInput.in_field(field_name, "文书不能为空文件")
    return size


def check_name(name: str, field_name: str) -> str:
    """Return a file name that is one on every system: no path, nothing invisible, nothing that turns text around.

    :raises InvalidInput: naming the field.
    """
    if not 0 < len(name) <= LONGEST_NAME or name != name.strip():
        raise InvalidInput.in_field(field_name, f"文件名必填，最长 {LONGEST_NAME} 个字符，前后不能有空格")
    if name in {".", ".."} or any(char in '/\\:*?"<>|' or _is_invisible(char) for char in name):
        raise InvalidInput.in_field(field_name, '文件名不能含有路径、不可见字符或 / \\ : * ? " < > |')
    return name


def _is_invisible(char: str) -> bool:
    """Whether it is a control, format, surrogate or private character, or breaks the line."""
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
