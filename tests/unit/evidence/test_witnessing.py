"""What a witness may cosign, how many are enough, and the files that convict a log."""

import json
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.evidence.signing import SigningKey, verify

from xiezhi_domain.errors import DomainError, FormatError
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.cosignature import cosign
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_domain.evidence.merkle import EMPTY_ROOT, consistency_path, leaf_hash, root_of
from xiezhi_domain.evidence.misconduct import Misconduct, is_misconduct
from xiezhi_domain.evidence.note import Note, sign
from xiezhi_domain.evidence.trust import TrustedLog
from xiezhi_domain.evidence.witness import WitnessPolicy, fault_between
from xiezhi_domain.terms import LogFault

HUB = SigningKey("log.example/hub", 1)
OTHER = SigningKey("log.example/hub", 2)
COURTS = [SigningKey(f"court{seed}", seed) for seed in range(11, 22)]
LOG = TrustedLog(HUB.name, (HUB.log_key,))


def log_of(size, forked_at=None):
    """The leaves of a log; from one index on those of another history."""
    forked = size if forked_at is None else forked_at
    return [leaf_hash(b"%d%s" % (index, b"" if index < forked else b"'")) for index in range(size)]


def head(leaves):
    return Checkpoint(HUB.name, len(leaves), root_of(leaves) if leaves else EMPTY_ROOT)


def note(checkpoint, key=HUB):
    return Note(
        checkpoint.format(), (sign(checkpoint.format(), key.name, key.log_key.key_id, key.sign),)
    ).format()


def record(fault, first, second, proof=()):
    return Misconduct(fault, note(first), note(second), tuple(proof), "苏0591", 1767225600000)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=8).map(sorted))
def test_an_honest_log_is_followed_all_the_way(sizes):
    known = Checkpoint(HUB.name, 0, EMPTY_ROOT)
    for size in sizes:
        leaves = log_of(size)
        proof = consistency_path(leaves, known.size) if 0 < known.size < size else []
        assert fault_between(known, head(leaves), proof) is None
        known = head(leaves)


@given(st.data())
def test_no_proof_leads_a_witness_from_one_history_to_another(data):
    size = data.draw(st.integers(1, 40))
    forked_at = data.draw(st.integers(0, size - 1))
    later = data.draw(st.integers(1, 40))
    other = log_of(later, forked_at)
    proofs = [[], [sha256(b"made up").digest()]]
    if size < later:
        proofs += [consistency_path(other, size), consistency_path(log_of(later), size)]
    fits = later >= size and head(other[:size]) == head(log_of(size))
    for proof in proofs:
        fault = fault_between(head(log_of(size)), head(other), proof)
        assert fits or fault is not None
        if later == size:
            assert fault is LogFault.TWO_ROOTS
        if later < size:
            assert fault is LogFault.SHRUNK


def test_two_roots_of_one_size_convict_the_log_by_themselves():
    found = record(LogFault.TWO_ROOTS, head(log_of(7)), head(log_of(7, 3)))
    assert is_misconduct(found.format())
    examined = Misconduct.parse(found.format()).examine(LOG, verify)
    assert examined.fault is LogFault.TWO_ROOTS
    assert examined.proven


@pytest.mark.parametrize(
    "found",
    [
        record(LogFault.NOT_EXTENDED, head(log_of(4)), head(log_of(9, 2)), consistency_path(log_of(9, 2), 4)),
        record(LogFault.SHRUNK, head(log_of(9)), head(log_of(4, 2))),
    ],
    ids=lambda found: str(found.fault),
)
def test_what_somebody_was_shown_is_checked_but_no_proof_by_itself(found):
    examined = Misconduct.parse(found.format()).examine(LOG, verify)
    assert examined.fault is found.fault
    assert not examined.proven


@pytest.mark.parametrize(
    "found",
    [
        record(LogFault.TWO_ROOTS, head(log_of(7)), head(log_of(7))),
        record(LogFault.TWO_ROOTS, head(log_of(4)), head(log_of(9)), consistency_path(log_of(9), 4)),
        record(LogFault.NOT_EXTENDED, head(log_of(4)), head(log_of(9)), consistency_path(log_of(9), 4)),
        record(LogFault.SHRUNK, head(log_of(9)), head(log_of(4)), consistency_path(log_of(9), 4)),
    ],
    ids=["same", "extends", "proven", "older head"],
)
def test_an_honest_log_cannot_be_accused(found):
    with pytest.raises(ProofError):
        found.examine(LOG, verify)


def test_a_note_that_the_log_did_not_sign_accuses_nobody():
    forged = replace(
        record(LogFault.TWO_ROOTS, head(log_of(7)), head(log_of(7))), second=note(head(log_of(7, 3)), OTHER)
    )
    with pytest.raises(ProofError):
        forged.examine(LOG, verify)


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.text(), st.lists).map(lambda x: json.dumps(x).encode())
)
def test_arbitrary_files_are_refused_in_words(data):
    with pytest.raises(DomainError):
        Misconduct.parse(data)


def test_eight_of_eleven_bear_four_that_collude():
    policy = WitnessPolicy(tuple(court.witness_key for court in COURTS), 8)
    assert policy.tolerated == 4


@pytest.mark.parametrize("signed", range(4))
def test_a_checkpoint_is_witnessed_by_as_many_as_are_needed(signed):
    courts = COURTS[:3]
    policy = WitnessPolicy(tuple(court.witness_key for court in courts), 2)
    checkpoint = head(log_of(5))
    lines = [cosign(checkpoint, court.witness_key, 1, court.sign) for court in courts[:signed]]
    own = Note.parse(note(checkpoint))
    data = Note(own.text, (*own.signatures, *lines)).format()
    opened = TrustedLog(HUB.name, (HUB.log_key,), policy.witnesses).open(data, verify)
    assert policy.is_met(opened) is (signed >= 2)


@pytest.mark.parametrize(
    ("courts", "needed"),
    [((), 1), (COURTS[:2], 0), (COURTS[:2], 3), ([COURTS[0], COURTS[0]], 1)],
)
def test_a_policy_that_means_nothing_is_refused(courts, needed):
    with pytest.raises(FormatError):
        WitnessPolicy(tuple(court.witness_key for court in courts), needed)


def test_a_log_key_is_no_witness():
    with pytest.raises(FormatError):
        WitnessPolicy((HUB.log_key,), 1)
