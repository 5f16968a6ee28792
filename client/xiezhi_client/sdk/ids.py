"""Ids that a client makes: of requests, and of matters under which documents go up before they are drafted."""

import secrets
import time
import uuid
from typing import Final

IMPORT_NAMESPACE: Final = uuid.UUID("0b4c3b43-7e0f-5c39-9d61-1f6f7a3e2c11")
"""Namespace of the request ids of batch work (protocol §12)."""


def new_request_id() -> str:
    """Give a request id that nobody has used. One call keeps it over all its repetitions."""
    return str(uuid.uuid4())


def batch_request_id(batch: str, row: str) -> str:
    """Give the request id of one row of a batch, the same each time: UUIDv5 of (batch, row), protocol §12.

    `batch` names the content, such as the SHA-256 of the file, so that a changed file is another batch.
    """
    return str(uuid.uuid5(IMPORT_NAMESPACE, f"{batch}\n{row}"))


def new_instruction_id() -> str:
    """Give the id of a new matter: a UUIDv7 (RFC 9562 §5.7), so that ids sort by time."""
    value = (time.time_ns() // 1_000_000 & (1 << 48) - 1) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))
