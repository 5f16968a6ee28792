"""Orders that a program brings approved, many at once: the path of mass work.

The orders of a batch share the transaction of the writer and fail alone. What they have in common (case, receivers,
papers, the program's own entry) is read once for all.
"""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from sqlalchemy import Connection

from xiezhi.v1 import delegation_service_pb2, find_service_pb2, instruction_pb2
from xiezhi_desk.once import stored_answer
from xiezhi_desk.requests import LONGEST_REQUEST_ID, principal
from xiezhi_domain.errors import DomainError, InvalidInput, LimitExceeded, Reason, Unavailable
from xiezhi_domain.events.ids import check_uuid7, uuid7
from xiezhi_journal.journal import Journal, request_key
from xiezhi_journal.ledger import RequestKey
from xiezhi_node.acting.act import Person
from xiezhi_node.acting.issue import Issue
from xiezhi_node.cases.store import get_case
from xiezhi_node.documents import documents_by_matter
from xiezhi_node.fields import LONGEST_TEXT, Fields
from xiezhi_node.ordering.case_parts import CaseParts
from xiezhi_node.ordering.checks import check_order, normal_order_case
from xiezhi_node.ordering.convert import to_order
from xiezhi_node.ordering.order_type import IssueMessage, OrderMessage
from xiezhi_node.ordering.sender import Sender
from xiezhi_node.ordering.sums import exposure
from xiezhi_node.people import person_of
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller

MOST_ISSUES: Final = 512
LONGEST_ROW: Final = 64

ResultT = TypeVar("ResultT", find_service_pb2.FindIssueResult, delegation_service_pb2.DelegationIssueResult)


@dataclass(frozen=True, slots=True)
class Row:
    """One order of a batch with its idempotency key and the id that it is going to have."""

    issue: IssueMessage
    key: RequestKey
    instruction: str


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """A batch as `method` of the contract brings it."""

    method: str
    request_id: str
    issues: Sequence[IssueMessage]

    def rows(self, principal: str, now: int) -> list[Row | DomainError]:
        """Return the orders, or what is wrong with the id of one.

        :raises LimitExceeded: TOO_LARGE.
        :raises InvalidInput: a bad request id, no order, or a row that is empty, too long or used twice.
        """
        if not 0 < len(self.request_id) <= LONGEST_REQUEST_ID:
            raise InvalidInput.in_field("request_id", f"请求编号必填，最长 {LONGEST_REQUEST_ID} 个字符")
        if len(self.issues) > MOST_ISSUES:
            raise LimitExceeded(Reason.TOO_LARGE, f"每批最多 {MOST_ISSUES} 个事项，请分批提交")
        if not self.issues:
            raise InvalidInput.in_field("issues", "请至少提交一个事项")
        seen: set[str] = set()
        for at, issue in enumerate(self.issues):
            if not 0 < len(issue.row) <= LONGEST_ROW or issue.row in seen:
                raise InvalidInput.in_field(
                    f"issues[{at}].row", f"行号必填，不能重复，最长 {LONGEST_ROW} 个字符"
                )
            seen.add(issue.row)
        return [self._row(issue, principal, now) for issue in self.issues]

    def _row(self, issue: IssueMessage, principal: str, now: int) -> Row | DomainError:
        content = issue.SerializeToString(deterministic=True)
        key = request_key(principal, self.method, f"{self.request_id}/{issue.row}", content)
        if not issue.instruction_id:
            return Row(issue, key, uuid7(now, os.urandom(10)))
        try:
            return Row(issue, key, check_uuid7(issue.instruction_id, "instruction_id"))
        except InvalidInput as error:
            return error


class Batch:
    """The orders of one batch on their way to the writer."""

    def __init__(
        self,
        connection: Connection,
        seat: Seat,
        caller: Caller,
        rows: Sequence[Row | DomainError],
        now: int,
    ) -> None:
        self._connection = connection
        self._seat = seat
        self._person: Person = person_of(connection, caller)
        self._sender = Sender(seat, now, self._exposure)
        self._cases: dict[str, CaseParts] = {}
        self._exposures: Counter[str] = Counter()
        instructions = [row.instruction for row in rows if isinstance(row, Row)]
        self._uploaded = documents_by_matter(connection, instructions)

    def work(self, row: Row) -> Issue | bytes | DomainError:
        """Return the work that issues an order, the answer that it got before, or why it cannot be issued."""
        try:
            return self._work(row)
        except DomainError as error:
            # What was issued before may be what now stands against issuing it: the first answer still holds.
            answer = stored_answer(self._connection, row.key)
            return error if answer is None else answer

    def _work(self, row: Row) -> Issue:
        issue = row.issue
        uploaded = self._uploaded[row.instruction]
        case = self._case(issue.order)
        checked = check_order(issue.order, case, self._sender, uploaded)
        checked.require_complete()
        _check_approval(issue)
        order = to_order(checked, case, uploaded, issue.approval.drafted_by, bulk=issue.bulk)
        if checked.ordered:
            # The next order of the case is judged with this one.
            self._exposures[case.case.case_number] += checked.ordered
        parts = [*order.parts, ("approval", issue.approval.SerializeToString())]
        return Issue(
            self._seat,
            row.key,
            self._person,
            row.instruction,
            replace(order, parts=parts),
            from_draft=False,
        )

    def _case(self, order: OrderMessage) -> CaseParts:
        case = self._cases.get(order.case_number)
        if case is None:
            case = CaseParts(get_case(self._connection, normal_order_case(order)))
            self._cases[order.case_number] = case
        return case

    def _exposure(self, case_number: str) -> int:
        if case_number not in self._exposures:
            self._exposures[case_number] = exposure(self._connection, self._seat.rulebooks, case_number)
        return self._exposures[case_number]


async def issue_batch(
    journal: Journal, seat: Seat, caller: Caller, batch: BatchRequest, result: type[ResultT]
) -> list[ResultT]:
    """Issue a batch and return one *result* of the contract for each order, in order.

    :raises DomainError: as `BatchRequest.rows`.
    """
    now = journal.clock()
    rows = batch.rows(principal(caller), now)

    def prepare(connection: Connection) -> list[Issue | bytes | DomainError]:
        works = Batch(connection, seat, caller, rows, now)
        return [works.work(row) if isinstance(row, Row) else row for row in rows]

    prepared = await journal.read(prepare)
    works = [work for work in prepared if isinstance(work, Issue)]
    answers = iter(await journal.writer.submit_all(works))
    results = [next(answers) if isinstance(each, Issue) else each for each in prepared]
    return [_told(result, issue.row, each) for issue, each in zip(batch.issues, results, strict=True)]


def _told(result: type[ResultT], row: str, answer: bytes | BaseException) -> ResultT:
    if isinstance(answer, bytes):
        return result(row=row, receipt=instruction_pb2.ActionReceipt.FromString(answer))
    error = answer if isinstance(answer, DomainError) else Unavailable(Reason.INTERNAL)
    field = error.fields[0].field if error.fields else ""
    return result(row=row, reason=error.reason, message=error.message, field=field)


def _check_approval(issue: IssueMessage) -> None:
    """Let pass an order that somebody else than its author approved in the court's case system."""
    approval, fields = issue.approval, Fields()
    fields.require_text("approval.approved_by.officer.name", approval.approved_by.officer.name, "审批人姓名")
    fields.require_text("approval.external_reference", approval.external_reference, "办案系统中的审批编号")
    fields.limit_text("approval.opinion", approval.opinion, LONGEST_TEXT)
    drafter, approver = approval.drafted_by, approval.approved_by
    if drafter.officer.name and drafter == approver:
        fields.add("approval.approved_by", Reason.SAME_PERSON.zh)
    fields.require_none()
