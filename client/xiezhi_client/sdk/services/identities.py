"""Sign-in by the court's unified identity, and whose accounts are bound to it."""

from xiezhi.v1 import identity_service_pb2 as pb
from xiezhi.v1.identity_service_pb2_grpc import IdentityServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.records.account import SignedIn
from xiezhi_client.sdk.records.identity import BegunSignIn, Identity


class Identities:
    """`IdentityService`. What a provider sends back is good once, so no end of a sign-in is sent twice."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = IdentityServiceStub(calls.channel)

    async def provider(self) -> str:
        """What people call the court's identity provider; empty where there is none."""
        calls = self._calls.with_token("")
        return (await calls.unary(self._stub.GetIdentityProvider, pb.GetIdentityProviderRequest())).name

    async def begin(self) -> BegunSignIn:
        """Begin a sign-in. Raise `WrongState` (no provider), `Unavailable` (it does not answer)."""
        calls = self._calls.with_token("")
        answer = await calls.unary(self._stub.BeginFederatedSignIn, pb.BeginFederatedSignInRequest())
        return BegunSignIn.from_proto(answer)

    async def finish(self, code: str, state: str, pending: str) -> SignedIn:
        """Finish it and give the session's token; `Client.finish_federated_sign_in` also uses it.

        Raise `NotSignedIn` (what came back is not good), `NotAllowed` (bound to no account; disabled), `Overloaded`,
        `Unavailable`.
        """
        request = pb.FinishFederatedSignInRequest(code=code, state=state, pending=pending)
        calls = self._calls.with_token("")
        answer = await calls.unary(self._stub.FinishFederatedSignIn, request, repeat=False)
        return SignedIn.from_proto(answer.signed_in)

    async def get(self, account_id: str) -> Identity:
        """What an account is bound to, as an administrator. Raise `NotFound`."""
        request = pb.GetIdentityRequest(account_id=account_id)
        return Identity.from_proto(await self._calls.unary(self._stub.GetIdentity, request))

    async def bind(self, account_id: str, subject: str) -> None:
        """Bind an account to what the provider calls its person, as an administrator; its sessions end.

        Raise `NotFound`, `InvalidInput`, `WrongState` (no provider), `Conflict` (bound to another account).
        """
        request = pb.BindIdentityRequest(account_id=account_id, subject=subject)
        await self._calls.unary(self._stub.BindIdentity, request)

    async def unbind(self, account_id: str) -> None:
        """Take an account's identity away, as an administrator; its sessions end. Raise `NotFound`."""
        await self._calls.unary(self._stub.UnbindIdentity, pb.UnbindIdentityRequest(account_id=account_id))
