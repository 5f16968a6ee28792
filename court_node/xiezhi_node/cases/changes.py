"""What becomes of cases, and which open instructions have to be thought about (practice.md §5).

What staff choose for an instruction is done at once, as the moves of its ladder, or not at all.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import case_pb2, remedy_pb2
from xiezhi.v1 import case_service_pb2 as pb
from xiezhi_desk.terms import CASE_CHOICES, CASE_STATUS_CHANGES
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.courts import parse_court_code
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.terms import CaseChoice
from xiezhi_domain.terms.cases import CLOSING_CHANGES
from xiezhi_journal.matter import Rulebooks
from xiezhi_journal.reading import MatterRow
from xiezhi_journal.reading.paging import Page
from xiezhi_node.cases import change_store as store
from xiezhi_node.cases.change_store import Choice, StoredChange
from xiezhi_node.cases.checks import normal_case_number
from xiezhi_node.cases.telling import Choosing
from xiezhi_node.deadlines.preview import preview
from xiezhi_node.fields import LONGEST_TEXT, Fields
from xiezhi_node.instructions.actions import Acting
from xiezhi_node.instructions.remedies import CASE_CHOICE
from xiezhi_node.instructions.remedy_work import prepare
from xiezhi_node.instructions.summaries import to_summary
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller

LIMIT: Final = "case_closed"
"""The rulebook's limit within which something has to be chosen."""
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
    """Who looks, from which seat, under which rulebooks, at what time (ms since 1970)."""

    caller: Caller
    seat: Seat
    rulebooks: Rulebooks
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


def choose(connection: Connection, acting: Acting, request: pb.ChooseForCaseChangeRequest) -> Choosing:
    """Return the work of a choice.

    :raises NotFound: no such change, or no instruction of its case that the caller may see.
    :raises InvalidInput: nothing chosen; no reason for a stop or a pause, or none to go on where the case has ended.
    :raises WrongState: the ladder of the instruction has no such step.
    """
    change = store.get_change(connection, request.change_id)
    rows = store.concerned_by(connection, change, acting.caller, acting.seat)
    if all(row.instruction != request.instruction_id for row in rows):
        raise NotFound(Reason.UNKNOWN_INSTRUCTION)
    choice = _checked_choice(change, request)
    asked = remedy_pb2.ChangeCaseStatusRequest(
        instruction_id=request.instruction_id,
        status=CASE_STATUS_CHANGES.to_proto(change.change),
        choice=request.choice,
        reason=request.reason,
        text=request.text,
        court=change.court,
    )
    caller = acting.caller
    return Choosing(
        prepare(connection, acting, asked, CASE_CHOICE),
        Choice(
            change.change_id,
            request.instruction_id,
            choice,
            request.text.strip(),
            caller.account_id,
            caller.name,
            acting.now,
        ),
    )


def concerned(
    connection: Connection, viewing: Viewing, change_id: str, instruction: str
) -> pb.ConcernedInstruction:
    """Return an instruction as a change concerns it now.

    :raises NotFound: no such change, or no such instruction of its case for the caller.
    """
    listed = _listed(connection, viewing, store.get_change(connection, change_id))
    for each in listed.instructions:
        if each.instruction.instruction_id == instruction:
            return each
    raise NotFound(Reason.UNKNOWN_INSTRUCTION)


def _checked_choice(change: StoredChange, request: pb.ChooseForCaseChangeRequest) -> CaseChoice:
    choice = CASE_CHOICES.from_proto(request.choice, "choice")
    fields = Fields()
    if choice is CaseChoice.CONTINUE and change.change in CLOSING_CHANGES and not request.text.strip():
        fields.add("text", f"案件已{change.change.zh}，继续办理的请填写理由")
    if choice is CaseChoice.TRANSFER and not change.court:
        fields.add("choice", f"该变更没有新的办理法院，不能选择{choice.zh}")
    fields.require_none()
    return choice


def _listed(connection: Connection, viewing: Viewing, change: StoredChange) -> pb.ListedCaseChange:
    rows = store.concerned_by(connection, change, viewing.caller, viewing.seat)
    choices = store.choices_of(connection, change.change_id)
    return pb.ListedCaseChange(
        change=change.message(),
        learned_at=to_timestamp(change.learned_at),
        instructions=[_concerned(connection, viewing, row, choices.get(row.instruction)) for row in rows],
    )


def _concerned(
    connection: Connection, viewing: Viewing, row: MatterRow, choice: Choice | None
) -> pb.ConcernedInstruction:
    due = _due(connection, viewing, row)
    found = pb.ConcernedInstruction(
        instruction=to_summary(row, viewing.seat, viewing.now),
        due_at=to_timestamp(due) if due else None,
        overdue=0 < due < viewing.now,
    )
    if choice is not None:
        found.choice = CASE_CHOICES.to_proto(choice.choice)
        found.text = choice.text
        found.chosen_by = choice.name
        found.chosen_at.FromMilliseconds(choice.at)
    return found


def _due(connection: Connection, viewing: Viewing, row: MatterRow) -> int:
    """Return until when (ms) something has to be chosen, by the matter's own clock; 0 where nothing waits."""
    if store.WAITING not in row.marks:
        return 0
    found = preview(connection, viewing.seat, viewing.rulebooks, row.instruction)
    deadlines = found[1] if found is not None else []
    return max((each.due_at for each in deadlines if each.clock == LIMIT and each.is_open), default=0)
