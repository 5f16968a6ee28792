"""The cooperation ladder as practice.md §2 draws it, written out by hand beside the rulebook."""

from xiezhi_domain.terms import Role, State

SENDER, RECEIVER, BOTH, HUB = {"sender"}, {"receiver"}, {"sender", "receiver"}, {"hub"}
CENTRE = {Role.CENTRE_OFFICER, Role.CENTRE_DIRECTOR}
BEFORE_RESULT = {
    State.IN_TRANSIT,
    State.AWAITING_SIGNATURE,
    State.SIGNED,
    State.IN_PROGRESS,
    State.REWORK,
    State.REPORTED,
    State.RETURN_PROPOSED,
    State.AWAITING_SUPPLEMENT,
    State.SUSPENDED,
    State.STOPPED_AWAITING_REPORT,
}
AT_WORK = {State.IN_PROGRESS, State.REWORK}
HEADS = {Role.CENTRE_DIRECTOR, Role.BUREAU_CHIEF}

# kind: (sides, roles, {state before: state after})
MOVES = {
    "Delivered": (RECEIVER, set(), {State.IN_TRANSIT: State.AWAITING_SIGNATURE}),
    "Undelivered": (HUB, set(), {State.IN_TRANSIT: State.IN_TRANSIT}),
    "Signed": (RECEIVER, CENTRE | {Role.DUTY_OFFICER}, {State.AWAITING_SIGNATURE: State.SIGNED}),
    "Assigned": (
        RECEIVER,
        CENTRE | {Role.DUTY_OFFICER},
        dict.fromkeys(AT_WORK | {State.SIGNED}, State.IN_PROGRESS),
    ),
    "HandedBack": (RECEIVER, {Role.FIELD_OFFICER, Role.JUDGE}, {State.IN_PROGRESS: State.SIGNED}),
    "ProgressReported": (
        RECEIVER,
        {Role.FIELD_OFFICER, Role.JUDGE, Role.CENTRE_OFFICER, Role.ASSISTANT, Role.INTEGRATION},
        {state: state for state in AT_WORK},
    ),
    "MaterialSupplied": (
        BOTH,
        CENTRE | {Role.JUDGE, Role.ASSISTANT, Role.FIELD_OFFICER, Role.INTEGRATION},
        {state: state for state in BEFORE_RESULT},
    ),
    "DossierShared": (
        SENDER,
        {Role.JUDGE, Role.ASSISTANT, Role.INTEGRATION},
        {state: state for state in BEFORE_RESULT},
    ),
    "ContactLogged": (
        BOTH,
        CENTRE | {Role.JUDGE, Role.ASSISTANT, Role.FIELD_OFFICER, Role.DUTY_OFFICER},
        {state: state for state in BEFORE_RESULT},
    ),
    "Completed": (
        RECEIVER,
        {Role.FIELD_OFFICER, Role.JUDGE, Role.CENTRE_OFFICER, Role.INTEGRATION},
        dict.fromkeys(AT_WORK, State.REPORTED),
    ),
    "Confirmed": (SENDER, {Role.JUDGE, Role.CENTRE_DIRECTOR}, {State.REPORTED: State.CONFIRMED}),
    "ResultRejected": (SENDER, {Role.JUDGE}, {State.REPORTED: State.REWORK}),
    "ReturnProposed": (
        RECEIVER,
        {Role.FIELD_OFFICER, Role.JUDGE, Role.CENTRE_OFFICER},
        dict.fromkeys(
            (State.AWAITING_SIGNATURE, State.SIGNED, State.IN_PROGRESS, State.AWAITING_SUPPLEMENT),
            State.RETURN_PROPOSED,
        ),
    ),
    "Returned": (RECEIVER, HEADS, {State.RETURN_PROPOSED: State.RETURNED}),
    "ReturnRefused": (RECEIVER, HEADS, {State.RETURN_PROPOSED: State.SIGNED}),
    "Withdrawn": (
        SENDER,
        CENTRE | {Role.JUDGE, Role.ASSISTANT},
        dict.fromkeys((State.IN_TRANSIT, State.AWAITING_SIGNATURE), State.WITHDRAWN),
    ),
}
EXACT = {"Confirmed", "ResultRejected", "Returned", "Withdrawn"}
CHANGES_NOTHING = {"Undelivered", "ProgressReported", "MaterialSupplied", "DossierShared", "ContactLogged"}
ISSUERS = CENTRE | {Role.SEAL_KEEPER, Role.INTEGRATION}
EVERY_OUTCOME = [[1, "DONE", ""], [2, "NOT_DONE", "NOT_FOUND"]]

ISSUED_FACTS = {
    "kind": "FIND",
    "lane": 2,
    "urgent": False,
    "limit_days": 7,
    "due": 1_767_887_999_999,
    "items": [[1, "LOCATE_PERSON"], [2, "QUERY"]],
    "papers": {"ENTRUSTMENT_LETTER": 1},
    "documents": 1,
}


def facts_of(kind: str, role: str = "", sender: str = "苏0591") -> dict:
    """The facts that a move of *kind* by *sender* needs, made by *role* (empty: by a machine)."""
    facts: dict = {"role": role} if role else {}
    if kind == "Issued":
        return {**ISSUED_FACTS, "number": f"{sender}委〔2026〕1187号", **facts}
    if kind == "Completed":
        facts["outcomes"] = EVERY_OUTCOME
    if kind == "ReturnProposed":
        facts["reason"] = "WRONG_DISTRICT"
    if kind == "ResultRejected":
        facts["rejections"] = [[1, "NOT_AS_ORDERED"]]
    return facts
