"""The tables of hub and node: one schema, made by the migrations and described here.

Who writes what: the hot path (a court acts, the hub rules, a feed is taken) only appends to `event`, `body`, `ruling`,
`feed`, `change`, and keeps `instruction` and `tally`, which are projections of these and can be rebuilt from them.
Ids are UUIDv7 in text form, so that keys sort by time; hashes are 32 bytes; times are ms since 1970.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

# A key column that is INTEGER on SQLite is the row's address there.
Position = BigInteger().with_variant(Integer, "sqlite")

# --- What happened ---------------------------------------------------------------------------------------------------

head = Table(
    "head",
    metadata,
    Column(
        "id",
        SmallInteger,
        primary_key=True,
        autoincrement=False,
        comment="always 1: the row that the writer locks",
    ),
    Column("position", BigInteger, nullable=False, comment="events stored so far"),
    Column(
        "journal_position", BigInteger, nullable=False, comment="own events signed so far (push positions)"
    ),
    Column("change", BigInteger, nullable=False, comment="changes told so far (node)"),
    Column("log_size", BigInteger, nullable=False, comment="entries of the transparency log (hub)"),
    Column("log_frontier", LargeBinary, nullable=False, comment="compact range of the log (hub)"),
    Column("ruled_at", BigInteger, nullable=False, comment="time of the last ruling, ms (hub)"),
    Column(
        "commits",
        BigInteger,
        nullable=False,
        comment="moved by every change: a cache with another number is void",
    ),
)

event = Table(
    "event",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=False, comment="order of storing, from 1"),
    Column("event_id", Text, nullable=False, unique=True),
    Column("instruction", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("court", Text, nullable=False, comment="acting court"),
    Column("header", LargeBinary, nullable=False, comment="the exact bytes signed"),
    Column("push", LargeBinary, nullable=False, comment="PushProof, serialised"),
    Column("journal_position", BigInteger, nullable=False, comment="place in the acting court's journal"),
    Index("ix_event_court_journal_position", "court", "journal_position"),
)

body = Table(
    "body",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=False, comment="of its event"),
    Column("content", LargeBinary, nullable=False, comment="Body, serialised; parts can be erased"),
)

ruling = Table(
    "ruling",
    metadata,
    Column("log_index", Position, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False, unique=True, comment="of its event"),
    Column("accepted", Boolean, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("winner", Text, nullable=False, comment="event id"),
    Column("ruled_at", BigInteger, nullable=False),
    Column("leaf", LargeBinary, nullable=False, comment="leaf hash of the log entry"),
    Column("ruling", LargeBinary, nullable=False, comment="the exact bytes in the log entry"),
)

change = Table(
    "change",
    metadata,
    Column("change", Position, primary_key=True, autoincrement=False, comment="cursor of watchers"),
    Column("position", BigInteger, nullable=False, comment="of the event stored or ruled on"),
)

# --- Projections -----------------------------------------------------------------------------------------------------

instruction = Table(
    "instruction",
    metadata,
    Column("instruction", Text, primary_key=True),
    Column("number", Text, nullable=False, index=True, comment="said on the phone"),
    Column("kind", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("receiver", Text, nullable=False),
    Column("sent", Boolean, nullable=False, comment="by the court of this node"),
    Column("state", Text, nullable=False, comment="pending events of this court included"),
    Column("open", Boolean, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("pending", Integer, nullable=False, comment="own events not ruled on"),
    Column("case_number", Text, nullable=False),
    Column("subject_names", Text, nullable=False),
    Column("officer", Text, nullable=False, comment="account of this court that works on it"),
    Column("officer_name", Text, nullable=False),
    Column("issued_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("item_count", Integer, nullable=False),
    Column("result", Text, nullable=False),
    Column("last_event", Text, nullable=False),
    Column("accepted", Text, nullable=False, comment="fold of accepted events, JSON; empty before the first"),
    Column("view", Text, nullable=False, comment="fold with pending events, JSON; empty where equal"),
    Column(
        "overlays",
        Text,
        nullable=False,
        server_default=text("''"),
        comment="what awaits an answer, such as a complaint",
    ),
    Index(
        "ix_instruction_box_open",
        "sent",
        "instruction",
        sqlite_where=text("open"),
        postgresql_where=text("open"),
    ),
    Index("ix_instruction_box", "sent", "instruction"),
    Index("ix_instruction_due_open", "due_at", sqlite_where=text("open"), postgresql_where=text("open")),
)

tally = Table(
    "tally",
    metadata,
    Column("sender", Text, primary_key=True),
    Column("receiver", Text, primary_key=True),
    Column("state", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
    comment="matters by courts and state, kept with every ruling (hub)",
)

# --- Deadlines -------------------------------------------------------------------------------------------------------

deadline = Table(
    "deadline",
    metadata,
    Column("instruction", Text, primary_key=True),
    Column("clock", Text, primary_key=True, comment="limit of the rulebook"),
    Column("round", Integer, primary_key=True, comment="how often it was started"),
    Column("kind", Text, nullable=False, comment="of the matter"),
    Column("owner", Text, nullable=False, comment="court that is charged"),
    Column("started_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("ended_at", BigInteger, nullable=False, comment="0: open"),
    Column("verdict", Text, nullable=False, comment="empty: nothing met it"),
    Column("provisional", Boolean, nullable=False),
    Column("pauses", Text, nullable=False, comment="JSON: [[start, end], …]"),
    Column("next_at", BigInteger, nullable=False, comment="when the scheduler has to look (hub)"),
    Index(
        "ix_deadline_owner_open", "owner", "due_at", sqlite_where=text("open"), postgresql_where=text("open")
    ),
    Index("ix_deadline_next_open", "next_at", sqlite_where=text("open"), postgresql_where=text("open")),
    comment="projection: deadlines as the accepted history has made them (hub)",
    sqlite_with_rowid=False,
)

firing = Table(
    "firing",
    metadata,
    Column("instruction", Text, primary_key=True),
    Column("clock", Text, primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("due_at", BigInteger, primary_key=True, comment="a deadline that has moved is warned of again"),
    Column("step", Text, primary_key=True, comment="of the rules"),
    Column("rung", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("planned_at", BigInteger, nullable=False),
    Column("fired_at", BigInteger, nullable=False),
    Column("automatic", Boolean, nullable=False, comment="else a proposal that people decide on"),
    Column("rules", Integer, nullable=False, comment="version of the rules"),
    Column("decided_at", BigInteger, nullable=False, comment="0: not yet"),
    Column("decision", Text, nullable=False, comment="empty: not yet"),
    Column("account", Text, nullable=False),
    Index(
        "ix_firing_proposed",
        "owner",
        "fired_at",
        sqlite_where=text("NOT automatic AND decided_at = 0"),
        postgresql_where=text("NOT automatic AND decided_at = 0"),
    ),
    comment="rungs of the supervisor's ladder that were climbed, each once (hub)",
    sqlite_with_rowid=False,
)

notice = Table(
    "notice",
    metadata,
    Column("id", Position, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("court", Text, nullable=False),
    Column("roles", Text, nullable=False, comment="identifiers, blank-separated"),
    Column("instruction", Text, nullable=False),
    Column("clock", Text, nullable=False),
    Column("rung", Text, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("text", Text, nullable=False, comment="number, step, limit; nothing personal"),
    Index("ix_notice_court", "court", "id"),
    comment="what a court is told about its deadlines (hub)",
)

escalation_rules = Table(
    "escalation_rules",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("content", Text, nullable=False, comment="TOML"),
    Column("at", BigInteger, nullable=False),
    Column("account", Text, nullable=False),
    comment="versions of the supervisor's ladder; the last one is in force (hub)",
)

outage = Table(
    "outage",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("court", Text, nullable=False, index=True),
    Column("started_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    comment="通信故障 recorded by the hub's command centre",
)

link_gap = Table(
    "link_gap",
    metadata,
    Column("court", Text, primary_key=True),
    Column("started_at", BigInteger, primary_key=True),
    Column("ended_at", BigInteger, nullable=False),
    comment="when a court's node was not connected (hub)",
)

calendar = Table(
    "calendar",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("published_at", BigInteger, nullable=False),
    Column("event_id", Text, nullable=False),
    comment="working calendars; the one published last is in force",
)

moved_deadline = Table(
    "moved_deadline",
    metadata,
    Column("event_id", Text, primary_key=True, comment="that moved it"),
    Column("instruction", Text, primary_key=True),
    Column("clock", Text, primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("due_before", BigInteger, nullable=False),
    Column("due_after", BigInteger, nullable=False),
    comment="deadlines that a calendar or an outage has moved (hub)",
)

# --- The hub's log and feeds -----------------------------------------------------------------------------------------

log_hash = Table(
    "log_hash",
    metadata,
    Column("level", SmallInteger, primary_key=True, comment="1: roots of 256 leaves, 2: of 65,536, …"),
    Column("number", BigInteger, primary_key=True),
    Column("hash", LargeBinary, nullable=False),
)

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("size", Position, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("signed_at", BigInteger, nullable=False),
    Column("note", LargeBinary, nullable=False, comment="C2SP signed note"),
)

feed = Table(
    "feed",
    metadata,
    Column("court", Text, primary_key=True),
    Column("lane", SmallInteger, primary_key=True),
    Column("feed_seq", BigInteger, primary_key=True),
    Column("log_index", BigInteger, nullable=False),
    Column("item_hash", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# --- The node's side of the link -------------------------------------------------------------------------------------

cursor = Table(
    "cursor",
    metadata,
    Column("lane", SmallInteger, primary_key=True, autoincrement=False),
    Column("feed_seq", BigInteger, nullable=False),
    Column("item_hash", LargeBinary, nullable=False),
)

pending = Table(
    "pending",
    metadata,
    Column("journal_position", Position, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("instruction", Text, nullable=False, index=True),
    Column(
        "dropped", Boolean, nullable=False, server_default=false(), comment="out of the view after a refusal"
    ),
    comment="own events that the hub has not ruled on: the outbox",
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Position, primary_key=True),
    Column("source", Text, nullable=False, comment="feed or outbox"),
    Column("event_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("record", LargeBinary, nullable=False, comment="EventRecord, serialised"),
    Column("at", BigInteger, nullable=False),
)

returned_work = Table(
    "returned_work",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("instruction", Text, nullable=False),
    Column("account", Text, nullable=False, comment="who had acted"),
    Column("reason", Text, nullable=False),
    Column("winner", Text, nullable=False, comment="event id"),
    Column("returned_at", BigInteger, nullable=False),
    Column("dismissed", Boolean, nullable=False, server_default=false()),
    Index(
        "ix_returned_work_open",
        "account",
        sqlite_where=text("NOT dismissed"),
        postgresql_where=text("NOT dismissed"),
    ),
)

# --- Inside the court ------------------------------------------------------------------------------------------------

draft = Table(
    "draft",
    metadata,
    Column("instruction", Text, primary_key=True),
    Column("author", Text, nullable=False, comment="account"),
    Column("order", LargeBinary, nullable=False, comment="the order of its kind, serialised"),
    Column("approval", LargeBinary, nullable=False, comment="ApprovalRecord so far, serialised"),
    Column("remark", Text, nullable=False, comment="why it came back"),
)

draft_step = Table(
    "draft_step",
    metadata,
    Column("id", Position, primary_key=True),
    Column("instruction", Text, nullable=False, index=True),
    Column("action", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("remark", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)

case_file = Table(
    "case_file",
    metadata,
    Column("case_number", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False, comment="Case, serialised"),
    Column("cause", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("judge", Text, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
)

serial = Table(
    "serial",
    metadata,
    Column("series", Text, primary_key=True, comment="word and year of matter numbers"),
    Column("last", BigInteger, nullable=False),
)

# --- Cases and their source ------------------------------------------------------------------------------------------

case_change = Table(
    "case_change",
    metadata,
    Column("change_id", Text, primary_key=True),
    Column("case_number", Text, nullable=False, index=True),
    Column("change", Text, nullable=False),
    Column("court", Text, nullable=False, comment="that has the case from now on; empty: none"),
    Column("text", Text, nullable=False),
    Column("happened_at", BigInteger, nullable=False),
    Column("learned_at", BigInteger, nullable=False, index=True),
    comment="what became of cases (node)",
)

case_choice = Table(
    "case_choice",
    metadata,
    Column("change_id", Text, primary_key=True),
    Column("instruction", Text, primary_key=True),
    Column("choice", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    comment="what staff want done with an open matter after a change of its case (node)",
)

case_feedback = Table(
    "case_feedback",
    metadata,
    Column("event_id", Text, primary_key=True, comment="of the result"),
    Column("instruction", Text, nullable=False),
    Column("case_number", Text, nullable=False),
    Column("position", BigInteger, nullable=False, comment="of the event"),
    Column("next_at", BigInteger, nullable=False, comment="when it is tried next"),
    Column("failures", Integer, nullable=False),
    Column("problem", Text, nullable=False),
    Column("sent_at", BigInteger, nullable=False, comment="0: not yet"),
    Index(
        "ix_case_feedback_waiting",
        "next_at",
        sqlite_where=text("sent_at = 0"),
        postgresql_where=text("sent_at = 0"),
    ),
    comment="results on their way into the case system: an outbox (node)",
)

follower = Table(
    "follower",
    metadata,
    Column("name", Text, primary_key=True),
    Column("place", Text, nullable=False),
    comment="how far a task has followed what it follows (node)",
)

open_case = Table(
    "open_case",
    metadata,
    Column("court", Text, primary_key=True),
    Column("case_number", Text, primary_key=True),
    Column("officer", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("key_id", Text, nullable=False, comment="of the key that made its marks"),
    Column("round", Text, nullable=False, comment="of publishing (hub)"),
)

party_mark = Table(
    "party_mark",
    metadata,
    Column("mark", LargeBinary, primary_key=True, comment="keyed hash of a party's identity"),
    Column("court", Text, primary_key=True),
    Column("case_number", Text, primary_key=True),
    Index("ix_party_mark_case", "court", "case_number"),
    sqlite_with_rowid=False,
)

related_query = Table(
    "related_query",
    metadata,
    Column("id", Position, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("court", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("case_number", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("answers", Integer, nullable=False),
    Index("ix_related_query_asker", "court", "account", "at"),
    comment="who asked for related cases (hub)",
)

# --- Documents -------------------------------------------------------------------------------------------------------

document = Table(
    "document",
    metadata,
    Column("sha256", LargeBinary, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("stored_at", BigInteger, nullable=False),
    Column("pages", Integer, nullable=False, server_default="0", comment="0: its type has none"),
    Column("seal", Text, nullable=False, server_default="UNCHECKED", comment="SealState as it arrived"),
)

document_of = Table(
    "document_of",
    metadata,
    Column("instruction", Text, primary_key=True),
    Column("sha256", LargeBinary, primary_key=True),
    Column("name", Text, nullable=False),
    Column("paper_type", Text, nullable=False),
    Column("court", Text, nullable=False, comment="who brought it"),
    Column("at", BigInteger, nullable=False),
)

paper_template = Table(
    "paper_template",
    metadata,
    Column("paper_type", Text, primary_key=True),
    Column("format", Text, primary_key=True, comment="TemplateFormat"),
    Column("content", LargeBinary, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("account", Text, nullable=False),
    Column("name", Text, nullable=False, comment="of who put it"),
    Column("at", BigInteger, nullable=False),
    comment="the court's own in the place of shipped ones (node)",
)

wanted_document = Table(
    "wanted_document",
    metadata,
    Column("instruction", Text, primary_key=True),
    Column("sha256", LargeBinary, primary_key=True),
    Column("position", BigInteger, nullable=False, comment="of the event that names it"),
    Column("size", BigInteger, nullable=False),
    comment="named by a stored event, still to be fetched from the hub (node)",
)

upload = Table(
    "upload",
    metadata,
    Column("upload_id", Text, primary_key=True),
    Column("instruction", Text, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("paper_type", Text, nullable=False),
    Column("owner", Text, nullable=False, comment="account or court"),
    Column("started_at", BigInteger, nullable=False),
    UniqueConstraint("instruction", "sha256", "owner"),
)

# --- Requests, people, access ----------------------------------------------------------------------------------------

request = Table(
    "request",
    metadata,
    Column("principal", Text, primary_key=True),
    Column("method", Text, primary_key=True),
    Column("request_id", Text, primary_key=True),
    Column("content_hash", LargeBinary, nullable=False),
    Column("response", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False, index=True),
    sqlite_with_rowid=False,
)

account = Table(
    "account",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("login", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False, comment="argon2id; empty: a program"),
    Column("officer", LargeBinary, nullable=False, comment="Officer, serialised"),
    Column("name", Text, nullable=False),
    Column("roles", Text, nullable=False, comment="identifiers, blank-separated"),
    Column("disabled", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", BigInteger, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("account_id", Text, nullable=False, index=True),
    Column("started_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)

api_token = Table(
    "api_token",
    metadata,
    Column("token_id", Text, primary_key=True),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("account_id", Text, nullable=False, index=True),
    Column("roles", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("revoked", Boolean, nullable=False),
    Column("used_at", BigInteger, nullable=False),
)

access = Table(
    "access",
    metadata,
    Column("id", Position, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("account", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("object", Text, nullable=False, comment="instruction, case number or document hash"),
    Column("purpose", Text, nullable=False),
    Column("unmasked", Boolean, nullable=False),
    comment="every look at personal data",
)

# --- The court's people and its other books --------------------------------------------------------------------------

duty = Table(
    "duty",
    metadata,
    Column("court", Text, primary_key=True),
    Column("begins_at", BigInteger, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("ends_at", BigInteger, nullable=False, index=True),
    Column("phone", Text, nullable=False),
    Column("mobile", Text, nullable=False, comment="empty at a hub for other courts: not shared"),
    Column("deputy", Text, nullable=False),
    Column("deputy_phone", Text, nullable=False),
    comment="who can be called when (值班表)",
)

leave = Table(
    "leave",
    metadata,
    Column("leave_id", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("substitute", Text, nullable=False, index=True, comment="account; empty: none"),
    Column("first_day", Text, nullable=False, comment="ISO 8601, so that days sort"),
    Column("last_day", Text, nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("entered_by", Text, nullable=False, comment="account"),
    Column("entered_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger, nullable=False, comment="0: ends with its last day"),
)

outside_matter = Table(
    "outside_matter",
    metadata,
    Column("outside_id", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("external_number", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("sent", Boolean, nullable=False, comment="by the court of this node"),
    Column("other_court", Text, nullable=False),
    Column("case_number", Text, nullable=False),
    Column("subject_names", Text, nullable=False),
    Column("request_text", Text, nullable=False),
    Column("officer", Text, nullable=False, comment="account that works on it"),
    Column("officer_name", Text, nullable=False),
    Column("began_on", Text, nullable=False, comment="ISO 8601"),
    Column("due_on", Text, nullable=False, comment="ISO 8601; empty: none"),
    Column("state", Text, nullable=False, comment="as typed by hand"),
    Column("open", Boolean, nullable=False),
    Column("result", Text, nullable=False),
    Column("backfilled", Boolean, nullable=False),
    Column("ranked_from", Text, nullable=False, comment="ISO 8601; rankings leave out what is before"),
    Column("trial", Boolean, nullable=False),
    Column("registered_at", BigInteger, nullable=False),
    UniqueConstraint("channel", "external_number", "sent"),
    Index(
        "ix_outside_matter_open",
        "officer",
        sqlite_where=text("open"),
        postgresql_where=text("open"),
    ),
    comment="matters of other channels, registered by hand (node)",
)

outside_step = Table(
    "outside_step",
    metadata,
    Column("id", Position, primary_key=True),
    Column("outside_id", Text, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("happened_on", Text, nullable=False, comment="ISO 8601"),
    Column("text", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("entered_at", BigInteger, nullable=False),
    comment="what happened to them: only appended to",
)

channel_policy = Table(
    "channel_policy",
    metadata,
    Column("version", Position, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False, comment="ChannelPolicy, serialised"),
    Column("set_by", Text, nullable=False, comment="account (hub); empty on nodes"),
    Column("set_at", BigInteger, nullable=False),
)

trial_run = Table(
    "trial_run",
    metadata,
    Column("id", Position, primary_key=True),
    Column("started_at", BigInteger, nullable=False),
    Column("started_by", Text, nullable=False, comment="account"),
    Column("cleared_at", BigInteger, nullable=False, comment="0: runs"),
    Column("cleared_by", Text, nullable=False),
    Column("summary", LargeBinary, nullable=False, comment="Trial, serialised: what was cleared"),
    comment="trials of the platform (试运行) and how they ended (node)",
)

# --- Figures ---------------------------------------------------------------------------------------------------------

bulletin = Table(
    "bulletin",
    metadata,
    Column("bulletin_id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("first_day", Text, nullable=False),
    Column("last_day", Text, nullable=False),
    Column("log_size", BigInteger, nullable=False, comment="entries of the log that its figures are of"),
    Column("content", LargeBinary, nullable=False, comment="the frozen bytes"),
    Column("drawn_up_by", Text, nullable=False, comment="account"),
    Column("drawn_up_at", BigInteger, nullable=False),
    Column("objections_until", BigInteger, nullable=False),
    Column("published_at", BigInteger, nullable=False, comment="0: not"),
    Column("event_id", Text, nullable=False, comment="that published it; empty: none"),
    comment="figures frozen at a log index (hub)",
)

data_objection = Table(
    "data_objection",
    metadata,
    Column("objection_id", Text, primary_key=True),
    Column("bulletin_id", Text, nullable=False, index=True),
    Column("court", Text, nullable=False),
    Column("indicator", Text, nullable=False, comment="empty: the whole"),
    Column("text", Text, nullable=False),
    Column("filed_at", BigInteger, nullable=False),
    Column("upheld", Boolean, nullable=False),
    Column("answer", Text, nullable=False, comment="empty: not answered"),
    Column("answered_by", Text, nullable=False, comment="account"),
    Column("answered_at", BigInteger, nullable=False, comment="0: not"),
    comment="what courts say against drafts of bulletins (hub)",
)

# --- 督办 ------------------------------------------------------------------------------------------------------------

urge_draft = Table(
    "urge_draft",
    metadata,
    Column("draft_id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="UrgeOrder, serialised"),
    Column("author", Text, nullable=False, comment="account"),
    Column("author_roles", Text, nullable=False),
    Column("drafted_at", BigInteger, nullable=False),
    Column("decided_by", Text, nullable=False, comment="account; empty: not"),
    Column("decided_at", BigInteger, nullable=False, comment="0: not"),
    Column("opinion", Text, nullable=False),
    comment="督办 that wait for approval, and what became of them (hub)",
)

reply_draft = Table(
    "reply_draft",
    metadata,
    Column("instruction", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False, comment="UrgeReply, serialised"),
    Column("author", Text, nullable=False, comment="account"),
    Column("drafted_at", BigInteger, nullable=False),
    Column("remark", Text, nullable=False, comment="why it came back; empty: it waits"),
    comment="replies to 督办 that wait for the 执行局长 (node)",
)

# --- Directory and identity ------------------------------------------------------------------------------------------

court = Table(
    "court",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("superior", Text, nullable=False),
    Column("joined_at", BigInteger, nullable=False, comment="0: not joined"),
    Column("heard_at", BigInteger, nullable=False, comment="0: never"),
)

court_key = Table(
    "court_key",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("court", Text, nullable=False, index=True),
    Column("purpose", Text, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("added_at_index", BigInteger, nullable=False),
    Column("ended_at_index", BigInteger, nullable=False, comment="-1: valid"),
)

join_token = Table(
    "join_token",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("court", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_by", LargeBinary, nullable=False, comment="hash of the join request; empty: unused"),
    Column("answer", LargeBinary, nullable=False),
)

certificate = Table(
    "certificate",
    metadata,
    Column("serial", Text, primary_key=True, comment="hex"),
    Column("court", Text, nullable=False, index=True),
    Column("not_after", BigInteger, nullable=False),
    Column("revoked_at", BigInteger, nullable=False, comment="0: valid"),
)

rulebook = Table(
    "rulebook",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("in_force", Boolean, nullable=False, server_default=true()),
)

pin = Table(
    "pin",
    metadata,
    Column("name", Text, primary_key=True, comment="origin, log_vkey, hub_court, court, …"),
    Column("value", Text, nullable=False),
    comment="what this program has been told once and for all",
)
