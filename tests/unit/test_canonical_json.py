"""The canonical encoder against Python's own, and against what RFC 8785 leaves to the values we allow."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.canonical_json import decode_canonical, encode_canonical

KEYS = st.text(st.characters(max_codepoint=0x7E, min_codepoint=0x20), min_size=1)
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")))
VALUES = st.recursive(
    st.one_of(TEXTS, st.booleans(), st.integers(1 - 2**53, 2**53 - 1)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=6)


@given(OBJECTS)
def test_same_bytes_as_sorted_json_without_blanks(value):
    plain = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert encode_canonical(value) == plain.encode()


@given(OBJECTS)
def test_what_was_written_is_read_back(value):
    read = decode_canonical(encode_canonical(value), "值")
    assert read == value
    assert encode_canonical(read) == encode_canonical(value)


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_every_character_is_escaped_as_json_escapes_it(text):
    assert (
        encode_canonical({"x": text})
        == json.dumps({"x": text}, ensure_ascii=False, separators=(",", ":")).encode()
    )


MIXED_KEYS = st.tuples(
    KEYS, st.characters(min_codepoint=0x100, max_codepoint=0xFFFF, categories=("Lo",)), KEYS
)


@given(OBJECTS, MIXED_KEYS, VALUES)
def test_a_key_that_is_not_ascii_is_refused_wherever_it_stands(value, parts, told):
    key = "".join(parts)
    for foreign in ({**value, key: told}, {"a": [{**value, key: told}]}):
        with pytest.raises(FormatError):
            decode_canonical(encode_canonical(foreign), "值")
