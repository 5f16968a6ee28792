"""The people of the hub's own court as events name them."""

from dataclasses import dataclass

from sqlalchemy import Connection

from xiezhi.v1 import event_pb2
from xiezhi_desk.accounts.store import get_account
from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_domain.rulebook import Move
from xiezhi_domain.terms import Role
from xiezhi_wire.caller import Caller


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts: account, roles, and the part that names the person to the courts."""

    account_id: str
    roles: frozenset[Role]
    actor: event_pb2.Actor

    def role_for(self, move: Move) -> str:
        """Return the role in which the person makes *move*.

        :raises NotAllowed: WRONG_ROLE, none of the person's roles may.
        """
        fitting = sorted(self.roles & move.roles)
        if not fitting:
            raise NotAllowed(Reason.WRONG_ROLE)
        return fitting[0]


def person_of(connection: Connection, caller: Caller) -> Person:
    """Return the caller as the one who acts, with the roles that the session or token has.

    :raises NotFound: UNKNOWN_ACCOUNT.
    """
    account = get_account(connection, caller.account_id)
    actor = event_pb2.Actor(account_id=account.account_id, officer=account.officer)
    return Person(account.account_id, caller.roles, actor)
