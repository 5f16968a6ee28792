"""Matters in which courts wait for a decision of their superior, from the projection alone."""

from typing import Any, Final

from sqlalchemy import Connection, or_, select

from xiezhi.v1 import superior_service_pb2 as pb
from xiezhi_domain.errors import InvalidInput
from xiezhi_hub.supervision.summary import to_summary
from xiezhi_journal import tables
from xiezhi_journal.reading import Page, has_overlay, is_overdue, read_summary
from xiezhi_journal.reading.paging import token_after

APPEALS: Final = {
    "wrong_court": pb.APPEAL_WRONG_COURT,
    "objection": pb.APPEAL_OBJECTION,
    "dispute": pb.APPEAL_DISPUTE,
    "complaint": pb.APPEAL_COMPLAINT,
    "transfer": pb.APPEAL_TRANSFER,
}
"""The overlays of the cooperation ladder that wait for the superior."""
_matter = tables.instruction.c


def awaiting_decision(connection: Connection, appeal: int, page: Page, now: int) -> pb.ListAwaitingResponse:
    """Return a page of the matters that wait for *appeal*, or for any, the oldest first, as they stand at *now* (ms).

    :raises InvalidInput: an appeal that this version does not know, or a token of another list.
    """
    wanted = [name for name, number in APPEALS.items() if appeal in (0, number)]
    if not wanted:
        raise InvalidInput.in_field("appeal", "选项无法识别，请升级程序或重新选择")
    query = select(_matter.instruction, _matter.overlays).where(or_(*map(has_overlay, wanted)))
    after = page.after(str)
    if after is not None:
        query = query.where(_matter.instruction > after[0])
    rows = connection.execute(query.order_by(_matter.instruction).limit(page.size + 1)).all()
    shown = rows[: page.size]
    token = token_after(shown[-1].instruction) if len(rows) > page.size else ""
    found = [_row(connection, row, now) for row in shown]
    return pb.ListAwaitingResponse(matters=found, next_page_token=token)


def _row(connection: Connection, row: Any, now: int) -> pb.AwaitingMatter:
    summary = read_summary(connection, row.instruction)
    assert summary is not None, "the row was just read in this transaction"
    appeals = [number for name, number in APPEALS.items() if name in row.overlays.split()]
    return pb.AwaitingMatter(instruction=to_summary(summary, late=is_overdue(summary, now)), appeals=appeals)
