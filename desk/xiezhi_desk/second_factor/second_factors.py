"""Setting, showing and removing the second factor of an account."""

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from sqlalchemy import Connection

from xiezhi_desk.account_journal.recording import Occasion
from xiezhi_desk.accounts import bearer_store
from xiezhi_desk.accounts.authentication import Authentication
from xiezhi_desk.accounts.lockout import Tries
from xiezhi_desk.accounts.sessions import Sessions, session_of
from xiezhi_desk.accounts.store import get_account, set_tries
from xiezhi_desk.second_factor import codes, store
from xiezhi_desk.second_factor.locking import SecretLock
from xiezhi_desk.second_factor.store import Factor
from xiezhi_desk.second_factor.taking import require_code, take_code
from xiezhi_domain.errors import NotAllowed, Reason, WrongState
from xiezhi_domain.terms import AccountEventKind, Role
from xiezhi_journal.journal import Journal
from xiezhi_wire.caller import Caller

_SET: Final = "您的账号已绑定动态口令，更换手机请先解除"
_NOTHING_BEGUN: Final = "请先获取绑定用的二维码或密钥"


@dataclass(frozen=True, slots=True)
class Begun:
    """A new secret as the person gets it, this once: typed, and as a URI for a QR code."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """Since when an account has a second factor (ms since 1970; 0: none), and how many recovery codes are left."""

    set_at: int
    recovery_codes_left: int


class SecondFactors:
    """The second factors of the accounts of one court."""

    def __init__(
        self, journal: Journal, lock: SecretLock, authentication: Authentication, sessions: Sessions
    ) -> None:
        self._journal = journal
        self._lock = lock
        self._authentication = authentication
        self._sessions = sessions

    async def standing(self, account_id: str) -> Standing:
        """Return how it stands with an account.

        :raises NotFound: UNKNOWN_ACCOUNT.
        """

        def read(connection: Connection) -> Standing:
            get_account(connection, account_id)
            factor = store.find_set_factor(connection, account_id)
            left = store.count_recovery_codes(connection, account_id)
            return Standing(factor.set_at if factor else 0, left)

        return await self._journal.read(read)

    async def begin(self, caller: Caller, password: str) -> Begun:
        """Return a new secret for the caller's app; the password, so that no stolen session sets one of its own.

        :raises NotAllowed: FORBIDDEN for a program's token; as `Authentication.prove`.
        :raises LimitExceeded: as `Authentication.prove`.
        :raises WrongState: it is set already.
        """
        session_of(caller)
        proven = await self._authentication.prove(await self._login(caller), password)
        secret = codes.new_secret()
        locked = self._lock.lock(secret, caller.account_id)

        def work(connection: Connection) -> str:
            login = proven.settle(connection).login
            if store.find_set_factor(connection, caller.account_id) is not None:
                raise WrongState(Reason.WRONG_STATE, _SET)
            store.put_factor(connection, Factor(caller.account_id, locked, set_at=0, last_step=0))
            return login

        login = await self._journal.write(work)
        return Begun(codes.secret_text(secret), codes.secret_uri(secret, login, caller.court))

    async def finish(self, caller: Caller, code: str) -> list[str]:
        """Set the second factor that was begun and return its recovery codes; the session counts as confirmed.

        :raises NotAllowed: FORBIDDEN for a program's token; SECOND_FACTOR_WRONG.
        :raises LimitExceeded: as `Authentication.charge`.
        :raises WrongState: nothing was begun.
        """
        session = session_of(caller)
        before = await self._authentication.charge(caller.account_id)
        recovery = codes.new_recovery_codes()
        occasion = Occasion.now(self._journal.clock())

        def work(connection: Connection) -> None:
            self._set(connection, caller.account_id, code, occasion)
            hashes = [codes.recovery_hash(caller.account_id, codes.typed_code(each)) for each in recovery]
            store.add_recovery_codes(connection, caller.account_id, hashes)
            bearer_store.confirm_session(connection, session, occasion.at)
            set_tries(connection, caller.account_id, Tries())

        async with self._authentication.code_counts(before):
            await self._journal.write(work)
        self._sessions.forget(caller.account_id)
        return recovery

    async def confirm(self, caller: Caller, code: str) -> int:
        """Take a code for approvals and seals in the caller's session; return when that was, in ms since 1970.

        :raises NotAllowed: FORBIDDEN for a program's token; as `require_code`.
        :raises LimitExceeded: as `Authentication.charge`.
        """
        session = session_of(caller)
        before = await self._authentication.charge(caller.account_id)
        occasion = Occasion.now(self._journal.clock())

        def work(connection: Connection) -> None:
            require_code(connection, self._lock, caller.account_id, code, occasion)
            bearer_store.confirm_session(connection, session, occasion.at)
            set_tries(connection, caller.account_id, Tries())
            occasion.note(connection, AccountEventKind.CONFIRMED, caller.account_id)

        async with self._authentication.code_counts(before):
            await self._journal.write(work)
        self._sessions.forget(caller.account_id)
        return occasion.at

    async def remove(self, caller: Caller, password: str, code: str) -> None:
        """Remove the caller's own.

        :raises NotAllowed: FORBIDDEN for a program's token; as `Authentication.prove` and `require_code`.
        :raises LimitExceeded: as `Authentication.prove`.
        """
        session_of(caller)
        proven = await self._authentication.prove(await self._login(caller), password)
        occasion = Occasion.now(self._journal.clock())

        def work(connection: Connection) -> None:
            proven.settle(connection)
            require_code(connection, self._lock, caller.account_id, code, occasion)
            self._remove(connection, caller.account_id, occasion)

        async with self._authentication.code_counts(proven.account):
            await self._journal.write(work)
        self._sessions.forget(caller.account_id)

    async def reset(self, caller: Caller, account_id: str) -> None:
        """Remove that of somebody else, as an administrator.

        :raises NotFound: UNKNOWN_ACCOUNT.
        :raises NotAllowed: FORBIDDEN; it is his own.
        """
        if account_id == caller.account_id:
            raise NotAllowed(
                Reason.FORBIDDEN, f"本人的动态口令请在“我的账号”中解除，或由另一名{Role.ADMINISTRATOR.zh}办理"
            )
        occasion = Occasion.now(self._journal.clock())

        def work(connection: Connection) -> None:
            get_account(connection, account_id)
            if store.find_factor(connection, account_id) is not None:
                self._remove(connection, account_id, occasion)

        await self._journal.write(work)
        self._sessions.forget(account_id)

    def take_at_sign_in(self, connection: Connection, account_id: str, code: str, on: Occasion) -> bool:
        """Take the code of a sign-in in its transaction; return whether the account asks for one.

        :raises NotAllowed: as `take_code`.
        """
        return take_code(connection, self._lock, account_id, code, on)

    async def _login(self, caller: Caller) -> str:
        account = await self._journal.read(partial(get_account, account_id=caller.account_id))
        return account.login

    def _set(self, connection: Connection, account_id: str, code: str, on: Occasion) -> None:
        factor = store.find_factor(connection, account_id)
        if factor is None or factor.set_at:
            raise WrongState(Reason.WRONG_STATE, _SET if factor else _NOTHING_BEGUN)
        secret = self._lock.open(factor.secret, account_id)
        step = codes.matching_step(secret, codes.typed_code(code), on.at, factor.last_step)
        if step is None:
            raise NotAllowed(Reason.SECOND_FACTOR_WRONG)
        store.put_factor(connection, replace(factor, set_at=on.at, last_step=step))
        on.note(connection, AccountEventKind.SECOND_FACTOR_SET, account_id)

    def _remove(self, connection: Connection, account_id: str, on: Occasion) -> None:
        store.remove_factor(connection, account_id)
        bearer_store.unconfirm_sessions_of(connection, account_id)
        on.note(connection, AccountEventKind.SECOND_FACTOR_REMOVED, account_id)
