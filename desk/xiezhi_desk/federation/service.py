"""`IdentityService`: sign-in by the court's unified identity, and whose accounts are bound to it."""

# Methods are named by the contract.
# ruff: noqa: N802

from functools import partial
from typing import Any, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import identity_service_pb2 as pb
from xiezhi.v1.identity_service_pb2_grpc import IdentityServiceServicer
from xiezhi_desk.account_journal.recording import Occasion
from xiezhi_desk.accounts.convert import signed_in_message
from xiezhi_desk.accounts.sessions import Sessions
from xiezhi_desk.accounts.store import get_account
from xiezhi_desk.federation import binding, store
from xiezhi_desk.federation.federated_sign_in import FederatedSignIn
from xiezhi_desk.federation.store import BoundIdentity
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import Reason, WrongState
from xiezhi_journal.journal import Journal
from xiezhi_wire.address import current_address
from xiezhi_wire.address_limit import AddressLimit

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class IdentityService(IdentityServiceServicer):
    """Serves the identities of one court. What each method refuses is said in the contract."""

    def __init__(
        self, journal: Journal, sessions: Sessions, sign_in: FederatedSignIn, addresses: AddressLimit
    ) -> None:
        self._journal = journal
        self._sessions = sessions
        self._sign_in = sign_in
        self._addresses = addresses

    async def GetIdentityProvider(
        self, _request: pb.GetIdentityProviderRequest, _context: _Context
    ) -> pb.GetIdentityProviderResponse:
        """Return what the provider is called."""
        settings = self._sign_in.settings
        return pb.GetIdentityProviderResponse(name=settings.name if settings else "")

    async def BeginFederatedSignIn(
        self, _request: pb.BeginFederatedSignInRequest, _context: _Context
    ) -> pb.BeginFederatedSignInResponse:
        """Return where the browser goes."""
        begun = await self._sign_in.begin()
        return pb.BeginFederatedSignInResponse(address=begun.address, pending=begun.pending)

    async def FinishFederatedSignIn(
        self, request: pb.FinishFederatedSignInRequest, _context: _Context
    ) -> pb.FinishFederatedSignInResponse:
        """Begin a session."""
        with self._addresses.one_try(current_address()):
            signed_in = await self._sign_in.finish(request.code, request.state, request.pending)
        told = signed_in_message(signed_in, self._journal.court)
        return pb.FinishFederatedSignInResponse(signed_in=told)

    async def GetIdentity(self, request: pb.GetIdentityRequest, _context: _Context) -> pb.GetIdentityResponse:
        """Return what an account is bound to."""

        def read(connection: Connection) -> BoundIdentity | None:
            get_account(connection, request.account_id)
            return store.find_identity(connection, request.account_id)

        found = await self._journal.read(read)
        if found is None:
            return pb.GetIdentityResponse()
        return pb.GetIdentityResponse(
            subject=found.subject, issuer=found.issuer, bound_at=to_timestamp(found.bound_at)
        )

    async def BindIdentity(
        self, request: pb.BindIdentityRequest, _context: _Context
    ) -> pb.BindIdentityResponse:
        """Bind an account."""
        settings = self._sign_in.settings
        if settings is None:
            raise WrongState(Reason.WRONG_STATE, "本院没有配置统一身份认证")
        work = partial(
            binding.bind,
            account_id=request.account_id,
            issuer=settings.issuer,
            subject=binding.check_subject(request.subject),
            on=Occasion.now(self._journal.clock()),
        )
        await self._journal.write(work)
        self._sessions.forget(request.account_id)
        return pb.BindIdentityResponse()

    async def UnbindIdentity(
        self, request: pb.UnbindIdentityRequest, _context: _Context
    ) -> pb.UnbindIdentityResponse:
        """Unbind an account."""
        on = Occasion.now(self._journal.clock())
        await self._journal.write(partial(binding.unbind, account_id=request.account_id, on=on))
        self._sessions.forget(request.account_id)
        return pb.UnbindIdentityResponse()
