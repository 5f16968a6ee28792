"""A registered matter: what may be entered, and what is shown of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from xiezhi.v1 import instruction_pb2, instruction_service_pb2
from xiezhi.v1 import outside_service_pb2 as pb
from xiezhi_desk.accounts.account import Account
from xiezhi_desk.terms import CHANNELS, MARKS, STATES
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.calendar import WorkingCalendar
from xiezhi_domain.casenumber import CaseNumber
from xiezhi_domain.indicators.period import first_ranked_day
from xiezhi_domain.terms import Channel, Kind, Mark, State
from xiezhi_node.fields import LONGEST_TEXT, Fields

FINAL: Final = frozenset({State.CONFIRMED, State.RETURNED, State.WITHDRAWN, State.TERMINATED})
TYPED: Final = FINAL | {
    State.AWAITING_SIGNATURE,
    State.SIGNED,
    State.IN_PROGRESS,
    State.AWAITING_SUPPLEMENT,
    State.REPORTED,
    State.REWORK,
    State.SUSPENDED,
}
"""States that a person reads on another channel and types here."""


@dataclass(frozen=True, slots=True)
class OutsideMatter:
    """A row of `outside_matter`; days are ISO 8601, empty where there is none, `registered_at` is in ms."""

    outside_id: str
    channel: str
    external_number: str
    kind: str
    sent: bool
    other_court: str
    case_number: str
    subject_names: str = field(repr=False)
    request_text: str = field(repr=False)
    officer: str
    officer_name: str
    began_on: str
    due_on: str
    state: str
    open: bool
    result: str
    backfilled: bool
    ranked_from: str
    trial: bool
    registered_at: int

    def message(self, today: date, calendar: WorkingCalendar) -> pb.OutsideMatter:
        """Return it as it stands today."""
        boxes = {True: instruction_service_pb2.BOX_SENT, False: instruction_service_pb2.BOX_RECEIVED}
        result = f"RESULT_{self.result or 'UNSPECIFIED'}"
        return pb.OutsideMatter(
            outside_id=self.outside_id,
            channel=CHANNELS.to_proto(Channel(self.channel)),
            external_number=self.external_number,
            kind=self.kind,
            box=boxes[self.sent],
            other_court=self.other_court,
            case_number=self.case_number,
            subject_names=self.subject_names,
            request_text=self.request_text,
            officer_id=self.officer,
            officer_name=self.officer_name,
            began_on=self.began_on,
            due_on=self.due_on,
            state=STATES.to_proto(State(self.state)),
            marks=[MARKS.to_proto(mark) for mark in self._marks(today, calendar)],
            backfilled=self.backfilled,
            ranked_from=self.ranked_from,
            registered_at=to_timestamp(self.registered_at),
            result=instruction_pb2.Result.Value(result),
        )

    def _marks(self, today: date, calendar: WorkingCalendar) -> Iterator[Mark]:
        if self.backfilled:
            yield Mark.BACKFILLED
        if not self.open or not self.due_on:
            return
        due = date.fromisoformat(self.due_on)
        if due < today:
            yield Mark.OVERDUE
        elif due <= calendar.add_working_days(today, 1):
            yield Mark.DUE_SOON


def checked(message: pb.OutsideMatter, kinds: frozenset[str], today: date) -> Fields:
    """Return what is wrong with a matter that somebody wants to register, field by field."""
    fields = Fields()
    with fields.collecting():
        if CHANNELS.from_proto(message.channel, "channel") is Channel.PLATFORM:
            fields.add("channel", f"{Channel.PLATFORM.zh}的事项不在此登记，请直接发起")
    with fields.collecting():
        if STATES.from_proto(message.state, "state") not in TYPED:
            fields.add("state", f"请填写：{'、'.join(state.zh for state in sorted(TYPED))}")
    if message.kind not in kinds and message.kind not in Kind.__members__:
        fields.add("kind", "没有这种事项类型，请核对")
    if message.box not in {instruction_service_pb2.BOX_SENT, instruction_service_pb2.BOX_RECEIVED}:
        fields.add("box", "请写明是委托还是受托")
    fields.require_text("external_number", message.external_number, "外部编号")
    fields.require_text("other_court", message.other_court, "对方法院")
    fields.limit_text("subject_names", message.subject_names)
    fields.limit_text("request_text", message.request_text, LONGEST_TEXT)
    if message.case_number:
        with fields.collecting():
            CaseNumber.parse(message.case_number, "case_number")
    _check_days(fields, message, today)
    return fields


def new_matter(
    message: pb.OutsideMatter, outside_id: str, officer: Account, now: int, *, trial: bool, today: date
) -> OutsideMatter:
    """Return a checked message as a row."""
    state = STATES.from_proto(message.state, "state")
    result = instruction_pb2.Result.Name(message.result).removeprefix("RESULT_")
    return OutsideMatter(
        outside_id=outside_id,
        channel=CHANNELS.from_proto(message.channel, "channel").value,
        external_number=message.external_number.strip(),
        kind=message.kind,
        sent=message.box == instruction_service_pb2.BOX_SENT,
        other_court=message.other_court.strip(),
        case_number=str(CaseNumber.parse(message.case_number)) if message.case_number else "",
        subject_names=message.subject_names.strip(),
        request_text=message.request_text.strip(),
        officer=officer.account_id,
        officer_name=officer.officer.name,
        began_on=message.began_on,
        due_on=message.due_on,
        state=state.value,
        open=state not in FINAL,
        result=result if message.result else "",
        backfilled=message.backfilled,
        ranked_from=first_ranked_day(today).isoformat() if message.backfilled else message.began_on,
        trial=trial,
        registered_at=now,
    )


def _check_days(fields: Fields, message: pb.OutsideMatter, today: date) -> None:
    before = len(fields.violations)
    for name, what in (("began_on", "收到或发出的日期"), ("due_on", "")):
        if what:
            fields.require_text(name, getattr(message, name), what)
        fields.require_day(name, getattr(message, name))
    if len(fields.violations) > before:
        return
    if message.began_on > today.isoformat():
        fields.add("began_on", "不能晚于今天")
    if message.due_on and message.due_on < message.began_on:
        fields.add("due_on", "不能早于收到或发出的日期")
