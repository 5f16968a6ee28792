"""A small OpenID provider as a program of its own: HTTPS on loopback, its own keys, told by its input how to behave.

Nobody is asked for a password: whoever comes is the person that the last order has named. Each line of its input is an
order in JSON, answered by a line.
"""

import base64
import hmac
import json
import secrets
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "xiezhi-test", "only-for-tests-4711"


@dataclass
class Provider:
    """What it is and does now."""

    issuer: str = ""
    keys: list[RSAKey] = field(default_factory=list)
    order: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)

    def rotate(self) -> None:
        """Sign with a new key; the old one is published no more."""
        self.keys = [RSAKey.generate_key(2048, {"kid": secrets.token_hex(8), "use": "sig"})]

    def sign(self, claims: dict[str, Any]) -> str:
        """An ID token, as the order wants it."""
        key, alg = self.keys[0], self.order.get("alg", "RS256")
        header = {"alg": alg, "kid": key.kid}
        if alg in {"none", "HS256"}:
            parts = (json.dumps(each).encode() for each in (header, claims))
            unsigned = ".".join(map(_base64, parts))
            if alg == "none":
                return f"{unsigned}."
            # Who takes a public key for a shared secret believes this.
            return (
                f"{unsigned}.{_base64(hmac.digest(key.as_pem(private=False), unsigned.encode(), 'sha256'))}"
            )
        if self.order.get("foreign_key"):
            key = RSAKey.generate_key(2048)
        return jwt.encode(header, claims, key, [alg])


PROVIDER = Provider()


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


async def discover(_request: Request) -> Response:
    issuer = PROVIDER.issuer
    return JSONResponse(
        {
            "issuer": PROVIDER.order.get("issuer", issuer),
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/keys",
        }
    )


async def keys(_request: Request) -> Response:
    PROVIDER.asked["keys"] = PROVIDER.asked.get("keys", 0) + 1
    if PROVIDER.order.get("down"):
        return Response(status_code=503)
    return JSONResponse({"keys": [key.as_dict(private=False) for key in PROVIDER.keys]})


async def authorize(request: Request) -> Response:
    asked = dict(request.query_params)
    assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == (
        "code",
        CLIENT,
        "S256",
    )
    code = secrets.token_urlsafe(16)
    PROVIDER.codes[code] = asked
    return RedirectResponse(f"{asked['redirect_uri']}?code={code}&state={asked['state']}", 302)


async def token(request: Request) -> Response:
    if PROVIDER.order.get("down"):
        return Response(status_code=503)
    async with request.form() as form:
        asked = PROVIDER.codes.pop(str(form.get("code")), None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if (
            asked is None
            or request.headers.get("authorization") != f"Basic {basic}"
            or form["redirect_uri"] != asked["redirect_uri"]
            or create_s256_code_challenge(form["code_verifier"]) != asked["code_challenge"]
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
    now = int(time.time())
    claims = {
        "iss": PROVIDER.issuer,
        "sub": PROVIDER.order.get("person", "person-1"),
        "aud": CLIENT,
        "iat": now,
        "exp": now + 300,
        "nonce": asked["nonce"],
        **PROVIDER.order.get("claims", {}),
    }
    missing = PROVIDER.order.get("without", [])
    claims = {name: value for name, value in claims.items() if name not in missing}
    return JSONResponse({"access_token": "unused", "token_type": "Bearer", "id_token": PROVIDER.sign(claims)})


def main(certificate: Path, key: Path) -> None:
    PROVIDER.rotate()
    app = Starlette(
        routes=[
            Route("/.well-known/openid-configuration", discover),
            Route("/keys", keys),
            Route("/authorize", authorize),
            Route("/token", token, methods=["POST"]),
        ]
    )
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, ssl_certfile=certificate, ssl_keyfile=key, log_level="warning"
    )
    sock = config.bind_socket()
    PROVIDER.issuer = f"https://127.0.0.1:{sock.getsockname()[1]}"
    server = uvicorn.Server(config)
    serving = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
    serving.start()
    while not server.started and serving.is_alive():
        time.sleep(0.01)
    print(json.dumps({"issuer": PROVIDER.issuer}), flush=True)
    for line in sys.stdin:
        PROVIDER.order = json.loads(line)
        if PROVIDER.order.get("rotate"):
            PROVIDER.rotate()
        print(json.dumps({"asked": PROVIDER.asked}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
