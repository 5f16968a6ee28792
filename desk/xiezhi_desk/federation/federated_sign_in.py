"""Beginning and finishing a sign-in by the court's identity provider."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from sqlalchemy import Connection

from xiezhi_desk.accounts.account import Account
from xiezhi_desk.accounts.authentication import Authentication
from xiezhi_desk.accounts.session import SignedIn
from xiezhi_desk.accounts.sessions import Sessions
from xiezhi_desk.accounts.store import get_account
from xiezhi_desk.federation.id_token import Identity, UnknownKeyError, read_id_token
from xiezhi_desk.federation.pending import Pending, PendingSignIns
from xiezhi_desk.federation.provider import Provider
from xiezhi_desk.federation.settings import FederationSettings
from xiezhi_desk.federation.store import find_owner
from xiezhi_desk.second_factor.locking import SecretLock
from xiezhi_domain.errors import DomainError, LimitExceeded, NotAllowed, Reason, WrongState
from xiezhi_journal.journal import Journal
from xiezhi_wire.second_factor import SecondFactorDemand

_SECONDS_OF_MINUTE = 60


class Begun(NamedTuple):
    """Where the browser goes, and what it keeps until it comes back."""

    address: str
    pending: str


class FederatedSignIn:
    """Signs people in whom the provider names; *settings* are None where the court has none."""

    def __init__(
        self,
        journal: Journal,
        sessions: Sessions,
        authentication: Authentication,
        lock: SecretLock,
        demand: SecondFactorDemand,
        settings: FederationSettings | None,
    ) -> None:
        self._journal = journal
        self._sessions = sessions
        self._authentication = authentication
        self._pending = PendingSignIns(lock, journal.clock)
        self._provider = Provider(settings, journal.clock) if settings else None
        # A provider that is to vouch for a second factor asks for it anew as often as this court does.
        self._max_age_s = (
            demand.minutes * _SECONDS_OF_MINUTE if settings and settings.demands_second_factor else None
        )

    @property
    def settings(self) -> FederationSettings | None:
        """What the operator says of the provider."""
        return self._provider.settings if self._provider else None

    async def begin(self) -> Begun:
        """Begin a sign-in.

        :raises WrongState: there is no provider.
        :raises Unavailable: IDENTITY_PROVIDER_UNREACHABLE.
        """
        provider = self._required()
        pending, kept = self._pending.begin()
        return Begun(await provider.address(pending, self._max_age_s), kept)

    async def finish(self, code: str, state: str, kept: str) -> SignedIn:
        """Begin a session for whom the provider names, with what it has sent back and what the browser has kept.

        :raises WrongState: there is no provider.
        :raises NotAllowed: FEDERATED_SIGN_IN_REFUSED; IDENTITY_NOT_BOUND; FORBIDDEN for a disabled account.
        :raises LimitExceeded: ACCOUNT_LOCKED or RATE_LIMITED with the time left.
        :raises Unavailable: IDENTITY_PROVIDER_UNREACHABLE.
        """
        provider = self._required()
        pending = self._pending.take(kept, state)
        if not code:
            raise NotAllowed(Reason.FEDERATED_SIGN_IN_REFUSED)
        identity = await self._identity(provider, await provider.id_token(code, pending), pending)
        return await self._enter(provider.settings, identity)

    async def _identity(self, provider: Provider, token: str, pending: Pending) -> Identity:
        """Return whom a token names; a key that nobody knows yet has the keys asked for anew, once."""
        for anew in (False, True):
            keys = await provider.keys(anew=anew)
            try:
                return read_id_token(token, keys, provider.settings, pending.nonce, self._journal.clock())
            except UnknownKeyError:
                continue
        raise NotAllowed(Reason.FEDERATED_SIGN_IN_REFUSED)

    async def _enter(self, settings: FederationSettings, identity: Identity) -> SignedIn:
        find: Callable[[Connection], str | None] = lambda connection: find_owner(  # noqa: E731  # asked twice
            connection, settings.issuer, identity.subject
        )
        owner = await self._journal.read(find)
        if owner is None:
            await self._authentication.refuse("", f"{settings.name}：身份未绑定账号")
            raise NotAllowed(Reason.IDENTITY_NOT_BOUND)
        self._authentication.count((await self._journal.read(partial(get_account, account_id=owner))).login)
        session, begin = self._sessions.begin(owner, settings.name)

        def work(connection: Connection) -> SignedIn:
            if find(connection) != owner:
                raise NotAllowed(Reason.IDENTITY_NOT_BOUND)
            account = get_account(connection, owner)
            _require_open(account, self._journal.clock())
            return SignedIn(session, account, begin(connection, confirmed_at=identity.shown_at))

        try:
            return await self._journal.write(work)
        except DomainError as error:
            await self._authentication.refuse(owner, f"{settings.name}：{error.message}")
            raise

    def _required(self) -> Provider:
        if self._provider is None:
            raise WrongState(Reason.WRONG_STATE, "本院没有配置统一身份认证，请用密码登录")
        return self._provider


def _require_open(account: Account, now: int) -> None:
    """Refuse an account that is disabled, or closed after wrong passwords."""
    if account.disabled:
        raise NotAllowed(Reason.FORBIDDEN, "账号已停用，请联系系统管理员")
    if now < account.locked_until:
        raise LimitExceeded(Reason.ACCOUNT_LOCKED, retry_after_ms=account.locked_until - now)
