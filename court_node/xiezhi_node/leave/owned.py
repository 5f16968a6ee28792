"""The open matters that a person of this court owns: nothing may be left without somebody who can be reached."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from xiezhi_desk.accounts.account import Account
from xiezhi_domain.errors import Reason, WrongState
from xiezhi_journal.reading import Filters, MatterRow, Page, list_instructions
from xiezhi_journal.tables import instruction, outside_matter


def owned_matters(connection: Connection, account: str) -> Sequence[MatterRow]:
    """Return the open matters of the platform that *account* owns."""
    filters, rows, token = Filters(open_only=True, officer=account), list[MatterRow](), ""
    while True:
        page = list_instructions(connection, filters, Page.of(0, token))
        rows.extend(page.rows)
        token = page.next_token
        if not token:
            return rows[::-1]


def owned_outside(connection: Connection, account: str) -> Sequence[str]:
    """Return the ids of the open registered matters that *account* owns, oldest first."""
    row = outside_matter.c
    query = select(row.outside_id).where(row.officer == account, row.open).order_by(row.outside_id)
    return list(connection.scalars(query))


def require_nothing_owned(connection: Connection, leaving: Account) -> None:
    """Let an account be closed that owns nothing.

    :raises WrongState: it owns open matters; says how many.
    """
    count = 0
    for table in (instruction, outside_matter):
        mine = select(func.count()).where(table.c.officer == leaving.account_id, table.c.open)
        count += connection.scalar(mine) or 0
    if count:
        raise WrongState(Reason.WRONG_STATE, f"该账号名下还有 {count} 件未结事项，请先移交后再停用")
