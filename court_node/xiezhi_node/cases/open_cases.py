"""The court's open cases with the marks of their parties, for the hub: from the case source and from the desk."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, select

from xiezhi.v1 import case_pb2, court_pb2, related_case_service_pb2
from xiezhi_domain.errors import DomainError, Reason
from xiezhi_domain.terms.cases import CLOSING_CHANGES
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_node.cases.change_store import closed_cases
from xiezhi_node.cases.checks import check_case
from xiezhi_node.cases.marks import debtor_marks_of, marks_of
from xiezhi_node.cases.source import CaseSource

MOST_MARKS: Final = 500
_AWAY: Final = frozenset({Reason.CASE_SOURCE_AWAY, Reason.CASE_SOURCE_MISSING})
_stored = tables.case_file.c


async def open_cases(
    journal: Journal, source: CaseSource, key: bytes
) -> list[related_case_service_pb2.MarkedCase]:
    """Return every open case that has a mark: those entered at the desk, and those of the source in their place.

    :raises DomainError: the source is away; one case that it cannot read is left out.
    """
    cases = {
        case.case_number: case for case in await journal.read(lambda connection: list(_entered(connection)))
    }
    if source.configured:
        cases |= await _of_source(journal, source)
    closed = await journal.read(lambda connection: closed_cases(connection, CLOSING_CHANGES))
    marked = (marked_case(case, key) for number, case in sorted(cases.items()) if number not in closed)
    return [each for each in marked if each.marks]


def marked_case(case: case_pb2.Case, key: bytes) -> related_case_service_pb2.MarkedCase:
    """Return what the hub keeps of a case."""
    judge = case.judge
    phone = judge.phone or judge.mobile or case.centre_phone
    return related_case_service_pb2.MarkedCase(
        case_number=case.case_number,
        contact=court_pb2.Officer(name=judge.name, phone=phone),
        marks=marks_of(case, key)[:MOST_MARKS],
        debtor_marks=debtor_marks_of(case, key)[:MOST_MARKS],
    )


def _entered(connection: Connection) -> Iterator[case_pb2.Case]:
    for content in connection.scalars(select(_stored.content)):
        yield case_pb2.Case.FromString(content)


async def _of_source(journal: Journal, source: CaseSource) -> dict[str, case_pb2.Case]:
    found: dict[str, case_pb2.Case] = {}
    token = ""
    while True:
        listed, token = await source.list_open_cases(token)
        for each in listed:
            if each.closed:
                continue
            try:
                case, _ = check_case(await source.get_case(each.case_number), journal.court)
            except DomainError as error:
                if error.reason in _AWAY:
                    raise
                continue
            found[case.case_number] = case
        if not token:
            return found
