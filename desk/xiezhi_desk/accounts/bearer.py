"""Bearer tokens: 256 random bits, of which only the SHA-256 is kept; a quick hash is enough for them."""

import hashlib
import re
import secrets
from enum import StrEnum
from typing import Final

_RANDOM_BYTES: Final = 32
_FORM: Final = re.compile(r"(xzs|xzt)_[A-Za-z0-9_-]{43}")


class Bearer(StrEnum):
    """What a token stands for, told by how it begins, so that one found in a log can be recognised and ended."""

    SESSION = "xzs"
    API_TOKEN = "xzt"  # noqa: S105  what every token begins with, no secret


def new_token(kind: Bearer) -> str:
    """Return a new token, as the caller gets it."""
    return f"{kind}_{secrets.token_urlsafe(_RANDOM_BYTES)}"


def token_kind(token: str) -> Bearer | None:
    """Return what *token* stands for, or None if it is none of ours, which saves asking the database."""
    form = _FORM.fullmatch(token)
    return Bearer(form[1]) if form else None


def token_hash(token: str) -> bytes:
    """Return what is stored of *token*."""
    return hashlib.sha256(token.encode()).digest()
