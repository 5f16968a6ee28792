"""Showing one part: the file has it and its salt, of the others hashes alone."""

import os
from pathlib import Path

import pytest

from xiezhi_client.sdk import EvidenceReceipt
from xiezhi_client.sdk.records.event import Body, BodyPart
from xiezhi_client.verify.part import parse_part, show_part, words_of
from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.parts import Part, commitment, verify_part

NAMES = ("case", "subject/1", "subject/2", "prose", "documents")
PARTS = tuple(BodyPart(name=name, salt=os.urandom(32), content=f"说{name}".encode()) for name in NAMES)
RECEIPT = EvidenceReceipt(tlog_proof=b"proof")


@pytest.mark.parametrize("name", NAMES)
def test_of_the_other_parts_neither_content_nor_salt_is_in_the_file(name: str) -> None:
    data = show_part(RECEIPT, Body(parts=PARTS), name).to_proto().SerializeToString()
    for part in PARTS:
        assert (part.content in data) == (part.salt in data) == (part.name == name)
    proof = parse_part(data)
    whole = [Part(part.name, part.salt, part.content) for part in PARTS]
    verify_part(whole[NAMES.index(name)], proof.index, proof.count, proof.path, commitment(whole))


def test_a_part_is_shown_where_another_was_erased() -> None:
    gone = Part(PARTS[1].name, PARTS[1].salt, PARTS[1].content).hash
    left = (PARTS[0], BodyPart(name="subject/1", erased_hash=gone), *PARTS[2:])
    assert show_part(RECEIPT, Body(parts=left), "case") == show_part(RECEIPT, Body(parts=PARTS), "case")
    with pytest.raises(FormatError, match="已依令清除"):
        show_part(RECEIPT, Body(parts=left), "subject/1")


def test_a_part_that_is_not_there_and_a_file_of_another_kind_are_named(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="subject/9"):
        show_part(RECEIPT, Body(parts=PARTS), "subject/9")
    with pytest.raises(FormatError):
        parse_part(b"\xff\xff")


def test_what_cannot_be_read_is_shown_as_hex() -> None:
    assert words_of(BodyPart(name="subject/1", content=b"\xff")) == "ff"
    assert words_of(BodyPart(name="unknown", content=b"ab")) == "6162"
