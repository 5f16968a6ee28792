"""Signatures of webhooks, held against the other end's own check and a value that others have computed."""

import base64
import time

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from xiezhi_adapters.receiver.checking import Checker
from xiezhi_desk.notifying.channels.webhook import Ed25519Signer, HmacSigner, Signer, signed_bytes

SECRET = b"a shared secret for tests alone"
KEY = Ed25519PrivateKey.generate()
BODY = '{"text":"请登录平台查看"}'.encode()
BOTH = Checker(SECRET, KEY.public_key())


def headers(signer: Signer, at: int | None = None) -> dict[str, str]:
    moment = str(int(time.time()) if at is None else at)
    return {
        "webhook-id": "id",
        "webhook-timestamp": moment,
        "webhook-signature": signer.sign(signed_bytes("id", moment, BODY)),
    }


def test_the_example_of_the_specification() -> None:
    # github.com/standard-webhooks: libraries/python, test_webhooks.py.
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    data = signed_bytes("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}')
    assert HmacSigner(secret).sign(data) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("signer", [HmacSigner(SECRET), Ed25519Signer(KEY)])
def test_what_is_signed_is_taken(signer: Signer) -> None:
    assert BOTH.holds(headers(signer), BODY)


@pytest.mark.parametrize("signer", [HmacSigner(SECRET), Ed25519Signer(KEY)])
def test_what_was_changed_or_is_old_is_not(signer: Signer) -> None:
    good = headers(signer)
    assert not BOTH.holds(good, BODY + b" ")
    assert not BOTH.holds({**good, "webhook-id": "other"}, BODY)
    assert not BOTH.holds({**good, "webhook-signature": "v1,!!!"}, BODY)
    assert not BOTH.holds(headers(signer, int(time.time()) - 3_600), BODY)
    assert not Checker().holds(good, BODY)
