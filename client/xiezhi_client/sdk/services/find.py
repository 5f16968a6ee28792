"""查人找物: drafting, batches, findings."""

from collections.abc import AsyncIterator, Iterable

from xiezhi.v1 import find_service_pb2 as pb
from xiezhi.v1.find_service_pb2_grpc import FindServiceStub
from xiezhi_client.sdk.batches import chunks
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.records.document import Document
from xiezhi_client.sdk.records.find import Draft, FindIssue, FindIssueResult, FindOrder
from xiezhi_client.sdk.records.instruction import ActionReceipt, Instruction
from xiezhi_client.sdk.records.item import ItemOutcome


class Find:
    """`FindService`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = FindServiceStub(calls.channel)

    async def draft(self, order: FindOrder, instruction_id: str = "", *, request_id: str = "") -> Draft:
        """Draft an order, or replace the draft of `instruction_id`; says what is still missing.

        A new matter whose documents went up before brings its own id (`new_instruction_id`).
        Raise `InvalidInput` with the fields, `NotFound` (case, court), `WrongState`, `NotAllowed`.
        """
        request = pb.DraftFindRequest(
            request_id=request_id or new_request_id(), instruction_id=instruction_id, order=order.to_proto()
        )
        return Draft.from_proto(await self._calls.unary(self._stub.DraftFind, request))

    async def issue_many(
        self, issues: Iterable[FindIssue], *, request_id: str = ""
    ) -> AsyncIterator[FindIssueResult]:
        """Issue orders that the caller's own system has drafted, approved and sealed; any number.

        Gives one result for each order, in order, as the requests of at most 512 orders are answered. A bad
        order fails alone. With the same `request_id` and rows the batch, or any part of it, can be repeated:
        what was issued is not issued twice. Rows left empty are numbered from 1.

        Raise `InvalidInput` for a row used twice.
        """
        batch = request_id or new_request_id()
        for chunk in chunks(issues):
            # The key of an order is (request id, row), so all requests of the batch carry its one id.
            request = pb.IssueFindsRequest(request_id=batch, issues=chunk)
            for result in (await self._calls.unary(self._stub.IssueFinds, request)).results:
                yield FindIssueResult.from_proto(result)

    async def record_findings(
        self,
        instruction_id: str,
        outcomes: Iterable[ItemOutcome],
        text: str = "",
        documents: Iterable[Document] = (),
        *,
        request_id: str = "",
    ) -> ActionReceipt:
        """Record findings and outcomes of single items while work goes on."""
        request = pb.RecordFindingsRequest(
            request_id=request_id or new_request_id(),
            instruction_id=instruction_id,
            outcomes=[outcome.to_proto() for outcome in outcomes],
            text=text,
            documents=[document.to_proto() for document in documents],
        )
        return ActionReceipt.from_proto((await self._calls.unary(self._stub.RecordFindings, request)).receipt)

    async def get(self, instruction_id: str, *, purpose: str = "") -> tuple[FindOrder, Instruction]:
        """Give the order as drafted or issued, and its matter. Recorded as a look at personal data."""
        request = pb.GetFindRequest(instruction_id=instruction_id, purpose=purpose)
        answer = await self._calls.unary(self._stub.GetFind, request)
        return FindOrder.from_proto(answer.order), Instruction.from_proto(answer.instruction)
