"""Body parts and the commitment that an event's header makes to them (protocol §1, ADR 0001).

A part is named bytes with a random salt. Its hash stands in the place of the part: whoever is shown one part
learns nothing of the others, and a part that is erased with its salt leaves a hash that gives nothing away.

    part hash  = SHA-256("xiezhi/part/v1" ‖ salt ‖ length of name ‖ name ‖ bytes)
    commitment = RFC 6962 root; the data of leaf i is the 32-byte hash of part i

The salt has 32 bytes; the length of the name in UTF-8 is written in 2, big-endian. Protocol §1 writes the
part hash without that length. We put it in, because otherwise name and bytes could be cut at another place:
part "ab" with bytes "c" would have the hash of part "a" with bytes "bc".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.canonical import require_hash, require_line
from xiezhi_domain.evidence.merkle import inclusion_path, leaf_hash, root_of, verify_inclusion

SALT_BYTES = 32
_DOMAIN = b"xiezhi/part/v1"
_NAME_LENGTH_BYTES = 2
_MAX_NAME_BYTES = 2 ** (8 * _NAME_LENGTH_BYTES) - 1


@dataclass(frozen=True, slots=True)
class Part:
    """A named part of an event's body, with the salt (32 random bytes, new for every part) that hides it.

    :raises FormatError: no name, a name with control characters or of more than 65,535 bytes, another salt.
    """

    name: str
    salt: bytes
    content: bytes

    def __post_init__(self) -> None:
        _length_and_name(self.name)
        _require_salt(self.salt)

    @property
    def hash(self) -> bytes:
        """The part hash (32 bytes)."""
        return part_hash(self.name, self.salt, self.content)

    def erased(self) -> "ErasedPart":
        """Return what remains when salt and bytes are erased."""
        return ErasedPart(self.name, self.hash)


@dataclass(frozen=True, slots=True)
class ErasedPart:
    """A part whose salt and bytes are gone. The commitment covers its hash; its name is only remembered.

    :raises FormatError: a name that no part can have, or a hash that is not 32 bytes.
    """

    name: str
    hash: bytes

    def __post_init__(self) -> None:
        _length_and_name(self.name)
        require_hash(self.hash, "内容部分的哈希")


def part_hash(name: str, salt: bytes, content: bytes) -> bytes:
    """Return the hash (32 bytes) of a whole part.

    :raises FormatError: what no `Part` can have.
    """
    _require_salt(salt)
    return sha256(b"".join((_DOMAIN, salt, _length_and_name(name), content))).digest()


def commitment_to_new(parts: Sequence[tuple[str, bytes, bytes]]) -> bytes:
    """Return the commitment (32 bytes) to whole parts, each as name, salt and content.

    :raises FormatError: what no `Part` can have, or two parts have the same name.
    """
    _require_distinct([name for name, _, _ in parts])
    # As `leaf_hash` of `part_hash`, in place: every event's parts are hashed here by whoever makes or gets it.
    hashed = [
        sha256(b"".join((_DOMAIN, _require_salt(salt), _length_and_name(name), content))).digest()
        for name, salt, content in parts
    ]
    return root_of([sha256(b"\x00" + part).digest() for part in hashed])


def commitment(parts: Sequence[Part | ErasedPart]) -> bytes:
    """Return the commitment (32 bytes) to *parts* in this order; that of no parts is SHA-256 of nothing.

    :raises FormatError: two parts have the same name.
    """
    return root_of(_leaf_hashes(parts))


def part_path(parts: Sequence[Part | ErasedPart], index: int) -> list[bytes]:
    """Return the path that shows part *index* under the commitment without showing the others.

    :raises FormatError: no such part, or two parts have the same name.
    """
    return inclusion_path(_leaf_hashes(parts), index)


def verify_part(
    part: Part | ErasedPart, index: int, count: int, path: Sequence[bytes], commitment: bytes
) -> None:
    """Check that *part* is number *index* of the *count* parts under *commitment*.

    :raises FormatError: no such part, or a path of the wrong length.
    :raises ProofError: it is not: another name, salt, content or place.
    """
    verify_inclusion(leaf_hash(part.hash), index, count, path, commitment)


def _leaf_hashes(parts: Sequence[Part | ErasedPart]) -> list[bytes]:
    _require_distinct([part.name for part in parts])
    return [leaf_hash(part.hash) for part in parts]


def _require_distinct(names: Sequence[str]) -> None:
    if len(set(names)) != len(names):
        raise FormatError("内容中有两个部分同名")


def _require_salt(salt: bytes) -> bytes:
    if len(salt) != SALT_BYTES:
        raise FormatError(f"内容部分的盐值应为 {SALT_BYTES} 字节")
    return salt


@lru_cache(maxsize=1_024)
def _length_and_name(name: str) -> bytes:
    """Return a name as the part hash covers it. Bodies have few different ones."""
    data = require_line(name, "内容部分的名称").encode()
    if len(data) > _MAX_NAME_BYTES:
        raise FormatError(f"内容部分的名称超过 {_MAX_NAME_BYTES} 字节")
    return len(data).to_bytes(_NAME_LENGTH_BYTES, "big") + data
