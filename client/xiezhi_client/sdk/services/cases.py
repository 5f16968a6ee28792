"""Cases and parties as far as the node needs them."""

from collections.abc import AsyncIterator

from xiezhi.v1 import case_service_pb2 as pb
from xiezhi.v1.case_service_pb2_grpc import CaseServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.records.case import Case, CaseSummary, StoredCase


class Cases:
    """`CaseService`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = CaseServiceStub(calls.channel)

    async def put(self, case: Case, *, request_id: str = "") -> StoredCase:
        """Store a case or replace it. Raise `InvalidInput` with the fields, `NotAllowed` (other court's case)."""
        request = pb.PutCaseRequest(request_id=request_id or new_request_id(), case_file=case.to_proto())
        return StoredCase.from_proto(await self._calls.unary(self._stub.PutCase, request))

    async def get(self, case_number: str, *, unmask: bool = False, purpose: str = "") -> Case:
        """Give a case with its subjects; recorded as a look at personal data. Raise `NotFound`, `NotAllowed`."""
        request = pb.GetCaseRequest(case_number=case_number, unmask=unmask, purpose=purpose)
        return Case.from_proto((await self._calls.unary(self._stub.GetCase, request)).case_file)

    async def list(self, text: str = "", *, page_size: int = 0) -> AsyncIterator[CaseSummary]:
        """Cases of the court whose number contains `text`, newest first."""
        request = pb.ListCasesRequest(text=text, page_size=page_size)
        while True:
            page = await self._calls.unary(self._stub.ListCases, request)
            for case in page.cases:
                yield CaseSummary.from_proto(case)
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token
