"""What an operator does to a hub from the command line, whether it is running or not.

A second process may write: SQLite's WAL allows it, and the journal of the running hub notices.
"""

import asyncio
import secrets
import uuid
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final, TypeVar

from sqlalchemy import make_url

from xiezhi.v1 import court_pb2
from xiezhi_desk.account_journal.recording import Occasion
from xiezhi_desk.accounts.account import Account, check_login, check_officer, check_roles
from xiezhi_desk.accounts.administration import add_account
from xiezhi_desk.accounts.bootstrap import create_first_administrator
from xiezhi_desk.accounts.passwords import Passwords
from xiezhi_domain.errors import DomainError, InvalidInput
from xiezhi_domain.terms import Role
from xiezhi_hub.admission.inviting import invitation, shut_out
from xiezhi_hub.config import HubSettings
from xiezhi_hub.opening import Hub
from xiezhi_wire.startup import StartupError

ResultT = TypeVar("ResultT")

_PASSWORD_BYTES: Final = 15


def enrol(hub: Hub, court: str) -> str:
    """Return a new join token for *court*, in its printable form.

    :raises DomainError: no such court, or not one of this hub's.
    :raises StartupError: the address of the join listener is not known.
    """
    try:
        invited = invitation(hub, court)
    except (DomainError, StartupError):
        hub.journal.close()
        raise
    run_writer(hub, lambda: hub.journal.write(invited.keep))
    return invited.token.encode()


def revoke(hub: Hub, court_or_serial: str) -> list[str]:
    """Shut a court out, or revoke one certificate by its serial number; returns the serial numbers revoked."""
    work = partial(shut_out, court_or_serial=court_or_serial.strip(), now=hub.journal.clock())
    return run_writer(hub, lambda: hub.journal.write(work))


def create_administrator(hub: Hub, login: str) -> str:
    """Make the first administrator; returns the password, which is kept nowhere.

    :raises DomainError: the login is no good, or there is an administrator already.
    """
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    passwords = Passwords()
    try:
        run_writer(hub, lambda: create_first_administrator(hub.journal, passwords, login, password))
    finally:
        passwords.close()
    return password


def create_account(hub: Hub, login: str, name: str, roles: Sequence[str]) -> str:
    """Make an account; returns the password, which is kept nowhere.

    :raises DomainError: login, name or a role is no good, or the login is taken.
    """
    account = Account(
        account_id=str(uuid.uuid4()),
        login=check_login(login, "login"),
        officer=check_officer(court_pb2.Officer(name=name), "officer"),
        roles=check_roles(frozenset(_role(role) for role in roles), "role"),
        must_change_password=True,
    )
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    run_writer(hub, lambda: _add(hub, account, password))
    return password


def shown_settings(settings: HubSettings) -> dict[str, Any]:
    """Return the settings as they may be shown: a password in a database URL is not."""
    shown = settings.model_dump(mode="json")
    if settings.database:
        shown["database"] = make_url(settings.database).render_as_string(hide_password=True)
    return shown


async def _add(hub: Hub, account: Account, password: str) -> None:
    passwords = Passwords()
    try:
        hashed = await passwords.hash(password)
    finally:
        passwords.close()
    whole = replace(account, password_hash=hashed)
    await hub.journal.write(partial(add_account, account=whole, on=Occasion(hub.journal.clock())))


def _role(text: str) -> Role:
    try:
        return Role(text.strip().upper())
    except ValueError:
        known = "、".join(f"{role}（{role.zh}）" for role in Role)
        raise InvalidInput.in_field("role", f"没有这个岗位：{text}；可用：{known}") from None


def run_writer(hub: Hub, work: Callable[[], Coroutine[Any, Any, ResultT]]) -> ResultT:
    """Return what *work* returned, with the hub's writer running for its time."""
    hub.journal.start()
    try:
        return asyncio.run(work())
    finally:
        hub.journal.close()
