"""What is read of an identity provider: its settings, its keys, its tokens."""

import json
from typing import Final

from joserfc import jwt
from joserfc.jwk import ECKey
from tests.fuzz.decoder import Decoder, from_file

from xiezhi_desk.federation.id_token import UnknownKeyError, read_id_token, read_keys
from xiezhi_desk.federation.settings import FederationSettings, load_federation
from xiezhi_domain.errors import DomainError
from xiezhi_wire.startup import StartupError

SETTINGS_TOML = b"""
issuer = "https://identity.example"
client_id = "xiezhi"
client_secret_file = "/nowhere/secret"
redirect_address = "https://workbench.example/sign-in/federated/finish"
second_factor_amr = ["otp"]
leeway_s = 30
timeout_s = 2.5
"""
NOW_S = 1_800_000_000
SETTINGS = FederationSettings(
    issuer="https://identity.example",
    client_id="xiezhi",
    client_secret_file="/nowhere/secret",
    redirect_address="https://workbench.example/sign-in/federated/finish",
    second_factor_amr=["otp"],
)
KEY = ECKey.generate_key("P-256", {"kid": "one", "use": "sig"})
PUBLISHED = {"keys": [KEY.as_dict(private=False)]}
KEYS = read_keys(PUBLISHED)
CLAIMS = {
    "iss": SETTINGS.issuer,
    "aud": [SETTINGS.client_id],
    "sub": "person-1",
    "iat": NOW_S,
    "exp": NOW_S + 60,
    "nonce": "nonce",
    "amr": ["otp"],
    "auth_time": NOW_S,
}
TOKEN = jwt.encode({"alg": "ES256", "kid": "one"}, CLAIMS, KEY)


def _read_token(given: str) -> object:
    """A token as it came, or claims (JSON) as a provider may sign them: whatever they are, with a good key."""
    try:
        claims = json.loads(given)
    except (ValueError, RecursionError):
        claims = None
    token = jwt.encode({"alg": "ES256", "kid": "one"}, claims, KEY) if isinstance(claims, dict) else given
    return read_id_token(token, KEYS, SETTINGS, "nonce", NOW_S * 1000)


IDENTITIES: Final = (
    Decoder(
        load_federation,
        [SETTINGS_TOML],
        call=from_file(load_federation),
        refuses=(StartupError,),
        good=False,
    ),
    Decoder(read_keys, [PUBLISHED], refuses=(ValueError,)),
    Decoder(
        read_id_token, [TOKEN, json.dumps(CLAIMS)], call=_read_token, refuses=(DomainError, UnknownKeyError)
    ),
)
