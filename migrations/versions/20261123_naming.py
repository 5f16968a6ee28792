"""Which matters a matter names when it begins, so that a 督办 about a restricted one is found.

Rules for a migration: migrations/script.py.mako.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0035_naming"
down_revision = "0034_first_passwords"
branch_labels = None
depends_on = None

_CHUNK = 1_000


def upgrade() -> None:
    position = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    naming = op.create_table(
        "naming",
        sa.Column("position", position, nullable=False, autoincrement=False, comment="of its event"),
        sa.Column("named", sa.Text(), nullable=False, comment="another matter"),
        sa.PrimaryKeyConstraint("position", "named"),
        comment="matters that a matter names when it begins: what a 督办 or an order is about",
    )
    op.create_index("ix_naming_named", "naming", ["named"])
    event = sa.table("event", sa.column("position"), sa.column("header"))
    found = op.get_bind().execute(sa.select(event.c.position, event.c.header)).yield_per(_CHUNK)
    for rows in found.partitions():
        named = [{"position": row.position, "named": each} for row in rows for each in _links(row.header)]
        if named:
            op.bulk_insert(naming, named)


def _links(header: bytes) -> list[str]:
    links = json.loads(header).get("facts", {}).get("links", [])
    if not isinstance(links, list):
        return []
    return list(dict.fromkeys(each for each in links if isinstance(each, str)))
