"""Adding to the journal of accounts: in the transaction of what is told, so that neither is there without the other.

No password, code or token goes into an entry, nor a login that no account has: people type passwords there.
"""

from dataclasses import dataclass
from typing import Self

from sqlalchemy import Connection, insert

from xiezhi_domain.terms import AccountEventKind
from xiezhi_journal.tables import account_event
from xiezhi_wire.address import current_address
from xiezhi_wire.caller import Caller, any_caller


@dataclass(frozen=True, slots=True)
class Occasion:
    """When something is done (ms since 1970), by which account, from which address.

    `by` is empty where nobody is signed in, `address` on the machine itself.
    """

    at: int
    by: str = ""
    address: str = ""

    @classmethod
    def now(cls, at: int) -> Self:
        """Return the present call at this time; to be made where the call is served, not in the writer's thread."""
        caller = any_caller()
        return cls(at, caller.account_id if isinstance(caller, Caller) else "", current_address())

    def note(self, connection: Connection, kind: AccountEventKind, account_id: str, detail: str = "") -> int:
        """Add what happened to an account and return the entry's id.

        *account_id* is empty for a login that nobody has.
        """
        added = connection.execute(
            insert(account_event),
            {
                "at": self.at,
                "kind": kind,
                "account": account_id,
                "by": self.by,
                "address": self.address,
                "detail": detail,
            },
        )
        [entry_id] = added.inserted_primary_key or (0,)
        return int(entry_id)
