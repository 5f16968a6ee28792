"""Signed notes (C2SP signed-note): a text, an empty line, and lines of signatures by named keys.

A reader knows some keys. Signatures of other keys are ignored, which is what lets a note gather signatures of
witnesses and of a rotated key; but a signature of a *known* key that is false refuses the whole note.

Two signature types are read: Ed25519 over the text (0x01, a log) and the timestamped cosignature of a
checkpoint (0x04, a witness; see :mod:`.cosignature`). Both have Ed25519 keys of 32 bytes.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.canonical import format_base64, parse_base64, require_line
from xiezhi_domain.evidence.errors import ProofError

Signer = Callable[[bytes], bytes]
"""Returns the raw signature of a message, made with a private key that only the callable knows."""

SignatureCheck = Callable[[bytes, bytes, bytes], bool]
"""Answers whether (public key, message, raw signature) fit; must not raise for a false signature."""

ED25519 = 0x01
COSIGNATURE_ED25519 = 0x04

PUBLIC_KEY_BYTES = 32
KEY_ID_BYTES = 4
MAX_SIGNATURES = 128
MAX_NOTE_BYTES = 256 * 1024
"""Room for 16 signatures of post-quantum size, which every reader must accept, and then some."""

_SIGNATURE_PREFIX = "— "


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """A signature line: name of the key, key id (4 bytes), and what the key's signature type defines.

    :raises FormatError: a name that cannot stand in a note, a key id of another length, an empty signature.
    """

    name: str
    key_id: bytes
    signature: bytes

    def __post_init__(self) -> None:
        require_key_name(self.name)
        if len(self.key_id) != KEY_ID_BYTES or not self.signature:
            raise FormatError("签名行应为 4 字节的密钥标识加签名")

    @classmethod
    def parse(cls, line: str) -> Self:
        """Return the signature that *line* (without its newline) writes.

        :raises FormatError: not a signature line.
        """
        name, _, encoded = line.removeprefix(_SIGNATURE_PREFIX).partition(" ")
        if not line.startswith(_SIGNATURE_PREFIX):
            raise FormatError("签名行应以破折号和空格开头")
        data = parse_base64(encoded, "签名行")
        return cls(name, data[:KEY_ID_BYTES], data[KEY_ID_BYTES:])

    def format(self) -> str:
        """Return the line, without newline."""
        return f"{_SIGNATURE_PREFIX}{self.name} {format_base64(self.key_id + self.signature)}"


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends in a newline, and its signatures in their order. Nothing is verified yet.

    :raises FormatError: text without final newline or with control characters, no or too many signatures.
    """

    text: str
    signatures: tuple[NoteSignature, ...]

    def __post_init__(self) -> None:
        require_note_text(self.text)
        if not 1 <= len(self.signatures) <= MAX_SIGNATURES:
            raise FormatError(f"签名文件应有 1 至 {MAX_SIGNATURES} 个签名")

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Return the note that *data* holds.

        :raises FormatError: not a signed note, or more than 256 KiB.
        """
        if len(data) > MAX_NOTE_BYTES:
            raise FormatError(f"签名文件超过 {MAX_NOTE_BYTES} 字节")
        try:
            content = data.decode()
        except UnicodeDecodeError as error:
            raise FormatError("签名文件不是 UTF-8 编码") from error
        # The text may hold empty lines itself: the last one parts it from the signatures.
        text, separator, lines = content.rpartition("\n\n")
        if not separator or not lines.endswith("\n"):
            raise FormatError("签名文件应为正文、空行、以换行结尾的签名行")
        return cls(text + "\n", tuple(NoteSignature.parse(line) for line in lines[:-1].split("\n")))

    def format(self) -> bytes:
        """Return the bytes of the note."""
        lines = "".join(signature.format() + "\n" for signature in self.signatures)
        return f"{self.text}\n{lines}".encode()


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key that a reader pins: its name in notes, its signature type, its 32 bytes.

    :raises FormatError: a name that cannot stand in a note, another signature type, another key length.
    """

    name: str
    signature_type: int
    public_key: bytes

    def __post_init__(self) -> None:
        require_key_name(self.name)
        if self.signature_type not in (ED25519, COSIGNATURE_ED25519):
            raise FormatError(f"不支持 0x{self.signature_type:02x} 类签名")
        if len(self.public_key) != PUBLIC_KEY_BYTES:
            raise FormatError("Ed25519 公钥应为 32 字节")

    @property
    def key_id(self) -> bytes:
        """First 4 bytes of SHA-256(name ‖ newline ‖ signature type ‖ public key)."""
        return sha256(self.name.encode() + b"\n" + self._typed_key()).digest()[:KEY_ID_BYTES]

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """Return the key of a verifier key string ``name+key id in hex+base64(type ‖ public key)``.

        :raises FormatError: malformed, or the key id is not that of name and key.
        """
        name, _, rest = vkey.partition("+")
        written_id, _, encoded = rest.partition("+")
        typed_key = parse_base64(encoded, "公钥串")
        if not typed_key:
            raise FormatError("公钥串应为名称、密钥标识、公钥，以加号分隔")
        key = cls(name, typed_key[0], typed_key[1:])
        if key.key_id.hex() != written_id:
            raise FormatError("公钥串的密钥标识与名称、公钥不符")
        return key

    def format(self) -> str:
        """Return the verifier key string."""
        return f"{self.name}+{self.key_id.hex()}+{format_base64(self._typed_key())}"

    def _typed_key(self) -> bytes:
        return bytes((self.signature_type,)) + self.public_key


@dataclass(frozen=True, slots=True)
class OpenedNote:
    """A note with at least one verified signature, and the known keys that signed it, in the note's order."""

    note: Note
    signed_by: tuple[VerifierKey, ...]


def sign(text: str, name: str, key_id: bytes, signer: Signer) -> NoteSignature:
    """Return the Ed25519 signature (type 0x01) of *text* under the key called *name*.

    :raises FormatError: the text or the name cannot stand in a note.
    """
    return NoteSignature(name, key_id, signer(require_note_text(text).encode()))


def open_note(data: bytes, known: Iterable[VerifierKey], verify: SignatureCheck) -> OpenedNote:
    """Return the note of *data* if a *known* key (type 0x01) signed its text.

    :raises FormatError: not a signed note; or two known keys share name and key id.
    :raises ProofError: a known key's signature is false, or no known key signed.
    """
    note = Note.parse(data)
    signed_by: dict[VerifierKey, None] = {}
    for key, line in signatures_of_known(note, known, ED25519):
        if not verify(key.public_key, note.text.encode(), line.signature):
            raise ProofError(f"{key.name} 的签名不成立")
        signed_by[key] = None
    if not signed_by:
        raise ProofError("没有任何已知密钥的签名")
    return OpenedNote(note, tuple(signed_by))


def signatures_of_known(
    note: Note, known: Iterable[VerifierKey], signature_type: int
) -> Iterator[tuple[VerifierKey, NoteSignature]]:
    """Yield the note's signatures whose name *and* key id are those of a known key, with that key.

    :raises FormatError: a known key is of another signature type, or two share name and key id.
    """
    keys: dict[tuple[str, bytes], VerifierKey] = {}
    for key in known:
        if key.signature_type != signature_type:
            raise FormatError(f"密钥 {key.name} 不是 0x{signature_type:02x} 类签名密钥")
        if keys.setdefault((key.name, key.key_id), key) != key:
            raise FormatError(f"有两个已知密钥同名（{key.name}）同标识")
    for line in note.signatures:
        if found := keys.get((line.name, line.key_id)):
            yield found, line


def require_key_name(name: str) -> str:
    """Return *name* if it can name a key in a note.

    :raises FormatError: empty, or with white space, a plus sign or a control character.
    """
    if "+" in name or any(character.isspace() for character in name):
        raise FormatError("密钥名称不得含有空白或加号")
    return require_line(name, "密钥名称")


def require_note_text(text: str) -> str:
    """Return *text* if it can be the text of a note.

    :raises FormatError: no final newline, or a control character other than newline.
    """
    if not text.endswith("\n"):
        raise FormatError("签名文件的正文应以换行结尾")
    for line in filter(None, text.split("\n")):
        require_line(line, "签名文件的一行")
    return text
