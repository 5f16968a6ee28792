"""RFC 6962 Merkle trees: hashes, proofs, their verification, and the frontier of a growing tree.

The tree of n leaves is cut into rows by height. Node i of height h is the Merkle Tree Hash of the leaves
``i * 2**h`` up to ``(i + 1) * 2**h`` or the end of the tree; a node without a right neighbour to pair with is
carried up unchanged, which gives the same root as the recursive definition of RFC 6962 section 2.1.

Verification follows RFC 9162 sections 2.1.3.2 and 2.1.4.2. Two sharpenings: proofs of a wrong length are
malformed whatever they hash to, and a consistency proof from size 0 always fails (it would prove nothing).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Self

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.canonical import HASH_BYTES, require_hash, require_hashes, require_integer
from xiezhi_domain.evidence.errors import ProofError

EMPTY_ROOT = sha256(b"").digest()
"""The root of the tree without leaves."""

_SIZE_BYTES = 8


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf that holds *data*."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node above *left* and *right*."""
    return sha256(b"\x01" + left + right).digest()


def rows_of(leaf_hashes: Sequence[bytes]) -> list[Sequence[bytes]]:
    """Return all nodes of the tree, one row per height: leaf hashes first, the root's row last."""
    rows = [leaf_hashes]
    while len(row := rows[-1]) > 1:
        # `node_hash` in place: this is the hot path.
        above = [
            sha256(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=False)
        ]
        if len(row) % 2:
            above.append(row[-1])
        rows.append(above)
    return rows


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """Return the root over *leaf_hashes*; SHA-256 of nothing where there are none."""
    return rows_of(leaf_hashes)[-1][0] if leaf_hashes else EMPTY_ROOT


def siblings(height: int, index: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield the (height, index) of the nodes that join node (*height*, *index*) to the root, lowest first."""
    while 1 << height < size:
        if (index ^ 1) << height < size:
            yield height, index ^ 1
        height, index = height + 1, index >> 1


def consistency_seed(size1: int) -> tuple[int, int]:
    """Return the (height, index) of the largest complete subtree that ends with leaf ``size1 - 1``."""
    height = (size1 & -size1).bit_length() - 1
    return height, (size1 >> height) - 1


def is_power_of_two(size: int) -> bool:
    """Return whether the tree of *size* leaves is one complete subtree (then its root is known, not sent)."""
    return size & (size - 1) == 0


def inclusion_path(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Return the audit path of leaf *index* (RFC 6962 section 2.1.1), leaf's sibling first.

    :raises FormatError: there is no such leaf.
    """
    require_index(index, len(leaf_hashes))
    rows = rows_of(leaf_hashes)
    return [rows[height][i] for height, i in siblings(0, index, len(leaf_hashes))]


def all_inclusion_paths(leaf_hashes: Sequence[bytes]) -> list[tuple[bytes, ...]]:
    """Return the audit path of every leaf, hashing the tree once."""
    paths: list[tuple[bytes, ...]] = [()] if leaf_hashes else []
    for row in reversed(rows_of(leaf_hashes)[:-1]):
        last = len(row) - 1
        # A node that was carried up has its parent's path: nothing was hashed onto it at this height.
        paths = [(row[i ^ 1], *paths[i >> 1]) if i ^ 1 <= last else paths[i >> 1] for i in range(len(row))]
    return paths


def consistency_path(leaf_hashes: Sequence[bytes], size1: int) -> list[bytes]:
    """Return the proof that the first *size1* leaves are a prefix of all (RFC 6962 section 2.1.2).

    :raises FormatError: *size1* is 0 or more than there are leaves.
    """
    size2 = len(leaf_hashes)
    require_sizes(size1, size2)
    if size1 == size2:
        return []
    rows = rows_of(leaf_hashes)
    height, index = consistency_seed(size1)
    seed = [] if is_power_of_two(size1) else [rows[height][index]]
    return seed + [rows[h][i] for h, i in siblings(height, index, size2)]


def require_index(index: int, size: int) -> None:
    """Check that a tree of *size* leaves has leaf *index*.

    :raises FormatError: it has not.
    """
    if not 0 <= index < require_integer(size, "记录数"):
        raise FormatError(f"日志只有 {size} 条记录，没有第 {index} 号（从 0 起）")


def require_sizes(size1: int, size2: int) -> None:
    """Check that a tree of *size2* leaves can be consistent with an older one of *size1*.

    :raises FormatError: *size1* is 0 (proves nothing) or the larger.
    """
    if not 1 <= size1 <= require_integer(size2, "记录数"):
        raise FormatError(f"从 {size1} 条记录到 {size2} 条记录没有一致性证明")


def root_from_path(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root of the tree of *size* leaves that has *leaf_hash* at *index* (RFC 9162 2.1.3.2).

    :raises FormatError: no such leaf, a path of the wrong length, or a hash that is not 32 bytes.
    """
    require_index(index, size)
    require_hash(leaf_hash, "叶哈希")
    require_hashes(path, "包含证明的节点")
    joints = list(siblings(0, index, size))
    if len(path) != len(joints):
        raise FormatError(f"包含证明应有 {len(joints)} 个哈希值，实有 {len(path)} 个")
    node = leaf_hash
    for sibling, (_, i) in zip(path, joints, strict=True):
        node = node_hash(node, sibling) if i % 2 else node_hash(sibling, node)
    return node


def verify_inclusion(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Check that the tree of *size* leaves under *root* has *leaf_hash* at *index*.

    :raises FormatError: the proof is malformed, see :func:`root_from_path`.
    :raises ProofError: the path leads to another root.
    """
    if root_from_path(leaf_hash, index, size, path) != root:
        raise ProofError(f"包含证明不成立：第 {index} 号记录不在这 {size} 条记录之中")


class InclusionVerifier:
    """Checks many paths of one tree. What an earlier path has shown is compared, not hashed again.

    Paths of neighbours share all but their lowest hashes, so that checking every leaf of a tree costs hardly more
    than hashing it once.
    """

    def __init__(self, size: int, root: bytes) -> None:
        self._size = size
        self._root = root
        self._shown: dict[tuple[int, int], tuple[bytes, tuple[bytes, ...]]] = {}
        """By height and index: a node that leads to the root, and the path by which it does."""

    def verify(self, leaf_hash: bytes, index: int, path: tuple[bytes, ...]) -> None:
        """Check that the tree has *leaf_hash* at *index* and that *path* is its audit path.

        :raises FormatError: no such leaf, a path of the wrong length, or a hash that is not 32 bytes.
        :raises ProofError: the path leads to another root.
        """
        require_index(index, self._size)
        climbed: list[tuple[int, int, bytes, tuple[bytes, ...]]] = []
        node, rest = leaf_hash, path
        for height, sibling in siblings(0, index, self._size):
            shown = self._shown.get((height, sibling ^ 1))
            if shown is not None:
                break
            if not rest:
                raise FormatError("包含证明的哈希值不足")
            climbed.append((height, sibling, node, rest))
            other = require_hash(rest[0], "包含证明的节点")
            node = node_hash(node, other) if sibling % 2 else node_hash(other, node)
            rest = rest[1:]
        else:
            shown = self._root, ()
        if len(rest) != len(shown[1]):
            raise FormatError("包含证明的哈希值个数不正确")
        if (node, rest) != shown:
            raise ProofError(f"包含证明不成立：第 {index} 号记录不在这 {self._size} 条记录之中")
        for height, sibling, below, above in climbed:
            self._shown[height, sibling ^ 1] = below, above
            self._shown[height, sibling] = above[0], (below, *above[1:])


def verify_consistency(size1: int, root1: bytes, size2: int, root2: bytes, proof: Sequence[bytes]) -> None:
    """Check that the tree (*size1*, *root1*) is a prefix of (*size2*, *root2*) (RFC 9162 2.1.4.2).

    :raises FormatError: *size1* is 0 or the larger, a proof of the wrong length, a hash of the wrong length.
    :raises ProofError: the proof leads to another root.
    """
    require_sizes(size1, size2)
    require_hashes((root1, root2, *proof), "一致性证明的节点")
    if size1 == size2:
        if proof:
            raise FormatError("记录数相同时一致性证明应为空")
        rebuilt = root1, root1
    else:
        rebuilt = _roots_from_consistency(size1, root1, size2, proof)
    if rebuilt != (root1, root2):
        raise ProofError(f"一致性证明不成立：{size2} 条记录不是由原 {size1} 条记录增加而来")


def _roots_from_consistency(
    size1: int, root1: bytes, size2: int, proof: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """Return both roots as the proof rebuilds them; *size1* < *size2*."""
    height, index = consistency_seed(size1)
    joints = list(siblings(height, index, size2))
    hashes = [root1, *proof] if is_power_of_two(size1) else list(proof)
    if len(hashes) != len(joints) + 1:
        raise FormatError(f"从 {size1} 条到 {size2} 条的一致性证明不会有 {len(proof)} 个哈希值")
    old = new = hashes[0]
    for sibling, (_, i) in zip(hashes[1:], joints, strict=True):
        if i % 2:  # to the right of the old tree: only the new one has it
            new = node_hash(new, sibling)
        else:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
    return old, new


@dataclass(slots=True)
class CompactRange:
    """The frontier of a growing tree: the roots of its complete subtrees, largest (leftmost) first.

    That is all a log needs to append and to know its root: one hash for each 1 in the binary size.

    :raises FormatError: *nodes* does not have that number of hashes.
    """

    size: int = 0
    nodes: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        require_integer(self.size, "记录数")
        require_hashes(self.nodes, "树边沿的节点")
        if len(self.nodes) != self.size.bit_count():
            raise FormatError(f"{self.size} 条记录的树边沿不会有 {len(self.nodes)} 个节点")

    def append(self, leaf_hash: bytes) -> list[bytes]:
        """Append a leaf; return the roots of all complete subtrees that end with it, leaf first."""
        nodes, node, carry = self.nodes, leaf_hash, self.size
        completed = [node]
        while carry & 1:
            node = sha256(b"\x01" + nodes.pop() + node).digest()  # node_hash in place: this is the hot path
            completed.append(node)
            carry >>= 1
        nodes.append(node)
        self.size += 1
        return completed

    def append_many(self, leaf_hashes: Iterable[bytes]) -> None:
        """Append leaves in order."""
        for leaf in leaf_hashes:
            self.append(leaf)

    def root(self) -> bytes:
        """Return the root of the tree so far."""
        if not self.nodes:
            return EMPTY_ROOT
        root = self.nodes[-1]
        for left in reversed(self.nodes[:-1]):
            root = node_hash(left, root)
        return root

    def copy(self) -> Self:
        """Return an independent frontier, to try appends that a transaction may yet undo."""
        return type(self)(self.size, self.nodes.copy())

    def encode(self) -> bytes:
        """Return the size (8 bytes, big-endian) followed by the nodes (32 bytes each)."""
        return self.size.to_bytes(_SIZE_BYTES, "big") + b"".join(self.nodes)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Return the frontier that :meth:`encode` wrote.

        :raises FormatError: the length does not fit the size.
        """
        size, rest = int.from_bytes(data[:_SIZE_BYTES], "big"), data[_SIZE_BYTES:]
        if len(data) < _SIZE_BYTES or len(rest) % HASH_BYTES:
            raise FormatError("树边沿应为 8 字节的记录数加若干完整的哈希值")
        return cls(size, [rest[i : i + HASH_BYTES] for i in range(0, len(rest), HASH_BYTES)])
