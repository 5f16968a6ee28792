from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.evidence.signing import SigningKey, verify

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.cosignature import Cosignature, cosign
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_domain.evidence.merkle import inclusion_path, leaf_hash, root_of
from xiezhi_domain.evidence.note import MAX_NOTE_BYTES, Note, sign
from xiezhi_domain.evidence.tlogproof import MAX_EXTRA_BYTES, TlogProof
from xiezhi_domain.evidence.trust import TrustedLog

HUB = SigningKey("log.example/hub", 1)
WITNESS = SigningKey("court.example/w", 11)
LOG = TrustedLog("log.example/hub", (HUB.log_key,), (WITNESS.witness_key,))
LEAVES = [leaf_hash(word.encode()) for word in ("一", "二", "三", "四", "五")]
CHECKPOINT = Checkpoint("log.example/hub", 5, root_of(LEAVES))
NOTE = Note(
    CHECKPOINT.format(),
    (
        sign(CHECKPOINT.format(), HUB.name, HUB.log_key.key_id, HUB.sign),
        cosign(CHECKPOINT, WITNESS.witness_key, 1767225600, WITNESS.sign),
    ),
).format()
HASHES = st.binary(min_size=32, max_size=32)


def proof_of(index):
    return TlogProof(index, tuple(inclusion_path(LEAVES, index)), NOTE)


def test_the_bytes_of_the_file_are_pinned():
    proof = TlogProof(4, (bytes(range(32)), bytes(32)), b"checkpoint\n", b"extra data")
    assert proof.format() == (
        b"c2sp.org/tlog-proof@v1\n"
        b"extra ZXh0cmEgZGF0YQ==\n"
        b"index 4\n"
        b"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
        b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
        b"\n"
        b"checkpoint\n"
    )


@given(
    st.integers(0, 2**63 - 1),
    st.lists(HASHES, max_size=63),
    st.binary(max_size=200),
    st.none() | st.binary(min_size=1, max_size=200),
)
def test_files_round_trip(index, path, checkpoint, extra):
    proof = TlogProof(index, tuple(path), checkpoint, extra)
    assert TlogProof.parse(proof.format()) == proof


@pytest.mark.parametrize("index", range(5))
def test_every_entry_is_proven_with_what_the_pinned_keys_signed(index):
    opened = TlogProof.parse(proof_of(index).format()).verify(LEAVES[index], LOG, verify)
    assert opened.checkpoint == CHECKPOINT
    assert opened.signed_by == (HUB.log_key,)
    assert opened.cosignatures == (Cosignature(WITNESS.witness_key, 1767225600),)


def test_the_only_entry_of_a_log_needs_no_path():
    text = Checkpoint("log.example/hub", 1, LEAVES[0]).format()
    note = Note(text, (sign(text, HUB.name, HUB.log_key.key_id, HUB.sign),)).format()
    proof = TlogProof.parse(TlogProof(0, (), note).format())
    assert proof.verify(LEAVES[0], LOG, verify).checkpoint.size == 1


def test_another_leaf_index_path_or_log_is_refused():
    proven = proof_of(2)
    path = proven.path
    for leaf, proof, log in [
        (LEAVES[1], proven, LOG),
        (LEAVES[2], replace(proven, index=3), LOG),
        (LEAVES[2], replace(proven, index=5), LOG),
        (LEAVES[2], replace(proven, path=path[:-1]), LOG),
        (LEAVES[2], replace(proven, path=(*path, path[0])), LOG),
        (LEAVES[2], replace(proven, path=path[::-1]), LOG),
        (LEAVES[2], replace(proven, checkpoint=NOTE.replace(b"\n5\n", b"\n6\n")), LOG),
        (LEAVES[2], proven, TrustedLog("log.example/other", LOG.log_keys)),
        (LEAVES[2], proven, TrustedLog(LOG.origin, (WITNESS.log_key,))),
    ]:
        with pytest.raises((FormatError, ProofError)):
            proof.verify(leaf, log, verify)


@given(st.data())
def test_no_changed_byte_of_the_file_is_accepted(data):
    original = proof_of(2).format()
    place = data.draw(st.integers(0, len(original) - 1))
    changed = bytearray(original)
    changed[place] ^= data.draw(st.integers(1, 255))
    try:
        opened = TlogProof.parse(bytes(changed)).verify(LEAVES[2], LOG, verify)
    except (FormatError, ProofError):
        return
    # Only the witness's line may change, into one of an unknown witness that is not counted.
    assert opened.checkpoint == CHECKPOINT
    assert opened.cosignatures == ()


HASH_LINE = b"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"c2sp.org/tlog-proof@v1\nindex 4\n",
        b"c2sp.org/tlog-proof@v2\nindex 4\n\nnote\n",
        b"c2sp.org/tlog-proof@v1\n\nnote\n",
        b"c2sp.org/tlog-proof@v1\r\nindex 4\n\nnote\n",
        b"c2sp.org/tlog-proof@v1\nindex\n\nnote\n",
        b"c2sp.org/tlog-proof@v1\nindex  4\n\nnote\n",
        b"c2sp.org/tlog-proof@v1\nindex 04\n\nnote\n",
        b"c2sp.org/tlog-proof@v1\nindex -4\n\nnote\n",
        b"c2sp.org/tlog-proof@v1\nindex 9223372036854775808\n\nnote\n",
        b"c2sp.org/tlog-proof@v1\nindex 4\nextra AAAA\n\nnote\n",
        b"c2sp.org/tlog-proof@v1\nextra AAAA\nextra AAAA\nindex 4\n\nnote\n",
        b"c2sp.org/tlog-proof@v1\nextra \nindex 4\n\nnote\n",
        b"c2sp.org/tlog-proof@v1\nextra AAA\nindex 4\n\nnote\n",
        b"c2sp.org/tlog-proof@v1\nextra AAAA\n\nnote\n",
        b"c2sp.org/tlog-proof@v1\n" + HASH_LINE + b"\nnote\n",
        b"c2sp.org/tlog-proof@v1\nindex 4\nAAAA\n\nnote\n",
        b"c2sp.org/tlog-proof@v1\nindex 4\n" + HASH_LINE[:-2] + b"\n\nnote\n",
        b"c2sp.org/tlog-proof@v1\nindex 4\n" + HASH_LINE * 64 + b"\nnote\n",
        b"c2sp.org/tlog-proof@v1\nindex \xe5\xae\n\nnote\n",
        b"c2sp.org/tlog-proof@v1\nindex 4\n\n" + b"n" * (MAX_NOTE_BYTES + 1),
        b"c2sp.org/tlog-proof@v1\nindex 4\n\n" + b"n" * 10_000_000,
    ],
)
def test_what_is_no_proof_file_is_refused(data):
    with pytest.raises(FormatError):
        TlogProof.parse(data)


def test_the_largest_file_is_read():
    proof = TlogProof(2**63 - 1, (bytes(32),) * 63, bytes(MAX_NOTE_BYTES), bytes(MAX_EXTRA_BYTES))
    assert TlogProof.parse(proof.format()) == proof
    with pytest.raises(FormatError, match="附加数据"):
        TlogProof(0, (), b"note", bytes(MAX_EXTRA_BYTES + 1))
