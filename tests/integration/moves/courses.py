"""The courses of all ladders. A move that none of them makes is missing in docs/coverage.md and fails `make check`."""

from typing import Final

from tests.integration.journal.scene import RECEIVER
from tests.integration.moves.delegated_courses import DELEGATED_CASES
from tests.integration.moves.handovers import (
    designate_another,
    designate_the_first,
    draft_designation,
    draft_elevation,
    draft_preserved,
)
from tests.integration.moves.ordered import ORDER_COURSES
from tests.integration.moves.shares import SHARES
from tests.integration.moves.steps import (
    Course,
    Cut,
    DecisionDrafted,
    Doing,
    Drafted,
    HandoverDrafted,
    Prepared,
    ReplyDrafted,
    Step,
    UrgeDrafted,
    Wait,
    at_hub,
    at_node,
)

from xiezhi.v1 import case_pb2, instruction_pb2
from xiezhi.v1 import disposal_decision_service_pb2 as decisions

URGENT: Final = {
    "urgency": instruction_pb2.URGENCY_URGENT,
    "urgency_code": "SUBJECT_SEEN",
    "urgency_reason": "今晚在家",
}

SEAL: Final = at_node("sender/centre", "AffixSeal", "Issued", then=("Delivered",))
SENT: Final[tuple[Step, ...]] = (Drafted(), SEAL)
ASSIGN: Final = at_node("receiver/centre", "AssignInstruction", "Assigned")
ASSIGNED: Final = (*SENT, at_node("receiver/centre", "AssignInstruction", "Signed", "Assigned"))
COMPLETE: Final = at_node("receiver/field", "CompleteInstruction", "Completed")
REJECT: Final = at_node("sender/judge", "RejectResult", "ResultRejected")
PROPOSE: Final = at_node("receiver/field", "ProposeReturn", "ReturnProposed")
RETURNED: Final = (
    *ASSIGNED,
    at_node("receiver/field", "LogContact", "ContactLogged"),
    PROPOSE,
    at_node("receiver/director", "ApproveReturn", "Returned"),
    at_node("sender/judge", "ObjectToReturn", "ReturnObjected"),
)
ASK_MATERIAL: Final = ("receiver/field", "AskForMaterial")
SUPPLY: Final = ("sender/judge", "SupplyMaterial")
WRONG_COURT: Final = at_node("receiver/centre", "ReportWrongCourt", "WrongCourtReported")
CASE_CHANGED: Final = ("sender/judge", "ChangeCaseStatus", "CaseStatusChanged")
CHOOSE: Final = ("sender/judge", "CaseService.ChooseForCaseChange")
RESUME: Final = at_node("sender/judge", "ResumeInstruction", "Resumed")
ASK_TIME: Final = at_node("receiver/field", "AskExtension", "ExtensionAsked")
ASK_ORDINARY: Final = at_node("receiver/centre", "AskForOrdinary", "UrgencyQuestioned")


def _cooperation(name: str, *steps: Step, by_telephone: bool = False, approved: bool = False) -> Course:
    return Course(name, "cooperation", steps, by_telephone, approved)


_COOPERATION: Final = (
    _cooperation(
        "confirmed",
        *SENT,
        at_node("receiver/centre", "SignInstruction", "Signed"),
        ASSIGN,
        at_node("receiver/field", "HandBack", "HandedBack"),
        ASSIGN,
        at_node("receiver/field", "ReportProgress", "ProgressReported"),
        at_node(*SUPPLY, "MaterialSupplied"),
        at_node("sender/judge", "CaseService.ShareDossier", "DossierShared"),
        COMPLETE,
        at_node("sender/judge", "ConfirmInstruction", "Confirmed"),
        at_node("sender/judge", "Evaluate", "Evaluated"),
    ),
    _cooperation(
        "findings recorded",
        *ASSIGNED,
        at_node("receiver/field", "FindService.RecordFindings", "ProgressReported"),
    ),
    _cooperation(
        "outcomes recorded",
        *ASSIGNED,
        at_node("receiver/field", "DelegationService.RecordOutcomes", "ProgressReported"),
        at_node("receiver/field", "DelegationService.CompleteDelegation", "Completed"),
    ),
    _cooperation(
        "finds of a program",
        at_node("sender/program", "FindService.IssueFinds", "Issued", then=("Delivered",)),
    ),
    _cooperation(
        "delegations of a program",
        at_node("sender/program", "DelegationService.IssueDelegations", "Issued", then=("Delivered",)),
    ),
    _cooperation(
        "many at once",
        Drafted(),
        at_node(
            "sender/centre",
            "BatchAct",
            "Issued",
            then=("Delivered",),
            action=instruction_pb2.ACTION_AFFIX_SEAL,
        ),
        at_node("receiver/centre", "BatchAct", "Signed", action=instruction_pb2.ACTION_SIGN),
        at_node("receiver/centre", "BatchAct", "Assigned", action=instruction_pb2.ACTION_ASSIGN),
    ),
    _cooperation(
        "disputed",
        *ASSIGNED,
        *2 * (COMPLETE, REJECT),
        at_node("receiver/director", "Escalate", "Escalated"),
        at_hub("officer", "RuleOnDispute", "DisputeRuled"),
    ),
    _cooperation(
        "confirmed for an officer",
        *ASSIGNED,
        COMPLETE,
        Wait(10),
        at_node("receiver/field", "NudgeConfirmation", "ConfirmationNudged"),
        at_node("sender/director", "ConfirmFor", "ConfirmedFor"),
    ),
    _cooperation(
        "returned after all",
        *RETURNED,
        at_hub("officer", "RuleOnObjection", "ObjectionDismissed"),
    ),
    _cooperation(
        "taken up again",
        *RETURNED,
        at_hub("officer", "RuleOnObjection", "ObjectionUpheld", upheld=True),
    ),
    _cooperation(
        "not returned",
        *ASSIGNED,
        PROPOSE,
        at_node("receiver/director", "RefuseReturn", "ReturnRefused"),
    ),
    _cooperation("withdrawn", *SENT, at_node("sender/judge", "WithdrawInstruction", "Withdrawn")),
    _cooperation(
        "papers asked for",
        *ASSIGNED,
        at_node(*ASK_MATERIAL, "MaterialAsked"),
        at_node(*SUPPLY, "SupplementSupplied"),
        at_node(*ASK_MATERIAL, "DefectTold"),
    ),
    _cooperation(
        "rerouted",
        *SENT,
        WRONG_COURT,
        at_hub("officer", "RerouteMatter", "Rerouted", then=("Delivered",)),
        at_node("sender/centre", "ConfirmLetter", "LetterReissued"),
    ),
    _cooperation(
        "not rerouted",
        *SENT,
        WRONG_COURT,
        at_hub("officer", "RefuseReroute", "RerouteRefused"),
    ),
    _cooperation(
        "forwarded",
        Drafted(receiver="superior"),
        SEAL,
        at_hub("officer", "ForwardMatter", "Forwarded", then=("Delivered",)),
    ),
    _cooperation(
        "stopped",
        *ASSIGNED,
        at_node("sender/judge", "StopInstruction", "Stopped", then=("StopArrived",)),
        at_node("receiver/field", "ReportStop", "StopReported"),
    ),
    _cooperation(
        "stopped from above",
        *ASSIGNED,
        at_hub("director", "StopMatter", "Stopped", then=("StopArrived",)),
    ),
    _cooperation(
        "paused",
        *ASSIGNED,
        at_node("sender/judge", "SuspendInstruction", "Suspended"),
        RESUME,
        at_hub("director", "SuspendMatter", "Suspended"),
        at_hub("director", "ResumeMatter", "Resumed"),
    ),
    _cooperation(
        "deferred, and gone on after the end",
        *ASSIGNED,
        at_hub("director", "SuspendMatter", "Suspended", reason="DEFERRED"),
        at_hub("leader", "ExtendSuspension", "SuspensionExtended"),
        Wait(70),
        RESUME,
        at_node("sender/judge", "SuspendInstruction", "Suspended", reason="DEFERRED"),
    ),
    _cooperation(
        "the sender changed",
        *ASSIGNED,
        at_hub("director", "TransferSender", "SenderTransferred"),
    ),
    _cooperation(
        "the case went to the court that was asked",
        *ASSIGNED,
        at_hub("director", "TransferSender", "MergedIntoCase", court=RECEIVER),
    ),
    _cooperation(
        "the case changed",
        *ASSIGNED,
        at_node(*CASE_CHANGED),
        at_node("sender/judge", "ContinueCase", "CaseContinued"),
        at_node(*CASE_CHANGED, "CaseContinued", choice=case_pb2.CASE_CHOICE_CONTINUE),
        at_node(*CASE_CHANGED, "Suspended", choice=case_pb2.CASE_CHOICE_SUSPEND),
        RESUME,
        at_node(*CASE_CHANGED, "TransferAsked", choice=case_pb2.CASE_CHOICE_TRANSFER),
        at_node(*CASE_CHANGED, "Stopped", then=("StopArrived",), choice=case_pb2.CASE_CHOICE_STOP),
    ),
    _cooperation(
        "no other sender",
        *ASSIGNED,
        at_node(*CASE_CHANGED, "TransferAsked", choice=case_pb2.CASE_CHOICE_TRANSFER),
        at_hub("director", "RefuseTransfer", "TransferRefused"),
        at_node("sender/judge", "ContinueCase", "CaseContinued"),
    ),
    _cooperation(
        "chosen after a change of the case",
        *ASSIGNED,
        at_node("sender/judge", "CaseService.RecordCaseChange", "CaseStatusChanged"),
        at_node(*CHOOSE, "CaseContinued", choice=case_pb2.CASE_CHOICE_CONTINUE),
        at_node(*CHOOSE, "CaseStatusChanged", "Suspended", choice=case_pb2.CASE_CHOICE_SUSPEND),
        RESUME,
        at_node(*CHOOSE, "CaseStatusChanged", "TransferAsked", choice=case_pb2.CASE_CHOICE_TRANSFER),
        at_node(
            *CHOOSE,
            "CaseStatusChanged",
            "Stopped",
            then=("StopArrived",),
            choice=case_pb2.CASE_CHOICE_STOP,
        ),
    ),
    _cooperation(
        "more time",
        *ASSIGNED,
        ASK_TIME,
        at_node("sender/judge", "GrantExtension", "ExtensionGranted"),
        ASK_TIME,
        at_node("sender/judge", "RefuseExtension", "ExtensionRefused"),
    ),
    _cooperation(
        "nudged",
        *ASSIGNED,
        Wait(30),
        at_node("sender/judge", "Nudge", "Nudged"),
        at_node("receiver/field", "AnswerNudge", "NudgeAnswered"),
    ),
    _cooperation(
        "complained of",
        *ASSIGNED,
        Wait(40),
        at_node("sender/judge", "Complain", "Complained"),
        at_node("receiver/director", "ExplainComplaint", "ComplaintExplained"),
        at_hub("officer", "RuleOnComplaint", "ComplaintRuled"),
    ),
    _cooperation(
        "urgent",
        Drafted(content=URGENT),
        SEAL,
        ASK_ORDINARY,
        at_node("sender/judge", "RuleOnUrgency", "UrgencyKept"),
        ASK_ORDINARY,
        at_node("sender/judge", "RuleOnUrgency", "UrgencyLowered", ordinary=True),
    ),
    _cooperation(
        "sent by telephone",
        Drafted(content={**URGENT, "phone_first": True}),
        SEAL,
        at_node(*SUPPLY, "UrgentPapersSupplied"),
        by_telephone=True,
    ),
    _cooperation(
        "approved by word of mouth",
        Drafted(content=URGENT, orally=True),
        SEAL,
        at_node("sender/chief", "WriteConsent", "ConsentWritten"),
        approved=True,
    ),
    _cooperation(
        "called",
        *SENT,
        at_node("receiver/centre", "LogCall", "CallLogged"),
        at_hub("supervisor", "LogSupervisorCall", "CallLogged"),
    ),
    _cooperation(
        "people changed",
        *ASSIGNED,
        at_node("receiver/director", "ChangeOfficer", "OfficerChanged"),
        at_node("receiver/director", "LeaveService.HandOver", "OfficerChanged"),
        at_node("receiver/field", "Recuse", "Recused"),
    ),
    _cooperation(
        "not arrived",
        Cut("receiver"),
        Drafted(),
        at_node("sender/centre", "AffixSeal", "Issued"),
        Wait(2),
        Doing("let_limits_run_out", ("Undelivered",)),
        Doing("mend_lines", ("Delivered",)),
    ),
    _cooperation(
        "supervised",
        *SENT,
        Doing("urge_about_it", ("Supervised",)),
        Doing("revoke_that_urge", ("SupervisionEnded",)),
    ),
)


def _supervision(name: str, *steps: Step) -> Course:
    issued = at_hub("chief", "UrgeService.ApproveUrge", "Issued", then=("Delivered",))
    return Course(name, "supervision", (UrgeDrafted(), issued, *steps))


SIGN_URGE: Final = at_node("receiver/centre", "SignInstruction", "Signed")
REPLY: Final[tuple[Step, ...]] = (
    ReplyDrafted(),
    at_node("receiver/chief", "UrgedService.ApproveReply", "SupervisionReplied"),
)
ASK_URGE_TIME: Final = at_node("receiver/chief", "AskExtension", "ExtensionAsked")

_SUPERVISION: Final = (
    _supervision(
        "replied",
        SIGN_URGE,
        ASSIGN,
        at_node("receiver/field", "ReportProgress", "ProgressReported"),
        at_node("receiver/centre", "SupplyMaterial", "MaterialSupplied"),
        at_node("receiver/centre", "LogContact", "ContactLogged"),
        at_node("receiver/centre", "LogCall", "CallLogged"),
        at_hub("supervisor", "LogSupervisorCall", "CallLogged"),
        *REPLY,
        at_hub("supervisor", "UrgeService.ReturnReply", "ReplyReturned"),
        *REPLY,
        at_hub("supervisor", "UrgeService.CloseUrge", "SupervisionClosed"),
    ),
    _supervision(
        "signed and assigned", at_node("receiver/centre", "AssignInstruction", "Signed", "Assigned")
    ),
    _supervision(
        "many at once",
        at_node("receiver/centre", "BatchAct", "Signed", action=instruction_pb2.ACTION_SIGN),
        at_node("receiver/centre", "BatchAct", "Assigned", action=instruction_pb2.ACTION_ASSIGN),
        at_node("receiver/director", "ChangeOfficer", "OfficerChanged"),
        at_node("receiver/director", "LeaveService.HandOver", "OfficerChanged"),
    ),
    _supervision(
        "more time",
        SIGN_URGE,
        ASK_URGE_TIME,
        at_hub("supervisor", "UrgeService.GrantUrgeExtension", "ExtensionGranted"),
        ASK_URGE_TIME,
        at_hub("supervisor", "UrgeService.RefuseUrgeExtension", "ExtensionRefused"),
        at_hub("supervisor", "UrgeService.RevokeUrge", "Revoked"),
    ),
    _supervision(
        "paused",
        SIGN_URGE,
        at_hub("director", "SuspendMatter", "Suspended"),
        at_hub("director", "ResumeMatter", "Resumed"),
    ),
    _supervision(
        "put off, and gone on after the end",
        SIGN_URGE,
        at_hub("director", "SuspendMatter", "Suspended", reason="DEFERRED"),
        at_hub("leader", "ExtendSuspension", "SuspensionExtended"),
        Wait(70),
        at_node("receiver/director", "ResumeInstruction", "Resumed"),
    ),
)


def _handover(name: str, *steps: Step) -> Course:
    return Course(name, "handover", (HandoverDrafted(), SEAL, *steps))


def _decided(decision: int, event: str, days: int = 0) -> tuple[Step, ...]:
    approve = at_hub("chief", "DisposalDecisionService.ApproveDecision", event)
    return (DecisionDrafted(decision, days), approve)


HANDED_TO: Final = at_node("receiver/centre", "AssignInstruction", "Signed", "Assigned")
RULED: Final = at_hub("chief", "OrderService.ApproveOrder", "DisposalOrderIssued")
REPORT_UP: Final = at_node("sender/judge", "HandoverService.ReportToSuperior", "HandoverEscalated")

_HANDOVER: Final = (
    _handover(
        "handed over",
        at_node("receiver/centre", "SignInstruction", "Signed"),
        ASSIGN,
        at_node("sender/judge", "SupplyMaterial", "MaterialSupplied"),
        at_node("receiver/centre", "LogContact", "ContactLogged"),
        at_node("sender/judge", "HandoverService.StateSeizures", "SeizuresStated"),
        at_node("receiver/field", "HandoverService.RenewSeizure", "SeizureRenewed"),
        at_node("receiver/chief", "HandoverService.AgreeToHandover", "HandoverAgreed"),
        at_node("receiver/centre", "HandoverService.HandOverProperty", "HandedOver"),
        at_node("receiver/judge", "HandoverService.TellParties", "PartiesTold"),
        at_node("sender/judge", "HandoverService.ReportRegistryChange", "RegistryChanged"),
        at_node("sender/judge", "HandoverService.ReportDisposal", "DisposalReported"),
        at_node("sender/judge", "HandoverService.DistributeProceeds", "ProceedsDistributed"),
        at_node("sender/judge", "HandoverService.TellFirstCourt", "FirstCourtTold"),
        at_node("sender/judge", "HandoverService.ReleaseReserve", "ReserveReleased"),
    ),
    _handover(
        "refused, then ordered together",
        HANDED_TO,
        at_node("receiver/chief", "HandoverService.RefuseHandover", "HandoverRefused"),
        REPORT_UP,
        *_decided(decisions.DISPOSAL_DECISION_JOINT, "JointDisposalOrdered", 60),
        at_node("receiver/judge", "HandoverService.ReportOwnDisposal", "DisposedByFirstCourt"),
    ),
    _handover(
        "silent, and late again",
        Wait(10),
        REPORT_UP,
        *_decided(decisions.DISPOSAL_DECISION_DEADLINE, "DisposalDeadlineSet", 30),
        Wait(40),
        *_decided(decisions.DISPOSAL_DECISION_DESIGNATE, "DisposalDesignated"),
    ),
    _handover(
        "elevated",
        Wait(10),
        REPORT_UP,
        *_decided(decisions.DISPOSAL_DECISION_ELEVATE, "DisposalElevated"),
        Prepared(draft_elevation),
        RULED,
    ),
    _handover(
        "the first court designated",
        Wait(10),
        REPORT_UP,
        Prepared(designate_the_first),
        at_hub("chief", "DisposalDecisionService.ApproveDecision", "DisposalDeadlineSet"),
    ),
    Course(
        "another court designated",
        "handover",
        (
            Prepared(draft_preserved),
            SEAL,
            at_node("sender/judge", "HandoverService.StateSeizures", "SeizuresStated"),
            Wait(10),
            REPORT_UP,
            Prepared(designate_another),
            at_hub("chief", "DisposalDecisionService.ApproveDecision", "CourtDesignated"),
            Prepared(draft_designation),
            RULED,
        ),
    ),
    _handover("the sender changed", at_hub("director", "TransferSender", "SenderTransferred")),
    _handover(
        "the case went to the first court",
        at_hub("director", "TransferSender", "MergedIntoCase", court=RECEIVER),
    ),
    _handover(
        "withdrawn after a release",
        at_node("sender/judge", "HandoverService.LiftSeizure", "SeizureLifted"),
        at_node("sender/judge", "WithdrawInstruction", "Withdrawn"),
    ),
    Course(
        "many at once",
        "handover",
        (
            HandoverDrafted(),
            at_node(
                "sender/centre",
                "BatchAct",
                "Issued",
                then=("Delivered",),
                action=instruction_pb2.ACTION_AFFIX_SEAL,
            ),
            at_node("receiver/centre", "BatchAct", "Signed", action=instruction_pb2.ACTION_SIGN),
            at_node("receiver/centre", "BatchAct", "Assigned", action=instruction_pb2.ACTION_ASSIGN),
            at_node("receiver/director", "ChangeOfficer", "OfficerChanged"),
            at_node("receiver/director", "LeaveService.HandOver", "OfficerChanged"),
        ),
    ),
    Course(
        "not arrived",
        "handover",
        (
            Cut("receiver"),
            HandoverDrafted(),
            at_node("sender/centre", "AffixSeal", "Issued"),
            Wait(2),
            Doing("let_limits_run_out", ("Undelivered",)),
            Doing("mend_lines", ("Delivered",)),
        ),
    ),
    _handover(
        "supervised",
        Doing("urge_about_it", ("Supervised",)),
        Doing("revoke_that_urge", ("SupervisionEnded",)),
    ),
)


COURSES: Final = (*_COOPERATION, *_SUPERVISION, *SHARES, *DELEGATED_CASES, *_HANDOVER, *ORDER_COURSES)
