"""`LeaveService`: leave, substitution, hand-over."""

# Methods are named by the contract.
# ruff: noqa: N802

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import leave_service_pb2 as pb
from xiezhi.v1.leave_service_pb2_grpc import LeaveServiceServicer
from xiezhi_desk.accounts.account import normal_login
from xiezhi_desk.accounts.store import find_account, find_login, get_account
from xiezhi_desk.requests import request_key
from xiezhi_desk.roster.duty import parse_day
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_domain.terms import Role
from xiezhi_journal.journal import Journal
from xiezhi_node.instructions.summaries import to_summary
from xiezhi_node.leave import handover, store
from xiezhi_node.leave.enter import check_leave
from xiezhi_node.leave.owned import owned_matters, owned_outside
from xiezhi_node.leave.store import Leave
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller, current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class LeaveService(LeaveServiceServicer):
    """Serves leaves; *changed* is told the account for whom somebody else stands in, or no longer does."""

    def __init__(self, journal: Journal, seat: Seat, changed: Callable[[str], None]) -> None:
        self._journal = journal
        self._seat = seat
        self._changed = changed

    async def EnterLeave(self, request: pb.EnterLeaveRequest, _context: _Context) -> pb.EnterLeaveResponse:
        """Enter a leave."""
        caller, now = current_caller(), self._journal.clock()
        account = request.account_id or caller.account_id
        _require_own(caller, account)
        substitute = await self._journal.read(partial(_account_id, named=request.substitute_id))
        leave = Leave(
            leave_id=str(uuid.uuid4()),
            account=account,
            substitute=substitute,
            first_day=parse_day(request.first_day, "first_day"),
            last_day=parse_day(request.last_day, "last_day"),
            reason=request.reason.strip(),
            entered_by=caller.account_id,
            entered_at=now,
        )

        def work(connection: Connection) -> bytes:
            check_leave(connection, leave, to_date(now))
            store.add_leave(connection, leave)
            return pb.EnterLeaveResponse(leave=self._message(connection, leave)).SerializeToString()

        answer = await self._journal.write_once(request_key(caller, "EnterLeave", request), work)
        self._changed(leave.substitute)
        return pb.EnterLeaveResponse.FromString(answer)

    async def EndLeave(self, request: pb.EndLeaveRequest, _context: _Context) -> pb.EndLeaveResponse:
        """End a leave."""
        caller = current_caller()
        leave = await self._journal.read(partial(store.get_leave, leave_id=request.leave_id))
        _require_own(caller, leave.account)
        await self._journal.write(
            partial(store.end_leave, leave_id=leave.leave_id, now=self._journal.clock())
        )
        self._changed(leave.substitute)
        return pb.EndLeaveResponse()

    async def ListLeaves(self, _request: pb.ListLeavesRequest, _context: _Context) -> pb.ListLeavesResponse:
        """Return the leaves that are not over."""

        def query(connection: Connection) -> pb.ListLeavesResponse:
            leaves = store.running_leaves(connection, to_date(self._journal.clock()))
            return pb.ListLeavesResponse(leaves=[self._message(connection, leave) for leave in leaves])

        return await self._journal.read(query)

    async def ListOwned(self, request: pb.ListOwnedRequest, _context: _Context) -> pb.ListOwnedResponse:
        """Return the open matters that a person owns."""
        now = self._journal.clock()

        def query(connection: Connection) -> pb.ListOwnedResponse:
            account = get_account(connection, request.account_id)
            matters = owned_matters(connection, account.account_id)
            return pb.ListOwnedResponse(
                matters=[to_summary(row, self._seat, now) for row in matters],
                outside_ids=owned_outside(connection, account.account_id),
                officer=account.officer,
            )

        return await self._journal.read(query)

    async def HandOver(self, request: pb.HandOverRequest, _context: _Context) -> pb.HandOverResponse:
        """Hand matters over."""
        caller = current_caller()
        request_key(caller, "HandOver", request)
        prepare = partial(handover.prepare, seat=self._seat, caller=caller, request=request)
        matters = await self._journal.read(prepare)
        answers = await self._journal.writer.submit_all([matter.work for matter in matters])
        now = self._journal.clock()
        results = [handover.result(now, *each) for each in zip(matters, answers, strict=True)]
        return pb.HandOverResponse(results=results)

    def _message(self, connection: Connection, leave: Leave) -> pb.Leave:
        today = to_date(self._journal.clock())
        return pb.Leave(
            leave_id=leave.leave_id,
            account_id=leave.account,
            name=_name(connection, leave.account),
            substitute_id=leave.substitute,
            substitute_name=_name(connection, leave.substitute),
            first_day=leave.first_day.isoformat(),
            last_day=leave.last_day.isoformat(),
            reason=leave.reason,
            current=leave.first_day <= today <= leave.last_day and not leave.ended_at,
        )


def _require_own(caller: Caller, account: str) -> None:
    if account != caller.account_id and Role.CENTRE_DIRECTOR not in caller.roles:
        raise NotAllowed(Reason.FORBIDDEN, f"他人的请假只能由{Role.CENTRE_DIRECTOR.zh}登记")


def _account_id(connection: Connection, named: str) -> str:
    """Return the id of an account named by id or login; what is neither stays as it is, to be refused."""
    found = find_login(connection, normal_login(named)) if named else None
    return found.account_id if found else named


def _name(connection: Connection, account_id: str) -> str:
    account = find_account(connection, account_id) if account_id else None
    return account.officer.name if account else ""
