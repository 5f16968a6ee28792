"""The remedies and side paths of the ladder: papers, stops, pauses, time, pressure, disputes, urgency, people.

They take and raise what the steps in `ladder` do. Documents were uploaded for the matter before. Codes of reasons and
grades are those of the rulebook that the matter pins; a wrong one is refused with the words to choose from.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Unpack

from xiezhi.v1 import case_pb2
from xiezhi.v1 import remedy_pb2 as pb
from xiezhi_client.sdk.kinds import Moment, Name
from xiezhi_client.sdk.records.court import Officer
from xiezhi_client.sdk.records.document import Document
from xiezhi_client.sdk.records.event import AskedPaper
from xiezhi_client.sdk.records.instruction import ActionReceipt
from xiezhi_client.sdk.records.item import ItemOutcome
from xiezhi_client.sdk.services.ladder import Ladder, Options, common
from xiezhi_client.sdk.vocabulary import CaseChoice, CaseStatusChange

_CHOICE = Name(case_pb2.CaseChoice.DESCRIPTOR)
_MOMENT = Moment()
_STATUS = Name(case_pb2.CaseStatusChange.DESCRIPTOR)


class Remedies(Ladder):
    """The remedies of `InstructionService`."""

    async def ask_for_material(
        self,
        instruction_id: str,
        papers: Iterable[AskedPaper] = (),
        text: str = "",
        contact: Officer | None = None,
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Ask for papers that lack, once and completely; a second time only for a defect in what was supplied."""
        request = pb.AskForMaterialRequest(
            **common(instruction_id, options),
            papers=[each.to_proto() for each in papers],
            text=text,
            contact=None if contact is None else contact.to_proto(),
        )
        return await self._step(self._stub.AskForMaterial, request)

    async def object_to_return(
        self, instruction_id: str, text: str, documents: Iterable[Document] = (), **options: Unpack[Options]
    ) -> ActionReceipt:
        """Object to a return, saying why; the common superior decides."""
        request = pb.ObjectToReturnRequest(
            **common(instruction_id, options), text=text, documents=[each.to_proto() for each in documents]
        )
        return await self._step(self._stub.ObjectToReturn, request)

    async def stop(
        self,
        instruction_id: str,
        reason: str,
        text: str = "",
        documents: Iterable[Document] = (),
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Stop the work: a reason code of the rulebook. It is effective on arrival."""
        request = pb.StopInstructionRequest(
            **common(instruction_id, options),
            reason=reason,
            text=text,
            documents=[each.to_proto() for each in documents],
        )
        return await self._step(self._stub.StopInstruction, request)

    async def report_stop(
        self,
        instruction_id: str,
        text: str,
        outcomes: Iterable[ItemOutcome] = (),
        documents: Iterable[Document] = (),
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Report what was done before a stop arrived; what was done says when."""
        request = pb.ReportStopRequest(
            **common(instruction_id, options),
            text=text,
            outcomes=[each.to_proto() for each in outcomes],
            documents=[each.to_proto() for each in documents],
        )
        return await self._step(self._stub.ReportStop, request)

    async def suspend(
        self,
        instruction_id: str,
        reason: str,
        text: str = "",
        documents: Iterable[Document] = (),
        until_on: str = "",
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Pause the work and its clocks: a reason code of the rulebook; 暂缓执行 names its last day, *until_on*."""
        request = pb.SuspendInstructionRequest(
            **common(instruction_id, options),
            reason=reason,
            text=text,
            until_on=until_on,
            documents=[each.to_proto() for each in documents],
        )
        return await self._step(self._stub.SuspendInstruction, request)

    async def resume(
        self,
        instruction_id: str,
        text: str = "",
        documents: Iterable[Document] = (),
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Let paused work go on."""
        request = pb.ResumeInstructionRequest(
            **common(instruction_id, options), text=text, documents=[each.to_proto() for each in documents]
        )
        return await self._step(self._stub.ResumeInstruction, request)

    async def change_case_status(
        self,
        instruction_id: str,
        status: CaseStatusChange,
        choice: CaseChoice = "",
        reason: str = "",
        text: str = "",
        documents: Iterable[Document] = (),
        *,
        court: str = "",
        until_on: str = "",
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Tell what became of the case and, if chosen, what is wanted now.

        Stop and pause need a reason code, a transfer the `court` that has the case now, 暂缓执行 its last day.
        """
        request = pb.ChangeCaseStatusRequest(
            **common(instruction_id, options),
            status=_STATUS.to_proto(status),
            choice=_CHOICE.to_proto(choice),
            reason=reason,
            text=text,
            documents=[each.to_proto() for each in documents],
            court=court,
            until_on=until_on,
        )
        return await self._step(self._stub.ChangeCaseStatus, request)

    async def continue_case(
        self, instruction_id: str, text: str, **options: Unpack[Options]
    ) -> ActionReceipt:
        """Let the work go on after a change of the case, saying why."""
        request = pb.ContinueCaseRequest(**common(instruction_id, options), text=text)
        return await self._step(self._stub.ContinueCase, request)

    async def ask_extension(
        self,
        instruction_id: str,
        until_on: str,
        reason: str,
        text: str,
        documents: Iterable[Document] = (),
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Ask for more time, until a day such as ``2026-12-01``: a reason code of the rulebook, and words."""
        request = pb.AskExtensionRequest(
            **common(instruction_id, options),
            until_on=until_on,
            reason=reason,
            text=text,
            documents=[each.to_proto() for each in documents],
        )
        return await self._step(self._stub.AskExtension, request)

    async def grant_extension(
        self, instruction_id: str, until_on: str = "", text: str = "", **options: Unpack[Options]
    ) -> ActionReceipt:
        """Grant more time; without a day, what was asked for."""
        request = pb.GrantExtensionRequest(**common(instruction_id, options), until_on=until_on, text=text)
        return await self._step(self._stub.GrantExtension, request)

    async def refuse_extension(
        self, instruction_id: str, text: str, **options: Unpack[Options]
    ) -> ActionReceipt:
        """Grant no more time, saying why."""
        request = pb.RefuseExtensionRequest(**common(instruction_id, options), text=text)
        return await self._step(self._stub.RefuseExtension, request)

    async def nudge(self, instruction_id: str, text: str = "", **options: Unpack[Options]) -> ActionReceipt:
        """Urge the receiver's command centre."""
        request = pb.NudgeRequest(**common(instruction_id, options), text=text)
        return await self._step(self._stub.Nudge, request)

    async def answer_nudge(self, instruction_id: str, text: str, **options: Unpack[Options]) -> ActionReceipt:
        """Answer a nudge by one line."""
        request = pb.AnswerNudgeRequest(**common(instruction_id, options), text=text)
        return await self._step(self._stub.AnswerNudge, request)

    async def nudge_confirmation(
        self, instruction_id: str, text: str = "", **options: Unpack[Options]
    ) -> ActionReceipt:
        """Ask the sender to confirm when his time to do so is over."""
        request = pb.NudgeConfirmationRequest(**common(instruction_id, options), text=text)
        return await self._step(self._stub.NudgeConfirmation, request)

    async def confirm_for(
        self, instruction_id: str, reason: str, text: str = "", **options: Unpack[Options]
    ) -> ActionReceipt:
        """Accept the result in place of an officer who cannot: a reason code of the rulebook."""
        request = pb.ConfirmForRequest(**common(instruction_id, options), reason=reason, text=text)
        return await self._step(self._stub.ConfirmFor, request)

    async def evaluate(
        self, instruction_id: str, grade: str, text: str = "", **options: Unpack[Options]
    ) -> ActionReceipt:
        """Say how good the work was, once: a grade of the rulebook."""
        request = pb.EvaluateRequest(**common(instruction_id, options), grade=grade, text=text)
        return await self._step(self._stub.Evaluate, request)

    async def complain(
        self,
        instruction_id: str,
        reason: str,
        text: str,
        documents: Iterable[Document] = (),
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Complain of the receiver: a reason code of the rulebook, and what happened."""
        request = pb.ComplainRequest(
            **common(instruction_id, options),
            reason=reason,
            text=text,
            documents=[each.to_proto() for each in documents],
        )
        return await self._step(self._stub.Complain, request)

    async def explain_complaint(
        self, instruction_id: str, text: str, documents: Iterable[Document] = (), **options: Unpack[Options]
    ) -> ActionReceipt:
        """Explain to the superior what a complaint is about."""
        request = pb.ExplainComplaintRequest(
            **common(instruction_id, options), text=text, documents=[each.to_proto() for each in documents]
        )
        return await self._step(self._stub.ExplainComplaint, request)

    async def log_call(
        self,
        instruction_id: str,
        counterpart: Officer,
        text: str,
        called_at: datetime | None = None,
        promised_at: datetime | None = None,
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Record a call and what was promised until when; without a time, now."""
        request = pb.LogCallRequest(
            **common(instruction_id, options),
            counterpart=counterpart.to_proto(),
            text=text,
            called_at=None if called_at is None else _MOMENT.to_proto(called_at),
            promised_at=None if promised_at is None else _MOMENT.to_proto(promised_at),
        )
        return await self._step(self._stub.LogCall, request)

    async def ask_for_ordinary(
        self, instruction_id: str, text: str, **options: Unpack[Options]
    ) -> ActionReceipt:
        """Ask to treat an urgent matter as an ordinary one, saying why."""
        request = pb.AskForOrdinaryRequest(**common(instruction_id, options), text=text)
        return await self._step(self._stub.AskForOrdinary, request)

    async def rule_on_urgency(
        self, instruction_id: str, *, ordinary: bool, text: str = "", **options: Unpack[Options]
    ) -> ActionReceipt:
        """Answer that: ordinary from now on, or still urgent, saying why."""
        request = pb.RuleOnUrgencyRequest(**common(instruction_id, options), ordinary=ordinary, text=text)
        return await self._step(self._stub.RuleOnUrgency, request)

    async def change_officer(
        self,
        instruction_id: str,
        successor_account_id: str,
        reason: str,
        text: str = "",
        documents: Iterable[Document] = (),
        **options: Unpack[Options],
    ) -> ActionReceipt:
        """Give the matter to another officer of this court: a reason code of the rulebook."""
        request = pb.ChangeOfficerRequest(
            **common(instruction_id, options),
            successor_account_id=successor_account_id,
            reason=reason,
            text=text,
            documents=[each.to_proto() for each in documents],
        )
        return await self._step(self._stub.ChangeOfficer, request)

    async def recuse(
        self, instruction_id: str, text: str, successor_account_id: str = "", **options: Unpack[Options]
    ) -> ActionReceipt:
        """Withdraw for good, saying why; without a successor the director of the command centre takes over."""
        request = pb.RecuseRequest(
            **common(instruction_id, options), text=text, successor_account_id=successor_account_id
        )
        return await self._step(self._stub.Recuse, request)

    async def report_wrong_court(
        self, instruction_id: str, court: str, text: str, contact: Officer, **options: Unpack[Options]
    ) -> ActionReceipt:
        """Name the court that the matter belongs to, why, and whom to call about it."""
        request = pb.ReportWrongCourtRequest(
            **common(instruction_id, options), court=court, text=text, contact=contact.to_proto()
        )
        return await self._step(self._stub.ReportWrongCourt, request)

    async def confirm_letter(
        self, instruction_id: str, documents: Iterable[Document], text: str = "", **options: Unpack[Options]
    ) -> ActionReceipt:
        """Bring the letter made anew for the court that a matter was sent on to."""
        request = pb.ConfirmLetterRequest(
            **common(instruction_id, options), documents=[each.to_proto() for each in documents], text=text
        )
        return await self._step(self._stub.ConfirmLetter, request)

    async def escalate(
        self, instruction_id: str, text: str, documents: Iterable[Document] = (), **options: Unpack[Options]
    ) -> ActionReceipt:
        """Ask the common superior, after a second rejection."""
        request = pb.EscalateRequest(
            **common(instruction_id, options), text=text, documents=[each.to_proto() for each in documents]
        )
        return await self._step(self._stub.Escalate, request)
