r"""Push trees: one signature of a court over all events that it stored in one transaction (protocol §2).

The leaves are the exact bytes of the events' headers, in journal order, at most 1,024. The court's event
signing key signs

    xiezhi/push/v1\n<court>\n<key id>\n<first journal position>\n<count>\n<root in base64>\n

Each event carries the signature with its own path, so that it can be checked alone.
"""

from collections.abc import Sequence

import msgspec

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.canonical import format_base64, require_hash, require_integer, require_line
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_domain.evidence.keys import KeyId
from xiezhi_domain.evidence.merkle import (
    InclusionVerifier,
    all_inclusion_paths,
    leaf_hash,
    require_index,
    root_from_path,
    verify_inclusion,
)
from xiezhi_domain.evidence.note import SignatureCheck, Signer

MAX_COUNT = 1024
_FORMAT_LINE = "xiezhi/push/v1"


def push_message(court: str, key_id: str, first_position: int, count: int, root: bytes) -> bytes:
    """Return the bytes that the court signs.

    :raises FormatError: a court that is no line, a malformed key id, a number out of range, no hash.
    """
    require_line(court, "法院代字")
    KeyId.parse(key_id)
    require_integer(first_position, "起始流水号")
    require_hash(root, "根哈希")
    if not 1 <= count <= MAX_COUNT:
        raise FormatError(f"一次推送应有 1 至 {MAX_COUNT} 项")
    lines = (_FORMAT_LINE, court, key_id, str(first_position), str(count), format_base64(root))
    return "".join(line + "\n" for line in lines).encode()


class PushProof(msgspec.Struct, frozen=True, gc=False):
    """What travels with one event: the signed push (first six fields) and the event's place in its tree."""

    court: str
    key_id: str
    first_position: int
    count: int
    root: bytes
    signature: bytes
    index: int
    path: tuple[bytes, ...]

    @property
    def position(self) -> int:
        """The event's position in the court's journal."""
        return self.first_position + self.index

    @property
    def message(self) -> bytes:
        """The bytes under the signature.

        :raises FormatError: a field cannot stand in them.
        """
        return push_message(self.court, self.key_id, self.first_position, self.count, self.root)


def sign_push(
    court: str, key_id: str, first_position: int, headers: Sequence[bytes], signer: Signer
) -> list[PushProof]:
    """Sign *headers*, stored at *first_position* and following, once; return each one's proof, in order.

    :raises FormatError: no header, more than 1,024, or a field that cannot stand in the signed bytes.
    """
    if not 1 <= len(headers) <= MAX_COUNT:
        raise FormatError(f"一次推送应有 1 至 {MAX_COUNT} 项")
    leaf_hashes = [leaf_hash(header) for header in headers]
    paths = all_inclusion_paths(leaf_hashes)
    count = len(headers)
    root = root_from_path(leaf_hashes[0], 0, count, paths[0])
    signature = signer(push_message(court, key_id, first_position, count, root))
    return [
        PushProof(court, key_id, first_position, count, root, signature, index, path)
        for index, path in enumerate(paths)
    ]


def check_membership(proof: PushProof, header: bytes) -> None:
    """Check that *header* is event number ``proof.index`` of the push; the signature is checked apart.

    :raises FormatError: no such event, more than 1,024, or a path of the wrong length.
    :raises ProofError: the push has other bytes there.
    """
    if proof.count > MAX_COUNT:
        raise FormatError(f"一次推送应有 1 至 {MAX_COUNT} 项")
    require_index(proof.index, proof.count)
    verify_inclusion(leaf_hash(header), proof.index, proof.count, proof.path, proof.root)


def check_signature(proof: PushProof, public_key: bytes, verify: SignatureCheck) -> None:
    """Check the court's signature; once is enough for all events of a push that carry the same message.

    :raises FormatError: a field cannot stand in the signed bytes.
    :raises ProofError: the key id is another key's, or the signature is false.
    """
    message = proof.message
    KeyId.parse(proof.key_id).check(public_key)
    if not verify(public_key, message, proof.signature):
        raise ProofError(f"{proof.court} 的推送签名不成立")


class PushVerifier:
    """Checks events of pushes: the signature of each push once, and of each path only what no other has shown."""

    def __init__(self, verify: SignatureCheck) -> None:
        self._verify = verify
        self._trees: dict[tuple[object, ...], InclusionVerifier] = {}

    def check(self, proof: PushProof, header: bytes, public_key: bytes) -> None:
        """Check that the court's key signed the push and that *header* is its event number ``proof.index``.

        :raises FormatError: a field cannot stand in the signed bytes, no such event, or a malformed path.
        :raises ProofError: the key id is another key's, the signature is false, or the push has other bytes there.
        """
        # All that the signature covers, so that no event can pass with a number from outside it.
        signed = (
            public_key,
            proof.signature,
            proof.court,
            proof.key_id,
            proof.first_position,
            proof.count,
            proof.root,
        )
        tree = self._trees.get(signed)
        if tree is None:
            check_signature(proof, public_key, self._verify)
            tree = self._trees[signed] = InclusionVerifier(proof.count, proof.root)
        tree.verify(leaf_hash(header), proof.index, proof.path)
