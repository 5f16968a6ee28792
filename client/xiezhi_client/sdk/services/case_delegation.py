"""委托执行 of a whole case: the methods of `DelegationService` that are for it.

Steps take and raise what those in `ladder` do; documents were uploaded for the matter before. Days are written
2026-11-22, codes are those of the rulebook that the matter pins.
"""

from collections.abc import Iterable
from typing import Any, TypeVar, Unpack

import grpc

from xiezhi.v1 import case_delegation_pb2 as pb
from xiezhi.v1.delegation_service_pb2_grpc import DelegationServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.records.case_delegation import (
    CaseAccount,
    CaseDelegationDraft,
    CaseDelegationOrder,
    CaseFiling,
    DatedDocument,
    SeizureRenewal,
)
from xiezhi_client.sdk.records.document import Document
from xiezhi_client.sdk.records.instruction import ActionReceipt, Instruction
from xiezhi_client.sdk.records.property import Property
from xiezhi_client.sdk.services.ladder import Options, common

Documents = Iterable[Document]
Request = TypeVar("Request")


class CaseDelegation:
    """The whole cases of `DelegationService`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = DelegationServiceStub(calls.channel)

    async def draft(
        self, order: CaseDelegationOrder, instruction_id: str = "", *, request_id: str = ""
    ) -> CaseDelegationDraft:
        """Draft the delegation of a case, or replace a draft; says what is missing, and the balance.

        Raise `InvalidInput` with the fields (a seizure with under a month left is renewed first), `NotAllowed`.
        """
        request = pb.DraftCaseDelegationRequest(
            request_id=request_id or new_request_id(), instruction_id=instruction_id, order=order.to_proto()
        )
        answer = await self._calls.unary(self._stub.DraftCaseDelegation, request)
        return CaseDelegationDraft.from_proto(answer)

    async def get(
        self, instruction_id: str, *, purpose: str = ""
    ) -> tuple[CaseDelegationOrder, Instruction, CaseAccount]:
        """Give the order, its matter and what became of it. Recorded as a look at personal data."""
        request = pb.GetCaseDelegationRequest(instruction_id=instruction_id, purpose=purpose)
        answer = await self._calls.unary(self._stub.GetCaseDelegation, request)
        return (
            CaseDelegationOrder.from_proto(answer.order),
            Instruction.from_proto(answer.instruction),
            CaseAccount.from_proto(answer.account),
        )

    # --- The receiver ------------------------------------------------------------------------------------------------

    async def file_case(
        self,
        instruction_id: str,
        filing: CaseFiling,
        documents: Documents,
        text: str = "",
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """File the case; `documents` hold the 立案通知书."""
        request = pb.FileCaseRequest(
            **common(instruction_id, options), filing=filing.to_proto(), text=text, documents=_all(documents)
        )
        return await self._step(self._stub.FileCase, request)

    async def return_materials(
        self, instruction_id: str, text: str, documents: Documents = (), **options: Unpack[Options]
    ) -> ActionReceipt:
        """Give the materials back of what is deemed withdrawn."""
        request = pb.ReturnMaterialsRequest(
            **common(instruction_id, options), text=text, documents=_all(documents)
        )
        return await self._step(self._stub.ReturnMaterials, request)

    async def apply_for_return(
        self,
        instruction_id: str,
        reason: str,
        text: str,
        application: DatedDocument,
        documents: Documents,
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Apply to the High Court for a return; `documents` hold the application."""
        request = pb.ApplyForReturnRequest(
            **common(instruction_id, options),
            reason=reason,
            text=text,
            application=application.to_proto(),
            documents=_all(documents),
        )
        return await self._step(self._stub.ApplyForReturn, request)

    async def record_return_decision(
        self,
        instruction_id: str,
        decision: DatedDocument,
        documents: Documents,
        text: str = "",
        *,
        permitted: bool,
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Record what the High Court decided; `documents` hold its opinion."""
        request = pb.RecordReturnDecisionRequest(
            **common(instruction_id, options),
            permitted=permitted,
            decision=decision.to_proto(),
            text=text,
            documents=_all(documents),
        )
        return await self._step(self._stub.RecordReturnDecision, request)

    async def return_case(
        self,
        instruction_id: str,
        text: str,
        documents: Documents,
        cancelled_on: str = "",
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Return the case with written reasons; a filed one says when it ended."""
        request = pb.ReturnCaseRequest(
            **common(instruction_id, options), text=text, cancelled_on=cancelled_on, documents=_all(documents)
        )
        return await self._step(self._stub.ReturnCase, request)

    async def note_property_elsewhere(
        self,
        instruction_id: str,
        handling: str,
        properties: Iterable[Property],
        text: str,
        documents: Documents = (),
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Record property in a third area, and how it is handled."""
        request = pb.NotePropertyElsewhereRequest(
            **common(instruction_id, options),
            handling=handling,
            properties=[each.to_proto() for each in properties],
            text=text,
            documents=_all(documents),
        )
        return await self._step(self._stub.NotePropertyElsewhere, request)

    async def continue_seizures(
        self,
        instruction_id: str,
        renewals: Iterable[SeizureRenewal],
        text: str = "",
        documents: Documents = (),
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Record renewals of seizures that were handed over."""
        request = pb.ContinueSeizuresRequest(
            **common(instruction_id, options),
            renewals=[each.to_proto() for each in renewals],
            text=text,
            documents=_all(documents),
        )
        return await self._step(self._stub.ContinueSeizures, request)

    async def close_case(
        self,
        instruction_id: str,
        closing: str,
        closed_on: str,
        text: str,
        documents: Documents,
        recovered_fen: int = 0,
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Report the end of the case; `documents` hold the paper that ended it."""
        request = pb.CloseCaseRequest(
            **common(instruction_id, options),
            closing=closing,
            closed_on=closed_on,
            recovered_fen=recovered_fen,
            text=text,
            documents=_all(documents),
        )
        return await self._step(self._stub.CloseCase, request)

    # --- The sender --------------------------------------------------------------------------------------------------

    async def record_cancellation(
        self,
        instruction_id: str,
        cancelled_on: str,
        text: str = "",
        documents: Documents = (),
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Record that the sender's case has ended (销案)."""
        request = pb.RecordCancellationRequest(
            **common(instruction_id, options), cancelled_on=cancelled_on, text=text, documents=_all(documents)
        )
        return await self._step(self._stub.RecordCancellation, request)

    async def tell_applicant(
        self,
        instruction_id: str,
        told_on: str,
        text: str,
        documents: Documents = (),
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Record that the applicant was told of the new case, and how."""
        request = pb.TellApplicantRequest(
            **common(instruction_id, options), told_on=told_on, text=text, documents=_all(documents)
        )
        return await self._step(self._stub.TellApplicant, request)

    async def explain_supplement(
        self, instruction_id: str, text: str, documents: Documents = (), **options: Unpack[Options]
    ) -> ActionReceipt:
        """Explain in writing why papers cannot be supplied."""
        request = pb.ExplainSupplementRequest(
            **common(instruction_id, options), text=text, documents=_all(documents)
        )
        return await self._step(self._stub.ExplainSupplement, request)

    async def tell_property(
        self,
        instruction_id: str,
        properties: Iterable[Property],
        text: str,
        documents: Documents = (),
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Tell the receiver of property that has become known."""
        request = pb.TellPropertyRequest(
            **common(instruction_id, options),
            properties=[each.to_proto() for each in properties],
            text=text,
            documents=_all(documents),
        )
        return await self._step(self._stub.TellProperty, request)

    async def revoke(
        self,
        instruction_id: str,
        decision: DatedDocument,
        text: str,
        documents: Documents = (),
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Revoke an improper delegation after its return."""
        request = pb.RevokeDelegationRequest(
            **common(instruction_id, options),
            decision=decision.to_proto(),
            text=text,
            documents=_all(documents),
        )
        return await self._step(self._stub.RevokeDelegation, request)

    async def ask_higher_court(
        self,
        instruction_id: str,
        wanted: str,
        court: str,
        asked_on: str,
        text: str,
        documents: Documents,
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Pass the applicant's request on to the court above the receiver, after six months."""
        request = pb.AskHigherCourtRequest(
            **common(instruction_id, options),
            wanted=wanted,
            court=court,
            asked_on=asked_on,
            text=text,
            documents=_all(documents),
        )
        return await self._step(self._stub.AskHigherCourt, request)

    # --- Both --------------------------------------------------------------------------------------------------------

    async def report_for_record(
        self,
        instruction_id: str,
        report: DatedDocument,
        text: str = "",
        documents: Documents = (),
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Record a report to the own High Court."""
        request = pb.ReportForRecordRequest(
            **common(instruction_id, options), report=report.to_proto(), text=text, documents=_all(documents)
        )
        return await self._step(self._stub.ReportForRecord, request)

    async def record_higher_answer(
        self,
        instruction_id: str,
        answer: str,
        decision: DatedDocument,
        text: str = "",
        documents: Documents = (),
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Record what the higher court decided."""
        request = pb.RecordHigherAnswerRequest(
            **common(instruction_id, options),
            answer=answer,
            decision=decision.to_proto(),
            text=text,
            documents=_all(documents),
        )
        return await self._step(self._stub.RecordHigherAnswer, request)

    async def _step(
        self, method: "grpc.aio.UnaryUnaryMultiCallable[Request, Any]", request: Request
    ) -> ActionReceipt:
        return ActionReceipt.from_proto((await self._calls.unary(method, request)).receipt)


def _all(documents: Documents) -> list[Any]:
    return [document.to_proto() for document in documents]
