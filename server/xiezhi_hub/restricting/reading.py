"""Restricted matters as the hub's people see them."""

from typing import Final

from sqlalchemy import Connection, select

from xiezhi.v1 import restriction_service_pb2 as pb
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_journal import tables
from xiezhi_journal.reading import Page
from xiezhi_journal.reading.deadlines import numbers_of
from xiezhi_journal.reading.paging import token_after
from xiezhi_journal.restrictions import Restriction, restriction_of

_row: Final = tables.restriction.c


def restriction_page(connection: Connection, page: Page, *, lifted_too: bool) -> pb.ListRestrictionsResponse:
    """Return a page of the last orders, newest first.

    :raises InvalidInput: a token of another list.
    """
    query = select(tables.restriction).order_by(_row.log_index.desc())
    if not lifted_too:
        query = query.where(_row.restricted)
    after = page.after(int)
    if after is not None:
        query = query.where(_row.log_index < after[0])
    rows = connection.execute(query.limit(page.size + 1)).all()
    shown = [restriction_of(row) for row in rows[: page.size]]
    return pb.ListRestrictionsResponse(
        restrictions=[restriction_message(connection, each) for each in shown],
        next_page_token=token_after(shown[-1].log_index) if len(rows) > len(shown) else "",
    )


def restriction_message(connection: Connection, restriction: Restriction) -> pb.Restriction:
    """Return an order for its readers."""
    return pb.Restriction(
        order_id=restriction.order_id,
        order=restriction.order,
        matter_number=numbers_of(connection, [restriction.instruction]).get(restriction.instruction, ""),
        ordered_at=to_timestamp(restriction.ordered_at),
        log_index=restriction.log_index,
    )
