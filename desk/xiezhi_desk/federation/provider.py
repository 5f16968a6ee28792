"""What is asked of the identity provider over HTTPS: bounded in time and size, no proxy, no redirects."""

import asyncio
import json
import logging
import ssl
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Generic, TypeVar
from urllib.parse import quote

import httpx
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.jwk import KeySet

from xiezhi_desk.federation.id_token import read_keys
from xiezhi_desk.federation.pending import Pending
from xiezhi_desk.federation.settings import FederationSettings
from xiezhi_domain.errors import NotAllowed, Reason, Unavailable

ValueT = TypeVar("ValueT")

_MOST_BYTES: Final = 256 * 1024
_BELIEVED_MS: Final = 3_600_000
_ANEW_MS: Final = 30_000
_PAUSE_MS: Final = 5_000
_GOOD, _CLIENT_ERROR, _SERVER_ERROR = 200, 400, 500
_WELL_KNOWN: Final = "/.well-known/openid-configuration"

# It logs every address that it asks.
logging.getLogger("httpx").setLevel(logging.WARNING)


class _Kept(Generic[ValueT]):
    """What was fetched: believed for an hour, asked anew every 30 seconds at most, and after a failure every five."""

    def __init__(self, fetch: Callable[[], Awaitable[ValueT]], clock: Callable[[], int]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = asyncio.Lock()
        self._found: tuple[ValueT, int] | None = None
        self._failed_at = -_PAUSE_MS

    async def get(self, *, anew: bool = False) -> ValueT:
        async with self._lock:
            now = self._clock()
            if self._found is not None and now - self._found[1] < (_ANEW_MS if anew else _BELIEVED_MS):
                return self._found[0]
            if 0 <= now - self._failed_at < _PAUSE_MS:
                raise Unavailable(Reason.IDENTITY_PROVIDER_UNREACHABLE)
            try:
                self._found = await self._fetch(), now
            except Unavailable:
                self._failed_at = now
                raise
            return self._found[0]


class Provider:
    """The court's identity provider. *clock* is in ms since 1970."""

    def __init__(self, settings: FederationSettings, clock: Callable[[], int]) -> None:
        self.settings = settings
        self._secret = settings.client_secret
        self._context = ssl.create_default_context(cafile=settings.authority)
        self._places = _Kept(self._fetch_places, clock)
        self._keys = _Kept(self._fetch_keys, clock)

    async def address(self, pending: Pending, max_age_s: int | None) -> str:
        """Return the address at which a person shows the provider who he is, at most so long ago.

        :raises Unavailable: IDENTITY_PROVIDER_UNREACHABLE.
        """
        places = await self._places.get()
        wanted = [
            ("response_type", "code"),
            ("client_id", self.settings.client_id),
            ("redirect_uri", self.settings.redirect_address),
            ("scope", " ".join(self.settings.scopes)),
            ("state", pending.state),
            ("nonce", pending.nonce),
            ("code_challenge", create_s256_code_challenge(pending.verifier)),
            ("code_challenge_method", "S256"),
        ]
        if max_age_s is not None:
            wanted.append(("max_age", str(max_age_s)))
        return str(add_params_to_uri(places["authorization_endpoint"], wanted))

    async def id_token(self, code: str, pending: Pending) -> str:
        """Return the ID token for a code.

        :raises NotAllowed: FEDERATED_SIGN_IN_REFUSED; the provider does not take the code.
        :raises Unavailable: IDENTITY_PROVIDER_UNREACHABLE.
        """
        places = await self._places.get()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.settings.redirect_address,
            "code_verifier": pending.verifier,
        }
        # RFC 6749 §2.3.1: both are form-encoded before they are joined.
        auth = httpx.BasicAuth(quote(self.settings.client_id, safe=""), quote(self._secret, safe=""))
        status, answer = await self._ask("POST", places["token_endpoint"], data=form, auth=auth)
        if _CLIENT_ERROR <= status < _SERVER_ERROR:
            raise NotAllowed(Reason.FEDERATED_SIGN_IN_REFUSED)
        token = _answered(status, answer).get("id_token")
        if not isinstance(token, str):
            raise NotAllowed(Reason.FEDERATED_SIGN_IN_REFUSED)
        return token

    async def keys(self, *, anew: bool = False) -> KeySet:
        """Return the keys that the provider signs with; *anew* because a token names one that is not among them.

        :raises Unavailable: IDENTITY_PROVIDER_UNREACHABLE.
        """
        return await self._keys.get(anew=anew)

    async def _fetch_places(self) -> Mapping[str, str]:
        """Return where the provider is asked (OpenID Connect Discovery 1.0 §4)."""
        address = self.settings.issuer.rstrip("/") + _WELL_KNOWN
        found = _answered(*await self._ask("GET", address))
        places = {name: found.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
        good = {name: each for name, each in places.items() if isinstance(each, str)}
        secure = len(good) == len(places) and all(each.startswith("https://") for each in good.values())
        if found.get("issuer") != self.settings.issuer or not secure:
            raise Unavailable(
                Reason.IDENTITY_PROVIDER_UNREACHABLE, "统一身份认证的配置与其实际地址不符，请联系系统管理员"
            )
        return good

    async def _fetch_keys(self) -> KeySet:
        places = await self._places.get()
        try:
            return read_keys(_answered(*await self._ask("GET", places["jwks_uri"])))
        except ValueError as error:
            raise Unavailable(Reason.IDENTITY_PROVIDER_UNREACHABLE) from error

    async def _ask(self, method: str, address: str, **sent: Any) -> tuple[int, bytes]:
        timeout = self.settings.timeout_s
        taken = b""
        try:
            async with (
                asyncio.timeout(timeout),
                httpx.AsyncClient(verify=self._context, trust_env=False, timeout=timeout) as client,
                client.stream(method, address, **sent) as response,
            ):
                async for piece in response.aiter_bytes():
                    taken += piece
                    if len(taken) > _MOST_BYTES:
                        raise Unavailable(Reason.IDENTITY_PROVIDER_UNREACHABLE)
                return response.status_code, taken
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise Unavailable(Reason.IDENTITY_PROVIDER_UNREACHABLE) from error


def _answered(status: int, content: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(content) if status == _GOOD else None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise Unavailable(Reason.IDENTITY_PROVIDER_UNREACHABLE)
    return document
