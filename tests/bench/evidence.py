"""The least evidence that does the job (ADR 0001), so that the references do not get slower with the product.

Unlike `xiezhi_domain.evidence` nothing is checked but signatures, and there are no readable errors.
"""

import base64
from collections.abc import Iterable, Sequence
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from xiezhi.v1.event_pb2 import PushProof

ORIGIN = "bench.invalid/log"


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing RFC 6962 tree."""

    def __init__(self) -> None:
        self.size = 0
        self.nodes: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        nodes, carry = self.nodes, self.size
        while carry & 1:
            leaf = sha256(b"\x01" + nodes.pop() + leaf).digest()
            carry >>= 1
        nodes.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        root = self.nodes[-1]
        for left in reversed(self.nodes[:-1]):
            root = node_hash(left, root)
        return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root over at least one leaf hash."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def _paths(leaves: Sequence[bytes]) -> tuple[bytes, list[tuple[bytes, ...]]]:
    rows = [list(leaves)]
    while len(row := rows[-1]) > 1:
        above = [node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
        rows.append(above + row[len(above) * 2 :])
    paths: list[tuple[bytes, ...]] = [()]
    for row in reversed(rows[:-1]):
        last = len(row) - 1
        paths = [(row[i ^ 1], *paths[i >> 1]) if i ^ 1 <= last else paths[i >> 1] for i in range(last + 1)]
    return rows[-1][0], paths


class Signer:
    """The key of a court or of the hub's log, made from its name: everybody in a benchmark knows every key."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._key = Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest())
        self.public = self._key.public_key()
        self.key_id = "01" + sha256(b"xiezhi/key/v1\x01" + self.public.public_bytes_raw()).hexdigest()[:30]

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)

    def sign_push(self, first_position: int, headers: Sequence[bytes]) -> list[PushProof]:
        """Sign headers of one commit once; return the proof of each."""
        root, paths = _paths([leaf_hash(header) for header in headers])
        one = PushProof(
            court=self.name, key_id=self.key_id, first_position=first_position, count=len(headers), root=root
        )
        one.signature = self.sign(_push_message(one))
        proofs = []
        for index, path in enumerate(paths):
            proof = PushProof()
            proof.CopyFrom(one)
            proof.index = index
            proof.path.extend(path)
            proofs.append(proof)
        return proofs

    def sign_checkpoint(self, size: int, root: bytes) -> bytes:
        text = f"{ORIGIN}\n{size}\n{base64.b64encode(root).decode()}\n"
        line = base64.b64encode(bytes.fromhex(self.key_id[:8]) + self.sign(text.encode())).decode()
        return f"{text}\n— {ORIGIN} {line}\n".encode()


class Verifier:
    """Checks each signature once, however many events carry it."""

    def __init__(self, names: Iterable[str]) -> None:
        self._keys = {name: Signer(name).public for name in names}
        self._last: dict[str, bytes] = {}

    def check_pushes(self, proofs: Iterable[PushProof]) -> None:
        """Raise `InvalidSignature` if a court did not sign one of the pushes."""
        for proof in proofs:
            signature = proof.signature
            if self._last.get(proof.court) != signature:
                self._keys[proof.court].verify(signature, _push_message(proof))
                self._last[proof.court] = signature

    def check_checkpoint(self, log: str, note: bytes) -> None:
        """Raise `InvalidSignature` if the log did not sign the note."""
        text, _, line = note.decode().rpartition("\n\n")
        self._keys[log].verify(base64.b64decode(line.split()[-1])[4:], f"{text}\n".encode())


def _push_message(proof: PushProof) -> bytes:
    root = base64.b64encode(proof.root).decode()
    return (
        f"xiezhi/push/v1\n{proof.court}\n{proof.key_id}\n{proof.first_position}\n{proof.count}\n{root}\n"
    ).encode()
