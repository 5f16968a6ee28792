"""`AccountService`: sign-in, the people and programs of one court."""

# Methods are named by the contract.
# ruff: noqa: N802

import secrets
import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import account_service_pb2 as pb
from xiezhi.v1.account_service_pb2_grpc import AccountServiceServicer
from xiezhi_desk.account_journal.recording import Occasion
from xiezhi_desk.accounts import administration, bearer_store, staff, store
from xiezhi_desk.accounts.account import Account, check_roles
from xiezhi_desk.accounts.authentication import Authentication
from xiezhi_desk.accounts.bearer import Bearer, new_token, token_hash
from xiezhi_desk.accounts.bearer_store import ApiToken
from xiezhi_desk.accounts.convert import (
    new_account,
    session_message,
    signed_in_message,
    to_message,
    token_message,
)
from xiezhi_desk.accounts.passwords import Passwords, check_password
from xiezhi_desk.accounts.session import SignedIn
from xiezhi_desk.accounts.sessions import Sessions, session_of
from xiezhi_desk.requests import request_key
from xiezhi_desk.second_factor.second_factors import SecondFactors
from xiezhi_desk.terms import ROLES
from xiezhi_domain.errors import DomainError, InvalidInput
from xiezhi_journal.journal import Journal
from xiezhi_wire.address import current_address
from xiezhi_wire.address_limit import AddressLimit
from xiezhi_wire.caller import Caller, current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
_STORAGE_KEY_BYTES: Final = 32


class AccountService(AccountServiceServicer):
    """Serves the accounts in the journal. What each method refuses is said in the contract."""

    def __init__(
        self,
        journal: Journal,
        passwords: Passwords,
        sessions: Sessions,
        authentication: Authentication,
        second_factors: SecondFactors,
        addresses: AddressLimit,
        may_use_password: Callable[[Connection, Account], None],
        may_close: Callable[[Connection, Account], None] = administration.closes_freely,
    ) -> None:
        self._journal = journal
        self._second_factors = second_factors
        self._addresses = addresses
        self._may_use_password = may_use_password
        self._may_close = may_close
        self._passwords = passwords
        self._sessions = sessions
        self._authentication = authentication

    # --- The caller's own account ------------------------------------------------------------------------------------

    async def SignIn(self, request: pb.SignInRequest, _context: _Context) -> pb.SignInResponse:
        """Begin a session."""
        with self._addresses.one_try(current_address()):
            proven = await self._authentication.prove(request.login, request.password)
            session, begin = self._sessions.begin(proven.account_id)
            occasion = Occasion.now(self._journal.clock())

            def work(connection: Connection) -> SignedIn:
                account = proven.settle(connection)
                self._may_use_password(connection, account)
                taken = self._second_factors.take_at_sign_in(
                    connection, account.account_id, request.code, occasion
                )
                before = begin(
                    connection,
                    confirmed_at=occasion.at if taken else 0,
                    must_change_password=account.must_change_password,
                )
                return SignedIn(session, account, before)

            async with self._authentication.code_counts(proven.account):
                return signed_in_message(await self._journal.write(work), self._journal.court)

    async def SignOut(self, _request: pb.SignOutRequest, _context: _Context) -> pb.SignOutResponse:
        """End the caller's session."""
        await self._sessions.end(current_caller())
        return pb.SignOutResponse()

    async def GetMe(self, _request: pb.GetMeRequest, _context: _Context) -> pb.GetMeResponse:
        """Return the caller's account with the roles that it has here: fewer where a token is bound to fewer."""
        caller = current_caller()
        account = await self._journal.read(partial(store.get_account, account_id=caller.account_id))
        shown = to_message(replace(account, roles=caller.roles))
        return pb.GetMeResponse(account=shown, court=caller.court)

    async def GetStorageKey(
        self, _request: pb.GetStorageKeyRequest, _context: _Context
    ) -> pb.GetStorageKeyResponse:
        """Return the key of the caller's own, made when it is asked for first."""
        caller = current_caller()
        session_of(caller)
        found = await self._journal.read(partial(store.find_storage_key, account_id=caller.account_id))
        if found is None:
            new = secrets.token_bytes(_STORAGE_KEY_BYTES)
            make = partial(store.ensure_storage_key, account_id=caller.account_id, new=new)
            found = await self._journal.write(make)
        return pb.GetStorageKeyResponse(key=found)

    async def ChangePassword(
        self, request: pb.ChangePasswordRequest, _context: _Context
    ) -> pb.ChangePasswordResponse:
        """Store a new password, whose owner knew the old one."""
        caller = current_caller()
        session = session_of(caller)
        account = await self._journal.read(partial(store.get_account, account_id=caller.account_id))
        check_password(request.new_password, account.login, "new_password")
        if request.new_password == request.old_password:
            raise InvalidInput.in_field("new_password", "新密码不能与原密码相同")
        proven = await self._authentication.prove(account.login, request.old_password)
        hashed = await self._passwords.hash(request.new_password)
        occasion = Occasion.now(self._journal.clock())

        def work(connection: Connection) -> None:
            settled = proven.settle(connection, forgives=False)
            administration.set_own_password(connection, settled, hashed, occasion, but=session)

        await self._journal.write(work)
        self._sessions.forget(caller.account_id)
        return pb.ChangePasswordResponse()

    # --- Administration ----------------------------------------------------------------------------------------------

    async def CreateAccount(
        self, request: pb.CreateAccountRequest, _context: _Context
    ) -> pb.CreateAccountResponse:
        """Make an account."""
        key = request_key(current_caller(), "CreateAccount", request, secrets=["password"])
        account = new_account(request.account, str(uuid.uuid4()))
        administration.check_first_password(account, request.password)
        if request.password:
            account = replace(account, password_hash=await self._passwords.hash(request.password))

        occasion = Occasion.now(self._journal.clock())

        def work(connection: Connection) -> bytes:
            administration.add_account(connection, account, occasion)
            return pb.CreateAccountResponse(account=to_message(account)).SerializeToString()

        return pb.CreateAccountResponse.FromString(await self._journal.write_once(key, work))

    async def UpdateAccount(
        self, request: pb.UpdateAccountRequest, _context: _Context
    ) -> pb.UpdateAccountResponse:
        """Change an account."""
        caller = current_caller()
        key = request_key(caller, "UpdateAccount", request, secrets=["new_password"])
        account_id = request.account.account_id
        new_hash = ""
        if request.new_password:
            account = await self._journal.read(partial(store.get_account, account_id=account_id))
            check_password(request.new_password, account.login, "new_password")
            new_hash = await self._passwords.hash(request.new_password)

        occasion = Occasion.now(self._journal.clock())

        def work(connection: Connection) -> bytes:
            account = administration.update_account(
                connection, request.account, new_hash, occasion, self._may_close
            )
            return pb.UpdateAccountResponse(account=to_message(account)).SerializeToString()

        answer = await self._journal.write_once(key, work)
        self._sessions.forget(account_id)
        return pb.UpdateAccountResponse.FromString(answer)

    async def ImportStaff(self, request: pb.ImportStaffRequest, _context: _Context) -> pb.ImportStaffResponse:
        """Make or change the accounts of a staff list."""
        caller = current_caller()
        staff.check_size(request.rows)
        plans = await self._journal.read(partial(staff.plan_staff, rows=request.rows, by=caller.account_id))
        if not request.check_only:
            # One after the other: passwords of a list leave room on the hashing threads for those who sign in.
            plans = [await self._import_row(caller, plan) for plan in plans]
        results = [plan.result() if isinstance(plan, staff.Planned) else plan for plan in plans]
        return pb.ImportStaffResponse(results=results)

    async def _import_row(
        self, caller: Caller, plan: staff.Planned | pb.StaffResult
    ) -> staff.Planned | pb.StaffResult:
        """Import a row of which nothing was found wrong; return what became of it."""
        if isinstance(plan, pb.StaffResult):
            return plan
        row, hashed = plan.row, ""
        try:
            key = request_key(caller, "ImportStaff", row, secrets=["password"])
            if plan.before is None and row.password:
                check_password(row.password, plan.wanted.login, "password")
                hashed = await self._passwords.hash(row.password)

            occasion = Occasion.now(self._journal.clock())

            def work(connection: Connection) -> bytes:
                return staff.import_row(connection, row, hashed, occasion).SerializeToString()

            result = pb.StaffResult.FromString(await self._journal.write_once(key, work))
        except DomainError as error:
            return staff.refused(row, error)
        self._sessions.forget(result.account.account_id)
        return result

    async def ListAccounts(
        self, request: pb.ListAccountsRequest, _context: _Context
    ) -> pb.ListAccountsResponse:
        """Return the accounts of the court."""
        role = ROLES.from_proto(request.role, "role") if request.role else None
        accounts = await self._journal.read(partial(store.list_accounts, role=role))
        return pb.ListAccountsResponse(accounts=[to_message(account) for account in accounts])

    async def ListSessions(
        self, request: pb.ListSessionsRequest, _context: _Context
    ) -> pb.ListSessionsResponse:
        """Return the sessions that go on."""
        rows = await self._sessions.list(request.account_id)
        return pb.ListSessionsResponse(sessions=[session_message(row) for row in rows])

    async def EndSessions(self, request: pb.EndSessionsRequest, _context: _Context) -> pb.EndSessionsResponse:
        """End the sessions of an account."""
        key = request_key(current_caller(), "EndSessions", request)
        return pb.EndSessionsResponse(ended=await self._sessions.end_all(request.account_id, key))

    async def UnlockAccount(
        self, request: pb.UnlockAccountRequest, _context: _Context
    ) -> pb.UnlockAccountResponse:
        """Open an account again."""
        occasion = Occasion.now(self._journal.clock())
        work = partial(administration.unlock_account, account_id=request.account_id, on=occasion)
        return pb.UnlockAccountResponse(account=to_message(await self._journal.write(work)))

    async def CreateApiToken(
        self, request: pb.CreateApiTokenRequest, _context: _Context
    ) -> pb.CreateApiTokenResponse:
        """Make a token. A repeated request is answered with the id alone: what is kept cannot show the token again."""
        if request.may_approve:
            administration.check_may_vouch(current_caller(), request.account_id)
        key = request_key(current_caller(), "CreateApiToken", request)
        secret, occasion = new_token(Bearer.API_TOKEN), Occasion.now(self._journal.clock())
        token = ApiToken(
            token_id=str(uuid.uuid4()),
            token_hash=token_hash(secret),
            account_id=request.account_id,
            roles=check_roles(ROLES.all_from_proto(request.roles, "roles"), "roles"),
            label=administration.check_label(request.label),
            expires_at=request.expires_at.ToMilliseconds(),
            made_at=occasion.at,
            may_approve=request.may_approve,
        )

        def work(connection: Connection) -> bytes:
            administration.add_api_token(connection, token, occasion)
            return pb.CreateApiTokenResponse(token_id=token.token_id).SerializeToString()

        answer = pb.CreateApiTokenResponse.FromString(await self._journal.write_once(key, work))
        if answer.token_id == token.token_id:
            answer.token = secret
        return answer

    async def ListApiTokens(
        self, request: pb.ListApiTokensRequest, _context: _Context
    ) -> pb.ListApiTokensResponse:
        """Return the tokens of the caller, of somebody, or of all."""
        wanted = administration.whose_tokens(
            current_caller(), request.account_id, everybody=request.everybody
        )
        tokens = await self._journal.read(partial(bearer_store.list_tokens, account_id=wanted))
        return pb.ListApiTokensResponse(tokens=[token_message(token) for token in tokens])

    async def RevokeApiToken(
        self, request: pb.RevokeApiTokenRequest, _context: _Context
    ) -> pb.RevokeApiTokenResponse:
        """End a token, at once in this process."""
        work = partial(
            administration.revoke_api_token,
            token_id=request.token_id,
            caller=current_caller(),
            on=Occasion.now(self._journal.clock()),
        )
        await self._journal.write(work)
        self._sessions.forget_all()
        return pb.RevokeApiTokenResponse()
