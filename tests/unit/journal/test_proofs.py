"""Bodies as events bring them: parts that are there, parts that were erased, lists of documents."""

import hashlib
from collections.abc import Callable

import pytest

from xiezhi.v1 import document_pb2, event_pb2
from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.parts import ErasedPart, Part, commitment
from xiezhi_domain.evidence.push import PushProof
from xiezhi_journal.proofs import (
    body_commitment,
    body_parts,
    decode_body,
    decode_push,
    documents_of,
    encode_push,
    named_documents,
)

SALT = bytes(32)
ERASED = hashlib.sha256(b"what stood here").digest()


def body(*parts: event_pb2.BodyPart) -> event_pb2.Body:
    return event_pb2.Body(parts=parts)


def documents(content: bytes) -> event_pb2.Body:
    return body(event_pb2.BodyPart(name="documents", salt=SALT, content=content))


def test_what_was_erased_still_stands_in_the_commitment() -> None:
    whole = Part("prose", SALT, b"text")
    read = body_parts(
        body(
            event_pb2.BodyPart(name="prose", salt=SALT, content=b"text"),
            event_pb2.BodyPart(name="case", erased_hash=ERASED),
        )
    )
    assert read == [whole, ErasedPart("case", ERASED)]
    assert commitment(read) == commitment([whole, ErasedPart("case", ERASED)])


@pytest.mark.parametrize("left", [{"content": b"other text"}, {"salt": SALT}])
def test_an_erased_part_brings_nothing_that_readers_could_take_for_signed(left: dict[str, bytes]) -> None:
    part = event_pb2.BodyPart(name="prose", erased_hash=ERASED, **left)
    with pytest.raises(FormatError):
        body_parts(body(part))


@pytest.mark.parametrize("decode", [decode_body, decode_push])
@pytest.mark.parametrize("more", [b"\xff", b"\xfa\x01\x04note", b"\x0a"])
def test_nothing_travels_beside_what_is_signed(decode: Callable[[bytes], object], more: bytes) -> None:
    whole = {
        decode_body: body(event_pb2.BodyPart(name="prose", salt=SALT)).SerializeToString(),
        decode_push: encode_push(PushProof("苏0591", "key", 1, 1, bytes(32), bytes(64), 0, ())),
    }[decode]
    assert decode(whole)
    with pytest.raises(FormatError):
        decode(whole + more)


def test_a_body_has_one_spelling() -> None:
    part = event_pb2.BodyPart(name="prose", salt=SALT, content=b"text").SerializeToString()
    twice = event_pb2.BodyPart(content=b"what nobody signed").SerializeToString() + part
    hidden = b"\x0a" + bytes([len(twice)]) + twice
    assert event_pb2.Body.FromString(hidden) == event_pb2.Body(parts=[event_pb2.BodyPart.FromString(part)])
    with pytest.raises(FormatError):
        decode_body(hidden)


def test_nothing_in_a_new_event_is_erased() -> None:
    with pytest.raises(FormatError):
        body_commitment(body(event_pb2.BodyPart(name="prose", erased_hash=ERASED)))


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xff\xff",
        event_pb2.DocumentList(documents=[document_pb2.Document(sha256=b"short")]).SerializeToString(),
        event_pb2.DocumentList(documents=[document_pb2.Document(name="委托函.pdf")]).SerializeToString(),
    ],
)
def test_a_list_of_documents_that_nobody_can_read_is_malformed(content: bytes) -> None:
    with pytest.raises(FormatError):
        named_documents(documents(content))


def test_the_documents_that_an_event_names() -> None:
    named = document_pb2.Document(sha256=ERASED, name="委托函.pdf", size=3)
    listed = event_pb2.DocumentList(documents=[named]).SerializeToString()
    assert named_documents(documents(listed)) == (named,)
    assert named_documents(body()) == ()
    assert documents_of(documents(listed).SerializeToString()) == (named,)
    assert documents_of(body(event_pb2.BodyPart(name="prose")).SerializeToString()) == documents_of(b"") == ()
