"""Sign-in, people and programs of one court."""

from collections.abc import Sequence
from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp

from xiezhi.v1 import account_service_pb2 as pb
from xiezhi.v1.account_service_pb2_grpc import AccountServiceStub
from xiezhi.v1.court_pb2 import Role as RoleEnum
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.kinds import Moment, Name
from xiezhi_client.sdk.records.account import Account, ApiToken, Me, NewApiToken, OpenSession, SignedIn
from xiezhi_client.sdk.records.staff import StaffResult, StaffRow
from xiezhi_client.sdk.vocabulary import Role

_ROLE = Name(RoleEnum.DESCRIPTOR)


class Accounts:
    """`AccountService`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = AccountServiceStub(calls.channel)

    async def sign_in(self, login: str, password: str, code: str = "") -> SignedIn:
        """Begin a session and give its token; `Client.sign_in` also uses it.

        `code` is for an account with a second factor. Raise `NotSignedIn` (name or password), `Overloaded` (too many
        tries, with a time), `NotAllowed` (disabled; reason SECOND_FACTOR_REQUIRED or SECOND_FACTOR_WRONG).
        """
        request = pb.SignInRequest(login=login, password=password, code=code)
        # Without the token of a session before, which may have ended.
        calls = self._calls.with_token("")
        return SignedIn.from_proto(await calls.unary(self._stub.SignIn, request, repeat=not code))

    async def sign_out(self) -> None:
        """End the caller's session."""
        await self._calls.unary(self._stub.SignOut, pb.SignOutRequest())

    async def me(self) -> Me:
        """Who the caller is. Raise `NotSignedIn`."""
        return Me.from_proto(await self._calls.unary(self._stub.GetMe, pb.GetMeRequest()))

    async def storage_key(self) -> bytes:
        """The key with which a program keeps what the caller has not sent yet; the same each time, for sessions alone.

        Raise `NotSignedIn`, `NotAllowed` (an API token).
        """
        return (await self._calls.unary(self._stub.GetStorageKey, pb.GetStorageKeyRequest())).key

    async def change_password(self, old: str, new: str) -> None:
        """Change the caller's password and end all other sessions. Raise `NotSignedIn`, `InvalidInput` (weak)."""
        request = pb.ChangePasswordRequest(old_password=old, new_password=new)
        # Without a request id a repetition would find the old password gone.
        await self._calls.unary(self._stub.ChangePassword, request, repeat=False)

    async def create(self, account: Account, password: str, *, request_id: str = "") -> Account:
        """Make an account; the server chooses its id. Raise `Conflict` (login taken), `InvalidInput`."""
        request = pb.CreateAccountRequest(
            request_id=request_id or new_request_id(), account=account.to_proto(), password=password
        )
        return Account.from_proto((await self._calls.unary(self._stub.CreateAccount, request)).account)

    async def update(self, account: Account, *, new_password: str = "", request_id: str = "") -> Account:
        """Change an account to what is given; an empty password leaves the old one."""
        request = pb.UpdateAccountRequest(
            request_id=request_id or new_request_id(), account=account.to_proto(), new_password=new_password
        )
        return Account.from_proto((await self._calls.unary(self._stub.UpdateAccount, request)).account)

    async def import_staff(
        self, rows: Sequence[StaffRow], *, check_only: bool = False
    ) -> tuple[StaffResult, ...]:
        """Make or change the accounts of at most 50 rows, each alone; say what became of each.

        `check_only` changes nothing and says what would become of them. A row brought again changes nothing.
        """
        request = pb.ImportStaffRequest(rows=[row.to_proto() for row in rows], check_only=check_only)
        answer = await self._calls.unary(self._stub.ImportStaff, request)
        return tuple(map(StaffResult.from_proto, answer.results))

    async def list(self, role: Role = "") -> tuple[Account, ...]:
        """Accounts of the court by name, all or those with `role`."""
        request = pb.ListAccountsRequest(role=_ROLE.to_proto(role))
        answer = await self._calls.unary(self._stub.ListAccounts, request)
        return tuple(map(Account.from_proto, answer.accounts))

    async def sessions(self, account_id: str = "") -> tuple[OpenSession, ...]:
        """Sessions of an account, or of all, that go on, the last used first."""
        request = pb.ListSessionsRequest(account_id=account_id)
        answer = await self._calls.unary(self._stub.ListSessions, request)
        return tuple(map(OpenSession.from_proto, answer.sessions))

    async def end_sessions(self, account_id: str, *, request_id: str = "") -> int:
        """End every session of an account; gives how many there were. Raise `NotFound`."""
        request = pb.EndSessionsRequest(account_id=account_id, request_id=request_id or new_request_id())
        return (await self._calls.unary(self._stub.EndSessions, request)).ended

    async def unlock(self, account_id: str) -> Account:
        """Open an account that wrong passwords have closed. Raise `NotFound`."""
        request = pb.UnlockAccountRequest(account_id=account_id)
        return Account.from_proto((await self._calls.unary(self._stub.UnlockAccount, request)).account)

    async def create_token(
        self,
        account_id: str,
        roles: tuple[Role, ...],
        expires_at: datetime,
        label: str,
        *,
        may_approve: bool = False,
        request_id: str = "",
    ) -> NewApiToken:
        """Make a token for a program with some of the account's roles; it is shown this once.

        `may_approve` lets it approve and seal where the court demands a second factor of people for that.
        """
        expiry: Timestamp = Moment().to_proto(expires_at)
        request = pb.CreateApiTokenRequest(
            request_id=request_id or new_request_id(),
            account_id=account_id,
            roles=[_ROLE.to_proto(role) for role in roles],
            expires_at=expiry,
            label=label,
            may_approve=may_approve,
        )
        return NewApiToken.from_proto(await self._calls.unary(self._stub.CreateApiToken, request))

    async def tokens(self, account_id: str = "", *, everybody: bool = False) -> tuple[ApiToken, ...]:
        """API tokens, the newest first: the caller's own, or an administrator's view of somebody's or everybody's.

        Raise `NotAllowed` (of others).
        """
        request = pb.ListApiTokensRequest(account_id=account_id, everybody=everybody)
        answer = await self._calls.unary(self._stub.ListApiTokens, request)
        return tuple(map(ApiToken.from_proto, answer.tokens))

    async def revoke_token(self, token_id: str) -> None:
        """End a token: one of the caller's own account, or as an administrator any. Raise `NotSignedIn`, `NotFound`."""
        await self._calls.unary(self._stub.RevokeApiToken, pb.RevokeApiTokenRequest(token_id=token_id))
