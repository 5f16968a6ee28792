"""Binding and unbinding accounts. Functions for the journal's `write`.

What the provider calls a person may be his identity number: it stands in no entry of the journal of accounts.
"""

from sqlalchemy import Connection

from xiezhi_desk.account_journal.recording import Occasion
from xiezhi_desk.accounts import bearer_store
from xiezhi_desk.accounts.account import Account
from xiezhi_desk.accounts.store import get_account
from xiezhi_desk.federation import store
from xiezhi_desk.federation.settings import FederationSettings
from xiezhi_desk.federation.store import BoundIdentity
from xiezhi_domain.errors import Conflict, InvalidInput, NotAllowed, Reason
from xiezhi_domain.terms import AccountEventKind, Role

LONGEST_SUBJECT = 255


def check_subject(text: str) -> str:
    """Return a subject as the provider spells it.

    :raises InvalidInput: naming ``subject``.
    """
    if not 0 < len(text) <= LONGEST_SUBJECT or text != text.strip():
        raise InvalidInput.in_field(
            "subject", f"统一身份标识必填，最长 {LONGEST_SUBJECT} 个字符，前后不能有空格"
        )
    return text


def bind(connection: Connection, account_id: str, issuer: str, subject: str, on: Occasion) -> None:
    """Bind an account to an identity; its sessions end unless it was bound to it already.

    :raises NotFound: UNKNOWN_ACCOUNT.
    :raises Conflict: IDENTITY_TAKEN.
    """
    get_account(connection, account_id)
    owner = store.find_owner(connection, issuer, subject)
    if owner == account_id:
        return
    if owner is not None:
        raise Conflict(Reason.IDENTITY_TAKEN)
    store.put_identity(connection, BoundIdentity(account_id, issuer, subject, on.at))
    bearer_store.end_sessions_of(connection, account_id)
    on.note(connection, AccountEventKind.IDENTITY_BOUND, account_id, issuer)


def unbind(connection: Connection, account_id: str, on: Occasion) -> None:
    """Take the identity of an account away; its sessions end.

    :raises NotFound: UNKNOWN_ACCOUNT.
    """
    get_account(connection, account_id)
    if store.remove_identity(connection, account_id):
        bearer_store.end_sessions_of(connection, account_id)
        on.note(connection, AccountEventKind.IDENTITY_UNBOUND, account_id)


def require_password_allowed(
    connection: Connection, account: Account, settings: FederationSettings | None
) -> None:
    """Let an account sign in by password, unless the court wants those that are bound to come by their identity.

    An administrator whom the settings name gets in when the provider is away.

    :raises NotAllowed: FORBIDDEN.
    """
    if settings is None or settings.passwords_of_bound:
        return
    if account.login in settings.break_glass and Role.ADMINISTRATOR in account.roles:
        return
    if store.find_identity(connection, account.account_id) is not None:
        raise NotAllowed(Reason.FORBIDDEN, f"本院要求您使用{settings.name}登录")
