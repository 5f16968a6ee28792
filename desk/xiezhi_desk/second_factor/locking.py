"""Secrets of second factors as they lie in the database: locked (AES-256-GCM) with a key that lies in a file beside it.

So a stolen copy of the database alone makes no codes; who has the file too, or root, does.
"""

import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from xiezhi_domain.errors import Reason, WrongState

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_LOST: Final = "动态口令的密钥文件已更换，无法核对，请由系统管理员解除后重新绑定"


class SecretLock:
    """Locks the secret of each account for that account alone."""

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def lock(self, secret: bytes, account_id: str) -> bytes:
        """Return the secret as it is stored."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, secret, account_id.encode())

    def open(self, locked: bytes, account_id: str) -> bytes:
        """Return the secret of what was stored for this account.

        :raises WrongState: it was locked with another key, or for another account.
        """
        nonce, rest = locked[:_NONCE_BYTES], locked[_NONCE_BYTES:]
        try:
            return self._aead.decrypt(nonce, rest, account_id.encode())
        except InvalidTag:
            raise WrongState(Reason.WRONG_STATE, _LOST) from None
