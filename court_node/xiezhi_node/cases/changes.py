"""What becomes of cases, and which open instructions have to be thought about (practice.md §5).

The node tells and keeps what staff choose; stopping, suspending and moving an instruction are moves of its ladder.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import case_pb2
from xiezhi.v1 import case_service_pb2 as pb
from xiezhi_desk.terms import CASE_CHOICES, CASE_STATUS_CHANGES
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.clocks.period import end_of_period
from xiezhi_domain.courts import parse_court_code
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.terms import CaseChoice
from xiezhi_domain.terms.cases import CLOSING_CHANGES
from xiezhi_journal.reading import MatterRow
from xiezhi_journal.reading.paging import Page
from xiezhi_node.cases import change_store as store
from xiezhi_node.cases.change_store import Choice, StoredChange
from xiezhi_node.cases.checks import normal_case_number
from xiezhi_node.fields import LONGEST_TEXT, Fields
from xiezhi_node.instructions.summaries import to_summary
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller

LIMIT: Final = "case_closed"
"""The rulebook's limit within which an instruction of a closed case has to end."""
LONGEST_ID: Final = 128


def check_change(change: case_pb2.CaseChange, now: int, change_id: str, root: str = "change") -> StoredChange:
    """Return a change as it is stored; *change_id* is the one it gets where it brings none.

    :raises InvalidInput: with every wrong field below *root*.
    """
    fields = Fields()
    number, kind, court = "", None, ""
    with fields.collecting():
        number = normal_case_number(change.case_number, f"{root}.case_number")
    with fields.collecting():
        kind = CASE_STATUS_CHANGES.from_proto(change.change, f"{root}.change")
    if change.court:
        with fields.collecting():
            court = parse_court_code(change.court, f"{root}.court")
    happened_at = change.happened_at.ToMilliseconds() if change.HasField("happened_at") else 0
    if not 0 < happened_at <= now:
        fields.add(f"{root}.happened_at", "请填写变更时间，且不能晚于现在")
    fields.limit_text(f"{root}.change_id", change.change_id, LONGEST_ID)
    fields.limit_text(f"{root}.text", change.text, LONGEST_TEXT)
    fields.require_none()
    assert kind is not None, "noted above"
    return StoredChange(
        change.change_id or change_id, number, kind, court, change.text.strip(), happened_at, now
    )


@dataclass(frozen=True, slots=True)
class Viewing:
    """Who looks, from which seat, at what time (ms since 1970)."""

    caller: Caller
    seat: Seat
    now: int


def list_changes(
    connection: Connection, viewing: Viewing, page: Page, *, undecided_only: bool
) -> pb.ListCaseChangesResponse:
    """Return a page of changes with the instructions that they concern.

    :raises InvalidInput: a token of another list.
    """
    changes, token = store.list_changes(connection, page, undecided_only=undecided_only)
    listed = [_listed(connection, viewing, change) for change in changes]
    return pb.ListCaseChangesResponse(changes=listed, next_page_token=token)


def choose(
    connection: Connection, viewing: Viewing, request: pb.ChooseForCaseChangeRequest
) -> pb.ConcernedInstruction:
    """Store a choice and return the instruction with it.

    :raises NotFound: no such change, or no instruction of its case that the caller may see.
    :raises InvalidInput: nothing chosen, or no reason where the case has ended and the instruction goes on.
    """
    change = store.get_change(connection, request.change_id)
    rows = store.concerned_by(connection, change, viewing.caller, viewing.seat)
    row = next((row for row in rows if row.instruction == request.instruction_id), None)
    if row is None:
        raise NotFound(Reason.UNKNOWN_INSTRUCTION)
    choice = Choice(
        change.change_id,
        row.instruction,
        _checked_choice(change, request),
        request.reason.strip(),
        viewing.caller.account_id,
        viewing.caller.name,
        viewing.now,
    )
    store.put_choice(connection, choice)
    return _concerned(viewing, change, row, choice)


def _checked_choice(change: StoredChange, request: pb.ChooseForCaseChangeRequest) -> CaseChoice:
    choice = CASE_CHOICES.from_proto(request.choice, "choice")
    fields = Fields()
    fields.limit_text("reason", request.reason, LONGEST_TEXT)
    if choice is CaseChoice.CONTINUE and change.change in CLOSING_CHANGES and not request.reason.strip():
        fields.add("reason", f"案件已{change.change.zh}，继续办理的请填写理由")
    if choice is CaseChoice.TRANSFER and not change.court:
        fields.add("choice", "该变更没有新的办理法院，不能选择变更委托")
    fields.require_none()
    return choice


def _listed(connection: Connection, viewing: Viewing, change: StoredChange) -> pb.ListedCaseChange:
    rows = store.concerned_by(connection, change, viewing.caller, viewing.seat)
    choices = store.choices_of(connection, change.change_id)
    return pb.ListedCaseChange(
        change=change.message(),
        learned_at=to_timestamp(change.learned_at),
        instructions=[_concerned(viewing, change, row, choices.get(row.instruction)) for row in rows],
    )


def _concerned(
    viewing: Viewing, change: StoredChange, row: MatterRow, choice: Choice | None
) -> pb.ConcernedInstruction:
    due = _due(viewing.seat, change, row.kind)
    goes_on = choice is not None and choice.choice is CaseChoice.CONTINUE
    concerned = pb.ConcernedInstruction(
        instruction=to_summary(row, viewing.seat, viewing.now),
        due_at=to_timestamp(due) if due else None,
        overdue=bool(due) and row.open and viewing.now > due and not goes_on,
    )
    if choice is not None:
        concerned.choice = CASE_CHOICES.to_proto(choice.choice)
        concerned.reason = choice.reason
        concerned.chosen_by = choice.name
        concerned.chosen_at.FromMilliseconds(choice.at)
    return concerned


def _due(seat: Seat, change: StoredChange, kind: str) -> int:
    """Return until when (ms) an instruction of the changed case may stay open; 0 where nothing says so."""
    rules = seat.rulebook.kinds.get(kind)
    limit = rules.limits.get(LIMIT) if rules is not None else None
    if limit is None or change.change not in CLOSING_CHANGES:
        return 0
    return end_of_period(change.happened_at, limit.amount, limit.unit, seat.calendar)
