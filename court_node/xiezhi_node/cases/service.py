"""`CaseService`: the cases that matters are about."""

# Methods are named by the contract.
# ruff: noqa: N802

import os
from functools import partial
from typing import Any, Final, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import case_pb2
from xiezhi.v1 import case_service_pb2 as pb
from xiezhi.v1.case_service_pb2_grpc import CaseServiceServicer
from xiezhi_desk.access import Access, check_purpose, record_access
from xiezhi_desk.masking import mask_case
from xiezhi_desk.once import act_once
from xiezhi_desk.requests import request_key
from xiezhi_domain.errors import InvalidInput, NotAllowed, Reason
from xiezhi_domain.events.ids import check_uuid7, uuid7
from xiezhi_domain.typed_text import half_width, round_brackets
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import Page
from xiezhi_node.cases import changes, store
from xiezhi_node.cases.checks import check_case, normal_case_number
from xiezhi_node.cases.desk import CaseDesk
from xiezhi_node.cases.dossier import Target, picks_of
from xiezhi_node.cases.feedback_store import list_feedback
from xiezhi_node.cases.holding import case_and_right, enter_case, own_case
from xiezhi_node.cases.importing import import_case
from xiezhi_node.cases.sharing import share_dossier
from xiezhi_node.cases.telling import RecordChange, TakeChange
from xiezhi_node.confidentiality import visible
from xiezhi_node.document_access import NodeDocumentAccess
from xiezhi_node.instructions.requests import take_action
from xiezhi_node.people import person_of
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
_BRACKETS: Final = str.maketrans("()", "（）")


class CaseService(CaseServiceServicer):
    """Serves the cases in the journal. What each method refuses is said in the contract."""

    def __init__(self, journal: Journal, seat: Seat, desk: CaseDesk) -> None:
        self._journal = journal
        self._seat = seat
        self._desk = desk
        self._access = NodeDocumentAccess(journal, seat)

    async def PutCase(self, request: pb.PutCaseRequest, _context: _Context) -> pb.PutCaseResponse:
        """Store a case or replace it, for those who work on it."""
        caller = current_caller()
        key = request_key(caller, "PutCase", request)
        case, warnings = check_case(request.case_file, self._journal.court)

        def work(connection: Connection) -> bytes:
            enter_case(connection, caller, case, self._journal.clock())
            answer = pb.PutCaseResponse(case_number=case.case_number, warnings=warnings)
            return answer.SerializeToString()

        return pb.PutCaseResponse.FromString(await self._journal.write_once(key, work))

    async def GetCase(self, request: pb.GetCaseRequest, _context: _Context) -> pb.GetCaseResponse:
        """Return a case; with numbers in full only to its judge, its clerk and the court's programs."""
        caller = current_caller()
        purpose = check_purpose(request.purpose)
        number = normal_case_number(request.case_number, "case_number")
        query = partial(case_and_right, caller=caller, case_number=number)
        case, is_own = await self._journal.read(query)
        if request.unmask:
            _require_unmask(purpose, is_own=is_own)
        look = Access(self._journal.clock(), caller.account_id, "GetCase", number, purpose, request.unmask)
        await self._journal.write(partial(record_access, access=look))
        return pb.GetCaseResponse(case_file=case if request.unmask else mask_case(case))

    async def ListCases(self, request: pb.ListCasesRequest, _context: _Context) -> pb.ListCasesResponse:
        """Return a page of cases, without personal data."""
        page = Page.of(request.page_size, request.page_token)
        text = round_brackets(half_width(request.text)).translate(_BRACKETS)
        return await self._journal.read(partial(store.list_cases, text=text, page=page))

    # --- The case source ---------------------------------------------------------------------------------------------

    async def ImportCase(self, request: pb.ImportCaseRequest, _context: _Context) -> pb.ImportCaseResponse:
        """Take a case from the case source."""
        caller = current_caller()
        number = normal_case_number(request.case_number, "case_number")
        case, warnings = await import_case(self._journal, self._desk.source, number)
        await self._record(Access(self._journal.clock(), caller.account_id, "ImportCase", number))
        return pb.ImportCaseResponse(case_file=mask_case(case), warnings=warnings)

    async def ListDossier(self, request: pb.ListDossierRequest, _context: _Context) -> pb.ListDossierResponse:
        """Return a page of a case's dossier."""
        page = Page.of(request.page_size, "")
        case = await self._own_case(request.case_number)
        purpose = check_purpose(request.purpose)
        number, account = case.case_number, current_caller().account_id
        await self._record(Access(self._journal.clock(), account, "ListDossier", number, purpose))
        documents, token = await self._desk.source.list_documents(number, page.size, request.page_token)
        return pb.ListDossierResponse(documents=documents, next_page_token=token)

    async def AttachDossier(
        self, request: pb.AttachDossierRequest, _context: _Context
    ) -> pb.AttachDossierResponse:
        """Fetch ticked papers into the documents of an instruction."""
        caller = current_caller()
        instruction = check_uuid7(request.instruction_id, "instruction_id")
        picks = picks_of(request.picks)
        case = await self._own_case(request.case_number)
        if not await self._access.may_write(caller, instruction):
            raise NotAllowed(Reason.FORBIDDEN)
        account, number = caller.account_id, case.case_number
        await self._record(Access(self._journal.clock(), account, "AttachDossier", number, instruction))
        target = Target(instruction, number, account)
        return pb.AttachDossierResponse(documents=await self._desk.dossier.attach(target, picks))

    async def ShareDossier(
        self, request: pb.ShareDossierRequest, _context: _Context
    ) -> pb.ShareDossierResponse:
        """Let the other court read papers while the matter is open."""
        prepare = partial(share_dossier, hashes=request.documents, text=request.text)
        receipt = await take_action(self._journal, self._seat, "ShareDossier", request, prepare)
        return pb.ShareDossierResponse(receipt=receipt)

    # --- What becomes of cases ---------------------------------------------------------------------------------------

    async def ListCaseChanges(
        self, request: pb.ListCaseChangesRequest, _context: _Context
    ) -> pb.ListCaseChangesResponse:
        """Return a page of changes with the instructions that they concern."""
        page = Page.of(request.page_size, request.page_token)
        undecided = request.undecided_only
        listing = partial(changes.list_changes, viewing=self._viewing(), page=page, undecided_only=undecided)
        return await self._journal.read(listing)

    async def RecordCaseChange(
        self, request: pb.RecordCaseChangeRequest, _context: _Context
    ) -> pb.RecordCaseChangeResponse:
        """Record a change that no case source reports, and tell it in the open matters of the case."""
        caller, now = current_caller(), self._journal.clock()
        key = request_key(caller, "RecordCaseChange", request)
        change = changes.check_change(request.change, now, uuid7(now, os.urandom(10)))
        await self._own_case(change.case_number)

        def prepare(connection: Connection) -> RecordChange:
            person = person_of(connection, caller)
            return RecordChange(TakeChange.of(connection, self._seat, person, change), key)

        return pb.RecordCaseChangeResponse.FromString(await act_once(self._journal, key, prepare))

    async def ChooseForCaseChange(
        self, request: pb.ChooseForCaseChangeRequest, _context: _Context
    ) -> pb.ChooseForCaseChangeResponse:
        """Do what is chosen for one instruction."""
        prepare = partial(changes.choose, request=request)
        receipt = await take_action(self._journal, self._seat, "ChooseForCaseChange", request, prepare)
        look = partial(
            changes.concerned,
            viewing=self._viewing(),
            change_id=request.change_id,
            instruction=request.instruction_id,
        )
        return pb.ChooseForCaseChangeResponse(instruction=await self._journal.read(look), receipt=receipt)

    # --- Other courts, and the way back ------------------------------------------------------------------------------

    async def FindRelatedCases(
        self, request: pb.FindRelatedCasesRequest, _context: _Context
    ) -> pb.FindRelatedCasesResponse:
        """Ask the hub for open cases with a common party."""
        purpose = check_purpose(request.purpose)
        if not purpose:
            raise InvalidInput.in_field("purpose", "查找关联案件须填写事由")
        case = await self._own_case(request.case_number)
        found = await self._desk.related.find(case, current_caller(), purpose)
        return pb.FindRelatedCasesResponse(cases=found)

    async def ListCaseFeedback(
        self, request: pb.ListCaseFeedbackRequest, _context: _Context
    ) -> pb.ListCaseFeedbackResponse:
        """Return a page of results on their way back."""
        page = Page.of(request.page_size, request.page_token)
        also = visible(current_caller(), self._seat.rulebook)
        query = partial(list_feedback, page=page, waiting_only=request.waiting_only, also=also)
        return await self._journal.read(query)

    async def _own_case(self, text: str) -> case_pb2.Case:
        """Return a case that the caller works on.

        :raises NotFound: UNKNOWN_CASE.
        :raises NotAllowed: FORBIDDEN.
        """
        number = normal_case_number(text, "case_number")
        return await self._journal.read(partial(own_case, caller=current_caller(), case_number=number))

    def _viewing(self) -> changes.Viewing:
        journal = self._journal
        return changes.Viewing(current_caller(), self._seat, journal.rulebooks, journal.clock())

    async def _record(self, look: Access) -> None:
        await self._journal.write(partial(record_access, access=look))


def _require_unmask(purpose: str, *, is_own: bool) -> None:
    if not purpose:
        raise InvalidInput.in_field("purpose", "查看完整信息须填写查看事由")
    if not is_own:
        raise NotAllowed(Reason.FORBIDDEN, "完整信息仅限本案的承办人和书记员查看")
