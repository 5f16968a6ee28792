"""Rows of queries and answers. Functions for the journal's `read` and `write`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, case, select, update

from xiezhi.v1 import query_service_pb2 as pb
from xiezhi.v1 import registry_connector_pb2 as connector_pb
from xiezhi_desk.terms import ANSWER_STATES
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.registries import Category
from xiezhi_domain.terms import AnswerState
from xiezhi_journal import tables
from xiezhi_journal.bulk import insert_rows
from xiezhi_journal.reading.paging import Page, token_after

AT_ONCE = 100
_query = tables.registry_query.c
_answer = tables.registry_answer.c


@dataclass(frozen=True, slots=True)
class Question:
    """A category of a query that waits for its answer."""

    query_id: str
    category: str
    connector: str
    attempts: int
    instruction: str
    request: connector_pb.RegistryConnectorQueryRequest


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a question; times are ms since 1970, `next_at` 0 where it is not asked again."""

    state: AnswerState
    problem: str = ""
    answered_at: int = 0
    next_at: int = 0
    content: pb.RegistryAnswer | None = None


def add_query(
    connection: Connection,
    query: pb.RegistryQuery,
    request: connector_pb.RegistryConnectorQueryRequest,
    asked: Sequence[tuple[str, str, int]],
) -> None:
    """Store a query with its questions: category, connector (empty: none), when it is asked again if we die (ms)."""
    row = (
        *(query.query_id, query.instruction_id, query.item_number, query.case_number),
        *(query.subject_number, query.subject_name, query.region, query.purpose),
        *(query.account_id, query.account_name, query.asked_at.ToMilliseconds()),
        request.SerializeToString(),
    )
    insert_rows(connection, tables.registry_query, [row])
    answers = [
        (
            query.query_id,
            category,
            place,
            connector,
            str(_first_state(connector)),
            "",
            0,
            0,
            *(next_at, 0, b"", ""),
        )
        for place, (category, connector, next_at) in enumerate(asked)
    ]
    insert_rows(connection, tables.registry_answer, answers)


def _first_state(connector: str) -> AnswerState:
    return AnswerState.ASKED if connector else AnswerState.NOT_CONNECTED


def due_questions(connection: Connection, now: int) -> list[Question]:
    """Return the questions that are asked again at *now*, those that waited longest first."""
    return _questions(connection, _answer.next_at > 0, _answer.next_at <= now)


def first_questions(connection: Connection, query_id: str) -> list[Question]:
    """Return the questions of a query that nobody has answered or put off yet."""
    return _questions(connection, _answer.query_id == query_id, _answer.state == AnswerState.ASKED)


def _questions(connection: Connection, *conditions: Any) -> list[Question]:
    rows = connection.execute(
        select(tables.registry_answer, _query.instruction, _query.content.label("request"))
        .join(tables.registry_query, _query.query_id == _answer.query_id)
        .where(*conditions)
        .order_by(_answer.next_at, _answer.place)
        .limit(AT_ONCE)
    )
    return [
        Question(row.query_id, row.category, row.connector, row.attempts, row.instruction, _request(row))
        for row in rows
    ]


def _request(row: Row[Any]) -> connector_pb.RegistryConnectorQueryRequest:
    request = connector_pb.RegistryConnectorQueryRequest.FromString(row.request)
    request.request_number = f"{row.query_id}/{row.category}"
    request.category = row.category
    return request


def settle(connection: Connection, question: Question, settled: Settled) -> None:
    """Store what became of a question.

    An answer in full stays as it is, and what a registry told before it broke off is kept while it is away; what
    cannot be believed leaves nothing.
    """
    final = [str(state) for state in (AnswerState.FOUND, AnswerState.NOTHING, AnswerState.REFUSED)]
    connection.execute(
        update(tables.registry_answer)
        .where(_answer.query_id == question.query_id, _answer.category == question.category)
        .where(_answer.state.not_in(final))
        .values(
            problem=settled.problem,
            attempts=_answer.attempts + 1,
            answered_at=settled.answered_at,
            next_at=settled.next_at,
            **_changed(settled),
        )
    )


def _changed(settled: Settled) -> dict[str, Any]:
    """Return the new state and records of an answer; without records those of before stay, while they are believed."""
    if settled.content is None and settled.state in (AnswerState.AWAY, AnswerState.GIVEN_UP):
        if settled.state is AnswerState.GIVEN_UP:
            return {"state": str(AnswerState.GIVEN_UP)}
        return {"state": case((_answer.record_count > 0, str(AnswerState.PARTIAL)), else_=str(settled.state))}
    content = settled.content or pb.RegistryAnswer()
    return {
        "state": str(settled.state),
        "record_count": len(content.records),
        "content": content.SerializeToString(),
    }


def is_worked_on(connection: Connection, instruction: str, state: str) -> bool:
    """Return whether a matter is still in *state*."""
    matter = tables.instruction.c
    return connection.scalar(select(matter.state).where(matter.instruction == instruction)) == state


def get_query(connection: Connection, query_id: str, *, with_records: bool) -> pb.RegistryQuery:
    """Return a query with what became of each category.

    :raises NotFound: UNKNOWN_QUERY.
    """
    row = connection.execute(select(tables.registry_query).where(_query.query_id == query_id)).one_or_none()
    if row is None:
        raise NotFound(Reason.UNKNOWN_QUERY)
    return _told(connection, row, with_records=with_records)


def list_queries(connection: Connection, instruction: str, page: Page) -> pb.ListQueriesResponse:
    """Return a page of the queries of a matter, newest first, without records.

    :raises InvalidInput: a token of another list.
    """
    query = select(tables.registry_query).where(_query.instruction == instruction)
    after = page.after(str)
    if after is not None:
        query = query.where(_query.query_id < after[0])
    rows = connection.execute(query.order_by(_query.query_id.desc()).limit(page.size + 1)).all()
    shown = rows[: page.size]
    return pb.ListQueriesResponse(
        queries=[_told(connection, row, with_records=False) for row in shown],
        next_page_token=token_after(shown[-1].query_id) if len(rows) > len(shown) else "",
    )


def unreported(connection: Connection, query_id: str, categories: Collection[str]) -> list[pb.RegistryAnswer]:
    """Return the answers in full that no event has reported, of *categories* (all if none is named)."""
    wanted = {ANSWER_STATES.to_proto(AnswerState.FOUND), ANSWER_STATES.to_proto(AnswerState.NOTHING)}
    query = get_query(connection, query_id, with_records=True)
    return [
        answer
        for answer in query.answers
        if answer.state in wanted
        and not answer.event_id
        and (not categories or answer.category in categories)
    ]


def note_reported(connection: Connection, query_id: str, categories: Collection[str], event_id: str) -> None:
    """Note which event has reported answers."""
    connection.execute(
        update(tables.registry_answer)
        .where(_answer.query_id == query_id, _answer.category.in_(sorted(categories)))
        .values(event_id=event_id)
    )


def name_answers(query: pb.RegistryQuery, categories: Mapping[str, Category]) -> None:
    """Fill in what people call the categories."""
    for answer in query.answers:
        known = categories.get(answer.category)
        answer.name = known.name if known else answer.category


def _told(connection: Connection, row: Row[Any], *, with_records: bool) -> pb.RegistryQuery:
    answers = connection.execute(
        select(tables.registry_answer).where(_answer.query_id == row.query_id).order_by(_answer.place)
    )
    return pb.RegistryQuery(
        query_id=row.query_id,
        instruction_id=row.instruction,
        item_number=row.item,
        case_number=row.case_number,
        subject_number=row.subject,
        subject_name=row.subject_name,
        region=row.region,
        purpose=row.purpose,
        account_id=row.account,
        account_name=row.name,
        asked_at=to_timestamp(row.asked_at),
        answers=[_answer_of(each, with_records=with_records) for each in answers],
    )


def _answer_of(row: Row[Any], *, with_records: bool) -> pb.RegistryAnswer:
    answer = pb.RegistryAnswer.FromString(row.content)
    if not with_records:
        answer.ClearField("records")
    answer.category, answer.connector, answer.problem = row.category, row.connector, row.problem
    answer.state = ANSWER_STATES.to_proto(AnswerState(row.state))
    answer.attempts, answer.record_count, answer.event_id = row.attempts, row.record_count, row.event_id
    if row.answered_at:
        answer.answered_at.FromMilliseconds(row.answered_at)
    if row.next_at and row.state != AnswerState.ASKED:
        answer.next_at.FromMilliseconds(row.next_at)
    return answer
