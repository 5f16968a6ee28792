"""`RosterService`: the court's own roster."""

# Methods are named by the contract.
# ruff: noqa: N802

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any, Final, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import account_service_pb2
from xiezhi.v1 import roster_service_pb2 as pb
from xiezhi.v1.roster_service_pb2_grpc import RosterServiceServicer
from xiezhi_desk.requests import request_key
from xiezhi_desk.roster import store
from xiezhi_desk.roster.duty import Duty, day_of, duty_of_entry, parse_day, start_of
from xiezhi_domain.calendar import end_of_day_ms
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import InvalidInput, LimitExceeded, Reason
from xiezhi_journal.journal import Journal
from xiezhi_wire.caller import current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
_SHOWN: Final = timedelta(days=31)


class RosterService(RosterServiceServicer):
    """Serves the roster in the journal; *changed* is called after each change."""

    def __init__(self, journal: Journal, changed: Callable[[], None] = lambda: None) -> None:
        self._journal = journal
        self._changed = changed

    async def ImportRoster(
        self, request: pb.ImportRosterRequest, _context: _Context
    ) -> pb.ImportRosterResponse:
        """Replace the duties of the days that the rows name."""
        caller = current_caller()
        duties, problems = self._read(request)
        days = {start_of(day_of(duty.begins_at)) for duty in duties}
        answer = pb.ImportRosterResponse(days=len(days), problems=problems)
        if request.check_only or problems:
            return answer

        def work(connection: Connection) -> bytes:
            store.replace_days(connection, self._journal.court, days, duties)
            return answer.SerializeToString()

        stored = await self._journal.write_once(request_key(caller, "ImportRoster", request), work)
        self._changed()
        return pb.ImportRosterResponse.FromString(stored)

    async def ListRoster(self, request: pb.ListRosterRequest, _context: _Context) -> pb.ListRosterResponse:
        """Return the duties of some days."""
        today = to_date(self._journal.clock())
        first = parse_day(request.from_day, "from_day") if request.from_day else today
        last = (
            parse_day(request.to_day, "to_day") if request.to_day else min(first, date.max - _SHOWN) + _SHOWN
        )
        query = partial(
            store.duties_between,
            court=self._journal.court,
            since=start_of(first),
            until=end_of_day_ms(last) + 1,
        )
        return pb.ListRosterResponse(entries=[duty.entry() for duty in await self._journal.read(query)])

    def _read(self, request: pb.ImportRosterRequest) -> tuple[list[Duty], list[pb.RosterProblem]]:
        """Return the duties of a request, or what is wrong.

        :raises InvalidInput: it has no row.
        :raises LimitExceeded: TOO_LARGE.
        """
        if not request.entries:
            raise InvalidInput.in_field("entries", "值班表没有内容")
        if len(request.entries) > store.MOST_DUTIES:
            raise LimitExceeded(Reason.TOO_LARGE, f"每次最多 {store.MOST_DUTIES} 行，请分批导入")
        duties: dict[tuple[int, str], Duty] = {}
        problems: list[pb.RosterProblem] = []
        for entry in request.entries:
            try:
                duty = duty_of_entry(self._journal.court, entry)
                if (duty.begins_at, duty.name) in duties:
                    raise InvalidInput.in_field("name", "同一时间已有该值班人，请删除重复的一行")
                duties[(duty.begins_at, duty.name)] = duty
            except InvalidInput as error:
                problems.extend(_problem(entry.row, each.field, each.message) for each in error.fields)
        return list(duties.values()), problems


def _problem(row: int, field: str, message: str) -> pb.RosterProblem:
    return pb.RosterProblem(row=row, problem=account_service_pb2.CellProblem(field=field, message=message))
