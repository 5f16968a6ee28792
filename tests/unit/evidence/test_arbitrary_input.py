"""Whatever a file holds, its reader answers with the value or with `FormatError`, nothing else."""

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.cosignature import split_timestamp
from xiezhi_domain.evidence.merkle import CompactRange
from xiezhi_domain.evidence.note import Note, NoteSignature, VerifierKey
from xiezhi_domain.evidence.tlogproof import FORMAT_LINE, TlogProof

# Pieces that lead past the first check of a reader, so that not only the first line is tried.
_PIECES = st.sampled_from(
    ["\n", "\n\n", "— ", "example.com/log", "+", " ", "0", "AAAA", "extra ", "index ", FORMAT_LINE, "\ud800"]
)
_TEXTS = st.text() | st.lists(_PIECES | st.text(max_size=4)).map("".join)
_BYTES = st.binary() | _TEXTS.map(lambda text: text.encode(errors="surrogatepass"))


@pytest.mark.parametrize(
    ("read", "write"),
    [
        (Note.parse, Note.format),
        (TlogProof.parse, TlogProof.format),
        (CompactRange.decode, CompactRange.encode),
    ],
)
@given(data=_BYTES)
@example(data=b"")
def test_bytes_that_are_read_are_the_only_spelling_of_their_value(read, write, data):
    with contextlib.suppress(FormatError):
        assert write(read(data)) == data


@pytest.mark.parametrize("form", [Checkpoint, NoteSignature, VerifierKey])
@given(text=_TEXTS)
@example(text="")
def test_text_that_is_read_is_the_only_spelling_of_its_value(form, text):
    with contextlib.suppress(FormatError):
        assert form.parse(text).format() == text


@given(data=_BYTES)
def test_only_72_bytes_are_a_timestamp_and_a_signature(data):
    with contextlib.suppress(FormatError):
        time, signature = split_timestamp(data)
        assert time.to_bytes(8, "big") + signature == data
