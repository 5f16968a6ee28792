"""Second factors of people, what tokens may do, the journal of accounts.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025_second_factors"
down_revision = "0024_erasures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "second_factor",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column(
            "secret", sa.LargeBinary(), nullable=False, comment="locked with the key file of the program"
        ),
        sa.Column("set_at", sa.BigInteger(), nullable=False, comment="0: begun, and no code shown yet"),
        sa.Column(
            "last_step",
            sa.BigInteger(),
            nullable=False,
            comment="of the last code taken: no code is taken twice",
        ),
        sa.PrimaryKeyConstraint("account_id"),
        comment="one-time codes of people (RFC 6238)",
    )
    op.create_table(
        "recovery_code",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False, comment="0: good"),
        sa.PrimaryKeyConstraint("code_hash"),
        comment="codes that stand in for a lost phone",
    )
    op.create_index(op.f("ix_recovery_code_account_id"), "recovery_code", ["account_id"])
    position = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "account_event",
        sa.Column("id", position, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False, comment="empty: a login that nobody has"),
        sa.Column("by", sa.Text(), nullable=False, comment="account; empty: nobody signed in"),
        sa.Column("address", sa.Text(), nullable=False, comment="empty: on the machine itself"),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        comment="sign-ins, and what was done to accounts: only appended to",
    )
    op.create_index("ix_account_event_account", "account_event", ["account", "id"])
    op.add_column(
        "session",
        sa.Column(
            "confirmed_at",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="by a second factor; 0: never",
        ),
    )
    op.add_column(
        "api_token",
        sa.Column(
            "made_at", sa.BigInteger(), server_default="0", nullable=False, comment="0: not recorded then"
        ),
    )
    op.add_column(
        "api_token", sa.Column("may_approve", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
