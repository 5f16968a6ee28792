"""Rows of open cases, of their marks and of questions. Functions for the journal's `read` and `write`."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, select, tuple_

from xiezhi.v1 import case_service_pb2, court_pb2
from xiezhi.v1 import related_case_service_pb2 as pb
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_journal import tables
from xiezhi_journal.bulk import insert_rows, upsert_rows
from xiezhi_journal.reading import Page
from xiezhi_journal.reading.paging import token_after

_case = tables.open_case.c
_mark = tables.party_mark.c
_query = tables.related_query.c


@dataclass(frozen=True, slots=True)
class Question:
    """Who asked, for which case, what for; `at` is ms since 1970, `answers` how many cases were told."""

    at: int
    court: str
    account: str
    name: str
    case_number: str
    purpose: str
    answers: int = 0


def put_cases(
    connection: Connection, court: str, key_id: str, round_: str, cases: Sequence[pb.MarkedCase]
) -> None:
    """Store open cases of *court* in the place of what was known of them."""
    numbers = [case.case_number for case in cases]
    connection.execute(delete(tables.party_mark).where(_mark.court == court, _mark.case_number.in_(numbers)))
    rows = [
        (court, case.case_number, case.contact.name, case.contact.phone, key_id, round_)
        for case in {case.case_number: case for case in cases}.values()
    ]
    upsert_rows(connection, tables.open_case, rows)
    marks = {
        (mark, court, case.case_number, mark in case.debtor_marks) for case in cases for mark in case.marks
    }
    insert_rows(connection, tables.party_mark, sorted(marks))


def withdraw_others(connection: Connection, court: str, round_: str) -> None:
    """Forget the cases of *court* that were not told in this round."""
    gone = and_(_case.court == court, _case.round != round_)
    numbers = select(_case.case_number).where(gone)
    connection.execute(delete(tables.party_mark).where(_mark.court == court, _mark.case_number.in_(numbers)))
    connection.execute(delete(tables.open_case).where(gone))


def published_marks(connection: Connection, court: str, case_number: str) -> set[bytes]:
    """Return the marks of a published case; empty if it is not published."""
    query = select(_mark.mark).where(_mark.court == court, _mark.case_number == case_number)
    return set(connection.scalars(query))


def related_cases(
    connection: Connection, court: str, key_id: str, marks: Iterable[bytes], most: int
) -> list[case_service_pb2.RelatedCase]:
    """Return open cases of courts other than *court* with one of these marks, at most *most*, by court and number."""
    named = select(_mark.court, _mark.case_number).where(_mark.mark.in_(list(marks)), _mark.court != court)
    query = (
        select(tables.open_case)
        .where(tuple_(_case.court, _case.case_number).in_(named), _case.key_id == key_id)
        .order_by(_case.court, _case.case_number)
        .limit(most)
    )
    return [_related(row) for row in connection.execute(query)]


def times_asked(connection: Connection, question: Question, since: int) -> list[int]:
    """Return when (ms) the same person has asked since *since*, oldest first."""
    query = select(_query.at).where(
        _query.court == question.court, _query.account == question.account, _query.at > since
    )
    return list(connection.scalars(query.order_by(_query.at)))


def count_asked(connection: Connection, court: str, since: int) -> int:
    """Return how often *court* has asked since *since* (ms)."""
    query = select(func.count()).select_from(tables.related_query)
    return connection.scalar(query.where(_query.court == court, _query.at > since)) or 0


def add_question(connection: Connection, question: Question) -> None:
    """Keep a question; it is committed before anything is told."""
    connection.execute(insert(tables.related_query), asdict(question))


def list_questions(connection: Connection, court: str, page: Page) -> pb.ListRelatedCaseQueriesResponse:
    """Return a page of questions, newest first; of *court* alone if it is given.

    :raises InvalidInput: a token of another list.
    """
    query = select(tables.related_query)
    if court:
        query = query.where(_query.court == court)
    after = page.after(int)
    if after is not None:
        query = query.where(_query.id < after[0])
    found = connection.execute(query.order_by(_query.id.desc()).limit(page.size + 1)).all()
    shown = found[: page.size]
    return pb.ListRelatedCaseQueriesResponse(
        queries=[_question(row) for row in shown],
        next_page_token=token_after(shown[-1].id) if len(found) > len(shown) else "",
    )


def _related(row: Row[Any]) -> case_service_pb2.RelatedCase:
    contact = court_pb2.Officer(name=row.officer, phone=row.phone)
    return case_service_pb2.RelatedCase(court=row.court, case_number=row.case_number, contact=contact)


def _question(row: Row[Any]) -> pb.RelatedCaseQuery:
    return pb.RelatedCaseQuery(
        asked_at=to_timestamp(row.at),
        court=row.court,
        account_id=row.account,
        account_name=row.name,
        case_number=row.case_number,
        purpose=row.purpose,
        answers=row.answers,
    )
