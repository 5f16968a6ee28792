"""Rows of the identities that accounts are bound to. Functions for the journal's `read` and `write`."""

from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, insert, select

from xiezhi_journal.tables import federated_identity

_ROW = federated_identity.c


@dataclass(frozen=True, slots=True)
class BoundIdentity:
    """An account, what an issuer calls its person, and since when (ms since 1970)."""

    account_id: str
    issuer: str
    subject: str = field(repr=False)
    bound_at: int


def find_identity(connection: Connection, account_id: str) -> BoundIdentity | None:
    """Return what an account is bound to."""
    query = select(_ROW.account_id, _ROW.issuer, _ROW.subject, _ROW.bound_at)
    found = connection.execute(query.where(_ROW.account_id == account_id)).one_or_none()
    return None if found is None else BoundIdentity(*found)


def find_owner(connection: Connection, issuer: str, subject: str) -> str | None:
    """Return the account that is bound to an identity."""
    query = select(_ROW.account_id).where(_ROW.issuer == issuer, _ROW.subject == subject)
    found: str | None = connection.scalar(query)
    return found


def put_identity(connection: Connection, identity: BoundIdentity) -> None:
    """Bind an account, in the place of what it was bound to."""
    remove_identity(connection, identity.account_id)
    connection.execute(
        insert(federated_identity),
        {
            "account_id": identity.account_id,
            "issuer": identity.issuer,
            "subject": identity.subject,
            "bound_at": identity.bound_at,
        },
    )


def remove_identity(connection: Connection, account_id: str) -> bool:
    """Unbind an account; return whether it was bound."""
    return connection.execute(delete(federated_identity).where(_ROW.account_id == account_id)).rowcount == 1
