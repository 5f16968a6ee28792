"""Orders that a program brings approved, many at once: the path of mass work.

The orders of a batch share the transaction of the writer and fail alone. What they have in common (case, receivers,
papers, the program's own entry) is read once for all.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import find_service_pb2 as pb
from xiezhi_domain.errors import DomainError, InvalidInput, LimitExceeded, Reason
from xiezhi_domain.events.ids import check_uuid7, uuid7
from xiezhi_journal.journal import request_key
from xiezhi_journal.ledger import RequestKey
from xiezhi_node.acting.act import Person
from xiezhi_node.acting.issue import Issue
from xiezhi_node.cases.store import get_case
from xiezhi_node.documents import documents_by_matter
from xiezhi_node.fields import LONGEST_TEXT, Fields
from xiezhi_node.finding.checks import Receivers, check_order, normal_order_case, rules_of
from xiezhi_node.finding.convert import CaseParts, to_order
from xiezhi_node.people import person_of
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller

MOST_ISSUES: Final = 512
LONGEST_ROW: Final = 64
_METHOD: Final = "IssueFinds"


@dataclass(frozen=True, slots=True)
class Row:
    """One order of a batch with its idempotency key and the id that it is going to have."""

    issue: pb.FindIssue
    key: RequestKey
    instruction: str


def rows_of(request: pb.IssueFindsRequest, principal: str, now: int) -> list[Row | DomainError]:
    """Return the orders of a batch, or what is wrong with the id of one.

    :raises LimitExceeded: TOO_LARGE.
    :raises InvalidInput: no order, or a row that is empty, too long or used twice.
    """
    issues = request.issues
    if len(issues) > MOST_ISSUES:
        raise LimitExceeded(Reason.TOO_LARGE, f"每批最多 {MOST_ISSUES} 个事项，请分批提交")
    if not issues:
        raise InvalidInput.in_field("issues", "请至少提交一个事项")
    seen: set[str] = set()
    for at, issue in enumerate(issues):
        if not 0 < len(issue.row) <= LONGEST_ROW or issue.row in seen:
            raise InvalidInput.in_field(f"issues[{at}].row", f"行号必填，不能重复，最长 {LONGEST_ROW} 个字符")
        seen.add(issue.row)
    return [_row(request.request_id, issue, principal, now) for issue in issues]


def _row(request_id: str, issue: pb.FindIssue, principal: str, now: int) -> Row | DomainError:
    key = request_key(
        principal, _METHOD, f"{request_id}/{issue.row}", issue.SerializeToString(deterministic=True)
    )
    if not issue.instruction_id:
        return Row(issue, key, uuid7(now, os.urandom(10)))
    try:
        return Row(issue, key, check_uuid7(issue.instruction_id, "instruction_id"))
    except InvalidInput as error:
        return error


class Batch:
    """The orders of one batch on their way to the writer."""

    def __init__(
        self, connection: Connection, seat: Seat, caller: Caller, rows: Sequence[Row | DomainError]
    ) -> None:
        self._connection = connection
        self._seat = seat
        self._person: Person = person_of(connection, caller)
        self._rules = rules_of(seat)
        self._receivers = Receivers(seat)
        self._cases: dict[str, CaseParts] = {}
        instructions = [row.instruction for row in rows if isinstance(row, Row)]
        self._uploaded = documents_by_matter(connection, instructions)

    def work(self, row: Row) -> Issue | DomainError:
        """Return the work that issues an order, or why it cannot be issued."""
        try:
            return self._work(row)
        except DomainError as error:
            return error

    def _work(self, row: Row) -> Issue:
        issue = row.issue
        uploaded = self._uploaded[row.instruction]
        case = self._case(issue.order)
        checked = check_order(issue.order, case, self._rules, self._receivers, uploaded)
        checked.require_complete()
        _check_approval(issue)
        order = to_order(
            checked.order, case, self._rules, uploaded, issue.approval.drafted_by, bulk=issue.bulk
        )
        parts = [*order.parts, ("approval", issue.approval.SerializeToString())]
        return Issue(
            self._seat,
            row.key,
            self._person,
            row.instruction,
            replace(order, parts=parts),
            from_draft=False,
        )

    def _case(self, order: pb.FindOrder) -> CaseParts:
        case = self._cases.get(order.case_number)
        if case is None:
            case = CaseParts(get_case(self._connection, normal_order_case(order)))
            self._cases[order.case_number] = case
        return case


def prepare_batch(
    connection: Connection, seat: Seat, caller: Caller, rows: Sequence[Row | DomainError]
) -> list[Issue | DomainError]:
    """Return for each row the work that issues it, or why it cannot be issued."""
    batch = Batch(connection, seat, caller, rows)
    return [batch.work(row) if isinstance(row, Row) else row for row in rows]


def _check_approval(issue: pb.FindIssue) -> None:
    """Let pass an order that somebody else than its author approved in the court's case system."""
    approval, fields = issue.approval, Fields()
    fields.require_text("approval.approved_by.officer.name", approval.approved_by.officer.name, "审批人姓名")
    fields.require_text("approval.external_reference", approval.external_reference, "办案系统中的审批编号")
    fields.limit_text("approval.opinion", approval.opinion, LONGEST_TEXT)
    drafter, approver = approval.drafted_by, approval.approved_by
    if drafter.officer.name and drafter == approver:
        fields.add("approval.approved_by", Reason.SAME_PERSON.zh)
    fields.require_none()
