"""One-time codes (RFC 6238) and recovery codes: how they are made and recognised."""

import base64
import hashlib
import hmac
import re
import secrets
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from xiezhi_domain.typed_text import half_width

_SECRET_BYTES: Final = 20
"""160 bits, as RFC 4226 §4 recommends."""
DIGITS: Final = 6
STEP_S: Final = 30
_DRIFT: Final = 1
"""Steps before and after now in which a code is taken (RFC 6238 §5.2)."""
RECOVERY_CODES: Final = 10
_RECOVERY_BYTES: Final = 10
_GROUP: Final = 4
_CODE: Final = re.compile(rf"[0-9]{{{DIGITS}}}")


def new_secret() -> bytes:
    """Return a new secret for an app."""
    return secrets.token_bytes(_SECRET_BYTES)


def secret_text(secret: bytes) -> str:
    """Return a secret as people type it: base32, without padding."""
    return base64.b32encode(secret).decode().rstrip("=")


def secret_uri(secret: bytes, login: str, court: str) -> str:
    """Return a secret as an app reads it from a QR code: an `otpauth` URI that says whose it is and where."""
    return _totp(secret).get_provisioning_uri(login, f"协执 {court}")


def typed_code(text: str) -> str:
    """Return a code as it was typed without blanks and dashes, half width, small letters."""
    return re.sub(r"[\s-]", "", half_width(text)).casefold()


def is_one_time(code: str) -> bool:
    """Return whether this has the form of a one-time code, not that of a recovery code."""
    return bool(_CODE.fullmatch(code))


def matching_step(secret: bytes, code: str, now_ms: int, after: int) -> int | None:
    """Return the step (30 s each since 1970) whose code this is, None for none of those that are good now.

    Good are the present step, one before and one after, and none up to *after*: what was taken once is not again.
    """
    now = now_ms // (STEP_S * 1000)
    totp = _totp(secret)
    for step in range(max(now - _DRIFT, after + 1), now + _DRIFT + 1):
        if hmac.compare_digest(totp.generate(step * STEP_S), code.encode()):
            return step
    return None


def new_recovery_codes() -> list[str]:
    """Return codes as they are shown: 80 random bits each, in groups of four."""
    return [_grouped(secrets.token_bytes(_RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)]


def recovery_hash(account_id: str, code: str) -> bytes:
    """Return what is stored of a recovery code, as `typed_code` gives it; a quick hash is enough for random bits."""
    return hashlib.sha256(f"{account_id} {code}".encode()).digest()


def _grouped(random: bytes) -> str:
    text = base64.b32encode(random).decode().casefold()
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def _totp(secret: bytes) -> TOTP:
    # SHA-1 because it is what apps compute, many whatever the URI says; HMAC does not rest on collisions.
    return TOTP(secret, DIGITS, SHA1(), STEP_S)  # noqa: S303  as said
