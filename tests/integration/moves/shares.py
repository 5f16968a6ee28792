"""The courses of the ladder of distributions (参与分配)."""

from typing import Any, Final

from tests.integration.moves.steps import (
    ApplicationDrafted,
    Call,
    Course,
    Cut,
    Doing,
    Step,
    Wait,
    at_hub,
    at_node,
)

from xiezhi.v1 import distribution_service_pb2, instruction_pb2

SEAL: Final = at_node("sender/centre", "AffixSeal", "Issued", then=("Delivered",))
ASSIGN: Final = at_node("receiver/centre", "AssignInstruction", "Assigned")
SUPPLY: Final = ("sender/judge", "SupplyMaterial")
SHARE: Final = 5_000
"""What each of two claims gets of what `distributed.a_plan` shares out, in fen."""
OWN: Final = 2
"""Number of the presiding court's own claim."""


def _share(name: str, *steps: Step) -> Course:
    return Course(name, "distribution", (ApplicationDrafted(), SEAL, *steps))


def _presiding(method: str, *makes: str, **content: Any) -> Call:
    return at_node("receiver/judge", f"DistributionService.{method}", *makes, **content)


def _for_the_creditor(method: str, *makes: str, **content: Any) -> Call:
    return at_node("sender/judge", f"DistributionService.{method}", *makes, **content)


GIVEN: Final = at_node("receiver/centre", "AssignInstruction", "Signed", "Assigned")
ADMITTED: Final[tuple[Step, ...]] = (
    GIVEN,
    _presiding(
        "AdmitParticipation", "ParticipationAdmitted", debtor="NATURAL_PERSON", distribution_id="", claim=1
    ),
)
PLAN: Final = _presiding("IssuePlan", "PlanIssued")


def _received(paper: int, event: str) -> tuple[Step, ...]:
    """The creditor, the presiding court's own creditor and the debtor are served."""
    own = {"paper": paper, "instruction_id": ""}
    return (
        _for_the_creditor("RecordReceipt", event, paper=paper, distribution_id=""),
        _presiding("RecordReceipt", event, party=OWN, **own),
        _presiding("RecordReceipt", event, party=0, **own),
    )


RECEIVED: Final = _received(distribution_service_pb2.DISTRIBUTION_PAPER_PLAN, "PlanReceived")
NOTICE_RECEIVED: Final = _received(distribution_service_pb2.DISTRIBUTION_PAPER_OBJECTION, "ObjectionReceived")
OBJECTED: Final[tuple[Step, ...]] = (
    _for_the_creditor("ObjectToPlan", "PlanObjected"),
    _presiding("NotifyObjection", "ObjectionNotified"),
    *NOTICE_RECEIVED,
)
TOLD: Final[tuple[Step, ...]] = (
    _presiding("TellCounterObjection", "CounterObjectionTold", party=OWN),
    _for_the_creditor(
        "RecordReceipt",
        "CounterObjectionReceived",
        paper=distribution_service_pb2.DISTRIBUTION_PAPER_COUNTER_OBJECTION,
        distribution_id="",
    ),
)
PAID: Final = _presiding("PayShare", "SharePaid", paid_fen=SHARE)
CONFIRM: Final = at_node("sender/judge", "ConfirmInstruction", "Confirmed")

SHARES: Final = (
    _share(
        "shared out",
        at_node("receiver/centre", "SignInstruction", "Signed"),
        ASSIGN,
        at_node("receiver/judge", "HandBack", "HandedBack"),
        ASSIGN,
        *ADMITTED[1:],
        at_node(*SUPPLY, "MaterialSupplied"),
        at_node("receiver/centre", "LogContact", "ContactLogged"),
        PLAN,
        *RECEIVED,
        Wait(20),
        _presiding("SettlePlan", "PlanSettled"),
        PAID,
        CONFIRM,
    ),
    _share(
        "disputed in court",
        *ADMITTED,
        PLAN,
        *RECEIVED,
        *OBJECTED,
        *TOLD,
        _for_the_creditor("ProveSuit", "SuitProved", distribution_id=""),
        Wait(50),
        _presiding("SettlePlan", "UndisputedSettled"),
        PAID,
        _presiding("ReleaseDeposit", "DepositReleased"),
        _presiding("PayShare", "SharePaid", paid_fen=1_667),
        CONFIRM,
    ),
    _share(
        "an objection of the debtor that is opposed",
        *ADMITTED,
        PLAN,
        *RECEIVED,
        _presiding("NotifyObjection", "ObjectionNotified", objection_id="", party=0, ground="AMOUNT"),
        *NOTICE_RECEIVED[:2],
        _for_the_creditor("CounterObject", "CounterObjected"),
        _presiding("TellCounterObjection", "CounterObjectionTold", party=1),
        _presiding(
            "RecordReceipt",
            "CounterObjectionReceived",
            party=0,
            paper=distribution_service_pb2.DISTRIBUTION_PAPER_COUNTER_OBJECTION,
            instruction_id="",
        ),
        _presiding("ProveSuit", "SuitProved", instruction_id=""),
        Wait(50),
        _presiding("SettlePlan", "UndisputedSettled"),
    ),
    _share("not admitted", GIVEN, _presiding("RefuseParticipation", "ParticipationRefused")),
    _share("ended", *ADMITTED, _presiding("EndDistribution", "DistributionEnded")),
    _share(
        "papers asked for",
        GIVEN,
        at_node("receiver/judge", "AskForMaterial", "MaterialAsked"),
        at_node(*SUPPLY, "SupplementSupplied"),
    ),
    _share("the sender changed", *ADMITTED, at_hub("director", "TransferSender", "SenderTransferred"), PLAN),
    _share("withdrawn", at_node("sender/judge", "WithdrawInstruction", "Withdrawn")),
    _share(
        "people changed",
        GIVEN,
        at_node("receiver/director", "ChangeOfficer", "OfficerChanged"),
        at_node("receiver/director", "LeaveService.HandOver", "OfficerChanged"),
        at_node("receiver/judge", "Recuse", "Recused"),
    ),
    Course(
        "many at once",
        "distribution",
        (
            ApplicationDrafted(),
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
    ),
    Course(
        "not arrived",
        "distribution",
        (
            Cut("receiver"),
            ApplicationDrafted(),
            at_node("sender/centre", "AffixSeal", "Issued"),
            Wait(12),
            Doing("let_limits_run_out", ("Undelivered",)),
            Doing("mend_lines", ("Delivered",)),
        ),
    ),
    _share(
        "supervised",
        Doing("urge_about_it", ("Supervised",)),
        Doing("revoke_that_urge", ("SupervisionEnded",)),
    ),
)
