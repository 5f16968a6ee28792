"""From name and password to account.

Each try is counted before the password is looked at and forgiven when it was right. A login that nobody has goes
the same way at the same cost: counted, locked, hashed, refused with the same words.
"""

from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection

from xiezhi_desk.accounts import store
from xiezhi_desk.accounts.account import Account, normal_login
from xiezhi_desk.accounts.lockout import LockOut, Strangers, Tries
from xiezhi_desk.accounts.passwords import LONGEST, Passwords
from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_journal.journal import Journal


@dataclass(frozen=True, slots=True)
class Proven:
    """An account whose password was right; `new_hash` is set where the stored one was made with old parameters."""

    account: Account
    new_hash: str = ""

    def settle(self, connection: Connection) -> Account:
        """Forgive the tries and return the account, if it is still what it was when its password was looked at.

        :raises NotAllowed: BAD_CREDENTIALS; meanwhile it was disabled or has another password.
        """
        now = store.find_account(connection, self.account.account_id)
        if now is None or now.disabled or now.password_hash != self.account.password_hash:
            raise NotAllowed(Reason.BAD_CREDENTIALS)
        settled = replace(now, failures=0, locked_until=0, password_hash=self.new_hash or now.password_hash)
        store.replace_account(connection, settled)
        return settled


class Authentication:
    """Checks passwords against the journal's accounts."""

    def __init__(self, journal: Journal, passwords: Passwords, rule: LockOut | None = None) -> None:
        self._journal = journal
        self._passwords = passwords
        self._rule = rule or LockOut()
        self._strangers = Strangers(self._rule)

    async def prove(self, login: str, password: str) -> Proven:
        """Return the account of *login*, whose password this is; to be settled in the `write` that relies on it.

        :raises NotAllowed: BAD_CREDENTIALS; FORBIDDEN for a disabled account, told to who knows its password.
        :raises LimitExceeded: ACCOUNT_LOCKED or RATE_LIMITED with the time to wait.
        """
        login = normal_login(login)
        now = self._journal.clock()
        account = await self._journal.write(partial(_charge, login=login, rule=self._rule, now=now))
        if account is None:
            self._strangers.charge(login, now)
        stored = account.password_hash if account is not None else ""
        matches = await self._passwords.matches(stored, password[: LONGEST + 1])
        if account is None or not matches:
            raise NotAllowed(Reason.BAD_CREDENTIALS)
        if account.disabled:
            raise NotAllowed(Reason.FORBIDDEN, "账号已停用，请联系系统管理员")
        return Proven(account, await self._renewed(stored, password))

    async def _renewed(self, stored: str, password: str) -> str:
        return await self._passwords.hash(password) if self._passwords.is_outdated(stored) else ""


def _charge(connection: Connection, *, login: str, rule: LockOut, now: int) -> Account | None:
    account = store.find_login(connection, login)
    if account is not None:
        tries = Tries(account.failures, account.locked_until).charged(rule, now)
        store.set_tries(connection, account.account_id, tries)
    return account
