"""What a provider does not do on order: bad tokens, another name, being down. In between, and only when told to."""

import base64
import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptojwt.jwk.rsa import new_rsa_key
from cryptojwt.jws.jws import JWS
from idpyoidc.server import Server
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from tests.integration.federation.real_provider import KEYS

_OF_TOKENS = {"claims", "without", "alg", "foreign_key"}
Handler = Callable[[Request], Awaitable[Response]]


class Spoiler:
    """Spoils answers of *provider* as the last order says; without one they go out as they are, byte for byte.

    An order may have: ``down``; ``issuer``, what the provider calls itself; of ID tokens ``claims`` that are others,
    those that it is ``without``, ``alg`` of the signature, and ``foreign_key``. ``rotate`` gives it other keys, once.
    """

    def __init__(self, provider: Server) -> None:
        self._provider = provider
        self._order: dict[str, Any] = {}
        self.asked_for_keys = 0

    def obey(self, order: dict[str, Any]) -> None:
        self._order = order
        if order.get("rotate"):
            # It publishes those that are nobody's in particular, and signs with those of its name.
            keys = self._provider.keyjar.rotate_keys(KEYS)
            keys.load_keys(self._provider.issuer, jwks=keys.export_jwks(private=True), replace=True)

    def configuration(self, honest: Handler) -> Handler:
        async def handle(request: Request) -> Response:
            answer = await honest(request)
            if "issuer" not in self._order:
                return answer
            return JSONResponse(json.loads(answer.body) | {"issuer": self._order["issuer"]})

        return handle

    def keys(self, honest: Handler) -> Handler:
        async def handle(request: Request) -> Response:
            self.asked_for_keys += 1
            return Response(status_code=503) if self._order.get("down") else await honest(request)

        return handle

    def token(self, honest: Handler) -> Handler:
        async def handle(request: Request) -> Response:
            if self._order.get("down"):
                return Response(status_code=503)
            answer = await honest(request)
            if answer.status_code != 200 or not self._order.keys() & _OF_TOKENS:
                return answer
            told = json.loads(answer.body)
            return JSONResponse(told | {"id_token": self._spoiled(told["id_token"])})

        return handle

    def _spoiled(self, token: str) -> str:
        claims = json.loads(_decoded(token.split(".")[1])) | self._order.get("claims", {})
        claims = {name: value for name, value in claims.items() if name not in self._order.get("without", [])}
        [key, *_] = self._provider.keyjar.get_signing_key("RSA")
        alg = self._order.get("alg", "RS256")
        if alg in {"none", "HS256"}:
            header = {"alg": alg, "kid": key.kid}
            unsigned = ".".join(_encoded(json.dumps(each).encode()) for each in (header, claims))
            # Who takes a public key for a shared secret believes the second.
            public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            signature = b"" if alg == "none" else hmac.digest(public, unsigned.encode(), "sha256")
            return f"{unsigned}.{_encoded(signature)}"
        if self._order.get("foreign_key"):
            key = new_rsa_key(kid=key.kid)
        return str(JWS(json.dumps(claims), alg=alg).sign_compact([key]))


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
