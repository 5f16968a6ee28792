"""Checking the signature of a webhook (Standard Webhooks 1.0.0): what every system that receives one has to do."""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TOLERANCE_S: Final = 300
"""How far the sender's clock may be off; what is older may have been recorded and sent again by somebody else."""


@dataclass(frozen=True, slots=True)
class Checker:
    """Knows the shared secret, or the sender's public key; *clock* gives seconds since 1970."""

    secret: bytes = b""
    public_key: Ed25519PublicKey | None = None
    clock: Callable[[], float] = time.time

    def holds(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Say whether *body* was signed by the sender, just now; *headers* have lower-case names."""
        key, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        if not key or not at.isdecimal() or abs(self.clock() - int(at)) > TOLERANCE_S:
            return False
        signed = b".".join((key.encode(), at.encode(), body))
        return any(self._one(each, signed) for each in headers.get("webhook-signature", "").split())

    def _one(self, text: str, signed: bytes) -> bool:
        version, _, encoded = text.partition(",")
        try:
            signature = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            return False
        if version == "v1" and self.secret:
            made = hmac.new(self.secret, signed, hashlib.sha256).digest()
            return hmac.compare_digest(made, signature)
        if version == "v1a" and self.public_key is not None:
            try:
                self.public_key.verify(signature, signed)
            except InvalidSignature:
                return False
            return True
        return False
