"""The marks of a case's parties (`xiezhi_domain.party_mark`)."""

from collections.abc import Collection, Iterator
from typing import Final

from xiezhi.v1 import case_pb2, party_pb2
from xiezhi_domain.party_mark import (
    citizen_mark,
    credit_code_mark,
    document_mark,
    organisation_name_mark,
)

_PARTIES: Final = frozenset(
    {
        party_pb2.SUBJECT_ROLE_DEBTOR,
        party_pb2.SUBJECT_ROLE_PRESERVATION_RESPONDENT,
        party_pb2.SUBJECT_ROLE_APPLICANT,
    }
)
"""Who is a party; of relatives, possessors and other subjects nothing leaves the court."""


def marks_of(case: case_pb2.Case, key: bytes) -> list[bytes]:
    """Return the marks of the parties that can be told apart, in order, each once.

    A person without a number has none: names alone would tie together people who share nothing else.
    """
    return _marks_of(case, key, _PARTIES)


def debtor_marks_of(case: case_pb2.Case, key: bytes) -> list[bytes]:
    """Return those of them that are a debtor's: by these cases against one debtor are counted."""
    return _marks_of(case, key, frozenset({party_pb2.SUBJECT_ROLE_DEBTOR}))


def _marks_of(
    case: case_pb2.Case, key: bytes, roles: Collection[party_pb2.SubjectRole.ValueType]
) -> list[bytes]:
    parties = (subject for subject in case.subjects if subject.role in roles)
    return sorted({mark for subject in parties for mark in _marks(subject, key)})


def _marks(subject: party_pb2.Subject, key: bytes) -> Iterator[bytes]:
    person, organisation = subject.person, subject.organisation
    if person.identity_number:
        is_citizen = person.identity_document == party_pb2.IDENTITY_DOCUMENT_CITIZEN_ID
        yield (citizen_mark if is_citizen else document_mark)(key, person.identity_number)
    if organisation.credit_code:
        yield credit_code_mark(key, organisation.credit_code)
    if organisation.name:
        yield organisation_name_mark(key, organisation.name)
