"""Keys that another process holds, of which the private part never comes here (ADR 0015).

In the place of such a key lies a file that names the signer's Unix socket, the key's label there, and its public part.
The signer is asked in one line of JSON for each connection and answers in one; bytes are in base64.

    {"op": "generate"}                                 {"label": "…", "algorithm": "Ed25519", "public": "…"}
    {"op": "sign", "label": "…", "message": "…"}       {"signature": "…"}
    whatever cannot be done                            {"error": "…"}
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.canonical import format_base64, parse_base64
from xiezhi_domain.plain_values import read_json
from xiezhi_journal.signer_line import SignerAway, ask

ALGORITHM: Final = "Ed25519"
GENERATE_S: Final = 60.0
"""How long a signer may take for a new key; nobody but the operator who orders one waits for it."""

_PUBLIC_BYTES: Final = 32
_MEANS_NOTHING: Final = b"xiezhi/signer-check/v1\n"


@dataclass(frozen=True, slots=True)
class HeldKey:
    """A key of the signer that listens at `place`, under the name that the signer gave it."""

    place: Path
    label: str
    public_key: bytes

    @classmethod
    def make(cls, place: Path) -> Self:
        """Have the signer make a new key, and sign with it: before anybody relies on it, it is seen to work.

        :raises SignerAway: it does not.
        """
        answer = ask(place, {"op": "generate"}, GENERATE_S)
        try:
            made = cls._of(place, answer)
        except FormatError as error:
            raise SignerAway(place, error.message) from error
        made.try_out()
        return made

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Return the key that a file names.

        :raises FormatError: it names none.
        """
        try:
            fields = read_json(data)
            return cls._of(Path(fields["signer"]), fields)
        except (ValueError, KeyError, TypeError) as error:
            raise FormatError("不是签名器密钥的登记文件") from error

    @classmethod
    def _of(cls, place: Path, fields: Mapping[str, Any]) -> Self:
        if fields.get("algorithm") != ALGORITHM:
            raise FormatError(f"签名器的密钥应为 {ALGORITHM}")
        label = fields.get("label")
        if not isinstance(label, str) or not label:
            raise FormatError("签名器的密钥没有名称")
        public = _bytes(fields, "public")
        if len(public) != _PUBLIC_BYTES:
            raise FormatError("签名器的公钥长度不正确")
        return cls(place, label, public)

    def format(self) -> bytes:
        """Return the content of the file that names this key."""
        fields = {"signer": str(self.place), "label": self.label, "algorithm": ALGORITHM}
        return json.dumps({**fields, "public": format_base64(self.public_key)}, ensure_ascii=False).encode()

    def sign(self, message: bytes) -> bytes:
        """Return the signature of *message*, checked: a faulty device spoils no log.

        :raises SignerAway: there is none.
        """
        question = {"op": "sign", "label": self.label, "message": format_base64(message)}
        answer = ask(self.place, question)
        try:
            signature = _bytes(answer, "signature")
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, message)
        except (FormatError, InvalidSignature) as error:
            raise SignerAway(self.place, "给出的签名不成立") from error
        return signature

    def try_out(self) -> None:
        """Have something signed that means nothing.

        :raises SignerAway: it is not.
        """
        self.sign(_MEANS_NOTHING)


def _bytes(fields: Mapping[str, Any], name: str) -> bytes:
    value = fields.get(name)
    if not isinstance(value, str):
        raise FormatError(f"签名器的答复缺少 {name}")
    return parse_base64(value, name)
