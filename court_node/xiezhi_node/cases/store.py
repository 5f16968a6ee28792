"""Rows of cases. Functions for the journal's `read` and `write`."""

from typing import Any

from sqlalchemy import Connection, and_, bindparam, or_, select

from xiezhi.v1 import case_pb2, case_service_pb2
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_journal import tables
from xiezhi_journal.bulk import upsert_rows
from xiezhi_journal.reading.paging import Page, token_after
from xiezhi_node.cases.people import CasePeople

_table = tables.case_file
# Built once: every order asks for its case.
_CONTENT = select(_table.c.content).where(_table.c.case_number == bindparam("case_number"))


def get_case(connection: Connection, case_number: str) -> case_pb2.Case:
    """Return the case with this number, in normal form.

    :raises NotFound: UNKNOWN_CASE.
    """
    case = find_case(connection, case_number)
    if case is None:
        raise NotFound(Reason.UNKNOWN_CASE, f"本院没有登记该案件：{case_number}，请先登记案件")
    return case


def find_case(connection: Connection, case_number: str) -> case_pb2.Case | None:
    """Return the case with this number, in normal form; None where there is none."""
    content = connection.scalar(_CONTENT, {"case_number": case_number})
    return None if content is None else case_pb2.Case.FromString(content)


def put_case(connection: Connection, case: case_pb2.Case, people: CasePeople, now: int) -> None:
    """Store a case in the place of what was known of it."""
    said = (case.case_number, case.SerializeToString(), case.cause, case.stage, case.judge.name)
    row = (*said, now, people.judge, people.clerk)
    upsert_rows(connection, _table, [row])


def list_cases(connection: Connection, text: str, page: Page) -> case_service_pb2.ListCasesResponse:
    """Return a page of the cases whose number contains *text*, those changed last first.

    :raises InvalidInput: a token of another list.
    """
    row = _table.c
    query = select(row.updated_at, row.case_number, row.cause, row.stage, row.judge)
    if text:
        query = query.where(row.case_number.contains(text, autoescape=True))
    after = page.after(int, str)
    if after is not None:
        at, number = after
        query = query.where(or_(row.updated_at < at, and_(row.updated_at == at, row.case_number > number)))
    # One row more than wanted tells whether there is a page after this one.
    found = connection.execute(
        query.order_by(row.updated_at.desc(), row.case_number).limit(page.size + 1)
    ).all()
    shown = found[: page.size]
    more = len(found) > len(shown)
    return case_service_pb2.ListCasesResponse(
        cases=[_summary(row) for row in shown],
        next_page_token=token_after(shown[-1].updated_at, shown[-1].case_number) if more else "",
    )


def _summary(row: Any) -> case_service_pb2.CaseSummary:
    return case_service_pb2.CaseSummary(
        case_number=row.case_number, cause=row.cause, stage=row.stage, judge=row.judge
    )
