"""The record of access as auditors read it: with the names of people and the numbers of matters."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, or_, select

from xiezhi.v1 import administration_service_pb2 as pb
from xiezhi_desk.access import Access, AccessFilter, read_accesses
from xiezhi_desk.accounts.account import normal_login
from xiezhi_desk.administration.looked_at import objects_about
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_journal import tables
from xiezhi_journal.reading import Page, find_by_number
from xiezhi_journal.reading.deadlines import numbers_of
from xiezhi_journal.reading.paging import token_after


def filter_of(connection: Connection, request: pb.ListLooksRequest) -> AccessFilter:
    """Return which looks are asked for: people by id, login or name, matters by id or number, or by who is in them.

    :raises InvalidInput: too much was looked at to search all of it for a person.
    """
    wanted, person = request.object.strip(), request.person.strip()
    looks = AccessFilter(
        accounts=accounts_of(connection, request.who.strip()) if request.who.strip() else None,
        object=(find_by_number(connection, wanted) or wanted) if wanted else "",
        since=request.since.ToMilliseconds() if request.HasField("since") else None,
        until=request.until.ToMilliseconds() if request.HasField("until") else None,
        unmasked_only=request.unmasked_only,
    )
    return replace(looks, objects=objects_about(connection, person, looks)) if person else looks


def accounts_of(connection: Connection, who: str) -> frozenset[str]:
    """Return the ids of the accounts that *who* names: itself, by login, by name; or the court whose code it is."""
    row = tables.account.c
    query = select(row.account_id).where(or_(row.login == normal_login(who), row.name == who))
    return frozenset({who, *connection.scalars(query)})


def look_page(connection: Connection, wanted: AccessFilter, page: Page) -> pb.ListLooksResponse:
    """Return a page of looks, the last first.

    :raises InvalidInput: a token of another list.
    """
    after = page.after(int)
    before = int(after[0]) if after else None
    rows = read_accesses(connection, wanted, limit=page.size + 1, before=before)
    shown = rows[: page.size]
    names = _names(connection, {look.account for _, look in shown})
    numbers = numbers_of(connection, {look.object for _, look in shown})
    return pb.ListLooksResponse(
        looks=_messages([look for _, look in shown], names, numbers),
        next_page_token=token_after(shown[-1][0]) if len(rows) > len(shown) else "",
    )


def _messages(looks: Sequence[Access], names: Mapping[str, str], numbers: Mapping[str, str]) -> list[pb.Look]:
    return [
        pb.Look(
            at=to_timestamp(look.at),
            account_id=look.account,
            account_name=names.get(look.account, ""),
            method=look.method,
            object=look.object,
            matter_number=numbers.get(look.object, ""),
            purpose=look.purpose,
            unmasked=look.unmasked,
        )
        for look in looks
    ]


def _names(connection: Connection, accounts: Collection[str]) -> dict[str, str]:
    row = tables.account.c
    query = select(row.account_id, row.name).where(row.account_id.in_(accounts))
    return {each.account_id: each.name for each in connection.execute(query)}
