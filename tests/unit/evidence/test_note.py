import base64
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.evidence.signing import SigningKey, verify

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_domain.evidence.note import (
    ED25519,
    MAX_NOTE_BYTES,
    MAX_SIGNATURES,
    Note,
    NoteSignature,
    VerifierKey,
    open_note,
    sign,
)

HUB = SigningKey("log.example/hub", 1)
OTHER = SigningKey("log.example/other", 2)
TEXT = "第一行\n\n第三行\n"
NAMES = st.text(st.characters(exclude_categories=["Z", "C"], exclude_characters="+"), min_size=1, max_size=20)
SIGNATURES = st.builds(
    NoteSignature, NAMES, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=80)
)
LINES = st.text(st.characters(exclude_categories=["C"]), max_size=20)


def signed_by(*keys, text=TEXT):
    return Note(text, tuple(sign(text, key.name, key.log_key.key_id, key.sign) for key in keys))


@given(st.lists(LINES, min_size=1, max_size=5), st.lists(SIGNATURES, min_size=1, max_size=20))
def test_notes_round_trip(lines, signatures):
    note = Note("".join(line + "\n" for line in lines), tuple(signatures))
    assert Note.parse(note.format()) == note


def test_the_bytes_of_a_note_are_pinned():
    line = NoteSignature("log.example/hub", bytes.fromhex("01020304"), b"\xff\xfe")
    assert Note("文本\n", (line,)).format() == "文本\n\n— log.example/hub AQIDBP/+\n".encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text\n",
        b"text\n\n",
        "— a AQIDBAU=\n".encode(),
        "text\n— a AQIDBAU=\n".encode(),
        "text\n\n— a AQIDBAU=".encode(),
        b"text\n\n- a AQIDBAU=\n",
        "text\n\n—a AQIDBAU=\n".encode(),
        "text\n\n— AQIDBAU=\n".encode(),
        "text\n\n—  AQIDBAU=\n".encode(),
        "text\n\n— a  AQIDBAU=\n".encode(),
        "text\n\n— a AQIDBAU= \n".encode(),
        "text\n\n— a+b AQIDBAU=\n".encode(),
        "text\n\n— a\u3000b AQIDBAU=\n".encode(),
        "text\n\n— a AQIDBA==\n".encode(),
        "text\n\n— a AQIDBAV=\n".encode(),
        "text\n\n— a AQIDBAU\n".encode(),
        "text\r\n\n— a AQIDBAU=\n".encode(),
        "te\x00xt\n\n— a AQIDBAU=\n".encode(),
        "text\n\n— a AQIDBAU=\r\n".encode(),
        "text\n\n— a AQIDBAU=\nmore\n".encode(),
        b"text\xff\n\n\xe2\x80\x94 a AQIDBAU=\n",
        "text\n\n".encode("utf-16") + "— a AQIDBAU=\n".encode(),
    ],
)
def test_what_is_no_note_is_refused(data):
    with pytest.raises(FormatError):
        Note.parse(data)


def test_a_note_may_have_many_signatures_but_not_any_number():
    line = NoteSignature("a", b"1234", b"s")
    most = Note("text\n", (line,) * MAX_SIGNATURES)
    assert len(Note.parse(most.format()).signatures) == MAX_SIGNATURES >= 16
    with pytest.raises(FormatError):
        Note.parse(most.format() + (line.format() + "\n").encode())
    with pytest.raises(FormatError):
        Note("text\n", ())


def test_sixteen_signatures_of_post_quantum_size_fit_but_no_boundless_note():
    line = NoteSignature("a", b"1234", bytes(4900))
    assert len(Note.parse(Note("text\n", (line,) * 16).format()).signatures) == 16
    with pytest.raises(FormatError, match="超过"):
        Note.parse(Note("a" * MAX_NOTE_BYTES + "\n", (line,)).format())


@pytest.mark.parametrize("text", ["", "no newline", "tab\t\n", "\ud800\n"])
def test_a_text_that_no_note_has_cannot_be_signed(text):
    with pytest.raises(FormatError):
        sign(text, HUB.name, HUB.log_key.key_id, HUB.sign)


class TestVerifierKey:
    def test_the_key_id_is_that_of_the_specification(self):
        expected = sha256(b"log.example/hub\n\x01" + HUB.public).digest()[:4]
        assert HUB.log_key.key_id == expected
        assert (
            HUB.witness_key.key_id == sha256(b"log.example/hub\n\x04" + HUB.public).digest()[:4] != expected
        )

    @given(NAMES, st.sampled_from([1, 4]), st.binary(min_size=32, max_size=32))
    def test_it_survives_being_written(self, name, signature_type, public_key):
        key = VerifierKey(name, signature_type, public_key)
        assert VerifierKey.parse(key.format()) == key

    def test_the_written_key_is_pinned(self):
        assert (
            VerifierKey("log.example/hub", ED25519, bytes(range(32))).format()
            == "log.example/hub+22fe55d2+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
        )

    @pytest.mark.parametrize(
        "change",
        [
            lambda name, key_id, key: f"{name}x+{key_id}+{key}",
            lambda name, key_id, key: f"{name}+{key_id[:-1]}0+{key}",
            lambda name, key_id, key: f"{name}+{key_id.upper()}+{key}",
            lambda name, key_id, key: f"{name}+{key}",
            lambda name, key_id, key: f"{name}+{key_id}+{key[:-4]}",
            lambda name, key_id, key: f"{name}+{key_id}+",
            lambda name, key_id, key: f"+{key_id}+{key}",
            lambda name, key_id, key: f"a b+{key_id}+{key}",
            lambda name, key_id, key: name,
            lambda name, key_id, key: "",
        ],
    )
    def test_a_changed_key_is_refused(self, change):
        name, key_id, key = VerifierKey("hub", ED25519, bytes(32)).format().split("+")
        assert any(digit in "abcdef" for digit in key_id)
        with pytest.raises(FormatError):
            VerifierKey.parse(change(name, key_id, key))

    @pytest.mark.parametrize("signature_type", [0, 2, 3, 5, 6, 255])
    def test_other_signature_types_are_refused(self, signature_type):
        data = bytes([signature_type]) + HUB.public
        key_id = sha256(b"a\n" + data).digest()[:4].hex()
        with pytest.raises(FormatError, match="不支持"):
            VerifierKey.parse(f"a+{key_id}+{base64.b64encode(data).decode()}")


class TestOpening:
    def test_a_known_key_opens_it(self):
        opened = open_note(signed_by(HUB).format(), [HUB.log_key], verify)
        assert (opened.note.text, opened.signed_by) == (TEXT, (HUB.log_key,))

    def test_both_keys_of_a_rotation_are_named(self):
        opened = open_note(signed_by(HUB, OTHER).format(), [OTHER.log_key, HUB.log_key], verify)
        assert opened.signed_by == (HUB.log_key, OTHER.log_key)

    def test_unknown_keys_are_ignored_even_with_a_false_signature(self):
        known = signed_by(HUB).signatures
        unknown = NoteSignature(OTHER.name, OTHER.log_key.key_id, b"false")
        same_name = NoteSignature(HUB.name, b"\0\0\0\0", b"false")
        same_id = NoteSignature(OTHER.name, HUB.log_key.key_id, b"false")
        note = Note(TEXT, (unknown, same_name, *known, same_id))
        assert open_note(note.format(), [HUB.log_key], verify).signed_by == (HUB.log_key,)

    def test_without_a_known_key_it_stays_shut(self):
        for known in ([], [HUB.log_key]):
            with pytest.raises(ProofError, match="没有任何已知密钥"):
                open_note(signed_by(OTHER).format(), known, verify)

    def test_one_false_signature_of_a_known_key_refuses_the_note(self):
        false = NoteSignature(OTHER.name, OTHER.log_key.key_id, HUB.sign(TEXT.encode()))
        note = Note(TEXT, (*signed_by(HUB).signatures, false))
        with pytest.raises(ProofError, match=OTHER.name):
            open_note(note.format(), [HUB.log_key, OTHER.log_key], verify)

    def test_a_false_signature_beside_a_true_one_of_the_same_key_refuses_the_note(self):
        false = NoteSignature(HUB.name, HUB.log_key.key_id, bytes(64))
        with pytest.raises(ProofError):
            open_note(Note(TEXT, (*signed_by(HUB).signatures, false)).format(), [HUB.log_key], verify)

    def test_a_repeated_signature_counts_once(self):
        assert open_note(signed_by(HUB, HUB).format(), [HUB.log_key], verify).signed_by == (HUB.log_key,)

    @given(st.data())
    def test_no_changed_byte_is_accepted(self, data):
        original = signed_by(HUB).format()
        place = data.draw(st.integers(0, len(original) - 1))
        changed = bytearray(original)
        changed[place] ^= data.draw(st.integers(1, 255))
        with pytest.raises((FormatError, ProofError)):
            open_note(bytes(changed), [HUB.log_key], verify)

    def test_a_cosigners_key_does_not_open_notes(self):
        with pytest.raises(FormatError, match="0x01"):
            open_note(signed_by(HUB).format(), [HUB.witness_key], verify)

    def test_known_keys_with_the_same_name_and_id_are_refused(self):
        twins = _keys_with_one_id(HUB.log_key.name)
        with pytest.raises(FormatError, match="同标识"):
            open_note(signed_by(HUB).format(), twins, verify)


def _keys_with_one_id(name):
    """Find two keys with one name and one key id, which a search does soon: an id has only 4 bytes."""
    seen = {}
    for number in range(1 << 20):
        key = VerifierKey(name, ED25519, number.to_bytes(32, "big"))
        if key.key_id in seen:
            return [seen[key.key_id], key]
        seen[key.key_id] = key
    raise AssertionError("no two keys with one id among a million")
