"""Papers: what looking into a document has shown, and a court's own templates of letters.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004_papers"
down_revision = "0003_first_week"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pages = sa.Column(
        "pages", sa.Integer(), server_default="0", nullable=False, comment="0: its type has none"
    )
    seal = sa.Column(
        "seal", sa.Text(), server_default="UNCHECKED", nullable=False, comment="SealState as it arrived"
    )
    for column in (pages, seal):
        op.add_column("document", column)
    op.create_table(
        "paper_template",
        sa.Column("paper_type", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False, comment="TemplateFormat"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="of who put it"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("paper_type", "format"),
        comment="the court's own in the place of shipped ones (node)",
    )
