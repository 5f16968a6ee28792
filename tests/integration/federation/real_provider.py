"""A real OpenID provider: idpyoidc of Identity Python, behind HTTP.

What a provider does (sessions, codes, PKCE, client authentication, ID tokens, keys, the form) is the library's alone.
Here is its configuration, and what it leaves to whoever serves it: HTTP requests in, HTTP answers out.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from idpyoidc.message.oidc import AuthorizationRequest
from idpyoidc.server import Server
from idpyoidc.server.exception import ClientAuthenticationError, FailedAuthentication
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

CLIENT, SECRET = "xiezhi-test", "only-for-tests-4711"
FINISH = "https://workbench.example/sign-in/federated/finish"
PEOPLE = {name: f"what {name} knows" for name in ("person-1", "person-2", "chief")}
ACR = "urn:oasis:names:tc:SAML:2.0:ac:classes:InternetProtocolPassword"
KEYS = [{"type": "RSA", "use": ["sig"]}, {"type": "EC", "crv": "P-256", "use": ["sig"]}]
FORM = """<form method="post" action="{{ action }}"><input type="hidden" name="token" value="{{ token }}">
<input name="username"><input name="password" type="password"></form>"""


def make_provider(issuer: str, folder: Path) -> Server:
    """The provider as its operators would set it up for one confidential client; its form lies in *folder*."""
    (folder / "form.jinja2").write_text(FORM)
    (folder / "people.json").write_text(json.dumps(PEOPLE))
    provider = Server(_configuration(issuer, folder), cwd=str(folder))
    provider.context.cdb[CLIENT] = {
        "client_secret": SECRET,
        "redirect_uris": [(FINISH, {})],
        "token_endpoint_auth_method": "client_secret_basic",
        "response_types_supported": ["code"],
        "allowed_scopes": ["openid"],
    }
    return provider


def _configuration(issuer: str, folder: Path) -> dict[str, Any]:
    people = {"class": "idpyoidc.server.util.JSONDictDB", "kwargs": {"filename": str(folder / "people.json")}}
    form = {"verify_endpoint": "/login", "template": "form.jinja2", "db": people}
    anybody = {"client_authn_method": None}
    return {
        "issuer": issuer,
        "key_conf": {"key_defs": KEYS, "uri_path": "jwks"},
        "template_dir": str(folder),
        "endpoint": {
            "provider_config": {
                "path": ".well-known/openid-configuration",
                "class": "idpyoidc.server.oidc.provider_config.ProviderConfiguration",
                "kwargs": anybody,
            },
            "authorization": {
                "path": "authorization",
                "class": "idpyoidc.server.oidc.authorization.Authorization",
                "kwargs": {**anybody, "response_types_supported": ["code"]},
            },
            "token": {
                "path": "token",
                "class": "idpyoidc.server.oidc.token.Token",
                "kwargs": {"client_authn_method": ["client_secret_basic"]},
            },
        },
        "add_on": {
            "pkce": {
                "function": "idpyoidc.server.oauth2.add_on.pkce.add_support",
                "kwargs": {"essential": True, "code_challenge_methods": {"S256": None}},
            }
        },
        "authentication": {
            "form": {
                "acr": ACR,
                "class": "idpyoidc.server.user_authn.user.UserPassJinja2",
                "kwargs": form,
            }
        },
        # Subjects are the people's names there, so that tests can bind them beforehand.
        "session_params": {"sub_func": {"public": {"class": "idpyoidc.server.session.manager.RawID"}}},
        "userinfo": {"class": "idpyoidc.server.user_info.UserInfo", "kwargs": {"db": {}}},
        "token_handler_args": {
            "code": {"kwargs": {"lifetime": 60}},
            "token": {"class": "idpyoidc.server.token.jwt_token.JWTToken", "kwargs": {"lifetime": 60}},
            "id_token": {"class": "idpyoidc.server.token.id_token.IDToken", "kwargs": {}},
        },
    }


class Endpoints:
    """What the provider offers, as handlers of HTTP requests."""

    def __init__(self, provider: Server) -> None:
        self._provider = provider

    async def configuration(self, request: Request) -> Response:
        return self._serve("provider_config", request, {})

    async def keys(self, _request: Request) -> Response:
        return Response(self._provider.keyjar.export_jwks_as_json(), media_type="application/json")

    async def authorization(self, request: Request) -> Response:
        return self._serve("authorization", request, request.query_params)

    async def token(self, request: Request) -> Response:
        async with request.form() as form:
            return self._serve("token", request, form)

    async def login(self, request: Request) -> Response:
        """Takes the form; whoever knows the password goes back to the client with a code."""
        method = self._provider.context.authn_broker.get_method_by_id("form")
        async with request.form() as form:
            try:
                person = method.verify(**form)
            except FailedAuthentication:
                return Response(status_code=403)
            begun = method.unpack_token(form["token"])
        asked = AuthorizationRequest().from_urlencoded(begun["query"])
        endpoint = self._provider.get_endpoint("authorization")
        session = endpoint.create_session(asked, person, begun["authn_class_ref"], begun["iat"], method)
        return _answer(endpoint, asked, endpoint.authz_part2(request=asked, session_id=session))

    def _serve(self, name: str, request: Request, sent: Mapping[str, Any]) -> Response:
        endpoint = self._provider.get_endpoint(name)
        headers = dict(request.headers)
        http = {"headers": headers, "method": request.method, "url": str(request.url), "cookie": []}
        try:
            asked = endpoint.parse_request(dict(sent), http_info=http)
        except ClientAuthenticationError:
            return JSONResponse({"error": "invalid_client"}, 401)
        if "error" in asked:
            return JSONResponse(asked.to_dict(), 400)
        done = endpoint.process_request(asked, http_info=http)
        if "http_response" in done:
            return HTMLResponse(done["http_response"])
        return _answer(endpoint, asked, done)


def _answer(endpoint: Any, asked: Any, done: Mapping[str, Any]) -> Response:
    if "error" in done:
        return JSONResponse(dict(done), 400)
    made = endpoint.do_response(request=asked, **done)
    if made.get("response_placement", endpoint.response_placement) == "url":
        return RedirectResponse(made["response"], 302)
    return Response(made["response"], made.get("response_code", 200), media_type="application/json")
