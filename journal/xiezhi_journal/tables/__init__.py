"""The tables of hub and node: one schema, made by the migrations and described here.

Who writes what: the hot path (a court acts, the hub rules, a feed is taken) only appends to `event`, `body`, `ruling`,
`feed`, `change`, and keeps `instruction` and `tally`, which are projections of these and can be rebuilt from them.
Ids are UUIDv7 in text form, so that keys sort by time; hashes are 32 bytes; times are ms since 1970.
"""

from xiezhi_journal.tables.accounts import (
    access,
    account,
    account_event,
    api_token,
    federated_identity,
    recovery_code,
    request,
    saved_view,
    second_factor,
    session,
    storage_key,
)
from xiezhi_journal.tables.base import Position, metadata
from xiezhi_journal.tables.cases import (
    case_change,
    case_choice,
    case_feedback,
    follower,
    open_case,
    party_mark,
    related_query,
)
from xiezhi_journal.tables.deadlines import (
    calendar,
    deadline,
    escalation_rules,
    firing,
    link_gap,
    moved_deadline,
    notice,
    outage,
)
from xiezhi_journal.tables.directory import (
    certificate,
    court,
    court_key,
    join_token,
    own_rules,
    pin,
    rulebook,
)
from xiezhi_journal.tables.documents import document, document_of, paper_template, upload, wanted_document
from xiezhi_journal.tables.drafts import case_file, draft, draft_step, serial
from xiezhi_journal.tables.erasures import erasure, erasure_answer, erasure_draft
from xiezhi_journal.tables.events import body, change, event, head, naming, ruling
from xiezhi_journal.tables.figures import bulletin, data_objection, figure_cursor, figure_record
from xiezhi_journal.tables.link import (
    cursor,
    pending,
    quarantine,
    returned_work,
    seen_elsewhere,
    unproven,
)
from xiezhi_journal.tables.log import checkpoint, cosignature, feed, log_hash, vouched
from xiezhi_journal.tables.matters import instruction, tally
from xiezhi_journal.tables.notifications import notification, notification_settings
from xiezhi_journal.tables.orders import order_draft
from xiezhi_journal.tables.people import channel_policy, duty, leave, outside_matter, outside_step, trial_run
from xiezhi_journal.tables.registries import (
    field_sheet,
    field_visit,
    registry_act,
    registry_answer,
    registry_hit,
    registry_query,
)
from xiezhi_journal.tables.restrictions import restriction
from xiezhi_journal.tables.urging import disposal_draft, handed_on, reply_draft, urge_draft

SUPERIORS_DRAFTS = (urge_draft, order_draft, disposal_draft)
"""Drafts at the hub, under whose ids their documents are brought before they are issued."""

__all__ = [
    "SUPERIORS_DRAFTS",
    "Position",
    "access",
    "account",
    "account_event",
    "api_token",
    "body",
    "bulletin",
    "calendar",
    "case_change",
    "case_choice",
    "case_feedback",
    "case_file",
    "certificate",
    "change",
    "channel_policy",
    "checkpoint",
    "cosignature",
    "court",
    "court_key",
    "cursor",
    "data_objection",
    "deadline",
    "disposal_draft",
    "document",
    "document_of",
    "draft",
    "draft_step",
    "duty",
    "erasure",
    "erasure_answer",
    "erasure_draft",
    "escalation_rules",
    "event",
    "federated_identity",
    "feed",
    "field_sheet",
    "field_visit",
    "figure_cursor",
    "figure_record",
    "firing",
    "follower",
    "handed_on",
    "head",
    "instruction",
    "join_token",
    "leave",
    "link_gap",
    "log_hash",
    "metadata",
    "moved_deadline",
    "naming",
    "notice",
    "notification",
    "notification_settings",
    "open_case",
    "order_draft",
    "outage",
    "outside_matter",
    "outside_step",
    "own_rules",
    "paper_template",
    "party_mark",
    "pending",
    "pin",
    "quarantine",
    "recovery_code",
    "registry_act",
    "registry_answer",
    "registry_hit",
    "registry_query",
    "related_query",
    "reply_draft",
    "request",
    "restriction",
    "returned_work",
    "rulebook",
    "ruling",
    "saved_view",
    "second_factor",
    "seen_elsewhere",
    "serial",
    "session",
    "storage_key",
    "tally",
    "trial_run",
    "unproven",
    "upload",
    "urge_draft",
    "vouched",
    "wanted_document",
]
