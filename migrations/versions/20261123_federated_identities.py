"""Identities of the court's identity provider that accounts are bound to.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032_federated_identities"
down_revision = "0031_restrictions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "federated_identity",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False, comment="what the issuer calls the person"),
        sa.Column("bound_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id"),
        sa.UniqueConstraint("issuer", "subject"),
        comment="by whom else accounts may be signed in to",
    )
