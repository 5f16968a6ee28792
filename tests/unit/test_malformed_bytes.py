"""Bytes that ADR 0001 does not allow: each would give one event, ruling or entry a second spelling."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.test_golden_bytes import (
    ACCEPTED_TEXT,
    COMPLETED,
    COMPLETED_TEXT,
    ISSUED,
    ISSUED_TEXT,
    REFUSED_TEXT,
    plain_json,
)

from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.header import MAX_HEADER_BYTES, Header, decode_header, encode_header
from xiezhi_domain.events.ruling import MAX_ENTRY_BYTES, decode_entry, decode_ruling, encode_entry
from xiezhi_domain.terms import State


def changed(text, path, value):
    """The canonical bytes of *text* with another value at *path*; `...` takes the field away."""
    whole = place = json.loads(text)
    *way, last = path.split(".")
    for name in way:
        place = place[name]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return plain_json(whole)


def test_changed_alone_harms_nothing():
    assert decode_header(changed(ISSUED_TEXT, "to", "苏0509")).to == "苏0509"
    assert decode_ruling(changed(REFUSED_TEXT, "seq", 2)).seq == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{"at":1767225600000,"base"', '{ "at":1767225600000,"base"'),
        ('"at":1767225600000', '"at":1767225600000.0'),
        ('"at":1767225600000', '"at":1.7672256e12'),
        ('"at":1767225600000', '"at":-0'),
        ('"at":1767225600000', '"at":NaN'),
        ('"at":1767225600000', '"at":1767225600000,"at":1767225600000'),
        ('"seq":0}', '"seq":0,"seq":0}'),
        ('"hash":"","id":""', '"id":"","hash":""'),
        ('"苏0591"', '"\\u82cf0591"'),
        ('"FIND"', '"FIN\\u0044"'),
        ('"number":"苏0591委〔2026〕1187号"', '"number":"\\ud800"'),
        ('"v":1}', '"v":1}\n'),
        ('"v":1}', '"v":1}{}'),
        ('"v":1}', '"v":1'),
    ],
)
def test_header_in_another_spelling(old, new):
    assert ISSUED_TEXT.count(old) == 1
    with pytest.raises(FormatError, match=r"不是规范的 JSON|不允许的数值"):
        decode_header(ISSUED_TEXT.replace(old, new).encode())


@pytest.mark.parametrize("data", [b"", b"[]", b'"v"', b"1", b"null", b"\xff", b"[" * 3000])
def test_header_that_is_no_object(data):
    with pytest.raises(FormatError, match="不是规范的 JSON"):
        decode_header(data)


@pytest.mark.parametrize(
    "value", [None, 2**53, -(2**53), 10**30, [None], {"x": [[2**53]]}, {"办": 1}, {'办"x': 1}, {"x办": 1}]
)
def test_facts_that_readers_may_read_differently(value):
    with pytest.raises(FormatError, match="不是规范的 JSON"):
        decode_header(changed(ISSUED_TEXT, "facts.documents", value))


@pytest.mark.parametrize("value", [2**53 - 1, -(2**53) + 1, True, "null", [[], {}]])
def test_facts_that_every_reader_reads_alike(value):
    assert decode_header(changed(ISSUED_TEXT, "facts.documents", value)).facts["documents"] == value


FIELDS = [
    *json.loads(ISSUED_TEXT),
    "base.id",
    "base.seq",
    "base.hash",
    "seen.origin",
    "seen.size",
    "seen.root",
]


@pytest.mark.parametrize("path", FIELDS)
def test_header_without_a_field(path):
    with pytest.raises(FormatError, match="事件头"):
        decode_header(changed(ISSUED_TEXT, path, ...))


@pytest.mark.parametrize("path", FIELDS)
@pytest.mark.parametrize("value", [True, ["x"]])
def test_header_with_a_field_of_the_wrong_type(path, value):
    with pytest.raises(FormatError, match="事件头缺少"):
        decode_header(changed(ISSUED_TEXT, path, value))


@pytest.mark.parametrize("path", ["x", "base.x", "seen.x"])
def test_header_with_an_unknown_field(path):
    with pytest.raises(FormatError, match="多余"):
        decode_header(changed(ISSUED_TEXT, path, "y"))


@pytest.mark.parametrize("path", ["hub", "rulebook"])
def test_hub_and_rulebook_stand_in_issued_only(path):
    with pytest.raises(FormatError, match="多余"):
        decode_header(changed(COMPLETED_TEXT, path, "y"))
    with pytest.raises(FormatError, match="没有写明"):
        decode_header(changed(ISSUED_TEXT, path, ...))
    with pytest.raises(FormatError, match="不是规范的 JSON"):
        decode_header(changed(ISSUED_TEXT, path, ""))


def test_header_of_another_version():
    with pytest.raises(FormatError, match="版本"):
        decode_header(changed(ISSUED_TEXT, "v", 2))


def test_length_of_a_header():
    room = MAX_HEADER_BYTES - len(changed(ISSUED_TEXT, "facts.number", ""))
    longest = changed(ISSUED_TEXT, "facts.number", "1" * room)
    assert encode_header(decode_header(longest)) == longest
    too_long = changed(ISSUED_TEXT, "facts.number", "1" * (room + 1))
    with pytest.raises(FormatError, match="超过"):
        decode_header(too_long)
    facts = {**ISSUED.facts, "number": "1" * (room + 1)}
    with pytest.raises(FormatError, match="超过"):
        encode_header(Header(**{**fields(ISSUED), "facts": facts}))


def fields(header):
    return {name: getattr(header, name) for name in Header.__struct_fields__}


READABLE = st.characters(exclude_categories=["Cc", "Cs"])
PLAIN = st.recursive(
    st.text(READABLE) | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(min_codepoint=32, max_codepoint=126)), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["a", "B", "role", ""]), PLAIN))
def test_any_facts_come_back_from_their_bytes(facts):
    header = Header(**{**fields(COMPLETED), "facts": facts})
    data = encode_header(header)
    assert decode_header(data) == header
    assert encode_header(decode_header(data)) == data


def test_a_header_is_read_as_it_was_written_not_as_it_was_made():
    made = Header(**{**fields(COMPLETED), "facts": {"state": State.CONFIRMED}})
    read = decode_header(encode_header(made))
    assert type(read.facts["state"]) is str


@pytest.mark.parametrize(
    ("path", "value"),
    [
        *((name, ...) for name in json.loads(REFUSED_TEXT) if name != "winner"),
        *((name, ["x"]) for name in json.loads(REFUSED_TEXT)),
        *((name, True) for name in ("v", "seq", "at", "prev", "reason", "winner")),
        ("accepted", 0),
        ("accepted", True),
        ("winner", ""),
        ("winner", None),
        ("seq", 2**53),
        ("v", 2),
        ("x", "y"),
    ],
)
def test_malformed_ruling(path, value):
    with pytest.raises(FormatError, match="裁定"):
        decode_ruling(changed(REFUSED_TEXT, path, value))


@pytest.mark.parametrize("path", ["reason", "winner", "x"])
def test_accepted_ruling_with_more_than_it_may_say(path):
    with pytest.raises(FormatError, match="未知字段"):
        decode_ruling(changed(ACCEPTED_TEXT, path, "STALE_BASE"))


ENTRY = encode_entry(ISSUED_TEXT.encode(), ACCEPTED_TEXT.encode())


@pytest.mark.parametrize(
    "entry",
    [
        b"",
        b"\x01",
        b"\x02" + ENTRY[1:],
        ENTRY[:1] + (len(ISSUED_TEXT.encode()) + 1).to_bytes(2, "big") + ENTRY[3:],
        ENTRY[:1] + (len(ISSUED_TEXT.encode()) - 1).to_bytes(2, "big") + ENTRY[3:],
        ENTRY[:1] + b"\xff\xff" + ENTRY[3:],
        ENTRY + b"\x00",
        ENTRY + bytes(MAX_ENTRY_BYTES),
    ],
)
def test_entry_whose_lengths_do_not_add_up(entry):
    with pytest.raises(FormatError, match="存证记录"):
        decode_entry(entry)


@pytest.mark.parametrize("end", range(0, len(ENTRY), 37))
def test_entry_that_was_cut(end):
    with pytest.raises(FormatError, match="存证记录"):
        decode_entry(ENTRY[:end])


def test_length_of_an_entry():
    longest = encode_entry(bytes(MAX_ENTRY_BYTES - 105), bytes(100))
    assert len(longest) == MAX_ENTRY_BYTES
    assert decode_entry(longest) == (bytes(MAX_ENTRY_BYTES - 105), bytes(100))
    with pytest.raises(FormatError, match="超过"):
        encode_entry(bytes(MAX_ENTRY_BYTES - 104), bytes(100))


@pytest.mark.parametrize("text", ["\0", "苏0508\n", "\x7f", "\x85", '"\t"', "\\\x1b"])
@pytest.mark.parametrize("path", ["to", "kind", "facts.number"])
def test_header_with_control_characters(path, text):
    data = changed(COMPLETED_TEXT if path == "kind" else ISSUED_TEXT, path, text)
    with pytest.raises(FormatError, match="控制字符"):
        decode_header(data)


def test_control_characters_in_the_name_of_a_fact():
    with pytest.raises(FormatError, match="控制字符"):
        decode_header(changed(ISSUED_TEXT, "facts.papers", {"\0": 1}))


def test_quotation_marks_and_backslashes_are_no_control_characters():
    assert decode_header(changed(ISSUED_TEXT, "to", 'a"b\\n')).to == 'a"b\\n'


@pytest.mark.parametrize(
    ("path", "value"),
    [("at", -1), ("at", 253_370_764_800_001), ("at", 2**53 - 1), ("base.seq", -1), ("seen.size", -1)],
)
def test_header_with_a_number_out_of_range(path, value):
    with pytest.raises(FormatError, match="超出范围"):
        decode_header(changed(ISSUED_TEXT, path, value))
