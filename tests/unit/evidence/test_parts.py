from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_domain.evidence.merkle import EMPTY_ROOT
from xiezhi_domain.evidence.parts import ErasedPart, Part, commitment, part_path, verify_part

SALT = bytes(range(32))
CASE = Part("case", SALT, "案件".encode())
SUBJECT = Part("subject/1", bytes(32), b"subject")
PROSE = Part("prose", bytes([7]) * 32, b"")
PARTS = [CASE, SUBJECT, PROSE]

CASE_HASH = "d6c428711086b439f718c03c078e4cd587fefb52f3d4e3bb57ce4efd0738f7a6"


def test_the_part_hash_is_pinned():
    assert CASE.hash.hex() == CASE_HASH
    assert CASE.hash == sha256(b"xiezhi/part/v1" + SALT + b"\x00\x04" + b"case" + "案件".encode()).digest()


def test_the_length_of_a_name_is_that_of_its_bytes():
    part = Part("当事人", SALT, b"x")
    assert part.hash == sha256(b"xiezhi/part/v1" + SALT + b"\x00\x09" + "当事人".encode() + b"x").digest()


def test_the_commitment_is_pinned():
    a, b, c = (sha256(b"\x00" + part.hash).digest() for part in PARTS)
    expected = sha256(b"\x01" + sha256(b"\x01" + a + b).digest() + c).digest()
    assert commitment(PARTS) == expected
    assert commitment([]) == EMPTY_ROOT


def test_name_and_bytes_cannot_be_cut_at_another_place():
    assert Part("ab", SALT, b"c").hash != Part("a", SALT, b"bc").hash


def test_the_commitment_stands_when_a_part_is_erased():
    remaining = [CASE, SUBJECT.erased(), PROSE]
    assert remaining[1] == ErasedPart("subject/1", SUBJECT.hash)
    assert commitment(remaining) == commitment(PARTS)
    verify_part(CASE, 0, 3, part_path(remaining, 0), commitment(PARTS))
    verify_part(SUBJECT.erased(), 1, 3, part_path(PARTS, 1), commitment(PARTS))


@given(
    st.lists(
        st.builds(
            Part,
            st.text(st.characters(exclude_categories=["C"]), min_size=1),
            st.binary(min_size=32, max_size=32),
            st.binary(),
        ),
        min_size=1,
        max_size=20,
        unique_by=lambda part: part.name,
    )
)
def test_every_part_is_shown_alone(parts):
    for index, part in enumerate(parts):
        verify_part(part, index, len(parts), part_path(parts, index), commitment(parts))


@pytest.mark.parametrize(
    "change",
    [
        {"name": "casf"},
        {"salt": bytes(32)},
        {"content": b"other"},
        {"name": "cas", "content": "e案件".encode()},
    ],
)
def test_a_changed_part_is_refused(change):
    with pytest.raises(ProofError):
        verify_part(replace(CASE, **change), 0, 3, part_path(PARTS, 0), commitment(PARTS))


def test_another_place_path_or_commitment_is_refused():
    path, root = part_path(PARTS, 0), commitment(PARTS)
    for index, count, changed_path, changed_root in [
        (1, 3, path, root),
        (0, 2, path, root),
        (0, 5, path, root),
        (3, 3, path, root),
        (0, 3, path[:1], root),
        (0, 3, path[::-1], root),
        (0, 3, path, commitment([CASE, SUBJECT])),
    ]:
        with pytest.raises((FormatError, ProofError)):
            verify_part(CASE, index, count, changed_path, changed_root)


def test_the_order_of_parts_is_committed():
    assert commitment(PARTS) != commitment(PARTS[::-1])


def test_two_parts_of_one_name_are_refused():
    for parts in ([CASE, CASE], [CASE, ErasedPart("case", bytes(32))]):
        with pytest.raises(FormatError, match="同名"):
            commitment(parts)
        with pytest.raises(FormatError, match="同名"):
            part_path(parts, 0)


@pytest.mark.parametrize("name", ["", "a\nb", "a" * 65_536, "\ud800"])
def test_names_that_no_part_has_are_refused(name):
    with pytest.raises(FormatError):
        Part(name, SALT, b"")
    with pytest.raises(FormatError):
        ErasedPart(name, bytes(32))


def test_salts_and_hashes_have_32_bytes():
    with pytest.raises(FormatError):
        Part("case", SALT[:-1], b"")
    with pytest.raises(FormatError):
        ErasedPart("case", SALT[:-1])
