"""`CaseService`: the cases that matters are about."""

# Methods are named by the contract.
# ruff: noqa: N802

from functools import partial
from typing import Any, Final, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import case_pb2
from xiezhi.v1 import case_service_pb2 as pb
from xiezhi.v1.case_service_pb2_grpc import CaseServiceServicer
from xiezhi_desk.access import Access, check_purpose, record_access
from xiezhi_desk.requests import request_key
from xiezhi_domain.errors import InvalidInput, NotAllowed, Reason
from xiezhi_domain.terms import Role
from xiezhi_domain.typed_text import half_width, round_brackets
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import Page
from xiezhi_node.cases import store
from xiezhi_node.cases.checks import check_case, normal_case_number
from xiezhi_node.cases.masking import mask_case
from xiezhi_wire.caller import Caller, current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
_BRACKETS: Final = str.maketrans("()", "（）")


class CaseService(CaseServiceServicer):
    """Serves the cases in the journal. What each method refuses is said in the contract."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def PutCase(self, request: pb.PutCaseRequest, _context: _Context) -> pb.PutCaseResponse:
        """Store a case or replace it."""
        key = request_key(current_caller(), "PutCase", request)
        case, warnings = check_case(request.case_file, self._journal.court)

        def work(connection: Connection) -> bytes:
            store.put_case(connection, case, self._journal.clock())
            answer = pb.PutCaseResponse(case_number=case.case_number, warnings=warnings)
            return answer.SerializeToString()

        return pb.PutCaseResponse.FromString(await self._journal.write_once(key, work))

    async def GetCase(self, request: pb.GetCaseRequest, _context: _Context) -> pb.GetCaseResponse:
        """Return a case; with numbers in full only to its judge, its clerk and the court's programs."""
        caller = current_caller()
        purpose = check_purpose(request.purpose)
        number = normal_case_number(request.case_number, "case_number")
        case = await self._journal.read(partial(store.get_case, case_number=number))
        if request.unmask:
            _require_unmask(caller, case, purpose)
        look = Access(self._journal.clock(), caller.account_id, "GetCase", number, purpose, request.unmask)
        await self._journal.write(partial(record_access, access=look))
        return pb.GetCaseResponse(case_file=case if request.unmask else mask_case(case))

    async def ListCases(self, request: pb.ListCasesRequest, _context: _Context) -> pb.ListCasesResponse:
        """Return a page of cases, without personal data."""
        page = Page.of(request.page_size, request.page_token)
        text = round_brackets(half_width(request.text)).translate(_BRACKETS)
        return await self._journal.read(partial(store.list_cases, text=text, page=page))


def _require_unmask(caller: Caller, case: case_pb2.Case, purpose: str) -> None:
    if not purpose:
        raise InvalidInput.in_field("purpose", "查看完整信息须填写查看事由")
    if not works_on_case(caller, case):
        raise NotAllowed(Reason.FORBIDDEN, "完整信息仅限本案的承办人和书记员查看")


def works_on_case(caller: Caller, case: case_pb2.Case) -> bool:
    """Return whether *caller* is the case's judge or clerk, or a program of the court.

    The case system knows its people by name; the role keeps out a namesake in another office.
    """
    return (
        Role.INTEGRATION in caller.roles
        or (Role.JUDGE in caller.roles and caller.name == case.judge.name)
        or (Role.ASSISTANT in caller.roles and caller.name == case.clerk.name)
    )
