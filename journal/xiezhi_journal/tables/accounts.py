"""Requests, accounts, sessions, tokens, and the record of looks."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from xiezhi_journal.tables.base import Position, metadata

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
    Column(
        "must_change_password",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="somebody else chose it",
    ),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("account_id", Text, nullable=False, index=True),
    Column("started_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column(
        "confirmed_at", BigInteger, nullable=False, server_default="0", comment="by a second factor; 0: never"
    ),
    Column(
        "must_change_password",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="begun with a password that is to be changed before anything else",
    ),
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
    Column("made_at", BigInteger, nullable=False, server_default="0", comment="0: not recorded then"),
    Column("may_approve", Boolean, nullable=False, server_default=false()),
)

second_factor = Table(
    "second_factor",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("secret", LargeBinary, nullable=False, comment="locked with the key file of the program"),
    Column("set_at", BigInteger, nullable=False, comment="0: begun, and no code shown yet"),
    Column("last_step", BigInteger, nullable=False, comment="of the last code taken: no code is taken twice"),
    comment="one-time codes of people (RFC 6238)",
)

recovery_code = Table(
    "recovery_code",
    metadata,
    Column("code_hash", LargeBinary, primary_key=True),
    Column("account_id", Text, nullable=False, index=True),
    Column("used_at", BigInteger, nullable=False, comment="0: good"),
    comment="codes that stand in for a lost phone",
)

federated_identity = Table(
    "federated_identity",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False, comment="what the issuer calls the person"),
    Column("bound_at", BigInteger, nullable=False),
    UniqueConstraint("issuer", "subject"),
    comment="by whom else accounts may be signed in to",
)

account_event = Table(
    "account_event",
    metadata,
    Column("id", Position, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("account", Text, nullable=False, comment="empty: a login that nobody has"),
    Column("by", Text, nullable=False, comment="account; empty: nobody signed in"),
    Column("address", Text, nullable=False, comment="empty: on the machine itself"),
    Column("detail", Text, nullable=False),
    Index("ix_account_event_account", "account", "id"),
    comment="sign-ins, and what was done to accounts: only appended to",
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
    Index("ix_access_account", "account", "id"),
    Index("ix_access_object", "object", "id"),
    Index("ix_access_at", "at"),
    comment="every look at personal data",
)

saved_view = Table(
    "saved_view",
    metadata,
    Column("view", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("box", Integer, nullable=False, comment="the list, as the contract numbers it"),
    Column("name", Text, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="SavedView, serialised"),
    Column("is_default", Boolean, nullable=False),
    Column("position", Integer, nullable=False, comment="in the order in which they were made"),
    UniqueConstraint("account", "box", "name"),
    comment="what people have narrowed lists to, under names of their own",
)

storage_key = Table(
    "storage_key",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("key", LargeBinary, nullable=False),
    comment="keys with which browsers keep what people have not sent yet, one for each account",
)
