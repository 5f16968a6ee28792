"""The open matters that a person of this court owns: nothing may be left without somebody who can be reached."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, func, select

from xiezhi_desk.accounts.account import Account
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import Reason, WrongState
from xiezhi_journal.reading import Filters, MatterRow, Page, list_instructions
from xiezhi_journal.tables import instruction, outside_matter
from xiezhi_node.leave.store import running_leaves

Clock = Callable[[], int]
"""Gives the time in ms since 1970."""


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


def require_nothing_owned(connection: Connection, leaving: Account, clock: Clock) -> None:
    """Let an account be closed that owns nothing and stands in for nobody.

    :raises WrongState: it owns open matters, and says how many; or somebody's leave names it as substitute.
    """
    count = 0
    for table in (instruction, outside_matter):
        mine = select(func.count()).where(table.c.officer == leaving.account_id, table.c.open)
        count += connection.scalar(mine) or 0
    if count:
        raise WrongState(Reason.WRONG_STATE, f"该账号名下还有 {count} 件未结事项，请先移交后再停用")
    leaves = running_leaves(connection, to_date(clock()))
    if any(each.substitute == leaving.account_id for each in leaves):
        raise WrongState(Reason.WRONG_STATE, "该账号正在或将要为他人代理，请先为请假人更换代理人")
