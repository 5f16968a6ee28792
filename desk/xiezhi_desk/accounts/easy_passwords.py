"""Passwords that are long enough and guessed all the same (NIST SP 800-63B §3.1.1.2)."""

from typing import Final

FEWEST_CHARACTERS: Final = 5
_ROWS: Final = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb",
)
_COMMON: Final = frozenset(
    {
        "administrator",
        "changeme1234",
        "iloveyou1234",
        "password1234",
        "password12345",
        "password123456",
        "passwordpassword",
        "qwerty123456",
        "qwertyuiop123",
        "welcome12345",
        "woaini1314520",
        "xiezhixiezhi",
    }
)


def is_easy(password: str) -> bool:
    """Return whether a password is common, part of a row of keys or letters, or of few different signs."""
    folded = password.casefold()
    rows = (*_ROWS, *(row[::-1] for row in _ROWS))
    return len(set(folded)) < FEWEST_CHARACTERS or folded in _COMMON or any(folded in row for row in rows)
