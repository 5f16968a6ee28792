"""Bodies and headers of own events."""

import os
from collections.abc import Sequence

from xiezhi.v1 import event_pb2
from xiezhi_domain.evidence.parts import SALT_BYTES, commitment_to_new

PartContent = tuple[str, bytes]
"""A part's name and its bytes: a message of the contract, serialised."""


def compose_body(parts: Sequence[PartContent]) -> tuple[bytes, str]:
    """Return the body of *parts*, serialised, with a new salt for each, and its commitment in hex."""
    salts = os.urandom(SALT_BYTES * len(parts))
    salted = [
        (name, salts[SALT_BYTES * i : SALT_BYTES * (i + 1)], content)
        for i, (name, content) in enumerate(parts)
    ]
    body = event_pb2.Body()
    for name, salt, content in salted:
        # Added in place: a part that is made by itself is copied.
        body.parts.add(name=name, salt=salt, content=content)
    return body.SerializeToString(), commitment_to_new(salted).hex()
