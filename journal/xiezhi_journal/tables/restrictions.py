"""Matters that few may read."""

from sqlalchemy import BigInteger, Boolean, Column, LargeBinary, Table, Text

from xiezhi_journal.tables.base import metadata

restriction = Table(
    "restriction",
    metadata,
    Column("instruction", Text, primary_key=True),
    Column("order_id", Text, nullable=False, comment="event id of the last order about the matter"),
    Column("log_index", BigInteger, nullable=False, comment="of that order"),
    Column("ordered_at", BigInteger, nullable=False),
    Column("restricted", Boolean, nullable=False, comment="false: it was lifted"),
    Column("content", LargeBinary, nullable=False, comment="RestrictionOrder, serialised"),
    comment="matters whose reading the superior has restricted (限制查阅)",
)
