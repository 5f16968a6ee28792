"""`AccountJournalService`: who signed in, and what was done to accounts."""

# Methods are named by the contract.
# ruff: noqa: N802

from typing import Any, Final, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import account_journal_service_pb2 as pb
from xiezhi.v1.account_journal_service_pb2_grpc import AccountJournalServiceServicer
from xiezhi_desk.account_journal.reading import EventFilter, event_page
from xiezhi_desk.accounts import store
from xiezhi_desk.accounts.account import normal_login
from xiezhi_desk.terms import ACCOUNT_EVENT_KINDS
from xiezhi_domain.errors import NotAllowed, NotFound, Reason
from xiezhi_domain.terms import Role
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import Page
from xiezhi_wire.caller import Caller, current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
_READERS: Final = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


class AccountJournalService(AccountJournalServiceServicer):
    """Serves the journal of the accounts of one court."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def ListAccountEvents(
        self, request: pb.ListAccountEventsRequest, _context: _Context
    ) -> pb.ListAccountEventsResponse:
        """Return a page of entries."""
        caller = current_caller()
        page = Page.of(request.page_size, request.page_token)
        kinds = ACCOUNT_EVENT_KINDS.all_from_proto(request.kinds, "kinds")

        def read(connection: Connection) -> pb.ListAccountEventsResponse:
            wanted = EventFilter(
                account_id=_account_wanted(connection, request, caller),
                since=request.since.ToMilliseconds() if request.HasField("since") else None,
                until=request.until.ToMilliseconds() if request.HasField("until") else None,
                kinds=kinds,
            )
            return event_page(connection, wanted, page)

        return await self._journal.read(read)


def _account_wanted(
    connection: Connection, request: pb.ListAccountEventsRequest, caller: Caller
) -> str | None:
    """Return the account whose entries are asked for, None for all."""
    named = request.account.strip()
    if not named and not request.everybody:
        return caller.account_id
    if _READERS.isdisjoint(caller.roles):
        if normal_login(named) in {caller.account_id, _own_login(connection, caller)}:
            return caller.account_id
        raise NotAllowed(Reason.FORBIDDEN, "只能查看本人账号的日志")
    if not named:
        return None
    found = store.find_account(connection, named) or store.find_login(connection, normal_login(named))
    if found is None:
        raise NotFound(Reason.UNKNOWN_ACCOUNT)
    return found.account_id


def _own_login(connection: Connection, caller: Caller) -> str:
    return store.get_account(connection, caller.account_id).login
