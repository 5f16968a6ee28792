"""督办 as lists, and one with what became of it, put together from its history."""

from sqlalchemy import Connection, and_, true

from xiezhi.v1 import urge_pb2
from xiezhi.v1 import urge_service_pb2 as pb
from xiezhi_desk.urges import add_history
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.terms import Kind
from xiezhi_hub.confidentiality import Reader
from xiezhi_hub.supervision.summary import to_summary
from xiezhi_journal import tables
from xiezhi_journal.reading import (
    Filters,
    Page,
    count_instructions,
    history,
    is_overdue,
    list_instructions,
    read_summary,
)


def urges_of(
    connection: Connection, wanted: pb.ListUrgesRequest, page: Page, now: int, reader: Reader
) -> pb.ListUrgesResponse:
    """Return a page of issued 督办 that *reader* may know of, newest first, as they stand at *now* (ms).

    :raises InvalidInput: a token of another list.
    """
    filters = Filters(kinds=frozenset({Kind.SUPERVISION}), open_only=wanted.open_only)
    also = tables.instruction.c.receiver == wanted.court if wanted.court else true()
    found = list_instructions(connection, filters, page, and_(also, reader.visible()))
    hidden = and_(also, reader.hidden())
    return pb.ListUrgesResponse(
        urges=[to_summary(each, late=is_overdue(each, now)) for each in found.rows],
        next_page_token=found.next_token,
        withheld=0 if page.token else count_instructions(connection, filters, hidden),
    )


def read_urge(connection: Connection, instruction: str, now: int) -> urge_pb2.Urge:
    """Return the 督办 as it stands at *now* (ms).

    :raises NotFound: UNKNOWN_INSTRUCTION, there is none.
    """
    row = read_summary(connection, instruction)
    if row is None or row.kind != Kind.SUPERVISION:
        raise NotFound(Reason.UNKNOWN_INSTRUCTION, "找不到该督办，请核对编号")
    urge = urge_pb2.Urge(summary=to_summary(row, late=is_overdue(row, now)))
    add_history(urge, history(connection, instruction, bodies=True))
    return urge
