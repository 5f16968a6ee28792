"""Looks at one person: found in what was looked at, so that the record itself names nobody.

A look is at a matter, a case or a paper. Of these, those are meant in which the person stands as a party or as the
subject of an order; what was erased since names nobody any more.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Final, TypeVar

from sqlalchemy import Connection, select

from xiezhi.v1 import case_pb2, event_pb2, party_pb2
from xiezhi_desk.access import AccessFilter, objects_of
from xiezhi_desk.bodies import subjects_of
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.evidence.canonical import HASH_BYTES
from xiezhi_journal import tables

ValueT = TypeVar("ValueT")

MOST_OBJECTS: Final = 20_000
"""Of what was looked at: each is opened to see who stands in it."""
_AT_ONCE: Final = 500
_HASH: Final = re.compile(f"[0-9a-f]{{{2 * HASH_BYTES}}}")
_NAMES_SUBJECTS: Final = b"subject/"


def objects_about(connection: Connection, person: str, wanted: AccessFilter) -> frozenset[str]:
    """Return which objects of the *wanted* looks are about *person*: a name, a number or a phone, as it is written.

    :raises InvalidInput: too much was looked at; a shorter time helps.
    """
    looked_at = objects_of(connection, wanted, MOST_OBJECTS + 1)
    if len(looked_at) > MOST_OBJECTS:
        raise InvalidInput.in_field("person", "这段时间的查看记录过多，请缩小起止日期后再按人员查找")
    matter_of = dict(_papers(connection, looked_at))
    matters = frozenset(_matters(connection, {*looked_at, *matter_of.values()}, person))
    papers = {sha256 for sha256, matter in matter_of.items() if matter in matters}
    return (matters & looked_at) | papers | frozenset(_cases(connection, looked_at, person))


def _papers(connection: Connection, objects: Collection[str]) -> Iterator[tuple[str, str]]:
    """Give each paper among *objects*, by its hash in hex, with the matter that it is of."""
    of = tables.document_of.c
    hashes = [bytes.fromhex(each) for each in objects if _HASH.fullmatch(each)]
    for some in _portions(hashes):
        for row in connection.execute(select(of.sha256, of.instruction).where(of.sha256.in_(some))):
            yield row.sha256.hex(), row.instruction


def _matters(connection: Connection, objects: Collection[str], person: str) -> Iterator[str]:
    event, body = tables.event.c, tables.body.c
    for some in _portions(sorted(objects)):
        query = (
            select(event.instruction, body.content)
            .join(tables.body, body.position == event.position)
            .where(event.instruction.in_(some))
        )
        for instruction, content in connection.execute(query):
            if _NAMES_SUBJECTS in content:
                subjects = subjects_of(event_pb2.Body.FromString(content))
                if any(_is(person, each) for each in subjects):
                    yield instruction


def _cases(connection: Connection, objects: Collection[str], person: str) -> Iterator[str]:
    case = tables.case_file.c
    for some in _portions(sorted(objects)):
        query = select(case.case_number, case.content).where(case.case_number.in_(some))
        for number, content in connection.execute(query):
            if any(_is(person, each) for each in case_pb2.Case.FromString(content).subjects):
                yield number


def _is(person: str, subject: party_pb2.Subject) -> bool:
    natural, organisation = subject.person, subject.organisation
    numbers = {natural.identity_number.upper(), organisation.credit_code.upper()}
    names = {natural.name, *natural.aliases, organisation.name, organisation.representative}
    phones = {*natural.phones, *organisation.phones}
    return person in names | phones or person.upper() in numbers


def _portions(values: Sequence[ValueT]) -> Iterator[list[ValueT]]:
    rest = iter(values)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
