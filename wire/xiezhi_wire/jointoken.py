"""The join token: what an operator of the hub prints and an operator of a node types (protocol §13).

One string, ``xzjoin1.`` and base64url without padding of:

    32 bytes   secret, random
    32 bytes   fingerprint: SHA-256 over the DER form of the hub's authority
     1 byte    length of the court code, then the code in UTF-8
     n bytes   address of the hub's join listener in UTF-8
     4 bytes   the first bytes of SHA-256 over prefix and all of the above, against typing errors

The secret proves the court to the hub, the fingerprint proves the hub to the court. The hub keeps
``token_hash`` only; single use and the 24 hours are the matter of its table.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256

_PREFIX = "xzjoin1."
_SECRET_BYTES = 32
_FINGERPRINT_BYTES = 32
_CHECKSUM_BYTES = 4
_SHORTEST = _SECRET_BYTES + _FINGERPRINT_BYTES + 1 + _CHECKSUM_BYTES
_LONGEST_COURT = 255


class JoinTokenMalformed(ValueError):  # noqa: N818  # the name says what the text is
    """The text is not a join token: cut off, mistyped, or of another version."""


@dataclass(frozen=True, slots=True)
class JoinToken:
    """A decoded join token. ``secret`` is base64url text, as calls carry it, and not in the repr."""

    court: str
    address: str
    fingerprint: bytes
    secret: str = field(repr=False)

    def encode(self) -> str:
        """The printable form."""
        court = self.court.encode()
        if not 0 < len(court) <= _LONGEST_COURT:
            raise ValueError("a court code has 1 to 255 bytes")
        secret = _from_text(self.secret)
        payload = secret + self.fingerprint + bytes([len(court)]) + court + self.address.encode()
        return _PREFIX + _to_text(payload + _checksum(payload))


def new_token(court: str, address: str, fingerprint: bytes) -> JoinToken:
    """A token with a new secret of 256 random bits for ``court``, to be shown at ``address``."""
    return JoinToken(court, address, fingerprint, secrets.token_urlsafe(_SECRET_BYTES))


def decode(text: str) -> JoinToken:
    """The token in its printable form; white space around it is ignored.

    Raises:
        JoinTokenMalformed: the text is not a join token.

    """
    text = text.strip()
    if not text.startswith(_PREFIX):
        raise JoinTokenMalformed(f"a join token begins with {_PREFIX}")
    try:
        content = _from_text(text.removeprefix(_PREFIX))
    except ValueError as error:
        raise JoinTokenMalformed("the join token holds a character that does not belong there") from error
    payload, checksum = content[:-_CHECKSUM_BYTES], content[-_CHECKSUM_BYTES:]
    if _PREFIX + _to_text(content) != text:
        raise JoinTokenMalformed("the join token holds a character that does not belong there")
    if len(content) < _SHORTEST or checksum != _checksum(payload):
        raise JoinTokenMalformed("the join token is incomplete or mistyped")
    return _parse(payload)


def token_hash(secret: str) -> bytes:
    """What the hub stores instead of the secret: 32 bytes; of 256 random bits one hash is enough."""
    return sha256(b"xiezhi/join/v1" + secret.encode()).digest()


def _parse(payload: bytes) -> JoinToken:
    secret, rest = payload[:_SECRET_BYTES], payload[_SECRET_BYTES:]
    fingerprint, rest = rest[:_FINGERPRINT_BYTES], rest[_FINGERPRINT_BYTES:]
    length, rest = rest[0], rest[1:]
    try:
        court, address = rest[:length].decode(), rest[length:].decode()
    except UnicodeDecodeError as error:
        raise JoinTokenMalformed("the join token holds text that is not UTF-8") from error
    return JoinToken(court, address, fingerprint, _to_text(secret))


def _to_text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def _from_text(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _checksum(payload: bytes) -> bytes:
    return sha256(_PREFIX.encode() + payload).digest()[:_CHECKSUM_BYTES]
