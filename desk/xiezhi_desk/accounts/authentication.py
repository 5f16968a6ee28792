"""From name and password to account, and what a wrong password or code costs.

Each try is counted before the password is looked at and forgiven when it was right. A login that nobody has goes
the same way at the same cost: counted, locked, hashed, refused with the same words.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from sqlalchemy import Connection

from xiezhi_desk.account_journal.recording import Occasion
from xiezhi_desk.account_journal.refusals import Refusals
from xiezhi_desk.accounts import store
from xiezhi_desk.accounts.account import LONGEST_LOGIN, Account, normal_login
from xiezhi_desk.accounts.limits import SIGN_INS_PER_MINUTE
from xiezhi_desk.accounts.lockout import LockOut, Strangers, Tries
from xiezhi_desk.accounts.passwords import LONGEST, Passwords
from xiezhi_domain.errors import DomainError, NotAllowed, Reason
from xiezhi_domain.terms import AccountEventKind
from xiezhi_journal.journal import Journal
from xiezhi_wire.limits import RateLimiter

_SECONDS_OF_MINUTE: Final = 60
_TOO_OFTEN: Final = "该账号登录过于频繁，请稍后再试；程序请沿用已有的登录，或者改用程序令牌"


@dataclass(frozen=True, slots=True)
class Proven:
    """An account whose password was right; `new_hash` is set where the stored one was made with old parameters."""

    account: Account
    new_hash: str = ""

    @property
    def account_id(self) -> str:
        """The account's id."""
        return self.account.account_id

    def settle(self, connection: Connection, *, forgives: bool = True) -> Account:
        """Return the account, if it is still what it was when its password was looked at.

        All tries are forgiven, or without *forgives* this one alone: where no code was asked for beside the password,
        who knows the password must not be able to forgive himself wrong codes.

        :raises NotAllowed: BAD_CREDENTIALS; meanwhile it was disabled or has another password.
        """
        now = store.find_account(connection, self.account.account_id)
        if now is None or now.disabled or now.password_hash != self.account.password_hash:
            raise NotAllowed(Reason.BAD_CREDENTIALS)
        store.replace_account(connection, replace(now, password_hash=self.new_hash or now.password_hash))
        if forgives:
            store.set_tries(connection, now.account_id, Tries())
        else:
            _take_back(connection, self.account)
        return store.get_account(connection, now.account_id)


class Authentication:
    """Checks passwords against the journal's accounts."""

    def __init__(
        self,
        journal: Journal,
        passwords: Passwords,
        rule: LockOut | None = None,
        sign_ins_per_minute: int = SIGN_INS_PER_MINUTE,
    ) -> None:
        self._journal = journal
        self._often = RateLimiter(
            sign_ins_per_minute / _SECONDS_OF_MINUTE, sign_ins_per_minute, journal.clock, _TOO_OFTEN
        )
        self._passwords = passwords
        self._rule = rule or LockOut()
        self._strangers = Strangers(self._rule)
        self._refusals = Refusals()

    def count(self, login: str) -> None:
        """Count that somebody tries to sign in, before it costs anything, with whatever success.

        Good ones too: each costs a slow hash, for which everybody waits, a row and an entry of the journal.

        :raises LimitExceeded: RATE_LIMITED with the time to wait.
        """
        self._often.take(login)

    async def prove(self, login: str, password: str) -> Proven:
        """Return the account of *login*, whose password this is; to be settled in the `write` that relies on it.

        :raises NotAllowed: BAD_CREDENTIALS; FORBIDDEN for a disabled account, told to who knows its password.
        :raises LimitExceeded: ACCOUNT_LOCKED or RATE_LIMITED with the time to wait.
        """
        # A longer one is nobody's; what is counted of it must not fill the memory.
        login = normal_login(login[: LONGEST_LOGIN + 1])
        self.count(login)
        now = self._journal.clock()
        account = await self._journal.write(partial(_charge, login=login, rule=self._rule, now=now))
        if account is None:
            self._strangers.charge(login, now)
        stored = account.password_hash if account is not None else ""
        matches = await self._passwords.matches(stored, password[: LONGEST + 1])
        if account is None or not matches:
            await self.refuse(
                account.account_id if account else "", "密码不正确" if account else "没有这个登录名"
            )
            raise NotAllowed(Reason.BAD_CREDENTIALS)
        if account.disabled:
            await self.refuse(account.account_id, "账号已停用")
            raise NotAllowed(Reason.FORBIDDEN, "账号已停用，请联系系统管理员")
        return Proven(account, await self._renewed(stored, password))

    async def charge(self, account_id: str) -> Account:
        """Count a try of somebody who is signed in, before his code is looked at; return the account as it was.

        :raises LimitExceeded: ACCOUNT_LOCKED with the time to wait.
        """
        now = self._journal.clock()
        return await self._journal.write(
            partial(_charge_account, account_id=account_id, rule=self._rule, now=now)
        )

    @asynccontextmanager
    async def code_counts(self, before: Account) -> AsyncIterator[None]:
        """Let a wrong code inside the block count as the try that was charged; any other refusal costs nothing.

        *before* is the account as it was before that try. It is not made good altogether: who knows the password must
        not be able to forgive himself wrong codes.
        """
        try:
            yield
        except DomainError as error:
            if error.reason is Reason.SECOND_FACTOR_WRONG:
                await self.refuse(before.account_id, "动态口令不正确")
            else:
                await self._journal.write(partial(_take_back, before=before))
            raise

    async def refuse(self, account_id: str, why: str) -> None:
        """Note that somebody was refused, and that this has closed the account."""
        occasion = Occasion.now(self._journal.clock())
        kind = AccountEventKind.CHECK_REFUSED if occasion.by else AccountEventKind.SIGN_IN_REFUSED

        def work(connection: Connection) -> None:
            self._refusals.note(connection, occasion, kind, account_id, why)
            account = store.find_account(connection, account_id)
            if account is not None and account.locked_until > occasion.at:
                occasion.note(connection, AccountEventKind.LOCKED, account_id, f"连续 {account.failures} 次")

        await self._journal.write(work)

    async def _renewed(self, stored: str, password: str) -> str:
        return await self._passwords.hash(password) if self._passwords.is_outdated(stored) else ""


def _charge(connection: Connection, *, login: str, rule: LockOut, now: int) -> Account | None:
    account = store.find_login(connection, login)
    return None if account is None else _charged(connection, account, rule, now)


def _charge_account(connection: Connection, *, account_id: str, rule: LockOut, now: int) -> Account:
    return _charged(connection, store.get_account(connection, account_id), rule, now)


def _charged(connection: Connection, account: Account, rule: LockOut, now: int) -> Account:
    """Count a try and return the account as it was before."""
    store.set_tries(
        connection, account.account_id, Tries(account.failures, account.locked_until).charged(rule, now)
    )
    return account


def _take_back(connection: Connection, before: Account) -> None:
    """Take the try back that was charged last, unless there was another since."""
    now = store.find_account(connection, before.account_id)
    if now is not None and now.failures == before.failures + 1:
        store.set_tries(connection, before.account_id, Tries(before.failures, before.locked_until))
