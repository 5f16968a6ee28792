"""How each kind of caller shows who it is; a listener takes those that its callers use (protocol §13).

An authenticator finds its credential in the call and gives the caller behind it, None where the call shows
none, or refuses one that is no good. Tokens that nobody knows are counted by address before they are looked up: a
flood of them must not occupy the database.
"""

import time
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Final

from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_wire.address import current_address
from xiezhi_wire.address_limit import AddressLimit
from xiezhi_wire.call import Call
from xiezhi_wire.caller import AnyCaller, Caller, JoinCaller, JoinReader, SessionReader
from xiezhi_wire.jointoken import token_hash
from xiezhi_wire.peer import IsRevoked, PeerCertificate, peer_court

Authenticator = Callable[[Call], Awaitable[AnyCaller | None]]

_BEARER: Final = "bearer "
_WRONG_PER_ADDRESS: Final = 300
"""Many, as people behind one proxy whose sessions have ended over night come with them in the morning."""
_FORGIVEN_MS: Final = 200


def _monotonic_ms() -> int:
    return time.monotonic_ns() // 1_000_000


def node_certificate(now_ms: Callable[[], int], is_revoked: IsRevoked) -> Authenticator:
    """For the link listener: the client certificate; `CERTIFICATE_INVALID` where there is no good one."""

    async def authenticate(call: Call) -> PeerCertificate:
        return peer_court(call.context, now_ms(), is_revoked)

    return authenticate


def bearer(sessions: SessionReader, clock_ms: Callable[[], int] = _monotonic_ms) -> Authenticator:
    """For the desk listener: ``authorization: Bearer …``; `SIGNED_OUT` for a token that stands for nobody.

    `ADDRESS_LOCKED` with the time to wait where too many such tokens came from the address; who was signed in a moment
    ago goes on even there.
    """
    strangers = AddressLimit(_WRONG_PER_ADDRESS, [Reason.SIGNED_OUT], _FORGIVEN_MS, clock_ms)

    async def authenticate(call: Call) -> Caller | None:
        header = call.metadata("authorization")
        if header is None:
            return None
        if not header.lower().startswith(_BEARER):
            raise NotAllowed(Reason.SIGNED_OUT)
        token = header[len(_BEARER) :].strip()
        with nullcontext() if sessions.knows(token) else strangers.one_try(current_address()):
            caller = await sessions.lookup(token)
            if caller is None:
                raise NotAllowed(Reason.SIGNED_OUT)
        return caller

    return authenticate


def join_token(tokens: JoinReader, clock_ms: Callable[[], int] = _monotonic_ms) -> Authenticator:
    """For the join listener: ``token_secret`` in the request; `TOKEN_INVALID` for one that is not known.

    `ADDRESS_LOCKED` with the time to wait where too many such tokens came from the address.
    """
    strangers = AddressLimit(_WRONG_PER_ADDRESS, [Reason.TOKEN_INVALID], _FORGIVEN_MS, clock_ms)

    async def authenticate(call: Call) -> JoinCaller | None:
        secret = getattr(call.request, "token_secret", None)
        if secret is None:
            return None
        with strangers.one_try(current_address()):
            caller = await tokens.lookup(token_hash(secret))
            if caller is None:
                raise NotAllowed(Reason.TOKEN_INVALID)
        return caller

    return authenticate
