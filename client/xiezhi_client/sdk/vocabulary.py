"""The closed vocabularies of the contract, as types.

Decided: an enum value is a plain string, its name in the contract without the prefix, because it is printed,
stored, compared and written as JSON far more often than anything else. `Literal` gives type checkers and
editors the names. ``""`` is what the contract calls UNSPECIFIED. A server newer than this SDK may answer with
another string. The Chinese words are in `xiezhi_domain.terms`, not here. A test compares every line with the
descriptors.
"""

from typing import Literal

InstructionState = Literal[
    "",
    "DRAFT",
    "AWAITING_APPROVAL",
    "APPROVAL_REJECTED",
    "AWAITING_SEAL",
    "AWAITING_HUB",
    "REFUSED_BY_HUB",
    "IN_TRANSIT",
    "ARRIVED",
    "AWAITING_SIGNATURE",
    "SIGNED",
    "IN_PROGRESS",
    "AWAITING_SUPPLEMENT",
    "REPORTED",
    "REWORK",
    "CONFIRMED",
    "RETURN_PROPOSED",
    "RETURNED",
    "REROUTED",
    "WITHDRAWN",
    "SUSPENDED",
    "STOPPED_AWAITING_REPORT",
    "TERMINATED",
    "ISSUED",
    "EXECUTING",
    "ANSWERED",
    "CLOSED",
    "REQUESTED",
    "EXAMINING",
    "DECIDED",
    "UNDER_REVIEW",
    "SUPERVISION_DONE",
    "REVOKED",
    "HANDOVER_REFUSED",
    "HANDOVER_DUE",
    "AWAITING_DECISION",
    "DISPOSAL_ORDERED",
    "HANDED_OVER",
    "DISPOSING",
    "DISPOSED",
    "DISTRIBUTED",
    "AWAITING_FILING",
    "CASE_FILED",
    "RETURN_APPLIED",
    "RETURN_PERMITTED",
    "CASE_CLOSED",
    "PARTICIPATING",
    "PARTICIPATION_REFUSED",
    "PLAN_ISSUED",
    "PLAN_DISPUTED",
    "PLAN_SETTLED",
    "SHARE_PAID",
    "DISCARDED",
]
"""Where a matter stands."""
Mark = Literal[
    "",
    "URGENT",
    "DUE_SOON",
    "OVERDUE",
    "SUPERVISED",
    "COMPLAINT_OPEN",
    "EXTENDED",
    "CONFIDENTIAL",
    "BACKFILLED",
    "PROVISIONAL",
    "PENDING",
    "CASE_CHANGED",
    "UNDELIVERED",
    "CONSENT_OPEN",
]
"""What is shown beside a state."""
Urgency = Literal["", "NORMAL", "URGENT"]
"""How fast a matter has to move."""
Result = Literal["", "ALL_DONE", "PARTLY_DONE", "NOT_DONE"]
"""The result of a matter, folded from its items."""
Action = Literal[
    "",
    "CREATE",
    "SUBMIT",
    "IMPORT_FROM_DOSSIER",
    "APPROVE",
    "REJECT_APPROVAL",
    "AFFIX_SEAL",
    "SEND",
    "WITHDRAW",
    "SIGN",
    "ASSIGN",
    "SIGN_AND_ASSIGN",
    "REASSIGN",
    "HAND_BACK",
    "REROUTE",
    "FORWARD",
    "ASK_FOR_MATERIAL",
    "SUPPLY_MATERIAL",
    "LOG_CONTACT",
    "LOG_CALL",
    "REPORT_PROGRESS",
    "COMPLETE",
    "CONFIRM",
    "CONFIRM_FOR",
    "REJECT_RESULT",
    "PROPOSE_RETURN",
    "APPROVE_RETURN",
    "REFUSE_RETURN",
    "OBJECT_TO_RETURN",
    "RULE_ON_OBJECTION",
    "STOP",
    "SUSPEND",
    "RESUME",
    "TRANSFER_SENDER",
    "ASK_EXTENSION",
    "GRANT_EXTENSION",
    "REFUSE_EXTENSION",
    "NUDGE",
    "NUDGE_CONFIRMATION",
    "URGE",
    "REPLY",
    "RETURN_REPLY",
    "CLOSE_SUPERVISION",
    "ISSUE_ORDER",
    "ANSWER_ORDER",
    "CLOSE_ORDER",
    "REVOKE",
    "CONSULT",
    "REQUEST_ORDER",
    "ESCALATE",
    "ANSWER_CONSULTATION",
    "CHANGE_ORDER",
    "CLOSE_OLD_CASE",
    "FILE_NEW_CASE",
    "ELEVATE_CASE",
    "MOVE_MATTERS",
    "ACCEPT_REQUEST",
    "HOLD_HEARING",
    "DECIDE_REQUEST",
    "EVALUATE",
    "COMPLAIN",
    "EXPLAIN",
    "RULE_ON_COMPLAINT",
    "NOTICE",
    "TALK",
    "RECTIFY",
    "UNMASK",
    "RESTRICT_BODY",
    "ERASE",
    "SHARE_DOSSIER",
    "REPORT_WRONG_COURT",
    "REFUSE_REROUTE",
    "CONFIRM_LETTER",
    "REPORT_STOP",
    "CHANGE_CASE_STATUS",
    "CONTINUE_CASE",
    "ANSWER_NUDGE",
    "ASK_FOR_ORDINARY",
    "RULE_ON_URGENCY",
    "RULE_ON_DISPUTE",
    "CHANGE_OFFICER",
    "RECUSE",
    "AGREE_HANDOVER",
    "REFUSE_HANDOVER",
    "DECIDE_DISPOSAL",
    "REPORT_OWN_DISPOSAL",
    "HAND_OVER",
    "STATE_SEIZURES",
    "RENEW_SEIZURE",
    "LIFT_SEIZURE",
    "TELL_PARTIES",
    "CHANGE_REGISTRY",
    "REPORT_DISPOSAL",
    "DISTRIBUTE",
    "RELEASE_RESERVE",
    "TELL_FIRST_COURT",
    "FILE_CASE",
    "CANCEL_CASE",
    "TELL_APPLICANT",
    "EXPLAIN_SUPPLEMENT",
    "RETURN_MATERIALS",
    "APPLY_FOR_RETURN",
    "RECORD_RETURN_DECISION",
    "RETURN_CASE",
    "REVOKE_DELEGATION",
    "REPORT_FOR_RECORD",
    "TELL_PROPERTY",
    "NOTE_PROPERTY_ELSEWHERE",
    "RENEW_SEIZURES",
    "ASK_HIGHER_COURT",
    "RECORD_HIGHER_ANSWER",
    "CLOSE_CASE",
    "ADMIT_PARTICIPATION",
    "REFUSE_PARTICIPATION",
    "ISSUE_PLAN",
    "RECORD_RECEIPT",
    "OBJECT_TO_PLAN",
    "NOTIFY_OBJECTION",
    "COUNTER_OBJECT",
    "TELL_COUNTER_OBJECTION",
    "PROVE_SUIT",
    "SETTLE_PLAN",
    "PAY_SHARE",
    "RELEASE_DEPOSIT",
    "END_DISTRIBUTION",
    "RECORD_CONSENT",
    "WRITE_CONSENT",
    "REFUSE_TRANSFER",
    "EXTEND_SUSPENSION",
    "DISCARD",
]
"""What somebody may do with a matter."""
Box = Literal["", "SENT", "RECEIVED"]
"""Which matters a list shows: all, sent by this court, received by it."""
Act = Literal[
    "",
    "QUERY",
    "INVESTIGATE",
    "SITE_CHECK",
    "FREEZE",
    "EXTEND_FREEZE",
    "UNFREEZE",
    "DEDUCT",
    "SEAL_PROPERTY",
    "EXTEND_SEAL",
    "RELEASE_SEAL",
    "WAITING_SEIZURE",
    "TRANSFER_TITLE",
    "PUBLICISE_FREEZE",
    "SERVE",
    "LOCATE_PERSON",
    "CONTROL_PERSON",
]
"""What an item orders."""
ServiceResult = Literal[
    "", "SIGNED_IN_PERSON", "SIGNED_BY_OTHER", "LEFT_BEHIND", "REFUSED", "UNKNOWN_PERSON", "SENT_BACK"
]
"""What became of the service of papers."""
DistributionPaper = Literal["", "PLAN", "OBJECTION", "COUNTER_OBJECTION"]
"""What a party of a distribution is served with."""
FollowUp = Literal["", "RENEWAL", "RELEASE"]
"""What is done with measures that were taken."""
Outcome = Literal["", "DONE", "PARTLY_DONE", "NOT_DONE", "NOT_NEEDED"]
"""How an item ended; not stated while under way."""
Role = Literal[
    "",
    "JUDGE",
    "ASSISTANT",
    "BUREAU_CHIEF",
    "COURT_LEADER",
    "CENTRE_DIRECTOR",
    "CENTRE_OFFICER",
    "SEAL_KEEPER",
    "FIELD_OFFICER",
    "DUTY_OFFICER",
    "AUXILIARY",
    "SUPERVISOR",
    "STATISTICIAN",
    "AUDITOR",
    "ADMINISTRATOR",
    "INTEGRATION",
]
"""What a person or program of a court may act as."""
CourtLevel = Literal["", "SUPREME", "HIGH", "INTERMEDIATE", "BASIC"]
"""The level of a court."""
SubjectRole = Literal[
    "",
    "DEBTOR",
    "PRESERVATION_RESPONDENT",
    "APPLICANT",
    "LEGAL_REPRESENTATIVE",
    "PERSON_IN_CHARGE",
    "ACTUAL_CONTROLLER",
    "CO_OWNER",
    "POSSESSOR",
    "NOMINEE",
    "SUB_DEBTOR",
    "SERVICE_RECIPIENT",
    "INTERESTED_PARTY",
]
"""The role of a subject in the sender's case."""
IdentityDocument = Literal["", "CITIZEN_ID", "PASSPORT", "RESIDENCE_PERMIT", "OTHER"]
"""The paper that proves who a person is."""
PropertyCategory = Literal[
    "",
    "CASH",
    "BANK_DEPOSIT",
    "WEALTH_PRODUCT",
    "INTERNET_FUNDS",
    "HOUSING_FUND",
    "INSURANCE",
    "HOUSE",
    "LAND_USE_RIGHT",
    "VEHICLE",
    "VESSEL",
    "EQUITY",
    "STOCK",
    "FUND_UNITS",
    "BOND",
    "INCOME",
    "RECEIVABLE",
    "INTELLECTUAL_PROPERTY",
    "OTHER_MOVABLE",
    "OTHER_RIGHT",
]
"""What a property is."""
PaperType = Literal[
    "",
    "RULING",
    "RELEASE_RULING",
    "SALE_RULING",
    "DEBT_SETTLEMENT_RULING",
    "ENFORCEMENT_BASIS",
    "DETENTION_DECISION",
    "COMPULSORY_SUMMONS",
    "ORIGINAL_FREEZE_PAPERS",
    "ORIGINAL_PAPERS",
    "PAPERS_TO_SERVE",
    "QUERY_NOTICE",
    "FREEZE_NOTICE",
    "DEDUCT_NOTICE",
    "ENFORCEMENT_NOTICE",
    "RELEASE_NOTICE",
    "TRANSFER_NOTICE",
    "PUBLICITY_NOTICE",
    "PUBLICITY_REQUEST",
    "ASSISTING_BODY_RECEIPT",
    "QUERY_RESULT",
    "WORK_CARD",
    "ENFORCEMENT_CARD",
    "DEBTOR_PROFILE",
    "PHOTO",
    "INVESTIGATION_OUTLINE",
    "ENFORCEMENT_ACCOUNT",
    "TAX_STATEMENT",
    "SEIZURE_ANNOUNCEMENT",
    "SEIZURE_INVENTORY",
    "SITE_RECORD",
    "ENFORCEMENT_RECORD",
    "PROOF_OF_SERVICE",
    "ENTRUSTMENT_LETTER",
    "ASSISTANCE_LETTER",
    "HANDOVER_REQUEST",
    "HANDOVER_LETTER",
    "DISTRIBUTION_LETTER",
    "RETURN_LETTER",
    "FEEDBACK_LETTER",
    "SUPPLEMENT_NOTICE",
    "STOP_LETTER",
    "REROUTE_LETTER",
    "FORWARD_LETTER",
    "EXTENSION_REQUEST",
    "SUPERVISION_LETTER",
    "SUPERVISION_REPLY",
    "COMPLAINT_EXPLANATION",
    "URGE_ORDER",
    "ORDER_RULING",
    "JOINT_DECISION",
    "COORDINATION_DECISION",
    "HEARING_RECORD",
    "ORDER_REQUEST_REPORT",
    "DISPUTE_REPORT",
    "OTHER",
    "PERFORMANCE_NOTICE",
    "PROPERTY_REPORT_ORDER",
    "PROPERTY_DECLARATION",
    "CONSUMPTION_RESTRICTION",
    "CASE_DELEGATION_LETTER",
    "ENFORCEMENT_APPLICATION",
    "CASE_DELEGATION_APPROVAL",
    "CASE_SITUATION",
    "APPLICANT_CONTACT",
    "DEBTOR_IDENTITY",
    "OFFICER_CONTACT",
    "FILING_NOTICE",
    "CASE_RETURN_APPLICATION",
    "HIGH_COURT_OPINION",
    "CASE_RETURN_LETTER",
    "HIGHER_COURT_APPLICATION",
    "CASE_CLOSING",
    "PARTICIPATION_APPLICATION",
    "PRIORITY_PROOF",
    "DISTRIBUTION_PLAN",
    "PLAN_OBJECTION",
    "COUNTER_OBJECTION",
    "PROOF_OF_SUIT",
    "DISTRIBUTION_JUDGMENT",
    "PAYMENT_VOUCHER",
]
"""What a document is."""
SealState = Literal[
    "",
    "UNCHECKED",
    "NONE",
    "VALID",
    "ALTERED",
    "UNKNOWN_SIGNER",
    "EXPIRED",
]
"""What checking the seals of a document has shown."""
LetterFormat = Literal[
    "",
    "PDF",
    "DOCX",
]
"""The form in which a letter is made."""
TemplateFormat = Literal[
    "",
    "WORDING",
    "DOCX",
    "TYPST",
]
"""What a template says."""
CaseStatusChange = Literal[
    "",
    "FULLY_ENFORCED",
    "TERMINATED_FOR_NOW",
    "CANCELLED",
    "TRANSFERRED",
    "DESIGNATED",
    "ELEVATED",
    "BANKRUPTCY",
]
"""What became of a case."""
CaseChoice = Literal["", "CONTINUE", "SUSPEND", "STOP", "TRANSFER"]
"""What the sender wants done with an open matter after a change of its case."""
KeyPurpose = Literal["", "EVENT", "COSIGN"]
"""What a court's key is for."""
Channel = Literal["", "PLATFORM", "NATIONAL_SYSTEM", "PAPER", "PHONE"]
"""How a matter came."""
Indicator = Literal[
    "",
    "HANDLING_DAYS",
    "COMPLETED_IN_TIME",
    "SUPERVISION_IN_TIME",
    "SIGNED_IN_TIME",
    "RETURNED_RECEIVED",
    "RETURNED_SENT",
    "WRONGLY_RETURNED",
    "CONFIRMED_IN_TIME",
    "PASSED_AT_ONCE",
    "ARRIVAL_DAYS",
]
"""A figure of a bulletin."""
Variant = Literal["", "STANDARD", "FROM_SIGNING", "PAUSES_COUNTED", "FINISHED_ONLY"]
"""A definition of an indicator."""
ReturnCause = Literal["", "SENDER", "RECEIVER", "OBJECTIVE"]
"""With whom the cause of a return lies."""
Measure = Literal["", "RATE", "DAYS", "COUNT"]
"""What a figure is."""
BulletinState = Literal["", "DRAFT", "PUBLISHED", "DISCARDED"]
"""Where a bulletin stands."""
BulletinFormat = Literal["", "WORD", "PDF", "XLSX"]
"""What a bulletin is made into."""
SheetFormat = Literal["", "XLSX", "PDF"]
"""How a sheet is written."""
LedgerBox = Literal["", "SENT", "RECEIVED"]
"""Which matters a ledger has."""
StaffOutcome = Literal["", "CREATED", "UPDATED", "UNCHANGED", "REFUSED"]
"""What becomes of a row of a staff list."""
ListFormat = Literal["", "XLSX", "CSV"]
"""How a list is written."""
DeadlineState = Literal["", "RUNNING", "PAUSED", "MET", "BREACHED", "CANCELLED"]
"""Where a deadline stands."""
TimeVerdict = Literal["", "IN_TIME", "LATE", "TO_BE_CHECKED"]
"""Whether what met a deadline came in time."""
Rung = Literal["", "REMIND", "ALERT", "BREACH", "CALL", "SUPERVISE", "BULLETIN", "TALK", "RECTIFY", "ELEVATE"]
"""A rung of the supervisor's ladder."""
OutageReason = Literal["", "NETWORK", "POWER", "SYSTEM", "MAINTENANCE", "OTHER"]
"""Why a court could not be reached."""
NotificationKind = Literal[
    "",
    "ARRIVED",
    "ASSIGNED",
    "ORDERED",
    "URGED",
    "REQUESTED",
    "DUE_SOON",
    "DUE_ALERT",
    "OVERDUE",
    "UNDELIVERED",
    "RETURNED",
    "REFUSED",
    "REPORTED",
    "REDO",
    "PAPERS_ASKED",
    "PAPERS_SUPPLIED",
    "HALTED",
    "NUDGED",
    "COMPLAINED",
    "EXTENSION_ASKED",
    "REPLIED",
    "DIGEST",
]
"""What a notification is about."""
NotificationChannel = Literal["", "SMS", "EMAIL", "WEBHOOK"]
"""The way that a notification takes."""
NotificationState = Literal["", "QUEUED", "FAILED", "SENT", "GIVEN_UP", "OUTDATED", "DIGESTED"]
"""Where a notification stands."""
OwnRulesState = Literal["", "QUEUED", "AWAITING_CONSENT", "PUBLISHED", "REFUSED", "TAKEN_BACK"]
"""Where a court's proposal of its own rules stands."""
ConnectorKind = Literal["", "CASE_SOURCE", "REGISTRY"]
"""What a program beside a node is for."""
ProposalDecision = Literal["", "TAKEN", "DISMISSED"]
"""What people made of a proposal."""

Appeal = Literal["", "WRONG_COURT", "OBJECTION", "DISPUTE", "COMPLAINT", "TRANSFER", "RULING"]

OrderDraftState = Literal["", "WAITING", "ISSUED", "REJECTED", "DISCARDED"]
"""What became of the draft of an order."""
Selector = Literal["", "SAME_DEBTOR", "IDLE_PROPERTY"]
"""Why cases are proposed for 交叉执行."""
UrgeDraftState = Literal["", "WAITING", "ISSUED", "REJECTED", "DISCARDED"]

AnswerState = Literal[
    "",
    "ASKED",
    "FOUND",
    "NOTHING",
    "PARTIAL",
    "AWAY",
    "REFUSED",
    "MISMATCHED",
    "GIVEN_UP",
    "NOT_CONNECTED",
]
"""What became of the question to one registry."""
SeizureKind = Literal["", "SEALED", "WAITING", "IN_ADVANCE"]
"""Which kind of seizure stands in a register."""
ControlAction = Literal["", "QUERY", "SEAL", "SEAL_IN_ADVANCE", "RENEW", "RELEASE", "WATCH", "UNWATCH"]
"""What a registry can be asked to do."""
SeizurePurpose = Literal["", "ENFORCEMENT", "PRESERVATION"]
"""What a seizure was made for."""
DisposalDecision = Literal["", "DEADLINE", "JOINT", "ELEVATE", "DESIGNATE"]
"""What the superior decides on a handover."""
DecisionDraftState = Literal["", "WAITING", "ISSUED", "REJECTED", "DISCARDED"]
"""What became of a draft of a decision."""
ErasureDraftState = Literal["", "WAITING", "ISSUED", "REJECTED", "DISCARDED"]
"""What became of a draft of an order to erase."""
AccountEventKind = Literal[
    "",
    "SIGNED_IN",
    "SIGN_IN_REFUSED",
    "LOCKED",
    "UNLOCKED",
    "SIGNED_OUT",
    "PASSWORD_CHANGED",
    "PASSWORD_RESET",
    "CREATED",
    "ROLES_CHANGED",
    "DISABLED",
    "ENABLED",
    "SESSIONS_ENDED",
    "TOKEN_MADE",
    "TOKEN_FIRST_USED",
    "TOKEN_REVOKED",
    "SECOND_FACTOR_SET",
    "SECOND_FACTOR_REMOVED",
    "CONFIRMED",
    "CHECK_REFUSED",
    "RECOVERY_CODE_USED",
    "IDENTITY_BOUND",
    "IDENTITY_UNBOUND",
]
"""What happened to an account."""
