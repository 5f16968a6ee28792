"""Marks and awaited decisions of matters, by the rulebook that each pins.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014_marks"
down_revision = "0013_handovers"
branch_labels = None
depends_on = None

_MARKS = {
    "supervision": "SUPERVISED",
    "complaint": "COMPLAINT_OPEN",
    "case_status": "CASE_CHANGED",
    "undelivered": "UNDELIVERED",
    "consent": "CONSENT_OPEN",
}
_APPEALS = {
    "wrong_court": "WRONG_COURT",
    "objection": "OBJECTION",
    "dispute": "DISPUTE",
    "complaint": "COMPLAINT",
    "transfer": "TRANSFER",
}
"""What the rulebooks published until now mean by these overlays; their documents do not say it."""


def upgrade() -> None:
    shown = "what overlays show beside the state, by the rulebook"
    awaited = "decisions of the superior that overlays wait for, by the rulebook"
    for name, comment in (("marks", shown), ("appeals", awaited)):
        op.add_column(
            "instruction",
            sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False, comment=comment),
        )
    _fill()


def _fill() -> None:
    columns = ("instruction", "overlays", "marks", "appeals")
    matter = sa.table("instruction", *(sa.column(name, sa.Text()) for name in columns))
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(matter.c.instruction, matter.c.overlays).where(matter.c.overlays != "")
    )
    for instruction, overlays in rows.all():
        open_ = overlays.split()
        marks = " ".join(_MARKS[name] for name in open_ if name in _MARKS)
        appeals = " ".join(_APPEALS[name] for name in open_ if name in _APPEALS)
        connection.execute(
            sa.update(matter).where(matter.c.instruction == instruction).values(marks=marks, appeals=appeals)
        )
