"""Signed webhooks, as the Standard Webhooks specification has them (standardwebhooks.com, version 1.0.0).

Headers `webhook-id` (the idempotency key), `webhook-timestamp` (seconds since 1970, of this try) and
`webhook-signature`: over `id.timestamp.body`, `v1,` and HMAC-SHA256, or `v1a,` and Ed25519 (RFC 8032), in base64. Who
receives refuses a timestamp of more than some minutes ago, and an id that it has taken before.
"""

import base64
import hashlib
import hmac
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from xiezhi_desk.notifying.channels.channel import Delivery, Message
from xiezhi_desk.notifying.channels.posting import Poster
from xiezhi_journal.journal import Clock


class Signer(Protocol):
    """Signs what is sent."""

    def sign(self, data: bytes) -> str:
        """Return one signature as the header has it."""


class HmacSigner:
    """Signs with a secret that both ends know."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def sign(self, data: bytes) -> str:
        """Return the version and the HMAC-SHA256."""
        return f"v1,{_text(hmac.new(self._secret, data, hashlib.sha256).digest())}"


class Ed25519Signer:
    """Signs with a key that the sender alone has; who receives knows its public half."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    def sign(self, data: bytes) -> str:
        """Return the version and the signature."""
        return f"v1a,{_text(self._key.sign(data))}"


class Webhook:
    """Posts what a system is told to its one address, signed."""

    def __init__(self, poster: Poster, signer: Signer, clock: Clock) -> None:
        self._poster = poster
        self._signer = signer
        self._clock = clock

    async def send(self, message: Message) -> Delivery:
        """Return what the system says."""
        content = message.content.encode()
        posted = await self._poster.post(content, self._headers(message.key, content))
        return posted.delivery()

    async def examine(self) -> str:
        """Return why the system cannot be reached."""
        return await self._poster.examine()

    async def close(self) -> None:
        """Let go of connections."""
        await self._poster.close()

    def _headers(self, key: str, content: bytes) -> dict[str, str]:
        at = str(self._clock() // 1000)
        return {
            "content-type": "application/json; charset=utf-8",
            "webhook-id": key,
            "webhook-timestamp": at,
            "webhook-signature": self._signer.sign(signed_bytes(key, at, content)),
        }


def signed_bytes(key: str, at: str, content: bytes) -> bytes:
    """Return what a signature is over."""
    return b".".join((key.encode(), at.encode(), content))


def _text(signature: bytes) -> str:
    return base64.b64encode(signature).decode()
