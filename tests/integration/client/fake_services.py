"""The services of the fake node, one class for each servicer of the contract."""

# The methods of a servicer have the names of the contract.
# ruff: noqa: N802

import asyncio
import functools
import hashlib
from typing import Any

import grpc
from tests.integration.client import fake_remedies
from tests.integration.client.fake_node import COURT, LOGIN, PASSWORD, FakeNode, _fail, stream_faults

from xiezhi.v1 import account_service_pb2 as accounts_pb2
from xiezhi.v1 import account_service_pb2_grpc as accounts_grpc
from xiezhi.v1 import case_service_pb2 as cases_pb2
from xiezhi.v1 import case_service_pb2_grpc as cases_grpc
from xiezhi.v1 import court_pb2, document_pb2, event_pb2
from xiezhi.v1 import deadline_service_pb2 as deadlines_pb2
from xiezhi.v1 import deadline_service_pb2_grpc as deadlines_grpc
from xiezhi.v1 import directory_service_pb2 as directory_pb2
from xiezhi.v1 import directory_service_pb2_grpc as directory_grpc
from xiezhi.v1 import document_service_pb2 as documents_pb2
from xiezhi.v1 import document_service_pb2_grpc as documents_grpc
from xiezhi.v1 import evidence_service_pb2 as evidence_pb2
from xiezhi.v1 import evidence_service_pb2_grpc as evidence_grpc
from xiezhi.v1 import export_service_pb2 as exports_pb2
from xiezhi.v1 import export_service_pb2_grpc as exports_grpc
from xiezhi.v1 import find_service_pb2 as find_pb2
from xiezhi.v1 import find_service_pb2_grpc as find_grpc
from xiezhi.v1 import instruction_pb2 as pb
from xiezhi.v1 import instruction_service_pb2 as matters_pb2
from xiezhi.v1 import instruction_service_pb2_grpc as matters_grpc
from xiezhi.v1 import paper_service_pb2_grpc as papers_grpc
from xiezhi.v1 import receipt_paper_service_pb2 as receipt_paper_pb2
from xiezhi.v1 import receipt_paper_service_pb2_grpc as receipt_paper_grpc
from xiezhi.v1 import supervision_service_pb2 as supervision_pb2
from xiezhi.v1 import supervision_service_pb2_grpc as supervision_grpc
from xiezhi_desk.rulebooks import rulebook_content
from xiezhi_domain.casenumber import CaseNumber
from xiezhi_domain.errors import (
    DomainError,
    InvalidInput,
    LimitExceeded,
    NotAllowed,
    NotFound,
    Reason,
    Unavailable,
    WrongState,
)
from xiezhi_domain.evidence.tlogproof import TlogProof
from xiezhi_journal.journal import system_clock


def unary(method: Any) -> Any:
    """Makes a servicer's method of one that gives the answer or raises a `DomainError`."""

    @functools.wraps(method)
    async def served(self: Any, request: Any, context: Any) -> Any:
        return await self.node.answer(method.__name__, request, context, functools.partial(method, self))

    return served


class Service:
    def __init__(self, node: FakeNode) -> None:
        self.node = node


class Accounts(Service, accounts_grpc.AccountServiceServicer):
    failures = 0

    @unary
    def SignIn(self, request: Any) -> Any:
        if self.failures > 2:
            raise LimitExceeded(Reason.ACCOUNT_LOCKED, retry_after_ms=900_000)
        if (request.login, request.password) != (LOGIN, PASSWORD):
            self.failures += 1
            raise NotAllowed(Reason.BAD_CREDENTIALS)
        token = self.node.sign_in()
        account = next(each for each in self.node.accounts.values() if each.login == LOGIN)
        answer = accounts_pb2.SignInResponse(
            session_token=token, account=account, court=COURT, previous_address="192.0.2.7", refused_since=2
        )
        answer.previous_at.FromJsonString("2026-11-22T02:31:00Z")
        return answer

    @unary
    def SignOut(self, _request: Any) -> Any:
        self.node.tokens.clear()
        return accounts_pb2.SignOutResponse()

    @unary
    def GetMe(self, _request: Any) -> Any:
        return accounts_pb2.GetMeResponse(account=next(iter(self.node.accounts.values())), court=COURT)

    @unary
    def ChangePassword(self, _request: Any) -> Any:
        return accounts_pb2.ChangePasswordResponse()

    @unary
    def CreateAccount(self, request: Any) -> Any:
        asked = request.account
        made = self.node.add_account(asked.login, asked.officer.name, *asked.roles)
        return accounts_pb2.CreateAccountResponse(account=made)

    @unary
    def ListAccounts(self, request: Any) -> Any:
        wanted = [a for a in self.node.accounts.values() if not request.role or request.role in a.roles]
        return accounts_pb2.ListAccountsResponse(accounts=wanted)

    @unary
    def CreateApiToken(self, request: Any) -> Any:
        token = self.node.sign_in()
        return accounts_pb2.CreateApiTokenResponse(token_id=request.label, token=token)


class Cases(Service, cases_grpc.CaseServiceServicer):
    @unary
    def PutCase(self, request: Any) -> Any:
        number = str(CaseNumber.parse(request.case_file.case_number, "case_file.case_number"))
        self.node.cases[number] = request.case_file
        return cases_pb2.PutCaseResponse(case_number=number, warnings=["请核对联系电话"])

    @unary
    def GetCase(self, request: Any) -> Any:
        number = str(CaseNumber.parse(request.case_number))
        if number not in self.node.cases:
            raise NotFound(Reason.UNKNOWN_CASE)
        return cases_pb2.GetCaseResponse(case_file=self.node.cases[number])

    @unary
    def ListCaseChanges(self, _request: Any) -> Any:
        return cases_pb2.ListCaseChangesResponse(
            changes=[{"change": each} for each in self.node.case_changes]
        )

    @unary
    def RecordCaseChange(self, request: Any) -> Any:
        self.node.case_changes = [request.change]
        return cases_pb2.RecordCaseChangeResponse(change_id="recorded")

    @unary
    def ChooseForCaseChange(self, request: Any) -> Any:
        matter = self.node.matter(request.instruction_id)
        event_id = self.node.record(matter, "CaseStatusChanged", fake_remedies.arrived(request))
        chosen = {"instruction": matter.summary, "choice": request.choice, "text": request.text}
        receipt = self.node.receipt(matter, event_id)
        return cases_pb2.ChooseForCaseChangeResponse(instruction=chosen, receipt=receipt)


class Documents(Service, documents_grpc.DocumentServiceServicer):
    @unary
    def StartUpload(self, request: Any) -> Any:
        key = (request.instruction_id, request.document.sha256)
        if key in self.node.documents:
            return documents_pb2.StartUploadResponse(present=True)
        upload_id = request.document.sha256.hex()
        kept = self.node.uploads.setdefault(
            upload_id, (request.instruction_id, request.document, bytearray())
        )
        return documents_pb2.StartUploadResponse(upload_id=upload_id, offset=len(kept[2]))

    async def UploadDocument(self, pieces: Any, context: Any) -> Any:
        fault = self.node.faults["UploadDocument"].pop(0) if self.node.faults["UploadDocument"] else None
        upload_id, received = "", 0
        async for piece in pieces:
            upload_id = upload_id or piece.upload_id
            _instruction, document, data = self.node.uploads[upload_id]
            assert piece.offset == len(data)
            assert len(piece.data) <= 256 * 1024
            if fault and received == fault.after_messages:
                await _fail(context, fault.error)
            data.extend(piece.data)
            received += 1
        instruction_id, document, data = self.node.uploads.pop(upload_id)
        if hashlib.sha256(data).digest() != document.sha256:
            await _fail(context, Unavailable(Reason.DOCUMENT_HASH_MISMATCH))
        stored = document_pb2.Document()
        stored.CopyFrom(document)
        stored.media_type = "application/pdf"
        self.node.documents[instruction_id, document.sha256] = stored
        self.node.bytes[document.sha256] = bytes(data)
        return documents_pb2.UploadDocumentResponse(document=stored)

    async def DownloadDocument(self, request: Any, context: Any) -> Any:
        async for piece in stream_faults(self.node, "DownloadDocument", context, self._pieces(request)):
            yield piece

    async def _pieces(self, request: Any) -> Any:
        self.node.calls["DownloadDocument"].append(request)
        document = self.node.documents.get((request.instruction_id, request.sha256))
        if document is None:
            raise NotFound(Reason.UNKNOWN_DOCUMENT)
        data = self.node.bytes[request.sha256]
        yield documents_pb2.DownloadDocumentResponse(document=document, offset=request.offset)
        for offset in range(request.offset, len(data), 100_000):
            yield documents_pb2.DownloadDocumentResponse(offset=offset, data=data[offset : offset + 100_000])


class Find(Service, find_grpc.FindServiceServicer):
    @unary
    def DraftFind(self, request: Any) -> Any:
        CaseNumber.parse(request.order.case_number, "order.case_number")
        if request.instruction_id in self.node.matters:
            matter = self.node.matters[request.instruction_id]
            matter.order.CopyFrom(request.order)
        else:
            matter = self.node.new_matter(request.order, request.instruction_id)
        missing = []
        if not request.order.documents:
            missing = [{"paper_type": document_pb2.PAPER_TYPE_ENTRUSTMENT_LETTER, "reason": "应附委托函"}]
        return find_pb2.DraftFindResponse(receipt=self.node.receipt(matter), missing_papers=missing)

    @unary
    def IssueFinds(self, request: Any) -> Any:
        assert len(request.issues) <= 512
        batch = request.request_id
        results = [
            self.node.once("IssueFinds", f"{batch}/{issue.row}", issue, self._issue)
            for issue in request.issues
        ]
        return find_pb2.IssueFindsResponse(results=results)

    def _issue(self, issue: Any) -> find_pb2.FindIssueResult:
        try:
            CaseNumber.parse(issue.order.case_number, "order.case_number")
        except InvalidInput as error:
            return find_pb2.FindIssueResult(
                row=issue.row, reason=error.reason, message=error.message, field=error.fields[0].field
            )
        matter = self.node.new_matter(issue.order, issue.instruction_id)
        matter.summary.state = pb.INSTRUCTION_STATE_IN_TRANSIT
        event_id = self.node.record(matter, "Issued")
        return find_pb2.FindIssueResult(row=issue.row, receipt=self.node.receipt(matter, event_id))

    @unary
    def RecordFindings(self, request: Any) -> Any:
        matter = self.node.matter(request.instruction_id)
        event_id = self.node.record(matter, "ProgressReported", request.text)
        return find_pb2.RecordFindingsResponse(receipt=self.node.receipt(matter, event_id))

    @unary
    def GetFind(self, request: Any) -> Any:
        return find_pb2.GetFindResponse(order=self.node.matter(request.instruction_id).order)


def step(name: str, event: str, before: tuple[int, ...], after: int | None) -> Any:
    """One step of the ladder: from which states to which, with which event."""

    def take(self: Any, request: Any) -> Any:
        matter = self.node.matter(request.instruction_id)
        if before and matter.summary.state not in before:
            raise WrongState(Reason.WRONG_STATE)
        if after is not None:
            matter.summary.state = after
        matter.outcomes.extend(getattr(request, "outcomes", ()))
        text = next((getattr(request, f) for f in ("text", "reason", "opinion") if hasattr(request, f)), "")
        documents = getattr(request, "documents", ())
        event_id = self.node.record(matter, event, text, documents=documents) if event else ""
        response = getattr(matters_pb2, f"{name}Response")
        return response(receipt=self.node.receipt(matter, event_id))

    take.__name__ = name
    return unary(take)


S = pb.InstructionState
Remedies = type("Remedies", (), {name: unary(fake_remedies.remedy(name)) for name in fake_remedies.METHODS})


class Matters(Service, Remedies, matters_grpc.InstructionServiceServicer):
    _submit = step("SubmitInstruction", "", (1,), S.Value("INSTRUCTION_STATE_AWAITING_APPROVAL"))
    ApproveInstruction = step("ApproveInstruction", "", (2,), S.Value("INSTRUCTION_STATE_AWAITING_SEAL"))
    RejectApproval = step("RejectApproval", "", (2,), S.Value("INSTRUCTION_STATE_APPROVAL_REJECTED"))
    DiscardDraft = step("DiscardDraft", "", (1, 3), S.Value("INSTRUCTION_STATE_DISCARDED"))
    AffixSeal = step("AffixSeal", "Issued", (4,), S.Value("INSTRUCTION_STATE_IN_TRANSIT"))
    WithdrawInstruction = step("WithdrawInstruction", "Withdrawn", (7,), 19)
    SignInstruction = step("SignInstruction", "Signed", (7, 9), S.Value("INSTRUCTION_STATE_SIGNED"))
    HandBack = step("HandBack", "HandedBack", (11,), S.Value("INSTRUCTION_STATE_SIGNED"))
    ReportProgress = step("ReportProgress", "ProgressReported", (11, 14), None)
    CompleteInstruction = step("CompleteInstruction", "Completed", (11, 14), 13)
    ConfirmInstruction = step("ConfirmInstruction", "Confirmed", (13,), 15)
    RejectResult = step("RejectResult", "ResultRejected", (13,), 14)
    ProposeReturn = step("ProposeReturn", "ReturnProposed", (9, 10, 11), 16)
    ApproveReturn = step("ApproveReturn", "Returned", (16,), 17)
    RefuseReturn = step("RefuseReturn", "ReturnRefused", (16,), 11)
    SupplyMaterial = step("SupplyMaterial", "MaterialSupplied", (), None)
    LogContact = step("LogContact", "ContactLogged", (), None)
    _assign = step("AssignInstruction", "Assigned", (7, 9, 10, 11), 11)

    async def SubmitInstruction(self, request: Any, context: Any) -> Any:
        order = self.node.matter(request.instruction_id).order
        if any(item.clue == "无" for item in order.items):
            await _fail(context, InvalidInput.in_field("order.items[0].clue", "请写明线索"))
        return await self._submit(request, context)

    async def AssignInstruction(self, request: Any, context: Any) -> Any:
        if request.assignee_account_id not in self.node.accounts:
            await _fail(context, NotFound(Reason.UNKNOWN_ACCOUNT))
        return await self._assign(request, context)

    @unary
    def BatchAct(self, request: Any) -> Any:
        results = []
        for each in request.instruction_ids:
            try:
                receipt = self.node.receipt(self.node.matter(each))
                results.append({"instruction_id": each, "receipt": receipt})
            except DomainError as error:
                results.append({"instruction_id": each, "reason": error.reason, "message": error.message})
        return matters_pb2.BatchActResponse(results=results)

    @unary
    def GetInstruction(self, request: Any) -> Any:
        matter = self.node.matter(request.instruction_id)
        return matters_pb2.GetInstructionResponse(
            instruction=pb.Instruction(
                summary=matter.summary,
                items=matter.order.items,
                outcomes=matter.outcomes,
                documents=matter.order.documents,
                request_text=matter.order.request_text,
                actions=[{"action": pb.ACTION_SIGN, "allowed": True}],
                receiver_contact={"name": "李警官", "phone": "0512-00000000"},
            )
        )

    @unary
    def ListInstructions(self, request: Any) -> Any:
        rows = [m.summary for m in self.node.matters.values()]
        rows = [r for r in rows if not request.states or r.state in request.states]
        size = request.page_size or 50
        begin = int(request.page_token or 0)
        following = str(begin + size) if begin + size < len(rows) else ""
        return matters_pb2.ListInstructionsResponse(
            instructions=rows[begin : begin + size], next_page_token=following
        )

    @unary
    def GetTimeline(self, request: Any) -> Any:
        return matters_pb2.GetTimelineResponse(entries=self.node.matter(request.instruction_id).entries)

    @unary
    def GetHistory(self, request: Any) -> Any:
        entries = self.node.matter(request.instruction_id).entries
        records = [
            event_pb2.EventRecord(
                header=f"{entry['kind']}".encode(),
                push={"court": COURT, "key_id": "01" + "0" * 30},
                log_index=at,
            )
            for at, entry in enumerate(entries)
        ]
        return matters_pb2.GetHistoryResponse(records=records)

    async def WatchInstructions(self, request: Any, context: Any) -> Any:
        self.node.calls["WatchInstructions"].append(request)
        async for change in stream_faults(
            self.node, "WatchInstructions", context, self._changes(request.after)
        ):
            yield change

    async def _changes(self, after: int) -> Any:
        position = len(self.node.changes) if after < 0 else after
        while True:
            for change in self.node.changes[position:]:
                position = change.cursor
                yield change
            await asyncio.sleep(0.01)

    @unary
    def ListReturnedWork(self, _request: Any) -> Any:
        return matters_pb2.ListReturnedWorkResponse(returned=self.node.returned)

    @unary
    def DismissReturnedWork(self, request: Any) -> Any:
        self.node.returned = [each for each in self.node.returned if each.event_id != request.event_id]
        return matters_pb2.DismissReturnedWorkResponse()


class Directory(Service, directory_grpc.DirectoryServiceServicer):
    @unary
    def ListCourts(self, request: Any) -> Any:
        courts = [
            court_pb2.Court(code=COURT, name="苏州工业园区人民法院", level=4, superior="苏05", joined=True),
            court_pb2.Court(code="苏0508", name="苏州市姑苏区人民法院", level=4, superior="苏05"),
        ]
        return directory_pb2.ListCourtsResponse(
            courts=[c for c in courts if c.joined or not request.joined_only]
        )

    @unary
    def GetRulebook(self, request: Any) -> Any:
        return rulebook_content(self.node.rulebooks, request, system_clock())


class Evidence(Service, evidence_grpc.EvidenceServiceServicer):
    @unary
    def GetReceipt(self, request: Any) -> Any:
        known = {entry["event_id"] for matter in self.node.matters.values() for entry in matter.entries}
        if request.event_id not in known:
            raise NotFound(Reason.UNKNOWN_INSTRUCTION)
        return evidence_pb2.GetReceiptResponse(
            record={"header": b"header", "ruling": b"ruling"},
            tlog_proof=TlogProof(0, (), b"a note").format(),
            court_key={"court": COURT, "key_id": "01" + "0" * 30, "ended_at_index": -1},
        )


class ReceiptPapers(Service, receipt_paper_grpc.ReceiptPaperServiceServicer):
    @unary
    def MakeReceiptPaper(self, request: Any) -> Any:
        return receipt_paper_pb2.MakeReceiptPaperResponse(
            file_name="存证回执.pdf", content=b"%PDF- of " + request.event_id.encode()
        )


class Deadlines(Service, deadlines_grpc.DeadlineServiceServicer):
    @unary
    def ListMatterDeadlines(self, request: Any) -> Any:
        deadline = {"instruction_id": request.instruction_id, "title": "办理期限", "owner": COURT, "state": 1}
        return deadlines_pb2.ListMatterDeadlinesResponse(deadlines=[deadline], approval_ms=60_000)


class Supervision(Service, supervision_grpc.SupervisionServiceServicer):
    @unary
    def GetOverview(self, _request: Any) -> Any:
        return supervision_pb2.GetOverviewResponse(
            courts=[
                {"court": COURT, "sent_open": 3, "connected": True},
                {
                    "court": "苏0508",
                    "received_open": 3,
                    "received_overdue": 1,
                    "received_by_state": [{"state": 11, "count": 3}],
                },
            ],
            log_size=42,
        )

    @unary
    def ListOverdue(self, _request: Any) -> Any:
        rows = [matter.summary for matter in self.node.matters.values()]
        return supervision_pb2.ListOverdueResponse(instructions=rows)

    @unary
    def ListMatters(self, _request: Any) -> Any:
        rows = [matter.summary for matter in self.node.matters.values()]
        return supervision_pb2.ListMattersResponse(instructions=rows, withheld=2)

    async def ExportMatters(self, request: Any, context: Any) -> Any:
        async for part in stream_faults(self.node, "ExportMatters", context, self._parts(request)):
            yield part

    async def _parts(self, request: Any) -> Any:
        self.node.calls["ExportMatters"].append(request)
        if not request.purpose:
            raise InvalidInput.in_field("purpose", "导出须填写事由")
        for matter in self.node.matters.values():
            yield supervision_pb2.ExportMattersResponse(instructions=[matter.summary])


class Exports(Service, exports_grpc.ExportServiceServicer):
    """Gives a list as the ids of its matters; what a real node writes is tested there."""

    async def ExportList(self, request: Any, context: Any) -> Any:
        async for part in stream_faults(self.node, "ExportList", context, self._parts(request)):
            yield part

    async def _parts(self, request: Any) -> Any:
        states = set(request.filter.states)
        for matter in self.node.matters.values():
            if not states or matter.summary.state in states:
                line = f"{matter.summary.instruction_id},{request.purpose},{request.format}\n"
                yield exports_pb2.ExportListResponse(file_name="事项清单", data=line.encode())


def add_services(node: FakeNode, server: grpc.aio.Server) -> None:
    from tests.integration.client.fake_papers import Papers
    from tests.integration.client.fake_steps import add_step_services

    add_step_services(node, server)
    papers_grpc.add_PaperServiceServicer_to_server(Papers(node), server)
    accounts_grpc.add_AccountServiceServicer_to_server(Accounts(node), server)
    cases_grpc.add_CaseServiceServicer_to_server(Cases(node), server)
    documents_grpc.add_DocumentServiceServicer_to_server(Documents(node), server)
    find_grpc.add_FindServiceServicer_to_server(Find(node), server)
    matters_grpc.add_InstructionServiceServicer_to_server(Matters(node), server)
    directory_grpc.add_DirectoryServiceServicer_to_server(Directory(node), server)
    deadlines_grpc.add_DeadlineServiceServicer_to_server(Deadlines(node), server)
    evidence_grpc.add_EvidenceServiceServicer_to_server(Evidence(node), server)
    receipt_paper_grpc.add_ReceiptPaperServiceServicer_to_server(ReceiptPapers(node), server)
    exports_grpc.add_ExportServiceServicer_to_server(Exports(node), server)
    supervision_grpc.add_SupervisionServiceServicer_to_server(Supervision(node), server)
