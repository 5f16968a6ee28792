"""What `CaseService` does with the court's case system: cases taken from it, papers fetched, changes, related cases."""

from collections.abc import AsyncIterator, Sequence

from xiezhi.v1 import case_pb2
from xiezhi.v1 import case_service_pb2 as pb
from xiezhi.v1.case_service_pb2_grpc import CaseServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.kinds import Name
from xiezhi_client.sdk.records.document import Document
from xiezhi_client.sdk.records.dossier import (
    CaseChange,
    CaseFeedbackStatus,
    ChosenForCase,
    DossierDocument,
    DossierPick,
    ImportedCase,
    ListedCaseChange,
    RelatedCase,
)
from xiezhi_client.sdk.records.instruction import ActionReceipt
from xiezhi_client.sdk.vocabulary import CaseChoice

_CHOICE = Name(case_pb2.CaseChoice.DESCRIPTOR)


class Dossiers:
    """The part of `CaseService` that has to do with the case system."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = CaseServiceStub(calls.channel)

    async def import_case(self, case_number: str) -> ImportedCase:
        """Take a case from the case system by its number.

        Raise `NotFound`, `Unavailable` (case system away: `Cases.put` works on), `WrongState` (none, or it cannot
        read the case), `InvalidInput` (what it says is wrong).
        """
        request = pb.ImportCaseRequest(case_number=case_number)
        return ImportedCase.from_proto(await self._calls.unary(self._stub.ImportCase, request))

    async def list(
        self, case_number: str, *, purpose: str = "", page_size: int = 0
    ) -> AsyncIterator[DossierDocument]:
        """Papers of a case's dossier; recorded as a look at personal data. Raise as `import_case`, `NotAllowed`."""
        request = pb.ListDossierRequest(case_number=case_number, purpose=purpose, page_size=page_size)
        while True:
            page = await self._calls.unary(self._stub.ListDossier, request)
            for document in page.documents:
                yield DossierDocument.from_proto(document)
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    async def attach(
        self, instruction_id: str, case_number: str, picks: Sequence[DossierPick]
    ) -> tuple[Document, ...]:
        """Fetch ticked papers for a matter, which need not exist yet; give the documents to name in orders.

        One after another, so that a large dossier outlasts no time limit; a repetition fetches what is missing.
        Raise as `list`, and what the documents of a matter refuse.
        """
        documents: list[Document] = []
        for pick in picks:
            request = pb.AttachDossierRequest(
                instruction_id=instruction_id, case_number=case_number, picks=[pick.to_proto()]
            )
            answer = await self._calls.unary(self._stub.AttachDossier, request)
            documents.extend(map(Document.from_proto, answer.documents))
        return tuple(documents)

    async def share(
        self, instruction_id: str, sha256s: Sequence[str], text: str = "", *, request_id: str = ""
    ) -> ActionReceipt:
        """Let the other court read documents of a matter while it is open. Raise `WrongState`, `NotAllowed`."""
        request = pb.ShareDossierRequest(
            request_id=request_id or new_request_id(),
            instruction_id=instruction_id,
            documents=[bytes.fromhex(sha256) for sha256 in sha256s],
            text=text,
        )
        answer = await self._calls.unary(self._stub.ShareDossier, request)
        return ActionReceipt.from_proto(answer.receipt)

    async def changes(
        self, *, undecided_only: bool = False, page_size: int = 0
    ) -> AsyncIterator[ListedCaseChange]:
        """Changes of cases, newest first, with the matters that they concern."""
        request = pb.ListCaseChangesRequest(undecided_only=undecided_only, page_size=page_size)
        while True:
            page = await self._calls.unary(self._stub.ListCaseChanges, request)
            for change in page.changes:
                yield ListedCaseChange.from_proto(change)
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    async def record_change(self, change: CaseChange, *, request_id: str = "") -> str:
        """Record a change that the case system does not report, told in the open matters of the case; give its id.

        Raise `InvalidInput`, `NotAllowed`, `NotFound`.
        """
        request = pb.RecordCaseChangeRequest(
            request_id=request_id or new_request_id(), change=change.to_proto()
        )
        return (await self._calls.unary(self._stub.RecordCaseChange, request)).change_id

    async def choose(
        self,
        change_id: str,
        instruction_id: str,
        choice: CaseChoice,
        reason: str = "",
        text: str = "",
        *,
        base_event_id: str = "",
        request_id: str = "",
    ) -> ChosenForCase:
        """Do what is chosen for one matter after a change: continue, pause, stop, or ask the superior for a transfer.

        All or nothing; the change is told before it where that was not done. Stop and pause need a reason code of the
        rulebook. Raise `NotFound`, `InvalidInput`, `WrongState`, `NotAllowed`.
        """
        request = pb.ChooseForCaseChangeRequest(
            request_id=request_id or new_request_id(),
            change_id=change_id,
            instruction_id=instruction_id,
            choice=_CHOICE.to_proto(choice),
            reason=reason,
            text=text,
            base_event_id=base_event_id,
        )
        return ChosenForCase.from_proto(await self._calls.unary(self._stub.ChooseForCaseChange, request))

    async def related(self, case_number: str, purpose: str) -> tuple[RelatedCase, ...]:
        """Open cases of other courts with a party of this case. Not repeated by itself: every question is counted.

        Raise `Overloaded` with a time, `NotAllowed`, `WrongState`, `Unavailable` (hub away).
        """
        request = pb.FindRelatedCasesRequest(case_number=case_number, purpose=purpose)
        answer = await self._calls.unary(self._stub.FindRelatedCases, request, repeat=False)
        return tuple(map(RelatedCase.from_proto, answer.cases))

    async def feedback(
        self, *, waiting_only: bool = False, page_size: int = 0
    ) -> AsyncIterator[CaseFeedbackStatus]:
        """Results on their way into the case system, newest first."""
        request = pb.ListCaseFeedbackRequest(waiting_only=waiting_only, page_size=page_size)
        while True:
            page = await self._calls.unary(self._stub.ListCaseFeedback, request)
            for each in page.feedback:
                yield CaseFeedbackStatus.from_proto(each)
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token
