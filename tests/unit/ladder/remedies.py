"""The remedies of practice.md §5–§8, §13, §15 on the cooperation ladder, written out by hand beside the rulebook.

kind: (sides, states in which it is possible, state after it or None where it stays or returns to what was left).
"""

from xiezhi_domain.terms import State

SENDER, RECEIVER, SUPERIOR, HUB = {"sender"}, {"receiver"}, {"superior"}, {"hub"}
BOTH, SENDER_OR_SUPERIOR = SENDER | RECEIVER, SENDER | SUPERIOR
BEFORE_ASSIGNMENT = {State.AWAITING_SIGNATURE, State.SIGNED}
BEFORE_WORK = {State.IN_TRANSIT, *BEFORE_ASSIGNMENT, State.RETURN_PROPOSED}
CAN_ASK = {State.AWAITING_SIGNATURE, State.SIGNED, State.IN_PROGRESS, State.REWORK}
AT_WORK = {State.SIGNED, State.IN_PROGRESS, State.AWAITING_SUPPLEMENT, State.REWORK}
CAN_STOP = AT_WORK | {State.AWAITING_SIGNATURE, State.RETURN_PROPOSED, State.SUSPENDED}
CAN_SUSPEND = AT_WORK | {State.AWAITING_SIGNATURE, State.RETURN_PROPOSED, State.REPORTED}
OPEN = CAN_STOP | {State.IN_TRANSIT, State.REPORTED, State.STOPPED_AWAITING_REPORT}
ENDED = {State.CONFIRMED, State.RETURNED, State.WITHDRAWN, State.TERMINATED}
EVER = (OPEN - {State.IN_TRANSIT}) | ENDED

REMEDIES = {
    "MaterialAsked": (RECEIVER, CAN_ASK, State.AWAITING_SUPPLEMENT),
    "DefectTold": (RECEIVER, CAN_ASK, State.AWAITING_SUPPLEMENT),
    "SupplementSupplied": (SENDER, {State.AWAITING_SUPPLEMENT}, None),
    "WrongCourtReported": (RECEIVER, BEFORE_ASSIGNMENT, None),
    "Rerouted": (SUPERIOR, BEFORE_WORK, State.IN_TRANSIT),
    "RerouteRefused": (SUPERIOR, BEFORE_WORK | {State.IN_PROGRESS}, None),
    "Forwarded": (RECEIVER, BEFORE_ASSIGNMENT, State.IN_TRANSIT),
    "LetterReissued": (SENDER, OPEN, None),
    "ReturnObjected": (SENDER, {State.RETURNED}, None),
    "ObjectionUpheld": (SUPERIOR, {State.RETURNED}, None),
    "ObjectionDismissed": (SUPERIOR, {State.RETURNED}, None),
    "Stopped": (SENDER_OR_SUPERIOR, CAN_STOP, State.STOPPED_AWAITING_REPORT),
    "StopArrived": (RECEIVER, {State.STOPPED_AWAITING_REPORT}, None),
    "StopReported": (RECEIVER, {State.STOPPED_AWAITING_REPORT}, State.TERMINATED),
    "Suspended": (SENDER_OR_SUPERIOR, CAN_SUSPEND, State.SUSPENDED),
    "SuspensionExtended": (SUPERIOR, {State.SUSPENDED}, None),
    "Resumed": (SENDER_OR_SUPERIOR, {State.SUSPENDED}, None),
    "SenderTransferred": (SUPERIOR, OPEN | {State.CONFIRMED}, None),
    "MergedIntoCase": (SUPERIOR, OPEN, State.TERMINATED),
    "CaseStatusChanged": (SENDER, OPEN, None),
    "CaseContinued": (SENDER, OPEN, None),
    "TransferAsked": (SENDER, OPEN, None),
    "TransferRefused": (SUPERIOR, OPEN, None),
    "ExtensionAsked": (RECEIVER, AT_WORK, None),
    "ExtensionGranted": (SENDER, AT_WORK | {State.SUSPENDED}, None),
    "ExtensionRefused": (SENDER, OPEN, None),
    "Nudged": (SENDER, CAN_ASK, None),
    "NudgeAnswered": (RECEIVER, OPEN, None),
    "ConfirmationNudged": (RECEIVER, {State.REPORTED}, None),
    "ConfirmedFor": (SENDER, {State.REPORTED}, State.CONFIRMED),
    "Escalated": (BOTH, {State.REWORK, State.REPORTED}, None),
    "DisputeRuled": (
        SUPERIOR,
        {State.REWORK, State.IN_PROGRESS, State.REPORTED, State.SUSPENDED, State.CONFIRMED},
        None,
    ),
    "Evaluated": (SENDER, {State.CONFIRMED}, None),
    "Complained": (SENDER, EVER, None),
    "ComplaintExplained": (RECEIVER, EVER, None),
    "ComplaintRuled": (SUPERIOR, EVER, None),
    "Supervised": (HUB, OPEN | ENDED, None),
    "SupervisionEnded": (HUB, OPEN | ENDED, None),
    "CallLogged": (BOTH | SUPERIOR, OPEN, None),
    "UrgentPapersSupplied": (SENDER, OPEN, None),
    "ConsentWritten": (SENDER, OPEN, None),
    "UrgencyQuestioned": (RECEIVER, BEFORE_ASSIGNMENT | {State.IN_PROGRESS}, None),
    "UrgencyLowered": (SENDER, AT_WORK | {State.AWAITING_SIGNATURE}, None),
    "UrgencyKept": (SENDER, OPEN, None),
    "OfficerChanged": (BOTH, OPEN, None),
    "Recused": (BOTH, OPEN, None),
}
