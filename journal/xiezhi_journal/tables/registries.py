"""Questions to registries and their answers, acts of registries, persons seen (node).

Every look at personal data is on record before anybody is asked: `registry_query` and `registry_answer` come first.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, Text, text

from xiezhi_journal.tables.base import Position, metadata

registry_query = Table(
    "registry_query",
    metadata,
    Column("query_id", Text, primary_key=True),
    Column("instruction", Text, nullable=False),
    Column("item", Integer, nullable=False),
    Column("case_number", Text, nullable=False),
    Column("subject", Integer, nullable=False, comment="number in the case"),
    Column("subject_name", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="RegistryConnectorQueryRequest, serialised"),
    Index("ix_registry_query_instruction", "instruction", "query_id"),
    comment="who asked registries about whom, for which item (node)",
)

registry_answer = Table(
    "registry_answer",
    metadata,
    Column("query_id", Text, primary_key=True),
    Column("category", Text, primary_key=True),
    Column("place", Integer, nullable=False, comment="in the order of the list"),
    Column("connector", Text, nullable=False, comment="empty: none serves it"),
    Column("state", Text, nullable=False),
    Column("problem", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("answered_at", BigInteger, nullable=False, comment="0: not yet"),
    Column("next_at", BigInteger, nullable=False, comment="when it is asked again; 0: not"),
    Column("record_count", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="RegistryAnswer with its records, serialised"),
    Column("event_id", Text, nullable=False, comment="that reported it; empty: not reported"),
    Index(
        "ix_registry_answer_waiting",
        "next_at",
        sqlite_where=text("next_at > 0"),
        postgresql_where=text("next_at > 0"),
    ),
    comment="what became of the question to each registry (node)",
)

registry_act = Table(
    "registry_act",
    metadata,
    Column("request_number", Text, primary_key=True),
    Column("instruction", Text, nullable=False),
    Column("item", Integer, nullable=False),
    Column("action", Text, nullable=False),
    Column("connector", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("request", LargeBinary, nullable=False, comment="RegistryConnectorControlRequest, serialised"),
    Column(
        "response",
        LargeBinary,
        nullable=False,
        comment="RegistryConnectorControlResponse, serialised; empty: not answered",
    ),
    Column("state", Text, nullable=False, comment="ASKED, DONE, REFUSED"),
    Column("answered_at", BigInteger, nullable=False, comment="0: not yet"),
    Column("event_id", Text, nullable=False, comment="that reported it; empty: not reported"),
    Index("ix_registry_act_item", "instruction", "item"),
    comment="what registries were asked to do, each once (node)",
)

registry_hit = Table(
    "registry_hit",
    metadata,
    Column("id", Position, primary_key=True, comment="cursor of watchers"),
    Column("connector", Text, nullable=False),
    Column("hit_id", Text, nullable=False),
    Column("instruction", Text, nullable=False),
    Column("item", Integer, nullable=False),
    Column("learned_at", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="RegistryHit, serialised"),
    Index("ix_registry_hit_once", "connector", "hit_id", unique=True),
    Index("ix_registry_hit_instruction", "instruction", "id"),
    comment="persons under watch who were seen (node)",
)

field_sheet = Table(
    "field_sheet",
    metadata,
    Column("sheet_id", Text, primary_key=True),
    Column("day", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="FieldSheet without visits, serialised"),
    comment="外勤任务单 (node)",
)

field_visit = Table(
    "field_visit",
    metadata,
    Column("sheet_id", Text, primary_key=True),
    Column("instruction", Text, primary_key=True),
    Column("item", Integer, primary_key=True),
    Column("place", Integer, nullable=False, comment="in the order of visit, from 1"),
    Column("content", LargeBinary, nullable=False, comment="FieldVisit, serialised"),
    Column("event_id", Text, nullable=False, comment="that reported it; empty: not reported"),
    Column("open", Boolean, nullable=False, comment="still to be visited"),
    Index(
        "ix_field_visit_once",
        "instruction",
        "item",
        unique=True,
        sqlite_where=text("open"),
        postgresql_where=text("open"),
    ),
    comment="items on a sheet; on one open sheet at a time (node)",
)
