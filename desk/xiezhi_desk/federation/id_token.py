"""Whether an ID token is good (OpenID Connect Core 1.0 §3.1.3.7), and whom it names."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from xiezhi_desk.federation.settings import FederationSettings
from xiezhi_domain.errors import NotAllowed, Reason

_LONGEST_SUBJECT: Final = 255
_KEY_TYPES: Final = frozenset({"RSA", "EC", "OKP"})


class UnknownKeyError(Exception):
    """A token is signed with a key that the provider has not published, or not yet when it was asked."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider names; `shown_at` is when a second factor was shown to it (ms since 1970), 0 for none."""

    subject: str = field(repr=False)
    shown_at: int


def read_keys(document: Mapping[str, Any]) -> KeySet:
    """Return the public signing keys of what the provider has published; what else is in it is left out.

    :raises ValueError: there is none that can be read.
    """
    found = document.get("keys")
    rows = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    signing = [each for each in rows if each.get("kty") in _KEY_TYPES and each.get("use", "sig") == "sig"]
    if not signing:
        raise ValueError("no signing key")
    try:
        return KeySet.import_key_set({"keys": signing})
    except (JoseError, TypeError, KeyError, AttributeError) as error:
        raise ValueError("a key cannot be read") from error


def read_id_token(text: str, keys: KeySet, settings: FederationSettings, nonce: str, now_ms: int) -> Identity:
    """Return whom a token names.

    :raises UnknownKeyError: it is signed with a key that *keys* has not.
    :raises NotAllowed: FEDERATED_SIGN_IN_REFUSED; it is not good here and now.
    """
    try:
        token = jwt.decode(text, keys, algorithms=list(settings.algorithms))
        claims = CodeIDToken(
            token.claims,
            token.header,
            {
                "iss": {"essential": True, "value": settings.issuer},
                "aud": {"essential": True, "value": settings.client_id},
            },
            {"nonce": nonce, "client_id": settings.client_id},
        )
        claims.validate(now_ms // 1000, settings.leeway_s)
    except InvalidKeyIdError as error:
        raise UnknownKeyError from error
    except (JoseError, ValueError, TypeError, KeyError, json.JSONDecodeError) as error:
        raise NotAllowed(Reason.FEDERATED_SIGN_IN_REFUSED) from error
    return Identity(_subject(claims, settings), _shown_at(claims, settings, now_ms))


def _subject(claims: Mapping[str, Any], settings: FederationSettings) -> str:
    subject = claims.get(settings.claim)
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise NotAllowed(Reason.FEDERATED_SIGN_IN_REFUSED)
    return subject


def _shown_at(claims: Mapping[str, Any], settings: FederationSettings, now_ms: int) -> int:
    """Return when the provider was shown a second factor; without its time its word is good for nothing here.

    The time is that of the authentication and not of this sign-in: a provider answers from a session of its own too.
    """
    methods, at = claims.get("amr"), claims.get("auth_time")
    by_acr = isinstance(claims.get("acr"), str) and claims["acr"] in settings.second_factor_acr
    by_amr = isinstance(methods, list) and any(
        isinstance(each, str) and each in settings.second_factor_amr for each in methods
    )
    if not (by_acr or by_amr) or isinstance(at, bool) or not isinstance(at, int) or at <= 0:
        return 0
    return min(at * 1000, now_ms)
