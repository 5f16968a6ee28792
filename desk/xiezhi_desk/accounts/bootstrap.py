"""The first account of a program, made on its own machine."""

import uuid

from sqlalchemy import Connection

from xiezhi.v1 import court_pb2
from xiezhi_desk.account_journal.recording import Occasion
from xiezhi_desk.accounts import store
from xiezhi_desk.accounts.account import Account, check_login
from xiezhi_desk.accounts.administration import add_account
from xiezhi_desk.accounts.passwords import Passwords, check_password
from xiezhi_domain.errors import Reason, WrongState
from xiezhi_domain.terms import Role
from xiezhi_journal.journal import Journal


async def create_first_administrator(
    journal: Journal, passwords: Passwords, login: str, password: str
) -> Account:
    """Return the new administrator, with whom all other accounts can be made.

    :raises InvalidInput: the login or the password is no good.
    :raises WrongState: there is an administrator already, who makes the others.
    :raises Conflict: LOGIN_TAKEN.
    """
    login = check_login(login, "login")
    check_password(password, login, "password")
    account = Account(
        account_id=str(uuid.uuid4()),
        login=login,
        officer=court_pb2.Officer(name=login),
        roles=frozenset({Role.ADMINISTRATOR}),
        password_hash=await passwords.hash(password),
    )

    def work(connection: Connection) -> None:
        if store.list_accounts(connection, Role.ADMINISTRATOR):
            raise WrongState(Reason.WRONG_STATE, f"已有{Role.ADMINISTRATOR.zh}账号，请由其新建其他账号")
        add_account(connection, account, Occasion(journal.clock()))

    await journal.write(work)
    return account
