"""The register of calls (电话催办): what people of the hub's court asked by phone, and what they were promised."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, bindparam, select

from xiezhi.v1 import event_pb2
from xiezhi.v1 import superior_service_pb2 as pb
from xiezhi_desk import bodies
from xiezhi_desk.access import Access, record_access
from xiezhi_desk.fact_words import count_fact
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.terms import EventKind, Role
from xiezhi_hub.supervision.summary import to_summary
from xiezhi_journal import tables
from xiezhi_journal.reading import Page, is_overdue, read_summary
from xiezhi_journal.reading.paging import token_after
from xiezhi_journal.restrictions import readable

_METHOD: Final = "ListSupervisorCalls"


@dataclass(frozen=True, slots=True)
class CallsLook:
    """Somebody's look at the register: by which account in which roles, what for, when (ms)."""

    account: str
    roles: frozenset[Role]
    purpose: str
    at: int


def looked_at(
    connection: Connection, look: CallsLook, court: str, page: Page
) -> pb.ListSupervisorCallsResponse:
    """Return a page of the calls of *court* and record a look at every matter on it, in the caller's transaction.

    :raises InvalidInput: a token of another list.
    """
    found = calls_of(connection, court, page, look.at, look.roles)
    for matter in dict.fromkeys(each.instruction.instruction_id for each in found.calls):
        record_access(connection, Access(look.at, look.account, _METHOD, matter, look.purpose))
    return found


def calls_of(
    connection: Connection, court: str, page: Page, now: int, readers: Collection[Role]
) -> pb.ListSupervisorCallsResponse:
    """Return a page of the calls of *court* that *readers* may read of, the last first, as they stand at *now* (ms).

    :raises InvalidInput: a token of another list.
    """
    event, body = tables.event, tables.body
    # Written out: a database takes an index of some rows alone where it sees that these are the rows.
    call: BindParameter[str] = bindparam("call", str(EventKind.CALL_LOGGED), literal_execute=True)
    query = (
        select(event.c.position, event.c.instruction, event.c.header, body.c.content)
        .join(body, body.c.position == event.c.position, isouter=True)
        .where(event.c.court == court, event.c.kind == call, readable(event.c.instruction, readers))
    )
    after = page.after(int)
    if after is not None:
        query = query.where(event.c.position < after[0])
    rows = connection.execute(query.order_by(event.c.position.desc()).limit(page.size + 1)).all()
    shown = rows[: page.size]
    return pb.ListSupervisorCallsResponse(
        calls=[_call(connection, row, now) for row in shown],
        next_page_token=token_after(shown[-1].position) if len(rows) > page.size else "",
    )


def _call(connection: Connection, row: Any, now: int) -> pb.SupervisorCall:
    facts, body = decode_header(row.header).facts, event_pb2.Body.FromString(row.content or b"")
    summary, said = read_summary(connection, row.instruction), bodies.prose_of(body)
    assert summary is not None, "a call is an event of a matter that is kept here"
    promise = count_fact(facts, "promise")
    return pb.SupervisorCall(
        instruction=to_summary(summary, late=is_overdue(summary, now)),
        caller=bodies.actor_of(body).officer.name,
        called_at=to_timestamp(count_fact(facts, "called")),
        counterpart=said.contact,
        text=said.text,
        promise_at=to_timestamp(promise) if promise else None,
    )
