"""Which matters the words and papers of a superior's draft have become.

Of what was issued before, it is not known; those drafts stay when their matters are erased.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033_handed_on"
down_revision = "0032_federated_identities"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handed_on",
        sa.Column("draft_id", sa.Text(), nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("draft_id", "instruction"),
        comment="which matters a draft's words and papers have become, so that an order to erase one finds them (hub)",
    )
    op.create_index("ix_handed_on_instruction", "handed_on", ["instruction"])
    drafts = sa.table("disposal_draft", sa.column("draft_id"), sa.column("instruction"))
    handed_on = sa.table("handed_on", sa.column("draft_id"), sa.column("instruction"))
    op.execute(
        handed_on.insert().from_select(
            ["draft_id", "instruction"], sa.select(drafts.c.draft_id, drafts.c.instruction)
        )
    )
