"""Ids of events and instructions: UUIDv7 (RFC 9562), so that they sort by time; stream ids of courts."""

import re
import uuid
from typing import Final

from xiezhi_domain.errors import InvalidInput

STREAM_NAMESPACE = uuid.UUID("6f0a3c1e-5a0e-5d7c-9c1b-7e3a1d9b0c55")
"""Namespace of the ids of courts' own streams (ADR 0001)."""


def uuid7(at_ms: int, entropy: bytes) -> str:
    """Return a UUIDv7 in text form for the time *at_ms* (ms since 1970) and ten random bytes."""
    value = (at_ms & (1 << 48) - 1) << 80 | int.from_bytes(entropy[:10], "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def stream_id(court: str) -> str:
    """Return the id of the stream of key and directory events of *court*."""
    return str(uuid.uuid5(STREAM_NAMESPACE, court))


_UUID7: Final = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def check_uuid7(text: str, field: str) -> str:
    """Return *text* in canonical form if it is a UUIDv7.

    :raises InvalidInput: naming *field*, if it is anything else.
    """
    if _UUID7.fullmatch(text):
        return text
    try:
        value = uuid.UUID(text)
    except ValueError:
        raise InvalidInput.in_field(field, "编号格式不正确，应为 UUIDv7") from None
    if value.version != 7:  # noqa: PLR2004  the version that RFC 9562 numbers 7
        raise InvalidInput.in_field(field, "编号格式不正确，应为 UUIDv7")
    return str(value)
