"""How each kind of caller shows who it is; a listener takes those that its callers use (protocol §13).

An authenticator finds its credential in the call and gives the caller behind it, None where the call shows
none, or refuses one that is no good.
"""

from collections.abc import Awaitable, Callable

from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_wire.call import Call
from xiezhi_wire.caller import AnyCaller, Caller, JoinCaller, JoinReader, SessionReader
from xiezhi_wire.jointoken import token_hash
from xiezhi_wire.peer import IsRevoked, PeerCertificate, peer_court

Authenticator = Callable[[Call], Awaitable[AnyCaller | None]]

_BEARER = "bearer "


def node_certificate(now_ms: Callable[[], int], is_revoked: IsRevoked) -> Authenticator:
    """For the link listener: the client certificate; `CERTIFICATE_INVALID` where there is no good one."""

    async def authenticate(call: Call) -> PeerCertificate:
        return peer_court(call.context, now_ms(), is_revoked)

    return authenticate


def bearer(sessions: SessionReader) -> Authenticator:
    """For the desk listener: ``authorization: Bearer …``; `SIGNED_OUT` for a token that stands for nobody."""

    async def authenticate(call: Call) -> Caller | None:
        header = call.metadata("authorization")
        if header is None:
            return None
        if not header.lower().startswith(_BEARER):
            raise NotAllowed(Reason.SIGNED_OUT)
        caller = await sessions.lookup(header[len(_BEARER) :].strip())
        if caller is None:
            raise NotAllowed(Reason.SIGNED_OUT)
        return caller

    return authenticate


def join_token(tokens: JoinReader) -> Authenticator:
    """For the join listener: ``token_secret`` in the request; `TOKEN_INVALID` for one that is not known."""

    async def authenticate(call: Call) -> JoinCaller | None:
        secret = getattr(call.request, "token_secret", None)
        if secret is None:
            return None
        caller = await tokens.lookup(token_hash(secret))
        if caller is None:
            raise NotAllowed(Reason.TOKEN_INVALID)
        return caller

    return authenticate
