"""The one spelling of hashes, byte strings, numbers and names in text formats.

Standard base64 (RFC 4648 section 4) with padding and zero trailing bits; ASCII decimals without sign or
leading zeroes. Other spellings of the same value are refused, so that equal evidence means equal bytes.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable

from xiezhi_domain.errors import FormatError

HASH_BYTES = hashlib.sha256().digest_size
MAX_INTEGER = 2**63 - 1
"""The largest tree size, index, position or time: what a signed 64-bit database column holds."""

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
_CONTROL = re.compile("[\x00-\x1f]")


def format_base64(data: bytes) -> str:
    """Return standard base64 with padding."""
    return base64.b64encode(data).decode("ascii")


def parse_base64(text: str, what: str) -> bytes:
    """Return the bytes of a canonical base64 string; *what* names the field in the (Chinese) error.

    :raises FormatError: other alphabet, missing padding, white space or non-zero trailing bits.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise FormatError(f"{what}不是 base64 编码") from error
    # b64decode lets the unused low bits of the last character vary; that would give one value many texts.
    if format_base64(data) != text:
        raise FormatError(f"{what}的 base64 写法不规范")
    return data


def parse_hash(text: str, what: str) -> bytes:
    """Return a SHA-256 hash written in base64.

    :raises FormatError: not canonical base64 of 32 bytes.
    """
    return require_hash(parse_base64(text, what), what)


def parse_decimal(text: str, what: str) -> int:
    """Return a number of 0 … 2**63 - 1 written in ASCII decimal.

    :raises FormatError: sign, leading zero, other digits, or too large.
    """
    if not _DECIMAL.fullmatch(text) or int(text) > MAX_INTEGER:
        raise FormatError(f"{what}不是十进制数，或者有多余的 0，或者过大")
    return int(text)


def require_integer(value: int, what: str) -> int:
    """Return *value* if the formats can carry it.

    :raises FormatError: below 0 or above 2**63 - 1.
    """
    if not 0 <= value <= MAX_INTEGER:
        raise FormatError(f"{what}超出范围")
    return value


def require_hash(value: bytes, what: str) -> bytes:
    """Return *value* if it has the length of a SHA-256 hash.

    :raises FormatError: not 32 bytes.
    """
    if len(value) != HASH_BYTES:
        raise FormatError(f"{what}不是 {HASH_BYTES} 字节的哈希值")
    return value


def require_hashes(values: Iterable[bytes], what: str) -> None:
    """Check that every value has the length of a SHA-256 hash.

    :raises FormatError: one is not 32 bytes.
    """
    for value in values:
        require_hash(value, what)


def require_line(text: str, what: str) -> str:
    """Return *text* if it can stand on one line of a note: not empty, no control characters.

    :raises FormatError: empty, a control character below U+0020, or not encodable as UTF-8.
    """
    if not text or _CONTROL.search(text):
        raise FormatError(f"{what}为空或者含有控制字符")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise FormatError(f"{what}不能用 UTF-8 编码") from error
    return text
