"""Orders to erase, what their holders have answered, drafts of them."""

from sqlalchemy import BigInteger, Column, LargeBinary, Table, Text

from xiezhi_journal.tables.base import metadata

erasure = Table(
    "erasure",
    metadata,
    Column("order_id", Text, primary_key=True, comment="event id of the order"),
    Column("instruction", Text, nullable=False, index=True),
    Column(
        "log_index", BigInteger, nullable=False, comment="of the order: what was logged before it is meant"
    ),
    Column("ordered_at", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="ErasureOrder, serialised"),
    Column("parts", BigInteger, nullable=False, comment="erased here"),
    Column("documents", BigInteger, nullable=False, comment="erased here"),
    Column("done_at", BigInteger, nullable=False, comment="when nothing was left here; 0: not yet"),
    Column("answer_id", Text, nullable=False, comment="event id of this program's answer; empty: none yet"),
)

erasure_answer = Table(
    "erasure_answer",
    metadata,
    Column("order_id", Text, primary_key=True),
    Column("court", Text, primary_key=True),
    Column("holder", Text, primary_key=True, comment="NODE or HUB"),
    Column("parts", BigInteger, nullable=False),
    Column("documents", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    comment="who has erased what was ordered (hub)",
)

erasure_draft = Table(
    "erasure_draft",
    metadata,
    Column("draft_id", Text, primary_key=True),
    Column("instruction", Text, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="ErasureOrder, serialised"),
    Column("author", Text, nullable=False, comment="account"),
    Column("drafted_at", BigInteger, nullable=False),
    Column("decided_by", Text, nullable=False, comment="account; empty: not"),
    Column("decided_at", BigInteger, nullable=False, comment="0: not"),
    Column("opinion", Text, nullable=False),
    comment="orders to erase that wait for approval, and what became of them (hub)",
)
