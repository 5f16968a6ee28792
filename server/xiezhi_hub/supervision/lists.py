"""The matters between the hub's courts as lists: a page to be looked at, or all of it to be taken out."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_

from xiezhi.v1 import instruction_pb2
from xiezhi.v1 import supervision_service_pb2 as pb
from xiezhi_desk.days import first_moment, moment_after
from xiezhi_desk.terms import STATES
from xiezhi_domain.errors import LimitExceeded, Reason
from xiezhi_domain.terms import Kind, Mark
from xiezhi_hub.confidentiality import Reader
from xiezhi_hub.supervision.summary import to_summary
from xiezhi_journal.reading import (
    MAX_PAGE,
    Filters,
    Page,
    count_instructions,
    count_matters,
    is_late_of,
    is_overdue,
    list_instructions,
    numbered,
    of_a_trial,
    overdue,
    receiver_is_late,
)

MOST_ROWS: Final = 10_000
_LONGEST: Final = 400
"""Characters of what is kept of a filter in the record of access: its column is indexed."""


def matters_of(
    connection: Connection, wanted: pb.ListMattersRequest, page: Page, now: int, reader: Reader
) -> pb.ListMattersResponse:
    """Return a page of the matters that are *wanted*, newest first, as they stand at *now* (ms).

    Those of which *reader* may not know are counted at most.

    :raises InvalidInput: a day that is none, a state that is unknown, or a token of another list.
    """
    filters, also = _filters(wanted), _also(wanted, now)
    found = list_instructions(connection, filters, page, and_(also, reader.visible()))
    countable = not page.token and not _tells(wanted)
    return pb.ListMattersResponse(
        instructions=[
            to_summary(row, late=wanted.overdue_only or is_overdue(row, now)) for row in found.rows
        ],
        next_page_token=found.next_token,
        withheld=count_instructions(connection, filters, and_(also, reader.hidden())) if countable else 0,
    )


def _tells(wanted: pb.ListMattersRequest) -> bool:
    """Return whether a count of what is *wanted* would tell more of a hidden matter than its courts and its state."""
    return any((wanted.kinds, wanted.number.strip(), wanted.case_number, wanted.due_from, wanted.due_until))


def overdue_of(
    connection: Connection, court: str, page: Page, now: int, reader: Reader
) -> pb.ListOverdueResponse:
    """Return a page of what *court*, or any, is late with at *now* (ms), longest overdue first.

    :raises InvalidInput: a token of another list.
    """
    late = is_late_of(court, now)
    found = overdue(connection, and_(late, reader.visible()), page)
    return pb.ListOverdueResponse(
        instructions=[to_summary(row, late=True) for row in found.rows],
        next_page_token=found.next_token,
        withheld=0 if page.token else count_matters(connection, and_(late, reader.hidden())),
    )


def every_matter(
    connection: Connection, wanted: pb.ListMattersRequest, now: int, reader: Reader
) -> list[instruction_pb2.InstructionSummary]:
    """Return all of them, whatever page *wanted* names.

    :raises InvalidInput: as `matters_of`.
    :raises LimitExceeded: more than are taken out at once.
    """
    rows, page = list[instruction_pb2.InstructionSummary](), Page(MAX_PAGE)
    while True:
        found = matters_of(connection, wanted, page, now, reader)
        rows += found.instructions
        if len(rows) > MOST_ROWS:
            raise LimitExceeded(Reason.TOO_LARGE, f"一次最多导出 {MOST_ROWS} 件，请缩小范围")
        if not found.next_page_token:
            return rows
        page = Page(MAX_PAGE, found.next_page_token)


def taken_words(wanted: pb.ListMattersRequest, count: int) -> str:
    """Return how many were taken out and what they were narrowed to, for the record of access."""
    words = f"全市事项 {count} 件（{'；'.join(_narrowed(wanted)) or '全部'}）"
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"


def _narrowed(wanted: pb.ListMattersRequest) -> Iterator[str]:
    if wanted.states:
        states = STATES.all_from_proto(wanted.states, "states")
        yield f"状态 {'、'.join(sorted(state.zh for state in states))}"
    if wanted.kinds:
        known = {str(kind): kind.zh for kind in Kind}
        yield f"类型 {'、'.join(known.get(kind, kind) for kind in wanted.kinds)}"
    told = (
        *(("法院", wanted.court), ("编号", wanted.number), ("案号", wanted.case_number)),
        *(("期限自", wanted.due_from), ("期限至", wanted.due_until)),
    )
    yield from (f"{name} {text}" for name, text in told if text)
    if wanted.open_only:
        yield "未办结"
    if wanted.overdue_only:
        yield Mark.OVERDUE.zh


def _filters(wanted: pb.ListMattersRequest) -> Filters:
    return Filters(
        states=STATES.all_from_proto(wanted.states, "states"),
        kinds=frozenset(wanted.kinds),
        open_only=wanted.open_only,
        other_court=wanted.court,
        case_number=wanted.case_number,
        due_from=first_moment(wanted.due_from, "due_from"),
        due_before=moment_after(wanted.due_until, "due_until"),
    )


def _also(wanted: pb.ListMattersRequest, now: int) -> ColumnElement[bool]:
    """Return what narrows the list at the hub besides the filters of every list."""
    conditions = [~of_a_trial()]
    if wanted.overdue_only:
        conditions.append(receiver_is_late(now))
    if wanted.number.strip():
        conditions.append(numbered(wanted.number))
    return and_(*conditions)
