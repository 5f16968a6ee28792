from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_domain.evidence.keys import KeyId

PUBLIC = bytes(range(32))
PINNED = "0171dab5fa60627d8ec90ddb28a18561"


def test_the_key_id_is_pinned():
    assert KeyId.of(PUBLIC).format() == PINNED
    assert "01" + sha256(b"xiezhi/key/v1\x01" + PUBLIC).hexdigest()[:30] == PINNED


@given(st.binary(min_size=32, max_size=32))
def test_key_ids_round_trip_and_name_their_key_alone(public_key):
    key_id = KeyId.of(public_key)
    assert KeyId.parse(key_id.format()) == key_id
    key_id.check(public_key)
    with pytest.raises(ProofError):
        key_id.check(public_key[:-1] + bytes([public_key[-1] ^ 1]))


@pytest.mark.parametrize(
    "text",
    ["", PINNED[:-1], PINNED + "0", PINNED.upper(), "00" + PINNED[2:], "02" + PINNED[2:], PINNED + "\n"],
)
def test_what_is_no_key_id_is_refused(text):
    with pytest.raises(FormatError):
        KeyId.parse(text)


def test_keys_of_another_length_or_algorithm_are_refused():
    with pytest.raises(FormatError):
        KeyId.of(PUBLIC[:-1])
    with pytest.raises(FormatError):
        KeyId.of(PUBLIC, 2)
    with pytest.raises(FormatError):
        KeyId(1, bytes(14))
    with pytest.raises(FormatError):
        KeyId.of(PUBLIC).check(PUBLIC + b"\0")
