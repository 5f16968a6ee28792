"""Whole numbers that a request brings as text: bounded, because the contract has 32 or 64 bits for them."""

import re
from typing import Final

from xiezhi_client.sdk import InvalidInput

LARGEST_INT32: Final = 2**31 - 1
LARGEST_INT64: Final = 2**63 - 1
_DIGITS: Final = re.compile("[0-9]{1,19}")


def whole(text: str, field: str, message: str, *, least: int = 0, most: int = LARGEST_INT32) -> int:
    """Give the number that *text* is. Raise `InvalidInput` with *message* for *field* where it is none in bounds."""
    number = int(text) if _DIGITS.fullmatch(text) else -1
    if not least <= number <= most:
        raise InvalidInput.in_field(field, message)
    return number
