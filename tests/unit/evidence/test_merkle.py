import base64
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.evidence.vectors import decoded, merkle_cases

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_domain.evidence.merkle import (
    EMPTY_ROOT,
    CompactRange,
    InclusionVerifier,
    all_inclusion_paths,
    consistency_path,
    inclusion_path,
    leaf_hash,
    node_hash,
    root_from_path,
    root_of,
    verify_consistency,
    verify_inclusion,
)

REFUSED = (FormatError, ProofError)
LEAVES = [leaf_hash(str(i).encode()) for i in range(130)]


def recursive_root(leaves):
    """RFC 6962 section 2.1, word for word; the code under test never recurses."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(recursive_root(leaves[:k]), recursive_root(leaves[k:]))


def test_constants_of_rfc_6962():
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert leaf_hash(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    node = node_hash(b"N123", b"N456")
    assert node.hex() == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"


@pytest.mark.parametrize("case", merkle_cases("inclusion"))
def test_inclusion_vectors(case):
    arguments = (
        base64.b64decode(case["leafHash"]),
        case["leafIdx"],
        case["treeSize"],
        decoded(case["proof"]),
        base64.b64decode(case["root"]),
    )
    if case["wantErr"]:
        with pytest.raises(REFUSED):
            verify_inclusion(*arguments)
    else:
        verify_inclusion(*arguments)


@pytest.mark.parametrize("case", merkle_cases("consistency"))
def test_consistency_vectors(case):
    arguments = (
        case["size1"],
        base64.b64decode(case["root1"]),
        case["size2"],
        base64.b64decode(case["root2"]),
        decoded(case["proof"]),
    )
    if case["wantErr"]:
        with pytest.raises(REFUSED):
            verify_consistency(*arguments)
    else:
        verify_consistency(*arguments)


@pytest.mark.parametrize("size", range(len(LEAVES)))
def test_root_is_that_of_the_recursive_definition(size):
    assert root_of(LEAVES[:size]) == recursive_root(LEAVES[:size])


@pytest.mark.parametrize("size", range(1, 70))
def test_every_inclusion_path_leads_to_the_root(size):
    leaves = LEAVES[:size]
    paths = [inclusion_path(leaves, index) for index in range(size)]
    assert all_inclusion_paths(leaves) == [tuple(path) for path in paths]
    for index, path in enumerate(paths):
        verify_inclusion(leaves[index], index, size, path, root_of(leaves))


def test_no_leaves_have_no_paths():
    assert all_inclusion_paths([]) == []
    with pytest.raises(FormatError):
        inclusion_path([], 0)


@pytest.mark.parametrize("size2", range(1, 70))
def test_every_older_tree_is_proven_consistent(size2):
    leaves = LEAVES[:size2]
    for size1 in range(1, size2 + 1):
        proof = consistency_path(leaves, size1)
        verify_consistency(size1, root_of(leaves[:size1]), size2, root_of(leaves), proof)


@pytest.mark.parametrize("size1", [0, -1, 9])
def test_consistency_from_nothing_or_from_the_future_is_refused(size1):
    leaves = LEAVES[:8]
    with pytest.raises(FormatError):
        consistency_path(leaves, size1)
    with pytest.raises(FormatError):
        verify_consistency(size1, EMPTY_ROOT, 8, root_of(leaves), [])


def test_consistency_of_two_empty_trees_is_refused():
    with pytest.raises(FormatError):
        verify_consistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, [])


def flipped(data, bit=0):
    return bytes([data[0] ^ 1 << bit]) + data[1:]


@given(st.data())
def test_a_tampered_inclusion_proof_is_refused(data):
    size = data.draw(st.integers(2, len(LEAVES)))
    index = data.draw(st.integers(0, size - 1))
    leaves = LEAVES[:size]
    leaf, path, root = leaves[index], inclusion_path(leaves, index), root_of(leaves)
    line = data.draw(st.integers(0, len(path) - 1))
    tampered = [
        (flipped(leaf), index, size, path, root),
        (leaf[:-1], index, size, path, root),
        (leaf, index ^ 1, size, path, root),
        (leaf, -1, size, path, root),
        (leaf, size, size, path, root),
        (leaf, index, 2**64, path, root),
        (leaf, index, size, path[:-1], root),
        (leaf, index, size, [*path, root], root),
        (leaf, index, size, [*path[:line], flipped(path[line], 7), *path[line + 1 :]], root),
        (leaf, index, size, [*path[:line], path[line] + b"\0", *path[line + 1 :]], root),
        (leaf, index, size, path, flipped(root)),
    ]
    for arguments in tampered:
        with pytest.raises(REFUSED):
            verify_inclusion(*arguments)


@given(st.data())
def test_a_tampered_consistency_proof_is_refused(data):
    size2 = data.draw(st.integers(2, len(LEAVES)))
    size1 = data.draw(st.integers(1, size2 - 1))
    leaves = LEAVES[:size2]
    root1, root2, proof = root_of(leaves[:size1]), root_of(leaves), consistency_path(leaves, size1)
    line = data.draw(st.integers(0, len(proof) - 1))
    tampered = [
        (size1, flipped(root1), size2, root2, proof),
        (size1, root1, size2, flipped(root2), proof),
        (size1, root2, size2, root1, proof),
        (size2, root1, size1, root2, proof),
        (size1, root1[:-1], size2, root2, proof),
        (size1, root1, size2, root2, []),
        (size1, root1, size2, root2, proof[:-1]),
        (size1, root1, size2, root2, [*proof, root2]),
        (size1, root1, size2, root2, [root1, *proof]),
        (size1, root1, size2, root2, [*proof[:line], flipped(proof[line]), *proof[line + 1 :]]),
        (size1, root1, size1, root1, proof),
        (size1, root1, size1, root2, []),
    ]
    for arguments in tampered:
        with pytest.raises(REFUSED):
            verify_consistency(*arguments)


def test_a_path_of_the_wrong_length_is_malformed_whatever_it_hashes_to():
    with pytest.raises(FormatError, match="应有 0 个"):
        root_from_path(LEAVES[0], 0, 1, [LEAVES[1]])


class TestCompactRange:
    def test_its_root_is_that_of_the_tree_at_every_size(self):
        frontier = CompactRange()
        for size, leaf in enumerate(LEAVES):
            assert (frontier.size, frontier.root()) == (size, root_of(LEAVES[:size]))
            frontier.append(leaf)

    def test_append_returns_the_complete_subtrees_that_end_with_the_leaf(self):
        frontier = CompactRange()
        frontier.append_many(LEAVES[:11])
        assert frontier.append(LEAVES[11]) == [LEAVES[11], root_of(LEAVES[10:12]), root_of(LEAVES[8:12])]

    @given(st.integers(0, 130))
    def test_it_survives_being_stored(self, size):
        frontier = CompactRange()
        frontier.append_many(LEAVES[:size])
        assert CompactRange.decode(frontier.encode()) == frontier

    def test_a_copy_goes_its_own_way(self):
        frontier = CompactRange()
        frontier.append_many(LEAVES[:5])
        before = frontier.encode()
        copy = frontier.copy()
        copy.append_many(LEAVES[5:9])
        assert frontier.encode() == before
        assert copy.root() == root_of(LEAVES[:9])

    def test_its_bytes_are_size_and_nodes(self):
        frontier = CompactRange()
        frontier.append_many(LEAVES[:3])
        assert frontier.encode() == bytes.fromhex("0000000000000003") + root_of(LEAVES[:2]) + LEAVES[2]

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"\0" * 7,
            b"\0" * 7 + b"\x03" + b"h" * 32,
            b"\0" * 7 + b"\x01" + b"h" * 33,
            b"\0" * 7 + b"\x01" + b"h" * 64,
            b"\xff" * 8 + b"h" * 32 * 64,
        ],
    )
    def test_bytes_that_no_frontier_has_are_refused(self, data):
        with pytest.raises(FormatError):
            CompactRange.decode(data)


def test_roots_of_growing_trees_differ():
    roots = [root_of(LEAVES[:size]) for size in range(20)]
    assert all(older != newer for older, newer in pairwise(roots))


@given(st.integers(1, 130), st.data())
def test_a_verifier_of_many_paths_takes_what_each_path_alone_would_prove(size, data):
    leaves, indexes = LEAVES[:size], st.integers(0, size - 1)
    paths = all_inclusion_paths(leaves)
    verifier = InclusionVerifier(size, root_of(leaves))
    for index in data.draw(st.lists(indexes, max_size=20)):
        verifier.verify(leaves[index], index, paths[index])
    index = data.draw(indexes)
    path = [*paths[index]]
    if path:
        place = data.draw(st.integers(0, len(path) - 1))
        path[place] = data.draw(st.sampled_from([b"", bytes(32), path[place][:31], *path]))
    path += data.draw(st.sampled_from([[], [bytes(32)]]))
    claimed = data.draw(indexes)
    try:
        verify_inclusion(leaves[index], claimed, size, path, root_of(leaves))
    except REFUSED:
        with pytest.raises(REFUSED):
            verifier.verify(leaves[index], claimed, tuple(path))
    else:
        verifier.verify(leaves[index], claimed, tuple(path))
    for index, leaf in enumerate(leaves):
        verifier.verify(leaf, index, paths[index])
