import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.unit.evidence.signing import SigningKey, verify

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_domain.evidence.keys import KeyId
from xiezhi_domain.evidence.merkle import leaf_hash, node_hash, root_of
from xiezhi_domain.evidence.push import (
    MAX_COUNT,
    PushVerifier,
    check_membership,
    check_signature,
    push_message,
    sign_push,
)

COURT = SigningKey("苏0508", 7)
KEY_ID = KeyId.of(COURT.public).format()
HEADERS = [b"one", b"two", b"three"]
PROOFS = sign_push("苏0508", KEY_ID, 41, HEADERS, COURT.sign)
REFUSED = (FormatError, ProofError)


def test_the_signed_bytes_are_pinned():
    message = (
        b"xiezhi/push/v1\n\xe8\x8b\x8f0508\n0198fab62768c543eb331762a8651c2d\n41\n3\n"
        b"Wqx3HImawpLnS/Gv4ubjAvi1WIOy0b8Ze0amvqbavKk=\n"
    )
    root = node_hash(node_hash(leaf_hash(b"one"), leaf_hash(b"two")), leaf_hash(b"three"))
    assert push_message("苏0508", KEY_ID, 41, 3, root) == message
    assert {proof.message for proof in PROOFS} == {message}
    assert PROOFS[0].signature.hex() == (
        "647e3bb05e293e6a9e00fab813a4445e15f7323f30c96bbc2e82cc0debf372d1"
        "edb7a0f1376c9f4ebce88dae3fea350fae138bf683c8c468b9ad833faaab3c01"
    )


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=40))
def test_every_event_of_a_push_is_checked_alone(headers):
    proofs = sign_push("苏0508", KEY_ID, 0, headers, COURT.sign)
    assert proofs[0].root == root_of([leaf_hash(header) for header in headers])
    for position, (proof, header) in enumerate(zip(proofs, headers, strict=True)):
        check_membership(proof, header)
        check_signature(proof, COURT.public, verify)
        assert proof.position == position


def test_a_push_has_1_to_1024_events():
    proofs = sign_push("苏0508", KEY_ID, 1, [b"h"] * MAX_COUNT, COURT.sign)
    check_membership(proofs[1023], b"h")
    for count in (0, MAX_COUNT + 1):
        with pytest.raises(FormatError):
            sign_push("苏0508", KEY_ID, 1, [b"h"] * count, COURT.sign)
        with pytest.raises(FormatError):
            push_message("苏0508", KEY_ID, 1, count, bytes(32))


def test_a_larger_tree_than_a_push_may_have_is_refused():
    leaf = leaf_hash(b"h")
    large = replace(PROOFS[0], count=2048, root=root_of([leaf] * 2048))
    path = [leaf]
    for _ in range(10):
        path.append(node_hash(path[-1], path[-1]))
    with pytest.raises(FormatError, match="1024"):
        check_membership(replace(large, path=tuple(path)), b"h")


@pytest.mark.parametrize(
    "change",
    [
        {"court": "苏0506"},
        {"key_id": KeyId.of(bytes(32)).format()},
        {"key_id": "0198"},
        {"first_position": 42},
        {"first_position": -1},
        {"count": 4},
        {"count": 0},
        {"root": bytes(32)},
        {"root": b""},
        {"signature": bytes(64)},
        {"signature": b""},
        {"court": "苏0508\n0198"},
        {"court": ""},
    ],
)
def test_a_signature_over_anything_else_is_refused(change):
    with pytest.raises(REFUSED):
        check_signature(replace(PROOFS[1], **change), COURT.public, verify)


def test_another_courts_key_is_refused():
    with pytest.raises(ProofError, match="密钥标识"):
        check_signature(PROOFS[0], SigningKey("苏0506", 8).public, verify)


@pytest.mark.parametrize(
    "change",
    [
        {"index": 0},
        {"index": 2},
        {"index": 3},
        {"index": -1},
        {"count": 1},
        {"count": 5},
        {"root": bytes(32)},
        {"path": ()},
        {"path": PROOFS[1].path[:1]},
        {"path": PROOFS[1].path[::-1]},
        {"path": (*PROOFS[1].path, bytes(32))},
        {"path": (PROOFS[1].path[0], b"short")},
    ],
)
def test_another_place_in_the_push_is_refused(change):
    changed = replace(PROOFS[1], **change)
    with pytest.raises(REFUSED):
        check_membership(changed, b"two")
    with pytest.raises(REFUSED):
        verifier_of_all().check(changed, b"two", COURT.public)


@pytest.mark.parametrize("header", [b"", b"twp", b"two\n", leaf_hash(b"two")])
def test_other_bytes_than_the_signed_header_are_refused(header):
    with pytest.raises(ProofError):
        check_membership(PROOFS[1], header)
    with pytest.raises(ProofError):
        verifier_of_all().check(PROOFS[1], header, COURT.public)


def verifier_of_all():
    """A verifier that has seen the whole push."""
    verifier = PushVerifier(verify)
    for proof, header in zip(PROOFS, HEADERS, strict=True):
        verifier.check(proof, header, COURT.public)
    return verifier


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=40), st.data())
def test_a_push_is_verified_once_in_any_order(headers, data):
    signatures = []

    def counted(public_key, message, signature):
        signatures.append(signature)
        return verify(public_key, message, signature)

    verifier = PushVerifier(counted)
    events = list(zip(sign_push("苏0508", KEY_ID, 0, headers, COURT.sign), headers, strict=True))
    for proof, header in data.draw(st.permutations(events)):
        verifier.check(proof, header, COURT.public)
    assert len(signatures) == 1


@pytest.mark.parametrize(
    "change", [{"first_position": 42}, {"court": "苏0506"}, {"count": 4}, {"signature": bytes(64)}]
)
def test_what_another_event_of_the_push_has_shown_vouches_for_nothing_else(change):
    with pytest.raises(REFUSED):
        verifier_of_all().check(replace(PROOFS[1], **change), b"two", COURT.public)
    with pytest.raises(ProofError):
        verifier_of_all().check(PROOFS[1], b"two", SigningKey("苏0506", 8).public)
