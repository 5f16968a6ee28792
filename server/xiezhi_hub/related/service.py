"""`RelatedCaseService`: open cases with a common party, told by court, number and contact alone."""

# Methods are named by the contract.
# ruff: noqa: N802

from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import case_service_pb2
from xiezhi.v1 import related_case_service_pb2 as pb
from xiezhi.v1.related_case_service_pb2_grpc import RelatedCaseServiceServicer
from xiezhi_desk.access import check_purpose
from xiezhi_domain.casenumber import CaseNumber
from xiezhi_domain.errors import InvalidInput, LimitExceeded, NotAllowed, NotFound, Reason, WrongState
from xiezhi_domain.party_mark import MARK_BYTES, key_id, mark_key
from xiezhi_hub.related import store
from xiezhi_hub.related.store import Question
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import Page
from xiezhi_wire.caller import current_node

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
MOST_CASES: Final = 200
MOST_MARKS: Final = 500
MOST_ANSWERS: Final = 100
LONGEST_LINE: Final = 200
HOUR_MS: Final = 3_600_000


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """How often related cases may be asked for in an hour: by one person, and by one court."""

    per_person: int
    per_court: int


class RelatedCases(RelatedCaseServiceServicer):
    """Serves the open cases in the journal; *secret* and *origin* make the key of the marks."""

    def __init__(self, journal: Journal, secret: bytes, origin: str, limits: QueryLimits) -> None:
        self._journal = journal
        self._key = mark_key(secret, origin)
        self._key_id = key_id(self._key)
        self._limits = limits

    async def GetMarkKey(self, _request: pb.GetMarkKeyRequest, _context: _Context) -> pb.GetMarkKeyResponse:
        """Return the key to a court's node."""
        current_node()
        return pb.GetMarkKeyResponse(key_id=self._key_id, key=self._key)

    async def PublishOpenCases(
        self, request: pb.PublishOpenCasesRequest, _context: _Context
    ) -> pb.PublishOpenCasesResponse:
        """Keep open cases of the caller's court."""
        court = current_node().court
        if request.key_id != self._key_id:
            raise WrongState(Reason.KEY_UNKNOWN, "关联案件密钥已更换，请重新获取")
        _check_cases(request, court)

        def work(connection: Connection) -> None:
            store.put_cases(connection, court, request.key_id, request.round, request.cases)
            if request.complete:
                store.withdraw_others(connection, court, request.round)

        await self._journal.write(work)
        return pb.PublishOpenCasesResponse()

    async def QueryRelatedCases(
        self, request: pb.QueryRelatedCasesRequest, _context: _Context
    ) -> pb.QueryRelatedCasesResponse:
        """Answer a question, after it is on record."""
        if not request.account_id or not request.account_name:
            raise InvalidInput.in_field("account_id", "须写明由谁查找")
        purpose = check_purpose(request.purpose)
        if not purpose:
            raise InvalidInput.in_field("purpose", "查找关联案件须填写事由")
        question = Question(
            self._journal.clock(),
            current_node().court,
            request.account_id[:LONGEST_LINE],
            request.account_name[:LONGEST_LINE],
            request.case_number,
            purpose,
        )
        work = partial(self._answer, question=question, marks=frozenset(request.marks))
        found = await self._journal.write(work)
        if found is None:
            raise NotFound(Reason.UNKNOWN_CASE, "该案件不是本院登记的未结案件，不能查找关联案件")
        return pb.QueryRelatedCasesResponse(cases=found)

    async def ListRelatedCaseQueries(
        self, request: pb.ListRelatedCaseQueriesRequest, _context: _Context
    ) -> pb.ListRelatedCaseQueriesResponse:
        """Return who asked."""
        page = Page.of(request.page_size, request.page_token)
        return await self._journal.read(partial(store.list_questions, court=request.court, page=page))

    def _answer(
        self, connection: Connection, question: Question, marks: frozenset[bytes]
    ) -> list[case_service_pb2.RelatedCase] | None:
        """Answer within the transaction that keeps the question; None for a case that the court may not ask for.

        A court asks for its own case and for nobody else: a hash that it only guesses is none of the case's marks.
        """
        self._check_rate(connection, question)
        published = store.published_marks(connection, question.court, question.case_number)
        if not marks or not marks <= published:
            store.add_question(connection, question)
            return None
        found = store.related_cases(connection, question.court, self._key_id, marks, MOST_ANSWERS)
        store.add_question(connection, replace(question, answers=len(found)))
        return found

    def _check_rate(self, connection: Connection, question: Question) -> None:
        since = question.at - HOUR_MS
        asked = store.times_asked(connection, question, since)
        if len(asked) >= self._limits.per_person:
            freed = asked[-self._limits.per_person] + HOUR_MS
            raise LimitExceeded(
                Reason.RATE_LIMITED, "查找关联案件过于频繁，请稍后再试", retry_after_ms=freed - question.at
            )
        if store.count_asked(connection, question.court, since) >= self._limits.per_court:
            raise LimitExceeded(
                Reason.RATE_LIMITED, "本院查找关联案件过于频繁，请稍后再试", retry_after_ms=HOUR_MS
            )


def _check_cases(request: pb.PublishOpenCasesRequest, court: str) -> None:
    if len(request.cases) > MOST_CASES or len(request.round) > LONGEST_LINE:
        raise InvalidInput.in_field("cases", f"一次最多 {MOST_CASES} 件")
    if request.complete and not request.round:
        raise InvalidInput.in_field("round", "完整的一轮须有编号")
    for at, case in enumerate(request.cases):
        field = f"cases[{at}]"
        number = CaseNumber.parse(case.case_number, f"{field}.case_number")
        if not number.is_old_form and number.court != court:
            raise NotAllowed(Reason.WRONG_COURT)
        if len(case.marks) > MOST_MARKS or any(len(mark) != MARK_BYTES for mark in case.marks):
            raise InvalidInput.in_field(f"{field}.marks", f"每件最多 {MOST_MARKS} 个，各 {MARK_BYTES} 字节")
        if max(len(case.contact.name), len(case.contact.phone)) > LONGEST_LINE:
            raise InvalidInput.in_field(f"{field}.contact", f"最长 {LONGEST_LINE} 个字")
