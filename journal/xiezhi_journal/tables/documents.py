"""Documents: what lies here, for which matter, what is under way."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, Text, UniqueConstraint

from xiezhi_journal.tables.base import metadata

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
