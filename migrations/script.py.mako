"""${message}.

Rules for a migration:
- The version before and this one must both work with the schema after it: add now, fill, remove in a later release.
  A rename is three releases.
- A new column has a default or may be empty. An index is made in the transaction: made concurrently it would wait for
  the transactions of programs that start and wait for this migration.
- Write the tables out: never import `xiezhi_journal.tables`, which goes on changing.
- `event`, `body`, `ruling` and `log_hash` hold what was signed: their bytes are never touched.
- There is no way down: restore the backup.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
