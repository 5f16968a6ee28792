"""Who a bearer token stands for: sessions of people, API tokens of programs.

A session ends after half an hour without use, and in any case after twelve hours. What is found is believed for a
moment alone, so that a revocation in another process is late by no more than five seconds, for streams too
(`xiezhi_wire.streams`).
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from datetime import date
from functools import partial
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from xiezhi.v1 import account_service_pb2 as pb
from xiezhi_desk.account_journal.before import Before, before_now
from xiezhi_desk.account_journal.recording import Occasion
from xiezhi_desk.accounts import bearer_store as store
from xiezhi_desk.accounts.bearer import Bearer, new_token, token_hash, token_kind
from xiezhi_desk.accounts.bearer_store import Bound
from xiezhi_desk.accounts.session import BeginSession, NewSession, SessionLimits
from xiezhi_desk.accounts.store import get_account
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import NotAllowed, Reason, Unavailable
from xiezhi_domain.terms import AccountEventKind
from xiezhi_journal.journal import Journal
from xiezhi_journal.ledger import RequestKey
from xiezhi_wire.address import current_address
from xiezhi_wire.caller import Caller

_MOST_CACHED: Final = 10_000

Substitutions = Callable[[Connection, str, date], frozenset[tuple[str, str]]]
"""Gives id and name of those in whose place an account acts on a day."""


def no_substitutions(_connection: Connection, _account: str, _today: date) -> frozenset[tuple[str, str]]:
    """Return nobody: where nobody stands in for anybody."""
    return frozenset()


class _Found(NamedTuple):
    """A caller as the database had him, and between which times (ms since 1970) that is believed.

    Not before it was read either: a clock that is put back must not prolong it.
    """

    caller: Caller
    since: int
    until: int


class Sessions:
    """Keeps sessions in the journal; a `SessionReader` for the wire."""

    def __init__(
        self,
        journal: Journal,
        limits: SessionLimits | None = None,
        substitutions: Substitutions = no_substitutions,
    ) -> None:
        self._journal = journal
        self._substitutions = substitutions
        self._limits = limits or SessionLimits()
        self._cache: OrderedDict[bytes, _Found] = OrderedDict()

    def knows(self, token: str) -> bool:
        """Return whether *token* stood for somebody when it was looked up last, a moment or a while ago."""
        return token_hash(token) in self._cache

    async def lookup(self, token: str) -> Caller | None:
        """Return the caller that *token* stands for; None for an unknown, ended or revoked one."""
        kind = token_kind(token)
        if kind is None:
            return None
        hashed = token_hash(token)
        now = self._journal.clock()
        cached = self._cache.get(hashed)
        if cached is not None and cached.since <= now < cached.until:
            return cached.caller
        find = store.find_session if kind is Bearer.SESSION else store.find_api_token
        bound = self._still_good(await self._journal.read(partial(find, hashed=hashed)), now)
        if bound is None:
            self._cache.pop(hashed, None)
            return None
        await self._note_use(bound, now)
        return self._remember(hashed, bound, await self._stands_in_for(bound.account_id), now)

    async def signed_out(self, callers: Collection[Caller]) -> Collection[Caller]:
        """Return those who may not go on with long-lived streams: session or token has ended, or lost a role.

        Being asked is no use of the session.

        :raises Unavailable: the database cannot be read now.
        """
        now = self._journal.clock()
        return await self._journal.read(
            lambda connection: [each for each in callers if not self._goes_on(connection, each, now)]
        )

    def _goes_on(self, connection: Connection, caller: Caller, now: int) -> bool:
        bound = self._still_good(_find_again(connection, caller), now)
        if bound is None or not caller.roles <= bound.roles:
            return False
        if not caller.stands_in_for:
            return True
        return caller.stands_in_for <= self._substitutions(connection, caller.account_id, to_date(now))

    def begin(self, account_id: str, how: str = "") -> tuple[NewSession, BeginSession]:
        """Return a session for the account and the work that begins it, for the caller's own `write`.

        *how* is told in the journal of accounts, where it was not by password.
        """
        now = self._journal.clock()
        started = NewSession(new_token(Bearer.SESSION), now + self._limits.absolute_ms)
        occasion = Occasion(now, account_id, current_address())

        def work(
            connection: Connection, *, confirmed_at: int = 0, must_change_password: bool = False
        ) -> Before:
            before = before_now(connection, account_id)
            store.sweep_sessions(connection, now, now - self._limits.idle_ms)
            most = self._limits.of_one_account
            if ended := store.end_longest_unused(connection, account_id, leave=most - 1):
                told = f"{ended} 个，同时登录超过 {most} 个，最久未用的先结束"
                occasion.note(connection, AccountEventKind.SESSIONS_ENDED, account_id, told)
            hashed = token_hash(started.token)
            store.add_session(
                connection,
                hashed,
                account_id,
                now,
                started.expires_at,
                confirmed_at,
                must_change_password=must_change_password,
            )
            occasion.note(connection, AccountEventKind.SIGNED_IN, account_id, how)
            return before

        return started, work

    async def list(self, account_id: str = "") -> Sequence[Any]:
        """Return the sessions of an account, or all, that go on, as `bearer_store.list_sessions`."""
        now = self._journal.clock()
        idle_since = now - self._limits.idle_ms
        return await self._journal.read(
            partial(store.list_sessions, now=now, idle_since=idle_since, account_id=account_id)
        )

    async def end_all(self, account_id: str, key: RequestKey) -> int:
        """End every session of an account, at once in this process; return how many the request *key* has ended.

        :raises NotFound: UNKNOWN_ACCOUNT.
        :raises Conflict: REQUEST_ID_REUSED.
        """
        occasion = Occasion.now(self._journal.clock())

        def work(connection: Connection) -> bytes:
            get_account(connection, account_id)
            ended = store.end_sessions_of(connection, account_id)
            occasion.note(connection, AccountEventKind.SESSIONS_ENDED, account_id, f"{ended} 个")
            return pb.EndSessionsResponse(ended=ended).SerializeToString()

        answer = await self._journal.write_once(key, work)
        self.forget(account_id)
        return pb.EndSessionsResponse.FromString(answer).ended

    async def end(self, caller: Caller) -> None:
        """End the caller's session.

        :raises NotAllowed: FORBIDDEN; a program's token is ended by an administrator.
        """
        hashed = session_of(caller)
        occasion = Occasion.now(self._journal.clock())

        def work(connection: Connection) -> None:
            store.end_session(connection, hashed)
            occasion.note(connection, AccountEventKind.SIGNED_OUT, caller.account_id)

        await self._journal.write(work)
        self._cache.pop(hashed, None)

    def forget(self, account_id: str) -> None:
        """Look up anew whoever acts for this account: its rights have changed."""
        for hashed, found in list(self._cache.items()):
            if found.caller.account_id == account_id:
                del self._cache[hashed]

    def forget_all(self) -> None:
        """Look up everybody anew."""
        self._cache.clear()

    async def _stands_in_for(self, account: str) -> frozenset[tuple[str, str]]:
        today = to_date(self._journal.clock())
        return await self._journal.read(lambda connection: self._substitutions(connection, account, today))

    def _still_good(self, bound: Bound | None, now: int) -> Bound | None:
        if bound is None or now >= bound.expires_at:
            return None
        if bound.session_id is not None and now - bound.seen_at >= self._limits.idle_ms:
            return None
        return bound

    async def _note_use(self, bound: Bound, now: int) -> None:
        if now - bound.seen_at < self._limits.noted_ms:
            return
        if bound.session_id is not None:
            work = partial(store.touch_session, hashed=bytes.fromhex(bound.session_id), now=now)
        else:
            occasion = Occasion(now, bound.account_id, current_address())
            work = partial(_note_token_use, token_id=bound.token_id or "", occasion=occasion)
        try:
            await self._journal.write(work)
        except Unavailable:
            # With a full disk people may at least read.
            return

    def _remember(
        self, hashed: bytes, bound: Bound, stands_in_for: frozenset[tuple[str, str]], now: int
    ) -> Caller:
        caller = Caller(
            bound.account_id,
            bound.name,
            self._journal.court,
            bound.roles,
            session_id=bound.session_id,
            token_id=bound.token_id,
            stands_in_for=stands_in_for,
            confirmed_at=bound.confirmed_at,
            may_approve=bound.may_approve,
            must_change_password=bound.must_change_password,
        )
        self._cache[hashed] = _Found(caller, now, min(now + self._limits.cached_ms, bound.expires_at))
        self._cache.move_to_end(hashed)
        if len(self._cache) > _MOST_CACHED:
            self._cache.popitem(last=False)
        return caller


def session_of(caller: Caller) -> bytes:
    """Return the hash of the token of the caller's session.

    :raises NotAllowed: FORBIDDEN; a program with an API token has no session.
    """
    if caller.session_id is None:
        raise NotAllowed(Reason.FORBIDDEN, "程序令牌没有登录会话，不能进行此操作")
    return bytes.fromhex(caller.session_id)


def _note_token_use(connection: Connection, token_id: str, occasion: Occasion) -> None:
    token = store.find_token(connection, token_id)
    if token is not None and not token.used_at:
        occasion.note(connection, AccountEventKind.TOKEN_FIRST_USED, token.account_id, token.label)
    store.touch_api_token(connection, token_id, occasion.at)


def _find_again(connection: Connection, caller: Caller) -> Bound | None:
    if caller.session_id is not None:
        return store.find_session(connection, bytes.fromhex(caller.session_id))
    return store.find_api_token_by_id(connection, caller.token_id or "")
