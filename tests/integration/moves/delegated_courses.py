"""The courses of the ladder of delegated cases (委托执行)."""

from typing import Final

from tests.integration.moves.steps import CaseDrafted, Course, Cut, Doing, Step, Wait, at_node

from xiezhi.v1 import instruction_pb2

SEAL: Final = at_node("sender/centre", "AffixSeal", "Issued", then=("Delivered",))
ASK_MATERIAL: Final = ("receiver/field", "AskForMaterial")
SUPPLY: Final = ("sender/judge", "SupplyMaterial")


def _whole_case(name: str, *steps: Step) -> Course:
    return Course(name, "case_delegation", (CaseDrafted(), SEAL, *steps))


SIGN_CASE: Final = at_node("receiver/centre", "SignInstruction", "Signed")
GIVE_CASE: Final = at_node("receiver/centre", "AssignInstruction", "Signed", "Assigned")
FILE_CASE: Final = at_node("receiver/field", "DelegationService.FileCase", "CaseFiled")
APPLY: Final = at_node("receiver/director", "DelegationService.ApplyForReturn", "ReturnApplied")
HIGH_COURT: Final = ("receiver/director", "DelegationService.RecordReturnDecision")
REPORT: Final = "DelegationService.ReportForRecord"

DELEGATED_CASES: Final = (
    _whole_case(
        "enforced",
        SIGN_CASE,
        at_node("receiver/centre", "AssignInstruction", "Assigned"),
        at_node("receiver/field", "LogContact", "ContactLogged"),
        FILE_CASE,
        at_node("sender/judge", "DelegationService.RecordCancellation", "CaseCancelled"),
        at_node("sender/judge", "DelegationService.TellApplicant", "ApplicantTold"),
        at_node("sender/judge", REPORT, "ReportedForRecord"),
        at_node("receiver/centre", REPORT, "ReportedForRecord"),
        at_node("sender/judge", "DelegationService.TellProperty", "PropertyTold"),
        at_node("receiver/field", "DelegationService.NotePropertyElsewhere", "PropertyElsewhere"),
        at_node("receiver/field", "DelegationService.ContinueSeizures", "SeizuresContinued"),
        at_node("receiver/field", "ReportProgress", "ProgressReported"),
        at_node("sender/judge", "SupplyMaterial", "MaterialSupplied"),
        at_node("receiver/field", "DelegationService.CloseCase", "CaseClosed"),
    ),
    _whole_case(
        "many at once",
        at_node("receiver/centre", "BatchAct", "Signed", action=instruction_pb2.ACTION_SIGN),
        at_node("receiver/centre", "BatchAct", "Assigned", action=instruction_pb2.ACTION_ASSIGN),
        at_node("receiver/director", "ChangeOfficer", "OfficerChanged"),
        at_node("receiver/director", "LeaveService.HandOver", "OfficerChanged"),
        at_node("receiver/field", "Recuse", "Recused"),
    ),
    Course(
        "sealed in bulk",
        "case_delegation",
        (
            CaseDrafted(),
            at_node(
                "sender/centre",
                "BatchAct",
                "Issued",
                then=("Delivered",),
                action=instruction_pb2.ACTION_AFFIX_SEAL,
            ),
            at_node("sender/judge", "WithdrawInstruction", "Withdrawn"),
        ),
    ),
    _whole_case(
        "papers supplied",
        GIVE_CASE,
        at_node(*ASK_MATERIAL, "MaterialAsked"),
        at_node(*SUPPLY, "SupplementSupplied"),
    ),
    _whole_case(
        "papers explained",
        GIVE_CASE,
        at_node(*ASK_MATERIAL, "MaterialAsked"),
        at_node("sender/judge", "DelegationService.ExplainSupplement", "SupplementExplained"),
    ),
    _whole_case(
        "deemed withdrawn",
        GIVE_CASE,
        at_node(*ASK_MATERIAL, "MaterialAsked"),
        Wait(50),
        Doing("let_limits_run_out", ("DeemedWithdrawn",)),
        at_node("receiver/director", "DelegationService.ReturnMaterials", "MaterialsReturned"),
    ),
    _whole_case(
        "returned before it is filed",
        APPLY,
        at_node(*HIGH_COURT, "ReturnDenied"),
        APPLY,
        at_node(*HIGH_COURT, "ReturnPermitted", permitted=True),
        at_node("receiver/director", "DelegationService.ReturnCase", "CaseReturned"),
        at_node("sender/judge", "DelegationService.RevokeDelegation", "DelegationRevoked"),
    ),
    _whole_case(
        "returned after it was filed",
        GIVE_CASE,
        FILE_CASE,
        APPLY,
        at_node(*HIGH_COURT, "ReturnPermitted", permitted=True),
        at_node("receiver/director", "DelegationService.ReturnCase", "FiledCaseCancelled", "CaseReturned"),
    ),
    _whole_case(
        "six months",
        GIVE_CASE,
        FILE_CASE,
        Wait(200),
        at_node("sender/judge", "Nudge", "Nudged"),
        at_node("receiver/field", "AnswerNudge", "NudgeAnswered"),
        at_node("sender/judge", "DelegationService.AskHigherCourt", "HigherCourtAsked", court="苏05"),
        at_node("receiver/director", "DelegationService.RecordHigherAnswer", "HigherCourtAnswered"),
    ),
    Course(
        "not arrived",
        "case_delegation",
        (
            Cut("receiver"),
            CaseDrafted(),
            at_node("sender/centre", "AffixSeal", "Issued"),
            Wait(2),
            Doing("let_limits_run_out", ("Undelivered",)),
            Doing("mend_lines", ("Delivered",)),
        ),
    ),
    _whole_case(
        "supervised",
        Doing("urge_about_it", ("Supervised",)),
        Doing("revoke_that_urge", ("SupervisionEnded",)),
    ),
)
