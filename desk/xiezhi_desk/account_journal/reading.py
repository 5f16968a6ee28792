"""Pages of the journal of accounts, the last entry first. Functions for the journal's `read`."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from xiezhi.v1 import account_journal_service_pb2 as pb
from xiezhi_desk.terms import ACCOUNT_EVENT_KINDS
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.terms import AccountEventKind
from xiezhi_journal.reading import Page
from xiezhi_journal.reading.paging import token_after
from xiezhi_journal.tables import account, account_event


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which entries are wanted; what is None or empty does not narrow. Times are in ms since 1970."""

    account_id: str | None
    since: int | None = None
    until: int | None = None
    kinds: Collection[AccountEventKind] = ()


def event_page(connection: Connection, wanted: EventFilter, page: Page) -> pb.ListAccountEventsResponse:
    """Return a page of entries.

    :raises InvalidInput: a token of another list.
    """
    doer = account.alias("doer")
    row = account_event.c
    query = (
        select(account_event, account.c.login, account.c.name, doer.c.name.label("by_name"))
        .join_from(account_event, account, row.account == account.c.account_id, isouter=True)
        .join(doer, row.by == doer.c.account_id, isouter=True)
    )
    if wanted.account_id is not None:
        query = query.where(row.account == wanted.account_id)
    if wanted.since is not None:
        query = query.where(row.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(row.at < wanted.until)
    if wanted.kinds:
        query = query.where(row.kind.in_(wanted.kinds))
    after = page.after(int)
    if after:
        query = query.where(row.id < after[0])
    rows = connection.execute(query.order_by(row.id.desc()).limit(page.size + 1)).all()
    shown = rows[: page.size]
    return pb.ListAccountEventsResponse(
        events=[_message(each) for each in shown],
        next_page_token=token_after(shown[-1].id) if len(rows) > len(shown) else "",
    )


def _message(row: Row[Any]) -> pb.AccountEvent:
    return pb.AccountEvent(
        at=to_timestamp(row.at),
        kind=ACCOUNT_EVENT_KINDS.to_proto(AccountEventKind(row.kind)),
        account_id=row.account,
        login=row.login or "",
        name=row.name or "",
        by_account_id=row.by,
        by_name=row.by_name or "",
        address=row.address,
        detail=row.detail,
    )
