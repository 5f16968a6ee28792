"""`OutsideService`: matters of other channels."""

# Methods are named by the contract.
# ruff: noqa: N802

import os
from datetime import date
from functools import partial
from typing import Any, Final, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import account_service_pb2, channel_pb2, instruction_pb2, instruction_service_pb2
from xiezhi.v1 import outside_service_pb2 as pb
from xiezhi.v1.outside_service_pb2_grpc import OutsideServiceServicer
from xiezhi_desk.access import Access, record_access
from xiezhi_desk.accounts.account import Account, normal_login
from xiezhi_desk.accounts.store import find_login, get_account
from xiezhi_desk.channels import read_policy, rules_of
from xiezhi_desk.days import first_moment
from xiezhi_desk.requests import request_key
from xiezhi_desk.terms import CHANNELS, STATES
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.channels import advice, channel_of
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import (
    DomainError,
    FieldViolation,
    InvalidInput,
    LimitExceeded,
    Reason,
    WrongState,
)
from xiezhi_domain.events.ids import uuid7
from xiezhi_domain.terms import Channel, State
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import Page
from xiezhi_node.fields import LONGEST_TEXT, Fields
from xiezhi_node.outside import store
from xiezhi_node.outside.matter import FINAL, TYPED, OutsideMatter, checked, new_matter
from xiezhi_node.outside.store import Step, Wanted, visible_outside
from xiezhi_node.seat import Seat
from xiezhi_node.trial.store import trial_runs
from xiezhi_wire.caller import Caller, current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
MOST_ROWS: Final = 200
_SENT: Final = {instruction_service_pb2.BOX_SENT: True, instruction_service_pb2.BOX_RECEIVED: False}


class OutsideService(OutsideServiceServicer):
    """Serves the book of other channels."""

    def __init__(self, journal: Journal, seat: Seat) -> None:
        self._journal = journal
        self._seat = seat

    async def RegisterOutside(
        self, request: pb.RegisterOutsideRequest, _context: _Context
    ) -> pb.RegisterOutsideResponse:
        """Register matters, each row alone."""
        caller = current_caller()
        if not request.rows:
            raise InvalidInput.in_field("rows", "没有要登记的内容")
        if len(request.rows) > MOST_ROWS:
            raise LimitExceeded(Reason.TOO_LARGE, f"每批最多 {MOST_ROWS} 行，请分批提交")
        results = [await self._row(caller, row, check_only=request.check_only) for row in request.rows]
        return pb.RegisterOutsideResponse(results=results)

    async def RecordOutsideStep(
        self, request: pb.RecordOutsideStepRequest, _context: _Context
    ) -> pb.RecordOutsideStepResponse:
        """Note what became of a matter."""
        caller, now = current_caller(), self._journal.clock()
        state = STATES.from_proto(request.state, "state")
        _check_step(request, state, self._today)
        seen = visible_outside(caller, self._seat.rulebook)
        result = instruction_pb2.Result.Name(request.result).removeprefix("RESULT_") if request.result else ""

        def work(connection: Connection) -> bytes:
            matter = store.find_matter(connection, request.outside_id, seen)
            if not matter.open:
                raise WrongState(Reason.WRONG_STATE, "该登记事项已办结，不能再填写")
            if request.happened_on < matter.began_on:
                raise InvalidInput.in_field("happened_on", "不能早于收到或发出的日期")
            step = _step(matter.outside_id, state, request.happened_on, request.text, caller, now)
            store.take_step(connection, step, is_open=state not in FINAL, result=result)
            after = store.find_matter(connection, matter.outside_id, seen)
            return pb.RecordOutsideStepResponse(matter=self._message(after)).SerializeToString()

        key = request_key(caller, "RecordOutsideStep", request)
        return pb.RecordOutsideStepResponse.FromString(await self._journal.write_once(key, work))

    async def GetOutside(self, request: pb.GetOutsideRequest, _context: _Context) -> pb.GetOutsideResponse:
        """Return one matter with its steps."""
        caller = current_caller()
        seen = visible_outside(caller, self._seat.rulebook)

        def query(connection: Connection) -> pb.GetOutsideResponse:
            matter = store.find_matter(connection, request.outside_id, seen)
            found = store.steps_of(connection, matter.outside_id)
            return pb.GetOutsideResponse(
                matter=self._message(matter), steps=[_step_message(step) for step in found]
            )

        answer = await self._journal.read(query)
        look = Access(self._journal.clock(), caller.account_id, "GetOutside", answer.matter.outside_id)
        await self._journal.write(partial(record_access, access=look))
        return answer

    async def ListOutside(self, request: pb.ListOutsideRequest, _context: _Context) -> pb.ListOutsideResponse:
        """Return a page of matters."""
        filters = instruction_service_pb2.ListInstructionsRequest()
        filters.CopyFrom(request.filter)
        filters.box = request.box
        filters.open_only, filters.overdue_only = request.open_only, request.overdue_only
        wanted = wanted_of(filters, request.channel, self._today)
        query = partial(
            store.list_matters,
            wanted=wanted,
            visible=visible_outside(
                current_caller(), self._seat.rulebook, mine_only=request.filter.mine_only
            ),
            page=Page.of(request.page_size, request.page_token),
        )
        matters, token = await self._journal.read(query)
        return pb.ListOutsideResponse(
            matters=[self._message(matter) for matter in matters], next_page_token=token
        )

    async def CheckChannel(
        self, request: pb.CheckChannelRequest, _context: _Context
    ) -> pb.CheckChannelResponse:
        """Return the channel that a new matter has to take."""
        policy = await self._journal.read(read_policy)
        channel = channel_of(rules_of(policy), request.kind, self._seat.court, request.receiver)
        if channel is Channel.PLATFORM and not self._reaches(request.receiver):
            channel = Channel.NATIONAL_SYSTEM
        return pb.CheckChannelResponse(
            channel=CHANNELS.to_proto(channel), policy_version=policy.version, message=advice(channel)
        )

    # --- Inside ------------------------------------------------------------------------------------------------------

    @property
    def _today(self) -> date:
        return to_date(self._journal.clock())

    def _reaches(self, receiver: str) -> bool:
        """Return whether a court has its common superior with ours at this node's hub (protocol §9)."""
        seat = self._seat
        known = receiver in seat.courts
        return known and seat.courts.lowest_common_superior(seat.court, receiver).code == seat.hub_court

    def _message(self, matter: OutsideMatter) -> pb.OutsideMatter:
        return matter.message(self._today, self._seat.calendar)

    async def _row(self, caller: Caller, row: pb.OutsideRow, *, check_only: bool) -> pb.OutsideResult:
        """Register one row, or say what is wrong with it."""
        try:
            checked(row.matter, frozenset(self._seat.rulebook.kinds), self._today).require_none()
            if check_only:
                officer = partial(_officer, caller=caller, login=row.matter.officer_login)
                await self._journal.read(officer)
                return pb.OutsideResult(row=row.row)
            key = request_key(caller, "RegisterOutside", row)
            work = partial(self._register, caller=caller, row=row)
            return pb.OutsideResult.FromString(await self._journal.write_once(key, work))
        except DomainError as error:
            problems = error.fields or (FieldViolation("", error.message),)
            return pb.OutsideResult(
                row=row.row,
                problems=[
                    account_service_pb2.CellProblem(field=each.field, message=each.message)
                    for each in problems
                ],
            )

    def _register(self, connection: Connection, caller: Caller, row: pb.OutsideRow) -> bytes:
        now, officer = self._journal.clock(), _officer(connection, caller, row.matter.officer_login)
        matter = new_matter(
            row.matter,
            uuid7(now, os.urandom(10)),
            officer,
            now,
            trial=trial_runs(connection),
            today=self._today,
        )
        step = _step(matter.outside_id, State(matter.state), matter.began_on, "登记", caller, now)
        store.add_matter(connection, matter, step)
        return pb.OutsideResult(row=row.row, matter=self._message(matter)).SerializeToString()


def wanted_of(
    filters: instruction_service_pb2.ListInstructionsRequest,
    channel: channel_pb2.Channel.ValueType,
    today: date,
) -> Wanted:
    """Return what a list of registered matters shows on the day *today*, of one channel or of all.

    :raises InvalidInput: a state or channel that this version does not know, no day.
    """
    for day, field in ((filters.due_from, "due_from"), (filters.due_until, "due_until")):
        first_moment(day, field)
    return Wanted(
        channel=CHANNELS.from_proto(channel, "channel").value if channel else None,
        sent=_SENT.get(filters.box),
        open_only=filters.open_only,
        due_before=today.isoformat() if filters.overdue_only else None,
        states=STATES.all_from_proto(filters.states, "states"),
        kinds=frozenset(filters.kinds),
        other_court=filters.other_court,
        text=filters.text,
        case_number=filters.case_number,
        person=filters.person,
        due_from=filters.due_from,
        due_until=filters.due_until,
    )


def _officer(connection: Connection, caller: Caller, login: str) -> Account:
    if not login.strip():
        return get_account(connection, caller.account_id)
    account = find_login(connection, normal_login(login))
    if account is None or account.disabled:
        raise InvalidInput.in_field("officer_login", "本院没有这个可用的登录名，请核对")
    return account


def _check_step(request: pb.RecordOutsideStepRequest, state: State, today: date) -> None:
    fields = Fields()
    if state not in TYPED:
        fields.add("state", f"请填写：{'、'.join(each.zh for each in sorted(TYPED))}")
    fields.require_text("happened_on", request.happened_on, "发生日期")
    fields.require_day("happened_on", request.happened_on)
    if request.happened_on > today.isoformat():
        fields.add("happened_on", "不能晚于今天")
    fields.limit_text("text", request.text, LONGEST_TEXT)
    if request.result and state not in FINAL:
        fields.add("result", "办结后才能填写结果")
    fields.require_none()


def _step(outside_id: str, state: State, day: str, text: str, caller: Caller, now: int) -> Step:
    return Step(outside_id, state.value, day, text.strip(), caller.account_id, caller.name, now)


def _step_message(step: Step) -> pb.OutsideStep:
    return pb.OutsideStep(
        state=STATES.to_proto(State(step.state)),
        happened_on=step.happened_on,
        text=step.text,
        entered_by=step.name,
        entered_at=to_timestamp(step.entered_at),
    )
