"""What an account's owner is told when he signs in: when that was last, and how often it failed since."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from xiezhi_desk.account_journal.refusals import times_of
from xiezhi_domain.terms import AccountEventKind
from xiezhi_journal.tables import account_event

_MOST_LOOKED_AT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Before:
    """The sign-in before this one: when (ms since 1970; 0: there was none), from where, and what was refused since."""

    at: int = 0
    address: str = ""
    refused_since: int = 0


def before_now(connection: Connection, account_id: str) -> Before:
    """Return what the journal says of an account, whose present sign-in is not in it yet."""
    row = account_event.c
    kinds = (AccountEventKind.SIGNED_IN, AccountEventKind.SIGN_IN_REFUSED)
    query = select(row.kind, row.at, row.address, row.detail).where(
        row.account == account_id, row.kind.in_(kinds)
    )
    refused = 0
    for entry in connection.execute(query.order_by(row.id.desc()).limit(_MOST_LOOKED_AT)):
        if entry.kind == AccountEventKind.SIGNED_IN:
            return Before(entry.at, entry.address, refused)
        refused += times_of(entry.detail)
    return Before(refused_since=refused)
