"""Matters in which courts wait for a decision of their superior, from the projection alone."""

from sqlalchemy import Connection, or_, select

from xiezhi.v1 import superior_service_pb2 as pb
from xiezhi_desk.terms import APPEALS
from xiezhi_domain.terms import Appeal
from xiezhi_hub.confidentiality import Reader
from xiezhi_hub.supervision.summary import to_summary
from xiezhi_journal import tables
from xiezhi_journal.reading import WAITS, Page, is_overdue, read_summary, waits_for
from xiezhi_journal.reading.paging import token_after

_matter = tables.instruction.c


def awaiting_decision(
    connection: Connection, appeal: int, page: Page, now: int, reader: Reader
) -> pb.ListAwaitingResponse:
    """Return a page of the matters that wait for *appeal*, or for any, the oldest first, as they stand at *now* (ms).

    Those of which *reader* may not know are left out.

    :raises InvalidInput: an appeal that this version does not know, or a token of another list.
    """
    wanted = [APPEALS.from_proto(appeal, "appeal")] if appeal else list(Appeal)
    query = select(_matter.instruction).where(WAITS, or_(*map(waits_for, wanted)), reader.visible())
    after = page.after(str)
    if after is not None:
        query = query.where(_matter.instruction > after[0])
    rows = connection.execute(query.order_by(_matter.instruction).limit(page.size + 1)).all()
    shown = rows[: page.size]
    token = token_after(shown[-1].instruction) if len(rows) > page.size else ""
    found = [_row(connection, row.instruction, now) for row in shown]
    return pb.ListAwaitingResponse(matters=found, next_page_token=token)


def _row(connection: Connection, instruction: str, now: int) -> pb.AwaitingMatter:
    summary = read_summary(connection, instruction)
    assert summary is not None, "the row was just read in this transaction"
    return pb.AwaitingMatter(
        instruction=to_summary(summary, late=is_overdue(summary, now)),
        appeals=APPEALS.all_to_proto(summary.appeals),
    )
